"""GeoTIFF rasters: the only place that opens them, by their own driver and without any file beside them.

``read_raster_head`` judges a file by its head before a pixel is read; ``opened_raster`` gives its cells by window.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import geo.drivers as _drivers  # noqa: F401 (rasterio is loaded inside the functions, so after this)
from geo.errors import CrsError, DataError, Problem
from geo.findings import inside_fault, looks_like, system_fault
from geo.raster.head import MARKS, MOST_BYTES, MOST_CELLS, Place, RasterHead
from geo.raster.runs import Window
from geo.text import Text

if TYPE_CHECKING:
    import rasterio

_AT_ONCE = 32 << 20  # bytes of cells read at once
# Nothing beside a file is looked at: no overviews, masks, world files or notes of other programs.
ALONE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_TIFF_INTERNAL_MASK": "YES",
    "GDAL_CACHEMAX": 64,
}
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

    def part(self, window: Window) -> NDArray[np.float64]:
        """Read a window of the first band as what it means, NaN where unknown."""
        return self.values(1, window)

    def band(self, number: int) -> "Band":
        """Give a band, counted from 1, as values of its own.

        Raises:
            DataError: there are fewer bands.
        """
        if not 1 <= number <= self.head.bands:
            name = Path(self._source.name)
            found = Text(f"{self.head.bands} 个波段", f"{self.head.bands} bands")
            wanted = Text(f"有第 {number} 波段", f"band {number} among them")
            remedy = Text("在 standards/rasters.csv 中改正波段号", "correct the band number in standards/rasters.csv")
            raise DataError([_fault(name, found)._replace(expected=wanted, remedy=remedy)])
        return Band(self, number)

    def notes(self, begin: str) -> dict[str, str]:
        """Give what is noted in the file under names that begin so, by the rest of the name."""
        return {key[len(begin) :]: value for key, value in self._source.tags().items() if key.startswith(begin)}

    def values(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window of a band as what it means, NaN (or infinite, if the file says so) where unknown."""
        from rasterio.windows import Window as Part  # noqa: PLC0415 (heavy)

        place = Part(window.column, window.row, window.columns, window.rows)
        raw = self._source.read(band, window=place)
        found: NDArray[np.float64] = raw.astype(np.float64)
        scale, offset, nodata = (
            each[band - 1] for each in (self._source.scales, self._source.offsets, self._source.nodatavals)
        )
        if (scale, offset) != (1.0, 0.0):
            found = found * scale + offset
        if nodata is not None and np.isfinite(nodata):
            found[raw == raw.dtype.type(nodata)] = np.nan
        elif self.head.mask:
            found[self._source.read_masks(band, window=place) == 0] = np.nan
        return found


class Band(NamedTuple):
    """One band of an open raster."""

    raster: Raster
    number: int

    @property
    def head(self) -> RasterHead:
        """Size, place and coordinate system."""
        return self.raster.head

    def part(self, window: Window) -> NDArray[np.float64]:
        """Read a window as what it means, NaN where unknown."""
        return self.raster.values(self.number, window)


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
        with rasterio.Env(**ALONE):
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
