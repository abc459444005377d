"""Files of one session on their way in: kept privately under names of ours, read apart, looked at, stored.

Nothing of a file is opened here; ``layers.intake.upload.opening`` copies it once more for a worker of its own.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from weakref import finalize

from pyproj.exceptions import CRSError as UnknownCrsError

from geo.errors import CrsError, DataError, Problem
from geo.findings import value_found
from geo.text import Text, counted
from layers.catalog import CATALOG, ISSUES, LayerSpec
from layers.intake.apart import Storing
from layers.intake.history import FOLDER, Intake
from layers.intake.look import Look, Setting
from layers.intake.looking import look_at
from layers.intake.mapping.layer_proposal import Proposal, proposal
from layers.intake.rejects.copy import rejects_suffix, write_rejects
from layers.intake.source import LostRow, Source, member_of
from layers.intake.taking import parcel_of, silent
from layers.intake.unlike import files_apart
from layers.intake.upload.opening import open_upload
from reports.intake_folder import PrivateFolder
from reports.intake_kept import Kept
from reports.intake_raster import is_raster
from reports.intake_said import Said, mapped
from reports.intake_table import Marked, marked
from reports.intake_uploads import Handed, Upload, grouped, parted, stored, upload_key

READING = Text("正在读取 {name}（{size} MB）", "Reading {name} ({size} MB)")
UNDERSTANDING = Text("已读取 {zh}，正在辨认各列、定位并逐行检查", "{en} read; understanding, placing and checking them")
MOST_ROWS = 400_000
"""Rows of files that are kept read and looked at; of more, only the last file is."""
BAD_CRS = Problem(
    "crs_unknown",
    "error",
    "",
    None,
    None,
    Text("", ""),
    Text("坐标系代码，如 EPSG:4547", "a code such as EPSG:4547"),
    Text("改正代码，或选“自动判断”", "correct the code, or choose to have it judged"),
)
Tell = Callable[[Text], None]
Note = TypeVar("Note")


class Seen(NamedTuple):
    """A look at a file, all its tables, and what of the mapping could not be changed as asked."""

    look: Look
    sources: tuple[Source, ...]
    rows: tuple[Marked, ...]
    refused: tuple[Problem, ...]


class Desk:
    """The files that a session hands in, what was said of each, and what was found; gone with the session."""

    def __init__(self) -> None:
        self._handed: tuple[Handed, ...] = ()
        self._parted: dict[str, tuple[Handed, ...]] = {}
        self.done: dict[str, Intake] = {}
        folder = PrivateFolder()
        self._folder = folder.path
        self._layers: dict[str, str] = {}
        self._ways: dict[str, tuple[str | None, Mapping[str, str]]] = {}
        self._said: dict[tuple[str, str], Said] = {}
        self._read: Kept[tuple[Source, ...]] = Kept(MOST_ROWS)
        self._looked: Kept[Seen] = Kept(MOST_ROWS)
        self._proposed: dict[object, Proposal] = {}
        self._noted: dict[str, tuple[object, Any]] = {}
        finalize(self, folder.close)

    def receive(self, uploads: Iterable[Upload]) -> None:
        """Take files in place of those of before; those that are here already stay as they are."""
        groups = grouped(list(uploads))
        known = {one.key: one for one in self._handed}
        self._handed = tuple(
            known.get(group[0].key) or stored(group, Path(tempfile.mkdtemp(dir=self._folder))) for group in groups
        )
        here = {one.key for one in self._handed}
        for key in known.keys() - here:
            shutil.rmtree(known[key].path.parent, ignore_errors=True)
            self._parted.pop(key, None)
        self.done = {key: one for key, one in self.done.items() if upload_key(key) in here}

    @property
    def files(self) -> tuple[Handed, ...]:
        """All things to import: the files that were handed in, those of an archive each by itself where they are unlike."""
        return tuple(part for one in self._handed for part in self._parted.get(one.key, (one,)))

    def unparted(self) -> tuple[Handed, ...]:
        """Give the archives of which it is not known yet whether their files belong together."""
        return tuple(one for one in self._handed if one.key not in self._parted and one.path.suffix == ".zip")

    def part(self, setting: Setting, file: Handed) -> None:
        """Read an archive; if its files are no single ledger, each is a thing to import by itself from now on."""
        try:
            self._parted[file.key] = parted(file, files_apart(self.sources(file), setting))
        except DataError:  # told where the file is looked at
            self._parted[file.key] = (file,)

    def is_raster(self, file: Handed) -> bool:
        """Tell whether a file is a GeoTIFF, or an archive that holds one and no tables."""
        if file.path.suffix != ".zip":
            return is_raster(file.path)
        try:
            return {one.kind for one in self.sources(file)} == {"geotiff"}
        except DataError:  # told where the file is looked at
            return False

    def said(self, file: Handed, spec: LayerSpec) -> Said:
        """Give what was said of a file for a layer; table and way of reading hold for all layers."""
        part, options = self._ways.get(file.key, (None, {}))
        return replace(self._said.get((file.key, spec.key), Said()), part=part, options=options)

    def say(self, file: Handed, spec: LayerSpec, **changes: Any) -> None:  # noqa: ANN401 (fields of Said)
        """Note what somebody says of a file; another table or way of reading begins mapping and places anew."""
        self.note(file, spec, replace(self.said(file, spec), **changes))

    def note(self, file: Handed, spec: LayerSpec, said: Said) -> None:
        """Note all that somebody says of a file."""
        way = said.part, said.options
        if way != self._ways.get(file.key, (None, {})):
            said = replace(said, targets={}, units={}, points={})
            self._ways[file.key] = way
        self._said[file.key, spec.key] = said

    def choose(self, file: Handed, layer: str) -> None:
        """Note which layer a file goes to."""
        self._layers[file.key] = layer

    def sources(self, file: Handed) -> tuple[Source, ...]:
        """Read all tables of a file, or give what was read before.

        Raises:
            DataError: the file is refused; it says why and what to do.
        """
        _, options = self._ways.get(file.key, (None, {}))
        asked = upload_key(file.key), tuple(sorted(options.items()))
        name = next((one.name for one in self._handed if one.key == asked[0]), file.name)
        found = self._read.give(asked, lambda: tuple(open_upload(file.path, name=name, options=options)), _rows)
        return tuple(one for one in found if file.member in {"", member_of(one)})

    def proposal(self, setting: Setting, file: Handed) -> Proposal:
        """Propose the layer of a file.

        Raises:
            DataError: the file cannot be read.
        """
        sources = self.sources(file)
        asked = str(setting.folder), file.key, self._ways.get(file.key, (None, {}))[0], len(sources[0].cells)
        if asked not in self._proposed:
            self._proposed[asked] = proposal(sources, asked[2], setting, file=file.name)
        return self._proposed[asked]

    def spec(self, setting: Setting, file: Handed) -> LayerSpec:
        """Give the layer that a file goes to: the chosen one, else the proposed one, issues for one that cannot be read."""
        if file.key in self._layers:
            return CATALOG[self._layers[file.key]]
        try:
            return self.proposal(setting, file).spec
        except DataError:  # told where the file is looked at
            return ISSUES

    def look(self, setting: Setting, mark: str, file: Handed, spec: LayerSpec, *, tell: Tell | None = None) -> Seen:
        """Look at a file as it is said to be; the same question gets the same answer without looking again.

        Args:
            setting: the workspace.
            mark: names its state.
            file: the file.
            spec: the layer.
            tell: hears what is being done.

        Raises:
            DataError: the file cannot be read, or what was said of it cannot be.
        """
        asked = self.asked(setting, mark, file, spec)
        return self._looked.give(asked, lambda: self._seen(setting, file, spec, tell or silent), _rows_seen)

    def is_looked(self, setting: Setting, mark: str, file: Handed, spec: LayerSpec) -> bool:
        """Tell whether a look is there already."""
        return self.asked(setting, mark, file, spec) in self._looked

    def noted(self, file: Handed, asked: object, make: Callable[[], Note]) -> Note:
        """Give a note on a file, made anew only when something else is asked, see ``asked``."""
        if self._noted.get(file.key, (None, None))[0] != asked:
            self._noted[file.key] = asked, make()
        found: Note = self._noted[file.key][1]
        return found

    def asked(self, setting: Setting, mark: str, file: Handed, spec: LayerSpec) -> object:
        """Give what a look answers: another one is needed when this changes."""
        return str(setting.folder), mark, file.key, spec.key, self.said(file, spec)

    def _seen(self, setting: Setting, file: Handed, spec: LayerSpec, tell: Tell) -> Seen:
        tell(self.reading(file))
        sources = self.sources(file)
        rows = sum(len(one.cells) + len(one.lost) for one in sources)
        tell(UNDERSTANDING.format(zh=f"{rows:,} 行", en=counted(rows, "row", "rows")))
        said = self.said(file, spec)
        wishes = said.wishes(spec)
        try:
            look = look_at(setting, sources, wishes, file=file.name)
            columns, refused = mapped(look, said)
            if columns:
                look = look_at(setting, sources, replace(wishes, columns=columns), file=file.name)
        except (UnknownCrsError, CrsError) as error:
            raise DataError([BAD_CRS._replace(file=file.name, found=value_found(said.answers.crs))]) from error
        return Seen(look, sources, marked(look), refused)

    def reading(self, file: Handed) -> Text:
        """Say that a file is being read, and how large it is."""
        size = sum(one.stat().st_size for one in file.path.parent.iterdir())
        return READING.format(name=file.name, size=f"{size / 1e6:,.1f}")

    def kind(self, file: Handed) -> str:
        """Give the kind of a file, "" if it could not be read."""
        try:
            return self.sources(file)[0].kind
        except DataError:  # told where the file is looked at
            return ""

    def rejects_name(self, file: Handed, look: Look) -> str:
        """Name the copy of a file with its rejected rows."""
        return f"{stem(file.name)}-rejected{rejects_suffix(*_lost(look))}"

    def rejects(self, file: Handed, look: Look) -> bytes:
        """Give a copy of a file with only its rejected rows and their reasons."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            return write_rejects(file.path, *_lost(look), Path(folder) / "rejected.csv").read_bytes()

    def take(self, setting: Setting, file: Handed, look: Look, *, tell: Tell | None = None) -> Intake:
        """Store what was looked at, in a process of its own.

        Args:
            setting: the workspace.
            file: the file.
            look: what was found.
            tell: hears what is being done.

        Raises:
            DataError: nothing to store, or another intake is under way.
        """
        storing = Storing(setting.folder, parcel_of(look), file.path, room=self._folder)
        try:
            return storing.outcome(tell or silent)
        finally:  # also if the session went on to something else meanwhile
            if storing.done is not None:
                self.done[file.key] = storing.done
                self._looked.clear()

    def forget(self, number: int) -> None:
        """Forget that a file was taken in, since that was undone."""
        self.done = {key: one for key, one in self.done.items() if one.number != number}


def _rows(sources: Sequence[Source]) -> int:
    return sum(len(one.cells) for one in sources)


def _rows_seen(seen: Seen) -> int:
    return _rows(seen.sources)


def rejects_in(folder: Path, done: Intake) -> tuple[str, bytes] | None:
    """Give name and content of the rejected rows that an intake of a workspace keeps, None if it rejected none."""
    name = done.record.get("rejects_file")
    path = folder / FOLDER / done.folder.name / Path(str(name)).name
    if not name or not path.is_file():
        return None
    return f"{stem(str(done.record['file']))}-rejected{path.suffix}", path.read_bytes()


def stem(name: str) -> str:
    """Give the part of a user's file name that can begin the name of another file."""
    return re.sub(r"[^\w.()（）-]+", "_", Path(name.replace("\\", "/")).stem).strip("._") or "file"


def _lost(look: Look) -> tuple[list[Source], list[tuple[LostRow, ...]]]:
    return [part.source for part in look.parts], [part.lost for part in look.parts]
