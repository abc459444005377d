"""Statistics of real events: what a ledger folds to can be counted as it is."""

from datetime import datetime, timedelta

from hypothesis import given, settings

from layers.ledger.log import events as kinds
from reports.progress import (
    Period,
    breach_list,
    deadline_status,
    figures,
    marks,
    month,
    solved_levels,
    suggestions,
    tally,
)
from reports.progress.figures import ALL
from tests.reports.progress.told import Told, assigned, fixed, t, walks

AUGUST = month(2021, 8)


def row_of(told: Told, until: datetime | None = None) -> dict[str, float]:
    """Figures of August, as the ledger knew them then."""
    period = AUGUST if until is None else Period(AUGUST.since, AUGUST.until, until)
    return dict(figures(told.at(period.clock), period).loc[ALL])


def test_a_case_kept_in_time() -> None:
    told = fixed()  # reported on Monday, 2 August; due at the end of Monday, 9 August
    told.move("closed", "2021-08-09T23:59:59", text="已核查")
    told.move("revisit_ok", "2021-08-12T12:00", satisfaction=5)
    row = row_of(told)
    assert (row["due"], row["closed"], row["on_time"], row["verified"], row["satisfied"]) == (1, 1, 1, 1, 1)
    assert row["median_hours"] == 7 * 24 + 15 - 1 / 3600
    assert row["mean_dispose_hours"] == 25
    running = row_of(told, t("2021-08-09T12:00"))
    assert (running["due"], running["to_dispose"], running["dispose"]) == (0, 0, 1)


def test_a_case_that_failed_once_and_came_late() -> None:
    told = fixed()
    told.move("rework", "2021-08-04T10:00", text="仍有坑")  # a day of waiting moves the deadline to the 10th
    assert row_of(told)["reworked"] == 1
    told.do(kinds.PHOTO, "2021-08-11T09:00", other="another", stage="after")
    told.move("fixed", "2021-08-11T10:00", text="重做")
    told.move("closed", "2021-08-12T10:00", text="已核查")
    row = row_of(told)
    assert (row["late"], row["overdue"], row["rework_rate"]) == (1, 0, 100)
    assert row_of(told, t("2021-08-11T08:00"))["overdue"] == 1


def test_a_case_put_off_is_taken_off_what_is_due() -> None:
    told = assigned()
    told.do(kinds.REACH, "2021-08-02T10:00", other="reply")
    told.move("deferred", "2021-08-03T10:00", text="等材料", until=t("2021-09-20T10:00"), approver="street")
    row = row_of(told)
    assert (row["due"], row["deferred"], row["overdue"], row["replied_on_time"]) == (1, 1, 0, 1)


def test_a_project_is_neither_overdue_nor_closed() -> None:
    told = assigned("ROAD_REBUILD")
    told.move("to_project", "2021-08-03T10:00", other="P1", text="列入计划", until=t("2021-08-20T00:00"))
    row = row_of(told)
    assert (row["project"], row["due"], row["overdue"], row["archive"]) == (1, 0, 0, 0)


@settings(max_examples=10)
@given(walks())
def test_any_walk_of_an_issue_can_be_counted(told: Told) -> None:
    first, last = told.events[0].at, told.events[-1].at + timedelta(days=1)
    table = told.at(last)
    period = Period(first.replace(hour=0, minute=0), last, last)
    for by in (None, "grid", "person", "level"):
        assert figures(table, period, by=by)["report"].sum() == 1
    assert deadline_status(table, last)["status"].notna().all()
    assert len(breach_list(table, last)) <= 1
    assert suggestions(table, as_of=last, max_distance_m=30, max_hours=72).empty
    assert tally(table, period).due == marks(table, period)["due"].sum()
    assert solved_levels(table, period)["number"].sum() <= 1
