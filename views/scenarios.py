"""Scenarios: draw what would be different, see who gains and who loses, save it, decide it."""

import streamlit as st

from geo.text import Text
from layers import Workspace
from views import frame, scenarios_draw, scenarios_kept, state
from views.state import t

TITLE = Text("情景", "Scenarios")
INTRO = Text(
    "改动设施、街巷、网格或权重，全部重新计算；谁受益、谁受损逐栋、逐网格分开列出。在决定之前，工作区保持原样。",
    "Change assets, streets, grids or weights: everything is computed anew, and who gains and who loses is listed apart, by "
    "building and grid. Until it is decided the workspace stays as it is.",
)
TABS = {"draw": Text("画情景", "Draw"), "kept": Text("已保存", "Saved")}
TAB = Text("部分", "Part")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    st.caption(t(INTRO))
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    words = {key: t(text) for key, text in TABS.items()}
    part = st.segmented_control(
        t(TAB), list(words), format_func=words.__getitem__, default="draw", required=True,
        key=state.own("scenarios part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    _part(ws, part)
    frame.foot(ws)


def _part(ws: Workspace, part: str) -> None:
    if part == "kept":
        scenarios_kept.show(ws)
    else:
        scenarios_draw.show(ws)
