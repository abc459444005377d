"""One-time codes: for the first owner, who has seen the terminal, and for persons whom somebody invites.

A code lets somebody choose a login and a password, or binds them to who vouches for them elsewhere. It opens once;
only its hash is kept.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import TransitionError
from geo.text import Text
from layers.ledger.crew.accounts import LogIn, account_of, begin_session, plain_login
from layers.ledger.crew.duties import record_appointment, take_turn
from layers.ledger.crew.persons import OPEN, Person, changing, has_owner, keep_link, new_person, require_charge
from layers.ledger.log.events import microseconds, moment
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import ACCOUNTS, CODES, SESSIONS, SETTINGS
from layers.people.appointments import Appointment
from layers.people.outside import Link
from layers.people.passwords import LEAST, hashed, weakness
from layers.people.powers import Granted
from layers.people.tokens import OneTimeCode, new_code, opens

NO_CODE = Text("登录码不对、已用过或已过期；请重新索取", "this code is wrong, was used or is over: ask for another one")
BAD_LOGIN = Text(
    "登录名为 2 至 64 个字母、数字、汉字或 . _ - @ +，不含空格",
    "a login has 2 to 64 letters, digits or . _ - @ + and no blanks",
)
TAKEN = Text("这个登录名已有人使用", "somebody else has this login")
_LOGIN = re.compile(r"[\w.@+-]{2,64}")
_WANTED = "accounts"
"""Key of the setting that says that a ledger is to have accounts."""


class NewAccount(NamedTuple):
    """What somebody who has a one-time code says: a login with a password, or who vouches for them; and their name."""

    login: str = ""
    password: str = ""
    name: str = ""
    link: Link | None = None


def want_accounts(ledger: Ledger) -> None:
    """Note that a ledger is to have accounts: until it has an owner, a code for the first is shown at each start."""
    with writing(ledger.engine, ledger.queue) as connection:
        if not _wants(connection):
            connection.execute(sa.insert(SETTINGS).values(key=_WANTED, value="wanted"))


def wants_owner(ledger: Ledger, at: datetime) -> bool:
    """Tell whether a ledger is to have accounts and has no owner who could come in."""
    with reading(ledger.engine) as connection:
        return _wants(connection) and not has_owner(connection, at)


def owner_code(ledger: Ledger, at: datetime) -> str:
    """Make the one-time code for the first owner, for the terminal; the code before it no longer opens."""
    code, kept = new_code("owner", at)
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.delete(CODES).where(CODES.c.purpose == "owner"))
        _keep(connection, kept)
    return code


def invite(ledger: Ledger, person_id: str, powers: Granted, *, at: datetime) -> str:
    """Make a one-time code with which a person chooses login and password; what they had before no longer opens.

    Raises:
        TransitionError: no such person, or not for whoever asks.
        DataError: the store could not be written.
    """
    code, kept = new_code("invite", at, person_id=person_id)
    with changing(ledger, powers, at) as (connection, now):
        require_charge(connection, now, person_id)
        connection.execute(sa.delete(CODES).where(CODES.c.person_id == person_id))
        connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.person_id == person_id))
        values = {"password": None, "changed_at": microseconds(at)}
        connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.person_id == person_id).values(**values))
        _keep(connection, kept)
    return code


def redeem(
    ledger: Ledger, code: str, said: NewAccount, *, at: datetime, hours: float = 12, least: int = LEAST
) -> LogIn:
    """Open what a one-time code opens: the place of the first owner, or the account of who was invited.

    Raises:
        DataError: the store could not be written.
    """
    login = plain_login(said.login)
    refusal = _shut(ledger, code, at) or (None if said.link is not None else _unfit(login, said, least))
    if refusal is not None:
        return LogIn(None, None, refusal)
    password = None if said.link is not None else hashed(said.password)
    try:
        with writing(ledger.engine, ledger.queue) as connection:
            take_turn(connection)
            person_id = _opened(connection, ledger, code, name=said.name, at=at)
            if said.link is not None:
                keep_link(connection, said.link._replace(person_id=person_id))
                return LogIn(None, person_id)
            values = {"login": login, "person_id": person_id, "password": password}
            _take_login(connection, values | {"changed_at": microseconds(at)})
            return LogIn(begin_session(connection, person_id, at, hours), person_id)
    except TransitionError as error:  # and nothing was written
        return LogIn(None, None, error.message)


def _shut(ledger: Ledger, code: str, at: datetime) -> Text | None:
    """Say that a code opens nothing, before any time is spent on hashing a password."""
    with reading(ledger.engine) as connection:
        owned = has_owner(connection, at)
        return None if any(opens(one, code, at, has_owner=owned) for one in _codes(connection)) else NO_CODE


def _unfit(login: str, said: NewAccount, least: int) -> Text | None:
    if not _LOGIN.fullmatch(login):
        return BAD_LOGIN
    return weakness(said.password, least=least, own_words=(login, said.name))


def _opened(connection: Connection, ledger: Ledger, code: str, *, name: str, at: datetime) -> str:
    """Use up a code and give the person whom it lets in; the first owner is made here."""
    owned = has_owner(connection, at)
    found = next((one for one in _codes(connection) if opens(one, code, at, has_owner=owned)), None)
    if found is None:
        raise TransitionError(NO_CODE, code="no_code")
    over = sa.or_(CODES.c.code == found.code_hash, CODES.c.until <= microseconds(at))
    connection.execute(sa.delete(CODES).where(over))
    if found.person_id is not None:
        return found.person_id
    person = new_person(connection, Person("", name))
    first = Appointment(person.person_id, OPEN, None, at)
    who = person.person_id
    record_appointment(connection, ledger, first, by=who, at=at, command_id=f"owner:{who}")
    return person.person_id


def _take_login(connection: Connection, values: dict[str, Any]) -> None:
    """Enter an account, in place of the one that the person had."""
    there = account_of(connection, values["login"])
    if there is not None and there["person_id"] != values["person_id"]:
        raise TransitionError(TAKEN, code="taken")
    connection.execute(sa.delete(ACCOUNTS).where(ACCOUNTS.c.person_id == values["person_id"]))
    connection.execute(sa.insert(ACCOUNTS).values(**values))


def _keep(connection: Connection, one: OneTimeCode) -> None:
    values = {"code": one.code_hash, "purpose": one.purpose, "person_id": one.person_id}
    connection.execute(sa.insert(CODES).values(**values, until=microseconds(one.until)))


def _codes(connection: Connection) -> list[OneTimeCode]:
    rows = connection.execute(sa.select(CODES).order_by(CODES.c.code)).mappings()
    told = [(moment(row["until"]), row) for row in rows]
    return [OneTimeCode(row["code"], row["purpose"], until, row["person_id"]) for until, row in told if until]


def _wants(connection: Connection) -> bool:
    return connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == _WANTED)).first() is not None
