from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo

CELLS = np.arange(1.0, 13.0).reshape(3, 4)


def written(path: Path, cells: np.ndarray = CELLS, **profile: object) -> Path:
    options = {
        "driver": "GTiff", "height": cells.shape[0], "width": cells.shape[1], "count": 1, "dtype": "float64",
        "crs": "EPSG:32650", "transform": rasterio.Affine(10, 0, 0, 0, -10, 30), "nodata": -1,
    } | profile  # fmt: skip
    with rasterio.open(path, "w", **options) as raster:
        raster.write(cells, 1)
    return path


@settings(deadline=None, max_examples=30)
@given(st.floats(1, 39), st.floats(1, 29))
def test_tiles_share_the_total(tmp_path_factory: pytest.TempPathFactory, x: float, y: float) -> None:
    path = tmp_path_factory.getbasetemp() / "cells.tif"
    if not path.exists():
        written(path)
    tiles = [shapely.box(0, 0, x, y), shapely.box(x, 0, 40, y), shapely.box(0, y, x, 30), shapely.box(x, y, 40, 30)]
    assert np.nansum(geo.zonal_sum(path, tiles, "EPSG:32650")) == pytest.approx(CELLS.sum())


def test_parts_of_cells_nodata_and_places_outside(tmp_path: Path) -> None:
    cells = CELLS.copy()
    cells[0, 0] = -1
    path = written(tmp_path / "cells.tif", cells)
    polygons = [
        shapely.box(5, 15, 15, 30),
        shapely.box(0, 20, 10, 30),
        shapely.box(500, 500, 600, 600),
        shapely.box(35, -50, 90, 5),
        None,
        shapely.Polygon(),
    ]
    found = geo.zonal_sum(path, polygons, "EPSG:32650")
    assert found[0] == pytest.approx(0.5 * 2 + 0.25 * 5 + 0.25 * 6)
    assert found[3] == pytest.approx(0.25 * 12)
    assert np.isnan(found[[1, 2, 4, 5]]).all()
    assert np.isnan(geo.zonal_sum(path, polygons[2:3], "EPSG:32650")).all()


def test_another_crs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(geo.CrsError, match="EPSG:32650"):
        geo.zonal_sum(written(tmp_path / "a.tif"), [shapely.box(0, 0, 9, 9)], "EPSG:32651")
    with pytest.raises(geo.CrsError):
        geo.zonal_sum(written(tmp_path / "b.tif", crs=None), [shapely.box(0, 0, 9, 9)], "EPSG:32650")


def test_what_is_no_plain_geotiff_is_refused(tmp_path: Path) -> None:
    disguised = tmp_path / "c.tif"
    disguised.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"/>')
    cut = tmp_path / "cut.tif"
    cut.write_bytes(written(tmp_path / "whole.tif").read_bytes()[:20])
    turned = written(tmp_path / "turned.tif", transform=rasterio.Affine(7, 7, 0, 7, -7, 30))
    for path in (disguised, cut, turned, tmp_path / "none.tif"):
        with pytest.raises(geo.DataError) as caught:
            geo.zonal_sum(path, [shapely.box(0, 0, 9, 9)], "EPSG:32650")
        assert caught.value.problems[0].file == path.name


def test_a_giant_is_refused_from_its_header(tmp_path: Path) -> None:
    path = tmp_path / "giant.tif"
    profile = {"driver": "GTiff", "height": 200_000, "width": 200_000, "count": 1, "dtype": "uint8", "sparse_ok": True}
    corner = rasterio.Affine(2, 0, 0, 0, -2, 0)
    with rasterio.open(path, "w", crs="EPSG:32650", transform=corner, tiled=True, **profile):
        pass
    with pytest.raises(geo.DataError, match="200,000 × 200,000"):
        geo.zonal_sum(path, [shapely.box(0, -9, 9, 0)], "EPSG:32650")
