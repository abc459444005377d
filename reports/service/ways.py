"""Which homes reach which facilities, in a straight line or on foot, and where that can be known."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import straight_pairs
from geo.supply.reach import Within
from geo.text import Text
from geo.walk.network import WalkNetwork, walk_network
from geo.walk.pairs import pairs_on_foot
from geo.walk.snapping import SNAP_M
from layers import STREETS, Workspace
from layers.schema import Streets
from reports.built import said_no
from reports.measures import Ground
from reports.service.homes import Homes
from reports.service.kinds import Kind, Stock

STRAIGHT, ON_FOOT = Text("直线距离", "straight line"), Text("步行距离（沿街巷）", "on foot along the streets")
DOOR_M = 25.0
"""A park is entered at points of its outline this far apart."""


@dataclass(frozen=True)
class Ways:
    """Pairs of homes and facilities within reach; ``known`` marks the grids of which this can be said.

    ``off_network`` is the number of homes in known grids that no street is near to (on foot), NaN-free; ``words`` names
    the way of measuring.
    """

    pairs: Within = field(repr=False)
    known: NDArray[np.bool_] = field(repr=False)
    off_network: int
    words: Text


def ways(ground: Ground, kind: Kind, people: Homes, have: Stock, *, on_foot: bool) -> Ways:
    """Find the pairs of a kind.

    A private facility is in pairs with homes of its own grid only. Grids count as known where all layers in use reach
    two catchments farther: a home shares with those who share its facilities.
    """
    ws, radius = ground.ws, float(ground.policy[kind.reach])
    layers = (kind.layer, STREETS) if on_foot else (kind.layer,)
    known = ground.known(*layers, reach_m=2 * radius)
    network = _network(ws) if on_foot else None
    pairs = _straight(people, have, radius) if network is None else _on_foot(network, people, have, radius)
    grid_of = have.codes(ws, kind, ws.finest)
    same = people.finest[pairs.place] == grid_of[pairs.facility]
    use = (pairs.distance_m <= have.reach_m[pairs.facility]) & (have.shared[pairs.facility] | same)
    kept = Within(pairs.place[use], pairs.facility[use], pairs.distance_m[use])
    off = 0 if network is None else _far_from(network, people, known)
    return Ways(kept, known, off, ON_FOOT if on_foot else STRAIGHT)


def _straight(people: Homes, have: Stock, radius_m: float) -> Within:
    if not _areal(have).any():
        found = straight_pairs(people.x, people.y, have.x, have.y, limit_m=radius_m)
        return Within(found.place, found.facility, np.round(found.distance_m, 6))
    points = shapely.points(people.x, people.y)
    tree = shapely.STRtree(points)
    facility, place = tree.query(have.shapes, predicate="dwithin", distance=radius_m)
    metres = np.round(shapely.distance(points[place], have.shapes[facility]), 6)
    return Within(place, facility, metres)


def _on_foot(network: WalkNetwork, people: Homes, have: Stock, radius_m: float) -> Within:
    """Give the pairs on foot; a polygon is reached at the nearest of many points of its outline."""
    x, y, owner = _doors(have)
    found = pairs_on_foot(network, people.x, people.y, x, y, limit_m=radius_m)
    facility = owner[found.facility]
    order = np.lexsort((found.distance_m, facility, found.place))
    place, facility, metres = found.place[order], facility[order], found.distance_m[order]
    first = np.ones(len(place), dtype=bool)
    first[1:] = (place[1:] != place[:-1]) | (facility[1:] != facility[:-1])
    return Within(place[first], facility[first], np.round(metres[first], 6))


def _areal(have: Stock) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = shapely.area(have.shapes) > 0
    return found


def _doors(have: Stock) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Give the points where facilities are entered: their own point, or points along the outline of large polygons."""
    wide = _areal(have) & (shapely.length(have.shapes) > 2 * DOOR_M)
    outlines = shapely.segmentize(shapely.boundary(have.shapes[wide]), DOOR_M)
    xy, which = shapely.get_coordinates(outlines, return_index=True)
    narrow = np.flatnonzero(~wide)
    x = np.concatenate([have.x[narrow], xy[:, 0]])
    y = np.concatenate([have.y[narrow], xy[:, 1]])
    return x, y, np.concatenate([narrow, np.flatnonzero(wide)[which]])


def _network(ws: Workspace) -> WalkNetwork:
    """Make the walk network of the streets layer; what is not walkable, such as a railway, is a barrier."""
    streets = ws[STREETS]
    return walk_network(streets.geometry.to_numpy(), walkable=~said_no(streets[Streets.walkable]))


def _far_from(network: WalkNetwork, people: Homes, known: NDArray[np.bool_]) -> int:
    """Count the homes in known grids that are farther from all streets than a snap may bridge."""
    inside = (people.codes >= 0) & known[people.codes]
    points = shapely.points(people.x[inside], people.y[inside])
    if not len(network.shapes):
        return len(points)
    reached = network.tree.query(points, predicate="dwithin", distance=SNAP_M)[0]
    return len(points) - len(np.unique(reached))
