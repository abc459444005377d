"""The grids of a workspace looked over: how they tile, nest and hang together, level by level."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.partition import audited
from geo.text import Text
from geo.tiling import nesting, tree_faults
from layers import GRIDS, Workspace
from layers.places import Level, levels_of
from layers.schema import Grids
from layers.standards import policy

KINDS: Mapping[str, Text] = {
    "overlap": Text("重叠", "overlap"),
    "gap": Text("缝隙", "gap"),
    "hole": Text("空洞（可能有意）", "hole, perhaps meant"),
    "sliver": Text("狭长碎片", "sliver"),
    "parts": Text("由几块组成", "several parts"),
    "broken": Text("边线有误", "broken outline"),
    "orphan": Text("上级不存在", "parent does not exist"),
    "no_parent": Text("没有上级", "no parent"),
    "no_children": Text("没有下级", "no children"),
    "not_nested": Text("不在上级内", "not inside its parent"),
    "uncovered": Text("下级未铺满", "not covered by its children"),
    "wrong_level": Text("层级有误", "wrong level"),
    "cycle": Text("上下级成环", "parents in a ring"),
    "duplicate": Text("编号重复", "code used twice"),
}
ADVICE: Mapping[str, Text] = {
    "overlap": Text("用“边界对齐”消除细小重叠，大块重叠需重画", "snap borders for narrow ones; draw large ones anew"),
    "gap": Text("用“边界对齐”消除", "snap the borders"),
    "hole": Text("确认是否有意留空（水面、单位大院）", "see whether it is meant: water, a closed compound"),
    "sliver": Text("并入相邻网格", "merge it with a neighbour"),
    "parts": Text("确认飞地是否有意，否则切分或调整", "see whether the exclave is meant; else split or redraw"),
    "broken": Text("在 QGIS 中改正边线", "mend the outline in QGIS"),
    "orphan": Text("补上级网格或改正上级编号", "add the parent or correct its code"),
    "no_parent": Text("填写上级编号", "enter its parent"),
    "no_children": Text("划分下级网格，或在此级撤销", "divide it into smaller grids"),
    "not_nested": Text("把边界改到上级之内", "bring its border inside the parent"),
    "uncovered": Text("把空出的部分划入相邻小网格", "give the rest to one of the small grids"),
    "wrong_level": Text("改正层级", "correct the level"),
    "cycle": Text("改正上级编号", "correct the parents"),
    "duplicate": Text("每个编号只用一次", "use each code once"),
}
MEANT = frozenset({"hole", "parts", "no_children"})
"""Kinds that may be meant; the others are to be mended."""


@dataclass(frozen=True)
class GridAudit:
    """What was found.

    Attributes:
        levels: one row a level: grids, area, doubled and hole area, faults to mend, doubts, nested share.
        faults: one row a fault: level, kind, grid_id, other_id, area_m2, width_m, share.
        nesting: one row a grid below another level: grid_id, level, parent_id, best_id, share.
        shapes: one row a grid: level, area, perimeter, compactness, width, parts, holes, is_sliver.
        meta: thresholds and conventions.
    """

    levels: pd.DataFrame
    faults: pd.DataFrame
    nesting: pd.DataFrame
    shapes: pd.DataFrame
    meta: Mapping[str, Any]


def audit(ws: Workspace) -> GridAudit:
    """Look over all levels of grids.

    Raises:
        DataError: the workspace has no grids.
    """
    ws.grids()
    rules, levels = policy(ws.folder), levels_of(ws[GRIDS], ws.manifest)
    limits = {
        key: rules[f"grid_{key}"] for key in ("gap_width_m", "overlap_m2", "sliver_width_m", "sliver_compactness")
    }
    nested_from = rules["grid_nested_share"]
    shapes, faults, nests, heads = [], _tree(ws, levels), [], []
    for at, one in enumerate(levels):
        found = audited(one.grids.geometry.to_numpy(), **limits)
        shapes.append(found.shapes.set_index(one.grids.index).assign(level=one.level))
        faults.append(_named(found.faults, one))
        if at:
            part = _nested(levels[at - 1], one)
            nests.append(part)
            if one.nests:
                faults += [_not_nested(part, nested_from), _uncovered(levels[at - 1], one, nested_from)]
        heads.append({"level": one.level, "nests": one.nests, "grids": len(one.grids), **found.meta})
    told = pd.concat([part for part in faults if len(part)] or faults[:1]).sort_values(
        ["level", "kind", "grid_id"], ignore_index=True
    )
    nested = pd.concat(nests) if nests else pd.DataFrame(columns=["grid_id", "level", "parent_id", "best_id", "share"])
    meta = {"method": "audit of grids", **limits, "nested_share": nested_from}
    return GridAudit(_heads(heads, told, nested, nested_from), told, nested, pd.concat(shapes), meta)


_COLUMNS = ["level", "kind", "grid_id", "other_id", "area_m2", "width_m", "share"]


def _named(faults: pd.DataFrame, one: Level) -> pd.DataFrame:
    ids = np.array([*one.grids.index, ""], dtype=object)
    named = faults.assign(level=one.level, grid_id=ids[faults["first"]], other_id=ids[faults["second"]])
    return named[_COLUMNS]


def _rows(level: int, kind: str, ids: pd.Index, **more: object) -> pd.DataFrame:
    empty = {"other_id": "", "area_m2": np.nan, "width_m": np.nan, "share": np.nan}
    return pd.DataFrame({"grid_id": ids.astype(object), **empty, **more, "level": level, "kind": kind})[_COLUMNS]


def _tree(ws: Workspace, levels: tuple[Level, ...]) -> list[pd.DataFrame]:
    """Find grids without parents, parents without children, and what keeps the grids from being a tree."""
    grids = ws[GRIDS]
    level = grids[Grids.level]
    wrong = tree_faults(list(grids.index), list(grids[Grids.parent_id]), list(level))
    found = [_rows(int(level[one.id]), one.kind, pd.Index([one.id]), other_id=one.detail) for one in wrong]
    for large, small in pairwise(levels):
        if small.nests:
            parents = small.grids[Grids.parent_id]
            found.append(_rows(small.level, "no_parent", parents.index[parents.isna()]))
            found.append(_rows(large.level, "no_children", large.grids.index[~large.grids.index.isin(parents)]))
    return found


def _nested(large: Level, small: Level) -> pd.DataFrame:
    share = nesting(small.grids.geometry.to_numpy(), large.grids.geometry.to_numpy())
    best = np.array([*large.grids.index, None], dtype=object)[share["parent"]]
    return pd.DataFrame(
        {
            "grid_id": small.grids.index, "level": small.level, "parent_id": small.grids[Grids.parent_id].to_numpy(dtype=object),
            "best_id": best, "share": share["share"].to_numpy(),
        }
    )  # fmt: skip


def _not_nested(part: pd.DataFrame, least: float) -> pd.DataFrame:
    out = part[(part["share"] < least) | (part["parent_id"] != part["best_id"])]
    level = int(part["level"].iloc[0]) if len(part) else 0
    return _rows(
        level, "not_nested", pd.Index(out["grid_id"]), other_id=out["best_id"].to_numpy(), share=out["share"].to_numpy()
    )


def _uncovered(large: Level, small: Level, least: float) -> pd.DataFrame:
    """Find parents whose children leave ground over: siblings must tile their parent."""
    ground = shapely.union_all(small.grids.geometry.to_numpy())
    shapes = large.grids.geometry.to_numpy()
    free = shapely.area(shapely.difference(shapes, ground))
    share = free / shapely.area(shapes)
    bad = share > 1 - least
    return _rows(large.level, "uncovered", large.grids.index[bad], area_m2=free[bad], share=share[bad])


def _heads(heads: list[dict[str, Any]], faults: pd.DataFrame, nested: pd.DataFrame, least: float) -> pd.DataFrame:
    table = pd.DataFrame(heads)[["level", "nests", "grids", "area_m2", "doubled_m2", "hole_m2"]]
    meant = faults["kind"].isin(MEANT)
    for name, chosen in (("faults", faults[~meant]), ("doubts", faults[meant])):
        table[name] = table["level"].map(chosen.groupby("level").size()).fillna(0).astype(int)
    by_level = nested.assign(inside=nested["share"] >= least).groupby("level")
    for name, values in (
        ("nested", by_level["inside"].sum()),
        ("share_mean", by_level["share"].mean()),
        ("share_least", by_level["share"].min()),
    ):
        table[name] = table["level"].map(values)
    return table
