"""What a file or a clerk says about the coordinate system, from "EPSG:4528" to "高德(GCJ-02)"."""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from geo.candidates import BD09, BD09MC, GCJ02, MERCATOR, WGS84, Hypothesis, in_crs
from geo.conversion import converted
from geo.text import Text

_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"bd-?_?09\s*-?_?mc|百度.*(米|墨卡托)|baidu.*(met|merc)", re.IGNORECASE), "bd09mc"),
    (re.compile(r"bd-?_?09|百度|baidu", re.IGNORECASE), "bd09"),
    (re.compile(r"gcj-?_?02|火星|高德|腾讯|微信|amap|gaode|tencent", re.IGNORECASE), "gcj02"),
    (re.compile(r"西安\s*(19)?80|(?<!\w)(xian|xi'an)\s*_?(19)?80", re.IGNORECASE), "EPSG:4610"),
    (re.compile(r"北京\s*(19)?54|(?<!\w)beijing\s*_?(19)?54", re.IGNORECASE), "EPSG:4214"),
    (re.compile(r"cgcs\s*-?_?2000|国家\s*2000|2000\s*国家|大地\s*2000|天地图", re.IGNORECASE), "cgcs2000"),
    (re.compile(r"(网络|web).*(墨卡托|mercator)", re.IGNORECASE), "wgs84-mercator"),
    (re.compile(r"wgs\s*-?_?(19)?84|gps|北斗", re.IGNORECASE), "wgs84"),
)
_MEANT = {"bd09mc": BD09MC, "bd09": BD09, "gcj02": GCJ02, "wgs84-mercator": MERCATOR, "wgs84": WGS84}
_CODE = re.compile(r"[:\[+]|^\d+$")
_POLE, _ROUND = 90.0, 360.0
_MARGIN = 1.0  # degrees beyond the area of use that are still taken
_MOST_OUTSIDE = 0.5  # share of rows


class Declared(NamedTuple):
    """What was said: the reading, if it is a whole one; the datum ("cgcs2000", "gcj02", "EPSG:4610" ...).

    ``weak``: plain WGS 84 degrees, which GeoJSON, KML, GPX and phone tools say of everything, offset or not.
    """

    said: str
    hypothesis: Hypothesis | None
    datum: str

    @property
    def weak(self) -> bool:
        """Tell whether it says only what many tools write without knowing."""
        return self.hypothesis == WGS84 and self.datum == "wgs84"


def declared(said: str | None) -> Declared | None:
    """Understand a declaration.

    Args:
        said: code, WKT, or words of a column such as 坐标系; None or blank if nothing was said.

    Returns:
        What it means; None for nothing and for what is not understood.
    """
    if said is None or not said.strip():
        return None
    text = said.strip()
    known = _crs(text)
    means = next((means for pattern, means in _WORDS if pattern.search(text)), None)
    # PROJ knows "CGCS2000" as the name of degrees; in a table it names the datum of metres just as often.
    if known is None or (means is not None and known.is_geographic and not _CODE.search(text)):
        return None if means is None else Declared(text, _MEANT.get(means), means)
    code = known.to_epsg()
    found = in_crs(f"EPSG:{code}" if code else text)
    base = known.geodetic_crs
    chinese = base is not None and base.datum is not None and base.datum.name == "China 2000"
    return Declared(f"EPSG:{code}" if code else known.name, found, "cgcs2000" if chinese else found.origin)


def _crs(said: str) -> CRS | None:
    try:
        known = CRS.from_user_input(said)
    except ProjError:
        return None
    return None if known.name.startswith("Undefined") or known.geodetic_crs is None else known


def outside_area_of_use(hypothesis: Hypothesis, x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Tell whether most numbers lie where their CRS is not made for: the wrong axes, units, zone or meridian."""
    if hypothesis.crs is None:
        return False
    known = CRS.from_user_input(hypothesis.crs)
    area, base = known.area_of_use, known.geodetic_crs
    if area is None or base is None:
        return False
    first, second = (y, x) if hypothesis.swapped else (x, y)
    if not known.is_geographic:
        plain = Hypothesis("", Text("", ""), "", hypothesis.crs)
        first, second = converted(plain, first, second, base.to_wkt())
    width = (area.east - area.west) % _ROUND or _ROUND
    inside = ((first - area.west + _MARGIN) % _ROUND <= min(width + 2 * _MARGIN, _ROUND)) & (np.abs(first) <= _ROUND)
    inside &= (second >= max(area.south - _MARGIN, -_POLE)) & (second <= min(area.north + _MARGIN, _POLE))
    return bool(np.mean(inside) <= _MOST_OUTSIDE)


def needs_parameters(crs: str) -> Text:
    """Say what is needed for data in a system without public parameters."""
    name = CRS.from_user_input(crs).name
    return Text(
        f"从 {name} 换算需要本地的七参数，或至少两个控制点（文件坐标和工作区坐标各一对）；"
        "直接换算一米也不会移动，误差可达几十到一百多米。请向测绘主管部门索取，或请提供方给出 CGCS2000 成果",
        f"Data in {name} need the seven local parameters, or at least two control points (coordinates of the file "
        "and of the workspace); a plain conversion moves nothing and is wrong by tens of metres or more. "
        "Ask the surveying office, or ask for the data in CGCS2000",
    )


def unreadable(said: str) -> Text:
    """Say that a declaration is not understood."""
    return Text(
        f"看不懂文件声明的坐标系“{said[:60]}”，当作没有声明",
        f"the declared coordinate system “{said[:60]}” is not understood and counts as unsaid",
    )
