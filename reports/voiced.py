"""Measures of what residents say: open, overdue and severe issues."""

import numpy as np

from geo.measure import hectares, rate, shares, totals
from geo.text import Text, counted, listed
from layers import ISSUES
from layers.schema import Issues
from reports.measures import Ground, Measure, Measured

OPEN_DEADLINE = Text("有截止时间的未办结问题", "open issues with a deadline")


HOUSEHOLDS = Text("户数", "households")
AREA = Text("网格面积", "grid area")
REPORTED = Text("已上报问题", "reported issues")


def _left_aside(ground: Ground) -> Text | None:
    """Say how many open issues a measure by place leaves aside, and why."""
    is_open, matters = _marks(ground, "is_open"), ground.matters
    untyped = int((is_open & ~matters).sum())
    placeless = int((is_open & matters & (ground.ws.codes(ISSUES, ground.level) < 0)).sum())
    said = [
        Text(f"{n:,} 件未办结问题{zh}", f"{counted(n, 'open issue', 'open issues')} {en}")
        for n, zh, en in (
            (untyped, "不属于改造问题类别", "of no renewal type"),
            (placeless, f"不在任何{ground.one.zh}内", f"in no {ground.one.en}"),
        )
        if n
    ]
    return listed(said) if said else None


def _marks(ground: Ground, column: str) -> np.ndarray:
    return ground.ws.standing[column].to_numpy(dtype=bool)


def _counts(ground: Ground, weight: np.ndarray) -> np.ndarray:
    """Add up the weight (or count the marks) of the issues that matter, by grid."""
    told = np.where(ground.matters, weight.astype(float), 0.0)
    return totals(ground.ws.codes(ISSUES, ground.level), len(ground.index), told).per_group


def _share(ground: Ground, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Percent of cases, NaN where there are too few for a share that means anything."""
    cases = _counts(ground, whole)
    return rate(_counts(ground, part), np.where(cases >= ground.policy["rate_min_cases"], cases, np.nan))


def _per_households(ground: Ground, weight: np.ndarray) -> Measured:
    people = ground.households
    if people.status == "unavailable":
        return ground.unavailable(people.denominator, people.missing or people.denominator)
    found = rate(_counts(ground, weight), ground.enough_households())
    aside = _left_aside(ground)
    status = people.status if people.status != "ready" else "partial" if aside else "ready"
    return Measured(ground.series(found), status, people.denominator, aside, people.note)


def open_per_100_households(ground: Ground) -> Measured:
    """Open issues per 100 households."""
    return _per_households(ground, _marks(ground, "is_open"))


def severity_per_100_households(ground: Ground) -> Measured:
    """Sum of the severity (1 to 5) of open issues per 100 households."""
    severity = ground.ws[ISSUES][Issues.severity].to_numpy(dtype=float, na_value=1.0)
    return _per_households(ground, np.where(_marks(ground, "is_open"), severity, 0.0))


def open_per_ha(ground: Ground) -> Measured:
    """Open issues per hectare of grid."""
    ha = hectares(ground.ws.grids(ground.level).geometry.area)
    density = shares(_counts(ground, _marks(ground, "is_open")), ha)
    aside = _left_aside(ground)
    return Measured(ground.series(density), "partial" if aside else "ready", AREA, aside)


def open_share(ground: Ground) -> Measured:
    """Open issues in percent of all that were reported."""
    share = _share(ground, _marks(ground, "is_open"), _marks(ground, "is_known"))
    return Measured(ground.series(share), "ready", REPORTED)


def overdue_share(ground: Ground) -> Measured:
    """Overdue issues in percent of open issues that have a deadline."""
    is_open, due = _marks(ground, "is_open"), ground.ws[ISSUES][Issues.due_at].notna().to_numpy()
    share = _share(ground, _marks(ground, "is_overdue"), is_open & due)
    undated = int((is_open & ~due & ground.matters).sum())
    missing = (
        Text(f"{undated:,} 件未办结问题没有截止时间", f"deadlines of {undated:,} open issues") if undated else None
    )
    return Measured(ground.series(share), "partial" if undated else "ready", OPEN_DEADLINE, missing)


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
        HOUSEHOLDS,
        (ISSUES,),
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
        HOUSEHOLDS,
        (ISSUES,),
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
        AREA,
        (ISSUES,),
    ),
    Measure(
        "open_share_pct",
        Text("未办结率", "open share"),
        PERCENT,
        "high",
        0,
        60,
        "I-OT",
        open_share,
        REPORTED,
        (ISSUES,),
    ),
    Measure(
        "overdue_share_pct",
        Text("超期率", "overdue share"),
        PERCENT,
        "high",
        0,
        100,
        "I-OT",
        overdue_share,
        OPEN_DEADLINE,
        (ISSUES,),
    ),
)
