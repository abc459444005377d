"""The patterns as tables for people: titles in both languages, rounded numbers, words for codes."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.text import Text
from layers import Workspace
from layers.standards import issue_types
from reports.patterns.by_month import TRENDS, Months, category_words
from reports.patterns.density import Surface, band_words
from reports.patterns.groups import PointGroups, names_of
from reports.patterns.judgement import Pattern
from reports.patterns.succession import Sequence
from reports.patterns.words import QUADRANTS, SHORT, SMALL, unit
from reports.ranking_table import capital

M2_PER_HA = 10_000.0
Titles = Mapping[str, Text]
RATES: Titles = {
    "name": Text("网格", "grid"),
    "events": Text("问题数（件）", "issues"),
    "base": Text("分母", "denominator"),
    "raw": Text("比率（{unit}）", "rate ({unit})"),
    "interval": Text("95% 区间", "95 % interval"),
    "smoothed": Text("收缩后", "smoothed"),
    "verdict": Text("判断", "verdict"),
    "note": Text("注意", "note"),
}
CLUSTERS: Titles = {
    "name": Text("网格", "grid"),
    "smoothed": Text("收缩后（{unit}）", "smoothed ({unit})"),
    "verdict": Text("判断", "verdict"),
    "z": Text("Gi* z", "Gi* z"),
    "p": Text("原始 p", "raw p"),
    "q": Text("校正 q", "adjusted q"),
    "quadrant": Text("与四邻", "beside neighbours"),
    "local_p": Text("局部 Moran 原始 p", "local Moran raw p"),
    "local_q": Text("局部 Moran 校正 q", "local Moran adjusted q"),
}
GROUPS: Titles = {
    "group": Text("组", "group"),
    "issues": Text("问题数（件）", "issues"),
    "open": Text("未办结", "open"),
    "kind": Text("最多的类别", "commonest type"),
    "kind_share_pct": Text("所占比例", "its share"),
    "extent_m": Text("范围（m）", "extent (m)"),
    "span_days": Text("时间跨度（天）", "span (days)"),
    "grid": Text("所在网格", "grid"),
    "is_long": Text("成片", "sprawling"),
}
KNOX: Titles = {
    "metres": Text("距离以内（m）", "within (m)"),
    "days": Text("时间以内（天）", "within (days)"),
    "both": Text("同时相近（对）", "pairs near in both"),
    "expected": Text("偶然应有（对）", "pairs by chance"),
    "ratio": Text("倍数", "ratio"),
    "p": Text("原始 p", "raw p"),
}
MONTHS: Titles = {
    "name": Text("网格", "grid"),
    "events": Text("问题数（件）", "issues"),
    "trend": Text("趋势", "trend"),
    "slope": Text("每年变化（件/月）", "change a year (issues a month)"),
    "interval": Text("95% 区间", "95 % interval"),
    "p": Text("原始 p", "raw p"),
    "q": Text("校正 q", "adjusted q"),
    "category": Text("热点演变", "emerging"),
}
BANDS: Titles = {
    "band": Text("密度", "density"),
    "area_ha": Text("面积（公顷）", "area (ha)"),
}
YES = Text("是", "yes")


def said(titles: Titles, lang: str, unit_words: Text | None = None) -> dict[str, str]:
    """Give the heads of a table in one language."""
    return {key: capital(words.format(unit=unit_words or "").in_(lang)) for key, words in titles.items()}


def rate_rows(pattern: Pattern, lang: str) -> pd.DataFrame:
    """Give the rates of the grids, highest smoothed rate first, indexed by grid id."""
    table = pattern.grids.sort_values(["smoothed", "name"], ascending=[False, True], kind="stable")
    rows = pd.DataFrame(index=table.index)
    rows["name"], rows["events"] = table["name"], table["events"]
    rows["raw"] = table["raw"].round(2)
    rows["interval"] = _interval(table["low"], table["high"], digits=1)
    if pattern.asked.per != "none":
        rows["smoothed"] = table["smoothed"].round(2)
    rows["verdict"] = _verdicts(table, lang)
    rows["note"] = np.where(table["is_small"], capital(SMALL.in_(lang)), "")
    if pattern.asked.per != "none":
        rows["base"] = table["base"].round(3 if pattern.asked.per == "area" else 0)
    return rows


def cluster_rows(pattern: Pattern, lang: str) -> pd.DataFrame:
    """Give the statistics of the grids, the clearest first, indexed by grid id."""
    table = pattern.grids.assign(least=pattern.grids[["q", "local_q"]].min(axis=1))
    table = table.sort_values(["least", "z", "name"], ascending=[True, False, True], kind="stable")
    rows = table[["name"]].copy()
    rows["verdict"], rows["smoothed"] = _verdicts(table, lang), table["smoothed"].round(2)
    rows = rows.join(table[["z", "p", "q"]].round({"z": 2, "p": 4, "q": 4}))
    rows["quadrant"] = [capital(QUADRANTS[one].in_(lang)) if one else "" for one in table["quadrant"]]
    return rows.join(table[["local_p", "local_q"]].round(4))


def _verdicts(table: pd.DataFrame, lang: str) -> list[str]:
    return [capital(SHORT[one].in_(lang)) for one in table["verdict"]]


def _interval(low: pd.Series, high: pd.Series, *, digits: int) -> list[str]:
    ends = zip(low, high, strict=True)
    return [f"{a:,.{digits}f} – {b:,.{digits}f}" if np.isfinite(a) and np.isfinite(b) else "" for a, b in ends]


def group_rows(ws: Workspace, found: PointGroups, lang: str) -> pd.DataFrame:
    """Give the groups, largest first."""
    table = found.table
    rows = table[["issues", "open"]].copy()
    rows.insert(0, "group", np.arange(1, len(table) + 1))
    rows["kind"] = table["kind"].map(issue_types(ws.folder)[lang].map(capital)).fillna("")
    rows["kind_share_pct"] = (100 * table["kind_share"]).round(0)
    rows["extent_m"] = table["extent_m"].round(0)
    rows["span_days"] = table["span_days"].round(0)
    rows["grid"] = names_of(ws, found)
    rows["is_long"] = np.where(table["is_long"], YES.in_(lang), "")
    return rows.reset_index(drop=True)


def group_shapes(ws: Workspace, found: PointGroups) -> gpd.GeoSeries:
    """Give the outlines of the groups, in the order of ``group_rows``."""
    return gpd.GeoSeries(list(found.outlines), crs=ws.manifest.crs)


def band_shapes(ws: Workspace, found: Surface) -> gpd.GeoSeries:
    """Give the areas of the bands of a surface, in the order of ``band_rows``."""
    return gpd.GeoSeries([area for _, _, area in found.bands][::-1], crs=ws.manifest.crs)


def knox_rows(found: Sequence) -> pd.DataFrame:
    """Give Knox's table rounded."""
    return found.table.round({"expected": 1, "ratio": 2, "p": 4})


