import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.text import Text
from layers import CATALOG, ISSUES, Workspace, open_workspace, save_workspace
from reports.webmap import draw, encode, write_map
from reports.webmap.columns import identifiers, values
from reports.webmap.degrees import degrees
from reports.webmap.documents import STANDINGS, document, names
from reports.webmap.guard import esc, json_block
from reports.webmap.payload import payload
from reports.webmap.shading import NO_CLASS, TOO_FEW
from tests.reports import mapped

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return mapped.community(tmp_path_factory.mktemp("mapped"))


def unvarint(data: bytes) -> Any:
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append(value)
            value = shift = 0
    return np.array(found, dtype=object)


def unzigzag(folded: Any) -> Any:
    return np.array([(n >> 1) ^ -(n & 1) for n in folded], dtype=np.int64)


def unnumbers(code: dict[str, Any]) -> Any:
    raw = unvarint(base64.b64decode(code["data"]))
    return np.cumsum(unzigzag(raw)) if code.get("steps") else raw.astype(np.int64)


def unvalues(code: dict[str, Any]) -> list[Any]:
    raw = unnumbers(code)
    if code["form"] == "words":
        return [None if n == 0 else code["words"][n - 1] for n in raw]
    unit = 10 ** code.get("decimals", 0)
    return [None if n == 0 else (n - 1 + code["base"]) / unit for n in raw]


def unshapes(code: dict[str, Any]) -> tuple[Any, Any, Any]:
    def sizes(name: str, count: int) -> Any:
        return unvarint(base64.b64decode(code[name])).astype(int) if name in code else np.ones(count, dtype=int)

    paths = sizes("paths", code["n"])
    vertices = sizes("sizes", int(paths.sum()))
    xy = np.cumsum(unzigzag(unvarint(base64.b64decode(code["xy"]))).reshape(-1, 2), axis=0) * code["quantum"]
    return paths, vertices, xy


# --- codes -----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(hnp.arrays(np.uint64, st.integers(0, 50), elements=st.integers(0, 2**64 - 1)))
def test_varints_come_back(numbers: Any) -> None:
    assert unvarint(encode.varint(numbers)).tolist() == numbers.tolist()


@settings(deadline=None)
@given(hnp.arrays(np.int64, st.integers(0, 50), elements=st.integers(-(2**62), 2**62)))
def test_signed_numbers_come_back_and_small_ones_stay_small(numbers: Any) -> None:
    folded = encode.zigzag(numbers)
    assert unzigzag([int(n) for n in folded]).tolist() == numbers.tolist()
    assert all(int(f) <= 2 * abs(int(n)) for f, n in zip(folded, numbers, strict=True))


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), max_size=30))
def test_whole_numbers_and_nulls_come_back(numbers: Any) -> None:
    assert unvalues(values(pd.Series(numbers, dtype="Int64"))) == numbers


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=1, max_size=30))
def test_texts_and_nulls_come_back_each_written_once(texts: list[str | None]) -> None:
    code = values(pd.Series(texts, dtype="str"))
    assert unvalues(code) == texts
    assert len(code["words"]) == len({t for t in texts if t is not None})


def test_decimals_times_and_truth_come_back() -> None:
    assert unvalues(values(pd.Series([2.5, None, -0.25]))) == [2.5, None, -0.25]
    moments = values(pd.Series(pd.to_datetime(["2025-06-01 10:20", None])))
    assert unvalues(moments) == [pd.Timestamp("2025-06-01 10:20").timestamp() / 60, None]
    assert unvalues(values(pd.Series([True, None, False], dtype="boolean"))) == [["是", "yes"], None, ["否", "no"]]


@pytest.mark.parametrize("ids", [["W001", "W002", "W010"], ["7", "08"], ["甲", "乙"], ["A1", "B2"], []])
def test_ids_come_back(ids: list[str]) -> None:
    code = identifiers(pd.Index(ids, dtype="str"))
    found = code["words"] if "words" in code else [f"{code['head']}{n:0{code['width']}d}" for n in unnumbers(code)]
    assert list(found) == ids


