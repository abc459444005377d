"""Workload of each grid and how evenly it is spread, with what chance alone would make of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geo.partition import Spread, count_interval, spread_of
from geo.text import Text
from layers import BUILDINGS, DUTIES, ISSUES, Workspace
from layers.schema import Duties, Grids, Issues
from layers.standards import policy
from reports.denominators import households, residents
from reports.measures import Ground

SEED = 0
MONTH_DAYS = 30.4375
LOADS: Mapping[str, Text] = {
    "issues_per_month": Text("每月问题（件）", "issues a month"),
    "issues": Text("问题（件）", "issues"),
    "open": Text("未办结（件）", "open issues"),
    "overdue": Text("超期（件）", "overdue issues"),
    "buildings": Text("建筑（栋）", "buildings"),
    "households": Text("户数", "households"),
    "residents": Text("居民（人）", "residents"),
    "officers": Text("网格员（人）", "grid officers"),
    "area_m2": Text("面积（m²）", "area, m²"),
}
COUNTED = frozenset({"issues", "open", "overdue"})
"""Loads that come one by one and so vary by chance."""
AGAINST: Mapping[str, Text] = {
    "above": Text("高于平均", "above the mean"),
    "below": Text("低于平均", "below the mean"),
    "chance": Text("与平均无显著差异", "no clear difference from the mean"),
    "unknown": Text("未知", "unknown"),
}
SIZE: Mapping[str, Text] = {
    "small": Text("低于常见户数", "fewer households than usual"),
    "usual": Text("户数常见", "usual number of households"),
    "large": Text("高于常见户数", "more households than usual"),
    "unknown": Text("户数未知", "households unknown"),
}


class Workload(NamedTuple):
    """Workload of a level.

    Attributes:
        table: by grid id: name, the loads of ``LOADS`` that are known, interval of the issues (issues_low, issues_high,
            95 %), against (a key of ``AGAINST``), size (a key of ``SIZE``).
        spread: by load, see ``geo.partition.Spread``.
        meta: period, denominators, status, what is missing, seed.
    """

    table: pd.DataFrame
    spread: Mapping[str, Spread]
    meta: Mapping[str, Any]


def workload(ws: Workspace, level: int | None = None) -> Workload:
    """Measure the workload of the grids of a level.

    Issues are counted where they lie; those in no grid are nobody's and stand in ``meta``. What the workspace
    does not know has no column.

    Raises:
        DataError: no such level.
    """
    wanted = ws.finest if level is None else level
    grids, rules = ws.grids(wanted), policy(ws.folder)
    homes, people = households(ws, wanted), residents(ws, wanted)
    issues, told = _issues(ws, wanted)
    columns: dict[str, Any] = {"name": grids[Grids.name], **issues}
    ground = Ground(ws, wanted, rules, homes, people)
    if BUILDINGS in ws:
        codes = ws.codes(BUILDINGS, wanted)
        number = np.bincount(codes[codes >= 0], minlength=len(grids)).astype(float)
        columns["buildings"] = np.where(ground.known(BUILDINGS), number, np.nan)
    for name, found in (("households", homes), ("residents", people)):
        if found.status != "unavailable":
            columns[name] = found.by_grid
    if DUTIES in ws:
        columns["officers"] = _officers(ws, grids.index)
    columns["area_m2"] = grids.geometry.area
    table = pd.DataFrame(columns, index=grids.index)
    table["size"] = _sizes(homes.by_grid, rules)
    draws = int(rules["grid_draws"])
    spread = {
        load: spread_of(table[load], draws=draws if load in COUNTED else 0, seed=SEED)
        for load in LOADS
        if load in table and load != "issues_per_month"
    }
    status = {"households": homes.status, "residents": people.status}
    meta = {"method": "workload of grids", "level": wanted, "seed": SEED, "draws": draws, "status": status, **told}
    return Workload(table, spread, meta)


def _issues(ws: Workspace, level: int) -> tuple[dict[str, Any], dict[str, Any]]:
    if ISSUES not in ws:
        return {}, {"issues": "unavailable"}
    codes, standing, size = ws.codes(ISSUES, level), ws.standing, len(ws.grids(level))
    known = standing["is_known"].to_numpy(dtype=bool)
    inside = known & (codes >= 0)

    def counted(rows: np.ndarray) -> np.ndarray:
        return np.bincount(codes[rows], minlength=size).astype(float)

    total = counted(inside)
    times = ws[ISSUES][Issues.reported_at][known]
    days = (times.max() - times.min()).total_seconds() / 86_400 if len(times) else 0.0
    months = max(days / MONTH_DAYS, 1.0)
    low, high = count_interval(total)
    mean = total.mean() if size else np.nan
    found = {
        "issues": total,
        "issues_low": low,
        "issues_high": high,
        "issues_per_month": total / months,
        "open": counted(inside & standing["is_open"].to_numpy(dtype=bool)),
        "overdue": counted(inside & standing["is_overdue"].to_numpy(dtype=bool)),
        "against": np.where(low > mean, "above", np.where(high < mean, "below", "chance")),
    }
    period = {"since": str(times.min())[:10], "until": str(times.max())[:10]} if len(times) else {}
    return found, {"months": months, **period, "issues_in_no_grid": int((known & (codes < 0)).sum())}


def _officers(ws: Workspace, index: pd.Index) -> np.ndarray:
    """Count the grid officers of each grid; one who looks after several counts in each."""
    duties = ws.tables[DUTIES.key]
    mine = duties[(duties[Duties.role] == "grid_officer") & (duties[Duties.layer] == "grids")]
    found: np.ndarray = (
        mine.groupby(Duties.thing_id)[Duties.person_id].nunique().reindex(index).fillna(0).to_numpy(dtype=float)
    )
    return found


def _sizes(homes: pd.Series, rules: Mapping[str, float]) -> np.ndarray:
    low, high = rules["grid_households_low"], rules["grid_households_high"]
    sized = np.where(homes < low, "small", np.where(homes > high, "large", "usual"))
    return np.where(homes.isna(), "unknown", sized)


def spread_table(found: Workload, lang: str) -> pd.DataFrame:
    """Give the spread of each load as a table: load, number, mean, least, most, most_over_mean, cv, gini, by_chance."""
    rows = []
    for load, one in found.spread.items():
        if not one.number:
            continue
        low, high = one.gini_by_chance
        rows.append(
            {
                "load": LOADS[load].in_(lang), "total": round(one.total), "mean": round(one.mean, 1),
                "least": round(one.least), "most": round(one.most),
                "most_over_mean": one.most_over_mean, "cv": one.cv, "gini": one.gini,
                "by_chance": "" if np.isnan(low) else f"{low:.2f}–{high:.2f}",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
