import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import Workspace
from layers.exports import export_layer, export_table
from tests.layers.exports.tables import NASTY, kinds, nasty, of, texts
from tests.samples import CRS, box, point

OWN_CRS = (".gpkg", ".parquet", ".fgb")


def read(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


@pytest.mark.parametrize("suffix", [*OWN_CRS, ".geojson"])
@pytest.mark.parametrize("key", ["grids", "buildings", "issues", "parks"])
def test_a_layer_comes_back_as_it_went(sample: Workspace, tmp_path: Path, suffix: str, key: str) -> None:
    path = export_layer(sample, key, tmp_path / f"a{suffix}").paths[0]
    table = sample[key]
    found = read(path).set_index(table.index.name).loc[table.index]
    assert set(found.columns) == set(table.columns)
    for name in table.columns.drop("geometry"):
        for ours, theirs in zip(table[name], found[name], strict=True):
            assert (pd.isna(ours) and pd.isna(theirs)) or ours == theirs, name
    assert found.crs == ("EPSG:4326" if suffix == ".geojson" else table.crs)
    back = found.to_crs(table.crs).geometry
    near = [
        (a is None and b is None) or a.hausdorff_distance(b) < 0.01 for a, b in zip(table.geometry, back, strict=True)
    ]
    assert all(near)
    if suffix in OWN_CRS:
        assert back.geom_equals(table.geometry).where(table.geometry.notna(), other=True).all()


@pytest.mark.parametrize("suffix", [*OWN_CRS, ".geojson"])
def test_nasty_text_comes_back(tmp_path: Path, suffix: str) -> None:
    path = export_table(nasty(), tmp_path / f"a{suffix}").paths[0]
    assert read(path).set_index("thing_id")["name"].sort_index().tolist() == NASTY


@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([".gpkg", ".geojson", ".parquet", ".fgb"]))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(tmp_path: Path, given_texts: list[str], suffix: str) -> None:
    table = gpd.GeoDataFrame(
        {"at": range(len(given_texts)), "words": pd.Series(given_texts, dtype=object)}, geometry=[point(n, n) for n in range(len(given_texts))], crs=CRS
    )  # fmt: skip
    done = export_table(table, tmp_path / f"a{suffix}")
    found = read(done.paths[0]).sort_values("at")["words"].tolist()
    assert [one if isinstance(one, str) else "" for one in found] == [
        one.replace("\0", "\ufffd") for one in given_texts
    ]
    assert [n.code for n in done.notes] == ["export_characters"] * any("\0" in one for one in given_texts)


def test_halves_of_characters_are_replaced_and_told(tmp_path: Path) -> None:
    done = export_table(pd.DataFrame({"a": ["x\ud800y", "whole"]}, dtype=object), tmp_path / "a.parquet")
    assert [n.code for n in done.notes] == ["export_characters"]
    assert pd.read_parquet(tmp_path / "a.parquet")["a"].tolist() == ["x\ufffdy", "whole"]


@pytest.mark.parametrize("suffix", [*OWN_CRS, ".geojson"])
def test_every_kind_of_value_comes_back(tmp_path: Path, suffix: str) -> None:
    table = kinds().assign(at=range(5))
    found = read(export_table(table, tmp_path / f"a{suffix}").paths[0]).sort_values("at")
    for name in ("whole", "number", "yes", "day", "moment"):
        for ours, theirs in zip(table[name], found[name], strict=True):
            assert (pd.isna(ours) and pd.isna(theirs)) or ours == theirs, name


def test_geojson_is_as_rfc_7946_wants_it(sample: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    export_layer(sample, "parks", path)
    written = json.loads(path.read_text("utf-8"))
    assert "crs" not in written
    ring = written["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert all(abs(x - 111) < 0.01 and abs(y - 30.7) < 0.1 for x, y in ring)
    assert all(len(repr(part).partition(".")[2]) <= 7 for spot in ring for part in spot)
    assert shapely.is_valid(gpd.read_file(path).geometry).all()


@pytest.mark.parametrize(
    ("kind", "wanted"), [("Point", "Point"), ("Line", "LineString"), ("Polygon", "MultiPolygon"), ("", "Unknown")]
)
def test_a_geopackage_has_the_narrowest_type(tmp_path: Path, kind: str, wanted: str) -> None:
    import pyogrio  # noqa: PLC0415

    export_table(of(kinds(), kind), tmp_path / "a.gpkg")
    assert pyogrio.read_info(tmp_path / "a.gpkg")["geometry_type"] == wanted


def test_tables_without_shapes_are_fine_in_what_holds_tables(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": ["x", None], "b": [1, 2]})
    export_table(table, tmp_path / "a.gpkg")
    export_table(table, tmp_path / "a.parquet")
    assert pd.read_parquet(tmp_path / "a.parquet")["b"].tolist() == [1, 2]
    assert gpd.read_file(tmp_path / "a.gpkg")["a"].tolist()[0] == "x"


def test_shapes_with_holes_stay(tmp_path: Path) -> None:
    hole = box(0, 0).difference(box(40, 40, 10, 10))
    table = gpd.GeoDataFrame({"a": [1]}, geometry=[hole], crs=CRS)
    for suffix in OWN_CRS:
        found = read(export_table(table, tmp_path / f"a{suffix}").paths[0])
        assert np.isclose(found.geometry.area.iloc[0], 9900)
