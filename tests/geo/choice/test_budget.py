"""Budgets: five projects by hand, money to the fen, rules that clash, years, and against all subsets."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.choice.budget import phase, select
from geo.choice.rules import Rules, least_of_shares
from geo.choice.solver import INFEASIBLE, OPTIMAL
from geo.errors import PlanError

COST, GAIN = [50, 40, 30, 20, 10], [60.0, 55, 30, 10, 2]


def test_five_projects_by_hand() -> None:
    """For 90: 50 + 40 brings 115. If 1 needs 3: 40 + 20 + 30 brings 95; if 1 shuts out 0 and 2: 50 + 30 + 10, 92."""
    plain = select(COST, GAIN, budget_fen=90)
    assert (np.flatnonzero(plain.chosen).tolist(), plain.benefit, plain.cost_fen, plain.left_fen) == (
        [0, 1],
        115,
        90,
        0,
    )
    tied = select(COST, GAIN, budget_fen=90, rules=Rules(requires=[(1, 3)]))
    assert (np.flatnonzero(tied.chosen).tolist(), tied.benefit) == ([1, 2, 3], 95)
    apart = select(COST, GAIN, budget_fen=90, rules=Rules(excludes=[(0, 1), (1, 2)]))
    assert (np.flatnonzero(apart.chosen).tolist(), apart.benefit) == ([0, 2, 4], 92)


def test_no_money_buys_nothing() -> None:
    found = select(COST, GAIN, budget_fen=0)
    assert (found.feasible, found.status, found.benefit, found.cost_fen) == (True, OPTIMAL, 0, 0)
    assert phase(COST, GAIN, budgets_fen=[0, 0]).year.tolist() == [-1] * 5
    assert select([], [], budget_fen=0).feasible


def test_clashing_limits_are_named() -> None:
    rules = Rules(group=list("AABBB"), least_fen={"A": 40, "B": 30})
    found = select(COST, GAIN, budget_fen=60, rules=rules)
    assert (found.feasible, found.status, found.chosen.any()) == (False, INFEASIBLE, np.False_)
    assert [one.en for one in found.clashes] == ["the budget", "the least spent in A", "the least spent in B"]
    assert select(COST, GAIN, budget_fen=70, rules=rules).feasible


def test_not_one_fen_over() -> None:
    """Four hundred million fen: within a solver's tolerance, not within the budget."""
    half = 200_000_000_001
    found = select([half, half, 7], [5, 5, 1], budget_fen=2 * half - 1)
    assert (found.benefit, found.cost_fen) == (6, half + 7)
    assert select([half, half], [5, 5], budget_fen=2 * half).benefit == 10


def test_shares_become_fen_rounded_up() -> None:
    assert least_of_shares({"A": 0.1, "B": 1 / 3}, 1000) == {"A": 100, "B": 334}
    with pytest.raises(PlanError):
        least_of_shares({"A": 0.7, "B": 0.4}, 1000)


def test_years_by_hand() -> None:
    """60 a year: project 1 may only follow 2, so 2 and a small one first, or both never together (70)."""
    found = phase([40, 30], [55, 30], budgets_fen=[60, 60], discount=0.5, rules=Rules(requires=[(0, 1)]))
    assert (found.year.tolist(), found.benefit, found.spent_fen.tolist()) == ([1, 0], 30 + 27.5, [30, 40])


def test_nonsense_is_refused() -> None:
    for cost, gain, fen, rules in (
        ([1.5], [1], 1, Rules()), ([-1], [1], 1, Rules()), ([1], [np.nan], 1, Rules()), ([1, 2], [1], 1, Rules()),
        ([1], [1], 1, Rules(requires=[(0, 1)])), ([1], [1], 1, Rules(least_fen={"A": 1})),
    ):  # fmt: skip
        with pytest.raises(PlanError):
            select(cost, gain, budget_fen=fen, rules=rules)
    with pytest.raises(PlanError):
        phase([1], [1], budgets_fen=[1], discount=0)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_best_of_all_subsets(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cost, gain = draw.integers(1, 60, 8), draw.integers(0, 60, 8).astype(float)
    group = draw.choice(["A", "B"], 8)
    rules = Rules([(0, 1), (2, 1)], [(3, 4)], group.tolist(), {"A": 20})
    found = select(cost, gain, budget_fen=120, rules=rules)
    right = [
        gain[s].sum()
        for s in np.array(list(product([False, True], repeat=8)))
        if cost[s].sum() <= 120 and cost[s & (group == "A")].sum() >= 20 and s[1] >= s[0] and s[1] >= s[2]
        and not (s[3] and s[4])
    ]  # fmt: skip
    assert found.feasible == bool(right)
    assert not right or found.benefit == max(right)
    assert not found.greedy_benefit > found.benefit
    assert not right or select(cost, gain, budget_fen=150, rules=rules).benefit >= found.benefit
