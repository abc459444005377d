"""Where lanes end without a way on, how long the blind part is, and whether a square to turn in is free there.

A lane goes on where another line, or another part of its own, comes within a joining distance. A square is free if no
thing reaches into it; all positions along the direction of the lane's end in which the square holds or touches the
end are looked at, exactly: the positions that a thing forbids are its Minkowski sum with the square.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

JOIN_M = 1.0
"""Ends this near to another line meet it, if nothing else is said."""
_SLACK_M = 0.01
_AREA = 2

Floats = NDArray[np.float64]


class DeadEnds(NamedTuple):
    """Ends of lines that lead nowhere.

    ``table`` has ``line`` (row number), ``end`` ("first" or "last" point), ``x_m``, ``y_m``, ``east`` and ``north`` (direction of
    travel at the end, length 1) and ``blind_m`` (metres from the last meeting with another line); sorted by line and end.
    """

    table: pd.DataFrame
    meta: Mapping[str, object]


def dead_ends(lines: ArrayLike, *, joins: ArrayLike = (), join_m: float = JOIN_M) -> DeadEnds:
    """Find the ends of lines that meet no other line.

    Args:
        lines: n line strings in metres; multi-lines are taken part by part, null and empty ones have no ends.
        joins: further lines that may be met but whose own ends are not asked for.
        join_m: farthest between an end and a line that it meets; the limit counts.
    """
    shapes = np.asarray(lines, dtype=object).ravel()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    further = shapely.get_parts(np.asarray(joins, dtype=object).ravel())
    every = np.concatenate([parts, further]).astype(object)
    size = len(parts)
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)]).astype(object)
    of_end = np.r_[np.arange(size), np.arange(size)]
    length = shapely.length(parts)
    meets, where = meetings(every, size, join_m)
    point, line = shapely.STRtree(every).query(ends, predicate="dwithin", distance=join_m)
    joined = np.zeros(2 * size, dtype=bool)
    joined[point[line != of_end[point]]] = True
    joined |= np.tile(_closed(parts, join_m), 2)
    free = np.flatnonzero(~joined & (length[of_end] > 0))
    is_last, part = free >= size, of_end[free]
    nearest = _last_meeting(meets, where, length, size)
    blind = np.where(is_last, length[part] - nearest[1][part], nearest[0][part])
    ahead = _direction(parts[part], is_last)
    table = pd.DataFrame(
        {
            "line": owner[part].astype(np.int64),
            "end": pd.array(np.where(is_last, "last", "first"), dtype="str"),
            "x_m": shapely.get_x(ends[free]),
            "y_m": shapely.get_y(ends[free]),
            "east": ahead[:, 0],
            "north": ahead[:, 1],
            "blind_m": np.round(blind, 6),
        }
    )
    table = table.sort_values(["line", "end", "x_m", "y_m"], kind="stable", ignore_index=True)
    return DeadEnds(table, {"method": "dead ends", "join_m": join_m})


def _closed(parts: NDArray[np.object_], join_m: float) -> NDArray[np.bool_]:
    """Mark the lines whose ends meet each other."""
    apart = shapely.distance(shapely.get_point(parts, 0), shapely.get_point(parts, -1))
    return np.asarray((apart <= join_m) & (shapely.length(parts) > 2 * join_m), dtype=bool)


def meetings(every: NDArray[np.object_], size: int, join_m: float) -> tuple[NDArray[np.int64], Floats]:
    """Give (line, metres along it) wherever one of the first ``size`` lines is met or crossed by another line."""
    tree = shapely.STRtree(every[:size])
    ends = np.concatenate([shapely.get_point(every, 0), shapely.get_point(every, -1)]).astype(object)
    of_end = np.r_[np.arange(len(every)), np.arange(len(every))]
    point, line = tree.query(ends, predicate="dwithin", distance=join_m)
    other = of_end[point] != line
    point, line = point[other], line[other]
    one, two = tree.query(every, predicate="intersects")
    crossing = one != two
    one, two = one[crossing], two[crossing]
    spots, pair = shapely.get_coordinates(shapely.intersection(every[one], every[two]), return_index=True)
    met = np.concatenate([line, two[pair]]).astype(np.int64)
    places = np.concatenate([ends[point], shapely.points(spots)]).astype(object)
    return met, np.asarray(shapely.line_locate_point(every[met], places), dtype=float)


def _last_meeting(line: NDArray[np.int64], where: Floats, length: Floats, size: int) -> tuple[Floats, Floats]:
    """Metres along each line of the first and the last place where it is met; without any its far end."""
    first, last = length[:size].copy(), np.zeros(size)
    np.minimum.at(first, line, where)
    np.maximum.at(last, line, where)
    return first, last


def _direction(parts: NDArray[np.object_], is_last: NDArray[np.bool_]) -> Floats:
    """Direction of travel out of the line at its last or first point, over the last piece that has a length."""
    found = np.zeros((len(parts), 2))
    for at, (part, last) in enumerate(zip(parts, is_last, strict=True)):
        points = shapely.get_coordinates(part)
        step = np.diff(points if last else points[::-1], axis=0)
        along = step[np.hypot(step[:, 0], step[:, 1]) > 0][-1]
        found[at] = along / np.hypot(*along)
    return found


def has_turning_square(
    ends: pd.DataFrame, side_m: ArrayLike, things: ArrayLike, *, tolerance_m: float = _SLACK_M
) -> NDArray[np.bool_]:
    """Say at which dead ends a square lies free of things, its sides along and across the lane.

    Args:
        ends: ``x_m``, ``y_m``, ``east``, ``north`` as ``dead_ends`` gives them.
        side_m: side of the square, one number or one for each end.
        things: m valid geometries that may not reach into it.
        tolerance_m: things may reach in by so much on each side: what only touches is free.

    Returns:
        Shape (n,). True says that no thing stands in the way, not that the ground is paved or may be driven on.
    """
    sides = np.broadcast_to(np.asarray(side_m, dtype=float), (len(ends),)) - 2 * tolerance_m
    bodies = np.asarray(things, dtype=object).ravel()
    points = shapely.points(ends["x_m"].to_numpy(), ends["y_m"].to_numpy())
    tree = shapely.STRtree(bodies)
    found = np.zeros(len(ends), dtype=bool)
    for at, (point, side) in enumerate(zip(points, sides, strict=True)):
        near = bodies[tree.query(point, predicate="dwithin", distance=float(side + 2 * tolerance_m) * 2.0**0.5)]
        ahead = ends[["east", "north"]].to_numpy(dtype=float)[at]
        local = _turned(near, shapely.get_coordinates(point)[0], ahead)
        found[at] = _fits(local, float(side), tolerance_m)
    return found


def _turned(bodies: NDArray[np.object_], origin: Floats, ahead: Floats) -> NDArray[np.object_]:
    """Give geometries in coordinates along and across a direction."""
    turn = np.array([[ahead[0], -ahead[1]], [ahead[1], ahead[0]]])
    return np.asarray(shapely.transform(bodies, lambda points: (points - origin) @ turn), dtype=object)


def _fits(bodies: NDArray[np.object_], side: float, slack: float) -> bool:
    """Tell whether a square can be laid somewhere: its lower left corner may lie from (-side, -side) to (0, 0) or so."""
    positions = shapely.box(-side - slack, -side - slack, slack, slack)
    near = shapely.intersection(bodies, shapely.box(-2 * side, -2 * side, 2 * side, 2 * side))
    near = near[shapely.get_dimensions(near) == shapely.get_dimensions(bodies)]
    forbidden = [*_edges_widened(near, side), *_shifted(near, side)]
    return bool(shapely.area(shapely.difference(positions, shapely.union_all(forbidden))) > 0)


def _shifted(bodies: NDArray[np.object_], side: float) -> NDArray[np.object_]:
    """Areas moved by one corner of the square: the inside of their sum with it."""
    areas = bodies[shapely.get_dimensions(bodies) == _AREA]
    return np.asarray(shapely.transform(areas, lambda points: points - side), dtype=object)


def _edges_widened(bodies: NDArray[np.object_], side: float) -> NDArray[np.object_]:
    """Minkowski sums of each edge (and point) with the square from (-side, -side) to (0, 0)."""
    areal = shapely.get_dimensions(bodies) == _AREA
    flat = np.concatenate([shapely.boundary(bodies[areal]), bodies[~areal]])
    points, owner = shapely.get_coordinates(shapely.get_parts(flat), return_index=True)
    first, last = points[:-1], points[1:]
    use = owner[1:] == owner[:-1]
    single = np.bincount(owner)[owner] == 1 if len(owner) else np.empty(0, dtype=bool)
    begin, end = np.concatenate([first[use], points[single]]), np.concatenate([last[use], points[single]])
    corners = side * np.array([[0, 0], [-1, 0], [-1, -1], [0, -1]], dtype=float)
    spread = np.concatenate([begin[:, None] + corners, end[:, None] + corners], axis=1)
    return np.asarray([shapely.convex_hull(shapely.multipoints(one)) for one in spread], dtype=object)
