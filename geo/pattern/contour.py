"""Areas above a level, out of a grid of values: what a density map draws.

Between the middles of four cells the surface is taken as two triangles; each gives the part of it that lies at or
above the level, with straight edges between interpolated points (marching triangles). Whole squares are taken in
runs by row.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_GRAIN = 1e-6  # share of a cell to which corners are rounded, so that neighbours meet exactly
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
_TRIANGLES = ((0, 1, 2), (0, 2, 3))


def area_above(values: ArrayLike, x: ArrayLike, y: ArrayLike, level: float) -> shapely.Geometry:
    """Give the area in which a surface is at or above a level.

    Args:
        values: heights at the middles of cells, shape (rows, columns).
        x: east of the columns, metres, evenly spaced and rising.
        y: north of the rows.
        level: height.

    Returns:
        A (multi)polygon, empty where nothing reaches the level.
    """
    height, east, north = (np.asarray(one, dtype=float) for one in (values, x, y))
    above = height >= level
    corners = [above[r : r + height.shape[0] - 1, c : c + height.shape[1] - 1] for r, c in _CORNERS]
    whole = np.logical_and.reduce(corners)
    mixed = np.logical_or.reduce(corners) & ~whole
    pieces = [*_runs(whole, east, north), *_pieces(height, east, north, mixed, level)]
    step = float(np.ptp(east) / max(len(east) - 1, 1)) or 1.0
    return shapely.union_all(np.array(pieces, dtype=object), grid_size=step * _GRAIN)


def _runs(whole: Bools, east: Floats, north: Floats) -> list[shapely.Geometry]:
    """Give whole squares as long boxes, row by row."""
    padded = np.pad(whole, ((0, 0), (1, 1)))
    change = np.diff(padded.astype(np.int8), axis=1)
    row, start = np.nonzero(change == 1)
    _, end = np.nonzero(change == -1)
    return list(shapely.box(east[start], north[row], east[end], north[row + 1]))


def _pieces(height: Floats, east: Floats, north: Floats, mixed: Bools, level: float) -> list[shapely.Geometry]:
    """Give the parts of the triangles of mixed squares that lie above the level."""
    row, column = np.nonzero(mixed)
    found: list[shapely.Geometry] = []
    for triangle in _TRIANGLES:
        at = [(row + _CORNERS[k][0], column + _CORNERS[k][1]) for k in triangle]
        values = np.column_stack([height[r, c] for r, c in at])
        places = np.stack([np.column_stack([east[c], north[r]]) for r, c in at], axis=1)
        found += _above(values, places, level)
    return found


def _above(values: Floats, places: Floats, level: float) -> list[shapely.Geometry]:
    """Cut triangles: values (n, 3), places (n, 3, 2)."""
    inside = values >= level
    count = inside.sum(axis=1)
    found = list(shapely.polygons(places[count == 3])) if (count == 3).any() else []  # noqa: PLR2004 (all corners)
    for number in (1, 2):
        rows = np.flatnonzero(count == number)
        # Turn each triangle so that the corner that differs from the other two comes first.
        odd = np.argmax(inside[rows] == (number == 1), axis=1)
        turn = (odd[:, None] + np.arange(3)) % 3
        v = np.take_along_axis(values[rows], turn, axis=1)
        p = np.take_along_axis(places[rows], turn[:, :, None], axis=1)
        one, other = (_between(p[:, 0], p[:, k], v[:, 0], v[:, k], level) for k in (1, 2))
        corners = [p[:, 0], one, other] if number == 1 else [one, p[:, 1], p[:, 2], other]
        if len(rows):
            found += list(shapely.polygons(np.stack(corners, axis=1)))
    return found


def _between(a: Floats, b: Floats, high: Floats, low: Floats, level: float) -> Floats:
    share = np.where(high != low, (level - high) / np.where(high != low, low - high, 1.0), 0.0)
    return np.asarray(a + share[:, None] * (b - a))
