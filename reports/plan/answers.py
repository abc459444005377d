"""A plan as plain JSON values and as lines, the shapes that ``guatu plan`` promises."""

import pandas as pd

from reports.answers import Answer, number
from reports.plan.outlook import Outlook
from reports.plan.plan import Plan
from reports.plan.tables import apart_shown, by_class, by_fund, by_grid, by_year, items_shown
from reports.plan.words import outlook_words, sentences


def plan_answer(plan: Plan, found: Outlook | None) -> Answer:
    """Give the answer of ``guatu plan``."""
    meta = plan.choice.meta
    feasible = plan.choice.feasible
    return {
        "workspace": plan.ws.name,
        "as_of": plan.ws.manifest.as_of.isoformat(),
        "inputs": plan.ws.digest,
        "status": plan.choice.status,
        "objective": number(plan.choice.benefit) if feasible else None,
        "bound": _finite(meta["bound"]) if feasible else None,
        "gap": _finite(meta["gap"]) if feasible else None,
        "seconds": _finite(meta["seconds"]),
        "seed": None,
        "items": _items(plan),
        "spent_yuan": plan.spent_yuan,
        "left_over": meta["parameters"]["left_over"],  # type: ignore[index]
        "nested": None if found is None else _nested(found),
        "price_of_nesting": None if found is None else number(found.price),
        "price_of_fairness": None if found is None else number(found.fairness_price),
        "need_removed": number(plan.removed) if feasible else None,
        "need_unit": plan.effects.unit._asdict(),
        "greedy": {"objective": number(plan.choice.greedy_benefit)},
        "high_end": {
            "holds": plan.robust.holds, "cost_yuan": plan.robust.cost_yuan, "over_yuan": list(plan.robust.over_yuan),
        },
        "clashes": [one._asdict() for one in plan.choice.clashes],
        "years": _rows(by_year(plan)),
        "grids": _rows(by_grid(plan).reset_index()),
        "classes": _rows(by_class(plan, "en").drop(columns="item_class").reset_index(names="class")),
        "funds": _rows(by_fund(plan, "en").drop(columns="purpose")),
        "frontier": [] if found is None else _rows(found.frontier),
        "apart": [
            {"item_id": str(one), "reason": str(why)} for one, why in plan.pool.apart["reason"].items()
        ],
        "said": [one._asdict() for one in [*sentences(plan), *([] if found is None else outlook_words(found))]],
        "parameters": dict(meta["parameters"]),  # type: ignore[call-overload]
    }  # fmt: skip


def plan_lines(plan: Plan, found: Outlook | None, lang: str) -> list[str]:
    """Give the plan as lines: sentences, items by year, what is set apart in a number."""
    lines = [one.in_(lang) for one in sentences(plan)]
    lines += [
        f"  {row.year}  {row.cost_yuan:>12,.0f}  {row.need_removed:>10,.1f}  {row.name}  {row.grid}"
        for row in items_shown(plan, lang).itertuples()
    ]
    apart = apart_shown(plan, lang)
    lines += [f"{len(group):,}  {reason}" for reason, group in apart.groupby("reason")]
    return lines + ([] if found is None else [one.in_(lang) for one in outlook_words(found)])


def _items(plan: Plan) -> list[Answer]:
    table = plan.chosen
    paid = [name for name in table.columns if name.startswith("paid_")]
    return [
        {
            "item_id": str(one),
            "grid_id": None if pd.isna(row["grid_id"]) else str(row["grid_id"]),
            "year": int(row["year"]),
            "cost_yuan": float(row["cost_yuan"]),
            "name": None if pd.isna(row["name"]) else str(row["name"]),
            "need_removed": number(row["need_removed"]),
            **({"paid_yuan": {name.removeprefix("paid_"): float(row[name]) for name in paid}} if paid else {}),
        }
        for one, row in table.iterrows()
    ]


def _nested(found: Outlook) -> list[Answer]:
    return [
        {
            "item_id": str(one), "grid_id": None if pd.isna(row["grid_id"]) else str(row["grid_id"]),
            "from_yuan": float(row["from_yuan"]), "cost_yuan": float(row["cost_yuan"]),
        }
        for one, row in found.sequence.iterrows()
    ]  # fmt: skip


def _rows(table: pd.DataFrame) -> list[Answer]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def _finite(value: object) -> float | None:
    found = float(str(value))
    return found if abs(found) != float("inf") else None
