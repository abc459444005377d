"""Rosters: many persons entered at once under ids that they have already, as a list from elsewhere names them."""

from collections.abc import Iterable

import sqlalchemy as sa

from layers.ledger.crew.persons import Person
from layers.ledger.store.engine import writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import PEOPLE


def enter_people(ledger: Ledger, roster: Iterable[Person]) -> int:
    """Enter the persons that the ledger does not know, in one transaction, and give how many; the others stay as they are.

    Nobody's right is asked: this is for whoever makes a ledger, not for those who work in it.

    Raises:
        DataError: the store could not be written; nobody was entered.
    """
    with writing(ledger.engine, ledger.queue) as connection:
        known = set(connection.execute(sa.select(PEOPLE.c.person_id)).scalars())
        new = [one._asdict() for one in roster if one.person_id not in known]
        if new:
            connection.execute(sa.insert(PEOPLE), new)
    return len(new)
