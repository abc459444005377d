"""Sums of raster cells per polygon, each cell by the part of it that the polygon covers."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

import geo.drivers as _drivers  # noqa: F401 (rasterio is loaded inside the functions, so after this)
from geo.errors import CrsError, DataError, Problem
from geo.findings import inside_fault, looks_like, system_fault
from geo.text import Text

if TYPE_CHECKING:
    import rasterio

_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LARGEST = 500_000_000  # cells
_MOST_BYTES = 2_000_000_000
_CELLS = 100_000  # cells compared with a polygon at once
_FORMAT = Text(
    "正北朝上的单波段 GeoTIFF，至多 5 亿像元", "a north-up GeoTIFF of one band and at most 500 million cells"
)


def zonal_sum(path: Path, polygons: ArrayLike, crs: object) -> NDArray[np.float64]:
    """Add up a raster of counts (such as residents per cell) over polygons.

    A cell on the border counts with the part of its area inside the polygon, so that polygons
    which tile the raster share its total exactly. Cells without data are left out.

    Args:
        path: GeoTIFF whose first band holds counts per cell.
        polygons: n (multi)polygons.
        crs: the CRS of the polygons; it must be that of the raster.

    Returns:
        Sums, shape (n,); NaN for a polygon that touches no cell with data.

    Raises:
        CrsError: raster and polygons have different CRS, or the raster has none.
        DataError: no GeoTIFF, rotated, or too large.
    """
    import rasterio  # noqa: PLC0415 (heavy)

    areas = np.asarray(polygons, dtype=object).ravel()
    _check_magic(path)
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            _check(raster, path, crs)
            values, corner = _read(raster, areas)
            step = (raster.transform.a, -raster.transform.e)
    except rasterio.errors.RasterioError as error:
        raise DataError([_fault(path, inside_fault(path, error))]) from error
    return np.array([_sum(area, values, corner, step) for area in areas], dtype=float)


class RasterHead(NamedTuple):
    """What the head of a GeoTIFF says: size in cells, bands, type of the values, and where it lies.

    ``bounds`` are west, south, east, north in ``crs``, which is None where the file does not say.
    """

    width: int
    height: int
    bands: int
    dtype: str
    crs: str | None
    bounds: tuple[float, float, float, float]


def read_raster_head(path: Path) -> RasterHead:
    """Read the head of a GeoTIFF, and refuse it if its pixels would be too many, without reading one.

    Raises:
        DataError: no GeoTIFF, more than 500 million cells, or more than 2 GB unpacked.
    """
    import rasterio  # noqa: PLC0415 (heavy)
    from rasterio.errors import NotGeoreferencedWarning  # noqa: PLC0415 (heavy)

    _check_magic(path)
    try:
        with warnings.catch_warnings(), rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is told as a missing CRS
            with rasterio.open(path, driver="GTiff") as raster:
                kinds, bounds = [str(kind) for kind in raster.dtypes], raster.bounds
                head = RasterHead(
                    raster.width,
                    raster.height,
                    raster.count,
                    kinds[0],
                    _code(raster.crs),
                    (bounds.left, bounds.bottom, bounds.right, bounds.top),
                )
    except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError, ValueError) as error:
        raise DataError([_fault(path, inside_fault(path, error))]) from error
    cells = head.width * head.height
    if cells > _LARGEST or cells * sum(_cell_bytes(kind) for kind in kinds) > _MOST_BYTES:
        found = Text(
            f"{head.width:,} × {head.height:,} 像元、{head.bands} 个波段",
            f"{head.width:,} × {head.height:,} cells in {head.bands} bands",
        )
        raise DataError([_fault(path, found)])
    return head


def _cell_bytes(kind: str) -> int:
    """Give the bytes of one cell of a type of rasterio's; its own complex integers are unknown to numpy."""
    return np.dtype({"complex_int16": "complex64"}.get(kind, kind)).itemsize


def _code(crs: Any) -> str | None:  # noqa: ANN401 (of rasterio)
    if not crs:
        return None
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.to_wkt())


