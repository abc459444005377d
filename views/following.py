"""Following clicks: what was clicked in a table or on a map becomes what the page is about."""

from collections.abc import Mapping

import streamlit as st

from views import state
from views.state import CLICKED, GRID, LEVEL


def follow(kind: str, picked: str | None, *, key: str) -> None:
    """Go to what was clicked in a table: a "grids" or "issues" id. What stays clicked counts only once.

    A row that is no longer clicked in the table of the same ``key`` is no longer chosen.
    """
    seen, what = f"seen_table_{kind}", (key, picked)
    before = state.kept(seen)
    if before == what:
        return
    state.keep(seen, what)
    if picked is not None:
        _go_to(kind, picked)
    elif before == (key, state.at(CLICKED[kind])):
        state.choose(CLICKED[kind], None)
        st.rerun()


def follow_map(picked: Mapping[str, str] | None) -> None:
    """Go to what was clicked on a map; a grid of another level brings its level along."""
    if picked is not None and picked["kind"] in CLICKED:
        _go_to(picked["kind"], picked["id"])


def _go_to(kind: str, picked: str) -> None:
    if picked == state.at(CLICKED[kind]):
        return
    if kind == "grids":
        go_to_grid(picked)
    else:
        state.choose(CLICKED[kind], picked)
    st.rerun()


def go_to_grid(grid_id: str) -> None:
    """Choose a grid and the level that has it."""
    state.choose(LEVEL, str(level_of(grid_id)))
    state.choose(GRID, grid_id)


def level_of(grid_id: str) -> int | None:
    """The level that has a grid; the chosen one if none has."""
    ws = state.workspace()
    return next((one for one in ws.levels if grid_id in ws.grids(one).index), state.level())


def brought(kind: str) -> str | None:
    """What was chosen last, but not by a click in a table: on a map, by the address or a list.

    A table shows it first. A click in the table leaves this, and so the order of its rows, as it is.
    """
    chosen = state.at(CLICKED[kind])
    clicked = state.kept(f"seen_table_{kind}")
    if chosen is None or clicked is None or clicked[1] != chosen:
        state.keep(f"brought_{kind}", chosen)
    found: str | None = state.kept(f"brought_{kind}")
    return found
