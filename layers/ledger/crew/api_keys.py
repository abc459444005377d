"""Keys with which other programs may report: handed out once, and only their hash is kept."""

import json
import secrets
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import SETTINGS
from layers.people.tokens import secret_hash

LONGEST = 60
"""Characters of the name of a key."""
_KEY = "open311:"
_BYTES, _MARK = 24, 12


class ApiKey(NamedTuple):
    """A key that was handed out: the beginning of its hash, for whom, and when."""

    mark: str
    name: str
    since: datetime


class Program:
    """The powers of a program with a key: to report, and nothing else."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    @property
    def person_id(self) -> str:
        """Who stands in the log: the mark of the key."""
        return f"{_KEY}{self._key.mark}"

    def may(self, action: str, _grid_id: str | None, _case: Case) -> bool:
        """Tell whether it is a report."""
        return action == "report"

    def may_move(self, _move: Move, _case: Case) -> bool:
        """Give False."""
        return False

    def allows(self, _person_id: str, _action: str, _grid_id: str | None) -> bool:
        """Give False: a program names nobody."""
        return False


def make_key(ledger: Ledger, name: str, at: datetime) -> str:
    """Make a key for a program and give it, to be shown once.

    Raises:
        ValueError: no name.
        DataError: the store could not be written.
    """
    said = name.strip()[:LONGEST]
    if not said:
        msg = "a key is for somebody"
        raise ValueError(msg)
    secret = secrets.token_urlsafe(_BYTES)
    value = json.dumps({"name": said, "since": at.isoformat()}, ensure_ascii=False)
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.insert(SETTINGS).values(key=_KEY + secret_hash(secret), value=value))
    return secret


def keys(ledger: Ledger) -> tuple[ApiKey, ...]:
    """List the keys that are good, by the time when they were made."""
    asked = sa.select(SETTINGS).where(SETTINGS.c.key.startswith(_KEY))
    with reading(ledger.engine) as connection:
        found = [_read(row.key, row.value) for row in connection.execute(asked)]
    return tuple(sorted(found, key=lambda one: (one.since, one.mark)))


def key_of(ledger: Ledger, secret: str) -> ApiKey | None:
    """Give the key that a program sent, None if it is not good. Looked up by its hash, so no time tells how near it was."""
    asked = sa.select(SETTINGS).where(SETTINGS.c.key == _KEY + secret_hash(secret))
    with reading(ledger.engine) as connection:
        row = connection.execute(asked).first()
    return None if row is None else _read(row.key, row.value)


def end_key(ledger: Ledger, mark: str) -> bool:
    """Take a key back by its mark; tell whether there was one.

    Raises:
        DataError: the store could not be written.
    """
    wanted = [_KEY + one.mark for one in keys(ledger) if one.mark == mark]
    with writing(ledger.engine, ledger.queue) as connection:
        for start in wanted:
            connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.key.startswith(start, autoescape=True)))
    return bool(wanted)


def _read(key: str, value: str) -> ApiKey:
    said = json.loads(value)
    return ApiKey(key.removeprefix(_KEY)[:_MARK], said["name"], datetime.fromisoformat(said["since"]))
