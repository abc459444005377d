"""One pass over the cells of a raster: how many are known, what they hold, a small picture, what differs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.raster import Cells, Raster
from geo.raster.head import RasterHead

PICTURE = 256
"""Cells along the longer side of a picture."""
_STAND_INS = (-99_999.0, -32_768.0, -9_999.0)
"""What programs write for unknown where a file cannot say so."""


class Window(NamedTuple):
    """Part of a raster: first row, row after the last, first column, column after the last."""

    top: int
    bottom: int
    left: int
    right: int


class Ground(NamedTuple):
    """The area that matters: polygons in the CRS of the raster, the window around them, whether any touch counts."""

    shapes: NDArray[np.object_]
    window: Window
    touched: bool


class Survey(NamedTuple):
    """What the first band of a raster holds.

    ``known``: cells with a value; ``low``, ``high``, ``total`` of their values, NaN without any. ``inside`` and
    ``known_inside`` count cells over the ground, all without one. ``suspects``: how many cells hold a value that may
    stand for unknown or for more than the type can hold, by value. ``changed``: cells that differ in any band from
    the raster before, None where that has another grid or type. ``picture``: at most ``PICTURE`` cells along a side,
    single cells as they are, NaN where unknown.
    """

    cells: int
    known: int
    low: float
    high: float
    total: float
    inside: int
    known_inside: int
    suspects: Mapping[float, int]
    changed: int | None
    picture: NDArray[np.float64]


def surveyed(raster: Raster, ground: Ground | None = None, *, before: Raster | None = None) -> Survey:
    """Go through a raster once, a few blocks at a time.

    Args:
        raster: see ``geo.raster.opened_raster``.
        ground: the area whose cells are counted apart; None for all.
        before: a raster to compare with.
    """
    head = raster.head
    tally = _Tally(head)
    changed = 0 if before is not None and same_grid(head, before.head) else None
    for place in raster.windows():
        cells = raster.read(*place)
        tally.add(cells)
        tally.count(cells.known, _over(raster, ground, place))
        if before is not None and changed is not None:
            changed += _differing(cells, before.read(*place))
    return tally.survey()._replace(changed=changed)


def _over(raster: Raster, ground: Ground | None, place: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """Tell which cells of a window lie over the ground."""
    row, column, rows, columns = place
    if ground is None:
        return np.ones((rows, columns), dtype=bool)
    top, bottom, left, right = ground.window
    if row >= bottom or row + rows <= top or column >= right or column + columns <= left:
        return np.zeros((rows, columns), dtype=bool)
    return raster.under(ground.shapes, place, touched=ground.touched)


def same_grid(first: RasterHead, second: RasterHead) -> bool:
    """Tell whether two rasters can be compared cell by cell: same grid, coordinate system, bands, type and unknown."""
    if first.crs is None or second.crs is None:
        return False
    alike = [_numbers(one) for one in (first, second)]
    return alike[0] == alike[1] and CRS(first.crs).equals(CRS(second.crs), ignore_axis_order=True)


def _numbers(head: RasterHead) -> tuple[Any, ...]:
    nodata = None if head.nodata is None else repr(float(head.nodata))  # NaN equals NaN
    return (*head._replace(crs=None, nodata=None), nodata)


def _differing(cells: Cells, old: Cells) -> int:
    new, before = cells.values, old.values
    same = (new == before) | ((new != new) & (before != before))  # noqa: PLR0124 (NaN equals NaN here)
    return int((~(same.all(axis=0) & (cells.known == old.known))).sum())


class _Tally:
    """Counts that grow window by window."""

    def __init__(self, head: RasterHead) -> None:
        self.head = head
        self.step = -(-max(head.width, head.height) // PICTURE)
        self.picture = np.full((-(-head.height // self.step), -(-head.width // self.step)), np.nan)
        self.suspects = dict.fromkeys(_suspects(head), 0)
        self.known = self.inside = self.known_inside = 0
        self.low, self.high, self.total = np.inf, -np.inf, 0.0

    def add(self, cells: Cells) -> None:
        """Count a window of the raster."""
        band = cells.values[0]
        found = band[cells.known]
        self.known += found.size
        if found.size:
            self.low, self.high = min(self.low, float(found.min())), max(self.high, float(found.max()))
            self.total += float(found.sum(dtype=np.float64))
            for value in self.suspects:
                self.suspects[value] += int((found == value).sum())
        self._draw(cells, band)

    def count(self, known: NDArray[np.bool_], over: NDArray[np.bool_]) -> None:
        """Count the cells of a window that lie over the ground."""
        self.inside += int(over.sum())
        self.known_inside += int((known & over).sum())

    def _draw(self, cells: Cells, band: NDArray[Any]) -> None:
        row, column = (-at % self.step for at in (cells.row, cells.column))
        chosen = band[row :: self.step, column :: self.step].astype(float) * self.head.scale + self.head.offset
        chosen[~cells.known[row :: self.step, column :: self.step]] = np.nan
        at_row, at_column = (cells.row + row) // self.step, (cells.column + column) // self.step
        self.picture[at_row : at_row + chosen.shape[0], at_column : at_column + chosen.shape[1]] = chosen

    def survey(self) -> Survey:
        """Give what was counted, in values as they are meant."""
        head = self.head
        low, high = sorted((self.low * head.scale + head.offset, self.high * head.scale + head.offset))
        total = self.total * head.scale + self.known * head.offset
        if not self.known:
            low = high = total = float("nan")
        suspects = {value: count for value, count in self.suspects.items() if count}
        cells = head.width * head.height
        return Survey(cells, self.known, low, high, total, self.inside, self.known_inside, suspects, None, self.picture)


def _suspects(head: RasterHead) -> list[float]:
    """List the values of a raster without a declared one for unknown that may stand for it."""
    if head.nodata is not None or head.mask:
        return []
    kind = np.dtype(head.dtype)
    if kind.kind == "f":
        return [float(np.finfo(kind).min), *_STAND_INS]
    ends = np.iinfo(kind)
    return sorted({float(ends.min), float(ends.max), *(one for one in _STAND_INS if ends.min <= one)})
