"""Events: what happened to an issue or to a person's duties, named by content and chained to the writer's last.

An event never changes. Its name is the SHA-256 of all that it says, the name of the writer's event before it
included: who alters one record breaks its name and the chain behind it. Ledgers of several machines are joined
by putting their events together, and the order within an issue (``clock``, then name) is the same on all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any, Self

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (naive local time, as in all layers)
_MICROSECOND = timedelta(microseconds=1)
CREATE, REACH, MOVE, ASSIGN, CLASSIFY = "create", "reach", "move", "assign", "classify"
PAUSE, RESUME, EXTEND, ESCALATE, PHOTO = "pause", "resume", "extend", "escalate", "photo"
FUSE, UNFUSE, NOTE, SETTLE = "fuse", "unfuse", "note", "settle"
APPOINT, DISMISS = "appoint", "dismiss"
KINDS = (CREATE, REACH, MOVE, ASSIGN, CLASSIFY, PAUSE, RESUME, EXTEND, ESCALATE, PHOTO, FUSE, UNFUSE, NOTE, SETTLE)
"""Kinds of events of an issue."""
IMPORTED = "import"
"""Who did what a register tells."""
PERSON = "person:"
"""What the subject of an event about a person begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. Times are naive local times; a column that says nothing is None.

    Attributes:
        subject: the issue, or "person:" and the person.
        kind: one of ``KINDS``, or "appoint", "dismiss".
        at: when.
        by: who did it.
        command_id: the command that it answers; the same command twice is one event.
        clock: one more than the highest clock of the subject that the writer knew.
        was, state: the states before and after.
        person: who is responsible from now on.
        level: the level of the ladder from now on.
        version: number of the deadline in force, where the event sets one with ``stage``, ``due_at`` (None: it
            stands) and ``final_due_at``; of a photo ``stage`` is its role.
        other: another issue, a photo, a project, or the stage that was reached or extended.
        department: who has to see to it from now on.
        satisfaction: of the resident, 1 to 5, at a call-back.
        reason: why there is no deadline, or why the clock stands.
        tag: the campaign that the issue belongs to.
        issue_type, severity, source, grid_id, x_m, y_m, address: what is known of the issue from now on.
        text: words of the person; of a "create" the description.
        details: all else, JSON values by name.
        writer, number, before: the chain: who wrote, the how manieth of the writer, the name of the one before.
    """

    subject: str
    kind: str
    at: datetime
    by: str
    command_id: str
    clock: int = 0
    was: str | None = None
    state: str | None = None
    person: str | None = None
    level: str | None = None
    version: int | None = None
    stage: str | None = None
    due_at: datetime | None = None
    final_due_at: datetime | None = None
    other: str | None = None
    department: str | None = None
    satisfaction: int | None = None
    reason: str | None = None
    tag: str | None = None
    issue_type: str | None = None
    severity: int | None = None
    source: str | None = None
    grid_id: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    address: str | None = None
    text: str | None = None
    details: str = "{}"
    writer: str = ""
    number: int = 0
    before: str = ""

    @property
    def event_id(self) -> str:
        """SHA-256 of the content."""
        return name_of(self.row())

    def row(self) -> list[Any]:
        """Give the content in the order of ``COLUMNS``, times in microseconds after 1970."""
        row = list(_VALUES(self))
        for at in _TIMES_AT:
            row[at] = None if row[at] is None else microseconds(row[at])
        return row

    def chained(self, writer: str, number: int, before: str) -> Self:
        """Give the event at its place in the chain of a writer."""
        return replace(self, writer=writer, number=number, before=before)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The details, read."""
        found: Mapping[str, Any] = json.loads(self.details)
        return found

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """Give the event of a stored row, whose times are microseconds after 1970."""
        values = {name: row[name] for name in COLUMNS}
        return cls(**values | {name: moment(values[name]) for name in TIMES})


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def name_of(row: list[Any]) -> str:
    """Give the name of an event out of its content, see ``Event.row``."""
    return sha256(_JSON.encode(row).encode()).hexdigest()


COLUMNS = tuple(one.name for one in fields(Event))
TIMES = ("at", "due_at", "final_due_at")
_TIMES_AT = tuple(COLUMNS.index(name) for name in TIMES)
_VALUES = attrgetter(*COLUMNS)


def details(**values: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Give details as JSON that is the same for the same values."""
    return _JSON.encode(values)


def microseconds(time: datetime) -> int:
    """Give the microseconds after 1970 of a naive time."""
    return (time - EPOCH) // _MICROSECOND


def moment(count: int | None) -> datetime | None:
    """Give the naive time of microseconds after 1970."""
    return None if count is None else EPOCH + count * _MICROSECOND
