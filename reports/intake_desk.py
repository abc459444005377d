"""Files of one session on their way in: kept privately under names of ours, read apart, looked at, stored.

Nothing of a file is opened here; ``layers.intake.upload.opening`` copies it once more for a worker of its own.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from weakref import finalize

from pyproj.exceptions import CRSError as UnknownCrsError

from geo.errors import CrsError, DataError, Problem
from geo.findings import value_found
from geo.text import Text, counted
from layers.catalog import LayerSpec
from layers.intake.history import FOLDER, Intake
from layers.intake.look import Look, Setting, Wishes
from layers.intake.looking import look_at
from layers.intake.mapping.map_file import edited
from layers.intake.mapping.proposal import ColumnMap, Settings
from layers.intake.mapping.targets import EXTRA, role_of
from layers.intake.rejects.copy import rejects_suffix, write_rejects
from layers.intake.source import LostRow, Source
from layers.intake.taking import take_in
from layers.intake.upload.opening import open_upload
from layers.intake.whereabouts import Answers
from reports.intake_folder import PrivateFolder
from reports.intake_table import Marked, marked

BESIDE: Mapping[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
"""Files that belong to another one of the same name."""
ALONE = frozenset({"column", "place", "case", "text"})
"""Roles that one heading of a table may have."""
READING = Text("正在读取", "Reading")
UNDERSTANDING = Text("已读取 {zh}，正在辨认各列、定位并逐行检查", "{en} read; understanding, placing and checking them")
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
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


class Upload(NamedTuple):
    """A file as a browser hands it in: a key of its own, the user's name for it, and how to get its bytes."""

    key: str
    name: str
    content: Callable[[], Any]


class Handed(NamedTuple):
    """One thing to import: its key, the user's name for it, and our copy (its parts lie beside it)."""

    key: str
    name: str
    path: Path


@dataclass(frozen=True)
class Said:
    """What a person said of a file for a layer; whatever is not said is found out or asked."""

    part: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    settings: Settings = field(default_factory=Settings)
    targets: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


class Seen(NamedTuple):
    """A look at a file, all its tables, and what of the mapping could not be changed as asked."""

    look: Look
    sources: tuple[Source, ...]
    rows: tuple[Marked, ...]
    refused: tuple[Problem, ...]


