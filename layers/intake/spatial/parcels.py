"""The parcel text file of Chinese land surveys (勘测定界, 报盘): rings of numbered corners, X to the north.

Format, as land administrations hand it out: sections in brackets; ``[属性描述]`` with the projection, then
``[地块坐标]`` with a line of facts ending in ``@`` for each parcel and a line ``J1,1,X,Y`` for each corner. The
second number of a corner is the ring: 1 the outline, further ones holes or further outlines.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from geo.errors import Problem
from geo.findings import shown
from geo.text import Text
from layers.intake.source import LostRow, Source
from layers.intake.spatial.columns import table_of
from layers.intake.spatial.faults import lost, refuse, vector_problem
from layers.intake.spatial.shaping import LARGEST, shaped
from layers.intake.upload.json_text import text_of

FACTS = ("corners", "area_ha", "parcel_no", "name", "drawn_as", "map_sheet", "land_use", "land_class")
"""Names unlike those of any column: a code of land use is no id, and the same for many parcels.

What stands in the line of a parcel: corners, area, number, name, kind of shape, map sheet, use, code."""
_SPLIT = re.compile("[,，]")
_CORNER = 4  # name, ring, X, Y
_RING = 3
_ZONE_3, _ZONE_6 = range(25, 46), range(13, 24)
_NAMED_3, _NAMED_6 = 4488, 4478  # EPSG codes with the zone before the easting: 4513 is zone 25, 4491 zone 13
_PLAIN_3, _FIRST_MERIDIAN = 4534, 75  # without it: 4534 is 75 E
_HUGE = 1e7


class _Parcel(NamedTuple):
    row: int
    facts: dict[str, str]
    rings: dict[str, list[tuple[float, float]]]


def read_parcels(path: Path, *, file: str) -> Source:
    """Read the parcels of a survey text.

    Raises:
        DataError: no parcels in it.
    """
    text, encoding = text_of(path, file=file)
    sections = dict(_sections(text))
    said = {
        key.strip(): value.strip()
        for _, line in sections.get("属性描述", [])
        for key, _, value in [line.partition("=")]
    }
    parcels, faults = _parcels(sections.get("地块坐标", []))
    if not parcels:
        raise refuse(file, "vector_empty", Text("没有地块坐标", "no parcels with corners"))
    rows = np.array([one.row for one in parcels], dtype=np.int64)
    shapes = np.array([*map(_area, parcels), None], dtype=object)[:-1]
    broken = {at: _SHORT for at, one in enumerate(shapes) if one is None}
    checked = shaped(shapes, rows, file=file, broken=broken)
    records = [one.facts for one, keep in zip(parcels, checked.kept, strict=True) if keep]
    crs, notes = _crs(said, parcels, file)
    facts = {"encoding": encoding, **{f"survey:{key}": value for key, value in said.items() if value}}
    every = tuple(sorted((*faults, *checked.lost), key=lambda one: one.row))
    return Source(
        file, "", "parcels", table_of(records, file=file), rows[checked.kept], checked.shapes, crs,
        every, (*notes, *checked.notes), facts,
    )  # fmt: skip


_SHORT = Text("少于三个界址点的地块", "a parcel of fewer than three corners")


def _sections(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Split the text at its bracketed titles; lines with their numbers, blank ones left out."""
    title, lines = "", list[tuple[int, str]]()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        head = re.fullmatch(r"[\[【](.+?)[\]】]", words)
        if head:
            yield title, lines
            title, lines = head[1].strip(), []
        elif words:
            lines.append((number, words))
    yield title, lines


def _parcels(lines: list[tuple[int, str]]) -> tuple[list[_Parcel], list[LostRow]]:
    parcels: list[_Parcel] = []
    bad: list[tuple[int, Text]] = []
    for number, line in lines:
        cells = [cell.strip() for cell in _SPLIT.split(line)]
        if cells[-1] == "@":
            facts = {name: cell for name, cell in zip(FACTS, cells[:-1], strict=False) if cell}
            parcels.append(_Parcel(number, facts, {}))
            continue
        corner = _corner(cells)
        if corner is None or not parcels:
            bad.append((number, Text("“{line}”", "“{line}”").format(line=shown(line))))
        else:
            parcels[-1].rings.setdefault(cells[1], []).append(corner)
    broken = {
        max(one.row for one in parcels if one.row <= number) for number, _ in bad if parcels and number > parcels[0].row
    }
    # A parcel with an unreadable corner has another outline than it should have.
    found = Text("含有无法读取的界址点", "a corner that cannot be read")
    rows = [*bad, *((row, found) for row in sorted(broken))]
    return [one for one in parcels if one.row not in broken], list(lost(rows, "broken_shape"))


def _corner(cells: list[str]) -> tuple[float, float] | None:
    """Read a corner as (east, north); the file gives the north first."""
    try:
        north, east = float(cells[2]), float(cells[3])
    except (ValueError, IndexError):
        return None
    return (east, north) if abs(east) <= LARGEST and abs(north) <= LARGEST else None


def _area(parcel: _Parcel) -> shapely.Geometry | None:
    """Make an area of the rings: one that lies within another is a hole in it."""
    rings = [ring for ring in parcel.rings.values() if len(set(ring)) >= _RING]
    if not rings or len(rings) != len(parcel.rings):
        return None
    areas = sorted((shapely.Polygon(ring) for ring in rings), key=lambda one: -one.area)
    whole: list[tuple[shapely.Polygon, list[shapely.Polygon]]] = []
    for area in areas:
        around = next((holes for outline, holes in whole if outline.contains(area.representative_point())), None)
        if around is None:
            whole.append((area, []))
        else:
            around.append(area)
    made = [shapely.Polygon(outline.exterior, [hole.exterior for hole in holes]) for outline, holes in whole]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def _crs(said: Mapping[str, str], parcels: list[_Parcel], file: str) -> tuple[str | None, list[Problem]]:
    """Work out the coordinate system from the words of the head and the eastings; only CGCS2000 has codes here."""
    system, degrees, zone = (said.get(key, "") for key in ("坐标系", "几度分带", "带号"))
    easts = [east for one in parcels for ring in one.rings.values() for east, _ in ring]
    prefixed = bool(easts) and min(easts) > _HUGE
    number = int(found[0]) if (found := re.search(r"\d+", zone)) else int(easts[0] // 1e6) if prefixed else 0
    if "2000" in system and (not prefixed or int(easts[0] // 1e6) == number):
        code = _code("6" in degrees, number, prefixed=prefixed)
        if code:
            return f"EPSG:{code}", []
    words = " ".join(one for one in (system, degrees and f"{degrees}°", zone) if one)
    return None, [vector_problem("crs_unknown", file, found=Text.same(shown(words) or "-"))]


def _code(six: bool, zone: int, *, prefixed: bool) -> int | None:  # noqa: FBT001 (private)
    if six:
        plain = 4502  # 75 E
        return (_NAMED_6 if prefixed else plain - _ZONE_6.start) + zone if zone in _ZONE_6 else None
    return (_NAMED_3 if prefixed else _PLAIN_3 - _ZONE_3.start) + zone if zone in _ZONE_3 else None
