"""How long cases take, those still open counted right."""

from datetime import datetime

import numpy as np
import pandas as pd

from geo.survival import Curve, kaplan_meier
from geo.text import Text
from reports.progress.period import Period

TIME_TITLES = {
    "median_hours": Text("办结时间中位数（小时）", "median hours to close"),
    "median_hours_low": Text("办结时间中位数（95% 区间下限）", "median hours to close, low end"),
    "median_hours_high": Text("办结时间中位数（95% 区间上限）", "median hours to close, high end"),
    "mean_hours": Text("办结时间均值（小时，限于已观察时长）", "mean hours to close, as far as seen"),
    "mean_dispose_hours": Text("平均处置时长（小时，仅已处置）", "mean hours from dispatch to fix, fixed only"),
}
GONE = ("rejected", "to_project")
"""States that end a case in another way than by closing: it was open until then, and did not close."""
_HOUR = np.timedelta64(3_600_000_000, "us")


def spans(cases: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Give how long each case was open, and whether it was closed.

    Elapsed time from the report, pauses included. What was declined or became a project is seen until it left; a
    duplicate is not seen at all, its head is.

    Args:
        cases: one row a case.
        as_of: the moment; later events have not happened.

    Returns:
        On the index of the cases ``hours`` (NaN where the case is not seen) and ``is_closed``.
    """
    clock = np.datetime64(as_of, "us")
    reported, closed, left = (
        cases[name].to_numpy(dtype="datetime64[us]") for name in ("reported_at", "closed_at", "state_since")
    )
    is_gone = cases["state"].isin(GONE).to_numpy() & (left <= clock)
    is_closed = (closed <= clock) & ~is_gone
    end = np.where(is_closed, closed, np.where(is_gone, left, clock))
    hours = (end - reported) / _HOUR
    seen = cases["head"].isna().to_numpy() & (reported <= clock) & (hours >= 0)
    return pd.DataFrame({"hours": np.where(seen, hours, np.nan), "is_closed": is_closed}, index=cases.index)


def time_to_close(cases: pd.DataFrame, period: Period, unit: np.ndarray, index: pd.Index) -> pd.DataFrame:
    """Give median and mean time of the cases reported in a period, by unit.

    Args:
        cases: one row a case, folded at the clock of the period.
        period: the period.
        unit: unit of each case.
        index: the units wanted.

    Returns:
        One row a unit, columns as in ``TIME_TITLES``; a median that the curve does not reach is NaN: more than was seen.
    """
    found = spans(cases, period.clock)
    rows = np.flatnonzero(period.within(cases["reported_at"]) & found["hours"].notna().to_numpy())
    code = index.get_indexer(pd.Index(unit[rows])) if len(rows) else np.array([], dtype=np.intp)
    order = np.argsort(code, kind="stable")
    parts = np.split(rows[order], np.searchsorted(code[order], np.arange(1, len(index))))
    hours, closed = found["hours"].to_numpy(), found["is_closed"].to_numpy()
    table = pd.DataFrame([_times(kaplan_meier(hours[one], closed[one])) for one in parts], index=index)
    return table.assign(mean_dispose_hours=_disposal(cases, period, unit, index)).astype("float64")


def _times(curve: Curve) -> dict[str, float | None]:
    low, high = curve.median_interval()
    return {
        "median_hours": curve.median,
        "median_hours_low": low,
        "median_hours_high": high,
        "mean_hours": curve.mean(),
    }


def _disposal(cases: pd.DataFrame, period: Period, unit: np.ndarray, index: pd.Index) -> np.ndarray:
    """The published mean: over what was fixed in the period only, which flatters as long as others wait.

    A case that was sent out again after its first fix has no such time.
    """
    rows = period.within(cases["first_fixed_at"]) & cases["head"].isna().to_numpy()
    hours = (cases["first_fixed_at"] - cases["assigned_at"]).to_numpy()[rows] / _HOUR
    usable = hours >= 0
    means = pd.Series(hours[usable]).groupby(unit[rows][usable]).mean()
    return means.reindex(index).to_numpy(dtype=float)
