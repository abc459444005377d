"""The offset coordinates of Chinese maps: GCJ-02, BD-09 and Baidu's metres, and the way back to WGS 84.

The formulas are those that are in public use (eviltransform, coordtransform): polynomials and sines on the
Krasovsky ellipsoid for GCJ-02, a turn and a stretch of it for BD-09 whose waves have the length
pi * 3000 / 180 (versions with pi alone are up to 90 m off), and Baidu's polynomials by bands of latitude for
its metres. WGS 84 and CGCS2000 are taken as one, which is right to some decimetres.

China's rectangle: nothing is moved where the longitude is below 72.004 or above 137.8347 degrees or the
latitude below 0.8293 or above 55.8271 degrees. This is the published rule; the true offset ends at the
border, so the functions must not be used for places of neighbouring countries inside the rectangle.
The ways back are iterated until no coordinate moves by 1e-9 degrees, 0.1 mm; they undo the ways forth to
far less than 1 cm everywhere in the rectangle but on its very edge.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

RECTANGLE = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east and north end of where anything is moved, degrees."""
_AXIS_M, _FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943  # Krasovsky 1940: half axis, squared eccentricity
_BAIDU_WAVE = np.pi * 3000 / 180
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006  # degrees
_STILL = 1e-9  # degrees
_MOST_STEPS = 30  # four suffice; on the edge of a band it may never come to rest
_METRES_A_DEGREE = 111_320.7  # of Baidu's metres, along the equator
_CHUNK = 65_536  # rows at a time: what the sines need stays in the cache

# Baidu's polynomials: the least latitude (degrees) or northing (metres) of a band, then ten coefficients.
_TO_METRES: tuple[tuple[float, tuple[float, ...]], ...] = (
    (45, (0.00337398766765, 111320.7020202162, 4481351.045890365, -23393751.19931662, 79682215.47186455,
          -115964993.2797253, 97236711.15602145, -43661946.33752821, 8477230.501135234, 52.5)),
    (30, (0.00220636496208, 111320.7020209128, 51751.86112841131, 3796837.749470245, 992013.7397791013,
          -1221952.21711287, 1340652.697009075, -620943.6990984312, 144416.9293806241, 37.5)),
    (15, (-0.0003441963504368392, 111320.7020576856, 278.2353980772752, 2485758.690035394, 6070.750963243378,
          54821.18345352118, 9540.606633304236, -2710.55326746645, 1405.483844121726, 22.5)),
    (0, (-0.0003218135878613132, 111320.7020701615, 0.00369383431289, 823725.6402795718, 0.46104986909093,
         2351.343141331292, 1.58060784298199, 8.77738589078284, 0.37238884252424, 7.45)),
)  # fmt: skip
_TO_DEGREES: tuple[tuple[float, tuple[float, ...]], ...] = (
    (5591021, (-3.030883460898826e-8, 8.98305509983578e-6, 0.30071316287616, 59.74293618442277, 7.357984074871,
               -25.38371002664745, 13.45380521110908, -3.29883767235584, 0.32710905363475, 6856817.37)),
    (3481989.83, (-1.981981304930552e-8, 8.983055099779535e-6, 0.03278182852591, 40.31678527705744,
                  0.65659298677277, -4.44255534477492, 0.85341911805263, 0.12923347998204, -0.04625736007561,
                  4482777.06)),
    (1678043.12, (3.09191371068437e-9, 8.983055096812155e-6, 6.995724062e-5, 23.10934304144901,
                  -0.00023663490511, -0.6321817810242, -0.00663494467273, 0.03430082397953, -0.00466043876332,
                  2555164.4)),
    (0, (2.890871144776878e-9, 8.983055095805407e-6, -3.068298e-8, 7.47137025468032, -3.53937994e-6,
         -0.02145144861037, -1.234426596e-5, 0.00010322952773, -3.23890364e-6, 826088.5)),
)  # fmt: skip


