"""Need that items remove: points by which the score of a grid falls, times the households that live there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.text import Text
from reports.criteria import NORMALISATIONS
from reports.denominators import residents
from reports.moves import limits
from reports.priority import Ranking
from reports.works.ground import Floats, Ints
from reports.works.levers import Moves, moves_of

UNITS = {
    "households": Text("分·户", "points × households"),
    "residents": Text("分·人", "points × residents"),
    "none": Text("分", "points"),
}
NOTE = Text(
    "单独计算时每一项都精确；同一网格的多项合在一起时，超过标杆的部分要先降下来才减分，降到最好标杆后不再减分，因此合计不等于各项之和",
    "exact for each item alone; together in one grid, what lies beyond the worst goalpost has to come down before points "
    "fall and nothing falls below the best one, so the whole is not the sum of the parts",
)


@dataclass(frozen=True)
class Effects:
    """Need removed.

    ``by_item`` by item id: ``alone`` (need removed if only this item is done, exact), ``points`` (the same without
    people), ``share`` (its part of what all given items together remove, by how far each moves the measures; these
    add up to the whole) and ``known`` (whether it lies in a ranked grid and moves any measure). All are 0 or more.
    """

    ranking: Ranking = field(repr=False)
    by_item: pd.DataFrame = field(repr=False)
    moves: Moves = field(repr=False)
    people: Floats = field(repr=False)
    unit: Text
    meta: Mapping[str, object]

    def together(self, ids: Collection[str]) -> float:
        """Give the need that several items remove together, exact: issues closed once, gaps filled once."""
        rows = self.by_item.index.get_indexer(pd.Index(list(ids)))
        chosen = np.isin(self.moves.item, rows[rows >= 0])
        some = self.moves.of(chosen)
        first = np.unique(np.column_stack([some.grid, some.column]), axis=0, return_inverse=True)
        points = _fall(self.ranking, _Cells(first[0][:, 0], first[0][:, 1], _distinct(some, first[1])))
        return float((points * self.people[first[0][:, 0]]).sum()) if len(points) else 0.0


@dataclass(frozen=True)
class _Cells:
    """Measures of grids that move: rows of grids, columns of criteria, and how far."""

    grid: Ints
    column: Ints
    amount: Floats


def need_removed(ranking: Ranking, items: pd.DataFrame, *, as_part: bool = False) -> pd.Series:
    """Give points of need that each item removes, times households (or residents where households are unknown).

    Args:
        ranking: of the level that counts.
        items: as ``items_of`` or ``proposals`` give them; declined ones and those of works under way remove nothing.
        as_part: give each item its part of what all of them remove together, instead of what it removes alone.
    """
    found = effects(ranking, items)
    column = "share" if as_part else "alone"
    return found.by_item[column].rename("need_removed")


def effects(ranking: Ranking, items: pd.DataFrame) -> Effects:
    """Compute the need that items remove, alone and as parts of the whole; see ``Effects``."""
    all_moves = moves_of(ranking, items)
    is_open = items["is_open"].to_numpy(dtype=bool)
    keep = is_open[all_moves.item] if len(all_moves.item) else np.array([], dtype=bool)
    moves = all_moves.of(keep)
    people, unit = _people(ranking)
    key = np.column_stack([moves.item, moves.grid, moves.column])
    cells, at = np.unique(key, axis=0, return_inverse=True)
    own = (
        np.bincount(at, weights=moves.amount, minlength=len(cells)).astype(float)
        if len(cells)
        else np.array([], dtype=float)
    )
    points = _fall(ranking, _Cells(cells[:, 1], cells[:, 2], own))
    parts = _parts(ranking, moves, cells, own)
    size = len(items)

    def summed(values: Floats) -> Floats:
        return np.bincount(cells[:, 0], weights=values, minlength=size).astype(float)

    weight = people[cells[:, 1]]
    table = pd.DataFrame(
        {
            "alone": summed(points * weight),
            "points": summed(points),
            "share": summed(parts * weight),
            "known": np.bincount(cells[:, 0], minlength=size) > 0,
        },
        index=items.index,
    )
    return Effects(ranking, table, moves, people, unit, _meta(ranking, table, unit))


def _meta(ranking: Ranking, table: pd.DataFrame, unit: Text) -> Mapping[str, object]:
    """Say how the need was computed."""
    return {
        "method": "fall of each measure through the goalposts and weights of the ranking, times people",
        "normalisation": NORMALISATIONS[ranking.criteria.normalisation].en,
        "people": unit.en,
        "level": ranking.level,
        "denominators": "those of today",
        "interaction": NOTE.en,
        "items_without_effect": int((~table["known"]).sum()),
        "seed": None,
    }


def _people(ranking: Ranking) -> tuple[Floats, Text]:
    """Households of each grid, else residents, else one; unknown ones count as nobody."""
    homes = ranking.measures.households.to_numpy(dtype=float)
    if np.isfinite(homes).any():
        return np.nan_to_num(homes), UNITS["households"]
    persons = residents(ranking.ws, ranking.level).by_grid.to_numpy(dtype=float)
    if np.isfinite(persons).any():
        return np.nan_to_num(persons), UNITS["residents"]
    return np.ones(len(homes)), UNITS["none"]


def _fall(ranking: Ranking, cells: _Cells) -> Floats:
    """Points by which moves lower the scores of grids: utility before less after, by weight among those with data."""
    if not len(cells.grid):
        return np.array([], dtype=float)
    keys = [c.key for c in ranking.used]
    value = ranking.measures.table[keys].to_numpy()[cells.grid, cells.column]
    before = ranking.utility[keys].to_numpy()[cells.grid, cells.column]
    best, worst = (post[cells.column] for post in _posts(ranking, keys))
    # A measure moves no further than its own best: a share or a count ends at 0, an open space at the goalpost.
    width = np.where(worst == best, np.nan, worst - best)  # one that separates no grids gives no points
    after = np.clip((value + np.sign(best - worst) * cells.amount - best) / width, 0.0, 1.0)
    weight = np.array([[limits(ranking, str(grid)).get(key, 0.0) for key in keys] for grid in ranking.grids.index])
    return np.asarray(np.nan_to_num(np.maximum(before - after, 0.0)) * weight[cells.grid, cells.column], dtype=float)


def _posts(ranking: Ranking, keys: list[str]) -> tuple[Floats, Floats]:
    """Best and worst of each criterion: the goalposts, or for min-max the extremes of the ranked grids of today."""
    if ranking.criteria.normalisation == "goalposts":
        return np.array([c.best for c in ranking.used], dtype=float), np.array(
            [c.worst for c in ranking.used], dtype=float
        )
    peopled = ranking.grids["peopled"].to_numpy(dtype=bool)
    table = ranking.measures.table[keys].to_numpy()[peopled]
    low, high = np.nanmin(table, axis=0), np.nanmax(table, axis=0)
    worse_high = np.array([c.worse == "high" for c in ranking.used])
    return np.where(worse_high, low, high), np.where(worse_high, high, low)


def _distinct(moves: Moves, group: Ints) -> Floats:
    """Add up moves by group, each issue once however many items close it."""
    size = int(group.max()) + 1 if len(group) else 0
    closes = moves.issue >= 0
    total = np.bincount(group[~closes], weights=moves.amount[~closes], minlength=size).astype(float)
    _, first = np.unique(np.column_stack([group[closes], moves.issue[closes]]), axis=0, return_index=True)
    total += np.bincount(group[closes][first], weights=moves.amount[closes][first], minlength=size)
    return total


def _parts(ranking: Ranking, moves: Moves, cells: Ints, own: Floats) -> Floats:
    """Part each cell's joint fall among the items that move it, in proportion to how far each moves it."""
    if not len(cells):
        return np.array([], dtype=float)
    places, at = np.unique(np.column_stack([moves.grid, moves.column]), axis=0, return_inverse=True)
    joint = _fall(ranking, _Cells(places[:, 0], places[:, 1], _distinct(moves, at)))
    _, of_cell = np.unique(cells[:, 1:], axis=0, return_inverse=True)
    whole = np.bincount(of_cell, weights=own, minlength=len(places))
    return np.asarray(joint[of_cell] * own / whole[of_cell])
