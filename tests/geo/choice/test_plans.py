"""Budget plans against all subsets, over years, from several funds, nested, and what clashes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.choice.budget import Choice, Question, choose
from geo.choice.exact import clashing, model_of
from geo.choice.funds import Fund, broken, caps, split
from geo.choice.nesting import in_order, nested
from geo.choice.rules import Row, Rules, rows_of
from geo.choice.solver import INFEASIBLE, OPTIMAL, solve
from geo.errors import PlanError
from geo.text import Text

CASES, MOST = 500, 18
Draw = np.random.Generator


def case(draw: Draw, n: int) -> tuple[Question, np.ndarray]:
    """A random question of one year with every kind of rule, and all its subsets that keep the rules."""
    cost = draw.integers(1, 90, n) * 100
    gain = draw.integers(0, 60, n).astype(float)
    group, kind = draw.choice(["A", "B", "C"], n), draw.choice(["basic", "upgrade"], n)
    two = [tuple(map(int, draw.choice(n, 2, replace=False))) for _ in range(n // 3)]
    requires, excludes = [(max(p), min(p)) for p in two[::2]], two[1::2]
    must = [int(one) for one in draw.choice(n, int(draw.integers(0, 2)), replace=False)]
    budget = int(cost.sum() * draw.uniform(0.2, 0.8))
    least = {str(one): int(budget * 0.15) for one in np.unique(group)}
    least_kind = {"basic": int(budget * 0.3)} if "basic" in kind else {}
    rules = Rules(requires, excludes, group.tolist(), least, must, kind.tolist(), least_kind)
    sets = (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(float)
    right = sets @ cost <= budget
    for name, fen in least.items():
        right &= sets @ np.where(group == name, cost, 0) >= fen
    for name, fen in least_kind.items():
        right &= sets @ np.where(kind == name, cost, 0) >= fen
    for a, b in requires:
        right &= sets[:, a] <= sets[:, b]
    for a, b in excludes:
        right &= sets[:, a] + sets[:, b] <= 1
    for one in must:
        right &= sets[:, one] == 1
    return Question(cost, gain, [budget], rules=rules), sets[right]


def test_brute_force_agrees_on_five_hundred_cases() -> None:
    draw, impossible = np.random.default_rng(20_260_101), 0
    for number in range(CASES):
        question, right = case(draw, MOST if number % 50 == 0 else int(draw.integers(4, 12)))
        found = choose(question, explained=False)
        impossible += not len(right)
        assert found.feasible == bool(len(right))
        if found.feasible:
            assert found.status == OPTIMAL
            assert found.benefit == (right @ np.asarray(question.benefit)).max()
            assert (right == found.chosen).all(axis=1).any(), "the answer is one of the right subsets"
            assert not found.greedy_benefit > found.benefit
    assert 50 < impossible < 450, "both kinds of cases are tried"


@pytest.mark.parametrize("carry", [False, True])
def test_all_years_are_tried(*, carry: bool) -> None:
    draw = np.random.default_rng(7)
    for _ in range(20):
        n, years = 6, 2
        cost, gain = draw.integers(1, 40, n), draw.integers(0, 30, n).astype(float)
        budgets = draw.integers(20, 70, years)
        rules = Rules([(1, 0), (3, 2)], [(4, 5)], list("AABBAB"), {"A": 15}, must=[2])
        found = choose(Question(cost, gain, budgets.tolist(), 0.9, rules, carry=carry))
        best = -1.0
        for plan in product([-1, 0, 1], repeat=n):
            year = np.array(plan)
            spent = np.array([cost[year == one].sum() for one in range(years)])
            money = (np.cumsum(spent) <= np.cumsum(budgets)).all() if carry else (spent <= budgets).all()
            tied = all(year[a] < 0 or 0 <= year[b] <= year[a] for a, b in rules.requires)
            least = cost[(year >= 0) & (np.array(rules.group) == "A")].sum() >= 15
            if money and tied and least and year[2] >= 0 and not (year[4] >= 0 and year[5] >= 0):
                best = max(best, sum(gain[i] * 0.9 ** year[i] for i in range(n) if year[i] >= 0))
        assert found.feasible == (best >= 0)
        assert not found.feasible or found.benefit == pytest.approx(best)


def fund(draw: Draw, n: int, years: int) -> Fund:
    pays = draw.random(n) < 0.7
    amount = [int(one) for one in draw.integers(0, 400, years)]
    return Fund(Text.same("fund"), amount, pays, float(draw.choice([0.3, 0.5, 1])))


@pytest.mark.parametrize("carry", [False, True])
def test_what_the_funds_can_pay_is_what_can_be_split(*, carry: bool) -> None:
    """The rows over sets of funds against the flow itself: they allow exactly what can be split to the fen."""
    draw, paid = np.random.default_rng(3), 0
    for _ in range(120):
        n, years = 5, int(draw.integers(1, 4))
        cost = draw.integers(1, 200, n)
        funds = [fund(draw, n, years) for _ in range(3)]
        year = draw.integers(-1, years, n)
        done = year[None, :] == np.arange(years)[:, None]
        row = broken(done, cost, funds, carry=carry)
        if row is None:
            shares = split(done, cost, funds, carry=carry)
            assert (shares.sum(axis=0) == np.where(year >= 0, cost, 0)).all()
            assert (shares <= caps(cost, funds)).all()
            paid += 1
        else:
            assert not row.holds(done.ravel())
            with pytest.raises(PlanError):
                split(done, cost, funds, carry=carry)
    assert 10 < paid < 110


def test_two_funds_by_hand() -> None:
    """The province pays pipes only, at most half; residents pay the lift. 100 + 60 cannot both be had from one."""
    funds = [
        Fund(Text("省级", "province"), [60], np.array([True, False]), 0.5),
        Fund(Text("居民", "residents"), [80], np.array([True, True])),
    ]
    found = choose(Question([100, 60], [10.0, 3.0], [140], funds=funds))
    assert found.chosen.tolist() == [True, False]
    assert found.paid_fen.tolist() == [[50, 0], [50, 0]]
    richer = choose(
        Question([100, 60], [10.0, 3.0], [160], funds=[funds[0], Fund(Text("居民", "residents"), [110], funds[1].pays)])
    )
    assert richer.chosen.all()
    must = choose(Question([100, 60], [1.0, 1.0], [160], rules=Rules(must=[0, 1]), funds=funds))
    assert [one.en for one in must.clashes] == [
        "project 0 must be done", "project 1 must be done", "what only residents may pay is limited to 1 yuan",
    ]  # fmt: skip


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_clashing_limits_are_a_smallest_set(seed: int) -> None:
    """Together they cannot be kept; without any one of them the others can."""
    draw = np.random.default_rng(seed)
    cost = draw.integers(1, 60, 7)
    rules = Rules([(0, 1), (2, 1)], [(3, 4), (1, 5)], list("AABBCCC"), {"A": 60, "B": 60}, must=[0, 3, 5])
    rows = rows_of(cost, np.array([70, 30]), rules)

    def possible(some: list[Row]) -> bool:
        once = [row for row in rows if row.given]
        return solve(model_of(np.zeros(14), [*once, *some])).status != INFEASIBLE

    assert not possible(rows)
    found, proven = clashing(rows, 14)
    assert proven
    assert not possible(found)
    assert all(possible([*found[:at], *found[at + 1 :]]) for at in range(len(found)))


def steps(question: Question, shares: list[float]) -> list[Question]:
    rules = Rules(question.rules.requires, question.rules.excludes)
    return [
        Question(question.cost_fen, question.benefit, [int(question.budgets_fen[0] * s)], rules=rules) for s in shares
    ]


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_more_money_never_drops_an_earlier_pick(seed: int) -> None:
    question, _ = case(np.random.default_rng(seed), 9)
    asked = steps(question, [0.5, 1.0, 1.5])
    best = [choose(one) for one in asked]
    found = nested(asked, best)
    cost, gain = np.asarray(question.cost_fen), np.asarray(question.benefit)
    assert found.status == OPTIMAL
    for at, one in enumerate(asked):
        inside = (found.step >= 0) & (found.step <= at)
        assert cost[inside].sum() <= one.budgets_fen[0]
        assert gain[inside].sum() == pytest.approx(found.benefit[at])
        assert found.benefit[at] <= found.best[at]
        assert all(inside[b] or not inside[a] for a, b in one.rules.requires)
    order = in_order(found.step, cost, gain, question.rules.requires)
    assert sorted(order) == np.flatnonzero(found.step >= 0).tolist()
    assert (np.diff(found.step[order]) >= 0).all()


def test_the_price_of_nesting_by_hand() -> None:
    """60 or 50 + 50: the best plan for 60 is dropped by the best for 100, so one of both amounts has to lose."""
    asked = [Question([60, 50, 50], [60.0, 45.0, 45.0], [money]) for money in (60, 100)]
    found = nested(asked, [choose(one) for one in asked])
    assert found.best.tolist() == [60, 90]
    assert found.benefit.tolist() == [45, 90]
    assert found.step.tolist() in ([-1, 0, 1], [-1, 1, 0])
    assert found.price == pytest.approx(1 - 135 / 150)


def picked(found: Choice) -> float:
    return found.benefit


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(2, 9))
def test_order_scale_and_more_money(seed: int, times: int) -> None:
    draw = np.random.default_rng(seed)
    question, _ = case(draw, 8)
    cost, gain = np.asarray(question.cost_fen), np.asarray(question.benefit)
    plain = choose(Question(cost, gain, question.budgets_fen))
    turned = draw.permutation(8)
    assert picked(choose(Question(cost[turned], gain[turned], question.budgets_fen))) == plain.benefit
    assert picked(choose(Question(cost * times, gain, [question.budgets_fen[0] * times]))) == plain.benefit
    assert picked(choose(Question(cost, gain, [question.budgets_fen[0] + 500]))) >= plain.benefit


def test_nothing_idle_is_bought() -> None:
    found = choose(Question([5, 5], [3.0, 0.0], [10]))
    assert found.year.tolist() == [0, -1]
