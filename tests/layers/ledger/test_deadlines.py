"""Deadlines, each worked out by hand on a wall calendar; the hours of a working day are 8:30 to 12 and 14 to 18."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.ledger.timing.calendar import WorkTime, work_time
from layers.ledger.timing.deadlines import Extension, Limit, Pause, deadline, due

WORK = work_time()
END = "T23:59:59"
CASES = [
    ("2021-02-10T17:00", 24, "natural_hour", "2021-02-11T17:00", "through the eve of Spring Festival"),
    ("2024-02-28T10:00", 48, "natural_hour", "2024-03-01T10:00", "over 29 February"),
    ("2023-12-31T23:30", 1, "natural_hour", "2024-01-01T00:30", "over the year's end"),
    ("2021-08-20T09:15", 0.5, "natural_hour", "2021-08-20T09:45", "half an hour"),
    ("2021-02-12T03:00", 4, "urgent_hour", "2021-02-12T07:00", "at night in the festival"),
    ("2021-03-01T09:00", 2, "work_hour", "2021-03-01T11:00", "within a morning"),
    ("2021-03-01T11:00", 2, "work_hour", "2021-03-01T15:00", "over noon"),
    ("2021-03-01T13:00", 1, "work_hour", "2021-03-01T15:00", "from noon"),
    ("2021-03-01T08:00", 7.5, "work_hour", "2021-03-01T18:00", "a whole day ends with it"),
    ("2021-03-01T08:30", 15, "work_hour", "2021-03-02T18:00", "two whole days"),
    ("2021-03-01T17:30", 4, "work_hour", "2021-03-02T12:00", "ends with the morning, not after noon"),
    ("2021-03-01T17:30", 4.5, "work_hour", "2021-03-02T14:30", "over night and noon"),
    ("2021-03-05T18:00", 1, "work_hour", "2021-03-08T09:30", "from the last moment of a week"),
    ("2021-03-05T19:00", 1, "work_hour", "2021-03-08T09:30", "from Friday evening"),
    ("2021-03-06T10:00", 2, "work_hour", "2021-03-08T10:30", "from Saturday"),
    ("2021-02-10T17:00", 4, "work_hour", "2021-02-18T11:30", "over Spring Festival 2021"),
    ("2021-02-13T10:00", 7.5, "work_hour", "2021-02-18T18:00", "from within the festival"),
    ("2021-02-13T10:00", 8, "work_hour", "2021-02-19T09:00", "and into the next day"),
    ("2021-02-20T09:00", 2, "work_hour", "2021-02-20T11:00", "on a Saturday that is worked"),
    ("2021-02-07T07:00", 4, "work_hour", "2021-02-07T14:30", "on a Sunday that is worked"),
    ("2021-03-01T09:00", 1, "work_day", "2021-03-02" + END, "the first day is not counted"),
    ("2021-03-05T17:00", 1, "work_day", "2021-03-08" + END, "over a weekend"),
    ("2021-03-05T00:00", 5, "work_day", "2021-03-12" + END, "a week"),
    ("2021-03-06T12:00", 1, "work_day", "2021-03-08" + END, "from Saturday"),
    ("2021-03-07T23:59", 1, "work_day", "2021-03-08" + END, "from Sunday"),
    ("2021-02-10T09:00", 1, "work_day", "2021-02-18" + END, "over Spring Festival 2021"),
    ("2021-02-10T09:00", 3, "work_day", "2021-02-20" + END, "on a Saturday that is worked"),
    ("2021-02-10T09:00", 5, "work_day", "2021-02-23" + END, "with that Saturday counted"),
    ("2021-02-05T09:00", 1, "work_day", "2021-02-07" + END, "on a Sunday that is worked"),
    ("2021-02-05T09:00", 4, "work_day", "2021-02-10" + END, "the last day before the festival"),
    ("2021-02-05T09:00", 5, "work_day", "2021-02-18" + END, "the first day after it"),
    ("2021-02-10T09:00", 20, "work_day", "2021-03-16" + END, "a demolition order"),
    ("2022-01-28T09:00", 2, "work_day", "2022-01-30" + END, "a whole weekend worked, 2022"),
    ("2022-01-28T09:00", 3, "work_day", "2022-02-07" + END, "over Spring Festival 2022"),
    ("2023-01-20T09:00", 1, "work_day", "2023-01-28" + END, "over Spring Festival 2023, on a Saturday"),
    ("2023-01-20T09:00", 4, "work_day", "2023-01-31" + END, "with the weekend after it"),
    ("2024-02-09T09:00", 1, "work_day", "2024-02-18" + END, "from New Year's Eve 2024, a working day by the list"),
    ("2024-02-08T09:00", 3, "work_day", "2024-02-19" + END, "with that eve counted"),
    ("2025-01-27T09:00", 1, "work_day", "2025-02-05" + END, "over Spring Festival 2025"),
    ("2025-01-24T09:00", 2, "work_day", "2025-01-27" + END, "with a Sunday worked before it"),
    ("2025-02-07T09:00", 1, "work_day", "2025-02-08" + END, "and a Saturday after it"),
    ("2026-02-13T09:00", 2, "work_day", "2026-02-24" + END, "over the nine days of 2026"),
    ("2026-02-13T09:00", 5, "work_day", "2026-02-27" + END, "and the week after"),
    ("2026-02-27T09:00", 1, "work_day", "2026-02-28" + END, "on a Saturday that is worked"),
    ("2021-09-30T09:00", 2, "work_day", "2021-10-09" + END, "over National Day, on a Saturday"),
    ("2022-12-30T09:00", 1, "work_day", "2023-01-03" + END, "over a New Year that begins in the old one"),
    ("2024-04-30T09:00", 7, "work_day", "2024-05-13" + END, "over Labour Day with a Saturday worked"),
    ("2026-09-18T09:00", 1, "work_day", "2026-09-20" + END, "on a Sunday before Mid-Autumn"),
    ("2021-02-10T09:00", 30, "natural_day", "2021-03-12" + END, "thirty days over a short February"),
    ("2024-02-28T09:00", 2, "natural_day", "2024-03-01" + END, "over 29 February"),
]  # fmt: skip


def t(words: str) -> datetime:
    return datetime.fromisoformat(words)


@pytest.mark.parametrize(("start", "amount", "unit", "ends", "why"), CASES, ids=[case[-1] for case in CASES])
def test_by_hand(start: str, amount: float, unit: str, ends: str, why: str) -> None:  # noqa: ARG001 (names the case)
    found = deadline(t(start), Limit(amount, unit), WORK)
    assert (found.due_at, found.version, found.is_paused, found.is_provisional) == (t(ends), 1, False, False)


def test_many_at_once_are_as_one_by_one() -> None:
    starts = np.array([case[0] for case in CASES], dtype="datetime64[s]")
    found = due(starts, [case[1] for case in CASES], [case[2] for case in CASES], WORK)
    assert found.astype(str).tolist() == [t(case[3]).isoformat() for case in CASES]


PAUSES = [
    ("2021-03-01T09:00", 24, "natural_hour", "2021-03-01T12:00", "2021-03-01T18:00", "2021-03-02T15:00"),
    ("2021-03-01T09:00", 4, "work_hour", "2021-03-01T10:00", "2021-03-01T11:00", "2021-03-01T16:00"),
    ("2021-03-01T09:00", 4, "work_hour", "2021-03-01T12:00", "2021-03-01T14:00", "2021-03-01T15:00"),
    ("2021-03-05T15:00", 4, "work_hour", "2021-03-05T17:00", "2021-03-08T09:00", "2021-03-08T11:00"),
    ("2021-03-01T09:00", 5, "work_day", "2021-03-02T10:00", "2021-03-04T10:00", "2021-03-10" + END),
    ("2021-02-09T09:00", 3, "work_day", "2021-02-10T12:00", "2021-02-18T09:00", "2021-02-20" + END),
    ("2021-02-10T09:00", 30, "natural_day", "2021-02-12T09:00", "2021-02-17T09:00", "2021-03-17" + END),
]


@pytest.mark.parametrize(("start", "amount", "unit", "since", "until", "ends"), PAUSES)
def test_a_pause_shifts_by_what_it_took(
    start: str, amount: float, unit: str, since: str, until: str, ends: str
) -> None:
    found = deadline(t(start), Limit(amount, unit), WORK, pauses=[Pause(t(since), t(until), "李主任")])
    assert (found.due_at, found.version) == (t(ends), 2)
    assert any("李主任" in words.zh for _, words in found.history)


def test_a_pause_that_lasts_has_no_deadline_in_force() -> None:
    found = deadline(
        t("2021-03-01T09:00"), Limit(5, "work_day"), WORK, pauses=[Pause(t("2021-03-02T09:00"), None, "李")]
    )
    assert (found.due_at, found.is_paused) == (None, True)


def test_what_is_late_stays_late() -> None:
    pause = Pause(t("2021-03-03T09:00"), t("2021-03-05T09:00"), "李")
    found = deadline(t("2021-03-01T09:00"), Limit(24, "natural_hour"), WORK, pauses=[pause])
    assert (found.due_at, found.version) == (t("2021-03-02T09:00"), 1)


def test_an_extension_names_a_moment_and_pauses_go_on_from_it() -> None:
    granted = [Extension(t("2021-03-05T10:00"), t("2021-03-15T18:00"), "王书记")]
    start, limit = t("2021-03-01T09:00"), Limit(5, "work_day")
    found = deadline(start, limit, WORK, extensions=granted)
    assert (found.due_at, found.version) == (t("2021-03-15T18:00"), 2)
    pause = Pause(t("2021-03-09T09:00"), t("2021-03-11T09:00"), "李")
    both = deadline(start, limit, WORK, pauses=[pause], extensions=granted)
    assert (both.due_at, both.version) == (t("2021-03-17T23:59:59"), 3)


@pytest.mark.parametrize("until", ["2021-03-08T23:59:59", "2021-03-02T00:00"])
def test_an_extension_gives_more_time(until: str) -> None:
    with pytest.raises(ValueError, match="after the deadline"):
        deadline(
            t("2021-03-01T09:00"),
            Limit(5, "work_day"),
            WORK,
            extensions=[Extension(t("2021-03-02T09:00"), t(until), "王")],
        )


def test_pauses_come_one_after_the_other() -> None:
    pauses = [Pause(t("2021-03-01T10:00"), t("2021-03-03T10:00"), "李"), Pause(t("2021-03-02T10:00"), None, "李")]
    with pytest.raises(ValueError, match="overlap"):
        deadline(t("2021-03-01T09:00"), Limit(5, "work_day"), WORK, pauses=pauses)


def test_a_plan_has_no_time_and_an_unknown_year_is_provisional() -> None:
    assert deadline(t("2021-03-01T09:00"), Limit(float("nan"), "plan"), WORK).due_at is None
    late = deadline(t("2031-01-30T09:00"), Limit(1, "work_day"), WORK)
    assert (late.due_at, late.is_provisional) == (t("2031-01-31" + END), True)


moments = st.datetimes(datetime(2020, 6, 1), datetime(2027, 6, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001


@given(moments, st.integers(1, 400))
def test_work_hours_are_where_a_walk_hour_by_hour_ends(start: datetime, halves: int) -> None:
    amount = halves / 2
    found = deadline(start, Limit(amount, "work_hour"), WORK).due_at
    assert found == _walked(start, round(amount * 3600))


def _walked(start: datetime, left: int) -> datetime:
    """Walk from shift to shift with plain dates."""
    day = start.date()
    while True:
        if _works(WORK, day):
            for first, last in WORK.shifts_s:
                begins, ends = (datetime(day.year, day.month, day.day) + timedelta(seconds=s) for s in (first, last))  # noqa: DTZ001
                here = max(begins, start)
                room = (ends - here).total_seconds()
                if room >= left:
                    return here + timedelta(seconds=left)
                left -= max(0, int(room))
        day += timedelta(days=1)


def _works(work: WorkTime, day: object) -> bool:
    return bool(work.works[(np.datetime64(str(day)) - np.datetime64("2000-01-01")).astype(int)])


@given(moments, st.integers(1, 60), st.integers(1, 60))
def test_more_time_is_never_earlier(start: datetime, one: int, more: int) -> None:
    for unit in ("natural_hour", "work_hour", "work_day", "natural_day"):
        first = deadline(start, Limit(one, unit), WORK).due_at
        second = deadline(start, Limit(one + more, unit), WORK).due_at
        assert first is not None
        assert second is not None
        assert start < first < second
