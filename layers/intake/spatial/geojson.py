"""GeoJSON, also as a sequence of lines: read without GDAL, feature by feature, so that one broken feature costs itself.

GDAL reads a file as a whole or not at all, looks up the address of a coordinate system, and keeps the last
of several values in silence.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from geo.errors import Problem
from geo.findings import names_found, value_found
from geo.memory import collection_put_off
from geo.text import Text
from layers.intake.source import LostRow, Source
from layers.intake.spatial.columns import table_of
from layers.intake.spatial.faults import lost, refuse, vector_problem
from layers.intake.spatial.shaping import shaped
from layers.intake.upload.json_text import Document, Item

TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_STEP = 20_000
_LAND = "EPSG:4326"
_NAMED = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|OGC|ESRI)(?::[\d.]*)?:(\w+)", re.IGNORECASE)
_LONGITUDE_FIRST = re.compile(r"CRS84", re.IGNORECASE)
_DEEPEST = 200


def read_geojson(document: Document, *, file: str) -> Source:
    """Read a GeoJSON text: features, one feature, or a bare geometry.

    Raises:
        DataError: it holds no features.
    """
    items = _features(document, file)
    if not items:
        raise refuse(file, "vector_empty", Text("没有要素", "no features"))
    crs, notes = _crs(document.members.get("crs"), file)
    good, lost_rows = _sound(items)
    with collection_put_off():
        shapes, broken, closed = _shapes(good)
    rows = np.array([item.number for item in good], dtype=np.int64)
    checked = shaped(shapes, rows, file=file, broken=broken, closed=closed)
    kept = [item for item, keep in zip(good, checked.kept, strict=True) if keep]
    every = tuple(sorted((*lost_rows, *checked.lost), key=lambda one: one.row))
    notes += [*checked.notes, *_repeated(document, good, file), *_repeated_ids(items, file)]
    part = document.members.get("name")
    return Source(
        file, part if isinstance(part, str) else "", "geojson", table_of([_record(item.value) for item in kept], file=file),
        rows[checked.kept], checked.shapes, crs, every, tuple(notes), {"encoding": document.encoding},
    )  # fmt: skip


def _features(document: Document, file: str) -> list[Item]:
    kind, items = document.members.get("type"), document.items
    if kind in TYPES or kind == "Feature":
        members = {key: value for key, value in document.members.items() if key != "crs"}
        return [Item(1, members, json.dumps(members), ())]
    if items is None:
        found = Text("type 为 {kind}、没有 features 的 JSON", "JSON of type {kind} without features")
        raise refuse(file, "json_other", found.format(kind=value_found(kind)))
    return items


def _sound(items: Sequence[Item]) -> tuple[list[Item], list[LostRow]]:
    """Set aside what is no feature, and features with two values for one key."""
    good: list[Item] = []
    bad: dict[str, list[tuple[int, Text]]] = {"no_feature": [], "conflicting_keys": []}
    for item in items:
        differing = [one.name for one in item.repeated if one.differs]
        words = _no_feature(item.value)
        if words is not None:
            bad["no_feature"].append((item.number, words))
        elif differing:
            bad["conflicting_keys"].append((item.number, names_found(dict.fromkeys(differing))))
        else:
            good.append(item)
    return good, [row for code, rows in bad.items() for row in lost(rows, code)]


def _no_feature(value: object) -> Text | None:
    if not isinstance(value, dict):
        return value_found(value)
    if value.get("type") in TYPES:
        return None
    if value.get("type") != "Feature":
        return Text("type 为 {kind}", "the type {kind}").format(kind=value_found(value.get("type")))
    properties = value.get("properties")
    if properties is not None and not isinstance(properties, dict):
        return Text("properties 为 {kind}", "properties that are {kind}").format(kind=value_found(properties))
    return None


def _record(value: dict[str, Any]) -> dict[str, Any]:
    if value["type"] != "Feature":
        return {}
    record = value.get("properties") or {}
    name = value.get("id")
    return {"id": name, **record} if isinstance(name, str | int | float) and "id" not in record else record


def _geometry(item: Item) -> Any:  # noqa: ANN401 (any JSON)
    """Give the geometry of a feature; a bare geometry is its own."""
    if item.value["type"] != "Feature":
        return item.value
    return json.loads(item.text)["geometry"] if item.value.get("geometry") is not None else None


def _shapes(items: Sequence[Item]) -> tuple[np.ndarray, dict[int, Text], int]:
    """Decode the shapes from the text; where that fails, find out why, and close rings that were left open."""
    shapes = np.full(len(items), None, dtype=object)
    for at in range(0, len(items), _STEP):
        texts = np.array([item.text for item in items[at : at + _STEP]], dtype=object)
        shapes[at : at + _STEP] = shapely.from_geojson(texts, on_invalid="ignore")
    broken: dict[int, Text] = {}
    closed = 0
    for at in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        given = _geometry(items[at])
        if given is None:
            continue
        why = fault_of(given)
        mended = None if why else with_closed_rings(given)
        shapes[at] = None if why else shapely.from_geojson(json.dumps(mended), on_invalid="ignore")
        if shapes[at] is None:
            broken[at] = why or Text("无法读取的图形", "a shape that cannot be read")
        else:
            closed += mended != given
    return shapes, broken, closed


def fault_of(geometry: Any, depth: int = 0) -> Text | None:  # noqa: ANN401 (any JSON)
    """Say what is wrong with a GeoJSON geometry that cannot be decoded; None if it is only its open rings."""
    if not isinstance(geometry, dict) or geometry.get("type") not in TYPES or depth > _DEEPEST:
        return Text("不是图形：{value}", "no shape: {value}").format(value=value_found(geometry))
    if geometry["type"] == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            return Text("没有组成部分的图形集合", "a collection without shapes")
        return next((words for words in (fault_of(part, depth + 1) for part in parts) if words), None)
    return _coordinate_fault(geometry.get("coordinates"), _DEPTH[geometry["type"]])


def _coordinate_fault(value: object, depth: int) -> Text | None:
    if not isinstance(value, list):
        return Text("坐标 {value}", "the coordinates {value}").format(value=value_found(value))
    if depth:
        return next((words for words in (_coordinate_fault(one, depth - 1) for one in value) if words), None)
    numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) == len(value) >= 2 and bool(np.isfinite(np.array(numbers, dtype=float)).all()):  # noqa: PLR2004
        return None
    words = json.dumps(value, ensure_ascii=False)
    return Text("坐标 {words}", "the coordinates {words}").format(words=value_found(words))


def with_closed_rings(geometry: dict[str, Any]) -> dict[str, Any]:
    """Give a geometry whose rings end where they begin."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return {**geometry, "geometries": [with_closed_rings(part) for part in geometry["geometries"]]}
    if kind == "Polygon":
        return {**geometry, "coordinates": [_closed(ring) for ring in geometry["coordinates"]]}
    if kind == "MultiPolygon":
        areas = [[_closed(ring) for ring in rings] for rings in geometry["coordinates"]]
        return {**geometry, "coordinates": areas}
    return geometry


