"""Lines cut into short pieces, and the shape that a point most likely belongs to."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pieces(NamedTuple):
    """Straight pieces of lines, shapes (n,): the row of the line, both ends, and the length, metres."""

    line: Ints
    start: Floats
    end: Floats
    metres: Floats

    @property
    def middle(self) -> Floats:
        """Points half way along, shape (n, 2)."""
        return np.asarray((self.start + self.end) / 2)

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The pieces as lines."""
        return np.asarray(shapely.linestrings(np.stack([self.start, self.end], axis=1)))


def line_pieces(lines: ArrayLike, step_m: float) -> Pieces:
    """Cut lines into straight pieces no longer than a step; their lengths add up to those of the lines.

    Args:
        lines: m (multi)lines in metres; null and empty ones have no pieces.
        step_m: longest piece, metres, above 0.
    """
    shapes = np.asarray(lines, dtype=object)
    whole, row = shapely.get_parts(shapely.segmentize(shapes, step_m), return_index=True)
    xy, part = shapely.get_coordinates(whole, return_index=True)
    same = part[1:] == part[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    metres = np.hypot(*(end - start).T)
    return Pieces(row[part[1:][same]].astype(np.int64), start, end, metres)


def likeliest(x: ArrayLike, y: ArrayLike, shapes: ArrayLike, *, within_m: float, named: object = None) -> Ints:
    """Find the shape that each point belongs to: one that is named, else the nearest, if it is near enough.

    Among equals the first shape is taken, so the result of a point does not depend on the others.

    Args:
        x: east in metres, shape (n,); NaN belongs to none.
        y: north in metres, shape (n,).
        shapes: m shapes in metres; null ones are nobody's.
        within_m: farthest that a point may be from its shape.
        named: None, or a function of (rows of points, rows of shapes) that marks the pairs that are named.

    Returns:
        Row of the shape for each point, -1 for none.
    """
    px, py = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    found = np.full(len(px), -1, dtype=np.int64)
    rows = np.flatnonzero(np.isfinite(px) & np.isfinite(py))
    things = np.asarray(shapes, dtype=object)
    if not len(rows) or not len(things):
        return found
    points = shapely.points(px[rows], py[rows])
    at, shape = shapely.STRtree(things).query(points, predicate="dwithin", distance=within_m)
    far = shapely.distance(points[at], things[shape])
    unnamed = np.ones(len(at), dtype=bool) if not callable(named) else ~np.asarray(named(rows[at], shape), dtype=bool)
    order = np.lexsort((shape, np.round(far, 6), unnamed, at))
    first = np.flatnonzero(np.diff(at[order], prepend=-1))
    found[rows[at[order][first]]] = shape[order][first]
    return found


def facade_area(footprints: ArrayLike, storeys: ArrayLike, *, storey_m: float) -> Floats:
    """Area of the outer walls, windows included, m²: perimeter by storeys by height; NaN where storeys are unknown.

    Args:
        footprints: m polygons in metres.
        storeys: storeys of each, NaN where unknown.
        storey_m: height of a storey, metres.
    """
    return np.asarray(
        shapely.length(np.asarray(footprints, dtype=object)) * np.asarray(storeys, dtype=float) * storey_m
    )
