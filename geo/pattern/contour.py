"""Areas above a level, out of a grid of values: what a density map draws.

Between the middles of four cells the surface is taken as two triangles; where the level crosses one, it leaves a
straight piece of outline (marching triangles). The pieces of both sides of an edge meet in the same point to the
last bit, so they close to rings, and the area is what the rings enclose.
"""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
_TRIANGLES = ((0, 1, 2), (0, 2, 3))


def area_above(values: ArrayLike, x: ArrayLike, y: ArrayLike, level: float) -> shapely.Geometry:
    """Give the area in which a surface is at or above a level.

    Around the grid the surface is taken to fall below the level within a cell.

    Args:
        values: heights at the middles of cells, shape (rows, columns), at least 2 by 2.
        x: east of the columns, metres, evenly spaced and rising.
        y: north of the rows.
        level: height.

    Returns:
        A (multi)polygon, empty where nothing reaches the level.
    """
    below = level - max(abs(level), 1.0)
    height = np.pad(np.asarray(values, dtype=float), 1, constant_values=below)
    east, north = _wider(np.asarray(x, dtype=float)), _wider(np.asarray(y, dtype=float))
    above = height >= level
    corners = [above[r : r + height.shape[0] - 1, c : c + height.shape[1] - 1] for r, c in _CORNERS]
    row, column = np.nonzero(np.logical_or.reduce(corners) & ~np.logical_and.reduce(corners))
    pieces = []
    for triangle in _TRIANGLES:
        at = [(row + _CORNERS[k][0], column + _CORNERS[k][1]) for k in triangle]
        z = np.column_stack([height[r, c] for r, c in at])
        places = np.stack([np.column_stack([east[c], north[r]]) for r, c in at], axis=1)
        pieces.append(_crossings(z, places, level))
    ends = np.concatenate(pieces)
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    if not len(ends):
        return shapely.Polygon()
    return shapely.build_area(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends))))


def _wider(axis: Floats) -> Floats:
    step = axis[1] - axis[0]
    return np.concatenate([[axis[0] - step], axis, [axis[-1] + step]])


def _crossings(z: Floats, places: Floats, level: float) -> Floats:
    """Give the piece of outline in each triangle that the level crosses: shape (n, 2 ends, 2)."""
    inside = z >= level
    count = inside.sum(axis=1)
    rows = np.flatnonzero((count == 1) | (count == 2))  # noqa: PLR2004 (of three corners)
    # The corner that differs from the other two: the level crosses both of its edges.
    odd = np.argmax(inside[rows] == (count[rows] == 1)[:, None], axis=1)
    ends = []
    for turn in (1, 2):
        other = (odd + turn) % 3
        high = np.where(count[rows] == 1, odd, other)
        low = np.where(count[rows] == 1, other, odd)
        # Always from the higher end, so that the triangle on the other side finds the same point.
        top, bottom = z[rows, high], z[rows, low]
        share = ((top - level) / (top - bottom))[:, None]
        ends.append(places[rows, high] + share * (places[rows, low] - places[rows, high]))
    return np.stack(ends, axis=1)
