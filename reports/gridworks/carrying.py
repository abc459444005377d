"""What is stated of grids, carried over to the new ones so that every total stays: households, residents, parents."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areal import shared_areas
from geo.partition import PartitionError
from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.places import Level
from layers.schema import Buildings, Grids
from layers.standards import policy

COUNTS = (Grids.households, Grids.residents, Grids.elderly_residents)
SAME_M2 = 1e-4
"""Ground that two outlines may differ in and still be one: rounding of coordinates over a border, no land."""
CROSSES = Text(
    "新网格 {new} 跨越上级网格 {parents}；小网格不得跨上级，请只在同一上级内重划",
    "the new grid {new} would cross the grids {parents} above it; redraw within one of them",
)
CUTS = Text(
    "边界会切开下级网格 {children}；请沿下级网格的边界重划",
    "the border would cut the smaller grids {children}; redraw along their borders",
)


class Shares(NamedTuple):
    """How the ground of old grids lies in new ones: one row a pair, ``old`` and ``new`` being row numbers."""

    old: np.ndarray
    new: np.ndarray
    area_m2: np.ndarray
    of_old: np.ndarray


def shares_of(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Shares:
    """Measure how the ground of old grids lies in new ones; the parts of each old grid add up to 1."""
    old, new, area = shared_areas(before.geometry.to_numpy(), after.geometry.to_numpy())
    real = area > SAME_M2
    old, new, area = old[real], new[real], area[real]
    whole = np.bincount(old, weights=area, minlength=len(before))
    order = np.lexsort((new, old))
    return Shares(old[order], new[order], area[order], (area / whole[old])[order])


def unchanged(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, shares: Shares) -> pd.Index:
    """Give the codes that stand for the same ground before and after."""
    alone = np.bincount(shares.old, minlength=len(before)) == 1
    single = np.bincount(shares.new, minlength=len(after)) == 1
    keep = alone[shares.old] & single[shares.new]
    same = keep & (before.index[shares.old].to_numpy() == after.index[shares.new].to_numpy())
    found: pd.Index = before.index[shares.old[same]]
    return found


def dealt(total: float, weight: np.ndarray) -> np.ndarray:
    """Deal a whole number out by weights so that nothing is lost: largest remainders, of equals the first.

    Args:
        total: a whole number; NaN is unknown and so are all its parts.
        weight: one a taker, not all 0.
    """
    if np.isnan(total):
        return np.full(len(weight), np.nan)
    exact = total * weight / weight.sum()
    found: np.ndarray = np.floor(exact + 1e-9)
    rest = round(total - found.sum())
    order = np.lexsort((np.arange(len(weight)), -(exact - found)))
    found[order[:rest]] += 1
    return found


def weights_by_homes(ws: Workspace, before: Level, after: gpd.GeoDataFrame, shares: Shares) -> tuple[np.ndarray, bool]:
    """Give the part of each pair by the households of its buildings; by area where they are not all known.

    Returns:
        Weights in the order of the pairs, and whether households were known everywhere where a grid was parted.
    """
    from geo.ownership import locate  # noqa: PLC0415 (kept beside its only use)

    parted = np.bincount(shares.old, minlength=len(before.grids)) > 1
    if BUILDINGS not in ws or not parted.any():
        return shares.of_old, not parted.any()
    x, y = ws.xy(BUILDINGS)
    homes = ws[BUILDINGS][Buildings.households].to_numpy(dtype=float, na_value=np.nan)
    old = ws.codes(BUILDINGS, before.level)
    known = np.bincount(old[old >= 0], weights=np.isnan(homes[old >= 0]), minlength=len(before.grids)) == 0
    total = np.bincount(old[old >= 0], weights=np.nan_to_num(homes[old >= 0]), minlength=len(before.grids))
    usable = known & (total > 0)
    new = locate(x, y, after.geometry.to_numpy())
    inside = (old >= 0) & (new >= 0)
    table = pd.Series(np.nan_to_num(homes[inside])).groupby([old[inside], new[inside]]).sum()
    pairs = pd.MultiIndex.from_arrays([shares.old, shares.new])
    by_homes = table.reindex(pairs).fillna(0.0).to_numpy()
    reached = np.bincount(shares.old, weights=by_homes, minlength=len(before.grids)) > 0
    use = (usable & reached)[shares.old]
    return np.where(use, by_homes, shares.of_old), bool(usable[parted].all())


def carried(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, shares: Shares, weight: np.ndarray) -> gpd.GeoDataFrame:
    """Give the new grids the columns of the old ones: counts dealt out, stated areas added up where whole grids joined.

    A grid that stands for the same ground keeps its row. A part of a stated area is nowhere stated and stays empty.
    """
    same = unchanged(before, after, shares)
    result = after.copy()
    for column in before.columns.difference([*after.columns, *COUNTS, "geometry"]):
        result[column] = before[column].reindex(after.index)
    for column in COUNTS:
        values = before[column].to_numpy(dtype=float, na_value=np.nan)
        result[column] = pd.array(_dealt_out(values, shares, weight, len(after)), dtype="Int64")
    whole = np.bincount(shares.old, minlength=len(before)) == 1
    area = before[Grids.stated_area_m2].to_numpy(dtype=float)
    stated = np.where(whole[shares.old], area[shares.old], np.nan)
    result[Grids.stated_area_m2] = _added(stated, shares.new, len(after))
    result[Grids.residents_qualifier] = _qualified(before, shares, weight, len(after))
    moved = ~result.index.isin(same)
    result.loc[moved, [c for c in (Grids.parent_id,) if c in result]] = None
    for column in result.columns.intersection(before.columns).difference(["geometry", Grids.name, Grids.kind]):
        result.loc[same, column] = before.loc[same, column]
    return result[[*before.columns]]


def _dealt_out(values: np.ndarray, shares: Shares, weight: np.ndarray, size: int) -> np.ndarray:
    part = np.empty(len(shares.old))
    for one in np.unique(shares.old):
        rows = np.flatnonzero(shares.old == one)
        part[rows] = dealt(values[one], weight[rows])
    return _added(part, shares.new, size)


def _added(part: np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Add parts up; one that is unknown makes the sum unknown."""
    unknown = np.bincount(group, weights=np.isnan(part), minlength=size) > 0
    total = np.bincount(group, weights=np.nan_to_num(part), minlength=size)
    return np.where(unknown, np.nan, total)


