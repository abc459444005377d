"""Scenarios and comparisons as tables and figures for a page, in the words of one language."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text
from layers.catalog import CATALOG
from reports.criteria import MEASURES
from reports.health.finding import VERDICTS
from reports.ranking_table import capital
from reports.scenario.comparison import Comparison
from reports.scenario.edits import Scenario
from reports.scenario.saved import Saved
from reports.scenario.walks import LOTS, SAME, UNTOLD, Walks
from reports.scenario.written import scenario_hash

WALKS = {
    "lot": Text("受益或受损", "gains or loses"), "name": Text("建筑", "building"), "grid_id": Text("网格", "grid"),
    "before_m": Text("之前步行（m）", "walk before (m)"), "after_m": Text("之后步行（m）", "walk after (m)"),
    "change_m": Text("变化（m）", "change (m)"), "people": Text("计入", "counted"),
}  # fmt: skip
GRIDS = {
    "name": Text("网格", "grid"), "gains": Text("新覆盖", "newly served"), "loses": Text("失去覆盖", "no longer served"),
    "net": Text("净增", "net"), "nearer": Text("更近", "nearer"), "farther": Text("更远", "farther"),
    "mean_change_m": Text("平均步行变化（m）", "mean change of the walk (m)"),
}  # fmt: skip
NEEDS = {
    "name": Text("网格", "grid"), "households": Text("户数", "households"),
    "score_before": Text("之前需求分", "need before"), "score_after": Text("之后需求分", "need after"),
    "score_change": Text("变化", "change"), "need_change": Text("变化×户数", "change × households"),
    "rank_before": Text("之前名次", "rank before"), "rank_after": Text("之后名次", "rank after"),
    "rank_reweighed": Text("改权重后名次", "rank with the other weights"), "why": Text("原因", "why"),
}  # fmt: skip
SUPPLY = {
    "kind": Text("供给", "supply"), "name": Text("网格", "grid"), "missing_before": Text("之前缺口", "short before"),
    "missing_after": Text("之后缺口", "short after"), "access_before": Text("之前可得", "access before"),
    "access_after": Text("之后可得", "access after"),
}  # fmt: skip
HEALTH = {
    "title": Text("指标", "indicator"), "grid": Text("网格", "grid"), "before": Text("之前", "before"),
    "after": Text("之后", "after"), "unit": Text("单位", "unit"), "verdict_before": Text("之前判定", "verdict before"),
    "verdict_after": Text("之后判定", "verdict after"),
}  # fmt: skip
EDITS = {
    "what": Text("改动", "difference"), "id": Text("编号", "id"), "cost_yuan": Text("费用（元）", "cost (CNY)"),
}  # fmt: skip
SAVED = {
    "title": Text("情景", "scenario"), "edits": Text("改动", "differences"), "author": Text("作者", "author"),
    "made_on": Text("日期", "day"), "hash": Text("散列", "hash"), "state": Text("状态", "state"),
}  # fmt: skip
WHOLE = Text("全部", "whole")
WHY = Text("{title} {change}", "{title} {change}")
ONLY = 2
"""Criteria that are named as the reason of a change of need."""


class Fact(NamedTuple):
    """A figure with what it says and how it changed."""

    title: Text
    value: str
    note: Text | None = None


def facts(one: Walks) -> list[Fact]:
    """Give the figures of a service: who gains and who loses first, the net last."""
    delta = one.delta
    covered = f"{delta.covered_before:,.0f} → {delta.covered_after:,.0f}"
    mean = f"{_metres(delta.mean_before_m)} → {_metres(delta.mean_after_m)} m"
    return [
        Fact(Text("新覆盖", "newly served"), f"{delta.newly_covered:,.0f}"),
        Fact(Text("失去覆盖", "no longer served"), f"{delta.lost:,.0f}"),
        Fact(Text("更近", "nearer"), f"{delta.nearer_demand:,.0f}"),
        Fact(Text("更远", "farther"), f"{delta.farther_demand:,.0f}"),
        Fact(Text("覆盖合计", "served in all"), covered),
        Fact(Text("平均步行", "mean walk"), mean),
    ]


def _metres(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:,.0f}"


def walk_table(one: Walks, lang: str) -> pd.DataFrame:
    """Give the buildings whose walk changes, losers first, then by how many are counted there."""
    order = {lot: at for at, lot in enumerate(("loses", "gone", "farther", "gains", "new", "nearer"))}
    part = one.places[~one.places["lot"].isin([SAME, UNTOLD])]
    rank = part["lot"].map(order)
    part = part.assign(_rank=rank).sort_values(["_rank", "people"], ascending=[True, False], kind="stable")
    shown = part[list(WALKS)].replace([np.inf, -np.inf], np.nan)
    shown["lot"] = shown["lot"].map({key: text.in_(lang) for key, text in LOTS.items()})
    return shown


def grid_table(one: Walks) -> pd.DataFrame:
    """Give the grids in which somebody's walk changes, those with losers first."""
    moved = one.grids[(one.grids[["gains", "loses", "nearer", "farther"]] > 0).any(axis=1)]
    return moved.sort_values(["loses", "gains", "nearer"], ascending=False, kind="stable")[list(GRIDS)]


