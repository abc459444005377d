import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

import geo
from geo import drivers
from geo.text import Text


def tables() -> dict[str, pd.DataFrame]:
    places = gpd.GeoDataFrame(
        {
            "name": pd.array(["幸福里", None, "c"], dtype="str"),
            "seen_at": pd.to_datetime(pd.Series(["2025-06-01 10:30:00", None, "2025-06-02 23:59:59"])).array,
            "open": pd.array([True, None, False], dtype="boolean"),
            "lit": [True, False, True],
            "bays": pd.array([1, None, 3], dtype="Int64"),
            "area_m2": [1.5, np.nan, -2.0],
        },
        index=pd.Index(["001", "002", "003"], name="place_id", dtype="str"),
        geometry=[shapely.Point(500_000, 3_000_000), None, shapely.box(0, 0, 1, 1)],
        crs="EPSG:4547",
    )
    return {"places": places, "plain": pd.DataFrame({"k": ["a", "b"], "v": [1, 2]})}


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "layers.gpkg"
    geo.write_layers(path, tables())
    assert geo.layer_names(path) == ["places", "plain"]
    rows, wkb, crs = geo.read_layer(path, "places")
    assert crs == "EPSG:4547"
    assert rows["place_id"].tolist() == ["001", "002", "003"]
    assert {name: str(kind) for name, kind in rows.dtypes.items()} == {
        "place_id": "str", "name": "str", "seen_at": "datetime64[ms]", "open": "boolean",
        "lit": "bool", "bays": "Int64", "area_m2": "float64",
    }  # fmt: skip
    assert rows["name"].isna().tolist() == [False, True, False]
    assert rows["seen_at"].iloc[0] == pd.Timestamp("2025-06-01 10:30")
    shapes, lost = geo.geometries(wkb)
    assert shapely.equals(shapes, tables()["places"].geometry.to_numpy()).tolist() == [True, False, True]
    assert not lost.any()
    plain, none, nowhere = geo.read_layer(path, "plain")
    assert plain.to_dict("list") == {"k": ["a", "b"], "v": [1, 2]}
    assert list(none) == [None, None]
    assert nowhere is None


def test_two_writings_are_byte_equal(tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "layers.gpkg", tmp_path / "b" / "layers.gpkg"
    geo.write_layers(one, tables())
    geo.write_layers(other, tables())
    geo.write_layers(other, tables())
    assert one.read_bytes() == other.read_bytes()
    assert geo.digest([one]) == geo.digest([other])
    assert [file.name for file in other.parent.iterdir()] == ["layers.gpkg"]


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    geo.write_layers(path, tables())
    before = path.read_bytes()
    homeless = {"a": tables()["plain"], "b": tables()["places"].set_crs(None, allow_override=True)}  # type: ignore[operator]
    with pytest.raises(geo.CrsError, match="layer b"):
        geo.write_layers(path, homeless)
    for column in ([1, "two"], [{"a": 1}, None], [1j, 2j]):
        with pytest.raises(geo.DataError, match="columns of text"):
            geo.write_layers(path, {"a": pd.DataFrame({"v": column})})
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["layers.gpkg"]


def test_digest_depends_on_content_and_name_not_on_order_or_folder(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    files = [tmp_path / "one" / "a", tmp_path / "one" / "b"]
    for file in files:
        file.write_text(file.name)
    moved = [shutil.copy(file, tmp_path / "two") for file in files]
    assert geo.digest(files) == geo.digest([Path(one) for one in reversed(moved)])
    files[0].write_text("x")
    assert geo.digest(files) != geo.digest([Path(one) for one in moved])


def test_one_unclosed_ring_costs_one_row() -> None:
    good = shapely.to_wkb(shapely.Point(1, 2, 3))
    open_ring = bytearray(shapely.to_wkb(shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 0)])))
    open_ring[-8:] = np.float64(5).tobytes()
    curve = bytes.fromhex("0108000000" + "03000000") + np.arange(6.0).tobytes()
    shapes, lost = geo.geometries(np.array([good, bytes(open_ring), None, b"rubbish", curve], dtype=object))
    assert lost.tolist() == [False, True, False, True, True]
    assert shapely.to_wkt(shapes[0]) == "POINT (1 2)"
    assert shapely.is_missing(shapes[1:]).all()


def problem(path: Path) -> geo.Problem:
    with pytest.raises(geo.DataError) as caught:
        geo.read_layer(path, geo.layer_names(path)[0])
    (one,) = caught.value.problems
    assert one.file == path.name
    return one