def test_ids_of_one_form_are_short() -> None:
    many = pd.Index([f"101001{n:06d}" for n in range(10_000)])
    assert len(json.dumps(identifiers(many))) < 2 * len(many)


@settings(deadline=None, max_examples=30)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 60), st.just(2)),
        elements=st.floats(-170, 170, allow_nan=False).map(lambda v: v / 2),
    )
)
def test_coordinates_come_back_within_half_a_quantum(xy: Any) -> None:
    found = unshapes({"n": len(xy), "quantum": 1e-6, "xy": encode.coordinates(xy[:, 0], xy[:, 1], 1e-6)})[2]
    np.testing.assert_allclose(found, xy, atol=5.1e-7)


def test_shapes_of_every_kind_come_apart_and_together() -> None:
    hole = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(2, 2), (2, 4), (4, 4)]])
    mixed = shapely.GeometryCollection([shapely.Point(5, 5), shapely.MultiPolygon([shapely.box(20, 0, 21, 1), hole])])
    lines = shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3), (4, 5)]])
    found = encode.outline(np.array([shapely.Point(1, 2), hole, lines, mixed, shapely.Point()], dtype=object))
    assert found.kind.tolist() == [encode.POINT, encode.AREA, encode.LINE, encode.AREA, encode.POINT]
    assert found.paths.tolist() == [1, 2, 2, 3, 0]
    assert found.sizes.tolist() == [1, 4, 3, 2, 3, 4, 4, 3]
    rings = np.split(found.xy, np.cumsum(found.sizes)[:-1])
    assert shapely.Polygon(rings[1], [rings[2]]).equals(hole)


def test_every_geometry_of_a_workspace_is_decoded_to_its_place(ws: Workspace) -> None:
    to_degrees = pyproj.Transformer.from_crs(mapped.CRS, "EPSG:4326", always_xy=True)
    for name in names(ws):
        table = ws.grids(int(name[-1])) if name.startswith("level-") else ws[name]
        code = document(ws, name)
        paths, vertices, xy = unshapes(code)
        starts = np.concatenate([[0], np.cumsum(vertices)])
        first = np.concatenate([[0], np.cumsum(paths)])
        for row, shape in enumerate(table.geometry):
            decoded = xy[starts[first[row]] : starts[first[row + 1]]]
            rings = [r for part in shapely.get_parts(shape) for r in shapely.get_rings(part)] or [shape]
            closed = int(shape.geom_type.endswith("Polygon"))
            metres = np.concatenate([shapely.get_coordinates(r)[: -1 if closed else None] for r in rings])
            np.testing.assert_allclose(decoded, np.column_stack(to_degrees.transform(*metres.T)), atol=1e-6)


# --- what is in a map -----------------------------------------------------------------------------


def test_counts_of_the_legend_are_those_of_the_data(ws: Workspace) -> None:
    made = payload(ws, ranking=mapped.ranking(ws))
    layers = {layer["key"]: layer for layer in made["layers"]}
    assert {key: layer["count"] for key, layer in layers.items()} == {key: len(ws[key]) for key in layers}
    assert layers["issues"]["standing"] == mapped.STAND_COUNTS
    standing = np.bincount(np.frombuffer(base64.b64decode(layers["issues"]["data"]["standing"]), dtype=np.uint8))
    assert dict(zip(STANDINGS, standing.tolist(), strict=True)) == mapped.STAND_COUNTS
    for level in made["levels"]:
        counted = {c["key"]: sum(unvalues(c)) for c in level["columns"] if c["key"].startswith("issues_")}
        assert counted == {f"issues_{key}": n for key, n in mapped.STAND_COUNTS.items()}
    score = next(s for s in made["shades"] if s["key"] == "score")
    assert sum(score["counts"]) + score["missing"] == len(ws.grids(2))
    assert score["missing"] == 1


