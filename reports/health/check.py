"""What all indicators of one health check share: workspace, level, thresholds, and parts that are computed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.text import Text, listed
from layers import BUILDINGS, LayerSpec, Workspace
from layers.catalog import CATALOG
from reports.demand import Demand, homes_in_buildings, samples_of_ground
from reports.denominators import households, residents
from reports.health.finding import Marks, Outcome, Threshold, Values, both, some_words
from reports.measures import Ground, Measured
from reports.service.streets import Streets, placed, streets_of

if TYPE_CHECKING:
    from geo.walk.snapping import Snapped

PERCENT = Text("%", "%")
METRES = Text("m", "m")


class Amount(NamedTuple):
    """Households or residents of each place, with what they are called and how good they are."""

    by_place: Values
    status: str
    words: Text
    missing: Text | None
    note: Text | None


@dataclass(frozen=True)
class Check:
    """One health check of one level: ``places`` are the grids in order, then the whole.

    ``thresholds`` by indicator id, ``policy`` by key (both with the caller's own), ``whose`` tells for each key of
    the policy table who set it; ``rows`` is the table of indicators of the profile, by id.
    """

    ws: Workspace
    level: int
    profile: str
    thresholds: Mapping[str, Threshold] = field(repr=False)
    policy: Mapping[str, float] = field(repr=False)
    whose: Mapping[str, str] = field(repr=False)
    rows: pd.DataFrame = field(repr=False)

    @cached_property
    def grid_ids(self) -> pd.Index:
        """Ids of the grids of the level."""
        index: pd.Index = self.ws.grids(self.level).index
        return index

    @property
    def size(self) -> int:
        """Number of places: the grids and the whole."""
        return len(self.grid_ids) + 1

    @cached_property
    def ground(self) -> Ground:
        """What measures share: denominators by grid, and how far each layer reaches."""
        ws, level = self.ws, self.level
        return Ground(ws, level, self.policy, households(ws, level), residents(ws, level))

    @cached_property
    def area_m2(self) -> Values:
        """Area of each place, m²."""
        area = self.ws.grids(self.level).geometry.area.to_numpy()
        return np.append(area, area.sum())

    @cached_property
    def households(self) -> Amount:
        """Households of each place."""
        return self._amount(self.ground.households, Text("户数", "households"))

    @cached_property
    def residents(self) -> Amount:
        """Residents of each place."""
        return self._amount(self.ground.residents, Text("居民人数", "residents"))

    def _amount(self, found: Measured, words: Text) -> Amount:
        each = found.by_grid.to_numpy(dtype=float)
        return Amount(np.append(each, each.sum()), found.status, words, found.missing, found.note)

    @cached_property
    def _homes(self) -> Mapping[str, Demand | None]:
        return {people: homes_in_buildings(self.ws, self.level, people) for people in ("households", "residents")}

    def homes(self, people: str = "households") -> Demand | None:
        """Residential buildings weighed by "households" or "residents", None without buildings."""
        return self._homes[people]

    @cached_property
    def samples(self) -> Demand:
        """Sample points of the ground, for places without known buildings."""
        return samples_of_ground(self.ws, self.level)

    @cached_property
    def built(self) -> Marks:
        """Mark the places whose buildings are known (the whole: all its grids)."""
        return self.known(BUILDINGS) if BUILDINGS in self.ws else np.zeros(self.size, dtype=bool)

    @cached_property
    def streets(self) -> Streets:
        """The streets to walk on, the same as for coverage."""
        return streets_of(self.ws)

    def on_streets(self, homes: Demand) -> "Snapped":
        """Place homes on the network; buildings and sample points are placed once."""
        return self._buildings_on_streets if homes.ids is not None else self._samples_on_streets

    @cached_property
    def _buildings_on_streets(self) -> "Snapped":
        return self._placed(self.homes())

    @cached_property
    def _samples_on_streets(self) -> "Snapped":
        return self._placed(self.samples)

    def _placed(self, homes: Demand | None) -> "Snapped":
        assert homes is not None
        assert self.streets.network is not None
        return placed(self.streets.network, self.streets, homes.x, homes.y)

    @cached_property
    def community_sized(self) -> tuple[Marks, Marks]:
        """Mark the places large enough to be failed for what a community needs, and those small enough to meet "at least one".

        The whole workspace is large enough however few live there; where residents are unknown, grids are not.
        """
        people = self.residents.by_place
        large = people >= self.policy["community_residents_min"]
        large[-1] = True
        small = ~(people > self.policy["community_residents_max"])
        return large, small

    def smallest_m2(self, answer: str) -> float:
        """Least size of what answers an indicator, m², NaN if none is asked for."""
        return float(self.rows["size_low_m2"].astype(float).loc[answer])

    def codes(self, layer: LayerSpec | str) -> NDArray[np.intp]:
        """Row of the grid for each thing of a layer, -1 outside all."""
        return np.asarray(self.ws.codes(layer, self.level), dtype=np.intp)

    def totals(self, codes: ArrayLike, amounts: ArrayLike | None = None) -> Values:
        """Add up by place: counts, or amounts (NaN adds nothing); things in no grid count nowhere, so grids sum to the whole."""
        rows = np.asarray(codes, dtype=np.intp)
        weights = np.ones(len(rows)) if amounts is None else np.nan_to_num(np.asarray(amounts, dtype=float))
        inside = rows >= 0
        each = np.bincount(rows[inside], weights=weights[inside], minlength=len(self.grid_ids)).astype(float)
        return np.append(each, each.sum())

    def known(self, *layers: LayerSpec, reach_m: float = 0.0) -> Marks:
        """Mark the places of which all layers cover enough (the whole: all its grids)."""
        each = self.ground.known(*layers, reach_m=reach_m)
        return np.append(each, each.all())

    def lacking(self, *layers: LayerSpec | str) -> Text | None:
        """Name the layers that the workspace does not have, None if it has all."""
        keys = [one.key if isinstance(one, LayerSpec) else one for one in layers]
        absent = [CATALOG[key].title for key in keys if key not in self.ws]
        return Text("{what}图层", "layer {what}").format(what=listed(absent)) if absent else None

    def unavailable(self, missing: Text, *, unit: Text, denominator: Text) -> Outcome:
        """Give an outcome that cannot be computed at all."""
        return Outcome(np.full(self.size, np.nan), "unavailable", unit, denominator, missing=missing)

    def where_known(
        self, found: Outcome, *layers: LayerSpec, reach_m: float = 0.0, per: float | None = None, summed: bool = False
    ) -> Outcome:
        """Leave out the places of which a layer covers too little; where nothing was recorded is not empty.

        The whole becomes what is known of it, without a verdict, where it is a quotient; else it is unknown.

        Args:
            found: the outcome as if all layers were complete.
            layers: layers that it was computed from.
            reach_m: how far outside a grid a thing of the layer still counts, metres.
            per: factor of a quotient of sums (100 for percent); None if the value is no such quotient.
            summed: the whole holds the known places only already.
        """
        known = self.known(*layers, reach_m=reach_m)
        if known.all():
            return found
        value = np.where(known, found.value, np.nan)
        above, below = found.above, found.below
        if summed:
            value[-1] = found.value[-1]
        elif per is not None and above is not None and below is not None:
            above, below = _of_known(above, known), _of_known(below, known)
            value[-1] = quotient(above, below, per=per)[-1]
        words = listed([spec.title for spec in layers])
        extent = Text(f"{words.zh}没有覆盖这里", f"{words.en} do not cover this place")
        grids = Text(
            f"{words.zh}只覆盖 {known.sum():,}/{known.size - 1:,} 个网格",
            f"{words.en} cover {known.sum():,} of {known.size - 1:,} grids",
        )
        lacks = [None if ok else extent for ok in known[:-1]] + [grids]
        return replace(
            found.but("partial", np.arange(self.size) == self.size - 1),
            value=value,
            above=above,
            below=below,
            judged=known & found.judged,
            missing=[both(lack, some_words(found.missing, place)) for place, lack in enumerate(lacks)],
            failing=tuple(one._replace(codes=np.where(known[one.codes], one.codes, -1)) for one in found.failing),
            beside={key: (say, np.where(known, values, np.nan)) for key, (say, values) in found.beside.items()},
        )

    def number(self, values: float | ArrayLike) -> Values:
        """Give one number, or one per place, as values by place."""
        return np.broadcast_to(np.asarray(values, dtype=float), (self.size,)).astype(float)


def _of_known(amounts: Values, known: Marks) -> Values:
    """Sum the known grids for the whole; the others have nothing."""
    each = np.where(known, amounts, 0.0)[:-1]
    return np.append(each, each.sum())


def quotient(above: Values, below: Values, *, per: float = 1.0) -> Values:
    """Divide by place, times ``per``; NaN where there is nothing to divide by."""
    share: Values = np.divide(per * above, below, out=np.full(len(above), np.nan), where=below > 0)
    return share
