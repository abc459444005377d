"""GeoParquet of several writers."""

import datetime as dt
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import DataError
from layers.intake.spatial.geoparquet import read_geoparquet


def frame(crs: str | None = "EPSG:4547") -> gpd.GeoDataFrame:
    columns = {
        "名": ["甲", None],
        "n": pd.array([1, None], dtype="Int64"),
        "t": pd.to_datetime(["2025-06-01", "2025-06-02"]),
    }
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(1, 2), None], crs=crs)


@pytest.mark.parametrize(
    ("crs", "read"), [("EPSG:4547", "EPSG:4547"), ("EPSG:4326", "EPSG:4326"), ("OGC:CRS84", "EPSG:4326"), (None, None)]
)
@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_shapes_and_coordinate_system(crs: str | None, read: str | None, encoding: str, tmp_path: Path) -> None:
    frame(crs).to_parquet(
        tmp_path / "a.parquet", geometry_encoding=encoding, schema_version="1.1.0", write_covering_bbox=True
    )
    source = read_geoparquet(tmp_path / "a.parquet", file="甲.parquet")
    assert source.crs == read
    assert source.geometry is not None
    assert source.geometry[0].equals(shapely.Point(1, 2))
    assert source.geometry[1] is None
    assert list(source.cells.columns) == ["名", "n", "t"]
    assert str(source.cells["n"].dtype) == "Int64"
    assert source.file == "甲.parquet"


def test_a_table_without_shapes_and_odd_columns(tmp_path: Path) -> None:
    columns = {
        "list": pa.array([[1, 2], None]), "map": pa.array([{"a": b"\xff"}, None]), "time": pa.array([dt.time(8), None]),
        "words": pa.array(["a", "b"]).dictionary_encode(), "on": pa.array([True, None]), "day": pa.array([dt.date(2025, 6, 1), None]),
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    source = read_geoparquet(tmp_path / "a.parquet", file="a")
    assert source.geometry is None
    assert source.cells.iloc[0][["list", "map", "time", "words"]].tolist() == ["[1, 2]", '{"a": "ff"}', "08:00:00", "a"]
    assert source.cells["on"].tolist()[0] is True
    assert source.cells["day"].iloc[0] == pd.Timestamp("2025-06-01")


@pytest.mark.parametrize(
    ("geo", "words"),
    [
        ("{", "geo entry"),
        ('{"columns": []}', "geo entry"),
        ('{"primary_column": "g", "columns": {"g": 7}}', "geo entry"),
        ('{"primary_column": "g", "columns": {"g": {"encoding": "polygon"}}}', "encoded as polygon"),
        ('{"primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}', "encoded as WKB"),
    ],
)
def test_a_geo_entry_that_lies(geo: str, words: str, tmp_path: Path) -> None:
    table = pa.table({"g": ["text"]}).replace_schema_metadata({b"geo": geo.encode()})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match=words):
        read_geoparquet(tmp_path / "a.parquet", file="a")


def test_an_unknown_coordinate_system_is_told(tmp_path: Path) -> None:
    table = pa.table({"g": [shapely.to_wkb(shapely.Point(1, 2))], "h": [b"x"]})
    about = {
        "primary_column": "g",
        "columns": {"g": {"encoding": "WKB", "crs": {"type": "Nonsense"}}, "h": {"encoding": "WKB"}},
    }
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(about).encode()}), tmp_path / "a.parquet")
    source = read_geoparquet(tmp_path / "a.parquet", file="a")
    assert source.crs is None
    assert [note.code for note in source.notes] == ["crs_unknown", "left_out_of_archive"]
    assert list(source.cells.columns) == []
