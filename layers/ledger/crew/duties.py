"""Duties: appointments and dismissals as events of the log, checked inside the transaction that adds them.

The subject is "person:" and the person; ``other`` is the role, ``grid_id`` its area, and the details say from when
to when. Rights are asked of what the log says at that very moment, so that of two owners who dismiss each other at
once one stays.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import TransitionError
from geo.text import Text
from layers.ledger.log.events import APPOINT, DISMISS, PERSON, Event, details, microseconds
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger, event_row
from layers.ledger.store.tables import ACCOUNTS, EVENTS, LINKS, OF_DUTIES, WRITERS
from layers.people.appointments import Appointment
from layers.people.powers import Granted
from layers.people.refusals import why_not_appoint, why_not_dismiss
from layers.people.rights import rights

NOT_HELD = Text("没有这项任命，或已经免去", "there is no such appointment, or it has been ended")
HELD_ALREADY = Text("这项任命已经登记", "this appointment is in the ledger already")
_TURN = 4_717_011
"""Number of the lock at which changes of people queue in a database of a district."""
_Key = tuple[str, str, str | None, str | None, datetime]


def appoint(ledger: Ledger, wanted: Appointment, powers: Granted, *, at: datetime, command_id: str) -> Event:
    """Give somebody a role for an area and a time.

    Args:
        ledger: to record it in.
        wanted: the appointment.
        powers: of the person who appoints; asked anew of what the log says now.
        at: now, naive local time.
        command_id: the same one again changes nothing.

    Raises:
        TransitionError: the person may not; who may.
        DataError: the store could not be written.
        KeyError: no such role.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        take_turn(connection)
        before = _answered(connection, command_id)
        if before is not None:
            return before
        now = current(connection, powers, at)
        refusal = why_not_appoint(now.rights, wanted, register=now.register)
        if refusal is None and wanted in now.register.appointments:
            raise TransitionError(HELD_ALREADY, code="known_already")
        if refusal is not None:
            raise TransitionError(refusal, code="no_right")
        return record_appointment(connection, ledger, wanted, by=now.person_id, at=at, command_id=command_id)


def dismiss(ledger: Ledger, ended: Appointment, powers: Granted, *, at: datetime, command_id: str) -> Event:
    """End an appointment at a moment; one that has not begun never does. The last owner stays.

    Args:
        ledger: to record it in.
        ended: as ``appointments`` gives it.
        powers: of the person who dismisses; asked anew of what the log says now.
        at: now, naive local time.
        command_id: the same one again changes nothing.

    Raises:
        TransitionError: there is no such appointment, or the person may not end it.
        DataError: the store could not be written.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        take_turn(connection)
        before = _answered(connection, command_id)
        if before is not None:
            return before
        now = current(connection, powers, at)
        if ended not in now.register.appointments or (ended.until is not None and ended.until <= at):
            raise TransitionError(NOT_HELD, code="not_known")
        refusal = why_not_dismiss(now.rights, ended, register=now.register)
        if refusal is not None:
            raise TransitionError(refusal, code="no_right")
        said = {"kind": DISMISS, "at": at, "by": now.person_id, "command_id": command_id}
        return _added(connection, ledger, ended, said, since=ended.since.isoformat(), until=at.isoformat())


def appointments(ledger: Ledger, as_of: datetime | None = None) -> tuple[Appointment, ...]:
    """Give all appointments, also those that are over, as the log knows them at a moment; None: all of it."""
    with reading(ledger.engine) as connection:
        return told(connection, as_of)


def told(connection: Connection, as_of: datetime | None = None) -> tuple[Appointment, ...]:
    """Give all appointments within a transaction."""
    known = () if as_of is None else (EVENTS.c.at <= microseconds(as_of),)
    asked = sa.select(EVENTS).where(sa.text(OF_DUTIES), *known)
    rows = connection.execute(asked.order_by(EVENTS.c.subject, EVENTS.c.clock, EVENTS.c.event_id)).mappings()
    return fold(Event.of_row(dict(row)) for row in rows)


def fold(events: Iterable[Event]) -> tuple[Appointment, ...]:
    """Give the appointments that events tell of, in the order of person, role, area and time.

    Args:
        events: of duties, person by person, by clock, then name; others are passed over.
    """
    held: dict[_Key, Appointment] = {}
    for one in events:
        if one.kind not in {APPOINT, DISMISS}:
            continue
        said = _of(one)
        key = _key(said)
        if one.kind == APPOINT:
            held[key] = said
        elif key in held:
            until = said.until or one.at
            last = held[key].until
            if until <= said.since:
                del held[key]
            else:
                held[key] = replace(held[key], until=until if last is None else min(last, until))
    return tuple(sorted(held.values(), key=_order))


def current(connection: Connection, powers: Granted, at: datetime) -> Granted:
    """Give the powers of a person as the log has them within a transaction."""
    held = told(connection)
    asked = powers.rights
    still_open = asked.open_to_all and not count_accounts(connection)
    mine = rights(held, powers.person_id, at, asked.areas, rules=asked.rules)
    register = powers.register._replace(appointments=held)
    return replace(powers, rights=replace(mine, open_to_all=still_open), register=register)


def count_accounts(connection: Connection) -> int:
    """Count the ways in which persons can come in: accounts, and links to those who vouch for them."""
    tables = (ACCOUNTS, LINKS)
    return sum(connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in tables)


def take_turn(connection: Connection) -> None:
    """Let changes of people follow each other where the database would let them run side by side."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))


