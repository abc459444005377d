"""Rising: the acts that take issues up the ladder when a level had its time."""

from datetime import datetime

import pandas as pd

from layers.ledger.acting.acts import Act
from layers.ledger.log.events import ESCALATE
from layers.ledger.store.ledger import Ledger
from layers.people.escalation import ladder, rises


def risen(ledger: Ledger, as_of: datetime) -> list[Act]:
    """Give the acts for all that has to rise by a moment, each at the time at which it was due.

    They have names of their own: asking twice makes nothing twice.

    Raises:
        DataError: the workspace's own ladder has faults.
    """
    cases = ledger.cases(as_of)
    steps = rises(cases[cases["head"].isna()], ladder(ledger.rules.folder), as_of, ledger.rules.work)
    return [
        Act(
            subject=str(one["issue_id"]),
            kind=ESCALATE,
            at=pd.Timestamp(one["at"]).to_pydatetime(),
            command_id=f"rise:{one['issue_id']}:{one['level']}:{pd.Timestamp(one['at']):%Y%m%d%H%M%S}",
            level=str(one["level"]),
            reason="level_due",
        )
        for one in steps.to_dict("records")
    ]
