"""Demand finds room: nothing is lost, nothing overfilled, the most is met, and more room never meets less."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.supply import assignment
from geo.supply.assignment import HEURISTIC, OPTIMAL, Assignment, assign
from geo.supply.reach import Within, pairs_of_matrix
from tests.geo.supply.test_catchment import town


def ways(found: Assignment, pairs: Within) -> float:
    """Metres walked in all."""
    metres = {(p, f): d for p, f, d in zip(pairs.place, pairs.facility, pairs.distance_m, strict=True)}
    return sum(a * metres[p, f] for p, f, a in zip(found.place, found.facility, found.amount, strict=True))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 20))
def test_demand_is_conserved_and_no_room_overfilled(seed: int, scale: float) -> None:
    pairs, have, want = town(seed)
    have = have * scale
    found = assign(pairs, have, want, radius_m=500)
    assert found.status == OPTIMAL
    np.testing.assert_array_equal(found.assigned + found.missing, want)
    np.testing.assert_allclose(np.bincount(found.place, found.amount, len(want)), found.assigned, atol=1e-6)
    assert (found.used <= have).all()
    assert (found.missing >= 0).all()
    assert found.assigned.sum() == pytest.approx(found.used.sum())
    np.testing.assert_allclose(found.spare, have - found.used)
    assert abs(float(str(found.meta["gap"]))) < 1e-7


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 5), st.integers(0, 5))
def test_more_room_never_meets_less(seed: int, scale: float, which: int) -> None:
    pairs, have, want = town(seed)
    less = assign(pairs, have * scale, want, radius_m=500)
    more = assign(pairs, have * scale + 7.0 * (np.arange(6) == which), want, radius_m=500)
    assert more.assigned.sum() >= less.assigned.sum() - 1e-6


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_unit_do_not_matter(seed: int, random: Any) -> None:
    pairs, have, want = town(seed)
    order = list(range(len(pairs.place)))
    random.shuffle(order)
    mixed = Within(pairs.place[order], pairs.facility[order], pairs.distance_m[order])
    one, other = (assign(each, have * 3, want, radius_m=500) for each in (pairs, mixed))
    np.testing.assert_allclose(one.missing, other.missing, atol=1e-6)
    scaled = assign(pairs, have * 3 * 15, want * 15, radius_m=500)
    np.testing.assert_allclose(scaled.missing, 15 * one.missing, atol=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_the_exact_answer_meets_at_least_what_the_nearest_first_does(seed: int) -> None:
    pairs, have, want = town(seed)
    exact = assign(pairs, have * 4, want, radius_m=500)
    room, left, met = have * 4, want.copy(), 0.0
    for at in np.argsort(pairs.distance_m, kind="stable"):
        take = min(left[pairs.place[at]], room[pairs.facility[at]])
        left[pairs.place[at]] -= take
        room[pairs.facility[at]] -= take
        met += take
    assert exact.assigned.sum() >= met - 1e-6


def test_five_features_by_hand() -> None:
    """The nearest first would give the near bays to house 1, and house 2, which reaches no others, would have none."""
    cost = [[10, 50], [20, np.inf], [np.inf, 400]]
    found = assign(pairs_of_matrix(cost), [5, 5], [5, 5, 4], radius_m=300)
    assert found.status == OPTIMAL
    assert sorted(zip(found.place, found.facility, found.amount, strict=True)) == [(0, 1, 5), (1, 0, 5)]
    assert found.missing.tolist() == [0, 0, 4]
    assert found.out_of_reach.tolist() == [0, 0, 4]
    assert ways(found, pairs_of_matrix(cost)) == 5 * 50 + 5 * 20


def test_the_farthest_go_short() -> None:
    found = assign(pairs_of_matrix([[10], [30], [20]]), [5], [2, 2, 2], radius_m=300)
    np.testing.assert_allclose(found.missing, [0, 1, 0], atol=1e-9)
    np.testing.assert_allclose(found.out_of_reach, [0, 0, 0])


def test_where_room_is_enough_everybody_goes_to_the_nearest_without_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "_exact", None)
    found = assign(pairs_of_matrix([[10, 20], [20, 10]]), [3, 3], [2, 3], radius_m=300)
    assert sorted(zip(found.place, found.facility, found.amount, strict=True)) == [(0, 0, 2), (1, 1, 3)]
    assert (found.status, found.meta["gap"]) == (OPTIMAL, 0)


def test_without_an_answer_of_the_solver_the_nearest_come_first_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = assignment._bound
    monkeypatch.setattr(assignment, "_exact", lambda problem, _: (None, bound(problem, np.zeros(5))))
    found = assign(pairs_of_matrix([[10, 50], [20, np.inf], [np.inf, 400]]), [5, 5], [5, 5, 4], radius_m=300)
    assert found.status == HEURISTIC
    assert found.missing.tolist() == [0, 5, 4]
    assert float(str(found.meta["gap"])) > 0.1
    np.testing.assert_array_equal(found.assigned + found.missing, [5, 5, 4])


def test_unknown_room_takes_nothing_and_unknown_demand_stays_unknown() -> None:
    found = assign(pairs_of_matrix([[10, 20], [10, 20]]), [np.nan, 3], [2, np.nan], radius_m=300)
    np.testing.assert_array_equal(found.missing, [0, np.nan])
    np.testing.assert_array_equal(found.spare, [np.nan, 1])
    assert (found.meta["capacity_unknown"], found.meta["demand_unknown"]) == (1, 1)


def test_refused() -> None:
    with pytest.raises(ValueError, match="radius_m"):
        assign(pairs_of_matrix([[1]]), [1], [1], radius_m=0)
    with pytest.raises(ValueError, match="capacity"):
        assign(pairs_of_matrix([[1]]), [-1], [1], radius_m=1)
    assert assign(pairs_of_matrix(np.zeros((0, 0))), [], [], radius_m=1).missing.shape == (0,)


def test_a_minimum_cost_flow_agrees() -> None:
    networkx = pytest.importorskip("networkx")
    pairs, have, want = town(3, 25, 4)
    have = have * 9
    graph = networkx.DiGraph()
    for place, amount in enumerate(want.astype(int)):
        graph.add_edge("from", f"p{place}", capacity=int(amount), weight=0)
    for facility, amount in enumerate(have.astype(int)):
        graph.add_edge(f"f{facility}", "to", capacity=int(amount), weight=0)
    for place, facility, metres in zip(pairs.place, pairs.facility, pairs.distance_m, strict=True):
        graph.add_edge(f"p{place}", f"f{facility}", weight=round(metres * 1000))
    flow = networkx.max_flow_min_cost(graph, "from", "to")
    found = assign(pairs, have, want, radius_m=500)
    assert found.assigned.sum() == pytest.approx(sum(flow["from"].values()))
    assert ways(found, pairs) == pytest.approx(networkx.cost_of_flow(graph, flow) / 1000, rel=1e-5)
