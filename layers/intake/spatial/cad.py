"""DXF drawings of surveyors and designers, each drawing layer as a table: closed outlines as areas, blocks as points.

A drawing knows no coordinate system and often lies about its unit (programs write millimetres unasked), so
the unit is judged by the size of what is drawn. Words stand beside things, not in them, so each area gets
the words that stand in it, each block those nearest to it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import Problem
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.cad_shapes import BlockOutlines, Thing, hatched, outlined
from layers.intake.spatial.cad_units import Unit, unit_of
from layers.intake.spatial.cad_words import add_words, words_inside
from layers.intake.spatial.columns import clean, table_of
from layers.intake.spatial.faults import counted_note, refuse, vector_problem
from layers.intake.spatial.shaping import shaped
from layers.intake.upload.encoding import find_encoding

if TYPE_CHECKING:
    from ezdxf.document import Drawing

OUTLINE = "BLOCK OUTLINE"
"""What the outline inside a block is called among kinds of entities."""
SMALLEST_M2 = 4.0
_WORDS = {"TEXT", "MTEXT", "ATTDEF"}
_CURVED = {"ARC", "CIRCLE", "ELLIPSE", "SPLINE"}
_PATHS = {"LINE", "LWPOLYLINE", "POLYLINE", "SOLID", "TRACE", "3DFACE", *_CURVED}
_ANSI = "ANSI_1252"  # what programs write without being asked
_NO_SHAPE = Text("无法读取的图形", "a shape that cannot be read")


def read_dxf(path: Path, *, file: str, unit: str | None = None) -> list[Source]:
    """Read the model space of a drawing; one source for each drawing layer that holds something.

    Coordinates come in metres.

    Args:
        path: the drawing.
        file: the name for messages.
        unit: of its coordinates, "m" or "mm", if the user says so.

    Raises:
        DataError: no drawing that can be read, or nothing in it.
    """
    drawing, damage = _drawing(path, file)
    things, left_out = _things(drawing)
    if not things:
        raise refuse(file, "vector_empty", Text("模型空间中没有图形", "nothing in the model space"))
    scale = unit_of(drawing.header.get("$INSUNITS", 0), _span([one.shape for one in things]), file, given=unit)
    things = [one for one in things if not _is_symbol(one, scale.metres)]
    words = [one for one in things if one.record["entity"] in _WORDS]
    add_words([one for one in things if one.record["entity"] not in {*_WORDS, OUTLINE}], words)
    blocks = [one for one in things if one.record["entity"] == OUTLINE and one.shape is not None]
    words_inside(sorted(blocks, key=_size), [one for one in words if one.shape is not None and one.record.get("text")])
    by_layer: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        by_layer[thing.layer].append(thing)
    notes = [*damage, *scale.notes, *_kinds_left_out(left_out, file)]
    sources = [_source(file, layer, some, scale) for layer, some in sorted(by_layer.items())]
    return [one._replace(notes=(*notes, *one.notes)) for one in sources]


def _size(thing: Thing) -> float:
    return float(shapely.area(thing.shape))


def _is_symbol(thing: Thing, metres: float) -> bool:
    """Tell outlines in blocks that are too small for a thing of its own: signs for lamps and the like."""
    return thing.record["entity"] == OUTLINE and _size(thing) * metres**2 < SMALLEST_M2


def _drawing(path: Path, file: str) -> "tuple[Drawing, list[Problem]]":
    """Read a drawing; a damaged one as far as it goes, which is told."""
    from ezdxf import recover  # noqa: PLC0415 (heavy)
    from ezdxf.filemanagement import readfile  # noqa: PLC0415 (heavy)
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415 (heavy)

    wrong = (
        DXFError,
        StopIteration,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        UnicodeError,
        OSError,
    )
    try:
        return readfile(path, encoding=_encoding(path, file)), []
    except wrong:
        try:
            drawing = recover.readfile(path)[0]
        except wrong as error:
            raise refuse(file, "vector_unreadable", Text("损坏的 DXF 图形", "a damaged DXF drawing")) from error
        return drawing, [vector_problem("drawing_recovered", file)]


def _encoding(path: Path, file: str) -> str | None:
    """Find the encoding of a drawing that names none, or only the one that programs name unasked."""
    content = path.read_bytes()
    if content.startswith(b"AutoCAD Binary DXF") or content.isascii():
        return None
    at = content.find(b"$DWGCODEPAGE", 0, 1 << 16)
    declared = content[at : at + 60].split(b"\n")[2].strip().decode("ascii", "ignore") if at >= 0 else _ANSI
    new = any(content[:4096].find(version) >= 0 for version in (b"AC1021", b"AC1024", b"AC1027", b"AC1032"))
    return find_encoding(content, file).name if declared.upper() == _ANSI and not new else None


def _things(drawing: "Drawing") -> tuple[list[Thing], dict[str, int]]:
    """List what is drawn, and how much there is of what cannot be taken in.

    The outlines inside blocks come as things of a drawing layer of their own, called after the layer and the block:
    what is a place for one layer (a lamp) is an area for another (a house, a parking bay).
    """
    things: list[Thing] = []
    outlines = BlockOutlines()
    left_out: dict[str, int] = defaultdict(int)
    for row, entity in enumerate(drawing.modelspace(), 1):
        thing = _thing(row, entity)
        if thing is None:
            left_out[entity.dxftype()] += 1
        else:
            things.append(thing)
            outline = _inside_block(thing, entity, outlines)
            things += [outline] if outline else []
    return things, left_out


def _inside_block(thing: Thing, entity: Any, outlines: BlockOutlines) -> Thing | None:  # noqa: ANN401 (any entity)
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415 (heavy)

    if thing.record["entity"] != "INSERT" or thing.shape is None:
        return None
    try:
        shape = outlines.of(entity)
    except (DXFError, ValueError, TypeError, AttributeError, ArithmeticError, shapely.errors.ShapelyError):
        return None  # the place of the block is taken in all the same
    layer, record = f"{thing.layer}/{thing.record['block']}", {**thing.record, "entity": OUTLINE}
    return None if shape is None else thing._replace(layer=layer, record=record, shape=shape)


def _thing(row: int, entity: Any) -> Thing | None:  # noqa: ANN401 (one of many classes of ezdxf)
    """Take in one entity; None for a kind that has no shape on a map."""
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415 (heavy)

    kind = entity.dxftype()
    take = next((take for kinds, take in _TAKEN if kind in kinds), None)
    if take is None:
        return None
    bare = Thing(row, _said(entity.dxf.get("layer", "0")), {"entity": kind}, None)
    try:
        return take(bare, entity)
    except (DXFError, ValueError, TypeError, AttributeError, ArithmeticError, shapely.errors.ShapelyError):
        return bare


def _said(text: object) -> str:
    """Give a text with the characters that drawings of other code pages write by their numbers."""
    plain = re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), str(text))
    return clean(plain)


def _word(bare: Thing, entity: Any) -> Thing:  # noqa: ANN401
    text = entity.dxf.text if bare.record["entity"] == "ATTDEF" else entity.plain_text()
    height = float(entity.dxf.get("char_height" if bare.record["entity"] == "MTEXT" else "height", 1.0))
    record = {**bare.record, "text": _said(text).strip() or None}
    return bare._replace(record=record, shape=_place(entity), height=height)


def _block(bare: Thing, entity: Any) -> Thing:  # noqa: ANN401
    fields = {_said(one.dxf.tag): _said(one.dxf.text) for one in entity.attribs}
    record = {**bare.record, "block": _said(entity.dxf.name), **fields}
    return bare._replace(record=record, shape=_place(entity))


def _outline(bare: Thing, entity: Any) -> Thing:  # noqa: ANN401
    shape, curved = outlined(entity)
    return bare._replace(shape=shape, curved=curved)


def _place(entity: Any) -> shapely.Point:  # noqa: ANN401 (one of many classes of ezdxf)
    at = entity.dxf.location if entity.dxftype() == "POINT" else entity.dxf.insert
    if entity.dxf.hasattr("extrusion") and entity.dxftype() not in {"POINT", "MTEXT"}:
        at = entity.ocs().to_wcs(at)
    return shapely.Point(at.x, at.y)


_TAKEN: tuple[tuple[set[str], Callable[[Thing, Any], Thing]], ...] = (
    (_WORDS, _word),
    ({"INSERT"}, _block),
    ({"POINT"}, lambda bare, entity: bare._replace(shape=_place(entity))),
    ({"HATCH"}, lambda bare, entity: bare._replace(shape=hatched(entity))),
    (_PATHS, _outline),
)
"""By kinds of entities: what makes a thing of one."""


def _span(shapes: Iterable[shapely.Geometry | None]) -> tuple[float, float]:
    """Give the width of what is drawn, a few strays left out, and the largest coordinate."""
    xy = shapely.get_coordinates([one for one in shapes if one is not None])
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return 0.0, 0.0
    low, high = np.percentile(xy, (1, 99), axis=0)
    return float((high - low).max()), float(np.median(np.abs(xy).max(axis=1)))


def _kinds_left_out(left_out: dict[str, int], file: str) -> list[Problem]:
    if not left_out:
        return []
    words = Text.same(", ".join(f"{kind} × {number:,}" for kind, number in sorted(left_out.items())))
    return [vector_problem("drawn_left_out", file, found=words)]


def _source(file: str, layer: str, things: Sequence[Thing], unit: Unit) -> Source:
    place = f"{file}:{layer}"
    rows = np.array([one.row for one in things], dtype=np.int64)
    shapes = np.array([*_scaled((one.shape for one in things), unit.metres), None], dtype=object)[:-1]
    broken = {at: _NO_SHAPE for at, one in enumerate(things) if one.shape is None}
    checked = shaped(shapes, rows, file=place, broken=broken)
    kept = [one.record for one, keep in zip(things, checked.kept, strict=True) if keep]
    curved = counted_note("curves_straightened", place, sum(one.curved for one in things))
    return Source(
        file, layer, "dxf", table_of(kept, file=place), rows[checked.kept], checked.shapes, None,
        checked.lost, (*curved, *checked.notes), {"unit": unit.name, "unit_found_by": unit.found_by},
    )  # fmt: skip


def _scaled(shapes: Iterable[shapely.Geometry | None], metres: float) -> Iterator[shapely.Geometry | None]:
    for shape in shapes:
        yield shape if shape is None or metres == 1 else shapely.transform(shape, lambda xy: xy * metres)
