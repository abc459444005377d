"""The days between which a ledger can be compared, and the moments that are meant by them."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from layers import Workspace
from reports.time.cases import cases_at

USUAL_DAYS = 30
LAST = time(23, 59, 59)


class Days(NamedTuple):
    """The days of a register: the first report, the last moment, and the two that are proposed."""

    first: date
    last: date
    usual: tuple[date, date]


def known_days(ws: Workspace) -> Days:
    """Give the days that can be compared: a month up to the last report is proposed, or the latter half of a shorter register."""
    cases, last = cases_at(ws), ws.manifest.as_of.date()
    if cases.empty:
        return Days(last - timedelta(days=1), last, (last - timedelta(days=1), last))
    first, latest = cases["reported_at"].min().date(), min(cases["reported_at"].max().date(), last)
    back = min(USUAL_DAYS, max((latest - first).days // 2, 1))
    return Days(first, last, (latest - timedelta(days=back), latest))


def span(since: date, until: date, as_of: datetime) -> tuple[datetime, datetime]:
    """Give the ends of two days; the last one no later than the moment of the workspace.

    Args:
        since: the first day.
        until: the last day, after it.
        as_of: the moment of the workspace.
    """
    return datetime.combine(since, LAST), min(datetime.combine(until, LAST), as_of)
