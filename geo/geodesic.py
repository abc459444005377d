"""The shortest way on the ellipsoid between two places given in degrees (Karney 2013, through PROJ)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from geo.pattern.told import Meta, told
from geo.text import Text

SOURCE = "Karney 2013, Journal of Geodesy 87:43-55"
AZIMUTH = Text(
    "方位角自正北顺时针 0 至 360 度，取起点处", "azimuth clockwise from north, 0 to 360 degrees, at the start"
)


class Geodesics(NamedTuple):
    """Length in metres and direction at the start in degrees, shape (n,); NaN where a place is unknown."""

    distance_m: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    meta: Meta


def geodesic_distance(start: ArrayLike, end: ArrayLike, *, ellipsoid: str) -> Geodesics:
    """Measure the geodesics between pairs of places.

    Args:
        start: longitude and latitude in degrees, shape (n, 2).
        end: the same for the other end, shape (n, 2).
        ellipsoid: as PROJ names it: "GRS80" (within a tenth of a millimetre also CGCS2000) or "WGS84".

    Raises:
        ValueError: places of another shape, or a latitude beyond the poles.
    """
    first, second = (np.asarray(one, dtype=float).reshape(-1, 2) for one in (start, end))
    if first.shape != second.shape or (np.abs([first[:, 1], second[:, 1]]) > 90).any():  # noqa: PLR2004 (the pole)
        msg = "two tables of as many longitudes and latitudes, latitudes from -90 to 90 degrees"
        raise ValueError(msg)
    known = np.isfinite(np.hstack([first, second])).all(axis=1)
    azimuth, distance = np.full((2, len(first)), np.nan)
    forth, _, length = Geod(ellps=ellipsoid).inv(*first[known].T, *second[known].T)
    azimuth[known], distance[known] = np.mod(forth, 360.0), length
    return Geodesics(distance, azimuth, told("geodesic", source=SOURCE, conventions=[AZIMUTH], ellipsoid=ellipsoid))
