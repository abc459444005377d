"""How methods side by side and the certificate look."""

import altair as alt
import pandas as pd

from geo.text import Text
from views.charts import INK, MIDDLE, PALE, RANK, ROW, bars, shown
from views.state import t

GRID, METHOD, NOW = Text("网格", "grid"), Text("方法", "method"), Text("现权重", "weight now")
SHARE = Text("权重（%）", "Weight (%)")
FROM, TO = Text("最低", "from"), Text("最高", "to")
QUIET, STRONG = "#a9b4ba", "#d55e00"
HEIGHT = 420


def bump(table: pd.DataFrame) -> None:
    """Show a line a unit from method to method, its name at the right end."""
    order = list(table.sort_values("place")["method"].unique())
    x = alt.X(
        "method:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False, labelLimit=150)
    )  # fmt: skip
    y = alt.Y("rank:Q", title=t(RANK), scale=alt.Scale(reverse=True, zero=False, nice=False, padding=12), axis=alt.Axis(tickMinStep=1))  # fmt: skip
    colour = alt.condition("datum.moved", alt.value(STRONG), alt.value(QUIET))
    tips = [
        alt.Tooltip("name:N", title=t(GRID)),
        alt.Tooltip("method:N", title=t(METHOD)),
        alt.Tooltip("rank:Q", title=t(RANK)),
    ]
    base = alt.Chart(table, height=HEIGHT).encode(x=x, y=y, detail="unit:N", color=colour, tooltip=tips)
    line = base.mark_line(strokeWidth=2)
    dot = base.mark_point(filled=True, size=60, opacity=1)
    name = (
        alt.Chart(table)
        .transform_filter(alt.FieldEqualPredicate(field="method", equal=order[-1]))
        .mark_text(align="left", dx=10, fontSize=12, limit=230)
        .encode(x=x, y=y, text="name:N", color=alt.condition("datum.moved", alt.value(STRONG), alt.value(INK)))
    )
    shown(alt.layer(line, dot, name).properties(padding={"right": 150}))


def _place(field: str) -> alt.X:
    """Give the axis of ranks, whole numbers."""
    return alt.X(
        f"{field}:Q", title=t(RANK), scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(tickMinStep=1, format="d")
    )


def spans(table: pd.DataFrame) -> None:
    """Show how far each rank can go: any weights, weights within the box, drawn weights."""
    base = alt.Chart(table, height=ROW)
    tips = [
        alt.Tooltip("label:N", title=t(GRID)),
        *(alt.Tooltip(f"{name}:Q") for name in ("best", "worst", "box_best", "box_worst", "low", "high")),
    ]
    layers = [
        base.mark_rule(strokeWidth=width, color=colour, strokeCap="butt").encode(
            y=bars("label", table), x=_place(low), x2=f"{high}:Q", tooltip=tips
        )
        for low, high, width, colour in (
            ("best", "worst", 1.5, QUIET),
            ("low", "high", 12, PALE),
            ("box_best", "box_worst", 4, "#5b8db8"),
        )
    ]  # fmt: skip
    dot = base.mark_point(filled=True, size=60, color="#0b5394", opacity=1).encode(
        y=bars("label", table), x=_place("rank"), tooltip=tips
    )
    shown(alt.layer(*layers, dot))


def stability(table: pd.DataFrame) -> None:
    """Show the weights with which the first stays first, and the weight now."""
    base = alt.Chart(table, height=ROW)
    tips = [
        alt.Tooltip("title:N", title=" "),
        alt.Tooltip("weight_pct:Q", title=t(NOW), format=".1f"),
        alt.Tooltip("low_pct:Q", title=t(FROM), format=".1f"),
        alt.Tooltip("high_pct:Q", title=t(TO), format=".1f"),
    ]
    bar = base.mark_bar(size=12, color=PALE).encode(
        y=bars("title", table), x=alt.X("low_pct:Q", title=t(SHARE), scale=alt.Scale(domain=[0, 100])), x2="high_pct:Q", tooltip=tips
    )  # fmt: skip
    now = base.mark_tick(color=MIDDLE, thickness=3, size=18).encode(
        y=bars("title", table), x="weight_pct:Q", tooltip=tips
    )
    shown(alt.layer(bar, now))
