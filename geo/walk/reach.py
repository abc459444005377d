"""How far a walk goes: the stretches of street within a limit, to the metre, and their length."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.walk.clipped import SLACK_M, Fields, fields
from geo.walk.network import WalkNetwork
from geo.walk.snapping import SNAP_M, Snapped, snapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Reach(NamedTuple):
    """Streets within a walk.

    Attributes:
        length_m: metres of street reached from each start, shape (m,); NaN where it is not on the network. With
            ``together`` one number for all, no street counted twice.
        parts: a row a stretch: ``start`` (-1 with ``together``), ``edge``, ``from_m`` and ``to_m`` along the edge.
        status: "placed", or why a start is not on the network.
        meta: method, parameters and conventions.
    """

    length_m: Floats
    parts: pd.DataFrame
    status: NDArray[np.str_]
    meta: Mapping[str, object]


class EdgeEnds(NamedTuple):
    """Edges near starts: metres from the start to either end, infinite where it is not within the limit."""

    start: Ints
    edge: Ints
    u_m: Floats
    v_m: Floats


def reach(
    network: WalkNetwork,
    x: ArrayLike,
    y: ArrayLike,
    *,
    limit_m: float,
    snap_m: float = SNAP_M,
    together: bool = False,
) -> Reach:
    """Give the stretches of street that can be reached from each start, edges in part where the walk ends on them.

    Args:
        network: the streets.
        x: east of m starts in metres.
        y: north of m starts in metres.
        limit_m: longest walk, with the way from the start to its street, the rim included.
        snap_m: longest way between a start and its street.
        together: what can be reached from any of the starts.
    """
    to = snapped(network, x, y, snap_m=snap_m)
    found = [_intervals(network, to, batch, limit_m) for batch in fields(network, to, limit_m=limit_m)]
    found.append(_own(network, to, limit_m))
    start, edge, from_m, to_m = (np.concatenate([one[column] for one in found]) for column in range(4))
    parts = _merged(np.full_like(start, -1) if together else start, edge, from_m, to_m)
    size = 1 if together else len(to.edge)
    total: Floats = np.bincount(
        np.maximum(parts["start"], 0), weights=parts["to_m"] - parts["from_m"], minlength=size
    ).astype(float)
    if not together:
        total = np.where(to.placed, total, np.nan)
    meta = {
        "method": "reachable street length",
        "limit_m": limit_m,
        "snap_m": snap_m,
        "together": together,
        "rule": "streets within the walk, edges in part; the way from the start to its street is part of the walk",
    }
    return Reach(total, parts, to.status, MappingProxyType(meta))


def edge_ends(network: WalkNetwork, to: Snapped, found: Fields) -> EdgeEnds:
    """Give the edges at the nodes that starts reach, each once a start, and the own edge of each of these starts."""
    begin, edges = network.ends_at_node
    degree = begin[found.node + 1] - begin[found.node]
    at = np.repeat(begin[found.node] - (np.cumsum(degree) - degree), degree) + np.arange(int(degree.sum()))
    half = edges[at]
    edge, is_v = half >> 1, (half & 1).astype(bool)
    start, distance = np.repeat(found.start, degree), np.repeat(found.distance_m, degree)
    own = found.starts
    key = np.concatenate([start, own]) * len(network.edges) + np.concatenate([edge, to.edge[own]])
    unique, number = np.unique(key, return_inverse=True)
    ends = np.full((2, len(unique)), np.inf)
    number = number[: len(edge)]
    ends[0, number[~is_v]] = distance[~is_v]
    ends[1, number[is_v]] = distance[is_v]
    return EdgeEnds(*np.divmod(unique, len(network.edges)), *ends)


class Intervals(NamedTuple):
    """Stretches of edges within the walk of a start; they may overlap."""

    start: Ints
    edge: Ints
    from_m: Floats
    to_m: Floats


def _intervals(network: WalkNetwork, to: Snapped, found: Fields, limit_m: float) -> Intervals:
    """What is left of the walk at both ends of each edge; an edge that is walked whole is there once."""
    near = edge_ends(network, to, found)
    length = network.length_m[near.edge]
    from_u, from_v = (np.clip(limit_m - ends, 0.0, length) for ends in (near.u_m, near.v_m))
    whole = from_u + from_v >= length
    from_u[whole], from_v[whole] = length[whole], 0.0
    one, other = np.flatnonzero(from_u > 0), np.flatnonzero(from_v > 0)
    both = np.concatenate([one, other])
    begin = np.concatenate([np.zeros(len(one)), length[other] - from_v[other]])
    stop = np.concatenate([from_u[one], length[other]])
    return Intervals(near.start[both], near.edge[both], begin, stop)


def _own(network: WalkNetwork, to: Snapped, limit_m: float) -> Intervals:
    """The stretch to both sides of each start."""
    rows = np.flatnonzero(to.placed & (to.leg_m <= limit_m + SLACK_M))
    edge, offset = to.edge[rows], to.offset_m[rows]
    left = np.maximum(limit_m - to.leg_m[rows], 0.0)
    return Intervals(rows, edge, np.maximum(offset - left, 0.0), np.minimum(offset + left, network.length_m[edge]))


def _merged(start: Ints, edge: Ints, from_m: Floats, to_m: Floats) -> pd.DataFrame:
    """Join the stretches of an edge that overlap, at most three a start and edge; without those of no length."""
    use = to_m > from_m
    start, edge, from_m, to_m = start[use], edge[use], from_m[use], to_m[use]
    order = np.lexsort((from_m, edge, start))
    start, edge, from_m, to_m = start[order], edge[order], from_m[order], to_m[order]
    group = np.concatenate([[0], np.cumsum((np.diff(start) != 0) | (np.diff(edge) != 0))])[: len(start)]
    far = pd.Series(to_m).groupby(group).cummax().to_numpy()
    new = np.ones(len(start), dtype=bool)
    new[1:] = (group[1:] != group[:-1]) | (from_m[1:] > far[:-1])
    first = np.flatnonzero(new)
    ends = np.maximum.reduceat(far, first) if len(first) else far
    return pd.DataFrame({"start": start[new], "edge": edge[new], "from_m": from_m[new], "to_m": ends})