def month_rows(found: Months, lang: str) -> pd.DataFrame:
    """Give the trends of the grids, the clearest first, indexed by grid id."""
    table = found.grids.assign(size=-found.grids["z"].abs())
    table = table.sort_values(["size", "name"], na_position="last", kind="stable")
    rows = table[["name", "events"]].copy()
    rows["trend"] = [capital(TRENDS[one].in_(lang)) for one in table["trend"]]
    rows["slope"] = table["slope"].round(1)
    rows["interval"] = _interval(table["slope_low"], table["slope_high"], digits=1)
    rows["p"], rows["q"] = table["p"].round(4), table["q"].round(4)
    rows["category"] = [capital(category_words(one).in_(lang)) for one in table["category"]]
    return rows


def band_rows(found: Surface, lang: str) -> pd.DataFrame:
    """Give the bands of a surface, the densest first."""
    rows = [
        {"band": band_words(low, high).in_(lang), "area_ha": round(area.area / M2_PER_HA, 1)}
        for low, high, area in found.bands
    ]
    return pd.DataFrame(rows[::-1])


def rate_heads(pattern: Pattern, lang: str, titles: Titles = RATES) -> dict[str, str]:
    """Give the heads of a table of grids with the unit of its rates."""
    return said(titles, lang, unit(pattern))
