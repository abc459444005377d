"""Fire lanes: the corridor test, dead ends without room to turn, walls too near, gaps between lanes, hydrants."""

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.lanes.corridor import obstructed_stretches
from geo.lanes.ends import dead_ends, has_turning_square
from geo.lanes.gaps import facade_gaps
from geo.lanes.pieces import pieces_of
from geo.text import Text
from layers.catalog import BUILDINGS, ISSUES, PARKING, STREETS
from layers.schema import Buildings, Parking, Streets
from reports.health.check import Check
from reports.health.finding import Values
from reports.health.roads import open_issues, streets_for

COVERED_PARKING = ("garage", "underground")
CAUSES = {
    BUILDINGS.key: Text("建筑", "building"),
    PARKING.key: Text("泊位", "bays"),
    ISSUES.key: Text("违法建设（未结）", "illegal structure, open"),
    STREETS.key: Text("车道本身偏窄", "lane itself too narrow"),
}
"""What takes a lane, by layer."""
COLUMNS = ("street_id", "street", "cause", "thing_id", "from_m", "to_m", "intrusion_m", "side", "clear_m", "width_m")


class Things(NamedTuple):
    """What may stand in a lane: layer, id and shape of each."""

    layer: NDArray[np.object_]
    ids: NDArray[np.object_]
    shapes: NDArray[np.object_]


@dataclass(frozen=True)
class Lanes:
    """The fire lanes of a workspace and what is wrong with them.

    Attributes:
        lines: their centre lines; ``ids``, ``width_m`` (NaN unknown) and ``lines_m`` (length) go with them.
        clear_m: the clear width that is asked for.
        taken: stretches in the corridor test, columns ``COLUMNS`` and geometry (a point for what has no length).
        narrow: lanes whose own width is less than the clear width, with the same columns.
        ends: dead ends: ``street_id``, ``blind_m``, ``side_m`` of the square, ``turns``, ``at_rim`` of the map, geometry.
        near_walls: metres to a lane's edge of the buildings nearer than they may be, by id; None without buildings.
    """

    lines: NDArray[np.object_]
    ids: NDArray[np.object_]
    width_m: Values
    clear_m: float
    taken: gpd.GeoDataFrame
    narrow: gpd.GeoDataFrame
    ends: gpd.GeoDataFrame
    near_walls: pd.Series | None

    @property
    def lines_m(self) -> Values:
        """Length of each lane."""
        return np.asarray(shapely.length(self.lines), dtype=float)


