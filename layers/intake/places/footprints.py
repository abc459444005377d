"""Where a stair unit or a side of a building lies, as far as its footprint tells."""

import math
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

OUTSIDE_M = 3.0
"""How far before the wall 东侧 is: a step outside, so that the point lies in the yard and not in the house."""
DIRECTIONS = {
    "east": (1.0, 0.0),
    "west": (-1.0, 0.0),
    "north": (0.0, 1.0),
    "south": (0.0, -1.0),
    "northeast": (math.sqrt(0.5), math.sqrt(0.5)),
    "northwest": (-math.sqrt(0.5), math.sqrt(0.5)),
    "southeast": (math.sqrt(0.5), -math.sqrt(0.5)),
    "southwest": (-math.sqrt(0.5), -math.sqrt(0.5)),
}
"""East and north of a step towards each point of the compass."""
ENDS = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "南": (0.0, -1.0), "北": (0.0, 1.0), "中": (0.0, 0.0)}


class Spot(NamedTuple):
    """A point of a building: ``part_m`` is the length of the part that is meant, 0 for the whole."""

    x: float
    y: float
    part_m: float


def middle(shape: BaseGeometry) -> tuple[float, float]:
    """Give the centre of a shape, or the point of the shape next to it where the centre lies outside."""
    centre = shapely.centroid(shape)
    at = shapely.get_coordinates(shapely.shortest_line(shape, centre))[0]
    return float(at[0]), float(at[1])


def unit_spot(shape: BaseGeometry, unit: str, units: int, *, doubt_m: float) -> Spot | None:
    """Find a stair unit along the longest axis of a building.

    Units are counted from the west, or from the north where the building runs north to south: the usual order,
    but not a rule. So a number is only believed where the count from the other end ends within ``doubt_m``
    of the same place; units that are called by their side (东单元) are always believed.

    Args:
        shape: footprint, in metres.
        unit: number or 东 西 南 北 中.
        units: how many the building has, 0 if unknown.
        doubt_m: how far the two counts may lie apart.

    Returns:
        The place, or None if it cannot be told: stay at the building's middle.
    """
    if units < 1:
        return None
    axis, length = _axis(shape)
    x, y = middle(shape)
    if length <= 0:
        return None
    part = length / units
    if unit in ENDS:
        east, north = ENDS[unit]
        towards = axis[0] * east + axis[1] * north
        if unit != "中" and abs(towards) < math.sqrt(0.5):
            return None
        offset = math.copysign((length - part) / 2, towards) if unit != "中" else 0.0
    elif unit.isdigit() and 1 <= int(unit) <= units:
        offset = (int(unit) - (units + 1) / 2) * part
        if 2 * abs(offset) > doubt_m:
            return None
    else:
        return None
    return Spot(x + axis[0] * offset, y + axis[1] * offset, part)


def _axis(shape: BaseGeometry) -> tuple[tuple[float, float], float]:
    """Give the direction of the longest side of the smallest box around a shape, and its length."""
    box = shapely.oriented_envelope(shape)
    if shapely.get_type_id(box) != 3:  # noqa: PLR2004 (a polygon; lines and points have no sides)
        return (1.0, 0.0), 0.0
    corners = shapely.get_coordinates(box)[:3]
    sides = [(corners[i + 1] - corners[i]) for i in range(2)]
    length, (east, north) = max((math.hypot(*side), (float(side[0]), float(side[1]))) for side in sides)
    unit = (east / length, north / length) if length else (1.0, 0.0)
    southward = unit[1] > 0 if abs(unit[1]) > abs(unit[0]) else unit[0] < 0
    return ((-unit[0], -unit[1]) if southward else unit), length


def moved_aside(shape: BaseGeometry, spot: Spot, side: str) -> tuple[float, float]:
    """Move a spot of a shape to one of its sides: ``OUTSIDE_M`` beyond the wall, or beyond the unit that is meant.

    Words other than points of the compass move nothing.
    """
    if side not in DIRECTIONS:
        return spot.x, spot.y
    east, north = DIRECTIONS[side]
    west_m, south_m, east_m, north_m = shape.bounds
    far = 2 * (east_m - west_m + north_m - south_m) + 1
    ray = shapely.LineString([(spot.x, spot.y), (spot.x + east * far, spot.y + north * far)])
    crossed = shapely.get_coordinates(shapely.intersection(ray, shape))
    leaves = max((math.hypot(px - spot.x, py - spot.y) for px, py in crossed), default=0.0)
    if spot.part_m:
        leaves = min(leaves, spot.part_m / 2)
    return spot.x + east * (leaves + OUTSIDE_M), spot.y + north * (leaves + OUTSIDE_M)


def share_near(shape: BaseGeometry, x: float, y: float, radius_m: float) -> float:
    """Give the share of a thing that lies within a distance of a point: of its area, its length or its points.

    If all places on a thing are equally likely, this is the chance that the point stands for the right one.
    """
    west, south, east, north = shape.bounds
    if math.hypot(max(x - west, east - x), max(y - south, north - y)) <= radius_m:
        return 1.0
    disc = shapely.Point(x, y).buffer(radius_m)
    near = shapely.intersection(shape, disc)
    whole = float(shape.area) or float(shape.length)
    part = float(near.area) if shape.area else float(near.length)
    return part / whole if whole else 0.0