def _closed(ring: list[Any]) -> list[Any]:
    return ring if not ring or ring[0] == ring[-1] else [*ring, ring[0]]


def _crs(given: Any, file: str) -> tuple[str | None, list[Problem]]:  # noqa: ANN401 (any JSON)
    """Read the declared coordinate system; longitude and latitude if none is declared, as the standard says."""
    if given is None:
        return _LAND, []
    properties = given.get("properties") if isinstance(given, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(given, dict) and given.get("type") == "link":
        found = Text("以网址给出的坐标系", "a coordinate system by its web address")
        return _LAND, [vector_problem("crs_link", file, found=found)]
    known = _NAMED.fullmatch(name) if isinstance(name, str) else None
    if known is None:
        return None, [vector_problem("crs_unknown", file, found=value_found(name))]
    return (_LAND if _LONGITUDE_FIRST.search(known[2]) else f"{known[1].upper()}:{known[2]}"), []


def _repeated(document: Document, items: Iterable[Item], file: str) -> list[Problem]:
    """Tell keys that are repeated with the same value, or outside the features."""
    names = [one.name for one in document.repeated] + [one.name for item in items for one in item.repeated]
    return [vector_problem("duplicate_keys", file, found=names_found(dict.fromkeys(names)))] if names else []


def _repeated_ids(items: Iterable[Item], file: str) -> list[Problem]:
    ids = Counter(
        str(item.value["id"]) for item in items if isinstance(item.value, dict) and item.value.get("id") is not None
    )
    twice = [name for name, number in ids.items() if number > 1]
    return [vector_problem("duplicate_feature_ids", file, found=names_found(twice))] if twice else []
