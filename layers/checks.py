"""What is wrong or doubtful in the tables of a workspace: grids that do not tile, dates, references."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.ownership import nesting, tiling_faults, tree_faults
from layers.catalog import GRIDS, ISSUES
from layers.manifest import FILE, Manifest
from layers.places import PLACES, Level, levels_of
from layers.problems import problem, problems_of_rows
from layers.reading import LAYERS_FILE
from layers.schema import Duties, Grids, Issues
from layers.standards import TABLES, issue_types, shipped_digests, standard

SLIVER_SHARE = 0.001
"""An overlap under this share of the smaller grid is a sliver of drawing, not a dispute."""
STATISTICAL_SHARE = 0.05
"""The same for published statistical areas, which do not nest: their borders come from several
drawings (in Boston two tracts share 4.5 % of the smaller one), and no officer answers for them."""
NESTED_SHARE = 0.999
"""A small grid with at least this share of its area in its parent lies inside it."""


def grid_problems(grids: gpd.GeoDataFrame, manifest: Manifest) -> list[Problem]:
    """List the faults of the grid tree: cycles, orphans, wrong levels, overlaps, gaps, nesting."""
    place = f"{LAYERS_FILE}:{GRIDS.key}"
    codes = {"cycle": "grid_cycle", "orphan": "grid_orphan", "wrong_level": "grid_level"}
    problems = [
        problem(codes[fault.kind], place, row=fault.id, column=Grids.parent_id, found=fault.detail)
        for fault in tree_faults(grids.index, grids[Grids.parent_id], grids[Grids.level])
        if fault.kind in codes
    ]
    levels = levels_of(grids, manifest)
    problems += _level_problems(grids, levels, place)
    problems += [
        problem("no_level", FILE, column="levels", found=f"level {one.level}")
        for one in manifest.levels
        if one.level not in {level.level for level in levels}
    ]
    tolerated = SLIVER_SHARE if all(one.nests for one in levels[1:]) else STATISTICAL_SHARE
    for one in levels:
        problems += _tiling_problems(one, place, tolerated)
    for large, small in pairwise(levels):
        problems += _nesting_problems(large, small, place)
    return problems


def _level_problems(grids: gpd.GeoDataFrame, levels: tuple[Level, ...], place: str) -> list[Problem]:
    """List grids of a level that the manifest does not name, and nested ones without a parent just above."""
    known = [one.level for one in levels]
    strange = grids.loc[~grids[Grids.level].isin(known), Grids.level]
    rows: list[tuple[object, object]] = [(i, f"level {level}, not in {FILE}") for i, level in strange.items()]
    for large, small in pairwise(levels):
        parent = small.grids[Grids.parent_id]
        skipped = parent.isna() | (parent.isin(grids.index) & ~parent.isin(large.grids.index))
        lost = parent[skipped & ~parent.isin(small.grids.index)] if small.nests else parent[:0]
        rows += [(i, f"level {small.level}, parent {p if pd.notna(p) else 'null'}") for i, p in lost.items()]
    return problems_of_rows("grid_level", place, rows, column=Grids.level)


def _tiling_problems(one: Level, place: str, tolerated: float) -> list[Problem]:
    ids, areas = one.grids.index, one.grids.geometry.area.to_numpy()
    disputes: list[tuple[object, object]] = []
    slivers: list[tuple[object, object]] = []
    for fault in tiling_faults(one.grids.geometry.to_numpy()):
        pair = [k for k in (fault.first, fault.second) if k >= 0]
        row = " / ".join(ids[k] for k in pair)
        found = f"{fault.kind} {fault.area_m2:,.2f} m²"
        large = fault.kind == "overlap" and fault.area_m2 > tolerated * min(areas[k] for k in pair)
        (disputes if large else slivers).append((row, found))
    return problems_of_rows("grid_overlap", place, disputes) + problems_of_rows("grid_sliver", place, slivers)


def _nesting_problems(large: Level, small: Level, place: str) -> list[Problem]:
    shares = nesting(small.grids.geometry.to_numpy(), large.grids.geometry.to_numpy())
    if not small.nests:
        crossing = int((shares["share"] < NESTED_SHARE).sum())
        found = (
            f"{crossing:,} of {len(shares):,} cross a border; share in the best parent: "
            f"mean {shares['share'].mean():.1%}, min {shares['share'].min():.1%}"
        )
        return [problem("levels_do_not_nest", place, row=f"level {small.level}", found=found)] if crossing else []
    parent = large.grids.index.get_indexer(small.grids[Grids.parent_id].to_numpy(dtype=object))
    own = (shares["parent"].to_numpy() == parent) & (shares["share"].to_numpy() >= NESTED_SHARE)
    names = [*large.grids.index, "no grid"]  # nesting gives -1 for a grid that lies in none
    rows: list[tuple[object, object]] = [
        (small.grids.index[k], f"{shares['share'].iloc[k]:.1%} in {names[shares['parent'].iloc[k]]}")
        for k in np.flatnonzero(~own & (parent >= 0))
    ]
    return problems_of_rows("grid_not_nested", place, rows, column=Grids.parent_id)


def issue_problems(issues: pd.DataFrame, manifest: Manifest, folder: Path) -> list[Problem]:
    """List doubtful dates and types of the issues."""
    place = f"{LAYERS_FILE}:{ISSUES.key}"
    reported, closed = issues[Issues.reported_at], issues[Issues.closed_at]
    early = issues.index[(closed < reported).fillna(value=False)]
    late = issues.index[reported > manifest.as_of]
    problems = _counted("closed_before_reported", place, early, Issues.closed_at)
    problems += _counted("reported_in_future", place, late, Issues.reported_at)
    used = issues[Issues.issue_type]
    unknown = used[~has_known_type(issues, folder)]
    problems += problems_of_rows("unknown_type", place, list(unknown.items()), column=Issues.issue_type)
    unmapped = issues.loc[used.isna(), Issues.source_type].fillna("?").value_counts()
    if len(unmapped):
        top = ", ".join(f"{name} {count:,}" for name, count in unmapped.head(8).items())
        found = f"{unmapped.sum():,} rows, {len(unmapped):,} types: {top}"
        problems.append(problem("unmapped_type", place, column=Issues.source_type, found=found))
    return problems


def has_known_type(issues: pd.DataFrame, folder: Path) -> pd.Series:
    """Tell which issues have a type of ``issue_types.csv`` or none at all."""
    used = issues[Issues.issue_type]
    return used.isna() | used.isin(issue_types(folder).index)


def standards_problems(folder: Path) -> list[Problem]:
    """List the faults of a workspace's own tables, used or not, and files that are none; criteria are read later."""
    own = sorted(path for path in (folder / "standards").glob("[!.]*") if path.is_file())
    problems: list[Problem] = []
    for path in own:
        if path.suffix == ".csv" and (path.stem in TABLES or path.stem.endswith("_types")):
            try:
                standard(path.stem, folder)
            except DataError as error:
                problems += error.problems
        elif path.name not in shipped_digests():
            problems.append(problem("unknown_standard", f"standards/{path.name}", found=path.name))
    return list(dict.fromkeys(problems))  # a fault in one table comes again with each that refers to it


