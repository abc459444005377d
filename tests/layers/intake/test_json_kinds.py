"""Open311, TopoJSON and other lists of objects, told apart by what they hold."""

import json
from pathlib import Path

import pytest
import shapely

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.upload.readers import READERS


def read(tmp_path: Path, content: object) -> list[Source]:
    path = tmp_path / "a.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return READERS["json"](path, {}, "a.json")


REQUEST = {"service_request_id": "0017", "status": "open", "lat": 42.3, "long": -71.1, "media": {"url": "x"}}


@pytest.mark.parametrize(
    "wrap", [lambda rows: rows, lambda rows: {"service_requests": rows}, lambda rows: {"page": 1, "requests": rows}]
)
def test_service_requests_get_their_places(wrap: object, tmp_path: Path) -> None:
    rows = [
        REQUEST,
        {**REQUEST, "lat": "42.5", "long": "-71.2"},
        {**REQUEST, "lat": None},
        "x",
        {**REQUEST, "lat": "north"},
    ]
    (source,) = read(tmp_path, wrap(rows))  # type: ignore[operator]
    assert (source.kind, source.crs) == ("open311", "EPSG:4326")
    assert source.cells["service_request_id"].tolist() == ["0017"] * 4
    assert source.cells["media"].iloc[0] == '{"url": "x"}'
    assert source.geometry is not None
    assert [None if one is None else (one.x, one.y) for one in source.geometry] == [
        (-71.1, 42.3),
        (-71.2, 42.5),
        None,
        None,
    ]
    assert source.rows.tolist() == [1, 2, 3, 5]
    assert [(lost.row, lost.code) for lost in source.lost] == [(4, "no_feature")]
    assert [note.code for note in source.notes] == ["empty_shapes"]


def test_a_plain_list_is_a_table(tmp_path: Path) -> None:
    (source,) = read(tmp_path, [{"网格": "1-1", "n": 1}, {"网格": "1-2"}])
    assert (source.kind, source.geometry) == ("json", None)
    assert source.cells["网格"].tolist() == ["1-1", "1-2"]


TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
    "arcs": [[[0, 0], [4, 0], [0, 4]], [[4, 4], [-4, 0], [0, -4]], [[4, 4], [4, 0]]],
    "objects": {
        "areas": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "id": "A", "properties": {"名": "甲"}, "arcs": [[0, 1]]},
            {"type": "MultiPolygon", "arcs": [[[-2, -1]]]},
            {"type": "Polygon", "arcs": [[9]]},
            {"type": None, "properties": {"名": "乙"}},
            7,
        ]},
        "line": {"type": "LineString", "arcs": [2]},
        "spots": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [2, 2]}, {"type": "MultiPoint", "coordinates": [[0, 0], [2, 2]]}]},
    },
}  # fmt: skip


def test_a_topology_is_decoded(tmp_path: Path) -> None:
    areas, line, spots = read(tmp_path, TOPOLOGY)
    assert [source.part for source in (areas, line, spots)] == ["areas", "line", "spots"]
    assert areas.geometry is not None
    assert areas.geometry[0].equals(shapely.box(10, 20, 12, 22))
    assert areas.geometry[1].equals(areas.geometry[0])
    assert areas.rows.tolist() == [1, 2, 4]
    assert [(lost.row, lost.code) for lost in areas.lost] == [(3, "broken_shape"), (5, "broken_shape")]
    assert areas.cells["id"].tolist()[0] == "A"
    assert line.geometry is not None
    assert line.geometry[0].equals(shapely.LineString([(12, 22), (14, 22)]))
    assert spots.geometry is not None
    assert spots.geometry[0].equals(shapely.Point(11, 21))
    assert areas.crs is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "Topology", "objects": {}}, "without objects"),
        ({**TOPOLOGY, "transform": {"scale": [1]}}, "transform"),
        ({**TOPOLOGY, "arcs": [[[0, 0], ["x", 1]]]}, "arc 1"),
        ({"geometryType": "esriGeometryPoint", "features": []}, "ESRI JSON"),
        ({"type": "gdal_streamed_alg", "command_line": "x"}, "orders to read other files"),
        ({"a": 1, "b": 2}, "a, b"),
        ([1, 2], "another content"),
        ([], "found"),
        ("{}", "found"),
    ],
)
def test_other_content_is_named(content: object, words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=words):
        read(tmp_path, content)
