"""What a page is about: language, workspace, level, grid; and what was already computed for it.

The only module that touches session state, query parameters and caches. An opened workspace is frozen,
so all sessions share one; it is kept by folder and by the stamp of its files, so a changed file opens it
anew, and no table is ever hashed or copied.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import DataError, GuatuError
from geo.text import Lang, Text
from layers import Workspace, open_workspace
from layers.store import stamp
from reports.ledger_table import issue_ledger
from reports.priority import Ranking, rank
from reports.ranking_table import capital, percents, whole
from reports.shelf import Volume, shelf
from reports.webmap.payload import payload
from views.routes import link

LANG, WORKSPACE, LEVEL, GRID, ISSUE = PLACES = ("lang", "ws", "level", "grid", "issue")
"""Names in the address of a page."""
Weights = tuple[tuple[str, float], ...]
OPENING = Text("正在打开工作区……", "Opening the workspace…")
RANKING = Text("正在计算指标与排名……", "Computing measures and ranking…")
LISTING = Text("正在整理问题台账……", "Preparing the issue ledger…")
DRAWING = Text("正在准备地图……", "Preparing the map…")


class NoWorkspaceError(GuatuError):
    """There is nothing to open."""


def begin() -> None:
    """Take over what the address says; put back what a change of page dropped from it."""
    for name in PLACES:
        if name in st.query_params:
            st.session_state[f"at_{name}"] = st.query_params[name]
        elif f"at_{name}" in st.session_state:
            st.query_params[name] = st.session_state[f"at_{name}"]


def at(name: str) -> str | None:
    """Read one of ``PLACES``."""
    found: str | None = st.session_state.get(f"at_{name}")
    return found


def choose(name: str, value: str | None) -> None:
    """Set one of ``PLACES``, here and in the address; None or nothing takes it away."""
    value = value or None
    if value == at(name):
        return
    for dependent in {WORKSPACE: (LEVEL, GRID, ISSUE), LEVEL: (GRID,)}.get(name, ()):
        choose(dependent, None)
    if value is None:
        st.session_state.pop(f"at_{name}", None)
        st.query_params.pop(name, None)
    else:
        st.session_state[f"at_{name}"] = value
        st.query_params[name] = value


def lang() -> Lang:
    """The language: of the address, else of the browser."""
    chosen = at(LANG)
    if chosen in set(Lang):
        return Lang(chosen)
    locale = st.context.locale or Lang.ZH
    return Lang.ZH if locale.lower().startswith(Lang.ZH) else Lang.EN


def t(text: Text) -> str:
    """Say something in the language of the session."""
    return text.in_(lang())


def label(text: Text) -> str:
    """Say something as a label, with a capital letter."""
    return capital(t(text))


def picker(
    widget: Callable[..., Any],
    title: str,
    name: str,
    words: Mapping[str, str],
    *,
    current: str | None,
    **options: Any,  # noqa: ANN401 (handed to the widget as they are)
) -> None:
    """Show a widget that sets one of ``PLACES`` to one of the keys of ``words``."""
    key = f"pick_{name}"
    st.session_state[key] = current

    def picked() -> None:
        choose(name, st.session_state[key])

    widget(title, list(words), format_func=words.__getitem__, key=key, on_change=picked, **options)


def follow(kind: str, picked: str | None) -> None:
    """Go to what was clicked in a table: a "grids" or "issues" id. What stays clicked counts only once."""
    _follow("table", kind, picked)


def follow_map(picked: Mapping[str, str] | None) -> None:
    """Go to what was clicked on a map; a grid of another level brings its level along."""
    if picked is not None:
        _follow("map", picked["kind"], picked["id"])


def _follow(source: str, kind: str, picked: str | None) -> None:
    seen, what = f"seen_{source}_{kind}", (volume().key, picked)
    name = {"grids": GRID, "issues": ISSUE}.get(kind)
    if name is None or st.session_state.get(seen) == what:
        return
    st.session_state[seen] = what
    if picked is None or picked == at(name):
        return
    if name == GRID:
        choose(LEVEL, str(_level_of(picked)))
    choose(name, picked)
    st.rerun()


def _level_of(grid_id: str) -> int | None:
    ws = workspace()
    return next((one for one in ws.levels if grid_id in ws.grids(one).index), level())


def selected(*, issue: bool = False) -> dict[str, str] | None:
    """What a map marks: the chosen grid, or with ``issue`` first of all the chosen issue."""
    if issue and (one := at(ISSUE)):
        return {"kind": "issues", "id": one}
    chosen = grid()
    return {"kind": "grids", "id": chosen} if chosen else None


def key(name: str, content: Iterable[object]) -> str:
    """Name a widget after what it shows, so that a row clicked before does not stand for another thing after."""
    return f"{name} {volume().key} {hash(tuple(content))}"


def own(name: str) -> str:
    """Name a widget whose value belongs to the chosen workspace."""
    return f"{name} {volume().key}"


def volumes() -> tuple[Volume, ...]:
    """The workspaces that can be chosen."""
    return shelf()


def volume() -> Volume:
    """The chosen workspace on the shelf; the first if none is chosen.

    Raises:
        NoWorkspaceError: the shelf is empty.
    """
    found = volumes()
    if not found:
        raise NoWorkspaceError(
            Text("没有可打开的工作区。请在终端运行 guatu demo 或 guatu app 文件夹。",
                 "There is no workspace to open. Run guatu demo, or guatu app FOLDER, in a terminal.")
        )  # fmt: skip
    return next((one for one in found if one.key == at(WORKSPACE)), found[0])


@st.cache_resource(max_entries=8, show_spinner=False)
def _opened(folder: Path, mark: str) -> Workspace | DataError:  # noqa: ARG001 (the mark parts edits)
    try:
        return open_workspace(folder, set_aside=True)
    except DataError as error:
        return error


@st.cache_resource(max_entries=16, show_spinner=False)
def _ranked(folder: Path, mark: str, level: int | None) -> Ranking:
    return rank(_whole(folder, mark), level=level)


@st.cache_resource(max_entries=8, show_spinner=False)
def _listed(folder: Path, mark: str, level: int | None) -> pd.DataFrame:
    return issue_ledger(_whole(folder, mark), level)


@st.cache_resource(max_entries=32, show_spinner=False)
def _mapped(
    folder: Path, mark: str, level: int | None, *, weights: Weights, layers: tuple[str, ...], lang: str
) -> dict[str, Any]:
    ws = _whole(folder, mark)
    base = _ranked(folder, mark, level) if ws.levels else None
    found = base.reweighed(dict(weights)) if base and weights else base
    return payload(ws, layers or None, ranking=found, level=level, lang=lang, link=link(ws))


def _whole(folder: Path, mark: str) -> Workspace:
    found = _opened(folder, mark)
    if isinstance(found, DataError):
        raise type(found)(found.problems)
    return found


def workspace() -> Workspace:
    """The chosen workspace, opened; rows with faults are set aside and listed in its problems.

    Raises:
        ManifestError, DataError: it cannot be opened.
    """
    folder = volume().folder
    with st.spinner(t(OPENING)):
        return _whole(folder, stamp(folder))


def level() -> int | None:
    """The chosen grid level; the finest if none is chosen, None in a workspace without grids."""
    ws = workspace()
    return next((one for one in ws.levels if str(one) == at(LEVEL)), ws.finest if ws.levels else None)


def grid() -> str | None:
    """The chosen grid, if the level has it."""
    chosen, ws = at(GRID), workspace()
    return chosen if ws.levels and chosen in ws.grids(level()).index else None


def ledger() -> pd.DataFrame:
    """The issue ledger of the chosen workspace and level."""
    folder = volume().folder
    with st.spinner(t(LISTING)):
        return _listed(folder, stamp(folder), level())


def default_ranking() -> Ranking:
    """The ranking of the chosen level with the weights of the workspace.

    Raises:
        DataError: the workspace has no grids, or its criteria cannot be used.
    """
    folder = volume().folder
    with st.spinner(t(RANKING)):
        return _ranked(folder, stamp(folder), level())


def ranking() -> Ranking:
    """The ranking of the chosen level with the weights of the session."""
    base, changed = default_ranking(), weights()
    return base.reweighed(changed) if changed else base


def map_payload(layers: Iterable[str] = ()) -> dict[str, Any]:
    """The map of the chosen workspace, shaded by the ranking where it has grids; no layers named means all."""
    folder, changed = volume().folder, tuple(sorted(weights().items()))
    link(workspace())  # keeps the addresses in the cached map alive
    with st.spinner(t(DRAWING)):
        return _mapped(folder, stamp(folder), level(), weights=changed, layers=tuple(layers), lang=lang())


def weights() -> dict[str, float]:
    """The weights that the session changed, in percent; empty for those of the workspace."""
    found: dict[str, float] = st.session_state.get(f"weights_{volume().key}", {})
    return found


def slider(title: str, criterion: str, **options: Any) -> None:  # noqa: ANN401 (handed to the slider)
    """Show a slider for the weight of one criterion; moving it changes ``weights``."""
    key, store = f"weight_{volume().key}_{criterion}", f"weights_{volume().key}"
    base = default_ranking()
    st.session_state[key] = whole({**percents(base.criteria), **weights()}[criterion])

    def moved() -> None:
        wanted = {**percents(base.criteria), **weights(), criterion: st.session_state[key]}
        if any(wanted[one.key] for one in base.used):  # all at zero would rank nothing
            st.session_state[store] = wanted

    st.slider(title, 0, 100, key=key, on_change=moved, **options)


def forget_weights() -> None:
    """Go back to the weights of the workspace."""
    st.session_state.pop(f"weights_{volume().key}", None)


@contextmanager
def guarded(show: Callable[[GuatuError], None]) -> Iterator[None]:
    """Show what went wrong on purpose; anything else is a fault of ours and surfaces."""
    try:
        yield
    except GuatuError as error:
        show(error)
