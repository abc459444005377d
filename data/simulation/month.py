"""A simulated month: the issues of a community worked through by made-up persons, by the true rules, seeded.

Nothing of it happened. Each act is decided by the rules of the ledger for a person who may do it, so that the log
could have been written by hand. It is entered as the log of other machines is: by union, under writers of its own,
so that the same seed gives the same names of all events everywhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from data.simulation.casting import FORK_DAY, MERGE_DAY, Part, cast, genre, tail
from data.simulation.people import People, offices
from data.simulation.steps import STEPS
from data.simulation.story import Story, World
from geo.errors import DataError
from layers.ledger.acting.rules import ASSIGNED, Rules
from layers.ledger.crew.persons import Person
from layers.ledger.crew.roster import enter_people
from layers.ledger.keeping.union import merge
from layers.ledger.log.case import Case
from layers.ledger.log.events import APPOINT, COLUMNS, PERSON, Event, details, name_of
from layers.ledger.store.ledger import Ledger
from layers.people.escalation import ladder
from layers.schema import Issues

WRITERS = ("simulated-office", "simulated-tablet")
"""The machines of the simulation: that of the office, and one that works apart for some days."""
EVENING = 18
LATE = 0.17
"""Share of the issues that take longer than their limit."""
_LONG = timedelta(days=14)
CONTESTED: tuple[tuple[str, str, str | None, str], ...] = (
    ("work", "send_back", "working", "after fix pass call_ok strike"),
    ("work", "after fix", "fixed", "pass call_ok strike"),
    ("pause", "extend", "assigned", "resume work after fix pass"),
    ("hand_over", "work", "working", "after fix pass call_ok"),
    ("work", "send_back", None, ""),
)
"""What two machines do at once, the state that is settled on (None: not yet), and how it goes on."""


def simulated_month(
    ledger: Ledger, issues: pd.DataFrame, people: People, *, start: datetime, days: int = 31, seed: int
) -> tuple[Event, ...]:
    """Work through a month in a ledger.

    Args:
        ledger: to enter it in.
        issues: the layer with ``grid_id``, ``x_m`` and ``y_m``, indexed by id; reported as ``reported_at`` says.
        people: who does it.
        start: the first day; what was closed before is closed as the layer says.
        days: how many; the last one ends at 18:00.
        seed: another one gives another month.

    Returns:
        All events, in the order of the chains.

    Raises:
        DataError: the ledger could not be written, or knows other events of these writers.
    """
    events = month_events(issues, people, ledger.rules, start=start, days=days, seed=seed)
    enter(ledger, events, people)
    return events


def enter(ledger: Ledger, events: Iterable[Event], people: People) -> None:
    """Enter simulated events in a ledger, and the names of the persons; what it knows already changes nothing.

    Raises:
        DataError: the ledger could not be written, or knows other events of these writers.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "simulated.jsonl"
        path.write_text("".join(_lines(events)), encoding="utf-8")
        merged = merge(ledger, path)
    if merged.problems:
        raise DataError(merged.problems)
    departments, names = offices(people), people.register.names
    enter_people(ledger, (Person(one, names[one], departments.get(one, "")) for one in sorted(names)))


def digest(events: Iterable[Event]) -> str:
    """Give the SHA-256 of the names of events, in their order."""
    return sha256("\n".join(one.event_id for one in events).encode()).hexdigest()


def month_events(
    issues: pd.DataFrame, people: People, rules: Rules, *, start: datetime, days: int, seed: int
) -> tuple[Event, ...]:
    """Give the events of a month, chained, see ``simulated_month``."""
    end = start + timedelta(days=days - 1, hours=EVENING)
    world = World(people, rules, ladder(rules.folder), end, WRITERS[0])
    records = [one for one in _records(issues) if one["reported_at"] <= end]
    stories = {
        str(one["issue_id"]): Story(world, one, np.random.default_rng([seed, 1, number]), number)
        for number, one in enumerate(records)
    }
    genres = {name: genre(one.limit, is_quick=one.is_quick) for name, one in stories.items()}
    parts = cast(records, genres, start, np.random.default_rng([seed, 0]))
    for name in sorted(stories, key=lambda one: (parts[one].head is not None, one)):
        head = parts[name].head
        _play(stories[name], parts[name], start, None if head is None else stories[head].case)
    apart = [stories[name] for name in stories if parts[name].is_contested]
    return _chained(people, list(stories.values()), apart, start)


