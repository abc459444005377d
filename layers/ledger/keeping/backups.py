"""Backups: a copy of a ledger as it stood at one moment, while others write, and the way back.

The file is never copied as files are: SQLite's own backup gives one state of it. A copy is proven before it takes
its name, and its SHA-256 stands beside it.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from geo.errors import DataError
from geo.text import Text
from layers.ledger.faults import ledger_problem
from layers.ledger.keeping.exchange import flush, replacing
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.store.engine import turn
from layers.ledger.store.files import FILE, QUEUE
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger

DIGEST = ".sha256"
"""What the name of the file with the digest ends with."""
_ASIDE = "ledger.damaged-{number}.sqlite"
_BESIDE = ("", "-wal", "-shm")
_ENDS = """
SELECT count(*) FROM writers AS w WHERE w.number > 0 AND NOT EXISTS (
  SELECT 1 FROM events AS e WHERE e.writer = w.writer AND e.number = w.number AND e.event_id = w.last)
"""


class Backup(NamedTuple):
    """A backup: where it is, its SHA-256, and how many records it holds."""

    path: Path
    sha256: str
    events: int


class Restored(NamedTuple):
    """What came of a restore: how many records there are now, and where the file from before is kept."""

    events: int
    kept: Path | None


def backup(ledger: Ledger, target: Path) -> Backup:
    """Write a backup; all that was acknowledged before it began is in it.

    Args:
        ledger: in a file.
        target: of the backup; what stood there is replaced once the new one is proven.

    Raises:
        DataError: no ledger in a file, or the backup cannot be written or does not hold together; what stood at
            ``target`` is as it was.
    """
    if ledger.engine.dialect.name != "sqlite":
        raise DataError([ledger_problem("backup_elsewhere", "ledger", Text("数据库", "a database"))])
    beside = target.with_name(target.name + DIGEST)
    with replacing(target) as part:
        events = _copied(Path(str(ledger.engine.url.database)), part, target.name)
        digest = _digest(part)
        beside.unlink(missing_ok=True)
    with replacing(beside) as part:
        part.write_text(f"{digest}  {target.name}\n", "utf-8")
    return Backup(target, digest, events)


def restore(folder: Path, source: Path) -> Restored:
    """Put a backup in the place of the ledger of a workspace; the file from before is kept beside it.

    Whoever has the ledger open goes on with the restored one.

    Args:
        folder: the workspace.
        source: the backup.

    Raises:
        DataError: the backup is not whole, or the ledger cannot be written; the ledger is as it was.
    """
    if not source.is_file():
        raise DataError([ledger_problem("ledger_not_here", source.name, Text("没有文件", "no file"))])
    _require_digest(source)
    try:
        with TemporaryDirectory(dir=folder, prefix=".restore-") as made:
            part = Path(made) / FILE
            shutil.copyfile(source, part)
            events = _proven(part, source.name)
            flush(part)
            with turn(folder / QUEUE):
                kept = _put_aside(folder)
                part.replace(folder / FILE)
                flush(folder)
    except OSError as error:
        found = Text.same(os.strerror(error.errno or 0))
        raise DataError([ledger_problem("backup_unwritten", FILE, found)]) from error
    return Restored(events, kept)


def _copied(source: Path, part: Path, name: str) -> int:
    """Copy a ledger in one step, look at the copy, and give how many records it holds."""
    try:
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(part)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")  # one file, which opens from a disk that takes no writing
            said = there.execute("PRAGMA integrity_check(1)").fetchone()[0]
            open_ends = there.execute(_ENDS).fetchone()[0]
            events = there.execute("SELECT count(*) FROM events").fetchone()[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise DataError([ledger_problem("backup_unwritten", name, Text.same(str(error)))]) from error
    if said != "ok" or open_ends:
        found = Text("台账本身已损坏", "the ledger itself is damaged")
        raise DataError([ledger_problem("backup_broken", name, found)])
    return int(events)


def _require_digest(source: Path) -> None:
    """Refuse a backup that is not the one whose digest stands beside it; without a digest the records must do."""
    beside = source.with_name(source.name + DIGEST)
    if beside.is_file() and beside.read_text("utf-8", errors="replace").split()[:1] != [_digest(source)]:
        found = Text("内容与旁边的 SHA-256 不符", "content that differs from the SHA-256 beside it")
        raise DataError([ledger_problem("backup_broken", source.name, found)])


def _proven(part: Path, name: str) -> int:
    """Verify the copy of a backup record by record, and give how many there are."""
    if part.stat().st_size == 0:
        raise DataError([ledger_problem("backup_broken", name, Text("空文件", "an empty file"))])
    try:
        ledger = open_ledger(part.parent)
    except DataError as error:
        found = error.problems[0].found
        raise DataError([ledger_problem("backup_broken", name, found)]) from error
    errors = [one for one in ledger_problems(ledger) if one.severity == "error"]
    events = ledger.size()
    ledger.engine.dispose()
    if errors:
        raise DataError([ledger_problem("backup_broken", name, errors[0].found, row=errors[0].row)])
    return events


def _put_aside(folder: Path) -> Path | None:
    """Move the ledger from before aside, with what SQLite keeps beside it."""
    if not (folder / FILE).exists():
        return None
    number = 1
    while (kept := folder / _ASIDE.format(number=number)).exists():
        number += 1
    for ending in _BESIDE:
        one = folder / (FILE + ending)
        if one.exists():
            one.rename(kept.with_name(kept.name + ending))
    return kept


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
