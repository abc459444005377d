"""What a page is about: language, workspace, level, grid; and what was already computed for it.

The only module that touches session state and query parameters.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import GuatuError
from geo.text import Lang, Text
from layers import Workspace
from layers.store import stamp
from reports.priority import Ranking
from reports.ranking_table import capital
from reports.shelf import Volume, shelf
from views import cached
from views.routes import link

LANG, WORKSPACE, LEVEL, GRID, ISSUE, DAY = PLACES = ("lang", "ws", "level", "grid", "issue", "day")
"""Names in the address of a page."""
CLICKED = {"grids": GRID, "issues": ISSUE}
"""Name in the address by kind of thing that can be clicked."""
OPENING = Text("正在打开工作区……", "Opening the workspace…")
RANKING = Text("正在计算指标与排名……", "Computing measures and ranking…")
LISTING = Text("正在整理问题台账……", "Preparing the issue ledger…")
DRAWING = Text("正在准备地图……", "Preparing the map…")


class NoWorkspaceError(GuatuError):
    """There is nothing to open."""


class UnknownWorkspaceError(GuatuError):
    """The address asks for a workspace that is not on the shelf; ``asked`` is what it asks for."""

    def __init__(self, asked: str) -> None:
        super().__init__(Text(f"没有工作区“{asked}”", f"there is no workspace “{asked}”"))
        self.asked = asked


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
    for dependent in {WORKSPACE: (LEVEL, GRID, ISSUE, DAY), LEVEL: (GRID,)}.get(name, ()):
        choose(dependent, None)
    if value is None:
        st.session_state.pop(f"at_{name}", None)
        st.query_params.pop(name, None)
    else:
        st.session_state[f"at_{name}"] = value
        st.query_params[name] = value


def keep_pages(pages: Mapping[str, Any]) -> None:
    """Remember the pages by path, so that one can lead to another."""
    st.session_state["pages"] = pages


def turn_to(path: str) -> None:
    """Go to another page, with what was chosen here."""
    places = {name: value for name in PLACES if (value := at(name))}
    st.switch_page(st.session_state["pages"][path], query_params=places)


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


def bound(
    widget: Callable[..., Any],
    title: str,
    *,
    key: str,
    value: object,
    moved: Callable[[Any], None],
    **options: Any,  # noqa: ANN401 (handed to the widget as they are)
) -> None:
    """Show a widget that stands at ``value`` in every run; ``moved`` gets what a person sets it to."""
    st.session_state[key] = value
    widget(title, key=key, on_change=lambda: moved(st.session_state[key]), **options)


def sent(key: str, name: str) -> Any:  # noqa: ANN401 (whatever it said)
    """Give what a component of the page said under a name, in the run that this causes; for its callbacks."""
    return st.session_state[key][name]


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
    look = {"options": list(words), "format_func": words.__getitem__, **options}
    bound(widget, title, key=f"pick_{name}", value=current, moved=lambda value: choose(name, value), **look)


def kept(name: str) -> Any:  # noqa: ANN401 (whatever was kept)
    """Give what the session keeps under a name for the chosen workspace, None if nothing."""
    return st.session_state.get(f"{name}_{volume().key}")


def keep(name: str, value: object) -> None:
    """Keep something for the chosen workspace as long as the session lasts; None forgets it."""
    st.session_state[f"{name}_{volume().key}"] = value


def selected(*, issue: bool = False) -> dict[str, str] | None:
    """What a map marks: the chosen grid, or with ``issue`` first of all the chosen issue."""
    if issue and (one := at(ISSUE)):
        return {"kind": "issues", "id": one}
    chosen = grid()
    return {"kind": "grids", "id": chosen} if chosen else None


def put(name: str, value: object) -> None:
    """Set a widget of the chosen workspace, see ``own``, before it is shown."""
    st.session_state[own(name)] = value


def key(name: str, content: Iterable[object]) -> str:
    """Name a widget after what it shows, so that a row clicked before does not stand for another thing after."""
    return f"{name} {volume().key} {hash(tuple(content))}"


def own(name: str) -> str:
    """Name a widget whose value belongs to the chosen workspace."""
    return f"{name} {volume().key}"


def volumes() -> tuple[Volume, ...]:
    """The workspaces that can be chosen."""
    return shelf()


def asked_volume() -> str | None:
    """Key of the chosen workspace, the first one if none was asked for; None if what was asked for is not there."""
    keys = [one.key for one in volumes()]
    asked = at(WORKSPACE) or next(iter(keys), None)
    return asked if asked in keys else None


def volume() -> Volume:
    """The chosen workspace on the shelf; the first if none is chosen.

    Raises:
        NoWorkspaceError: the shelf is empty.
        UnknownWorkspaceError: the address asks for one that is not there.
    """
    found = volumes()
    if not found:
        raise NoWorkspaceError(
            Text("没有可打开的工作区。请在终端运行 guatu demo 或 guatu app 文件夹。",
                 "There is no workspace to open. Run guatu demo, or guatu app FOLDER, in a terminal.")
        )  # fmt: skip
    asked = at(WORKSPACE)
    if asked is None:
        return found[0]
    for one in found:
        if one.key == asked:
            return one
    raise UnknownWorkspaceError(asked)


def workspace() -> Workspace:
    """The chosen workspace, opened; rows with faults are set aside and listed in its problems.

    Raises:
        ManifestError, DataError: it cannot be opened.
    """
    folder = volume().folder
    with st.spinner(t(OPENING)):
        return cached.whole(folder, mark())


def day() -> date | None:
    """The day that is shown, None for the present; what is no day counts for none."""
    try:
        return date.fromisoformat(at(DAY) or "")
    except ValueError:
        return None


def mark() -> cached.Mark:
    """What parts the chosen workspace from what it was before an edit, or on another day."""
    folder, shown = volume().folder, day()
    files = stamp(folder)
    as_of = None if shown is None else datetime.combine(shown, time(23, 59, 59))
    return cached.Mark(f"{files}|{cached.ledger_mark(folder, files)}", as_of)


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
        return cached.listed(folder, mark(), level())


def default_ranking() -> Ranking:
    """The ranking of the chosen level with the weights of the workspace.

    Raises:
        DataError: the workspace has no grids, or its criteria cannot be used.
    """
    folder = volume().folder
    with st.spinner(t(RANKING)):
        return cached.ranked(folder, mark(), level())


def ranking() -> Ranking:
    """The ranking of the chosen level with the weights of the session."""
    base, changed = default_ranking(), weights()
    return base.reweighed(changed) if changed else base


def map_payload(layers: Iterable[str] = ()) -> dict[str, Any]:
    """The map of the chosen workspace, shaded by the ranking where it has grids; no layers named means all."""
    folder, changed = volume().folder, tuple(sorted(weights().items()))
    link(workspace())  # keeps the addresses in the cached map alive
    with st.spinner(t(DRAWING)):
        return cached.mapped(folder, mark(), level(), weights=changed, layers=tuple(layers), lang=lang())


def weights() -> dict[str, float]:
    """The weights that the session changed, in percent; empty for those of the workspace."""
    found: dict[str, float] = kept("weights") or {}
    return found
