"""The form of a difference: the columns of the layer as its schema declares them, its cost, and the button that puts it in."""

from datetime import datetime, time
from typing import Any

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.scenario import editor
from views import scenarios_draw, state
from views.state import t

COST = Text("费用（元，不知道就空着）", "Cost in CNY (empty if not known)")
AREA = Text("改后的面积（m²）", "Area afterwards (m²)")
UNKNOWN = Text("未知", "unknown")
FLAGS = {True: Text("是", "yes"), False: Text("否", "no")}
FEW = 4
"""Fields that stand open; the others are folded away."""
MORE = Text("更多字段", "More fields")
PUT = Text("放进情景", "Put it into the scenario")


def put(ws: Workspace, do: str, layer: str) -> None:
    """Show the form and take what it says."""
    del ws
    with st.form(state.own(f"scenario form {do} {layer}"), clear_on_submit=True):
        said: dict[str, Any] = {}
        if scenarios_draw.asks_values(do):
            said["values"] = editor.values_of(layer, _cells(layer))
        if scenarios_draw.asks_area(do):
            said["area_m2"] = st.number_input(t(AREA), min_value=1.0, value=None, key=state.own("scenario area"))
        said["cost_yuan"] = st.number_input(
            t(COST), min_value=0.0, value=None, step=1000.0, format="%.0f", key=state.own("scenario cost")
        )
        pressed = st.form_submit_button(t(PUT), type="primary")
    if pressed:
        scenarios_draw.put(do, layer, said)


def _cells(layer: str) -> dict[str, Any]:
    """Show a widget for each column; an empty one says nothing."""
    fields = editor.form_of(layer)
    found = {one.name: _widget(layer, one) for one in fields[:FEW]}
    if fields[FEW:]:
        with st.expander(t(MORE)):
            found |= {one.name: _widget(layer, one) for one in fields[FEW:]}
    return found


def _widget(layer: str, one: editor.Field) -> Any:  # noqa: ANN401 (whatever the column holds)
    title, key = state.label(one.title), state.own(f"scenario {layer} {one.name}")
    about = t(one.about) if one.about else None
    if one.kind in {"choice", "flag"}:
        words = {key: t(text) for key, text in (FLAGS if one.kind == "flag" else one.choices).items()}
        return st.selectbox(
            title, list(words), format_func=words.__getitem__, index=None, placeholder=t(UNKNOWN), key=key, help=about
        )
    if one.kind == "whole":
        return st.number_input(title, value=None, step=1, key=key, help=about)
    if one.kind == "number":
        return st.number_input(title, value=None, key=key, help=about)
    if one.kind == "day":
        day = st.date_input(title, value=None, key=key, help=about, format="YYYY-MM-DD")
        return None if day is None else datetime.combine(day, time())
    return st.text_input(title, key=key, help=about)
