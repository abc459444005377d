"""Rasters written as cloud-optimised GeoTIFF, their origin noted in the file itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import geo.drivers as _drivers  # noqa: F401 (rasterio is loaded inside the functions, so after this)
from geo.raster.head import RasterHead
from geo.raster.opening import ALONE, opened_raster
from geo.raster.source import TILE

NOTES = "GUATU_"
"""How the names of our notes begin in a file."""


def write_raster(
    path: Path,
    head: RasterHead,
    values: NDArray[Any],
    known: NDArray[np.bool_] | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write a cloud-optimised GeoTIFF: tiles of 512 cells, deflated, with overviews; values as they are.

    The same input gives the same bytes. Overviews hold values of single cells, no means: nothing is made up.

    Args:
        path: the file to write; a folder beside it is used meanwhile.
        head: what its head is to say.
        values: shape (bands, height, width), of the type in ``head``.
        known: which cells are known where ``head.mask``, else None.
        notes: what is noted in the file, such as where its values come from; see ``raster_notes``.
    """
    import rasterio  # noqa: PLC0415 (heavy)
    from rasterio.shutil import copy  # noqa: PLC0415 (heavy)

    plain = path.with_name(f"plain-{path.name}")
    profile = {
        "driver": "GTiff", "width": head.width, "height": head.height, "count": head.bands, "dtype": head.dtype,
        "crs": head.crs, "transform": rasterio.Affine(*head.place), "nodata": head.nodata, "tiled": True,
        "blockxsize": TILE, "blockysize": TILE, "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    with rasterio.Env(**ALONE):
        with rasterio.open(plain, "w", **profile) as out:
            for row in range(0, head.height, TILE):
                window = ((row, min(row + TILE, head.height)), (0, head.width))
                out.write(values[:, row : row + TILE], window=window)
                if known is not None:
                    out.write_mask(known[row : row + TILE], window=window)
            if notes:
                out.update_tags(**{NOTES + key: value for key, value in notes.items()})
            if (head.scale, head.offset) != (1.0, 0.0):
                out.scales, out.offsets = (head.scale,) * head.bands, (head.offset,) * head.bands
        form = {"COMPRESS": "DEFLATE", "PREDICTOR": "YES", "BLOCKSIZE": TILE, "BIGTIFF": "IF_SAFER"}
        copy(plain, path, driver="COG", OVERVIEWS="AUTO", OVERVIEW_RESAMPLING="NEAREST", **form)
    plain.unlink()


def raster_notes(path: Path) -> Mapping[str, str]:
    """Give what was noted in a GeoTIFF when it was written; nothing for a file of others.

    Raises:
        DataError: no GeoTIFF, or too large.
    """
    with opened_raster(path) as raster:
        return raster.notes(NOTES)
