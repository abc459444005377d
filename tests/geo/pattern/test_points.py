"""Density, groups and nearness in space and time: five points by hand, and what must not change them."""

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from geo.pattern.contour import area_above
from geo.pattern.density import COARSE, density_at, density_grid
from geo.pattern.groups import dbscan
from geo.pattern.hierarchy import hdbscan
from geo.pattern.spacetime import knox, knox_table, pairs_in_time

X, Y = np.array([0.0, 3.0, 0.0, 100.0, 200.0]), np.array([0.0, 0.0, 4.0, 100.0, 200.0])
POINTS = st.integers(1, 60).flatmap(lambda n: arrays(float, (n, 2), elements=st.integers(0, 40).map(float)))


def test_density_of_five_points_by_hand() -> None:
    """At the first point, bandwidth 5: itself, one at 3 and one at 4 metres, quartic 3/(pi 25) (1 - d²/25)²."""
    found = density_at((X, Y), ([0.0], [0.0]), bandwidth_m=5, kernel="quartic")
    assert found[0] == pytest.approx(1e6 * 3 / (np.pi * 25) * (1 + (16 / 25) ** 2 + (9 / 25) ** 2))
    plain = density_at((X, Y), ([0.0], [0.0]), bandwidth_m=5)
    assert plain[0] == pytest.approx(1e6 / (2 * np.pi * 25) * (1 + np.exp(-9 / 50) + np.exp(-16 / 50)))
    assert density_at(([], []), ([0.0], [0.0]), bandwidth_m=5).tolist() == [0]
    with pytest.raises(ValueError, match="above zero"):
        density_at((X, Y), (X, Y), bandwidth_m=0)


@pytest.mark.parametrize(("kernel", "error"), [("gaussian", 0.02), ("quartic", 0.05)])
def test_grid_agrees_with_the_sum_and_keeps_the_number(kernel, error) -> None:  # noqa: ANN001
    chance = np.random.default_rng(1)
    x, y = chance.normal(1000, 120, (2, 300))
    found = density_grid((x, y), (0, 0, 2000, 2000), cell_m=20, bandwidth_m=120, kernel=kernel)
    at = np.meshgrid(found.x, found.y)
    exact = density_at((x, y), (at[0].ravel(), at[1].ravel()), bandwidth_m=120, kernel=kernel).reshape(100, 100)
    assert np.abs(found.per_km2 - exact).max() < error * exact.max()
    assert found.per_km2.sum() * 20**2 / 1e6 == pytest.approx(300, rel=0.002)
    assert found.outside == 0
    assert found.meta["warnings"] == ()
    assert density_grid((x, y), (0, 0, 900, 900), cell_m=50, bandwidth_m=100).meta["warnings"] == (COARSE,)


def test_weights_and_what_lies_outside() -> None:
    one = density_grid((X, Y), (-50, -50, 150, 150), cell_m=1, bandwidth_m=5, weights=[2, 2, 2, 2, 2])
    other = density_grid((X, Y), (-50, -50, 150, 150), cell_m=1, bandwidth_m=5)
    assert one.outside == other.outside == 1
    assert one.per_km2 == pytest.approx(2 * other.per_km2)


def test_area_above_a_cone() -> None:
    x = y = np.arange(-50.0, 51.0)
    far = np.hypot(x[None, :], y[:, None])
    found = area_above(-far, x, y, -30)
    assert found.area == pytest.approx(np.pi * 30**2, rel=2e-3)
    ring = area_above(-np.abs(far - 30), x, y, -10)  # a ring between 20 and 40 metres, with its hole
    assert ring.area == pytest.approx(np.pi * (40**2 - 20**2), rel=2e-3)
    assert not ring.contains(shapely.Point(0, 0))
    assert area_above(-far, x, y, 1).is_empty
    assert area_above(far, x, y, -1).area == pytest.approx(102**2, rel=0.03)  # all of it, and part of a cell around


@given(arrays(float, (6, 7), elements=st.integers(-3, 3).map(float)))
def test_areas_of_two_levels_are_nested_and_part_with_the_middle(values: np.ndarray) -> None:
    x, y = np.arange(7.0), np.arange(6.0)
    low, high = area_above(values, x, y, -0.5), area_above(values, x, y, 1.5)
    assert low.is_valid
    assert high.difference(low.buffer(1e-9)).area < 1e-9
    for r, c in np.argwhere(values >= 0):
        assert low.distance(shapely.Point(c, r)) < 1e-9
    for r, c in np.argwhere(values < -0.5):
        assert not low.buffer(-1e-9).contains(shapely.Point(c, r))


def brute(points: np.ndarray, reach: float, least: int) -> tuple[np.ndarray, list[set[int]]]:
    near = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)) <= reach + 0.5e-6
    core = near.sum(axis=1) >= least
    groups: list[set[int]] = []
    for n in np.flatnonzero(core):
        own = {int(n)} | set(map(int, np.flatnonzero(near[n] & core)))
        joined = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own] + [own.union(*joined)]
    return core, groups


