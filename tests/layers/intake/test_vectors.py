"""Formats that GDAL reads, each in the worker, as a user hands them in."""

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
import shapely

from geo.errors import DataError
from layers.intake.cells.dates import read_dates
from layers.intake.spatial.vectors import DRIVERS, read_vectors
from layers.intake.upload.opening import open_upload
from tests.layers.intake.foreign import made, zipped


def test_every_format_comes_in(tmp_path: Path) -> None:
    home = made()
    tab = [home / f"areas{end}" for end in (".tab", ".dat", ".map", ".id")]
    files = {
        "filegdb": zipped(tmp_path / "areas.zip", home / "areas.gdb", under="数据/"),
        "mapinfo": zipped(tmp_path / "tab.zip", *tab),
        "gml": home / "areas.gml",
        "gpx": home / "points.gpx",
        "flatgeobuf": home / "areas.fgb",
    }
    assert {*files, "gpkg"} == set(DRIVERS)
    for kind, path in files.items():
        sources = open_upload(path)
        assert sources[0].kind == kind
        names = sources[0].cells["name"].tolist()
        assert names == (["二", "幸福里"] if kind == "flatgeobuf" else ["幸福里", "二"]), kind  # it sorts by place
        assert sources[0].rows.tolist() == [1, 2]
        assert len(sources) == (2 if kind == "filegdb" else 1)
        assert sources[0].geometry is not None
        assert not shapely.is_missing(sources[0].geometry).any()
        assert sources[0].crs
    assert "gml_id" not in open_upload(files["flatgeobuf"])[0].cells


def test_a_geodatabase_may_be_a_folder_and_says_its_layers() -> None:
    sources = open_upload(made() / "areas.gdb", name="街道.gdb")
    assert [(source.file, source.part, source.crs) for source in sources] == [
        ("街道.gdb", "areas", "EPSG:4547"), ("街道.gdb", "points", "EPSG:4326"),
    ]  # fmt: skip
    assert sources[0].cells["n"].tolist()[0] == 1
    assert all("several_layers" in [note.code for note in source.notes] for source in sources)


@pytest.mark.parametrize("charset", ["WindowsSimpChinese", "Neutral"])
def test_mapinfo_text_in_chinese_with_and_without_a_charset(charset: str, tmp_path: Path) -> None:
    head = f'Version 300\nCharset "{charset}"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns 2\n  名称 Char(20)\n'
    (tmp_path / "点.mif").write_bytes((head + "  户数 Integer\nData\n\nPoint 112.1 32.0\n").encode("gbk"))
    (tmp_path / "点.MID").write_bytes('"幸福里",3\n'.encode("gbk"))
    (source,) = open_upload(tmp_path / "点.mif")
    assert source.cells.to_dict("records") == [{"名称": "幸福里", "户数": 3}]


def test_layers_of_a_geopackage_and_tables_without_shapes(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[shapely.Point(1, 2, 9), None], crs="EPSG:4490")
    points.to_file(path, layer="点", driver="GPKG")
    pyogrio.write_dataframe(points[["n"]], path, layer="表", driver="GPKG", append=True)
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, styleQML TEXT)")
        store.execute("INSERT INTO layer_styles VALUES (1, 'x')")
        store.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 's')"
        )
    store.close()
    places, table = read_vectors(path, "gpkg", file="甲.gpkg")
    assert (places.part, table.part) == ("点", "表")
    assert places.geometry is not None
    assert shapely.get_coordinate_dimension(places.geometry[0]) == 2
    assert [note.code for note in places.notes] == ["flattened", "empty_shapes"]
    assert places.geometry[1] is None
    assert table.geometry is None
    assert table.cells["n"].tolist() == [1, 2]
    assert table.notes == ()


def test_shapes_on_no_map_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    shapes = [
        shapely.Point(1, 2),
        shapely.LineString([(0, 0), (np.inf, 1)]),
        shapely.Point(2e9, 0),
        shapely.box(0, 0, 1, 1),
    ]
    gpd.GeoDataFrame({"n": range(4)}, geometry=shapes, crs="EPSG:4547").to_file(path, driver="GPKG")
    (source,) = read_vectors(path, "gpkg", file="a.gpkg")
    assert source.rows.tolist() == [1, 4]
    assert source.cells["n"].tolist() == [0, 3]
    assert [(lost.row, lost.code) for lost in source.lost] == [(2, "not_finite"), (3, "not_finite")]
    assert "2e+09" in source.lost[1].found.en
    assert [note.code for note in source.notes] == ["mixed_types"]
    assert "点、面" in source.notes[0].found.zh


def test_rings_left_open_are_closed_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], crs="EPSG:4547").to_file(path, layer="a", driver="GPKG")
    whole = shapely.to_wkb(shapely.box(0, 0, 2, 2))
    with sqlite3.connect(path) as store:
        store.execute("DROP TRIGGER IF EXISTS rtree_a_geom_update6")
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        head = store.execute("SELECT geom FROM a").fetchone()[0]
        head = head[: len(head) - len(whole)]
        opened = whole[:9] + (4).to_bytes(4, "little") + whole[13:-16]
        short = whole[:9] + (1).to_bytes(4, "little") + whole[13:29]
        store.execute("UPDATE a SET geom = ?", (head + opened,))
        store.execute("INSERT INTO a (geom) VALUES (?)", (head + short,))
    store.close()
    (source,) = read_vectors(path, "gpkg", file="a.gpkg")
    assert source.geometry is not None
    assert source.geometry[0].equals(shapely.box(0, 0, 2, 2))
    assert [note.code for note in source.notes] == ["rings_closed"]
    assert [(lost.row, lost.code) for lost in source.lost] == [(2, "broken_shape")]


def test_a_file_without_rows_is_refused_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "upload.gpkg"
    gpd.GeoDataFrame({"n": []}, geometry=[], crs="EPSG:4547").to_file(path, driver="GPKG")
    with pytest.raises(DataError) as caught:
        open_upload(path, name="空.gpkg")
    assert [(one.code, one.file) for one in caught.value.problems] == [("vector_empty", "空.gpkg")]


def test_days_are_told_from_moments_at_midnight(tmp_path: Path) -> None:
    day = pd.Timestamp("2021-06-01")
    given = pa.table(
        {
            "day": pa.array([day.date(), None], pa.date32()),
            "moment": pa.array([day, None], pa.timestamp("ms")),
            "geometry": pa.array(shapely.to_wkb([shapely.Point(1, 1)] * 2)),
        }
    )
    pyogrio.write_arrow(given, tmp_path / "a.gpkg", driver="GPKG", geometry_name="geometry", geometry_type="Point", crs="EPSG:4326")  # fmt: skip
    (source,) = open_upload(tmp_path / "a.gpkg")
    ends = [read_dates(source.cells[one], end_of_day=True)[0][0] for one in ("day", "moment")]
    assert ends == [pd.Timestamp("2021-06-01 23:59:59"), day]
