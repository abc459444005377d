"""Plane geometry for drawing a community: curves, rectangles, cuts. All lengths in metres."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, radians, sin

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

Pair = tuple[float, float]
MILLIMETRE = 0.001
CURVE_STEP_M = 8.0


def curve(points: Sequence[Pair], *, step: float = CURVE_STEP_M) -> LineString:
    """Draw a smooth line through points (cardinal spline), a vertex about every ``step`` metres."""
    knots = np.asarray([points[0], *points, points[-1]], dtype=float)
    drawn: list[Pair] = []
    for i in range(1, len(knots) - 2):
        before, start, end, after = knots[i - 1 : i + 3]
        many = max(2, round(hypot(*(end - start)) / step))
        t = np.linspace(0.0, 1.0, many, endpoint=False)[:, None]
        leave, arrive = (end - before) / 2, (after - start) / 2
        spline = (
            (2 * t**3 - 3 * t**2 + 1) * start
            + (t**3 - 2 * t**2 + t) * leave
            + (3 * t**2 - 2 * t**3) * end
            + (t**3 - t**2) * arrive
        )
        drawn += [(float(x), float(y)) for x, y in spline]
    return rounded(LineString([*drawn, (float(knots[-1][0]), float(knots[-1][1]))]))


def rounded(geometry: BaseGeometry, *, digits: int = 3) -> BaseGeometry:
    """Round coordinates, so that the last bit of a sine on another machine changes nothing."""
    return shapely.transform(geometry, lambda xy: np.round(xy, digits))


def rectangle(centre: Pair, length: float, depth: float, angle: float) -> Polygon:
    """Draw a rectangle round its centre; ``angle`` in degrees, counter-clockwise from east."""
    along, across = _unit(angle), _unit(angle + 90)
    corners = [
        (
            centre[0] + a * length / 2 * along[0] + b * depth / 2 * across[0],
            centre[1] + a * length / 2 * along[1] + b * depth / 2 * across[1],
        )
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return rounded(Polygon(corners))


def _unit(angle: float) -> Pair:
    return cos(radians(angle)), sin(radians(angle))


def between(line: LineString, stops: Iterable[BaseGeometry]) -> LineString:
    """Cut a line where it meets the stops and give its longest piece."""
    pieces = shapely.get_parts(line.difference(shapely.unary_union([s.boundary if s.area else s for s in stops])))
    return max(pieces, key=lambda piece: piece.length)


def of_area(shape: Polygon, area_m2: float) -> Polygon:
    """Scale a polygon about its centroid until its area is ``area_m2`` to a thousandth of a square metre."""
    centre = shape.centroid
    for _ in range(4):
        factor = (area_m2 / shape.area) ** 0.5
        shape = scale(shape, factor, factor, origin=centre)
    return shape


def heading(line: LineString, at: float) -> float:
    """Give the direction of a line at a distance along it, in degrees from east."""
    start, end = line.interpolate(max(0.0, at - 1)), line.interpolate(min(line.length, at + 1))
    return float(np.degrees(np.arctan2(end.y - start.y, end.x - start.x)))


def beside(line: LineString, at: float, offset: float) -> Point:
    """Give the point at a distance along a line, ``offset`` metres to its left (negative: right)."""
    side = _unit(heading(line, at) + 90)
    foot = line.interpolate(at)
    return rounded(Point(foot.x + offset * side[0], foot.y + offset * side[1]))


def sides(shape: Polygon) -> list[LineString]:
    """Give the straight sides of a polygon, counter-clockwise."""
    ring = shapely.geometry.polygon.orient(shape).exterior.coords
    return [LineString(pair) for pair in pairwise(ring)]


def reading_order(places: Sequence[Point], *, band: float) -> list[int]:
    """Number places as a page is read: rows ``band`` metres high from the north, west to east in each."""
    todo = sorted(range(len(places)), key=lambda i: -places[i].y)
    order: list[int] = []
    while todo:
        row = [i for i in todo if places[todo[0]].y - places[i].y <= band]
        order += sorted(row, key=lambda i: places[i].x)
        todo = [i for i in todo if i not in row]
    return order


def first_fit(free: BaseGeometry, length: float, depth: float, angle: float, *, step: float = 4.0) -> Polygon | None:
    """Find the first rectangle of this size that fits a free area, trying spots from the south-west.

    Args:
        free: the area that may be built on.
        length: size along ``angle``, metres.
        depth: size across, metres.
        angle: direction in degrees.
        step: distance of the tried spots, metres.

    Returns:
        A rectangle inside ``free``, or None where there is no room.
    """
    west, south, east, north = free.bounds
    shapely.prepare(free)
    for y in np.arange(south + step, north, step):
        for x in np.arange(west + step, east, step):
            tried = rectangle((float(x), float(y)), length, depth, angle)
            if free.covers(tried):
                return tried
    return None
