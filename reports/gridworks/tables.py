"""What is found of grids as tables with heads and words in one language, for the page and for downloads."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.text import Text
from layers import STREETS, Workspace
from layers.schema import FormerGrids, Grids, Streets
from layers.succession import PARTING, former_grids
from reports.gridworks.audit import ADVICE, KINDS, MEANT, GridAudit
from reports.gridworks.codes import VERDICTS, Codes
from reports.gridworks.redraw import Redraw
from reports.gridworks.totals import TITLES
from reports.gridworks.workload import AGAINST, LOADS, SIZE, Workload

YES, NO = Text("是", "yes"), Text("否", "no")
LEVELS = {
    "level": Text("层级", "Level"),
    "grids": Text("网格", "Grids"),
    "area_ha": Text("面积（公顷）", "Area, ha"),
    "faults": Text("需改", "To mend"),
    "doubts": Text("待确认", "To look at"),
    "nested": Text("位于上级之内", "Inside one parent"),
    "share_mean_percent": Text("在最合适上级内的平均占比 %", "Mean part in best parent, %"),
    "share_least_percent": Text("最低占比 %", "Least part, %"),
}
FAULTS = {
    "level": Text("层级", "Level"),
    "kind": Text("问题", "What"),
    "grid_id": Text("网格", "Grid"),
    "other_id": Text("另一网格", "Other grid"),
    "area_m2": Text("面积 m²", "Area, m²"),
    "width_m": Text("最宽处 m", "Width, m"),
    "share_percent": Text("占比 %", "Part, %"),
    "advice": Text("处理", "What to do"),
}
NESTING = {
    "grid_id": Text("网格", "Grid"),
    "parent_id": Text("登记的上级", "Stated parent"),
    "best_id": Text("所在最多的上级", "Parent with most of it"),
    "share_percent": Text("占比 %", "Part, %"),
}
CODES = {
    "place_by_map": Text("同一上级内的图上次序", "Place on the map, in its parent"),
    "grid_id": Text("现编号", "Code now"),
    "name": Text("名称", "Name"),
    "verdict": Text("判断", "Verdict"),
    "proposed": Text("建议编号", "Proposed"),
    "is_free": Text("可用", "Free"),
}
WORK = {
    "grid_id": Text("编号", "Code"),
    "name": Text("名称", "Name"),
    **{key: Text(words.zh, words.en[0].upper() + words.en[1:]) for key, words in LOADS.items()},
    "interval": Text("95% 区间（件）", "95% interval"),
    "against": Text("与平均相比", "Against the mean"),
    "size": Text("规模", "Size"),
}
SPREAD = {
    "load": Text("工作量", "Load"),
    "total": Text("合计", "Total"),
    "mean": Text("平均", "Mean"),
    "least": Text("最小", "Least"),
    "most": Text("最大", "Most"),
    "most_over_mean": Text("最大/平均", "Most / mean"),
    "cv": Text("变异系数", "CV"),
    "gini": Text("基尼系数", "Gini"),
    "by_chance": Text("平均分配时的偶然范围", "Gini of an even spread by chance"),
}
PAIRS = {
    "old_id": Text("原网格", "Old grid"),
    "new_id": Text("新网格", "New grid"),
    "area_m2": Text("面积 m²", "Area, m²"),
    "area_percent": Text("占原网格面积 %", "Part of old area, %"),
    "household_percent": Text("占原网格户数 %", "Part of old households, %"),
    "issues": Text("问题（件）", "Issues"),
}
TOTALS = {
    "title": Text("合计项", "Total"),
    "before": Text("重划前", "Before"),
    "after": Text("重划后", "After"),
    "kept": Text("是否不变", "Kept"),
}
NEW = {
    "grid_id": Text("新编号", "New code"),
    "name": Text("名称", "Name"),
    "parent_id": Text("上级", "Parent"),
    "households": Text("户数", "Households"),
    "residents": Text("居民", "Residents"),
    "area_m2": Text("面积 m²", "Area, m²"),
    "issues": Text("问题（件）", "Issues"),
}
FORMER = {
    "valid_until": Text("停用日期", "Until"),
    "former_code": Text("原编号", "Former code"),
    "name": Text("原名称", "Former name"),
    "replaced_by": Text("现由", "Replaced by"),
}
SAME, CHANGED = Text("✓ 不变", "✓ kept"), Text("✗ 有变化", "✗ changed")


UNKNOWN = Text("未知", "unknown")
EVEN = Text(
    "最大工作量由平均的 {before} 倍变为 {after} 倍（{n} 个小块；任何分法都不低于 {bound}；启发式，未证明最优）",
    "the largest load goes from {before} to {after} times the mean ({n} cells; no division is below {bound}; a heuristic, "
    "not proven best)",
)


def even_words(found: Redraw) -> list[Text]:
    """Say how even the load gets by each step that balances it."""
    said = []
    for step in found.meta["steps"]:
        if "most_over_mean" in step:
            was = step["most_over_mean_before"]
            before = UNKNOWN if pd.isna(was) else Text.same(f"{was:.2f}")
            numbers = {
                "after": f"{step['most_over_mean']:.2f}",
                "bound": f"{step['bound']:.2f}",
                "n": f"{step['cells']:,}",
            }
            said.append(EVEN.format(before=before, **numbers))
    return said


def heads(titles: Mapping[str, Text], lang: str) -> dict[str, str]:
    """Give the heads of a table in one language."""
    return {key: words.in_(lang) for key, words in titles.items()}


def level_table(ws: Workspace, found: GridAudit, lang: str) -> pd.DataFrame:
    """Give one row a level, with the columns of ``LEVELS`` that say something."""
    table = found.levels.assign(
        level=[ws.manifest.level_words(one).in_(lang) for one in found.levels["level"]],
        area_ha=found.levels["area_m2"] / 10_000,
        share_mean_percent=100 * found.levels["share_mean"],
        share_least_percent=100 * found.levels["share_least"],
    )
    return pd.DataFrame(table[list(LEVELS)])


def fault_table(ws: Workspace, found: GridAudit, lang: str, *, meant: bool) -> pd.DataFrame:
    """Give the faults to mend, or those that may be meant."""
    part = found.faults[found.faults["kind"].isin(MEANT) == meant]
    table = part.assign(
        level=[ws.manifest.level_words(one).in_(lang) for one in part["level"]],
        advice=[ADVICE[one].in_(lang) for one in part["kind"]],
        kind=[KINDS[one].in_(lang) for one in part["kind"]],
        area_m2=part["area_m2"].round(2),
        share_percent=100 * part["share"],
    )
    return pd.DataFrame(table[list(FAULTS)])


def nesting_table(found: GridAudit) -> pd.DataFrame:
    """Give the grids that lie in no single parent, the worst first."""
    part = found.nesting[found.nesting["share"] < found.meta["nested_share"]].sort_values("share", kind="stable")
    return pd.DataFrame(part.assign(share_percent=100 * part["share"])[list(NESTING)])


def codes_table(found: Codes, proposal: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Give the codes in reading order with verdicts and proposals."""
    table = proposal.merge(found.table[["grid_id", "verdict", "place_by_map"]], on="grid_id")
    words = table["verdict"].map({key: one.in_(lang) for key, one in VERDICTS.items()})
    free = np.where(table["is_new"], np.where(table["is_free"], YES.in_(lang), NO.in_(lang)), "")
    return pd.DataFrame(table.assign(verdict=words, is_free=free)[list(CODES)])


