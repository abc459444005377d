"""Floating catchments: mass is conserved, the unreached have nothing, and neither order nor units matter."""

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import straight_pairs
from geo.supply.catchment import Access, Band, enhanced, gaussian, gravity, two_step
from geo.supply.reach import Within, pairs_of_matrix

METHODS = {
    "two_step": lambda pairs, have, want: two_step(pairs, have, want, radius_m=500),
    "enhanced": lambda pairs, have, want: enhanced(
        pairs, have, want, bands=[Band(200, 1), Band(350, 0.68), Band(500, 0.22)]
    ),
    "gaussian": lambda pairs, have, want: gaussian(pairs, have, want, radius_m=500),
    "gravity": lambda pairs, have, want: gravity(pairs, have, want, radius_m=500, exponent=1.5, least_m=20),
}
methods = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))


def town(seed: int, places: int = 40, facilities: int = 6) -> tuple[Within, np.ndarray, np.ndarray]:
    """Random places and facilities in a square kilometre, some without people or supply."""
    draw = np.random.default_rng(seed)
    x, y, to_x, to_y = (draw.uniform(0, 1000, n) for n in (places, places, facilities, facilities))
    found = straight_pairs(x, y, to_x, to_y, limit_m=500)
    have, want = draw.integers(0, 9, facilities).astype(float), draw.integers(0, 50, places).astype(float)
    return Within(found.place, found.facility, found.distance_m), have, want


def mass(found: Access) -> tuple[float, float]:
    both = found.meta["mass"]
    assert isinstance(both, dict)
    return both["demand_times_access"], both["supply_that_reaches_anyone"]


@methods
@given(st.integers(0, 10_000))
def test_what_people_have_is_what_reaches_them(method: Any, seed: int) -> None:
    pairs, have, want = town(seed)
    found = method(pairs, have, want)
    counted, reaching = mass(found)
    assert counted == pytest.approx(reaching, rel=1e-9, abs=1e-9)
    assert reaching == pytest.approx(have[~found.reaches_nobody].sum())
    assert (found.access >= 0).all()


@methods
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(method: Any, seed: int, random: Any) -> None:
    pairs, have, want = town(seed)
    order = list(range(len(pairs.place)))
    random.shuffle(order)
    mixed = Within(pairs.place[order], pairs.facility[order], pairs.distance_m[order])
    np.testing.assert_allclose(method(mixed, have, want).access, method(pairs, have, want).access, rtol=1e-9)
    turned = np.arange(len(want))[::-1]
    other = method(Within(turned[pairs.place], pairs.facility, pairs.distance_m), have, want[::-1])
    np.testing.assert_allclose(other.access[::-1], method(pairs, have, want).access, rtol=1e-9)


@methods
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(0.01, 100))
def test_units_scale(method: Any, seed: int, of_supply: float, of_demand: float) -> None:
    pairs, have, want = town(seed)
    scaled = method(pairs, have * of_supply, want * of_demand).access
    np.testing.assert_allclose(scaled, method(pairs, have, want).access * of_supply / of_demand, rtol=1e-9)


@methods
@given(st.integers(0, 10_000))
def test_more_supply_gives_nobody_less(method: Any, seed: int) -> None:
    pairs, have, want = town(seed)
    assert (method(pairs, have + 1, want).access >= method(pairs, have, want).access - 1e-12).all()


@given(st.integers(0, 10_000), st.floats(1, 500))
def test_a_smaller_radius_is_the_same_as_fewer_pairs(seed: int, radius: float) -> None:
    pairs, have, want = town(seed)
    near = pairs.distance_m <= radius
    kept = Within(pairs.place[near], pairs.facility[near], pairs.distance_m[near])
    one, other = two_step(pairs, have, want, radius_m=radius), two_step(kept, have, want, radius_m=500)
    np.testing.assert_allclose(one.access, other.access)


