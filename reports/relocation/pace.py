"""How it goes on: households by week, the curve that fits them, and what it tells for the deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from geo.growth import PACE, HeldBack, chosen_growth
from geo.text import Text
from layers.standards import policy
from reports.relocation.funnel import WHOLE, Relocation
from reports.relocation.register import DAYS, MOVED

WEEK = pd.Timedelta(days=7)
TOO_FEW = Text("不足 {n} 周的记录，无法拟合进度曲线", "fewer than {n} weeks are on record, no curve can be fitted")
FEWEST_WEEKS = 6
NO_DAYS = Text("登记表没有这一步的日期", "the register has no days of this stage")
DEFAULT_WEEKS = 8
WAY_WORDS: Mapping[str, Text] = {
    "logistic": Text("逻辑斯蒂曲线", "logistic curve"),
    "gompertz": Text("龚珀兹曲线", "Gompertz curve"),
    "richards": Text("理查兹曲线", "Richards curve"),
    PACE: Text("按近四周速度外推", "the pace of the last four weeks"),
}


@dataclass(frozen=True)
class Pace:
    """Progress by week and its forecast.

    ``weeks`` has one row a week, seen or to come: ``ends`` (the last day), ``came`` (households in it), ``sum``,
    ``curve`` (fitted sum) where seen, ``expected``, ``low`` and ``high`` where to come. ``at_deadline`` is the row of
    the week in which the deadline lies. ``missing`` says why there is no forecast.
    """

    stage: str
    zone: str | None
    weeks: pd.DataFrame = field(repr=False)
    total: float
    way: str | None
    errors: tuple[HeldBack, ...]
    deadline: pd.Timestamp | None
    reached: tuple[pd.Timestamp | None, pd.Timestamp | None, pd.Timestamp | None]
    reached_share: float
    missing: Text | None
    meta: Mapping[str, Any]

    @property
    def at_deadline(self) -> "pd.Series[Any] | None":
        """The forecast for the week in which the deadline lies; None where there is none to come."""
        told = self.weeks[self.weeks["expected"].notna()]
        if self.deadline is None or told.empty or self.deadline > told["ends"].iloc[-1]:
            return None
        return told[told["ends"] >= self.deadline].iloc[0]

    @property
    def error(self) -> HeldBack | None:
        """How far off the way that is used was on the weeks held back."""
        return next((one for one in self.errors if one.way == self.way), None)


def pace(found: Relocation, stage: str = MOVED, *, zone: str | None = None, seed: int = 0) -> Pace:
    """Give the households of a stage by week and how they go on.

    Weeks are seven days each, counted back from the date of the data, so that the last one is whole. The target is
    every household on the register of the zone.

    Args:
        found: of ``relocation``.
        stage: of ``STAGES``.
        zone: only this zone; None for all.
        seed: of the drawn futures.
    """
    table = found.households if zone is None else found.households[found.households["zone"] == zone]
    total, deadline = float(len(table)), _deadline(found, zone)
    nothing = Pace(stage, zone, _frame(found, np.zeros(0)), total, None, (), deadline, (None,) * 3, 0.0, NO_DAYS, {})
    if stage not in found.stages or not table[stage].any():
        return nothing
    counts = _by_week(found, table, stage)
    weeks = _frame(found, counts)
    if len(counts) < FEWEST_WEEKS:
        few = TOO_FEW.format(n=FEWEST_WEEKS)
        return Pace(stage, zone, weeks, total, None, (), deadline, (None,) * 3, 0.0, few, {})
    return _told(found, nothing, counts, weeks, seed)


def _told(found: Relocation, asked: Pace, counts: np.ndarray, weeks: pd.DataFrame, seed: int) -> Pace:  # noqa: PLR0917
    rules = policy(found.ws.folder)
    steps = _steps(found, asked.deadline, int(rules["growth_weeks_most"]))
    chosen = chosen_growth(
        counts,
        steps=steps,
        held=int(rules["growth_held_back_weeks"]),
        limit=asked.total,
        interval=rules["growth_interval"],
        draws=int(rules["growth_draws"]),
        seed=seed,
    )
    told = chosen.forecast
    ahead = pd.DataFrame({"expected": told.expected, "low": told.low, "high": told.high})
    ahead["ends"] = [weeks["ends"].iloc[-1] + WEEK * one for one in range(1, steps + 1)]
    joined = pd.concat([weeks.assign(curve=told.curve), ahead], ignore_index=True)
    when = tuple(None if np.isinf(one) else weeks["ends"].iloc[-1] + WEEK * one for one in told.reached)
    meta = {
        **told.meta,
        "held_back_weeks": min(int(rules["growth_held_back_weeks"]), len(counts) - FEWEST_WEEKS),
        "target": asked.total,
    }
    return Pace(
        asked.stage,
        asked.zone,
        joined,
        asked.total,
        chosen.way,
        chosen.errors,
        asked.deadline,
        (when[0], when[1], when[2]),
        told.reached_share,
        None,
        meta,
    )


def _deadline(found: Relocation, zone: str | None) -> pd.Timestamp | None:
    """Give the deadline of a zone, the last one of all."""
    if "deadline" not in found.zones:
        return None
    days = found.zones["deadline"] if zone is None else found.zones["deadline"].reindex([zone])
    last = days.max()
    return None if pd.isna(last) else pd.Timestamp(last)


def _steps(found: Relocation, deadline: pd.Timestamp | None, most: int) -> int:
    if deadline is None:
        return min(DEFAULT_WEEKS, most)
    days = (deadline.normalize() - pd.Timestamp(found.as_of).normalize()).days
    return max(1, min(ceil(days / 7), most))


def _by_week(found: Relocation, table: pd.DataFrame, stage: str) -> np.ndarray:
    """Count by week from the first household on, the last week ending on the date of the data."""
    days = table.loc[table[stage], DAYS[stage]].dt.normalize()
    back = (pd.Timestamp(found.as_of).normalize() - days).dt.days.to_numpy() // 7
    return np.bincount(back)[::-1].astype(float)


def _frame(found: Relocation, counts: np.ndarray) -> pd.DataFrame:
    last = pd.Timestamp(found.as_of).normalize()
    ends = [last - WEEK * (len(counts) - 1 - at) for at in range(len(counts))]
    nothing = np.full(len(counts), np.nan)
    return pd.DataFrame(
        {
            "ends": pd.Series(ends, dtype="datetime64[us]"),
            "came": counts,
            "sum": np.cumsum(counts),
            **dict.fromkeys(("curve", "expected", "low", "high"), nothing),
        }
    )


__all__ = ["WAY_WORDS", "WHOLE", "Pace", "pace"]
