"""What a raster says of each grid: figures with their unit, what is unknown, and how they were made."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import reprojected
from geo.errors import DataError, Problem
from geo.raster import Combined, Source, opened_raster
from geo.raster.zonal import STATISTICS, Zonal, zonal_statistics
from geo.raster.zonal_values import zonal_quantiles, zonal_shares
from geo.text import Text, counted
from layers import Workspace
from layers.standards import policy
from reports.rasters.kinds import UNDECLARED, Held

UNKNOWN = "unknown_percent"
"""Column with the part of each grid where the raster says nothing."""
HECTARE_M2 = 10_000.0
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}
STATISTIC_WORDS: Mapping[str, Text] = {
    "count": Text("有值像元", "cells with a value"),
    "sum": Text("合计", "sum"),
    "mean": Text("平均", "mean"),
    "min": Text("最低", "lowest"),
    "max": Text("最高", "highest"),
    "variance": Text("方差", "variance"),
    "p05": Text("5% 分位", "5th percentile"),
    "median": Text("中位数", "median"),
    "p95": Text("95% 分位", "95th percentile"),
    "majority": Text("面积最大的类别", "commonest class"),
}
"""What ``statistics_by_grid`` can give."""
AREA = Text("网格面积", "area of the grid")


@dataclass(frozen=True)
class Figure:
    """One number for each grid: key, title, unit, and digits after the point when it is shown."""

    key: str
    title: Text
    unit: Text
    digits: int = 1


@dataclass(frozen=True)
class RasterFigures:
    """Figures of a raster by grid.

    ``table`` is indexed by grid id, with a column for each of ``figures`` and ``UNKNOWN``; NaN where not known.
    ``status`` is "ready", "partial" (parts of grids have no value), "proxy" or "unavailable"; ``notes`` say why and what
    to beware of; ``meta`` holds method and conventions.
    """

    held: Held
    level: int
    table: pd.DataFrame
    figures: tuple[Figure, ...]
    status: str
    denominator: Text
    notes: tuple[Text, ...]
    meta: Mapping[str, object]


def statistics_by_grid(
    ws: Workspace, held: Held, level: int | None = None, *, statistics: Sequence[str] = ("mean",)
) -> RasterFigures:
    """Give chosen statistics of the first band by grid, with exact parts of cells.

    Args:
        ws: the workspace.
        held: one of its rasters.
        level: grid level; None for the finest.
        statistics: keys of ``STATISTIC_WORDS``.

    Raises:
        CrsError: there is no accurate conversion between the raster and the workspace.
        DataError: no grids or no such level; the raster does not open; "majority" of a raster without classes.
    """
    at = ws.finest if level is None else level
    grids = ws.grids(at)
    with readable(held) as source:
        shapes = shapes_for(ws, held, at)
        plain = ["count", *(one for one in statistics if one in STATISTICS and one != "count")]
        zonal = zonal_statistics(source, shapes, held.head.crs, statistics=plain)
        table = _meant(zonal.table, held)
        shares = [QUANTILES[one] for one in statistics if one in QUANTILES]
        if shares:
            table = table.join(_quantiles(source, shapes, held, shares))
        if "majority" in statistics:
            table["majority"] = zonal_shares(source, shapes, held.head.crs).majority
    table[UNKNOWN] = 100 * zonal.table["unknown_share"]
    figures = tuple(Figure(key, STATISTIC_WORDS[key], _unit_of(key, held), 2) for key in statistics)
    found = table[[*statistics, UNKNOWN]].set_index(grids.index)
    return finished(ws, (held, at), found, figures, meta=zonal.meta)


def _quantiles(source: Source, shapes: NDArray[np.object_], held: Held, shares: Sequence[float]) -> pd.DataFrame:
    found = zonal_quantiles(source, shapes, held.head.crs, shares=shares) * held.scale + held.offset
    names = {share: name for name, share in QUANTILES.items()}
    return found.rename(columns=names)


def _meant(table: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Turn statistics of what the file holds into those of what is meant by it."""
    scale, offset = held.scale, held.offset
    if (scale, offset) == (1.0, 0.0):
        return table.copy()
    found = table.copy()
    for key in {"mean", "min", "max"} & set(table):
        found[key] = table[key] * scale + offset
    if "sum" in table:
        found["sum"] = table["sum"] * scale + table["count"] * offset
    if "variance" in table:
        found["variance"] = table["variance"] * scale**2
    return found