@settings(max_examples=200)
@given(POINTS, st.sampled_from([1.0, 2.0, 3.0, 5.0, 8.0]), st.integers(1, 6))
def test_groups_are_those_of_the_definition(points: np.ndarray, reach: float, least: int) -> None:
    found = dbscan(*points.T, reach_m=reach, min_samples=least)
    core, groups = brute(points, reach, least)
    assert found.core.tolist() == core.tolist()
    assert sorted(map(sorted, groups)) == sorted(
        np.flatnonzero((found.label == one) & core).tolist() for one in range(found.label.max() + 1)
    )
    near = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)) <= reach + 0.5e-6
    border = ~core & (near & core[None, :]).any(axis=1)
    assert (found.label >= 0).tolist() == (core | border).tolist()
    for n in np.flatnonzero(border):
        assert found.label[n] in found.label[near[n] & core]


@given(POINTS, st.randoms())
def test_order_does_not_matter_to_groups(points: np.ndarray, chance) -> None:  # noqa: ANN001
    order = list(range(len(points)))
    chance.shuffle(order)
    one = dbscan(*points.T, reach_m=3, min_samples=3).label
    other = dbscan(*points[order].T, reach_m=3, min_samples=3).label
    pairs = set(zip(one[order].tolist(), other.tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_many_points_in_few_places() -> None:
    """Cells with hundreds of points beside lonely ones take the ways that small cases do not reach."""
    chance = np.random.default_rng(4)
    points = np.vstack([chance.normal(0, 15, (900, 2)), chance.uniform(-200, 200, (1500, 2)), np.zeros((400, 2))])
    found = dbscan(*points.T, reach_m=6, min_samples=9)
    core, groups = brute(points, 6, 9)
    assert found.core.tolist() == core.tolist()
    assert sorted(map(sorted, groups)) == sorted(
        np.flatnonzero((found.label == one) & core).tolist() for one in range(found.label.max() + 1)
    )


def test_points_without_place_are_noise() -> None:
    found = dbscan([0, np.nan, 1], [0, 0, 0], reach_m=1, min_samples=2)
    assert found.label.tolist() == [0, -1, 0]
    assert dbscan([], [], reach_m=1, min_samples=2).label.size == 0
    with pytest.raises(ValueError, match="above zero"):
        dbscan([0], [0], reach_m=0, min_samples=1)


def test_hdbscan_finds_groups_of_different_density() -> None:
    chance = np.random.default_rng(2)
    parts = [
        chance.normal((0, 0), 2, (40, 2)),
        chance.normal((300, 0), 30, (60, 2)),
        chance.uniform(1000, 9000, (8, 2)),
    ]
    points = np.vstack(parts)
    found = hdbscan(*points.T, min_cluster_size=10)
    assert len(set(found.label[:40].tolist()) - {-1}) == 1
    assert len(set(found.label[40:100].tolist()) - {-1}) == 1
    assert (found.label[100:] == -1).all()
    order = chance.permutation(len(points))
    again = hdbscan(*points[order].T, min_cluster_size=10).label
    pairs = set(zip(found.label[order].tolist(), again.tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert (hdbscan([0, 1], [0, 0], min_cluster_size=5).label == -1).all()
    with pytest.raises(ValueError, match="groups of at least 2"):
        hdbscan([0, 1], [0, 0], min_cluster_size=1)


def test_knox_of_five_events_by_hand() -> None:
    """Near in space are the pairs of the first three; near in time (1 day) 0-1 and 3-4. Both: 0-1."""
    found = knox((X, Y), [0.0, 1.0, 5.0, 9.0, 10.0], metres=5, span=1, permutations=999, seed=1)
    assert (found.both, found.in_space, found.in_time, found.pairs) == (1, 3, 2, 10)
    assert found.expected == pytest.approx(0.6)
    # One of the two pairs in time falls among the three places in 1 - P(none) of the orders.
    assert 0.3 < found.p < 0.8
    assert knox((X, Y), [0.0, 1.0, 5.0, 9.0, 10.0], metres=4.999, span=1).in_space == 2
    with pytest.raises(ValueError, match="place and a time"):
        knox((X, Y), [0, 1, 2, 3, np.nan], metres=5, span=1)


@given(arrays(float, 12, elements=st.integers(0, 20).map(float)), st.integers(0, 9))
def test_knox_counts_as_the_definition(when: np.ndarray, span: int) -> None:
    chance = np.random.default_rng(1)
    x, y = chance.integers(0, 10, (2, 12)).astype(float)
    far = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(12, 1)]
    apart = np.abs(when[:, None] - when)[np.triu_indices(12, 1)]
    table = knox_table((x, y), when, metres=[3.0, 1.0, 6.0], spans=[float(span), 4.0], permutations=5)
    for (metres, days), found in table.items():
        assert found.both == ((far <= metres) & (apart <= days)).sum()
        assert found.in_time == pairs_in_time(when, days) == (apart <= days).sum()
