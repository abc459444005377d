"""Which areas touch: by the corners they share, or measured where their corners do not match.

Corners that two outlines share are found as numbers, without any geometry: sorted, equal ones stand side by side.
That is exact where outlines meet corner to corner (a clean coverage). Where an edge of
one area ends in the middle of a neighbour's edge, or hair-thin gaps part them, the border that they share is
measured instead.
"""

from typing import Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.pattern.neighbours import SELF_LEFT_OUT, Neighbours, linked
from geo.pattern.told import Meta, told
from geo.text import Text

Rule = Literal["queen", "rook"]
How = Literal["auto", "corners", "borders"]
Integers = NDArray[np.int64]

GRAIN_M = 1e-3
"""Corners nearer than this are one."""
NEAR_M = 0.5
"""Areas nearer than this touch, where borders are measured."""
LEAST_BORDER_M = 2.0
"""Shared border from which two areas are neighbours by the rook rule, where borders are measured."""
QUEEN = Text("皇后邻接：共边或共点即为邻居", "queen: a shared corner is enough")
ROOK = Text("车式邻接：须有公共边界", "rook: a stretch of border must be shared")


class Borders(NamedTuple):
    """Pairs of areas that touch, first < second, with the length of the border that they share, metres."""

    first: Integers
    second: Integers
    length_m: NDArray[np.float64]


def contiguity(areas: ArrayLike, *, rule: Rule = "queen", how: How = "auto", near_m: float = NEAR_M) -> Neighbours:
    """Find which areas touch.

    Args:
        areas: n polygons in one metric CRS; null and empty ones are islands.
        rule: "queen" or "rook".
        how: "corners" trusts that outlines meet corner to corner, "borders" measures, "auto" measures unless the
            areas are a valid coverage (GEOS ``coverage_is_valid``).
        near_m: where borders are measured, areas nearer than this touch.

    Returns:
        A mutual relation; ``meta`` says which way was taken.
    """
    shapes = np.asarray(areas, dtype=object).ravel()
    by_corners = how == "corners" or (how == "auto" and _is_clean(shapes))
    meta = told(
        "contiguity",
        source="queen and rook contiguity, Cliff and Ord 1981",
        conventions=[QUEEN if rule == "queen" else ROOK, SELF_LEFT_OUT],
        rule=rule,
        how="corners" if by_corners else "borders",
        near_m=None if by_corners else near_m,
    )
    if by_corners:
        return _by_corners(shapes, rule, meta)
    found = shared_borders(shapes, near_m=near_m)
    kept = np.ones(len(found.first), dtype=bool) if rule == "queen" else found.length_m >= LEAST_BORDER_M
    first, second = found.first[kept], found.second[kept]
    return linked(len(shapes), np.concatenate([first, second]), np.concatenate([second, first]), meta)


def _is_clean(shapes: NDArray[np.object_]) -> bool:
    polygonal = shapes[np.isin(shapely.get_type_id(shapes), [3, 6])]
    return bool(shapely.coverage_is_valid(polygonal))


def _by_corners(shapes: NDArray[np.object_], rule: Rule, meta: Meta) -> Neighbours:
    place, owner = _corners(shapes) if rule == "queen" else _sides(shapes)
    first, second = _sharing(len(shapes), owner, place)
    return linked(len(shapes), np.concatenate([first, second]), np.concatenate([second, first]), meta)


def _corners(shapes: NDArray[np.object_]) -> tuple[Integers, Integers]:
    """Place of each corner as one number, and the number of its area; a ring's first corner comes twice."""
    usable = _areal(shapes)
    xy, whose = shapely.get_coordinates(shapes[usable], return_index=True)
    return _numbered(xy), usable[whose]


