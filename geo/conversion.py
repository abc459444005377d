"""From the numbers of a file to metres of the workspace, under one way to read them."""

from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer

from geo.candidates import LOCAL_DATUMS, Box, Hypothesis, Numbers, geodetic, on_same_earth
from geo.crs import known_operation
from geo.datum import (
    bd09_from_bd09mc,
    bd09_from_wgs84,
    bd09mc_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from geo.errors import CrsError
from geo.text import Text

_DEGREES = "EPSG:4326"
_FORTH = {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}
_BACK = {"gcj02": wgs84_from_gcj02, "bd09": wgs84_from_bd09}
_FARTHEST_LON, _FARTHEST_LAT = 200.0, 100.0  # degrees or grads
_METRES_A_DEGREE = 111_320.0


def converted(
    hypothesis: Hypothesis, x: Numbers, y: Numbers, crs: str, *, place: Box | None = None
) -> tuple[Numbers, Numbers]:
    """Turn two columns into metres of the workspace under a reading.

    Args:
        hypothesis: how to read them; not ``LOCAL``.
        x: the first column, shape (n,).
        y: the second column, same length.
        crs: the workspace CRS, "EPSG:n".
        place: where the data are to lie, for the choice among regional conversions.

    Returns:
        East and north, NaN where the numbers make no place.

    Raises:
        CrsError: no conversion of known accuracy.
    """
    first, second = (y, x) if hypothesis.swapped else (x, y)
    known, source = np.isfinite(first) & np.isfinite(second), hypothesis.crs or _DEGREES
    first, second = np.where(known, first, np.nan), np.where(known, second, np.nan)
    if CRS.from_user_input(source).is_geographic and hypothesis.crs is not None:
        # PROJ goes round the Earth: 471.6 degrees would land on 111.6 in silence.
        known &= (np.abs(first) <= _FARTHEST_LON) & (np.abs(second) <= _FARTHEST_LAT)
        first, second = np.where(known, first, np.nan), np.where(known, second, np.nan)
    if hypothesis.crs is None:
        first, second = bd09_from_bd09mc(first, second)
    elif hypothesis.origin in _BACK and source != _DEGREES:
        first, second = _run(transformer(source, _DEGREES, place), first, second)
    if hypothesis.origin in _BACK:
        first, second = _BACK[hypothesis.origin](first, second)
        source = _DEGREES
    return _run(transformer(source, crs, place), first, second)


def _run(operation: Transformer, first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    east, north = operation.transform(first, second)
    placed = np.isfinite(east) & np.isfinite(north)
    return np.where(placed, east, np.nan), np.where(placed, north, np.nan)


@lru_cache(maxsize=512)
def transformer(source: str, target: str, place: Box | None = None) -> Transformer:
    """Choose the conversion between two systems, CGCS2000 and WGS 84 taken as one.

    Raises:
        CrsError: none of known accuracy, as for Xian 1980 and Beijing 1954.
    """
    one, other = CRS.from_user_input(source), CRS.from_user_input(target)
    datums = geodetic(one), geodetic(other)
    if datums[0] == datums[1] or (on_same_earth(one) and on_same_earth(other)):
        return Transformer.from_crs(one, other, always_xy=True)
    if not {datum.to_epsg() for datum in datums} & set(LOCAL_DATUMS):
        found = known_operation(one, other, place)
        if found is not None:
            return found
    raise CrsError(
        Text(
            f"从 {one.name} 到 {other.name} 没有已知精度的转换",
            f"no conversion of known accuracy leads from {one.name} to {other.name}",
        )
    )


def degrees_box(bounds: tuple[float, float, float, float] | None, crs: str) -> Box | None:
    """Say where a box in a CRS lies, in degrees on its own datum; without a box, where the CRS is used.

    Args:
        bounds: least x and y, largest x and y; None if not known.
        crs: the CRS of the bounds.
    """
    known = CRS.from_user_input(crs)
    if bounds is None:
        area = known.area_of_use
        return None if area is None else (area.west, area.south, area.east, area.north)
    west, south, east, north = Transformer.from_crs(known, geodetic(known), always_xy=True).transform_bounds(*bounds)
    return west, south, east, north


def residual_m(
    hypothesis: Hypothesis, given: tuple[Numbers, Numbers], placed: tuple[Numbers, Numbers], crs: str
) -> float:
    """Measure how exactly an offset was undone: put the result forth again and compare with the file.

    Args:
        hypothesis: a reading of GCJ-02 or BD-09.
        given: the two columns of the file, shape (n,) each.
        placed: what ``converted`` made of them.
        crs: the workspace CRS.

    Returns:
        The largest distance in metres, 0 if no row has a place.
    """
    lon, lat = _FORTH[hypothesis.origin](*_run(transformer(crs, _DEGREES), *placed))
    metres = (_METRES_A_DEGREE * np.cos(np.radians(lat)), _METRES_A_DEGREE)
    if hypothesis.crs is None:
        lon, lat, metres = *bd09mc_from_bd09(lon, lat), (1.0, 1.0)
    elif hypothesis.crs != _DEGREES:
        lon, lat, metres = *_run(transformer(_DEGREES, hypothesis.crs), lon, lat), (1.0, 1.0)
    first, second = given[::-1] if hypothesis.swapped else given
    missed = np.hypot((lon - first) * metres[0], (lat - second) * metres[1])
    return float(np.fmax.reduce(missed, initial=0.0))
