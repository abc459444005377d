"""Contests: issues that two machines changed at the same time, so that somebody has to settle what holds.

``layers.ledger.folds`` tells it of all issues at once; here it is told of the few that a transaction touches.
"""

from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from layers.ledger import events as kinds
from layers.ledger.events import Event
from layers.ledger.folds import cases
from layers.ledger.log import event_table
from layers.ledger.tables import CASES, EVENTS, WRITERS

_MANY = 500  # values in one question, as in the store
_GROUPED = (kinds.FUSE, kinds.UNFUSE)


def contested(connection: Connection, subjects: Collection[str]) -> set[str]:
    """Give those of some issues that somebody has to settle; none while one machine alone wrote.

    Args:
        connection: a transaction on the ledger, in which the events are stored.
        subjects: the issues.
    """
    if not _has_several_writers(connection):
        return set()
    asked = list(subjects)
    doubtful = {one for part in _parts(asked) for one in _doubtful(connection, part)}
    if not doubtful:
        return set()
    events = _with_heads(connection, doubtful)
    found = cases(event_table(events))
    return doubtful & set(found.index[found["is_contested"]])


def with_members(connection: Connection, subjects: Collection[str]) -> set[str]:
    """Give issues and, where several machines wrote, those that follow them, whose standing hangs on theirs."""
    found = set(subjects)
    new = set(found) if _has_several_writers(connection) else set()
    while new:
        follow = (sa.select(CASES.c.issue_id).where(CASES.c.head.in_(part)) for part in _parts(sorted(new)))
        new = {one for asked in follow for one in connection.execute(asked).scalars()} - found
        found |= new
    return found


def _has_several_writers(connection: Connection) -> bool:
    asked = sa.select(WRITERS.c.writer).where(WRITERS.c.number > 0).limit(2)
    return len(connection.execute(asked).all()) > 1


def _doubtful(connection: Connection, subjects: list[str]) -> Iterator[str]:
    """Give the issues that several machines wrote of, or that are or were in a group."""
    writers = sa.func.count(EVENTS.c.writer.distinct())
    grouped = sa.func.max(sa.case((EVENTS.c.kind.in_(_GROUPED), 1), else_=0))
    asked = sa.select(EVENTS.c.subject).where(EVENTS.c.subject.in_(subjects)).group_by(EVENTS.c.subject)
    yield from connection.execute(asked.having(sa.or_(writers > 1, grouped > 0))).scalars()


def _with_heads(connection: Connection, subjects: Collection[str]) -> list[Event]:
    """Give the events of issues, and of those that they follow."""
    found: list[Event] = []
    known, new = set(subjects), set(subjects)
    while new:
        told = [one for part in _parts(sorted(new)) for one in _events(connection, part)]
        found += told
        new = {one.other for one in told if one.kind == kinds.FUSE and one.other is not None} - known
        known |= new
    return found


def _events(connection: Connection, subjects: list[str]) -> Iterator[Event]:
    for row in connection.execute(sa.select(EVENTS).where(EVENTS.c.subject.in_(subjects))).mappings():
        yield Event.of_row(dict(row))


def _parts(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _MANY):
        yield values[start : start + _MANY]