def in_rectangle(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which places lie in China's rectangle, its edge included; NaN does not."""
    west, south, east, north = RECTANGLE
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Give the places where Amap, Tencent and other Chinese maps draw true places.

    Args:
        lon: degrees east, any shape.
        lat: degrees north, same shape.

    Returns:
        Longitude and latitude in GCJ-02; unchanged outside China's rectangle, NaN stays NaN.
    """
    return _in_parts(_gcj, lon, lat)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Find the true places of GCJ-02 coordinates; arguments and result as ``gcj02_from_wgs84``."""
    return _in_parts(_gcj_back, lon, lat)


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Give the places where Baidu draws what other Chinese maps draw at GCJ-02 coordinates, in degrees."""
    return _in_parts(_bd, lon, lat)


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike, *, published: bool = False) -> Pair:
    """Turn BD-09 degrees into GCJ-02.

    Args:
        lon: degrees east, any shape.
        lat: degrees north, same shape.
        published: the closed formula that others print, which misses by up to 0.21 m; otherwise the exact
            inverse of ``bd09_from_gcj02``.

    Returns:
        Longitude and latitude; unchanged outside China's rectangle.
    """
    return _in_parts(_bd_closed if published else _bd_back, lon, lat)


def bd09_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Give the BD-09 degrees of true places."""
    return _in_parts(lambda x, y: _bd(*_gcj(x, y)), lon, lat)


def wgs84_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Find the true places of BD-09 degrees."""
    return _in_parts(lambda x, y: _gcj_back(*_bd_back(x, y)), lon, lat)


def bd09mc_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Turn BD-09 degrees into Baidu's metres (BD09MC), which only look like Web Mercator.

    Args:
        lon: degrees east, any shape.
        lat: degrees north, same shape, 0 to 60.

    Returns:
        East and north in Baidu's metres, NaN for latitudes outside 0 to 60.
    """
    x, y = _pair(lon, lat)
    return _banded(x, y, _TO_METRES, top=60.0)


def bd09_from_bd09mc(east: ArrayLike, north: ArrayLike, *, published: bool = False) -> Pair:
    """Turn Baidu's metres (BD09MC) into BD-09 degrees.

    Args:
        east: Baidu's metres, any shape.
        north: Baidu's metres, same shape, 0 to 8362377.87 (60 degrees).
        published: Baidu's own polynomials for the way back, which miss by up to 0.27 m near 45 degrees;
            otherwise the exact inverse of ``bd09mc_from_bd09``.

    Returns:
        Longitude and latitude, NaN for northings outside.
    """
    x, y = _pair(east, north)
    start = _banded(x, y, _TO_DEGREES, top=8_362_377.87)
    return start if published else _undone(bd09mc_from_bd09, (x, y), start, scale=_degrees_a_metre(start[1]))


def _degrees_a_metre(lat: Degrees) -> Pair:
    level = np.full_like(lat, 1 / _METRES_A_DEGREE)
    return level, level * np.cos(np.radians(lat))


def _pair(first: ArrayLike, second: ArrayLike) -> Pair:
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if x.shape != y.shape:
        msg = f"the two coordinates must be of one shape, not {x.shape} and {y.shape}"
        raise ValueError(msg)
    return x, y


def _in_parts(change: Callable[[Degrees, Degrees], Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Change what lies in the rectangle, some thousand rows at a time."""
    x, y = _pair(lon, lat)
    east, north = x.ravel().copy(), y.ravel().copy()
    inside = np.flatnonzero(in_rectangle(east, north))
    for start in range(0, len(inside), _CHUNK):
        rows = inside[start : start + _CHUNK]
        east[rows], north[rows] = change(east[rows], north[rows])
    return east.reshape(x.shape), north.reshape(x.shape)


def _gcj(lon: Degrees, lat: Degrees) -> Pair:
    x, y = lon - 105, lat - 35
    both = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    root = np.sqrt(np.abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (both + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (both + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))) * 2 / 3
    angle = np.radians(lat)
    bend = 1 - _FLATNESS * np.sin(angle) ** 2
    turned = np.degrees(np.sqrt(bend) / _AXIS_M)
    return lon + east * turned / np.cos(angle), lat + north * turned * bend / (1 - _FLATNESS)


def _waves(angle: Degrees, *waves: tuple[float, float]) -> Degrees:
    total = np.zeros_like(angle)
    for height, length in waves:
        total += height * np.sin(np.pi * angle / length)
    return total


def _gcj_back(lon: Degrees, lat: Degrees) -> Pair:
    return _undone(_gcj, (lon, lat), (lon, lat))


def _bd(lon: Degrees, lat: Degrees) -> Pair:
    far = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return far * np.cos(angle) + _BAIDU_EAST, far * np.sin(angle) + _BAIDU_NORTH


def _bd_closed(lon: Degrees, lat: Degrees) -> Pair:
    x, y = lon - _BAIDU_EAST, lat - _BAIDU_NORTH
    far = np.hypot(x, y) - 0.00002 * np.sin(y * _BAIDU_WAVE)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BAIDU_WAVE)
    return far * np.cos(angle), far * np.sin(angle)


def _bd_back(lon: Degrees, lat: Degrees) -> Pair:
    return _undone(_bd, (lon, lat), _bd_closed(lon, lat))


def _undone(
    change: Callable[[Degrees, Degrees], Pair], target: Pair, start: Pair, *, scale: Pair | tuple[float, float] = (1, 1)
) -> Pair:
    """Find what a change leads from to the target, by steps of what is still missing times the scale."""
    x, y = start
    for _ in range(_MOST_STEPS):
        east, north = change(x, y)
        missing = (target[0] - east) * scale[0], (target[1] - north) * scale[1]
        x, y = x + missing[0], y + missing[1]
        if not max(_largest(missing[0]), _largest(missing[1])) >= _STILL:
            break
    return x, y


def _largest(values: Degrees) -> float:
    return float(np.fmax.reduce(np.abs(values).ravel(), initial=0.0))


def _banded(x: Degrees, y: Degrees, bands: tuple[tuple[float, tuple[float, ...]], ...], *, top: float) -> Pair:
    """Apply the polynomial of each row's band."""
    east, north = np.full_like(x, np.nan), np.full_like(y, np.nan)
    for least, (shift, scale, *powers, unit) in bands:
        rows = (y >= least) & (y <= top)
        east[rows] = shift + scale * x[rows]
        north[rows] = np.polynomial.polynomial.polyval(y[rows] / unit, powers)
        top = np.nextafter(least, -np.inf)
    return east, north
