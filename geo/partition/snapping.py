"""Borders that were drawn twice brought together: vertices within a tolerance become one, on all polygons alike."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.partition.faces import Shapes
from geo.partition.redraw import Redrawn, as_polygons

Floats = NDArray[np.float64]


def snapped(polygons: ArrayLike, *, tolerance_m: float) -> Redrawn:
    """Close gaps and overlaps that are narrower than a tolerance by moving vertices together.

    Vertices of all polygons within the tolerance of each other become one, the westernmost of them (of equals
    the southernmost), and a border runs through the vertices of others that lie so near it. A chain of vertices that
    is longer than three tolerances is left as it is, and so is a polygon that would break; both are told.

    Args:
        polygons: n polygons in metres.
        tolerance_m: how far a vertex may move, metres.

    Returns:
        Polygons in the same order; meta holds how many vertices moved, the farthest move, and what was left.
    """
    areas = as_polygons(polygons)
    xy = shapely.get_coordinates(areas)
    target, long = _targets(xy, tolerance_m)
    moved = np.hypot(*(target - xy).T)
    together = shapely.set_coordinates(areas.copy(), target)
    through = _through(together, target, tolerance_m)
    broken = ~shapely.is_valid(through) | shapely.is_empty(through)
    result = np.where(broken, areas, through)
    meta = {
        "method": "vertices snapped", "tolerance_m": tolerance_m, "is_heuristic": True,
        "moved": int((moved > 0).sum()), "farthest_m": float(moved.max(initial=0.0)), "long_chains": long,
        "left_as_they_were": np.flatnonzero(broken).tolist(),
    }  # fmt: skip
    return Redrawn(result, np.arange(len(areas), dtype=np.int64), meta)


def _targets(xy: Floats, tolerance_m: float) -> tuple[Floats, int]:
    """Give the place that each vertex goes to, and how many chains of vertices are too long to be drawn together."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    spots, where = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(spots).query_pairs(tolerance_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(spots), len(spots)))
    number, group = connected_components(links, directed=False)
    first = np.full(number, len(spots), dtype=np.int64)
    np.minimum.at(first, group, np.arange(len(spots)))  # the spots are sorted by x, then y
    target = spots[first[group]]
    far = np.zeros(number)
    np.maximum.at(far, group, np.hypot(*(target - spots).T))
    long = far > 3 * tolerance_m
    target = np.where(long[group][:, None], spots, target)
    return target[where.ravel()], int(long.sum())


def _through(polygons: Shapes, vertices: Floats, tolerance_m: float) -> Shapes:
    """Draw borders through the vertices of others that lie near them."""
    spots = np.unique(vertices, axis=0)
    tree = shapely.STRtree(shapely.points(spots))
    at, spot = tree.query(shapely.boundary(polygons), predicate="dwithin", distance=tolerance_m)
    found = polygons.copy()
    for one in range(len(polygons)):
        found[one] = _drawn(polygons[one], spots[spot[at == one]], tolerance_m)
    return found


def _drawn(polygon: shapely.Geometry, spots: Floats, tolerance_m: float) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(polygon):
        rings = [_ring(ring, spots, tolerance_m) for ring in (part.exterior, *part.interiors)]
        if rings[0] is None:
            continue
        parts.append(shapely.polygons(rings[0], holes=[one for one in rings[1:] if one is not None] or None))
    if shapely.get_type_id(polygon) == shapely.GeometryType.POLYGON:
        return parts[0] if parts else shapely.Polygon()
    return shapely.multipolygons(parts)


def _ring(ring: shapely.LinearRing, spots: Floats, tolerance_m: float) -> shapely.LinearRing | None:
    """Give a ring through the spots that are near its edges and no corners of it; None if it falls together."""
    xy = shapely.get_coordinates(ring)
    xy = xy[np.concatenate([[True], np.any(np.diff(xy, axis=0) != 0, axis=1)])]
    if len(np.unique(xy, axis=0)) < 3:  # noqa: PLR2004 (corners of an area)
        return None
    start, step = xy[:-1], np.diff(xy, axis=0)
    square = (step**2).sum(axis=1)
    corners = {tuple(one) for one in xy.tolist()}
    new: list[tuple[int, float, float, float]] = []
    for x, y in spots.tolist():
        if (x, y) in corners:
            continue
        along = ((np.array([x, y]) - start) * step).sum(axis=1) / square
        off = np.hypot(*(np.array([x, y]) - (start + np.clip(along, 0, 1)[:, None] * step)).T)
        edge = int(off.argmin())
        if off[edge] <= tolerance_m and 0 < along[edge] < 1:
            new.append((edge, float(along[edge]), x, y))
    new.sort()
    places = np.array([one[0] + 1 for one in new], dtype=int)
    return shapely.linearrings(np.insert(xy, places, np.array([one[2:] for one in new]).reshape(-1, 2), axis=0))
