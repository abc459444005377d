"""Proof: every record of a ledger is computed again, and what does not fit is told to the record.

A record is named by its content and names the one before it. So a changed record shows by its name, a missing one
by the gap, an inserted or exchanged one by the name that the next one does not know, and a cut end by the register
of writers. Whoever writes a whole chain anew, register included, can be found out only by what other machines and
backups hold of it: ``layers.ledger.keeping.union`` names such a chain as forked.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.faults import ledger_problem
from layers.ledger.keeping.chains import End, Link, chain_problems
from layers.ledger.log.case import Case
from layers.ledger.log.contests import headless
from layers.ledger.log.events import COLUMNS, Event, name_of
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.files import FILE
from layers.ledger.store.ledger import Ledger, case_row, put_again, put_cases
from layers.ledger.store.tables import CASES, EVENTS, SETTINGS, WRITERS

_ROWS, _ISSUES = 10_000, 500
_Check = Callable[[Connection], Iterator[Problem]]


def ledger_problems(ledger: Ledger) -> tuple[Problem, ...]:
    """Give everything that does not fit in a ledger; nothing if all is as it was written.

    What follows from the records (places, cases) is looked at only when the records are whole. Others may go on
    writing meanwhile: each check sees one state of the ledger throughout.

    Args:
        ledger: to be verified.
    """
    found: list[Problem] = []
    for check in (_pages, _records):
        found += _checked(ledger, check)
    if not any(one.severity == "error" for one in found):
        for check in (_writers, _places, _cases):
            found += _checked(ledger, check)
    return tuple(dict.fromkeys(found))


def refold(ledger: Ledger) -> int:
    """Fold the table of cases again out of the records, and give how many issues there are.

    Raises:
        DataError: the ledger could not be written; it is as it was.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        return refolded(connection)


def refolded(connection: Connection) -> int:
    """Do what ``refold`` says in a transaction that is open."""
    issues = 0
    connection.execute(sa.delete(CASES))
    for known in _folded(connection):
        put_cases(connection, known.values())
        issues += sum(one.is_known for one in known.values())
    put_again(connection, connection.execute(sa.select(CASES.c.issue_id).where(CASES.c.head.is_not(None))).scalars())
    return issues


