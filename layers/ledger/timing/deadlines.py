"""Deadlines: from a limit such as "5 work days" to a moment, and what pauses and extensions make of it.

Everything here is a pure function of times; the clock and the store come from elsewhere. A deadline is kept
when the deed is done at its moment or before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.text import Text
from layers.ledger.timing.calendar import HOUR_S, Times, WorkTime

PLAN = "plan"
"""Unit of a limit that is no time: the issue becomes a project, which has a deadline of its own."""
DAY_UNITS = frozenset({"work_day", "natural_day"})
UNITS: Mapping[str, tuple[str, str]] = {
    "natural_hour": ("小时", "hour"),
    "urgent_hour": ("紧急工时", "urgent hour"),
    "work_hour": ("个工作小时", "work hour"),
    "work_day": ("个工作日", "work day"),
    "natural_day": ("天", "day"),
}


class Limit(NamedTuple):
    """How long something may take: "urgent_hour" counts day and night, on days off too, as "natural_hour" does."""

    amount: float
    unit: str

    def words(self) -> Text:
        """Say it."""
        if self.unit == PLAN:
            return Text("列入计划", "by plan")
        zh, en = UNITS[self.unit]
        amount = f"{self.amount:g}"
        return Text(f"{amount} {zh}", f"{amount} {en}{'' if self.amount == 1 else 's'}")


class Pause(NamedTuple):
    """A time in which the clock stands still, with who approved it; ``until`` is None while it lasts."""

    since: datetime
    until: datetime | None
    approver: str
    reason: str = ""


class Extension(NamedTuple):
    """More time, granted at a moment, with who approved it."""

    at: datetime
    until: datetime
    approver: str
    reason: str = ""


@dataclass(frozen=True)
class Deadline:
    """The deadline in force: its moment (None: by plan, or the clock stands still), its version, and how it came about.

    ``stood_at`` is the moment at which it would be due had the clock not been stopped. ``version`` counts from 1; each pause that ended and each extension makes a new one. ``provisional`` tells that the
    calendar of its year is not known yet.
    """

    due_at: datetime | None
    version: int
    is_paused: bool
    is_provisional: bool
    history: tuple[tuple[datetime, Text], ...] = ()
    stood_at: datetime | None = None


def due(times: Times, amounts: npt.ArrayLike, units: Sequence[str] | npt.NDArray[np.object_], work: WorkTime) -> Times:
    """Give the moment by which each thing must be done, without pauses; NaT where the limit is a plan or unknown.

    Args:
        times: when each limit begins to run, naive local time, shape (n,).
        amounts: how much time, NaN where there is no limit; same length.
        units: the unit of each, see ``Limit``; same length.
        work: the working time.

    Raises:
        ValueError: an unknown unit, or a moment beyond the days that can be counted.
    """
    start, much = np.asarray(times, "datetime64[s]"), np.asarray(amounts, dtype=float)
    ends = np.full(start.shape, np.datetime64("NaT"), dtype="datetime64[s]")
    code, words = pd.factorize(np.asarray(units, dtype=object))
    for number, unit in enumerate(words):
        rows = (code == number) & np.isfinite(much) & ~np.isnat(start)
        if unit != PLAN and rows.any():
            ends[rows] = _ends(start[rows], much[rows], str(unit), work)
    return ends


def _ends(start: Times, amount: npt.NDArray[np.float64], unit: str, work: WorkTime) -> Times:
    if unit in {"natural_hour", "urgent_hour"}:
        ends: Times = start + np.round(amount * HOUR_S).astype("timedelta64[s]")
        return ends
    if unit == "work_hour":
        return work.after_work_hours(start, amount)
    if unit == "work_day":
        return work.after_work_days(start, amount)
    if unit == "natural_day":
        return work.after_natural_days(start, amount)
    msg = f"unknown unit {unit}"
    raise ValueError(msg)


def deadline(
    start: datetime,
    limit: Limit,
    work: WorkTime,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Give the deadline in force after pauses and extensions, in the order in which they happened.

    A pause shifts the deadline by the time that it took, counted in the unit of the limit: hours by hours, work hours
    by work hours, days by days. A pause that begins after the deadline changes nothing: what is late stays late.

    Args:
        start: when the limit begins to run.
        limit: how long it is.
        work: the working time.
        pauses: pauses, one after the other; the last one may still last.
        extensions: moments granted instead.

    Raises:
        ValueError: pauses overlap, or an extension that does not lie after the deadline in force.
    """
    if limit.unit == PLAN:
        return Deadline(None, 1, is_paused=False, is_provisional=False)
    ends = due(_one(start), [limit.amount], [limit.unit], work)
    version, paused = 1, False
    told = [(start, Text("时限{words}", "limit {words}").format(words=limit.words()))]
    for at, change in _in_order(pauses, extensions):
        now = ends[0]
        if isinstance(change, Extension):
            ends = _extended(change, now)
            words = Text("延期至 {until}，批准人 {who}", "extended to {until}, approved by {who}")
            told.append((at, words.format(until=f"{change.until:%Y-%m-%d %H:%M}", who=change.approver)))
            version += 1
        elif np.datetime64(change.since, "s") <= now:
            paused = change.until is None
            told.append((at, Text("暂停计时，批准人 {who}", "paused, approved by {who}").format(who=change.approver)))
            if change.until is not None:
                ends = _shifted(ends, (change.since, change.until), limit.unit, work)
                told.append((change.until, Text("恢复计时", "running again")))
                version += 1
    moment = pd.Timestamp(ends[0]).to_pydatetime()
    provisional = not bool(work.is_known(ends)[0])
    return Deadline(None if paused else moment, version, paused, provisional, tuple(told), moment)


def _one(moment: datetime) -> Times:
    return np.array([np.datetime64(moment, "s")])


def _in_order(pauses: Sequence[Pause], extensions: Sequence[Extension]) -> list[tuple[datetime, Pause | Extension]]:
    ordered = sorted(pauses, key=lambda one: one.since)
    for one, after in pairwise(ordered):
        if one.until is None or one.until > after.since:
            msg = "pauses must not overlap"
            raise ValueError(msg)
    changes: list[tuple[datetime, Pause | Extension]] = [(one.since, one) for one in ordered]
    changes += [(one.at, one) for one in extensions]
    return sorted(changes, key=lambda pair: pair[0])


def _extended(change: Extension, now: np.datetime64) -> Times:
    if np.datetime64(change.until, "s") <= now:
        msg = f"an extension must lie after the deadline in force, {now}"
        raise ValueError(msg)
    return _one(change.until)


def _shifted(ends: Times, pause: tuple[datetime, datetime], unit: str, work: WorkTime) -> Times:
    """Give the deadline after a pause, shifted by what the pause took."""
    first, last = map(_one, pause)
    if unit in {"natural_hour", "urgent_hour"}:
        later: Times = ends + (last - first)
        return later
    if unit == "work_hour":
        return work.at_worked_s(work.worked_s(ends) + work.worked_s(last) - work.worked_s(first))
    if unit == "work_day":
        return work.after_work_days(ends, work.work_days_between(first, last))
    days = (last.astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    return work.after_natural_days(ends, days)
