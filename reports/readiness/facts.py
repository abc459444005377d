"""What is known of each condition: votes, money, works under way, management; each with its status."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.measure import rate, totals
from geo.text import Text
from layers import BUDGET_ITEMS, BUILDINGS, GRIDS, HOUSING_ESTATES, PROJECTS, Workspace
from layers.schema import BudgetItems, Grids, HousingEstates, Projects
from reports.consent import consented

FUNDED = ("planned", "working", "done")
"""States of a project from which on its money is in a plan."""
UNDER_WAY = "working"
NOT_MANAGED = "none"
NO_VOTES = Text("楼栋的表决记录", "votes of buildings")
NO_ITEMS = Text("费用项", "budget items")
NO_COSTS = Text("费用项的金额", "amounts of the budget items")
NO_PROJECTS = Text("项目图层", "the layer of projects")
NO_ESTATES = Text("小区及其物业管理方式", "housing estates with their management")
SOME_VOTES = Text("{n} 栋没有可用的表决记录", "{n} buildings without usable votes")
SOME_COSTS = Text("{n} 项金额未知，不计入", "{n} items without an amount, left out")
NOWHERE = Text("{n} 项没有位置", "{n} items have no place")


class Facts(NamedTuple):
    """A table by grid id, "ready", "partial" or "unavailable", and what is missing."""

    table: pd.DataFrame
    status: str
    missing: Text | None


def consent_of(ws: Workspace, level: int) -> Facts:
    """Count the buildings whose owners have agreed, by the rule that the workspace uses."""
    index = ws.grids(level).index
    found = consented(ws)
    if not found.has_votes:
        unknown = {"consent_percent": np.nan, "buildings": np.nan, "buildings_known": np.nan}
        return Facts(pd.DataFrame(unknown, index=index), "unavailable", NO_VOTES)
    rows = ws[BUILDINGS].index.get_indexer(found.buildings.index)
    codes = ws.codes(BUILDINGS, level)[rows]
    agreed = found.buildings["consent_ok"].astype("boolean")
    known = agreed.notna().to_numpy(dtype=bool)
    size = len(index)
    yes = totals(codes, size, agreed.fillna(value=False).to_numpy(dtype=float)).per_group
    counted = totals(codes, size, known.astype(float)).per_group
    table = {
        "consent_percent": rate(yes, counted),
        "buildings": totals(codes, size).per_group,
        "buildings_known": counted,
    }
    without = int((~known).sum())
    missing = SOME_VOTES.format(n=f"{without:,}") if without else None
    return Facts(pd.DataFrame(table, index=index), "partial" if without else "ready", missing)


def funds_of(ws: Workspace, level: int) -> Facts:
    """Compare the cost of the items of each grid with the part of it that stands in a project that is planned or begun."""
    index = ws.grids(level).index
    empty = {"funds_percent": np.nan, "cost_yuan": np.nan, "items": np.nan, "items_unknown": np.nan}
    if BUDGET_ITEMS not in ws:
        return Facts(pd.DataFrame(empty, index=index), "unavailable", NO_ITEMS)
    items = ws[BUDGET_ITEMS]
    items = items[items[BudgetItems.decision].fillna("") != "declined"]
    codes, size = item_codes(ws, items, level), len(index)
    cost = items[BudgetItems.cost_yuan].to_numpy(dtype=float, na_value=np.nan)
    funded = _funded(ws, items)
    total = totals(codes, size, cost).per_group
    secured = totals(codes, size, np.where(funded, cost, 0.0)).per_group
    number, unknown = totals(codes, size).per_group, totals(codes, size, np.isnan(cost)).per_group
    priced = number > unknown
    table = pd.DataFrame(
        {
            "funds_percent": np.where(priced, rate(secured, total), np.nan),
            "cost_yuan": np.where(priced, total, np.nan),
            "items": number,
            "items_unknown": unknown,
        },
        index=index,
    )
    if not priced.any():
        return Facts(table, "unavailable", NO_COSTS)
    lost = int((codes < 0).sum())
    said = [
        SOME_COSTS.format(n=int(unknown.sum())) if unknown.any() else None,
        NOWHERE.format(n=lost) if lost else None,
    ]
    words = [one for one in said if one]
    missing = Text("；".join(w.zh for w in words), "; ".join(w.en for w in words)) if words else None
    return Facts(table, "partial" if words else "ready", missing)


def _funded(ws: Workspace, items: pd.DataFrame) -> np.ndarray:
    if PROJECTS not in ws:
        return np.zeros(len(items), dtype=bool)
    status = items[BudgetItems.project_id].map(ws[PROJECTS][Projects.status].to_dict())
    return np.asarray(status.isin(FUNDED), dtype=bool)


def item_codes(ws: Workspace, items: pd.DataFrame, level: int) -> np.ndarray:
    """Give the row of the grid in which each item lies: by its place, else its recorded grid, else its project; -1 for none."""
    found = np.full(len(items), -1, dtype=np.int64)
    project = items[BudgetItems.project_id].to_numpy(dtype=object)
    found = _by_place(ws, np.full(len(items), PROJECTS.key, dtype=object), project, level, found)
    recorded = _recorded(ws, items[BudgetItems.grid_code].to_numpy(dtype=object), level)
    found = np.where(recorded >= 0, recorded, found)
    layers = items[BudgetItems.place_layer].to_numpy(dtype=object)
    return _by_place(ws, layers, items[BudgetItems.place_id].to_numpy(dtype=object), level, found)


def _by_place(ws: Workspace, layers: np.ndarray, ids: np.ndarray, level: int, found: np.ndarray) -> np.ndarray:  # noqa: PLR0917 (two columns of places)
    """Lay the grid of each thing that is named over what was found."""
    for key in {str(one) for one in layers if isinstance(one, str)} & set(ws.places):
        rows = np.flatnonzero(layers == key)
        at = ws[key].index.get_indexer(pd.Index(ids[rows], dtype=object))
        codes = np.where(at >= 0, ws.codes(key, level)[at], -1)
        found[rows] = np.where(codes >= 0, codes, found[rows])
    return found


def _recorded(ws: Workspace, codes: np.ndarray, level: int) -> np.ndarray:
    """Give the row of a recorded grid; one of a lower level counts for the grid above it."""
    grids = ws.grids(level).index
    parent = ws[GRIDS][Grids.parent_id].to_dict()
    names: list[object] = list(codes)
    for _ in ws.levels:
        names = [one if one in grids or one not in parent else parent[one] for one in names]
    return np.asarray(grids.get_indexer(pd.Index(names, dtype=object)))


def works_of(ws: Workspace, level: int) -> Facts:
    """Count the works under way whose ground meets each grid, with their names."""
    grids = ws.grids(level)
    if PROJECTS not in ws:
        table = pd.DataFrame({"works": np.nan, "works_names": None}, index=grids.index)
        return Facts(table, "unavailable", NO_PROJECTS)
    projects = ws[PROJECTS]
    going = projects[(projects[Projects.status] == UNDER_WAY).fillna(value=False)].sort_index()
    shapes = going.geometry.to_numpy()
    meets = [shapely.intersects(shapes, grid) & ~shapely.touches(shapes, grid) for grid in grids.geometry]
    names = [" | ".join(going[Projects.name].astype(str).to_numpy()[one]) or None for one in meets]
    table = pd.DataFrame({"works": [float(one.sum()) for one in meets], "works_names": names}, index=grids.index)
    unsaid = int(projects[Projects.status].isna().sum())
    missing = Text("{n} 个项目没有进度", "{n} projects without a status").format(n=unsaid) if unsaid else None
    return Facts(table, "partial" if unsaid else "ready", missing)


def management_of(ws: Workspace, level: int) -> Facts:
    """Give the share of the households in estates that somebody manages: a company, half of one, or they themselves."""
    index = ws.grids(level).index
    if HOUSING_ESTATES not in ws or ws[HOUSING_ESTATES][HousingEstates.property_mode].isna().all():
        return Facts(pd.DataFrame({"managed_percent": np.nan}, index=index), "unavailable", NO_ESTATES)
    estates = ws[HOUSING_ESTATES]
    mode = estates[HousingEstates.property_mode]
    homes = estates[HousingEstates.households].to_numpy(dtype=float, na_value=np.nan)
    known = mode.notna().to_numpy(dtype=bool) & ~np.isnan(homes)
    codes = np.where(known, ws.codes(HOUSING_ESTATES, level), -1)
    managed = known & (mode.fillna(NOT_MANAGED) != NOT_MANAGED).to_numpy(dtype=bool)
    per = rate(
        totals(codes, len(index), np.where(managed, homes, 0.0)).per_group,
        totals(codes, len(index), np.where(known, homes, 0.0)).per_group,
    )
    without = int((~known).sum())
    missing = Text("{n} 个小区情况不明", "{n} estates not known").format(n=without) if without else None
    return Facts(pd.DataFrame({"managed_percent": per}, index=index), "partial" if without else "ready", missing)
