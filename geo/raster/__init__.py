"""Rasters: opened, judged, written, added up per polygon with exact parts of cells, resampled, drawn.

The only package that knows rasterio; it is loaded inside functions.
"""

from geo.raster.head import Place, RasterHead
from geo.raster.opening import Cells, Raster, opened_raster, raster_crs, read_raster_head
from geo.raster.source import TILE, Combined, Source, Surface
from geo.raster.writing import raster_notes, write_raster
from geo.raster.zonal import Zonal, zonal_statistics, zonal_sum

__all__ = [
    "TILE",
    "Cells",
    "Combined",
    "Place",
    "Raster",
    "RasterHead",
    "Source",
    "Surface",
    "Zonal",
    "opened_raster",
    "raster_crs",
    "raster_notes",
    "read_raster_head",
    "write_raster",
    "zonal_statistics",
    "zonal_sum",
]
