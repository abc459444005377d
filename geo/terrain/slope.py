"""Slope and aspect of the ground by Horn's weighted differences of the eight neighbours (Horn 1981)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.crs import require_metric

Floats = NDArray[np.float64]


class Slope(NamedTuple):
    """Slope in degrees and in percent, and aspect in degrees clockwise from north, each shape (rows, columns)."""

    slope_deg: Floats
    slope_percent: Floats
    aspect_deg: Floats
    meta: Mapping[str, object]


def slope(height: Floats, cell: tuple[float, float], crs: object) -> Slope:
    """Give slope and aspect of a surface.

    The outermost cells, and those with an unknown neighbour, have no slope: it is not made up from fewer neighbours.
    Aspect is the way that the ground faces, downhill; level ground has none.

    Args:
        height: metres, shape (rows, columns) from the north, NaN where unknown.
        cell: width and height of a cell in metres.
        crs: of the cells.

    Raises:
        CrsError: a system in degrees, where a difference of heights over a difference of degrees is no slope.
    """
    require_metric(crs)
    east, south = np.full(height.shape, np.nan), np.full(height.shape, np.nan)
    if min(height.shape) > 2:  # noqa: PLR2004 (a neighbour on either side)
        east[1:-1, 1:-1] = _difference(height) / (8 * cell[0])
        south[1:-1, 1:-1] = _difference(height.T).T / (8 * cell[1])
    east[~np.isfinite(height)] = south[~np.isfinite(height)] = np.nan
    rise = np.hypot(east, south)
    aspect = np.degrees(np.arctan2(-east, south)) % 360
    found = np.where(rise > 0, aspect, np.nan)
    meta = {"method": "Horn 1981, eight neighbours", "cell_m": cell, "conventions": "edges undefined; aspect downhill"}
    return Slope(np.degrees(np.arctan(rise)), 100 * rise, found, MappingProxyType(meta))


def _difference(height: Floats) -> Floats:
    """Sum of the three right neighbours minus the three left ones, the middle one counted twice."""
    step = height[:, 2:] - height[:, :-2]
    return step[:-2] + 2 * step[1:-1] + step[2:]
