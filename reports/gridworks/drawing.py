"""The steps of a plan done to the outlines of a level: which new polygon has which code and name."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.partition import PartitionError, Redrawn, cut_in_two, merged, reading_order, redrawn, regrouped, snapped, split
from geo.text import Text
from layers import BUILDINGS, ISSUES, STREETS, Workspace
from layers.places import PLACES
from layers.schema import Buildings, Grids
from layers.standards import policy
from layers.succession import former_grids
from reports.gridworks import plan as kinds
from reports.gridworks.plan import LOADS, Operation, Plan

NO_GRID = Text("第 {level} 级没有网格 {ids}", "level {level} has no grid {ids}")
NO_STREET = Text("没有街巷 {ids}", "there is no street {ids}")
NO_LOAD = Text("没有“{what}”的数据，无法据此均衡；请换一种工作量", "there are no data of {what}; choose another load")
FEW = Text("“{kind}”至少需要 {n} 个网格", "{kind} takes at least {n} grids")
TAKEN = Text("编号 {ids} 已被使用或重复", "the codes {ids} are in use or given twice")
COUNT = Text("得到 {n} 个新网格，却给了 {k} 个编号或名称", "there are {n} new grids, but {k} codes or names were given")
NO_OUTLINE = Text("还没有画外框：至少三个顶点", "no outline was drawn: it takes three corners")
NO_LINE = Text("没有选街巷，也没有画线", "no street was chosen and no line drawn")


class Drawn(NamedTuple):
    """The grids of a level after a plan: outlines and names by code, and what each step tells of itself."""

    grids: gpd.GeoDataFrame
    steps: tuple[Mapping[str, Any], ...]


def drawn(ws: Workspace, plan: Plan) -> Drawn:
    """Do the steps of a plan to the outlines of its level.

    Raises:
        PartitionError: a step cannot be done; why.
        DataError: no such level.
    """
    grids = ws.grids(plan.level)[[Grids.name, Grids.kind, "geometry"]].copy()
    told: list[Mapping[str, Any]] = []
    used = {*map(str, ws.tables["grids"].index), *map(str, former_grids(ws.tables).get("former_code", ()))}
    for step in plan.steps:
        unknown = [one for one in step.grids if one not in grids.index]
        if unknown:
            raise PartitionError(NO_GRID.format(level=plan.level, ids=", ".join(unknown)))
        if step.kind == kinds.RECODE:
            grids = _recoded(grids, step, used)
            told.append({"method": "recode", "of": list(step.grids), "ids": list(step.ids)})
        else:
            done = _DEEDS[step.kind](ws, grids, step)
            grids = _named(grids, done, step, used)
            new = [str(one) for one in grids.index if one not in used]
            told.append({**dict(done.meta), "of": list(step.grids), "new": new})
        used |= set(map(str, grids.index))
    return Drawn(grids.sort_index(), tuple(told))


def _rows(grids: gpd.GeoDataFrame, step: Operation, least: int) -> list[int]:
    if len(set(step.grids)) < least:
        raise PartitionError(FEW.format(kind=kinds.KINDS[step.kind], n=least))
    return [int(one) for one in grids.index.get_indexer(list(dict.fromkeys(step.grids)))]


def _merge(_ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    return merged(grids.geometry.to_numpy(), _rows(grids, step, 2))


def _split(ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    rules, lines = policy(ws.folder), lines_of(ws, step)
    if not len(lines):
        raise PartitionError(NO_LINE)
    return split(
        grids.geometry.to_numpy(), _rows(grids, step, 1)[0], lines,
        reach_m=rules["grid_reach_m"], least_m2=rules["grid_least_m2"],
    )  # fmt: skip


def _halve(ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    return cut_in_two(grids.geometry.to_numpy(), _rows(grids, step, 1)[0], load_of(ws, step.by))


def _draw(ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    corners = step.lines[0] if step.lines else ()
    if len(corners) < 3:  # noqa: PLR2004 (corners of an area)
        raise PartitionError(NO_OUTLINE)
    row, snap = (_rows(grids, step, 1)[0] if step.grids else None), policy(ws.folder)["grid_snap_m"]
    return redrawn(grids.geometry.to_numpy(), shapely.Polygon(corners), row, snap_m=snap, sliver_m=snap)


def _balance(ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    rules, load = policy(ws.folder), load_of(ws, step.by)
    if load is None:
        raise PartitionError(NO_LOAD.format(what=LOADS[step.by]))
    at = None
    if step.cells == "buildings":
        if BUILDINGS not in ws:
            raise PartitionError(NO_LOAD.format(what=BUILDINGS.title))
        at = np.column_stack(ws.xy(BUILDINGS))
    streets = step if step.streets or step.lines else Operation(kind=step.kind, streets=(kinds.ALL,))
    return regrouped(
        grids.geometry.to_numpy(), _rows(grids, step, 1), step.into, load, lines=lines_of(ws, streets), cells_at=at,
        reach_m=rules["grid_reach_m"], least_m2=rules["grid_least_m2"],
    )  # fmt: skip


def _snap(_ws: Workspace, grids: gpd.GeoDataFrame, step: Operation) -> Redrawn:
    return snapped(grids.geometry.to_numpy(), tolerance_m=step.tolerance_m)


_DEEDS: Mapping[str, Callable[[Workspace, gpd.GeoDataFrame, Operation], Redrawn]] = {
    kinds.MERGE: _merge, kinds.SPLIT: _split, kinds.HALVE: _halve, kinds.DRAW: _draw, kinds.BALANCE: _balance,
    kinds.SNAP: _snap,
}  # fmt: skip


def lines_of(ws: Workspace, step: Operation) -> np.ndarray:
    """Give the streets and drawn lines of a step.

    Raises:
        PartitionError: there is no such street.
    """
    found = [shapely.LineString(one) for one in step.lines if len(one) > 1]
    if step.streets and STREETS in ws:
        streets = ws[STREETS]
        wanted = list(streets.index) if kinds.ALL in step.streets else list(step.streets)
        unknown = [one for one in wanted if one not in streets.index]
        if unknown:
            raise PartitionError(NO_STREET.format(ids=", ".join(unknown)))
        found += list(streets.geometry[wanted])
    return np.array(found, dtype=object)


def load_of(ws: Workspace, by: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Give place and weight of what makes a load; None for the area, which lies everywhere.

    Raises:
        PartitionError: the workspace does not know it.
    """
    if by == "area":
        return None
    if by in {"issues", "open_issues"}:
        if ISSUES not in ws:
            raise PartitionError(NO_LOAD.format(what=LOADS[by]))
        x, y = ws.xy(ISSUES)
        real = ws.places[ISSUES.key]["place"].to_numpy() < PLACES.index("default_point")
        chosen = ws.standing["is_known" if by == "issues" else "is_open"].to_numpy(dtype=bool)
        return x, y, (real & chosen & np.isfinite(x)).astype(float)
    homes = ws[BUILDINGS][Buildings.households] if BUILDINGS in ws else pd.Series(dtype=float)
    if BUILDINGS not in ws or (by == "households" and not homes.notna().any()):
        raise PartitionError(NO_LOAD.format(what=LOADS[by]))
    x, y = ws.xy(BUILDINGS)
    weight = homes.to_numpy(dtype=float, na_value=0.0) if by == "households" else np.ones(len(x))
    return x, y, weight


