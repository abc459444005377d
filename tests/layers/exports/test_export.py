"""The doors: what all formats have in common."""

import errno
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import DataError
from geo.text import Text
from layers import DRAINS, ISSUES, PEOPLE, Workspace, open_workspace
from layers.exports import FAULTS, SUFFIXES, Told, export_layer, export_table
from layers.exports.outgoing import coarse
from tests import samples
from tests.layers.exports.tables import kinds, nasty
from tests.samples import community

SPATIAL = (".geojson", ".fgb", ".shp", ".zip", ".kml", ".dxf")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_workspace_gives_the_same_bytes(sample: Workspace, tmp_path: Path, suffix: str) -> None:
    first = export_layer(sample, ISSUES, tmp_path / "a" / f"issues{suffix}")
    again = export_layer(sample, ISSUES, tmp_path / "b" / f"issues{suffix}")
    assert [p.name for p in first.paths] == [p.name for p in again.paths]
    for one, other in zip(first.paths, again.paths, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == sorted(p.name for p in first.paths)


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".json"])
def test_every_layer_of_a_community_goes_out(huolong: Workspace, tmp_path: Path, suffix: str) -> None:
    for key, table in huolong.tables.items():
        path = tmp_path / f"{key}{suffix}"
        if suffix in SPATIAL and not isinstance(table, gpd.GeoDataFrame):
            with pytest.raises(DataError) as refused:
                export_layer(huolong, key, path)
            assert [p.code for p in refused.value.problems] == ["export_no_shape"]
        else:
            assert all(p.stat().st_size for p in export_layer(huolong, key, path, lang="en").paths)


