"""The shapes that layers hold, and what can be wrong with one, in words."""

import re
from collections.abc import Mapping

import shapely

from geo.text import Text

_POINT, _LINE, _AREA = Text("点", "a point"), Text("线", "a line"), Text("面", "an area")
SHAPES: Mapping[str, tuple[int, ...]] = {"point": (0,), "line": (1, 5), "area": (3, 6), "any": (0, 1, 3, 5, 6)}
"""Numbers of the geometry types of each ``LayerSpec.shape``."""
WANTED: Mapping[str, Text] = {
    "point": _POINT,
    "line": _LINE,
    "area": _AREA,
    "any": Text("点、线或面", "a point, a line or an area"),
}
UNREADABLE = Text("无法读取的图形，如环未闭合", "a shape that cannot be read, as when a ring is not closed")
EMPTY = Text("没有图形", "no shape")
_NAMES: Mapping[int, Text] = {
    0: _POINT,
    1: _LINE,
    2: Text("单独的环", "a bare ring"),
    3: _AREA,
    4: Text("多点", "several points in one"),
    5: _LINE,
    6: _AREA,
    7: Text("几种图形混在一起", "a mixture of shapes"),
}
_REASONS: Mapping[str, Text] = {
    "Self-intersection": Text("边线自相交", "an outline that crosses itself"),
    "Ring Self-intersection": Text("边线自相接", "an outline that touches itself"),
    "Hole lies outside shell": Text("洞在图形之外", "a hole outside the shape"),
    "Holes are nested": Text("洞中有洞", "a hole within a hole"),
    "Nested shells": Text("一部分落在另一部分之内", "a part within another part"),
    "Interior is disconnected": Text("内部被洞割断", "an inside cut apart by holes"),
    "Duplicate Rings": Text("同一条边线出现两次", "the same outline twice"),
    "Too few points in geometry component": Text("顶点太少", "too few corners"),
    "Invalid Coordinate": Text("坐标不是数", "a coordinate that is no number"),
    "Ring is not closed": Text("环未闭合", "a ring that is not closed"),
}
"""What GEOS finds wrong with a shape."""


def shape_found(shape: shapely.Geometry) -> Text:
    """Name the type of a geometry."""
    return _NAMES[int(shapely.get_type_id(shape))]


def reason_found(reason: str) -> Text:
    """Say why a geometry is invalid and where, from the words of ``shapely.is_valid_reason``."""
    kind, _, rest = reason.partition("[")
    words = _REASONS.get(kind.strip(), Text("不合几何规则的图形", "a shape against the rules of geometry"))
    at = [f"{float(number):.1f}" for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", rest)[:2]]
    if len(at) < 2:  # noqa: PLR2004 (x and y)
        return words
    spot = ", ".join(at)
    return Text(f"{words.zh}，位于 ({spot})", f"{words.en} at ({spot})")
