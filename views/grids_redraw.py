"""The tab on which grids are redrawn: choose on the map, say how, look at what comes of it, apply or not."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from geo.text import Text
from layers import BUILDINGS, Workspace
from reports.gridworks import plan as kinds
from reports.gridworks.picture import CHOSEN, choosing_map, metres_of
from reports.gridworks.plan import KINDS, LOADS, Line, Operation
from reports.gridworks.tables import grid_choices, street_choices
from views import frame, grids_preview, import_history, persons, state
from views.map_component import map_view
from views.plain import plain
from views.routes import link
from views.state import t

HOW = Text("怎样重划", "How")
HELP: Mapping[str, Text] = {
    kinds.MERGE: Text(
        "在图上点选相邻的几个网格，合并为一个。", "Click neighbouring grids on the map; they become one."
    ),
    kinds.SPLIT: Text(
        "点选一个网格，再选要沿着切开的街巷，或在图上画一条穿过它的线。",
        "Click a grid, then choose the streets to cut along, or draw a line across it.",
    ),
    kinds.HALVE: Text(
        "点选一个网格，用一条直线切成工作量相等的两半。",
        "Click a grid; a straight line parts it into halves of equal load.",
    ),
    kinds.DRAW: Text(
        "画出新外框：点选一个网格则重画它，不选则新增一个；占用的土地从邻格划入，让出的归邻格。",
        "Draw the outline: of the chosen grid, or of a new one if none is chosen. What it takes comes from neighbours, what it gives up goes to them.",
    ),
    kinds.BALANCE: Text(
        "点选相邻的几个网格，沿街块（或按建筑）重新分成工作量相近的几个。启发式方法，结果不保证最优。",
        "Click neighbouring grids; their ground is divided anew along streets (or between buildings) into grids of like load. A heuristic, not proven best.",
    ),
    kinds.SNAP: Text(
        "把相邻网格画得不一致的边界对齐，消除细缝和细小重叠。",
        "Brings together borders that were drawn twice, so that slivers vanish.",
    ),
}
CHOOSE = Text("网格（也可在图上点选）", "Grids (or click them on the map)")
STREETS = Text("沿这些街巷", "Along these streets")
ALONG, LINE = "streets", "line"
WAY = {ALONG: Text("沿街巷", "along streets"), LINE: Text("画线", "by a drawn line")}
WAYS = Text("切分方式", "Cut")
CLICK = Text("在图上依次点击各个顶点。已有 {n} 个点。", "Click the corners on the map one after the other: {n} so far.")
BACK, CLEAR = Text("退回一点", "Take one back"), Text("清除", "Clear")
PICKING = Text("在图上点击", "A click on the map")
PICK = {"choose": Text("选网格", "chooses a grid"), "draw": Text("画顶点", "draws a corner")}
INTO = Text("分成几个", "Into how many")
BY = Text("按哪种工作量", "By which load")
CELLS = Text("最小单元", "Made of")
CELL = {"blocks": Text("街块", "street blocks"), "buildings": Text("建筑及其周围", "buildings and the ground around")}
TOLERANCE = Text("顶点最多移动（米）", "A corner may move, metres")
CODES = Text("新编号（留空则按规则给出；以逗号分隔）", "New codes (empty: proposed; parted by commas)")
NAMES = Text("新名称（以逗号分隔）", "New names (parted by commas)")
PREVIEW = Text("预览", "Preview")
MORE = Text("编号与名称", "Codes and names")
DRAWS = frozenset({kinds.DRAW, kinds.SPLIT})
CHOSEN_KEY, POINTS, STEP, LAST = "grids chosen", "grids points", "grids step", "grids last"


def propose(step: Operation) -> None:
    """Make a step the one that is looked at."""
    state.keep(STEP, step)


def show(ws: Workspace) -> None:
    """Show the tab."""
    said = state.kept(grids_preview.DID)
    if said:
        st.success(plain(t(said)))
        state.keep(grids_preview.DID, None)
    _workbench(ws)
    if persons.may_anywhere(persons.powers(), grids_preview.RIGHT):
        import_history.history(ws.folder)


@st.fragment
def _workbench(ws: Workspace) -> None:
    """Show what is chosen and what would come of it; a click on the map runs only this part of the page again.

    Streamlit shows what a fragment raises itself, so the fragment has a guard of its own.
    """
    with frame.guarded():
        _asked(ws)
        grids_preview.show(ws, state.kept(STEP))


def _asked(ws: Workspace) -> None:
    titles = {key: t(words) for key, words in KINDS.items() if key in HELP}
    kind = st.segmented_control(
        t(HOW),
        list(titles),
        format_func=titles.__getitem__,
        default=kinds.MERGE,
        required=True,
        key=state.own("grids how"),
    )
    st.caption(t(HELP[kind]))
    left, right = st.columns([5, 3], gap="medium")
    with right:
        drawing, step = _fields(ws, kind)
    with left:
        _map(ws, is_drawing=drawing)
    with right:
        if st.button(t(PREVIEW), type="primary", key=state.own("grids preview")):
            state.keep(STEP, step())


def chosen(ws: Workspace) -> list[str]:
    """Give the chosen grids, those that the level has."""
    held: list[str] = state.kept(CHOSEN_KEY) or []
    return [one for one in held if one in ws.grids(state.level()).index]


def points() -> Line:
    """Give the corners that were drawn."""
    found: Line = state.kept(POINTS) or ()
    return found


def _map(ws: Workspace, *, is_drawing: bool) -> None:
    """Show the map; a click chooses a grid, leaves it out again, or draws a corner."""
    level = state.level() or ws.finest
    drawn = choosing_map(
        ws, level, state.lang(), chosen=chosen(ws), drawn=points(), is_drawing=is_drawing, link=link(ws)
    )
    map_view(drawn, key="map_grids", height=560, brief=True, on_pick=lambda picked: _picked(ws, picked))


def _picked(ws: Workspace, picked: Mapping[str, str]) -> None:
    """Take a click: a corner, or a grid that is chosen or left out again; streets are only shown."""
    if picked["kind"] == "spot":
        spot = metres_of(ws, picked["id"])
        state.keep(POINTS, (*points(), spot) if spot else points())
    elif picked["kind"] in {"grids", CHOSEN}:
        held, one = chosen(ws), picked["id"]
        state.keep(CHOSEN_KEY, [other for other in held if other != one] if one in held else [*held, one])


def _fields(ws: Workspace, kind: str) -> tuple[bool, Callable[[], Operation]]:
    """Show what can be said of a step; tell whether clicks draw, and give what makes the step."""
    names = grid_choices(ws, state.level() or ws.finest)
    state.bound(
        st.multiselect, t(CHOOSE), key=state.own("pick grids"), value=chosen(ws), options=list(names),
        format_func=names.__getitem__, moved=lambda held: state.keep(CHOSEN_KEY, list(held)), placeholder="",
    )  # fmt: skip
    drawing = False
    more: dict[str, Any] = {}
    if kind in DRAWS:
        drawing, more = _drawing(ws, kind)
    elif kind in {kinds.HALVE, kinds.BALANCE}:
        more = _even(ws, kind)
    elif kind == kinds.SNAP:
        more = {"tolerance_m": st.number_input(t(TOLERANCE), 0.01, 10.0, 0.5, key=state.own("grids tolerance"))}
    named: dict[str, Any] = _named() if kind != kinds.SNAP else {}
    grids = () if kind == kinds.SNAP else tuple(chosen(ws))
    return drawing, lambda: Operation(kind=kind, grids=grids, **more, **named)


def _drawing(ws: Workspace, kind: str) -> tuple[bool, dict[str, Any]]:
    """Show the choice of streets or of a drawn line, and the corners so far."""
    way = LINE
    if kind == kinds.SPLIT:
        ways = {key: t(words) for key, words in WAY.items()}
        way = st.radio(t(WAYS), list(ways), format_func=ways.__getitem__, horizontal=True, key=state.own("grids way"))
    if way == ALONG:
        streets = street_choices(ws, state.level() or ws.finest, tuple(chosen(ws)))
        held = st.multiselect(
            t(STREETS), list(streets), format_func=streets.__getitem__, key=state.own("grids streets"), placeholder=""
        )
        return False, {"streets": tuple(held)}
    words = {key: t(one) for key, one in PICK.items()}
    pick = st.radio(
        t(PICKING), list(words), format_func=words.__getitem__, horizontal=True, key=state.own("grids click")
    )
    st.caption(t(CLICK.format(n=len(points()))))
    with st.container(horizontal=True):
        st.button(
            t(BACK),
            on_click=lambda: state.keep(POINTS, points()[:-1]),
            disabled=not points(),
            key=state.own("grids back"),
        )
        st.button(
            t(CLEAR), on_click=lambda: state.keep(POINTS, ()), disabled=not points(), key=state.own("grids clear")
        )
    return pick == "draw", {"lines": (points(),) if points() else ()}


def _even(ws: Workspace, kind: str) -> dict[str, Any]:
    """Show the choice of the load, and for a balance of how many and of what."""
    loads = {key: t(words) for key, words in LOADS.items() if kind == kinds.HALVE or key != "area"}
    by = st.selectbox(t(BY), list(loads), format_func=loads.__getitem__, key=state.own(f"grids by {kind}"))
    if kind == kinds.HALVE:
        return {"by": by}
    usual = max(len(chosen(ws)), 1)
    into = st.number_input(t(INTO), 1, 99, usual, key=state.own(f"grids into {usual}"))
    cells = {key: t(words) for key, words in CELL.items() if key == "blocks" or BUILDINGS in ws}
    cell = st.radio(t(CELLS), list(cells), format_func=cells.__getitem__, horizontal=True, key=state.own("grids cells"))
    return {"by": by, "into": int(into), "cells": cell}


def _named() -> dict[str, tuple[str, ...]]:
    with st.expander(t(MORE)):
        codes = st.text_input(t(CODES), key=state.own("grids codes"))
        names = st.text_input(t(NAMES), key=state.own("grids names"))
    return {"ids": _parted(codes), "names": _parted(names)}


def _parted(words: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in words.replace("，", ",").replace("、", ",").split(",") if one.strip())
