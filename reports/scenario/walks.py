"""Who gains and who loses of a service: the walk of each building before and after, by building and grid, never only net."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.choice.delta import Delta, cover_delta
from geo.measure import totals
from geo.text import Text
from layers import BUILDINGS, GRIDS, HOUSING_ESTATES, STREETS, Workspace
from layers.places import grid_ids
from reports.service.coverage import SERVED, UNKNOWN, Coverage, coverage
from reports.service.places import BUILDING, HOUSEHOLDS, RESIDENTS, Places
from reports.service.served import distances_of
from reports.service.services import Service, services_of
from reports.service.streets import Streets, streets_of

GAINS, LOSES, NEARER, FARTHER, SAME, UNTOLD, NEW, GONE = (
    "gains", "loses", "nearer", "farther", "same", "unknown", "new", "gone",
)  # fmt: skip
LOTS: Mapping[str, Text] = {
    GAINS: Text("新覆盖", "newly served"),
    LOSES: Text("失去覆盖", "no longer served"),
    NEARER: Text("更近", "nearer"),
    FARTHER: Text("更远", "farther"),
    SAME: Text("不变", "as before"),
    UNTOLD: Text("无法判断", "cannot be known"),
    NEW: Text("新增建筑", "new building"),
    GONE: Text("拆除建筑", "building taken down"),
}
"""What becomes of a place, the most telling first."""
SMALL_M = 0.5
"""A walk that changes by less is as it was: no more than rounding of where things snap to streets."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Walks:
    """One service before and after.

    ``places`` by id of the building (or sample point): grid_id (before, of a new one after), before_m, after_m,
    change_m, lot (key of ``LOTS``) and people (of ``counted``, NaN unknown). ``grids`` by id: name, people, gains,
    loses, net, nearer, farther, covered_before, covered_after (sums of people) and mean_change_m. ``delta`` compares
    the places that both states have. ``limits_m`` one a class of the service.
    """

    service: Service
    counted: str
    places: pd.DataFrame = field(repr=False)
    grids: pd.DataFrame = field(repr=False)
    delta: Delta = field(repr=False)
    limits_m: tuple[float, ...]
    meta: Mapping[str, object] = field(repr=False)

    @property
    def touches(self) -> bool:
        """Whether anybody's walk changes."""
        return bool((~self.places["lot"].isin([SAME, UNTOLD])).any())


def walks_of(before: Workspace, after: Workspace, level: int, counted: str | None = None) -> dict[str, Walks]:
    """Compare all services that either state has things of; the walk network is made once for each state.

    Args:
        before: the workspace in one state.
        after: the same in another.
        level: of the grids.
        counted: denominator, a key of ``reports.service.places.COUNTED``; None for households, else residents, else
            buildings, whatever is known.
    """
    services = {one.key: one for one in (*services_of(before), *services_of(after))}
    net = streets_of(before)
    nets = net, net if STREETS.key not in changed_layers(before, after) else streets_of(after)
    found = {key: _walks(before, after, one, nets, (level, counted)) for key, one in services.items()}
    return {key: one for key, one in found.items() if one is not None}


def changed_layers(before: Workspace, after: Workspace) -> set[str]:
    """Name the layers that two states of a workspace do not share."""
    keys = {*before.tables, *after.tables}
    return {key for key in keys if before.tables.get(key) is not after.tables.get(key)}


def _walks(  # noqa: PLR0917 (one line of a table)
    before: Workspace,
    after: Workspace,
    service: Service,
    nets: tuple[Streets, Streets],
    asked: tuple[int, str | None],
) -> Walks | None:
    was = coverage(distances_of(before, service, streets=nets[0]))
    asks = {GRIDS.key, BUILDINGS.key, HOUSING_ESTATES.key, STREETS.key, *(part.layer for part in service.classes)}
    alike = not asks & changed_layers(before, after)  # then it would be the same, and is not measured again
    now = was if alike else coverage(distances_of(after, service, streets=nets[1]))
    if not (was.places.are_buildings and now.places.are_buildings) and not was.places.ids.equals(now.places.ids):
        return None  # sample points of other grids are other points
    level, counted = asked
    key = counted or _counted(was.places)
    on_foot = all(one.network is not None for one in nets)
    states = [_state(ws, part, key, (level, on_foot)) for ws, part in ((before, was), (after, now))]
    table = _places(states[0], states[1])
    both = table[~table["lot"].isin([NEW, GONE])]
    known = (both["lot"] != UNTOLD).to_numpy()
    delta = cover_delta(
        (both["was"].to_numpy(dtype=bool), both["now"].to_numpy(dtype=bool)),
        (both["before_m"], both["after_m"]),
        np.where(known, both["people"], np.nan),
        limits_m=list(was.limit.metres),
        counted=key,
    )
    meta = {
        "method": "on foot" if on_foot else "straight line", "limit": "standard of each class, the rim counts",
        "counted": key, "small_m": SMALL_M, "delta": dict(delta.meta),
    }  # fmt: skip
    return Walks(service, key, table, _grids(before, table, level), delta, was.limit.metres, meta)


