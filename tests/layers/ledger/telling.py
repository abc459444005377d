"""Acts on an issue, one after the other, as tests write them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from layers.ledger.acting.acts import Act, Anybody, Powers
from layers.ledger.acting.decisions import decided
from layers.ledger.acting.rules import rules
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event

RULES = rules()
MONDAY = "2021-08-02T09:00"
"""A Monday morning; no holiday is near."""


def t(words: str) -> datetime:
    """Give a time."""
    return datetime.fromisoformat(words)


@dataclass
class Told:
    """An issue, its events, and how to act on it; every act is decided by the rules."""

    name: str = "A"
    powers: Powers = field(default_factory=Anybody)
    case: Case = field(init=False)
    events: list[Event] = field(default_factory=list)
    writer: str = "w"

    def __post_init__(self) -> None:
        self.case = Case(self.name)

    def act(self, kind: str, at: str | datetime, **values: Any) -> Act:
        """Give an act."""
        moment = t(at) if isinstance(at, str) else at
        return Act(
            subject=self.name, kind=kind, at=moment, command_id=f"{self.name}{self.writer}{len(self.events)}", **values
        )

    def do(self, kind: str, at: str | datetime, *, other_case: Case | None = None, **values: Any) -> Event:
        """Do an act and give its event."""
        event = decided(self.case, self.act(kind, at, **values), RULES, self.powers, other=other_case)
        self.events.append(event.chained(self.writer, len(self.events) + 1, ""))
        self.case.tell(self.events[-1])
        return self.events[-1]

    def move(self, state: str, at: str | datetime, **values: Any) -> Event:
        """Move to a state."""
        return self.do(kinds.MOVE, at, state=state, **values)

    def photo(self, at: str | datetime, role: str = "after") -> Event:
        """Add a photo."""
        return self.do(kinds.PHOTO, at, other=f"photo{len(self.events)}", stage=role)


def reported(issue_type: str = "ROAD_PATCH", at: str = MONDAY, **facts: Any) -> Told:
    """Give an issue that was just reported."""
    told = Told()
    told.do(kinds.CREATE, at, facts={"issue_type": issue_type, "grid_id": "G1", **facts}, text="路面有坑")
    return told


def assigned(issue_type: str = "ROAD_PATCH", at: str = MONDAY, **facts: Any) -> Told:
    """Give an issue that was reported and sent to somebody at once."""
    told = reported(issue_type, at, **facts)
    told.move("accepted", at)
    told.move("assigned", at, person="p")
    return told


def fixed(issue_type: str = "ROAD_PATCH", at: str = MONDAY, done: str = "2021-08-03T10:00") -> Told:
    """Give an issue that was reported fixed, with a photo and words."""
    told = assigned(issue_type, at)
    told.photo(done)
    told.move("fixed", done, text="已修补")
    return told