@pytest.mark.parametrize(
    ("name", "content", "looks"),
    [
        ("a.geojson", '<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "text that begins with"),
        ("b.geojson", '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"}', "text that begins with"),
        ("c.tif", '<VRTDataset rasterXSize="1" rasterYSize="1"/>', "text that begins with"),
        ("d.gpkg", "SQLite format 3\0 but no GeoPackage", "an SQLite database that is no GeoPackage"),
        ("e.gpkg", "", "an empty file"),
        ("f.gpkg", "PK\x03\x04 and so on", "a zip archive"),
    ],
)
def test_content_decides_not_the_name(tmp_path: Path, name: str, content: str, looks: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert problem(path).code == "format"
    assert problem(path).found.en.startswith(looks)


def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.gpkg", Path("/vsicurl/http://127.0.0.1/x.gpkg")):
        assert problem(path).code == "no_file"


def test_broken_json_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [')
    assert problem(path).code == "unreadable"
    assert problem(path).found.zh.startswith("第 1 行无法读取")


def test_geojson_keeps_what_gdal_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    feature = '{"type":"Feature","id":1,"properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature},{feature}]}}')
    rows, _, crs = geo.read_layer(path, "x")
    assert crs == "EPSG:4326"
    assert "Several features with id = 1" in rows.attrs["notes"][0]


def test_a_view_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    geo.write_layers(path, tables())
    with sqlite3.connect(path) as store:
        store.execute("CREATE VIEW sly AS SELECT * FROM plain")
        store.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES ('sly', 'attributes')")
    store.close()
    assert (problem(path).code, problem(path).column) == ("view", "sly")


def test_a_damaged_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    geo.write_layers(path, tables())
    path.write_bytes(path.read_bytes()[:60_000])
    assert problem(path).code == "damaged"


def test_a_layer_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    geo.write_layers(path, tables())
    with pytest.raises(geo.DataError, match="'nope'"):
        geo.read_layer(path, "nope")


@pytest.fixture
def shapefile(tmp_path: Path) -> Path:
    path = tmp_path / "s.shp"
    frame = gpd.GeoDataFrame({"n": ["幸福里"] * 50}, geometry=shapely.points(np.arange(50), 1), crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    return path


def test_shapefile_with_a_stated_encoding(shapefile: Path) -> None:
    rows, wkb, _ = geo.read_layer(shapefile, "s", encoding="GBK")
    assert rows["n"].iloc[0] == "幸福里"
    assert len(wkb) == 50


def test_shapefile_cut_short_or_without_its_parts(shapefile: Path) -> None:
    whole = shapefile.read_bytes()
    shapefile.write_bytes(whole[: len(whole) // 2])
    assert problem(shapefile).code == "truncated"
    shapefile.write_bytes(whole)
    shapefile.with_suffix(".dbf").unlink()
    assert (problem(shapefile).code, problem(shapefile).found) == ("missing_part", Text("缺少 .dbf", "no .dbf"))


def test_flatgeobuf(tmp_path: Path) -> None:
    path = tmp_path / "x.fgb"
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, driver="FlatGeobuf")
    assert geo.layer_names(path) == ["x"]
    assert len(geo.read_layer(path, "x")[0]) == 1


DRIVERS_LEFT = """
import geo, json, sys
light = [m for m in ("scipy", "rasterio", "pyogrio", "folium", "matplotlib") if m in sys.modules]
import pyogrio, rasterio
with rasterio.Env() as env:
    print(json.dumps([light, sorted(pyogrio.list_drivers()), sorted(env.drivers())]))
"""


def test_a_fresh_process_has_only_the_allowed_drivers() -> None:
    names = ("GDAL_SKIP", "GDAL_HTTP_PROXY", "CPL_LOG", "OGR_CURRENT_DATE")
    clean = {key: value for key, value in os.environ.items() if key not in names}
    run = subprocess.run([sys.executable, "-c", DRIVERS_LEFT], env=clean, capture_output=True, text=True, check=True)
    heavy, vector, raster = json.loads(run.stdout)
    assert run.stderr == ""
    assert heavy == []
    assert set(vector) | set(raster) == drivers.ALLOWED
    assert {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", "CSV", "MEM", "PMTiles"} <= set(vector)
    assert {"GTiff", "PNG", "JPEG", "MEM"} <= set(raster)


def test_tiles_can_be_written(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "t.pmtiles", driver="PMTiles", layer="n", MAXZOOM=2)
    assert (tmp_path / "t.pmtiles").read_bytes().startswith(b"PMTiles")
