"""Ways to read two columns of numbers as places, by the size of the numbers.

A reading says in which order the two stand, in which coordinate system, and whether a Chinese map has
offset them. Which readings are possible follows from the numbers alone; which one is right is for
``geo.georeference`` to tell.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import CrsError
from geo.text import Text

Numbers = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

LOCAL_DATUMS = {4610: Text("西安 1980", "Xian 1980"), 4214: Text("北京 1954", "Beijing 1954")}
"""Geographic systems without public parameters: conversions that PROJ offers move nothing."""
_SAME_EARTH = frozenset({4490, 4480, 4326, 4979})  # CGCS2000 is WGS 84 to some decimetres
_SAME_NAMES = ("World Geodetic System 1984", "China 2000")
_CM_FIRST, _CM_LAST = 25, 45  # 3-degree zones of China
_UTM_CHINA = range(43, 54)
# Least and most of the numbers that places in China have, a little widened.
_EASTING, _NORTHING = (100_000.0, 900_000.0), (1_900_000.0, 6_000_000.0)
_SIX_DEGREES, _THREE_DEGREES = (13e6, 24e6), (25e6, 46e6)
_MERCATOR_X, _MERCATOR_Y = (8.0e6, 15.4e6), (0.3e6, 7.3e6)
_LOCAL = 200_000.0
_HALF_ROUND, _QUARTER = 180.0, 90.0
_CHINA = (73.0, 3.0, 136.0, 54.0)


class Hypothesis(NamedTuple):
    """One way to read two columns.

    ``key`` names it for good, ``name`` for people. ``origin`` is what to store with the converted data:
    "wgs84" (CGCS2000 included), "gcj02", "bd09", "local" or the code of another system. ``crs``: of the
    numbers; None for Baidu's metres and local systems. ``swapped``: the north or latitude stands first.
    """

    key: str
    name: Text
    origin: str
    crs: str | None
    swapped: bool = False

    @property
    def turned(self) -> "Hypothesis":
        """Give the same reading with the columns in the other order."""
        key = self.key.removesuffix("/yx") if self.swapped else f"{self.key}/yx"
        return self._replace(key=key, swapped=not self.swapped)

    @property
    def title(self) -> Text:
        """Name it with the order of the columns."""
        if not self.swapped:
            return self.name
        return Text(f"{self.name.zh}，北坐标（纬度）在前", f"{self.name.en}, north or latitude first")


WGS84 = Hypothesis("wgs84", Text("WGS84/CGCS2000 经纬度", "WGS 84 or CGCS2000 degrees"), "wgs84", "EPSG:4326")
GCJ02 = Hypothesis("gcj02", Text("GCJ-02 经纬度（高德、腾讯）", "GCJ-02 degrees (Amap, Tencent)"), "gcj02", "EPSG:4326")
BD09 = Hypothesis("bd09", Text("BD-09 经纬度（百度）", "BD-09 degrees (Baidu)"), "bd09", "EPSG:4326")
MERCATOR = Hypothesis(
    "wgs84-mercator", Text("网络墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"), "wgs84", "EPSG:3857"
)
GCJ02_MERCATOR = Hypothesis(
    "gcj02-mercator",
    Text("GCJ-02 网络墨卡托（高德、腾讯）", "Web Mercator of GCJ-02 (Amap, Tencent)"),
    "gcj02",
    "EPSG:3857",
)
BD09MC = Hypothesis("bd09mc", Text("百度米制坐标（BD09MC）", "Baidu's metres (BD09MC)"), "bd09", None)
LOCAL = Hypothesis("local", Text("地方坐标系，用控制点换算", "a local system, by control points"), "local", None)
OFFSET = {one.key: one for one in (WGS84, GCJ02, BD09, MERCATOR, GCJ02_MERCATOR, BD09MC)}
"""The readings that tell what map the numbers come from."""


def in_china(lon: Numbers, lat: Numbers) -> NDArray[np.bool_]:
    """Tell which rows may be longitude and latitude in China; in that order, as the ranges do not overlap."""
    west, south, east, north = _CHINA
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def in_crs(code: str, name: Text | None = None) -> Hypothesis:
    """Give the reading "numbers in this CRS"; degrees of WGS 84 and CGCS2000 are one."""
    known = CRS.from_user_input(code)
    if known.is_geographic and on_same_earth(known):
        return WGS84
    if known.to_epsg() == 3857:  # noqa: PLR2004 (Web Mercator)
        return MERCATOR
    datum = geodetic(known).to_epsg()
    origin = "wgs84" if on_same_earth(known) else f"EPSG:{datum}" if datum else "other"
    words = Text(f"{known.name}（{code}）", f"{known.name} ({code})") if known.to_epsg() else Text.same(known.name)
    return Hypothesis(code, name or words, origin, code)


def by_size(x: Numbers, y: Numbers, *, place: Box | None, crs: str) -> tuple[Hypothesis, ...]:
    """List the readings that the size of the numbers allows.

    Args:
        x: the first column, finite, shape (n,), n at least 1.
        y: the second column, same length.
        place: where the workspace lies, None if not known.
        crs: the workspace CRS.

    Returns:
        Likely ones first; none for numbers that are only possible in a local system.
    """
    first, second = float(np.median(np.abs(x))), float(np.median(np.abs(y)))
    chinese = place is None or _overlaps(place, _CHINA)
    found: list[Hypothesis] = []
    for size, other, turned in ((first, second, False), (second, first, True)):
        readings = _degrees(size, other, chinese=chinese) + _metres(size, other, place, chinese=chinese)
        found += [one.turned if turned else one for one in readings]
    if first > _HALF_ROUND or second > _HALF_ROUND:
        own = in_crs(crs)
        found += [one for one in (own, own.turned) if one not in found]
    return tuple(dict.fromkeys(found))


def looks_local(x: Numbers, y: Numbers) -> bool:
    """Tell whether numbers are too small for any national grid, and may be a city's or a drawing's own."""
    return bool(max(np.median(np.abs(x)), np.median(np.abs(y))) < _LOCAL)


def _degrees(lon: float, lat: float, *, chinese: bool) -> list[Hypothesis]:
    if lon > _HALF_ROUND or lat > _QUARTER:
        return []
    if not chinese:
        return [WGS84]
    west, south, east, north = _CHINA
    return [WGS84, GCJ02, BD09] if west <= lon <= east and south <= lat <= north else [WGS84]


def _metres(east: float, north: float, place: Box | None, *, chinese: bool) -> list[Hypothesis]:
    if east <= _HALF_ROUND and north <= _QUARTER:
        return []
    if not chinese:
        return [*_utm(place, east), MERCATOR]
    found = []
    if _within(east, _MERCATOR_X) and _within(north, _MERCATOR_Y):
        found += [MERCATOR, GCJ02_MERCATOR, BD09MC]
    return found + (_zones(east) if _within(north, _NORTHING) else [])


def _zones(east: float) -> list[Hypothesis]:
    zone = int(east // 1_000_000)
    if _within(east, _EASTING):
        meridians = [gauss_kruger(3 * n) for n in range(_CM_FIRST, _CM_LAST + 1)]
        return meridians + [in_crs(f"EPSG:{32600 + n}") for n in _UTM_CHINA]
    if _within(east, _THREE_DEGREES):
        return [in_crs(f"EPSG:{4513 + zone - 25}", _zone_name(3, zone))]
    if _within(east, _SIX_DEGREES):
        return [in_crs(f"EPSG:{4491 + zone - 13}", _zone_name(6, zone))]
    return []


def gauss_kruger(meridian: int) -> Hypothesis:
    """Give the reading as CGCS2000 Gauss-Kruger metres without zone number; 3- and 6-degree zones are one."""
    name = Text(
        f"CGCS2000 高斯投影，中央经线 {meridian}°，无带号",
        f"CGCS2000 Gauss-Kruger metres of {meridian}° E without zone number",
    )
    return in_crs(f"EPSG:{4534 + meridian // 3 - _CM_FIRST}", name)


def twins(hypothesis: Hypothesis) -> tuple[Hypothesis, ...]:
    """Give the readings of the same Gauss-Kruger numbers in Xian 1980 and Beijing 1954, none for other readings."""
    if hypothesis.crs is None or not hypothesis.crs.startswith("EPSG:"):
        return ()
    code = int(hypothesis.crs[5:])
    for first, last, others in (
        (4513, 4533, (2349, 2401)), (4534, 4554, (2370, 2422)),
        (4491, 4501, (2327, 21413)), (4502, 4512, (2338, 21453)),
    ):  # fmt: skip
        if first <= code <= last:
            named = zip(LOCAL_DATUMS.values(), [other + code - first for other in others], strict=True)
            made = [in_crs(f"EPSG:{other}", _twin_name(datum, other)) for datum, other in named]
            return tuple(one.turned if hypothesis.swapped else one for one in made)
    return ()


def _twin_name(datum: Text, code: int) -> Text:
    return Text(f"{datum.zh} 高斯投影（EPSG:{code}）", f"{datum.en} Gauss-Kruger metres (EPSG:{code})")


def local_datum(crs: str) -> Text | None:
    """Name the datum of a CRS that needs local parameters, None for others."""
    return LOCAL_DATUMS.get(geodetic(CRS.from_user_input(crs)).to_epsg() or 0)


def _zone_name(width: int, zone: int) -> Text:
    return Text(
        f"CGCS2000 高斯投影 {width} 度带第 {zone} 带（东坐标含带号）",
        f"CGCS2000 {width}-degree Gauss-Kruger zone {zone} (zone number in the easting)",
    )


def _utm(place: Box | None, east: float) -> list[Hypothesis]:
    if place is None or not _within(east, (0.0, 1e6)):
        return []
    own = int(((place[0] + place[2]) / 2 + _HALF_ROUND) // 6)
    first = 32601 if place[1] + place[3] >= 0 else 32701
    return [in_crs(f"EPSG:{first + (own + step) % 60}") for step in (0, -1, 1)]


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def on_same_earth(crs: CRS) -> bool:
    """Tell whether a system stands on WGS 84 or CGCS2000, which count as one."""
    base = geodetic(crs)
    return base.to_epsg() in _SAME_EARTH or (base.datum is not None and base.datum.name.startswith(_SAME_NAMES))


def geodetic(crs: CRS) -> CRS:
    """Give the degrees that a system stands on.

    Raises:
        CrsError: a plane system without a tie to the Earth.
    """
    base = crs.geodetic_crs
    if base is None:
        raise CrsError(
            Text(
                f"{crs.name} 与地球没有联系，需要控制点",
                f"{crs.name} has no tie to the Earth, control points are needed",
            )
        )
    return base
