"""Map: every layer and the ranking; a click selects a grid, and the panel beside it follows."""

import streamlit as st

from geo.text import Text
from reports.ranking_table import immediate_table
from views import frame, state
from views.explained import show_grid
from views.map_component import map_view
from views.state import t
from views.tables import show_immediate

TITLE = Text("地图", "Map")
HINT = Text(
    "点击地图上的网格,这里显示它的名次、原因和数量。拖动和缩放不会重新计算。",
    "Click a grid on the map to see its rank, the reasons and the counts here.",
)
TODO = Text("立即处理", "Immediate")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    left, right = st.columns([13, 7], gap="medium")
    with left:
        state.follow_map(map_view(state.map_payload(), key="map_whole", selected=state.selected(), height=720))
        frame.placing_note(ws)
    chosen = state.grid()
    with right:
        if chosen is None:
            st.info(t(HINT))
            return
        ranking = state.ranking()
        show_grid(ranking, chosen)
        urgent = immediate_table(ranking, state.lang(), chosen)
        if len(urgent):
            st.markdown(f"**{t(TODO)}**")
            show_immediate(urgent)
