import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo.raster import Place, Surface

ROOT = Path(__file__).resolve().parents[2]
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


EVERY = ("count", "sum", "mean", "min", "max", "variance")
PLACE = Place(1.3, 0.0, 0.0, 0.0, -0.8, 16.0)


def surface(cells: np.ndarray, place: Place = PLACE) -> Surface:
    return Surface(cells, place, "EPSG:32650")


def shape_of(seed: int) -> shapely.Geometry:
    dice = np.random.default_rng(seed)
    if seed % 3 == 0:
        return shapely.Point(9, 8).buffer(6).difference(shapely.Point(9, 8).buffer(2.5))
    return shapely.make_valid(shapely.Polygon(dice.uniform(-4, 22, (dice.integers(3, 11), 2))))


def parts_by_cutting(shape: shapely.Geometry, rows: int, columns: int) -> np.ndarray:
    """The plain way: each cell is cut with the polygon."""
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    x, y = PLACE.c + column * PLACE.a, PLACE.f + row * PLACE.e
    cells = shapely.box(x, y + PLACE.e, x + PLACE.a, y)
    return np.asarray(shapely.area(shapely.intersection(cells, shape)) / shapely.area(cells))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_parts_are_those_that_cutting_gives(seed: int) -> None:
    shape = shape_of(seed)
    cells = np.random.default_rng(seed).normal(50, 10, (18, 14))
    cells[np.random.default_rng(seed + 1).random(cells.shape) < 0.1] = np.nan
    part = np.where(np.isfinite(cells), parts_by_cutting(shape, 18, 14), 0.0)
    found = geo.zonal_statistics(surface(cells), [shape], "EPSG:32650", statistics=EVERY).table.iloc[0]
    if part.sum() < 1e-6:
        return
    mean = np.nansum(part * cells) / part.sum()
    assert found["count"] == pytest.approx(part.sum(), abs=1e-9)
    assert found["sum"] == pytest.approx(np.nansum(part * cells))
    assert found["mean"] == pytest.approx(mean)
    assert found["variance"] == pytest.approx(np.nansum(part * (cells - mean) ** 2) / part.sum(), rel=1e-6, abs=1e-9)
    assert found["min"] <= cells[part > 1e-6].min()
    assert found["max"] >= cells[part > 1e-6].max()
    assert found["unknown_share"] == pytest.approx(1 - part.sum() * PLACE.a * -PLACE.e / shape.area, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_moving_all_or_turning_the_order_changes_nothing(seed: int, east: float, north: float) -> None:
    shapes = np.array([shape_of(seed + n) for n in range(4)], dtype=object)
    cells = np.random.default_rng(seed).normal(0, 1, (18, 14))
    first = geo.zonal_statistics(surface(cells), shapes, "EPSG:32650", statistics=EVERY).table
    moved = shapely.transform(shapes, lambda at: at + np.array([east, north]))
    place = PLACE._replace(c=PLACE.c + east, f=PLACE.f + north)
    there = geo.zonal_statistics(surface(cells, place), moved, "EPSG:32650", statistics=EVERY).table
    back = geo.zonal_statistics(surface(cells), shapes[::-1], "EPSG:32650", statistics=EVERY).table
    np.testing.assert_allclose(
        first.drop(columns=["min", "max"]), there.drop(columns=["min", "max"]), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(first, back[::-1], rtol=1e-11, atol=1e-11)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_values_scale_and_overlaps_count_twice(seed: int, factor: float) -> None:
    shape = shape_of(seed)
    cells = np.random.default_rng(seed).gamma(2, 3, (18, 14))
    found = geo.zonal_statistics(surface(cells), [shape, shape], "EPSG:32650").table
    more = geo.zonal_statistics(surface(cells * factor), [shape], "EPSG:32650").table
    np.testing.assert_allclose(found.iloc[0], found.iloc[1], rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(more["sum"], factor * found["sum"].iloc[:1], rtol=1e-9)


def test_five_polygons_by_hand(tmp_path: Path) -> None:
    """Cells of 10 m with the values 1 to 12, of which the first has none."""
    cells = CELLS.copy()
    cells[0, 0] = -1
    path = written(tmp_path / "cells.tif", cells)
    shapes = [
        shapely.box(10, 20, 20, 30),  # the cell 2
        shapely.box(15, 15, 25, 25),  # a quarter each of 2, 3, 6, 7
        shapely.box(0, 20, 20, 30),  # the cell without a value, and 2
        shapely.box(30, -10, 50, 10),  # a quarter of it lies over the cell 12
        shapely.Polygon([(0, 0), (20, 0), (0, 20)]),  # halves of 5 and 10, all of 9
    ]
    found = geo.zonal_statistics(path, shapes, "EPSG:32650", statistics=("count", "sum", "mean")).table
    np.testing.assert_allclose(found["count"], [1, 1, 1, 1, 2])
    np.testing.assert_allclose(found["sum"], [2, 4.5, 2, 12, 16.5])
    np.testing.assert_allclose(found["mean"], [2, 4.5, 2, 12, 8.25])
    np.testing.assert_allclose(found["unknown_share"], [0, 0, 0.5, 0.75, 0], atol=1e-12)


def test_counts_use_parts_and_densities_do_not_double(tmp_path: Path) -> None:
    """Cells of half the size: counts per cell are a quarter, a density stays; sum and mean stay alike."""
    fine = {"transform": rasterio.Affine(5, 0, 0, 0, -5, 30), "dtype": "float64"}
    halved = np.kron(CELLS, np.ones((2, 2)))
    shape = [shapely.box(3, 4, 33, 27)]
    coarse = geo.zonal_statistics(written(tmp_path / "a.tif"), shape, "EPSG:32650").table
    counts = geo.zonal_statistics(written(tmp_path / "b.tif", halved / 4, **fine), shape, "EPSG:32650").table
    density = geo.zonal_statistics(written(tmp_path / "c.tif", halved, **fine), shape, "EPSG:32650").table
    np.testing.assert_allclose(counts["sum"], coarse["sum"])
    np.testing.assert_allclose(density["mean"], coarse["mean"])


def test_windows_do_not_show(tmp_path: Path) -> None:
    """A raster of several windows, some of them side by side, gives what one window gives."""
    cells = np.random.default_rng(0).normal(0, 1, (1100, 1300)).astype("float32")
    path = written(
        tmp_path / "a.tif", cells, dtype="float32", transform=rasterio.Affine(1, 0, 0, 0, -1, 1100), nodata=None
    )
    shapes = [
        shapely.Point(600, 500).buffer(400),
        shapely.box(510.5, 580.25, 515, 600),
        shapely.box(-50, -50, 2000, 2000),
    ]
    whole = geo.zonal_statistics(path, shapes, "EPSG:32650", statistics=EVERY).table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.raster.source._AT_ONCE", 512 * 512)
        parts = geo.zonal_statistics(path, shapes, "EPSG:32650", statistics=EVERY).table
    np.testing.assert_allclose(whole, parts, rtol=1e-9, atol=1e-9)
    assert whole["count"].iloc[2] == 1100 * 1300


def test_memory_does_not_grow_with_the_raster(tmp_path: Path) -> None:
    """A raster of 420 MB unpacked is added up within 400 MB, libraries included."""
    path = tmp_path / "large.tif"
    side = 10_240
    profile = {
        "width": side,
        "height": side,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:32650",
        "compress": "deflate",
    }
    corner = rasterio.Affine(1, 0, 0, 0, -1, side)
    with rasterio.open(
        path, "w", driver="GTiff", transform=corner, tiled=True, blockxsize=512, blockysize=512, **profile
    ) as out:
        row = np.full((512, side), 2.0, dtype="float32")
        for top in range(0, side, 512):
            out.write(row, 1, window=((top, top + 512), (0, side)))
    code = f"""
from pathlib import Path
import shapely, geo
cut = [shapely.box(x, y, x + 3000, y + 3000) for x in range(0, 9000, 3000) for y in range(0, 9000, 3000)]
found = geo.zonal_statistics(Path({str(path)!r}), cut, "EPSG:32650")
assert abs(found.table["sum"].sum() - 2 * 9000 ** 2) < 1e-3
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 400_000
