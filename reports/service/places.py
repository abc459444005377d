"""Who wants to be near: buildings with what is counted of them, or points of the ground where there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ownership import locate
from geo.text import Text
from layers import BUILDINGS, HOUSING_ESTATES, Workspace
from layers.schema import Buildings
from reports.demand import demand_of
from reports.service.homes import homes

Floats = NDArray[np.float64]
BUILDING, HOUSEHOLDS, RESIDENTS, FLOOR, AREA = "buildings", "households", "residents", "floor_area", "area"
COUNTED: Mapping[str, Text] = {
    BUILDING: Text("建筑（栋）", "buildings"),
    HOUSEHOLDS: Text("户数", "households"),
    RESIDENTS: Text("居民", "residents"),
    FLOOR: Text("建筑面积（m²）", "floor area (m²)"),
    AREA: Text("地面取样点", "sample points of the ground"),
}


@dataclass(frozen=True)
class Amount:
    """What is counted of ``each`` place; ``status`` as for measures, ``note`` how it is known or what is missing."""

    each: Floats = field(repr=False)
    status: str
    note: Text | None = None

    @property
    def known(self) -> bool:
        """Whether anything of it is known."""
        return self.status != "unavailable"


@dataclass(frozen=True)
class Places:
    """Places that want service.

    ``x``, ``y`` in metres, NaN without a place; ``ids`` of buildings, else running numbers; ``amounts`` by denominator;
    ``are_buildings`` or points of the ground.
    """

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    ids: pd.Index = field(repr=False)
    names: pd.Series = field(repr=False)
    codes: Mapping[int, NDArray[np.int64]] = field(repr=False)
    estates: NDArray[np.int64] = field(repr=False)
    amounts: Mapping[str, Amount] = field(repr=False)
    are_buildings: bool


def places_of(ws: Workspace) -> Places:
    """Give the buildings of a workspace, or points of its grids where it has no buildings."""
    return _buildings(ws) if BUILDINGS in ws else _ground(ws)


def _buildings(ws: Workspace) -> Places:
    x, y = ws.xy(BUILDINGS)
    table = ws[BUILDINGS]
    codes = {level: ws.codes(BUILDINGS, level).astype(np.int64) for level in ws.levels}
    amounts = {BUILDING: Amount(np.ones(len(x)), "ready"), **_people(ws), FLOOR: _floor(table)}
    return Places(x, y, table.index, _names(table), codes, _estates(ws, x, y), amounts, are_buildings=True)


def _names(table: pd.DataFrame) -> pd.Series:
    return table[Buildings.name].fillna(table.index.to_series()).astype("str")


def _people(ws: Workspace) -> dict[str, Amount]:
    """Give households and residents by building: as stated, else spread from the grids."""
    table = ws[BUILDINGS]
    own = {key: table[key].to_numpy(dtype=float, na_value=np.nan) for key in (HOUSEHOLDS, RESIDENTS)}
    people = homes(ws, ws.finest) if ws.levels and any(np.isnan(one).all() for one in own.values()) else None
    found = {}
    for key, values in own.items():
        unknown = int(np.isnan(values).sum())
        if unknown < len(values) or people is None:
            found[key] = Amount(values, _status(unknown, len(values)), _unknown(unknown, len(values)))
            continue
        spread = np.zeros(len(values))
        housed = people.building >= 0
        spread[people.building[housed]] = people.people[key][housed]
        usable = people.status[key] != "unavailable" and np.isfinite(spread).any() and spread.sum() > 0
        found[key] = Amount(spread, "proxy", people.notes[key]) if usable else Amount(values, "unavailable")
    return found


def _status(unknown: int, size: int) -> str:
    return "ready" if not unknown else "unavailable" if unknown == size else "partial"


def _unknown(unknown: int, size: int) -> Text | None:
    if not 0 < unknown < size:
        return None
    return Text("{n} 栋未知", "unknown of {n} buildings").format(n=f"{unknown:,}")


def _floor(table: pd.DataFrame) -> Amount:
    """Give the floor area as stated, else footprint by storeys where these are known."""
    stated = table[Buildings.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
    storeys = table[Buildings.storeys].to_numpy(dtype=float, na_value=np.nan)
    values = np.where(np.isnan(stated), table.geometry.area.to_numpy() * storeys, stated)
    unknown = int(np.isnan(values).sum())
    if unknown == len(values):
        return Amount(values, "unavailable")
    if np.isnan(stated).any():
        note = Text("占地面积×层数；{n} 栋未知", "footprint by storeys; unknown of {n} buildings")
        return Amount(values, "proxy", note.format(n=f"{unknown:,}"))
    return Amount(values, "ready")


def _ground(ws: Workspace) -> Places:
    if not ws.levels:
        none = np.empty(0)
        index = pd.Index([], dtype="str")
        at = np.empty(0, dtype=np.int64)
        return Places(
            none, none, index, index.to_series(), {}, at, {AREA: Amount(none, "unavailable")}, are_buildings=False
        )
    demand = demand_of(ws, ws.finest)
    shapes = {level: ws.grids(level).geometry.to_numpy() for level in ws.levels}
    codes = {
        level: demand.codes if level == ws.finest else locate(demand.x, demand.y, grids).astype(np.int64)
        for level, grids in shapes.items()
    }
    ids = pd.Index([str(number) for number in range(1, len(demand.x) + 1)])
    note = Text("没有建筑数据，以地面取样点代替", "no buildings on record: points of the ground stand in for them")
    amounts = {AREA: Amount(np.ones(len(ids)), "proxy", note)}
    estates = _estates(ws, demand.x, demand.y)
    return Places(demand.x, demand.y, ids, ids.to_series(), codes, estates, amounts, are_buildings=False)


def _estates(ws: Workspace, x: Floats, y: Floats) -> NDArray[np.int64]:
    """Row of the housing estate in which each place lies, -1 where in none."""
    if HOUSING_ESTATES not in ws:
        return np.full(len(x), -1, dtype=np.int64)
    return locate(x, y, ws[HOUSING_ESTATES].geometry.to_numpy()).astype(np.int64)
