"""A comparison as one JSON document and as lines for a terminal."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geo.text import Text
from layers.catalog import CATALOG
from reports.answers import Answer, number, problem_answer
from reports.criteria import MEASURES
from reports.health.finding import VERDICTS
from reports.scenario.comparison import CONVENTIONS, Comparison
from reports.scenario.edits import Scenario
from reports.scenario.saved import Saved
from reports.scenario.walks import GAINS, GONE, LOSES, LOTS, NEW, Walks
from reports.scenario.written import scenario_hash
from reports.service.places import COUNTED

MOST = 6
"""Buildings and grids of each kind that a terminal lists."""


def scenario_answer(scenario: Scenario) -> Answer:
    """Give what a scenario says."""
    return {
        "name": scenario.name,
        "title": scenario.title._asdict(),
        "author": scenario.author or None,
        "made_on": None if scenario.made_on is None else scenario.made_on.isoformat(),
        "hash": scenario_hash(scenario),
        "layers": scenario.layers or None,
        "edits": [
            {
                "do": one.do, "layer": one.layer, "id": one.id or None, "words": one.words._asdict(),
                "cost_yuan": one.cost_yuan, "note": one.note or None,
            }
            for one in scenario.edits
        ],
        "grids": None if scenario.grids is None else scenario.grids.as_json(),
        "weights": dict(scenario.weights),
        **money_answer(scenario),
    }  # fmt: skip


def money_answer(scenario: Scenario) -> Answer:
    """Give costs against the budget; whether it is enough is null where a cost is not known and the rest does not exceed it."""
    budget, costs, unknown = scenario.budget_yuan, scenario.costs_yuan, scenario.costs_unknown
    enough = None if budget is None or (unknown and costs <= budget) else costs <= budget
    return {"budget_yuan": budget, "costs_yuan": costs, "costs_unknown": unknown, "within_budget": enough}


def saved_answer(found: Iterable[Saved]) -> list[Answer]:
    """List saved scenarios."""
    return [
        {
            "file": one.path.name,
            "is_as_saved": one.is_as_saved,
            "is_current": one.is_current,
            "decided": one.decided,
            "scenario": None if one.scenario is None else scenario_answer(one.scenario),
            "problems": [problem_answer(p) for p in one.problems],
        }
        for one in found
    ]


def comparison_answer(found: Comparison) -> Answer:
    """Give the whole comparison: services somebody's walk to changes, need by grid, supply, health check."""
    needs = found.needs
    return {
        "level": found.level,
        "counted": found.meta["counted"],
        "conventions": CONVENTIONS._asdict(),
        "services": [_walks(found.walks[key]) for key in found.touched],
        "untouched": [key for key in found.walks if key not in found.touched],
        "grids": [] if needs is None else rows(needs.grids, "grid_id"),
        "parts": [] if needs is None else _rows(needs.parts),
        "measures": [] if needs is None else _rows(needs.measures),
        "supply": _rows(found.supply),
        "health": [{**row, "unit": row["unit"]._asdict()} for row in _rows(found.health)],
        "things": _rows(found.things),
        "seed": found.meta["seed"],
    }


def _walks(one: Walks) -> Answer:
    delta, lots = one.delta, one.places["lot"]
    moved = one.places[lots.isin([GAINS, LOSES, NEW, GONE])].drop(columns=["was", "now"])
    grids = one.grids[(one.grids[["gains", "loses", "nearer", "farther"]] > 0).any(axis=1)]
    return {
        "service": one.service.key,
        "title": one.service.title._asdict(),
        "limits_m": list(one.limits_m),
        "counted": one.counted,
        **{key: number(getattr(delta, key)) for key in _DELTA},
        "buildings": {key: int((lots == key).sum()) for key in LOTS},
        "gainers_and_losers": rows(moved, "id"),
        "grids": rows(grids, "grid_id"),
        "method": one.meta["method"],
    }


_DELTA = (
    "covered_before", "covered_after", "change", "newly_covered", "lost", "nearer_demand", "farther_demand",
    "mean_before_m", "mean_after_m", "total_demand",
)  # fmt: skip


def rows(table: pd.DataFrame, name: str) -> list[Answer]:
    """Give rows with their label under a name."""
    return [{name: str(label), **row} for label, row in zip(table.index, _rows(table), strict=True)]


def _rows(table: pd.DataFrame) -> list[Answer]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:  # noqa: ANN401 (any cell)
    if isinstance(value, tuple | bool | str) or value is None:
        return value
    found = number(value)
    return None if found is None or math.isinf(found) else found


