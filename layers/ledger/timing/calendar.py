"""Working time: which days and hours count, by a table of days off and make-up days for each year.

A day off that falls on a weekday and a weekend day that is worked stand in ``work_calendar.csv``, the hours
of a working day in ``work_hours.csv``; a workspace may lay its own rows over both. Years without any row have
plain weekends, and ``is_known`` says that this is an assumption: the State Council's list for a year comes
out in the autumn before it.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.errors import DataError, Problem
from geo.text import Text
from layers.standards import standard

Times = npt.NDArray[np.datetime64]
Days = npt.NDArray[np.int64]
FIRST, LAST = np.datetime64("2000-01-01", "D"), np.datetime64("2069-12-31", "D")
"""Days that can be counted; a deadline outside is an error."""
DAY_S, HOUR_S, LAST_SECOND_S = 86_400, 3_600, 86_399
_EPOCH = np.datetime64("1970-01-01", "D")
_WEEKDAY_OF_EPOCH, _WEEK, _SATURDAY = 3, 7, 5  # 1 January 1970 was a Thursday
_FEW = 3
"""Days of a year that the list of the next year may name, such as 31 December."""


@dataclass(frozen=True)
class WorkTime:
    """Working days and hours.

    ``works`` tells of each day from ``FIRST`` to ``LAST`` whether it is worked; ``shifts_s`` are the parts of a
    working day in seconds after midnight, in order; ``years`` are those whose table is known.
    """

    works: npt.NDArray[np.bool_]
    shifts_s: tuple[tuple[int, int], ...]
    years: frozenset[int]

    @cached_property
    def day_s(self) -> int:
        """Seconds of work in a working day."""
        return sum(end - start for start, end in self.shifts_s)

    @cached_property
    def _before(self) -> Days:
        """Working days before each day; one entry more than there are days."""
        return np.concatenate([[0], np.cumsum(self.works)]).astype(np.int64)

    @cached_property
    def _worked(self) -> Days:
        """The day of each working day."""
        return np.flatnonzero(self.works)

    def is_known(self, times: Times) -> npt.NDArray[np.bool_]:
        """Tell whether the calendar of the year of each time is known, not assumed."""
        years = np.asarray(times, dtype="datetime64[Y]").astype(np.int64) + 1970
        return np.isin(years, list(self.years))

    def after_natural_days(self, times: Times, days: npt.ArrayLike) -> Times:
        """Give the last second of the day that comes so many days after that of each time, which is not counted."""
        whole = np.ceil(np.asarray(days, dtype=float)).astype(np.int64)
        ends: Times = np.asarray(times, dtype="datetime64[D]") + whole + np.timedelta64(LAST_SECOND_S, "s")
        return ends

    def after_work_days(self, times: Times, days: npt.ArrayLike) -> Times:
        """Give the last second of the working day that comes so many working days after the day of each time.

        The day on which a term begins is not counted (Civil Code of the PRC, article 201), and a term ends with its
        last day (article 203); a term that begins on a day off begins to count on the next working day.

        Raises:
            ValueError: beyond the days that can be counted.
        """
        day = self._day(times)
        number = self._before[day + 1] + np.ceil(np.asarray(days, dtype=float)).astype(np.int64)
        return self._moment(self._nth(number - 1), LAST_SECOND_S)

    def after_work_hours(self, times: Times, hours: npt.ArrayLike) -> Times:
        """Give the moment at which so many hours have been worked since each time; no hours end at once.

        Raises:
            ValueError: beyond the days that can be counted.
        """
        wanted = np.round(np.asarray(hours, dtype=float) * HOUR_S).astype(np.int64)
        return np.where(wanted > 0, self.at_worked_s(self.worked_s(times) + wanted), np.asarray(times, "datetime64[s]"))

    def worked_s(self, times: Times) -> Days:
        """Give the seconds of work from ``FIRST`` until each time."""
        day = self._day(times)
        second = (np.asarray(times, "datetime64[s]") - np.asarray(times, "datetime64[D]")).astype(np.int64)
        today = sum(np.clip(second - start, 0, end - start) for start, end in self.shifts_s)
        return self._before[day] * self.day_s + np.where(self.works[day], today, 0)

    def at_worked_s(self, seconds: npt.ArrayLike) -> Times:
        """Give the first moment at which so many seconds have been worked since ``FIRST``; at least one.

        Raises:
            ValueError: beyond the days that can be counted.
        """
        total = np.asarray(seconds, dtype=np.int64)
        full = (total - 1) // self.day_s
        left = total - full * self.day_s
        second = np.zeros_like(left)
        gone = 0
        for start, end in self.shifts_s:
            inside = (left > gone) & (left <= gone + end - start)
            second = np.where(inside, start + left - gone, second)
            gone += end - start
        return self._moment(self._nth(full), second)

    def work_days_between(self, first: Times, last: Times) -> Days:
        """Count the working days after the day of the first time up to that of the last."""
        return self._before[self._day(last) + 1] - self._before[self._day(first) + 1]

    def _day(self, times: Times) -> Days:
        day = (np.asarray(times, "datetime64[D]") - FIRST).astype(np.int64)
        if day.size and (day.min() < 0 or day.max() >= len(self.works)):
            msg = f"times must lie between {FIRST} and {LAST}"
            raise ValueError(msg)
        return day

    def _nth(self, number: Days) -> Days:
        if number.size and number.max() >= len(self._worked):
            msg = f"times must lie between {FIRST} and {LAST}"
            raise ValueError(msg)
        return self._worked[number]

    @staticmethod
    def _moment(day: Days, second: npt.ArrayLike) -> Times:
        moment: Times = FIRST + day + np.asarray(second, dtype=np.int64).astype("timedelta64[s]")
        return moment


def work_time(folder: Path | None = None) -> WorkTime:
    """Give the working time of a workspace.

    Args:
        folder: the workspace, whose own tables go before the shipped ones; None for those.

    Raises:
        DataError: the tables have faults, or the hours of a day overlap.
    """
    table = standard("work_calendar", folder)
    dates = table["date"].to_numpy().astype("datetime64[D]")
    days = np.arange(FIRST, LAST + 1)
    weekday = ((days - _EPOCH).astype(np.int64) + _WEEKDAY_OF_EPOCH) % _WEEK
    works = weekday < _SATURDAY
    inside = (dates >= FIRST) & (dates <= LAST)
    works[(dates[inside] - FIRST).astype(np.int64)] = table["kind"].eq("work_day").to_numpy(dtype=bool)[inside]
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    listed, rows = np.unique(years, return_counts=True)
    return WorkTime(works, _shifts(folder), frozenset(listed[rows > _FEW].tolist()))


def _shifts(folder: Path | None) -> tuple[tuple[int, int], ...]:
    hours = standard("work_hours", folder).sort_values("start_hour")
    starts = (hours["start_hour"] * HOUR_S).round().astype(int).tolist()
    ends = (hours["end_hour"] * HOUR_S).round().astype(int).tolist()
    wrong = [at for at, (start, end) in enumerate(zip(starts, ends, strict=True)) if start >= end]
    wrong += [at + 1 for at, (end, start) in enumerate(zip(ends, starts[1:], strict=False)) if start < end]
    if wrong or not starts:
        found = Text("；".join(f"{a / HOUR_S:g}–{b / HOUR_S:g}" for a, b in zip(starts, ends, strict=True)), "")
        raise DataError(
            [
                Problem(
                    "work_hours_overlap",
                    "error",
                    "work_hours.csv",
                    None,
                    None,
                    Text.same(found.zh.replace("；", "; ")),
                    Text("先后不重叠的时段", "parts of a day that follow each other"),
                    Text("改正 standards/work_hours.csv", "correct standards/work_hours.csv"),
                )
            ]
        )
    return tuple(zip(starts, ends, strict=True))
