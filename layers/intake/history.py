"""Intakes as transactions: all or nothing, one after the other, the last one can be undone.

A workspace folder keeps a folder ``imports`` with one numbered folder per intake: ``import.json`` (what came in),
the layers as they were before (``before.gpkg``, absent for the first) and the rejected rows. The intake counts from
the moment in which the new ``layers.gpkg`` takes the place of the old one, which is a single rename; a record
whose layers never got there is left from an interrupted intake and is cleared away by the next one.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import DataError
from geo.files import digest, whole_file
from geo.text import Text
from layers.intake.faults import fault
from layers.reading import LAYERS_FILE

FOLDER = "imports"
RECORD = "import.json"
BEFORE = "before.gpkg"
LOCK = ".intake.lock"
KEPT = 20
"""Intakes whose layers before are kept; of older ones the record stays."""


class Intake(NamedTuple):
    """One intake that took place: its number, its folder and what was recorded of it."""

    number: int
    folder: Path
    record: Mapping[str, Any]


def history(folder: Path) -> list[Intake]:
    """Give the intakes of a workspace, the first first; interrupted ones are none."""
    state = _state(folder)
    found = [_read(one) for one in _folders(folder)]
    done = [one for one in found if one is not None]
    # The newest record is only true if its layers, or those of its undoing, are in place.
    if done and done[-1].record["after"] != state and done[-1].record["before"] == state:
        done.pop()
    return done


@contextmanager
def next_intake(folder: Path) -> Iterator[Path]:
    """Hold the workspace for one intake and give the folder for what belongs to it.

    Nobody else can take in meanwhile. If the block fails, or ends without ``commit``, nothing of it stays.

    Raises:
        DataError: somebody else is taking in.
    """
    with _held(folder):
        done = _cleared(folder)
        home = folder / FOLDER / f"{(done[-1].number if done else 0) + 1:04d}"
        home.mkdir(parents=True)
        try:
            yield home
        finally:
            if not (home / RECORD).is_file() or (home / LAYERS_FILE).is_file():  # they leave when they count
                shutil.rmtree(home)


def commit(folder: Path, home: Path, layers: Path, record: Mapping[str, Any]) -> Intake:
    """Put new layers in the place of the old ones; from here on the intake counts.

    Args:
        folder: the workspace.
        home: folder of this intake, see ``next_intake``.
        layers: the new ``layers.gpkg`` in that folder; it is moved.
        record: what to remember, ready for JSON.
    """
    target = folder / LAYERS_FILE
    if target.is_file():
        os.link(target, home / BEFORE)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"at": now, **record, "before": _state(folder), "after": digest([layers])}
    with whole_file(home / RECORD) as part:
        part.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    with layers.open("rb") as file:
        os.fsync(file.fileno())
    layers.replace(target)
    for old in _folders(folder)[:-KEPT]:
        (old / BEFORE).unlink(missing_ok=True)
    return Intake(int(home.name), home, whole)


def undo(folder: Path) -> Intake:
    """Bring the layers back as they were before the last intake.

    Raises:
        DataError: nothing to undo, the layers were changed since, or they are no longer kept.
    """
    with _held(folder):
        done = history(folder)
        if not done:
            raise DataError([fault("nothing_to_undo", FOLDER, found=Text("没有入库记录", "no intake"))])
        last = done[-1]
        if last.record["after"] != _state(folder):
            found = Text("此后图层文件又被改动", "the layers were changed since")
            raise DataError([fault("changed_since", LAYERS_FILE, found=found)])
        if last.record["before"] and not (last.folder / BEFORE).is_file():
            found = Text("入库前的图层已清理", "the layers before are no longer kept")
            raise DataError([fault("nothing_to_undo", f"{FOLDER}/{last.folder.name}", found=found)])
        if last.record["before"]:
            (last.folder / BEFORE).replace(folder / LAYERS_FILE)
        else:
            (folder / LAYERS_FILE).unlink()
        shutil.rmtree(last.folder)
        return last


def _cleared(folder: Path) -> list[Intake]:
    """Remove what an interrupted intake left and give the history."""
    done = history(folder)
    for home in set(_folders(folder)) - {one.folder for one in done}:
        shutil.rmtree(home)
    return done


def _read(home: Path) -> Intake | None:
    path = home / RECORD
    return Intake(int(home.name), home, json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in (folder / FOLDER).glob("[0-9]*") if one.is_dir())


def _state(folder: Path) -> str:
    """Hash of the layers as they are, "" without any."""
    path = folder / LAYERS_FILE
    return digest([path]) if path.is_file() else ""


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep others from writing; the system lets go when the process ends, however it ends."""
    with (folder / LOCK).open("w") as lock:
        if not _locked(lock.fileno()):
            raise DataError(
                [fault("intake_busy", folder.name, found=Text("另一处正在入库", "another intake under way"))]
            )
        yield


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 (only there)

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 (not on every system)

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held by somebody else
        return False
    return True
