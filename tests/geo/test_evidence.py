import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence import FEWEST, distinct, inside, outline, peak, share_inside, shift


def houses(seed: int = 1, number: int = 400) -> np.ndarray:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 4_000, (number, 2))
    return shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 25, corner[:, 1] + 25)


def doors(shapes: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    centres = shapely.centroid(shapes[:number])
    return shapely.get_x(centres), shapely.get_y(centres)


def test_places_at_their_houses_stand_out_and_shifted_ones_do_not() -> None:
    shapes = houses()
    tree = shapely.STRtree(shapes)
    x, y = doors(shapes, 120)
    true = peak(tree, x, y)
    assert true is not None
    assert true.stands_out
    assert true.is_sharp
    assert (true.share, true.median_m) == (1.0, 0.0)
    for east, north in ((450, 200), (-80, 0), (0, 60), (1_100, -300)):
        found = peak(tree, x + east, y + north)
        assert found is not None
        assert not found.stands_out, (east, north)


def test_a_layer_that_covers_everything_shows_nothing() -> None:
    found = peak(shapely.STRtree([shapely.box(-9e3, -9e3, 9e3, 9e3)]), *doors(houses(), 100))
    assert found is not None
    assert found.share == found.pushed == 1
    assert not found.stands_out


def test_few_places_or_no_shapes_show_nothing() -> None:
    shapes = houses()
    assert peak(shapely.STRtree(shapes), *doors(shapes, FEWEST - 1)) is None
    assert peak(shapely.STRtree([]), *doors(shapes, 50)) is None
    same = np.zeros(50)
    assert peak(shapely.STRtree(shapes), np.full(50, np.nan), same) is None


def test_outlines_are_joined_mended_and_widened() -> None:
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    whole = outline([shapely.box(0, 0, 100, 100), None, shapely.Polygon(), bow, shapely.box(100, 0, 200, 100)])
    assert whole is not None
    x = np.array([50.0, 215.0, 225.0, np.nan])
    assert inside(whole, x, np.full(4, 50.0)).tolist() == [True, True, False, False]
    assert share_inside(whole, x, np.full(4, 50.0)) == 0.5
    assert outline([]) is None
    assert outline([None]) is None


def test_distinct_places_are_chosen_the_same_way_each_time() -> None:
    x, y = np.array([1.0, 2.0, 1.0, 1.0]), np.array([1.0, 2.0, 1.0, 3.0])
    assert distinct(x, y).tolist() == [0, 1, 3]
    many = np.arange(10_000.0)
    assert len(distinct(many, many, 50)) == 50
    assert (distinct(many, many, 50) == distinct(many, many, 50)).all()
    assert distinct(x[:0], y[:0]).tolist() == []


def test_shifts_have_a_length_and_a_side() -> None:
    nothing = np.zeros(3)
    assert shift((nothing, nothing), (nothing + 3, nothing - 3)) == pytest.approx((4.2426, 135), abs=1e-3)


@given(st.lists(st.tuples(*[st.sampled_from([0.0, -0.0, 1.5, -2.0, 1e9])] * 2), max_size=30))
def test_the_first_of_each_place_is_chosen(places: list[tuple[float, float]]) -> None:
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    first = [at for at, one in enumerate(places) if one not in places[:at]]
    assert distinct(x, y).tolist() == first
