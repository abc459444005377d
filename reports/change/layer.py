"""A layer in two states: what was added, removed and changed, by grid, and how far things moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.change import ADDED, CHANGED, REMOVED, TableChange, stock_ratio, table_change
from geo.text import Text
from layers import LayerSpec, Workspace
from layers.catalog import GRIDS
from layers.places import grid_ids, levels_of, places_of
from layers.standards import policy
from reports.time.cases import ALL, NONE

TITLES = {
    "before": Text("起", "before"),
    "after": Text("止", "after"),
    "added": Text("新增", "added"),
    "removed": Text("减少", "removed"),
    "changed": Text("变更", "changed"),
    "ratio": Text("比值", "ratio"),
    "low": Text("比值下限", "ratio, low end"),
    "high": Text("比值上限", "ratio, high end"),
    "area_before_m2": Text("面积：起（m²）", "area before, m²"),
    "area_after_m2": Text("面积：止（m²）", "area after, m²"),
}
THING_TITLES = {
    "kind": Text("变化", "change"),
    "name": Text("名称", "name"),
    "grid_id": Text("网格", "grid"),
    "columns": Text("变更的字段", "columns that changed"),
    "moved_m": Text("移动（m）", "moved, m"),
    "area_m2": Text("面积变化（m²）", "area gained, m²"),
}
KIND_WORDS = {
    ADDED: Text("新增", "added"),
    REMOVED: Text("减少", "removed"),
    CHANGED: Text("变更", "changed"),
}
METHOD = Text(
    "按编号 {id} 逐件比较两个状态：只在后者的为新增，只在前者的为减少，字段不同或图形移动超过 {metres:g} m 的为变更。"
    "移动为两个图形的豪斯多夫距离（最远的一角移动多少）。新增减去减少等于件数之差。"
    "比值的 {level:.0%} 区间把新增与减少当作偶然；普查性的图层请只看件数。",
    "Two states are compared thing by thing by {id}: what only the later has was added, what only the earlier has was removed, what "
    "differs in a column or moved by more than {metres:g} m was changed. Moved is the Hausdorff distance of the two shapes: how far the "
    "farthest corner is off. Added less removed is the difference in number. The {level:.0%} interval of the ratio takes "
    "what came and went for chance; of a layer that counts everything, read the numbers only.",
)


@dataclass(frozen=True)
class LayerChange:
    """Change of a layer.

    ``rows`` hold what was added, removed or changed by id: columns as in ``THING_TITLES`` and ``geometry`` (the later one;
    of what was removed the earlier), and ``before_geometry`` of what moved. ``table`` has a row a grid after ``ALL``, ``NONE``
    last; columns as in ``TITLES``.
    """

    spec: LayerSpec
    rows: gpd.GeoDataFrame = field(repr=False)
    table: pd.DataFrame
    counts: Mapping[str, int]
    words: Text
    meta: Mapping[str, object] = field(repr=False)


def layer_change(
    ws: Workspace, spec: LayerSpec, before: pd.DataFrame, after: pd.DataFrame, *, level: int | None = None
) -> LayerChange:
    """Compare a layer in two states.

    Args:
        ws: whose grids and policy count.
        spec: the layer.
        before: the earlier state, in the coordinates of the workspace.
        after: the later one.
        level: grid level; None for the finest.
    """
    rules = policy(ws.folder)
    known = [one for one in spec.columns if one in before and one in after]
    found = table_change(before, after, columns=[*known, "geometry"], tolerance_m=rules["change_moved_m"])
    grid = {"before": _grids(ws, spec, before, level), "after": _grids(ws, spec, after, level)}
    rows = _things(found, before, after, grid)
    units = [*(ws.grids(level).index if ws.levels and spec.located else []), NONE]
    table = _by_grid(found, (before, after), grid, units, level=rules["change_level"])
    words = METHOD.format(id=spec.id_column, metres=rules["change_moved_m"], level=rules["change_level"])
    return LayerChange(spec, rows, table, found.counts, words, {**found.meta, "confidence": rules["change_level"]})


def _grids(ws: Workspace, spec: LayerSpec, table: pd.DataFrame, level: int | None) -> pd.Series:
    """Give the grid of each thing, ``NONE`` where it lies in none."""
    if not ws.levels or not spec.located or not len(table) or not isinstance(table, gpd.GeoDataFrame):
        return pd.Series(NONE, index=table.index, dtype="str")
    wanted = ws.finest if level is None else level
    levels = levels_of(ws[GRIDS], ws.manifest)
    where = places_of(table, spec, levels, policy(ws.folder))
    found = grid_ids(where[f"level_{wanted}"].to_numpy(), ws.grids(wanted), table.index)
    return found.astype("object").fillna(NONE).astype("str")


def _things(
    found: TableChange, before: pd.DataFrame, after: pd.DataFrame, grid: Mapping[str, pd.Series]
) -> gpd.GeoDataFrame:
    rows = found.rows[found.rows["kind"].isin(list(KIND_WORDS))].copy()
    gone = (rows["kind"] == REMOVED).to_numpy()
    states = {"before": before, "after": after}
    taken = {key: part.reindex(rows.index) for key, part in states.items()}
    for name in ("name", "geometry"):
        cells = [
            taken[key][name].to_numpy(dtype=object) if name in taken[key] else np.full(len(rows), None, dtype=object)
            for key in states
        ]
        rows[name] = np.where(gone, *cells)
        if name == "geometry":
            moved = (rows["moved_m"] > 0).to_numpy() & ~gone
            earlier = np.full(len(rows), None, dtype=object)
            earlier[moved] = cells[0][moved]
            rows["before_geometry"] = earlier
    owner = {key: grid[key].reindex(rows.index) for key in states}
    rows["grid_id"] = owner["after"].where(~gone, owner["before"])
    crs = getattr(after, "crs", None) or getattr(before, "crs", None)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def _by_grid(
    found: TableChange,
    states: tuple[pd.DataFrame, pd.DataFrame],
    grid: Mapping[str, pd.Series],
    units: list[str],
    *,
    level: float,
) -> pd.DataFrame:
    """Count by grid; what moved from one grid to another left the one and came to the other."""
    was, now = grid["before"], grid["after"]
    both = was.index.intersection(now.index)
    stay = now.loc[both][(was.loc[both] == now.loc[both]).to_numpy()]
    changed = now.loc[found.rows.index[found.rows["kind"] == CHANGED]]
    first, last, kept, different = (_counts(one, units) for one in (was, now, stay, changed))
    added, removed = last - kept, first - kept
    added[ALL], removed[ALL] = float(found.counts[ADDED]), float(found.counts[REMOVED])
    ratio = stock_ratio(last - added, added, removed, level=level)
    table = pd.DataFrame(
        {
            "before": first, "after": last, "added": added, "removed": removed, "changed": different,
            "ratio": ratio.ratio, "low": ratio.low, "high": ratio.high,
        }
    )  # fmt: skip
    for name, part, key in (("area_before_m2", states[0], "before"), ("area_after_m2", states[1], "after")):
        table[name] = _areas(part, grid[key], units)
    return table[list(TITLES)].rename_axis("grid_id")


def _counts(grid: pd.Series, units: list[str]) -> pd.Series:
    found = grid.where(grid.isin(units), NONE).value_counts().reindex(units, fill_value=0)
    return pd.concat([pd.Series({ALL: len(grid)}), found]).astype(float)


def _areas(table: pd.DataFrame, grid: pd.Series, units: list[str]) -> pd.Series:
    """Add up the areas of things by the grid that they belong to; unknown for a layer without areas."""
    area = table.geometry.area if isinstance(table, gpd.GeoDataFrame) and len(table) else pd.Series(dtype=float)
    if not (area > 0).any():
        return pd.Series(np.nan, index=[ALL, *units])
    known = grid.where(grid.isin(units), NONE)
    found = area.groupby(known.to_numpy()).sum().reindex(units, fill_value=0.0)
    return pd.Series(pd.concat([pd.Series({ALL: float(area.sum())}), found]), dtype="float64")
