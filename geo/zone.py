"""Which metric coordinate system a place is worked in, and why."""

from typing import NamedTuple

import shapely

from geo.errors import CrsError
from geo.text import Text

_UTM_SOUTH, _UTM_NORTH = -80, 84  # latitudes where the UTM zones end
_HALF_ROUND = 180  # degrees
_GK_FIRST, _GK_LAST = 25, 45  # 3-degree zones of China
_NEAR_BORDER = 0.1  # degrees of longitude: as near as that to the next zone, a city may well work in that one


class Zone(NamedTuple):
    """A working CRS with the reason for it; ``neighbour`` is the next zone's if the place is near the border."""

    crs: str
    neighbour: str | None
    why: Text


def metric_crs(lon: float, lat: float) -> str:
    """Choose the working CRS for a place: that of ``metric_zone``, "EPSG:n".

    Raises:
        CrsError: not a place on Earth, or too near a pole.
    """
    return metric_zone(lon, lat).crs


def metric_zone(lon: float, lat: float) -> Zone:
    """Choose the working CRS for a place and say why.

    In China the CGCS2000 3-degree Gauss-Kruger zone without zone number in the easting
    (EPSG:4534 to 4554), elsewhere the UTM zone on WGS 84, Norwegian exceptions left out. A place on
    a border belongs to the zone east of it, on the equator to the northern one.

    Args:
        lon: degrees east, -180 to 180.
        lat: degrees north, -80 to 84.

    Raises:
        CrsError: not a place on Earth, or too near a pole.
    """
    if not (abs(lon) <= _HALF_ROUND and _UTM_SOUTH <= lat <= _UTM_NORTH):
        raise CrsError(
            Text(
                f"经度 {lon}、纬度 {lat} 不是可用的位置；检查经纬度是否写反",
                f"longitude {lon}, latitude {lat} is no usable place; check whether the two are swapped",
            )
        )
    zone = int(lon / 3 + 0.5) if lon > 0 else 0
    if _GK_FIRST <= zone <= _GK_LAST and _in_china(lon, lat):
        return _gauss_kruger(lon, lat, zone)
    return _utm(lon, lat)


def _gauss_kruger(lon: float, lat: float, zone: int) -> Zone:
    first = 4534 - _GK_FIRST
    other = zone + _side(lon, 3 * zone - 1.5, 3 * zone + 1.5)
    neighbour = f"EPSG:{first + other}" if other != zone and _GK_FIRST <= other <= _GK_LAST else None
    name = Text(
        f"中国境内，CGCS2000 三度带，中央经线 {3 * zone}°", f"in China, CGCS2000 3-degree zone of {3 * zone}° E"
    )
    return Zone(f"EPSG:{first + zone}", neighbour, _why(lon, lat, name, neighbour))


def _utm(lon: float, lat: float) -> Zone:
    zone = min(int((lon + _HALF_ROUND) // 6) + 1, 60)
    other = (zone + _side(lon, 6 * zone - 186, 6 * zone - 180) - 1) % 60 + 1
    first, half = (32600, "N") if lat >= 0 else (32700, "S")
    neighbour = f"EPSG:{first + other}" if other != zone else None
    name = Text(f"WGS 84 的 UTM {zone}{half} 带", f"UTM zone {zone}{half} on WGS 84")
    return Zone(f"EPSG:{first + zone}", neighbour, _why(lon, lat, name, neighbour))


def _side(lon: float, west: float, east: float) -> int:
    """Tell which border of a zone is near: -1 the western, 1 the eastern, 0 neither."""
    return -1 if lon - west <= _NEAR_BORDER else int(east - lon <= _NEAR_BORDER)


def _why(lon: float, lat: float, zone: Text, neighbour: str | None) -> Text:
    east, north = ("东经", "E") if lon >= 0 else ("西经", "W"), ("北纬", "N") if lat >= 0 else ("南纬", "S")
    place = Text(
        f"{east[0]} {abs(lon):.2f}°、{north[0]} {abs(lat):.2f}°",
        f"{abs(lon):.2f}° {east[1]}, {abs(lat):.2f}° {north[1]}",
    )
    said = Text("{place}：{zone}", "{place}: {zone}").format(place=place, zone=zone)
    if neighbour is None:
        return said
    near = Text(
        "；距邻带 {other} 不到 {d}°，请向测绘部门确认本市用哪一带",
        "; less than {d}° from the zone of {other}, ask the surveying office which of the two the city works in",
    ).format(other=neighbour, d=_NEAR_BORDER)
    return Text(said.zh + near.zh, said.en + near.en)


# Outline of China's mainland, Hainan and Taiwan to about 20 km, degrees; it only chooses a zone,
# and a place near the outline is served well by either system.
_CHINA = shapely.Polygon(
    [
        (73.4, 39.4), (75.0, 37.3), (78.0, 34.5), (78.8, 31.0), (81.2, 30.0), (86.0, 27.9), (88.8, 27.9),
        (91.7, 27.7), (92.0, 26.8), (95.5, 27.9), (97.4, 28.0), (98.6, 27.4), (97.6, 24.6), (98.9, 22.0),
        (101.6, 21.1), (102.4, 22.6), (105.3, 23.2), (106.7, 22.0), (108.0, 21.4), (108.3, 18.0), (111.5, 18.0),
        (114.6, 22.1), (117.5, 23.2), (119.5, 21.7), (122.3, 22.0), (122.4, 25.6), (123.0, 30.6), (122.9, 37.5),
        (124.3, 39.9), (126.9, 41.6), (128.2, 42.0), (130.6, 42.4), (131.2, 44.9), (133.2, 45.1), (135.2, 48.5),
        (130.9, 47.9), (127.6, 50.0), (125.6, 53.2), (123.5, 53.7), (120.0, 52.8), (119.8, 50.2), (116.7, 49.9),
        (115.6, 47.9), (119.7, 46.8), (111.9, 45.0), (111.9, 43.7), (105.0, 41.6), (96.3, 42.7), (90.9, 45.2),
        (90.8, 47.2), (87.8, 49.2), (85.5, 47.2), (82.3, 45.3), (80.2, 44.9), (80.2, 42.1), (73.6, 40.0),
    ]
)  # fmt: skip


def _in_china(lon: float, lat: float) -> bool:
    return bool(shapely.intersects_xy(_CHINA, lon, lat))
