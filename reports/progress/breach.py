"""Which open cases will probably miss their deadline: by how long cases of their type took so far.

For a case that has been open for a hours and is due in h more, the chance to miss is S(a + h) / S(a), where S is the
share of its type still open after a time, cases still open included. Types with too few closings take the curve
of all. Past the longest time seen nothing is known, and nothing is said.
"""

from datetime import datetime

import numpy as np
import pandas as pd

from geo.survival import FEWEST_EVENTS, Curves, curves
from geo.text import Text
from reports.progress.duration import spans

TITLES = {
    "issue_type": Text("问题类别", "issue type"),
    "person": Text("责任人", "officer"),
    "due_at": Text("截止时间", "due"),
    "hours_open": Text("已办小时数", "hours open"),
    "hours_left": Text("剩余小时数", "hours left"),
    "is_overdue": Text("已超期", "overdue"),
    "chance_to_miss": Text("超期概率", "chance to miss the deadline"),
    "closings": Text("依据的结案数", "closings that it rests on"),
    "is_pooled": Text("使用全部类别的经验", "of all types together"),
    "reason_zh": Text("说明（中文）", "reason in Chinese"),
    "reason_en": Text("说明（英文）", "reason in English"),
}
STANDS_STILL = ("deferred", "to_project", "rejected", "fixed")
"""States in which no deadline runs."""
_HOUR = np.timedelta64(3_600_000_000, "us")


def breach_list(
    cases: pd.DataFrame,
    as_of: datetime,
    *,
    history: pd.DataFrame | None = None,
    fewest_events: int = FEWEST_EVENTS,
) -> pd.DataFrame:
    """List the open cases with a running deadline (not those whose clock stands), the surest to miss it first.

    Args:
        cases: one row a case, folded at ``as_of``.
        as_of: the moment, naive local time.
        history: the cases whose times to learn from; None for the same.
        fewest_events: closings that a type needs for a curve of its own.

    Returns:
        Columns as in ``TITLES`` by ``issue_id``: overdue cases first (chance 1, the latest first), then by chance,
        then those of which nothing is known, each by what is left of the time.
    """
    learnt = curves_by_type(cases if history is None else history, as_of, fewest_events=fewest_events)
    clock = np.datetime64(as_of, "us")
    open_hours = spans(cases, as_of)
    rows = open_hours["hours"].notna() & ~open_hours["is_closed"] & ~cases["state"].isin(STANDS_STILL)
    rows &= cases["final_due_at"].notna() & ~(cases["paused_since"] <= cases["final_due_at"])
    chosen = cases[rows]
    age = open_hours.loc[rows, "hours"].to_numpy()
    left = (chosen["final_due_at"].to_numpy(dtype="datetime64[us]") - clock) / _HOUR
    kind = chosen["issue_type"].to_numpy(dtype=object, na_value=np.nan)
    is_overdue = left < 0
    miss = np.where(is_overdue, 1.0, 1 - learnt.chance_of_end(kind, age, np.maximum(left, 0)))
    found = pd.DataFrame(
        {
            "issue_type": chosen["issue_type"],
            "person": chosen["person"],
            "due_at": chosen["final_due_at"],
            "hours_open": age,
            "hours_left": left,
            "is_overdue": is_overdue,
            "chance_to_miss": miss,
            "closings": [learnt.of(one).events for one in kind],
            "is_pooled": [learnt.is_pooled(one) for one in kind],
        },
        index=chosen.index,
    )
    words = [_reason(one, learnt.fewest_events) for one in found.itertuples()]
    found = found.assign(reason_zh=[one.zh for one in words], reason_en=[one.en for one in words])
    found = found.assign(_id=found.index, _late=~is_overdue)
    order = ["_late", "chance_to_miss", "hours_left", "_id"]
    return found.sort_values(order, ascending=[True, False, True, True])[list(TITLES)]


def curves_by_type(cases: pd.DataFrame, as_of: datetime, *, fewest_events: int = FEWEST_EVENTS) -> Curves:
    """Give how long cases take by type, hours from the report, from all cases known at a moment."""
    seen = spans(cases, as_of)
    kind = cases["issue_type"].to_numpy(dtype=object, na_value=np.nan)
    return curves(seen["hours"], seen["is_closed"], kind, fewest_events=fewest_events)


def _reason(row: object, fewest: int) -> Text:
    overdue, chance = getattr(row, "is_overdue", False), getattr(row, "chance_to_miss", np.nan)
    if overdue:
        return Text("已过截止时间", "the deadline has passed")
    basis = Text("同类 {n} 件结案的用时", "the times of {n} closings of its type")
    if getattr(row, "is_pooled", False):
        basis = Text(
            "该类结案不足 {fewest} 件，按全部类别 {n} 件结案的用时",
            "the times of {n} closings of all types, its own having fewer than {fewest}",
        )
    words = Text("依据{basis}，超期概率约 {p:.0f}%", "a chance of about {p:.0f} % to miss, from {basis}")
    if np.isnan(chance):
        words = Text(
            "截止时间超出{basis}的观察范围，无法估计", "the deadline lies beyond {basis}: nothing to tell from"
        )
    filled = basis.format(n=f"{getattr(row, 'closings', 0):,}", fewest=fewest)
    return words.format(basis=filled, p=100 * chance)