def _qualified(
    before: gpd.GeoDataFrame, shares: Shares, weight: np.ndarray, size: int
) -> pd.api.extensions.ExtensionArray:
    """Say how exact the residents are: exact only where whole grids with exact numbers were joined."""
    whole = np.bincount(shares.old, minlength=len(before)) == 1
    exact = (before[Grids.residents_qualifier].to_numpy(dtype=object) == "eq") & whole
    doubt = np.bincount(shares.new, weights=(~exact[shares.old] & (weight > 0)), minlength=size) > 0
    return pd.array(np.where(doubt, "approx", "eq").astype(object), dtype="str")


def with_parents(level: Level, above: Level | None, after: gpd.GeoDataFrame, shares: Shares) -> gpd.GeoDataFrame:
    """Give each new grid its parent; where levels nest, the one parent of all the ground that it has.

    Raises:
        PartitionError: it would cross the grids above it.
    """
    stated = level.grids[Grids.parent_id]
    rows = pd.DataFrame(
        {"new": shares.new, "parent": stated.to_numpy(dtype=object)[shares.old], "area": shares.area_m2}
    )
    pairs = pd.DataFrame(rows.dropna().groupby(["new", "parent"])["area"].sum()).reset_index()
    several = pairs["new"][pairs["new"].duplicated()]
    if above is not None and level.nests and len(several):
        at = int(several.iloc[0])
        parents = ", ".join(pairs.loc[pairs["new"] == at, "parent"])
        raise PartitionError(CROSSES.format(new=after.index[at], parents=parents))
    best = pairs.sort_values(["new", "area", "parent"], ascending=[True, False, True]).drop_duplicates("new")
    found = best.set_index("new")["parent"].reindex(range(len(after)))
    parents_of = pd.Series(found.to_numpy(dtype=object), index=after.index).astype(stated.dtype)
    return after.assign(**{str(Grids.parent_id): parents_of})


def children_moved(ws: Workspace, below: Level, after: gpd.GeoDataFrame) -> pd.Series:
    """Give the new parent of each grid of the level below that nests.

    Raises:
        PartitionError: one would lie in two.
    """
    from geo.tiling import nesting  # noqa: PLC0415 (kept beside its only use)

    found = nesting(below.grids.geometry.to_numpy(), after.geometry.to_numpy())
    torn = (found["share"] < policy(ws.folder)["grid_nested_share"]).to_numpy()
    before = below.grids.geometry.to_numpy()
    if torn.any() and bool((shapely.area(before[torn]) > 0).any()):
        raise PartitionError(CUTS.format(children=", ".join(below.grids.index[torn])))
    return pd.Series(after.index.to_numpy(dtype=object)[found["parent"]], index=below.grids.index)
