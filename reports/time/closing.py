"""Time to close by type, grid or source: curves that count what is still open, and what can be said of small groups.

A case still open counts as open for as long as it was seen; one declined or turned into a project left, it did not
close. A group with fewer than 20 closings has no curve of its own: it is told with that of all, and marked. Whether
groups differ is asked by the log-rank test; with many groups each against the rest, with false findings held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from geo.pattern.adjustment import benjamini_hochberg
from geo.survival import FEWEST_EVENTS, Curve, Curves, LogRank, curves, kaplan_meier, log_rank
from geo.text import Text
from reports.progress.duration import GONE, spans
from reports.time.cases import ALL, units_of

TITLES = {
    "number": Text("件数", "cases"),
    "closed": Text("已办结", "closed"),
    "open": Text("未办结", "still open"),
    "left": Text("不予受理或转项目", "declined or made projects"),
    "median_days": Text("办结中位数（天）", "median days to close"),
    "low_days": Text("中位数 95% 区间下限（天）", "median, low end of 95 %, days"),
    "high_days": Text("中位数 95% 区间上限（天）", "median, high end of 95 %, days"),
    "seen_days": Text("最长观察（天）", "longest seen, days"),
    "dated": Text("有期限的件数", "with a deadline"),
    "in_limit_percent": Text("期限内办结（%）", "closed within the limit, %"),
    "in_limit_low": Text("期限内办结 95% 区间下限", "within the limit, low end"),
    "in_limit_high": Text("期限内办结 95% 区间上限", "within the limit, high end"),
    "is_pooled": Text("用全部的曲线", "told with the curve of all"),
    "direction": Text("与其余相比", "against the rest"),
    "p": Text("p（与其余相比）", "p against the rest"),
    "p_adjusted": Text("p（多重比较校正）", "p, false findings held"),
}
FASTER, SLOWER, ALIKE = "faster", "slower", "alike"
DIRECTION_WORDS = {
    FASTER: Text("更快", "faster"),
    SLOWER: Text("更慢", "slower"),
    ALIKE: Text("无明显差异", "no clear difference"),
}
FALSE_SHARE = 0.05
_DAY_H = 24
METHOD = Text(
    "从上报算起的自然时间。未办结的按已观察的时长计入，不予受理、转项目的计到离开为止，都不算办结；随主件的重复件不计。"
    "中位数取自 Kaplan-Meier 曲线，区间按 log(−log S)；曲线高于一半时写“超过最长观察”。"
    "期限内办结：时间按各件自己的期限折算，期限当刻办结算在内。办结不足 {few} 件的组用全部的曲线，并标明。"
    "组间差异用 log-rank 检验，每组与其余相比，按 5% 的误报率校正；只说明有无差异，不说明原因。",
    "Elapsed time from the report. What is open counts as open for as long as it was seen; what was declined or became a "
    "project is seen until it left and did not close; duplicates go with their head. The median is that of the "
    "Kaplan-Meier curve, its interval on the scale of log(−log S); where the curve stays above a half it is “more than "
    "the longest seen”. Closed within the limit: time is taken in units of each case's own limit, closing at the limit "
    "counts. Groups with fewer than {few} closings are told with the curve of all, and marked. Groups are compared by the "
    "log-rank test, each against the rest, with 5 % false findings; it tells that they differ, not why.",
)


@dataclass(frozen=True)
class Closing:
    """Time to close.

    ``table`` is indexed by unit, ``ALL`` first, columns as in ``TITLES``; a median that the curve does not reach is NaN:
    more than ``seen_days``. ``curves`` are of hours, ``test`` compares the units with a curve of their own (None: fewer
    than two).
    """

    by: str
    table: pd.DataFrame
    curves: Curves = field(repr=False)
    test: LogRank | None
    meta: Mapping[str, object]


def closing_times(
    cases: pd.DataFrame, as_of: datetime, *, by: str = "type", fewest_events: int = FEWEST_EVENTS
) -> Closing:
    """Tell how long cases take to close.

    Args:
        cases: one row a case, folded at ``as_of``.
        as_of: the moment, naive local time.
        by: a key of ``reports.time.BY``.
        fewest_events: closings that a unit needs for a curve of its own.
    """
    seen = _seen(cases, as_of).assign(unit=units_of(cases, by))
    seen = seen[seen["hours"].notna()]
    named = seen["unit"].where(seen["unit"] != "")
    found = curves(seen["hours"], seen["is_closed"], named, fewest_events=fewest_events)
    rows = {ALL: _row(seen, found.overall, found.overall)}
    rows |= {str(unit): _row(part, _own(part), found.of(unit)) for unit, part in seen.groupby("unit", sort=True)}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(TITLES)[:12])
    own = [one in found.by_group for one in table.index]
    table["is_pooled"] = ~np.array(own) & (table.index != ALL)
    test = _test(seen, found)
    table = table.join(_against_rest(test)).rename_axis(by)
    table["direction"] = table["direction"].astype("object").where(table["direction"].notna(), None)
    meta = {
        "method": "Kaplan-Meier, log(-log) interval, log-rank", "as_of": as_of, "by": by, "fewest_events": fewest_events,
        "false_share": FALSE_SHARE, "seed": None,
    }  # fmt: skip
    return Closing(by, table[list(TITLES)], found, test, meta)


def limit_words(path: Path | None = None) -> Text:  # noqa: ARG001 (asked like the other notes, with a workspace)
    """Say how time to close was computed."""
    return METHOD.format(few=FEWEST_EVENTS)


def _seen(cases: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Give hours seen, whether closed or left, and the time in units of the case's own limit."""
    found = spans(cases, as_of)
    limit = (cases["final_due_at"] - cases["reported_at"]).dt.total_seconds() / 3600
    ratio = found["hours"] / limit.where(limit > 0)
    left = cases["state"].isin(GONE) & (cases["state_since"] <= np.datetime64(as_of, "us"))
    return found.assign(of_limit=ratio.astype(float), is_gone=left.to_numpy(dtype=bool) & ~found["is_closed"])


