"""Shortest ways over nodes and edges: a sparse graph and Dijkstra's method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REPEATED = ("least", "last")


@dataclass(frozen=True)
class Graph:
    """Neighbours of each node, both ways, in compressed rows: those of node i are ``indices[indptr[i]:indptr[i+1]]``.

    ``weights`` are metres; no pair of nodes stands twice in it.
    """

    indptr: Ints
    indices: NDArray[np.int32]
    weights: Floats

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1


def graph_of(u: ArrayLike, v: ArrayLike, length_m: ArrayLike, size: int, *, repeated: str = "least") -> Graph:
    """Make a graph of edges that may be walked both ways.

    Args:
        u: node at one end of each edge, 0 to size - 1.
        v: node at the other end.
        length_m: metres, none negative.
        size: number of nodes.
        repeated: which of several edges between two nodes counts: the "least", or the "last" in the list.

    Raises:
        ValueError: a negative or unknown length, or another word for ``repeated``.
    """
    one, other = np.asarray(u, dtype=np.int64), np.asarray(v, dtype=np.int64)
    length = np.asarray(length_m, dtype=float)
    if not (length >= 0).all() or repeated not in REPEATED:
        msg = f"lengths must be at least 0 and repeated one of {REPEATED}"
        raise ValueError(msg)
    number = np.arange(len(length))
    rank = length if repeated == "least" else -number.astype(float)
    from_, to = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((np.concatenate([rank, rank]), to, from_))
    from_, to, weights = from_[order], to[order], np.concatenate([length, length])[order]
    new = np.ones(len(from_), dtype=bool)
    new[1:] = (from_[1:] != from_[:-1]) | (to[1:] != to[:-1])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(from_[new], minlength=size))]).astype(np.int64)
    return Graph(indptr, to[new].astype(np.int32), weights[new])


def with_starts(graph: Graph, nodes: Ints, cost_m: Floats, start: Ints) -> Graph:
    """Add starts that lead into the graph and that no way leads through.

    Args:
        graph: k nodes.
        nodes: node that a start leads to.
        cost_m: metres from the start to the node.
        start: number of the start, 0 to m - 1, not falling; all have at least one row; start i becomes node k + i.
    """
    count = int(start[-1]) + 1 if len(start) else 0
    ends = graph.indptr[-1] + np.cumsum(np.bincount(start, minlength=count))
    return Graph(
        np.concatenate([graph.indptr, ends]),
        np.concatenate([graph.indices, nodes.astype(np.int32)]),
        np.concatenate([graph.weights, cost_m]),
    )


def distances(graph: Graph, nodes: ArrayLike, *, limit_m: float = np.inf) -> Floats:
    """Metres from each of the given nodes to all nodes, shape (m, size); infinite beyond the limit."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 (heavy)

    found: Floats = dijkstra(_sparse(graph), indices=np.asarray(nodes), limit=limit_m)
    return found


def nearest_of(graph: Graph, nodes: Ints, *, limit_m: float = np.inf) -> tuple[Floats, Ints]:
    """Metres from all nodes to the nearest of some, and which of these nodes it is (-1 where none is reached)."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 (heavy)

    if not len(nodes):
        return np.full(graph.size, np.inf), np.full(graph.size, -1)
    distance, _, source = dijkstra(
        _sparse(graph), indices=nodes, limit=limit_m, min_only=True, return_predecessors=True
    )
    return distance, np.where(np.isfinite(distance), source, -1)


def least_of(graph: Graph, nodes: Ints, *, limit_m: float = np.inf) -> Floats:
    """Metres from all nodes to the nearest of some; infinite beyond the limit."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 (heavy)

    found: Floats = dijkstra(_sparse(graph), indices=nodes, limit=limit_m, min_only=True)
    return found


def parts_of(graph: Graph) -> tuple[int, Ints]:
    """Number of parts that no way connects, and the part of each node."""
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)

    count, part = connected_components(_sparse(graph), directed=False)
    return int(count), part.astype(np.int64)


def _sparse(graph: Graph) -> object:
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    shape = (graph.size, graph.size)
    return csr_array((graph.weights, graph.indices, graph.indptr), shape=shape)
