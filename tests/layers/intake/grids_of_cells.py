"""Small GeoTIFF files over the sample community, for tests."""

from pathlib import Path

import numpy as np
import rasterio

from tests.samples import CRS, X0, Y0

CELLS = np.arange(1.0, 17.0).reshape(4, 4).astype("float32")
"""Cells of 50 m that cover the sample community exactly: four to a small grid."""


def tiff(path: Path, cells: np.ndarray = CELLS, *, mask: np.ndarray | None = None, **profile: object) -> Path:
    """Write a GeoTIFF over the sample community."""
    bands = cells if cells.ndim == 3 else cells[None]
    options = {
        "driver": "GTiff", "count": bands.shape[0], "height": bands.shape[1], "width": bands.shape[2],
        "dtype": str(cells.dtype), "crs": CRS, "transform": rasterio.Affine(50, 0, X0, 0, -50, Y0 + 200),
    } | profile  # fmt: skip
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"), rasterio.open(path, "w", **options) as out:
        out.write(bands)
        if mask is not None:
            out.write_mask(mask)
    return path


def values(path: Path) -> np.ndarray:
    """Read all cells of a GeoTIFF, masked ones as such."""
    with rasterio.open(path) as source:
        return source.read(masked=True)
