# ruff: noqa: DTZ001 (workspaces keep naive local time)
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.progress import BY, RATES, Rules, deadline_status, figures, footnote, marks, month, titles
from reports.progress.figures import ALL, NONE
from reports.progress.standing import STATUS_WORDS
from tests.reports.progress.conftest import made

Cases = Callable[..., pd.DataFrame]
MARCH = month(2024, 3)
ROWS: tuple[dict[str, Any], ...] = (
    # closed at its deadline, to the second
    {"reported_at": "2024-03-01T08", "final_due_at": "2024-03-02T08", "closed_at": "2024-03-02T08", "grid_id": "A"},
    # a second late
    {"reported_at": "2024-03-01T08", "final_due_at": "2024-03-02T08", "closed_at": "2024-03-02T08:00:01", "grid_id": "A"},
    # overdue from February, closed in March
    {"reported_at": "2024-02-01T08", "final_due_at": "2024-02-05", "closed_at": "2024-03-05", "grid_id": "A"},
    # overdue from February, closed in February: not of this month
    {"reported_at": "2024-02-01T08", "final_due_at": "2024-02-05", "closed_at": "2024-02-20", "grid_id": "A"},
    # due in April, closed in March: closed in the period, but not due in it
    {"reported_at": "2024-03-20", "final_due_at": "2024-04-02", "closed_at": "2024-03-25", "grid_id": "B"},
    # open and overdue
    {"reported_at": "2024-03-03", "final_due_at": "2024-03-10", "grid_id": "B", "assigned_at": "2024-03-03T09"},
    # deferred with a deadline in March
    {"reported_at": "2024-03-03", "final_due_at": "2024-03-12", "state": "deferred", "grid_id": "B"},
    # turned into a project
    {
        "reported_at": "2024-03-03", "final_due_at": "2024-03-12", "state": "to_project", "grid_id": "B",
        "state_since": "2024-03-04", "project_id": "P1",
    },
    # not accepted
    {"reported_at": "2024-03-03", "final_due_at": "2024-03-12", "state": "rejected", "accepted_at": None},
    # a duplicate of the overdue one
    {"reported_at": "2024-03-04", "final_due_at": "2024-03-10", "head": "I5", "grid_id": "B"},
    # fixed in time, waits for verification
    {"reported_at": "2024-03-05", "final_due_at": "2024-03-12", "state": "fixed", "fixed_at": "2024-03-11"},
    # closed after the month: open in it
    {"reported_at": "2024-03-05", "final_due_at": "2024-03-12", "closed_at": "2024-04-01", "grid_id": "A"},
    # no deadline
    {"reported_at": "2024-03-05", "closed_at": "2024-03-06", "grid_id": "A"},
    # failed once, then verified
    {
        "reported_at": "2024-03-06", "final_due_at": "2024-03-09", "closed_at": "2024-03-08", "grid_id": "A",
        "verified_at": "2024-03-08", "rework_count": 1, "called_back_at": "2024-03-09", "call_back": "satisfied",
    },
    # verified at once, caller not satisfied
    {
        "reported_at": "2024-03-06", "final_due_at": "2024-03-09", "closed_at": "2024-03-08", "grid_id": "A",
        "verified_at": "2024-03-08", "called_back_at": "2024-03-09", "call_back": "not_satisfied",
    },
)  # fmt: skip


def test_counts_by_hand(cases: Cases) -> None:
    row = figures(cases(*ROWS), MARCH).loc[ALL]
    wanted = {
        "report": 13,
        "duplicate": 1,
        "accept": 12,
        "rejected": 1,
        "register": 11,
        "dispatch": 1,
        "dispose": 8,
        "to_dispose": 1,
        "archive": 7,
        "project": 1,
        "due": 9,
        "deferred": 1,
        "closed": 5,
        "on_time": 3,
        "late": 2,
        "overdue": 2,
        "to_reply": 11,
        "replied": 0,
        "registered_closed": 6,
        "verified": 2,
        "reworked": 1,
        "called_back": 2,
        "satisfied": 1,
    }
    assert {name: int(row[name]) for name in wanted} == wanted


