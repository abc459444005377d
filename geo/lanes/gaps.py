"""How far buildings stand from lanes, and how wide the ground is that no lane crosses."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

STEP_M = 5.0
"""Lines are taken as points this far apart to find where gaps are widest; the width itself is measured to the lines."""
_BORDER_M = 2.0
_DECIMALS = 6

Floats = NDArray[np.float64]


class Facades(NamedTuple):
    """Nearest lane of each building: ``lane`` (row number, -1 without one), ``gap_m`` between the lane's edge and the wall.

    A gap below 0 says how far the building stands in the lane.
    """

    table: pd.DataFrame
    meta: Mapping[str, object]


def facade_gaps(lines: ArrayLike, half_width_m: ArrayLike, buildings: ArrayLike) -> Facades:
    """Measure from the edge of lanes to the outer walls of buildings.

    Args:
        lines: n lane centre lines in metres; null and empty ones are left out.
        half_width_m: half of the width of the lanes, one number or one for each.
        buildings: m outlines in the same CRS; null and empty ones have no lane.

    Returns:
        One row for each building, metres; infinite without any lane.
    """
    shapes = np.asarray(lines, dtype=object).ravel()
    half = np.broadcast_to(np.asarray(half_width_m, dtype=float), shapes.shape)
    walls = np.asarray(buildings, dtype=object).ravel()
    lane = np.full(len(walls), -1, dtype=np.int64)
    gap = np.full(len(walls), np.inf)
    # The nearest edge is not that of the nearest centre line where widths differ: ask width by width.
    for width in np.unique(half[~np.isnan(half)]):
        own = np.flatnonzero((half == width) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
        if not len(own):
            continue
        (wall, line), apart = shapely.STRtree(shapes[own]).query_nearest(walls, return_distance=True, all_matches=False)
        nearer = apart - width < gap[wall]
        gap[wall[nearer]], lane[wall[nearer]] = (apart - width)[nearer], own[line[nearer]]
    table = pd.DataFrame({"lane": lane, "gap_m": gap.round(_DECIMALS)})
    return Facades(table, {"method": "distance from the lane's edge to the wall", "negative": "wall inside the lane"})


class Gap(NamedTuple):
    """The widest circle without a line with its middle in an area: its diameter and its middle, NaN where not known."""

    width_m: Floats
    x_m: Floats
    y_m: Floats


def widest_gaps(lines: ArrayLike, areas: ArrayLike, *, holding: ArrayLike | None = None, step_m: float = STEP_M) -> Gap:
    """Give for each area the diameter of the largest circle that no line meets and whose middle lies in the area.

    Between two parallel lanes it is their distance, so it says how far lanes are apart wherever they run. The farthest
    point from all lines is a corner of their Voronoi cells or lies on the area's border; the border is looked at every
    two metres, which may miss its widest place by one metre.

    Args:
        lines: n lines in metres, those outside the areas too; null and empty ones are left out.
        areas: m polygons in the same CRS.
        holding: shapes of which a circle must meet at least one to count (buildings between lanes); None: any circle.
        step_m: lines are taken as points this far apart to find the places; distances are measured to the lines.

    Returns:
        Metres, shape (m,); infinite without lines; NaN for an empty area or where no circle counts.
    """
    from scipy.spatial import Voronoi, cKDTree  # noqa: PLC0415 (heavy)

    shapes = np.asarray(lines, dtype=object).ravel()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    grounds = np.asarray(areas, dtype=object).ravel()
    if not len(shapes):
        wide = np.where(shapely.is_missing(grounds) | shapely.is_empty(grounds), np.nan, np.inf)
        return Gap(wide, np.full(len(wide), np.nan), np.full(len(wide), np.nan))
    samples = np.unique(shapely.get_coordinates(shapely.segmentize(shapes, step_m)).round(3), axis=0)
    corner = samples.mean(axis=0)
    # Four far points keep all cells of the lines bounded; with them there are always enough points.
    far = 1e6 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    vertices = Voronoi(np.concatenate([samples - corner, far])).vertices + corner
    rim, of_rim = shapely.get_coordinates(shapely.segmentize(shapely.boundary(grounds), _BORDER_M), return_index=True)
    of_inner, inner = shapely.STRtree(shapely.points(vertices)).query(grounds, predicate="intersects")
    points, area = np.concatenate([vertices[inner], rim]), np.concatenate([of_inner, of_rim])
    about = cKDTree(samples - corner).query(points - corner)[0]
    if holding is not None:
        held = np.asarray(holding, dtype=object).ravel()
        near = np.unique(shapely.STRtree(held).query(shapely.points(points), predicate="dwithin", distance=about)[0])
        points, area, about = points[near], area[near], about[near]
    # The distance to the samples is at most half a step too long: only what may be the widest is measured exactly.
    best = np.full(len(grounds), -np.inf)
    np.maximum.at(best, area, about)
    near_best = about >= best[area] - step_m
    return _farthest(points[near_best], area[near_best], shapes, len(grounds))


def _farthest(points: Floats, area: NDArray[np.int64], lines: NDArray[np.object_], count: int) -> Gap:
    """Take for each area the point that is farthest from all lines."""
    (_, _), apart = shapely.STRtree(lines).query_nearest(
        shapely.points(points), return_distance=True, all_matches=False
    )
    order = np.lexsort([points[:, 1], points[:, 0], -apart, area])
    first = order[np.flatnonzero(np.diff(area[order], prepend=-1))]
    found = [np.full(count, np.nan) for _ in range(3)]
    for one, values in zip(found, (2 * apart, points[:, 0], points[:, 1]), strict=True):
        one[area[first]] = values[first].round(_DECIMALS)
    return Gap(*found)
