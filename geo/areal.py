"""Areas shared between two sets of polygons, and what may be carried over by them."""

import numpy as np
import shapely
from numpy.typing import NDArray

SLIVER = 1e-6
"""Share of the smaller polygon up to which two polygons only touch: drawings of one border differ by that much."""


def shared_areas(
    first: NDArray[np.object_], second: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Area that each pair of polygons has in common, m² for metric coordinates.

    Returns:
        Row in ``first``, row in ``second``, shared area; only pairs that share more than a sliver of the border.
    """
    tree = shapely.STRtree(second)
    left, right = tree.query(first, predicate="intersects")
    area = shapely.area(first)[left]
    shapely.prepare(second)
    cut = ~shapely.covers(second[right], first[left])  # the costly part only where a border runs through
    area[cut] = shapely.area(shapely.intersection(first[left[cut]], second[right[cut]]))
    real = area > SLIVER * np.minimum(shapely.area(first[left]), shapely.area(second[right]))
    return left[real], right[real], area[real]


def spread(
    values: NDArray[np.float64], source: NDArray[np.object_], target: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Carry counts from source polygons over to target polygons by shared area.

    Counts (residents, households) are assumed to lie evenly inside each source polygon: areal
    weighting, Goodchild and Lam 1980. What lies in no target is not spread to others.

    Args:
        values: one count per source polygon; NaN is unknown and makes its targets unknown.
        source: polygons with counts.
        target: polygons that want counts.

    Returns:
        One count per target; NaN where an unknown source takes part or no source reaches it.
    """
    left, right, area = shared_areas(source, target)
    part = values[left] * area / shapely.area(source)[left]
    total = np.bincount(right, weights=np.nan_to_num(part), minlength=len(target))
    touched = np.bincount(right, minlength=len(target)) > 0
    unknown = np.bincount(right, weights=np.isnan(part), minlength=len(target)) > 0
    return np.where(touched & ~unknown, total, np.nan)


def covered_area(areas: NDArray[np.object_], target: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area of each target polygon that is covered by at least one of ``areas``, m²."""
    if not len(areas):
        return np.zeros(len(target))
    _, right, area = shared_areas(_disjoint(areas), target)
    return np.bincount(right, weights=area, minlength=len(target)).astype(float)


def _disjoint(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give polygons that cover the same ground and do not overlap; only those that do are united."""
    first, second = shapely.STRtree(areas).query(areas, predicate="intersects")
    pair = first < second
    first, second = first[pair], second[pair]
    doubled = shapely.area(shapely.intersection(areas[first], areas[second])) > 0
    shared = np.unique(np.concatenate([first[doubled], second[doubled]]))
    if not len(shared):
        return areas
    united = shapely.get_parts(shapely.union_all(areas[shared]))
    return np.concatenate([np.delete(areas, shared), united])


def lattice(polygon: shapely.Geometry, step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of a square lattice, aligned to multiples of its step, that lie in a polygon."""
    low_x, low_y, high_x, high_y = shapely.bounds(polygon)
    xs = np.arange(np.ceil(low_x / step_m), np.floor(high_x / step_m) + 1) * step_m
    ys = np.arange(np.ceil(low_y / step_m), np.floor(high_y / step_m) + 1) * step_m
    x, y = (axis.ravel() for axis in np.meshgrid(xs, ys))
    inside = shapely.contains_xy(polygon, x, y)
    return x[inside], y[inside]


def points_inside(polygon: shapely.Geometry, step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the points of ``lattice`` in a polygon; one inside it where it is smaller than the lattice."""
    x, y = lattice(polygon, step_m)
    if len(x):
        return x, y
    inside = shapely.point_on_surface(polygon)
    return shapely.get_x([inside]), shapely.get_y([inside])
