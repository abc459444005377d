"""Which part of each cell of a regular grid polygons cover, exactly, as runs of cells of one row.

The border of a polygon is cut at every line of the grid. Each piece lies in one cell; it covers what lies to the
east of it in that cell and all of its height in the cells further east, so the sum of the pieces from the west gives
the covered part of every cell: the coverage buffer of scan-line renderers, here with exact pieces. Between two cells
of the border nothing changes, so what lies between is one run, however long. The work goes with the length of the
borders, not with the area, and overlapping polygons are counted each by itself.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
_NOTHING = 1e-9
"""Parts of a cell below this come from rounding."""


class Borders(NamedTuple):
    """Edges of polygons in cells: from (u0, v0) to (u1, v1), u east from the western, v south from the northern edge."""

    zone: Whole
    u0: Floats
    v0: Floats
    u1: Floats
    v1: Floats

    def of(self, rows: NDArray[np.bool_]) -> "Borders":
        """Give some of the edges."""
        return Borders(self.zone[rows], *(one[rows] for one in (self.u0, self.v0, self.u1, self.v1)))


class Window(NamedTuple):
    """A part of a grid: its first row and column, and how many there are of each."""

    row: int
    column: int
    rows: int
    columns: int


class Runs(NamedTuple):
    """Runs of neighbouring cells that a zone covers alike: row number of the zone, first cell and cell after the last.

    Cells are counted along the rows of the window. ``part``: the covered part of each cell, above 0 and up to 1.
    """

    zone: Whole
    start: Whole
    end: Whole
    part: Floats

    def of(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Runs":
        """Give some of the runs."""
        return Runs(self.zone[rows], self.start[rows], self.end[rows], self.part[rows])


def borders(polygons: NDArray[np.object_], corner: tuple[float, float], cell: tuple[float, float]) -> Borders:
    """Give the edges of polygons in cells of a grid with north up.

    Args:
        polygons: n (multi)polygons, None or empty ones are nowhere. Invalid ones are made valid.
        corner: x of the western and y of the northern edge of the grid.
        cell: width and height of a cell, both above 0.
    """
    shapes = np.where(shapely.is_valid(polygons) | shapely.is_missing(polygons), polygons, shapely.make_valid(polygons))
    parts, zone = shapely.get_parts(shapes, return_index=True)
    while len(parts) and (shapely.get_type_id(parts) > 3).any():  # noqa: PLR2004 (a polygon made valid may be a collection)
        parts, of = shapely.get_parts(parts, return_index=True)
        zone = zone[of]
    areal = shapely.get_type_id(parts) == 3  # noqa: PLR2004 (a polygon)
    parts, zone = shapely.orient_polygons(parts[areal]), zone[areal]
    rings, of = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    u, v = (points[:, 0] - corner[0]) / cell[0], (corner[1] - points[:, 1]) / cell[1]
    same = ring[1:] == ring[:-1]
    owner = zone[of][ring]
    return Borders(owner[:-1][same].astype(np.int64), u[:-1][same], v[:-1][same], u[1:][same], v[1:][same])


class _Pieces(NamedTuple):
    """Pieces of edges in one row each: place of the zone, row, from u0 east to u1, height with the sign of its way."""

    zone: Whole
    row: Whole
    u0: Floats
    u1: Floats
    down: Floats


def runs_in(edges: Borders, window: Window) -> Runs:
    """Give the runs of cells that zones cover in a window, in the order of zones and rows."""
    top, bottom = float(window.row), float(window.row + window.rows)
    high, low = np.minimum(edges.v0, edges.v1), np.maximum(edges.v0, edges.v1)
    mine = edges.of((low > top) & (high < bottom) & (low > high))
    if not len(mine.zone):
        nothing = np.empty(0, dtype=np.int64)
        return Runs(nothing, nothing, nothing, np.empty(0))
    zones, local = np.unique(mine.zone, return_inverse=True)
    pieces = _cut_at_rows(mine._replace(zone=local.astype(np.int64)), top, bottom)
    return _joined(_cut_at_columns(pieces, window), zones, window)


def _lines(pieces: _Pieces, zones: int) -> tuple[Whole, Whole, Whole]:
    """Number the rows that each zone reaches, one zone after the other.

    Returns:
        What to add to a row of a zone to get its line; zone and row of each line.
    """
    first, last = np.full(zones, np.iinfo(np.int64).max), np.full(zones, -1)
    np.minimum.at(first, pieces.zone, pieces.row)
    np.maximum.at(last, pieces.zone, pieces.row)
    count = last - first + 1
    before = np.cumsum(count) - count
    zone = np.repeat(np.arange(zones), count)
    return before - first, zone, np.arange(len(zone)) - (before - first)[zone]


def _cut_at_rows(edges: Borders, top: float, bottom: float) -> _Pieces:
    """Cut edges at every line between rows, and leave off what lies above and below the window."""
    rising = edges.v0 > edges.v1
    v0, v1 = np.where(rising, edges.v1, edges.v0), np.where(rising, edges.v0, edges.v1)
    u0, u1 = np.where(rising, edges.u1, edges.u0), np.where(rising, edges.u0, edges.u1)
    slope = (u1 - u0) / (v1 - v0)
    of, first, last = _between_lines(np.maximum(v0, top), np.minimum(v1, bottom))
    start = u0[of] + (first - v0[of]) * slope[of]
    end = np.where(last == v1[of], u1[of], u0[of] + (last - v0[of]) * slope[of])
    down = np.where(rising, -1.0, 1.0)[of] * (last - first)
    row = np.floor((first + last) / 2).astype(np.int64) - int(top)
    return _Pieces(edges.zone[of], row, np.minimum(start, end), np.maximum(start, end), down)


def _cut_at_columns(pieces: _Pieces, window: Window) -> _Pieces:
    """Cut pieces at every line between columns; what lies beside the window is put on its edge."""
    west, east = float(window.column), float(window.column + window.columns)
    wide = pieces.u1 - pieces.u0
    slope = np.divide(pieces.down, wide, out=np.zeros(len(wide)), where=wide > 0)
    u0, u1 = np.clip(pieces.u0, west, east), np.clip(pieces.u1, west, east)
    inside = np.flatnonzero((u1 > u0) | ((wide == 0) & (pieces.u0 >= west) & (pieces.u0 < east)))
    of, first, last = _between_lines(u0[inside], u1[inside])
    of = inside[of]
    down = np.where(wide[of] > 0, (last - first) * slope[of], pieces.down[of])
    within = _Pieces(pieces.zone[of], pieces.row[of], first - west, last - west, down)
    beside = [
        one for one in (_beside(pieces, slope, -np.inf, west), _beside(pieces, slope, east, np.inf)) if len(one.row)
    ]
    at_ends = [one._replace(u0=one.u0 - west, u1=one.u1 - west) for one in beside]
    return _Pieces(*(np.concatenate(each) for each in zip(*at_ends, within, strict=True))) if at_ends else within


def _beside(pieces: _Pieces, slope: Floats, low: float, high: float) -> _Pieces:
    """Give the parts of pieces that lie beside the window, put on the end of it that they are next to."""
    west = np.isinf(low)
    end = high if west else low
    found = np.flatnonzero(pieces.u0 < high if west else (pieces.u1 > low) | (pieces.u0 >= low))
    u0, u1 = np.clip(pieces.u0[found], low, high), np.clip(pieces.u1[found], low, high)
    down = np.where(pieces.u1[found] > pieces.u0[found], (u1 - u0) * slope[found], pieces.down[found])
    edge = np.full(len(found), end)
    return _Pieces(pieces.zone[found], pieces.row[found], edge, edge, down)


def _between_lines(low: Floats, high: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Divide stretches at the whole numbers within them: which stretch each piece is of, its lower and upper end."""
    line = np.floor(low) + 1
    cuts = np.maximum(np.ceil(high) - line, 0).astype(np.int64)
    after = np.cumsum(cuts + 1)
    of = np.repeat(np.arange(len(low)), cuts + 1)
    upper = (line + cuts - after)[of] + np.arange(1, len(of) + 1)
    upper[after - 1] = high
    lower = np.empty_like(upper)
    lower[1:] = upper[:-1]
    lower[np.append(0, after[:-1])[: len(low)]] = low
    return of, lower, upper


