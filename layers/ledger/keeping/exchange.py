"""Exchange: records of a ledger as lines of JSON, and the records of another ledger, whatever it comes in."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import sqlalchemy as sa

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.faults import ledger_problem
from layers.ledger.log.events import COLUMNS
from layers.ledger.store.engine import reading
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import damaged, require_usable
from layers.ledger.store.tables import EVENTS

_ROWS = 10_000
_LONGEST = 1_000_000
"""Characters of a line; Guatu writes none that long."""
_ALL = ("event_id", *COLUMNS)
_SQLITE = b"SQLite format 3\0"


class Told(NamedTuple):
    """A record of another ledger: where it stands there, its name, and its values by column."""

    where: str
    name: str
    row: Mapping[str, Any]


def export(ledger: Ledger, path: Path) -> int:
    """Write all records as lines of JSON, by writer and number, and give how many.

    Raises:
        DataError: the ledger cannot be read, or the file not be written; what stood there is as it was.
    """
    count = 0
    with replacing(path) as part, part.open("w", encoding="utf-8") as file:
        for one in _of_ledger(ledger):
            row = {"event_id": one.name, **one.row}
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def told_by(other: Ledger | Path) -> Iterator[Told | Problem]:
    """Give the records of another ledger by writer and number; a problem for each line that is none.

    Args:
        other: a ledger, the file of one, or what ``export`` wrote.

    Raises:
        DataError: it cannot be read.
    """
    if isinstance(other, Ledger):
        return _of_ledger(other)
    try:
        with other.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        found = Text.same(os.strerror(error.errno or 0))
        raise DataError([ledger_problem("ledger_not_here", other.name, found)]) from error
    return _of_database(other) if is_database else _of_lines(other)


def _of_ledger(other: Ledger) -> Iterator[Told]:
    asked = sa.select(EVENTS.c.arrival, *(EVENTS.c[name] for name in _ALL))
    with reading(other.engine) as connection:
        found = connection.execution_options(yield_per=_ROWS).execute(asked.order_by(*_ORDER))
        for part in found.partitions(_ROWS):
            yield from (_told(str(arrival), row) for arrival, *row in part)


_ORDER = (EVENTS.c.writer, EVENTS.c.number, EVENTS.c.event_id)


def _of_database(path: Path) -> Iterator[Told]:
    require_usable(path)
    columns = ", ".join(f'"{name}"' for name in ("arrival", *_ALL))
    asked = f"SELECT {columns} FROM events ORDER BY writer, number, event_id"  # noqa: S608 (our own names)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda found: found.decode(errors="surrogateescape")
            for arrival, *row in connection.execute(asked):
                yield _told(str(arrival), row)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise DataError([damaged(path.name)]) from error


def _told(where: str, row: list[Any]) -> Told:
    return Told(where, row[0], dict(zip(COLUMNS, row[1:], strict=True)))


def _of_lines(path: Path) -> Iterator[Told | Problem]:
    """Give the records of lines in the order of the chains, whatever order the lines have."""
    found: list[Told] = []
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        number = 0
        while line := file.readline(_LONGEST):
            number += 1
            one = _of_line(line, number)
            if one is None:
                yield ledger_problem("ledger_unreadable", path.name, Text.same(line[:80].strip()), row=str(number))
            else:
                found.append(one)
    yield from sorted(found, key=lambda one: (one.row["writer"], one.row["number"], one.name))


def _of_line(line: str, number: int) -> Told | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or row.keys() != set(_ALL):
        return None
    fits = isinstance(row["event_id"], str) and isinstance(row["writer"], str) and type(row["number"]) is int
    return Told(str(number), row.pop("event_id"), row) if fits else None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write beside another, which takes its place once it is whole and on the disk.

    Raises:
        DataError: it cannot be written; what stood there is as it was.
    """
    part: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as made:
            part = Path(made.name)
        yield part
        flush(part)
        part.replace(path)
        flush(path.parent)
    except OSError as error:
        found = Text.same(os.strerror(error.errno or 0))
        raise DataError([ledger_problem("backup_unwritten", path.name, found)]) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
