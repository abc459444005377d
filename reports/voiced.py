"""Measures of what residents say: open, overdue and severe issues."""

import numpy as np
import pandas as pd

from geo.measure import hectares, rate, shares, totals
from geo.text import Text, counted, listed
from layers import ISSUES
from layers.schema import Issues
from reports.measures import Ground, Measure, Measured

NO_ISSUES = Text("问题图层", "the issues layer")
OPEN_DEADLINE = Text("有截止时间的未办结问题", "open issues with a deadline")


def _matters(ground: Ground) -> pd.Series:
    """Mark the issues that are a matter of grounds and buildings: those with a type, where any has one."""
    typed: pd.Series = ground.ws[ISSUES][Issues.issue_type].notna()
    return typed if typed.any() else ~typed


def _left_aside(ground: Ground) -> Text | None:
    """Say how many open issues a measure by place leaves aside, and why."""
    is_open, matters = ground.ws.standing["is_open"], _matters(ground)
    untyped = int((is_open & ~matters).sum())
    placeless = int((is_open & matters & (ground.ws.codes(ISSUES, ground.level) < 0)).sum())
    said = [
        Text(f"{n:,} 件未办结问题{zh}", f"{counted(n, 'open issue', 'open issues')} {en}")
        for n, zh, en in (
            (untyped, "不属于改造问题类别", "of no renewal type"),
            (placeless, "不在任何网格内", "in no grid"),
        )
        if n
    ]
    return listed(said) if said else None


def _counts(ground: Ground, weight: pd.Series) -> np.ndarray:
    told = weight.astype(float).where(_matters(ground), 0.0)
    return totals(ground.ws.codes(ISSUES, ground.level), len(ground.index), told).per_group


def _share(ground: Ground, part: pd.Series, whole: pd.Series) -> np.ndarray:
    """Percent of cases, NaN where there are too few for a share that means anything."""
    cases = _counts(ground, whole)
    return rate(_counts(ground, part), np.where(cases >= ground.policy["rate_min_cases"], cases, np.nan))


def _per_households(ground: Ground, weight: pd.Series) -> Measured:
    people = ground.households
    if people.status == "unavailable":
        return ground.unavailable(people.denominator, people.missing or people.denominator)
    found = rate(_counts(ground, weight), ground.enough_households())
    aside = _left_aside(ground)
    status = people.status if people.status != "ready" else "partial" if aside else "ready"
    made = Measured(ground.series(found), status, people.denominator, aside, people.note)
    return ground.where_known(made, ISSUES)


def open_per_100_households(ground: Ground) -> Measured:
    """Open issues per 100 households."""
    if ISSUES not in ground.ws:
        return ground.unavailable(ground.households.denominator, NO_ISSUES)
    return _per_households(ground, ground.ws.standing["is_open"])


def severity_per_100_households(ground: Ground) -> Measured:
    """Sum of the severity (1 to 5) of open issues per 100 households."""
    if ISSUES not in ground.ws:
        return ground.unavailable(ground.households.denominator, NO_ISSUES)
    severity = ground.ws[ISSUES][Issues.severity].fillna(1).astype(float)
    return _per_households(ground, severity.where(ground.ws.standing["is_open"], 0.0))


def open_per_ha(ground: Ground) -> Measured:
    """Open issues per hectare of grid."""
    area = Text("网格面积", "grid area")
    if ISSUES not in ground.ws:
        return ground.unavailable(area, NO_ISSUES)
    ha = hectares(ground.ws.grids(ground.level).geometry.area)
    density = shares(_counts(ground, ground.ws.standing["is_open"]), ha)
    aside = _left_aside(ground)
    found = Measured(ground.series(density), "partial" if aside else "ready", area, aside)
    return ground.where_known(found, ISSUES)


def open_share(ground: Ground) -> Measured:
    """Open issues in percent of all that were reported."""
    reported = Text("已上报问题", "reported issues")
    if ISSUES not in ground.ws:
        return ground.unavailable(reported, NO_ISSUES)
    stand = ground.ws.standing
    share = _share(ground, stand["is_open"], stand["is_known"])
    return ground.where_known(Measured(ground.series(share), "ready", reported), ISSUES)


def overdue_share(ground: Ground) -> Measured:
    """Overdue issues in percent of open issues that have a deadline."""
    if ISSUES not in ground.ws:
        return ground.unavailable(OPEN_DEADLINE, NO_ISSUES)
    stand, due = ground.ws.standing, ground.ws[ISSUES][Issues.due_at].notna()
    share = _share(ground, stand["is_overdue"], stand["is_open"] & due)
    undated = int((stand["is_open"] & ~due & _matters(ground)).sum())
    missing = (
        Text(f"{undated:,} 件未办结问题没有截止时间", f"deadlines of {undated:,} open issues") if undated else None
    )
    found = Measured(ground.series(share), "partial" if undated else "ready", OPEN_DEADLINE, missing)
    return ground.where_known(found, ISSUES)


PER_100 = Text("件/百户", "per 100 households")
PERCENT = Text("%", "%")
VOICED = (
    Measure(
        "severity_per_100_households",
        Text("未办结问题（按严重程度）", "open issues by severity"),
        Text("分/百户", "points per 100 households"),
        "high",
        0,
        60,
        "I-DEN",
        severity_per_100_households,
    ),
    Measure(
        "open_issues_per_100_households",
        Text("未办结问题（按户）", "open issues by households"),
        PER_100,
        "high",
        0,
        20,
        "I-DEN",
        open_per_100_households,
    ),
    Measure(
        "open_issues_per_ha",
        Text("未办结问题密度", "open issues by area"),
        Text("件/公顷", "per ha"),
        "high",
        0,
        12,
        "I-DEN",
        open_per_ha,
    ),
    Measure("open_share_pct", Text("未办结率", "open share"), PERCENT, "high", 0, 60, "I-OT", open_share),
    Measure(
        "overdue_share_pct",
        Text("超期率", "overdue share"),
        PERCENT,
        "high",
        0,
        100,
        "I-OT",
        overdue_share,
    ),
)
