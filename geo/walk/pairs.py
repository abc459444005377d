"""All pairs of points and facilities within a walk, for the models that let several facilities serve one place."""

from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coverage import Pairs
from geo.walk.clipped import SLACK_M, fields
from geo.walk.network import WalkNetwork
from geo.walk.reach import EdgeEnds, edge_ends
from geo.walk.rows import stretches
from geo.walk.snapping import SNAP_M, Snapped, snapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pairs_on_foot(  # noqa: PLR0917 (a network and two sets of points)
    network: WalkNetwork,
    x: ArrayLike,
    y: ArrayLike,
    to_x: ArrayLike,
    to_y: ArrayLike,
    *,
    limit_m: float,
    snap_m: float = SNAP_M,
) -> Pairs:
    """Give all pairs of a point and a facility that are no farther apart on foot than the limit.

    Args:
        network: the streets.
        x: east of n points in metres.
        y: north of n points in metres.
        to_x: east of m facilities in metres.
        to_y: north of m facilities in metres.
        limit_m: longest walk with both ways to the street, the rim included.
        snap_m: longest way between a point or a facility and its street.
    """
    points, to = snapped(network, x, y, snap_m=snap_m), snapped(network, to_x, to_y, snap_m=snap_m)
    found = pairs_between(network, points, to, limit_m=limit_m)
    return found._replace(meta=MappingProxyType({**found.meta, "snap_m": snap_m}))


def pairs_between(network: WalkNetwork, points: Snapped, to: Snapped, *, limit_m: float) -> Pairs:
    """Give the pairs within a walk of points and facilities that are placed on the network already."""
    turned = to.placed.sum() > points.placed.sum()  # a walk is as long either way: the fewer are the starts
    starts, ends = (points, to) if turned else (to, points)
    house = _by_edge(network, ends)
    batches = [
        _pairs(network, starts, ends, edge_ends(network, starts, found), house, limit_m=limit_m)
        for found in fields(network, starts, limit_m=limit_m)
    ]
    start, end, distance = (
        np.concatenate([batch[column] for batch in batches]) if batches else np.empty(0) for column in range(3)
    )
    place, facility = (start, end) if turned else (end, start)
    rows = np.lexsort((facility, place))
    meta = {
        "method": "pairs on foot",
        "limit_m": limit_m,
        "points": len(points.edge),
        "points_not_on_network": int((~points.placed).sum()),
        "facilities": len(to.edge),
        "facilities_not_on_network": int((~to.placed).sum()),
        "rule": "walk with both ways to the street, no longer than the limit",
    }
    return Pairs(place[rows].astype(np.int64), facility[rows].astype(np.int64), distance[rows], MappingProxyType(meta))


def _by_edge(network: WalkNetwork, points: Snapped) -> tuple[Ints, Ints]:
    """Give the placed points in order of their edges, and where the points of each edge begin."""
    placed = np.flatnonzero(points.placed)
    order = placed[np.argsort(points.edge[placed], kind="stable")]
    count = np.bincount(points.edge[placed], minlength=len(network.edges))
    return order, np.concatenate([[0], np.cumsum(count)])


def _pairs(  # noqa: PLR0917 (one step of ``pairs_between``)
    network: WalkNetwork,
    starts: Snapped,
    ends: Snapped,
    near: EdgeEnds,
    house: tuple[Ints, Ints],
    *,
    limit_m: float,
) -> tuple[Ints, Ints, Floats]:
    """Give the pairs on the edges near some starts: from either end of the edge, or along it if it is their own."""
    order, begin = house
    count = begin[near.edge + 1] - begin[near.edge]
    end = order[stretches(begin[near.edge], count)]
    row = np.repeat(np.arange(len(count)), count)
    start, edge, offset = near.start[row], near.edge[row], ends.offset_m[end]
    distance = np.minimum(near.u_m[row] + offset, near.v_m[row] + network.length_m[edge] - offset)
    own = starts.edge[start] == edge
    along = np.abs(offset[own] - starts.offset_m[start[own]]) + starts.leg_m[start[own]]
    distance[own] = np.minimum(distance[own], along)
    distance += ends.leg_m[end]
    use = distance <= limit_m + SLACK_M
    return start[use], end[use], distance[use]
