"""How far everything is: from each building to the nearest thing of a service, on foot and in a straight line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import nearest_area_m
from geo.text import Text
from layers import STREETS, Workspace
from reports.service.places import Places, places_of
from reports.service.services import Service, ServiceClass, Things, service, things_of
from reports.service.streets import Streets, doors_of, margin_m, nearest_door, placed, streets_of

Floats = NDArray[np.float64]
OUTSIDE, NO_STREETS, INSIDE = "outside", "no_streets", "inside"
STATUS_WORDS: Mapping[str, Text] = {
    "reached": Text("可达", "reached"),
    INSIDE: Text("就在其内", "inside it"),
    "unreached": Text("走不到", "no way to any"),
    "too_far": Text("离街巷太远", "too far from any street"),
    "blocked": Text("与街巷之间有屏障", "a barrier between it and the streets"),
    "unplaced": Text("没有位置", "no place on record"),
    OUTSIDE: Text("在街巷数据范围之外", "outside the streets on record"),
    NO_STREETS: Text("没有街巷数据", "no streets on record"),
}
ON_FOOT, STRAIGHT = Text("步行（沿街巷）", "on foot along the streets"), Text("直线", "straight line")


class Reached(NamedTuple):
    """How far each place is from the nearest thing.

    Attributes:
        distance_m: metres, shape (n,); infinite where nothing is reached, NaN where it cannot be known.
        status: a key of ``STATUS_WORDS``, why.
        thing: row of the nearest thing in its layer, -1 where there is none.
        margin_m: how far the place is inside the part of the map in which streets (on foot) and things are complete;
            a distance up to this much is sure, also that there is nothing nearer. Infinite without such limits.
        part: connected part of the streets that the place is on, -1 on none (and in a straight line).
        meta: method ("on foot" or "straight line"), parameters, conventions and counts.
    """

    distance_m: Floats
    status: NDArray[np.str_]
    thing: NDArray[np.int64]
    margin_m: Floats
    part: NDArray[np.int64]
    meta: Mapping[str, object]

    def known(self, limit_m: float) -> NDArray[np.bool_]:
        """Mark the places of which it is known whether a thing lies within a limit."""
        return ~np.isnan(self.distance_m) & (self.margin_m >= limit_m)


@dataclass(frozen=True)
class Distances:
    """Distances of all places to all classes of a service, measured once; limits are compared later."""

    service: Service
    places: Places = field(repr=False)
    foot: tuple[Reached, ...] = field(repr=False)
    straight: tuple[Reached, ...] = field(repr=False)
    things: tuple[Things, ...] = field(repr=False)
    streets: Streets = field(repr=False)


def distances_of(ws: Workspace, asked: Service | str, *, streets: Streets | None = None) -> Distances:
    """Measure how far all places of a workspace are from a service.

    Args:
        ws: the workspace.
        asked: a service or its key.
        streets: the walk network, if it is there already.

    Raises:
        DataError: there is no such service.
    """
    wanted = service(ws, asked) if isinstance(asked, str) else asked
    net = streets_of(ws) if streets is None else streets
    places = places_of(ws)
    things = tuple(things_of(ws, part) for part in wanted.classes)
    pairs = list(zip(wanted.classes, things, strict=True))
    straight = tuple(_straight(ws, places, part.layer, some) for part, some in pairs)
    foot = tuple(_on_foot(ws, net, places, (some, line)) for (_, some), line in zip(pairs, straight, strict=True))
    return Distances(wanted, places, foot, straight, things, net)


def reached(
    ws: Workspace,
    of: str | ServiceClass | NDArray[np.object_],
    *,
    on_foot: bool,
    streets: Streets | None = None,
    places: Places | None = None,
) -> Reached:
    """Give the distance from each building (or sample point of the ground) to the nearest thing.

    Args:
        ws: the workspace.
        of: key of a service (the nearest of any of its classes), one class, or shapes in metres.
        on_foot: along the streets, else in a straight line.
        streets: the walk network, if it is there already: it is made anew otherwise.
        places: from where, if not from ``places_of(ws)``: buildings, in the order of their table.

    Returns:
        Distances with ``meta["method"]`` saying which of the two they are.

    Raises:
        DataError: there is no such service.
    """
    at = places_of(ws) if places is None else places
    if isinstance(of, str):
        parts = service(ws, of).classes
        found = [reached(ws, part, on_foot=on_foot, streets=streets, places=at) for part in parts]
        return _nearest(found)
    if isinstance(of, ServiceClass):
        layer, things = of.layer, things_of(ws, of)
    else:
        layer, things = "", Things(np.arange(len(of)), np.asarray(of, dtype=object), 0, 0)
    line = _straight(ws, at, layer, things)
    if not on_foot:
        return line
    return _on_foot(ws, streets_of(ws) if streets is None else streets, at, (things, line))


def _nearest(found: list[Reached]) -> Reached:
    """Give the nearest of several classes; the margin is that of the least complete one."""
    distance = np.array([one.distance_m for one in found])
    first = np.where(np.isnan(distance), np.inf, distance).argmin(axis=0)
    rows = np.arange(distance.shape[1])
    return Reached(
        distance[first, rows],
        np.array([one.status for one in found])[first, rows],
        np.array([one.thing for one in found])[first, rows],
        np.minimum.reduce([one.margin_m for one in found]),
        found[0].part,
        found[0].meta,
    )


def _straight(ws: Workspace, places: Places, layer: str, things: Things) -> Reached:
    distance = nearest_area_m(places.x, places.y, things.shapes)
    thing = np.full(len(distance), -1, dtype=np.int64)
    rows = np.flatnonzero(np.isfinite(distance))
    if len(rows):
        points = shapely.points(places.x[rows], places.y[rows])
        _, nearest = shapely.STRtree(things.shapes).query_nearest(points, all_matches=False)
        thing[rows] = things.row[nearest]
    status = np.where(np.isnan(distance), "unplaced", np.where(thing >= 0, "reached", "unreached"))
    meta = {"method": "straight line", "things": len(things.row), "rule": "edge of the thing; the rim counts"}
    part = np.full(len(distance), -1, dtype=np.int64)
    return Reached(distance, status, thing, margin_m(ws, layer, places.x, places.y), part, MappingProxyType(meta))


def _on_foot(ws: Workspace, streets: Streets, places: Places, of: tuple[Things, Reached]) -> Reached:
    things, line = of
    if streets.network is None:
        unknown = np.full(len(places.x), np.nan)
        none, why = np.full(len(unknown), -1, dtype=np.int64), np.full(len(unknown), NO_STREETS)
        meta = {"method": "on foot", "streets": 0}
        return Reached(unknown, why, none, line.margin_m, line.part, MappingProxyType(meta))
    net = streets.network
    doors = doors_of(net, streets, things.shapes)
    found = nearest_door(net, placed(net, streets, places.x, places.y), doors)
    owner = doors.gates.owner
    distance, status = found.distance_m.copy(), found.status.astype("<U10")
    thing = np.where(found.facility >= 0, things.row[owner[found.facility]] if len(owner) else -1, -1)
    inside = (line.distance_m == 0) & (line.thing >= 0)
    distance[inside], status[inside], thing[inside] = 0.0, INSIDE, line.thing[inside]
    margin = margin_m(ws, STREETS.key, places.x, places.y)
    out = (margin < 0) & ~inside
    distance[out], status[out], thing[out] = np.nan, OUTSIDE, -1
    meta = {
        **found.meta,
        "method": "on foot",
        "snap_m": streets.snap_m,
        "gates": dict(doors.gates.meta),
        "network": dict(streets.meta),
        "things": len(things.row),
        "things_off_streets": len(np.setdiff1d(owner, owner[found.facility_status == "placed"])),
    }
    return Reached(distance, status, thing, np.minimum(margin, line.margin_m), found.part, MappingProxyType(meta))
