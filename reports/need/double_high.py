"""Objective need against voiced need: which grids are high on both (双高区), and which are high on one side only.

Practice of cities that put the health check beside the hotline (Yichang): grids at or above the 75th percentile on
both tracks come first, and planned projects are tested for lying in them. A grid of high need with few reports is not
well: it is quiet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import shapely

from geo.pattern.rates import empirical_bayes
from geo.text import Text, listed
from layers import Workspace
from layers.catalog import PROJECTS, SITES
from layers.standards import policy
from reports.criteria import read_criteria
from reports.need.voices import RESIDENTS, base_of, channels, voices
from reports.priority import SEED, measured, weighed
from reports.time.cases import cases_at
from reports.voiced import VOICED

TITLES = {
    "name": Text("网格", "grid"),
    "quadrant": Text("象限", "quadrant"),
    "objective": Text("客观需求（0–100）", "objective need, 0–100"),
    "voiced": Text("诉求率（平滑）", "voiced need, smoothed"),
    "voiced_raw": Text("诉求率（原值）", "voiced need, raw"),
    "reports": Text("居民上报", "reports by residents"),
    "objective_percentile": Text("客观需求百分位", "percentile of objective need"),
    "voiced_percentile": Text("诉求百分位", "percentile of voiced need"),
    "projects": Text("未完成的项目、地块", "projects and sites not yet done"),
}
BOTH, OBJECTIVE, VOICE, NEITHER, UNKNOWN = "both", "objective", "voiced", "neither", "unknown"
QUADRANTS = {
    BOTH: Text("双高区", "high on both"),
    OBJECTIVE: Text("需求高、诉求少（沉默）", "high need, few reports (quiet)"),
    VOICE: Text("诉求多、客观需求不高", "many reports, need not high"),
    NEITHER: Text("两者都不高", "high on neither"),
    UNKNOWN: Text("资料不足", "not enough data"),
}
METHOD = Text(
    "客观需求：{need}。诉求：居民渠道的上报（{per}），经验贝叶斯平滑；巡查和内部登记不算诉求。两项都不低于第 {p:g} 百分位为双高区"
    "（参照宜昌等地体检与热线比对的做法）。百分位在有数据的网格中计算，名次随网格集合变化。项目、地块按图形与网格相交判断，已完成的不列。",
    "Objective need: {need}. Voiced need: reports through residents' channels, {per}, smoothed by empirical Bayes; patrols and entries of staff "
    "are no voice. At or above the {p:g}th percentile on both is high on both (practice of Yichang). Percentiles are those of the grids with "
    "data and change with the set of grids. Projects and sites are those whose shape meets the grid; what is done is left out.",
)
OF_RANKING = Text(
    "排名中不含诉求类指标的加权得分（{what}）", "the weighted score of the ranking without the voiced measures ({what})"
)
SUMMARY = Text(
    "两项数据齐全的网格 {n} 个，其中双高区 {k} 个{names}。落在双高区内的未完成项目 {p} 个；没有项目的双高区 {q} 个。",
    "Grids with both: {n}. High on both: {k}{names}. Projects not yet done that lie in them: {p}; grids high on both without any: {q}.",
)
DONE = "done"
COMMAS = Text("：{names}", ": {names}")


@dataclass(frozen=True)
class Objective:
    """Objective need by grid id, 0 (none) to 100, with its words and status."""

    by_grid: pd.Series
    words: Text
    status: str


@dataclass(frozen=True)
class DoubleHigh:
    """Objective against voiced need: ``table`` by grid id, columns as in ``TITLES``; ``limits`` are those of both tracks."""

    level: int
    table: pd.DataFrame
    limits: tuple[float, float]
    per: Text
    summary: Text
    words: Text
    meta: Mapping[str, object] = field(repr=False)


def ranking_need(ws: Workspace, *, level: int | None = None) -> Objective:
    """Give objective need out of the ranking: its criteria without those that are reports, weighed as there."""
    criteria = read_criteria(folder=ws.folder)
    spoken = {one.key for one in VOICED}
    changed = criteria.reweighed({one.key: 0.0 for one in criteria.items if one.key in spoken})
    ranking = weighed(measured(ws, level=level), changed, 1, SEED)
    what = listed([one.title for one in ranking.used]) if ranking.used else Text("无", "none")
    status = "unavailable" if not ranking.used else "partial" if ranking.left_out else "ready"
    return Objective(ranking.total.astype(float), OF_RANKING.format(what=what), status)


def double_high(
    ws: Workspace, need: Objective | None = None, *, as_of: datetime | None = None, level: int | None = None
) -> DoubleHigh:
    """Hold objective need against voiced need, grid by grid.

    Args:
        ws: a workspace with grids and with issues or a ledger.
        need: objective need, such as the share of failing indicators of the health check; None for that of the ranking.
        as_of: the moment, naive local time; None for that of the workspace.
        level: grid level; None for the finest.

    Raises:
        DataError: no grids, no such level, or no issues.
    """
    wanted = ws.finest if level is None else level
    rules, grids = policy(ws.folder), ws.grids(wanted)
    objective = ranking_need(ws, level=wanted) if need is None else need
    cases = cases_at(ws, as_of, level=wanted)
    base = base_of(ws, wanted)
    mine = cases[voices(channels(cases, ws.folder)) == RESIDENTS]
    reports = mine["grid_id"].value_counts().reindex(grids.index, fill_value=0).astype(float)
    rate = empirical_bayes(reports, base.amount.reindex(grids.index))
    table = pd.DataFrame(
        {
            "name": grids["name"].astype(str),
            "objective": objective.by_grid.reindex(grids.index).to_numpy(dtype=float),
            "voiced": rate.rate * base.per,
            "voiced_raw": rate.raw * base.per,
            "reports": reports,
        },
        index=grids.index,
    )
    table, limits = _quadrants(table, rules["double_high_percentile"])
    table["projects"] = _projects(ws, wanted)
    words = METHOD.format(need=objective.words, per=base.words, p=rules["double_high_percentile"])
    meta = {
        "method": "percentiles on two tracks", "percentile": rules["double_high_percentile"], "objective": objective.status,
        "voiced": base.status, "seed": None,
    }  # fmt: skip
    return DoubleHigh(wanted, table[list(TITLES)], limits, base.words, _summary(table), words, meta)


def _quadrants(table: pd.DataFrame, percentile: float) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Add percentiles among the grids that have both, and the quadrant; ties are on the same side."""
    known = table["objective"].notna() & table["voiced"].notna()
    limits: list[float] = []
    for name in ("objective", "voiced"):
        part = table.loc[known, name]
        limits.append(float(np.percentile(part, percentile)) if len(part) else float("nan"))
        table[f"{name}_percentile"] = (100 * part.rank(method="max", pct=True)).reindex(table.index)
    need, voice = (table[name] >= limit for name, limit in zip(("objective", "voiced"), limits, strict=True))
    kinds = [(~known, UNKNOWN), (need & voice, BOTH), (need, OBJECTIVE), (voice, VOICE)]
    table["quadrant"] = np.select([mask for mask, _ in kinds], [kind for _, kind in kinds], default=NEITHER)
    return table, (limits[0], limits[1])


