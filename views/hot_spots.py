"""Hot spots: which grids really have more issues, where points gather, what rises; with the doubts of each."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from reports.patterns import Asked, usual
from reports.patterns.asked import ALL_TYPES, NO_ISSUES, PERS, STATES, types_there
from views import frame, hot_spot_parts, hot_spot_points, state
from views.plain import plain
from views.state import t

TITLE = Text("热点", "Hot spots")
PARTS = {
    "rates": Text("比率", "Rates"),
    "clusters": Text("网格聚集", "Clusters of grids"),
    "density": Text("密度", "Density"),
    "groups": Text("点聚集", "Groups of points"),
    "months": Text("逐月", "Month by month"),
}
PART = Text("看什么", "Part")
TYPE, STATE, PER = Text("问题类别", "Issue type"), Text("计哪些", "Which issues"), Text("分母", "Per")
EVERY = "*"
"""Stands for all types in the list, for a list takes words only."""
COUNTING = Text("正在计算……", "Computing…")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if ISSUES not in ws:
        st.info(t(NO_ISSUES))
    elif not ws.levels:
        st.info(t(frame.NO_GRIDS))
    else:
        _asked_for(ws)
    frame.foot(ws)


def _asked_for(ws: Workspace) -> None:
    asked = _choices(ws)
    parts = {key: t(words) for key, words in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(parts), format_func=parts.__getitem__, default="rates", required=True,
        key=state.own("pattern part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    shown: Mapping[str, Callable[[Workspace, Asked], None]] = {
        "rates": hot_spot_parts.rates,
        "clusters": hot_spot_parts.clusters,
        "density": hot_spot_points.density,
        "groups": hot_spot_points.groups,
        "months": hot_spot_parts.by_month,
    }
    with st.spinner(t(COUNTING)):
        shown[part](ws, asked)


def _choices(ws: Workspace) -> Asked:
    """Show what can be chosen: type, which issues, denominator; the level stands in the side bar."""
    keep: dict[str, Any] = {"persist_state": "session"}
    left, middle, right = st.columns([2, 3, 5], vertical_alignment="bottom")
    kinds = {EVERY: state.label(ALL_TYPES)} | {
        code: plain(state.label(words)) for code, words in types_there(ws).items()
    }
    kind = left.selectbox(t(TYPE), list(kinds), format_func=kinds.__getitem__, key=state.own("pattern type"), **keep)
    states = {key: state.label(words) for key, words in STATES.items()}
    which = middle.segmented_control(
        t(STATE), list(states), format_func=states.__getitem__, default="reported", required=True,
        key=state.own("pattern state"), **keep,
    )  # fmt: skip
    pers = {key: state.label(words) for key, words in PERS.items()}
    per = right.segmented_control(
        t(PER), list(pers), format_func=pers.__getitem__, default=usual(ws, state.level()), required=True,
        key=state.own("pattern per"), **keep,
    )  # fmt: skip
    return Asked(kind=None if kind == EVERY else kind, state=which, per=per, level=state.level())