def _sides(shapes: NDArray[np.object_]) -> tuple[Integers, Integers]:
    """Place of each side from corner to corner as one number, either way round, and the number of its area."""
    place, ring, owner = _rings(shapes)
    if not len(place):
        return place, owner
    corner = np.unique(place, return_inverse=True)[1]
    along = ring[1:] == ring[:-1]
    one, other = corner[:-1][along], corner[1:][along]
    low, high = np.minimum(one, other), np.maximum(one, other)
    return low * (int(corner.max()) + 1) + high, owner[1:][along]


def _areal(shapes: NDArray[np.object_]) -> Integers:
    """Rows of the shapes that are areas."""
    return np.flatnonzero(np.isin(shapely.get_type_id(shapes), [3, 6]))


def _numbered(xy: NDArray[np.float64]) -> Integers:
    """Number places so that those nearer than the grain are one."""
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    steps = np.rint((xy - xy.min(axis=0)) * (1 / GRAIN_M)).astype(np.int64)
    return np.asarray(steps[:, 0] * (int(steps[:, 1].max()) + 1) + steps[:, 1])


def _rings(shapes: NDArray[np.object_]) -> tuple[Integers, Integers, Integers]:
    """Place of each corner as one number, the number of its ring and of its area, ring by ring."""
    usable = _areal(shapes)
    parts, whole = shapes[usable], np.arange(len(usable))
    if (shapely.get_type_id(parts) != 3).any():  # noqa: PLR2004 (GEOS: polygon)
        parts, whole = shapely.get_parts(parts, return_index=True)
    parts, whole = parts[~shapely.is_empty(parts)], whole[~shapely.is_empty(parts)]
    if not len(parts):
        none = np.empty(0, dtype=np.int64)
        return none, none, none
    _, xy, (rings, polygons) = shapely.to_ragged_array(parts, include_z=False)
    sizes = np.diff(rings)
    owner = np.repeat(usable[whole], np.diff(polygons))
    return _numbered(xy), np.repeat(np.arange(len(sizes)), sizes), np.repeat(owner, sizes)


def _sharing(size: int, owner: Integers, mark: Integers) -> tuple[Integers, Integers]:
    """Pair the owners of equal marks, each pair once, first < second."""
    order = np.argsort(mark)
    rising, whose = mark[order], owner[order]
    pairs = []
    for step in range(1, len(rising)):
        same = np.flatnonzero(rising[step:] == rising[:-step])
        if not len(same):
            break
        one, other = whose[same], whose[same + step]
        pairs.append(np.minimum(one, other) * size + np.maximum(one, other))
    key = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *pairs]))
    key = key[np.diff(key, prepend=-1) != 0]
    first, second = key // max(size, 1), key % max(size, 1)
    return first[first != second], second[first != second]


def shared_borders(areas: ArrayLike, *, near_m: float = NEAR_M) -> Borders:
    """Measure the border that areas share, also where their corners do not match or thin gaps part them.

    A stretch of the outline of one counts if it lies within ``near_m`` of the other area; the mean of both ways is
    given. Areas that meet in a point only share less than some times ``near_m``.

    Args:
        areas: n polygons in one metric CRS.
        near_m: metres.
    """
    shapes = np.asarray(areas, dtype=object).ravel()
    usable = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    first, second = shapely.STRtree(shapes[usable]).query(shapes[usable], predicate="dwithin", distance=near_m)
    once = first < second
    first, second = usable[first[once]], usable[second[once]]
    order = np.lexsort([second, first])
    first, second = first[order], second[order]
    lengths = (_along(shapes, first, second, near_m) + _along(shapes, second, first, near_m)) / 2
    return Borders(first, second, lengths)


def _along(shapes: NDArray[np.object_], one: Integers, other: Integers, near_m: float) -> NDArray[np.float64]:
    """Length of the outline of ``one`` that lies within ``near_m`` of ``other``, less what a mere corner has."""
    reach = shapely.buffer(shapes[other], near_m, join_style="mitre")
    length = shapely.length(shapely.intersection(shapely.boundary(shapes[one]), reach))
    return np.asarray(np.maximum(length - 2 * near_m, 0.0))
