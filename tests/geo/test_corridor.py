import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.lanes.corridor import covered_length, obstructed_stretches
from geo.lanes.pieces import pieces_of

EAST = shapely.LineString([(0, 0), (100, 0)])
BEND = shapely.LineString([(0, 0), (50, 0), (50, 50)])  # turns left: the outer corner is to the right, south-east


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in table.drop(columns="line").itertuples(index=False)]


def taken(line: shapely.LineString, *things: shapely.Geometry, **more: object) -> list[tuple[object, ...]]:
    return rows(obstructed_stretches([line], 2.0, list(things), **more).table)  # type: ignore[arg-type]


def test_a_bay_in_the_corridor_is_told_with_place_depth_and_what_is_left() -> None:
    # 30 to 40 m along, its near edge 1.5 m left of the line: 0.5 m inside a corridor of 4 m.
    bay = shapely.box(30, 1.5, 40, 3.5)
    assert taken(EAST, bay) == [(0, 30.0, 40.0, 0.5, "left", 3.5)]
    # The carriageway is 7 m wide: from its right edge at -3.5 to the bay at 1.5 there are 5 m.
    assert taken(EAST, bay, carriageway_m=[7.0]) == [(0, 30.0, 40.0, 0.5, "left", 5.0)]


def test_what_only_touches_does_not_obstruct() -> None:
    assert taken(EAST, shapely.box(10, 2, 20, 4)) == []  # along the edge
    assert taken(EAST, shapely.box(100, -3, 110, 3)) == []  # the flat end
    assert taken(EAST, shapely.box(10, 1.99, 20, 4)) == []  # by the tolerance of 1 cm
    assert len(taken(EAST, shapely.box(10, 1.98, 20, 4))) == 1
    assert len(taken(EAST, shapely.box(10, 1.99, 20, 4), tolerance_m=0.005)) == 1
    assert taken(EAST, shapely.Point(10, 2)) == []


def test_both_sides_count_for_the_width_left() -> None:
    left, right = shapely.box(30, 1.5, 40, 3), shapely.box(32, -3, 36, -1)
    # Where both stand there are 1.5 + 1.0 m, which is the least of either stretch.
    assert taken(EAST, left, right) == [(0, 30.0, 40.0, 0.5, "left", 2.5), (1, 32.0, 36.0, 1.0, "right", 2.5)]


def test_a_house_on_the_line_and_walls_and_points() -> None:
    house, wall, hut = shapely.box(50, -1, 60, 1), shapely.LineString([(80, -5), (80, 5)]), shapely.Point(70, -0.5)
    assert taken(EAST, house, wall, hut, carriageway_m=[7.0]) == [
        (0, 50.0, 60.0, 2.0, "across", 2.5),
        (2, 70.0, 70.0, 1.5, "right", 4.0),
        (1, 80.0, 80.0, 2.0, "across", 0.0),
    ]


def test_a_skew_wall_takes_the_part_of_the_line_that_it_nears() -> None:
    # From (0, 4) to (40, 0): nearer than 2 m from x = 20 on, on the line at 40.
    (row,) = taken(EAST, shapely.LineString([(0, 4), (40, 0)]))
    assert row[1:4] == (20.0, 40.0, 2.0)


def test_bends() -> None:
    corner = shapely.box(51, -3, 53, -1)  # its corner (51, -1) is 1.4142 m from the bend
    assert taken(BEND, corner) == [
        (0, 50.0, 50.0, pytest.approx(2 - 2**0.5, abs=1e-6), "right", pytest.approx(2 + 2**0.5))
    ]
    far = shapely.box(51.5, -3, 53, -1.5)  # 2.1213 m away: in the miter, outside the rounded corner
    assert taken(BEND, far) == []
    inside = shapely.box(45, 1, 49, 5)  # the inner side: 1 m from both pieces
    assert [row[1:4] for row in taken(BEND, inside)] == [(45.0, 49.0, 1.0), (51.0, 55.0, 1.0)]


def test_a_house_around_the_bend_is_one_stretch() -> None:
    around = shapely.box(40, -1, 51, 10)
    assert [row[1:3] for row in taken(BEND, around)] == [(40.0, 60.0)]


def test_a_ring_has_a_corner_where_it_closes() -> None:
    ring = shapely.LineString([(0, 0), (0, 50), (50, 50), (50, 0), (0, 0)])
    assert [row[1:3] for row in taken(ring, shapely.box(-3, -3, -1, -1))] == [(0.0, 0.0)]


