"""Issues counted by grid, and what they are counted over."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.measure import totals
from geo.text import Text
from layers import ISSUES, Workspace
from layers.places import PLACE_WORDS
from layers.schema import Grids, Issues
from layers.standards import policy
from reports.denominators import households, residents
from reports.measures import Ground, Measured
from reports.patterns.asked import Asked, Per, chosen

FACTOR = {"households": 100.0, "residents": 1000.0, "area": 1.0, "none": 1.0}
"""Units of the denominator that a printed rate is for; area is in km²."""
M2_PER_KM2 = 1e6
AREA = Text("网格面积", "area of the grid")
NOTHING = Text("无分母", "no denominator")


@dataclass(frozen=True)
class Counted:
    """Issues by grid of a level, sorted by id.

    ``events`` is NaN where the issues do not cover a grid; ``base`` is the denominator (households, residents, km²;
    1 without one), NaN where unknown or too few live for a rate; ``people`` tells how good it is; ``left_out`` counts the
    issues that lie in no grid by reason; ``few`` marks grids with too few households or residents.
    """

    ws: Workspace
    asked: Asked
    level: int
    events: np.ndarray
    base: np.ndarray
    people: Measured
    few: np.ndarray
    left_out: dict[str, int]

    @property
    def grids(self) -> pd.DataFrame:
        """The grids of the level."""
        found: pd.DataFrame = self.ws.grids(self.level)
        return found

    @property
    def known(self) -> np.ndarray:
        """Mark the grids that have a rate (without a denominator: a count)."""
        found: np.ndarray = np.isfinite(self.events) & np.isfinite(self.base) & (self.base > 0)
        return found


def counted(ws: Workspace, asked: Asked) -> Counted:
    """Count the issues that are asked for.

    Raises:
        DataError: no issues, no grids, no such level or no such type.
    """
    level = ws.finest if asked.level is None else asked.level
    mask = chosen(ws, asked)
    size = len(ws.grids(level))
    events = totals(ws.codes(ISSUES, level)[mask], size).per_group
    people, least = base_of(ws, level, asked.per)
    base = people.by_grid.to_numpy(dtype=float)
    few = np.isfinite(base) & (base < least)
    covered = _ground(ws, level).known(ISSUES)
    places = ws.place(ISSUES, level)[mask].value_counts()
    left_out = {str(place): int(n) for place, n in places.items() if place != "grid" and n}
    return Counted(
        ws, asked, level, np.where(covered, events, np.nan), np.where(few, np.nan, base), people, few, left_out
    )


def base_of(ws: Workspace, level: int, per: Per) -> tuple[Measured, float]:
    """Give the denominator by grid, and the least of it that makes a rate mean something."""
    grids, rules = ws.grids(level), policy(ws.folder)
    if per == "households":
        return households(ws, level), rules["rate_min_households"]
    if per == "residents":
        return residents(ws, level), rules["rate_min_residents"]
    if per == "area":
        return Measured(grids.geometry.area / M2_PER_KM2, "ready", AREA), 0.0
    return Measured(pd.Series(np.ones(len(grids)), index=grids.index), "ready", NOTHING), 0.0


def _ground(ws: Workspace, level: int) -> Ground:
    return Ground(ws, level, policy(ws.folder), households(ws, level), residents(ws, level))


@dataclass(frozen=True)
class Spots:
    """Placed issues that are asked for: metres, days since the first, grid, row in the table of issues."""

    x: np.ndarray
    y: np.ndarray
    day: np.ndarray
    row: np.ndarray


def spots(ws: Workspace, asked: Asked) -> Spots:
    """Give the issues that have a real place, those on default points left out; also outside of the grids."""
    real = ws.place(ISSUES).isin(["grid", "outside"]).to_numpy()
    rows = np.flatnonzero(chosen(ws, asked) & real)
    x, y = ws.xy(ISSUES)
    when = ws[ISSUES][Issues.reported_at].to_numpy()[rows].astype("datetime64[s]").astype(np.int64) / 86_400
    return Spots(x[rows], y[rows], when - (when.min() if len(when) else 0.0), rows)


def left_out_words(left_out: dict[str, int]) -> Text | None:
    """Say how many issues take no part because they have no real place or lie in no grid; None if none."""
    if not left_out:
        return None
    order = [place for place in PLACE_WORDS if place in left_out]
    zh = "、".join(f"{PLACE_WORDS[one].zh} {left_out[one]:,} 件" for one in order)
    en = ", ".join(f"{left_out[one]:,} {PLACE_WORDS[one].en}" for one in order)
    return Text(f"未参加分析：{zh}。", f"Left out: {en}.")


def names_of(counts: Counted) -> pd.Series:
    """Names of the grids by id."""
    names: pd.Series = counts.grids[Grids.name]
    return names
