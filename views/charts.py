"""How charts look. The tables behind them come from ``reports``; here are only marks, axes and colours."""

from collections.abc import Mapping

import altair as alt
import pandas as pd
import streamlit as st

from geo.text import Text
from reports.ledger_table import STANDING_WORDS
from views.state import lang, t

LAMPS = {"overdue": "#d55e00", "open": "#f0b400", "closed": "#009e73"}
"""Colours of the standing, the same as on the map (Okabe and Ito)."""
PAIR = ["#1f3b73", "#e6a117"]
"""Night and day."""
INK, MIDDLE, PALE = "#22272b", "#50595f", "#b3cde3"
FONT = '"Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
ROW = alt.Step(22)
POINTS = Text("需求得分", "Points of need")
ISSUES = Text("问题数（件）", "Issues")
RANK = Text("名次", "Rank")
NEED = Text("得分", "points")
MEASURE = Text("指标", "measure")
GRID = Text("网格", "grid")
STANDING = Text("办理情况", "standing")
TYPE = Text("问题类别", "issue type")


def shown(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> None:
    """Draw a chart in the look of the house."""
    look = chart.configure(font=FONT).configure_axis(
        labelColor=INK,
        titleColor=MIDDLE,
        gridColor="#e2e6e8",
        labelLimit=260,
        titleFontWeight="normal",
        labelFontSize=12,
    )
    st.altair_chart(look.configure_legend(labelLimit=260, labelFontSize=12, titleFontSize=12), theme=None)


def bars(field: str, table: pd.DataFrame) -> alt.Y:
    """Give the axis of bars, one for each value of a field, in the order of the table.

    The order is spelled out: a chart whose data alone change would keep that of the rows that it had before.
    """
    order = list(dict.fromkeys(map(str, table[field])))
    return alt.Y(f"{field}:N", sort=order, title=None, axis=alt.Axis(labelPadding=8, ticks=False, domain=False))


def stacked_parts(table: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Show scores as bars made of their parts; ``colours`` lists the criteria as they lie in a bar."""
    order = list(colours)
    colour = alt.Color(
        "criterion:N", title=None, sort=order, scale=alt.Scale(domain=order, range=list(colours.values())),
        legend=alt.Legend(orient="top", columns=4, symbolType="square", labelLimit=190),
    )  # fmt: skip
    tips = [
        alt.Tooltip("label:N", title=t(GRID)),
        alt.Tooltip("criterion:N", title=t(MEASURE)),
        _number("points", NEED),
    ]
    chart = alt.Chart(table, height=ROW).mark_bar(size=16).encode(
        y=bars("label", table), x=alt.X("points:Q", title=t(POINTS), stack=True), color=colour, order="place:Q", tooltip=tips
    )  # fmt: skip
    shown(chart)


def _number(field: str, title: Text, form: str = ".1f") -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q", title=t(title), format=form)


def rank_intervals(table: pd.DataFrame) -> None:
    """Show where each rank lies and how far it moves when the weights change."""
    base = alt.Chart(table, height=ROW)
    tips = [
        alt.Tooltip("label:N", title=t(GRID)),
        alt.Tooltip("rank_low:Q", title="5%"),
        alt.Tooltip("rank_high:Q", title="95%"),
    ]
    bar = base.mark_rule(strokeWidth=7, color=PALE, strokeCap="round").encode(
        y=bars("label", table), x=alt.X("rank_low:Q", title=t(RANK), scale=alt.Scale(zero=False)), x2="rank_high:Q", tooltip=tips
    )  # fmt: skip
    dot = base.mark_point(filled=True, size=70, color="#0b5394", opacity=1).encode(
        y=bars("label", table), x="rank:Q", tooltip=tips
    )
    shown(alt.layer(bar, dot))


def issue_types(table: pd.DataFrame) -> None:
    """Show the issues of each type by where they stand."""
    words = [STANDING_WORDS[key].in_(lang()) for key in LAMPS]
    colour = alt.Color(
        "standing:N", title=None, sort=words, scale=alt.Scale(domain=words, range=list(LAMPS.values())),
        legend=alt.Legend(orient="bottom", symbolType="square"),
    )  # fmt: skip
    tips = [
        alt.Tooltip("type:N", title=t(TYPE)),
        alt.Tooltip("standing:N", title=t(STANDING)),
        _number("issues", ISSUES, ",d"),
    ]
    chart = alt.Chart(table, height=ROW).mark_bar(size=15).encode(
        y=bars("type", table), x=alt.X("issues:Q", title=t(ISSUES), axis=alt.Axis(format=",d", tickMinStep=1)), color=colour, order="place:Q", tooltip=tips
    )  # fmt: skip
    shown(chart)


def lateness(table: pd.DataFrame) -> None:
    """Show how late overdue issues are."""
    title = f"title_{lang()}"
    chart = alt.Chart(table, height=ROW).mark_bar(size=15, color=LAMPS["overdue"]).encode(
        y=bars(title, table), x=alt.X("issues:Q", title=t(ISSUES), axis=alt.Axis(format=",d", tickMinStep=1)), tooltip=[_number("issues", ISSUES, ",d")]
    )  # fmt: skip
    label = chart.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text("issues:Q", format=",d"))
    shown(alt.layer(chart, label))


def paired_bars(table: pd.DataFrame, title: str) -> None:
    """Show two values of each name, one above the other: ``name``, ``time``, ``place`` and ``gap``."""
    words = list(table.sort_values("place")["time"].unique())
    colour = alt.Color(
        "time:N", title=None, sort=words, scale=alt.Scale(domain=words, range=PAIR),
        legend=alt.Legend(orient="top", symbolType="square"),
    )  # fmt: skip
    tips = [
        alt.Tooltip("name:N", title=t(GRID)),
        alt.Tooltip("time:N", title=" "),
        alt.Tooltip("gap:Q", title=title, format=".1f"),
    ]
    chart = alt.Chart(table, height=alt.Step(11)).mark_bar(size=8).encode(
        y=bars("name", table), yOffset=alt.YOffset("time:N", sort=words), x=alt.X("gap:Q", title=title), color=colour, tooltip=tips
    )  # fmt: skip
    shown(chart)
