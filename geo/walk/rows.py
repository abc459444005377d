"""Nodes in order of place, so that those near a point are a few stretches of the order."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.walk.graph import Graph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NODES_A_CELL = 4.0
_MOST_ROWS = 30_000


class Rows(NamedTuple):
    """Nodes in rows of equal height from south to north, in each row from west to east, and the graph in that order.

    ``node`` is the node at each place of the order and ``rank`` the place of each node; ``row`` is the row of each
    place, and ``key`` rises with the order: ``row * span + metres from the west``; ``number`` of rows.
    """

    node: Ints
    rank: Ints
    row: Ints
    key: Floats
    west: float
    span: float
    south: float
    height: float
    number: int
    graph: Graph


class Strips(NamedTuple):
    """The nodes near some starts: for each start and row a stretch of nodes, ``begin`` to ``stop`` in their order.

    The strips of a start are ``rows`` many from ``first`` on, its lowest row is ``bottom``; ``base`` is the number of
    nodes in all strips before.
    """

    first: Ints
    bottom: Ints
    rows: Ints
    begin: Ints
    stop: Ints
    base: Ints


def rows_of(xy: Floats, graph: Graph) -> Rows:
    """Put the nodes of a network, at least one, in rows."""
    west, south = xy.min(axis=0)
    span, tall = np.ptp(xy, axis=0) + 1.0
    height = max(float(np.sqrt(span * tall * _NODES_A_CELL / len(xy))), tall / _MOST_ROWS)
    row = ((xy[:, 1] - south) / height).astype(np.int64)
    order = np.lexsort((xy[:, 0], row))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    degree = np.diff(graph.indptr)[order]
    at = stretches(graph.indptr[:-1][order], degree)
    indptr = np.concatenate([[0], np.cumsum(degree)])
    ordered = Graph(indptr, rank[graph.indices[at]].astype(np.int32), graph.weights[at])
    row, key = row[order], row[order] * span + (xy[order, 0] - west)
    return Rows(order, rank, row, key, float(west), float(span), float(south), height, int(row.max()) + 1, ordered)


def stretches(begin: Ints, size: Ints) -> Ints:
    """Give the numbers begin, begin + 1, ... of many stretches one after the other."""
    ends = np.cumsum(size)
    shift = np.repeat(begin - (ends - size), size)
    found: Ints = np.arange(len(shift)) + shift
    return found


def strips_around(rows: Rows, place: Floats, radius: Floats) -> Strips:
    """Cut the circle around each place, shape (m, 2), into the rows."""
    low = np.clip(((place[:, 1] - radius - rows.south) // rows.height).astype(np.int64), 0, rows.number)
    high = np.clip(((place[:, 1] + radius - rows.south) // rows.height).astype(np.int64) + 1, 0, rows.number)
    count = np.maximum(high - low, 0)
    start = np.repeat(np.arange(len(place)), count)
    row = stretches(low, count)
    below = rows.south + row * rows.height
    y = place[start, 1]
    away = np.maximum(0.0, np.maximum(below - y, y - below - rows.height))
    half = np.sqrt(np.maximum(radius[start] ** 2 - away**2, 0.0))
    x = place[start, 0] - rows.west
    widest = rows.span - 0.5
    begin = np.searchsorted(rows.key, row * rows.span + np.clip(x - half, 0.0, widest), side="left")
    stop = np.searchsorted(rows.key, row * rows.span + np.clip(x + half, -0.0, widest), side="right")
    size = np.maximum(stop - begin, 0)
    first = np.cumsum(count) - count
    return Strips(np.minimum(first, max(len(row) - 1, 0)), low, count, begin, begin + size, np.cumsum(size) - size)


def some_strips(strips: Strips, from_: int, to: int) -> Strips:
    """Give the strips of some starts that follow each other."""
    last = strips.first[to] if to < len(strips.first) else len(strips.begin)
    here = slice(strips.first[from_], last)
    base = strips.base[here]
    return Strips(
        strips.first[from_:to] - strips.first[from_],
        strips.bottom[from_:to],
        strips.rows[from_:to],
        strips.begin[here],
        strips.stop[here],
        base - base[0] if len(base) else base,
    )
