"""Groups of points of any density: HDBSCAN.

Campello, Moulavi and Sander 2013, with the excess of mass. The distance of two points is at least the distance to
the ``min_samples``-th nearest (itself counted) of each; the shortest tree over these distances is cut from the
longest edge on; a part counts as a group from ``min_cluster_size`` points, and of a group and its parts those are
kept that last longer. The tree is grown point by point without holding distances: time grows with n², memory with
n, which is meant for some ten thousand points.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.groups import INCLUSIVE, ITSELF, NOISE, Groups, renumbered
from geo.pattern.told import told
from geo.text import Text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_POINTS = 30_000
"""Points up to which it ends in well under a minute."""
_NOWHERE_M = 1e-9  # points in one place are this far apart, so that densities stay numbers
LONGER = Text("取持续更久的组（质量超额）", "of a group and its parts those are kept that last longer (excess of mass)")


class _Part(NamedTuple):
    """A part of the tree of groups: whence it came, at which 1/distance it began."""

    parent: int
    birth: float


def hdbscan(x: ArrayLike, y: ArrayLike, *, min_cluster_size: int, min_samples: int | None = None) -> Groups:
    """Find groups of points, each at its own density; the whole is never one group.

    Args:
        x: east of n points, metres; n at most ``MOST_POINTS``.
        y: north of n points, metres.
        min_cluster_size: points that make a group, at least 2.
        min_samples: see above; None: as many as ``min_cluster_size``.

    Returns:
        Labels from 0 in the order of their first members, -1 noise; ``core`` marks all that belong to a group.

    Raises:
        ValueError: too many points, a size below 2, or a point without coordinates.
    """
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    samples = min_cluster_size if min_samples is None else min_samples
    if len(points) > MOST_POINTS or min_cluster_size < 2 or samples < 1 or not np.isfinite(points).all():  # noqa: PLR2004
        msg = f"at most {MOST_POINTS} points with coordinates, and groups of at least 2"
        raise ValueError(msg)
    label = np.full(len(points), NOISE, dtype=np.int64)
    if len(points) >= max(min_cluster_size, samples, 2):
        first, second, length = _shortest_tree(points - points.min(axis=0), samples)
        label = _labels(len(points), _merges(first, second, length), length, min_cluster_size)
    meta = told(
        "hdbscan", source="Campello, Moulavi and Sander 2013", conventions=[ITSELF, INCLUSIVE, LONGER],
        min_cluster_size=min_cluster_size, min_samples=samples, n=len(points),
    )  # fmt: skip
    return Groups(renumbered(label), label >= 0, meta)


def _shortest_tree(points: Floats, samples: int) -> tuple[Integers, Integers, Floats]:
    """Grow the shortest tree over mutual reachability (Prim); edges from short to long."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    n = len(points)
    core = cKDTree(points).query(points, k=[samples])[0][:, 0]
    outside = np.arange(1, n)
    best, whence = np.full(n - 1, np.inf), np.zeros(n - 1, dtype=np.int64)
    first, second, length = np.empty(n - 1, dtype=np.int64), np.empty(n - 1, dtype=np.int64), np.empty(n - 1)
    at = 0
    for step in range(n - 1):
        apart = np.hypot(points[outside, 0] - points[at, 0], points[outside, 1] - points[at, 1])
        reach = np.maximum(np.maximum(apart, core[outside]), core[at])
        nearer = reach < best
        best[nearer], whence[nearer] = reach[nearer], at
        place = int(best.argmin())
        at = int(outside[place])
        first[step], second[step], length[step] = whence[place], at, best[place]
        outside, best, whence = (np.delete(one, place) for one in (outside, best, whence))
    order = np.argsort(length, kind="stable")
    return first[order], second[order], length[order]


def _merges(first: Integers, second: Integers, length: Floats) -> NDArray[np.int64]:
    """Join along the tree: row k holds the two nodes that node n + k is made of, and its size."""
    n = len(length) + 1
    parent = np.arange(2 * n - 1)
    size = np.ones(2 * n - 1, dtype=np.int64)
    found = np.empty((n - 1, 3), dtype=np.int64)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = int(parent[node])
        return node

    for k in range(n - 1):
        one, other = root(int(first[k])), root(int(second[k]))
        parent[one] = parent[other] = n + k
        size[n + k] = size[one] + size[other]
        found[k] = one, other, size[n + k]
    return found


def _labels(n: int, merges: NDArray[np.int64], length: Floats, least: int) -> Integers:
    """Keep the parts that last, and give each point the topmost kept part that holds it."""
    parts, mass, last = _condensed(n, merges, length, least)
    chosen = _lasting(parts, mass)
    top = np.full(len(parts), NOISE, dtype=np.int64)
    for number in range(1, len(parts)):  # a parent comes before its parts
        above = top[parts[number].parent]
        top[number] = above if above >= 0 else number if chosen[number] else NOISE
    return top[last]


def _condensed(
    n: int, merges: NDArray[np.int64], length: Floats, least: int
) -> tuple[list[_Part], list[float], Integers]:
    """Cut from the top: the parts, how long their points last in each, and the last part of each point."""
    parts, mass, last = [_Part(0, 0.0)], [0.0], np.zeros(n, dtype=np.int64)
    waiting = [(2 * n - 2, 0)]
    while waiting:
        node, part = waiting.pop()
        one, other, size = (int(value) for value in merges[node - n])
        density = 1.0 / max(float(length[node - n]), _NOWHERE_M)
        held = density - parts[part].birth
        large = [child for child in (one, other) if _size(child, n, merges) >= least]
        if len(large) == 1:
            small = other if large[0] == one else one
            mass[part] += held * _size(small, n, merges)
            last[_points(small, n, merges)] = part
            waiting.append((large[0], part))
            continue
        mass[part] += held * size
        if not large:
            last[_points(node, n, merges)] = part
        for child in large:
            parts.append(_Part(part, density))
            mass.append(0.0)
            waiting.append((child, len(parts) - 1))
    return parts, mass, last


def _size(node: int, n: int, merges: NDArray[np.int64]) -> int:
    return 1 if node < n else int(merges[node - n, 2])


def _points(node: int, n: int, merges: NDArray[np.int64]) -> list[int]:
    """List the points below a node."""
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        if one < n:
            found.append(one)
        else:
            waiting += [int(merges[one - n, 0]), int(merges[one - n, 1])]
    return found


def _lasting(parts: list[_Part], mass: list[float]) -> NDArray[np.bool_]:
    """Mark the parts that outlast what they fall into; of nested ones the topmost counts, the whole never."""
    below = np.zeros(len(parts))
    chosen = np.zeros(len(parts), dtype=bool)
    for number in range(len(parts) - 1, 0, -1):
        chosen[number] = mass[number] >= below[number]
        below[parts[number].parent] += max(mass[number], below[number])
    return chosen