def _own(part: pd.DataFrame) -> Curve:
    return kaplan_meier(part["hours"], part["is_closed"])


def _row(part: pd.DataFrame, own: Curve, used: Curve) -> dict[str, float]:
    """Give one row: counts of the unit itself, the median of the curve that is used for it."""
    low, high = used.median_interval()
    dated = part[part["of_limit"].notna()]
    kept = kaplan_meier(dated["of_limit"], dated["is_closed"])
    return {
        "number": own.number,
        "closed": own.events,
        "open": own.number - own.events - int(part["is_gone"].sum()),
        "left": int(part["is_gone"].sum()),
        "median_days": _days(used.median),
        "low_days": _days(low),
        "high_days": _days(high),
        "seen_days": _days(used.last),
        "dated": len(dated),
        **_within(kept),
    }


def _days(hours: float | None) -> float:
    return float("nan") if hours is None else hours / _DAY_H


def _within(curve: Curve) -> dict[str, float]:
    """Give the share closed by the limit, which is at 1, with its interval, in percent."""
    still = float(curve.at(1.0)) if curve.number else float("nan")
    step = int(np.searchsorted(curve.times, 1.0, side="right")) - 1
    low, high = (1.0, 1.0) if step < 0 or np.isnan(still) else (float(one[step]) for one in curve.interval())
    known = not np.isnan(still) and step >= 0
    return {
        "in_limit_percent": 100 * (1 - still),
        "in_limit_low": 100 * (1 - high) if known else float("nan"),
        "in_limit_high": 100 * (1 - low) if known else float("nan"),
    }


def _test(seen: pd.DataFrame, found: Curves) -> LogRank | None:
    """Compare the units that have a curve of their own."""
    if len(found.by_group) < 2:  # noqa: PLR2004 (a comparison)
        return None
    part = seen[seen["unit"].isin(list(found.by_group))]
    return log_rank(part["hours"], part["is_closed"], part["unit"])


def _against_rest(test: LogRank | None) -> pd.DataFrame:
    if test is None:
        return pd.DataFrame(columns=["direction", "p", "p_adjusted"], dtype=float)
    groups = test.groups
    sure = benjamini_hochberg(groups["p"])
    way = np.where(groups["observed"] > groups["expected"], FASTER, SLOWER)
    direction = np.where(sure < FALSE_SHARE, way, ALIKE)
    return pd.DataFrame({"direction": direction, "p": groups["p"], "p_adjusted": sure}, index=groups.index)
