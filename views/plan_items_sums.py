"""Sums of renewal items beside published projects, the catalogue of unit costs, and who decided when."""

from collections.abc import Mapping

import altair as alt
import pandas as pd
import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.works.catalogue import catalogue_table
from reports.works.stored import decisions
from reports.works.tables import (
    CATALOGUE_HEADS,
    HISTORY_HEADS,
    RATIO_HEADS,
    SUM_HEADS,
    chosen_items,
    ratio_points,
    ratio_table,
    ratio_title,
    sum_table,
    to_do,
)
from views import charts, state
from views.state import t

WHICH = Text("计入", "Count in")
ACCEPTED, WHOLE = "accepted", "all"
CHOICES = {
    WHOLE: Text("全部待办（含建议）", "all to be done, proposals included"),
    ACCEPTED: Text("只计已采纳", "accepted only"),
}
BESIDE = Text(
    "与公开项目对比，用来判断合计的量级是否合理。金额未知的项不在合计内，因此合计只是下限。",
    "Beside published projects, to see whether the order of magnitude is right. Items without an amount are not in the sum, which is "
    "therefore the least it can be.",
)
CHARTS = ("yuan_per_household", "yuan_per_m2")
COLOURS = {"published": "#9fb3c1", "ours": "#d55e00"}
WIDE = 190
NO_HISTORY = Text("还没有审定记录。", "Nothing has been decided yet.")
PRICES = Text(
    "单价为 2020—2024 年二三线城市粗略水平（可信度 RL，待核），空为未知。可在工作区 standards/renewal_items.csv 中改为本地价。",
    "Unit costs are rough figures of 2020 to 2024 for second- and third-tier cities (confidence RL, to be verified); empty is unknown. "
    "Put local prices into standards/renewal_items.csv of the workspace.",
)


def show(ws: Workspace, items: pd.DataFrame) -> None:
    """Show sums by class and ratios beside those of published projects."""
    words = {key: state.label(one) for key, one in CHOICES.items()}
    which = st.segmented_control(
        t(WHICH), list(words), format_func=words.__getitem__, default=WHOLE, required=True, key=state.own("items sums")
    )
    counted = chosen_items(to_do(items), state=which)
    _table(sum_table(counted, state.lang()), SUM_HEADS, numbers=("known_yuan",))
    st.caption(t(BESIDE))
    left, right = st.columns(2, gap="medium")
    for column, key in zip((left, right), CHARTS, strict=True):
        with column:
            _bars(ratio_points(ws, counted, state.lang(), key), ratio_title(key))
    _table(ratio_table(ws, counted, state.lang()), RATIO_HEADS)


def _bars(table: pd.DataFrame, title: Text) -> None:
    """Show one ratio: published projects in grey, ours in colour, values written at the ends."""
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    bars = alt.Chart(table, height=charts.ROW).mark_bar(size=15).encode(
        y=charts.bars("name", table), x=alt.X("value:Q", title=t(title)), color=colour,
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=t(title), format=",.1f")],
    )  # fmt: skip
    label = bars.mark_text(align="left", dx=4).encode(
        text=alt.Text("value:Q", format=",.0f"), color=alt.value(charts.INK)
    )
    charts.shown(alt.layer(bars, label))


def show_catalogue(ws: Workspace) -> None:
    """Show the catalogue of renewal items with unit costs and lives."""
    st.caption(t(PRICES))
    _table(catalogue_table(ws, state.lang()), CATALOGUE_HEADS, numbers=("low_yuan", "high_yuan"), height=620)


def show_history(ws: Workspace) -> None:
    """Show who stored items and when."""
    table = decisions(ws)
    if table.empty:
        st.caption(t(NO_HISTORY))
        return
    _table(table, HISTORY_HEADS)


def _table(
    table: pd.DataFrame, heads: Mapping[str, Text], *, numbers: tuple[str, ...] = (), height: int | None = None
) -> None:
    config = {
        key: st.column_config.Column(t(words), width=WIDE if key == "title" else None) for key, words in heads.items()
    }
    config |= {key: st.column_config.NumberColumn(t(heads[key]), format="localized") for key in numbers}
    st.dataframe(table, column_config=config, hide_index=True, height=height or "content", placeholder="")
