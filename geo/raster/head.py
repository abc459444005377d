"""What the head of a raster says, and how large a raster may be; nothing here opens a file."""

from typing import NamedTuple

import numpy as np

MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How every TIFF file begins."""
MOST_CELLS = 500_000_000
"""Cells of a band of the largest raster."""
MOST_BYTES = 2_000_000_000
"""Bytes of all bands of the largest raster, unpacked."""


class Place(NamedTuple):
    """Where the cells lie: x = a·column + b·row + c, y = d·column + e·row + f, in units of the CRS."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float


NOWHERE = (Place(1.0, 0.0, 0.0, 0.0, 1.0, 0.0), Place(1.0, 0.0, 0.0, 0.0, -1.0, 0.0))
"""What a file has that does not say where it lies."""


class RasterHead(NamedTuple):
    """What the head of a GeoTIFF says: size in cells, bands, type of the values, and where it lies.

    ``crs`` is "EPSG:n" or WKT, None where the file does not say. A value is what the file holds times ``scale`` plus
    ``offset``. ``mask``: unknown cells are marked apart, not by ``nodata``.
    """

    width: int
    height: int
    bands: int
    dtype: str
    crs: str | None
    place: Place
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    mask: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end in units of the CRS."""
        p = self.place
        columns, rows = (0, self.width, 0, self.width), (0, 0, self.height, self.height)
        x = [p.a * column + p.b * row + p.c for column, row in zip(columns, rows, strict=True)]
        y = [p.d * column + p.e * row + p.f for column, row in zip(columns, rows, strict=True)]
        return min(x), min(y), max(x), max(y)

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell in units of the CRS."""
        return self.place.a, -self.place.e

    @property
    def unpacked_bytes(self) -> int:
        """Bytes of all cells of all bands."""
        return self.width * self.height * self.bands * _cell_bytes(self.dtype)

    @property
    def is_placed(self) -> bool:
        """Tell whether the file says where it lies at all."""
        return self.place not in NOWHERE

    @property
    def is_upright(self) -> bool:
        """Tell whether north is up: columns count to the east, rows to the south."""
        p = self.place
        return bool(np.isfinite(p).all()) and not p.b and not p.d and p.a > 0 > p.e

    @property
    def has_numbers(self) -> bool:
        """Tell whether the cells hold plain numbers, not complex ones."""
        return "complex" not in self.dtype


def _cell_bytes(kind: str) -> int:
    """Give the bytes of one cell of a type of rasterio's; its own complex integers are unknown to numpy."""
    return np.dtype({"complex_int16": "complex64"}.get(kind, kind)).itemsize
