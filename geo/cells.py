"""Cells of a regular grid under polygons: which part of each cell a polygon covers, and sums by these parts."""

import numpy as np
import shapely
from numpy.typing import NDArray

_AT_ONCE = 100_000  # cells compared with a polygon at once


def nearest_index(value: float, limit: int) -> int:
    """Give a whole number from 0 to ``limit`` for a row or column that may lie outside or nowhere."""
    return 0 if np.isnan(value) else int(min(max(value, 0), limit))


def sum_under(
    area: shapely.Geometry | None,
    values: NDArray[np.float64],
    corner: tuple[float, float],
    step: tuple[float, float],
) -> float:
    """Add up the cells under one polygon, each by the part of it that the polygon covers.

    It goes by strips of rows, so that memory does not grow with the polygon.

    Args:
        area: a (multi)polygon, None or empty.
        values: per cell, shape (rows, columns), rows from the north; NaN where nothing is known.
        corner: x of the western and y of the northern edge.
        step: width and height of a cell, both above 0.

    Returns:
        The sum, NaN if no cell with a value is touched.
    """
    if area is None or shapely.is_empty(area) or not values.size:
        return float("nan")
    (west, north), (wide, tall) = corner, step
    left, bottom, right, top = shapely.bounds(area)
    columns = np.arange(
        nearest_index((left - west) // wide, values.shape[1]),
        nearest_index((right - west) // wide + 1, values.shape[1]),
    )
    first = nearest_index((north - top) // tall, values.shape[0])
    last = nearest_index((north - bottom) // tall + 1, values.shape[0])
    rows_at_once = max(1, _AT_ONCE // max(len(columns), 1))
    shapely.prepare(area)
    total, found = 0.0, False
    for start in range(first, last, rows_at_once):
        row, column = np.meshgrid(np.arange(start, min(start + rows_at_once, last)), columns, indexing="ij")
        known = ~np.isnan(values[row, column])
        row, column = row[known], column[known]
        x, y = west + column * wide, north - row * tall
        part = _covered(area, shapely.box(x, y - tall, x + wide, y)) / (wide * tall)
        total += float(values[row, column] @ part)
        found = found or bool((part > 0).any())
    return total if found else float("nan")


def _covered(area: shapely.Geometry, cells: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure the part of each cell that lies in the polygon; only cells on its border need cutting."""
    inside = shapely.covers(area, cells)
    border = ~inside & shapely.intersects(area, cells)
    size = np.where(inside, shapely.area(cells), 0.0)
    size[border] = shapely.area(shapely.intersection(cells[border], area))
    return np.asarray(size)
