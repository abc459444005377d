"""Tables of a plan: by year, grid, class and fund; items in words; need before and after."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL
from geo.text import Text
from layers.exports import export_table
from layers.exports.outgoing import Told
from layers.schema.places import PROJECT_CLASS
from reports.plan.outlook import Outlook
from reports.plan.plan import Plan
from reports.plan.pool import REASONS
from reports.plan.saved import SavedPlan
from reports.plan.terms import FEN, funds_table
from reports.works.derived import large_grids

TITLES: Mapping[str, Text] = {
    "item_id": Text("编号", "Id"),
    "name": Text("费用项", "Item"),
    "item_class": Text("类别", "Class"),
    "grid": Text("网格", "Grid"),
    "large_grid": Text("大网格", "Large grid"),
    "year": Text("年度", "Year"),
    "cost_yuan": Text("费用（元）", "Cost (yuan)"),
    "budget_yuan": Text("预算（元）", "Budget (yuan)"),
    "left_yuan": Text("结余（元）", "Left (yuan)"),
    "share_percent": Text("占支出（%）", "Of spending (%)"),
    "least_yuan": Text("最低投入（元）", "At least (yuan)"),
    "items": Text("项数", "Items"),
    "need_removed": Text("消除的需求", "Need removed"),
    "need_before": Text("原有需求", "Need before"),
    "need_after": Text("剩余需求", "Need after"),
    "fund": Text("资金来源", "Fund"),
    "purpose": Text("可用于", "For"),
    "reason": Text("原因", "Reason"),
    "decision": Text("审定", "Decision"),
    "from_yuan": Text("预算达到此数即列入（元）", "In from this budget on (yuan)"),
    "order": Text("次序", "Order"),
    "best": Text("最优方案", "best plan"),
    "nested": Text("嵌套方案", "nested plans"),
    "simple": Text("简单做法", "simple way"),
    "kind": Text("方案", "Plan"),
    "saved": Text("名称", "Name"),
    "author": Text("由谁决定", "Who decided"),
    "date": Text("日期", "Date"),
    "note": Text("说明", "Note"),
    "state": Text("状态", "State"),
    "hash": Text("校验", "Hash"),
}
STATES = {
    OPTIMAL: Text("已证明最优", "proven"),
    HEURISTIC: Text("未证明", "not proven"),
    INFEASIBLE: Text("没有可行方案", "no plan"),
}
NO_GRID = Text("不在网格内", "in no grid")


def by_year(plan: Plan) -> pd.DataFrame:
    """Give budget, cost, what is left, items and need removed of each year; left over money is carried if so asked."""
    caps = np.array(plan.terms.caps_fen) / FEN
    spent = plan.choice.spent_fen / FEN
    groups = plan.chosen.groupby("year")
    years = range(1, plan.terms.years + 1)
    left = np.cumsum(caps - spent) if plan.terms.carry else caps - spent
    table = pd.DataFrame({"year": years, "budget_yuan": caps, "cost_yuan": spent, "left_yuan": left})
    table["items"] = groups.size().reindex(years, fill_value=0).to_numpy()
    table["need_removed"] = groups["need_removed"].sum().reindex(years, fill_value=0.0).to_numpy()
    return table


def by_grid(plan: Plan) -> pd.DataFrame:
    """Give by large grid: items, cost, share, the least that was asked for, need before, removed and after."""
    large = plan.large_grids
    ids = list(map(str, large.index))
    groups = plan.chosen.groupby(plan.chosen["large_grid_id"].fillna(""))
    table = pd.DataFrame({"large_grid": large["name"].astype(str).to_numpy()}, index=pd.Index(ids, name="grid_id"))
    outside = plan.chosen["large_grid_id"].isna().any()
    keys = [*ids, ""] if outside else ids
    table = table.reindex(keys)
    table["items"] = groups.size().reindex(keys, fill_value=0)
    table["cost_yuan"] = groups["cost_yuan"].sum().reindex(keys, fill_value=0.0)
    table["share_percent"] = 100 * table["cost_yuan"] / max(plan.spent_yuan, 1)
    least = pd.Series(plan.question.rules.least_fen, dtype=float) / FEN
    table["least_yuan"] = least.reindex(keys)
    table["need_before"] = _need_before(plan).reindex(keys)
    table["need_removed"] = groups["need_removed"].sum().reindex(keys, fill_value=0.0)
    table["need_after"] = (table["need_before"] - table["need_removed"]).clip(lower=0.0)
    return table


def _need_before(plan: Plan) -> pd.Series:
    """Points of need times people by large grid; what is unknown counts for nothing."""
    need = plan.ranking.total.fillna(0.0).to_numpy() * plan.effects.people
    large = large_of(plan)
    return pd.Series(need, index=large).groupby(level=0).sum()


def large_of(plan: Plan) -> list[str]:
    """Give the large grid of each ranked grid, nothing where it is unknown."""
    if plan.ranking.level == plan.ws.levels[0]:
        return [str(one) for one in plan.ranking.grids.index]
    parents = large_grids(plan.ws)
    return [parents.get(str(one), "") for one in plan.ranking.grids.index]


def by_class(plan: Plan, lang: str) -> pd.DataFrame:
    """Give items, cost and need removed of each class."""
    groups = plan.chosen.groupby(plan.chosen["item_class"].fillna("none"))
    table = pd.DataFrame(
        {"items": groups.size(), "cost_yuan": groups["cost_yuan"].sum(), "need_removed": groups["need_removed"].sum()}
    )
    table.insert(0, "item_class", [class_words(str(one)).in_(lang) for one in table.index])
    table["share_percent"] = 100 * table["cost_yuan"] / max(plan.spent_yuan, 1)
    least = pd.Series(plan.question.rules.least_of_kind, dtype=float) / FEN
    table["least_yuan"] = least.reindex(table.index)
    return table


def class_words(code: str) -> Text:
    """Give the words of a class of works."""
    words: Text = PROJECT_CLASS.get(code, Text("未分类", "none"))
    return words


def by_fund(plan: Plan, lang: str) -> pd.DataFrame:
    """Give money, what was spent and what is left of each fund; no rows for a plan from one purse."""
    known = funds_table(plan.ws.folder)
    rows = []
    for at, key in enumerate(one for one in known.index if one in plan.terms.funds_yuan):
        paid = float(plan.choice.paid_fen[at].sum()) / FEN
        money = sum(plan.question.funds[at].amount_fen) / FEN
        row = known.loc[key]
        rows.append(
            {
                "fund": str(row[lang]), "purpose": str(row[f"purpose_{lang}"]), "budget_yuan": money,
                "cost_yuan": paid, "left_yuan": money - paid, "items": int((plan.choice.paid_fen[at] > 0).sum()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["fund", "purpose", "budget_yuan", "cost_yuan", "left_yuan", "items"])


def items_shown(plan: Plan, lang: str) -> pd.DataFrame:
    """Give the chosen items in words, by year."""
    return _worded(plan, plan.chosen, lang)[
        ["year", "name", "item_class", "grid", "large_grid", "cost_yuan", "need_removed"]
    ]


def apart_shown(plan: Plan, lang: str) -> pd.DataFrame:
    """Give the items that cannot be chosen, with the reason in words."""
    table = _worded(plan, plan.pool.apart, lang)
    table["reason"] = [REASONS[str(one)].in_(lang) for one in plan.pool.apart["reason"]]
    return table[["name", "item_class", "grid", "cost_yuan", "reason"]]


def sequence_shown(plan: Plan, found: Outlook, lang: str) -> pd.DataFrame:
    """Give the nested sequence in words."""
    table = found.sequence.copy()
    table.insert(0, "order", np.arange(1, len(table) + 1))
    table["grid"] = _names(plan, table["grid_id"], lang)
    return table[["order", "name", "grid", "cost_yuan", "need_removed", "from_yuan"]]


def frontier_table(found: Outlook, lang: str) -> pd.DataFrame:
    """Give each amount of money with what it brings, and how sure that is in words."""
    table = found.frontier[["budget_yuan", "items", "cost_yuan", "best", "nested", "simple"]].copy()
    table["state"] = [STATES[str(one)].in_(lang) for one in found.frontier["status"]]
    return table


def frontier_shown(found: Outlook, lang: str) -> pd.DataFrame:
    """Give the frontier as points of lines: ``budget_yuan``, ``need_removed``, ``kind`` in words, ``place``."""
    parts = []
    for place, kind in enumerate(("best", "nested", "simple")):
        part = found.frontier[["budget_yuan", kind]].rename(columns={kind: "need_removed"}).dropna()
        parts.append(part.assign(kind=TITLES[kind].in_(lang), place=place))
    return pd.concat(parts, ignore_index=True)


def saved_shown(kept: list[SavedPlan], lang: str) -> pd.DataFrame:
    """Give the kept plans in words."""
    rows = [
        {
            "saved": one.name, "author": one.author, "date": one.date, "budget_yuan": one.terms.limit_yuan,
            "year": one.terms.years, "items": len(one.items), "note": one.note, "state": _state(one).in_(lang),
            "hash": one.hash[:12],
        }
        for one in kept
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _state(one: SavedPlan) -> Text:
    if not one.intact:
        return Text("文件被改动过", "the file was changed")
    return Text("数据未变", "same data") if one.same_data else Text("数据已更新", "data have changed since")


def table_file(table: pd.DataFrame, lang: str) -> bytes:
    """Write a table as CSV with heads in words."""
    told = {key: Told(words) for key, words in TITLES.items() if key in table}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.csv")
        export_table(table, path, told=told, lang=lang)
        return path.read_bytes()


def titles(lang: str) -> dict[str, str]:
    """Give the heads of all columns."""
    return {key: words.in_(lang) for key, words in TITLES.items()}


def _worded(plan: Plan, table: pd.DataFrame, lang: str) -> pd.DataFrame:
    found = table.copy()
    found["item_class"] = [class_words("" if pd.isna(one) else str(one)).in_(lang) for one in table["item_class"]]
    found["grid"] = _names(plan, table["grid_id"].where(table["grid_id"].notna(), table["large_grid_id"]), lang)
    found["large_grid"] = _names(plan, table["large_grid_id"], lang)
    return found


def _names(plan: Plan, ids: pd.Series, lang: str) -> list[str]:
    known = {str(key): str(name) for level in plan.ws.levels for key, name in plan.ws.grids(level)["name"].items()}
    return [NO_GRID.in_(lang) if pd.isna(one) else known.get(str(one), str(one)) for one in ids]
