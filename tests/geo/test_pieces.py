"""Pieces keep the length of their lines; a point belongs to what is named, else to what is nearest."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.pieces import facade_area, likeliest, line_pieces

PLACE = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
LINE = st.lists(PLACE, min_size=2, max_size=5, unique=True).map(shapely.LineString)


@given(st.lists(LINE, min_size=1, max_size=4), st.floats(5, 200))
def test_pieces_are_short_and_keep_the_length(lines: list[shapely.LineString], step_m: float) -> None:
    found = line_pieces(lines, step_m)
    assert (found.metres <= step_m + 1e-6).all()
    sums = np.bincount(found.line, weights=found.metres, minlength=len(lines))
    assert sums == pytest.approx([one.length for one in lines], abs=1e-6)
    assert shapely.length(found.shapes) == pytest.approx(found.metres, abs=1e-6)


def test_nothing_has_no_pieces() -> None:
    assert len(line_pieces([None, shapely.LineString()], 10).metres) == 0
    assert len(line_pieces([], 10).line) == 0


def test_the_nearest_within_reach_owns_a_point() -> None:
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(0, 12), (100, 12)]), None]
    x, y = [50, 50, 50, np.nan], [4, 11, 60, 0]
    assert likeliest(x, y, lines, within_m=30).tolist() == [0, 1, -1, -1]
    assert likeliest([50], [6], lines, within_m=30).tolist() == [0], "of equals the first"


def test_what_is_named_goes_before_what_is_near() -> None:
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(0, 12), (100, 12)])]

    def named(points: np.ndarray, shapes: np.ndarray) -> np.ndarray:
        return (points == 0) & (shapes == 1)

    assert likeliest([50, 50], [1, 1], lines, within_m=30, named=named).tolist() == [1, 0]
    assert likeliest([50], [1], lines, within_m=5, named=named).tolist() == [0], "not beyond reach"


@given(st.lists(PLACE, min_size=2, max_size=8), st.lists(LINE, min_size=1, max_size=4))
def test_a_point_does_not_depend_on_the_others(
    points: list[tuple[float, float]], lines: list[shapely.LineString]
) -> None:
    x, y = np.array(points).T
    found = likeliest(x, y, lines, within_m=100)
    assert likeliest(x[::-1], y[::-1], lines, within_m=100)[::-1].tolist() == found.tolist()


def test_a_facade_is_perimeter_by_height() -> None:
    found = facade_area([shapely.box(0, 0, 10, 5), shapely.box(0, 0, 1, 1)], [4, np.nan], storey_m=3)
    assert found[0] == pytest.approx(360)
    assert np.isnan(found[1])
