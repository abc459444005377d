"""Reports as series in equal steps of time: which steps are whole, where a register ends, where counting changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from geo.text import Text
from layers.standards import policy, standard
from reports.time.cases import ALL, units_of

_DAY = timedelta(days=1)
_LATE = time(23, 59)


@dataclass(frozen=True)
class Step:
    """A step of a series: how many make a season, how many are told ahead at most, and its words."""

    key: str
    season: int
    horizon: int
    days: int
    words: Text
    ahead: Text


STEPS: Mapping[str, Step] = {
    "day": Step("day", 7, 28, 1, Text("天", "day"), Text("今后 {n} 天", "the next {n} days")),
    "week": Step("week", 52, 4, 7, Text("周", "week"), Text("今后 {n} 周", "the next {n} weeks")),
    "month": Step("month", 12, 3, 0, Text("月", "month"), Text("今后 {n} 个月", "the next {n} months")),
}
SEASONS, SHORT_DAYS = 2, 7
"""Seasons that must have been seen for one to count; days told ahead where the series is short."""


@dataclass(frozen=True)
class Break:
    """A day on which counting changed; of one type, or of all (None)."""

    day: date
    issue_type: str | None
    words: Text


def breaks_of(name: str, folder: Path | None, *, more: Sequence[date] = ()) -> tuple[Break, ...]:
    """Give the marked days of a workspace from ``series_breaks.csv``, and those that are named besides.

    Args:
        name: of the workspace; rows of other workspaces do not count.
        folder: the workspace, for rows of its own.
        more: days that somebody names now.
    """
    table = standard("series_breaks", folder)
    own = table[table["workspace"].isna() | (table["workspace"] == name)]
    found = [
        Break(
            row["date"].date(),
            None if pd.isna(row["issue_type"]) else str(row["issue_type"]),
            Text(row["zh"], row["en"]),
        )
        for _, row in own.iterrows()
    ]
    found += [Break(one, None, Text("用户指定", "named by the user")) for one in more]
    return tuple(sorted(found, key=lambda one: one.day))


def register_end(cases: pd.DataFrame, as_of: datetime, folder: Path | None = None) -> tuple[date, bool]:
    """Give the first day that is not counted any more, and whether the register ended before the clock.

    The day of the clock itself is not over and does not count, unless the clock stands at its very end.
    """
    midnight = as_of.date() + _DAY if as_of.time() >= _LATE else as_of.date()
    last = cases["reported_at"].max()
    if pd.isna(last):
        return midnight, False
    after = last.date() + _DAY
    ended = (as_of - last.to_pydatetime()) > timedelta(days=policy(folder)["register_gap_days"])
    return (min(after, midnight), True) if ended else (midnight, False)


def counted(cases: pd.DataFrame, step: Step, end: date, *, by: str | None = None) -> pd.DataFrame:
    """Count reports, duplicates included, by whole step and unit.

    Args:
        cases: one row a report.
        step: of ``STEPS``. Weeks are seven days each, counted back from the end; months are those of the calendar.
        end: the first day that does not count.
        by: a key of ``reports.time.BY``; None for all only.

    Returns:
        Rows by the day on which a step begins, columns by unit, ``ALL`` first; a unit's steps without reports are zero.
    """
    reported = cases["reported_at"]
    start = _first(reported, step, end)
    edges = _edges(start, end, step)
    place = np.searchsorted(edges, reported.to_numpy(dtype="datetime64[us]"), side="right") - 1
    inside = (place >= 0) & (place < len(edges) - 1)
    size = max(len(edges) - 1, 0)
    columns = {ALL: np.bincount(place[inside], minlength=size)[:size]}
    if by is not None:
        code, names = pd.factorize(units_of(cases, by), sort=True)
        both = np.bincount(place[inside] * len(names) + code[inside], minlength=size * len(names))
        table = both[: size * len(names)].reshape(size, len(names))
        columns |= {str(name): table[:, number] for number, name in enumerate(names)}
    index = pd.DatetimeIndex(edges[:-1], name="begins")
    return pd.DataFrame(columns, index=index).astype("int64")


def _first(reported: pd.Series, step: Step, end: date) -> date:
    """Give the day with which whole steps begin: that of the first report, or the next first of a month."""
    first = end if reported.empty or pd.isna(reported.min()) else reported.min().date()
    if step.days or first.day == 1:
        return min(first, end)
    return (pd.Timestamp(first) + pd.offsets.MonthBegin()).date()


def _edges(start: date, end: date, step: Step) -> np.ndarray:
    """Give where steps begin, and where the last one ends."""
    if step.days:
        whole = max((end - start).days // step.days, 0)
        days = np.arange(-whole, 1) * step.days
        return np.datetime64(end, "us") + days * np.timedelta64(1, "D")
    last = pd.Timestamp(end).to_period("M").start_time
    months = pd.date_range(pd.Timestamp(start), max(last, pd.Timestamp(start)), freq="MS")
    return months.to_numpy(dtype="datetime64[us]")


def coming(last: pd.Timestamp, step: Step, number: int) -> pd.DatetimeIndex:
    """Give the days on which the next steps begin, after the last counted one."""
    if step.days:
        return pd.DatetimeIndex([last + timedelta(days=step.days * n) for n in range(1, number + 1)], name="begins")
    return pd.DatetimeIndex([last + pd.DateOffset(months=n) for n in range(1, number + 1)], name="begins")


def usual_step(cases: pd.DataFrame, end: date) -> Step:
    """Give the longest step of which two seasons and a backtest were seen; days where none was."""
    if cases.empty:
        return STEPS["day"]
    days = (end - cases["reported_at"].min().date()).days
    for key, length in (("month", 30.5), ("week", 7.0)):
        one = STEPS[key]
        if days / length >= SEASONS * one.season + 2 * one.horizon:
            return one
    return STEPS["day"]


def shape(step: Step, number: int) -> tuple[int, int]:
    """Give the season and the horizon that a series of some length allows: no season that was not seen twice."""
    season = step.season if number >= SEASONS * step.season + 1 else 1
    if season == 1 and step.key == "day":
        return (7 if number >= 7 else 1), min(SHORT_DAYS, max(number, 1))  # noqa: PLR2004 (a week)
    return season, step.horizon if step.key != "day" or number >= 3 * step.horizon else SHORT_DAYS
