"""Which homes reach which facilities, in a straight line or on foot, and where that can be known."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import straight_pairs
from geo.supply.reach import Within
from geo.text import Text
from geo.walk.pairs import pairs_on_foot
from layers import STREETS
from reports.measures import Ground
from reports.service.homes import Homes
from reports.service.kinds import Kind, Stock
from reports.service.streets import Streets, doors_of, placed, streets_of

STRAIGHT, ON_FOOT = Text("直线距离", "straight line"), Text("步行距离（沿街巷）", "on foot along the streets")


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
    streets = streets_of(ws) if on_foot else None
    pairs = _straight(people, have, radius) if streets is None else _on_foot(streets, people, have, radius)
    grid_of = have.codes(ws, kind, ws.finest)
    same = people.finest[pairs.place] == grid_of[pairs.facility]
    use = (pairs.distance_m <= have.reach_m[pairs.facility]) & (have.shared[pairs.facility] | same)
    kept = Within(pairs.place[use], pairs.facility[use], pairs.distance_m[use])
    off = 0 if streets is None else _far_from(streets, people, known)
    return Ways(kept, known, off, ON_FOOT if on_foot else STRAIGHT)


def _straight(people: Homes, have: Stock, radius_m: float) -> Within:
    if not (shapely.get_dimensions(have.shapes) > 0).any():
        found = straight_pairs(people.x, people.y, have.x, have.y, limit_m=radius_m)
        return Within(found.place, found.facility, np.round(found.distance_m, 6))
    points = shapely.points(people.x, people.y)
    tree = shapely.STRtree(points)
    facility, place = tree.query(have.shapes, predicate="dwithin", distance=radius_m)
    metres = np.round(shapely.distance(points[place], have.shapes[facility]), 6)
    return Within(place, facility, metres)


def _on_foot(streets: Streets, people: Homes, have: Stock, radius_m: float) -> Within:
    """Give the pairs on foot; an area is reached at the nearest of its gates, and a home inside it is there already."""
    if streets.network is None:
        nothing = np.empty(0, dtype=np.int64)
        return Within(nothing, nothing, np.empty(0))
    doors = doors_of(streets.network, streets, have.shapes).gates
    found = pairs_on_foot(
        streets.network, people.x, people.y, doors.x, doors.y, limit_m=radius_m, snap_m=streets.snap_m
    )
    at_home, inside = shapely.STRtree(have.shapes).query(shapely.points(people.x, people.y), predicate="intersects")
    place = np.concatenate([found.place, at_home])
    facility = np.concatenate([doors.owner[found.facility], inside])
    metres = np.round(np.concatenate([found.distance_m, np.zeros(len(at_home))]), 6)
    order = np.lexsort((metres, facility, place))
    place, facility, metres = place[order], facility[order], metres[order]
    first = np.ones(len(place), dtype=bool)
    first[1:] = (place[1:] != place[:-1]) | (facility[1:] != facility[:-1])
    return Within(place[first], facility[first], metres[first])


def _far_from(streets: Streets, people: Homes, known: NDArray[np.bool_]) -> int:
    """Count the homes in known grids that no street is near enough to, or none without a barrier between."""
    inside = (people.codes >= 0) & known[people.codes]
    if streets.network is None:
        return int(inside.sum())
    on_streets = placed(streets.network, streets, people.x[inside], people.y[inside]).placed
    return int((~on_streets).sum())
