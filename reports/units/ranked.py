"""Measures and ranking of units, with what makes no sense for them left out and told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from geo.areal import points_inside, spread
from geo.measure import totals
from geo.memory import collection_put_off
from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Buildings
from layers.standards import policy, standard
from reports.criteria import MEASURES, Criteria, read_criteria
from reports.demand import LATTICE_M, Demand
from reports.denominators import HOUSEHOLDS, RESIDENTS
from reports.denominators import residents as residents_of
from reports.measures import Ground, Measured
from reports.priority import SEED, Measures, Ranking, weighed
from reports.units.kinds import Units, units_of
from reports.units.located import owners, seen_by

OWN = Text("取自各单元自己的登记", "as each unit has it on record")
FROM_BUILDINGS = Text("由归属的建筑汇总", "summed from the buildings that belong to it")
CARRIED = Text("由{level}按面积分摊", "carried over from each {level} by area")
LEFT_OUT = Text("对{unit}没有意义：{why}", "makes no sense for a {unit}: {why}")
GRID_AREA = Text("网格面积", "grid area")
UNIT_AREA = Text("单元面积", "area of the unit")
STRIP = Text("街巷两侧 {m:g} m 内的面积", "ground within {m:g} m of the street")


@dataclass(frozen=True)
class UnitGround(Ground):
    """What the measures of units share; a point belongs to the unit that holds it or is nearest within reach."""

    units: Units

    def located(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Give the row of the unit that each point belongs to."""
        return owners(x, y, self.units)

    @property
    def one(self) -> Text:
        """What a unit is called."""
        return self.units.words

    @cached_property
    def demand(self) -> Demand:
        """Buildings by the unit that they belong to; without buildings, points of the ground of areas."""
        if BUILDINGS in self.ws:
            codes = self.ws.codes(BUILDINGS, self.level)
            x, y = self.ws.xy(BUILDINGS)
            homes = self.ws[BUILDINGS][Buildings.households].to_numpy(dtype=float, na_value=np.nan)
            known = not np.isnan(homes).any()
            words = Text("户数（按建筑）", "households by building") if known else Text("建筑数", "buildings")
            weight = homes if known else np.ones(len(x))
            return Demand(x, y, codes, weight, "ready" if known else "partial", words)
        points = [points_inside(shape, LATTICE_M) for shape in self.ws.grids(self.level).geometry]
        codes = np.repeat(np.arange(len(points)), [len(px) for px, _ in points])
        x, y = (np.concatenate([p[axis] for p in points]) for axis in (0, 1))
        return Demand(x, y, codes, np.ones(len(x)), "proxy", UNIT_AREA)


@dataclass(frozen=True)
class UnitRanking:
    """A ranking of units: ``ranking`` is like one of grids; ``left_out`` says which measures make no sense and why.

    ``outside`` counts the known issues that belong to no unit; ``notices`` tell of things that are not ranked.
    """

    units: Units
    ranking: Ranking
    left_out: Mapping[str, Text]
    notices: tuple[Text, ...]

    @property
    def outside(self) -> int:
        """Known issues that belong to no unit."""
        return self.ranking.unlocated


def rank_units(
    ws: Workspace, of: str | Path, *, criteria: Criteria | None = None, draws: int | None = None, seed: int = SEED
) -> UnitRanking:
    """Rank estates, buildings, streets, the things of a layer, or the polygons or lines of a file by need.

    Args:
        ws: an opened workspace.
        of: "estates", "buildings", "streets", the key of a layer, or a file.
        criteria: None takes those of the workspace or the bundled default.
        draws: random weightings for the rank intervals; None takes the policy table's for units.
        seed: seed of the draws.

    Raises:
        DataError: no such layer or file, or nothing in it has an area or a line.
        CriteriaError: criteria that cannot be used.
    """
    units = units_of(ws, of)
    measures = measured_units(ws, units)
    wanted = criteria or read_criteria(folder=ws.folder)
    count = int(measures.policy["unit_draws"]) if draws is None else draws
    return UnitRanking(units, weighed(measures, wanted, count, seed), senseless(units, ws.folder), units.notices)


