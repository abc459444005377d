"""Where each thing lies: one grid of each level, or a stated reason why none."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.ownership import default_points, locate
from geo.text import Text
from layers.catalog import CATALOG, ISSUES, LayerSpec
from layers.manifest import Manifest
from layers.schema import Grids

PLACES = ("grid", "outside", "default_point", "no_geometry")
PLACE_WORDS = {
    "grid": Text("位于网格内", "in a grid"),
    "outside": Text("网格之外", "outside every grid"),
    "default_point": Text("默认点（无真实位置）", "on a default point (no real place)"),
    "no_geometry": Text("没有坐标", "without coordinates"),
}
WHOLE_RULE = Text(
    "面和线按其内部代表点整体归入一个网格",
    "an area or line belongs as a whole to the grid that holds its representative point",
)


class Level(NamedTuple):
    """The grids of one level, sorted by id, and whether each lies in one parent."""

    level: int
    grids: gpd.GeoDataFrame
    nests: bool


def levels_of(grids: gpd.GeoDataFrame, manifest: Manifest) -> tuple[Level, ...]:
    """Split the grids into levels, largest first."""
    present = [
        one for one in sorted(manifest.levels, key=lambda one: one.level) if (grids[Grids.level] == one.level).any()
    ]
    return tuple(Level(one.level, grids[grids[Grids.level] == one.level].sort_index(), one.nests) for one in present)


def places_of(
    table: gpd.GeoDataFrame, spec: LayerSpec, levels: tuple[Level, ...], policy: Mapping[str, float]
) -> pd.DataFrame:
    """Locate a layer once.

    Where levels nest, the smallest grid decides and its parents follow; where they do not, the
    thing is located in each level by itself.

    Returns:
        Table with the layer's index: ``x_m``, ``y_m`` (representative point), ``place`` (index into
        ``PLACES``) and, for each level n, ``level_n`` (row number in that level's grids or -1).
    """
    x, y = representative_xy(table)
    lost = np.isnan(x)
    default = np.zeros(len(x), dtype=bool)
    if spec == ISSUES:
        default = on_default_point(x, y, policy)
    found = _codes(np.where(default, np.nan, x), y, levels)
    inside = found[levels[-1].level] >= 0 if levels else np.zeros(len(x), dtype=bool)
    place = np.where(inside, 0, np.where(lost, 3, np.where(default, 2, 1))).astype(np.int8)
    columns = {f"level_{level}": code for level, code in found.items()}
    return pd.DataFrame({"x_m": x, "y_m": y, "place": place, **columns}, index=table.index)


def representative_xy(table: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of one point inside each thing, NaN without geometry."""
    shapes = table.geometry.to_numpy()
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    other = np.flatnonzero(np.isnan(x) & ~shapely.is_missing(shapes))
    if len(other):
        inside = shapely.point_on_surface(shapes[other])
        x[other], y[other] = shapely.get_x(inside), shapely.get_y(inside)
    return x, y


def on_default_point(x: np.ndarray, y: np.ndarray, policy: Mapping[str, float]) -> np.ndarray:
    """Mark the rows whose coordinates are shared by an implausible share of all rows."""
    shared = default_points(
        x, y, min_share=policy["default_point_min_share"], min_rows=int(policy["default_point_min_rows"])
    )
    marked = np.zeros(len(x), dtype=bool)
    for point in shared.itertuples():
        marked |= (x == point.x_m) & (y == point.y_m)
    return marked


def _codes(x: np.ndarray, y: np.ndarray, levels: tuple[Level, ...]) -> dict[int, np.ndarray]:
    codes: dict[int, np.ndarray] = {}
    for position in reversed(range(len(levels))):
        one = levels[position]
        below = levels[position + 1] if position + 1 < len(levels) else None
        if below is not None and below.nests:
            parent = one.grids.index.get_indexer(below.grids[Grids.parent_id].to_numpy(dtype=object))
            child = codes[below.level]
            codes[one.level] = np.where(child >= 0, parent[child], -1).astype(np.int32)
        else:
            codes[one.level] = locate(x, y, one.grids.geometry.to_numpy())
    return dict(sorted(codes.items()))


def grid_ids(codes: np.ndarray, grids: gpd.GeoDataFrame, index: pd.Index) -> pd.Series:
    """Turn row numbers in ``grids`` (-1: none) into grid ids (null: none)."""
    names = pd.array([*grids.index, None], dtype="str")
    return pd.Series(names.take(codes), index=index, name="grid_id")  # the last name stands for -1


def located_specs(tables: Mapping[str, pd.DataFrame]) -> list[LayerSpec]:
    """Layers whose things belong to a grid."""
    return [CATALOG[key] for key in tables if CATALOG[key].located and CATALOG[key].shape != "none"]
