"""Where each case stands against its deadline, open cases included."""

from datetime import datetime

import numpy as np
import pandas as pd

from geo.measure import rate
from geo.text import Text

STATUS_WORDS = {
    "closed_on_time": Text("按期结案", "closed on time"),
    "closed_late": Text("超期结案", "closed late"),
    "open_in_time": Text("在办未超期", "open in time"),
    "open_overdue": Text("在办已超期", "open overdue"),
    "closed_undated": Text("已结案（无期限）", "closed, without a deadline"),
    "open_undated": Text("在办（无期限）", "open, without a deadline"),
    "deferred": Text("缓办（挂账）", "deferred"),
    "project": Text("已转项目", "turned into a project"),
    "rejected": Text("不予受理", "not accepted"),
    "duplicate": Text("重复（随主件）", "duplicate, follows its head"),
}
TITLES = {
    "status": Text("期限状态", "standing against the deadline"),
    "hours_late": Text("超期小时数", "hours late"),
}
_HOUR = np.timedelta64(3_600_000_000, "us")


def deadline_status(cases: pd.DataFrame, as_of: datetime, *, by_fixing: bool = True) -> pd.DataFrame:
    """Give where each case stands against the deadline for closing it.

    Closing exactly at the deadline is on time; an open case is overdue only after it. A case that is fixed and waits
    for verification is overdue only if it was fixed late, one whose clock stands only if it was late by then. What was deferred, turned into a project, not accepted or
    fused with another is neither overdue nor closed.

    Args:
        cases: ``state``, ``head``, ``final_due_at``, ``fixed_at``, ``closed_at``, folded at ``as_of`` or later.
        as_of: the moment, naive local time.
        by_fixing: a closed case is on time if it was fixed by the deadline; else if it was closed by then.

    Returns:
        On the index of the cases ``status`` (a key of ``STATUS_WORDS``) and ``hours_late`` (0 where not late).
    """
    clock = np.datetime64(as_of, "us")
    due, closed, fixed = (
        cases[name].to_numpy(dtype="datetime64[us]") for name in ("final_due_at", "closed_at", "fixed_at")
    )
    state = cases["state"].to_numpy(dtype=object, na_value="")
    is_closed, is_dated = closed <= clock, ~np.isnat(due)
    ended = np.where(np.isnat(fixed) | (not by_fixing), closed, fixed)
    paused = np.full(len(cases), "NaT", dtype="datetime64[us]")
    if "paused_since" in cases:
        paused = cases["paused_since"].to_numpy(dtype="datetime64[us]")
    stood = np.where(paused <= clock, paused, clock)
    stopped = np.where(is_closed, ended, np.where((state == "fixed") & (fixed <= clock), fixed, stood))
    is_late = is_dated & (stopped > due)
    kinds = [
        (cases["head"].notna().to_numpy(), "duplicate"),
        (state == "rejected", "rejected"),
        (state == "to_project", "project"),
        (state == "deferred", "deferred"),
        (is_closed & ~is_dated, "closed_undated"),
        (~is_dated, "open_undated"),
        (is_closed & is_late, "closed_late"),
        (is_closed, "closed_on_time"),
        (is_late, "open_overdue"),
    ]
    status = np.select([mask for mask, _ in kinds], [name for _, name in kinds], default="open_in_time")
    counts = np.isin(status, ["closed_late", "open_overdue"])
    late = np.where(counts, (stopped - np.where(is_dated, due, stopped)) / _HOUR, 0.0)
    return pd.DataFrame({"status": pd.array(status, dtype="str"), "hours_late": late}, index=cases.index)


def status_shares(status: pd.Series) -> dict[str, float]:
    """Give ``close_rate``, ``on_time_rate_of_closed`` and ``breach_rate`` of dated cases, 0 to 1; NaN without cases.

    The breach rate counts open overdue cases too: a rate over closed cases alone only flatters.
    """
    number = status.value_counts().reindex(list(STATUS_WORDS), fill_value=0)
    kept, late, waiting, overdue = (
        int(number[name]) for name in ("closed_on_time", "closed_late", "open_in_time", "open_overdue")
    )
    dated = kept + late + waiting + overdue
    parts = rate([kept + late, kept, late + overdue], [dated, kept + late, dated], per=1)
    return dict(zip(("close_rate", "on_time_rate_of_closed", "breach_rate"), parts.tolist(), strict=True))
