"""Rings inside polygons whose coordinates are in other units than the rest: left in metres, or in degrees.

They come from programs that converted the outlines and forgot the courtyards. The box of a layer does not show
them, and repairing such a polygon by its crossing lines turns it into nonsense.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.text import Text

FAR_TIMES = 100.0
"""A courtyard farther from its outline than this many times the outline's own size is in other units."""
_DEGREES = 360.0


class RingFault(NamedTuple):
    """A ring in other units: position of the polygon, part and ring in it (ring 0 is the outline), a point of it."""

    row: int
    part: int
    ring: int
    found: Text


class Rings(NamedTuple):
    """Faulty rings, and the polygons without them by position; None if nothing is left of one."""

    faults: tuple[RingFault, ...]
    repaired: dict[int, shapely.Geometry | None]


RING_FAULT = (
    Text("与外轮廓单位相同的坐标", "coordinates in the units of the outline"),
    Text(
        "已去掉这一圈，面积因此偏大；请用原始数据重新导出",
        "this ring is left out, so the area is too large; export the data again",
    ),
)
"""What is expected of a ring and what to do."""


def ring_faults(polygons: Sequence[object] | NDArray[np.object_]) -> Rings:
    """Find rings in other units, before anything is reprojected.

    A courtyard is in other units if it has no finite coordinates or lies more than ``FAR_TIMES`` the
    outline's size away from it; a part of a multipolygon, if it fits into degrees and most outlines of
    the layer do not, or the other way round. Courtyards that merely cross or leave their outline are
    not meant here.

    Args:
        polygons: (multi)polygons as read; other shapes and None have no faults.

    Returns:
        The faults in order, and the polygons without the rings.
    """
    shapes = np.asarray(polygons, dtype=object).ravel()
    kinds = shapely.get_type_id(shapes)
    areas = np.flatnonzero((kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON))
    faults: list[RingFault] = []
    repaired: dict[int, shapely.Geometry | None] = {}
    if not len(areas):
        return Rings((), repaired)
    parts, owner = shapely.get_parts(shapes[areas], return_index=True)
    small = _in_degrees(shapely.get_exterior_ring(parts))
    usual = bool(small.mean() >= 0.5)  # noqa: PLR2004 (most)
    several = np.bincount(owner, minlength=len(areas)) > 1
    look = np.flatnonzero((shapely.get_num_interior_rings(parts) > 0) | (several[owner] & (small != usual)))
    for index in np.unique(owner[look]).tolist():
        row, members = int(areas[index]), np.flatnonzero(owner == index)
        own = [(part, bool(small[member]) == usual or len(members) == 1) for part, member in enumerate(members)]
        found, kept = _sorted(row, parts[members], [good for _, good in own])
        faults += found
        if found:
            repaired[row] = _joined(kept)
    return Rings(tuple(faults), repaired)


def _in_degrees(rings: NDArray[np.object_]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = np.abs(shapely.bounds(rings)).max(axis=1) <= _DEGREES
    return result


def _sorted(
    row: int, parts: NDArray[np.object_], good: Sequence[bool]
) -> tuple[list[RingFault], list[shapely.Polygon]]:
    """Part the faulty rings of one polygon from the sound ones."""
    found: list[RingFault] = []
    kept = []
    for number, part in enumerate(parts):
        if not good[number]:
            found.append(_fault(row, number, 0, part.exterior))
            continue
        strange = [ring for ring, hole in enumerate(part.interiors) if _is_strange(part.exterior, hole)]
        found += [_fault(row, number, ring + 1, part.interiors[ring]) for ring in strange]
        holes = [hole for ring, hole in enumerate(part.interiors) if ring not in strange]
        kept.append(shapely.Polygon(part.exterior, holes))
    return found, kept


def _is_strange(outer: shapely.LinearRing, hole: shapely.LinearRing) -> bool:
    if not np.isfinite(shapely.get_coordinates(hole)).all():
        return True
    west, south, east, north = shapely.bounds(outer)
    box = shapely.bounds(hole)
    gap = np.hypot(max(west - box[2], box[0] - east, 0.0), max(south - box[3], box[1] - north, 0.0))
    return bool(gap > FAR_TIMES * np.hypot(east - west, north - south))


def _fault(row: int, part: int, ring: int, line: shapely.LinearRing) -> RingFault:
    x, y = shapely.get_coordinates(line)[0].tolist()
    return RingFault(row, part, ring, Text.same(f"({x:.8g}, {y:.8g})"))


def _joined(parts: list[shapely.Polygon]) -> shapely.Geometry | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
