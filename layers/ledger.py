"""What happened to an issue, and from that: where it stands at any moment.

Nothing here is stored. Whether an issue is open or overdue follows from its dates and from the
clock, which is an argument: "as it stood on 1 June" is the same call with another date.
"""

from datetime import datetime

import pandas as pd

from layers.schema import Issues


def standing(issues: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Where each issue stands at a moment.

    An issue reported later than ``as_of`` is not yet known. Closing exactly at the deadline is on
    time; an issue without a deadline is never overdue.

    Args:
        issues: table with ``reported_at``, ``due_at`` and ``closed_at``, naive local times.
        as_of: the moment, naive local time.

    Returns:
        Table with the same index: ``is_known``, ``is_open``, ``is_overdue`` (open past its
        deadline), ``was_late`` (closed after its deadline), all bool, and ``days_late`` (float
        days past the deadline, null where not late).
    """
    clock = pd.Timestamp(as_of)
    reported, due, closed = (issues[c] for c in (Issues.reported_at, Issues.due_at, Issues.closed_at))
    is_known = reported <= clock
    is_closed = is_known & (closed <= clock)
    is_open = is_known & ~is_closed
    is_overdue = is_open & (due < clock)
    was_late = is_closed & (closed > due)
    end = closed.where(is_closed, clock)
    days_late = ((end - due).dt.total_seconds() / 86_400).where(is_overdue | was_late)
    return pd.DataFrame(
        {
            "is_known": is_known,
            "is_open": is_open,
            "is_overdue": is_overdue,
            "was_late": was_late,
            "days_late": days_late,
        },
        index=issues.index,
    )


def standing_code(stand: pd.DataFrame) -> pd.Series:
    """Give one code per issue: "closed", "open", "overdue" or "unknown" (not yet reported)."""
    code = pd.Series("closed", index=stand.index)
    code = code.mask(stand["is_open"], "open").mask(stand["is_overdue"], "overdue")
    return code.mask(~stand["is_known"], "unknown")