def work_table(found: Workload, lang: str) -> pd.DataFrame:
    """Give the workload of each grid, the most issues first, with the columns that are known."""
    table = found.table.rename_axis("grid_id").reset_index()
    if "issues" in table:
        low, high = table["issues_low"], table["issues_high"]
        table["interval"] = [f"{a:,.0f}–{b:,.0f}" for a, b in zip(low, high, strict=True)]
        table["against"] = table["against"].map({key: one.in_(lang) for key, one in AGAINST.items()})
        table = table.sort_values(["issues", "grid_id"], ascending=[False, True])
    table["area_m2"] = table["area_m2"].round()
    table["size"] = table["size"].map({key: one.in_(lang) for key, one in SIZE.items()})
    return pd.DataFrame(table[[name for name in WORK if name in table]])


def pair_table(found: Redraw) -> pd.DataFrame:
    """Give what became of each old grid."""
    pairs = found.correspondence
    table = pairs.assign(area_percent=100 * pairs["area_share"], household_percent=100 * pairs["household_share"])
    return pd.DataFrame(table[[name for name in PAIRS if name in table]])


def total_table(found: Redraw, lang: str) -> pd.DataFrame:
    """Give the totals before and after."""
    words = [TITLES[key].in_(lang) for key in found.totals["key"]]
    kept = [(SAME if one else CHANGED).in_(lang) for one in found.totals["is_kept"]]
    table = found.totals.assign(title=words, kept=kept).round({"before": 3, "after": 3})
    return pd.DataFrame(table[list(TOTALS)])


def new_table(found: Redraw) -> pd.DataFrame:
    """Give the grids that are new or have another outline."""
    grids = found.after.grids(found.plan.level)
    part = grids[grids.index.isin(found.correspondence["new_id"])].rename_axis("grid_id").reset_index()
    part["area_m2"] = part.geometry.area.round()
    if "issues" in found.correspondence:
        part["issues"] = part["grid_id"].map(found.correspondence.groupby("new_id")["issues"].sum())
    return pd.DataFrame(part[[name for name in NEW if name in part]])


def former_table(ws: Workspace) -> pd.DataFrame:
    """Give the grids that were redrawn, the last first."""
    past = former_grids(ws.tables)
    if not len(past):
        return pd.DataFrame(columns=list(FORMER))
    words = past[FormerGrids.replaced_by].str.replace(PARTING, ", ")
    return pd.DataFrame(past.assign(replaced_by=words)[list(FORMER)]).reset_index(drop=True)


def grid_choices(ws: Workspace, level: int) -> dict[str, str]:
    """Give the grids of a level to choose from: code and name."""
    return {str(code): f"{code} {name}" for code, name in ws.grids(level)[Grids.name].items()}


def street_choices(ws: Workspace, level: int, grids: tuple[str, ...]) -> dict[str, str]:
    """Give the streets that run through some grids, with their names."""
    if STREETS not in ws or not grids:
        return {}
    streets, ground = ws[STREETS], ws.grids(level).geometry[list(grids)].union_all()
    near = streets[streets.geometry.intersects(ground)]
    return {str(code): f"{'' if pd.isna(name) else name} ({code})".strip() for code, name in near[Streets.name].items()}