@pytest.mark.parametrize(
    ("name", "code"), [("a.docx", "export_format"), ("a", "export_format"), ("buildings.json", "export_not_issues")]
)
def test_what_cannot_be_written_is_refused_in_words(sample: Workspace, tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(DataError) as refused:
        export_layer(sample, "buildings", tmp_path / name)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.remedy == FAULTS[code].remedy
    assert not list(tmp_path.iterdir())


def test_a_layer_that_is_not_there_or_empty_is_refused(sample: Workspace, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="murals"):
        export_layer(sample, "murals", tmp_path / "a.gpkg")
    with pytest.raises(DataError) as refused:
        export_table(pd.DataFrame({"a": []}), tmp_path / "a.csv")
    assert [p.code for p in refused.value.problems] == ["export_empty"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_place_that_cannot_be_written_to_gives_one_answer(sample: Workspace, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError) as refused:
        export_layer(sample, ISSUES, tmp_path / "file" / f"a{suffix}")
    assert [p.code for p in refused.value.problems] == ["export_unwritable"]
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_old_file_stays_when_the_new_one_fails(
    sample: Workspace, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError) as refused:
        export_layer(sample, ISSUES, path)
    assert "full disk" in str(refused.value)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["a.csv", "a.gpkg"])
def test_other_encodings_are_for_shapefiles(sample: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError) as refused:
        export_layer(sample, ISSUES, tmp_path / name, encoding="gbk")
    assert [p.code for p in refused.value.problems] == ["export_encoding"]
    with pytest.raises(DataError):
        export_layer(sample, ISSUES, tmp_path / "a.shp", encoding="latin-1")


SECRET = ("秘密描述", "3号楼2单元")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A community with things that are not for the public."""
    issues = samples.issues().assign(description=SECRET[0], address=SECRET[1], 联系电话="13800138000")
    drains = samples.frame({"diameter_mm": [300.0]}, ["d1"], "drain_id", [samples.point(5, 5)])
    people = pd.DataFrame({"name": ["某人"], "phone": ["13800138000"]}, index=pd.Index(["p1"], name="person_id"))
    changed = {"issues": issues, "drains": drains, "people": people}
    return open_workspace(community(tmp_path_factory.mktemp("guarded") / "guarded", changed))


@pytest.mark.parametrize("suffix", [".geojson", ".csv", ".kml", ".json", ".dxf"])
def test_a_public_edition_holds_nothing_internal(guarded: Workspace, tmp_path: Path, suffix: str) -> None:
    inside = export_layer(guarded, ISSUES, tmp_path / f"all{suffix}")
    public = export_layer(guarded, ISSUES, tmp_path / f"public{suffix}", public=True)
    text = public.paths[0].read_text("utf-8-sig")
    for word in (*SECRET, "13800138000", "联系电话"):
        assert word not in text
    assert suffix == ".dxf" or SECRET[0] in inside.paths[0].read_text("utf-8-sig")
    (told,) = [n for n in public.notes if n.code == "export_left_out"]
    assert {"description", "address", "联系电话"} <= set(told.found.zh.split("、"))


@pytest.mark.parametrize("layer", [DRAINS, PEOPLE])
def test_a_layer_that_may_not_be_public_is_refused(guarded: Workspace, tmp_path: Path, layer: object) -> None:
    export_layer(guarded, layer, tmp_path / "inside.csv")
    with pytest.raises(DataError) as refused:
        export_layer(guarded, layer, tmp_path / "public.csv", public=True)
    assert [p.code for p in refused.value.problems] == ["export_internal"]
    assert not (tmp_path / "public.csv").exists()


@pytest.mark.parametrize(("key", "decimals"), [("issues", 4), ("buildings", 5)])
def test_public_positions_are_rounded(sample: Workspace, tmp_path: Path, key: str, decimals: int) -> None:
    path, flat = tmp_path / "public.geojson", tmp_path / "public.gpkg"
    export_layer(sample, key, path, public=True)
    xy = shapely.get_coordinates(gpd.read_file(path).geometry.to_numpy())
    assert np.abs(xy - xy.round(decimals)).max() < 1e-9
    assert np.abs(xy - xy.round(decimals - 1)).max() > 1e-9
    export_layer(sample, key, flat, public=True)
    metres = gpd.read_file(flat).to_crs("EPSG:4326").geometry.get_coordinates().to_numpy()
    assert np.abs(metres - metres.round(decimals)).max() < 2e-6


def test_rounding_keeps_areas_valid() -> None:
    thin = shapely.Polygon(
        [(0, 0), (0.00014, 0.00001), (0.0003, 0), (0.0003, 0.0001), (0.00014, 0.000012), (0, 0.0001)]
    )
    turned = shapely.Polygon([(0, 0), (3e-4, 0), (3e-4, 2.1e-4), (1.49e-4, 0.4e-5), (0, 2.1e-4)])
    shapes = np.array([thin, turned, None, shapely.Point(1.23456789, 2)])
    rounded = coarse(gpd.GeoSeries(shapes), 4).to_numpy()
    assert shapely.is_valid(rounded[[0, 1, 3]]).all()
    assert rounded[2] is None
    assert rounded[3].equals(shapely.Point(1.2346, 2))


def test_a_result_goes_out_with_its_titles(tmp_path: Path) -> None:
    table = pd.DataFrame({"score": [91.25, 12.5]}, index=pd.Index(["g1", "g2"], name="grid_id"))
    path = tmp_path / "ranking.csv"
    export_table(table, path, told={"score": Told(Text("需求得分", "need score"))})
    assert path.read_bytes().decode("utf-8-sig").splitlines() == ['"grid_id","需求得分"', '"g1",91.25', '"g2",12.5']


def test_names_that_differ_in_case_only_are_told_apart(tmp_path: Path) -> None:
    table = gpd.GeoDataFrame(
        {"Name": [1], "name": [2], "FID": ["x"], "Geometry": ["y"]}, geometry=[samples.point(0, 0)], crs=samples.CRS
    )
    export_table(table, tmp_path / "a.gpkg")
    found = gpd.read_file(tmp_path / "a.gpkg")
    assert found.drop(columns="geometry").iloc[0].to_dict() == {"Name": 1, "name_2": 2, "FID_": "x", "Geometry_2": "y"}


def test_columns_of_mixed_values_are_refused_and_infinite_numbers_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="several kinds"):
        export_table(pd.DataFrame({"a": [1, "b"]}), tmp_path / "a.csv")
    done = export_table(pd.DataFrame({"a": [1.0, np.inf]}), tmp_path / "a.xlsx")
    assert [(n.code, n.column) for n in done.notes] == [("export_not_finite", "a")]


def test_mixtures_of_shapes_are_refused(tmp_path: Path) -> None:
    both = shapely.GeometryCollection([samples.point(0, 0), samples.box(0, 0)])
    table = gpd.GeoDataFrame({"a": [1]}, geometry=[both], crs=samples.CRS)
    with pytest.raises(DataError, match="mixture"):
        export_table(table, tmp_path / "a.shp")


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".json"])
def test_nasty_text_and_every_kind_of_value_go_out(tmp_path: Path, suffix: str) -> None:
    assert all(p.exists() for p in export_table(nasty(), tmp_path / f"nasty{suffix}").paths)
    assert all(p.exists() for p in export_table(kinds(), tmp_path / f"kinds{suffix}", lang="en").paths)
