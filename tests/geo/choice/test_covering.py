"""Covering: a street of five houses worked by hand, what cannot be covered, and invariants."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.choice import maximal
from geo.choice.covering import backup_coverage, lscp, mclp
from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL, Solved
from geo.errors import PlanError

HOUSES = np.array([0.0, 100, 200, 300, 400])
STREET = np.abs(HOUSES[:, None] - HOUSES)  # candidates stand at the houses
PEOPLE = [10.0, 1, 1, 1, 10]


def test_fewest_by_hand() -> None:
    """Each place covers its neighbours: one place covers three houses, so two are needed."""
    found = lscp(STREET, radius_m=100, demand=PEOPLE)
    assert (found.feasible, found.status, len(found.opened)) == (True, OPTIMAL, 2)
    assert found.times.min() == 1
    assert found.share_of_demand == 1


def test_of_equally_few_the_cheapest() -> None:
    """Houses 0 and 4 are covered by (0 or 1) and (3 or 4), house 2 by 1 or 3: pairs 1-3, 1-4, 0-3."""
    assert lscp(STREET, radius_m=100, cost=[1, 9, 9, 3, 1]).opened.tolist() == [0, 3]
    assert lscp(STREET, radius_m=100, cost=[1, 2, 9, 9, 1]).opened.tolist() == [1, 4]


def test_what_cannot_be_covered_is_listed_first() -> None:
    ways = STREET.copy()
    ways[4] = [np.nan, np.inf, 900, 900, 900]
    found = lscp(ways, radius_m=100)
    assert not found.feasible
    assert found.uncoverable.tolist() == [4]
    assert found.times.tolist()[4] == 0
    assert (found.times[:4] > 0).all()


def test_the_share_is_of_demand_not_of_points() -> None:
    """One place: either end has 11 people in two houses, the middle 3 people in three."""
    found = mclp(STREET, PEOPLE, radius_m=100, p=1)
    assert found.covered_demand == 12  # houses 0, 1, 2 from house 1
    assert found.share_of_demand == pytest.approx(12 / 23)
    assert found.share_of_points == pytest.approx(3 / 5)
    assert found.opened.tolist() in ([1], [3])


def test_places_open_already_stay_and_do_not_count() -> None:
    found = mclp(STREET, PEOPLE, radius_m=100, p=1, already_open=[2])
    assert 2 in found.opened
    assert len(found.added) == 1
    assert found.covered_demand == 13
    none = mclp(STREET, PEOPLE, radius_m=100, p=0, already_open=[2])
    assert none.opened.tolist() == [2]
    assert (none.covered_demand, none.added.tolist()) == (3, [])


def test_backup_by_hand() -> None:
    """With 1 and 3 all are covered; a third at 0 gives 0 and 1 a second one, and house 2 has two anyway."""
    found = backup_coverage(STREET, PEOPLE, radius_m=100, p=3)
    assert found.feasible
    assert found.covered_twice_demand == 12
    few = backup_coverage(STREET, PEOPLE, radius_m=100, p=1)
    assert (few.feasible, few.status) == (False, INFEASIBLE)
    parameters = few.meta["parameters"]
    assert isinstance(parameters, dict)
    assert parameters["fewest"] == 2


def test_out_of_time_the_greedy_answer_is_called_heuristic(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Solved(None, HEURISTIC, np.nan, -23.0, np.nan, 1.0)
    monkeypatch.setattr(maximal, "solve", lambda *_a, **_k: late)
    monkeypatch.setattr(maximal, "relaxed", lambda model, **_k: (-23.0, np.zeros(len(model.cost)), model.cost))
    found = mclp(STREET, PEOPLE, radius_m=0, p=1)
    assert (found.status, found.covered_demand) == (HEURISTIC, 10)
    assert (found.meta["objective"], found.meta["bound"]) == (10, 23)
    assert found.meta["warnings"]


def test_nonsense_is_refused() -> None:
    with pytest.raises(PlanError):
        mclp(STREET, PEOPLE, radius_m=np.inf, p=1)
    with pytest.raises(PlanError):
        mclp(STREET, [1.0, 2], radius_m=1, p=1)
    with pytest.raises(PlanError):
        mclp(STREET, PEOPLE, radius_m=1, p=-1)
    with pytest.raises(PlanError):
        mclp(-STREET, PEOPLE, radius_m=1, p=1)
    with pytest.raises(PlanError):
        lscp(STREET, radius_m=1, already_open=[5])


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(0, 4))
def test_most_covered_is_that_of_all_sets(seed: int, p: int) -> None:
    draw = np.random.default_rng(seed)
    ways, people = draw.uniform(0, 1000, (15, 6)), draw.integers(0, 50, 15).astype(float)
    found = mclp(ways, people, radius_m=300, p=p)
    best = max(people[(ways[:, list(one)] <= 300).any(axis=1)].sum() for one in combinations(range(6), p))
    assert (found.status, found.covered_demand) == (OPTIMAL, best)
    turned = mclp(ways[::-1], people[::-1], radius_m=300, p=p)
    assert turned.covered_demand == found.covered_demand
