"""TopoJSON: areas made of shared arcs, decoded to plain shapes; each object is a table of its own.

Format: the TopoJSON specification, version 1.0. It knows no coordinate systems.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.findings import value_found
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import table_of
from layers.intake.spatial.faults import refuse
from layers.intake.spatial.shaping import shaped
from layers.intake.upload.json_text import Document

_XY = 2
_WRONG = (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError)
Points = NDArray[np.float64]


class _Topology(NamedTuple):
    """The shared arcs, decoded, and what turns the whole numbers of points into places."""

    arcs: list[Points]
    scale: Points
    shift: Points

    def path(self, numbers: Sequence[int]) -> Points:
        """Join arcs; a negative number is an arc backwards, and the first point of each but the first is shared."""
        pieces = [self.arcs[n] if n >= 0 else self.arcs[~n][::-1] for n in numbers]
        return np.concatenate([piece if at == 0 else piece[1:] for at, piece in enumerate(pieces)])

    def area(self, rings: Sequence[Sequence[int]]) -> shapely.Polygon:
        """Make an area of its outline and holes."""
        lines = [self.path(ring) for ring in rings]
        return shapely.Polygon(lines[0], lines[1:]) if lines else shapely.Polygon()

    def places(self, points: Sequence[Sequence[float]]) -> Points:
        """Decode points that are no part of arcs."""
        return np.array([one[:_XY] for one in points], dtype=float) * self.scale + self.shift


def read_topojson(document: Document, *, file: str) -> list[Source]:
    """Read all objects of a topology.

    Raises:
        DataError: no objects, or arcs that cannot be read.
    """
    members = document.members
    objects = members.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise refuse(file, "vector_empty", Text("没有 objects 的 TopoJSON", "TopoJSON without objects"))
    topology = _topology(members.get("arcs"), members.get("transform"), file)
    return [_source(str(name), given, topology, file) for name, given in objects.items()]


def _topology(arcs: object, transform: Any, file: str) -> _Topology:  # noqa: ANN401 (any JSON)
    """Decode the arcs: differences from point to point where there is a transform, else places."""
    try:
        given = transform or {"scale": [1, 1], "translate": [0, 0]}
        scale, shift = (np.array(given[key], dtype=float).reshape(_XY) for key in ("scale", "translate"))
    except _WRONG as error:
        found = Text("无法读取的 transform", "a transform that cannot be read")
        raise refuse(file, "vector_unreadable", found) from error
    made: list[Points] = []
    for number, arc in enumerate(arcs if isinstance(arcs, list) else [], 1):
        try:
            points = np.array([point[:_XY] for point in arc], dtype=float).reshape(-1, _XY)
        except _WRONG as error:
            found = Text(f"第 {number} 条弧段无法读取", f"arc {number}, which cannot be read")
            raise refuse(file, "vector_unreadable", found) from error
        made.append((np.cumsum(points, axis=0) if transform else points) * scale + shift)
    return _Topology(made, scale, shift)


def _source(name: str, given: object, topology: _Topology, file: str) -> Source:
    members = list(_members(given))
    shapes = np.full(len(members), None, dtype=object)
    broken: dict[int, Text] = {}
    for at, member in enumerate(members):
        try:
            shapes[at] = _shape(member, topology)
        except (*_WRONG, RecursionError):
            kind = value_found(member.get("type") if isinstance(member, dict) else member)
            broken[at] = Text("无法读取的图形：{kind}", "a shape that cannot be read: {kind}").format(kind=kind)
    place = f"{file}:{name}"
    rows = np.arange(1, len(members) + 1)
    checked = shaped(shapes, rows, file=place, broken=broken)
    kept = [_record(member) for member, keep in zip(members, checked.kept, strict=True) if keep]
    return Source(
        file, name, "topojson", table_of(kept, file=place), rows[checked.kept], checked.shapes, None,
        checked.lost, checked.notes,
    )  # fmt: skip


def _members(given: Any) -> Iterator[Any]:  # noqa: ANN401 (any JSON)
    """List the things of an object: those of its collection, or itself."""
    if (
        isinstance(given, dict)
        and given.get("type") == "GeometryCollection"
        and isinstance(given.get("geometries"), list)
    ):
        yield from given["geometries"]
    else:
        yield given


def _record(member: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    if not isinstance(member, dict):
        return {}
    properties = member.get("properties")
    record = properties if isinstance(properties, dict) else {}
    name = member.get("id")
    return {"id": name, **record} if isinstance(name, str | int | float) and "id" not in record else record


def _shape(member: Mapping[str, Any], topology: _Topology) -> shapely.Geometry | None:
    kind = member["type"]
    if kind is None:
        return None
    if kind == "GeometryCollection":
        return shapely.GeometryCollection([_shape(one, topology) for one in member["geometries"]])
    if kind in _OF_POINTS:
        return _OF_POINTS[kind](topology, member["coordinates"])
    return _OF_ARCS[kind](topology, member["arcs"])


_OF_POINTS: Mapping[str, Callable[[_Topology, Any], shapely.Geometry]] = {
    "Point": lambda topology, given: shapely.Point(topology.places([given])[0]),
    "MultiPoint": lambda topology, given: shapely.MultiPoint(topology.places(given)),
}
_OF_ARCS: Mapping[str, Callable[[_Topology, Any], shapely.Geometry]] = {
    "LineString": lambda topology, given: shapely.LineString(topology.path(given)),
    "MultiLineString": lambda topology, given: shapely.MultiLineString([topology.path(one) for one in given]),
    "Polygon": lambda topology, given: topology.area(given),
    "MultiPolygon": lambda topology, given: shapely.MultiPolygon([topology.area(one) for one in given]),
}
