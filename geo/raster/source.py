"""What values can be read from, a window at a time: a band of a file, an array, a sum of several bands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import CrsError, DataError, Problem
from geo.raster.head import Place, RasterHead
from geo.raster.runs import Window
from geo.text import Text

TILE = 512
"""Cells along a side of a tile of what is written; windows end where tiles do."""
_AT_ONCE = 8_000_000  # cells read at once
_CUT = Text("在 GIS 中导出为正北朝上的 GeoTIFF", "export it as a north-up GeoTIFF from a GIS")


class Source(Protocol):
    """Values over a regular grid, read a window at a time."""

    @property
    def head(self) -> RasterHead:
        """Size, place and coordinate system."""

    def part(self, window: Window) -> NDArray[np.float64]:
        """Values of a window, shape (rows, columns), NaN where unknown."""


@dataclass(frozen=True)
class Surface:
    """Values in memory: ``values`` (rows, columns) from the north, NaN where unknown; place; CRS."""

    values: NDArray[np.float64]
    place: Place
    crs: str

    @property
    def head(self) -> RasterHead:
        """Size, place and coordinate system."""
        rows, columns = self.values.shape
        return RasterHead(columns, rows, 1, str(self.values.dtype), self.crs, self.place, float("nan"))

    def part(self, window: Window) -> NDArray[np.float64]:
        """Values of a window."""
        row, column, rows, columns = window
        return self.values[row : row + rows, column : column + columns].astype(np.float64)


@dataclass(frozen=True)
class Combined:
    """Values made cell by cell of several sources of one grid, such as an index of two bands."""

    sources: Sequence[Source]
    of: Callable[..., NDArray[np.float64]]

    @property
    def head(self) -> RasterHead:
        """Size, place and coordinate system of the first."""
        return self.sources[0].head._replace(dtype="float64", scale=1.0, offset=0.0)

    def part(self, window: Window) -> NDArray[np.float64]:
        """Values of a window."""
        return self.of(*(one.part(window) for one in self.sources))


def windows_over(head: RasterHead, rows: tuple[float, float], columns: tuple[float, float]) -> Iterator[Window]:
    """Give windows that cover a part of a grid: whole rows of tiles where they are not too wide.

    Args:
        head: of the grid.
        rows: first and last row of the part, may lie outside and between.
        columns: the same for columns.
    """
    if not np.isfinite([*rows, *columns]).all():
        return
    top, bottom = _whole(rows, head.height)
    left, right = _whole(columns, head.width)
    wide = min(right - left, max(TILE, _AT_ONCE // TILE // TILE * TILE))
    tall = max(TILE, _AT_ONCE // max(wide, 1) // TILE * TILE)
    for row in range(top - top % TILE, bottom, tall):
        first = max(row, top)
        for column in range(left, right, wide):
            yield Window(first, column, min(row + tall, bottom) - first, min(column + wide, right) - column)


def _whole(ends: tuple[float, float], limit: int) -> tuple[int, int]:
    return int(min(max(np.floor(ends[0]), 0), limit)), int(min(max(np.ceil(ends[1]), 0), limit))


def require_same_crs(head: RasterHead, name: str, crs: object) -> None:
    """Refuse a raster in another coordinate system than the polygons, or one that is rotated.

    Raises:
        CrsError: raster and polygons have different CRS, or the raster has none.
        DataError: rotated, or south up.
    """
    if head.crs is None or not CRS.from_user_input(head.crs).equals(CRS.from_user_input(crs), ignore_axis_order=True):
        raise CrsError(
            Text(
                f"栅格 {name} 的坐标系是 {head.crs or '-'}，网格的是 {crs}；先把网格换算到栅格的坐标系",
                f"the raster {name} is in {head.crs or '-'}, the polygons are in {crs}; convert the polygons first",
            )
        )
    if not head.is_upright:
        found = Text("旋转或南北颠倒的栅格", "a raster that is rotated or has south up")
        wanted = Text("正北朝上的 GeoTIFF", "a GeoTIFF with north up")
        raise DataError([Problem("raster", "error", name, None, None, found, wanted, _CUT)])
