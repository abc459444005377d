"""The balance of parking by day and by night: bays wanted by homes, visitors and shops, bays that there are, the gap.

Supply is the bays of the parking layer: what is marked or registered. Cars on lawns, footways and fire lanes stand in
no bay, so illegal places are no supply, however many there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.measure import totals
from geo.supply.balance import balance
from geo.text import Text
from layers import BUILDINGS, FACILITIES, PARKING, Workspace
from layers.schema import Buildings, Facilities, Grids, Parking
from layers.standards import policy, standard
from reports.denominators import HOUSEHOLDS, households

TIMES: Mapping[str, Text] = {"night": Text("夜间", "by night"), "day": Text("白天", "by day")}
SHOPS = ("commercial", "public", "industrial")
_NO_LAYER = Text("停车图层", "the parking layer")


@dataclass(frozen=True)
class ParkingBalance:
    """Parking of the grids of a level.

    ``by_grid`` has by grid id: name, households, bays, unknown_bays (parking places without a number), and for each
    time of ``TIMES`` demand_{time}, gap_{time} (negative: to spare), ratio_{time} (bays by demand, NaN without demand)
    and missing_{time}, all in bays; NaN where unknown. ``status`` as for measures. ``meta`` holds rates and sums.
    """

    by_grid: pd.DataFrame = field(repr=False)
    status: str
    missing: Text | None
    note: Text | None
    meta: Mapping[str, object]

    def total(self, column: str) -> float:
        """Sum of a column over the grids where it is known."""
        return float(self.by_grid[column].sum())


def bays_wanted(
    homes: ArrayLike, *, bays_per_household: ArrayLike, visitor_share: ArrayLike = 0.0, present_share: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Bays that homes want: households times rate times (cars at home and visitors as shares of the residents' cars).

    Args:
        homes: households, shape (n,); NaN is unknown.
        bays_per_household: rate of the local code.
        visitor_share: visitors' cars by residents' cars.
        present_share: share of the residents' cars that are at home at the time.
    """
    base = np.asarray(homes, dtype=float) * np.asarray(bays_per_household, dtype=float)
    return np.asarray(base * (np.asarray(present_share, dtype=float) + np.asarray(visitor_share, dtype=float)))


def bays_per_household(ws: Workspace, rules: Mapping[str, float]) -> float:
    """Give the rate of the policy table for the profile of a workspace."""
    return rules[rate_key(ws)]


def rate_key(ws: Workspace) -> str:
    """Name the rate of the policy table for the profile of a workspace."""
    return "parking_bays_per_household" + ("_new" if ws.manifest.profile == "CN-new" else "")


def bays_of_homes(ws: Workspace, people: ArrayLike, time: str) -> NDArray[np.float64]:
    """Give the bays that households want at a time of ``TIMES``."""
    rules = policy(ws.folder)
    return bays_wanted(
        people,
        bays_per_household=bays_per_household(ws, rules),
        visitor_share=rules[f"parking_visitors_{time}_share"],
        present_share=rules[f"parking_residents_{time}_share"],
    )


def parking_balance(ws: Workspace, *, level: int | None = None) -> ParkingBalance:
    """Hold the bays of each grid against what is wanted there by day and by night.

    Raises:
        DataError: no grids or no such level.
    """
    wanted = ws.finest if level is None else level
    grids, rules, people = ws.grids(wanted), policy(ws.folder), households(ws, wanted)
    homes = people.by_grid.to_numpy(dtype=float)
    bays, unknown = _bays(ws, wanted)
    floor, floor_status = _floor_m2(ws, wanted)
    table = pd.DataFrame(
        {Grids.name: grids[Grids.name], "households": homes, "bays": bays, "unknown_bays": unknown}, index=grids.index
    )
    for time in TIMES:
        share = rules["parking_floor_night_share"] if time == "night" else 1.0
        demand = bays_of_homes(ws, homes, time) + floor / 100 * rules["parking_bays_per_100_m2"] * share
        held = balance(demand, bays)
        # Bays of an unknown number could close a gap of any size; where there is none they do not matter.
        doubt = (unknown > 0) & (held.gap > 0)
        table[f"demand_{time}"] = demand
        table[f"gap_{time}"] = np.where(doubt, np.nan, held.gap)
        table[f"ratio_{time}"] = np.where(doubt, np.nan, held.ratio)
        table[f"missing_{time}"] = np.where(doubt, np.nan, held.missing)
    return ParkingBalance(table, *_said(ws, people.status, int(unknown.sum()), floor_status), _meta(ws, rules))


def _bays(ws: Workspace, level: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give bays and places without a number of bays by grid; all unknown without the layer."""
    size = len(ws.grids(level))
    if PARKING not in ws:
        return np.full(size, np.nan), np.zeros(size)
    have = ws[PARKING][Parking.bays].to_numpy(dtype=float, na_value=np.nan)
    codes = ws.codes(PARKING, level)
    return totals(codes, size, have).per_group, totals(codes, size, np.isnan(have)).per_group


def _floor_m2(ws: Workspace, level: int) -> tuple[NDArray[np.float64], str]:
    """Give the floor area of shops and services by grid, from facilities, else from buildings; and how well it is known."""
    size = len(ws.grids(level))
    if FACILITIES in ws:
        area = ws[FACILITIES][Facilities.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
        if np.isfinite(area).any():
            return totals(ws.codes(FACILITIES, level), size, area).per_group, "facilities"
    if BUILDINGS in ws:
        area = ws[BUILDINGS][Buildings.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
        shops = ws[BUILDINGS][Buildings.use].isin(SHOPS).to_numpy(dtype=bool)
        if np.isfinite(area).any():
            return totals(ws.codes(BUILDINGS, level), size, np.where(shops, area, 0.0)).per_group, "buildings"
    return np.zeros(size), "unknown"


def _said(ws: Workspace, people: str, unknown: int, floor: str) -> tuple[str, Text | None, Text | None]:
    """Give status, what is missing, and a note."""
    absent = ([_NO_LAYER] if PARKING not in ws else []) + ([HOUSEHOLDS] if people == "unavailable" else [])
    if absent:
        return "unavailable", absent[0], None
    note = Text(
        "商业和服务设施的建筑面积未知，白天需求偏低", "the floor area of shops is unknown: demand by day is too low"
    )
    missing = Text(f"{unknown:,} 处停车场泊位数未知", f"bays of {unknown:,} parking places") if unknown else None
    status = "proxy" if people == "proxy" else "partial" if unknown or floor == "unknown" else people
    return status, missing, note if floor == "unknown" else None


def _meta(ws: Workspace, rules: Mapping[str, float]) -> Mapping[str, object]:
    rates = {key: rules[key] for key in sorted(rules) if key.startswith("parking_") and key.endswith("_share")}
    table = standard("policy", ws.folder).set_index("key")
    doubtful = sorted(
        str(key) for key in table.index[table["to_verify"].astype(bool)] if str(key).startswith("parking_")
    )
    return {
        "method": "parking balance",
        "demand": "households x rate x (cars at home + visitors) + floor area / 100 x rate",
        "bays_per_household": bays_per_household(ws, rules),
        "rate_key": rate_key(ws),
        "bays_per_100_m2": rules["parking_bays_per_100_m2"],
        **rates,
        "supply": "bays of the parking layer; illegal places are no supply",
        "to_verify": tuple(doubtful),
        "seed": None,
    }
