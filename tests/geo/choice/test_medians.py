"""Medians and centres: by hand, against all sets, pruned and whole, and who has no way."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.choice import shortest
from geo.choice.medians import p_center, p_median
from geo.choice.solver import HEURISTIC, OPTIMAL, Solved
from geo.errors import PlanError
from tests.geo.choice.test_covering import STREET


def test_a_street_by_hand() -> None:
    """One place: the middle, 100 x (2 + 1 + 0 + 1 + 2); ten people at the first house pull it there."""
    found = p_median(STREET, p=1)
    assert (found.opened.tolist(), found.objective, found.weighted_mean_m) == ([2], 600, 120)
    assert p_median(STREET, [10, 1, 1, 1, 1], p=1).opened.tolist() == [0]
    centre = p_center(STREET, p=1)
    assert (centre.opened.tolist(), centre.objective, centre.status) == ([2], 200, OPTIMAL)
    assert p_center(STREET, p=2).objective == 100


def test_who_has_no_way_is_listed_and_left_out() -> None:
    ways = STREET.copy()
    ways[4] = np.inf
    ways[0, 4] = np.nan
    for found in (p_median(ways, p=1), p_center(ways, p=1)):
        assert found.unreachable.tolist() == [4]
        assert found.nearest[4] == -1
        assert np.isnan(found.distance_m[4])
        assert found.opened.tolist() in ([1], [2])


def test_too_few_for_all_who_have_a_way() -> None:
    islands = np.array([[0.0, np.inf], [np.inf, 0]])
    for ask in (p_median, p_center):
        with pytest.raises(PlanError):
            ask(islands, p=1)
        with pytest.raises(PlanError):
            ask(np.full((2, 2), np.nan), p=1)
        with pytest.raises(PlanError):
            ask(islands, p=3)
        assert ask(islands, p=2).objective == 0


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_the_best_of_all_sets(seed: int, p: int) -> None:
    draw = np.random.default_rng(seed)
    ways, people = draw.uniform(0, 1000, (12, 9)), draw.integers(0, 9, 12).astype(float)
    sets = [list(one) for one in combinations(range(9), p)]
    median, centre = p_median(ways, people, p=p), p_center(ways, people, p=p)
    assert median.status == centre.status == OPTIMAL
    assert median.objective == pytest.approx(min(people @ ways[:, one].min(axis=1) for one in sets))
    assert centre.objective == pytest.approx(min(ways[:, one].min(axis=1).max() for one in sets), abs=1e-6)
    fixed = p_median(ways, people, p=p, already_open=[0])
    assert 0 in fixed.opened
    assert fixed.objective <= median.objective * (1 + 1e-9)


def test_a_cluster_needs_more_candidates_than_it_begins_with() -> None:
    """All near candidates of the far house are many and useless to the others: the way out is taken at first."""
    homes = np.array([0.0] * 30 + [10_000])
    places = np.concatenate([np.linspace(9_000, 11_000, 40), [0.0, 1.0]])
    found = p_median(np.abs(homes[:, None] - places), p=2)
    assert found.status == OPTIMAL
    assert 40 in found.opened
    one = p_median(np.abs(homes[:, None] - places), np.append(np.ones(30), 1e-3), p=1, already_open=[])
    assert (one.opened.tolist(), one.status) == ([40], OPTIMAL)


def test_out_of_time_the_bound_is_still_true(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(7)
    ways = draw.uniform(0, 1000, (30, 12))
    best = p_median(ways, p=3).objective
    late = Solved(None, HEURISTIC, np.nan, -np.inf, np.nan, 1.0)
    monkeypatch.setattr(shortest, "solve", lambda *_a, **_k: late)
    found = p_median(ways, p=3)
    bound, gap = found.meta["bound"], found.meta["gap"]
    assert isinstance(bound, float)
    assert isinstance(gap, float)
    assert 0.5 * best < bound <= best <= found.objective
    assert gap < 0.3
    assert found.status in {HEURISTIC, OPTIMAL}
