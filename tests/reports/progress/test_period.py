# ruff: noqa: DTZ001 (workspaces keep naive local time)
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.progress import Period, month


def test_a_month_and_what_it_is_compared_with() -> None:
    march = month(2024, 3)
    assert (march.since, march.until, march.clock) == (datetime(2024, 3, 1), datetime(2024, 4, 1), datetime(2024, 4, 1))
    assert march.before == month(2024, 2)
    assert march.year_before == month(2023, 3)
    assert month(2024, 1).before == month(2023, 12)


def test_a_running_month_is_compared_with_the_same_part() -> None:
    running = month(2024, 3, as_of=datetime(2024, 3, 10, 12))
    assert running.clock == datetime(2024, 3, 10, 12)
    assert running.before.clock == datetime(2024, 2, 10, 12)
    assert running.year_before.clock == datetime(2023, 3, 10, 12)
    assert month(2024, 3, as_of=datetime(2025, 1, 1)).clock == datetime(2024, 4, 1)


def test_a_quarter_goes_back_by_a_quarter_and_a_week_by_a_week() -> None:
    quarter = Period(datetime(2024, 4, 1), datetime(2024, 7, 1), datetime(2024, 7, 1))
    assert quarter.before.since == datetime(2024, 1, 1)
    week = Period(datetime(2024, 7, 8), datetime(2024, 7, 15), datetime(2024, 7, 15))
    assert (week.before.since, week.before.until) == (datetime(2024, 7, 1), datetime(2024, 7, 8))


def test_the_first_moment_counts_and_the_last_does_not() -> None:
    march = month(2024, 3)
    moments = ["2024-02-29T23:59:59", "2024-03-01", "2024-03-31T23:59:59", "2024-04-01", None]
    times = pd.Series(pd.to_datetime(moments, format="ISO8601"))
    assert march.within(times).tolist() == [False, True, True, False, False]
    assert march.happened(times).tolist() == [True, True, True, False, False]
    now = month(2024, 3, as_of=datetime(2024, 3, 1))
    assert now.within(times).tolist() == [False, True, False, False, False]


def test_a_period_must_end_after_it_begins() -> None:
    with pytest.raises(ValueError, match="must end after it begins"):
        Period(datetime(2024, 3, 1), datetime(2024, 3, 1), datetime(2024, 3, 1))


@given(st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)), st.integers(1, 10_000))
def test_the_period_before_ends_where_this_begins(since: datetime, minutes: int) -> None:
    until = since + timedelta(minutes=minutes)
    one = Period(since, until, until)
    assert one.before.until == one.since
    assert one.before.clock == one.before.until
    assert month(since.year, since.month).before.until == month(since.year, since.month).since


def test_it_is_said_in_both_languages() -> None:
    words = month(2024, 3).words
    assert words.zh == "2024-03-01 00:00 起，2024-04-01 00:00 前，截至 2024-04-01 00:00"
    assert words.en == "from 2024-03-01 00:00, before 2024-04-01 00:00, as of 2024-04-01 00:00"
