"""The store: acts are decided and their events added in one transaction; what was added never changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from geo.errors import TransitionError
from geo.text import Text
from layers.ledger.acting.acts import Act, Powers
from layers.ledger.acting.decisions import decided
from layers.ledger.acting.refusals import conflict
from layers.ledger.acting.rules import Rules
from layers.ledger.log.case import Case
from layers.ledger.log.contests import headless, with_members
from layers.ledger.log.events import (
    COLUMNS,
    FUSE,
    IMPORTED,
    KINDS,
    NOTE,
    PHOTO,
    UNFUSE,
    Event,
    microseconds,
    moment,
    name_of,
)
from layers.ledger.log.folds import cases
from layers.ledger.log.soundness import unsound
from layers.ledger.log.table import SCHEMA
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.known import Known, events_of, parts
from layers.ledger.store.tables import CASES, EVENTS, PEOPLE, WRITERS

_FREE = frozenset({NOTE, PHOTO})
"""Kinds of acts that do not mind what happened since the person looked."""
_GROUPED = frozenset({FUSE, UNFUSE})
_ROWS = 200_000
_UNSOUND = Text("问题 {issue} 的 {column} 无法记入台账", "{column} of issue {issue} cannot be stored")


class Outcome(NamedTuple):
    """What became of an act: the event (``is_new`` False: the same command was answered before), or why not."""

    event: Event | None
    refusal: TransitionError | None = None
    is_new: bool = True


class Writer(NamedTuple):
    """The end of a chain: its writer, how many events it has, and the name of the last."""

    name: str
    number: int
    last: str


@dataclass
class _Batch:
    """Acts of one transaction: the issues that they touch, and the events that came out."""

    rules: Rules
    writer: Writer
    known: dict[str, Case]
    answered: dict[str, Event]
    rows: list[dict[str, Any]] = field(default_factory=list)

    def take(self, act: Act, powers: Powers) -> Outcome:
        """Decide one act."""
        before = self.answered.get(act.command_id)
        if before is not None:
            return Outcome(before, is_new=False)
        case = self.known[act.subject]
        if act.seen is not None and act.seen != case.clock and act.kind not in _FREE:
            return Outcome(None, conflict(act, case, self.rules))
        other = self.known.get(act.other) if act.kind == FUSE and act.other else None
        try:
            self.add(decided(case, act, self.rules, powers, other=other), case)
        except TransitionError as refusal:
            return Outcome(None, refusal)
        return Outcome(self.answered[act.command_id])

    def add(self, event: Event, case: Case) -> None:
        """Put an event at the end of the chain and of its issue.

        Raises:
            TransitionError: it holds what cannot be stored.
        """
        x_m, y_m = (None if one is None else float(one) for one in (event.x_m, event.y_m))
        chained = replace(event, x_m=x_m, y_m=y_m).chained(self.writer.name, self.writer.number + 1, self.writer.last)
        wrong = unsound(dict(zip(COLUMNS, chained.row(), strict=True)), self.rules.states.index)
        if wrong is not None:
            raise TransitionError(_UNSOUND.format(issue=event.subject, column=wrong), code="unsound")
        case.tell(chained)
        self.rows.append(event_row(chained, case.place))
        self.writer = Writer(self.writer.name, self.writer.number + 1, self.rows[-1]["event_id"])
        self.answered[event.command_id] = chained


def event_row(event: Event, place: int) -> dict[str, Any]:
    """Give the stored row of an event at its place within its subject."""
    row = event.row()
    return dict(zip(COLUMNS, row, strict=True)) | {"event_id": name_of(row), "place": place}


@dataclass
class _Read:
    """The events that were read already, so that a fold reads only what came since."""

    lock: Lock = field(default_factory=Lock)
    arrival: int = 0
    event_id: str = ""
    log: pa.Table = field(default_factory=SCHEMA.empty_table)


@dataclass(frozen=True)
class Ledger:
    """An opened ledger, see ``layers.ledger.open_ledger``; may be shared between threads.

    Attributes:
        engine: of the database.
        queue: the file at which writers queue, None for a database that does that itself.
        rules: of the workspace.
        writer: the name under which this place writes.
    """

    engine: Engine
    queue: Path | None
    rules: Rules
    writer: str
    _read: _Read = field(default_factory=_Read, repr=False, compare=False)
    _known: Known = field(default_factory=Known, repr=False, compare=False)

    def do(self, acts: Sequence[Act], powers: Powers) -> list[Outcome]:
        """Do acts, all in one transaction: each is recorded, or refused and the others go on.

        Args:
            acts: what is wanted, in order.
            powers: of the person who wants it.

        Returns:
            One outcome for each act.

        Raises:
            DataError: the store could not be written; nothing was recorded.
        """
        with writing(self.engine, self.queue) as connection:
            batch = self._batch(connection, acts)
            outcomes = [batch.take(act, powers) for act in acts]
            self._keep(connection, batch)
        return outcomes

    def act(self, act: Act, powers: Powers) -> Event:
        """Do one act and give its event.

        Raises:
            TransitionError: it may not be done; ``ConflictError``: somebody else was faster.
            DataError: the store could not be written.
        """
        outcome = self.do([act], powers)[0]
        if outcome.event is None:
            raise outcome.refusal or AssertionError
        return outcome.event

    def events(self, subject: str) -> list[Event]:
        """Give what happened to one issue, in order."""
        with reading(self.engine) as connection:
            return events_of(connection, [subject])

    def case(self, subject: str) -> Case:
        """Give where one issue stands now; an issue that is not known has no state."""
        with reading(self.engine) as connection:
            return self._known.cases(connection, [subject])[subject]

    def log(self) -> pa.Table:
        """Give all events as a table, see ``layers.ledger.log.table``."""
        columns = [EVENTS.c[name] for name in ("arrival", *SCHEMA.names)]
        with self._read.lock, reading(self.engine) as connection:
            self._forget_another(connection)
            asked = sa.select(*columns).where(EVENTS.c.arrival > self._read.arrival).order_by(EVENTS.c.arrival)
            found = connection.execution_options(yield_per=_ROWS).execute(asked)
            for part in found.partitions(_ROWS):
                self._read.log = pa.concat_tables([self._read.log, _as_table(part)])
                self._read.arrival, self._read.event_id = part[-1].arrival, part[-1].event_id
            return self._read.log

    def _forget_another(self, connection: Connection) -> None:
        """Forget what was read of another store, which stood here before this one was restored."""
        asked = sa.select(EVENTS.c.event_id).where(EVENTS.c.arrival == self._read.arrival)
        if self._read.arrival and connection.execute(asked).scalar() != self._read.event_id:
            self._read.arrival, self._read.event_id, self._read.log = 0, "", SCHEMA.empty_table()

    def cases(self, as_of: datetime | None = None) -> pd.DataFrame:
        """Give where all issues stand at a moment, see ``layers.ledger.log.folds.cases``."""
        return cases(self.log(), as_of)

    def ends(self) -> list[str]:
        """Give the names of the last events of all writers, sorted: they stand for all that the ledger holds."""
        with reading(self.engine) as connection:
            return sorted(filter(None, connection.execute(sa.select(WRITERS.c.last)).scalars()))

    def latest(self, *, imported: bool = True) -> datetime | None:
        """Give the moment of the last event, None where there is none; those of a register and of duties may be left out."""
        asked = sa.select(sa.func.max(EVENTS.c.at))
        if not imported:
            asked = asked.where(EVENTS.c.by != IMPORTED, EVENTS.c.kind.in_(KINDS))
        with reading(self.engine) as connection:
            return moment(connection.execute(asked).scalar_one())

    def photographed(self) -> list[str]:
        """Give the issues that have photos, sorted."""
        asked = sa.select(EVENTS.c.subject).where(EVENTS.c.kind == PHOTO).distinct().order_by(EVENTS.c.subject)
        with reading(self.engine) as connection:
            return list(connection.execute(asked).scalars())

    def size(self) -> int:
        """Count the events."""
        with reading(self.engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(EVENTS)).scalar_one())

    def _batch(self, connection: Connection, acts: Sequence[Act]) -> _Batch:
        asked = sa.select(WRITERS).where(WRITERS.c.writer == self.writer).with_for_update()
        row = connection.execute(asked).mappings().one()
        subjects = dict.fromkeys(one for act in acts for one in (act.subject, act.other) if one)
        known = self._known.cases(connection, list(subjects))
        answered = _answered(connection, [act.command_id for act in acts])
        return _Batch(self.rules, Writer(self.writer, row["number"], row["last"]), known, answered)

    def _keep(self, connection: Connection, batch: _Batch) -> None:
        if not batch.rows:
            return
        for part in parts(batch.rows):
            connection.execute(sa.insert(EVENTS), part)
        changed = dict.fromkeys(row["subject"] for row in batch.rows)
        put_cases(connection, [batch.known[one] for one in changed])
        if any(row["kind"] in _GROUPED for row in batch.rows):
            put_again(connection, changed)
        ends = {"number": batch.writer.number, "last": batch.writer.last}
        connection.execute(sa.update(WRITERS).where(WRITERS.c.writer == self.writer).values(**ends))


def put_cases(connection: Connection, known: Iterable[Case]) -> None:
    """Lay down where issues stand now, in place of what was there."""
    cases_now = [one for one in known if one.is_known]
    for part in parts(cases_now):
        connection.execute(sa.delete(CASES).where(CASES.c.issue_id.in_([one.issue_id for one in part])))
        connection.execute(sa.insert(CASES), [case_row(one) for one in part])
    lost = headless(connection, {one.issue_id: one.head for one in cases_now if one.head is not None})
    for names in parts(sorted(lost)):
        connection.execute(sa.update(CASES).where(CASES.c.issue_id.in_(names)).values(is_contested=True))


def put_again(connection: Connection, subjects: Iterable[str]) -> None:
    """Lay down anew where some issues, and those that follow them, stand."""
    known = {one: Case(one) for one in sorted(with_members(connection, subjects))}
    for event in events_of(connection, list(known)):
        known[event.subject].tell(event)
    put_cases(connection, known.values())


def case_row(case: Case) -> dict[str, Any]:
    """Give the stored row of where an issue stands."""
    values = {name: getattr(case, name, None) for name in CASES.c.keys()}  # noqa: SIM118 (columns, not a dict)
    return {name: microseconds(one) if isinstance(one, datetime) else one for name, one in values.items()}


def _answered(connection: Connection, commands: Sequence[str]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for part in parts(commands):
        rows = connection.execute(sa.select(EVENTS).where(EVENTS.c.command_id.in_(part))).mappings()
        found |= {row["command_id"]: Event.of_row(dict(row)) for row in rows}
    return found


def _as_table(rows: Sequence[sa.Row[Any]]) -> pa.Table:
    _, *columns = zip(*rows, strict=True)
    return pa.table([pa.array(values, one.type) for values, one in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def people_names(ledger: Ledger) -> dict[str, str]:
    """Give the names of people by id; who has been forgotten has none."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(sa.select(PEOPLE.c.person_id, PEOPLE.c.name).where(PEOPLE.c.name.is_not(None)))
        return {row.person_id: row.name for row in rows}
