"""What follows from a stored or proposed item: its code, grid, state, life, and where its amount comes from."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.ownership import locate
from layers import BUDGET_ITEMS, PROJECTS, Workspace
from layers.schema import BudgetItems, Grids, Projects
from reports.works.catalogue import classes, codes_of, life_years, prices, unit_code

DONE = ("done", "working")
"""States of projects whose items are no longer to be planned."""
COLUMNS = tuple(BUDGET_ITEMS.columns)
DERIVED = ("code", "grid_id", "large_grid_id", "project_status", "is_open", "cost_from", "life_years")
NUMBERS = ("quantity", "cost_yuan", "cost_low_yuan", "cost_high_yuan")


def empty_items() -> pd.DataFrame:
    """Give a table of items without rows, with the types that the layer has."""
    return typed(pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name=BudgetItems.item_id, dtype="str")))


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table of items with all columns of the layer and their types; other columns stay behind them."""
    found: dict[str, pd.Series] = {}
    for name in COLUMNS:
        column = table[name] if name in table else pd.Series(None, index=table.index, dtype="object")
        if name in NUMBERS:
            found[name] = pd.to_numeric(column).astype("float64")
        elif name == BudgetItems.must_do:
            found[name] = column.astype("boolean")
        elif name == BudgetItems.decided_at:
            found[name] = column.astype("datetime64[us]")
        else:
            found[name] = column.astype("str")
    more = {name: table[name] for name in table.columns if name not in COLUMNS and name not in DERIVED}
    return pd.DataFrame({**found, **more}, index=table.index).rename_axis(BudgetItems.item_id)


def large_grids(ws: Workspace, level: int | None = None) -> dict[str, str]:
    """Give the grid of a level (None: the largest) that each finest grid lies in, "" for none.

    Its parent if that is of the level, else the grid that holds a point inside it.
    """
    fine, large = ws.grids(), ws.grids(ws.levels[0] if level is None else level)
    points = shapely.point_on_surface(fine.geometry.to_numpy())
    at = locate(shapely.get_x(points), shapely.get_y(points), large.geometry.to_numpy())
    parent = fine[Grids.parent_id].astype("object").to_numpy()
    known = set(map(str, large.index))
    return {
        str(one): str(one)
        if str(one) in known
        else str(up)
        if str(up) in known
        else str(large.index[a])
        if a >= 0
        else ""
        for one, up, a in zip(fine.index, parent, at, strict=True)
    }


def derive(ws: Workspace, items: pd.DataFrame) -> pd.DataFrame:
    """Add what follows: see ``DERIVED``; amounts that can be had from quantity and unit cost are filled in."""
    table = typed(items)
    table["code"] = codes_of(table[BudgetItems.renewal_item], ws)
    known_class = table[BudgetItems.item_class].notna()
    table[BudgetItems.item_class] = table[BudgetItems.item_class].where(known_class, classes(table["code"], ws))
    grid, large = _grids(ws, table)
    table["grid_id"], table["large_grid_id"] = grid, large
    table["project_status"] = _project_status(ws, table)
    declined = table[BudgetItems.decision].eq("declined").fillna(value=False)
    table["is_open"] = ~declined & ~table["project_status"].isin(DONE)
    table["life_years"] = life_years(table["code"], ws)
    return _requires(_costed(ws, table))


def _grids(ws: Workspace, table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the finest and the largest grid of each item: of its code, else of its place, else of its project."""
    if not ws.levels:
        nothing = pd.Series(None, index=table.index, dtype="str")
        return nothing, nothing
    fine, tops = set(map(str, ws.grids().index)), set(map(str, ws.grids(ws.levels[0]).index))
    code = table[BudgetItems.grid_code]
    grid = code.where(code.isin(fine))
    for layer in table[BudgetItems.place_layer].dropna().unique():
        if layer in ws.places:
            chosen = table[BudgetItems.place_layer].eq(layer) & grid.isna() & ~code.isin(tops)
            grid = grid.where(~chosen, table[BudgetItems.place_id].map(ws.owner(layer)))
    if PROJECTS in ws:
        by_project = table[BudgetItems.project_id].map(ws.owner(PROJECTS))
        grid = grid.where(grid.notna() | code.isin(tops) | table[BudgetItems.place_id].notna(), by_project)
    large = grid.map(large_grids(ws)).where(grid.notna(), code.where(code.isin(tops)))
    return grid.astype("str"), large.astype("str")


def _project_status(ws: Workspace, table: pd.DataFrame) -> pd.Series:
    if PROJECTS not in ws:
        return pd.Series(None, index=table.index, dtype="str")
    return table[BudgetItems.project_id].map(ws[PROJECTS][Projects.status]).astype("str")


def _costed(ws: Workspace, table: pd.DataFrame) -> pd.DataFrame:
    """Fill amounts: of a range its middle; of what is still to be done quantity by unit cost; else they stay unknown."""
    known = prices(ws)
    usual = [known.get(f"={code}") for code in table["code"].astype("object")]
    fits = [
        p is not None and bool(p.unit) and p.unit == unit_code(u) for p, u in zip(usual, table["unit"], strict=True)
    ]
    low, high = (
        np.array([getattr(p, side) if ok and p else np.nan for p, ok in zip(usual, fits, strict=True)], dtype=float)
        for side in ("low_yuan", "high_yuan")
    )
    stated = table["cost_yuan"].notna()
    ranged = ~stated & table["cost_low_yuan"].notna() & table["cost_high_yuan"].notna()
    priced = (
        table["is_open"] & ~stated & ~ranged & pd.Series(~np.isnan(low), index=table.index) & table["quantity"].notna()
    )
    quantity = table["quantity"]
    table["cost_low_yuan"] = table["cost_low_yuan"].where(~priced, quantity * low)
    table["cost_high_yuan"] = table["cost_high_yuan"].where(~priced, quantity * high)
    middle = (table["cost_low_yuan"] + table["cost_high_yuan"]) / 2
    table["cost_yuan"] = table["cost_yuan"].where(~(ranged | priced), middle)
    source = np.select([stated, ranged, priced], ["stated", "range", "catalogue"], "unknown")
    table["cost_from"] = pd.Series(source, index=table.index, dtype="str")
    return table


def _requires(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out of what items require those that are declined or not there: they can no longer come first."""
    there = set(map(str, table.index[~table[BudgetItems.decision].eq("declined").fillna(value=False)]))
    for column in (BudgetItems.requires, BudgetItems.excludes):
        kept = [
            "|".join(one for one in str(cell).split("|") if one in there) if not pd.isna(cell) else ""
            for cell in table[column]
        ]
        table[column] = pd.Series([one or None for one in kept], index=table.index, dtype="str")
    return table


def site_areas(table: gpd.GeoDataFrame) -> np.ndarray:
    """Give the area of each site, stated or drawn, NaN where neither is known."""
    drawn = shapely.area(table.geometry.to_numpy())
    stated = table["stated_area_m2"].to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(stated), np.where(drawn > 0, drawn, np.nan), stated)
