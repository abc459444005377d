"""GeoTIFF rasters: the only place that opens them, by their own driver and without any file beside them.

``zonal_sum`` adds up cells per polygon. ``read_raster_head`` judges a file by its head before a pixel is read;
``opened_raster`` gives its cells window by window; ``write_raster`` writes a cloud-optimised GeoTIFF.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

import geo.drivers as _drivers  # noqa: F401 (rasterio is loaded inside the functions, so after this)
from geo.cells import nearest_index, sum_under
from geo.errors import CrsError, DataError, Problem
from geo.findings import inside_fault, looks_like, system_fault
from geo.raster_head import MARKS, MOST_BYTES, MOST_CELLS, Place, RasterHead
from geo.text import Text

if TYPE_CHECKING:
    import rasterio

TILE = 512
"""Cells along a side of a tile of what is written."""
_AT_ONCE = 32 << 20  # bytes of cells read at once
# Nothing beside a file is looked at: no overviews, masks, world files or notes of other programs.
_ALONE = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GDAL_TIFF_INTERNAL_MASK": "YES"}
_FORMAT = Text("正北朝上的 GeoTIFF", "a GeoTIFF with north up")
_SIZE = Text("至多 5 亿像元，解开后至多 2 GB", "at most 500 million cells a band, and 2 GB unpacked")
_SMALLER = Text(
    "在 GIS 中裁剪到社区范围，或只留需要的波段",
    "cut it to the area of the community in a GIS, or keep only the bands needed",
)


class Cells(NamedTuple):
    """A window of a raster: its first row and column, values (bands, rows, columns), and which cells are known."""

    row: int
    column: int
    values: NDArray[Any]
    known: NDArray[np.bool_]


class Raster:
    """An open GeoTIFF, see ``opened_raster``."""

    def __init__(self, source: "rasterio.DatasetReader", head: RasterHead) -> None:
        self.head = head
        self._source = source

    def windows(self) -> Iterator[tuple[int, int, int, int]]:
        """Give first row, first column, rows and columns of windows that cover it, along the blocks of the file."""
        head = self.head
        tall, wide = self._source.block_shapes[0]
        each = head.unpacked_bytes // (head.width * head.height)
        columns = min(head.width, wide * max(1, _AT_ONCE // (tall * wide * each)))
        rows = min(head.height, tall * max(1, _AT_ONCE // (tall * columns * each)))
        for row in range(0, head.height, rows):
            for column in range(0, head.width, columns):
                yield row, column, min(rows, head.height - row), min(columns, head.width - column)

    def read(self, row: int, column: int, rows: int, columns: int) -> Cells:
        """Read a window of all bands as they are stored; known is what the first band has a value for."""
        from rasterio.windows import Window  # noqa: PLC0415 (heavy)

        window = Window(column, row, columns, rows)
        values = self._source.read(window=window)
        known = self._source.read_masks(1, window=window) > 0
        return Cells(row, column, values, known & np.isfinite(values[0]))

    def under(
        self, shapes: NDArray[np.object_], place: tuple[int, int, int, int], *, touched: bool
    ) -> NDArray[np.bool_]:
        """Tell which cells of a window have their middle under a shape, or (``touched``) any part of them."""
        import rasterio  # noqa: PLC0415 (heavy)
        from rasterio.features import rasterize  # noqa: PLC0415 (heavy)

        row, column, rows, columns = place
        p = self.head.place
        corner = rasterio.Affine(p.a, p.b, p.c + column * p.a, p.d, p.e, p.f + row * p.e)
        found = rasterize(shapes, out_shape=(rows, columns), transform=corner, all_touched=touched, dtype="uint8")
        return np.asarray(found, dtype=bool)

    def first_band(self, row: int, column: int, rows: int, columns: int) -> NDArray[np.float64]:
        """Read a window of the first band as what it means, NaN where unknown."""
        from rasterio.windows import Window  # noqa: PLC0415 (heavy)

        band = self._source.read(1, window=Window(column, row, columns, rows), masked=True).astype(float)
        values = np.ma.filled(band, np.nan) * self.head.scale + self.head.offset
        return np.where(np.isfinite(values), values, np.nan)


def zonal_sum(path: Path, polygons: ArrayLike, crs: object) -> NDArray[np.float64]:
    """Add up a raster of counts (such as residents per cell) over polygons.

    A cell on the border counts with the part of its area inside the polygon, so that polygons
    which tile the raster share its total exactly. Cells without data are left out.

    Args:
        path: GeoTIFF whose first band holds counts per cell.
        polygons: n (multi)polygons.
        crs: the CRS of the polygons; it must be that of the raster (``raster_crs``).

    Returns:
        Sums, shape (n,); NaN for a polygon that touches no cell with data.

    Raises:
        CrsError: raster and polygons have different CRS, or the raster has none.
        DataError: no GeoTIFF, rotated, or too large.
    """
    areas = np.asarray(polygons, dtype=object).ravel()
    with opened_raster(path) as raster:
        _check(raster.head, path, crs)
        values, corner = _around(raster, areas)
    return np.array([sum_under(area, values, corner, raster.head.cell) for area in areas], dtype=float)


def raster_crs(path: Path) -> str | None:
    """Say the CRS of a GeoTIFF as "EPSG:n" or WKT, None if it has none.

    Raises:
        DataError: no GeoTIFF, or too large.
    """
    return read_raster_head(path).crs


def read_raster_head(path: Path) -> RasterHead:
    """Read the head of a GeoTIFF, and refuse it if its pixels would be too many, without reading one.

    Raises:
        DataError: no GeoTIFF, more than 500 million cells, or more than 2 GB unpacked.
    """
    with opened_raster(path) as raster:
        return raster.head


@contextmanager
def opened_raster(path: Path) -> Iterator[Raster]:
    """Open a GeoTIFF by its own driver, and nothing that lies beside it; judge its head first.

    Raises:
        DataError: no GeoTIFF, cells that cannot be read, more than 500 million of them, or more than 2 GB unpacked.
    """
    import rasterio  # noqa: PLC0415 (heavy)
    from rasterio.errors import NotGeoreferencedWarning  # noqa: PLC0415 (heavy)

    _check_magic(path)
    try:
        with rasterio.Env(**_ALONE):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is told as a missing CRS
                source = rasterio.open(path, driver="GTiff", GEOREF_SOURCES="INTERNAL")
            with source:
                head = _head(source)
                _check_size(head, path)
                yield Raster(source, head)
    except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError, ValueError) as error:
        if isinstance(error, DataError | CrsError):
            raise
        raise DataError([_fault(path, inside_fault(path, error))]) from error


def write_raster(path: Path, head: RasterHead, values: NDArray[Any], known: NDArray[np.bool_] | None) -> None:
    """Write a cloud-optimised GeoTIFF: tiles of 512 cells, deflated, with overviews; values as they are.

    The same input gives the same bytes. Overviews hold values of single cells, no means: nothing is made up.

    Args:
        path: the file to write; a folder beside it is used meanwhile.
        head: what its head is to say.
        values: shape (bands, height, width), of the type in ``head``.
        known: which cells are known where ``head.mask``, else None.
    """
    import rasterio  # noqa: PLC0415 (heavy)
    from rasterio.shutil import copy  # noqa: PLC0415 (heavy)

    plain = path.with_name(f"plain-{path.name}")
    profile = {
        "driver": "GTiff", "width": head.width, "height": head.height, "count": head.bands, "dtype": head.dtype,
        "crs": head.crs, "transform": rasterio.Affine(*head.place), "nodata": head.nodata, "tiled": True,
        "blockxsize": TILE, "blockysize": TILE, "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    with rasterio.Env(**_ALONE):
        with rasterio.open(plain, "w", **profile) as out:
            for row in range(0, head.height, TILE):
                window = ((row, min(row + TILE, head.height)), (0, head.width))
                out.write(values[:, row : row + TILE], window=window)
                if known is not None:
                    out.write_mask(known[row : row + TILE], window=window)
            if (head.scale, head.offset) != (1.0, 0.0):
                out.scales, out.offsets = (head.scale,) * head.bands, (head.offset,) * head.bands
        form = {"COMPRESS": "DEFLATE", "PREDICTOR": "YES", "BLOCKSIZE": TILE, "BIGTIFF": "IF_SAFER"}
        copy(plain, path, driver="COG", OVERVIEWS="AUTO", OVERVIEW_RESAMPLING="NEAREST", **form)
    plain.unlink()


def _head(raster: "rasterio.DatasetReader") -> RasterHead:
    from rasterio.enums import MaskFlags  # noqa: PLC0415 (heavy)

    shift = raster.transform
    return RasterHead(
        raster.width,
        raster.height,
        raster.count,
        str(raster.dtypes[0]),
        _code(raster.crs),
        Place(shift.a, shift.b, shift.c, shift.d, shift.e, shift.f),
        raster.nodata,
        raster.scales[0],
        raster.offsets[0],
        MaskFlags.per_dataset in raster.mask_flag_enums[0],
    )


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
    if not head.startswith(MARKS):
        raise DataError([_fault(path, looks_like(head))])


def _check_size(head: RasterHead, path: Path) -> None:
    if head.width * head.height <= MOST_CELLS and head.unpacked_bytes <= MOST_BYTES:
        return
    found = Text(
        f"{head.width:,} × {head.height:,} 像元、{head.bands} 个波段",
        f"{head.width:,} × {head.height:,} cells in {head.bands} bands",
    )
    raise DataError([_fault(path, found)._replace(expected=_SIZE, remedy=_SMALLER)])


def _check(head: RasterHead, path: Path, crs: object) -> None:
    if head.crs is None or not CRS.from_user_input(head.crs).equals(CRS.from_user_input(crs), ignore_axis_order=True):
        raise CrsError(
            Text(
                f"栅格 {path.name} 的坐标系是 {head.crs or '-'}，网格的是 {crs}；先把网格换算到栅格的坐标系",
                f"the raster {path.name} is in {head.crs or '-'}, the polygons are in {crs}; convert the polygons first",
            )
        )
    if not head.is_upright:
        raise DataError([_fault(path, Text("旋转或南北颠倒的栅格", "a raster that is rotated or has south up"))])


def _around(raster: Raster, areas: NDArray[np.object_]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Read the part of the first band around the polygons, NaN for no data, and its upper left corner."""
    left, bottom, right, top = shapely.total_bounds(areas)
    head = raster.head
    (wide, tall), (west, north) = head.cell, (head.place.c, head.place.f)
    column = nearest_index(np.floor((left - west) / wide), head.width)
    row = nearest_index(np.floor((north - top) / tall), head.height)
    columns = nearest_index(np.ceil((right - west) / wide), head.width) - column
    rows = nearest_index(np.ceil((north - bottom) / tall), head.height) - row
    if columns <= 0 or rows <= 0:
        return np.empty((0, 0)), (left, top)
    return raster.first_band(row, column, rows, columns), (west + column * wide, north - row * tall)
