"""Hollows of the ground filled to the rim: how high water must stand before it can leave, and how deep that is.

What Priority-Flood finds (Barnes, Lehman and Mulla 2014): water may leave over any edge cell, and over any cell beside
one that is unknown, and steps to any of eight neighbours. It is found here without a queue of cells: every cell runs
down to a lowest one, so only the lowest cells and the passes between their basins matter, and the water table of a
basin is the highest pass on the best way out, which lies in a smallest spanning tree of the basins.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.terrain.neighbours import Framed, framed

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Filled(NamedTuple):
    """The surface with its hollows filled, and the depth of the fill, both shape (rows, columns), NaN where unknown."""

    level: Floats
    depth: Floats
    meta: Mapping[str, object]


def filled(height: Floats) -> Filled:
    """Fill the hollows of a surface.

    Args:
        height: metres, shape (rows, columns), NaN where unknown.
    """
    ground = framed(height)
    known = np.flatnonzero(np.isfinite(ground.height))
    level = np.full(ground.height.shape, np.nan)
    if len(known):
        basin, count = _basins(ground, known)
        outlet = _beside_unknown(ground, known)
        links = _passes(ground, basin, known, outlet)
        level[known] = np.maximum(ground.height[known], _water_levels(links, count)[basin[known]])
    found = np.asarray(ground.inside(level), dtype=np.float64)
    meta = {
        "method": "Priority-Flood level by smallest spanning tree of basins",
        "conventions": "eight neighbours; water leaves over edges and into unknown cells",
    }
    return Filled(found, found - height, MappingProxyType(meta))


def _basins(ground: Framed, known: Places) -> tuple[NDArray[np.int64], int]:
    """Number the basins: each cell follows its lowest neighbour down to a cell that has none lower."""
    height = ground.height
    to, lowest = known.copy(), height[known].copy()
    for step in ground.steps:
        other = height[known + step]
        lower = other < lowest  # never true of an unknown one
        lowest[lower] = other[lower]
        to[lower] = known[lower] + step
    down = np.arange(len(height))
    down[known] = to
    while True:
        further = down[down]
        if np.array_equal(further, down):
            break
        down = further
    bottoms, number = np.unique(down[known], return_inverse=True)
    basin = np.full(len(height), -1)
    basin[known] = number
    return basin, len(bottoms)


def _beside_unknown(ground: Framed, known: Places) -> Places:
    beside = np.zeros(len(known), dtype=bool)
    for step in ground.steps:
        beside |= np.isnan(ground.height[known + step])
    return known[beside]


def _passes(ground: Framed, basin: Places, known: Places, outlet: Places) -> tuple[Places, Places, Floats]:
    """Give the lowest pass between each two neighbouring basins; the outside is the basin after the last."""
    outside = int(basin.max()) + 1
    pairs, heights = [basin[outlet] * (outside + 1) + outside], [ground.height[outlet]]
    for step in ground.steps[:4]:  # the other four are the same pairs seen from the other side
        near, far = basin[known], basin[known + step]
        apart = (near != far) & (far >= 0)
        cells = known[apart]
        low, high = np.minimum(near[apart], far[apart]), np.maximum(near[apart], far[apart])
        pairs.append(low * (outside + 1) + high)
        heights.append(np.maximum(ground.height[cells], ground.height[cells + step]))
    pair, height = np.concatenate(pairs), np.concatenate(heights)
    order = np.lexsort((height, pair))
    pair, height = pair[order], height[order]
    first = np.append(True, pair[1:] != pair[:-1])
    pair = pair[first]
    return pair // (outside + 1), pair % (outside + 1), height[first]


def _water_levels(links: tuple[Places, Places, Floats], outside: int) -> Floats:
    """Give for each basin the highest pass on the way out on which that is lowest."""
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree  # noqa: PLC0415 (heavy)

    first, second, height = links
    different, rank = np.unique(height, return_inverse=True)
    size = outside + 1
    tree = minimum_spanning_tree(coo_array((rank + 1.0, (first, second)), shape=(size, size)).tocsr())  # 0 is no edge
    _, before = breadth_first_order(tree, outside, directed=False)
    up = np.where(before < 0, outside, before).astype(np.int64)
    steps = tree.tocoo()
    worst = np.zeros(size, dtype=np.int64)
    for one, other in ((steps.row, steps.col), (steps.col, steps.row)):
        mine = up[one] == other
        worst[one[mine]] = steps.data[mine].astype(np.int64)
    worst[outside] = 0
    while (up != outside).any():
        worst = np.maximum(worst, worst[up])
        up = up[up]
    return np.append(-np.inf, different)[worst[:outside]]
