"""Which thing a point belongs to when things are lines or footprints: the one that holds it, else the nearest within reach."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.ownership import locate

_ROUND_M = 0.5e-6  # as in geo.coverage: what is exactly on the rim counts
_DECIMALS = 6


def nearest_owner(x: ArrayLike, y: ArrayLike, shapes: ArrayLike, *, limit_m: float) -> NDArray[np.int32]:
    """Find the nearest of several shapes to each point; of shapes at one distance the first in the given order.

    Distances are straight and to the outline of an area, 0 inside it, compared to a millionth of a metre.

    Args:
        x: east of n points in metres.
        y: north of n points in metres.
        shapes: m polygons, lines or points in the same CRS; null and empty ones own nothing.
        limit_m: farthest that a point may lie, the rim included; 0 means areas that hold it, by ``locate``.

    Returns:
        Index of the owner, -1 where none is near enough or a point has no coordinates; shape (n,).

    Raises:
        ValueError: a limit below zero, or x and y differ in length.
    """
    if not limit_m >= 0:
        msg = f"the limit must be 0 or more, not {limit_m}"
        raise ValueError(msg)
    if not limit_m:
        return locate(x, y, shapes)
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if east.shape != north.shape or east.ndim != 1:
        msg = f"x and y must be flat and of one length, not {east.shape} and {north.shape}"
        raise ValueError(msg)
    areas = np.asarray(shapes, dtype=object).ravel()
    use = np.flatnonzero(~(shapely.is_missing(areas) | shapely.is_empty(areas)))
    owner = np.full(len(east), -1, dtype=np.int32)
    placed = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
    if not len(use) or not len(placed):
        return owner
    tree = shapely.STRtree(areas[use])
    points = shapely.points(east[placed], north[placed])
    # Rings of a millionth round the nearest distance hold all shapes that count as equally near.
    row, distance = tree.query_nearest(points, max_distance=limit_m + _ROUND_M, return_distance=True, all_matches=False)
    near = np.round(distance, _DECIMALS) <= limit_m
    at, far = row[0][near], distance[near]
    point, shape = tree.query(points[at], predicate="dwithin", distance=far + _ROUND_M)
    first = np.full(len(at), len(areas), dtype=np.int64)
    np.minimum.at(first, point, use[shape])
    owner[placed[at]] = first.astype(np.int32)
    return owner
