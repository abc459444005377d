"""The ground plan: boundary, railway, streets and the 6 large and 17 small grids cut by them.

Drawn by hand in metres from ``ORIGIN`` (EPSG:4546); small grids are the faces between street
centre lines, so neighbours share every vertex.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import shapely
from shapely import LineString, Polygon
from shapely.affinity import translate

from data.huolong.shapes import MILLIMETRE, Pair, between, curve, reading_order

CRS = "EPSG:4546"
ORIGIN = (559_800.0, 2_925_800.0)
LARGE_BAND_M, SMALL_BAND_M = 60.0, 50.0

# Closed: along the far side of the railway in the west and south, beyond the edge roads elsewhere.
OUTLINE: tuple[Pair, ...] = (
    (2, 490),
    (82, 501),
    (175, 506),
    (270, 501),
    (360, 488),
    (433, 482),
    (495, 480),
    (488, 412),
    (484, 340),
    (491, 268),
    (496, 196),
    (490, 113),
    (488, 2),
    (412, -8),
    (309, -6),
    (211, 2),
    (126, 23),
    (64, 62),
    (25, 122),
    (6, 206),
    (-2, 309),
    (-4, 402),
)


class Way(NamedTuple):
    """A street as drawn: name, kind, width in metres, its points, the ways that end it."""

    name: str
    kind: str
    width_m: float
    points: tuple[Pair, ...]
    ends: tuple[str, ...] = ()
    divides: int = 0


WAYS: dict[str, Way] = {
    "railway": Way(
        "铁路专用线",
        "railway",
        4.0,
        (
            (10, 489),
            (6, 402),
            (8, 309),
            (16, 210),
            (34, 127),
            (71, 71),
            (130, 33),
            (212, 12),
            (309, 4),
            (412, 2),
            (488, 11),
        ),
    ),
    "back": Way(
        "铁路背街",
        "lane",
        5.0,
        (
            (30, 487),
            (26, 402),
            (29, 309),
            (37, 214),
            (54, 137),
            (87, 87),
            (138, 53),
            (216, 32),
            (310, 24),
            (412, 22),
            (479, 30),
        ),
    ),
    "north": Way(
        "建设路", "branch", 12.0, ((30, 487), (82, 491), (175, 495), (270, 490), (360, 478), (433, 472), (485, 470))
    ),
    "east": Way(
        "育才路", "branch", 9.0, ((485, 470), (478, 412), (474, 340), (481, 268), (486, 196), (480, 113), (479, 30))
    ),
    "main": Way(
        "天桥南路",
        "main",
        16.0,
        ((276, 515), (270, 490), (253, 412), (251, 340), (270, 270), (301, 206), (321, 134), (321, 72), (315, -21)),
        ("outline",),
        1,
    ),
    "upper": Way(
        "解放巷",
        "branch",
        8.0,
        ((-21, 332), (62, 328), (154, 342), (251, 344), (350, 328), (412, 332), (500, 340)),
        ("outline",),
        1,
    ),
    "lower": Way(
        "工人巷",
        "branch",
        7.0,
        ((10, 173), (64, 177), (144, 196), (227, 192), (305, 196), (391, 183), (505, 192)),
        ("outline",),
        1,
    ),
    "nw_lane": Way(
        "活龙一巷", "lane", 5.0, ((140, 515), (136, 484), (130, 422), (138, 371), (134, 319)), ("outline", "upper"), 2
    ),
    "nw_cross": Way("粮站巷", "lane", 4.5, ((122, 414), (165, 410), (211, 420), (266, 414)), ("nw_lane", "main"), 2),
    "ne_lane": Way("活龙二巷", "lane", 5.0, ((363, 505), (369, 453), (360, 391), (367, 309)), ("outline", "upper"), 2),
    "ne_cross": Way("育才一巷", "lane", 4.5, ((350, 408), (412, 402), (505, 410)), ("ne_lane", "outline"), 2),
    "w_lane": Way("纺织巷", "lane", 5.0, ((150, 355), (142, 299), (159, 247), (154, 175)), ("upper", "lower"), 2),
    "w_cross": Way("工人一巷", "path", 4.0, ((144, 258), (206, 270), (278, 262)), ("w_lane", "main"), 2),
    "e_cross": Way("市场街", "lane", 8.0, ((264, 262), (340, 260), (402, 270), (505, 264)), ("main", "outline"), 2),
    "e_lane": Way("育才二巷", "path", 4.0, ((383, 350), (379, 309), (389, 247)), ("upper", "e_cross"), 2),
    "sw_lane": Way("机务巷", "lane", 4.5, ((212, 211), (210, 154), (222, 93), (214, -12)), ("lower", "outline"), 2),
    "sw_cross": Way("俱乐部巷", "path", 4.0, ((202, 115), (258, 109), (335, 119)), ("sw_lane", "main"), 2),
    "se_cross": Way("文化巷", "lane", 5.0, ((309, 109), (381, 115), (443, 105), (505, 109)), ("main", "outline"), 2),
    "nw_path": Way("铁路一村甬道", "path", 3.0, ((24, 432), (70, 428), (142, 434)), ("back", "nw_lane")),
    "w_path": Way("铁路二村甬道", "path", 3.0, ((24, 262), (80, 266), (156, 262)), ("back", "w_lane")),
    "sw_path": Way("机务段甬道", "path", 3.0, ((116, 200), (120, 178), (124, 162)), ("lower",)),
    "ne_path": Way("建材新村甬道", "path", 3.0, ((246, 414), (300, 408), (366, 416)), ("main", "ne_lane")),
    "e_path": Way("百货院甬道", "path", 3.0, ((384, 276), (380, 240), (388, 180)), ("e_cross", "lower")),
    "se_path": Way("文化新村甬道", "path", 3.0, ((392, 120), (388, 70), (396, 16)), ("se_cross", "back")),
}


EDGES = ("back", "north", "east")  # where other streets end, though grid borders go on to the outline
BEYOND = (*EDGES, "railway", "main")  # the main road crosses the railway on the footbridge's side


@dataclass(frozen=True)
class Plan:
    """The drawn ground: outline, street lines by key, small grids with their ids, large grids."""

    outline: Polygon
    lines: Mapping[str, LineString]
    small: Mapping[str, Polygon]
    large: Mapping[str, Polygon]

    def parent(self, small_id: str) -> str:
        """Give the large grid that a small grid belongs to."""
        return small_id.rpartition("-")[0]

    @property
    def streets(self) -> dict[str, LineString]:
        """Lines that people use: all but the railway."""
        return {key: line for key, line in self.lines.items() if key != "railway"}


def draw_plan() -> Plan:
    """Draw the community; the same plan on each call."""
    outline = _outline()
    dividers = {key: _line(way) for key, way in WAYS.items() if way.divides}
    larges = _faces(outline, [line for key, line in dividers.items() if WAYS[key].divides == 1])
    smalls = _faces(outline, list(_trimmed(dividers, outline).values()))
    small, large = _numbered(larges, smalls)
    lines = _trimmed({key: dividers.get(key, _line(way)) for key, way in WAYS.items()}, outline)
    edges = [lines[key] for key in EDGES]
    streets = {key: line if key in BEYOND else between(line, edges) for key, line in lines.items()}
    return Plan(shapely.coverage_union_all(list(large.values())), streets, small, large)


def _outline() -> Polygon:
    return translate(Polygon(curve([*OUTLINE, OUTLINE[0]]).coords), *ORIGIN)


def _line(way: Way) -> LineString:
    return translate(curve(way.points), *ORIGIN)


def _trimmed(lines: Mapping[str, LineString], outline: Polygon) -> dict[str, LineString]:
    stops = {**lines, "outline": outline}
    return {
        key: between(line, [stops[end] for end in WAYS[key].ends]) if WAYS[key].ends else line.intersection(outline)
        for key, line in lines.items()
    }


def _faces(outline: Polygon, dividers: list[LineString]) -> list[Polygon]:
    """Cut the outline along lines; the faces share their vertices because all lines are noded first."""
    # A cut line may stop a hair short of the line that ends it: lengthen it by a hand's breadth.
    longer = [_lengthened(line, 0.1) for line in dividers]
    noded = shapely.unary_union([outline.exterior, *longer], grid_size=MILLIMETRE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return [face for face in faces if outline.covers(face.representative_point())]


def _lengthened(line: LineString, by: float) -> LineString:
    (x0, y0), (x1, y1) = line.coords[0], line.coords[1]
    (x2, y2), (x3, y3) = line.coords[-2], line.coords[-1]
    head, tail = (
        by / shapely.Point(x0, y0).distance(shapely.Point(x1, y1)),
        by / shapely.Point(x2, y2).distance(shapely.Point(x3, y3)),
    )
    return LineString(
        [
            (x0 + (x0 - x1) * head, y0 + (y0 - y1) * head),
            *line.coords[1:-1],
            (x3 + (x3 - x2) * tail, y3 + (y3 - y2) * tail),
        ]
    )


def _numbered(larges: list[Polygon], smalls: list[Polygon]) -> tuple[dict[str, Polygon], dict[str, Polygon]]:
    small: dict[str, Polygon] = {}
    large: dict[str, Polygon] = {}
    for i, at in enumerate(reading_order([p.centroid for p in larges], band=LARGE_BAND_M), start=1):
        inside = [p for p in smalls if larges[at].contains(p.representative_point())]
        order = reading_order([p.centroid for p in inside], band=SMALL_BAND_M)
        children = {f"HL-{i:02d}-{j:02d}": shapely.normalize(inside[k]) for j, k in enumerate(order, start=1)}
        small |= children
        large[f"HL-{i:02d}"] = shapely.coverage_union_all(list(children.values()))
    return small, large
