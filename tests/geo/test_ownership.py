import tracemalloc
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo

COLUMNS, ROWS, CELL = 4, 3, 100.0
GRIDS = np.array(
    [shapely.box(c * CELL, r * CELL, (c + 1) * CELL, (r + 1) * CELL) for r in range(ROWS) for c in range(COLUMNS)]
)
coordinate = st.one_of(
    st.floats(-50, 450), st.sampled_from([0.0, 100.0, 200.0, 300.0, 400.0]), st.sampled_from([np.nan, np.inf, -np.inf])
)
points = st.lists(st.tuples(coordinate, coordinate), max_size=40)


def xy(rows: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    flat = np.array(rows, dtype=float).reshape(-1, 2)
    return flat[:, 0], flat[:, 1]


@settings(deadline=None)
@given(points)
def test_locate_is_the_first_polygon_that_holds_the_point(rows: list[tuple[float, float]]) -> None:
    x, y = xy(rows)
    expected = [
        next((i for i, g in enumerate(GRIDS) if np.isfinite([a, b]).all() and g.intersects(shapely.Point(a, b))), -1)
        for a, b in rows
    ]
    assert geo.locate(x, y, GRIDS, snap_m=0).tolist() == expected


@settings(deadline=None)
@given(points, st.randoms(use_true_random=False))
def test_locate_does_not_depend_on_the_order_of_rows(rows: list[tuple[float, float]], random: Random) -> None:
    x, y = xy(rows)
    turn = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)
    assert (geo.locate(x, y, GRIDS)[turn] == geo.locate(x[turn], y[turn], GRIDS)).all()


@settings(deadline=None)
@given(points)
def test_grids_and_outside_add_up_to_all(rows: list[tuple[float, float]]) -> None:
    owner = geo.locate(*xy(rows), GRIDS)
    counts = geo.totals(owner, len(GRIDS))
    assert counts.per_group.sum() + counts.outside == len(rows)


def test_corner_and_edge_belong_to_the_first_grid() -> None:
    assert geo.locate([100, 100, 0, 400], [100, 50, 0, 300], GRIDS).tolist() == [0, 0, 0, 11]
    assert geo.locate([100.0], [100.0], GRIDS[::-1]).tolist() == [len(GRIDS) - 1 - 5]


def test_a_point_a_rounding_outside_is_taken_in_by_the_first_grid_near_it() -> None:
    x = [-5e-7, -2e-6, 400 + 9e-7, 100.0]
    assert geo.locate(x, [50, 50, 100, -5e-7], GRIDS).tolist() == [0, -1, 3, 0]
    assert geo.locate(x, [50, 50, 100, -5e-7], GRIDS, snap_m=0).tolist() == [-1, -1, -1, -1]


def test_no_polygons_null_polygons_and_holes_own_nothing() -> None:
    ring = shapely.box(0, 0, 90, 90).difference(shapely.box(30, 30, 60, 60))
    assert geo.locate([1.0], [1.0], []).tolist() == [-1]
    assert geo.locate([], [], GRIDS).tolist() == []
    assert geo.locate([10.0, 45.0, 30.0], [10.0, 45.0, 45.0], [None, shapely.Polygon(), ring]).tolist() == [2, -1, 2]


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="one length"):
        geo.locate([1.0, 2.0], [1.0], GRIDS)


def test_locate_needs_at_most_sixty_bytes_a_point() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-50, 450, (2, 200_000))
    geo.locate(x[:10], y[:10], GRIDS)
    tracemalloc.start()
    geo.locate(x, y, GRIDS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / len(x) <= 60


def test_border_rule_speaks_both_languages() -> None:
    assert "编号最小" in geo.BORDER_RULE.zh
    assert "smallest id" in geo.BORDER_RULE.en


def test_default_points_names_the_city_hall_and_not_a_busy_address() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 1000, (2, 5000))
    x[:700], y[:700] = 5.0, 6.0
    x[700:790], y[700:790] = 7.0, 8.0  # a busy address: 1.8 %
    x[4999] = np.nan
    found = geo.default_points(x, y)
    assert found.to_dict("records") == [{"x_m": 5.0, "y_m": 6.0, "rows": 700, "share": 700 / 4999}]
    assert list(geo.default_points(x, y, min_share=0.01)["rows"]) == [700, 90]
    assert geo.default_points(x[:40], y[:40]).empty
    assert geo.default_points([], []).empty