def record_appointment(
    connection: Connection, ledger: Ledger, wanted: Appointment, *, by: str, at: datetime, command_id: str
) -> Event:
    """Add an appointment without asking for any right, as for the first owner, who has shown the code."""
    said = {"kind": APPOINT, "at": at, "by": by, "command_id": command_id}
    until = None if wanted.until is None else wanted.until.isoformat()
    return _added(connection, ledger, wanted, said, since=wanted.since.isoformat(), until=until)


def _added(
    connection: Connection, ledger: Ledger, about: Appointment, said: dict[str, Any], **times: str | None
) -> Event:
    subject = f"{PERSON}{about.person_id}"
    mine = sa.select(sa.func.count(), sa.func.max(EVENTS.c.clock)).where(EVENTS.c.subject == subject)
    place, clock = connection.execute(mine).one()
    asked = sa.select(WRITERS).where(WRITERS.c.writer == ledger.writer).with_for_update()
    end = connection.execute(asked).mappings().one()
    event = Event(
        subject=subject,
        other=about.role,
        grid_id=about.grid_id,
        department=about.department,
        clock=(clock or 0) + 1,
        details=details(**times),
        **said,
    ).chained(ledger.writer, end["number"] + 1, end["last"])
    row = event_row(event, place + 1)
    connection.execute(sa.insert(EVENTS), row)
    ends = {"number": event.number, "last": row["event_id"]}
    connection.execute(sa.update(WRITERS).where(WRITERS.c.writer == ledger.writer).values(**ends))
    return event


def _answered(connection: Connection, command_id: str) -> Event | None:
    row = connection.execute(sa.select(EVENTS).where(EVENTS.c.command_id == command_id)).mappings().first()
    return None if row is None else Event.of_row(dict(row))


def _of(event: Event) -> Appointment:
    facts = event.facts
    until = facts.get("until")
    since = datetime.fromisoformat(facts["since"])
    ends = None if until is None else max(since, datetime.fromisoformat(until))
    person = event.subject.removeprefix(PERSON)
    return Appointment(person, str(event.other), event.grid_id, since, ends, event.department)


def _key(one: Appointment) -> _Key:
    return (one.person_id, one.role, one.grid_id, one.department, one.since)


def _order(one: Appointment) -> tuple[str, str, str, str, datetime]:
    return (one.person_id, one.role, one.grid_id or "", one.department or "", one.since)
