"""A random walk: acts of two people on one ledger beside a plain dict that says what each issue must be by now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pandas as pd
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from geo.errors import ConflictError
from layers.ledger.acting.acts import Act
from layers.ledger.keeping.proof import ledger_problems
from layers.ledger.store.ledger import Outcome
from tests.layers.ledger.acting import (
    ANYBODY,
    NOW,
    RULES,
    STATES,
    Place,
    assign,
    create,
    fuse,
    move,
    note,
    photo,
    quick_home,
    unfuse,
)

ISSUES = st.sampled_from(["i0", "i1", "i2"])
OPEN = frozenset(STATES) - {"new", "closed", "struck", "revisit_ok", "revisit_bad", "rejected"}
SHARED = [
    "clock",
    "state",
    "person",
    "level",
    "issue_type",
    "severity",
    "grid_id",
    "head",
    "project_id",
    "call_back",
    "stage",
    "due_at",
    "final_due_at",
    "deadline_version",
    "rework_count",
    "photos",
    "paused_since",
    "fixed_at",
    "closed_at",
    "reported_at",
    "is_contested",
]
FOLLOWED = frozenset(
    [
        "state",
        "person",
        "stage",
        "due_at",
        "final_due_at",
        "deadline_version",
        "paused_since",
        "fixed_at",
        "closed_at",
        "project_id",
    ]
)


@dataclass
class Plain:
    """What the model knows of an issue."""

    state: str = "new"
    person: str | None = None
    head: str | None = None
    photos: int = 0
    events: int = 1


@dataclass
class Model:
    """The model: issues by name, and how often the ledger was written."""

    issues: dict[str, Plain] = field(default_factory=dict)
    events: int = 0


class Walk(RuleBasedStateMachine):
    """Acts on three issues, told to the ledger and to the model."""

    make: Callable[[Path], Place] = Place

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory(dir=quick_home())
        self.place = type(self).make(Path(self.home.name) / "here")
        self.ledger = self.place.open()
        self.model = Model()
        self.now: datetime = NOW
        self.done: list[tuple[Act, Outcome]] = []
        self.changed: set[str] = set()

    def teardown(self) -> None:
        self.ledger.engine.dispose()
        self.home.cleanup()

    def tell(self, made: Act, *, may: bool) -> bool:
        """Do an act that the model allows or not, and give whether it was done."""
        (outcome,) = self.ledger.do([made], ANYBODY)
        assert (outcome.event is not None) == may, (made, outcome.refusal)
        if outcome.event is not None:
            self.done.append((made, outcome))
            self.model.events += 1
            self.changed.add(made.subject)
            if made.subject in self.model.issues:
                self.model.issues[made.subject].events += 1
        return may

    def free(self, issue: str) -> Plain | None:
        """Give an issue that may be acted upon: known, and no follower of another."""
        found = self.model.issues.get(issue)
        return None if found is None or found.head is not None else found

    @rule(issue=ISSUES)
    def report(self, issue: str) -> None:
        if self.tell(create(issue, at=self.now), may=issue not in self.model.issues):
            self.model.issues[issue] = Plain()

    @rule(issue=ISSUES, state=st.sampled_from(STATES))
    def go(self, issue: str, state: str) -> None:
        found = self.free(issue)
        may = found is not None and (found.state, state) in RULES.moves
        if self.tell(move(issue, state, at=self.now, person="p1"), may=may) and found is not None:
            found.state, found.person = state, "p1"

    @rule(issue=ISSUES, number=st.integers(0, 5))
    def go_on(self, issue: str, number: int) -> None:
        found = self.free(issue)
        if found is not None and (steps := RULES.onward(found.state)):
            self.go(issue, steps[number % len(steps)].becomes)

    @rule(issue=ISSUES, person=st.sampled_from(["p1", "p2"]))
    def give(self, issue: str, person: str) -> None:
        found = self.free(issue)
        may = found is not None and found.state in OPEN
        if self.tell(assign(issue, person=person, at=self.now), may=may) and found is not None:
            found.person = person
            found.state = "assigned" if found.state == "accepted" else found.state

    @rule(issue=ISSUES, role=st.sampled_from(["before", "after"]))
    def show(self, issue: str, role: str) -> None:
        if self.tell(photo(issue, stage=role, at=self.now), may=issue in self.model.issues):
            self.model.issues[issue].photos += 1

    @rule(issue=ISSUES)
    def remark(self, issue: str) -> None:
        self.tell(note(issue, at=self.now), may=issue in self.model.issues)

    @rule(issue=ISSUES, head=ISSUES)
    def join(self, issue: str, head: str) -> None:
        found = self.free(issue)
        may = found is not None and issue != head and self.free(head) is not None
        if self.tell(fuse(issue, head, at=self.now), may=may) and found is not None:
            found.head = head

    @rule(issue=ISSUES)
    def part(self, issue: str) -> None:
        found = self.model.issues.get(issue)
        if self.tell(unfuse(issue, at=self.now), may=found is not None and found.head is not None) and found:
            found.head = None

    @rule(issue=ISSUES)
    def act_on_an_old_look(self, issue: str) -> None:
        if issue in self.model.issues:
            seen = self.ledger.case(issue).clock - 1
            (outcome,) = self.ledger.do([move(issue, "accepted", seen=seen, at=self.now)], ANYBODY)
            assert isinstance(outcome.refusal, ConflictError)

    @rule(number=st.integers(0, 10**6))
    def tell_again(self, number: int) -> None:
        if self.done:
            made, outcome = self.done[number % len(self.done)]
            (again,) = self.ledger.do([made], ANYBODY)
            assert (again.event, again.is_new) == (outcome.event, False)

    @rule(hours=st.integers(-2, 90))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def open_again(self) -> None:
        self.ledger.engine.dispose()
        self.ledger = self.place.open()

    @invariant()
    def each_issue_is_what_the_model_says(self) -> None:
        for issue in sorted(self.changed & self.model.issues.keys()):
            found, plain = self.ledger.case(issue), self.model.issues[issue]
            assert (found.state, found.person, found.head) == (plain.state, plain.person, plain.head)
            assert (found.photos, found.clock, found.place) == (plain.photos, plain.events, plain.events)
        self.changed.clear()

    @rule()
    def look_at_all(self) -> None:
        """Hold folds, cases and proof against each other."""
        assert self.ledger.size() == self.model.events
        assert ledger_problems(self.ledger) == ()
        table = self.ledger.cases()
        assert set(table.index) == set(self.model.issues)
        for issue in table.index:
            head = self.model.issues[issue].head
            while head is not None and self.model.issues[head].head is not None:
                head = self.model.issues[head].head
            own, followed = self.ledger.case(issue), self.ledger.case(head or issue)
            for name in SHARED:
                value = head if name == "head" else getattr(followed if name in FOLLOWED else own, name)
                assert plain_value(table.loc[issue, name]) == value, (issue, name)


def plain_value(value: object) -> object:
    """Give a cell as the plain Python value."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return getattr(value, "item", lambda: value)()


def walked(make: Callable[[Path], Place], examples: int, steps: int) -> None:
    """Walk at random on ledgers at places that are made for it."""
    walk = type("Walked", (Walk,), {"make": staticmethod(make)})
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run_state_machine_as_test(walk, settings=settings)


def test_random_walk() -> None:
    walked(Place, examples=10, steps=40)
