"""Who wants to be near: buildings or points of the ground with their people, and how far each is from what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import straight_pairs
from geo.text import Text
from geo.walk import gates, pairs_on_foot
from layers import Workspace
from reports.denominators import households, residents
from reports.service.coverage import SERVED, UNKNOWN, Coverage, coverage, metres_limit, standard_limit
from reports.service.places import HOUSEHOLDS, RESIDENTS, Amount, Places
from reports.service.served import distances_of
from reports.service.streets import Streets

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_EVENLY = Text("由网格人数均匀分摊到地面取样点", "spread from the grids evenly over points of the ground")


@dataclass(frozen=True)
class Wants:
    """Places that want a service, and what they have of it now.

    ``found`` is the coverage as the page of coverage has it; ``known`` (n,) marks places of which it is known whether
    they are served, ``before`` those that are, ``metres`` the distance to the nearest thing (infinite: none).
    ``weight`` (n,) is what is counted, NaN unknown; ``radius_m`` how far a new thing serves.
    """

    found: Coverage = field(repr=False)
    places: Places = field(repr=False)
    counted: str
    weight: Floats = field(repr=False)
    known: Bools = field(repr=False)
    before: Bools = field(repr=False)
    metres: Floats = field(repr=False)
    radius_m: float
    on_foot: bool

    @property
    def streets(self) -> Streets:
        """The walk network."""
        return self.found.distances.streets

    @property
    def amount(self) -> Amount:
        """How what is counted is known."""
        return self.places.amounts[self.counted]

    def sum(self, rows: Bools) -> float:
        """Add up what is counted over some places; unknown adds nothing."""
        return float(np.nansum(self.weight[rows]))


def wants(ws: Workspace, service: str, *, metres: float | None, walk: bool, counted: str | None = None) -> Wants:
    """Measure who has a service and who has not.

    Args:
        ws: the workspace.
        service: key of a service, see ``reports.service.services``.
        metres: how far is near; None: the standard, class by class, and its smallest distance for new things.
        walk: along the streets, else in a straight line.
        counted: households, residents, buildings, floor_area or area; None: the first that is known.

    Raises:
        DataError: no such service.
    """
    measured = distances_of(ws, service)
    found = coverage(measured, standard_limit(measured) if metres is None else metres_limit(measured, metres))
    places = _with_people(ws, measured.places)
    known = [
        key for key in (HOUSEHOLDS, RESIDENTS, *places.amounts) if key in places.amounts and places.amounts[key].known
    ]
    key = known[0] if counted is None or counted not in known else counted
    verdict, far = (found.foot, found.foot_m) if walk else (found.straight, found.straight_m)
    return Wants(
        found, places, key, places.amounts[key].each, verdict != UNKNOWN, verdict == SERVED,
        np.where(np.isnan(far), np.inf, far), float(min(found.limit.metres)), walk,
    )  # fmt: skip


def _with_people(ws: Workspace, places: Places) -> Places:
    """Points of the ground get the people of their grids, evenly; buildings have them already."""
    if places.are_buildings or not ws.levels:
        return places
    codes = places.codes[ws.finest]
    amounts: Mapping[str, Amount] = dict(places.amounts)
    size = len(ws.grids(ws.finest))
    points = np.bincount(codes[codes >= 0], minlength=size)
    for key, measured in ((HOUSEHOLDS, households(ws, ws.finest)), (RESIDENTS, residents(ws, ws.finest))):
        if measured.status != "unavailable":
            each = measured.by_grid.to_numpy(dtype=float) / np.where(points > 0, points, np.nan)
            amounts = {**amounts, key: Amount(np.where(codes >= 0, each[codes], np.nan), "proxy", _EVENLY)}
    return replace(places, amounts=amounts)


def ways_to(asked: Wants, shapes: NDArray[np.object_], rows: NDArray[np.int64], *, limit_m: float) -> Floats:
    """Give metres from some places to shapes, (rows, shapes); infinite beyond the limit or without a way.

    On foot an area is reached at the nearest of its gates, and what is inside it is there already.
    """
    x, y = asked.places.x[rows], asked.places.y[rows]
    found = np.full((len(rows), len(shapes)), np.inf)
    if not len(rows) or not len(shapes):
        return found
    if not asked.on_foot:
        return _straight(x, y, shapes, limit_m)
    network = asked.streets.network
    if network is None:
        return found
    doors = gates(network, shapes, touch_m=asked.streets.gate_m)
    # no way is longer than all streets together
    limit = min(limit_m, float(network.length_m.sum()) + 2 * asked.streets.snap_m)
    pairs = pairs_on_foot(network, x, y, doors.x, doors.y, limit_m=limit, snap_m=asked.streets.snap_m)
    np.minimum.at(found, (pairs.place, doors.owner[pairs.facility]), pairs.distance_m)
    wide = np.flatnonzero(shapely.get_dimensions(shapes) == 2)  # noqa: PLR2004 (areas)
    if len(wide):
        at, inside = shapely.STRtree(shapes[wide]).query(shapely.points(x, y), predicate="intersects")
        found[at, wide[inside]] = 0.0
    return np.asarray(np.round(found, 6))


def _straight(x: Floats, y: Floats, shapes: NDArray[np.object_], limit_m: float) -> Floats:
    found = np.full((len(x), len(shapes)), np.inf)
    if (shapely.get_type_id(shapes) == 0).all() and np.isfinite(limit_m):
        pairs = straight_pairs(x, y, shapely.get_x(shapes), shapely.get_y(shapes), limit_m=limit_m)
        found[pairs.place, pairs.facility] = pairs.distance_m
        return np.asarray(np.round(found, 6))
    points = shapely.points(x, y)
    if not np.isfinite(limit_m):
        return np.asarray(np.round(shapely.distance(points[:, None], shapes[None]), 6))
    shape, point = shapely.STRtree(points).query(shapes, predicate="dwithin", distance=limit_m)
    found[point, shape] = shapely.distance(points[point], shapes[shape])
    return np.asarray(np.round(found, 6))
