"""By how much an item moves each measure of a grid towards its good end, before goalposts and weights."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.measure import hectares, totals
from geo.ownership import locate
from layers import BUILDINGS, ISSUES, STREETS
from layers.schema import BudgetItems, Buildings, Issues
from reports.criteria import MEASURES
from reports.denominators import households, residents
from reports.measures import Ground
from reports.priority import Ranking
from reports.works.catalogue import effect_per_unit, indicators_of
from reports.works.derived import large_grids
from reports.works.ground import Floats, Ints, WorkGround


class Moves(NamedTuple):
    """How far things move measures, one row a move, shapes (n,).

    ``item`` and ``grid`` are rows of the items and of the grids of the level, ``column`` of the criteria; ``amount``
    is in the unit of the measure, towards its good end; ``issue`` is the row of the issue that is closed, -1 where
    the move closes none. Two items that close one issue move a measure by it once.
    """

    item: Ints
    grid: Ints
    column: Ints
    amount: Floats
    issue: Ints

    def of(self, rows: NDArray[np.bool_]) -> "Moves":
        """Give the marked moves."""
        return Moves(self.item[rows], self.grid[rows], self.column[rows], self.amount[rows], self.issue[rows])


class _Asked(NamedTuple):
    """The items with what is known of them, and the ground that they lie on."""

    ranking: Ranking
    items: pd.DataFrame
    ground: Ground
    keys: tuple[str, ...]

    @property
    def codes(self) -> Ints:
        """Row of the grid (of the ranked level) that each item lies in, -1 for none."""
        ws, level = self.ranking.ws, self.ranking.level
        at = self.items["grid_id"].astype("object").map(large_grids(ws, level))
        own = self.items["large_grid_id"].astype("object") if level == ws.levels[0] else at
        return self.ground.index.get_indexer(pd.Index(at.where(at.notna(), own))).astype(np.int64)


Lever = Callable[[_Asked, Ints], Floats]


def moves_of(ranking: Ranking, items: pd.DataFrame) -> Moves:
    """Give the moves of items: through the issues that they close, and through the gaps that they fill.

    Args:
        ranking: measures, grids and criteria.
        items: as ``items_of`` or ``proposals`` give them.
    """
    ws, level = ranking.ws, ranking.level
    people = (households(ws, level), residents(ws, level))
    ground = Ground(ws, level, ranking.measures.policy, *people)
    asked = _Asked(ranking, items, ground, tuple(c.key for c in ranking.used))
    parts = [*_by_issues(asked), *_by_gaps(asked)]
    if not parts:
        nothing = np.array([], dtype=np.int64)
        return Moves(nothing, nothing, nothing, np.array([], dtype=float), nothing)
    whole = Moves(
        np.concatenate([part.item for part in parts]).astype(np.int64),
        np.concatenate([part.grid for part in parts]).astype(np.int64),
        np.concatenate([part.column for part in parts]).astype(np.int64),
        np.concatenate([part.amount for part in parts]).astype(float),
        np.concatenate([part.issue for part in parts]).astype(np.int64),
    )
    return whole.of((whole.amount > 0) & np.isfinite(whole.amount))


def _by_issues(asked: _Asked) -> list[Moves]:
    """Close the open issues that items name."""
    ws = asked.ranking.ws
    if ISSUES not in ws:
        return []
    cells = asked.items[BudgetItems.origin_ids].astype("object")
    named = [(at, one) for at, cell in enumerate(cells) if not pd.isna(cell) for one in str(cell).split("|")]
    item = np.array([at for at, _ in named], dtype=np.int64)
    row = ws[ISSUES].index.get_indexer([one for _, one in named]).astype(np.int64)
    codes = ws.codes(ISSUES, asked.ranking.level).astype(np.int64)
    is_open = ws.standing["is_open"].to_numpy(dtype=bool)
    good = row >= 0
    good[good] = is_open[row[good]] & asked.ground.matters[row[good]] & (codes[row[good]] >= 0)
    item, row = item[good], row[good]
    grid = codes[row]
    return [
        Moves(item, grid, np.full(len(item), at), amount[row], row)
        for at, key in enumerate(asked.keys)
        if (amount := _amount_of_issues(asked, key, codes)) is not None
    ]


def _amount_of_issues(asked: _Asked, key: str, codes: Ints) -> Floats | None:
    """Give by how much closing each issue moves a measure of its grid, None for measures that issues do not move.

    The shares keep the denominators of today: closing an issue that is not late makes the others no later.
    """
    ws, ground = asked.ranking.ws, asked.ground
    size = len(ground.index)
    mark = {name: ws.standing[name].to_numpy(dtype=float) for name in ("is_open", "is_known", "is_overdue")}
    severity = ws[ISSUES][Issues.severity].to_numpy(dtype=float, na_value=1.0)
    due = mark["is_open"] * ws[ISSUES][Issues.due_at].notna().to_numpy()
    counts = np.where(ground.matters, 1.0, 0.0)
    per: Mapping[str, tuple[Floats, Callable[[], Floats]]] = {
        "severity_per_100_households": (severity, lambda: ground.enough_households() / 100),
        "open_issues_per_100_households": (np.ones(len(codes)), lambda: ground.enough_households() / 100),
        "open_issues_per_ha": (np.ones(len(codes)), lambda: hectares(ws.grids(asked.ranking.level).geometry.area)),
        "open_share_pct": (
            np.full(len(codes), 100.0),
            lambda: totals(codes, size, counts * mark["is_known"]).per_group,
        ),
        "overdue_share_pct": (100.0 * mark["is_overdue"], lambda: totals(codes, size, counts * due).per_group),
    }
    if key not in per:
        return None
    weight, below = per[key]
    under = below()
    known = (codes >= 0) & (under[codes] > 0)
    return np.asarray(np.divide(weight, under[codes], out=np.full(len(codes), np.nan), where=known))


def _by_gaps(asked: _Asked) -> list[Moves]:
    """Fill the gaps that the indicators of an item count, each through the measure with that indicator."""
    ws = asked.ranking.ws
    indicators = indicators_of(asked.items["code"], ws)
    found = []
    for at, key in enumerate(asked.keys):
        lever = _LEVERS.get(key)
        if lever is None:
            continue
        codes = asked.codes
        source = MEASURES[key].source
        fits = np.array([source in one for one in indicators], dtype=bool) & (codes >= 0)
        rows = np.flatnonzero(fits)
        amount = lever(asked, rows)
        found.append(Moves(rows, codes[rows], np.full(len(rows), at), amount, np.full(len(rows), -1)))
    return found


def _quantity(asked: _Asked, rows: Ints) -> Floats:
    """Quantity by what one unit does, NaN where either is not known."""
    items = asked.items.iloc[rows]
    return np.asarray(items["quantity"].to_numpy(dtype=float) * effect_per_unit(items["code"], asked.ranking.ws))


def _bays(asked: _Asked, rows: Ints) -> Floats:
    homes = asked.ground.enough_households()[asked.codes[rows]]
    return np.asarray(100 * _quantity(asked, rows) / homes)


def _green(asked: _Asked, rows: Ints) -> Floats:
    area = asked.ranking.ws.grids(asked.ranking.level).geometry.area.to_numpy()[asked.codes[rows]]
    return np.asarray(100 * _quantity(asked, rows) / area)


def _reached(asked: _Asked, rows: Ints, radius_m: Floats, each: Floats) -> Floats:
    """Percent of a grid that new places serve at most: circles of their radius, of which the grid holds a part."""
    area = asked.ranking.ws.grids(asked.ranking.level).geometry.area.to_numpy()[asked.codes[rows]]
    return np.asarray(100 * each * np.minimum(1.0, np.pi * radius_m**2 / area))


def _toilets(asked: _Asked, rows: Ints) -> Floats:
    radius = np.full(len(rows), asked.ground.policy["toilet_radius_m"])
    return _reached(asked, rows, radius, _quantity(asked, rows))


def _parks(asked: _Asked, rows: Ints) -> Floats:
    """One park of the quantity; none where it is smaller than what counts as a park."""
    rules, m2 = asked.ground.policy, _quantity(asked, rows)
    radius = np.where(m2 >= rules["park_large_from_m2"], rules["park_radius_large_m"], rules["park_radius_small_m"])
    parks = np.where(m2 >= rules["park_large_from_m2"], 1.0, np.floor(np.round(m2 / rules["park_min_m2"], 6)))
    return _reached(asked, rows, radius, parks)


def _hazards(asked: _Asked, rows: Ints) -> Floats:
    """One building of grade C or D out of those that were surveyed in the grid."""
    ws, items = asked.ranking.ws, asked.items.iloc[rows]
    if BUILDINGS not in ws:
        return np.full(len(rows), np.nan)
    grade = ws[BUILDINGS][Buildings.hazard_grade]
    codes = ws.codes(BUILDINGS, asked.ranking.level)
    surveyed = totals(codes, len(asked.ground.index), grade.notna().to_numpy()).per_group[asked.codes[rows]]
    at = ws[BUILDINGS].index.get_indexer(items[BudgetItems.place_id].astype("object"))
    bad = grade.isin(["C", "D"]).to_numpy()
    here = items[BudgetItems.place_layer].eq(BUILDINGS.key).to_numpy(dtype=bool) & (at >= 0) & bad[at]
    return np.where(here & (surveyed > 0), 100 / np.where(surveyed > 0, surveyed, 1.0), np.nan)


def _lamps(asked: _Asked, rows: Ints) -> Floats:
    """Unlit metres of the part of a street that the lamps of the item light, in percent of the streets of the grid."""
    ws = asked.ranking.ws
    if STREETS not in ws or not len(rows):
        return np.full(len(rows), np.nan)
    ground = WorkGround(ws)
    items = asked.items.iloc[rows]
    street = ws[STREETS].index.get_indexer(items[BudgetItems.place_id].astype("object"))
    grid = pd.Index(ground.grids).get_indexer(pd.Index(items["grid_id"].astype("object")))
    part = np.where((street >= 0) & (grid >= 0), street * len(ground.grids) + grid, -1)
    dark = np.array([ground.dark_m.get(int(one), np.nan) for one in part])
    length = _lengths(asked, ground)
    return np.asarray(100 * np.fmin(_quantity(asked, rows), dark) / length[asked.codes[rows]])


def _lengths(asked: _Asked, ground: WorkGround) -> Floats:
    """Length of the streets of each grid of the ranked level."""
    middle = ground.pieces.middle
    shapes = asked.ranking.ws.grids(asked.ranking.level).geometry.to_numpy()
    codes = locate(middle[:, 0], middle[:, 1], shapes)
    return totals(codes, len(shapes), ground.pieces.metres).per_group


_LEVERS: Mapping[str, Lever] = {
    "parking_gap_per_100_households": _bays,
    "open_space_share_pct": _green,
    "toilet_unserved_share_pct": _toilets,
    "park_unserved_share_pct": _parks,
    "hazardous_building_share_pct": _hazards,
    "unlit_street_share_pct": _lamps,
}
