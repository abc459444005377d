"""The story of one simulated issue: step by step, each decided by the rules for a person who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.random import Generator

from data.simulation.people import BRANCH, COMMUNITY, DISTRICT, OFFICER, REPORTER, STREET, People
from data.simulation.steps import ASSIGNEE, SHARE, STEPS, WORK, Step
from layers.ledger.acting.acts import Act
from layers.ledger.acting.decisions import decided
from layers.ledger.acting.rules import NEW, RESOLVE, Rules
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.timing.deadlines import due
from layers.ledger.timing.terms import term
from layers.people.escalation import Ladder

ROUND = "网格员巡查"
"""Source of issues that an officer found on the round."""
HOTLINE = "12345热线"
TAKEN_FOR: Mapping[str, str] = {
    "ROAD_PATCH": "WALKWAY",
    "GARBAGE": "DEBRIS",
    "PARK_CHAOS": "BIKE_CHAOS",
    "SEWER_BLOCK": "PONDING",
    "LIGHT_NEW": "LIGHT_OUT",
    "LIGHT_OUT": "LIGHT_NEW",
}
"""Types that a report may name instead of the right one."""
WORST = 5
_DAY = timedelta(days=1)
_SHORT = timedelta(days=1, hours=1)


@dataclass(frozen=True)
class World:
    """What all stories share: people, rules, ladder, the end of the month, and the name of the writer."""

    people: People
    rules: Rules
    ladder: Ladder
    end: datetime
    writer: str


@dataclass
class Story:
    """An issue and what happens to it.

    Attributes:
        world: what all stories share.
        record: the row of the issue: ``issue_id``, ``issue_type``, ``reported_at``, ``grid_id`` and so on.
        dice: of this story alone.
        number: of the story, to choose between persons of one role.
        case: where the issue stands.
        drafts: events, not yet in a chain.
        span: the time that it takes until the issue is fixed.
        raw: the time without regard to working hours.
        fixed_at: a moment at which all steps happen, for what a register tells.
    """

    world: World
    record: Mapping[str, Any]
    dice: Generator
    number: int
    case: Case = field(init=False)
    drafts: list[Event] = field(default_factory=list)
    span: timedelta = timedelta(0)
    raw: datetime = field(init=False)
    fixed_at: datetime | None = None
    head: Case | None = None

    def __post_init__(self) -> None:
        self.case = Case(self.record["issue_id"])
        self.raw = self.record["reported_at"]

    @cached_property
    def limit(self) -> timedelta | None:
        """The time that the type gives from the report on, None for works."""
        start = self.record["reported_at"]
        limits = self.world.rules.limits(self.record["issue_type"], self.record["severity"])
        case = Case(self.record["issue_id"], state=NEW, since=start, limits=limits)
        final = term(case, self.world.rules.work).final_due_at
        return None if final is None else final - start

    @property
    def is_quick(self) -> bool:
        """Tell whether the limit is so short that people act at any hour."""
        limit = self.limit
        return limit is not None and limit <= _SHORT

    def begin(self, *, mistaken: bool = False) -> None:
        """Report the issue; ``mistaken``: as another type, or as less severe."""
        record, source = self.record, self.record["source"]
        names = ("issue_type", "severity", "grid_id", "x_m", "y_m", "address", "source")
        facts = {name: record[name] for name in names} | {"department": record["unit_in_charge"]}
        if mistaken:
            facts["issue_type"] = TAKEN_FOR.get(record["issue_type"], record["issue_type"])
        role = {ROUND: OFFICER, HOTLINE: COMMUNITY}.get(source, REPORTER)
        self._act(kinds.CREATE, self._person(role), self.raw, facts=facts, text=record["description"])
        if source == ROUND:
            self._act(kinds.PHOTO, self._person(role), self.raw, stage="before", other=self._photo())

    def go_on(self, steps: str) -> None:
        """Take steps until one would lie after the end of the month."""
        for name in steps.split():
            step = STEPS[name]
            if step.kind == kinds.REACH and not self._is_open(str(step.values["other"])):
                continue
            if step.kind == kinds.EXTEND and self.case.due_at is None:
                continue
            at = self._when(step)
            if at > self.world.end:
                return
            self.take(step, at)

    def take(self, step: Step, at: datetime) -> None:
        """Take a step at a moment."""
        values = {**step.values, **self._wanted(step, at)}
        person = values.pop("by", None) or self._person(step.who)
        self._act(step.kind, person, at, **values)

    def settle(self, state: str, at: datetime) -> None:
        """Settle what two machines wrote at once."""
        person = self.world.people.doer(self.case)
        words = "模拟：核对现场后裁定"
        self._act(kinds.SETTLE, self._person(COMMUNITY), at, state=state, text=words, person=person)
        self.raw = at

    def _act(self, kind: str, by: str, at: datetime, **values: Any) -> None:  # noqa: ANN401 (of an act)
        name = f"{self.world.writer}:{self.case.issue_id}:{len(self.drafts) + 1}"
        act = Act(subject=self.case.issue_id, kind=kind, at=at, command_id=name, **values)
        event = decided(self.case, act, self.world.rules, self.world.people.powers(by, at), other=self.head)
        self.drafts.append(event)
        self.case.tell(event)

    def _is_open(self, stage: str) -> bool:
        return stage in dict(self.case.limits) and stage not in self.case.reached and stage != RESOLVE

    def _when(self, step: Step) -> datetime:
        last = self.case.last_at or self.raw
        if self.fixed_at is not None:
            return max(self.fixed_at, last)
        unit, least, most = step.takes
        amount = least + (most - least) * float(self.dice.random())
        if step.kind == kinds.ESCALATE:
            self.raw = max(self.raw, self._level_due())
        if unit == SHARE:
            self.raw += self.span * amount
        else:
            self.raw = self._worked(self.raw, amount) if unit == WORK else self.raw + _DAY * amount
        at = self.raw if self.is_quick and unit == SHARE else self._worked(self.raw, float(self.dice.random()))
        at = max(at, last + timedelta(minutes=2 + int(self.dice.integers(0, 5)))).replace(second=0, microsecond=0)
        self.raw = self.raw if unit == SHARE else max(self.raw, at)
        return at

    def _worked(self, since: datetime, hours: float) -> datetime:
        """Give the moment after some hours of work, a minute of work at least."""
        moment = self.world.rules.work.after_work_hours(_one(since), [max(hours, 0.02)])
        return _time(moment)

    def _level_due(self) -> datetime:
        step, since = self.world.ladder.steps[str(self.case.level)], self.case.level_since
        if step.limit is None or since is None:
            return self.raw
        return _time(due(_one(since), [step.limit.amount], [step.limit.unit], self.world.rules.work))

    def _person(self, who: str) -> str:
        if who == ASSIGNEE:
            return self.case.person or self.world.people.doer(self.case)
        grid = self.case.grid_id if self.case.is_known else self.record["grid_id"]
        found = self.world.people.holders(who, grid) or self.world.people.holders(COMMUNITY, None)
        return found[self.number % len(found)]

    def _photo(self) -> str:
        return sha256(f"{self.case.issue_id}/{len(self.drafts)}".encode()).hexdigest()

    def _wanted(self, step: Step, at: datetime) -> dict[str, Any]:
        """Give what a step brings along beside its own values."""
        found: dict[str, Any] = {"other": self._photo()} if step.kind == kinds.PHOTO else {}
        for name, want in step.wants.items():
            match name:
                case "person":
                    found["person"] = self._doer(is_other=want == "other_doer")
                case "approver":
                    found["approver"] = self._person(want)
                case "until":
                    since = max(at, self.case.due_at or at) if step.kind == kinds.EXTEND else at
                    found["until"] = self._until(since, *want)
                case "other":
                    found["other"] = f"{self.case.issue_id}-J" if want == "project" else str(self.record["head"])
                case "satisfaction":
                    found["satisfaction"] = int(self.dice.integers(want[0], want[1] + 1))
                case "level":
                    found |= self._above()
                case _:
                    found["facts"] = self._right_facts()
        return found

    def _doer(self, *, is_other: bool) -> str:
        doer = self.world.people.doer(self.case)
        if not is_other:
            return doer
        officer = self._person(OFFICER)
        return officer if officer != doer else self._person(BRANCH)

    def _until(self, since: datetime, least: int, most: int) -> datetime:
        day = since + _DAY * int(self.dice.integers(least, most + 1))
        return day.replace(hour=18, minute=0, second=0, microsecond=0)

    def _above(self) -> dict[str, Any]:
        level = str(self.world.ladder.steps[str(self.case.level)].next_level)
        role = self.world.ladder.steps[level].role
        person = self._person({"district": DISTRICT, "street": STREET}.get(level, role))
        return {"level": level, "by": person, "person": None if level == "district" else person}

    def _right_facts(self) -> dict[str, Any]:
        right = {"issue_type": self.record["issue_type"]}
        is_tight = self.case.issue_type == self.record["issue_type"] or self.number % 4 == 0
        return right | ({"severity": WORST} if is_tight else {})


def _one(moment: datetime) -> "np.ndarray[Any, np.dtype[np.datetime64]]":
    return np.array([np.datetime64(moment, "s")])


def _time(moments: "np.ndarray[Any, np.dtype[np.datetime64]]") -> datetime:
    found: datetime = moments[0].astype("datetime64[us]").item()
    return found
