"""Campaigns (专项行动): for some weeks all look for one kind of thing; its issues carry the campaign's tag."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

from layers.ledger.store.engine import reading, writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.tables import SETTINGS

_KEY = "campaign:"
LONGEST = 60
_DONE = frozenset({"closed", "struck", "revisit_ok"})


@dataclass(frozen=True)
class Campaign:
    """A campaign from one day to another, both included; ``target`` is how many issues it wants to close.

    Raises:
        ValueError: no name, no target, or it would end before it begins.
    """

    name: str
    since: date
    until: date
    target: int

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST or self.target < 1 or self.until < self.since:
            msg = "a campaign has a name, a target and an end after its beginning"
            raise ValueError(msg)

    def runs(self, day: date) -> bool:
        """Tell whether it is on."""
        return self.since <= day <= self.until


class Progress(NamedTuple):
    """How far a campaign is: issues reported for it, those of them that are closed, and the share of its target."""

    reported: int
    closed: int
    share: float


def campaigns(ledger: Ledger) -> tuple[Campaign, ...]:
    """Give all campaigns, the latest first."""
    asked = sa.select(SETTINGS.c.value).where(SETTINGS.c.key.startswith(_KEY))
    with reading(ledger.engine) as connection:
        found = [_read(one) for one in connection.execute(asked).scalars()]
    return tuple(sorted(found, key=lambda one: (one.since, one.name), reverse=True))


def keep_campaign(ledger: Ledger, campaign: Campaign) -> None:
    """Keep a campaign, in place of one of the same name.

    Raises:
        DataError: the store could not be written.
    """
    values = asdict(campaign) | {"since": campaign.since.isoformat(), "until": campaign.until.isoformat()}
    with writing(ledger.engine, ledger.queue) as connection:
        connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.key == _KEY + campaign.name))
        row = {"key": _KEY + campaign.name, "value": json.dumps(values, ensure_ascii=False)}
        connection.execute(sa.insert(SETTINGS).values(**row))


def progress(campaign: Campaign, cases: pd.DataFrame) -> Progress:
    """Tell how far a campaign is; a duplicate counts once.

    Args:
        campaign: which.
        cases: where issues stand.
    """
    own = cases[(cases["tag"] == campaign.name).fillna(value=False).to_numpy(bool) & cases["head"].isna().to_numpy()]
    closed = int(own["state"].isin(_DONE).sum())
    return Progress(len(own), closed, min(1.0, closed / campaign.target))


def _read(value: str) -> Campaign:
    said = json.loads(value)
    return Campaign(said["name"], date.fromisoformat(said["since"]), date.fromisoformat(said["until"]), said["target"])