def test_too_few_people_are_hatched_apart_from_missing_data(ws: Workspace) -> None:
    ranking = mapped.ranking(ws)
    index = ranking.grids.index
    ranking.grids.loc[index[:2], ["score", "peopled", "enough_data"]] = [None, False, False]
    made = payload(ws, ranking=ranking)
    score = next(s for s in made["shades"] if s["key"] == "score")
    numbers = np.frombuffer(base64.b64decode(score["classes"]), dtype=np.uint8)
    assert numbers[:2].tolist() == [TOO_FEW, TOO_FEW]
    assert numbers[-1] == NO_CLASS
    assert (score["few"], score["missing"]) == (2, 1)
    assert sum(score["counts"]) + 3 == len(index)
    assert made["words"]["few"] != made["words"]["missing"]
    other = next(s for s in made["shades"] if s["key"] != "score")
    assert other["few"] == 0


def test_what_is_not_drawn_is_said_and_adds_up(tmp_path: Path) -> None:
    table = mapped.issues(300)
    table.loc[table.index[:120], "geometry"] = shapely.Point(mapped.EAST + 333, mapped.NORTH + 333)
    table.loc[table.index[120:125], "geometry"] = None
    table.loc[table.index[125:128], ["reported_at", "due_at"]] = pd.Timestamp("2025-12-01")
    plain = mapped.community(tmp_path / "plain")
    save_workspace(tmp_path / "w", plain.manifest, {**plain.tables, "issues": table})
    ws = open_workspace(tmp_path / "w", set_aside=True)
    layer = next(one for one in payload(ws)["layers"] if one["key"] == "issues")
    said = " ".join(note[1] for note in layer["notes"])
    numbers = [int(n) for n in re.findall(r"\d+", said)]
    assert sorted(numbers) == [3, 5, 120]
    assert layer["drawn"] + sum(numbers) == layer["count"] == 300
    assert layer["data"]["n"] == layer["drawn"]


def test_popups_show_only_declared_columns(ws: Workspace) -> None:
    for name in names(ws):
        if name.startswith("level-"):
            continue
        allowed = {key for key, meta in CATALOG[name].columns.items() if meta["popup"]} | {"type"}
        assert {c["key"] for c in document(ws, name)["columns"]} <= allowed


def test_a_public_map_leaves_out_what_is_internal(ws: Workspace) -> None:
    made = json.dumps(payload(ws, public=True), ensure_ascii=False)
    assert "drains" not in made
    assert "门口有坑" not in made
    assert "幸福路" in made  # the street's own name is public, the address of an issue is not
    assert document(ws, "issues", public=True)["quantum"] == 1e-4
    assert "门口有坑" in json.dumps(payload(ws), ensure_ascii=False)


def test_types_are_said_in_both_languages_or_as_the_source_has_them(ws: Workspace) -> None:
    column = document(ws, "issues")["columns"][0]
    assert column["key"] == "type"
    assert {json.dumps(w, ensure_ascii=False) for w in column["words"]} == {
        '["路面破损", "Road surface repair"]',
        '"路面"',
    }


