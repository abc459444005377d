"""Filters that people gave a name, kept in the ledger for all who work with it."""

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.pages import Wanted
from layers.ledger.store.tables import SETTINGS

_KEY = "filter:"


def saved_filters(ledger: Ledger) -> dict[str, Wanted]:
    """Give the filters by name, in the order of names."""
    asked = sa.select(SETTINGS).where(SETTINGS.c.key.startswith(_KEY)).order_by(SETTINGS.c.key)
    with reading(ledger.engine) as connection:
        return {row.key.removeprefix(_KEY): _wanted(row.value) for row in connection.execute(asked)}


def save_filter(ledger: Ledger, name: str, wanted: Wanted | None) -> None:
    """Keep a filter under a name, in place of one that had it; None takes it away.

    Raises:
        DataError: the ledger could not be written.
    """
    values = (
        None if wanted is None else {key: one for key, one in asdict(wanted).items() if one and key != "due_before"}
    )
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.key == _KEY + name))
        if values is not None:
            row = {"key": _KEY + name, "value": json.dumps(values, ensure_ascii=False)}
            connection.execute(sa.insert(SETTINGS).values(**row))


def _wanted(value: str) -> Wanted:
    read: dict[str, Any] = json.loads(value)
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in read.items()}
    return Wanted(**values)
