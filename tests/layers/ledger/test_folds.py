"""Folds: many issues at once are as one by one, at any moment, in any order, however often they are told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.ledger.log.folds import cases
from layers.ledger.log.table import event_table
from tests.layers.ledger.telling import MONDAY, Told, assigned, fixed, reported, t
from tests.layers.ledger.walking import step, walks

SHARED = ["clock", "reported_at", "state", "state_since", "person", "department", "level", "level_since", "issue_type", "severity", "source", "grid_id", "head", "call_back", "project_id", "paused_since", "fixed_at", "closed_at", "stage", "due_at", "final_due_at", "deadline_version", "rework_count", "photos", "is_contested"]  # fmt: skip
"""Columns of the fold that one issue knows under the same name."""
FOLLOWED = frozenset(
    [
        "state",
        "state_since",
        "person",
        "department",
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
"""What a duplicate has from its head, and one issue alone does not know."""
HEAD_REPORT = Event(subject="H", kind=kinds.CREATE, at=t("2021-01-01"), by="x", command_id="H", clock=1, state="new")


def told_one_by_one(events: list[Event]) -> Case:
    """Give the issue after its events, in the order that all machines agree upon."""
    return Case.of(events[0].subject, sorted(events, key=lambda one: (one.clock, one.event_id)))


def same(case: Case, events: list[Event], as_of: datetime | None = None) -> None:
    row = cases(event_table([HEAD_REPORT, *events]), as_of).loc[case.issue_id]
    followed = FOLLOWED if case.head is not None else frozenset()
    for name in [one for one in SHARED if one not in followed]:
        assert plain(row[name]) == getattr(case, name), name
    assert followed or plain(row["since"]) == case.since
    assert row["events"] == case.place


def plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return (
        value.to_pydatetime()
        if isinstance(value, pd.Timestamp)
        else value.item()
        if isinstance(value, np.generic)
        else value
    )


@settings(max_examples=50)
@given(walks())
def test_one_issue_is_as_among_many(told: Told) -> None:
    same(told_one_by_one(told.events), told.events)
    assert told_one_by_one(told.events) == told.case


@settings(max_examples=30)
@given(walks(least=3), st.integers(0, 13))
def test_at_any_moment_it_is_as_if_nothing_came_later(told: Told, number: int) -> None:
    as_of = told.events[number % len(told.events)].at
    until = [one for one in told.events if one.at <= as_of]
    same(told_one_by_one(until), told.events, as_of)


@st.composite
def forks(draw: st.DrawFn) -> list[Event]:
    """Give events of an issue on which two machines acted without knowing of each other."""
    first = draw(walks())
    second = Told(writer="v", events=list(first.events))
    for one in first.events:
        second.case.tell(one)
    for told in (first, second):
        at = first.events[-1].at
        for _ in range(draw(st.integers(0, 6))):
            at += timedelta(minutes=draw(st.sampled_from([1, 30, 240, 1500, 6000])))
            step(told, at, draw(st.integers(0, 999)))
    return list(dict.fromkeys([*first.events, *second.events]))


@settings(max_examples=50)
@given(forks(), st.randoms(use_true_random=False))
def test_two_machines_come_to_the_same(events: list[Event], dice: Any) -> None:
    case = told_one_by_one(events)
    same(case, events)
    mixed = events.copy()
    dice.shuffle(mixed)
    pd.testing.assert_frame_equal(cases(event_table(mixed)), cases(event_table(events)))
    after = Told(events=events)
    after.case = case
    step(after, case.last_at + timedelta(days=1) if case.last_at else t(MONDAY), 3)  # and it can be acted upon


@settings(max_examples=25)
@given(walks(least=2), st.integers(0, 20))
def test_a_command_that_two_machines_answered_counts_once(told: Told, number: int) -> None:
    again = told.events[number % len(told.events)]
    twice = [*told.events, replace(again, writer="v", clock=told.events[-1].clock + 1)]
    found, once = cases(event_table(twice)).iloc[0], cases(event_table(told.events)).iloc[0]
    for name in set(SHARED) - {"clock"}:
        assert plain(found[name]) == plain(once[name]), name
    same(told_one_by_one(twice), twice)


def test_nothing_is_known_of_no_events() -> None:
    assert len(cases(event_table([]))) == 0
    assert len(cases(event_table(assigned().events), t("2021-08-01"))) == 0


def test_an_issue_by_hand() -> None:
    told = fixed(done="2021-08-03T10:00")
    told.move("closed", "2021-08-04T10:00", text="合格")
    told.move("revisit_bad", "2021-08-05T10:00", satisfaction=2, text="又坏了")
    told.move("rework", "2021-08-05T11:00", text="返工")
    row = cases(event_table(told.events)).loc["A"]
    assert (row["state"], row["rework_count"], row["reopen_count"], row["photos"]) == ("rework", 0, 0, 1)
    assert (row["first_fixed_at"], row["verified_at"]) == (t("2021-08-03T10:00"), t("2021-08-04T10:00"))
    assert (row["call_back"], row["satisfaction"], row["called_back_at"]) == ("not_satisfied", 2, t("2021-08-05T10:00"))
    assert pd.isna(row["closed_at"])
    assert (row["level_solved"], row["description"]) == ("courtyard", "路面有坑")
    before = cases(event_table(told.events), t("2021-08-04T18:00")).loc["A"]
    assert (before["state"], before["closed_at"]) == ("closed", t("2021-08-04T10:00"))


def test_only_a_failed_verification_counts_as_rework() -> None:
    told = fixed(done="2021-08-03T10:00")
    told.move("rework", "2021-08-04T10:00", text="不合格")
    assert (cases(event_table(told.events)).loc["A", "rework_count"], told.case.rework_count) == (1, 1)


def test_a_reason_stands_only_where_there_is_no_deadline() -> None:
    told = reported()
    told.do(kinds.CLASSIFY, MONDAY, facts={"severity": 5}, reason="雨季")
    assert pd.isna(cases(event_table(told.events)).loc["A", "no_deadline_reason"])
    told.do(kinds.PAUSE, MONDAY, reason="等材料", approver="street")
    assert cases(event_table(told.events)).loc["A", "no_deadline_reason"] == "等材料"


def test_a_group_follows_its_head() -> None:
    head, member = fixed(), Told("B")
    member.do(kinds.CREATE, MONDAY, facts={"issue_type": "ROAD_PATCH"})
    member.do(kinds.FUSE, "2021-08-02T12:00", other="A", other_case=head.case)
    found = cases(event_table([*head.events, *member.events]))
    assert list(found["group_size"]) == [2, 2]
    assert (found.loc["B", "head"], found.loc["B", "state"], found.loc["B", "fixed_at"]) == (
        "A",
        "fixed",
        t("2021-08-03T10:00"),
    )
    assert pd.isna(found.loc["A", "head"])
    member.do(kinds.UNFUSE, "2021-08-05T12:00")
    found = cases(event_table([*head.events, *member.events]))
    assert (list(found["group_size"]), found.loc["B", "state"]) == ([1, 1], "new")
    assert cases(event_table([*head.events, *member.events]), t("2021-08-04")).loc["B", "state"] == "fixed"


def test_heads_that_follow_each_other_in_a_ring_are_contested() -> None:
    events = []
    for name, other in (("A", "B"), ("B", "A")):
        told = Told(name, writer=name)
        told.do(kinds.CREATE, MONDAY, facts={"issue_type": "ROAD_PATCH"})
        told.do(kinds.FUSE, MONDAY, other=other, other_case=Case(other, state="new"))
        events += told.events
    found = cases(event_table(events))
    assert found["is_contested"].all()
    assert found["head"].isna().all()


@pytest.mark.parametrize("parts", [1, 3])
def test_a_log_in_parts_is_as_whole(parts: int) -> None:
    events = [*assigned().events]
    table = event_table(events)
    cut = pa.concat_tables([table.slice(at, 1) for at in range(len(table))]) if parts == 3 else table
    pd.testing.assert_frame_equal(cases(cut), cases(table))
