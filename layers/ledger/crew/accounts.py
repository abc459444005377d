"""Accounts: logins with their passwords, lock-outs, sessions and one-time codes, on the tables of the ledger.

None of it is in the log. Of a password only a scrypt hash is kept, of a token and of a code only its SHA-256; a login
that nobody has is kept as four digits of its hash, since people type passwords into the wrong field.
"""

import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from geo.text import Text
from layers.ledger.log.events import microseconds, moment
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import ACCOUNTS, ATTEMPTS, SESSIONS
from layers.people.attempts import WINDOW, Attempt, lock_words, locked_until
from layers.people.passwords import LEAST, checked, hashed, weakness
from layers.people.tokens import Session, new_session, secret_hash, session_person

WRONG = Text("登录名或密码不对", "the login or the password is wrong")


class LogIn(NamedTuple):
    """What became of a login: the token for the browser and the person, or why not."""

    token: str | None
    person_id: str | None
    words: Text | None = None


def log_in(ledger: Ledger, login: str, password: str, *, at: datetime, address: str | None, hours: float) -> LogIn:
    """Check a password, unless too many were wrong, and begin a session.

    The attempt is noted as failed before the password is looked at, so that many at once cannot outrun the count, and
    no other writer waits while it is hashed.

    Args:
        ledger: with its accounts.
        login: as typed.
        password: as typed.
        at: the moment.
        address: where from; None if not known.
        hours: how long the session lasts.

    Raises:
        DataError: the store could not be written.
    """
    wanted = plain_login(login)
    with writing(ledger.engine, ledger.queue) as connection:
        account = account_of(connection, wanted)
        name = wanted if account is not None else f"?{secret_hash(wanted)[:4]}"
        until = locked_until(_attempts(connection, at), name, address, at)
        if until is not None:
            return LogIn(None, None, lock_words(until, at))
        values = {"at": microseconds(at), "login": name, "address": address, "succeeded": False}
        number = connection.execute(sa.insert(ATTEMPTS).values(**values)).inserted_primary_key
    kept = None if account is None else account["password"]
    check = checked(password, kept)
    if account is None or not check.is_right or number is None:
        return LogIn(None, None, WRONG)
    anew = hashed(password) if check.is_weak_hash else None
    with writing(ledger.engine, ledger.queue) as connection:
        if account_of(connection, wanted) != account:
            return LogIn(None, None, WRONG)  # changed or taken away in between
        connection.execute(sa.update(ATTEMPTS).where(ATTEMPTS.c.number == number[0]).values(succeeded=True))
        if anew is not None:
            connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.login == wanted).values(password=anew))
        token = begin_session(connection, account["person_id"], at, hours)
    return LogIn(token, account["person_id"])


def person_of(ledger: Ledger, token: str, at: datetime) -> str | None:
    """Give the person who is logged in with a token; None if it is none of ours or over."""
    with reading(ledger.engine) as connection:
        row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.token == secret_hash(token))).mappings().first()
        if row is None:
            return None
        changed = connection.execute(
            sa.select(sa.func.max(ACCOUNTS.c.changed_at)).where(ACCOUNTS.c.person_id == row["person_id"])
        ).scalar_one()
    since, until = moment(row["since"]), moment(row["until"])
    if since is None or until is None:
        return None
    one = Session(row["token"], row["person_id"], since, until)
    return session_person([one], token, at, changed_at=moment(changed))


def log_out(ledger: Ledger, token: str) -> None:
    """End a session."""
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.token == secret_hash(token)))


def change_password(
    ledger: Ledger, token: str, words: tuple[str, str], *, at: datetime, address: str | None, least: int = LEAST
) -> Text | None:
    """Let a person who is logged in change the password; all other sessions of theirs end.

    Args:
        ledger: with its accounts.
        token: of the session.
        words: the old password and the new one.
        at: the moment.
        address: where from.
        least: characters that a password needs.

    Returns:
        Why not, or None.
    """
    person_id = person_of(ledger, token, at)
    login = None if person_id is None else login_of(ledger, person_id)
    if person_id is None or login is None:
        return WRONG
    weak = weakness(words[1], least=least, own_words=(login,))
    if weak is not None:
        return weak
    tried = log_in(ledger, login, words[0], at=at, address=address, hours=1)
    if tried.token is None:
        return tried.words
    values = {"password": hashed(words[1]), "changed_at": microseconds(at)}
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.login == login).values(**values))
        others = sa.and_(SESSIONS.c.person_id == person_id, SESSIONS.c.token != secret_hash(token))
        connection.execute(sa.delete(SESSIONS).where(others))
        mine = SESSIONS.c.token == secret_hash(token)
        connection.execute(sa.update(SESSIONS).where(mine).values(since=microseconds(at)))
    return None


def login_of(ledger: Ledger, person_id: str) -> str | None:
    """Give the login of a person, None without an account."""
    with reading(ledger.engine) as connection:
        asked = sa.select(ACCOUNTS.c.login).where(ACCOUNTS.c.person_id == person_id)
        return connection.execute(asked.order_by(ACCOUNTS.c.login)).scalars().first()


def logins(ledger: Ledger) -> dict[str, bool]:
    """Tell of each person with an account whether it has a password; False: a code is out, or was not used."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(sa.select(ACCOUNTS.c.person_id, ACCOUNTS.c.password)).all()
    return {str(person): password is not None for person, password in rows}


def plain_login(login: str) -> str:
    """Give a login as it is compared."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def begin_session(connection: Connection, person_id: str, at: datetime, hours: float) -> str:
    """Begin a session within a transaction and give its token; sessions that are over leave."""
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.until <= microseconds(at)))
    token, one = new_session(person_id, at, timedelta(hours=hours))
    values = {"token": one.token_hash, "person_id": person_id}
    times = {"since": microseconds(one.since), "until": microseconds(one.until)}
    connection.execute(sa.insert(SESSIONS).values(**values, **times))
    return token


def account_of(connection: Connection, login: str) -> RowMapping | None:
    """Give the account of a login within a transaction."""
    return connection.execute(sa.select(ACCOUNTS).where(ACCOUNTS.c.login == login)).mappings().first()


def _attempts(connection: Connection, at: datetime) -> list[Attempt]:
    """Give the attempts that still count; those that do not leave."""
    connection.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.at <= microseconds(at - WINDOW)))
    rows = connection.execute(sa.select(ATTEMPTS).order_by(ATTEMPTS.c.number)).mappings()
    told = [(moment(row["at"]), row) for row in rows]
    return [Attempt(when, row["login"], row["address"], row["succeeded"]) for when, row in told if when is not None]
