"""Map: every layer and the ranking; a click selects a grid, and what is below it follows."""

import streamlit as st

from geo.text import Text
from reports.priority import Ranking
from reports.ranking_table import immediate_table
from views import following, frame, state
from views.explained import show_detail, show_grid, show_holdings
from views.map_component import map_view
from views.state import t
from views.tables import show_immediate

TITLE = Text("地图", "Map")
HINT = Text(
    "点击地图上的网格，图下显示它的名次、原因和数量。拖动和缩放不会重新计算。",
    "Click a grid on the map to see its rank, the reasons and the counts below.",
)
IMMEDIATE = Text("立即处理", "Immediate")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    following.follow_map(map_view(state.map_payload(), key="map_whole", selected=state.selected(), height=640))
    frame.placing_note(ws)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    chosen = state.grid()
    if chosen is None:
        st.info(t(HINT))
        return
    ranking = state.ranking()
    show_grid(ranking, chosen)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        show_detail(ranking, chosen)
    with right:
        _beside(ranking, chosen)


def _beside(ranking: Ranking, grid_id: str) -> None:
    show_holdings(ranking, grid_id)
    urgent = immediate_table(ranking, state.lang(), grid_id)
    if len(urgent):
        st.markdown(f"**{t(IMMEDIATE)}**")
        show_immediate(urgent)
