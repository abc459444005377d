"""Where single issues stand, read from the store; what was read once is kept, so that only what came since is read."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.store.tables import EVENTS

_MANY = 500
"""Values in one question; SQLite takes 32,766 at most."""
_KEPT = 256
"""Issues that are kept; a person, or a program, works on some at a time."""
_One = TypeVar("_One")


class _Stand(NamedTuple):
    """An issue as it stood, and which of its events was stored last."""

    arrival: int
    event_id: str
    case: Case


@dataclass
class Known:
    """Issues as they stood when they were last read; may be shared between threads."""

    _lock: Lock = field(default_factory=Lock)
    _kept: OrderedDict[str, _Stand] = field(default_factory=OrderedDict)

    def cases(self, connection: Connection, subjects: Sequence[str]) -> dict[str, Case]:
        """Give where issues stand now, each the caller's own; one that is not known has no state."""
        with self._lock:
            before = {one: self._kept[one] for one in subjects if one in self._kept}
        found: dict[str, Case] = {}
        whole = [one for one in subjects if one not in before]
        for subject, stand in before.items():
            now = _later(connection, subject, stand)
            if now is None:
                whole.append(subject)
            else:
                self._keep(subject, now)
                found[subject] = now.case.copied()
        rows: dict[str, list[Mapping[str, Any]]] = {one: [] for one in whole}
        for row in _rows(connection, whole):
            rows[row["subject"]].append(row)
        for subject, its in rows.items():
            case = Case.of(subject, (Event.of_row(one) for one in its))
            if its:
                last = max(its, key=lambda one: one["arrival"])
                self._keep(subject, _Stand(last["arrival"], last["event_id"], case.copied()))
            found[subject] = case
        return found

    def _keep(self, subject: str, stand: _Stand) -> None:
        with self._lock:
            self._kept[subject] = stand
            self._kept.move_to_end(subject)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def _later(connection: Connection, subject: str, stand: _Stand) -> _Stand | None:
    """Tell an issue what came since; None where that does not follow on what was read, so that all must be read."""
    asked = sa.select(EVENTS).where(EVENTS.c.subject == subject, EVENTS.c.arrival >= stand.arrival)
    rows = connection.execute(asked.order_by(EVENTS.c.arrival)).mappings().all()
    if not rows or rows[0]["event_id"] != stand.event_id:  # another store stands in its place
        return None
    rows = rows[1:]
    if not rows:
        return stand
    case = stand.case.copied()
    for row in rows:
        if row["clock"] <= case.clock:  # written elsewhere at the same time, and merged
            return None
        case.tell(Event.of_row(dict(row)))
    return _Stand(rows[-1]["arrival"], rows[-1]["event_id"], case)


def events_of(connection: Connection, subjects: Sequence[str]) -> list[Event]:
    """Give all events of some issues, issue by issue, in the order of the clock."""
    return [Event.of_row(row) for row in _rows(connection, subjects)]


def _rows(connection: Connection, subjects: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for part in parts(subjects):
        asked = sa.select(EVENTS).where(EVENTS.c.subject.in_(part))
        rows = connection.execute(asked.order_by(EVENTS.c.subject, EVENTS.c.clock, EVENTS.c.event_id)).mappings()
        yield from (dict(row) for row in rows)


def parts(values: Sequence[_One]) -> Iterator[Sequence[_One]]:
    """Give values in parts that one statement can take."""
    for start in range(0, len(values), _MANY):
        yield values[start : start + _MANY]
