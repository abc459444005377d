"""The map of a plan: grids shaded by what is spent there or by the need removed."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geo.text import Text
from reports.plan.plan import Plan
from reports.webmap.payload import payload

SHADES: Mapping[str, Text] = {
    "cost_yuan": Text("费用", "Cost"),
    "need_removed": Text("消除的需求", "Need removed"),
}


def by_small_grid(plan: Plan) -> pd.DataFrame:
    """Give cost and need removed by grid of the level that was ranked; what lies only in a large grid is not in it."""
    column = "large_grid_id" if plan.ranking.level == plan.ws.levels[0] else "grid_id"
    sums = plan.chosen.groupby(plan.chosen[column].fillna(""))[list(SHADES)].sum()
    return sums.reindex([str(one) for one in plan.ranking.grids.index], fill_value=0.0)


def off_map(plan: Plan) -> int:
    """Count the chosen items that lie in no grid of the level that is drawn."""
    column = "large_grid_id" if plan.ranking.level == plan.ws.levels[0] else "grid_id"
    return int(plan.chosen[column].isna().sum())


def plan_map(plan: Plan, shade: str, *, lang: str, link: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Give the map as plain data.

    Args:
        plan: of ``choose_items``.
        shade: a key of ``SHADES``.
        lang: language shown first.
        link: see ``reports.webmap.payload.Link``.
    """
    series: pd.Series = by_small_grid(plan)[shade].copy()
    unit = Text("元", "yuan") if shade == "cost_yuan" else plan.effects.unit
    series.attrs = {"title": SHADES[shade], "unit": unit}
    return payload(plan.ws, [], shade=series, level=plan.ranking.level, lang=lang, link=link)
