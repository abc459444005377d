"""What the Import page works on: the files of the session, the workspace that they come to, the chosen layer and file."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.catalog import CATALOG, GRIDS, ISSUES, LayerSpec
from layers.intake.look import Setting
from layers.store import stamp
from reports.intake_desk import Desk, Handed, Upload
from views import cached, state
from views.state import t

ARRANGING = Text("正在读取工作区……", "Reading the workspace…")
LAYER, FILE, NEW = "import layer", "import file", "import new"


class Work(NamedTuple):
    """A file on its way into a layer of a workspace."""

    ws: Workspace
    desk: Desk
    setting: Setting
    mark: str
    spec: LayerSpec
    file: Handed

    def key(self, name: str) -> str:
        """Name a widget that belongs to this file and layer."""
        return state.own(f"import {name} {self.file.key} {self.spec.key}")

    def say(self, **changes: Any) -> None:  # noqa: ANN401 (fields of Said)
        """Note what a person says of the file."""
        self.desk.say(self.file, self.spec, **changes)


def desk() -> Desk:
    """Give the files of the session."""
    found = state.kept("import desk")
    if not isinstance(found, Desk):
        found = Desk()
        state.keep("import desk", found)
    return found


def setting() -> tuple[Setting, str]:
    """Give the workspace that files are to come to, and the mark of its state.

    Raises:
        DataError: its layers have faults, which have to be mended first.
    """
    folder = state.volume().folder
    mark = stamp(folder)
    with st.spinner(t(ARRANGING)):
        found = cached.arranged(folder, mark)
    if isinstance(found, DataError):
        raise DataError(found.problems)
    return found, mark


def spec(ws: Workspace) -> LayerSpec:
    """Give the chosen layer; at first issues, or grids where there are none yet."""
    return CATALOG[state.kept(LAYER) or (ISSUES.key if ws.levels else GRIDS.key)]


def choose_layer(key: str) -> None:
    """Choose the layer that files go to."""
    state.keep(LAYER, key)


def chosen_file(files: Desk) -> Handed:
    """Give the chosen file, at first the first one that is not stored yet."""
    known = {one.key: one for one in files.files}
    first = next((one for one in files.files if one.key not in files.done), files.files[0])
    return known.get(state.kept(FILE) or "", first)


def choose_file(key: str | None) -> None:
    """Choose the file that is looked at; None goes to the first one that is not stored yet."""
    state.keep(FILE, key)


def handed(uploads: Iterable[Any] | None) -> None:
    """Take what the uploader holds, if it changed."""
    if state.kept(NEW):
        state.keep(NEW, None)
        state.keep(FILE, None)
        desk().receive(Upload(one.file_id, one.name, one.getvalue) for one in uploads or ())


def changed() -> None:
    """Note that the uploader holds other files."""
    state.keep(NEW, value=True)


def clear() -> None:
    """Put all files away."""
    desk().receive(())
    state.keep(FILE, None)
    state.keep("import turn", f"{state.kept('import turn') or ''}+")


def uploader_key() -> str:
    """Name the uploader; another name empties it."""
    return state.own(f"import upload {state.kept('import turn') or ''}")


def ground(layers: tuple[str, ...]) -> dict[str, Any]:
    """Give the map of the workspace to lay a preview over."""
    folder = state.volume().folder
    with st.spinner(t(state.DRAWING)):
        return cached.ground(folder, stamp(folder), layers, state.lang())
