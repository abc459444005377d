"""Charts of patterns: rates with their intervals, issues by month."""

import altair as alt
import pandas as pd

from geo.text import Text
from views.charts import GRID, INK, ISSUES, PALE, ROW, bars, shown
from views.state import t

RATE, SMOOTHED = Text("比率", "rate"), Text("收缩后", "smoothed")
MONTH = Text("月份", "month")
BLUE = "#0b5394"


def intervals(table: pd.DataFrame, unit: Text) -> None:
    """Show rates as dots on their intervals, with a tick where the smoothed rate lies."""
    base = alt.Chart(table, height=ROW)
    tips = [
        alt.Tooltip("name:N", title=t(GRID)),
        alt.Tooltip("raw:Q", title=t(RATE), format=",.1f"),
        alt.Tooltip("low:Q", title="2.5%", format=",.1f"),
        alt.Tooltip("high:Q", title="97.5%", format=",.1f"),
        alt.Tooltip("smoothed:Q", title=t(SMOOTHED), format=",.1f"),
    ]
    line = base.mark_rule(strokeWidth=7, color=PALE, strokeCap="round").encode(
        y=bars("name", table), x=alt.X("low:Q", title=t(unit), scale=alt.Scale(zero=True)), x2="high:Q", tooltip=tips
    )  # fmt: skip
    dot = base.mark_point(filled=True, size=60, color=BLUE, opacity=1).encode(
        y=bars("name", table), x="raw:Q", tooltip=tips
    )
    tick = base.mark_tick(color=INK, thickness=2, size=14).encode(y=bars("name", table), x="smoothed:Q", tooltip=tips)
    shown(alt.layer(line, tick, dot))


def by_month(table: pd.DataFrame) -> None:
    """Show issues by month."""
    tips = [
        alt.Tooltip("month:T", title=t(MONTH), format="%Y-%m"),
        alt.Tooltip("issues:Q", title=t(ISSUES), format=",d"),
    ]
    chart = alt.Chart(table, height=220).mark_bar(color=BLUE).encode(
        x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0)),
        y=alt.Y("issues:Q", title=t(ISSUES), axis=alt.Axis(format=",d", tickMinStep=1)), tooltip=tips,
    )  # fmt: skip
    shown(chart)
