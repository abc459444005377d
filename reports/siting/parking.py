"""Parking planned around a centre on foot, and along a route: bays wanted and there, the gap, and where bays fit.

Bays fit along streets that stay wide enough beside them, away from junctions and from bays that are there already, and
on idle land. Nothing is put where a width is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from geo.errors import PlanError
from geo.text import Text
from geo.walk import gates, nearest_on_foot
from geo.walk.reach import reach
from layers import FACILITIES, PARKING, SITES, STREETS, Workspace
from layers.schema import Facilities, Parking, Streets
from layers.standards import policy
from reports.service.parking import TIMES, bays_of_homes
from reports.service.places import HOUSEHOLDS, Places, places_of
from reports.service.services import service, things_of
from reports.service.streets import Streets as Walk
from reports.service.streets import streets_of
from reports.siting.candidates import SITE, candidates

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CENTRE, ROUTE = "centre", "route"
NO_STREETS = "walkable streets"
AREAS: Mapping[str, Text] = {
    CENTRE: Text("中心周边", "around the centre"),
    ROUTE: Text("必经之路两侧", "along the route"),
}
_CENTRES = ("service_points", "culture")
_NEAR_M = 8.0
"""Where bays on a street are on record so near to its middle line, no more are put."""


@dataclass(frozen=True)
class ParkingPlan:
    """A parking plan of one area (``CENTRE`` or ``ROUTE``).

    ``by_time``: a row by "night" and "day": wanted, bays, gap_before, addable, gap_after (bays; NaN unknown, gaps are
    at least 0). ``spots``: where bays fit: ground ("streets" or "sites"), name, width_m, length_m (usable), sides, bays,
    grid_id; ``shapes`` in the same order. ``homes``, ``lots``: rows of buildings and of parking within the walk.
    """

    area: str
    metres: float
    by_time: pd.DataFrame = field(repr=False)
    spots: pd.DataFrame = field(repr=False)
    shapes: NDArray[np.object_] = field(repr=False)
    start: NDArray[np.object_] = field(repr=False)
    households: float
    homes: NDArray[np.int64] = field(repr=False)
    lots: NDArray[np.int64] = field(repr=False)
    notes: tuple[Text, ...]
    meta: Mapping[str, object] = field(repr=False)


def centres(ws: Workspace) -> pd.DataFrame:
    """List what may be the centre of a plan: service and culture points first, then other facilities that have a name."""
    if FACILITIES not in ws:
        return pd.DataFrame(columns=["name"])
    table = ws[FACILITIES]
    first = [row for key in _CENTRES for part in service(ws, key).classes for row in things_of(ws, part).row]
    named = np.flatnonzero(
        (table[Facilities.name].notna() & table[Facilities.kind].ne("shopfront")).to_numpy(dtype=bool)
    )
    rows = list(dict.fromkeys([*map(int, first), *map(int, named)]))
    return pd.DataFrame({"name": table[Facilities.name].iloc[rows].fillna("").astype("str")})


def parking_around(ws: Workspace, centre: str, *, metres: float | None = None) -> ParkingPlan:
    """Plan parking within a walk of a facility.

    Args:
        ws: the workspace.
        centre: id of a facility.
        metres: length of the walk; None: that of the policy table (300 m).

    Raises:
        PlanError: no such facility, or no streets to walk on.
    """
    if FACILITIES not in ws or centre not in ws[FACILITIES].index:
        raise _unknown(centre, FACILITIES.key)
    far = policy(ws.folder)["parking_centre_m"] if metres is None else metres
    return _planned(ws, CENTRE, np.array([ws[FACILITIES].geometry.loc[centre]], dtype=object), far)


def parking_along(ws: Workspace, streets: Sequence[str], *, metres: float | None = None) -> ParkingPlan:
    """Plan parking within a short walk of a route, given as ids of streets.

    Raises:
        PlanError: no such street, or no streets to walk on.
    """
    for one in streets:
        if STREETS not in ws or one not in ws[STREETS].index:
            raise _unknown(one, STREETS.key)
    far = policy(ws.folder)["parking_route_m"] if metres is None else metres
    return _planned(ws, ROUTE, ws[STREETS].geometry.loc[list(streets)].to_numpy(dtype=object), far)


def _unknown(name: str, layer: str) -> PlanError:
    words = Text("图层 {layer} 中没有 {name}", "there is no {name} in the layer {layer}")
    return PlanError(words.format(layer=layer, name=name))


def _planned(ws: Workspace, area: str, start: NDArray[np.object_], metres: float) -> ParkingPlan:
    walk, places = streets_of(ws), places_of(ws)
    if walk.network is None:
        raise _unknown(NO_STREETS, STREETS.key)
    lots = ws[PARKING].geometry.to_numpy() if PARKING in ws else np.empty(0, dtype=object)
    homes = np.flatnonzero(_within(walk, start, (places.x, places.y), metres))
    near = np.flatnonzero(_reached(walk, start, lots, metres))
    spots, shapes = _spots(ws, walk, start, metres)
    by_time, households, notes = _balance(ws, places, homes, near, addable=float(spots["bays"].sum()))
    meta = {
        "method": "parking plan", "area": area, "metres": metres, "way": "on foot along the streets",
        "supply": "bays of the parking layer within the walk; private ones are told apart in the notes",
        "demand": "households x rate, as the parking balance; shops are not counted here", "seed": None,
    }  # fmt: skip
    return ParkingPlan(
        area, metres, by_time, spots, shapes, start, households, homes, near, notes, MappingProxyType(meta)
    )


def _starts(walk: Walk, start: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Places from which the walk is counted: gates of a facility, every 20 m of a route."""
    lines = shapely.get_dimensions(start) == 1
    if lines.all():
        xy = shapely.get_coordinates(shapely.segmentize(start, 20.0))
        return xy[:, 0], xy[:, 1]
    assert walk.network is not None
    doors = gates(walk.network, start, touch_m=walk.gate_m)
    return doors.x, doors.y


