"""The statistics of a period: counts, rates with their intervals, and times, of all cases or by grid, person and so on.

Counts of units add up to those of all; rates are quotients of counts. A rate of nothing is unknown, not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.intervals import wilson
from geo.measure import rate
from geo.text import Text
from reports.progress.duration import TIME_TITLES, time_to_close
from reports.progress.marks import TITLES as COUNT_TITLES
from reports.progress.marks import Rules, marks
from reports.progress.period import Period

BY = {
    "grid": ("grid_id", Text("网格", "grid")),
    "person": ("person", Text("责任人", "officer")),
    "department": ("department", Text("责任部门", "department")),
    "type": ("issue_type", Text("问题类别", "issue type")),
    "source": ("source", Text("来源", "source")),
    "level": ("level", Text("办理层级", "level")),
}
"""What statistics can be parted by: the column of the cases, and its words."""
ALL, NONE = "*", ""
"""Index of the row of all cases, and of those that belong to no unit."""
UNIT_WORDS = {ALL: Text("合计", "all"), NONE: Text("未归属", "none given")}


@dataclass(frozen=True)
class Rate:
    """A rate in percent: one count of another; ``less_deferred`` rates follow ``Rules.subtract_deferred``."""

    key: str
    title: Text
    part: tuple[str, ...]
    whole: str
    worse: str
    less_deferred: bool = False

    def parts(self, counts: pd.DataFrame, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
        """Give the counts above and below the line."""
        below = counts[self.whole].to_numpy(dtype=float)
        if self.less_deferred and rules.subtract_deferred:
            below = below - counts["deferred"].to_numpy(dtype=float)
        return counts[list(self.part)].sum(axis=1).to_numpy(dtype=float), below


RATES: Mapping[str, Rate] = {
    one.key: one
    for one in (
        Rate("closing_rate", Text("结案率", "closing rate"), ("closed",), "due", "low", less_deferred=True),
        Rate(
            "on_time_rate", Text("按期结案率", "on-time closing rate"), ("on_time",), "due", "low", less_deferred=True
        ),
        Rate("overdue_rate", Text("超期率", "overdue rate"), ("late", "overdue"), "due", "high", less_deferred=True),
        Rate("dispatch_rate", Text("准确派遣率", "rightly sent out"), ("dispatched_right",), "dispatched_to", "low"),
        Rate("rework_rate", Text("返工率", "rework rate"), ("reworked",), "verified", "high"),
        Rate("response_rate", Text("响应率", "response rate"), ("replied",), "to_reply", "low"),
        Rate(
            "response_on_time_rate",
            Text("按期响应率", "on-time response rate"),
            ("replied_on_time",),
            "reply_due",
            "low",
        ),
        Rate("resolution_rate", Text("解决率", "resolution rate"), ("registered_closed",), "register", "low"),
        Rate("satisfaction_rate", Text("满意率", "satisfaction rate"), ("satisfied",), "called_back", "low"),
    )
}


def titles() -> dict[str, Text]:
    """Give the words for each column of ``figures``."""
    found = dict(COUNT_TITLES)
    for one in RATES.values():
        low, high = Text("{t}（95% 区间下限）", "{t}, low end"), Text("{t}（95% 区间上限）", "{t}, high end")
        found[one.key] = Text("{t}（%）", "{t}, %").format(t=one.title)
        found |= {f"{one.key}_low": low.format(t=one.title), f"{one.key}_high": high.format(t=one.title)}
    return found | TIME_TITLES


def figures(
    cases: pd.DataFrame,
    period: Period,
    *,
    by: str | None = None,
    rules: Rules | None = None,
    folder: Path | None = None,
) -> pd.DataFrame:
    """Give the statistics of a period.

    Args:
        cases: one row a case, folded at ``period.clock``.
        period: the period.
        by: a key of ``BY``; None for all cases in one row.
        rules: which way to take where the formulas leave it open.
        folder: the workspace, for its own tables.

    Returns:
        One row a unit, in order of its code (``ALL`` for all, ``NONE`` for cases of no unit); counts as int64,
        rates in percent with both ends of their 95 % interval, times in hours; columns as in ``titles``.
    """
    unit = units(cases, by)
    flags = marks(cases, period, rules=rules, folder=folder)
    code, names = pd.factorize(unit, sort=True)
    index = pd.Index(names if len(cases) or by else [ALL], name=by or "all", dtype="str")
    counts = pd.DataFrame(
        {name: np.bincount(code[flags[name].to_numpy()], minlength=len(index)) for name in flags}, index=index
    ).astype("int64")
    rates = rates_of(counts, rules or Rules())
    return pd.concat([counts, rates, time_to_close(cases, period, unit, index)], axis=1)


def units(cases: pd.DataFrame, by: str | None) -> np.ndarray:
    """Give the unit of each case as text, ``NONE`` where it has none.

    Raises:
        ValueError: not a key of ``BY``.
    """
    if by is None:
        return np.full(len(cases), ALL, dtype=object)
    if by not in BY:
        msg = f"cases can be parted by {', '.join(BY)}, not by {by}"
        raise ValueError(msg)
    return cases[BY[by][0]].astype("object").fillna(NONE).astype(str).to_numpy(dtype=object)


def rates_of(counts: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give all rates of a table of counts in percent, each with the ends of its 95 % Wilson interval."""
    found: dict[str, np.ndarray] = {}
    for one in RATES.values():
        part, whole = one.parts(counts, rules)
        low, high = wilson(part, whole)
        found |= {one.key: rate(part, whole), f"{one.key}_low": 100 * low, f"{one.key}_high": 100 * high}
    return pd.DataFrame(found, index=counts.index)


def footnote(period: Period, rules: Rules | None = None) -> Text:
    """Say by which conventions the figures of a period were computed."""
    chosen = rules or Rules()
    deferred = (
        Text("应结案数已减缓办数", "deferred cases are taken off what is due")
        if chosen.subtract_deferred
        else Text("应结案数未减缓办数", "deferred cases are not taken off what is due")
    )
    kept = (
        Text("以处置完成时间判定是否按期", "on time if fixed by the deadline")
        if chosen.by_fixing
        else Text("以结案时间判定是否按期", "on time if closed by the deadline")
    )
    return Text(
        "统计时段：{period}。应结案数为时限在时段内到期的案件，加上时段开始时已超期未结的案件；{deferred}；{kept}，"
        "恰在截止时刻完成算按期。已转项目的既不算超期也不算结案；重复上报只按主件计一次；不予受理的不计。"
        "比率附 95% Wilson 区间；办结时间的中位数与均值用 Kaplan-Meier 法，未结案件一并计入，含暂停时间。"
        "各项比例分别四舍五入，不强行凑成 100%。",
        "Period: {period}. Due are cases whose deadline fell in the period and those overdue and open when it began; "
        "{deferred}; {kept}, the very moment of the deadline included. What became a project is neither overdue nor "
        "closed; a group of duplicates counts once, by its head; what was not accepted does not count. Rates carry "
        "95 % Wilson intervals; median and mean time to close are Kaplan-Meier's, which count open cases, pauses "
        "included. Shares are rounded one by one and not forced to add up to 100 %.",
    ).format(period=period.words, deferred=deferred, kept=kept)
