"""The part on which a scenario is drawn: what to do, where, the form of the layer, and what it comes to so far."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import DataError
from geo.partition import PartitionError
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG
from reports.gridworks.picture import metres_of
from reports.gridworks.plan import Line
from reports.scenario import editor
from reports.scenario.edits import ADD, CLOSE, DEEDS, MOVE, RESIZE, SET
from reports.scenario.tables import EDITS, edit_table
from reports.scenario.written import scenario_toml
from views import frame, scenarios_form, scenarios_save, scenarios_shown, state
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t
from views.tables import heads, show_problems

HOW, LAYER, THING = (
    Text("做什么", "What"),
    Text("图层", "Layer"),
    Text("对象（也可在图上点选）", "Thing (or click it on the map)"),
)
HELP: Mapping[str, Text] = {
    editor.POINT: Text(
        "在图上点击位置，再填表，放进情景。", "Click the place on the map, fill in the form, and put it in."
    ),
    editor.LINE: Text("在图上依次点击线的各点。", "Click the corners of the line on the map, one after the other."),
    editor.AREA: Text(
        "在图上依次点击外框的各个顶点（至少三个）；点状的点一次即可。",
        "Click the corners of the outline on the map, three or more; once for something that is a point.",
    ),
}
MOVING = Text("选对象，再在图上点击新位置。", "Choose the thing, then click its new place on the map.")
CHOOSING = Text("在图上点选，或在列表中选。", "Click it on the map, or choose it in the list.")
CLICKS = Text("图上点击", "A click on the map")
CLICK = {"choose": Text("选对象", "chooses a thing"), "place": Text("定位置", "sets the place")}
CORNERS = Text("已点 {n} 处", "{n} clicked so far")
BACK, CLEAR = Text("退回一点", "Take one back"), Text("清除", "Clear")
MISSING = Text("还缺位置、对象或要改的内容。", "A place, a thing or what to change is still missing.")
SO_FAR = Text("情景中的改动", "In the scenario")
EMPTY = Text(
    "情景还是空的。在上面放进第一处改动，就能看到谁受益、谁受损。",
    "The scenario is still empty. Put a first difference in above, and see who gains and who loses.",
)
DROP, ALL = Text("撤去最后一处", "Take the last one out"), Text("清空", "Empty it")
CANNOT = Text("做不到：{why}", "This cannot be done: {why}")
DRAFT, POINTS, CHOSEN = "scenario draft", "scenario points", "scenario thing"


def draft() -> editor.Draft:
    """Give the scenario that is being made."""
    found: editor.Draft = state.kept(DRAFT) or editor.Draft()
    return found


def keep(one: editor.Draft) -> None:
    """Keep the scenario that is being made."""
    state.keep(DRAFT, one)


def show(ws: Workspace) -> None:
    """Show the part."""
    _workbench(ws)


@st.fragment
def _workbench(ws: Workspace) -> None:
    """Show the drawing board and what comes of it; a click on the map runs only this part again."""
    with frame.guarded():
        left, right = st.columns([5, 3], gap="medium")
        with right:
            do, layer, drawing = _asked(ws)
        with left:
            _map(ws, layer, drawing=drawing)
        with right:
            scenarios_form.put(ws, do, layer)
        scenarios_save.more(ws, layer)
        _so_far(ws)
        if not draft().is_empty:
            _result(ws)


def corners() -> Line:
    """Give the places that were clicked."""
    found: Line = state.kept(POINTS) or ()
    return found


def thing() -> str:
    """Give the id of the chosen thing."""
    return state.kept(CHOSEN) or ""


def _asked(ws: Workspace) -> tuple[str, str, bool]:
    """Show what can be done and to what; tell whether clicks set places."""
    deeds = {key: state.label(words) for key, words in DEEDS.items() if editor.layers_to_edit(ws, key)}
    do = st.segmented_control(
        t(HOW), list(deeds), format_func=deeds.__getitem__, default=ADD, required=True,
        key=state.own("scenario do"), on_change=_forget,
    )  # fmt: skip
    names = {key: state.label(CATALOG[key].title) for key in editor.layers_to_edit(ws, do)}
    layer = st.selectbox(
        t(LAYER), list(names), format_func=names.__getitem__, key=state.own(f"scenario layer {do == ADD} {do == CLOSE}"),
        on_change=_forget,
    )  # fmt: skip
    if do == ADD:
        st.caption(t(HELP[editor.form_shape(layer)]))
        _steps()
        return do, layer, True
    st.caption(t(MOVING if do == MOVE else CHOOSING))
    _choose(ws, layer)
    return do, layer, do == MOVE and _placing()


def _choose(ws: Workspace, layer: str) -> None:
    """Show the choice of a thing."""
    known = editor.things_to_choose(ws, layer)
    held = thing() if thing() in known else None
    state.bound(
        st.selectbox, t(THING), key=state.own("scenario pick"), value=held, options=list(known),
        format_func=known.__getitem__, moved=lambda one: state.keep(CHOSEN, one), placeholder="",
    )  # fmt: skip


def _placing() -> bool:
    """Ask what a click means where a thing is moved."""
    words = {key: t(one) for key, one in CLICK.items()}
    pick = st.radio(
        t(CLICKS), list(words), format_func=words.__getitem__, horizontal=True, key=state.own("scenario click")
    )
    return bool(pick == "place")


def _steps() -> None:
    """Show how many places were clicked, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t(CORNERS.format(n=len(corners()))))
        st.button(
            t(BACK), on_click=lambda: state.keep(POINTS, corners()[:-1]), disabled=not corners(),
            key=state.own("scenario back"),
        )  # fmt: skip
        st.button(t(CLEAR), on_click=_forget, disabled=not corners(), key=state.own("scenario clear"))


