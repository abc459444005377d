"""Households and residents of each grid: stated, summed, or carried over, and labelled as such."""

import numpy as np
import pandas as pd

from geo.areal import spread
from geo.crs import reprojected
from geo.raster import raster_crs, zonal_sum
from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Grids
from reports.measures import Measured

HOUSEHOLDS = Text("户数", "households")
RESIDENTS = Text("居民人数", "residents")


def households(ws: Workspace, level: int) -> Measured:
    """Households by grid; grids and buildings name the column alike."""
    return _people(ws, level, Grids.households, HOUSEHOLDS)


def residents(ws: Workspace, level: int) -> Measured:
    """Residents by grid; from the population raster where no table knows them."""
    found = _people(ws, level, Grids.residents, RESIDENTS)
    raster = ws.raster("population")
    if found.status != "unavailable" or raster is None:
        return found
    grids = ws.grids(level)
    crs = raster_crs(raster) or ws.manifest.crs  # the grids go to the raster: its cells are counts and stay whole
    values = zonal_sum(raster, reprojected(grids, crs).geometry.to_numpy(), crs)
    note = Text("由人口栅格按面积汇总", "summed from the population raster by area")
    return Measured(pd.Series(values, index=grids.index), "proxy", RESIDENTS, note=note)


def _people(ws: Workspace, level: int, column: str, words: Text) -> Measured:
    grids = ws.grids(level)
    stated = grids[column].astype("float64")
    if stated.notna().any():
        approximate = grids[Grids.residents_qualifier].isin(["approx", "gt", "lt"]).any() and column == Grids.residents
        return Measured(
            stated, _status(stated, approximate=approximate), words, note=_stated_note(approximate=approximate)
        )
    if BUILDINGS in ws and ws[BUILDINGS][column].notna().any():
        return _from_buildings(ws, level, column, words)
    for other in reversed(ws.levels):
        source = ws.grids(other)
        if other != level and source[column].notna().any():
            values = spread(
                source[column].to_numpy(dtype=float, na_value=np.nan),
                source.geometry.to_numpy(),
                grids.geometry.to_numpy(),
            )
            name = ws.manifest.level_words(other)
            note = Text("由{level}按面积分摊", "carried over from each {level} by area").format(level=name)
            return Measured(pd.Series(values, index=grids.index), "proxy", words, note=note)
    missing = Text("网格或建筑的{what}", "{what} of grids or buildings").format(what=words)
    return Measured(stated, "unavailable", words, missing=missing)


def _status(values: pd.Series, *, approximate: bool) -> str:
    if approximate:
        return "proxy"
    return "ready" if values.notna().all() else "partial"


def _stated_note(*, approximate: bool) -> Text | None:
    return Text("人数为估算值", "the number of residents is an estimate") if approximate else None


def _from_buildings(ws: Workspace, level: int, column: str, words: Text) -> Measured:
    known = ws[BUILDINGS][column].to_numpy(dtype=float, na_value=np.nan)
    codes = ws.codes(BUILDINGS, level)
    use = (codes >= 0) & ~np.isnan(known)
    size = len(ws.grids(level))
    total = np.bincount(codes[use], weights=known[use], minlength=size)
    counted = np.bincount(codes[use], minlength=size)
    values = pd.Series(np.where(counted > 0, total, np.nan), index=ws.grids(level).index)
    status = "partial" if np.isnan(known).any() or values.isna().any() else "ready"
    return Measured(values, status, words, note=Text("由建筑汇总", "summed from buildings"))
