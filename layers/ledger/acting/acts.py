"""Acts: what a person wants to do to an issue, and what the person may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case


class Powers(Protocol):
    """What a person may do where."""

    @property
    def person_id(self) -> str:
        """The person."""

    def may(self, action: str, grid_id: str | None, case: Case) -> bool:
        """Tell whether the person has the right to an action on an issue that lies in a grid."""

    def may_move(self, move: Move, case: Case) -> bool:
        """Tell whether the person may make a move with an issue."""

    def allows(self, person_id: str, action: str, grid_id: str | None) -> bool:
        """Tell whether somebody else, who is named in an act, has the right to an action in a grid."""


@dataclass(frozen=True)
class Anybody:
    """Powers while a workspace has no accounts: the one who sits at the machine may do everything."""

    person_id: str = "owner"

    def may(self, _action: str, _grid_id: str | None, _case: Case) -> bool:
        """Give True."""
        return True

    def may_move(self, _move: Move, _case: Case) -> bool:
        """Give True."""
        return True

    def allows(self, _person_id: str, _action: str, _grid_id: str | None) -> bool:
        """Give True."""
        return True


@dataclass(frozen=True, kw_only=True)
class Act:
    """What somebody wants to do.

    Attributes:
        subject: the issue.
        kind: one of ``layers.ledger.log.events.KINDS``.
        at: now, naive local time.
        command_id: name of this very command; the same one again changes nothing.
        seen: the clock of the issue that the person saw; None where it does not matter, as for a note.
        state: the state to move to.
        person, department, level, other, stage, text, reason, satisfaction: as in ``Event``.
        until, approver: for an extension, a deferral or a project.
        facts: of a new issue: issue_type, severity, source, grid_id, x_m, y_m, address, tag.
        more: other details to keep.
    """

    subject: str
    kind: str
    at: datetime
    command_id: str
    seen: int | None = None
    state: str | None = None
    person: str | None = None
    department: str | None = None
    level: str | None = None
    other: str | None = None
    stage: str | None = None
    text: str | None = None
    reason: str | None = None
    satisfaction: int | None = None
    until: datetime | None = None
    approver: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
