"""Scores by a city's published rule: points for rates against targets, less points for failed verifications.

The rule is a table (``scoring.csv``); what a case is worth is never written in code. A part without cases (no
urgent ones, say) gives no points and takes none: the score says out of how many it is.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.findings import value_found
from geo.text import Text
from layers.standards import issue_types, policy, standard
from reports.progress.marks import Rules, marks
from reports.progress.period import Period

JINHUA = "jinhua"
RULE_WORDS = {JINHUA: Text("金华市数字城管考核评分规则", "scoring rule of Jinhua's digital city management")}
FAILURES = "failed_verification"
TITLES = {
    "part": Text("评分项", "part"),
    "value": Text("实得值", "value"),
    "target_pct": Text("目标（%）", "target, %"),
    "points": Text("得分", "points"),
    "of": Text("满分", "of"),
    "rule_zh": Text("规则（中文）", "rule in Chinese"),
    "rule_en": Text("规则（英文）", "rule in English"),
    "to_verify": Text("待核", "to be verified"),
}


@dataclass(frozen=True)
class Tally:
    """What a score is computed from: counts of cases, and the number of failed verifications of each case."""

    due: int
    deferred: int
    closed: int
    on_time: int
    urgent_due: int = 0
    urgent_closed: int = 0
    urgent_on_time: int = 0
    failures: tuple[int, ...] = ()

    def percent(self, figure: str) -> float:
        """Give a rate in percent, NaN of nothing; deferred cases are taken off what is due."""
        part, whole = {
            "closing_rate": (self.closed, self.due - self.deferred),
            "on_time_rate": (self.on_time, self.due - self.deferred),
            "urgent_closing_rate": (self.urgent_closed, self.urgent_due),
            "urgent_on_time_rate": (self.urgent_on_time, self.urgent_due),
        }[figure]
        return 100 * part / whole if whole > 0 else float("nan")


@dataclass(frozen=True)
class Score:
    """Points and how they came about: ``parts`` has one row a row of the rule, columns as in ``TITLES``."""

    points: float
    out_of: float
    parts: pd.DataFrame


def tally(cases: pd.DataFrame, period: Period, *, rules: Rules | None = None, folder: Path | None = None) -> Tally:
    """Count what a score needs.

    Urgent cases are those of the severity that policy puts on the immediate list; a case without one has its type's.
    """
    flags = marks(cases, period, rules=rules, folder=folder)
    usual = issue_types(folder)["severity"].astype(float).reindex(cases["issue_type"].to_numpy(dtype=object))
    own = cases["severity"].to_numpy(dtype=float, na_value=np.nan)
    severity = np.where(np.isnan(own), usual.to_numpy(), own)
    urgent = (severity >= policy(folder)["immediate_severity"]) & ~flags["deferred"].to_numpy()
    counts = {name: int(flags[name].sum()) for name in ("due", "deferred", "closed", "on_time")}
    pressing = {f"urgent_{name}": int((flags[name] & urgent).sum()) for name in ("due", "closed", "on_time")}
    failures = cases["rework_count"].fillna(0)[flags["reworked"].to_numpy()]
    return Tally(**counts, **pressing, failures=tuple(failures.astype(int)))


def score(counts: Tally, rule: str = JINHUA, *, folder: Path | None = None) -> Score:
    """Give the score of a tally by a rule.

    Raises:
        DataError: no such rule in the table.
    """
    table = standard("scoring", folder)
    rows = table[table["rule"] == rule]
    if rows.empty:
        raise DataError([_no_rule(rule, table)])
    found = pd.concat(
        [_of_rates(one, counts) for _, one in rows[rows["figure"] != FAILURES].groupby("part", sort=False)]
    )
    less = _of_failures(rows[rows["figure"] == FAILURES], counts.failures)
    parts = pd.concat([found, less]).set_index("row")[list(TITLES)]
    return Score(float(parts["points"].sum()), float(parts["of"].sum()), parts)


def _no_rule(rule: str, table: pd.DataFrame) -> Problem:
    names = sorted(set(table["rule"]))
    expected = Text(f"取自 {'、'.join(names)}", f"out of {', '.join(names)}")
    remedy = Text("改正规则名称，或在工作区 standards 中增加", "correct the name, or add the rule to the workspace")
    return Problem("unknown_word", "error", "scoring.csv", None, "rule", value_found(rule), expected, remedy)


def _of_rates(rows: pd.DataFrame, counts: Tally) -> pd.DataFrame:
    """Give the rows of one part: what each falls short is taken off the points of the part, down to zero."""
    value = rows["figure"].map(counts.percent).astype(float)
    short = (rows["target_pct"] - value).clip(lower=0) * rows["minus_per_point"]
    full = rows["full_points"].fillna(0)
    is_known = bool(value.notna().all())
    left = max(float(full.sum() - short.sum()), 0.0) if is_known else 0.0
    first = np.arange(len(rows)) == int(full.to_numpy().argmax())
    return _told(rows).assign(
        value=value, points=np.where(first, left, 0.0), of=np.where(first, float(full.sum()) if is_known else 0.0, 0.0)
    )


def _of_failures(rows: pd.DataFrame, failures: tuple[int, ...]) -> pd.DataFrame:
    """Give what failed verifications cost: each by the row with the highest ``from_failure`` that it has reached."""
    ordered = rows.sort_values("from_failure")
    starts = ordered["from_failure"].to_numpy(dtype=np.int64)
    numbers = np.concatenate([np.arange(1, one + 1) for one in failures] or [np.array([], dtype=np.int64)])
    which = np.searchsorted(starts, numbers, side="right") - 1
    count = np.bincount(which[which >= 0].astype(np.int64), minlength=len(ordered)).astype(float)
    cost = count * ordered["minus_each"].to_numpy(dtype=float)
    return _told(ordered).assign(value=count, points=0.0 - cost, of=0.0)


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["row", "part", "target_pct", "to_verify"]].assign(rule_zh=rows["zh"], rule_en=rows["en"])
