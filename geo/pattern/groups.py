"""Groups of points: DBSCAN on cells, with the extent of each group.

Ester, Kriegel, Sander and Xu 1996. A point with at least ``min_samples`` points within ``reach_m`` (itself counted,
exactly at the reach is inside) is a core; cores within reach of each other are one group; another point within
reach of a core belongs to the group of the nearest core; the rest is noise. Cells of which the diagonal is the
reach (Gunawan 2013) spare most distances: a cell with enough points holds cores only, and two cells are joined as
soon as one pair of their cores is near.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.cells import ROWS, Cells, bounds_of, has_near, listed_pairs, nearest
from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pairs = list[tuple[Integers, Integers]]

NOISE = -1
_TRIED = 3  # cores of a cell that are tried first
_BLOCK = 200_000  # pairs, cells or points looked at at a time
ITSELF = Text("点数含该点自身", "a point counts itself")
INCLUSIVE = Text("恰在半径上的点算在内", "exactly at the reach is inside")
CHAINED = Text("成组为链式连接，故列出每组的范围", "groups are chains, so the extent of each is given")


class Groups(NamedTuple):
    """Groups of n points: ``label`` from 0 in the order of their first members, -1 noise; ``core`` marks cores."""

    label: Integers
    core: Bools
    meta: Meta


def dbscan(x: ArrayLike, y: ArrayLike, *, reach_m: float, min_samples: int) -> Groups:
    """Find groups of points.

    Args:
        x: east of n points, metres; a point without coordinates is noise.
        y: north of n points, metres.
        reach_m: metres ("eps").
        min_samples: points within reach that make a core, itself counted.

    Raises:
        ValueError: a reach not above zero, or fewer than one point.
    """
    if not 0 < reach_m < np.inf or min_samples < 1:
        msg = "the reach must be above zero and min_samples at least 1"
        raise ValueError(msg)
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    placed = np.isfinite(east) & np.isfinite(north)
    label, core = np.full(len(east), NOISE, dtype=np.int64), np.zeros(len(east), dtype=bool)
    if placed.any():
        if not placed.all():
            east, north = east[placed], north[placed]
        label[placed], core[placed] = _grouped(east, north, reach_m, min_samples)
    meta = told(
        "dbscan", source="Ester, Kriegel, Sander and Xu 1996", conventions=[ITSELF, INCLUSIVE, CHAINED],
        reach_m=reach_m, min_samples=min_samples, n=int(placed.sum()),
    )  # fmt: skip
    return Groups(label, core, meta)


def _grouped(x: Floats, y: Floats, reach_m: float, min_samples: int) -> tuple[Integers, Bools]:
    cells = Cells.of(x, y, reach_m)
    is_core = _cores(cells, min_samples)
    label = np.full(len(x), NOISE, dtype=np.int64)
    core = np.zeros(len(x), dtype=bool)
    core[cells.order[is_core]] = True
    if is_core.any():
        cores = cells.some(is_core)
        joined = _joined(cores)
        label[cores.order] = np.repeat(joined, cores.size)
        owner = np.repeat(joined, cores.size)
        others = np.flatnonzero(~is_core)
        for start in range(0, len(others), _BLOCK):
            rest = others[start : start + _BLOCK]
            of = np.searchsorted(cells.start, rest, side="right") - 1
            near = nearest(cores, cells.x[rest], cells.y[rest], of)
            label[cells.order[rest[near >= 0]]] = owner[near[near >= 0]]
    return renumbered(label), core


def _cores(cells: Cells, min_samples: int) -> Bools:
    """Mark the cores; only where it is not plain from the number of points in and around a cell is it counted."""
    full = cells.size >= min_samples
    unsure = ~full & (cells.most() >= min_samples)
    is_core = np.repeat(full, cells.size)
    rows = np.flatnonzero(np.repeat(unsure, cells.size))
    if len(rows):
        is_core[rows] = has_near(cells, rows, min_samples)
    return is_core


def _joined(cores: Cells) -> Integers:
    """Give each cell the number of its group; cells without cores have numbers of their own."""
    used = np.flatnonzero(cores.size > 0)
    packed = Cells(
        cores.order, cores.x, cores.y, cores.key[used], np.append(cores.start[used], len(cores.x)), cores.width,
        cores.reach2,
    )  # fmt: skip
    links, unsure = _plain(packed)
    group = _components(len(used), links)
    left = [(one[apart], other[apart]) for one, other in unsure for apart in [group[one] != group[other]]]
    first, second = (np.concatenate([np.empty(0, dtype=np.int64), *ends]) for ends in zip(*left, strict=True))
    group = _exactly(packed, first, second, links=links, group=group)
    found = np.full(len(cores.key), NOISE, dtype=np.int64)
    found[used] = group
    return found


def _plain(cells: Cells) -> tuple[Pairs, Pairs]:
    """Give the pairs of cells that are seen at once to be near, and those that may be."""
    links: Pairs = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
    unsure: Pairs = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
    bounds = bounds_of(cells)
    for start in range(0, len(cells.key), _BLOCK // 4):
        for row, columns in ROWS:
            first, second = _beside(cells, np.arange(start, min(start + _BLOCK // 4, len(cells.key))), row, columns)
            surely, maybe = _by_bounds(bounds, first, second, reach2=cells.reach2)
            links.append((first[surely], second[surely]))
            first, second = first[maybe], second[maybe]
            near = _tried(cells, first, second)
            links.append((first[near], second[near]))
            unsure.append((first[~near], second[~near]))
    return links, unsure


def _beside(cells: Cells, some: Integers, row: int, columns: int) -> tuple[Integers, Integers]:
    """List the pairs of cells whose points may be near, each once: those in the row of a cell and above it."""
    if row < 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    middle = cells.key[some] + row * cells.width
    low = some + 1 if row == 0 else np.searchsorted(cells.key, middle - columns, side="left")
    first, second = listed_pairs(low, np.searchsorted(cells.key, middle + columns, side="right"))
    return some[first], second


def _by_bounds(bounds: tuple[Floats, ...], first: Integers, second: Integers, *, reach2: float) -> tuple[Bools, Bools]:
    """Tell which pairs are near however their cores lie, and which may be."""
    west, east, south, north = bounds
    gap_x = np.maximum(np.maximum(west[second] - east[first], west[first] - east[second]), 0)
    gap_y = np.maximum(np.maximum(south[second] - north[first], south[first] - north[second]), 0)
    far_x = np.maximum(east[second] - west[first], east[first] - west[second])
    far_y = np.maximum(north[second] - south[first], north[first] - south[second])
    surely = far_x**2 + far_y**2 <= reach2
    return surely, ~surely & (gap_x**2 + gap_y**2 <= reach2)


def _tried(cells: Cells, first: Integers, second: Integers) -> Bools:
    """Tell which pairs are seen to be near by a few of their cores."""
    near = np.zeros(len(first), dtype=bool)
    size = cells.size
    for one in range(_TRIED):
        for other in range(_TRIED):
            left = np.flatnonzero(~near)
            a = cells.start[first[left]] + size[first[left]] * one // _TRIED
            b = cells.start[second[left]] + size[second[left]] * other // _TRIED
            near[left] = (cells.x[a] - cells.x[b]) ** 2 + (cells.y[a] - cells.y[b]) ** 2 <= cells.reach2
    return near


def _components(size: int, links: Pairs) -> Integers:
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)

    one, other = (np.concatenate([link[end] for link in links]) for end in (0, 1))
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _exactly(cells: Cells, first: Integers, second: Integers, *, links: Pairs, group: Integers) -> Integers:
    """Join what is near by measuring all pairs of cores, fewest first; what is one group by now is left out."""
    size = cells.size
    work = size[first] * size[second]
    order = np.argsort(work, kind="stable")
    first, second, work = first[order], second[order], work[order]
    while len(first):
        many = max(1, int(np.searchsorted(np.cumsum(work), _BLOCK)))
        near = _any_near(cells, first[:many], second[:many])
        links.append((first[:many][near], second[:many][near]))
        group = _components(len(cells.key), links) if near.any() else group
        left = many + np.flatnonzero(group[first[many:]] != group[second[many:]])
        first, second, work = first[left], second[left], work[left]
    return group


def _any_near(cells: Cells, first: Integers, second: Integers) -> Bools:
    if len(first) == 1 and cells.size[first[0]] * cells.size[second[0]] > _BLOCK:
        return np.array([_near_in_tree(cells, int(first[0]), int(second[0]))])
    size = cells.size
    pair, one = listed_pairs(cells.start[first], cells.start[first] + size[first])
    owner, other = listed_pairs(cells.start[second[pair]], cells.start[second[pair]] + size[second[pair]])
    near = (cells.x[one[owner]] - cells.x[other]) ** 2 + (cells.y[one[owner]] - cells.y[other]) ** 2 <= cells.reach2
    return np.bincount(pair[owner[near]], minlength=len(first)) > 0


def _near_in_tree(cells: Cells, first: int, second: int) -> bool:
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    one, other = (
        np.column_stack([axis[cells.start[cell] : cells.start[cell + 1]] for axis in (cells.x, cells.y)])
        for cell in (first, second)
    )
    found: Any = cKDTree(one).query(other, distance_upper_bound=float(np.sqrt(cells.reach2)) * (1 + 1e-12))[0]
    return bool(np.isfinite(found).any())


def renumbered(label: Integers) -> Integers:
    """Number the groups from 0 in the order of their first members."""
    grouped = np.flatnonzero(label >= 0)
    if not len(grouped):
        return label
    different, first = np.unique(label[grouped], return_index=True)
    number = np.empty(int(different.max()) + 1, dtype=np.int64)
    number[different[np.argsort(first)]] = np.arange(len(different))
    found = label.copy()
    found[grouped] = number[label[grouped]]
    return found
