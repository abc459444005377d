"""A workspace seen by other units: they stand as one more level of grids, and every thing is located in them once."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.measure import totals
from geo.owner import nearest_owner
from layers import BUILDINGS, GRIDS, Workspace
from layers.manifest import Level
from layers.schema import Buildings, Grids
from reports.units.kinds import Units

HIGHEST = 9
"""The last level number that a manifest may name."""


def seen_by(ws: Workspace, units: Units) -> tuple[Workspace, int]:
    """Give the workspace with its units as one more level, and the number of that level.

    A thing belongs to the unit that holds its representative point, or to the nearest within ``reach_m``; what is
    near no unit belongs to none, and totals say so. A unit of a layer owns itself. The workspace on the disk stays
    as it is.
    """
    used = {one.level for one in ws.manifest.levels}
    level = next(number for number in range(HIGHEST, 0, -1) if number not in used or number == 1)
    words = Level.model_construct(level=level, zh=units.words.zh, en=units.words.en, nests=False)
    kept = tuple(one for one in ws.manifest.levels if one.level != level)
    manifest = ws.manifest.model_copy(update={"levels": (*kept, words)})
    places = {key: _placed(ws, key, where, units, level=level) for key, where in ws.places.items()}
    counted = replace(units, table=units.table.assign(elderly_residents=_elderly(ws, units, places, level)))
    tables = {**ws.tables, GRIDS.key: _grids(ws, counted, level)}
    return replace(ws, manifest=manifest, tables=tables, places=places), level


def ground_of(units: Units) -> np.ndarray:
    """Give the area that belongs to each unit: its own, or the strip within reach of a line."""
    shapes: np.ndarray = units.table.geometry.to_numpy()
    if units.kind != "streets":
        return shapes
    return np.asarray(shapely.buffer(shapes, units.reach_m, cap_style="flat"))


def _elderly(ws: Workspace, units: Units, places: Mapping[str, pd.DataFrame], level: int) -> np.ndarray:
    """Give the elderly residents of units: on record, else summed from buildings if all of a unit's are known."""
    own: np.ndarray = units.table["elderly_residents"].to_numpy()
    if BUILDINGS not in ws or np.isfinite(own).any():
        return own
    known = ws[BUILDINGS][Buildings.elderly_residents].to_numpy(dtype=float, na_value=np.nan)
    codes, size = places[BUILDINGS.key][f"level_{level}"].to_numpy(), len(own)
    doubtful = totals(codes, size, np.isnan(known)).per_group > 0
    some = totals(codes, size).per_group > 0
    return np.where(some & ~doubtful, totals(codes, size, known).per_group, np.nan)


def _grids(ws: Workspace, units: Units, level: int) -> gpd.GeoDataFrame:
    """Give the units as grids, after the grids that there are; columns that only grids have stay empty."""
    table = units.table
    rows: Mapping[str, object] = {
        Grids.name: table["name"].to_numpy(),
        Grids.parent_id: None,
        Grids.level: level,
        Grids.households: table["households"].to_numpy(),
        Grids.residents: table["residents"].to_numpy(),
        Grids.elderly_residents: table["elderly_residents"].to_numpy(),
        Grids.residents_qualifier: None,
    }
    shapes = gpd.GeoSeries(ground_of(units), index=table.index, crs=ws.manifest.crs)
    own = gpd.GeoDataFrame(rows, index=table.index, geometry=shapes)
    if GRIDS not in ws:
        return own
    before = ws[GRIDS][[column for column in own.columns if column in ws[GRIDS].columns]]
    before = before[before[Grids.level] != level]
    same = {column: before[column].astype(own[column].dtype) for column in own.columns if own[column].dtype == float}
    both = pd.concat([before.assign(**same), own])
    return gpd.GeoDataFrame(both, geometry="geometry", crs=ws.manifest.crs)


def _placed(ws: Workspace, key: str, where: pd.DataFrame, units: Units, *, level: int) -> pd.DataFrame:
    owner = owners(where["x_m"].to_numpy(), where["y_m"].to_numpy(), units)
    if key == units.layer:
        owner = units.table.index.get_indexer(ws[key].index.astype("str")).astype(np.int32)
    lost = where["place"].to_numpy() > 1  # on a default point or without coordinates: no real place
    return where.assign(**{f"level_{level}": np.where(lost & (key != units.layer), -1, owner).astype(np.int32)})


def owners(x: np.ndarray, y: np.ndarray, units: Units) -> np.ndarray:
    """Give the row of the unit that each point belongs to, -1 for none."""
    return nearest_owner(x, y, units.table.geometry.to_numpy(), limit_m=units.reach_m)
