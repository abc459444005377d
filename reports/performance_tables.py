"""Periods and tables behind the page of performance: what it lists and draws, ready to be shown."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.survival import Curve
from geo.text import Lang
from reports.performance import hours_words
from reports.progress import Period, spans
from reports.progress.shares import LEVEL_WORDS

USUAL_DAYS = 30
"""Days that are proposed where people choose the dates themselves."""
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_DAY_H = 24
_BESIDE = 1.7
"""How far an axis reaches, in lengths of the longest bar, to leave room for the words behind it."""


class League(NamedTuple):
    """The two parts of a league table."""

    ranked: pd.DataFrame
    few: pd.DataFrame


def week_words(monday: datetime) -> str:
    """Say a week by its Monday and its Sunday."""
    return f"{monday:%Y-%m-%d} – {monday + _WEEK - _DAY:%m-%d}"


def week_of(monday: datetime, as_of: datetime) -> Period:
    """Give the week that begins on a Monday, seen at ``as_of``; naive local times."""
    return Period(monday, monday + _WEEK, as_of)


def usual_days(first: date, last: date) -> tuple[date, date]:
    """Give the days that are proposed: the latest ``USUAL_DAYS``, both ends included, but none before ``first``."""
    return max(first, last - (USUAL_DAYS - 1) * _DAY), last


def own_period(since: date, until: date, as_of: datetime) -> Period:
    """Give the period from the midnight that begins one day to the one that ends another, seen at ``as_of``."""
    return Period(datetime.combine(since, time()), datetime.combine(until, time()) + _DAY, as_of)


def league_split(rows: pd.DataFrame) -> League:
    """Part a league table into the units with a rank and those of too few cases; units without any are left out."""
    is_few = rows["described_only"]
    return League(rows[~is_few], rows[is_few & (rows["whole"] > 0)])


def reported_spans(cases: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give how long the cases reported in a period took or have taken.

    Args:
        cases: folded at the clock of the period.
        period: the period.

    Returns:
        By ``issue_id``: ``hours`` (known of all) and ``is_closed``, see ``spans``.
    """
    seen = spans(cases, period.clock)
    return seen[period.within(cases["reported_at"]) & seen["hours"].notna().to_numpy()]


def curve_table(curve: Curve) -> pd.DataFrame:
    """Give the points of a curve of time to close as steps to draw, from the report to the longest time seen.

    Args:
        curve: of times in hours.

    Returns:
        ``days`` since the report; ``open``, ``low`` and ``high``, the share still open and its 95 % interval in
        percent. Where the interval is not known it stays as it was.
    """
    low, high = curve.interval()
    shares = {"open": curve.survival, "low": low, "high": high}
    table = pd.DataFrame(
        {
            "days": np.concatenate([[0.0], curve.times, [curve.last]]) / _DAY_H,
            **{name: 100 * np.concatenate([[1.0], values, values[-1:]]) for name, values in shares.items()},
        }
    )
    return table.ffill()


def solved_table(levels: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Give the levels at which things were solved as bars to draw.

    Args:
        levels: as ``solved_levels`` gives them.
        lang: of the names.

    Returns:
        ``number``, ``percent``, ``label`` (the name of the level) and ``said`` (number and share) by level; what was
        not recorded is left out if there is none of it.
    """
    rows = levels[(levels["number"] > 0) | (levels.index != "")]
    return rows.assign(
        label=[LEVEL_WORDS[one].in_(lang) for one in rows.index],
        said=[f"{n:,} · {p:.2f}%" for n, p in zip(rows["number"], rows["percent"], strict=True)],
    )


def axis_end(number: pd.Series) -> float:
    """Give how far the axis of bars reaches, in their unit and at least 1, so that words fit behind the longest."""
    return max(1.0, float(number.max()) * _BESIDE)


def risk_split(table: pd.DataFrame, least: float) -> dict[str, pd.DataFrame]:
    """Part the open cases with a deadline.

    Args:
        table: as ``breach_list`` gives it.
        least: chance, 0 to 1, from which on a case counts as likely to be late.

    Returns:
        ``probable`` (likely, not overdue yet), ``overdue`` and ``all``, each in the order of the table.
    """
    late = table["is_overdue"].to_numpy(dtype=bool)
    probable = (table["chance_to_miss"] >= least).to_numpy(dtype=bool) & ~late
    return {"probable": table[probable], "overdue": table[late], "all": table}


def risk_table(rows: pd.DataFrame, names: Mapping[str, str], types: Mapping[str, str], lang: Lang) -> pd.DataFrame:
    """Give cases that may be late as people read them.

    Args:
        rows: as ``breach_list`` gives them.
        names: of people by id; who has none is called by the id.
        types: words of issue types by code.
        lang: of the words.

    Returns:
        By ``issue_id``: ``chance_to_miss`` in whole percent (NaN where nothing is known), ``issue_type``, ``person``
        (None for nobody), ``due_at`` (naive local time), ``left`` (what is left of the time, in words) and ``reason``.
    """
    people = rows["person"].astype("object").where(rows["person"].notna(), None)
    return pd.DataFrame(
        {
            "chance_to_miss": (100 * rows["chance_to_miss"]).round(0),
            "issue_type": [types.get(one, one) for one in rows["issue_type"]],
            "person": [names.get(one, one) for one in people],
            "due_at": rows["due_at"],
            "left": [left_words(one, lang) for one in rows["hours_left"]],
            "reason": rows[f"reason_{lang}"],
        }
    )


def left_words(hours: float, lang: Lang) -> str:
    """Say the hours that are left, with a minus sign those by which a deadline has passed."""
    said = hours_words(abs(hours)).in_(lang)
    return said if hours >= 0 else f"−{said}"


def percent(share: float) -> float:
    """Give a share of 1 in percent."""
    return 100 * share