def _counted(code: str, place: str, ids: pd.Index, column: str) -> list[Problem]:
    if not len(ids):
        return []
    some = ", ".join(map(str, ids[:3]))
    return [problem(code, place, row=f"{len(ids):,}", column=column, found=f"{len(ids):,} rows: {some} …")]


def reference_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """List duties that name a thing or person that is not there."""
    duties = tables.get("duties")
    if duties is None:
        return []
    wrong: list[tuple[object, object]] = []
    for key, rows in duties.groupby(Duties.layer, sort=True):
        there = tables[str(key)].index if key in tables else pd.Index([])
        lost = rows[~rows[Duties.thing_id].isin(there)]
        wrong += [(i, f"{key} {thing}") for i, thing in lost[Duties.thing_id].items()]
    return problems_of_rows("unknown_reference", f"{LAYERS_FILE}:duties", wrong, column=Duties.thing_id)


def place_problems(places: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Count the things that lie in no grid, by layer and reason, at each level."""
    problems: list[Problem] = []
    for key, where in places.items():
        file, total = f"{LAYERS_FILE}:{key}", len(where)
        levels = [str(column) for column in where if str(column).startswith("level_")]
        default = where["place"] == PLACES.index("default_point")
        astray = ~default & where["x_m"].notna()
        counts = {column: int((astray & (where[column] < 0)).sum()) for column in levels}
        if any(counts.values()):
            found = ", ".join(f"{column.replace('_', ' ')}: {rows:,}" for column, rows in counts.items())
            problems.append(problem("outside", file, row=f"{max(counts.values()):,}", found=f"{found} of {total:,}"))
        if default.any():
            spots = where.loc[default, ["x_m", "y_m"]].drop_duplicates()
            at = "; ".join(f"({p.x_m:.1f}, {p.y_m:.1f})" for p in spots.itertuples())
            rows = int(default.sum())
            found = f"{rows:,} of {total:,} ({rows / total:.1%}) at {at}"
            problems.append(problem("default_point", file, row=f"{rows:,}", found=found))
    return problems
