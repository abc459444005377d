"""Values carried from one regular grid to another: counts keep their sum, densities their size."""

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError, Problem
from geo.raster.head import Place
from geo.raster.runs import Window as Part
from geo.raster.runs import borders, runs_in
from geo.raster.source import Surface
from geo.text import Text

Floats = NDArray[np.float64]


def counts_resampled(surface: Surface, place: Place, shape: tuple[int, int]) -> Floats:
    """Carry counts (residents per cell) over to other cells of the same CRS by shared area.

    The sum over all cells that lie inside the new grid is the sum before. A cell without a value gives nothing; a new
    cell is unknown where no part of it lies over a known one.

    Args:
        surface: counts per cell, with north up.
        place: where the new cells lie, with north up.
        shape: rows and columns of new cells.

    Raises:
        DataError: a grid that is rotated or has south up.
    """
    rows, columns = _shares(surface, place, shape)
    known = np.isfinite(surface.values)
    total: Floats = rows @ np.where(known, surface.values, 0.0) @ columns.T
    found: Floats = np.where(rows @ known.astype(float) @ columns.T > 0, total, np.nan)
    return found


def density_resampled(surface: Surface, place: Place, shape: tuple[int, int]) -> Floats:
    """Carry densities or heights over to other cells of the same CRS: the mean by shared area of what is known.

    Args:
        surface: values that do not depend on the size of a cell, with north up.
        place: where the new cells lie, with north up.
        shape: rows and columns of new cells.

    Raises:
        DataError: a grid that is rotated or has south up.
    """
    rows, columns = _shares(surface, place, shape)
    known = np.isfinite(surface.values)
    total: Floats = rows @ np.where(known, surface.values, 0.0) @ columns.T
    area: Floats = rows @ known.astype(float) @ columns.T
    mean: Floats = np.divide(total, area, out=np.full(shape, np.nan), where=area > 0)
    return mean


def counts_on_cells(counts: Floats, polygons: NDArray[np.object_], place: Place, shape: tuple[int, int]) -> Floats:
    """Spread counts of polygons (residents of a hexagon) evenly over the cells under them; the sum stays.

    Args:
        counts: one for each polygon; NaN gives nothing.
        polygons: (multi)polygons in the CRS of the cells; what lies outside the cells is lost.
        place: where the cells lie, with north up.
        shape: rows and columns of cells.

    Returns:
        Counts per cell, NaN where no polygon lies.

    Raises:
        DataError: a grid that is rotated or has south up.
    """
    import shapely  # noqa: PLC0415 (only here)

    _require_upright(place)
    cell = (place.a, -place.e)
    runs = runs_in(borders(polygons, (place.c, place.f), cell), Part(0, 0, *shape))
    area = shapely.area(polygons) / (cell[0] * cell[1])
    each = np.divide(counts, area, out=np.full(len(counts), np.nan), where=area > 0)[runs.zone] * runs.part
    runs, each = runs.of(np.flatnonzero(np.isfinite(each))), each[np.isfinite(each)]
    change, touched = np.zeros(shape[0] * shape[1] + 1), np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    for at, sign in ((runs.start, 1), (runs.end, -1)):
        np.add.at(touched, at, sign)
    single = runs.end - runs.start == 1
    np.add.at(change, runs.start[single], each[single])
    for start, end, amount in zip(runs.start[~single], runs.end[~single], each[~single], strict=True):
        change[start:end] += amount
    return np.where(np.cumsum(touched)[:-1] > 0, change[:-1], np.nan).reshape(shape)


def _shares(surface: Surface, place: Place, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Give which part of each old row lies in each new row, shape (new, old), and the same of columns."""
    _require_upright(surface.place)
    _require_upright(place)
    old, (height, width) = surface.place, surface.values.shape
    rows = _overlaps((-old.f, -old.e, height), (-place.f, -place.e, shape[0]))
    return rows, _overlaps((old.c, old.a, width), (place.c, place.a, shape[1]))


def _overlaps(old: tuple[float, float, int], new: tuple[float, float, int]) -> Floats:
    low = old[0] + old[1] * np.arange(old[2])
    start = (new[0] + new[1] * np.arange(new[2]))[:, None]
    shared = np.minimum(start + new[1], low + old[1]) - np.maximum(start, low)
    part: Floats = np.clip(shared / old[1], 0.0, 1.0)
    return part


def _require_upright(place: Place) -> None:
    if place.b or place.d or not place.a > 0 > place.e:
        found = Text("旋转或南北颠倒的栅格", "a raster that is rotated or has south up")
        wanted = Text("正北朝上的栅格", "a raster with north up")
        remedy = Text("在 GIS 中导出为正北朝上的 GeoTIFF", "export it as a north-up GeoTIFF from a GIS")
        raise DataError([Problem("raster", "error", "-", None, None, found, wanted, remedy)])
