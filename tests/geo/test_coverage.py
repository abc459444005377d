import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo

coordinate = st.floats(-1e4, 1e4)
places = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=12)


@settings(deadline=None)
@given(places, places)
def test_nearest_is_the_smallest_distance(
    points: list[tuple[float, float]], services: list[tuple[float, float]]
) -> None:
    x, y = np.array(points).T
    to_x, to_y = np.array(services).T
    expected = np.hypot(x[:, None] - to_x, y[:, None] - to_y).min(axis=1)
    assert geo.nearest_m(x, y, to_x, to_y) == pytest.approx(expected, abs=1e-6)
    assert geo.nearest_area_m(x, y, shapely.points(to_x, to_y)) == pytest.approx(expected, abs=1e-6)


def test_no_service_is_infinitely_far_and_no_place_is_unknown() -> None:
    for found in (
        geo.nearest_m([0, np.nan], [0, 1], [], []),
        geo.nearest_m([0, np.nan], [0, 1], [np.inf], [1]),
        geo.nearest_area_m([0, np.nan], [0, 1], [None, shapely.Polygon()]),
    ):
        assert np.isinf(found[0])
        assert np.isnan(found[1])
        assert geo.is_covered(found, 1e9).tolist() == [False, False]


def test_distance_to_an_area_is_zero_inside() -> None:
    park = shapely.box(0, 0, 10, 10)
    assert geo.nearest_area_m([5, 13, 10], [5, 14, 5], [None, park]).tolist() == [0.0, 5.0, 0.0]


def test_the_rim_counts() -> None:
    assert geo.is_covered([300.0, 300.0000004, 300.000001, 299.9], 300).tolist() == [True, True, False, True]


def test_served_share() -> None:
    assert geo.served_share([True, False, True, False]) == 0.5
    assert geo.served_share([True, False, True], [30, 10, np.nan]) == 0.75
    assert np.isnan(geo.served_share([], []))
    assert np.isnan(geo.served_share([True], [0]))


@settings(deadline=None, max_examples=60)
@given(
    points=st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=1, max_size=30),
    reach=st.sampled_from([0.5, 30.0, 300.0, 500.0]),
)
def test_within_m_agrees_with_measured_distances(points: list[tuple[float, float]], reach: float) -> None:
    shapes = np.array([shapely.box(-50, -50, 60, 10), shapely.Point(300, 300), None], dtype=object)
    x, y = (np.array(axis) for axis in zip(*points, strict=True))
    expected = geo.is_covered(geo.nearest_area_m(x, y, shapes), reach)
    assert geo.within_m(x, y, shapes, reach).tolist() == expected.tolist()


def test_within_m_takes_one_reach_a_shape_and_counts_the_rim() -> None:
    shapes = np.array([shapely.Point(0, 0), shapely.Point(1000, 0)])
    x = np.array([300.0, 300.1, 500.0, 499.9, np.nan])
    found = geo.within_m(x, np.zeros(5), shapes, np.array([300.0, 500.0]))
    assert found.tolist() == [True, False, True, False, False]
    assert not geo.within_m(x, np.zeros(5), shapes, np.array([np.nan, np.nan])).any()


def test_within_m_is_exact_for_jagged_outlines() -> None:
    random = np.random.default_rng(3)
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    rim = 80 + 12 * random.random(400)
    jagged = shapely.Polygon(np.column_stack([rim * np.cos(turn), rim * np.sin(turn)]))
    shapes = np.array([jagged, shapely.transform(jagged, lambda xy: xy + 250)], dtype=object)
    x, y = random.uniform(-700, 950, (2, 20_000))
    reach = np.array([300.0, 3.0])
    near = np.column_stack([geo.nearest_area_m(x, y, shapes[[k]]) <= reach[k] for k in (0, 1)]).any(axis=1)
    assert (geo.within_m(x, y, shapes, reach) == near).all()
