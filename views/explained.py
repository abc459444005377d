"""Why one grid stands where it stands, as a panel of a page."""

import streamlit as st

from geo.text import Text
from reports.explanation import explain
from reports.overview_table import grid_facts
from reports.priority import Ranking
from reports.ranking_table import explained_parts, immediate_words
from views import state
from views.plain import plain
from views.state import t
from views.tables import show_facts, show_parts

PARTS = Text("得分由什么组成", "What the score is made of")
CHANGES = Text("什么会改变名次", "What would change the rank")
FACTS = Text("这个网格有什么", "What is in this grid")
URGENT = Text("须立即处理：{what}。", "Needs immediate action: {what}.")


def show_grid(ranking: Ranking, grid_id: str) -> None:
    """Show rank, reasons, and what cannot wait."""
    found = explain(ranking, grid_id)
    st.subheader(plain(found.name), anchor=False)
    st.markdown(plain(t(found.sentence)))
    urgent = immediate_words(ranking, grid_id)
    if urgent:
        st.error(t(URGENT.format(what=urgent)))


def show_detail(ranking: Ranking, grid_id: str) -> None:
    """Show the parts of a grid's score and what would change its rank."""
    found = explain(ranking, grid_id)
    st.markdown(f"**{t(PARTS)}**")
    show_parts(explained_parts(found, state.lang()))
    if found.moves:
        st.markdown(f"**{t(CHANGES)}**")
        for move in (*found.moves, *(found.first.by_issues if found.first else ())):
            st.markdown(plain(t(move)))


def show_holdings(ranking: Ranking, grid_id: str) -> None:
    """Show what is in a grid."""
    st.markdown(f"**{t(FACTS)}**")
    show_facts(grid_facts(ranking.ws, grid_id, ranking.level, state.lang()))
