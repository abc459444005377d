"""Intakes as transactions: all or nothing, one after the other, the last one can be undone.

A workspace folder keeps a folder ``imports`` with one numbered folder per intake: ``import.json`` (what came in),
the layers as they were before (``before.gpkg``, absent for the first) and the rejected rows. The intake counts from
the moment in which the new ``layers.gpkg`` takes the place of the old one, which is a single rename; a record
whose layers never got there is left from an interrupted intake and is cleared away by the next one. An intake changes
one file, its ``target``: the layers, or a raster (then the one before is ``before.tif``).
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
BEFORE = "before"
"""Stem of the file as it was before; its ending is that of the target."""
LOCK = ".intake.lock"
WRITTEN = "written"
"""Key of a record: what the header of the new file counts, see ``change_count``, and its bytes."""
KEPT = 20
"""Intakes whose layers before are kept; of older ones the record stays."""


class Intake(NamedTuple):
    """One intake that took place: its number, its folder and what was recorded of it."""

    number: int
    folder: Path
    record: Mapping[str, Any]


def history(folder: Path) -> list[Intake]:
    """Give the intakes of a workspace, the first first; interrupted ones are none."""
    found = [_read(one) for one in _folders(folder)]
    done = [one for one in found if one is not None]
    # The newest record is only true if its layers, or those of its undoing, are in place.
    now = state(folder, target_of(done[-1])) if done else ""
    if done and done[-1].record["after"] != now and done[-1].record["before"] == now:
        done.pop()
    return done


def last_of(folder: Path, target: str = LAYERS_FILE) -> tuple[Intake | None, str]:
    """Give the last intake that changed a file, None if none did, and the hash of that file; reads no other record."""
    now, newest = state(folder, target), True
    for home in reversed(_folders(folder)):
        one = _read(home)
        if one is None:
            continue
        interrupted = newest and one.record["after"] != now and one.record["before"] == now
        newest = False
        if target_of(one) == target and not interrupted:
            return one, now
    return None, now


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
            if not _committed(home):
                shutil.rmtree(home)


def commit(folder: Path, home: Path, new: Path, record: Mapping[str, Any], *, target: str = LAYERS_FILE) -> Intake:
    """Put new layers, or a new raster, in the place of the old ones; from here on the intake counts.

    Args:
        folder: the workspace.
        home: folder of this intake, see ``next_intake``.
        new: the new file in that folder, of the name of the target; it is moved.
        record: what to remember, ready for JSON.
        target: the file that it takes the place of, from the folder of the workspace; its folder is there.
    """
    place = folder / target
    kept = home / f"{BEFORE}{place.suffix}"
    if place.is_file():
        os.link(place, kept)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"at": now, **record, "target": target, "before": state(folder, target), "after": digest([new])}
    whole["kept"] = digest([kept]) if kept.is_file() else ""
    whole[WRITTEN] = [change_count(new), new.stat().st_size]
    with whole_file(home / RECORD) as part:
        part.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(place)
    for old in _folders(folder)[:-KEPT]:
        for before in old.glob(f"{BEFORE}.*"):
            before.unlink()
    return Intake(int(home.name), home, whole)


def undo(folder: Path) -> Intake:
    """Bring the layers back as they were before the last intake.

    What somebody changed since is not undone over; layers that were damaged since are no loss.

    Raises:
        DataError: nothing to undo, the layers were changed since, or they are no longer kept.
    """
    with _held(folder):
        done = _cleared(folder)  # what was interrupted is not undone over, nor left to be taken for done
        if not done:
            raise DataError([fault("nothing_to_undo", FOLDER, found=Text("没有入库记录", "no intake"))])
        last = done[-1]
        target = folder / target_of(last)
        before = last.folder / f"{BEFORE}{target.suffix}"
        if last.record["after"] != state(folder, target_of(last)) and not is_untouched(folder, last):
            found = Text("此后图层文件又被改动", "the layers were changed since")
            raise DataError([fault("changed_since", target_of(last), found=found)])
        if last.record["before"] and not before.is_file():
            found = Text("入库前的图层已清理", "the layers before are no longer kept")
            raise DataError([fault("nothing_to_undo", f"{FOLDER}/{last.folder.name}", found=found)])
        if last.record.get("kept") and digest([before]) != last.record["kept"]:
            found = Text("保存的原文件内容已变", "the file kept from before has other content")
            raise DataError([fault("layers_damaged", f"{FOLDER}/{last.folder.name}/{before.name}", found=found)])
        if last.record["before"]:
            before.replace(target)
        else:
            target.unlink()
        shutil.rmtree(last.folder)
        return last


def _cleared(folder: Path) -> list[Intake]:
    """Remove what an interrupted intake left and give the history."""
    done = history(folder)
    for home in set(_folders(folder)) - {one.folder for one in done}:
        shutil.rmtree(home)
    return done


def _committed(home: Path) -> bool:
    """Tell whether an intake counts: its new file leaves its folder when it does."""
    found = _read(home)
    return found is not None and not (home / Path(target_of(found)).name).is_file()


def _read(home: Path) -> Intake | None:
    path = home / RECORD
    return Intake(int(home.name), home, json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in (folder / FOLDER).glob("[0-9]*") if one.is_dir())


def target_of(done: Intake) -> str:
    """Say which file an intake changed; older records are all of layers."""
    return str(done.record.get("target", LAYERS_FILE))


def state(folder: Path, target: str = LAYERS_FILE) -> str:
    """Hash of the layers or of a raster as they are, "" without any."""
    path = folder / target
    return digest([path]) if path.is_file() else ""


def is_untouched(folder: Path, done: Intake) -> bool:
    """Tell whether no program wrote to the layers since an intake; if they differ all the same, they are damaged."""
    layers = folder / LAYERS_FILE
    if target_of(done) != LAYERS_FILE or not layers.is_file():
        return False
    now = [change_count(layers), layers.stat().st_size]
    return bool(done.record.get(WRITTEN) == now)


def change_count(path: Path) -> int:
    """Give how often SQLite changed a database, as its header counts it (bytes 24 to 27)."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(28)[24:], "big")


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