def test_parts_of_a_multi_line_follow_each_other() -> None:
    parts = shapely.MultiLineString([[(0, 0), (10, 0)], [(20, 0), (40, 0)]])
    assert [row[1:3] for row in taken(parts, shapely.box(25, -1, 30, 1))] == [(15.0, 20.0)]


def test_a_thing_in_two_pieces_gives_two_stretches() -> None:
    court = shapely.union(shapely.box(10, 1, 12, 4), shapely.box(20, 1, 24, 4))
    assert [row[1:3] for row in taken(EAST, court)] == [(10.0, 12.0), (20.0, 24.0)]


def test_nothing_and_wrong_numbers() -> None:
    for lines, things in (([], [EAST]), ([None, shapely.LineString()], [EAST]), ([EAST], [])):
        assert obstructed_stretches(lines, 2.0, things).table.empty
    with pytest.raises(ValueError, match="half width"):
        obstructed_stretches([EAST], 0.0, [])
    assert obstructed_stretches([EAST], 2.0, []).meta["half_width_m"] == 2.0


def test_covered_length_counts_what_overlaps_once() -> None:
    assert covered_length([0, 0, 0, 2], [30, 32, 50, 0], [40, 36, 60, 5], 3).tolist() == [20.0, 0.0, 5.0]
    assert covered_length([], [], [], 2).tolist() == [0.0, 0.0]


def test_course_between_two_distances() -> None:
    course = pieces_of(np.array([BEND], dtype=object)).between(
        np.array([0, 0]), np.array([40.0, 60.0]), np.array([60.0, 60.0])
    )
    assert shapely.equals(course[0], shapely.LineString([(40, 0), (50, 0), (50, 10)]))
    assert shapely.equals(course[1], shapely.Point(50, 10))


coordinate = st.integers(-40, 40)
boxes = st.lists(st.tuples(coordinate, coordinate, st.integers(1, 15), st.integers(1, 15)), min_size=1, max_size=6)
lines = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=4, unique=True)


def shaped(sizes: list[tuple[int, int, int, int]]) -> np.ndarray:
    return np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in sizes], dtype=object)


@settings(max_examples=40)
@given(lines, boxes, st.floats(0.5, 6))
def test_a_thing_is_found_where_the_buffer_says_so(
    points: list[tuple[int, int]], sizes: list[tuple[int, int, int, int]], half: float
) -> None:
    line, things = shapely.LineString(points), shaped(sizes)
    found = set(obstructed_stretches([line], half, things).table["thing"])
    flat = shapely.buffer(line, half, cap_style="flat", quad_segs=64)
    overlap = shapely.area(shapely.intersection(flat, things))
    assert {int(i) for i in np.flatnonzero(overlap > 0.5)} <= found  # surely inside
    near = shapely.distance(line, things) < half
    assert found <= {int(i) for i in np.flatnonzero(near)}


@settings(max_examples=40)
@given(lines, boxes, st.floats(0.5, 4), st.floats(0.1, 3))
def test_a_wider_corridor_is_taken_more(
    points: list[tuple[int, int]], sizes: list[tuple[int, int, int, int]], half: float, more: float
) -> None:
    things, line = shaped(sizes), [shapely.LineString(points)]
    one, two = (obstructed_stretches(line, width, things).table for width in (half, half + more))
    lengths = [covered_length(t["line"], t["from_m"], t["to_m"], 1)[0] for t in (one, two)]
    assert lengths[0] <= lengths[1] + 1e-6 <= shapely.length(line[0]) + 2e-6
    assert set(one["thing"]) <= set(two["thing"])


@settings(max_examples=40)
@given(lines, boxes, st.randoms(use_true_random=False), st.tuples(st.integers(-500, 500), st.integers(-500, 500)))
def test_order_and_place_do_not_matter(
    points: list[tuple[int, int]], sizes: list[tuple[int, int, int, int]], random: object, by: tuple[int, int]
) -> None:
    things, line = shaped(sizes), shapely.LineString(points)
    order = list(range(len(things)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = obstructed_stretches([line], 2.0, things).table
    moved = shapely.transform(np.array([line, *things[order]], dtype=object), lambda xy: xy + np.array(by))
    two = obstructed_stretches(moved[:1], 2.0, moved[1:]).table
    two = two.assign(thing=np.array(order, dtype=np.int64)[two["thing"].to_numpy(dtype=np.int64)])
    columns = ["thing", "from_m", "to_m"]
    one, two = (t.sort_values(columns, ignore_index=True) for t in (one, two))
    assert len(one) == len(two)
    for name in ("from_m", "to_m", "intrusion_m", "clear_m"):
        np.testing.assert_allclose(one[name].to_numpy(float), two[name].to_numpy(float), atol=1e-4)