def need_table(found: Comparison, lang: str) -> pd.DataFrame:
    """Give the grids whose need or rank changes, with the criteria that make most of it."""
    if found.needs is None:
        return pd.DataFrame(columns=list(NEEDS))
    table, parts = found.needs.grids, found.needs.parts
    why = {
        grid: "；".join(_why(row, lang) for row in _largest(part).to_dict("records"))
        for grid, part in parts.groupby("grid_id", sort=False)
    }
    moved = table["lot"].isin(["gains", "loses"]) | (table["rank_before"] != table["rank_after"])
    moved |= "rank_reweighed" in table
    shown = table[moved & table["score_before"].notna()].assign(why=lambda rows: rows.index.map(why).fillna(""))
    return shown[[name for name in NEEDS if name in shown]].sort_values("score_change", kind="stable")


def _largest(part: pd.DataFrame) -> pd.DataFrame:
    return part.reindex(part["change"].abs().sort_values(ascending=False, kind="stable").index).head(ONLY)


def _why(row: Mapping[object, object], lang: str) -> str:
    title = MEASURES[str(row["key"])].title.in_(lang)
    return f"{title} {float(str(row['change'])):+.1f}"


def supply_table(found: Comparison, lang: str) -> pd.DataFrame:
    """Give the grids whose supply changes."""
    shown = found.supply.copy()
    shown["kind"] = [CATALOG[str(key)].title.in_(lang) for key in shown["kind"]]
    return shown[list(SUPPLY)]


def health_table(found: Comparison, lang: str) -> pd.DataFrame:
    """Give the indicators that change, those whose verdict changes first."""
    table = found.health
    said = {key: text.in_(lang) for key, text in VERDICTS.items()}
    names = {} if found.level is None else found.after.grids(found.level)["name"].to_dict()
    shown = pd.DataFrame(
        {
            "title": table[lang].to_numpy(),
            "grid": [WHOLE.in_(lang) if one is None or one != one else names.get(one, one) for one in table["grid_id"]],  # noqa: PLR0124 (NaN)
            "before": table["before"].to_numpy(dtype=float),
            "after": table["after"].to_numpy(dtype=float),
            "unit": [one.in_(lang) for one in table["unit"]],
            "verdict_before": table["verdict_before"].map(said).to_numpy(),
            "verdict_after": table["verdict_after"].map(said).to_numpy(),
        }
    )
    order = (shown["verdict_before"] == shown["verdict_after"]).to_numpy()
    return shown.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def edit_table(scenario: Scenario, lang: str) -> pd.DataFrame:
    """Give the differences of a scenario, a row each."""
    rows = [(capital(one.words.in_(lang)), one.id, one.cost_yuan) for one in scenario.edits]
    return pd.DataFrame(rows, columns=list(EDITS)).astype({"cost_yuan": float})


DECIDED, CURRENT, OUTDATED, FAULTY, EDITED = (
    Text("已决定，第 {n} 次", "decided, number {n}"),
    Text("可决定", "can be decided"),
    Text("图层已变，须重新保存", "the layers changed: save it again"),
    Text("文件有误", "the file has faults"),
    Text("文件被改动过", "edited since it was saved"),
)


def state_words(one: Saved) -> Text:
    """Say where a saved scenario stands."""
    if one.scenario is None:
        return FAULTY
    if one.decided is not None:
        return DECIDED.format(n=one.decided)
    if one.is_as_saved is False:
        return EDITED
    return CURRENT if one.is_current else OUTDATED


def saved_table(found: Iterable[Saved], lang: str) -> pd.DataFrame:
    """Give the saved scenarios by file."""
    rows = {}
    for one in found:
        said = one.scenario
        rows[one.path.stem] = (
            one.path.stem if said is None else said.title.in_(lang),
            0 if said is None else len(said.edits) + (said.grids is not None) + bool(said.weights),
            "" if said is None else said.author,
            None if said is None else said.made_on,
            "" if said is None else scenario_hash(said)[:12],
            state_words(one).in_(lang),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(SAVED))


NO_SAVED = Text("还没有保存的情景。", "No scenario is saved yet.")
LINE = Text("{name}：{title}，{author} {day}，{state}", "{name}: {title}, {author} {day}, {state}")


def saved_words(found: Iterable[Saved]) -> list[Text]:
    """Give the saved scenarios as lines."""
    lines = [
        LINE.format(
            name=one.path.stem, title=one.path.stem if one.scenario is None else one.scenario.title,
            author="" if one.scenario is None else one.scenario.author,
            day="" if one.scenario is None or one.scenario.made_on is None else one.scenario.made_on.isoformat(),
            state=state_words(one),
        )
        for one in found
    ]  # fmt: skip
    return lines or [NO_SAVED]


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round the numbers of a table for a page: one digit behind the point."""
    return table.assign(**{str(name): table[name].astype(float).round(1) for name in table.select_dtypes("number")})
