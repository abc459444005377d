"""Items as tables that are shown and edited: words for codes, why each is there, sums, and points of a chart."""

from collections.abc import Mapping

import pandas as pd

from geo.text import Text, counted, listed
from layers import Workspace
from layers.schema import Grids
from layers.schema.issues import ITEM_DECISION
from layers.schema.places import PROJECT_CLASS
from layers.standards import indicators
from reports.works.effects import Effects
from reports.works.money import Total, total_of
from reports.works.sanity import RATIOS, VERDICTS, published, sanity

EDITABLE = ("decision", "must_do", "quantity", "cost_yuan")
"""Columns of a shown item that a person may change; an emptied amount is unknown again."""
HEADS: Mapping[str, Text] = {
    "decision": Text("审定", "Decision"),
    "name": Text("费用项", "Item"),
    "cost_yuan": Text("金额（元）", "Amount (yuan)"),
    "need": Text("消减需求", "Need removed"),
    "quantity": Text("数量", "Quantity"),
    "unit": Text("单位", "Unit"),
    "item_class": Text("类别", "Class"),
    "must_do": Text("必做", "Must"),
    "why": Text("依据", "Why"),
    "grid": Text("网格", "Grid"),
    "range": Text("金额区间（元）", "Range (yuan)"),
    "requires": Text("先行项", "Comes after"),
}
ALL = "all"
STATES: Mapping[str, Text] = {ALL: Text("全部", "All"), **ITEM_DECISION}
PAST = Text("已列项目", "of a project")
CATALOGUE_HEADS: Mapping[str, Text] = {
    "title": Text("改造内容", "Renewal item"),
    "item_class": Text("类别", "Class"),
    "unit": Text("单位", "Unit"),
    "low_yuan": Text("单价下限（元）", "Least (yuan)"),
    "high_yuan": Text("单价上限（元）", "Most (yuan)"),
    "life_years": Text("年限（年）", "Life (years)"),
    "issue_types": Text("对应问题", "Issue types"),
    "indicators": Text("对应指标", "Indicators"),
    "cost_confidence": Text("单价可信度", "Confidence"),
    "source": Text("来源", "Source"),
}
SUM_HEADS: Mapping[str, Text] = {
    "item_class": Text("类别", "Class"),
    "items": Text("项数", "Items"),
    "known_yuan": Text("已知金额（元）", "Known (yuan)"),
    "without": Text("金额未知（项）", "Without an amount"),
    "range": Text("区间（元）", "Range (yuan)"),
}
RATIO_HEADS: Mapping[str, Text] = {
    "title": Text("比值", "Ratio"),
    "ours": Text("本方案", "Here"),
    "others": Text("公开项目", "Published"),
    "unit": Text("单位", "Unit"),
    "verdict": Text("位置", "Where it lies"),
}
HISTORY_HEADS: Mapping[str, Text] = {
    "at": Text("时间", "When"),
    "author": Text("审定人", "Who"),
    "note": Text("说明", "Why"),
    "items": Text("项数", "Items"),
    "new": Text("新增", "New"),
    "changes": Text("改动单元格", "Cells changed"),
}


def chosen_items(
    items: pd.DataFrame, *, state: str, classes: tuple[str, ...] = (), found: Effects | None = None
) -> pd.DataFrame:
    """Give items in a state (``ALL`` for all) and of some classes (none for all).

    Those that must be done come first, those of works begun last, and between them those that remove most need.
    """
    some = items if state == ALL else items[items["decision"].eq(state).fillna(value=False)]
    some = some[some["item_class"].isin(classes)] if classes else some
    need = pd.Series(0.0, index=items.index) if found is None else found.by_item["share"]
    ranks = {
        "_past": ~some["is_open"],
        "_late": ~some["must_do"].fillna(value=False).astype("bool"),
        "_need": -need.reindex(some.index),
    }
    return some.assign(**ranks).sort_values(list(ranks), kind="stable").drop(columns=list(ranks))


def to_do(items: pd.DataFrame) -> pd.DataFrame:
    """Give the items that are still to be done: neither declined nor of works begun."""
    return items[items["is_open"]]


def item_table(ws: Workspace, items: pd.DataFrame, found: Effects, lang: str) -> pd.DataFrame:
    """Give items as they are shown, by item id; see ``HEADS``."""
    names = {str(key): str(one) for level in ws.levels for key, one in ws.grids(level)[Grids.name].items()}
    grid = items["grid_id"].where(items["grid_id"].notna(), items["large_grid_id"])
    states = {key: words.in_(lang) for key, words in ITEM_DECISION.items()}
    kinds = {key: words.in_(lang) for key, words in PROJECT_CLASS.items()}
    titles = items["name"].where(items["name"].notna(), items["renewal_item"])
    return pd.DataFrame(
        {
            "decision": items["decision"].map(states).fillna(PAST.in_(lang)),
            "name": titles,
            "cost_yuan": items["cost_yuan"],
            "need": found.by_item["share"].reindex(items.index).round(),
            "quantity": items["quantity"],
            "unit": items["unit"],
            "item_class": items["item_class"].map(kinds),
            "must_do": items["must_do"].fillna(value=False).astype("bool"),
            "why": _why(ws, items, lang),
            "grid": grid.map(names),
            "range": _ranges(items),
            "requires": _named(items["requires"], titles, lang),
        },
        index=items.index,
    )


