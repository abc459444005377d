"""OpenStreetMap extracts (PBF): the things that a community's map needs, each kind as a table of its own."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import clean, table_of
from layers.intake.spatial.faults import refuse
from layers.intake.spatial.shaping import shaped


class _Kind(NamedTuple):
    """A kind of thing: which tags make one, whether it is a line, and the tags that become columns."""

    wanted: Callable[[Mapping[str, str]], bool]
    columns: tuple[str, ...]
    line: bool = False


def _has(key: str, *values: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda tags: key in tags and tags[key] != "no" and (not values or tags[key] in values)


_ADDRESS = ("addr:street", "addr:housenumber", "addr:full")
_WALKS = ("surface", "width", "lanes", "lit", "sidewalk", "oneway", "maxspeed", "bridge", "tunnel")
KINDS: Mapping[str, _Kind] = {
    "buildings": _Kind(
        _has("building"), ("building", "building:levels", "height", "start_date", "building:material", *_ADDRESS)
    ),
    "streets": _Kind(_has("highway"), ("highway", *_WALKS), line=True),
    "toilets": _Kind(
        _has("amenity", "toilets"), ("access", "fee", "wheelchair", "opening_hours", "changing_table", "unisex")
    ),
    "parks": _Kind(_has("leisure", "park", "garden", "nature_reserve"), ("leisure", "access", "operator")),
    "parking": _Kind(
        _has("amenity", "parking", "bicycle_parking"),
        ("amenity", "parking", "capacity", "access", "fee", "operator"),
    ),
    "artwork": _Kind(_has("tourism", "artwork"), ("artwork_type", "artist_name", "start_date", "material")),
    "playgrounds": _Kind(_has("leisure", "playground"), ("access", "surface", "operator", "min_age", "max_age")),
}
"""The tables that an extract gives, by name."""
_KEYS = ("building", "highway", "amenity", "leisure", "tourism")
_BROKEN = Text("残缺的图形（成员在范围之外）", "an incomplete shape (parts lie outside the extract)")


def read_osm(path: Path, *, file: str) -> list[Source]:
    """Read an extract; one source for each kind of thing that occurs in it.

    Raises:
        DataError: damaged, or nothing of the kinds in it.
    """
    import osmium  # noqa: PLC0415 (heavy)

    found: dict[str, list[tuple[dict[str, Any], str | None]]] = {name: [] for name in KINDS}
    shapes = osmium.geom.WKBFactory()
    try:
        source = osmium.io.File(path, "pbf")
        walk = osmium.FileProcessor(source).with_areas().with_filter(osmium.filter.KeyFilter(*_KEYS))
        for thing in walk:
            _take(thing, shapes, found)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise refuse(file, "vector_unreadable", Text("损坏的 OSM PBF", "a damaged OSM PBF")) from error
    sources = [_source(name, rows, file) for name, rows in found.items() if rows]
    if not sources:
        raise refuse(
            file,
            "vector_empty",
            Text(
                "没有建筑、街道、公厕、公园、停车场、艺术品或游乐场",
                "no buildings, streets, toilets, parks, parking, artwork or playgrounds",
            ),
        )
    return sources


def _take(thing: Any, shapes: Any, found: dict[str, list[tuple[dict[str, Any], str | None]]]) -> None:  # noqa: ANN401
    """Put a thing into the table that it belongs to; ways that are areas come again as areas."""
    tags = {clean(tag.k): clean(tag.v) for tag in thing.tags}
    for name, kind in KINDS.items():
        if not kind.wanted(tags) or (thing.is_way() and not kind.line) or (thing.is_area() and kind.line):
            continue
        if thing.is_relation() or (thing.is_node() and kind.line):
            continue
        found[name].append((_record(thing, tags, kind.columns), _shape(thing, shapes)))


def _shape(thing: Any, shapes: Any) -> str | None:  # noqa: ANN401 (objects of osmium)
    import osmium  # noqa: PLC0415 (heavy)

    try:
        if thing.is_node():
            return str(shapes.create_point(thing))
        if thing.is_way():
            return str(shapes.create_linestring(thing))
        return str(shapes.create_multipolygon(thing))
    except (RuntimeError, osmium.InvalidLocationError):
        return None


def _record(thing: Any, tags: Mapping[str, str], columns: Iterable[str]) -> dict[str, Any]:  # noqa: ANN401
    if thing.is_area():
        kind, number = ("way" if thing.from_way() else "relation"), thing.orig_id()
    else:
        kind, number = ("node" if thing.is_node() else "way"), thing.id
    shown = ("name", "name:zh", "name:en", *columns)
    rest = {key: value for key, value in sorted(tags.items()) if key not in shown}
    record = {"osm_id": f"{kind}/{number}", **{key: tags.get(key) for key in shown}}
    return {**record, "other_tags": json.dumps(rest, ensure_ascii=False) if rest else None}


def _source(name: str, rows: list[tuple[dict[str, Any], str | None]], file: str) -> Source:
    rows = sorted(rows, key=lambda one: str(one[0]["osm_id"]))
    shapes = np.array([None if shape is None else shapely.from_wkb(shape) for _, shape in rows] + [None], dtype=object)[
        :-1
    ]
    shapes = np.array([*map(_simple, shapes), None], dtype=object)[:-1]
    broken = {at: _BROKEN for at, (_, shape) in enumerate(rows) if shape is None}
    numbers = np.arange(1, len(rows) + 1)
    place = f"{file}:{name}"
    checked = shaped(shapes, numbers, file=place, broken=broken)
    kept = [record for (record, _), keep in zip(rows, checked.kept, strict=True) if keep]
    cells = table_of(kept, file=place).dropna(axis=1, how="all")
    return Source(
        file, name, "osm_pbf", cells, numbers[checked.kept], checked.shapes, "EPSG:4326", checked.lost, checked.notes
    )


def _simple(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Give an area of one part as such: osmium makes all of them multipolygons."""
    return shape.geoms[0] if isinstance(shape, shapely.MultiPolygon) and len(shape.geoms) == 1 else shape
