"""Distances from many starts within a limit, at a cost that does not grow with the network.

A walk is never shorter than the straight line, so only nodes within the limit of a start can matter to it. The
pieces of network around all starts are put side by side as one graph whose blocks do not touch, and one run of
Dijkstra's method solves them together.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.walk.graph import Graph, least_of
from geo.walk.network import WalkNetwork
from geo.walk.rows import Rows, Strips, some_strips, stretches, strips_around
from geo.walk.snapping import Snapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK_M = 1e-6
_TOGETHER = 100_000  # nodes of all blocks of one run: small enough for the cache of a processor


class Fields(NamedTuple):
    """Metres from starts to the nodes that they reach: start, node and distance of each, by start.

    ``starts`` are all that were asked for, also those that reach no node.
    """

    starts: Ints
    start: Ints
    node: Ints
    distance_m: Floats


def fields(network: WalkNetwork, to: Snapped, *, limit_m: float) -> Iterator[Fields]:
    """Give the distances from starts on the network to the nodes within a limit, some starts at a time.

    Args:
        network: the streets.
        to: starts on the network; those that are not placed reach nothing.
        limit_m: longest walk, with the way from the start to its street, the rim included.
    """
    starts = np.flatnonzero(to.placed & (to.leg_m <= limit_m + SLACK_M))
    if not len(starts):
        return
    rows = network.rows
    place = shapely.get_coordinates(
        shapely.line_interpolate_point(network.shapes[to.edge[starts]], to.offset_m[starts])
    )
    strips = strips_around(rows, place, limit_m - to.leg_m[starts] + SLACK_M)
    size = np.add.reduceat(strips.stop - strips.begin, strips.first) if len(strips.begin) else np.zeros(len(starts))
    size[strips.rows == 0] = 0
    batch = (np.cumsum(size) // _TOGETHER).astype(np.int64)
    for number in np.unique(batch):
        chosen = np.flatnonzero(batch == number)
        yield _solved(network, rows, to, starts[chosen], some_strips(strips, chosen[0], chosen[-1] + 1), limit_m)


def _solved(  # noqa: PLR0917 (one step of ``fields``)
    network: WalkNetwork, rows: Rows, to: Snapped, starts: Ints, strips: Strips, limit_m: float
) -> Fields:
    """Solve the blocks of some starts together."""
    size = strips.stop - strips.begin
    rank = stretches(strips.begin, size)
    block = np.repeat(np.repeat(np.arange(len(starts)), strips.rows), size)
    graph = _side_by_side(rows, strips, rank, block)
    edge, offset, leg = to.edge[starts], to.offset_m[starts], to.leg_m[starts]
    ends = np.concatenate([network.u[edge], network.v[edge]])
    cost = np.concatenate([leg + offset, leg + np.maximum(network.length_m[edge] - offset, 0.0)])
    which = np.concatenate([np.arange(len(starts)), np.arange(len(starts))])
    local = _local(rows, strips, which, rows.rank[ends])
    order = np.lexsort((local, which))
    order = order[local[order] >= 0]
    with_doors = Graph(
        np.concatenate([graph.indptr, graph.indptr[-1] + np.cumsum(np.bincount(which[order], minlength=len(starts)))]),
        np.concatenate([graph.indices, local[order].astype(np.int32)]),
        np.concatenate([graph.weights, cost[order]]),
    )
    found = least_of(with_doors, len(rank) + np.arange(len(starts)), limit_m=limit_m + SLACK_M)[: len(rank)]
    reached = np.isfinite(found)
    return Fields(starts, starts[block[reached]], rows.node[rank[reached]], found[reached])


def _side_by_side(rows: Rows, strips: Strips, rank: Ints, block: Ints) -> Graph:
    """Give the graph of all blocks; edges that lead out of a block are left out."""
    degree = (rows.graph.indptr[1:] - rows.graph.indptr[:-1])[rank]
    at = stretches(rows.graph.indptr[:-1][rank], degree)
    local = _local(rows, strips, np.repeat(block, degree), rows.graph.indices[at].astype(np.int64))
    inside = local >= 0
    kept = np.concatenate([[0], np.cumsum(inside)])
    indptr = kept[np.concatenate([[0], np.cumsum(degree)])]
    return Graph(indptr, local[inside].astype(np.int32), rows.graph.weights[at[inside]])


def _local(rows: Rows, strips: Strips, block: Ints, rank: Ints) -> Ints:
    """Give the place of a node in the graph of all blocks, -1 where its block does not hold it."""
    row = rows.row[rank] - strips.bottom[block]
    held = (row >= 0) & (row < strips.rows[block])
    strip = np.where(held, strips.first[block] + row, 0)
    held &= (rank >= strips.begin[strip]) & (rank < strips.stop[strip])
    found: Ints = np.where(held, strips.base[strip] + rank - strips.begin[strip], -1)
    return found
