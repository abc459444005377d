"""Who touches whom, by hand and under changes that must not matter."""

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given

from geo.pattern.contiguity import contiguity, shared_borders
from geo.pattern.neighbours import Neighbours, distance_band, listed, nearest_neighbours

# Five areas by hand:   A | B      E lies 100 m away. A and D meet in a corner only.
#                       C | D
FIVE = [
    shapely.box(0, 100, 100, 200), shapely.box(100, 100, 200, 200), shapely.box(0, 0, 100, 100),
    shapely.box(100, 0, 200, 100), shapely.box(300, 0, 400, 100),
]  # fmt: skip
QUEEN = [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], []]
ROOK = [[1, 2], [0, 3], [0, 3], [1, 2], []]


def lists(found: Neighbours) -> list[list[int]]:
    return [row.indices.tolist() for row in found.links]


@pytest.mark.parametrize("how", ["auto", "corners", "borders"])
def test_five_areas_by_hand(how: str) -> None:
    assert lists(contiguity(FIVE, how=how)) == QUEEN
    assert lists(contiguity(FIVE, rule="rook", how=how)) == ROOK
    assert contiguity(FIVE, how=how).islands.tolist() == [4]
    assert contiguity(FIVE, how=how).degree.tolist() == [3, 3, 3, 3, 0]


def test_shared_borders_are_measured() -> None:
    found = shared_borders(FIVE, near_m=0.5)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)
    ]  # fmt: skip
    assert found.length_m == pytest.approx([100, 100, 0, 0, 100, 100], abs=1.5)


def test_corners_that_do_not_match_are_measured() -> None:
    """One wide area above two narrow ones whose common corner lies in the middle of its edge, with a hair between."""
    areas = [shapely.box(0, 100.2, 200, 200), shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    assert lists(contiguity(areas, how="borders")) == [[1, 2], [0, 2], [0, 1]]
    assert lists(contiguity(areas, rule="rook", how="borders")) == [[1, 2], [0, 2], [0, 1]]
    touching = [shapely.box(0, 100, 200, 200), *areas[1:]]
    found = contiguity(touching)
    assert found.meta["parameters"]["how"] == "borders"
    assert lists(found) == [[1, 2], [0, 2], [0, 1]]


def test_multipolygons_and_missing_areas() -> None:
    both = shapely.multipolygons([FIVE[0], FIVE[4]])
    assert lists(contiguity([both, FIVE[3], None, shapely.Polygon()])) == [[1], [0], [], []]


@given(st.permutations(range(5)), st.floats(-1e6, 1e6), st.sampled_from(["corners", "borders"]))
def test_order_and_place_do_not_matter(order: list[int], by: float, how: str) -> None:
    areas = shapely.transform(np.array(FIVE, dtype=object)[order], lambda xy: xy + round(by))
    found = lists(contiguity(areas, how=how))
    assert [sorted(order[k] for k in found[order.index(n)]) for n in range(5)] == QUEEN


def test_nearest_and_band() -> None:
    x, y = [0, 10, 20, 100, 200], [0, 0, 0, 0, 0]
    assert lists(nearest_neighbours(x, y, 2)) == [[1, 2], [0, 2], [0, 1], [1, 2], [2, 3]]
    band = distance_band(x, y, 80)  # exactly at the distance is inside
    assert lists(band) == [[1, 2], [0, 2], [0, 1, 3], [2], []]
    assert band.sums(np.array([1.0, 2, 4, 8, 16])).tolist() == [6, 5, 11, 4, 0]
    with pytest.raises(ValueError, match="k must lie"):
        nearest_neighbours(x, y, 5)
    with pytest.raises(ValueError, match="above zero"):
        distance_band(x, y, 0)
    with pytest.raises(ValueError, match="coordinates"):
        distance_band([np.nan], [0], 1)


def test_lists_among() -> None:
    found = listed(QUEEN)
    assert lists(found.among(np.array([True, False, True, False, True]))) == [[1], [0], []]
    first, second = found.pairs
    assert len(first) == len(second) == 12


def test_grids_of_a_city_against_libpysal() -> None:
    libpysal = pytest.importorskip("libpysal")
    geopandas = pytest.importorskip("geopandas")
    areas = [shapely.box(c, r, c + 1, r + 1) for r in range(6) for c in range(5)]
    theirs = libpysal.weights.Queen.from_dataframe(geopandas.GeoDataFrame(geometry=areas), use_index=False)
    assert lists(contiguity(areas)) == [sorted(theirs.neighbors[n]) for n in range(30)]
