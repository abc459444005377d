"""Totals that no redrawing may change, counted before and after in the same way that pages and reports count them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Text
from layers import BUILDINGS, DUTIES, ISSUES, Workspace
from layers.places import PLACES
from layers.schema import Duties, Grids

TITLES: Mapping[str, Text] = {
    "area_m2": Text("网格总面积（m²）", "area of all grids, m²"),
    "households": Text("户数", "households"),
    "residents": Text("居民人数", "residents"),
    "elderly_residents": Text("老年居民人数", "elderly residents"),
    "buildings": Text("网格内建筑", "buildings in grids"),
    "issues": Text("问题总数", "issues in all"),
    "issues_in_grids": Text("网格内问题", "issues in grids"),
    "issues_outside": Text("网格外问题", "issues outside every grid"),
    "issues_default_point": Text("默认点上的问题", "issues on a default point"),
    "issues_no_geometry": Text("没有坐标的问题", "issues without coordinates"),
    "issues_open": Text("网格内未办结", "open issues in grids"),
    "issues_overdue": Text("网格内超期", "overdue issues in grids"),
    "officers": Text("有网格职责的人员", "persons with duties for grids"),
    "wall_total": Text("挂图墙问题数", "issues on the wall"),
    "wall_struck": Text("挂图墙已销号", "struck off on the wall"),
    "wall_in_grids": Text("挂图墙网格内", "issues on the wall in a grid"),
    "wall_red": Text("红灯", "red lamps"),
    "wall_yellow": Text("黄灯", "yellow lamps"),
    "wall_green": Text("绿灯", "green lamps"),
    "wall_blue": Text("蓝灯", "blue lamps"),
    "wall_grey": Text("灰灯", "grey lamps"),
}
EXACT = 1e-9


def totals_of(before: Workspace, after: Workspace, level: int) -> pd.DataFrame:
    """Compare the totals of two workspaces.

    Returns:
        One row a total, in the order of ``TITLES`` and only where it is known: key, before, after, is_kept. A count is
        kept if it is equal, an area if it differs by rounding of coordinates only.
    """
    first, second = _counted(before, level), _counted(after, level)
    rows = [(key, first[key], second[key]) for key in TITLES if key in first]
    table = pd.DataFrame(rows, columns=["key", "before", "after"])
    near = np.abs(table["before"] - table["after"]) <= EXACT * table["before"].abs()
    table["is_kept"] = np.where(table["key"] == "area_m2", near, table["before"] == table["after"])
    return table


def _counted(ws: Workspace, level: int) -> dict[str, float]:
    grids = ws.grids(level)
    found: dict[str, float] = {"area_m2": float(grids.geometry.area.sum())}
    for name in (Grids.households, Grids.residents, Grids.elderly_residents):
        if grids[name].notna().any():
            found[name] = float(grids[name].sum())
    if BUILDINGS in ws:
        found["buildings"] = float((ws.codes(BUILDINGS, level) >= 0).sum())
    if ISSUES in ws:
        found |= _issues(ws, level)
    if DUTIES in ws:
        duties = ws.tables[DUTIES.key]
        on = duties[(duties[Duties.layer] == "grids") & duties[Duties.thing_id].isin(ws.tables["grids"].index)]
        found["officers"] = float(on[Duties.person_id].nunique())
    return found | (_wall(ws, level) if ws.living is not None else {})


def _issues(ws: Workspace, level: int) -> dict[str, float]:
    codes, where = ws.codes(ISSUES, level), ws.places[ISSUES.key]["place"].to_numpy()
    inside, standing = codes >= 0, ws.standing
    reason = {name: (where == at) & ~inside for at, name in enumerate(PLACES)}
    return {
        "issues": float(len(codes)),
        "issues_in_grids": float(inside.sum()),
        "issues_outside": float((reason["outside"] | reason["grid"]).sum()),
        "issues_default_point": float(reason["default_point"].sum()),
        "issues_no_geometry": float(reason["no_geometry"].sum()),
        "issues_open": float((standing["is_open"].to_numpy() & inside).sum()),
        "issues_overdue": float((standing["is_overdue"].to_numpy() & inside).sum()),
    }


def _wall(ws: Workspace, level: int) -> dict[str, float]:
    """Count what hangs on the wall."""
    from reports.wall import in_level, wall  # noqa: PLC0415 (only where there is a ledger)

    if ws.living is None:
        return {}
    as_of = ws.manifest.as_of
    names = {str(code): Text.same(name) for code, name in ws.grids(level)[Grids.name].items()}
    found = wall(in_level(ws.living.cases, ws, level), names, as_of, folder=ws.folder)
    lamps = {f"wall_{lamp}": float(number) for lamp, number in found.by_lamp.items()}
    inside = sum(card.total for card in found.cards if card.grid_id is not None)
    return {
        "wall_total": float(found.total),
        "wall_struck": float(found.struck),
        "wall_in_grids": float(inside),
        **lamps,
    }