def _counted(places: Places) -> str:
    known = [key for key in (HOUSEHOLDS, RESIDENTS, BUILDING) if key in places.amounts and places.amounts[key].known]
    return known[0] if known else next(iter(places.amounts))


def _places(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Put both states side by side, by id."""
    index = one.index.union(other.index, sort=True)
    old, new = one.reindex(index), other.reindex(index)
    gone, fresh = ~index.isin(other.index), ~index.isin(one.index)
    kept = {key: old[key].where(~fresh, new[key]) for key in ("name", "grid_id", "people")}
    table = pd.DataFrame({**kept, "before_m": old["metres"], "after_m": new["metres"]}, index=index)
    table["change_m"] = (new["metres"] - old["metres"]).where(np.isfinite(new["metres"]) & np.isfinite(old["metres"]))
    table["was"], table["now"] = (side["verdict"].eq(SERVED) for side in (old, new))
    unknown = old["verdict"].eq(UNKNOWN) | new["verdict"].eq(UNKNOWN)
    closer, further = _closer(old["metres"].to_numpy(dtype=float), new["metres"].to_numpy(dtype=float))
    lots = {
        GONE: gone, NEW: fresh, UNTOLD: unknown, GAINS: table["now"] & ~table["was"],
        LOSES: table["was"] & ~table["now"], NEARER: closer, FARTHER: further,
    }  # fmt: skip
    table["lot"] = np.select([np.asarray(one, dtype=bool) for one in lots.values()], list(lots), SAME)
    return table


def _closer(old: Floats, new: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark whose walk gets shorter and whose longer; a way where there was none is shorter."""
    was, now = np.isfinite(old), np.isfinite(new)
    change = np.where(was & now, np.nan_to_num(new, posinf=0.0) - np.nan_to_num(old, posinf=0.0), 0.0)
    return (now & ~was) | (change < -SMALL_M), (was & ~now) | (change > SMALL_M)


def _state(ws: Workspace, found: Coverage, counted: str, how: tuple[int, bool]) -> pd.DataFrame:
    """Give one state by id: name, metres, verdict, people, grid of a level; on foot where there are streets."""
    places = found.places
    level, on_foot = how
    metres, verdict = (found.foot_m, found.foot) if on_foot else (found.straight_m, found.straight)
    amount = places.amounts.get(counted)
    people = amount.each if amount is not None else np.full(len(places.x), np.nan)
    columns = {"name": places.names.to_numpy(), "metres": metres, "verdict": verdict, "people": people}
    table = pd.DataFrame(columns, index=places.ids)
    table["grid_id"] = grid_ids(places.codes[level], ws.grids(level), table.index).to_numpy()
    return table


def _grids(ws: Workspace, table: pd.DataFrame, level: int) -> pd.DataFrame:
    """Sum by grid as it was before; who gains and who loses stand beside each other."""
    grids = ws.grids(level)
    codes = grids.index.get_indexer(table["grid_id"].to_numpy(dtype=object))
    people = table["people"].to_numpy(dtype=float)
    lot = table["lot"].to_numpy()

    def total(rows: object) -> Floats:
        mask = np.asarray(rows, dtype=bool) & np.isfinite(people)
        found: Floats = totals(codes[mask], len(grids), people[mask]).per_group.astype(float)
        return found

    known = ~np.isin(lot, [UNTOLD, NEW, GONE])
    change = table["change_m"].to_numpy(dtype=float)
    moved = known & np.isfinite(change) & np.isfinite(people)
    weighted = totals(codes[moved], len(grids), (people * change)[moved]).per_group
    gains, loses, whole = total(lot == GAINS), total(lot == LOSES), total(moved)
    return pd.DataFrame(
        {
            "name": grids["name"].to_numpy(),
            "people": total(known),
            "gains": gains,
            "loses": loses,
            "net": gains - loses,
            "nearer": total(known & (change < -SMALL_M)),
            "farther": total(known & (change > SMALL_M)),
            "covered_before": total(known & table["was"]),
            "covered_after": total(known & table["now"]),
            "mean_change_m": np.divide(weighted, whole, out=np.full(len(grids), np.nan), where=whole > 0),
        },
        index=grids.index,
    )
