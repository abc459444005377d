"""Costs, budgets, capacities and ties of the siting models, against all sets on small cases."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.choice.capacity import most_served
from geo.choice.covering import backup_coverage, lscp, mclp
from geo.choice.medians import p_center, p_median
from geo.choice.solver import HEURISTIC, OPTIMAL
from geo.errors import PlanError

HOUSES = np.array([0.0, 100, 200, 300, 400])
STREET = np.abs(HOUSES[:, None] - HOUSES)
PEOPLE = [10.0, 1, 1, 1, 10]


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 4), st.floats(0, 120))
def test_a_budget_is_kept_and_the_best_within_it_found(seed: int, p: int, budget: float) -> None:
    draw = np.random.default_rng(seed)
    ways, people = draw.uniform(0, 1000, (15, 7)), draw.integers(0, 50, 15).astype(float)
    cost = draw.integers(5, 60, 7).astype(float)
    found = mclp(ways, people, radius_m=300, p=p, cost=cost, budget=budget)
    sets = [list(one) for k in range(p + 1) for one in combinations(range(7), k) if cost[list(one)].sum() <= budget]
    worth = [people[(ways[:, one] <= 300).any(axis=1)].sum() for one in sets]
    assert (found.status, found.covered_demand) == (OPTIMAL, max(worth))
    assert found.cost_of_added <= budget
    equal = [cost[one].sum() for one, w in zip(sets, worth, strict=True) if w == max(worth)]
    assert found.cost_of_added == pytest.approx(min(equal))


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_capacities_against_all_sets(seed: int, p: int) -> None:
    draw = np.random.default_rng(seed)
    ways, people = draw.uniform(0, 1000, (8, 5)), draw.integers(0, 9, 8).astype(float)
    room = draw.integers(1, 20, 5).astype(float)
    found = most_served(ways, people, radius_m=400, p=p, capacity=room, already_open=[0])
    best = max(_flow(ways, people, room, [0, *one]) for one in combinations(range(1, 5), p))
    assert found.status == OPTIMAL
    assert found.served_demand == pytest.approx(best)
    assert (found.served <= people + 1e-6).all()
    assert (found.load <= room + 1e-6).all()
    assert 0 in found.opened
    free = most_served(ways, people, radius_m=400, p=p, capacity=np.full(5, np.inf), already_open=[0])
    assert free.served_demand == pytest.approx(mclp(ways, people, radius_m=400, p=p, already_open=[0]).covered_demand)


def _flow(ways: np.ndarray, people: np.ndarray, room: np.ndarray, open_: list[int]) -> float:
    """Most that can be served by some places: by the cut over all sets of demand points (Hall)."""
    reach = ways[:, open_] <= 400
    best = np.inf
    for k in range(len(open_) + 1):
        for cut in combinations(range(len(open_)), k):
            rest = [j for j in range(len(open_)) if j not in cut]
            best = min(best, room[[open_[j] for j in cut]].sum() + people[reach[:, rest].any(axis=1)].sum())
    return best


def test_of_equal_answers_the_cheapest_then_the_first() -> None:
    """One place: ends cover 11 people in two ways (places 0, 1 and 3, 4: 12 from 1 or 3)."""
    assert mclp(STREET, PEOPLE, radius_m=100, p=1, cost=[1, 5, 1, 4, 1]).added.tolist() == [3]
    assert mclp(STREET, PEOPLE, radius_m=100, p=1, cost=[1, 5, 1, 5, 1]).added.tolist() == [1]
    assert lscp(STREET, radius_m=100, cost=np.ones(5)).added.tolist() == [0, 3]
    assert backup_coverage(STREET, np.ones(5), radius_m=400, p=2, cost=[3, 1, 1, 1, 1]).added.tolist() == [1, 2]
    assert p_median(STREET, [1, 0, 0, 0, 1], p=1, cost=np.ones(5)).added.tolist() == [0]
    assert p_median(STREET, [1, 0, 0, 0, 1], p=1, cost=[9, 9, 9, 1, 9]).added.tolist() == [3]
    assert p_center(STREET, p=2, cost=[9, 1, 9, 9, 1]).added.tolist() == [1, 4]


def test_an_earlier_end_keeps_a_true_bound() -> None:
    draw = np.random.default_rng(3)
    homes, places = draw.uniform(0, 4000, (400, 2)), draw.uniform(0, 4000, (80, 2))
    ways = np.hypot(*(homes[:, None] - places[None]).T).T
    people = draw.integers(1, 90, 400).astype(float)
    short, whole = (p_median(ways, people, p=6, time_limit=limit) for limit in (0.2, 30))
    assert short.objective >= whole.objective >= float(str(whole.meta["bound"])) - 1e-6
    assert float(str(short.meta["bound"])) <= whole.objective + 1e-6
    assert short.status in {OPTIMAL, HEURISTIC}


def test_nonsense_is_refused() -> None:
    with pytest.raises(PlanError):
        mclp(STREET, PEOPLE, radius_m=100, p=1, budget=3)
    with pytest.raises(PlanError):
        mclp(STREET, PEOPLE, radius_m=100, p=1, cost=[1, 2])
    with pytest.raises(PlanError):
        most_served(STREET, PEOPLE, radius_m=100, p=1, capacity=[1, 1])
