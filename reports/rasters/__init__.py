"""Rasters of a workspace: what each holds, what it says of every grid, terrain against water issues, pictures for the map."""

from reports.rasters.by_kind import figures_by_grid
from reports.rasters.figures import RasterFigures, statistics_by_grid
from reports.rasters.kinds import Held, raster_held, rasters_held
from reports.rasters.ponding import PondingFinding, ponding_finding
from reports.rasters.tables import grid_table, shade_series
from reports.rasters.terrain import Terrain, terrain_of, write_terrain

__all__ = [
    "Held",
    "PondingFinding",
    "RasterFigures",
    "Terrain",
    "figures_by_grid",
    "grid_table",
    "ponding_finding",
    "raster_held",
    "rasters_held",
    "shade_series",
    "statistics_by_grid",
    "terrain_of",
    "write_terrain",
]
