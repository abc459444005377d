"""The community of ``tests.samples`` with rasters whose figures can be worked out by hand."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from geo.raster import Place, RasterHead, write_raster
from layers import Workspace, open_workspace
from tests.samples import CRS, X0, Y0

CELL = 10.0
PLACE = Place(CELL, 0.0, X0, 0.0, -CELL, Y0 + 200.0)


def put(
    folder: Path,
    name: str,
    bands: np.ndarray,
    *,
    place: Place = PLACE,
    nodata: float | None = -9999.0,
    crs: str = CRS,
) -> Path:
    """Write a raster into a workspace; ``bands`` is (rows, columns) or (bands, rows, columns)."""
    stack = np.atleast_3d(bands.T).T if bands.ndim == 2 else bands
    (folder / "rasters").mkdir(exist_ok=True)
    path = folder / "rasters" / f"{name}.tif"
    head = RasterHead(stack.shape[2], stack.shape[1], stack.shape[0], str(stack.dtype), crs, place, nodata)
    write_raster(path, head, stack)
    return path


def hollow_ground() -> np.ndarray:
    """A plane that falls to the south, 1 m a cell, with one hollow of 2 x 2 cells, 3 m deep, around (20, 20)."""
    height = np.repeat(np.arange(20.0, 0.0, -1.0)[:, None], 20, axis=1).astype("float32")
    height[17:19, 1:3] = 0.0  # its rim is the row below, of 1 m
    return height


@pytest.fixture
def rich(sample: Workspace, tmp_path: Path) -> Workspace:
    """The community with rasters of every kind."""
    folder = Path(shutil.copytree(sample.folder, tmp_path / "rich", ignore=shutil.ignore_patterns(".cache")))
    people = np.ones((20, 20), dtype="float32")
    people[:10, :10] = -9999  # nobody knows the north-west
    put(folder, "population", people)
    put(folder, "elevation", hollow_ground())
    red, infrared = np.full((20, 20), 1000, "uint16"), np.full((20, 20), 1000, "uint16")
    infrared[10:, :10] = 3000  # the south-west is green: index 0.5
    put(folder, "bands", np.array([red, red, red, infrared]), nodata=0)
    cover = np.full((20, 20), 50, "uint8")
    cover[10:, :5], cover[0, 19] = 10, 77
    put(folder, "land_cover", cover, nodata=0)
    heat = np.full((20, 20), 30, "float32")
    heat[:, 10:] = 34
    put(folder, "temperature", heat)
    put(folder, "noise", np.full((20, 20), 2.5, "float32"))
    return open_workspace(folder)
