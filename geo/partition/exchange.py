"""Cells as a graph, and the exchange of cells at the borders of groups that makes their loads more even."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.partition.faces import Whole

Floats = NDArray[np.float64]
MOST_PAIRS = 4_000
"""Swaps of two cells that are looked at in one step, the first in order; a step without an even better one ends it."""
GAIN = 1e-9


@dataclass(frozen=True)
class Graph:
    """Which cells touch which, and for how many metres."""

    touching: tuple[frozenset[int], ...]
    first: Whole
    second: Whole
    length_m: Floats

    @classmethod
    def of(cls, size: int, first: Whole, second: Whole, length_m: Floats) -> "Graph":
        """Make the graph of pairs."""
        found: list[set[int]] = [set() for _ in range(size)]
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            found[a].add(b)
            found[b].add(a)
        return cls(tuple(map(frozenset, found)), first, second, length_m)

    def near(self, cell: int) -> frozenset[int]:
        """Give the cells that touch one."""
        return self.touching[cell]

    def parts(self, cells: Iterable[int]) -> list[list[int]]:
        """Give the pieces that cells hang together in, the largest first, of equals the one with the smallest cell."""
        left, found = set(cells), []
        while left:
            start = min(left)
            piece, edge = {start}, [start]
            while edge:
                new = self.touching[edge.pop()] & left - piece
                piece |= new
                edge += new
            left -= piece
            found.append(sorted(piece))
        return sorted(found, key=lambda one: (-len(one), one[0]))

    def is_one(self, cells: Iterable[int]) -> bool:
        """Tell whether cells hang together."""
        return len(self.parts(cells)) <= 1

    def mended(self, left: Whole, rest: Whole, left_k: int, rest_k: int) -> tuple[Whole, Whole]:
        """Give stray pieces of one side to the other, so that each side hangs together; no side gets too small."""
        left_parts, rest_parts = self.parts(left.tolist()), self.parts(rest.tolist())
        own = left_parts[0] + [c for part in rest_parts[1:] for c in part]
        other = rest_parts[0] + [c for part in left_parts[1:] for c in part]
        if len(own) < left_k or len(other) < rest_k or not (self.is_one(own) and self.is_one(other)):
            own, other = self._chain(sorted([*left.tolist(), *rest.tolist()]), left_k, rest_k)
        return np.array(sorted(own), dtype=np.int64), np.array(sorted(other), dtype=np.int64)

    def _chain(self, cells: list[int], left_k: int, rest_k: int) -> tuple[list[int], list[int]]:
        """Part cells along a tree that spans them: both sides hang together whatever the shape."""
        parent, order = {cells[0]: -1}, [cells[0]]
        for one in order:
            for new in sorted(self.touching[one] & set(cells)):
                if new not in parent:
                    parent[new] = one
                    order.append(new)
        size = dict.fromkeys(cells, 1)
        for one in reversed(order[1:]):
            size[parent[one]] += size[one]
        fits = [c for c in order[1:] if size[c] >= left_k and len(cells) - size[c] >= rest_k]
        fits = fits or order[1:]
        root = min(fits, key=lambda c: (abs(size[c] - len(cells) * left_k / (left_k + rest_k)), c))
        below = {root}
        for one in order:
            if parent[one] in below:
                below.add(one)
        return sorted(below), [c for c in cells if c not in below]

    def cut_m(self, label: Whole) -> float:
        """Length of the borders between groups, metres."""
        return float(self.length_m[label[self.first] != label[self.second]].sum())


def exchanged(label: Whole, weight: Floats, graph: Graph, k: int) -> tuple[Whole, int]:
    """Move border cells to the lighter group, or swap two, as long as the sum of squared loads falls.

    The best step is taken first, of equals that with the smallest cells. A group never comes apart or empties.

    Returns:
        Labels, and how many steps were made.
    """
    found, moves = label.copy(), 0
    load: Floats = np.bincount(label, weights=weight, minlength=k).astype(float)
    for _ in range(4 * len(label)):
        step = _best(found, load, weight, graph)
        if step is None:
            break
        for cell, to in step:
            load[found[cell]] -= weight[cell]
            load[to] += weight[cell]
            found[cell] = to
        moves += 1
    return found, moves


def _best(label: Whole, load: Floats, weight: Floats, graph: Graph) -> list[tuple[int, int]] | None:
    """Give the best step that keeps all groups whole: cells with the group they go to."""
    a, b = graph.first, graph.second
    across = label[a] != label[b]
    cell, to = np.concatenate([a[across], b[across]]), np.concatenate([label[b[across]], label[a[across]]])
    pairs = np.unique(np.column_stack([cell, to]), axis=0)
    if not len(pairs):
        return None
    cell, to = pairs.T
    gain = weight[cell] * (load[label[cell]] - load[to] - weight[cell])
    for at in np.lexsort((to, cell, -gain)):
        if gain[at] <= GAIN:
            break
        if _stays_whole(label, graph, [(int(cell[at]), int(to[at]))]):
            return [(int(cell[at]), int(to[at]))]
    return _swap(label, load, weight, graph, cell=cell, to=to)


def _swap(
    label: Whole, load: Floats, weight: Floats, graph: Graph, *, cell: Whole, to: Whole
) -> list[tuple[int, int]] | None:
    one, two = (part.ravel() for part in np.meshgrid(np.arange(len(cell)), np.arange(len(cell)), indexing="ij"))
    fits = (label[cell[one]] == to[two]) & (label[cell[two]] == to[one]) & (weight[cell[one]] > weight[cell[two]])
    one, two = one[fits], two[fits]
    off = weight[cell[one]] - weight[cell[two]]
    gain = off * (load[label[cell[one]]] - load[to[one]] - off)
    good = np.flatnonzero(gain > GAIN)
    order = good[np.lexsort((cell[two[good]], cell[one[good]], -gain[good]))][:MOST_PAIRS]
    for at in order:
        step = [(int(cell[one[at]]), int(to[one[at]])), (int(cell[two[at]]), int(to[two[at]]))]
        if _stays_whole(label, graph, step):
            return step
    return None


def _stays_whole(label: Whole, graph: Graph, step: list[tuple[int, int]]) -> bool:
    after = label.copy()
    for cell, to in step:
        after[cell] = to
    groups = {int(label[cell]) for cell, _ in step} | {to for _, to in step}
    members = [np.flatnonzero(after == group).tolist() for group in sorted(groups)]
    return all(one and graph.is_one(one) for one in members)