def read_back(items: pd.DataFrame, shown: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Give an edited table in the words of the layer, only the columns that may be changed."""
    codes = {words.in_(lang): key for key, words in ITEM_DECISION.items()}
    table = shown[list(EDITABLE)].copy()
    table["decision"] = table["decision"].map(codes)
    before = items.loc[table.index, "must_do"]
    table["must_do"] = table["must_do"].astype("boolean").where(before.notna() | table["must_do"].astype("bool"))
    return table


def _why(ws: Workspace, items: pd.DataFrame, lang: str) -> list[str]:
    """Say what an item answers: so many issues, and the indicators that are short."""
    words = indicators(folder=ws.folder)
    titles = {
        str(key): Text(str(zh), str(en)) for key, zh, en in zip(words.index, words["zh"], words["en"], strict=True)
    }
    return [_reasons(cell, titles, lang) for cell in items["origin_ids"].astype("object")]


def _reasons(cell: str | None, titles: Mapping[str, Text], lang: str) -> str:
    ids = [] if cell is None or pd.isna(cell) else str(cell).split("|")
    gaps = [titles[one] for one in ids if one in titles]
    issues = len(ids) - len(gaps)
    said = [Text(f"{issues} 件问题", counted(issues, "issue", "issues"))] if issues else []
    return listed([*said, *gaps]).in_(lang) if said or gaps else ""


def _ranges(items: pd.DataFrame) -> list[str]:
    pairs = zip(items["cost_low_yuan"], items["cost_high_yuan"], strict=True)
    return ["" if pd.isna(low) or pd.isna(high) else f"{low:,.0f}–{high:,.0f}" for low, high in pairs]


def _named(cells: pd.Series, titles: pd.Series, lang: str) -> list[str]:
    """Give the names of the items in each cell."""
    parting = "；" if lang == "zh" else "; "
    said = {str(key): str(one) for key, one in titles.items()}
    return ["" if pd.isna(cell) else parting.join(said.get(one, one) for one in str(cell).split("|")) for cell in cells]


def sum_table(items: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Give sums by class and in all; see ``SUM_HEADS``."""
    rows = [(words.in_(lang), items[items["item_class"] == key]) for key, words in PROJECT_CLASS.items()]
    sums = [(name, total_of(some)) for name, some in [*rows, (Text("合计", "all").in_(lang), items)]]
    return pd.DataFrame([_sum_row(name, one) for name, one in sums], columns=list(SUM_HEADS))


def _sum_row(name: str, total: Total) -> tuple[str, int, float, int, str]:
    """Give the row of a sum; where no amount is known there is no sum, not zero."""
    if total.without_amount == total.items:
        return name, total.items, float("nan"), total.without_amount, ""
    return name, total.items, total.known_yuan, total.without_amount, f"{total.low_yuan:,.0f}–{total.high_yuan:,.0f}"


def ratio_table(ws: Workspace, items: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Give ratios beside those of published projects; see ``RATIO_HEADS``."""
    found = sanity(ws, items)
    least = "≥ " if lang == "en" else "至少 "
    ours = [
        "–" if pd.isna(v) else f"{least if part else ''}{v:,.2f}"
        for v, part in zip(found["ours"], found["at_least"], strict=True)
    ]
    others = [
        f"{low:,.2f}" if n == 1 else f"{low:,.2f}–{high:,.2f}"
        for low, high, n in zip(found["low"], found["high"], found["projects"], strict=True)
    ]
    verdict = [VERDICTS[one].in_(lang) for one in found["verdict"]]
    columns = (found[f"title_{lang}"], ours, others, found[f"unit_{lang}"], verdict)
    return pd.DataFrame(dict(zip(RATIO_HEADS, columns, strict=True)), index=found.index)


def ratio_points(ws: Workspace, items: pd.DataFrame, lang: str, key: str) -> pd.DataFrame:
    """Give the bars of one ratio: name, value, kind ("ours" or "published"), the dearest published first, ours last."""
    others = published(ws, key).sort_values("value", ascending=False, kind="stable")
    ours = sanity(ws, items).loc[key]
    rows = [(str(row[lang]), float(row["value"]), "published") for _, row in others.iterrows()]
    if not pd.isna(ours["ours"]):
        here = Text("本方案（至少）", "here (at least)") if ours["at_least"] else Text("本方案", "here")
        rows.append((here.in_(lang), float(ours["ours"]), "ours"))
    return pd.DataFrame(rows, columns=["name", "value", "kind"])


def ratio_title(key: str) -> Text:
    """Give the title of a ratio with its unit."""
    ratio = RATIOS[key]
    return Text(f"{ratio.title.zh}（{ratio.unit.zh}）", f"{ratio.title.en} ({ratio.unit.en})")


def heading(items: pd.DataFrame) -> Mapping[str, Text]:
    """Give the figures above the items: how many are in each state, and what the accepted and the open ones cost."""
    open_items = items[items["is_open"]]
    accepted = open_items[open_items["decision"].eq("accepted").fillna(value=False)]
    count = {key: int(items["decision"].eq(key).fillna(value=False).sum()) for key in ITEM_DECISION}
    return {
        **{key: Text.same(f"{count[key]:,}") for key in ITEM_DECISION},
        "accepted_sum": total_of(accepted).words,
        "open_sum": total_of(open_items).words,
    }
