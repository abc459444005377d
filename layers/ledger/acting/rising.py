"""Rising: the acts that take issues up the ladder when a level had its time."""

from datetime import datetime

import pandas as pd

from layers.ledger.acting.acts import Act
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.ledger.log.events import ESCALATE
from layers.ledger.store.ledger import Ledger, Outcome
from layers.people.escalation import ladder, rises

CLOCK = "clock"
"""Who stands in the log where nobody acted and a level's time was over."""


class Clock:
    """The powers of the clock: to raise issues, and nothing else."""

    person_id = CLOCK

    def may(self, action: str, _grid_id: str | None, _case: Case) -> bool:
        """Tell whether it is to rise."""
        return action == ESCALATE

    def may_move(self, _move: Move, _case: Case) -> bool:
        """Give False."""
        return False

    def allows(self, _person_id: str, _action: str, _grid_id: str | None) -> bool:
        """Give False: the clock names nobody."""
        return False


def rise(ledger: Ledger, as_of: datetime) -> tuple[list[Act], list[Outcome]]:
    """Let everything rise that has to by a moment; give the acts, and what became of each.

    Raises:
        DataError: the store could not be written, or the workspace's own ladder has faults.
    """
    acts = risen(ledger, as_of)
    return acts, ledger.do(acts, Clock()) if acts else []


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