def _projects(ws: Workspace, level: int) -> list[str]:
    """Name the projects and sites not yet done that meet each grid, parted by a comma."""
    shapes = ws.grids(level).geometry.to_numpy()
    found: list[list[str]] = [[] for _ in shapes]
    for spec in (PROJECTS, SITES):
        if spec not in ws or not len(ws[spec]):
            continue
        table = ws[spec][ws[spec].geometry.notna() & (ws[spec]["status"] != DONE).fillna(value=True)]
        if table.empty:
            continue
        tree = shapely.STRtree(table.geometry.to_numpy())
        for grid, thing in zip(*tree.query(shapes, predicate="intersects"), strict=True):
            found[int(grid)].append(str(table["name"].iloc[int(thing)]))
    return ["、".join(sorted(one)) for one in found]


def _summary(table: pd.DataFrame) -> Text:
    both = table[table["quadrant"] == BOTH]
    named = listed([Text.same(str(one)) for one in both["name"].head(12)]) if len(both) else None
    names = Text("", "") if named is None else COMMAS.format(names=named)
    planned = {one for cell in both["projects"] for one in str(cell).split("、") if one}
    return SUMMARY.format(
        n=int((table["quadrant"] != UNKNOWN).sum()),
        k=len(both),
        names=names,
        p=len(planned),
        q=int((both["projects"] == "").sum()),
    )
