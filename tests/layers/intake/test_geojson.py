"""GeoJSON, feature by feature."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.intake.source import Source
from layers.intake.spatial.geojson import read_geojson
from layers.intake.upload.json_text import read_document


def read(path: Path, content: object, encoding: str = "utf-8") -> Source:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path = path / "a.geojson"
    path.write_bytes(text.encode(encoding))
    return read_geojson(read_document(path, file="a.geojson"), file="a.geojson")


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **members: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


SHAPES = st.one_of(
    st.builds(shapely.Point, *[st.floats(-180, 180)] * 2),
    st.lists(st.tuples(*[st.floats(-90, 90)] * 2), min_size=2, max_size=6).map(shapely.LineString),
    st.builds(lambda x, y, w: shapely.box(x, y, x + w, y + w), st.floats(0, 9), st.floats(0, 9), st.floats(0.1, 5)),
    st.just(shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])),
)
VALUES = st.one_of(st.text(max_size=20), st.integers(-(2**60), 2**60), st.booleans(), st.none())


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(SHAPES, VALUES), min_size=1, max_size=6))
def test_what_geopandas_writes_comes_in(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, Any]]) -> None:
    shapes = [shape for shape, _ in rows]
    content = json.loads(gpd.GeoSeries(shapes, crs="EPSG:4326").to_json())
    for one, (_, value) in zip(content["features"], rows, strict=True):
        one["properties"] = {"v": value}
    source = read(tmp_path_factory.mktemp("json"), content)
    assert source.lost == ()
    assert source.geometry is not None
    assert shapely.equals_exact(source.geometry, shapes, 1e-12).all()
    kinds = {type(value) for _, value in rows} - {type(None)}
    if len(kinds) == 1:
        back = source.cells["v"].dropna().astype(object).tolist()
        assert list(map(str, back)) == [str(value) for _, value in rows if value is not None]


def test_columns_keep_what_is_written(tmp_path: Path) -> None:
    rows = [
        feature(None, code="001", n=1, f=1, mixed=1, big=2**70, sub={"a": [1]}),
        feature(None, code="NA", n=None, f=2.5, mixed="x", big=1, 新="后"),
    ]
    cells = read(tmp_path, collection(*rows)).cells
    assert cells["code"].tolist() == ["001", "NA"]
    assert str(cells["n"].dtype) == "Int64"
    assert cells["f"].tolist() == [1.0, 2.5]
    assert cells["mixed"].tolist() == ["1", "x"]
    assert cells["big"].tolist() == [str(2**70), "1"]
    assert cells["sub"].iloc[0] == '{"a": [1]}'
    assert list(cells.columns) == ["code", "n", "f", "mixed", "big", "sub", "新"]


@pytest.mark.parametrize(
    ("given", "crs", "note"),
    [
        (None, "EPSG:4326", ""),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "EPSG:4326", ""),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}, "EPSG:4547", ""),
        ({"type": "name", "properties": {"name": "EPSG:4490"}}, "EPSG:4490", ""),
        ({"type": "name", "properties": {"name": "+proj=merc +nadgrids=/etc/passwd"}}, None, "crs_unknown"),
        ({"type": "link", "properties": {"href": "http://127.0.0.1/"}}, "EPSG:4326", "crs_link"),
        ("EPSG:4326", None, "crs_unknown"),
        ([1], None, "crs_unknown"),
    ],
)
def test_the_declared_coordinate_system(given: object, crs: str | None, note: str, tmp_path: Path) -> None:
    point = feature({"type": "Point", "coordinates": [1, 2]})
    source = read(tmp_path, collection(point, **({"crs": given} if given else {})))
    assert source.crs == crs
    assert [one.code for one in source.notes] == ([note] if note else [])


def test_each_broken_feature_costs_only_itself(tmp_path: Path) -> None:
    bad = [
        feature({"type": "Point", "coordinates": ["1", 2]}),
        feature({"type": "LineString", "coordinates": [[0, 0]]}),
        feature({"type": "Circle", "coordinates": [0, 0]}),
        feature({"type": "Polygon", "coordinates": [[[0, 0], [1, None], [0, 1], [0, 0]]]}),
        feature({"type": "GeometryCollection"}),
        feature({"type": "Point", "coordinates": [1e300, 0]}),
        "text", None, {"type": "Feature", "properties": [1], "geometry": None}, {"type": "Fature"},
    ]  # fmt: skip
    good = feature({"type": "Point", "coordinates": [3, 4]}, n=1)
    source = read(tmp_path, collection(good, *bad, good))
    assert source.rows.tolist() == [1, 12]
    assert [lost.row for lost in source.lost] == list(range(2, 12))
    assert {lost.code for lost in source.lost} == {"broken_shape", "not_finite", "no_feature"}
    assert all(lost.found.zh and lost.remedy.en for lost in source.lost)


def test_repeated_keys_are_never_silent(tmp_path: Path) -> None:
    same = '{"type":"Feature","properties":{"a":1,"a":1},"geometry":null}'
    other = '{"type":"Feature","properties":{"a":1,"a":2},"geometry":null}'
    source = read(tmp_path, f'{{"type":"FeatureCollection","features":[{same},{other}],"features":[{same}]}}')
    assert source.rows.tolist() == [1, 3]
    assert [(lost.row, lost.code) for lost in source.lost] == [(2, "conflicting_keys")]
    (told,) = [note for note in source.notes if note.code == "duplicate_keys"]
    assert told.found.en == "features, a"


def test_sequences_bare_shapes_and_other_encodings(tmp_path: Path) -> None:
    line = json.dumps(feature({"type": "Point", "coordinates": [1, 2]}, 名="甲"), ensure_ascii=False)
    assert read(tmp_path, f"{line}\n{line}\n").rows.tolist() == [1, 2]
    assert read(tmp_path, f"\x1e{line}\n\x1e{line}\n").rows.tolist() == [1, 2]
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        assert read(tmp_path, collection(json.loads(line)), encoding).cells["名"].tolist() == ["甲"]
    bare = read(tmp_path, {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2]]]})
    assert bare.geometry is not None
    assert bare.geometry[0].area == 2
    assert [note.code for note in bare.notes] == ["rings_closed"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"type":"FeatureCollection","features":[{"type":"Feature"', "json_syntax"),
        ('{"type":"FeatureCollection","features":[\n\n,]}', "json_syntax"),
        ('{"type":"FeatureCollection"}', "json_other"),
        ('{"type":"FeatureCollection","features":[]}', "vector_empty"),
        ('{"a":' * 5000, "json_depth"),
        ("{" + '"k":1,' * 3 + "}", "json_syntax"),
    ],
)
def test_a_text_that_is_no_geojson_names_the_line(content: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)
    (problem,) = caught.value.problems
    assert problem.code == code
    if code == "json_syntax":
        assert problem.found.en.startswith("line ")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="2,001 fields"):
        read(tmp_path, collection(feature(None, **{f"k{n}": 1 for n in range(2001)})))
    assert read(tmp_path, collection(feature(None, **{f"k{n}": 1 for n in range(2000)}))).cells.shape == (1, 2000)
