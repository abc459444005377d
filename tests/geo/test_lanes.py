"""Dead ends, squares to turn in, walls near lanes, gaps between lanes, segments, and lines over areas."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.lanes.ends import dead_ends, has_turning_square
from geo.lanes.gaps import facade_gaps, widest_gaps
from geo.lanes.segments import (
    laid_over,
    largest_connected,
    length_within,
    nearest_segment,
    segments_between_meetings,
)

ROAD = shapely.LineString([(0, 0), (100, 0)])
COURT = shapely.LineString([(30, 0), (30, 60)])
BACK = shapely.LineString([(60, 0.5), (60, 30), (80, 30)])  # begins half a metre beside the road
LOOP = shapely.LineString([(0, 100), (10, 100), (10, 110), (0, 110), (0, 100)])


def test_dead_ends_with_the_length_that_leads_nowhere() -> None:
    found = dead_ends([ROAD, COURT, BACK, LOOP]).table
    assert found[["line", "end", "blind_m"]].to_numpy().tolist() == [
        [0, "first", 30.0],
        [0, "last", 40.0],
        [1, "last", 60.0],
        [2, "last", 49.5],
    ]
    assert found.loc[2, ["x_m", "y_m", "east", "north"]].tolist() == [30.0, 60.0, 0.0, 1.0]
    assert len(dead_ends([ROAD, COURT, BACK], join_m=0.4).table) == 4 + 0 + 1  # now the back lane is joined to nothing
    assert dead_ends([ROAD], joins=[shapely.LineString([(100, -5), (100, 5)])]).table["end"].tolist() == ["first"]
    assert dead_ends([]).table.empty


@pytest.mark.parametrize(
    ("things", "turns"),
    [
        ([], True),
        ([shapely.box(0, 40, 24, 80), shapely.box(36, 40, 60, 80)], True),  # a gap of exactly 12 m
        ([shapely.box(0, 40, 24.1, 80), shapely.box(36, 40, 60, 80)], False),
        ([shapely.box(0, 62, 100, 80)], True),  # a wall 2 m ahead: the square lies beside the lane's last metres
        ([shapely.box(18, 40, 28, 60), shapely.box(32, 40, 48, 60)], True),  # narrow up to the end, free ahead
        ([shapely.box(18, 40, 28, 70), shapely.box(32, 40, 48, 70)], False),
        ([shapely.Point(30, 54), shapely.Point(30, 66)], True),
        ([shapely.box(10, 45, 50, 75)], False),  # inside a house
        ([shapely.LineString([(0, 61), (60, 61)]), shapely.LineString([(0, 52), (60, 52)])], False),  # two walls
    ],
)
def test_a_square_to_turn_in(things: list[shapely.Geometry], *, turns: bool) -> None:
    end = dead_ends([ROAD, COURT]).table.query("line == 1")
    assert has_turning_square(end, 12.0, things).tolist() == [turns]


def test_the_larger_square_needs_more_room() -> None:
    end = dead_ends([ROAD, COURT]).table.query("line == 1")
    walls = [shapely.box(0, 40, 23, 80), shapely.box(36, 40, 60, 80)]  # 13 m between
    assert has_turning_square(end, 12.0, walls).all()
    assert not has_turning_square(end, 15.0, walls).any()


def test_walls_near_lanes() -> None:
    houses = [shapely.box(10, 5, 20, 10), shapely.box(32, 20, 40, 30), shapely.box(29, 50, 31, 55)]
    found = facade_gaps([ROAD, COURT], [2.0, 3.0], houses).table
    assert found["lane"].tolist() == [0, 1, 1]
    assert found["gap_m"].tolist() == [3.0, -1.0, -3.0]
    assert facade_gaps([], 2.0, houses).table["gap_m"].tolist() == [np.inf] * 3


def test_the_gap_between_parallel_lanes_is_their_distance() -> None:
    lanes = [shapely.LineString([(0, 0), (1000, 0)]), shapely.LineString([(0, 150), (1000, 150)])]
    found = widest_gaps(lanes, [shapely.box(400, 0, 600, 150), shapely.box(400, -50, 600, 150)])
    assert found.width_m.tolist() == pytest.approx([150.0, 150.0], abs=0.01)
    house = [shapely.box(450, 20, 460, 30)]  # 45 m at least from the middle of the widest circle: inside it
    assert widest_gaps(lanes, [shapely.box(400, 0, 600, 150)], holding=house).width_m[0] == pytest.approx(150, abs=0.01)
    away = [shapely.box(2000, 20, 2010, 30)]
    assert np.isnan(widest_gaps(lanes, [shapely.box(400, 0, 600, 150)], holding=away).width_m[0])
    assert np.isinf(widest_gaps([], [shapely.box(0, 0, 1, 1)]).width_m[0])


def test_the_widest_circle_in_a_square_block() -> None:
    block = shapely.LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    found = widest_gaps([block], [shapely.box(0, 0, 100, 100)])
    assert (found.width_m[0], found.x_m[0], found.y_m[0]) == pytest.approx((100.0, 50.0, 50.0), abs=0.1)


def test_lines_are_parted_where_others_meet_them() -> None:
    beside = shapely.LineString([(30, 0.4), (30, 60)])
    crossing = shapely.LineString([(60, -10), (60, 30)])
    found = segments_between_meetings([ROAD, beside, crossing])
    spans = [(int(line), float(a), float(b)) for line, a, b in zip(found.line, found.from_m, found.to_m, strict=True)]
    assert spans == [(0, 0, 30), (0, 30, 60), (0, 60, 100), (1, 0, 59.6), (2, 0, 10), (2, 10, 40)]
    assert shapely.length(found.shapes).sum() == pytest.approx(100 + 59.6 + 40)
    near = nearest_segment([10, 30, 29, 200, np.nan], [3, -1, 5, 0, 0], found.shapes, farthest_m=5)
    assert near.tolist() == [0, 0, 3, -1, -1]
    assert len(segments_between_meetings([]).line) == 0


def test_a_line_along_a_border_is_shared() -> None:
    areas = [shapely.box(0, 0, 50, 50), shapely.box(50, 0, 100, 50), shapely.box(0, 50, 100, 100)]
    found = laid_over([shapely.LineString([(0, 50), (100, 50)])], areas)
    metres = np.bincount(found.area, weights=found.metres, minlength=3)
    assert metres.tolist() == [25.0, 25.0, 50.0]
    outer = laid_over([shapely.LineString([(-20, 0), (100, 0)])], areas)  # on the outer border: in one area alone
    assert np.bincount(outer.area, weights=outer.metres, minlength=3).tolist() == [50.0, 50.0, 0.0]


@given(st.lists(st.tuples(st.integers(-10, 110), st.integers(-10, 110)), min_size=2, max_size=5, unique=True))
def test_lengths_by_area_add_up(points: list[tuple[int, int]]) -> None:
    areas = [shapely.box(x, y, x + 50, y + 50) for x in (0, 50) for y in (0, 50)]
    line = shapely.LineString(points)
    found = laid_over([line], areas)
    inside = sum(
        shapely.length(shapely.intersection(shapely.LineString(pair), shapely.box(0, 0, 100, 100)))
        for pair in itertools.pairwise(points)
    )
    simple = shapely.is_simple(line)
    assert found.metres.sum() <= inside + 1e-6
    if simple:
        assert found.metres.sum() == pytest.approx(inside, abs=1e-6)


def test_length_in_reach_of_lamps_is_a_chord() -> None:
    # A lamp 3 m beside the line reaches 5 m: 4 m to both sides of its foot.
    assert length_within([ROAD], [50.0], [3.0], 5.0).tolist() == pytest.approx([8.0])
    assert length_within([ROAD], [50.0, 55.0, np.nan], [3.0, 3.0, 0.0], 5.0).tolist() == pytest.approx([13.0])
    assert length_within([ROAD], [50.0], [5.0], 5.0).tolist() == pytest.approx([0.0])
    assert length_within([ROAD, COURT], [], [], 5.0).tolist() == [0.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(-30, 30)), max_size=6), st.floats(1, 40))
def test_more_lamps_light_more(spots: list[tuple[int, int]], radius: float) -> None:
    x, y = [float(s[0]) for s in spots], [float(s[1]) for s in spots]
    lit = length_within([ROAD], x, y, radius)[0]
    assert 0 <= lit <= 100 + 1e-9
    assert length_within([ROAD], x[1:], y[1:], radius)[0] <= lit + 1e-9
    circles = (
        shapely.union_all(shapely.buffer(shapely.points(x, y), radius, quad_segs=128)) if spots else shapely.Point()
    )
    assert lit == pytest.approx(
        shapely.length(shapely.intersection(ROAD, circles)), abs=0.01 * radius * max(len(spots), 1)
    )


def test_the_largest_connected_part() -> None:
    far = shapely.LineString([(500, 0), (550, 0)])
    assert largest_connected([ROAD, COURT, far, BACK]).tolist() == [True, True, False, True]
    assert largest_connected([]).tolist() == []
