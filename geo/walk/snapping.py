"""Where a point steps onto the network: the nearest place of a street that it reaches without crossing a barrier."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.walk.network import WalkNetwork

SNAP_M = 100.0
"""How far from a street a point may be and still be placed on it, unless told otherwise."""
PLACED, TOO_FAR, BLOCKED, UNPLACED = "placed", "too_far", "blocked", "unplaced"
_SLACK_M = 1e-3  # a way ends this much before the street, so that a street on a bridge does not count as behind it
_TIE_M = 1e-6


class Snapped(NamedTuple):
    """Places on the network.

    Attributes:
        edge: edge of the network, -1 where a point is not placed; shape (n,).
        offset_m: metres along the edge from its ``u``, NaN where not placed.
        leg_m: metres from the point to the street; where it is not placed, to the nearest street at all (infinite
            without streets), NaN without coordinates.
        status: "placed", "too_far" (no street within the cap), "blocked" (only streets behind a barrier) or
            "unplaced" (no coordinates).
    """

    edge: NDArray[np.int64]
    offset_m: NDArray[np.float64]
    leg_m: NDArray[np.float64]
    status: NDArray[np.str_]

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Which points are on the network."""
        return self.edge >= 0


def snapped(network: WalkNetwork, x: ArrayLike, y: ArrayLike, *, snap_m: float = SNAP_M) -> Snapped:
    """Place points on the nearest street, at the nearest point of it, not at its nearest end.

    Args:
        network: the streets.
        x: east of n points in metres.
        y: north of n points in metres.
        snap_m: cap of the way from a point to its street, the rim included.

    Returns:
        The place of each point; where two streets are equally near, the place with the least x, then y.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(east) & np.isfinite(north)
    edge = np.full(len(east), -1, dtype=np.int64)
    status = np.where(known, TOO_FAR, UNPLACED).astype("<U8")
    leg = np.where(known, np.inf, np.nan)
    rows = np.flatnonzero(known)
    if len(rows) and len(network.shapes):
        points = shapely.points(east[rows], north[rows])
        which, nearest = network.tree.query_nearest(points, all_matches=True)
        first = _first(network, points, which, nearest)
        nearest = nearest[first]
        leg[rows] = shapely.distance(points, network.shapes[nearest])
        near = np.flatnonzero(leg[rows] <= snap_m + _TIE_M)
        edge[rows[near]], status[rows[near]] = nearest[near], PLACED
        behind = near[_crosses(network, points[near], nearest[near])]
        edge[rows[behind]], status[rows[behind]] = -1, BLOCKED
        which, other = _other_streets(network, points[behind], snap_m)
        found = rows[behind[which]]
        edge[found], status[found] = other, PLACED
        leg[found] = shapely.distance(points[behind[which]], network.shapes[other])
    offset = np.full(len(east), np.nan)
    on = edge >= 0
    offset[on] = shapely.line_locate_point(network.shapes[edge[on]], shapely.points(east[on], north[on]))
    return Snapped(edge, offset, leg, status)


def _first(
    network: WalkNetwork, points: NDArray[np.object_], which: NDArray[np.int64], edge: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Choose one of several equally near streets for each point, by place."""
    if len(which) == len(points):
        return np.arange(len(which))
    ends = shapely.get_coordinates(shapely.shortest_line(points[which], network.shapes[edge]))[1::2]
    order = np.lexsort((edge, ends[:, 1], ends[:, 0], which))
    return order[np.unique(which[order], return_index=True)[1]]


def _crosses(network: WalkNetwork, points: NDArray[np.object_], edge: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which ways from point to street cross a barrier."""
    found = np.zeros(len(points), dtype=bool)
    if len(network.barriers) and len(points):
        ends = shapely.get_coordinates(shapely.shortest_line(points, network.shapes[edge])).reshape(-1, 2, 2)
        length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
        share = np.where(length > 2 * _SLACK_M, _SLACK_M / np.maximum(length, _SLACK_M), 0.5)[:, None]
        way = ends[:, 1] - ends[:, 0]
        ways = shapely.linestrings(np.stack([ends[:, 0] + share * way, ends[:, 1] - share * way], axis=1))
        found[np.unique(network.barrier_tree.query(ways, predicate="intersects")[0])] = True
    return found


def _other_streets(
    network: WalkNetwork, points: NDArray[np.object_], snap_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give points whose nearest street is behind a barrier the nearest one that is not, where there is one."""
    which, edge = network.tree.query(points, predicate="dwithin", distance=snap_m + _TIE_M)
    free = ~_crosses(network, points[which], edge)
    which, edge = which[free], edge[free]
    leg = shapely.distance(points[which], network.shapes[edge])
    ends = shapely.get_coordinates(shapely.shortest_line(points[which], network.shapes[edge])).reshape(-1, 4)
    order = np.lexsort((ends[:, 3], ends[:, 2], np.round(leg, 6), which))
    first = order[np.unique(which[order], return_index=True)[1]]
    return which[first], edge[first]