def test_five_features_by_hand() -> None:
    """Two toilets of 6 and 4 cubicles, three houses of 10, 20 and 30 people; the last reaches only the second.

    First toilet: 10 + 20 people reach it, 6/30 = 0.2 each. Second: 20 + 30, 4/50 = 0.08 each.
    """
    cost = [[100, np.inf], [300, 300], [np.nan, 299]]
    found = two_step(pairs_of_matrix(cost), [6, 4], [10, 20, 30], radius_m=300)
    np.testing.assert_allclose(found.ratio, [0.2, 0.08])
    np.testing.assert_allclose(found.access, [0.2, 0.28, 0.08])
    assert mass(found) == pytest.approx((10 * 0.2 + 20 * 0.28 + 30 * 0.08, 10))


def test_the_rim_counts_and_the_unreached_have_nothing() -> None:
    cost = [[300.0000001], [300.01]]
    found = two_step(pairs_of_matrix(cost), [3], [1, 1], radius_m=300)
    assert found.access.tolist() == [3, 0]
    assert found.meta["places_unreached"] == 1


def test_what_reaches_nobody_and_what_is_unknown_is_left_out_and_told() -> None:
    cost = [[1, 1, np.inf, 1], [1, np.inf, np.inf, 1], [np.inf, np.inf, 1, np.inf]]
    found = two_step(pairs_of_matrix(cost), [4, 2, 5, np.nan], [2, 2, 0], radius_m=10)
    assert found.reaches_nobody.tolist() == [False, False, True, False]
    assert found.unknown.tolist() == [False, False, False, True]
    assert np.isnan(found.ratio).tolist() == [False, False, True, True]
    assert (found.meta["facilities_left_out"], found.meta["supply_left_out"]) == (2, 5)
    assert found.access.tolist() == [2, 1, 0]


def test_people_of_an_unknown_number_do_not_compete_but_see_what_they_could_have() -> None:
    found = two_step(pairs_of_matrix([[1], [1]]), [6], [3, np.nan], radius_m=10)
    assert found.access.tolist() == [2, 2]
    assert found.meta["demand_unknown"] == 1


def test_costs_there_and_back_may_differ_the_way_from_home_counts() -> None:
    there = gravity(pairs_of_matrix([[10, 20], [40, 10]]), [1, 1], [1, 1], radius_m=60, exponent=1, least_m=1)
    back = gravity(pairs_of_matrix([[10, 40], [20, 10]]), [1, 1], [1, 1], radius_m=60, exponent=1, least_m=1)
    np.testing.assert_allclose(there.access, [0.1 / 0.125 + 0.05 / 0.15, 0.025 / 0.125 + 0.1 / 0.15])
    assert not np.allclose(there.access, back.access)


def test_nothing_at_all() -> None:
    found = two_step(pairs_of_matrix(np.zeros((0, 0))), [], [], radius_m=1)
    assert found.access.shape == found.ratio.shape == (0,)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda pairs: two_step(pairs, [-1], [1], radius_m=10),
        lambda pairs: two_step(pairs, [1], [np.inf], radius_m=10),
        lambda pairs: two_step(pairs, [1], [1], radius_m=0),
        lambda pairs: gaussian(pairs, [1], [1], radius_m=-1),
        lambda pairs: gravity(pairs, [1], [1], radius_m=10, exponent=1, least_m=0),
        lambda pairs: enhanced(pairs, [1], [1], bands=[]),
        lambda pairs: enhanced(pairs, [1], [1], bands=[Band(20, 1), Band(10, 0.5)]),
        lambda pairs: enhanced(pairs, [1], [1], bands=[Band(20, 0)]),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wrong(pairs_of_matrix([[1.0]]))


@pytest.mark.filterwarnings("ignore")
def test_access_of_pysal_agrees() -> None:
    fca = pytest.importorskip("access.fca")
    pd = importlib.import_module("pandas")
    pairs, have, want = town(7, 200, 20)
    cost = pd.DataFrame({"origin": pairs.place, "dest": pairs.facility, "cost": pairs.distance_m})
    demand = pd.DataFrame({"geoid": range(len(want)), "demand": want})
    supply = pd.DataFrame({"geoid": range(len(have)), "supply": have})
    theirs = fca.two_stage_fca(demand, supply, cost, max_cost=500)
    ours = two_step(pairs, have, want, radius_m=500).access
    np.testing.assert_allclose(theirs.reindex(range(len(want))).fillna(0), ours, atol=1e-12)
