import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.raster import Place, RasterHead, Surface
from geo.raster.resample import counts_on_cells, counts_resampled, density_resampled
from geo.raster.zonal_values import _Search

CRS = "EPSG:32650"
PLACE = Place(1.0, 0.0, 0.0, 0.0, -1.0, 12.0)
SHAPES = np.array(
    [
        shapely.Point(5, 6).buffer(4),
        shapely.box(0, 0, 12, 12),
        shapely.box(3.5, 3, 4.5, 9),
        shapely.box(50, 50, 60, 60),
    ],
    dtype=object,
)


def surface(cells: np.ndarray) -> Surface:
    return Surface(cells, PLACE, CRS)


def parts(shape: shapely.Geometry) -> np.ndarray:
    column, row = np.meshgrid(np.arange(12), np.arange(12))
    return np.asarray(shapely.area(shapely.intersection(shapely.box(column, 11 - row, column + 1, 12 - row), shape)))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.booleans())
def test_quantiles_are_values_of_cells_in_the_order_of_their_area(seed: int, single: bool) -> None:  # noqa: FBT001
    dice = np.random.default_rng(seed)
    cells = np.round(dice.normal(0, 20, (12, 12)), 1)
    cells[dice.random(cells.shape) < 0.15] = np.nan
    if single:
        cells = cells.astype("float32")
    shares = (0.0, 0.1, 0.5, 0.95, 1.0)
    found = geo.zonal_quantiles(surface(cells), SHAPES, CRS, shares=shares)
    for row, shape in enumerate(SHAPES[:3]):
        part = parts(shape).ravel()
        known = (part > 0) & np.isfinite(cells.ravel())
        order = np.argsort(cells.ravel()[known], kind="stable")
        value, reach = cells.ravel()[known][order], part[known][order].cumsum()
        for share in shares:
            wanted = value[np.argmax(reach >= share * reach[-1] * (1 - 1e-9))]
            assert found.loc[row, share] == pytest.approx(wanted)
    assert found.loc[3].isna().all()


def test_few_bits_at_a_time_find_the_same() -> None:
    search = _Search(2000, (0.5,) * 400, narrow=True)
    assert search.digits == 4
    assert search.bits == 32


def test_shares_add_up_and_the_commonest_class_wins() -> None:
    cells = np.full((12, 12), 30.0)
    cells[:, :6], cells[0, 0] = 10, np.nan
    found = geo.zonal_shares(surface(cells), SHAPES, CRS)
    assert list(found.shares.columns) == [10, 30]
    np.testing.assert_allclose(found.shares.sum(axis=1).iloc[:3], 1)
    assert found.shares.loc[1, 10] == pytest.approx(71 / 143)
    assert found.majority[1] == 30
    assert found.unknown_share[1] == pytest.approx(1 / 144)
    assert np.isnan(found.majority[3])
    assert found.shares.loc[3].isna().all()


def test_measurements_are_no_classes() -> None:
    with pytest.raises(geo.DataError, match=r"0\.5"):
        geo.zonal_shares(surface(np.full((12, 12), 0.5)), SHAPES, CRS)
    with pytest.raises(geo.DataError, match="different values"):
        geo.zonal_shares(surface(np.arange(400.0).reshape(20, 20)), [shapely.box(0, -8, 20, 12)], CRS)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.3, 3), st.floats(0.3, 3), st.floats(-2, 0), st.integers(0, 1000))
def test_resampled_counts_keep_their_sum_and_densities_their_size(
    wide: float, tall: float, west: float, seed: int
) -> None:
    cells = np.random.default_rng(seed).gamma(1, 5, (12, 12))
    place = Place(wide, 0.0, west, 0.0, -tall, 13.0)
    shape = (int(14 / tall) + 1, int(15 / wide) + 1)
    found = counts_resampled(surface(cells), place, shape)
    assert np.nansum(found) == pytest.approx(cells.sum())
    level = density_resampled(surface(np.full((12, 12), 7.0)), place, shape)
    np.testing.assert_allclose(level[np.isfinite(level)], 7)
    assert np.isnan(found[0, 0]) == np.isnan(level[0, 0])


@settings(deadline=None, max_examples=25)
@given(st.floats(1, 11), st.floats(1, 11))
def test_counts_of_polygons_on_cells_keep_their_sum(x: float, y: float) -> None:
    tiles = np.array([shapely.box(0, 0, x, y), shapely.box(x, 0, 12, y), shapely.box(0, y, 12, 12)], dtype=object)
    found = counts_on_cells(np.array([10.0, np.nan, 5.0]), tiles, PLACE, (12, 12))
    assert np.nansum(found) == pytest.approx(15)
    back = geo.zonal_statistics(surface(found), [shapely.box(0, 0, 12, 12)], CRS, statistics=("sum",))
    assert back.table["sum"].iloc[0] == pytest.approx(15)


def test_a_rotated_grid_is_refused() -> None:
    turned = Place(1.0, 0.5, 0.0, 0.5, -1.0, 0.0)
    with pytest.raises(geo.DataError, match="rotated"):
        counts_resampled(surface(np.ones((12, 12))), turned, (3, 3))
    head = RasterHead(12, 12, 1, "float64", CRS, turned)
    assert not head.is_upright
    with pytest.raises(geo.DataError, match="rotated"):
        geo.zonal_statistics(Surface(np.ones((2, 2)), turned, CRS), SHAPES, CRS)


def test_another_crs_is_an_error_for_all() -> None:
    for ask in (geo.zonal_shares, geo.zonal_quantiles, geo.zonal_statistics):
        with pytest.raises(geo.CrsError):
            ask(surface(np.ones((12, 12))), SHAPES, "EPSG:32651")
