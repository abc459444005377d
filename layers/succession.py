"""Grids that were redrawn: what took their place, where issues of old codes lie now, and the grids of an earlier day.

The ledger keeps the code that an issue had when it was reported; events never change. Which grid it counts for is
asked of its place: an issue of a code that was redrawn lies in the present grid that holds its point.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.ownership import locate
from layers.catalog import FORMER_GRIDS, GRIDS
from layers.schema import FormerGrids, Grids

if TYPE_CHECKING:
    from layers.workspace import Workspace

PARTING = "|"


def former_grids(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the records of grids that were redrawn, the last first; none where nothing was."""
    if FORMER_GRIDS.key not in tables:
        return pd.DataFrame(columns=list(FORMER_GRIDS.columns))
    found = tables[FORMER_GRIDS.key]
    order = [FormerGrids.valid_until, FormerGrids.step, FormerGrids.former_code]
    return found.sort_values(order, ascending=[False, False, True], kind="stable")


def successors(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Give the present grids in the place of each former code, in order of id, however often the ground was redrawn.

    A code that still is one, since its grid only gained or lost some land, is among its own successors.
    """
    present = set(tables[GRIDS.key].index) if GRIDS.key in tables else set()
    steps: dict[str, set[str]] = {}
    past = former_grids(tables)
    for code, said in zip(past[FormerGrids.former_code], past[FormerGrids.replaced_by].fillna(""), strict=True):
        steps.setdefault(str(code), set()).update(filter(None, str(said).split(PARTING)))
    found = {}
    for code in sorted(steps):
        seen, edge = {code}, [code]
        while edge:
            new = steps.get(edge.pop(), set()) - seen
            seen |= new
            edge += new
        # The code itself only counts if its own record names it.
        found[code] = tuple(sorted(one for one in seen & present if one != code or code in steps[code]))
    return found


def in_present_grids(cases: pd.DataFrame, ws: "Workspace") -> pd.DataFrame:
    """Give cases of a ledger with the smallest grids as they are drawn now.

    An issue whose code was redrawn lies where its point lies; one without a point goes to the only successor of its
    grid, and where there are several it keeps the code that it was reported with.

    Args:
        cases: with ``grid_id``, ``x_m`` and ``y_m``, see ``layers.ledger.log.folds.cases``.
        ws: the workspace.

    Returns:
        The same table where nothing was redrawn.
    """
    after = successors(ws.tables)
    stale = cases["grid_id"].isin(list(after)).to_numpy(dtype=bool)
    if not stale.any():
        return cases
    grids = ws.grids()
    rows = cases[stale]
    owner = locate(rows["x_m"], rows["y_m"], grids.geometry.to_numpy())
    only = {code: one[0] for code, one in after.items() if len(one) == 1}
    stated = [only.get(code, code) for code in rows["grid_id"]]
    placed = rows["x_m"].notna().to_numpy() & (owner >= 0)
    found = cases["grid_id"].astype(object)
    found[stale] = np.where(placed, grids.index.to_numpy(dtype=object)[owner], stated)
    return cases.assign(grid_id=found.astype("str"))


def responsible(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Give the tree of grids for rights, in which an issue with a code of before finds who answers for it now.

    A former code lies in its only successor; where its ground went to several, in the grid above it, so that
    nobody gains a right over ground that may not be theirs.

    Returns:
        Grids by id with ``parent_id`` and ``name``; None without grids.
    """
    if GRIDS.key not in tables:
        return None
    grids = tables[GRIDS.key]
    after: dict[str, tuple[str, ...]] = successors(tables)
    rows: dict[str, dict[str, str | None]] = {}
    for one in former_grids(tables).to_dict("records"):
        code, parent = str(one[FormerGrids.former_code]), one[FormerGrids.parent_id]
        if code in grids.index or code in rows:
            continue
        above = None if pd.isna(parent) else str(parent)
        rows[code] = {Grids.parent_id: after[code][0] if len(after[code]) == 1 else above, Grids.name: str(one["name"])}
    if not rows:
        return grids
    more = pd.DataFrame.from_dict(rows, orient="index")
    return pd.concat([grids[[Grids.parent_id, Grids.name]].astype(object), more])


def grids_on(ws: "Workspace", day: date, level: int) -> gpd.GeoDataFrame:
    """Give the grids of a level as they were drawn on a day.

    Args:
        ws: the workspace.
        day: a grid that ceased on this day is no longer there.
        level: of the grids.

    Returns:
        Table by grid id with name, parent_id, level and outline.
    """
    columns = [Grids.name, Grids.parent_id, Grids.level, "geometry"]
    found = ws.grids(level)[columns]
    past = former_grids(ws.tables)
    past = past[past[FormerGrids.level] == level] if len(past) else past
    later = past[past[FormerGrids.valid_until] > pd.Timestamp(day)] if len(past) else past
    for _, step in later.groupby([FormerGrids.valid_until, FormerGrids.step], sort=False):
        made = {one for said in step[FormerGrids.replaced_by].dropna() for one in str(said).split(PARTING)}
        before = step.set_index(FormerGrids.former_code)[columns]
        found = pd.concat([found[~found.index.isin(made | set(before.index))], before])
    return gpd.GeoDataFrame(found.sort_index().rename_axis("grid_id"), geometry="geometry", crs=ws.manifest.crs)
