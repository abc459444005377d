"""Priorities: what cannot wait, weights as sliders, the ranking, its parts, how sure it is, readiness, other units."""

import streamlit as st

from geo.text import Text, listed
from reports.priority import Ranking, conventions
from reports.ranking_table import (
    SHORT,
    immediate_table,
    interval_table,
    part_colours,
    parts_table,
    rank_table,
    ranked_count,
)
from views import charts, following, frame, priorities_readiness, priorities_rivals, priorities_units, state, weights
from views.explained import show_detail, show_grid, show_holdings
from views.plain import plain
from views.state import t
from views.tables import pick_grid, show_immediate

TITLE = Text("优先级", "Priorities")
LEFT_OUT = Text(
    "未计入（没有数据）：{what}。其权重已分给其余各项。",
    "Not counted for lack of data: {what}. Their weight went to the others.",
)
MADE_OF = Text("得分构成", "What the scores are made of")
SURE = Text("名次有多稳", "How firm the ranks are")
SURE_HELP = Text(
    "点为名次，横条为权重随机变动时 5%–95% 的名次。", "Dot: rank. Bar: 5th to 95th percentile over random weightings."
)
FIRST_ONLY = Text(
    "这里只画前 {most} 名；排名的网格共 {n} 个，上表列出全部。",
    "Only the first {most} of {n} ranked grids are drawn here; the table above has all.",
)
ALL_DRAWN = Text("画出全部 {n} 个", "Draw all {n}")
DETAIL = Text("这个网格的明细", "This grid in detail")
IMMEDIATE = Text("立即处理清单", "Immediate list")
IMMEDIATE_HELP = Text(
    "危险事项先列出、先处理；得分不能代替处理。",
    "Dangerous things are listed and dealt with first; no score stands in for that.",
)
NONE_IMMEDIATE = Text("目前没有需要立即处理的事项。", "Nothing needs immediate action at present.")
IMMEDIATE_HEAD = Text("共 {n} 项。", "{n} in all.")
FEW_URGENT, URGENT_PX = 4, 175
"""So many urgent things are shown at once; the height of the list of more, so that the ranking stays in sight."""


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    frame.placing_note(ws)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    ranking = state.ranking()
    _immediate(ranking)
    _ranked()
    priorities_readiness.show(ranking)
    _units()
    st.caption(plain_conventions(ranking))


def _immediate(ranking: Ranking) -> None:
    """Show what cannot wait, before any score."""
    st.subheader(t(IMMEDIATE), anchor=False)
    todo = immediate_table(ranking, state.lang())
    if todo.empty:
        st.success(t(NONE_IMMEDIATE))
        return
    st.caption(f"{t(IMMEDIATE_HEAD.format(n=f'{len(todo):,}'))} {t(IMMEDIATE_HELP)}")
    show_immediate(todo.head(frame.MOST_ROWS), height=URGENT_PX if len(todo) > FEW_URGENT else "auto")


@st.fragment
def _units() -> None:
    """Show other units; choosing among them runs only this part of the page again."""
    with frame.guarded():
        priorities_units.show(state.workspace())


def plain_conventions(ranking: Ranking) -> str:
    """How the ranking was made, fit for a caption."""
    return plain(t(conventions(ranking)))


@st.fragment
def _ranked() -> None:
    """Weights and what follows from them; a slider runs only this part of the page again.

    Streamlit shows what a fragment raises itself, so the fragment has a guard of its own.
    """
    with frame.guarded():
        sliders, shown = st.columns([3, 9], gap="medium")
        with sliders:
            weights.sliders()
        with shown:
            _shown(state.ranking())
        priorities_rivals.show()


def _shown(ranking: Ranking) -> None:
    _doubts(ranking)
    table = rank_table(ranking, state.lang())
    key = state.key("ranks", (*table.index, following.brought("grids")))
    following.follow("grids", pick_grid(table, key=key, height=300, chosen=state.grid()), key=key)
    chosen = state.grid() or str(table.index[0])
    show_grid(ranking, chosen)
    parts, firm, detail = st.tabs([t(MADE_OF), t(SURE), t(DETAIL)])
    with parts:
        most = _how_many(ranking, "parts")
        charts.stacked_parts(parts_table(ranking, state.lang(), first=most), part_colours(ranking, state.lang()))
    with firm:
        st.caption(t(SURE_HELP))
        charts.rank_intervals(interval_table(ranking, first=_how_many(ranking, "firm")))
    with detail:
        show_detail(ranking, chosen)
        show_holdings(ranking, chosen)


def _how_many(ranking: Ranking, name: str) -> int:
    """Say how many grids a chart shows if not all, and let all be shown."""
    ranked = ranked_count(ranking)
    if ranked <= SHORT:
        return ranked
    n = f"{ranked:,}"
    if st.toggle(t(ALL_DRAWN.format(n=n)), key=state.own(f"all {name}"), persist_state="session"):
        return ranked
    st.caption(t(FIRST_ONLY.format(most=SHORT, n=n)))
    return SHORT


def _doubts(ranking: Ranking) -> None:
    if not ranking.grids["enough_data"].any():
        st.info(t(frame.NONE_RANKED))
    frame.doubts(ranking)
    for notice in ranking.notices:
        st.warning(plain(t(notice)))
    if ranking.left_out:
        what = [c.title for c in ranking.left_out]
        st.caption(t(LEFT_OUT.format(what=listed(what))))
