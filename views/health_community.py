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
from reports.health.results import community_result
from reports.ranking_table import capital
from reports.render.facts import facts_html
from views import state
from views.downloads import downloads
from views.plain import plain
from views.state import t

PLACE = Text("社区", "Community")
HOW = Text(
    "《完整居住社区建设标准（试行）》20 项。“至少一处”的要求只判人口规模相当于一个社区（5000–12000 人）的网格和全部；"
    "登记不到的不等于没有，不作不达标判定。",
    "The 20 items of the trial standard of complete communities. What asks for at least one is judged for grids with the "
    "residents of a community (5,000 to 12,000) and for the whole; what is not recorded is not taken to be absent.",
)


PHONE = """<style>
@media (max-width: 640px) {
.st-key-community_items [data-testid="stTableStyledTable"] { min-width: 0; }
.st-key-community_items :is(th, td):nth-child(n + 7) { display: none; }
.st-key-community_items :is(th, td):nth-child(1) { display: none; }
.st-key-community_items :is(th, td):is(:nth-child(3), :nth-child(5)) p { white-space: nowrap; }
.st-key-community_items :is(th, td) { padding-left: .2rem; padding-right: .2rem; }
}
</style>"""
"""A phone shows what is asked, the value and the verdict; the files have the rest."""


def community_view(found: CompleteCommunity) -> None:
    """Show the items of a place."""
    names = {place: capital(t(place_words(found, place))) for place in (WHOLE, *found.places[:-1])}
    place = st.selectbox(
        t(PLACE), list(names), format_func=names.__getitem__, key=state.own("community place"), persist_state="session"
    )
    st.html(facts_html(community_facts(found, place), state.lang()))
    table = community_table(found, place, state.lang())
    heads = {key: t(TITLES[key]) for key in shown_columns(table)}
    st.html(PHONE)
    with st.container(key="community_items"):
        st.table(table[list(heads)].map(plain).rename(columns=heads), hide_index=True, border="horizontal")
    st.caption(plain(t(HOW)))
    downloads(community_result(state.workspace().name, found, state.lang(), note=HOW))
