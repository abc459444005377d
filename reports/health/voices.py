"""Issues: how many are open where, how many repeat an earlier one, how many were closed in time."""

from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.duplicates import Reports, earlier_alike
from geo.text import Text
from layers.catalog import ISSUES
from layers.schema import Issues
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import WHOLE, Outcome, Values, both
from reports.progress import Period, cases_of_issues, figures

PER_100 = Text("件/百户", "per 100 households")
PER_HA = Text("件/公顷", "per ha")
TYPED = Text("有类别、时间和位置的上报件数", "reports with type, time and place")
DUE = Text("应结案数（已减缓办）", "due, less deferred")
FORMULA = Text(
    "按期结案率 = 按期结案数 ÷（应结案数 − 缓办数），应结案数为时段内到期的加上此前超期未结的；{period}",
    "on time by due less deferred; due is what fell due in the period and what was overdue before; {period}",
)
FROM_REGISTER = Text("来自导入台账，以结案时间代处置时间", "from an imported register: the closing stands for the fix")
UNVERIFIED = Text("核查记录（返工率）", "records of verification (rework rate)")
TARGET = Text("结案率地方目标 {n:g}%", "local target of the closing rate {n:g} %")
FIGURES = ("due", "deferred", "verified", "on_time", "on_time_rate", "closing_rate", "rework_rate")
OPEN, AREA = Text("未办结问题（件）", "open issues"), Text("网格面积（公顷）", "grid area, ha")
HA_M2 = 10_000.0
PER_HUNDRED = 100.0


def density(check: Check) -> Outcome:
    """Open issues per 100 households, and per hectare beside; per hectare alone where households are unknown."""
    lacking, people = check.lacking(ISSUES), check.households
    if lacking:
        return check.unavailable(lacking, unit=PER_100, denominator=people.words)
    number, left = _open(check)
    hectares = check.area_m2 / HA_M2
    per_ha, meta = quotient(number, hectares), {"method": "open issues / households, / hectares"}
    if people.status == "unavailable":
        missing = both(people.missing, left)
        found = Outcome(
            per_ha, "partial", PER_HA, AREA, OPEN, number, hectares, judged=False, missing=missing, meta=meta
        )
        return check.where_known(found, ISSUES)
    least = check.policy["rate_min_households"]
    enough = np.where(people.by_place >= least, people.by_place, np.nan)
    few = Text("户数不足 {n:g} 户，不计算每百户", "fewer than {n:g} households: no rate").format(n=least)
    found = Outcome(
        quotient(number, enough, per=PER_HUNDRED),
        people.status if people.status != "ready" or not left else "partial",
        PER_100,
        people.words,
        OPEN,
        number,
        people.by_place,
        judged=False,
        missing=[both(both(people.missing, left), few if one < least else None) for one in people.by_place],
        note=people.note,
        beside={"per_hectare": (Text("未办结，每公顷", "open, per hectare"), per_ha)},
        meta=meta,
    )
    return check.where_known(found, ISSUES)


def _open(check: Check) -> tuple[Values, Text | None]:
    """Count the open issues that matter by place, and say how many were left aside and why."""
    is_open, codes = check.ws.standing["is_open"].to_numpy(dtype=bool), check.codes(ISSUES)
    matters = check.ground.matters
    aside, untyped = int((is_open & matters & (codes < 0)).sum()), int((is_open & ~matters).sum())
    left = both(
        Text(f"{aside:,} 件未办结问题的位置", f"places of {aside:,} open issues") if aside else None,
        Text(f"{untyped:,} 件未办结问题的改造类别", f"types of {untyped:,} open issues") if untyped else None,
    )
    return check.totals(codes[is_open & matters]), left


