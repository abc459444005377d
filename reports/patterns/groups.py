"""Groups of issues that lie close together, each with its extent, so that a chain is seen to be one."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from geo.duplicates import Reports, group_extents
from geo.pattern.groups import Groups, dbscan
from geo.text import Text
from layers import ISSUES, Workspace
from layers.places import grid_ids
from layers.schema import Grids, Issues
from layers.standards import policy
from reports.patterns.asked import Asked
from reports.patterns.counting import Spots, spots

OUTLINE_M = 10.0
"""How far the outline of a group is drawn around its points."""
LONG = 4
"""A group longer than this many reaches may be a chain, and is marked."""
METHOD = Text(
    "DBSCAN：{reach} m 内（含边界）有 {least} 件及以上（含自身）即为聚集点，相邻聚集点连成一组。{points} 件中 {inside} 件成组，共 {groups} 组。"
    "组是链式连成的，可能拉得很长，请看“范围”；超过 {long} m 的标为“成片”。默认点不参加。",
    "DBSCAN: an issue with at least {least} within {reach} m (border and itself included) is a core, and cores that are "
    "near are one group. Of {points} issues {inside} lie in {groups} groups. Groups are chains and may be long: see their "
    "extent; beyond {long} m they are marked as sprawling. Issues on default points take no part.",
)


@dataclass(frozen=True)
class PointGroups:
    """Groups of issues, largest first.

    ``table`` is indexed by the number of the group: ``issues``, ``extent_m`` (largest distance), ``span_days``,
    ``open`` (still open), ``first`` and ``last`` report, ``kind`` (commonest type) with ``kind_share``, ``grid_id`` (grid
    of its middle), ``is_long``, ``x_m`` and ``y_m`` of the middle; ``outlines`` their areas for a map.
    """

    asked: Asked
    reach_m: float
    least_points: int
    table: pd.DataFrame = field(repr=False)
    outlines: tuple[shapely.Geometry, ...] = field(repr=False)
    points: int
    inside: int


def point_groups(ws: Workspace, asked: Asked) -> PointGroups:
    """Find groups of the issues that are asked for.

    Raises:
        DataError: no issues, or no such type.
    """
    rules = policy(ws.folder)
    reach = asked.reach_m or rules["cluster_reach_m"]
    least = asked.least_points or int(rules["cluster_min_points"])
    found = spots(ws, asked)
    groups = dbscan(found.x, found.y, reach_m=reach, min_samples=least)
    inside = np.flatnonzero(groups.label >= 0)
    table = _table(ws, found, groups, inside, long_m=LONG * reach)
    outlines = _outlines(found, groups.label, table.index)
    return PointGroups(asked, reach, least, table, outlines, len(found.x), len(inside))


def _table(ws: Workspace, found: Spots, groups: Groups, inside: np.ndarray, *, long_m: float) -> pd.DataFrame:
    label = groups.label[inside]
    reports = Reports.of(found.x[inside], found.y[inside], found.day[inside] * 24, np.zeros(len(inside)))
    extents = group_extents(reports, label)
    issues = ws[ISSUES].iloc[found.row[inside]]
    by = issues[[Issues.reported_at, Issues.issue_type]].assign(
        number=label, is_open=ws.standing["is_open"].to_numpy()[found.row[inside]], x_m=reports.x, y_m=reports.y
    ).groupby("number")  # fmt: skip
    kind, share = _commonest(issues[Issues.issue_type], label)
    table = pd.DataFrame(
        {
            "issues": by.size(),
            "extent_m": extents["extent_m"].reindex(list(by.groups)).fillna(0.0),
            "span_days": (extents["span_hours"] / 24).reindex(list(by.groups)).fillna(0.0),
            "open": by["is_open"].sum().astype("int64"),
            "first": by[Issues.reported_at].min(),
            "last": by[Issues.reported_at].max(),
            "kind": kind,
            "kind_share": share,
            "x_m": by["x_m"].mean(),
            "y_m": by["y_m"].mean(),
        }
    )
    table["is_long"] = table["extent_m"] > long_m
    table["grid_id"] = _grids(ws, table)
    return table.rename_axis("group").sort_values(["issues", "extent_m"], ascending=[False, True], kind="stable")


def _commonest(kinds: pd.Series, label: np.ndarray) -> tuple[pd.Series, pd.Series]:
    """Give the commonest type of each group and its share; of equally common ones the first by code."""
    counts = pd.DataFrame({"number": label, "kind": kinds.to_numpy()}).value_counts().rename("n").reset_index()
    counts = counts.sort_values(["number", "n", "kind"], ascending=[True, False, True]).drop_duplicates("number")
    first = counts.set_index("number")
    size = pd.Series(label).value_counts()
    return first["kind"].reindex(size.index), (first["n"] / size).reindex(size.index).fillna(0.0)


def _grids(ws: Workspace, table: pd.DataFrame) -> pd.Series:
    """Grid of the finest level that holds the middle of each group, null where none does."""
    from geo.ownership import locate  # noqa: PLC0415 (heavy)

    if not ws.levels or table.empty:
        return pd.Series(None, index=table.index, dtype="str")
    grids = ws.grids()
    code = locate(table["x_m"].to_numpy(), table["y_m"].to_numpy(), grids.geometry.to_numpy())
    return grid_ids(code, grids, table.index)


def _outlines(found: Spots, label: np.ndarray, numbers: pd.Index) -> tuple[shapely.Geometry, ...]:
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(len(numbers) + 1))
    members = [order[starts[number] : starts[number + 1]] for number in numbers]
    points = [shapely.multipoints(np.column_stack([found.x[rows], found.y[rows]])) for rows in members]
    hulls = shapely.concave_hull(np.array([*points, None], dtype=object)[:-1], ratio=0.3)
    return tuple(shapely.buffer(hulls, OUTLINE_M, quad_segs=4))


def method(found: PointGroups) -> list[Text]:
    """Say in plain words how it was done."""
    return [
        METHOD.format(
            reach=f"{found.reach_m:g}", least=found.least_points, points=f"{found.points:,}", inside=f"{found.inside:,}",
            groups=f"{len(found.table):,}", long=f"{LONG * found.reach_m:g}",
        )
    ]  # fmt: skip


def names_of(ws: Workspace, found: PointGroups) -> pd.Series:
    """Name of the grid of each group, empty where it lies in none."""
    if not ws.levels:
        return pd.Series("", index=found.table.index)
    names = ws.grids()[Grids.name]
    return found.table["grid_id"].map(names).fillna("")