@collection_put_off()
def measured_units(ws: Workspace, units: Units) -> Measures:
    """Compute every measure that makes sense for the units; the others are unavailable and say why."""
    seen, level = seen_by(ws, units)
    rules = dict(policy(ws.folder))
    rules["rate_min_households"] = rules[f"unit_min_households_{units.kind}"]
    if units.kind == "streets":
        rules["rate_min_street_m"] = rules["unit_min_street_m"]
    homes = _people(seen, units, level, "households")
    people = _people(seen, units, level, "residents")
    ground = UnitGround(seen, level, rules, homes, people, units)
    without = senseless(units, ws.folder)
    by_key = {
        key: ground.unavailable(one.per, without[key]) if key in without else _worded(one.on(ground), units)
        for key, one in MEASURES.items()
    }
    return Measures(seen, level, by_key, rules, homes.by_grid)


def senseless(units: Units, folder: Path | None = None) -> dict[str, Text]:
    """Give the measures that make no sense for such units, with the reason; any area has all measures."""
    table = standard("unit_measures", folder)
    rows = table[(table["unit"] == units.kind) & ~table["counts"].astype(bool)]
    return {
        str(row.measure): LEFT_OUT.format(unit=units.words, why=Text(str(row.zh), str(row.en)))
        for row in rows.itertuples()
    }


def _worded(found: Measured, units: Units) -> Measured:
    """Name the denominator of a measure by area as what it is for the units."""
    if found.denominator != GRID_AREA:
        return found
    words = STRIP.format(m=units.reach_m) if units.kind == "streets" else UNIT_AREA
    return replace(found, denominator=words)


def _people(ws: Workspace, units: Units, level: int, column: str) -> Measured:
    """Give households or residents of units: on record, summed from buildings, or for areas carried over from grids."""
    index, words = ws.grids(level).index, HOUSEHOLDS if column == "households" else RESIDENTS
    own = units.table[column].reindex(index)
    if own.notna().any():
        return Measured(own, "ready" if own.notna().all() else "partial", words, note=OWN)
    if BUILDINGS in ws and ws[BUILDINGS][column].notna().any():
        known = ws[BUILDINGS][column].to_numpy(dtype=float, na_value=np.nan)
        codes = np.where(np.isnan(known), -1, ws.codes(BUILDINGS, level))
        counted = totals(codes, len(index)).per_group
        values = pd.Series(np.where(counted > 0, totals(codes, len(index), known).per_group, np.nan), index=index)
        status = "partial" if np.isnan(known).any() or values.isna().any() else "ready"
        return Measured(values, status, words, note=FROM_BUILDINGS)
    if units.kind == "areas":
        return _carried(ws, level, column, words)
    missing = Text("建筑的{what}", "{what} of buildings").format(what=words)
    return Measured(own, "unavailable", words, missing=missing)


def _carried(ws: Workspace, level: int, column: str, words: Text) -> Measured:
    """Carry people over from the finest grids that have them; residents from the raster where no grid has any."""
    grids = ws.grids(level)
    for other in reversed([one for one in ws.levels if one != level]):
        source = ws.grids(other)
        if source[column].notna().any():
            known = source[column].to_numpy(dtype=float, na_value=np.nan)
            values = spread(known, source.geometry.to_numpy(), grids.geometry.to_numpy())
            note = CARRIED.format(level=ws.manifest.level_words(other))
            return Measured(pd.Series(values, index=grids.index), "proxy", words, note=note)
    if column == "residents":
        return residents_of(ws, level)
    empty = pd.Series(np.nan, index=grids.index)
    missing = Text("单元、建筑或网格的{what}", "{what} of units, buildings or grids").format(what=words)
    return Measured(empty, "unavailable", words, missing=missing)
