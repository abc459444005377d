"""What happened to an issue, and from that: where it stands at any moment.

Nothing here is stored. Whether an issue is open or overdue follows from its dates and from the
clock, which is an argument: "as it stood on 1 June" is the same call with another date.
"""

from datetime import datetime

import numpy as np
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
    clock = np.datetime64(pd.Timestamp(as_of).to_datetime64())
    reported, due, closed = (issues[c].to_numpy() for c in (Issues.reported_at, Issues.due_at, Issues.closed_at))
    is_known = reported <= clock
    is_closed = is_known & (closed <= clock)
    is_open = is_known & ~is_closed
    is_overdue = is_open & (due < clock)
    was_late = is_closed & (closed > due)
    late = (np.where(is_closed, closed, clock) - due) / np.timedelta64(1, "s") / 86_400
    days_late = np.where(is_overdue | was_late, late, np.nan)
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