def _within(walk: Walk, start: NDArray[np.object_], xy: tuple[Floats, Floats], metres: float) -> Bools:
    assert walk.network is not None
    found = nearest_on_foot(walk.network, *xy, *_starts(walk, start), limit_m=metres, snap_m=walk.snap_m)
    return np.asarray(np.nan_to_num(found.distance_m, nan=np.inf) <= metres)


def _reached(walk: Walk, start: NDArray[np.object_], shapes: NDArray[np.object_], metres: float) -> Bools:
    """Mark things of which some gate is within the walk."""
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    assert walk.network is not None
    doors = gates(walk.network, shapes, touch_m=walk.gate_m)
    hit = np.zeros(len(shapes), dtype=bool)
    hit[doors.owner[_within(walk, start, (doors.x, doors.y), metres)]] = True
    return hit


def _balance(
    ws: Workspace, places: Places, homes: NDArray[np.int64], lots: NDArray[np.int64], *, addable: float
) -> tuple[pd.DataFrame, float, tuple[Text, ...]]:  # fmt: skip
    amount = places.amounts.get(HOUSEHOLDS)
    people = float(np.nansum(amount.each[homes])) if amount is not None and amount.known else np.nan
    notes, bays = [], np.nan
    if PARKING in ws:
        each = ws[PARKING][Parking.bays].to_numpy(dtype=float, na_value=np.nan)[lots]
        bays = float(np.nansum(each))
        private = ws[PARKING][Parking.open_to_public].iloc[lots].eq(False).fillna(value=False).to_numpy(dtype=bool)  # noqa: FBT003 (compared)
        closed = float(np.nansum(each[private]))
        if closed:
            notes.append(
                Text("其中内部停车场 {n} 个泊位", "of these in private places: {n} bays").format(n=f"{closed:,.0f}")
            )
        if np.isnan(each).any():
            words = Text("{n} 处停车场泊位数未知，按 0 计", "parking places of unknown size, counted as none: {n}")
            notes.append(words.format(n=f"{int(np.isnan(each).sum()):,}"))
    if np.isnan(people):
        notes.append(Text("不知道户数，需求无法计算", "the number of households is not known, nor what they want"))
    wanted = {time: float(bays_of_homes(ws, [people], time)[0]) for time in TIMES}
    rows = {
        time: (want, bays, float(np.maximum(want - bays, 0.0)), addable, float(np.maximum(want - bays - addable, 0.0)))
        for time, want in wanted.items()
    }
    columns = ["wanted", "bays", "gap_before", "addable", "gap_after"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns), people, tuple(notes)


