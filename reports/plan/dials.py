"""How far the dials of the page go, and the facts that it shows first."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from geo.choice.solver import OPTIMAL
from geo.text import Text, counted
from layers import Workspace
from layers.standards import policy
from reports.plan.plan import Ground, Plan
from reports.plan.terms import Terms, funds_table
from reports.plan.words import yuan

FIRST_YUAN = "plan_first_yuan"
NICE = (1, 2, 5, 10)


class Dials(NamedTuple):
    """Ends, steps and first values of the dials; money in yuan, shares in percent."""

    most_yuan: int
    step_yuan: int
    first_yuan: int
    share_most_percent: float
    years_most: int
    funds: Mapping[str, Text]


class Fact(NamedTuple):
    """A figure with its title and a note below."""

    title: Text
    value: Text
    note: Text


def dials(ws: Workspace, ground: Ground) -> Dials:
    """Give the dials: money up to what all open items with a known cost are worth, shares up to an equal part each."""
    rules = policy(ws.folder)
    known = ground.items.loc[ground.items["is_open"], "cost_yuan"].dropna()
    whole = float(known.sum())
    step = _nice(whole / 200)
    most = max(int(np.ceil(whole / step)) * step, step)
    first = min(int(rules[FIRST_YUAN]), most)
    share = np.floor(1000 / len(ws.grids(ws.levels[0]))) / 10
    funds = {str(key): Text(str(row["zh"]), str(row["en"])) for key, row in funds_table(ws.folder).iterrows()}
    return Dials(most, step, first, float(share), int(rules["plan_years_most"]), funds)


def _nice(step: float) -> int:
    """Give 1, 2 or 5 times a power of ten that is not below a step, at least 1,000."""
    power = 10 ** int(np.floor(np.log10(max(step, 1000))))
    return int(next(power * one for one in NICE if power * one >= min(max(step, 1000), power * 10)))


def slider_seconds(ws: Workspace, *, proving: bool) -> float:
    """Give the time limit of a moved slider, or of a proof that somebody asked for."""
    return policy(ws.folder)["plan_time_limit_s" if proving else "plan_slider_s"]


def facts(plan: Plan) -> list[Fact]:
    """Give the facts of a plan that is possible."""
    proof = Text("最优", "best") if plan.choice.status == OPTIMAL else Text("接近最优", "near the best")
    high = Text("够用", "money suffices") if plan.robust.holds else Text("会超支", "over")
    n, most, limit = len(plan.pool.items), yuan(plan.robust.cost_yuan), yuan(plan.terms.limit_yuan)
    return [
        Fact(
            Text("入选项数", "items chosen"),
            Text.same(f"{len(plan.chosen):,}"),
            Text(f"可选 {n:,} 项", f"of {counted(n, 'item', 'items')}"),
        ),
        Fact(
            Text("费用（元）", "cost (yuan)"),
            Text.same(yuan(plan.spent_yuan)),
            Text(f"预算 {limit}", f"budget {limit}"),
        ),
        Fact(Text("消除的需求", "need removed"), Text.same(f"{plan.removed:,.0f}"), plan.effects.unit),
        Fact(Text("求解结果", "answer"), proof, _gap(plan)),
        Fact(Text("费用都到上限时", "at the high end"), high, Text(f"共需 {most} 元", f"{most} yuan in all")),
    ]


def is_proven(plan: Plan) -> bool:
    """Say whether the plan is proven to be the best."""
    return plan.choice.status == OPTIMAL


def _gap(plan: Plan) -> Text:
    if plan.choice.status == OPTIMAL:
        return Text("已证明", "proven")
    gap = f"{float(str(plan.choice.meta['gap'])):.2%}"
    return Text(f"最多还差 {gap}", f"{gap} short at most")


def chosen_terms(limit_yuan: float, years: int, share_percent: float, **more: Any) -> Terms:  # noqa: ANN401 (fields of Terms)
    """Give terms as the dials say them; a fund without money and a share of 0 are none."""
    funds = {key: float(one) for key, one in dict(more.pop("funds_yuan", {})).items() if one}
    limit = min(float(limit_yuan), sum(funds.values())) if funds else float(limit_yuan)
    shares = {key: one / 100 for key, one in more.pop("class_percent", {}).items() if one}
    return Terms(limit, years, min_share=share_percent / 100, class_shares=shares, funds_yuan=funds, **more)
