"""Union: ledgers of several machines joined by putting their records together.

The order does not matter, nor how often: each record is named by its content, and what follows from the records
(cases, ends of chains) is folded anew. A record that does not fit its name is refused, and those behind it in its
writer's chain wait until a whole copy of it comes.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.engine import reading, writing
from layers.ledger.faults import ledger_problem
from layers.ledger.store import Ledger
from layers.ledger.tables import WRITERS

_MANY = 500
_ROWS = 10_000
_LONGEST = 1_000_000
"""Bytes of a line; Guatu writes none that long."""
_NAMES = 12


class Merged(NamedTuple):
    """What came of a union.

    ``new`` records came in, ``known`` ones were there; ``problems`` names those that were refused, and chains that
    are forked (a warning).
    """

    new: int
    known: int
    problems: tuple[Problem, ...]


class Told(NamedTuple):
    """A record of another ledger: where it stands there, its name, and its values by column."""

    where: str
    name: str
    row: Mapping[str, Any]


def merge(ledger: Ledger, other: Ledger | Path) -> Merged:
    """Take the records of another ledger in, all in one transaction.

    Args:
        ledger: to take them in.
        other: a ledger, the file of one, or what ``export`` wrote.

    Raises:
        DataError: the other cannot be read, or this one not written; nothing was taken in.
    """
    told, problems = _told(other)
    with writing(ledger.engine, ledger.queue) as connection:
        union = _Union(connection, ledger.rules.states.index)
        for part in _parts(told):
            union.take(part)
        union.close()
    return Merged(union.new, union.known, (*problems, *union.problems))


def export(ledger: Ledger, path: Path) -> int:
    """Write all records as lines of JSON, by writer and number, and give how many.

    Raises:
        DataError: the ledger cannot be read, or the file not be written; what stood there is as it was.
    """
    from layers.ledger.backups import replaced  # noqa: PLC0415 (backups know proofs, which know all)

    count = 0
    with reading(ledger.engine) as connection, replaced(path) as part, part.open("w", encoding="utf-8") as file:
        for one in _records(connection):
            file.write(json.dumps({"event_id": one.name, **one.row}, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _told(other: Ledger | Path) -> tuple[Iterable[Told], list[Problem]]:
    """Give the records of another ledger by writer and number, and lines that are none."""
    if isinstance(other, Ledger):
        with reading(other.engine) as connection:
            return list(_records(connection)), []
    if not other.is_file():
        raise DataError([ledger_problem("ledger_not_here", other.name, Text("没有文件", "no file"))])
    with other.open("rb") as file:
        is_database = file.read(16) == b"SQLite format 3\0"
    return (_of_database(other), []) if is_database else _of_lines(other)


class _Union:
    """A union in the making: what is in the ledger, and what came in or was refused so far."""

    def __init__(self, connection: Connection, states: Iterable[str]) -> None:
        self.connection = connection
        self.states = frozenset(states)
        self.ends = {one.writer: (one.number, one.last) for one in connection.execute(sa.select(WRITERS))}
        self.places: dict[str, int] = {}
        self.names: set[str] = set()
        self.touched: set[str] = set()
        self.refused: dict[str, list[str]] = {}
        self.new = self.known = 0
        self.problems: list[Problem] = []

    def take(self, told: list[Told]) -> None:
        """Take in records of one or several writers, each chain in its order."""
        here = self._here([one.name for one in told])
        before = self._here([str(one.row.get("before")) for one in told])