def _spots(
    ws: Workspace, walk: Walk, start: NDArray[np.object_], metres: float
) -> tuple[pd.DataFrame, NDArray[np.object_]]:  # fmt: skip
    """Give stretches of street and idle land within the walk where bays fit."""
    assert walk.network is not None
    streets, lines = _kerbs(ws, walk, start, metres)
    idle = candidates(ws, PARKING.key, grounds=[SITE]) if SITES in ws else None
    tables, shapes = [streets], [lines]
    if idle is not None and len(idle.table):
        hit = _reached(walk, start, idle.shapes, metres)
        land = idle.table[hit]
        bays = np.floor(land["area_m2"].to_numpy(dtype=float) / policy(ws.folder)["parking_m2_per_bay"])
        tables.append(
            pd.DataFrame(
                {"ground": SITE, "name": land["name"], "width_m": np.nan, "length_m": np.nan, "sides": 0, "bays": bays},
                index=land.index,
            )
        )
        shapes.append(idle.shapes[hit])
    whole = pd.concat(tables)
    use = (whole["bays"] > 0).to_numpy(dtype=bool)
    return whole[use].rename_axis("spot_id"), np.concatenate(shapes)[use]


def _kerbs(
    ws: Workspace, walk: Walk, start: NDArray[np.object_], metres: float
) -> tuple[pd.DataFrame, NDArray[np.object_]]:  # fmt: skip
    """Give the parts of wide enough streets within the walk that are free of junctions and of bays."""
    rules, table = policy(ws.folder), ws[STREETS]
    width = table[Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
    spare = (width - rules["parking_clear_m"]) / rules["parking_bay_width_m"]
    sides = np.nan_to_num(np.minimum(np.floor(spare), 2)).astype(np.int64)
    row, parts = _walked(walk, start, metres)
    held = shapely.union_all([shapely.buffer(_junctions(walk), rules["parking_junction_m"]), _taken(ws)])
    free = shapely.difference(parts[sides[row] > 0], held)
    pieces, of = shapely.get_parts(free, return_index=True)
    row = row[sides[row] > 0][of]
    bays = np.floor(shapely.length(pieces) / rules["parking_bay_length_m"]) * sides[row]
    spots = pd.DataFrame(
        {
            "ground": "streets", "name": table[Streets.name].fillna(table.index.to_series()).astype("str").to_numpy()[row],
            "width_m": width[row], "length_m": np.round(shapely.length(pieces), 1), "sides": sides[row], "bays": bays,
        },
        index=[f"{table.index[one]}/{n}" for n, one in enumerate(row, 1)],
    )  # fmt: skip
    return spots, pieces


def _walked(walk: Walk, start: NDArray[np.object_], metres: float) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Give what is walked of each street: row of the street, line."""
    assert walk.network is not None
    found = reach(walk.network, *_starts(walk, start), limit_m=metres, snap_m=walk.snap_m, together=True).parts
    edge = found["edge"].to_numpy()
    shapes = walk.network.shapes[edge]
    lines = np.array(
        [substring(one, low, high) for one, low, high in zip(shapes, found["from_m"], found["to_m"], strict=True)],
        dtype=object,
    )
    of = walk.network.edges["line"].to_numpy()[edge]
    row = np.unique(of)
    joined = np.array([shapely.line_merge(shapely.union_all(lines[of == one])) for one in row], dtype=object)
    return row, joined


def _junctions(walk: Walk) -> shapely.Geometry:
    """Give the places where three or more streets meet."""
    assert walk.network is not None
    degree = np.bincount(np.concatenate([walk.network.u, walk.network.v]), minlength=len(walk.network.nodes))
    return shapely.multipoints(walk.network.nodes[degree > 2])  # noqa: PLR2004 (a mere bend has two)


def _taken(ws: Workspace) -> shapely.Geometry:
    """Give the ground near bays that are on streets already: half a wide street."""
    if PARKING not in ws:
        return shapely.Polygon()
    on_street = (ws[PARKING][Parking.kind] == "street").to_numpy(dtype=bool, na_value=False)
    return shapely.union_all(shapely.buffer(ws[PARKING].geometry.to_numpy()[on_street], _NEAR_M))