def _recoded(grids: gpd.GeoDataFrame, step: Operation, used: Collection[str]) -> gpd.GeoDataFrame:
    if len(step.ids) != len(step.grids):
        raise PartitionError(COUNT.format(n=len(step.grids), k=len(step.ids)))
    wrong = [one for one in step.ids if (one in used and one not in step.grids) or step.ids.count(one) > 1]
    if wrong:
        raise PartitionError(TAKEN.format(ids=", ".join(sorted(set(wrong)))))
    return grids.rename(index=dict(zip(step.grids, step.ids, strict=True)))


def _named(grids: gpd.GeoDataFrame, done: Redrawn, step: Operation, used: Collection[str]) -> gpd.GeoDataFrame:
    """Put names to the polygons: those that go on keep theirs, new ones get the given or proposed ones."""
    ids = [str(grids.index[at]) if at >= 0 else "" for at in done.old]
    new = np.flatnonzero(done.old < 0)
    new = new[reading_order(done.polygons[new])] if len(new) else new
    for given in (step.ids, step.names):
        if given and len(given) != len(new):
            raise PartitionError(COUNT.format(n=len(new), k=len(given)))
    wrong = [one for one in step.ids if one in used or step.ids.count(one) > 1]
    if wrong:
        raise PartitionError(TAKEN.format(ids=", ".join(sorted(set(wrong)))))
    like = min(step.grids) if step.grids else _from_most(grids, done.polygons[new])
    codes = list(step.ids) or next_codes(like, len(new), used)
    names = list(step.names) or _names(grids, step, len(new), codes)
    frame = grids.iloc[np.maximum(done.old, 0)].copy()
    kind = grids[Grids.kind].get(like)
    for at, code, name in zip(new.tolist(), codes, names, strict=True):
        ids[at] = code
        frame.iloc[at, frame.columns.get_loc(Grids.name)] = name
        frame.iloc[at, frame.columns.get_loc(Grids.kind)] = kind
    frame.index = pd.Index(ids, name=grids.index.name, dtype=grids.index.dtype)
    return frame.set_geometry(gpd.GeoSeries(done.polygons, index=frame.index, crs=grids.crs))


def _from_most(grids: gpd.GeoDataFrame, new: np.ndarray) -> str:
    """Give the grid that a new one takes most of its ground from."""
    shared = shapely.area(shapely.intersection(grids.geometry.to_numpy(), shapely.union_all(new)))
    return str(grids.index[int(shared.argmax())])


def _names(grids: gpd.GeoDataFrame, step: Operation, number: int, codes: list[str]) -> list[str]:
    old = [str(grids[Grids.name][one]) for one in step.grids]
    if step.kind == kinds.MERGE:
        return ["＋".join(old)]
    if len(old) == 1:
        return [f"{old[0]} {at}" for at in range(1, number + 1)]
    return codes


def next_codes(like: str, number: int, used: Collection[str]) -> list[str]:
    """Propose codes after the pattern of one: the next free numbers of its sequence; no code is ever used twice.

    The last digits are the sequence: two of a code of digits only, else all digits at the end.
    """
    found = re.fullmatch(r"(.*?)(\d+)", like)
    if found is None:
        head, width = f"{like}-", 2
    else:
        head, tail = (like[:-2], like[-2:]) if like.isdigit() and len(like) > 2 else found.groups()  # noqa: PLR2004
        width = len(tail)
    taken = {one for one in used if one.startswith(head)}
    tails = [int(one.removeprefix(head)) for one in taken if re.fullmatch(rf"\d{{{width}}}", one.removeprefix(head))]
    start = max(tails, default=0) + 1
    codes: list[str] = []
    while len(codes) < number:
        code = f"{head}{start:0{width}d}"
        codes += [code] if code not in used else []
        start += 1
    return codes