def test_rates_with_and_without_deferral(cases: Cases) -> None:
    table = cases(*ROWS)
    less, whole = (figures(table, MARCH, rules=Rules(subtract_deferred=one)).loc[ALL] for one in (True, False))
    assert (less["closing_rate"], less["on_time_rate"], less["overdue_rate"]) == (62.5, 37.5, 50.0)
    assert whole["closing_rate"] == pytest.approx(500 / 9)
    assert (less["rework_rate"], less["satisfaction_rate"]) == (50, 50)
    assert less["resolution_rate"] == pytest.approx(600 / 11)
    assert less["on_time_rate_low"] < less["on_time_rate"] < less["on_time_rate_high"]
    assert "已减缓办数" in footnote(MARCH).zh
    assert "not taken off" in footnote(MARCH, Rules(subtract_deferred=False)).en


def test_on_time_by_the_fix_unless_asked_otherwise(cases: Cases) -> None:
    late = {
        "reported_at": "2024-03-01",
        "final_due_at": "2024-03-05",
        "fixed_at": "2024-03-04",
        "closed_at": "2024-03-06",
    }
    assert figures(cases(late), MARCH).loc[ALL, "on_time"] == 1
    assert figures(cases(late), MARCH, rules=Rules(by_fixing=False)).loc[ALL, "on_time"] == 0


def test_replies_are_due_by_the_table_or_by_the_ledger(cases: Cases) -> None:
    table = cases(
        {"reported_at": "2024-03-04T08", "issue_type": "GAS", "replied_at": "2024-03-04T08:30"},  # within 0.5 h
        {"reported_at": "2024-03-04T08", "issue_type": "GAS", "replied_at": "2024-03-04T08:30:01"},
        {"reported_at": "2024-03-04T08", "issue_type": "GAS"},
        {"reported_at": "2024-03-04T08", "replied_at": "2024-03-05"},  # no type, no limit
        {"reported_at": "2024-03-31T23:50", "issue_type": "GAS"},  # not yet due
    )
    row = figures(table, MARCH).loc[ALL]
    assert row[["to_reply", "replied", "reply_due", "replied_on_time"]].tolist() == [5, 3, 3, 1]
    assert (row["response_rate"], row["response_on_time_rate"]) == (60, pytest.approx(100 / 3))
    given_ = table.assign(reply_due_at=pd.Timestamp("2024-03-06"))
    assert figures(given_, MARCH).loc[ALL, "replied_on_time"] == 3
    imported = figures(table.assign(is_imported=True), MARCH).loc[ALL]
    assert np.isnan(imported["response_rate"])


def test_sent_out_rightly_is_what_stayed_where_it_was_sent(cases: Cases) -> None:
    sent = {"reported_at": "2024-03-01", "assigned_at": "2024-03-02"}
    table = cases(
        {**sent, "first_department": "roads", "department": "roads"},
        {**sent, "first_department": "roads", "department": "roads", "closed_at": "2024-03-03"},
        {**sent, "first_department": "roads", "department": "water"},
        {**sent, "person": "p1"},  # to a person, of no department
        {**sent, "first_department": "roads", "department": "roads", "head": "I0"},  # a duplicate
        {"reported_at": "2024-03-01", "department": "roads"},  # never sent out
        {**sent, "assigned_at": "2024-02-01", "first_department": "roads", "department": "roads"},
    )
    row = figures(table, MARCH).loc[ALL]
    assert row[["dispatch", "dispatched_to", "dispatched_right"]].tolist() == [4, 3, 2]
    assert row["dispatch_rate"] == pytest.approx(200 / 3)


def test_times_count_open_cases(cases: Cases) -> None:
    closed = [{"reported_at": "2024-03-01", "closed_at": f"2024-03-0{day}"} for day in (2, 3)]
    waiting = [{"reported_at": "2024-03-01", "assigned_at": "2024-03-01T12"}] * 3
    row = figures(cases(*closed), MARCH).loc[ALL]
    assert (row["median_hours"], row["mean_hours"]) == (24, 36)
    row = figures(cases(*closed, *waiting), MARCH).loc[ALL]
    assert np.isnan(row["median_hours"])
    assert row["mean_hours"] == pytest.approx(24 + 0.8 * 24 + 0.6 * 29 * 24)
    sent = {"reported_at": "2024-03-01", "assigned_at": "2024-03-01T06", "closed_at": "2024-03-01T09"}
    assert figures(cases(sent), MARCH).loc[ALL, "mean_dispose_hours"] == 3