def _forget() -> None:
    state.keep(POINTS, ())
    state.keep(CHOSEN, None)


def _map(ws: Workspace, layer: str, *, drawing: bool) -> None:
    """Show the map; a click sets a place or chooses a thing of the layer."""
    made = editor.drawing_map(
        ws, layer, state.lang(), edits=draft().edits, corners=corners(), thing=thing(), is_drawing=drawing,
        link=link(ws),
    )  # fmt: skip
    map_view(made, key="map_scenario", height=560, brief=True, on_pick=lambda picked: _picked(ws, layer, picked))


def _picked(ws: Workspace, layer: str, picked: Mapping[str, str]) -> None:
    if picked["kind"] == "spot":
        spot = metres_of(ws, picked["id"])
        state.keep(POINTS, (*corners(), spot) if spot else corners())
    elif picked["kind"] == layer:
        state.keep(CHOSEN, picked["id"])


def asks_values(do: str) -> bool:
    """Tell whether a deed has a form of columns."""
    return do in {ADD, SET}


def asks_area(do: str) -> bool:
    """Tell whether a deed asks for an area."""
    return do == RESIZE


def put(do: str, layer: str, said: Mapping[str, Any]) -> None:
    """Put a difference into the draft, or say what is missing."""
    edit = editor.made_edit(do, layer, thing=thing(), corners=corners(), **said)
    if edit is None:
        st.warning(t(MISSING))
        return
    keep(draft().longer(edit))
    _forget()
    st.rerun()


def _so_far(ws: Workspace) -> None:
    st.subheader(t(SO_FAR), anchor=False)
    held = draft()
    if held.is_empty:
        st.info(t(EMPTY))
        return
    table = edit_table(editor.settled(ws, held.scenario()), state.lang())
    if len(table):
        config = heads(EDITS)
        config["cost_yuan"] = st.column_config.NumberColumn(config["cost_yuan"]["label"], format="localized")
        st.dataframe(table, hide_index=True, column_config=config, height="content", placeholder="—")
    scenarios_save.beside(held)
    with st.container(horizontal=True):
        st.button(
            t(DROP), on_click=lambda: keep(draft().shorter()), disabled=not held.edits, key=state.own("scenario drop")
        )
        st.button(t(ALL), on_click=lambda: keep(editor.Draft()), key=state.own("scenario all"))


def _result(ws: Workspace) -> None:
    """Show what the draft comes to, and let it be saved."""
    try:
        scenarios_shown.show("", scenario_toml(editor.settled(ws, draft().scenario())))
    except PartitionError as error:
        st.warning(plain(t(CANNOT.format(why=error.message))))
    except DataError as error:
        show_problems(error.problems)
    else:
        scenarios_save.show(ws, draft())
