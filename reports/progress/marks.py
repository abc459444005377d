"""Which cases count for what in a period: one true or false a case and question, from which all statistics follow."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.text import Text
from layers.ledger.timing.calendar import work_time
from layers.ledger.timing.deadlines import due
from layers.standards import deadlines
from reports.progress.period import Mask, Period

AWAITING = ("assigned", "working", "rework")
"""States in which a case was sent out and is not yet fixed."""
TITLES = {
    "report": Text("上报数", "reported"),
    "duplicate": Text("重复上报数", "duplicates"),
    "accept": Text("受理数", "accepted"),
    "rejected": Text("不予受理数", "not accepted"),
    "register": Text("立案数", "registered"),
    "dispatch": Text("派遣数", "sent out"),
    "dispatched_to": Text("派遣到部门数", "of sent out: to a department"),
    "dispatched_right": Text("准确派遣数", "of these: still with it, or done by it"),
    "dispose": Text("处置数", "fixed"),
    "to_dispose": Text("未处置数", "sent out, not fixed"),
    "archive": Text("结案数", "closed"),
    "project": Text("已转项目数", "turned into projects"),
    "due": Text("应结案数", "due"),
    "deferred": Text("缓办数", "of due: deferred"),
    "closed": Text("应结案中已结案数", "of due: closed"),
    "on_time": Text("按期结案数", "of due: closed on time"),
    "late": Text("超期结案数", "of due: closed late"),
    "overdue": Text("超期未结案数", "of due: open and overdue"),
    "to_reply": Text("应答复数", "to be answered"),
    "replied": Text("已答复数", "answered"),
    "reply_due": Text("答复到期数", "answer due"),
    "replied_on_time": Text("按期答复数", "answered on time"),
    "registered_closed": Text("本期立案已结案数", "registered in the period and closed"),
    "verified": Text("核查数", "verified"),
    "reworked": Text("返工数", "of verified: failed at least once"),
    "called_back": Text("回访数", "called back"),
    "satisfied": Text("回访满意数", "of called back: satisfied"),
}
"""What each count is, in the order in which they are shown."""


@dataclass(frozen=True)
class Rules:
    """What is left open by the published formulas; the footnote says which way was taken.

    ``subtract_deferred``: deferred cases are taken off what is due. ``by_fixing``: a case is on time if it was fixed
    by the deadline; else if it was closed by then.
    """

    subtract_deferred: bool = True
    by_fixing: bool = True


def marks(
    cases: pd.DataFrame, period: Period, *, rules: Rules | None = None, folder: Path | None = None
) -> pd.DataFrame:
    """Tell for each case what it counts for in a period.

    Reports and duplicates count every report; all others count a group of duplicates once, by its head, and leave
    out what was not accepted. Due is what has its deadline in the period as far as that is over, and what was
    overdue and open when it began; projects are not due.

    Args:
        cases: one row a case, folded at the clock of the period.
        period: the period.
        rules: which way to take where the formulas leave it open.
        folder: the workspace, for its own tables of deadlines and working time.

    Returns:
        Booleans on the index of the cases, columns as in ``TITLES``.
    """
    state = cases["state"].to_numpy(dtype=object, na_value="")
    counts = cases["head"].isna().to_numpy() & (state != "rejected") & period.happened(cases["reported_at"])
    found = _flow(cases, period, counts, state)
    found |= _against_deadline(cases, period, counts, state, by_fixing=(rules or Rules()).by_fixing)
    found |= _replies(cases, period, counts, folder) | _after(cases, period, counts)
    return pd.DataFrame({name: found[name] for name in TITLES}, index=cases.index)


def _flow(cases: pd.DataFrame, period: Period, counts: Mask, state: np.ndarray) -> dict[str, Mask]:
    reported, accepted = period.within(cases["reported_at"]), period.within(cases["accepted_at"])
    closed = period.happened(cases["closed_at"])
    is_project = state == "to_project"
    sent = period.within(cases["assigned_at"]) & counts
    first = cases["first_department"]
    return {
        "report": reported,
        "duplicate": reported & cases["head"].notna().to_numpy(),
        "accept": accepted,
        "rejected": reported & (state == "rejected"),
        "register": accepted & counts,
        "dispatch": sent,
        "dispatched_to": sent & first.notna().to_numpy(),
        "dispatched_right": sent & (first == cases["department"]).fillna(value=False).to_numpy(dtype=bool),
        "dispose": period.within(cases["first_fixed_at"]) & counts,
        "to_dispose": counts & np.isin(state, AWAITING) & ~closed,
        "archive": period.within(cases["closed_at"]) & counts & ~is_project,
        "project": counts & is_project & period.within(cases["state_since"]),
        "registered_closed": accepted & counts & closed & ~is_project,
    }


def _against_deadline(
    cases: pd.DataFrame, period: Period, counts: Mask, state: np.ndarray, *, by_fixing: bool
) -> dict[str, Mask]:
    limit, closed_at, fixed_at = (
        cases[name].to_numpy(dtype="datetime64[us]") for name in ("final_due_at", "closed_at", "fixed_at")
    )
    since, clock = np.datetime64(period.since, "us"), np.datetime64(period.clock, "us")
    backlog = (limit < since) & ~(closed_at < since)
    is_due = counts & (state != "to_project") & (((limit >= since) & (limit < clock)) | backlog)
    closed = is_due & period.happened(cases["closed_at"])
    ended = np.where(np.isnat(fixed_at) | (not by_fixing), closed_at, fixed_at)
    on_time = closed & (ended <= limit)
    is_deferred = is_due & ~closed & (state == "deferred")
    paused_at = cases["paused_since"].to_numpy(dtype="datetime64[us]")
    waits = ((state == "fixed") & (fixed_at <= limit)) | (paused_at <= limit)  # its clock stood before it was over
    return {
        "due": is_due,
        "deferred": is_deferred,
        "closed": closed,
        "on_time": on_time,
        "late": closed & ~on_time,
        "overdue": is_due & ~closed & ~is_deferred & ~waits,
    }


def _replies(cases: pd.DataFrame, period: Period, counts: Mask, folder: Path | None) -> dict[str, Mask]:
    # A register that was imported does not tell who was answered: that is unknown, not nobody.
    is_kept = ~cases["is_imported"].to_numpy(dtype=bool) if "is_imported" in cases else np.ones(len(cases), dtype=bool)
    asked = period.within(cases["reported_at"]) & counts & is_kept
    replied = asked & period.happened(cases["replied_at"])
    limit = reply_due(cases, folder)
    in_time = replied & (cases["replied_at"] <= limit).to_numpy()
    is_due = asked & limit.notna().to_numpy() & (replied | period.happened(limit))
    return {"to_reply": asked, "replied": replied, "reply_due": is_due, "replied_on_time": in_time}


def reply_due(cases: pd.DataFrame, folder: Path | None = None) -> pd.Series:
    """Give by when each report had to be answered: ``reply_due_at`` if the cases have it, else by the table of deadlines.

    The table gives the limit of the type from the time of the report; NaT where the type has none.
    """
    if "reply_due_at" in cases:
        return cases["reply_due_at"]
    table = deadlines(folder)
    limits = table[table["stage"] == "reply"].set_index("type")[["limit", "unit"]]
    own = limits.reindex(cases["issue_type"].to_numpy(dtype=object))
    moments = due(
        cases["reported_at"].to_numpy(dtype="datetime64[s]"),
        own["limit"].to_numpy(dtype=float),
        own["unit"].to_numpy(dtype=object),
        work_time(folder),
    )
    return pd.Series(moments.astype("datetime64[us]"), index=cases.index, name="reply_due_at")


def _after(cases: pd.DataFrame, period: Period, counts: Mask) -> dict[str, Mask]:
    verified = counts & period.within(cases["verified_at"])
    called = counts & period.within(cases["called_back_at"])
    return {
        "verified": verified,
        "reworked": verified & (cases["rework_count"].fillna(0) > 0).to_numpy(dtype=bool),
        "called_back": called,
        "satisfied": called & (cases["call_back"] == "satisfied").to_numpy(dtype=bool, na_value=False),
    }
