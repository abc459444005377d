"""How the chart of a plan looks: need removed against money."""

import altair as alt
import pandas as pd

from geo.text import Text
from views.charts import MIDDLE, shown
from views.state import t

COLOURS = ["#0b5394", "#e6a117", "#8a8f94"]
"""Best plan, nested plans, simple way."""
MONEY = Text("预算（元）", "Budget (yuan)")
NEED = Text("消除的需求", "Need removed")


def frontier(points: pd.DataFrame, limit_yuan: float) -> None:
    """Show need removed against money: ``budget_yuan``, ``need_removed``, ``kind``; a rule marks the plan's own budget."""
    words = list(points.sort_values("place")["kind"].unique())
    colour = alt.Color(
        "kind:N", title=None, sort=words, scale=alt.Scale(domain=words, range=COLOURS),
        legend=alt.Legend(orient="top", symbolType="stroke"),
    )  # fmt: skip
    tips = [
        alt.Tooltip("kind:N", title=" "),
        alt.Tooltip("budget_yuan:Q", title=t(MONEY), format=",.0f"),
        alt.Tooltip("need_removed:Q", title=t(NEED), format=",.0f"),
    ]
    money = alt.X("budget_yuan:Q", title=t(MONEY), axis=alt.Axis(format="~s"))
    lines = alt.Chart(points, height=300).mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=2).encode(
        x=money, y=alt.Y("need_removed:Q", title=t(NEED)), color=colour, strokeDash=alt.StrokeDash("kind:N", legend=None, sort=words), tooltip=tips
    )  # fmt: skip
    here = alt.Chart(pd.DataFrame({"budget_yuan": [limit_yuan]})).mark_rule(color=MIDDLE, strokeDash=[4, 4])
    shown(alt.layer(here.encode(x="budget_yuan:Q"), lines).resolve_scale(color="shared"))
