"""The part of the health check about the complete community: twenty items for a community or the whole."""

import streamlit as st

from geo.text import Text
from reports.health.complete_community import (
    TITLES,
    CompleteCommunity,
    community_facts,
    community_table,
    place_words,
    shown_columns,
)
from reports.health.finding import WHOLE
from reports.ranking_table import capital
from reports.render.facts import facts_html
from views import state
from views.plain import plain
from views.state import t

PLACE = Text("社区", "Community")
HOW = Text(
    "《完整居住社区建设标准（试行）》20 项。“至少一处”的要求只判人口规模相当于一个社区（5000–12000 人）的网格和全部；"
    "登记不到的不等于没有，不作不达标判定。",
    "The 20 items of the trial standard of complete communities. What asks for at least one is judged for grids with the "
    "residents of a community (5,000 to 12,000) and for the whole; what is not recorded is not taken to be absent.",
)


def community_view(found: CompleteCommunity) -> None:
    """Show the items of a place."""
    names = {place: capital(t(place_words(found, place))) for place in (WHOLE, *found.places[:-1])}
    place = st.selectbox(
        t(PLACE), list(names), format_func=names.__getitem__, key=state.own("community place"), persist_state="session"
    )
    st.html(facts_html(community_facts(found, place), state.lang()))
    table = community_table(found, place, state.lang())
    heads = {key: t(TITLES[key]) for key in shown_columns(table)}
    st.table(table[list(heads)].map(plain).rename(columns=heads), hide_index=True, border="horizontal")
    st.caption(plain(t(HOW)))