def _fault(path: Path, found: Text) -> Problem:
    remedy = Text("用 GIS 软件导出为 GeoTIFF", "export it as GeoTIFF from a GIS")
    return Problem("raster", "error", path.name, None, None, found, _FORMAT, remedy)


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise DataError([_fault(path, system_fault(error))]) from error
    if not head.startswith(_MAGIC):
        raise DataError([_fault(path, looks_like(head))])


def _check(raster: "rasterio.DatasetReader", path: Path, crs: object) -> None:
    if raster.crs is None or not CRS.from_user_input(raster.crs.to_wkt()).equals(
        CRS.from_user_input(crs), ignore_axis_order=True
    ):
        have = "-" if raster.crs is None else raster.crs.to_string()
        raise CrsError(
            Text(
                f"栅格 {path.name} 的坐标系是 {have}，网格的是 {crs}；先把网格换算到栅格的坐标系",
                f"the raster {path.name} is in {have}, the polygons are in {crs}; convert the polygons first",
            )
        )
    shift = raster.transform
    if raster.width * raster.height > _LARGEST:
        raise DataError([_fault(path, Text.same(f"{raster.width:,} × {raster.height:,}"))])
    if shift.b or shift.d or shift.a <= 0 or shift.e >= 0:
        raise DataError([_fault(path, Text("旋转或南北颠倒的栅格", "a raster that is rotated or has south up"))])


def _read(raster: Any, areas: NDArray[np.object_]) -> tuple[NDArray[np.float64], tuple[float, float]]:  # noqa: ANN401
    """Read the part of the band around the polygons, NaN for no data, and its upper left corner."""
    from rasterio.windows import Window  # noqa: PLC0415 (heavy)

    left, bottom, right, top = shapely.total_bounds(areas)
    shift = raster.transform
    column = _clip(np.floor((left - shift.c) / shift.a), raster.width)
    row = _clip(np.floor((top - shift.f) / shift.e), raster.height)
    wide = _clip(np.ceil((right - shift.c) / shift.a), raster.width) - column
    tall = _clip(np.ceil((bottom - shift.f) / shift.e), raster.height) - row
    if wide <= 0 or tall <= 0:
        return np.empty((0, 0)), (left, top)
    band = raster.read(1, window=Window(column, row, wide, tall), masked=True)
    values = np.ma.filled(band.astype(float), np.nan)
    return values, (shift.c + column * shift.a, shift.f + row * shift.e)


def _clip(value: float, limit: int) -> int:
    return 0 if np.isnan(value) else int(min(max(value, 0), limit))


def _sum(
    area: shapely.Geometry | None,
    values: NDArray[np.float64],
    corner: tuple[float, float],
    step: tuple[float, float],
) -> float:
    """Add up one polygon in strips of rows, so that memory does not grow with it."""
    if area is None or shapely.is_empty(area) or not values.size:
        return float("nan")
    (west, north), (wide, tall) = corner, step
    left, bottom, right, top = shapely.bounds(area)
    columns = np.arange(
        _clip((left - west) // wide, values.shape[1]), _clip((right - west) // wide + 1, values.shape[1])
    )
    first = _clip((north - top) // tall, values.shape[0])
    last = _clip((north - bottom) // tall + 1, values.shape[0])
    rows_at_once = max(1, _CELLS // max(len(columns), 1))
    shapely.prepare(area)
    total, found = 0.0, False
    for start in range(first, last, rows_at_once):
        row, column = np.meshgrid(np.arange(start, min(start + rows_at_once, last)), columns, indexing="ij")
        known = ~np.isnan(values[row, column])
        row, column = row[known], column[known]
        x, y = west + column * wide, north - row * tall
        part = _covered(area, shapely.box(x, y - tall, x + wide, y)) / (wide * tall)
        total += float(values[row, column] @ part)
        found = found or bool((part > 0).any())
    return total if found else float("nan")


def _covered(area: shapely.Geometry, cells: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure the part of each cell that lies in the polygon; only cells on its border need cutting."""
    inside = shapely.covers(area, cells)
    border = ~inside & shapely.intersects(area, cells)
    size = np.where(inside, shapely.area(cells), 0.0)
    size[border] = shapely.area(shapely.intersection(cells[border], area))
    return np.asarray(size)
