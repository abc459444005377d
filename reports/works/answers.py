"""Items as plain JSON values and as lines, the shapes that ``guatu items`` promises."""

from typing import Any

import pandas as pd

from geo.text import Text, counted
from layers import Workspace
from layers.intake.history import Intake
from layers.schema.issues import ITEM_DECISION
from layers.schema.places import PROJECT_CLASS
from reports.answers import Answer, number
from reports.works.effects import Effects
from reports.works.money import Total, total_of, totals_by
from reports.works.sanity import VERDICTS, published, sanity
from reports.works.stored import decisions

TEXTS = (
    "name", "renewal_item", "code", "item_class", "unit", "qualifier", "place_layer", "place_id", "grid_code",
    "grid_id", "large_grid_id", "project_id", "project_status", "origin", "decision", "cost_from", "decided_by",
)  # fmt: skip
NUMBERS = ("quantity", "cost_yuan", "cost_low_yuan", "cost_high_yuan", "life_years")
LISTS = ("origin_ids", "requires", "excludes")


def items_answer(
    ws: Workspace, items: pd.DataFrame, meta: Answer | None = None, found: Effects | None = None
) -> Answer:
    """Give items with the sum of those to be done (not declined, not begun) and how it compares with others.

    Args:
        ws: the workspace.
        items: as ``items_of`` or ``proposals`` give them.
        meta: how they came about, for proposals.
        found: the need that they remove.
    """
    counted_in = items[items["is_open"]]
    compared = sanity(ws, counted_in)
    return {
        "workspace": ws.name,
        "as_of": ws.manifest.as_of.isoformat(),
        "inputs": ws.digest,
        "items": [_item(item_id, row, found) for item_id, row in items.iterrows()],
        "total": total_answer(total_of(counted_in)),
        "by_class": {str(k): number(v) for k, v in totals_by(counted_in, "item_class")["known_yuan"].items()},
        "sanity": [_ratio(ws, str(key), row) for key, row in compared.iterrows()],
        "meta": meta,
        "need": None if found is None else {**found.meta, "unit": found.unit._asdict()},
    }


def total_answer(total: Total) -> Answer:
    """Give a sum."""
    return {**total._asdict(), "is_whole": total.is_whole, "words": total.words._asdict()}


def _item(item_id: object, row: pd.Series, found: Effects | None) -> Answer:
    need: Answer = {}
    if found is not None:
        cells = found.by_item.loc[str(item_id)]
        need = {
            "need_removed": number(cells["alone"]),
            "need_part": number(cells["share"]),
            "need_known": bool(cells["known"]),
        }
    return {
        "item_id": str(item_id),
        **{name: None if pd.isna(row[name]) else str(row[name]) for name in TEXTS},
        **{name: number(row[name]) for name in NUMBERS},
        **{name: [] if pd.isna(row[name]) else str(row[name]).split("|") for name in LISTS},
        "must_do": None if pd.isna(row["must_do"]) else bool(row["must_do"]),
        "is_open": bool(row["is_open"]),
        "decided_at": None if pd.isna(row["decided_at"]) else row["decided_at"].isoformat(),
        **need,
    }


def _ratio(ws: Workspace, key: str, row: pd.Series) -> Answer:
    return {
        "key": key,
        "title": {"zh": row["title_zh"], "en": row["title_en"]},
        "unit": {"zh": row["unit_zh"], "en": row["unit_en"]},
        **{name: number(row[name]) for name in ("ours", "low", "high")},
        "at_least": bool(row["at_least"]),
        "verdict": row["verdict"],
        "projects": [
            {"project": str(one), "zh": p["zh"], "en": p["en"], "year": None if pd.isna(p["year"]) else int(p["year"]), "value": number(p["value"]), "source": p["source"]}
            for one, p in published(ws, key).iterrows()
        ],
    }  # fmt: skip


def items_lines(ws: Workspace, items: pd.DataFrame, lang: str) -> list[str]:
    """Give items as lines: id, class, decision, amount, name; then the sum of those to be done and where it lies."""
    lines = [_line(item_id, row, lang) for item_id, row in items.iterrows()]
    counted_in = items[items["is_open"]]
    total = total_of(counted_in)
    lines += [one.in_(lang) for one in (total.words, total.range_words) if one.zh]
    for _, row in sanity(ws, counted_in).iterrows():
        ours = "–" if pd.isna(row["ours"]) else f"{row['ours']:,.2f}"
        title, unit = row[f"title_{lang}"], row[f"unit_{lang}"]
        lines.append(
            f"{title}: {ours} {unit} [{row['low']:,.2f}–{row['high']:,.2f}] {VERDICTS[row['verdict']].in_(lang)}"
        )
    return lines


def _line(item_id: object, row: pd.Series, lang: str) -> str:
    kind = PROJECT_CLASS.get(str(row["item_class"]), Text("–", "–")).in_(lang)
    state = ITEM_DECISION.get(str(row["decision"]), Text("–", "–")).in_(lang)
    yuan = "?" if pd.isna(row["cost_yuan"]) else f"{row['cost_yuan']:,.0f}"
    name = row["renewal_item"] if pd.isna(row["name"]) else row["name"]
    return f"{item_id}  {kind}  {state}  {yuan}  {name}"


def stored_answer(done: Intake, items: pd.DataFrame) -> Answer:
    """Give what was stored."""
    record: dict[str, Any] = dict(done.record["works"])
    return {"number": done.number, **record, "total": total_answer(total_of(items[items["is_open"]]))}


def stored_lines(done: Intake, lang: str) -> list[str]:
    """Say what was stored, and how it is taken back."""
    record = done.record["works"]
    words = Text(
        "第 {number} 次变更：{author} 保存 {n}，其中新增 {new} 项；guatu undo 可撤销",
        "change {number}: {author} stored {n}, {new} of them new; guatu undo takes it back",
    )
    some = Text(f"{len(record['ids']):,} 项", counted(len(record["ids"]), "item", "items"))
    values = {"number": done.number, "author": record["author"], "n": some, "new": len(record["new"])}
    return [words.format(**values).in_(lang)]


def history_answer(ws: Workspace) -> Answer:
    """Give what was stored of items, the latest first."""
    return {
        "decisions": [
            {"number": int(str(n)), **{k: v if isinstance(v, str) else int(v) for k, v in row.items()}}
            for n, row in decisions(ws).iterrows()
        ]
    }


def history_lines(ws: Workspace) -> list[str]:
    """Give the same in lines."""
    return [
        f"{n}  {row['at']}  {row['author']}  {row['items']:,} ({row['new']:,})  {row['note']}".rstrip()
        for n, row in decisions(ws).iterrows()
    ]