def _joined(pieces: _Pieces, zones: Whole, window: Window) -> Runs:
    """Add the pieces up from the west, row by row of each zone."""
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)

    middle = (pieces.u0 + pieces.u1) / 2
    column = middle.astype(np.int32)
    rest = pieces.down * (middle - column)
    shift, zone_of, row_of = _lines(pieces, len(zones))
    line = (pieces.row + shift[pieces.zone]).astype(np.int32)
    shape = (len(row_of), window.columns + 2)
    at = (np.concatenate([line, line]), np.concatenate([column, column + np.int32(1)]))
    steps = coo_array((np.concatenate([pieces.down - rest, rest]), at), shape=shape).tocsr()
    steps.sum_duplicates()
    count = np.diff(steps.indptr)
    start = steps.indices
    end = np.empty_like(start)
    end[:-1] = start[1:]
    end[steps.indptr[1:][count > 0] - 1] = window.columns
    part = np.cumsum(steps.data)  # each line adds up to nothing, so the next one starts anew
    real = np.flatnonzero((part > _NOTHING) & (start < np.minimum(end, window.columns)))
    first = np.repeat(row_of * window.columns, count)[real]
    part = part[real]
    part[np.abs(part - 1) < _NOTHING] = 1.0
    zone = np.repeat(zones[zone_of], count)[real]
    return Runs(zone, first + start[real], first + np.minimum(end[real], window.columns), part)