def test_a_large_layer_leaves_free_text_out_and_says_so(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.webmap.columns.MANY_ROWS", 20)
    keys = {c["key"] for c in document(ws, "issues")["columns"]}
    assert not keys & {"address", "description"}
    layer = next(one for one in payload(ws)["layers"] if one["key"] == "issues")
    assert any("Address" in note[1] or "address" in note[1] for note in layer["notes"])


def test_a_workspace_without_issues_says_so(tmp_path: Path) -> None:
    made = payload(mapped.community(tmp_path, without=("issues",)))
    assert made["no_issues"] == ["本工作区没有问题点", "No issues in this workspace"]
    assert all(layer["key"] != "issues" for layer in made["layers"])


def test_a_low_measure_that_is_worse_gets_the_dark_end(ws: Workspace) -> None:
    shade = next(s for s in payload(ws, ranking=mapped.ranking(ws))["shades"] if s["key"] == "measure-open")
    assert shade["colours"][0] == "#810f7c"


def test_a_series_of_ones_own_is_shaded_with_its_title(ws: Workspace) -> None:
    mine = pd.Series(np.arange(8.0), index=ws.grids(2).index, name="mine")
    mine.attrs = {"title": Text("我的", "Mine"), "unit": Text("个", "pieces")}
    shade = payload(ws, shade=mine)["shades"][0]
    assert (shade["title"], shade["unit"], sum(shade["counts"])) == (["我的", "Mine"], ["个", "pieces"], 8)


def test_documents_by_address_keep_the_payload_light(ws: Workspace) -> None:
    made = payload(ws, link=lambda name: f"/x/{name}")
    assert [layer["data"] for layer in made["layers"]] == [f"/x/{layer['key']}.json" for layer in made["layers"]]
    assert len(json.dumps(made)) < 20_000


# --- pages ----------------------------------------------------------------------------------------


def test_draw_gives_a_folium_map_that_takes_folium_layers(ws: Workspace) -> None:
    made = draw(ws, [ISSUES], lang="en")
    assert isinstance(made, folium.Map)
    folium.CircleMarker([32.0, 111.0], popup="{{ 6*7 }}").add_to(made)
    page = made.get_root().render()
    assert f"{made.get_name()}=Guatu.createMap" in page
    assert "{{ 6*7 }}" in page
    assert "<iframe" in made._repr_html_()


def test_a_page_asks_for_nothing_outside_and_has_a_policy(ws: Workspace, tmp_path: Path) -> None:
    write_map(ws, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*//", page)
    assert not re.search(r"url\((?!data:|#)", page)
    assert "default-src 'none'" in page
    assert "unsafe-eval" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_map_is_the_same_bytes_in_another_process(ws: Workspace, tmp_path: Path, lang: str) -> None:
    write_map(ws, tmp_path / "a.html", lang=lang)
    code = (
        "import sys; from pathlib import Path; from layers import open_workspace; from reports.webmap import write_map;"
        "write_map(open_workspace(sys.argv[1]), Path(sys.argv[2]), lang=sys.argv[3])"
    )
    subprocess.run([sys.executable, "-c", code, str(ws.folder), str(tmp_path / "b.html"), lang], check=True)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "b.html"]


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4))
def test_data_in_a_page_are_read_back_as_they_were(data: Any) -> None:
    block = json_block(data)
    assert json.loads(block) == data
    assert not re.search(r"[<>&%#$`\u2028\u2029]", block)
    assert "{{" not in json_block(list(data.values()))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_escaped_text_holds_no_sign_of_code(text: str) -> None:
    assert not re.search("[<>\"'`{}$\\\\%=\u2028\u2029]", esc(text))


def test_braces_in_any_text_stay_text(tmp_path: Path) -> None:
    say = "{{ 6*7 }}{% raw %}"
    hostile = mapped.community(tmp_path, say=say)
    page = draw(hostile, ranking=mapped.ranking(hostile, say)).get_root().render()
    block = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert "{{" not in block[1]
    assert "{%" not in block[1]
    assert json.loads(block[1]) == payload(hostile, ranking=mapped.ranking(hostile, say))
    assert json.loads(block[1])["title"][0] == f"测试社区{say}"


# --- a whole city ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_city_of_121145_issues_fits_and_is_quick(tmp_path: Path) -> None:
    count, houses = 121_145, 22_000
    small = mapped.community(tmp_path / "small")
    rng = np.random.default_rng(1)
    table = mapped.issues(count)
    x, y = mapped.EAST + rng.uniform(0, 4 * mapped.SIDE, houses), mapped.NORTH + rng.uniform(0, 4 * mapped.SIDE, houses)
    boxes = mapped.frame(
        [
            {"building_id": f"B{n:05d}", "storeys": 5.0, "geometry": g}
            for n, g in enumerate(shapely.box(x, y, x + 9, y + 7))
        ],
        "building_id",
    )
    save_workspace(tmp_path / "city", small.manifest, {"grids": mapped.grids(), "issues": table, "buildings": boxes})
    ws = open_workspace(tmp_path / "city", set_aside=True)
    write_map(ws, tmp_path / "city.html")
    assert (tmp_path / "city.html").stat().st_size < 6 * MEGABYTE


def test_degrees_refuse_what_cannot_be_converted(ws: Workspace) -> None:
    with pytest.raises(pyproj.exceptions.ProjError):
        degrees(ws.manifest.crs, np.array([1e30]), np.array([1e30]))
