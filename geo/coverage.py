"""How far to the nearest service in a straight line, and who is served.

Distances decide, not circles drawn around services: such polygons lie inside the true circle and
lose the buildings near its rim.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

_ROUGH_M = 5.0  # how far an outline may be simplified where only most points need an answer
_DECIMALS = 6  # metres to a millionth: what is exactly on the rim counts as served


class Pairs(NamedTuple):
    """Pairs of a place and a facility within a limit, sorted by place, then facility.

    Attributes:
        place: number of the point, shape (p,).
        facility: number of the facility, shape (p,).
        distance_m: metres between them, shape (p,).
        meta: method, limit, conventions and counts.
    """

    place: NDArray[np.int64]
    facility: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    meta: Mapping[str, object]


def nearest_m(x: ArrayLike, y: ArrayLike, to_x: ArrayLike, to_y: ArrayLike) -> NDArray[np.float64]:
    """Measure the straight distance from each point to the nearest of other points.

    Args:
        x: east of n points in metres.
        y: north of n points in metres.
        to_x: east of m services in metres; those without finite coordinates are left out.
        to_y: north of m services in metres.

    Returns:
        Metres, shape (n,); infinite if there is no service, NaN for a point without coordinates.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    services = np.column_stack([np.asarray(to_x, dtype=float), np.asarray(to_y, dtype=float)])
    services = services[np.isfinite(services).all(axis=1)]
    placed = np.isfinite(points).all(axis=1)
    distance = np.where(placed, np.inf, np.nan)
    if len(services):
        distance[placed] = cKDTree(services).query(points[placed])[0]
    return distance


def straight_pairs(x: ArrayLike, y: ArrayLike, to_x: ArrayLike, to_y: ArrayLike, *, limit_m: float) -> Pairs:
    """Give all pairs of a point and a facility no farther apart in a straight line than the limit, the rim included.

    Args:
        x: east of n points in metres.
        y: north of n points in metres.
        to_x: east of m facilities in metres.
        to_y: north of m facilities in metres.
        limit_m: longest distance; points and facilities without coordinates are in no pair.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    services = np.column_stack([np.asarray(to_x, dtype=float), np.asarray(to_y, dtype=float)])
    one, other = (np.flatnonzero(np.isfinite(xy).all(axis=1)) for xy in (points, services))
    slack = 0.5 * 10.0**-_DECIMALS
    found = cKDTree(points[one]).sparse_distance_matrix(
        cKDTree(services[other]), limit_m + slack, output_type="ndarray"
    )
    place, facility = one[found["i"]], other[found["j"]]
    order = np.lexsort((facility, place))
    meta = {
        "method": "pairs in a straight line",
        "limit_m": limit_m,
        "points": len(points),
        "points_without_place": len(points) - len(one),
        "facilities": len(services),
        "facilities_without_place": len(services) - len(other),
    }
    return Pairs(place[order], facility[order], found["v"][order], MappingProxyType(meta))


def nearest_area_m(x: ArrayLike, y: ArrayLike, polygons: ArrayLike) -> NDArray[np.float64]:
    """Measure the straight distance from each point to the nearest polygon (or line, or point).

    Args:
        x: east of n points in metres.
        y: north of n points in metres.
        polygons: m geometries in the same CRS; null and empty ones are left out.

    Returns:
        Metres, shape (n,), 0 inside; infinite if there is no polygon, NaN for a point without
        coordinates.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    areas = np.asarray(polygons, dtype=object).ravel()
    areas = areas[~(shapely.is_missing(areas) | shapely.is_empty(areas))]
    placed = np.isfinite(east) & np.isfinite(north)
    distance = np.where(placed, np.inf, np.nan)
    if len(areas) and placed.any():
        points = shapely.points(east[placed], north[placed])
        _, found = shapely.STRtree(areas).query_nearest(points, return_distance=True, all_matches=False)
        distance[placed] = found
    return distance


def within_m(x: ArrayLike, y: ArrayLike, shapes: ArrayLike, radius_m: ArrayLike) -> NDArray[np.bool_]:
    """Say which points lie within reach of any polygon, line or point; the rim counts.

    The same answer as ``is_covered(nearest_area_m(...), radius_m)`` without measuring how near.

    Args:
        x: east of n points in metres.
        y: north of n points in metres.
        shapes: m geometries in the same CRS; null and empty ones reach nothing.
        radius_m: reach of all geometries, or of each, metres; NaN reaches nothing.

    Returns:
        Shape (n,), False for a point without coordinates.
    """
    areas = np.asarray(shapes, dtype=object).ravel()
    reach = np.broadcast_to(np.asarray(radius_m, dtype=float), areas.shape) + 0.5 * 10.0**-_DECIMALS
    use = ~(shapely.is_missing(areas) | shapely.is_empty(areas) | np.isnan(reach))
    areas, reach = areas[use], reach[use]
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    # The drawn buffer of an outline simplified by some metres, smaller by as much, lies inside the true one:
    # what it holds is within reach, only the rest is measured.
    wide = reach > _ROUGH_M
    rough = shapely.simplify(areas[wide], _ROUGH_M, preserve_topology=False)
    sure = shapely.union_all(shapely.buffer(rough, reach[wide] - _ROUGH_M, quad_segs=8))
    shapely.prepare(sure)
    found: NDArray[np.bool_] = shapely.contains_xy(sure, east, north)
    unsure = np.flatnonzero(~found & np.isfinite(east) & np.isfinite(north))
    tree = shapely.STRtree(shapely.points(east[unsure], north[unsure]))
    _, hit = tree.query(areas, predicate="dwithin", distance=reach)
    found[unsure[hit]] = True
    return found


def is_covered(distance_m: ArrayLike, radius_m: float) -> NDArray[np.bool_]:
    """Say who lies within the radius; the rim counts, distances are taken to a millionth of a metre.

    A point without a known distance is not covered.
    """
    return np.asarray(np.round(np.asarray(distance_m, dtype=float), _DECIMALS) <= radius_m)


def served_share(covered: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Give the share of all weight (residents, floor area; None: of things) that is covered, 0 to 1.

    Rows without a known weight count on neither side; NaN if there is no weight at all.
    """
    served = np.asarray(covered, dtype=bool)
    amounts = np.ones(len(served)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(amounts)
    whole = float(amounts[known].sum())
    return float(amounts[known & served].sum()) / whole if whole > 0 else float("nan")