def test_a_project_is_seen_until_it_became_one(cases: Cases) -> None:
    row = figures(cases({"reported_at": "2024-03-01", "state": "to_project", "state_since": "2024-03-03"}), MARCH).loc[
        ALL
    ]
    assert row["mean_hours"] == 48
    assert np.isnan(row["median_hours"])


def test_by_grid_adds_up_to_all(cases: Cases) -> None:
    table = cases(*ROWS)
    by_grid = figures(table, MARCH, by="grid")
    assert by_grid.index.tolist() == [NONE, "A", "B"]
    counts = list(marks(table, MARCH))
    assert (by_grid[counts].sum() == figures(table, MARCH)[counts].loc[ALL]).all()
    assert by_grid.loc["A", "due"] == 6
    with pytest.raises(ValueError, match="not by weather"):
        figures(table, MARCH, by="weather")


def test_no_cases_give_zeros_and_unknown_rates(cases: Cases) -> None:
    row = figures(cases(), MARCH).loc[ALL]
    assert row["due"] == 0
    assert np.isnan(row["closing_rate"])
    assert figures(cases(), MARCH, by="grid").empty


def test_every_column_has_words_in_both_languages(cases: Cases) -> None:
    words = titles()
    assert list(figures(cases(*ROWS), MARCH)) == list(words)
    assert all(one.zh and one.en for one in words.values())
    assert all(text.zh and text.en for _, text in BY.values())
    assert set(RATES) <= set(words)


DAY = st.integers(0, 59)
ONE = st.fixed_dictionaries(
    {
        "reported": DAY,
        "limit": st.none() | st.integers(0, 30),
        "took": st.none() | st.integers(0, 40),
        "state": st.sampled_from([None, None, None, "deferred", "to_project", "rejected", "fixed"]),
        "grid": st.sampled_from(["A", "B", None]),
        "is_member": st.booleans(),
    }
)


def built(rows: list[dict[str, Any]]) -> pd.DataFrame:
    start = np.datetime64("2024-02-01", "D")
    found = []
    for row in rows:
        day = start + row["reported"]
        one = {"reported_at": str(day), "grid_id": row["grid"]}
        if row["limit"] is not None:
            one["final_due_at"] = str(day + row["limit"])
        if row["took"] is not None and row["state"] is None:
            one["closed_at"] = str(day + row["took"])
        if row["state"]:
            one |= {"state": row["state"], "state_since": str(day)}
        if row["state"] == "fixed":
            one["fixed_at"] = str(day)
        if row["is_member"] and found:
            one["head"] = "I0"
        found.append(one)
    return made(*found)


@settings(max_examples=25)
@given(st.lists(ONE, max_size=25))
def test_counts_hold_together(rows: list[dict[str, Any]]) -> None:
    table = built(rows)
    flags = marks(table, MARCH)
    kinds = flags[["on_time", "late", "overdue", "deferred"]].sum(axis=1)
    assert (kinds[~flags["due"]] == 0).all()
    assert (kinds <= 1).all()
    assert (flags["closed"] == (flags["on_time"] | flags["late"])).all()
    left = flags["due"] & (kinds == 0)
    assert (table.loc[left, "state"] == "fixed").all()
    by_grid = figures(table, MARCH, by="grid")
    assert (by_grid[list(flags)].sum() == flags.sum()).all()
    rates = by_grid[list(RATES)].to_numpy()
    assert ((rates >= 0) & (rates <= 100) | np.isnan(rates)).all()


@settings(max_examples=25)
@given(st.lists(ONE, max_size=25))
def test_every_case_has_one_standing_and_it_agrees_with_the_counts(rows: list[dict[str, Any]]) -> None:
    table = built(rows)
    clock = datetime(2024, 4, 15)
    found = deadline_status(table, clock)
    assert set(found["status"]) <= set(STATUS_WORDS)
    assert ((found["hours_late"] > 0) == found["status"].isin(["closed_late", "open_overdue"])).all()
    everything = marks(table, month(2024, 4, as_of=clock))
    overdue = everything["overdue"] & (table["reported_at"] <= clock)
    assert (found.loc[overdue, "status"] == "open_overdue").all()