class Desk:
    """The files that a session hands in, what was said of each, and what was found; gone with the session."""

    def __init__(self) -> None:
        self.files: tuple[Handed, ...] = ()
        self.done: dict[str, Intake] = {}
        folder = PrivateFolder()
        self._folder = folder.path
        self._said: dict[tuple[str, str], Said] = {}
        self._read: tuple[tuple[str, Mapping[str, str]], tuple[Source, ...] | DataError] | None = None
        self._looked: tuple[object, Seen | DataError] | None = None
        finalize(self, folder.close)

    def receive(self, uploads: Iterable[Upload]) -> None:
        """Take files in place of those of before; those that are here already stay as they are."""
        groups = _grouped(list(uploads))
        known = {one.key: one for one in self.files}
        self.files = tuple(known.get(group[0].key) or self._kept(group) for group in groups)
        for key in known.keys() - {one.key for one in self.files}:
            shutil.rmtree(known[key].path.parent, ignore_errors=True)
            self.done.pop(key, None)

    def _kept(self, group: Sequence[Upload]) -> Handed:
        home = Path(tempfile.mkdtemp(dir=self._folder))
        for one in group:
            (home / f"upload{_suffix(one.name)}").write_bytes(one.content())
        first = group[0]
        return Handed(first.key, first.name, home / f"upload{_suffix(first.name)}")

    def said(self, file: Handed, spec: LayerSpec) -> Said:
        """Give what was said of a file for a layer."""
        return self._said.get((file.key, spec.key), Said())

    def say(self, file: Handed, spec: LayerSpec, **changes: Any) -> None:  # noqa: ANN401 (fields of Said)
        """Note what somebody says of a file; another table or way of reading begins the mapping anew."""
        said = replace(self.said(file, spec), **changes)
        if changes.keys() & {"part", "options"}:
            said = replace(said, targets={}, units={})
        self._said[file.key, spec.key] = said

    def aim(self, file: Handed, spec: LayerSpec, heading: str | None, target: str) -> None:
        """Note which column a heading is; another heading that was given the same one loses it. No heading: nothing."""
        if not heading:
            return
        before = self.said(file, spec).targets
        alone = role_of(target, spec) in ALONE
        others = {name: EXTRA if alone and one == target else one for name, one in before.items()}
        self.say(file, spec, targets={**others, heading: target})

    def sources(self, file: Handed, spec: LayerSpec) -> tuple[Source, ...]:
        """Read all tables of a file, or give what was read before.

        Raises:
            DataError: the file is refused; it says why and what to do.
        """
        options = self.said(file, spec).options
        if self._read is None or self._read[0] != (file.key, options):
            try:
                found: tuple[Source, ...] | DataError = tuple(open_upload(file.path, name=file.name, options=options))
            except DataError as error:
                found = error
            self._read = (file.key, options), found
        if isinstance(self._read[1], DataError):
            raise DataError(self._read[1].problems)
        return self._read[1]

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
        asked = (str(setting.folder), mark, file.key, spec.key, self.said(file, spec))
        if self._looked is None or self._looked[0] != asked:
            try:
                found: Seen | DataError = self._seen(setting, file, spec, tell or (lambda _words: None))
            except DataError as error:
                found = error
            self._looked = asked, found
        if isinstance(self._looked[1], DataError):
            raise DataError(self._looked[1].problems)
        return self._looked[1]

    def is_looked(self, setting: Setting, mark: str, file: Handed, spec: LayerSpec) -> bool:
        """Tell whether a look is there already."""
        asked = (str(setting.folder), mark, file.key, spec.key, self.said(file, spec))
        return self._looked is not None and self._looked[0] == asked

    def _seen(self, setting: Setting, file: Handed, spec: LayerSpec, tell: Tell) -> Seen:
        tell(READING)
        sources = self.sources(file, spec)
        rows = sum(len(one.cells) + len(one.lost) for one in sources)
        tell(UNDERSTANDING.format(zh=f"{rows:,} 行", en=counted(rows, "row", "rows")))
        said = self.said(file, spec)
        wishes = Wishes(spec, (), said.answers, said.settings, said.part, said.options)
        try:
            look = look_at(setting, sources, wishes, file=file.name)
            columns, refused = _mapped(look, said, file.name)
            if columns is not None:
                look = look_at(setting, sources, replace(wishes, columns=(columns,)), file=file.name)
        except (UnknownCrsError, CrsError) as error:
            raise DataError([BAD_CRS._replace(file=file.name, found=value_found(said.answers.crs))]) from error
        return Seen(look, sources, marked(look), refused)

    def kind(self, file: Handed) -> str:
        """Give the kind of a file, "" if it could not be read."""
        if self._read is None or self._read[0][0] != file.key or isinstance(self._read[1], DataError):
            return ""
        return self._read[1][0].kind

    def rejects_name(self, file: Handed, look: Look) -> str:
        """Name the copy of a file with its rejected rows."""
        return f"{stem(file.name)}-rejected{rejects_suffix(*_lost(look))}"

    def rejects(self, file: Handed, look: Look) -> bytes:
        """Give a copy of a file with only its rejected rows and their reasons."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            return write_rejects(file.path, *_lost(look), Path(folder) / "rejected.csv").read_bytes()

    def take(self, setting: Setting, file: Handed, look: Look) -> Intake:
        """Store what was looked at.

        Raises:
            DataError: nothing to store, or another intake is under way.
        """
        done = take_in(setting.folder, look, file.path)
        self.done[file.key] = done
        self._looked = None
        return done

    def forget(self, number: int) -> None:
        """Forget that a file was taken in, since that was undone."""
        self.done = {key: one for key, one in self.done.items() if one.number != number}


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


def _suffix(name: str) -> str:
    found = Path(name).suffix.lower()
    return found if _SUFFIX.fullmatch(found) else ".dat"


def _grouped(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Put the parts of a dataset (a shapefile and its .dbf, .prj ...) together, the main one first."""
    names = {one.key: (Path(one.name).stem.casefold(), _suffix(one.name)) for one in uploads}
    heads = {(name, end): key for key, (name, end) in names.items() if end in BESIDE}
    groups: dict[str, list[Upload]] = {}
    for one in sorted(uploads, key=lambda one: names[one.key][1] not in BESIDE):
        name, end = names[one.key]
        head = next((key for (other, main), key in heads.items() if other == name and end in BESIDE[main]), one.key)
        groups.setdefault(head, []).append(one)
    order = {one.key: at for at, one in enumerate(uploads)}
    return [groups[key] for key in sorted(groups, key=order.__getitem__)]


def _mapped(look: Look, said: Said, file: str) -> tuple[ColumnMap | None, tuple[Problem, ...]]:
    """Give the mapping with what was said of it, None if nothing was; and what of it cannot be."""
    if not (said.targets or said.units) or not look.parts:
        return None, ()
    first = look.parts[0].columns
    try:
        spec = look.wishes.layer
        return edited(first, said.targets, spec, units=said.units, settings=first.settings, file=file), ()
    except DataError as error:
        return None, error.problems
