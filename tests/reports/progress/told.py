"""One issue told event by event under the rules of the ledger, for its statistics."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from geo.errors import TransitionError
from layers.ledger.acting.acts import Act, Anybody
from layers.ledger.acting.decisions import decided
from layers.ledger.acting.rules import rules
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.log.folds import cases
from layers.ledger.log.table import event_table

RULES = rules()


def t(words: str) -> datetime:
    return datetime.fromisoformat(words)


@dataclass
class Told:
    """An issue, reported on a Monday morning, and what is done with it."""

    issue_type: str
    events: list[Event] = field(default_factory=list)
    case: Case = field(default_factory=lambda: Case("A"))

    def __post_init__(self) -> None:
        facts = {"issue_type": self.issue_type, "grid_id": "G1"}
        self.do(kinds.CREATE, "2021-08-02T09:00", facts=facts, text="路面有坑")

    def do(self, kind: str, at: str | datetime, **values: Any) -> None:
        moment = t(at) if isinstance(at, str) else at
        number = len(self.events) + 1
        act = Act(subject="A", kind=kind, at=moment, command_id=f"command {number}", **values)
        self.events.append(decided(self.case, act, RULES, Anybody(), other=None).chained("w", number, ""))
        self.case.tell(self.events[-1])

    def move(self, state: str, at: str | datetime, **values: Any) -> None:
        self.do(kinds.MOVE, at, state=state, **values)

    def at(self, moment: datetime) -> pd.DataFrame:
        return cases(event_table(self.events), moment)


def assigned(issue_type: str = "ROAD_PATCH") -> Told:
    told = Told(issue_type)
    told.move("accepted", "2021-08-02T09:00")
    told.move("assigned", "2021-08-02T09:00", person="p")
    return told


def fixed() -> Told:
    """A road repaired on Tuesday; it is due at the end of the Monday after."""
    told = assigned()
    told.do(kinds.PHOTO, "2021-08-03T10:00", other="photo", stage="after")
    told.move("fixed", "2021-08-03T10:00", text="已修补")
    return told


@st.composite
def walks(draw: st.DrawFn) -> Told:
    """An issue moved at random, as far as the rules allow."""
    told = Told(draw(st.sampled_from(["ROAD_PATCH", "ROAD_REBUILD", "GARBAGE", "MANHOLE", "OTHER"])))
    at = told.events[0].at
    for _ in range(draw(st.integers(0, 12))):
        at += timedelta(hours=draw(st.sampled_from([1, 8, 30, 200])))
        values = {"text": "说明", "person": "q", "other": "P1", "approver": "street", "satisfaction": 4}
        move = draw(st.sampled_from(sorted(RULES.onward(str(told.case.state)), key=lambda one: one.becomes)))
        try:
            told.do(kinds.PHOTO, at, other=f"photo {at}", stage="after")
            told.move(move.becomes, at, **values, until=at + timedelta(days=9))
        except TransitionError:
            continue
    return told