HEAD = Text("{title}（{n} 处改动，散列 {hash}）", "{title} ({n} differences, hash {hash})")
SERVED = Text(
    "{service}（{limit}，按{who}）：覆盖 {a} → {b}；新覆盖 {gain}，失去 {lose}；更近 {near}，更远 {far}；平均步行 {m0} → {m1}",
    "{service} ({limit}, {who}): served {a} → {b}; newly {gain}, no longer {lose}; nearer {near}, farther {far}; "
    "mean walk {m0} → {m1}",
)
BUILT = Text("  {lot}：{what}", "  {lot}: {what}")
ONE = Text("{name} {a} → {b}", "{name} {a} → {b}")
GRID = Text(
    "{name}：需求 {a} → {b} 分（{change}），名次 {r0} → {r1}",
    "{name}: need {a} → {b} points ({change}), rank {r0} → {r1}",
)
UNTOUCHED = Text("步行距离没有人改变。", "Nobody's walk changes.")
NO_GRID = Text("各网格需求分不变。", "The need of no grid changes.")
MORE = Text("另有 {n}", "{n} more")
INDICATOR = Text("体检 {id} {title}：{a} → {b}", "Health check {id} {title}: {a} → {b}")
SHORT = Text("供给缺口（{kind}）：{a:.1f} → {b:.1f}", "Shortfall ({kind}): {a:.1f} → {b:.1f}")
MONEY = Text(
    "已知费用 {costs} 元，{unknown} 项未知；预算 {budget}",
    "Known costs {costs} yuan, {unknown} unknown; budget {budget}",
)
NONE = Text("未给出", "none given")


def comparison_lines(found: Comparison, lang: str) -> list[str]:
    """Give a comparison as lines for a person: gainers and losers, never only net."""
    lines: list[Text] = []
    for key in found.touched:
        lines += list(_served(found.walks[key]))
    if not found.touched:
        lines.append(UNTOUCHED)
    lines += list(_grid_lines(found))
    for kind, part in found.supply.groupby("kind", sort=False):
        sums = {"a": part["missing_before"].sum(), "b": part["missing_after"].sum()}
        lines.append(SHORT.format(kind=CATALOG[str(kind)].title, **sums))
    for row in found.health[found.health["grid_id"].isna()].to_dict("records"):
        if row["verdict_before"] != row["verdict_after"]:
            a, b = (VERDICTS[row[f"verdict_{word}"]] for word in ("before", "after"))
            lines.append(INDICATOR.format(id=row["indicator"], title=Text(row["zh"], row["en"]), a=a, b=b))
    return [one.in_(lang) for one in [*lines, CONVENTIONS]]


def scenario_lines(scenario: Scenario, lang: str) -> list[str]:
    """Give what a scenario changes, a line each."""
    head = HEAD.format(title=scenario.title, n=len(scenario.edits), hash=scenario_hash(scenario)[:12]).in_(lang)
    lines = [head, *(f"  {one.words.in_(lang)}" for one in scenario.edits)]
    if scenario.grids is not None:
        lines.append(f"  {scenario.grids.words.in_(lang)}")
    budget = NONE if scenario.budget_yuan is None else Text.same(f"{scenario.budget_yuan:,.0f}")
    costs = {"costs": f"{scenario.costs_yuan:,.0f}", "unknown": scenario.costs_unknown, "budget": budget}
    lines += [f"  {MEASURES[key].title.in_(lang)} {value:g}" for key, value in scenario.weights.items()]
    return [*lines, MONEY.format(**costs).in_(lang)]


def _served(one: Walks) -> list[Text]:
    delta = one.delta
    limit = " / ".join(f"{metres:g} m" for metres in one.limits_m)
    told: Mapping[str, object] = {
        "service": one.service.title, "limit": limit, "who": COUNTED[one.counted], "a": f"{delta.covered_before:,.0f}",
        "b": f"{delta.covered_after:,.0f}", "gain": f"{delta.newly_covered:,.0f}", "lose": f"{delta.lost:,.0f}",
        "near": f"{delta.nearer_demand:,.0f}", "far": f"{delta.farther_demand:,.0f}",
        "m0": _metres(delta.mean_before_m), "m1": _metres(delta.mean_after_m),
    }  # fmt: skip
    lines = [SERVED.format(**told)]
    for lot in (GAINS, LOSES, NEW, GONE):
        part = one.places[one.places["lot"] == lot].sort_values("people", ascending=False, kind="stable")
        if len(part):
            lines.append(BUILT.format(lot=LOTS[lot], what=_some([_walk(row) for row in part.to_dict("records")])))
    return lines


def _walk(row: Mapping[Any, Any]) -> Text:
    return ONE.format(name=row["name"], a=_metres(row["before_m"]), b=_metres(row["after_m"]))


def _some(words: list[Text]) -> Text:
    rest = [MORE.format(n=len(words) - MOST)] if len(words) > MOST else []
    shown = [*words[:MOST], *rest]
    return Text("；".join(one.zh for one in shown), "; ".join(one.en for one in shown))


def _metres(value: float) -> str:
    return "—" if pd.isna(value) or value == float("inf") else f"{value:,.0f} m"


def _grid_lines(found: Comparison) -> list[Text]:
    if found.needs is None:
        return []
    table = found.needs.grids
    moved = table[table["lot"].isin([GAINS, LOSES])].sort_values("score_change", kind="stable")
    lines = [
        GRID.format(
            name=row["name"], a=f"{row['score_before']:.1f}", b=f"{row['score_after']:.1f}",
            change=f"{row['score_change']:+.1f}", r0=f"{row['rank_before']:.0f}", r1=f"{row['rank_after']:.0f}",
        )
        for row in moved.to_dict("records")
    ]  # fmt: skip
    if len(lines) > 2 * MOST:
        lines = [*lines[:MOST], MORE.format(n=len(lines) - 2 * MOST), *lines[-MOST:]]
    return lines or [NO_GRID]
