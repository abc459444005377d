"""Claims of what is missing: shortfalls of indicators by grid, things that fail a check, and sites without a use."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from layers import BUILDINGS, HOUSING_ESTATES, LIGHTS, SITES, STREETS
from layers.schema import Buildings, Sites
from layers.standards import indicators
from reports.criteria import MEASURES
from reports.denominators import households, residents
from reports.health.examination import health_check
from reports.health.finding import WHOLE
from reports.health.thresholds import profile_of
from reports.measures import Ground
from reports.service.supply import supply
from reports.works.claims import Claim, Place, street_place, thing_place
from reports.works.derived import DONE
from reports.works.ground import Floats, WorkGround
from reports.works.rules import Rules, fitting, rules_of

NO_SEVERITY = float("nan")
SHOWN_BY_HEALTH = {"K-EB": HOUSING_ESTATES}
"""Indicators whose failing things each become an item, with the layer of the things."""
SHORTFALLS = {"bays_missing": "bays", "toilets_missing": "toilets", "park_missing": "park_m2"}
"""Rules of quantity that a shortfall by grid answers, with the shortfall."""
IDLE = "idle"
"""Origin of the rules for sites of which no use has been decided."""


@dataclass(frozen=True)
class Gaps:
    """Shortfalls of a workspace by finest grid, each computed when it is first asked for; NaN where unknown."""

    ground: WorkGround

    @cached_property
    def measures(self) -> Ground:
        """What the measures of the ranking share."""
        ws = self.ground.ws
        return Ground(ws, ws.finest, self.ground.rules, households(ws, ws.finest), residents(ws, ws.finest))

    @cached_property
    def bays(self) -> Floats:
        """Bays missing in each grid for the target per household."""
        gap = MEASURES["parking_gap_per_100_households"].on(self.measures).by_grid.to_numpy()
        return np.asarray(np.ceil(np.round(gap * self.measures.enough_households() / 100, 6)))

    @cached_property
    def toilets(self) -> Floats:
        """Toilets missing: circles of the service radius for the unserved part, or cubicles by those of one toilet."""
        ws, rules = self.ground.ws, self.ground.rules
        area = ws.grids().geometry.area.to_numpy()
        share = MEASURES["toilet_unserved_share_pct"].on(self.measures).by_grid.to_numpy() / 100
        by_reach = np.ceil(np.round(share * area / (np.pi * rules["toilet_radius_m"] ** 2), 6))
        missing = supply(ws, "toilets", on_foot=False).by_grid["missing"].to_numpy(dtype=float)
        by_room = np.floor(missing / rules["toilet_cubicles_if_unknown"] + 0.5)
        return np.asarray(np.fmax(by_reach, by_room))

    @cached_property
    def park_m2(self) -> Floats:
        """Square metres of park missing: for the people who share what they reach, or for those who reach none.

        Less than the smallest area that counts as a park is no park, so it claims none.
        """
        ws, rules = self.ground.ws, self.ground.rules
        least, area = rules["park_min_m2"], ws.grids().geometry.area.to_numpy()
        missing = supply(ws, "parks", on_foot=False).by_grid["missing"].to_numpy(dtype=float)
        share = MEASURES["park_unserved_share_pct"].on(self.measures).by_grid.to_numpy() / 100
        by_reach = least * np.ceil(np.round(share * area / (np.pi * rules["park_radius_small_m"] ** 2), 6))
        return np.asarray(np.round(np.fmax(by_reach, np.where(missing >= least, missing, 0.0)), 1))

    def by_rule(self, quantity: str) -> Floats:
        """Give the shortfall that a rule of quantity names, a key of ``SHORTFALLS``."""
        found: Floats = getattr(self, SHORTFALLS[quantity])
        return found


def gap_claims(ground: WorkGround, gaps: Gaps) -> list[Claim]:
    """Give a claim for each place that an indicator finds short of something."""
    rules = rules_of(ground.ws, "indicator")
    return [
        *_by_grid(ground, gaps, rules),
        *_dark(ground, gaps, rules),
        *_hazards(ground, rules),
        *_failing(ground, rules),
    ]


def _by_grid(ground: WorkGround, gaps: Gaps, rules: Rules) -> list[Claim]:
    found = []
    for key, options in rules.items():
        for rule in options:
            if rule.quantity in SHORTFALLS:
                amount = gaps.by_rule(rule.quantity)
                found += [
                    Claim(rule, key, Place("", "", -1, str(ground.grids[row])), NO_SEVERITY)
                    for row in np.flatnonzero(amount > 0)
                ]
    return found


def _dark(ground: WorkGround, gaps: Gaps, rules: Rules) -> list[Claim]:
    """Claim lamps for the parts of streets that are unlit over at least half of what a lamp lights."""
    if LIGHTS not in ground.ws or STREETS not in ground.ws:
        return []
    known = gaps.measures.known(LIGHTS, STREETS, reach_m=ground.rules["light_radius_m"])
    least = ground.rules["light_radius_m"]
    return [
        Claim(rule, rule.origin, street_place(ground, part), NO_SEVERITY)
        for rule in rules.get("L-SP", ())
        for part, metres in ground.dark_m.items()
        if metres >= least and known[part % len(ground.grids)]
    ]


def _hazards(ground: WorkGround, rules: Rules) -> list[Claim]:
    if BUILDINGS not in ground.ws:
        return []
    rows = np.flatnonzero(ground.ws[BUILDINGS][Buildings.hazard_grade].isin(["C", "D"]).to_numpy())
    grave = ground.rules["immediate_severity"]
    return [
        Claim(rule, rule.origin, thing_place(ground, BUILDINGS, int(row)), grave)
        for rule in rules.get("B-HAZ", ())
        for row in rows
    ]


def _failing(ground: WorkGround, rules: Rules) -> list[Claim]:
    """Claim what the health check finds failing: in large grids as a whole, or thing by thing."""
    ws = ground.ws
    asked = {key for key, options in rules.items() if options[0].quantity == "unknown"}
    profile = profile_of(ws.manifest.profile, ws.folder)
    wanted = asked & set(indicators(profile, ws.folder).index)
    if not wanted:
        return []
    health = health_check(ws, level=ws.levels[0], only=wanted)
    found = []
    for key in sorted(wanted):
        for rule in rules[key]:
            if key in SHOWN_BY_HEALTH:
                spec = SHOWN_BY_HEALTH[key]
                ids = health.at(key, WHOLE).failing.get(spec.key, np.array([], dtype=object))
                rows = ws[spec].index.get_indexer(list(ids)) if spec in ws else []
                found += [Claim(rule, key, thing_place(ground, spec, int(row)), NO_SEVERITY) for row in rows]
            else:
                found += [
                    Claim(rule, key, Place("", "", -1, one.place, is_large=True), NO_SEVERITY)
                    for one in health.findings[key]
                    if one.verdict == "fails" and one.place != WHOLE
                ]
    return found


def site_claims(ground: WorkGround) -> list[Claim]:
    """Give a claim for each site whose use is planned but not built, and rival ones where no use is decided yet."""
    ws = ground.ws
    if SITES not in ws:
        return []
    sites, rules = ws[SITES], rules_of(ws, "site")
    planned = tuple(one for key, options in rules.items() if key != IDLE for one in options)
    found = []
    for row, (use, status) in enumerate(zip(sites[Sites.use_after], sites[Sites.status], strict=True)):
        if not pd.isna(status) and str(status) in DONE:
            continue
        fits = rules.get(IDLE, ()) if pd.isna(use) else fitting(planned, str(use))
        place = thing_place(ground, SITES, row)
        found += [Claim(rule, place.thing, place, NO_SEVERITY) for rule in fits]
    return found
