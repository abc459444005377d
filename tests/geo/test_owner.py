"""The nearest owner: inside, within reach, the rim, ties to the first, and never beyond."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.owner import nearest_owner
from geo.ownership import locate

LINES = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(0, 20), (100, 20)]), None]
NUMBERS = st.floats(-50, 150, allow_nan=False, width=32)


def test_by_hand() -> None:
    x, y = [50, 50, 50, 50, np.nan, 130.0], [5, 15, 10, 51, 0, 0]
    assert nearest_owner(x, y, LINES, limit_m=30).tolist() == [0, 1, 0, -1, -1, 0]
    assert nearest_owner(x, y, LINES[::-1], limit_m=30).tolist() == [2, 1, 1, -1, -1, 2]
    assert nearest_owner([50.0], [50.0], LINES, limit_m=30).tolist() == [1]  # the rim counts


def test_without_reach_areas_own_what_they_hold() -> None:
    areas = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    x, y = [5.0, 10.0, 20.5], [5.0, 5.0, 5.0]
    assert nearest_owner(x, y, areas, limit_m=0).tolist() == locate(x, y, areas).tolist() == [0, 0, -1]
    assert nearest_owner(x, y, areas, limit_m=1).tolist() == [0, 0, 1]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="limit"):
        nearest_owner([0.0], [0.0], LINES, limit_m=-1)
    with pytest.raises(ValueError, match="length"):
        nearest_owner([0.0, 1.0], [0.0], LINES, limit_m=5)
    assert nearest_owner([0.0], [0.0], [], limit_m=5).tolist() == [-1]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20), st.floats(1, 60), st.floats(0, 40))
def test_the_plain_way_agrees_and_more_reach_loses_nobody(
    points: list[tuple[float, float]], limit: float, more: float
) -> None:
    x, y = np.array(points).T
    shapes = [shapely.box(0, 0, 30, 30), LINES[0], LINES[1], shapely.box(60, 60, 90, 90)]
    found = nearest_owner(x, y, shapes, limit_m=limit)
    for px, py, one in zip(x, y, found, strict=True):
        far = np.array([shapely.distance(shape, shapely.Point(px, py)) for shape in shapes])
        if one < 0:
            assert far.min() > limit - 1e-5
        else:
            assert far[one] == pytest.approx(far.min(), abs=2e-6)
            assert far[one] <= limit + 1e-5
    wider = nearest_owner(x, y, shapes, limit_m=limit + more)
    assert (wider[found >= 0] == found[found >= 0]).all()
