"""One issue while somebody acts on it: where it stands, and the clock of its stages, event by event.

``layers.ledger.log.folds`` answers the same for millions; a test holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from layers.ledger.acting.rules import ACCEPTED, DEFERRED, FIXED, PROJECT, REPLY, REWORK, SHUT, TO_PROJECT
from layers.ledger.log import events as kinds
from layers.ledger.log.events import Event
from layers.ledger.timing.deadlines import Extension, Limit, Pause

_LATEST = ("person", "level", "department", "issue_type", "severity", "source", "grid_id", "state")
_AGAIN = frozenset({"working", "rework", "accepted"})
_STANDS = frozenset({DEFERRED, FIXED, TO_PROJECT}) | SHUT
"""States in which the limits of the type do not run: put off, to be verified, done, or with a deadline of its own."""
SILENT = frozenset({kinds.NOTE, kinds.PHOTO, kinds.SETTLE})
"""Kinds of events that never contest what another machine wrote at the same time."""


@dataclass
class Case:
    """An issue after the events that were told to it; see ``Event`` for what the values mean.

    Attributes:
        place: how many events there are.
        since: when its limits began to run.
        limits: its stages with their limits.
        reached: the stages that are done.
        pauses, extensions: what changed the clock; an extension with the stage that it is for.
        after: photos of the end since work last began.
        is_contested: two machines wrote at once, or from a state that the issue was not in, and nobody settled it yet.
        said: clock of the last event that can be contested.
    """

    issue_id: str
    place: int = 0
    clock: int = 0
    last_at: datetime | None = None
    reported_at: datetime | None = None
    state: str | None = None
    state_since: datetime | None = None
    person: str | None = None
    department: str | None = None
    level: str | None = None
    level_since: datetime | None = None
    issue_type: str | None = None
    severity: int | None = None
    source: str | None = None
    grid_id: str | None = None
    head: str | None = None
    project_id: str | None = None
    call_back: str | None = None
    paused_since: datetime | None = None
    fixed_at: datetime | None = None
    closed_at: datetime | None = None
    stage: str | None = None
    due_at: datetime | None = None
    final_due_at: datetime | None = None
    deadline_version: int = 0
    rework_count: int = 0
    photos: int = 0
    after: int = 0
    is_contested: bool = False
    said: int = 0
    since: datetime | None = None
    project_due_at: datetime | None = None
    limits: tuple[tuple[str, Limit], ...] = ()
    reached: set[str] = field(default_factory=set)
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[tuple[str, Extension]] = field(default_factory=list)
    commands: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, issue_id: str, events: Iterable[Event]) -> Self:
        """Give the issue after its events, in the order of the clock."""
        found = cls(issue_id)
        for one in events:
            found.tell(one)
        return found

    def copied(self) -> Self:
        """Give another that is told things without this one knowing."""
        return replace(
            self,
            reached=set(self.reached),
            pauses=list(self.pauses),
            extensions=list(self.extensions),
            commands=set(self.commands),
        )

    @property
    def is_known(self) -> bool:
        """Tell whether the issue has been reported."""
        return self.state is not None

    def tell(self, event: Event) -> None:
        """Let the issue know what happened next; a claim from a state that it was not in, or a command told twice, changes nothing."""
        self.place += 1
        self.clock = max(self.clock, event.clock)
        at = event.at if self.last_at is None else max(self.last_at, event.at)  # a machine's clock may be behind
        self.last_at = at
        at_once = event.kind not in SILENT and event.clock == self.said
        self.said = self.said if event.kind in SILENT else event.clock
        if event.command_id in self.commands:
            return
        self.commands.add(event.command_id)
        is_false = self._is_false(event)
        self.is_contested = event.kind != kinds.SETTLE and (self.is_contested or at_once or is_false)
        if is_false:
            return
        self._take(event if event.at == at else replace(event, at=at))

    def _take(self, event: Event) -> None:
        """Take in an event that counts."""
        for name in _LATEST:
            value = getattr(event, name)
            if value is not None:
                setattr(self, name, value)
        if event.level is not None:
            self.level_since = event.at
        if event.state is not None:
            self._enter(event)
        if event.version is not None:
            self.deadline_version, self.stage = event.version, event.stage
            self.due_at, self.final_due_at = event.due_at, event.final_due_at
        self._note(event)
        self._set_clock(event)

    def _is_false(self, event: Event) -> bool:
        free = event.kind in {kinds.CREATE, kinds.SETTLE}
        return event.state is not None and not free and event.was != self.state

    def _enter(self, event: Event) -> None:
        """Enter a state: what it does to the counts."""
        now = event.state
        self.state_since = event.at
        if now in _AGAIN:
            self.after = 0
        if now == "closed":
            self.closed_at = event.at
        elif now not in SHUT - {"rejected"}:
            self.closed_at = None
        if now == FIXED:
            self.fixed_at = event.at
            self.reached |= {stage for stage, _ in self.limits[:-1]}  # what is fixed was made safe and answered
        elif now == ACCEPTED:
            self.project_due_at = None
        self.rework_count += now == REWORK and event.was == FIXED  # a bad call-back is no failed verification
        self.call_back = {"revisit_ok": "satisfied", "revisit_bad": "not_satisfied"}.get(str(now), self.call_back)
        if now == TO_PROJECT:
            self.project_id, self.project_due_at = event.other, event.final_due_at
            self.reached |= {REPLY, PROJECT} & {stage for stage, _ in self.limits}

    def _set_clock(self, event: Event) -> None:
        """Stop the clock of the limits, or let it run on; whatever machines wrote at once, it is stopped only once."""
        stands = self.state in _STANDS or self.paused_since is not None
        stood = bool(self.pauses) and self.pauses[-1].until is None
        if stands and not stood:
            self.pauses.append(Pause(event.at, None, event.by, event.reason or ""))
        elif stood and not stands:
            self.pauses[-1] = self.pauses[-1]._replace(until=event.at)

    def _begin(self, event: Event) -> None:
        """Take over limits: a report or a reopening begins anew, another type counts from where the first began."""
        limits = event.facts.get("limits")
        if limits is None:
            return
        self.limits = tuple((stage, Limit(amount, unit)) for stage, amount, unit in limits)
        if event.kind != kinds.CLASSIFY:
            self.since, self.reached, self.pauses, self.extensions = event.at, set(), [], []

    def _note(self, event: Event) -> None:
        """Take in what an event says beside state and deadline."""
        self._begin(event)
        match event.kind:
            case kinds.CREATE:
                self.reported_at = event.at if self.reported_at is None else self.reported_at
            case kinds.REACH:
                self.reached.add(str(event.other))
            case kinds.PAUSE | kinds.RESUME:
                self.paused_since = event.at if event.kind == kinds.PAUSE else None
            case kinds.EXTEND:
                more = event.facts
                until = datetime.fromisoformat(more["until"])
                self.extensions.append((str(event.other), Extension(event.at, until, more["approver"])))
            case kinds.PHOTO:
                self.photos += 1
                self.after += event.stage == "after"
            case kinds.FUSE | kinds.UNFUSE:
                self.head = event.other
