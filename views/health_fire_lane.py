"""The part of the health check about fire lanes: headline numbers, the map of what takes them, the table."""

import streamlit as st

from geo.text import Text
from layers.catalog import STREETS
from reports.health.examination import Health
from reports.health.fire_lane import Lanes
from reports.health.fire_map import TITLES, lane_facts, lane_map, lane_table
from reports.health.results import lanes_result
from reports.render.facts import facts_html
from views import frame, state
from views.downloads import downloads
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t

NO_STREETS = Text("工作区没有街巷图层，无法检查消防车道。", "Without a layer of streets fire lanes cannot be checked.")
NO_RULE = Text("该指标集没有消防车道要求。", "This profile asks nothing of fire lanes.")
HOW = Text(
    "街巷中线两侧各半个净宽的走廊内不得有建筑、泊位或违法建设，仅相接的不算；起止为沿中线的米数，余宽为占用物之外最宽的连续直条。"
    "只反映登记的物体；净高、临时停车、门禁与绿化未知。",
    "No building, bay or illegal structure may stand in the corridor of half the clear width on both sides of the centre line; what only "
    "touches it is left out. From and to are metres along the line; what is left is the widest straight strip. Only recorded "
    "things are seen: heights, cars left there, gates and trees are not known.",
)
NONE = Text(
    "走廊内没有登记的建筑、泊位或违法建设；净高等未知，不能据此判定达标。",
    "No recorded building, bay or illegal structure stands in a corridor. Heights are unknown: this is no finding that "
    "the lanes meet the standard.",
)


def lanes_view(health: Health, lanes: Lanes | None) -> None:
    """Show the fire lanes of the workspace; ``lanes`` None where there are no streets or no rule."""
    if lanes is None:
        st.info(t(NO_RULE if STREETS in health.ws else NO_STREETS))
        return
    st.html(facts_html(lane_facts(lanes), state.lang()))
    made = lane_map(health.check, lanes, lang=state.lang(), link=link(health.ws))
    map_view(made, key="map_fire_lanes", height=520)
    table = lane_table(lanes, state.lang())
    if table.empty:
        st.info(plain(t(NONE)))
    else:
        heads = {key: st.column_config.Column(t(words)) for key, words in TITLES.items()}
        st.dataframe(table.head(frame.MOST_ROWS), column_config=heads, hide_index=True, height=360)
    st.caption(plain(t(HOW)))
    downloads(lanes_result(health.ws.name, lanes, state.lang(), note=HOW))
