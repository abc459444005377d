"""The quick way to write many shapes gives what the usual way gives."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import layer_writing
from geo.files import digest, read_layer, write_layers
from geo.layer_writing import wkb_of

SHAPES = [
    shapely.Point(1.5, -2.25), shapely.Point(-0.0, 1e300), None, shapely.Point(), shapely.Point(1, 2, 3), shapely.box(0, 0, 1, 2),
    shapely.LineString([(0, 0), (1, 1)]),
]  # fmt: skip


def table(rows: int = 60) -> gpd.GeoDataFrame:
    place = np.arange(rows, dtype=float)
    shapes = shapely.points(500_000 + place, 3_000_000 - 7.5 * place)
    shapes[3] = None
    return gpd.GeoDataFrame(
        {
            "name": pd.Series(["幸福里", None, ""] * (rows // 3), dtype="str").array,
            "code": pd.Series(["a", None, "b"] * (rows // 3), dtype="string").array,
            "seen_at": pd.Series(pd.to_datetime(["2025-06-01 10:30:00", None, "1970-01-01 00:00:01.25"] * (rows // 3), format="mixed")).array,
            "open": pd.array([True, None, False] * (rows // 3), dtype="boolean"),
            "bays": pd.array([1, None, -3] * (rows // 3), dtype="Int64"),
            "area_m2": [1.5, np.nan, -0.0] * (rows // 3),
        },
        index=pd.Index([f"{n:04d}" for n in range(rows)], name="place_id", dtype="str"),
        geometry=shapes,
        crs="EPSG:4547",
    )  # fmt: skip


def test_many_shapes_are_stored_as_few_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_layers(tmp_path / "few.gpkg", {"places": table()}, again=True)
    monkeypatch.setattr(layer_writing, "MANY", 10)
    assert write_layers(tmp_path / "many.gpkg", {"places": table()}, again=True)
    for name in ("one", "other"):
        write_layers(
            tmp_path / name / "layers.gpkg", {"places": table(), "more": table(30)}, base=tmp_path / "few.gpkg"
        )
    assert digest([tmp_path / "one" / "layers.gpkg"]) == digest([tmp_path / "other" / "layers.gpkg"])
    usual, quick = (read_layer(tmp_path / f"{name}.gpkg", "places") for name in ("few", "many"))
    pd.testing.assert_frame_equal(usual[0], quick[0])
    assert usual[1].tolist() == quick[1].tolist()
    assert usual[2] == quick[2] == "EPSG:4547"
    kept = []
    for name in ("few", "many"):
        with closing(sqlite3.connect(tmp_path / f"{name}.gpkg")) as store:
            made = store.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
            rest = [store.execute(f"SELECT * FROM gpkg_{one}").fetchall() for one in ("extensions", "geometry_columns")]  # noqa: S608
            assert store.execute("SELECT rtreecheck('rtree_places_geom')").fetchone() == ("ok",)
            kept.append((made, rest, store.execute("SELECT min_x, max_y FROM gpkg_contents").fetchall()))
    assert kept[0] == kept[1]


def test_a_table_that_is_stored_otherwise_is_not_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finer = table().assign(seen_at=pd.Timestamp("2025-06-01 10:30:00.000000001"))  # GDAL keeps milliseconds
    for many in (10, 10**9):
        monkeypatch.setattr(layer_writing, "MANY", many)
        assert not write_layers(tmp_path / "a.gpkg", {"places": finer}, again=True)
        assert not write_layers(tmp_path / "a.gpkg", {"places": table(), "finer": finer}, again=True)
        assert write_layers(tmp_path / "a.gpkg", {"plain": pd.DataFrame(table().drop(columns="geometry"))}, again=True)
        assert not write_layers(tmp_path / "a.gpkg", {"places": table()})
    loose = table().assign(day=pd.Series([None] * 60, dtype=object).array)
    assert not write_layers(tmp_path / "a.gpkg", {"places": loose}, again=True)


def test_what_is_read_again_is_compared_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_layers(path, {"places": table()})
    flat = table().reset_index()
    assert layer_writing._holds(path, "places", layer_writing._arrow(flat), "EPSG:4547")
    for other in (
        flat.iloc[:-1], flat.iloc[::-1], pd.concat([flat, flat.tail(1)]), flat.drop(columns="bays"), flat.assign(more=1),
        flat.assign(name=flat["name"].where(flat.index != 59, "x")), flat.assign(area_m2=flat["area_m2"].fillna(1e-9)),
        flat.set_geometry(flat.geometry.where(flat.index != 58, shapely.Point(500_058, 2_999_565.000001))),
    ):  # fmt: skip
        assert not layer_writing._holds(path, "places", layer_writing._arrow(other), "EPSG:4547")
    assert not layer_writing._holds(path, "places", layer_writing._arrow(flat), "EPSG:4548")


@given(st.lists(st.sampled_from(SHAPES[:3]), max_size=20) | st.lists(st.sampled_from(SHAPES), max_size=20))
def test_points_as_numbers_are_the_same_bytes(shapes: list[shapely.Geometry | None]) -> None:
    array = np.array([*shapes, None], dtype=object)[:-1]
    assert wkb_of(array).to_pylist() == shapely.to_wkb(array).tolist()
