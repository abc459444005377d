"""Charts of relocation: the funnel of households, and the curve with its forecast."""

import altair as alt
import pandas as pd

from geo.text import Text
from views.charts import INK, bars, shown
from views.state import t

CAME, TOLD, BAND = "#50595f", "#0b5394", "#9fc2e0"
STEP = alt.Step(38)
HOUSEHOLDS = Text("户数", "Households")
WEEK = Text("周末日期", "Week ending")
CAME_SUM, FITTED = Text("已完成累计", "so far"), Text("拟合曲线", "fitted curve")
EXPECTED, LOW, HIGH = Text("预计", "expected"), Text("区间下限", "low end"), Text("区间上限", "high end")
FUNNEL = "#0b5394"


def funnel(table: pd.DataFrame) -> None:
    """Show the households of each stage; columns ``stage``, ``count``, ``said``, ``room``."""
    base = alt.Chart(table, height=STEP)
    room = alt.Scale(domainMax=max(table["room"], default=1.0))
    mark = base.mark_bar(size=26, color=FUNNEL).encode(
        y=bars("stage", table), x=alt.X("count:Q", title=None, axis=None, scale=room),
        tooltip=[alt.Tooltip("stage:N", title=" "), alt.Tooltip("said:N", title=t(HOUSEHOLDS))],
    )  # fmt: skip
    label = base.mark_text(align="left", dx=5, color=INK, fontSize=13).encode(
        y=bars("stage", table), x="count:Q", text="said:N"
    )
    shown(alt.layer(mark, label))


def curve(table: pd.DataFrame, total: float, deadline: pd.Timestamp | None, words: Text) -> None:
    """Show what was reached and what is told, with the deadline and the number of all."""
    base = alt.Chart(table, height=330).encode(
        x=alt.X("ends:T", title=t(WEEK), axis=alt.Axis(format="%m-%d", tickCount="week", labelOverlap=True))
    )
    when = alt.Tooltip("ends:T", title=t(WEEK), format="%Y-%m-%d")
    seen = base.mark_line(color=CAME, strokeWidth=2, point=alt.OverlayMarkDef(size=22, color=CAME)).encode(
        y=alt.Y("sum:Q", title=t(HOUSEHOLDS)), tooltip=[when, alt.Tooltip("sum:Q", title=t(CAME_SUM), format=",d")]
    )
    fitted = base.mark_line(color=TOLD, strokeDash=[2, 3], strokeWidth=1.5).encode(
        y="curve:Q", tooltip=[when, alt.Tooltip("curve:Q", title=t(FITTED), format=",.0f")]
    )
    band = base.mark_area(color=BAND, opacity=0.55).encode(y="low:Q", y2="high:Q")
    ends = [
        alt.Tooltip(f"{key}:Q", title=t(said), format=",.0f")
        for key, said in (("expected", EXPECTED), ("low", LOW), ("high", HIGH))
    ]
    told = base.mark_line(color=TOLD, strokeWidth=2.5, point=alt.OverlayMarkDef(size=26, color=TOLD)).encode(
        y="expected:Q", tooltip=[when, *ends]
    )
    top = alt.Chart(pd.DataFrame({"y": [total]})).mark_rule(strokeDash=[5, 4], color=INK).encode(y="y:Q")
    layers = [band, fitted, seen, told, top]
    shown(alt.layer(*layers, *([] if deadline is None else _last_day(deadline, words))))


def _last_day(deadline: pd.Timestamp, words: Text) -> list[alt.Chart]:
    """Give the line of the deadline and what is written beside it."""
    day = pd.DataFrame({"x": [deadline], "words": [t(words)]})
    rule = alt.Chart(day).mark_rule(color="#b2182b", strokeWidth=1.5).encode(x="x:T")
    said = alt.Chart(day).mark_text(align="right", dx=-6, color="#b2182b")
    return [rule, said.encode(x="x:T", y=alt.value(40), text="words:N")]
