"""The days between which a ledger can be compared, and the moments that are meant by them."""

from datetime import date, datetime, time, timedelta

from layers import Workspace
from reports.time.cases import cases_at

USUAL_DAYS = 30
LAST = time(23, 59, 59)


def first_day(ws: Workspace) -> date:
    """Give the day of the first report, or that of the workspace if there is none."""
    cases = cases_at(ws)
    return ws.manifest.as_of.date() if cases.empty else cases["reported_at"].min().date()


def default_days(ws: Workspace) -> tuple[date, date]:
    """Give the days that are proposed: a month up to the last report, or the latter half of a shorter register."""
    cases = cases_at(ws)
    if cases.empty:
        day = ws.manifest.as_of.date()
        return day - timedelta(days=1), day
    first, last = cases["reported_at"].min().date(), min(cases["reported_at"].max().date(), ws.manifest.as_of.date())
    back = min(USUAL_DAYS, max((last - first).days // 2, 1))
    return last - timedelta(days=back), last


def span(since: date, until: date, as_of: datetime) -> tuple[datetime, datetime]:
    """Give the ends of two days; the last one no later than the moment of the workspace.

    Args:
        since: the first day.
        until: the last day, after it.
        as_of: the moment of the workspace.
    """
    return datetime.combine(since, LAST), min(datetime.combine(until, LAST), as_of)