def _play(story: Story, part: Part, start: datetime, head: Case | None) -> None:
    """Let a story happen; one that ended before the month ends as the layer says."""
    if head is not None:
        story.head, story.record = head, {**story.record, "head": head.issue_id}
    story.begin(mistaken=part.steps.startswith("classify"))
    closed = story.record[Issues.closed_at]
    if closed is not None and closed < start:
        story.fixed_at = closed
        story.go_on("accept reply safe stop assign penalty after fix pass")
        return
    story.raw = max(story.raw, start)
    story.span = timedelta(hours=30) if part.is_contested else _span(story)
    story.go_on(f"{part.steps} {tail(story.dice)}" if part.has_tail else part.steps)


def _span(story: Story) -> timedelta:
    """Draw how long it takes until the issue is fixed: most are in time, some are late."""
    limit, drawn, is_late = story.limit, float(story.dice.random()), float(story.dice.random()) < LATE
    if limit is None:
        return timedelta(days=3 + 12 * drawn)
    if limit > _LONG:
        return limit * (0.08 + 0.4 * drawn)
    return limit * (1.1 + 1.4 * drawn) if is_late else limit * (0.2 + 0.5 * drawn)


def _chained(people: People, stories: list[Story], apart: list[Story], start: datetime) -> tuple[Event, ...]:
    """Put the events of both machines into their chains, and go on with what they wrote at once after the union."""
    tablet: list[Event] = []
    merged_at = start + timedelta(days=MERGE_DAY, hours=8, minutes=30)
    apart = [one for one in apart if one.case.state == ASSIGNED and merged_at + timedelta(days=1) <= one.world.end]
    for number, story in enumerate(apart):
        tablet += _fork(story, number, start + timedelta(days=FORK_DAY, hours=10, minutes=7 * number))
    second = _chain([], tablet, WRITERS[1])
    drafts = [*_appointed(people, start), *(event for story in stories for event in story.drafts)]
    first = _chain([], [one for one in drafts if one.at < merged_at], WRITERS[0])
    for number, story in enumerate(apart):
        name, known = story.case.issue_id, len(story.drafts)
        told = [one for one in (*first, *second) if one.subject == name]
        story.case = Case.of(name, sorted(told, key=lambda one: (one.clock, one.event_id)))
        _, _, state, steps = CONTESTED[number]
        if state is not None:
            story.settle(state, merged_at + timedelta(minutes=30 + 20 * number))
            story.go_on(steps)
        drafts += story.drafts[known:]
    return (*_chain(first, [one for one in drafts if one.at >= merged_at], WRITERS[0]), *second)


def _fork(story: Story, number: int, at: datetime) -> list[Event]:
    """Let two machines act on an issue without knowing of each other, and give what the second one wrote."""
    here, there, _, _ = CONTESTED[number]
    other = replace(story, world=replace(story.world, writer=WRITERS[1]))
    other.case, other.drafts = deepcopy(story.case), list(story.drafts)
    for name in here.split():
        story.take(STEPS[name], at)
    for place, name in enumerate(there.split()):
        other.take(STEPS[name], at + timedelta(minutes=25 + place))
    return other.drafts[len(story.drafts) - len(here.split()) :]


def _appointed(people: People, start: datetime) -> Iterator[Event]:
    """Give the appointments as events, all before the first report."""
    counts: dict[str, int] = {}
    for one in people.register.appointments:
        clock = counts[one.person_id] = counts.get(one.person_id, 0) + 1
        yield Event(
            subject=f"{PERSON}{one.person_id}",
            kind=APPOINT,
            at=min(one.since, start),
            by="owner",
            command_id=f"{WRITERS[0]}:{one.person_id}:{clock}",
            clock=clock,
            other=one.role,
            grid_id=one.grid_id,
            department=one.department,
            details=details(since=one.since.isoformat(), until=None),
        )


def _chain(before: Sequence[Event], drafts: Iterable[Event], writer: str) -> list[Event]:
    """Put events at the end of a chain, in the order of time."""
    found = list(before)
    last = found[-1].event_id if found else ""
    for one in sorted(drafts, key=lambda one: (one.at, one.subject, one.clock)):
        found.append(one.chained(writer, len(found) + 1, last))
        last = found[-1].event_id
    return found


def _lines(events: Iterable[Event]) -> Iterator[str]:
    for one in events:
        row = one.row()
        named = {"event_id": name_of(row), **dict(zip(COLUMNS, row, strict=True))}
        yield json.dumps(named, ensure_ascii=False, separators=(",", ":")) + "\n"


def _records(issues: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the issues as plain values, null as None, in the order of their reports."""
    table = pd.DataFrame(issues.drop(columns="geometry", errors="ignore")).rename_axis("issue_id").reset_index()
    table = table.sort_values([Issues.reported_at, "issue_id"], kind="stable")
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: object) -> Any:  # noqa: ANN401 (a value of any column)
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value