def _unit_of(key: str, held: Held) -> Text:
    if key == "count":
        return Text("个", "")
    if key == "variance" and held.unit.zh:
        return Text(f"{held.unit.zh}²", f"{held.unit.en}²")
    return held.unit if key != "majority" else Text("", "")


@contextmanager
def readable(held: Held) -> Iterator[Source]:
    """Open the values of a raster, its first band.

    Raises:
        DataError: it does not open.
    """
    with opened_raster(held.path) as raster:
        yield raster


@contextmanager
def readable_index(held: Held) -> Iterator[Source]:
    """Open the vegetation index of a satellite image: near infrared less red over their sum.

    Raises:
        DataError: it does not open, nobody said which bands these are, or it has fewer.
    """
    red, infrared = held.bands
    if not red or not infrared:
        wanted = Text("注明红光和近红外是第几波段", "a note which bands are red and near infrared")
        remedy = Text(
            "在工作区 standards/rasters.csv 中填写 red_band 和 near_infrared_band",
            "fill in red_band and near_infrared_band in the workspace's standards/rasters.csv",
        )
        raise DataError(
            [
                Problem(
                    "raster_bands_unsaid",
                    "error",
                    held.name,
                    None,
                    None,
                    Text("未注明", "nothing said"),
                    wanted,
                    remedy,
                )
            ]
        )

    def index(near_red: NDArray[np.float64], near_infrared: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = near_red * held.scale + held.offset, near_infrared * held.scale + held.offset
        both = low + high
        found: NDArray[np.float64] = np.divide(high - low, both, out=np.full(both.shape, np.nan), where=both > 0)
        return found

    with opened_raster(held.path) as raster:
        yield Combined((raster.band(red), raster.band(infrared)), index)


def shapes_for(ws: Workspace, held: Held, level: int) -> NDArray[np.object_]:
    """Give the grids of a level in the system of a raster: the polygons go to the cells, which stay whole.

    Raises:
        CrsError: there is no accurate conversion, or the raster has no system.
    """
    shapes: NDArray[np.object_] = reprojected(ws.grids(level), held.head.crs or "").geometry.to_numpy()
    return shapes


def finished(
    ws: Workspace,
    of: tuple[Held, int],
    table: pd.DataFrame,
    figures: Sequence[Figure],
    *,
    meta: Mapping[str, object],
    notes: Sequence[Text] = (),
    status: str = "ready",
) -> RasterFigures:
    """Leave out the grids of which too little is known, and say how good the rest is."""
    held, level = of
    least = policy(ws.folder)["raster_known_min_share"]
    known = 1 - table[UNKNOWN] / 100
    keys = [one.key for one in figures]
    found = table.copy()
    found[keys] = table[keys].where(known >= least, axis=0)
    said = list(notes) if held.declared else [UNDECLARED, *notes]
    few, some = int((known < least).sum()), int(((known >= least) & (known < _WHOLE)).sum())
    if few:
        share = f"{least:.0%}"
        said.append(
            Text(
                f"{few:,} 个网格有值的面积不足 {share}，不给数值（未知不等于零）。",
                f"No figure for {counted(few, 'grid', 'grids')} with values on less than {share} of the area (unknown is not zero).",
            )
        )
    if some:
        said.append(
            Text(
                f"{some:,} 个网格有部分面积没有值，那部分不计入。",
                f"Parts of {counted(some, 'grid', 'grids')} have no value; these parts are left out.",
            )
        )
    worse = "unavailable" if few == len(found) else "partial" if few or some else "ready"
    chosen = worse if worse == "unavailable" or status == "ready" else status
    return RasterFigures(held, level, found, tuple(figures), chosen, AREA, tuple(said), MappingProxyType(dict(meta)))


_WHOLE = 0.999
"""Known part from which a grid counts as known whole."""


def area_hectares(ws: Workspace, level: int) -> NDArray[np.float64]:
    """Area of the grids of a level in hectares."""
    found: NDArray[np.float64] = np.asarray(shapely.area(ws.grids(level).geometry.to_numpy())) / HECTARE_M2
    return found


def as_zonal_table(zonal: Zonal, index: pd.Index) -> pd.DataFrame:
    """Give the statistics by grid with ``UNKNOWN`` in percent."""
    found = zonal.table.set_index(index)
    return found.drop(columns="unknown_share").assign(**{UNKNOWN: 100 * found["unknown_share"]})