def fire_lanes(check: Check) -> Lanes:
    """Test all fire lanes of a workspace; lanes are streets whose kind is not left out for ``R-FIRE``."""
    ws = check.ws
    chosen = np.flatnonzero(streets_for(check, "R-FIRE"))
    table = ws[STREETS].iloc[chosen]
    lines, ids = table.geometry.to_numpy(), table.index.to_numpy(dtype=object)
    width = table[Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
    things = things_in_lanes(check)
    taken, narrow = _taken(check, table, things), _narrow(check, table)
    clear = check.thresholds["R-FIRE"].value
    return Lanes(lines, ids, width, clear, taken, narrow, _ends(check, table, things), _near_walls(check, lines, width))


def things_in_lanes(check: Check) -> Things:
    """Give what may take a lane: buildings, bays in the open, open issues of illegal structures."""
    ws = check.ws
    found: list[tuple[str, NDArray[np.object_], NDArray[np.object_]]] = []
    if BUILDINGS in ws:
        found.append((BUILDINGS.key, ws[BUILDINGS].index.to_numpy(dtype=object), ws[BUILDINGS].geometry.to_numpy()))
    if PARKING in ws:
        table = ws[PARKING][~ws[PARKING][Parking.kind].isin(COVERED_PARKING)]
        found.append((PARKING.key, table.index.to_numpy(dtype=object), table.geometry.to_numpy()))
    if ISSUES in ws:
        table = ws[ISSUES].iloc[open_issues(check, "R-FIRE")]
        found.append((ISSUES.key, table.index.to_numpy(dtype=object), table.geometry.to_numpy()))
    layer = np.repeat(np.array([one[0] for one in found], dtype=object), [len(one[1]) for one in found])
    ids, shapes = (np.concatenate([np.empty(0, dtype=object), *(one[at] for one in found)]) for at in (1, 2))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return Things(layer[there], ids[there], shapes[there])


def _taken(check: Check, table: gpd.GeoDataFrame, things: Things) -> gpd.GeoDataFrame:
    width = table[Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
    lines = table.geometry.to_numpy()
    found = obstructed_stretches(
        lines,
        check.thresholds["R-FIRE"].value / 2,
        things.shapes,
        carriageway_m=width,
        tolerance_m=check.policy["fire_tolerance_m"],
    ).table
    line, thing = found["line"].to_numpy(), found["thing"].to_numpy()
    course = pieces_of(lines).between(line, found["from_m"].to_numpy(), found["to_m"].to_numpy())
    columns = {
        "street_id": table.index.to_numpy(dtype=object)[line],
        "street": table[Streets.name].to_numpy(dtype=object)[line],
        "cause": things.layer[thing],
        "thing_id": things.ids[thing],
        "width_m": width[line],
    } | {name: found[name].to_numpy() for name in ("from_m", "to_m", "intrusion_m", "side", "clear_m")}
    return gpd.GeoDataFrame(columns, geometry=course, crs=check.ws.manifest.crs)[[*COLUMNS, "geometry"]]


def _narrow(check: Check, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    asked = check.thresholds["R-FIRE"].value
    own = table[table[Streets.width_m] < asked - check.policy["fire_tolerance_m"]]
    width = own[Streets.width_m].to_numpy(dtype=float)
    columns = {
        "street_id": own.index.to_numpy(dtype=object),
        "street": own[Streets.name].to_numpy(dtype=object),
        "cause": np.full(len(own), STREETS.key, dtype=object),
        "thing_id": own.index.to_numpy(dtype=object),
        "from_m": np.zeros(len(own)),
        "to_m": own.geometry.length.to_numpy(),
        "intrusion_m": asked - width,
        "side": np.full(len(own), "both", dtype=object),
        "clear_m": width,
        "width_m": width,
    }
    return gpd.GeoDataFrame(columns, geometry=own.geometry.to_numpy(), crs=check.ws.manifest.crs)


def _ends(check: Check, table: gpd.GeoDataFrame, things: Things) -> gpd.GeoDataFrame:
    """Dead ends that are long enough to matter; what is no fire lane is no way on; a high building near by asks for more."""
    rules, ws = check.policy, check.ws
    found = dead_ends(table.geometry.to_numpy(), join_m=rules["street_join_m"]).table
    found = found[found["blind_m"] > rules["fire_dead_end_from_m"]].reset_index(drop=True)
    points = np.asarray(shapely.points(found["x_m"], found["y_m"]), dtype=object)
    side = np.where(_is_high(check, points), rules["fire_turning_high_m"], rules["fire_turning_m"])
    turns = has_turning_square(found, side, things.shapes, tolerance_m=rules["fire_tolerance_m"])
    rim = shapely.boundary(shapely.union_all(ws.grids(check.level).geometry.to_numpy()))
    columns = {
        "street_id": table.index.to_numpy(dtype=object)[found["line"].to_numpy()],
        "blind_m": found["blind_m"].to_numpy(),
        "side_m": side,
        "turns": turns,
        "at_rim": shapely.distance(points, rim) <= side,
    }
    return gpd.GeoDataFrame(columns, geometry=points, crs=ws.manifest.crs)


def _is_high(check: Check, points: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say near which ends a high-rise building stands, within the larger square's side."""
    high = np.zeros(len(points), dtype=bool)
    if BUILDINGS in check.ws and len(points):
        storeys = check.ws[BUILDINGS][Buildings.storeys].to_numpy(dtype=float, na_value=np.nan)
        tall = check.ws[BUILDINGS].geometry.to_numpy()[storeys >= check.policy["high_rise_from_storeys"]]
        end, _ = shapely.STRtree(tall).query(points, predicate="dwithin", distance=check.policy["fire_turning_high_m"])
        high[end] = True
    return high


def _near_walls(check: Check, lines: NDArray[np.object_], width: Values) -> pd.Series | None:
    """Metres from the lane's edge to the wall for each building that stands nearer than it may; 0 inside the lane."""
    if BUILDINGS not in check.ws:
        return None
    clear = check.thresholds["R-FIRE"].value
    half = np.where(np.isnan(width), clear, width) / 2
    gaps = facade_gaps(lines, half, check.ws[BUILDINGS].geometry.to_numpy()).table["gap_m"].to_numpy()
    near = gaps < check.policy["fire_facade_m"] - check.policy["fire_tolerance_m"]
    return pd.Series(np.maximum(gaps[near], 0.0), index=check.ws[BUILDINGS].index[near])
