"""What is wrong or doubtful in the tree of grids: parents, levels, overlaps, gaps, nesting.

One fault is told once: a grid that is wrong already is left out of the checks that would only find the
consequences, which come up again when it is mended.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.text import Text
from geo.tiling import nesting, tiling_faults, tree_faults
from layers.catalog import GRIDS
from layers.manifest import FILE, Manifest
from layers.places import Level, levels_of
from layers.problems import problem, problems_of_rows
from layers.reading import LAYERS_FILE
from layers.schema import Grids

PLACE = f"{LAYERS_FILE}:{GRIDS.key}"
SLIVER_SHARE = 0.001
"""An overlap under this share of the smaller grid is a sliver of drawing, not a dispute."""
STATISTICAL_SHARE = 0.05
"""The same for published statistical areas, which do not nest: their borders come from several
drawings (in Boston two tracts share 4.5 % of the smaller one), and no officer answers for them."""
NESTED_SHARE = 0.999
"""A small grid with at least this share of its area in its parent lies inside it."""
TILING_WORDS = {
    "overlap": Text("重叠 {area:,.2f} m²", "an overlap of {area:,.2f} m²"),
    "gap": Text("缝隙 {area:,.2f} m²", "a gap of {area:,.2f} m²"),
}
Rows = list[tuple[object, Text]]


class Doubt(NamedTuple):
    """Grids that are wrong already: their ``ids``, and whether there are ``more`` whose ids are not known."""

    ids: frozenset[str]
    more: bool

    def joined(self, ids: Iterable[object]) -> "Doubt":
        """Give the doubt of these and more grids."""
        return Doubt(self.ids | {str(one) for one in ids}, self.more)


class Tree(NamedTuple):
    """Faults of the tree, the grids whose level is wrong, and all grids that have no place in the tree."""

    problems: list[Problem]
    misplaced: Doubt
    adrift: Doubt


class Tiling(NamedTuple):
    """Overlaps and gaps of one level, and the grids that overlap so much that their border must be drawn anew."""

    problems: list[Problem]
    disputed: set[str]


def grid_problems(grids: gpd.GeoDataFrame, manifest: Manifest, known: Sequence[Problem] = ()) -> list[Problem]:
    """List the faults of the grid tree, but for those that only follow from another.

    Args:
        grids: the grids that could be read.
        manifest: names the levels.
        known: what is wrong with single grids already, such as a broken ring or an id that occurs twice.
    """
    own = [p for p in known if p.file == PLACE]
    doubt = Doubt(frozenset(p.row for p in own if p.row), any(p.row is None for p in own))
    levels = levels_of(grids, manifest)
    tree = _tree(grids, levels, doubt)
    problems = tree.problems
    if not (own or _strange(grids, levels)):
        have = {one.level for one in levels}
        missing = [one.level for one in manifest.levels if one.level not in have]
        words = [Text(f"没有第 {level} 级网格", f"no grid of level {level}") for level in missing]
        problems += [problem("no_level", FILE, column="levels", found=found) for found in words]
    tolerated = SLIVER_SHARE if all(one.nests for one in levels[1:]) else STATISTICAL_SHARE
    disputed: set[str] = set()
    for one in levels:
        tiling = _tiling(one, tolerated, tree.misplaced)
        problems += tiling.problems
        disputed |= tiling.disputed
    for large, small in pairwise(levels):
        problems += _nesting_problems(large, small, tree.adrift, disputed)
    return problems


def _tree(grids: gpd.GeoDataFrame, levels: tuple[Level, ...], doubt: Doubt) -> Tree:
    """Find cycles, orphans and wrong levels; a grid is told once, with the fault that explains the others."""
    parents = grids[Grids.parent_id]
    faults = tree_faults(grids.index, parents, grids[Grids.level])
    cycles = {fault.id: _ring(fault.id, parents) for fault in faults if fault.kind == "cycle"}
    ringed = {one for ring in cycles.values() for one in ring}
    orphans = {f.id: f.detail for f in faults if f.kind == "orphan" and f.detail not in doubt.ids and not doubt.more}
    strange = _strange(grids, levels)
    lost = [i for i in _without_parent(grids, levels) if parents[i] not in strange]
    unexplained = {*strange, *lost, *ringed}
    deep = [f.id for f in faults if f.kind == "wrong_level" and not {f.id, parents[f.id]} & unexplained]
    rows: Rows = [(i, Text(f"第 {k} 级，{FILE} 中没有", f"level {k}, which {FILE} lacks")) for i, k in strange.items()]
    rows += [(i, _parent_words(grids, i)) for i in [*lost, *deep] if i not in doubt.ids | ringed]
    circles: Rows = [(i, Text.same(" < ".join([*ring, i]))) for i, ring in cycles.items()]
    problems = problems_of_rows("grid_cycle", PLACE, circles, column=Grids.parent_id)
    lonely: Rows = [(i, Text.same(parent)) for i, parent in orphans.items()]
    problems += problems_of_rows("grid_orphan", PLACE, lonely, column=Grids.parent_id)
    problems += problems_of_rows("grid_level", PLACE, rows, column=Grids.level)
    misplaced = doubt.joined(i for i, _ in rows)
    return Tree(problems, misplaced, misplaced.joined([*ringed, *orphans]))


def _ring(start: str, parents: pd.Series) -> list[str]:
    """Follow the parents of a grid in a cycle once round."""
    ring = [start]
    while parents[ring[-1]] != start:
        ring.append(parents[ring[-1]])
    return ring


def _strange(grids: pd.DataFrame, levels: tuple[Level, ...]) -> dict[str, int]:
    """Give the grids of a level that the manifest does not name."""
    level = grids[Grids.level]
    return {str(i): int(k) for i, k in level[~level.isin([one.level for one in levels])].items()}


def _without_parent(grids: pd.DataFrame, levels: tuple[Level, ...]) -> list[str]:
    """Give the nested grids without a parent on the level just above; a parent that is no grid is told elsewhere."""
    lost: list[str] = []
    for large, small in pairwise(levels):
        parent = small.grids[Grids.parent_id]
        elsewhere = parent.isin(grids.index) & ~parent.isin(large.grids.index) & ~parent.isin(small.grids.index)
        lost += [str(i) for i in parent[parent.isna() | elsewhere].index] if small.nests else []
    return lost


def _parent_words(grids: pd.DataFrame, grid_id: str) -> Text:
    level, parent = grids[Grids.level][grid_id], grids[Grids.parent_id][grid_id]
    if pd.isna(parent):
        return Text(f"第 {level} 级，没有上级", f"level {level}, no parent")
    above = grids[Grids.level][parent]
    return Text(
        f"第 {level} 级，上级 {parent} 为第 {above} 级", f"level {level}, its parent {parent} is of level {above}"
    )


def _tiling(one: Level, tolerated: float, doubt: Doubt) -> Tiling:
    ids, areas = one.grids.index, one.grids.geometry.area.to_numpy()
    disputes: Rows = []
    slivers: Rows = []
    disputed: set[str] = set()
    for fault in tiling_faults(one.grids.geometry.to_numpy()):
        pair = [k for k in (fault.first, fault.second) if k >= 0]
        named = {str(ids[k]) for k in pair}
        if doubt.ids & named:
            continue
        row = " / ".join(ids[k] for k in pair)
        found = TILING_WORDS[fault.kind].format(area=fault.area_m2)
        large = fault.kind == "overlap" and fault.area_m2 > tolerated * min(areas[k] for k in pair)
        (disputes if large else slivers).append((row, found))
        disputed |= named if large else set()
    problems = problems_of_rows("grid_overlap", PLACE, disputes) + problems_of_rows("grid_sliver", PLACE, slivers)
    return Tiling(problems, disputed)


def _nesting_problems(large: Level, small: Level, doubt: Doubt, disputed: set[str]) -> list[Problem]:
    """List nested grids that do not lie in their parent; a disputed one that only sticks out of it is told already."""
    shares = nesting(small.grids.geometry.to_numpy(), large.grids.geometry.to_numpy())
    if not small.nests:
        return [] if doubt.ids or doubt.more else _crossing_problems(small, shares["share"])
    parents = small.grids[Grids.parent_id]
    parent = large.grids.index.get_indexer(parents.to_numpy(dtype=object))
    enough = (shares["share"].to_numpy() >= NESTED_SHARE) | small.grids.index.isin(disputed)
    own = (shares["parent"].to_numpy() == parent) & enough
    sure = ~(small.grids.index.isin(doubt.ids) | parents.isin(doubt.ids).to_numpy())
    rows: Rows = []
    for k in np.flatnonzero(~own & (parent >= 0) & sure):
        best = shares["parent"].iloc[k]
        words = Text("{share:.1%} 位于 {grid}", "{share:.1%} in {grid}")
        nowhere = Text("不在任何上级网格内", "in no grid of the level above")
        found = nowhere if best < 0 else words.format(share=shares["share"].iloc[k], grid=large.grids.index[best])
        rows.append((small.grids.index[k], found))
    return problems_of_rows("grid_not_nested", PLACE, rows, column=Grids.parent_id)


def _crossing_problems(small: Level, shares: pd.Series) -> list[Problem]:
    """Tell once how many grids of a level that does not nest cross a border of the level above."""
    crossing = int((shares < NESTED_SHARE).sum())
    words = Text(
        "第 {level} 级 {all:,} 个网格中有 {crossing:,} 个跨越上级边界；位于所在上级网格内的面积平均 {mean:.1%}，最低 {least:.1%}",
        "{crossing:,} of the {all:,} grids of level {level} cross a border of the level above; the part in the "
        "best parent is {mean:.1%} on average and {least:.1%} at least",
    )
    found = words.format(level=small.level, all=len(shares), crossing=crossing, mean=shares.mean(), least=shares.min())
    return [problem("levels_do_not_nest", PLACE, found=found)] if crossing else []


def no_grids() -> Problem:
    """Describe a workspace without grids."""
    return Problem(
        "no_grids",
        "error",
        LAYERS_FILE,
        None,
        None,
        Text("没有网格图层", "no layer of grids"),
        Text("图层 grids", "a layer named grids"),
        Text(
            "向 layers.gpkg 加入图层 grids（字段见数据字典）",
            "add a layer grids to layers.gpkg (columns: data dictionary)",
        ),
    )


def no_level(wanted: int, levels: tuple[int, ...]) -> Problem:
    """Describe a level that the workspace does not have."""
    have = ", ".join(map(str, levels))
    return Problem(
        "no_level",
        "error",
        FILE,
        None,
        "levels",
        Text(f"第 {wanted} 级", f"level {wanted}"),
        Text(f"现有层级：{have}", f"one of the levels {have}"),
        Text("改用现有层级", "use one of these levels"),
    )
