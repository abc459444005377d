"""Persons: their names and how to reach them, who stands for whom elsewhere, and what each may do now.

Names, phones and addresses stand in a table of their own and never in the log, so that they can be erased: what is
left of a person who is forgotten is an id that says nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import TransitionError
from geo.text import Text
from layers.ledger.crew.duties import appointments, count_accounts, current, take_turn, told
from layers.ledger.log.events import CREATE, PERSON, Event
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import ACCOUNTS, CODES, EVENTS, LINKS, PEOPLE, SESSIONS
from layers.people.appointments import Appointment, Register
from layers.people.areas import Areas, areas
from layers.people.outside import Link
from layers.people.powers import Granted
from layers.people.refusals import why_not, why_not_appoint
from layers.people.rights import Rights, owners, rights
from layers.people.rules import rules

_LONGEST = 200
"""Characters of a name or an address."""
OPEN = "owner"
"""Who does things while nobody has an account, as ``layers.ledger.acting.acts.Anybody``."""
NO_NAME = Text("请写明姓名", "give a name")
NOT_KNOWN = Text("没有这个人员", "there is no such person")
STILL_HELD = Text("{name}仍有任命，请先免去", "{name} still holds an appointment: end it first")
NOT_YOURS = Text(
    "{name}的任命不在您的任免范围内：{why}", "{name} holds an appointment that is not yours to give: {why}"
)


class Person(NamedTuple):
    """Somebody who may be appointed; what is not known is empty."""

    person_id: str
    name: str = ""
    department: str = ""
    phone: str = ""
    email: str = ""


class _Authors(Mapping[str, str]):
    """Who reported each issue, asked of the log only when somebody wants to know."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getitem__(self, issue_id: str) -> str:
        asked = sa.select(EVENTS.c.by).where(EVENTS.c.subject == issue_id, EVENTS.c.kind == CREATE)
        with reading(self._ledger.engine) as connection:
            found = connection.execute(asked.order_by(EVENTS.c.clock, EVENTS.c.event_id)).scalars().first()
        if found is None:
            raise KeyError(issue_id)
        return str(found)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def powers_of(ledger: Ledger, person_id: str, at: datetime, grids: pd.DataFrame | None) -> Granted:
    """Give what a person may do at a moment.

    Args:
        ledger: with its appointments and names.
        person_id: the person.
        at: the moment, naive local time.
        grids: of all levels, indexed by id; None if there are none: then only roles for the whole workspace count.
    """
    register = register_of(ledger, grids)
    mine = rights(register.appointments, person_id, at, register.areas, rules=rules(ledger.rules.folder))
    return Granted(mine, register, _Authors(ledger))


def open_powers(ledger: Ledger | None, at: datetime, grids: pd.DataFrame | None, folder: Path) -> Granted:
    """Give the powers of the one who sits at the machine while nobody has an account (see ``rights.open_to_all``).

    Args:
        ledger: None if the workspace has none yet.
        at: the moment, naive local time.
        grids: of all levels, indexed by id; None if there are none.
        folder: the workspace.
    """
    register = Register((), {}, _areas(grids)) if ledger is None else register_of(ledger, grids)
    return Granted(Rights(OPEN, at, (), register.areas, rules(folder), open_to_all=True), register)


def register_of(ledger: Ledger, grids: pd.DataFrame | None) -> Register:
    """Give all appointments, the names of persons and the tree of areas."""
    names = {one.person_id: one.name for one in people(ledger) if one.name}
    return Register(appointments(ledger), names, _areas(grids))


def accounts(ledger: Ledger) -> int:
    """Count the ways in which persons can come in; none: the workspace is open on its own machine."""
    with reading(ledger.engine) as connection:
        return count_accounts(connection)


def people(ledger: Ledger) -> tuple[Person, ...]:
    """Give all persons, by name, then id; those who were forgotten come last."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(sa.select(PEOPLE)).mappings()
        found = [Person(*(row[name] or "" for name in Person._fields)) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.name, one.name, one.person_id)))


def add_person(ledger: Ledger, person: Person, powers: Granted, *, at: datetime) -> Person:
    """Enter a new person, who can do nothing until appointed; the id is made here.

    Raises:
        TransitionError: there is no name, or whoever asks may appoint nobody.
        DataError: the store could not be written.
    """
    with changing(ledger, powers, at) as (connection, now):
        _require_any(now)
        return new_person(connection, person)


def new_person(connection: Connection, person: Person) -> Person:
    """Enter a new person within a transaction.

    Raises:
        TransitionError: there is no name.
    """
    new = _tidy(person)._replace(person_id=uuid4().hex[:12])
    connection.execute(sa.insert(PEOPLE).values(**new._asdict()))
    return new


def change_person(ledger: Ledger, person: Person, powers: Granted, *, at: datetime) -> None:
    """Change the name of a person and how to reach them.

    Raises:
        TransitionError: no such person or no name, or they are not for whoever asks to change.
        DataError: the store could not be written.
    """
    with changing(ledger, powers, at) as (connection, now):
        require_charge(connection, now, person.person_id)
        values = {name: value for name, value in _tidy(person)._asdict().items() if name != "person_id"}
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.person_id == person.person_id).values(**values))


def link_person(ledger: Ledger, link: Link, powers: Granted, *, at: datetime) -> None:
    """Note by which login of a proxy or subject of a provider a person is known; in place of the one before.

    Raises:
        TransitionError: no such person, not for whoever asks to change, or the login is another's.
        DataError: the store could not be written.
    """
    with changing(ledger, powers, at) as (connection, now):
        require_charge(connection, now, link.person_id)
        keep_link(connection, link)


def bind(ledger: Ledger, link: Link) -> None:
    """Keep the subject of a person whom a provider has just vouched for by mail address.

    Raises:
        TransitionError: the subject is another person's.
        DataError: the store could not be written.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        keep_link(connection, link)


