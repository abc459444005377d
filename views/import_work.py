"""What the Import page works on: the files of the session, the workspace that they come to, the chosen layer and file."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers import Workspace
from layers.catalog import LayerSpec
from layers.intake.look import Setting
from reports.intake_desk import Desk
from reports.intake_said import Form, RowKey, Spot
from reports.intake_uploads import Handed, Upload
from views import cached, state
from views.plain import plain
from views.state import t

ARRANGING = Text("正在读取工作区……", "Reading the workspace…")
FILE, NEW = "import file", "import new"


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

    def aim(self, form: Form, heading: str | None, target: str) -> None:
        """Note which column a heading is; no heading: nothing."""
        if heading:
            said = self.desk.said(self.file, self.spec)
            self.desk.note(self.file, self.spec, said.aimed(self.spec, form, heading, target))

    def measure(self, form: Form, heading: str, unit: str) -> None:
        """Note the unit of bare numbers under a heading."""
        said = self.desk.said(self.file, self.spec)
        self.desk.note(self.file, self.spec, said.measured(form, heading, unit))

    def place(self, points: Mapping[RowKey, Spot | None]) -> None:
        """Note where rows are; None takes it back."""
        self.desk.note(self.file, self.spec, self.desk.said(self.file, self.spec).placed(points))


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
    mark = state.mark()
    with st.spinner(t(ARRANGING)):
        found = cached.arranged(folder, mark)
    if isinstance(found, DataError):
        raise DataError(found.problems)
    return found, mark.files


def work(ws: Workspace, arranged: tuple[Setting, str], file: Handed) -> Work:
    """Give a file on its way; it is read for that, so that its layer can be proposed."""
    files, (to, mark) = desk(), arranged
    with st.spinner(plain(t(files.reading(file)))):
        spec = files.spec(to, file)
    return Work(ws, files, to, mark, spec, file)


def part(files: Desk, to: Setting) -> None:
    """Part the archives whose files are no single ledger."""
    for one in files.unparted():
        with st.spinner(plain(t(files.reading(one)))):
            files.part(to, one)


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
        return cached.ground(folder, state.mark(), layers, state.lang())
