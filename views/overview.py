"""Overview: what, where, how many, how late, as of when; and which grid is worst, and why."""

import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from reports.ledger_table import late_classes
from reports.overview_table import headline, layer_table, type_bars
from reports.priority import Ranking
from reports.ranking_table import rank_table
from views import charts, following, frame, state
from views.explained import show_grid
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import pick_grid, show_layers

TITLE = Text("总览", "Overview")
WORST = Text("哪里最需要改造", "Where the need is greatest")
CLICK = Text(
    "点击一行或地图上的网格，看它为什么排在这里。", "Click a row or a grid on the map to see why it ranks there."
)
TYPES = Text("居民反映什么", "What residents report")
LATE = Text("超期有多久", "How late the overdue ones are")
THINGS = Text("有哪些数据", "What the workspace holds")
SHADES = Text(
    "底色越深，需求越大；斜线为资料不足，圆点为户数过少、不参加排名。",
    "The darker, the greater the need; lines: not enough data; dots: too few households to rank.",
)
CIRCLES = Text("圆圈内为问题数，外环为办理情况。", "Circles count issues; their ring shows where they stand.")
FIRST = 8


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    facts = headline(ws)
    for column, fact in zip(st.columns(max(len(facts), 1)), facts, strict=False):
        note = plain(t(fact.note)) if fact.note else None
        column.metric(
            plain(state.label(fact.title)),
            fact.value,
            note,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
    frame.placing_note(ws)
    with frame.guarded():
        if ws.levels:
            _worst(state.ranking())
        else:
            st.info(t(frame.NO_GRIDS))
    if ISSUES in ws:
        _issues(ws)
    st.subheader(t(THINGS), anchor=False)
    show_layers(layer_table(ws, state.lang()))
    frame.foot(ws)


def _worst(ranking: Ranking) -> None:
    table = rank_table(ranking, state.lang())
    st.subheader(t(WORST), anchor=False)
    if not ranking.grids["enough_data"].any():
        st.info(t(frame.NONE_RANKED))
        return
    frame.doubts(ranking)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.caption(t(CLICK))
        short = table.head(FIRST)[["rank", "name", "score", "why"]]
        key = state.key("worst", (*short.index, following.brought("grids")))
        following.follow("grids", pick_grid(short, key=key, chosen=state.grid()), key=key)
        show_grid(ranking, state.grid() or str(table.index[0]))
    with right:
        picked = map_view(state.map_payload((ISSUES.key,)), key="map_overview", selected=state.selected(), height=520)
        st.caption(t(SHADES))
        if ISSUES in ranking.ws:
            st.caption(t(CIRCLES))
        following.follow_map(picked)


def _issues(ws: Workspace) -> None:
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.subheader(t(TYPES), anchor=False)
        charts.issue_types(type_bars(ws, state.lang()))
    with right:
        st.subheader(t(LATE), anchor=False)
        charts.lateness(late_classes(state.ledger()))
