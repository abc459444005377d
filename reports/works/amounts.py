"""How much of a work an item is: from the geometry of its place or from counts, unknown where neither tells."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from layers import BUILDINGS, SITES
from reports.works.claims import Place
from reports.works.derived import site_areas
from reports.works.gaps import SHORTFALLS, Gaps
from reports.works.ground import Floats, WorkGround
from reports.works.rules import Rule

UNKNOWN = float("nan")


class _Given(NamedTuple):
    ground: WorkGround
    gaps: Gaps


class Amounts(_Given):
    """Amounts of items by rule of quantity and place."""

    def of(self, rule: Rule, place: Place, issues: int) -> float:
        """Give the quantity of an item, NaN where it cannot be told.

        Args:
            rule: the rule with its way to find a quantity.
            place: where the item lies.
            issues: how many issues ask for it.
        """
        kind = rule.quantity
        if kind in {"each", "unlit_lamps"}:
            return float(max(issues, 1)) if kind == "each" else self._lamps(place, issues)
        if kind in SHORTFALLS:
            return self._missing(kind, place)
        if kind in {"street_length", "street_area"}:
            return self._street(kind, place)
        if kind == "site_area" and place.layer == SITES.key:
            return self._of_site[place.thing]
        if place.layer == BUILDINGS.key and kind in self.ground.of_buildings:
            row = int(self.ground.ws[BUILDINGS].index.get_loc(place.thing))
            return round(float(self.ground.of_buildings[kind][row]), 1)
        return UNKNOWN

    @cached_property
    def _of_site(self) -> dict[str, float]:
        table = self.ground.ws[SITES]
        return dict(zip(map(str, table.index), map(float, site_areas(table)), strict=True))

    def _street(self, kind: str, place: Place) -> float:
        """Length of the part of a street, by its width for the area."""
        if place.part < 0:
            return UNKNOWN
        length = self.ground.lengths_m[place.part]
        width = float(self.ground.widths_m[place.part // len(self.ground.grids)])
        return round(length if kind == "street_length" else length * width, 1)

    def _lamps(self, place: Place, issues: int) -> float:
        """Lamps for the unlit part of a street, twice the reach of a lamp apart; at least one for each report."""
        dark = self.ground.dark_m.get(place.part, UNKNOWN) if place.part >= 0 else UNKNOWN
        by_length = 0.0 if np.isnan(dark) else np.floor(dark / (2 * self.ground.rules["light_radius_m"]) + 0.5)
        return float(max(by_length, issues)) or UNKNOWN

    def _missing(self, kind: str, place: Place) -> float:
        found: Floats = self.gaps.by_rule(kind)
        row = np.flatnonzero(self.ground.grids == place.grid)
        amount = float(found[row[0]]) if len(row) and not place.layer else UNKNOWN
        return amount if amount > 0 else UNKNOWN
