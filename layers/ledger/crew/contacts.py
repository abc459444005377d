"""Contacts: how a resident who reported something may be reached, kept apart from the log so that it can be erased.

They lie in the table of settings of the database: no export, no edition for others and no record of the log has them.
"""

import sqlalchemy as sa

from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import SETTINGS

LONGEST = 200
"""Characters."""
_KEY = "contact:"


def keep_contact(ledger: Ledger, issue_id: str, words: str | None) -> None:
    """Keep how the person who reported an issue may be reached, in place of what was kept; nothing erases it.

    Raises:
        DataError: the store could not be written.
    """
    kept = (words or "").replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()[:LONGEST]
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.key == _KEY + issue_id))
        if kept:
            connection.execute(sa.insert(SETTINGS).values(key=_KEY + issue_id, value=kept))


def contact_of(ledger: Ledger, issue_id: str) -> str | None:
    """Give how the person who reported an issue may be reached, None if they did not say or it was erased.

    Only for those who have the right "see_person_data" on the case.
    """
    asked = sa.select(SETTINGS.c.value).where(SETTINGS.c.key == _KEY + issue_id)
    with reading(ledger.engine) as connection:
        found: str | None = connection.execute(asked).scalar_one_or_none()
        return found