def keep_link(connection: Connection, link: Link) -> None:
    """Keep a link within a transaction.

    Raises:
        TransitionError: the login is another person's.
    """
    same = sa.and_(LINKS.c.issuer == link.issuer, LINKS.c.subject == link.subject)
    taken = connection.execute(sa.select(LINKS.c.person_id).where(same)).scalar_one_or_none()
    if taken not in {None, link.person_id}:
        raise TransitionError(Text("这个登录名已属于另一个人", "this login is another person's"), code="taken")
    own = sa.and_(LINKS.c.issuer == link.issuer, LINKS.c.person_id == link.person_id)
    connection.execute(sa.delete(LINKS).where(own))
    if link.subject:
        values = {"issuer": link.issuer, "subject": link.subject, "person_id": link.person_id}
        connection.execute(sa.insert(LINKS).values(**values))


def links(ledger: Ledger, issuer: str | None = None) -> tuple[Link, ...]:
    """Give by what persons are known elsewhere; with an issuer also their mail addresses there."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(sa.select(LINKS).order_by(LINKS.c.issuer, LINKS.c.subject)).mappings().all()
    found = [Link(row["person_id"], row["issuer"], row["subject"]) for row in rows]
    if issuer is not None:
        found += [Link(one.person_id, issuer, email=one.email) for one in people(ledger) if one.email]
    return tuple(found)


def forget(ledger: Ledger, person_id: str, powers: Granted, *, at: datetime) -> None:
    """Erase name, phone, mail address and account of a person; the id stays in the log and says nothing.

    Raises:
        TransitionError: no such person, they still hold an appointment, or they are not for whoever asks to change.
        DataError: the store could not be written.
    """
    with changing(ledger, powers, at) as (connection, now):
        require_charge(connection, now, person_id)
        if any(_is_ahead(one, at) for one in _of(now.register, person_id)):
            name = now.register.name(person_id)
            raise TransitionError(STILL_HELD.format(name=name), code="still_held")
        blank = {name: "" for name in Person._fields if name != "person_id"}
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.person_id == person_id).values(**blank))
        for table in (ACCOUNTS, LINKS, SESSIONS, CODES):
            connection.execute(sa.delete(table).where(table.c.person_id == person_id))


def story(ledger: Ledger, person_id: str, most: int = 200) -> list[Event]:
    """Give what a person did and what was done to their duties, the last first."""
    mine = sa.or_(EVENTS.c.by == person_id, EVENTS.c.subject == f"{PERSON}{person_id}")
    asked = sa.select(EVENTS).where(mine).order_by(EVENTS.c.at.desc(), EVENTS.c.arrival.desc()).limit(most)
    with reading(ledger.engine) as connection:
        return [Event.of_row(dict(row)) for row in connection.execute(asked).mappings()]


def require_charge(connection: Connection, now: Granted, person_id: str) -> None:
    """Require that whoever asks could give every role that a person has or will have: else they could become them.

    Raises:
        TransitionError: no such person, or one with a role that is not theirs to give.
    """
    known = connection.execute(sa.select(PEOPLE.c.person_id).where(PEOPLE.c.person_id == person_id)).first()
    if known is None:
        raise TransitionError(NOT_KNOWN, code="not_known")
    _require_any(now)
    for one in _of(now.register, person_id):
        refusal = why_not_appoint(now.rights, one, register=now.register) if _is_ahead(one, now.rights.at) else None
        if refusal is not None:
            name = now.register.name(person_id)
            raise TransitionError(NOT_YOURS.format(name=name, why=refusal), code="no_right")


def has_owner(connection: Connection, at: datetime) -> bool:
    """Tell whether somebody owns the workspace at a moment and can come in."""
    theirs = set(owners(told(connection), at))
    with_password = sa.select(ACCOUNTS.c.person_id).where(ACCOUNTS.c.password.is_not(None))
    ways = (with_password, sa.select(LINKS.c.person_id))
    return any(theirs & set(connection.execute(one).scalars()) for one in ways)


@contextmanager
def changing(ledger: Ledger, powers: Granted, at: datetime) -> Iterator[tuple[Connection, Granted]]:
    """Open a transaction that may write, with the powers of a person as the log has them at that moment."""
    with writing(ledger.engine, ledger.queue) as connection:
        take_turn(connection)
        yield connection, current(connection, powers, at)


def _require_any(now: Granted) -> None:
    """Require a role, anywhere, that may appoint somebody."""
    able = now.rights.rules.actions["appoint"].roles
    if not now.rights.open_to_all and not any(one.role in able for one in now.rights.held):
        refusal = why_not(now.rights, "appoint", None, register=now.register)
        raise TransitionError(refusal or NOT_KNOWN, code="no_right", who=sorted(able))


def _of(register: Register, person_id: str) -> list[Appointment]:
    return [one for one in register.appointments if one.person_id == person_id]


def _is_ahead(one: Appointment, at: datetime) -> bool:
    """Tell whether an appointment holds or will hold."""
    return one.until is None or at < one.until


def _tidy(person: Person) -> Person:
    said = Person(*(" ".join(value.split())[:_LONGEST] for value in person))
    if not said.name:
        raise TransitionError(NO_NAME, code="no_name")
    return said


def _areas(grids: pd.DataFrame | None) -> Areas:
    return Areas({}) if grids is None else areas(grids)
