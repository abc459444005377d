"""KML and KMZ as Google Earth, Ovital and phones write them: places with their own fields, a layer a folder.

Read without GDAL, whose KML driver drops Chinese field names. Only what stands in the file counts: links to
other files and addresses are dropped and told.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np
import shapely

from geo.errors import Problem
from geo.findings import rows_found
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import table_of
from layers.intake.spatial.faults import refuse, vector_problem
from layers.intake.spatial.shaping import shaped
from layers.intake.upload.xml_text import check_xml

_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "MultiTrack", "Track")
_LINKS = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Model")
_XY = 2
_NO_SHAPE = Text("无法读取的坐标", "coordinates that cannot be read")


class _Place(NamedTuple):
    folder: str
    record: dict[str, str]
    shape: shapely.Geometry | None
    fault: Text | None
    closed: bool


def read_kml(path: Path, *, file: str) -> list[Source]:
    """Read all places of a KML file; one source for each folder that holds some.

    Raises:
        DataError: no KML, a document type, or no places.
    """
    from defusedxml.ElementTree import parse  # type: ignore[import-untyped] # noqa: PLC0415 (heavy)

    counts = check_xml(path, file=file)
    root = parse(path, forbid_dtd=True).getroot()
    places = [_place(folder, element) for folder, element in _placemarks(root, "")]
    if not places:
        raise refuse(file, "vector_empty", Text("没有地标", "no placemarks"))
    notes = _links(counts, file)
    folders = list(dict.fromkeys(place.folder for place in places))
    return [
        _source(file, folder, [(n, p) for n, p in enumerate(places, 1) if p.folder == folder], notes)
        for folder in folders
    ]


def _links(counts: Mapping[str, int], file: str) -> list[Problem]:
    number = sum(counts.get(name, 0) for name in _LINKS)
    if not number:
        return []
    found = Text(f"{number} 处链接或叠加图片", rows_found(number).en.replace("row", "link") + " or overlays")
    return [vector_problem("links_dropped", file, found=found)]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemarks(element: Element, folder: str) -> Iterator[tuple[str, Element]]:
    """List the placemarks in the order of the file with the names of the folders that they lie in."""
    for child in element:
        kind = _name(child)
        if kind == "Placemark":
            yield folder, child
        elif kind == "Folder":
            own = _text(child, "name")
            yield from _placemarks(child, "/".join(one for one in (folder, own) if one))
        elif kind == "Document":
            yield from _placemarks(child, folder)


def _text(element: Element, name: str) -> str:
    found = next((child for child in element if _name(child) == name), None)
    return "" if found is None or found.text is None else found.text.strip()


def _place(folder: str, element: Element) -> _Place:
    record = {name: text for name in ("name", "description", "address") if (text := _text(element, name))}
    moments = [one for one in element.iter() if _name(one) in {"when", "begin", "end"} and one.text]
    record |= {_name(one): str(one.text).strip() for one in moments[:2]}
    record |= dict(_fields(element))
    given = next((child for child in element if _name(child) in _SHAPES), None)
    if given is None:
        return _Place(folder, record, None, None, closed=False)
    try:
        shape, closed = _shape(given)
    except (ValueError, shapely.errors.ShapelyError):
        return _Place(folder, record, None, _NO_SHAPE, closed=False)
    return _Place(folder, record, shape, None, closed)


def _fields(element: Element) -> Iterator[tuple[str, str]]:
    for extended in (child for child in element if _name(child) == "ExtendedData"):
        for field in extended.iter():
            name, kind = field.get("name"), _name(field)
            if name and kind == "Data":
                yield name, _text(field, "value")
            elif name and kind == "SimpleData":
                yield name, (field.text or "").strip()


def _shape(element: Element) -> tuple[shapely.Geometry | None, bool]:
    """Make a shape, and tell whether a ring had to be closed."""
    kind = _name(element)
    if kind == "Point":
        return shapely.Point(_coordinates(element)[:1]), False
    if kind in {"LineString", "Track"}:
        return shapely.LineString(_coordinates(element)), False
    if kind == "LinearRing":
        ring, closed = _ring(element)
        return shapely.LineString(ring), closed
    if kind == "Polygon":
        return _polygon(element)
    parts = [_shape(child) for child in element if _name(child) in _SHAPES]
    shapes = [shape for shape, _ in parts if shape is not None]
    return (_united(shapes) if shapes else None), any(closed for _, closed in parts)


def _polygon(element: Element) -> tuple[shapely.Polygon, bool]:
    rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[tuple[np.ndarray, bool]]]
    for border in element:
        if _name(border) in rings:
            rings[_name(border)] += [_ring(ring) for ring in border if _name(ring) == "LinearRing"]
    if not rings["outerBoundaryIs"]:
        raise ValueError
    every = [*rings["outerBoundaryIs"][:1], *rings["innerBoundaryIs"]]
    return shapely.Polygon(every[0][0], [ring for ring, _ in every[1:]]), any(closed for _, closed in every)


def _ring(element: Element) -> tuple[np.ndarray, bool]:
    points = _coordinates(element)
    is_open = len(points) > 0 and not np.array_equal(points[0], points[-1])
    return (np.vstack([points, points[:1]]) if is_open else points), is_open


def _coordinates(element: Element) -> np.ndarray:
    """Read "x,y[,z] x,y[,z]" or the "x y z" of a track; heights are dropped elsewhere, where it is told."""
    track = [str(one.text).split() for one in element if _name(one) == "coord" and one.text]
    given = track or [one.split(",") for one in _text(element, "coordinates").replace(", ", ",").split()]
    if not given:
        raise ValueError
    width = min(3, *map(len, given))
    points = np.array([one[:width] for one in given], dtype=float)
    if points.shape[1] < _XY:
        raise ValueError
    return points


def _united(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    kinds = {type(shape) for shape in shapes}
    many = {
        shapely.Point: shapely.MultiPoint,
        shapely.LineString: shapely.MultiLineString,
        shapely.Polygon: shapely.MultiPolygon,
    }
    return (
        many.get(kinds.pop(), shapely.GeometryCollection)(shapes)
        if len(kinds) == 1
        else shapely.GeometryCollection(shapes)
    )


def _source(file: str, folder: str, numbered: list[tuple[int, _Place]], notes: list[Problem]) -> Source:
    place = f"{file}:{folder}" if folder else file
    rows = np.array([number for number, _ in numbered], dtype=np.int64)
    shapes = np.array([one.shape for _, one in numbered] + [None], dtype=object)[:-1]
    broken = {at: one.fault for at, (_, one) in enumerate(numbered) if one.fault}
    checked = shaped(shapes, rows, file=place, broken=broken, closed=sum(one.closed for _, one in numbered))
    kept = [one.record for (_, one), keep in zip(numbered, checked.kept, strict=True) if keep]
    return Source(
        file, folder, "kml", table_of(kept, file=place), rows[checked.kept], checked.shapes, "EPSG:4326",
        checked.lost, (*notes, *checked.notes),
    )  # fmt: skip