def _checked(ledger: Ledger, check: _Check) -> list[Problem]:
    """Give what a check finds; that the database cannot be read is a finding too."""
    found: list[Problem] = []
    try:
        with reading(ledger.engine) as connection, _any_text(connection):
            for one in check(connection):
                found.append(one)  # noqa: PERF402 (what was found before the fault is kept)
    except DataError as error:
        found += error.problems
    return found


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """Read bytes that are no text as well: they show in the name of the record."""
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.text_factory = lambda found: found.decode(errors="surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = str


def _pages(connection: Connection) -> Iterator[Problem]:
    """Ask SQLite whether its pages and indexes hold together."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield ledger_problem("ledger_pages", FILE, Text.same(said.encode(errors="replace").decode()))


def _stream(connection: Connection, asked: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    found = connection.execution_options(yield_per=_ROWS).execute(asked)
    for part in found.partitions(_ROWS):
        yield from part


def _records(connection: Connection) -> Iterator[Problem]:
    """Compute the names of all records, then follow each writer's chain."""
    named: dict[int, frozenset[str]] = {}
    columns = [EVENTS.c[name] for name in COLUMNS]
    for arrival, stored, *row in _stream(connection, sa.select(EVENTS.c.arrival, EVENTS.c.event_id, *columns)):
        name = _name(row)
        if name != stored:
            named[arrival] = frozenset({stored, name})
            values = dict(zip(COLUMNS, row, strict=True))
            link = Link(arrival, values["subject"], values["writer"], values["number"], "", named[arrival])
            yield ledger_problem("ledger_altered", FILE, link.words, row=link.row)
    ends = {one.writer: End(one.number, one.last) for one in connection.execute(sa.select(WRITERS))}
    yield from chain_problems(_links(connection, named), ends)


def _name(row: list[Any]) -> str:
    try:
        return name_of(row)
    except (UnicodeEncodeError, TypeError):  # what stands there is no text any more
        return ""


def _links(connection: Connection, named: dict[int, frozenset[str]]) -> Iterator[Link]:
    asked = sa.select(*(EVENTS.c[name] for name in ("arrival", "subject", "writer", "number", "before", "event_id")))
    for one in _stream(connection, asked.order_by(EVENTS.c.writer, EVENTS.c.number, EVENTS.c.arrival)):
        names = named.get(one.arrival, frozenset({one.event_id}))
        yield Link(one.arrival, one.subject, one.writer, one.number, one.before, names)


def _writers(connection: Connection) -> Iterator[Problem]:
    """Hold the register of writers against the names under which places write."""
    asked = sa.select(SETTINGS.c.value).where(SETTINGS.c.key.startswith("writer:"))
    named = set(connection.execute(asked).scalars())
    here = set(connection.execute(sa.select(WRITERS.c.writer).where(WRITERS.c.is_here)).scalars())
    for writer in sorted(named ^ here):
        yield ledger_problem("ledger_writer", FILE, Text.same(writer), row=f"@{writer}", column="is_here")


def _places(connection: Connection) -> Iterator[Problem]:
    """Hold the places of records within their issues against the order of arrival."""
    columns = [EVENTS.c[name] for name in ("arrival", "subject", "writer", "number", "place")]
    right = sa.func.row_number().over(partition_by=EVENTS.c.subject, order_by=EVENTS.c.arrival).label("rank")
    ranked = sa.select(*columns, right).subquery()
    for one in connection.execute(sa.select(ranked).where(ranked.c.rank != ranked.c.place)):
        link = Link(one.arrival, one.subject, one.writer, one.number, "", frozenset())
        found = Text("{words}记为该问题的第 {place} 条", "{words} stands as record {place} of its issue")
        found = found.format(words=link.words, place=one.place)
        yield ledger_problem("ledger_place", FILE, found, row=link.row, column="place")


def _folded(connection: Connection) -> Iterator[dict[str, Case]]:
    """Fold all issues, some hundred at a time."""
    order = (EVENTS.c.subject, EVENTS.c.clock, EVENTS.c.event_id)
    rows = _stream(connection, sa.select(EVENTS).order_by(*order))
    events = (Event.of_row(dict(row._mapping)) for row in rows)  # noqa: SLF001 (SQLAlchemy's public name)
    issues = (Case.of(name, own) for name, own in groupby(events, key=lambda one: one.subject))
    while known := {one.issue_id: one for one in islice(issues, _ISSUES)}:
        yield known


def _cases(connection: Connection) -> Iterator[Problem]:
    """Hold the table of cases against the fold of the records."""
    known_here = 0
    for known in _folded(connection):
        lost = headless(connection, {name: one.head for name, one in known.items()})
        asked = sa.select(CASES).where(CASES.c.issue_id.in_(known))
        stored = {one["issue_id"]: dict(one) for one in connection.execute(asked).mappings()}
        known_here += len(stored)
        for name, case in known.items():
            right = _right(case, is_lost=name in lost) if case.is_known else None
            if stored.get(name) != right:
                yield _case_problem(name, stored.get(name), right)
    if known_here != connection.execute(sa.select(sa.func.count()).select_from(CASES)).scalar_one():
        asked = sa.select(CASES.c.issue_id).where(CASES.c.issue_id.not_in(sa.select(EVENTS.c.subject)))
        for name in connection.execute(asked).scalars():
            yield _case_problem(name, {}, None)


def _right(case: Case, *, is_lost: bool) -> dict[str, Any]:
    row = case_row(case)
    return row | {"is_contested": row["is_contested"] or is_lost}


def _case_problem(name: str, stored: dict[str, Any] | None, right: dict[str, Any] | None) -> Problem:
    if stored is None or right is None:
        found = Text("没有现状" if stored is None else "没有记录", "no case" if stored is None else "no records")
        return ledger_problem("ledger_case", FILE, found, row=name)
    wrong = [column for column, value in right.items() if stored[column] != value]
    found = Text.same("; ".join(f"{one}: {stored[one]} ({right[one]})" for one in wrong))
    return ledger_problem("ledger_case", FILE, found, row=name, column=", ".join(wrong))
