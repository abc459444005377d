"""The nearest of some facilities on foot: way to the street, along the streets, way from the street."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.walk.graph import least_of, nearest_of, with_starts
from geo.walk.network import WalkNetwork
from geo.walk.snapping import PLACED, SNAP_M, Snapped, snapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REACHED, UNREACHED = "reached", "unreached"
SLACK_M = 1e-6
"""Rounding that a limit allows for: who is exactly on it is in."""
WAYS = "way to the nearest street that no barrier parts from the point, along the streets, and from the street"


class Nearest(NamedTuple):
    """The nearest facility of each point on foot.

    Attributes:
        distance_m: metres with both ways to the street, shape (n,); infinite where no facility is reached, NaN where
            the point is not on the network.
        facility: number of the facility, -1 where none.
        snapped_m: metres between point and street, NaN without coordinates.
        status: "reached", "unreached" (no facility within the limit, or on no connected part), else why the point is
            not on the network: "too_far", "blocked", "unplaced".
        part: connected part of the network on which the point is, -1 where on none.
        facility_status: "placed", or why a facility is not on the network, shape (m,).
        meta: method, parameters, conventions and counts.
    """

    distance_m: Floats
    facility: Ints
    snapped_m: Floats
    status: NDArray[np.str_]
    part: Ints
    facility_status: NDArray[np.str_]
    meta: Mapping[str, object]


def nearest_on_foot(  # noqa: PLR0917 (a network and two sets of points)
    network: WalkNetwork,
    x: ArrayLike,
    y: ArrayLike,
    to_x: ArrayLike,
    to_y: ArrayLike,
    *,
    limit_m: float = np.inf,
    snap_m: float = SNAP_M,
) -> Nearest:
    """Give the nearest facility on foot for each point.

    Dijkstra's method from all facilities at once; points and facilities lie on edges, not on their ends.

    Args:
        network: the streets.
        x: east of n points in metres.
        y: north of n points in metres.
        to_x: east of m facilities in metres.
        to_y: north of m facilities in metres.
        limit_m: longest walk that is looked for, the rim included.
        snap_m: longest way between a point or a facility and its street.
    """
    points = snapped(network, x, y, snap_m=snap_m)
    found = nearest_between(network, points, snapped(network, to_x, to_y, snap_m=snap_m), limit_m=limit_m)
    return found._replace(meta=MappingProxyType({**found.meta, "snap_m": snap_m}))


def nearest_between(network: WalkNetwork, points: Snapped, to: Snapped, *, limit_m: float = np.inf) -> Nearest:
    """Give the nearest facility on foot for each point, both placed on the network already."""
    at_node, whose = nearest_to_nodes(network, to, limit_m=limit_m)
    distance = np.where(points.placed, np.inf, np.nan)
    facility = np.full(len(distance), -1, dtype=np.int64)
    rows = np.flatnonzero(points.placed)
    edge, offset, leg = points.edge[rows], points.offset_m[rows], points.leg_m[rows]
    for node, along in ((network.u[edge], offset), (network.v[edge], network.length_m[edge] - offset)):
        _shorten(distance, facility, rows, (at_node[node] + along + leg, whose[node]))
    _shorten(distance, facility, rows, _on_same_edge(edge, offset, leg, to))
    beyond = distance > limit_m + SLACK_M
    distance[beyond], facility[beyond] = np.inf, -1
    status = np.where(points.status == PLACED, np.where(facility >= 0, REACHED, UNREACHED), points.status)
    part = np.full(len(distance), -1, dtype=np.int64)
    part[rows] = network.node_part[network.u[edge]]
    meta = {
        "method": "nearest on foot",
        "ways": WAYS,
        "limit_m": limit_m,
        "points": len(distance),
        "facilities": len(to.edge),
        "facilities_not_on_network": int((~to.placed).sum()),
    }
    return Nearest(distance, facility, points.leg_m, status, part, to.status, MappingProxyType(meta))


def nearest_to_nodes(network: WalkNetwork, to: Snapped, *, limit_m: float = np.inf) -> tuple[Floats, Ints]:
    """Give metres from each node to the nearest facility, and its number (-1 where none is within the limit)."""
    size = network.graph.size
    placed = np.flatnonzero(to.placed)
    graph = with_starts(network.graph, *_doors(network, to, placed))
    distance, source = nearest_of(graph, np.arange(size, size + len(placed)), limit_m=limit_m + SLACK_M)
    if not len(placed):
        return distance, source
    whose = np.append(placed, -1)  # of a node that is not reached: the last one
    return distance[:size], whose[np.where(source[:size] >= 0, source[:size] - size, len(placed))]


def least_to_nodes(network: WalkNetwork, to: Snapped, *, limit_m: float = np.inf) -> Floats:
    """Give metres from each node to the nearest facility, without saying which."""
    size = network.graph.size
    placed = np.flatnonzero(to.placed)
    if not len(placed):
        return np.full(size, np.inf)
    graph = with_starts(network.graph, *_doors(network, to, placed))
    return least_of(graph, np.arange(size, size + len(placed)), limit_m=limit_m + SLACK_M)[:size]


def _doors(network: WalkNetwork, to: Snapped, placed: Ints) -> tuple[Ints, Floats, Ints]:
    """Give the two ways from each facility into the network: node, metres, running number of the facility."""
    edge, offset, leg = to.edge[placed], to.offset_m[placed], to.leg_m[placed]
    nodes = np.column_stack([network.u[edge], network.v[edge]]).ravel()
    cost = np.column_stack([leg + offset, leg + np.maximum(network.length_m[edge] - offset, 0.0)]).ravel()
    return nodes, cost, np.repeat(np.arange(len(placed)), 2)


def _shorten(distance: Floats, facility: Ints, rows: Ints, other: tuple[Floats, Ints]) -> None:
    """Put in the shorter ways; of equally long ones the facility with the lower number."""
    other_m, whose = other
    tie = (other_m == distance[rows]) & (whose >= 0) & (whose < facility[rows])
    better = (other_m < distance[rows]) | tie
    distance[rows[better]], facility[rows[better]] = other_m[better], whose[better]


def _on_same_edge(edge: Ints, offset: Floats, leg: Floats, to: Snapped) -> tuple[Floats, Ints]:
    """Give the shortest way along its own edge for each point, and to which facility; infinite where none is on it."""
    distance, whose = np.full(len(edge), np.inf), np.full(len(edge), -1, dtype=np.int64)
    own = np.flatnonzero(np.isin(edge, to.edge[to.placed]))
    there = np.flatnonzero(to.placed)
    if not len(own):
        return distance, whose
    number = np.concatenate([np.full(len(own), -1), there])
    edges = np.concatenate([edge[own], to.edge[there]])
    places = np.concatenate([offset[own], to.offset_m[there]])
    legs = np.concatenate([np.full(len(own), np.inf), to.leg_m[there]])
    for sign in (1.0, -1.0):  # facilities before the point on its edge, then those behind it
        order = np.lexsort((number < 0, sign * places, edges))
        table = pd.DataFrame({"edge": edges[order], "gap": (legs - sign * places)[order], "number": number[order]})
        least = table.groupby("edge")["gap"].cummin()
        new = (table["gap"] == least) & (table["number"] >= 0)
        holder = table["number"].where(new).groupby(table["edge"]).ffill().fillna(-1)
        rows = np.empty(len(order), dtype=np.int64)
        rows[order] = np.arange(len(order))
        mine = rows[: len(own)]
        way = least.to_numpy()[mine] + sign * offset[own] + leg[own]
        _shorten(distance, whose, own, (way, holder.to_numpy(dtype=np.int64)[mine]))
    return distance, whose