def repeats(check: Check) -> Outcome:
    """Reports that have an earlier one of their type within the distance and the days, in percent of all reports.

    Reports at a default point (one coordinate for many places) are left out: their place is not known.
    """
    lacking = check.lacking(ISSUES)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=TYPED)
    issues, codes = check.ws[ISSUES], check.codes(ISSUES)
    x, y = check.ws.xy(ISSUES)
    reported = issues[Issues.reported_at]
    hour = (reported - reported.min()) / pd.Timedelta(hours=1)
    kind = issues[Issues.issue_type].astype("object").where(issues[Issues.issue_type].notna(), None)
    known = check.ws.standing["is_known"].to_numpy(dtype=bool) & kind.notna().to_numpy()
    known &= reported.notna().to_numpy() & (codes >= 0)
    rows = np.flatnonzero(known)
    if not len(rows):
        return check.unavailable(TYPED, unit=PERCENT, denominator=TYPED)
    metres, days = check.policy["repeat_m"], check.policy["repeat_days"]
    reports = Reports.of(x[rows], y[rows], hour.to_numpy(dtype=float)[rows], kind.to_numpy()[rows])
    again = earlier_alike(reports, max_distance_m=metres, max_hours=days * 24)
    above, below = check.totals(codes[rows[again]]), check.totals(codes[rows])
    left = len(issues) - len(rows)
    cases = check.policy["rate_min_cases"]
    value = np.where(below >= cases, quotient(above, below, per=100), np.nan)
    few = Text("上报不足 {n:g} 件", "fewer than {n:g} reports").format(n=cases)
    gaps = Text(
        f"{left:,} 件没有类别、时间或网格内的位置，未计入", f"{left:,} without type, time or place in a grid, left out"
    )
    found = Outcome(
        value,
        "partial" if left else "ready",
        PERCENT,
        TYPED,
        Text("{m:g} m、{d:g} 天内有同类在前", "with an earlier one within {m:g} m and {d:g} days").format(
            m=metres, d=days
        ),
        above,
        below,
        judged=False,
        missing=[both(gaps if left else None, few if one < cases else None) for one in below],
        meta={"method": "reports with an earlier alike", "repeat_m": metres, "repeat_days": days},
    )
    return check.where_known(found, ISSUES, per=100)


def closing(check: Check) -> Outcome:
    """Closed in time by those due less deferred, from the ledger or the imported register; closing and rework beside."""
    lacking = check.lacking(ISSUES)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=DUE)
    period = period_of(check)
    table = _figures(check, period)
    told = {name: table[name].to_numpy(dtype=float, na_value=np.nan) for name in FIGURES}
    due = np.nan_to_num(told["due"]) - np.nan_to_num(told["deferred"])
    enough, verified = due >= check.policy["rate_min_cases"], np.nan_to_num(told["verified"])
    few = Text("应结案不足 {n:g} 件", "fewer than {n:g} due").format(n=check.policy["rate_min_cases"])
    said = both(FORMULA.format(period=period.words), None if check.ws.living is not None else FROM_REGISTER)
    found = Outcome(
        np.where(enough, told["on_time_rate"], np.nan),
        ["ready" if one > 0 else "partial" for one in verified],
        PERCENT,
        DUE,
        Text("按期结案", "closed in time"),
        np.where(enough, told["on_time"], np.nan),
        np.where(enough, due, np.nan),
        missing=[
            both(None if one > 0 else UNVERIFIED, None if ok else few) for one, ok in zip(verified, enough, strict=True)
        ],
        note=both(said, TARGET.format(n=check.policy["closing_rate_percent"])),
        beside={
            "closing_rate_percent": (
                Text("结案率（%）", "closing rate, %"),
                np.where(enough, told["closing_rate"], np.nan),
            ),
            "rework_rate_percent": (Text("返工率（%）", "rework rate, %"), told["rework_rate"]),
        },
        meta={"method": "on time / (due - deferred)", "since": str(period.since), "until": str(period.until)},
    )
    return check.where_known(found, ISSUES)


def _figures(check: Check, period: Period) -> pd.DataFrame:
    """Give the statistics of the cases in grids, one row a place."""
    codes = pd.Series(check.codes(ISSUES), index=check.ws[ISSUES].index)
    cases = cases_of(check)
    cases = cases.assign(grid_id=_grid_of(check, codes.reindex(cases.index).fillna(-1).to_numpy(dtype=np.intp)))
    cases = cases[cases["grid_id"] != ""]
    each = figures(cases, period, by="grid", folder=check.ws.folder).reindex(check.grid_ids)
    whole = figures(cases.assign(grid_id=WHOLE), period, by="grid", folder=check.ws.folder).reindex([WHOLE])
    return pd.concat([each, whole])


def period_of(check: Check) -> Period:
    """Give the days before the reporting date over which closing rates are taken, whole days, the last one included."""
    as_of = check.ws.manifest.as_of
    until = (pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1)).to_pydatetime()
    return Period(until - timedelta(days=check.policy["case_period_days"]), until, as_of)


def cases_of(check: Check) -> pd.DataFrame:
    """Give one row a case: of the ledger where there is one, else of the imported issues."""
    if check.ws.living is not None:
        return check.ws.living.cases
    return cases_of_issues(check.ws[ISSUES], check.ws.manifest.as_of)


def _grid_of(check: Check, codes: NDArray[np.intp]) -> NDArray[np.object_]:
    names = np.append(check.grid_ids.to_numpy(dtype=object), "")
    return np.asarray(names[codes], dtype=object)


COMPUTED = {"I-DEN": density, "I-REP": repeats, "I-OT": closing}
