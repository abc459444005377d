"""Other units on the page of priorities: estates, buildings, streets or any layer of areas or lines, ranked alike."""

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.explanation import explain
from reports.priority import caution
from reports.ranking_table import ranked_count
from reports.units import UnitRanking
from reports.units.table import choices, unit_notes, unit_table
from views import frame, panel_cached, state
from views.plain import plain
from views.state import t
from views.tables import pick_grid

TITLE = Text("小区、楼栋、街巷排名", "Estates, buildings, streets")
WHAT = Text("给什么排名", "Rank what")
ABOUT = Text(
    "同样的指标和权重换一种单元。问题按位置归入单元，不在其内的归入最近且不远于规定距离的。",
    "The same measures and weights for other units. A thing belongs to the unit that holds it, else to the nearest within "
    "the distance that the policy sets.",
)
NONE = Text("本工作区没有可排名的面或线图层。", "This workspace has no layer of areas or lines to rank.")
SHOWN = Text("共排名 {n} 个，表中列出前 {most} 个。", "{n} are ranked; the table lists the first {most}.")
MOST = 200
PICKED = "units of"


def show(ws: Workspace) -> None:
    """Show the section."""
    st.subheader(t(TITLE), anchor=False)
    words = {of: t(title) for of, title in choices(ws).items()}
    if not words:
        st.info(t(NONE))
        return
    st.caption(t(ABOUT))
    kept = state.kept(PICKED)
    state.bound(
        st.selectbox,
        t(WHAT),
        key=state.own(PICKED),
        value=kept if kept in words else next(iter(words)),
        moved=lambda one: state.keep(PICKED, one),
        options=list(words),
        format_func=words.__getitem__,
    )
    _ranked(state.kept(PICKED) if state.kept(PICKED) in words else next(iter(words)))


def _ranked(of: str) -> None:
    weights = tuple(sorted(state.weights().items()))
    with st.spinner(t(state.RANKING)):
        found = panel_cached.units(state.volume().folder, state.mark(), of, weights)
    number = ranked_count(found.ranking)
    if not number:
        st.info(t(frame.NONE_RANKED))
        return
    doubt = caution(found.ranking)
    if doubt:
        st.caption(plain(t(doubt)))
    table = unit_table(found, state.lang(), first=MOST)
    key = state.key(f"units {of}", table.index)
    chosen = pick_grid(table, key=key, height=300, one=found.units.words)
    if number > MOST:
        st.caption(t(SHOWN.format(n=f"{number:,}", most=MOST)))
    _explained(found, chosen or str(table.index[0]))
    for words in unit_notes(found):
        st.caption(plain(t(words)))


def _explained(found: UnitRanking, unit_id: str) -> None:
    said = explain(found.ranking, unit_id)
    st.markdown(plain(t(said.sentence)))
    for words in said.first.sentences if said.first else ():
        st.markdown(plain(t(words)))
