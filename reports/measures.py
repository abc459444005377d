"""Measures: one number per grid, with its status, its denominator and what is missing for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from geo.ownership import locate
from geo.text import Text, listed
from layers import ISSUES, LayerSpec, Workspace
from layers.schema import Issues
from reports.demand import Demand, demand_of

KNOWN_SHARE = 0.95
"""Least share of a grid inside the extent of a layer for the grid to be measured with it."""
GRID = Text("网格", "grid")
STATUS_WORDS = {
    "ready": Text("可用", "ready"),
    "partial": Text("部分可用", "partial"),
    "proxy": Text("替代指标", "proxy"),
    "unavailable": Text("不可用", "unavailable"),
}


@dataclass(frozen=True)
class Measured:
    """Values of one measure.

    ``by_grid`` is float by grid id, NaN where unknown; ``status`` is "ready", "partial" (some of the
    input is unknown), "proxy" (something else was measured, ``note`` says what) or "unavailable".
    """

    by_grid: pd.Series
    status: str
    denominator: Text
    missing: Text | None = None
    note: Text | None = None


@dataclass(frozen=True)
class Measure:
    """A measure: key with its unit, title, which end is worse, fixed goalposts, and how to compute it.

    ``compute`` is asked only where all ``layers`` exist. ``per`` is its usual denominator, ``reach`` the entry
    of the policy table that says how far outside a grid a thing still counts for it.
    """

    key: str
    title: Text
    unit: Text
    worse: str
    best: float
    worst: float
    source: str
    compute: Callable[["Ground"], Measured]
    per: Text
    layers: tuple[LayerSpec, ...] = ()
    reach: str | None = None

    def on(self, ground: "Ground") -> Measured:
        """Measure the grids; without a layer unavailable, unknown where a layer covers too little of a grid."""
        absent = [spec.title for spec in self.layers if spec not in ground.ws]
        if absent:
            return ground.unavailable(self.per, absent[0])
        found = self.compute(ground)
        reach_m = ground.policy[self.reach] if self.reach else 0.0
        return found if found.status == "unavailable" else ground.where_known(found, *self.layers, reach_m=reach_m)


@dataclass(frozen=True)
class Ground:
    """What all measures of one level share: the workspace, the grids and the denominators."""

    ws: Workspace
    level: int
    policy: Mapping[str, float]
    households: Measured
    residents: Measured

    @property
    def index(self) -> pd.Index:
        """Ids of the grids of this level, sorted."""
        index: pd.Index = self.ws.grids(self.level).index
        return index

    def series(self, values: np.ndarray) -> pd.Series:
        """Give an array as values by grid id."""
        return pd.Series(np.asarray(values, dtype=float), index=self.index)

    @property
    def one(self) -> Text:
        """What one of the ranked places is called."""
        return GRID

    def located(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Give the row of the grid that each point lies in, -1 for none."""
        return locate(x, y, self.ws.grids(self.level).geometry.to_numpy())

    @cached_property
    def demand(self) -> Demand:
        """Points that want service."""
        return demand_of(self.ws, self.level)

    def enough_households(self) -> np.ndarray:
        """Households by grid, NaN where too few live for a rate that means anything."""
        homes = self.households.by_grid.to_numpy()
        return np.where(homes >= self.policy["rate_min_households"], homes, np.nan)

    @cached_property
    def matters(self) -> np.ndarray:
        """Mark the issues that are a matter of grounds and buildings: those with a type, where any has one."""
        typed: np.ndarray = self.ws[ISSUES][Issues.issue_type].notna().to_numpy()
        return typed if typed.any() else ~typed

    def known(self, *layers: LayerSpec, reach_m: float = 0.0) -> np.ndarray:
        """Mark the grids of which all layers cover enough, in a frame that is narrower by ``reach_m`` metres."""
        boxes = {e.layer: (e.west, e.south, e.east, e.north) for e in self.ws.manifest.extents}
        shapes = self.ws.grids(self.level).geometry.to_numpy()
        known = np.ones(len(shapes), dtype=bool)
        for spec in layers:
            if spec.key in boxes:
                west, south, east, north = boxes[spec.key]
                inner = (west + reach_m, south + reach_m, east - reach_m, north - reach_m)
                covered = shapely.clip_by_rect(shapes, *inner) if inner[0] < inner[2] and inner[1] < inner[3] else None
                known &= shapely.area(covered) >= KNOWN_SHARE * shapely.area(shapes)
        return known

    def demand_where_known(self, layer: LayerSpec, reach_m: float) -> Demand:
        """Give the points that want service in the grids of which a layer covers enough."""
        demand, known = self.demand, self.known(layer, reach_m=reach_m)
        return demand if known.all() else demand.of((demand.codes >= 0) & known[demand.codes])

    def where_known(self, found: Measured, *layers: LayerSpec, reach_m: float = 0.0) -> Measured:
        """Leave out the grids of which a layer covers too little; where nothing was recorded is not empty.

        Args:
            found: the measure as if all layers were complete.
            layers: layers that it was measured from.
            reach_m: how far outside a grid a thing of the layer still counts, metres.
        """
        known = self.known(*layers, reach_m=reach_m)
        if known.all():
            return found
        words = listed([spec.title for spec in layers])
        missing = Text(
            f"{words.zh}只覆盖 {known.sum():,}/{known.size:,} 个{self.one.zh}",
            f"{words.en} cover {known.sum():,} of {known.size:,} {self.one.en}s",
        )
        if found.missing:
            missing = Text(f"{missing.zh}；{found.missing.zh}", f"{missing.en}; {found.missing.en}")
        status = "unavailable" if not known.any() else found.status if found.status == "proxy" else "partial"
        return replace(found, by_grid=found.by_grid.where(known), status=status, missing=missing)

    def unavailable(self, denominator: Text, missing: Text) -> Measured:
        """Give a measure that cannot be computed at all."""
        return Measured(self.series(np.full(len(self.index), np.nan)), "unavailable", denominator, missing)
