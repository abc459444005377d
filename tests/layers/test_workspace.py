"""Opening, asking and saving a workspace."""

import dataclasses
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import DataError, ManifestError
from layers import BUILDINGS, GRIDS, ISSUES, MURALS, Workspace, open_workspace, save_workspace, workspace_folder
from layers.manifest import FILE
from layers.workspace import home_folder
from tests import samples


def test_a_workspace_is_frozen(sample: Workspace, folder: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.digest = "x"  # type: ignore[misc]
    for ws in (open_workspace(folder), open_workspace(folder)):  # read, then from the stored copy
        with pytest.raises(TypeError):
            ws.tables["issues"] = ws["issues"]  # type: ignore[index]
        with pytest.raises(TypeError):
            ws.places["issues"] = ws.places["issues"]  # type: ignore[index]


def test_layers_are_asked_for_by_spec_or_key(sample: Workspace) -> None:
    assert sample[BUILDINGS] is sample["buildings"]
    assert BUILDINGS in sample
    assert "issues" in sample
    assert MURALS not in sample
    with pytest.raises(KeyError):
        sample[MURALS]
    assert sample[ISSUES].index.name == "issue_id"
    assert sample[ISSUES].crs == samples.CRS
    assert (sample.name, sample.title.zh) == ("sample", "样例社区")


def test_levels_and_grids(sample: Workspace) -> None:
    assert sample.levels == (1, 2)
    assert sample.finest == 2
    assert list(sample.grids().index) == ["E1", "E2", "W1", "W2"]
    assert list(sample.grids(1).index) == ["E", "W"]
    assert sample.nests(1)
    with pytest.raises(DataError) as error:
        sample.grids(7)
    assert error.value.problems[0].expected.en == "one of the levels 1, 2"


def test_numbers_by_grid_add_up_with_the_rest(sample: Workspace) -> None:
    for level, counts in ((2, {"E1": 4, "E2": 1, "W1": 6, "W2": 0}), (1, {"E": 5, "W": 6})):
        found = sample.owner(ISSUES, level).value_counts()
        assert found.reindex(sample.grids(level).index, fill_value=0).to_dict() == counts
        assert sample.place(ISSUES, level).value_counts().to_dict() == samples.PLACES


def test_grid_area_and_length_are_added(huolong: Workspace) -> None:
    buildings = huolong[BUILDINGS]
    assert (buildings["measured_area_m2"] == buildings.geometry.area).all()
    assert (buildings["grid_id"].dropna() == huolong.owner(BUILDINGS).dropna()).all()
    assert (huolong["streets"]["length_m"] == huolong["streets"].geometry.length).all()
    assert "length_m" not in buildings


def test_an_issue_without_a_severity_has_that_of_its_type(tmp_path: Path) -> None:
    table = samples.issues()
    table.loc[["i03", "i07"], "severity"] = pd.NA  # i07 is an open manhole
    folder = samples.community(tmp_path / "x", {"issues": table})
    (folder / "standards").mkdir()
    (folder / "standards" / "issue_types.csv").write_text("code,severity\nSEWER_BLOCK,1\n", "utf-8")
    for ws in (open_workspace(folder), open_workspace(folder)):
        severity = ws[ISSUES]["severity"]
        assert severity[["i03", "i07", "i01"]].tolist() == [1, 5, 2]
        assert severity.isna().sum() == 1  # no type, so nothing to judge by
        assert severity.dtype == "Int64"
    bare = samples.community(tmp_path / "bare", {"issues": samples.issues().drop(columns="severity")})
    assert open_workspace(bare)[ISSUES].loc["i07", "severity"] == 5


def test_a_workspace_without_grids_or_layers_opens(tmp_path: Path) -> None:
    save_workspace(tmp_path / "empty", samples.manifest(), {})
    ws = open_workspace(tmp_path / "empty")
    assert (ws.levels, list(ws.tables), ws.problems) == ((), [], ())
    with pytest.raises(DataError) as error:
        ws.grids()
    assert error.value.problems[0].code == "no_grids"
    ws = open_workspace(samples.community(tmp_path / "bare", {"grids": None}))
    assert ws.place(ISSUES)[["i01", "i11"]].tolist() == ["outside", "no_geometry"]


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order of rows and tables."""
    tables = samples.tables()
    raster = tmp_path / "source.tif"
    raster.write_bytes(b"raster")
    save_workspace(tmp_path / "a", samples.manifest(), tables, {"population": raster})
    backwards = {key: table.iloc[::-1] for key, table in reversed(tables.items())}
    save_workspace(tmp_path / "b", samples.manifest(), backwards, {"population": raster})
    for name in (FILE, "layers.gpkg", "rasters/population.tif"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    ws = open_workspace(tmp_path / "a")
    assert ws.raster("population") == ws.folder / "rasters" / "population.tif"
    assert ws.raster("ghosts") is None
    assert ws.digest == open_workspace(tmp_path / "b").digest


def test_an_opened_workspace_can_be_saved_again(sample: Workspace, tmp_path: Path) -> None:
    save_workspace(tmp_path / "copy", sample.manifest, dict(sample.tables))
    again = open_workspace(tmp_path / "copy")
    assert again.problems == sample.problems
    for key in sample.tables:
        assert set(again[key].columns) == set(sample[key].columns)
        pd.testing.assert_frame_equal(again[key][sample[key].columns], sample[key])


def test_an_unknown_table_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="ufos"):
        save_workspace(tmp_path / "x", samples.manifest(), {"ufos": pd.DataFrame()})
    assert not (tmp_path / "x" / FILE).exists()


def test_a_workspace_is_found_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "guatu-workspaces"
    shutil.copytree(folder, home / "mine")
    monkeypatch.chdir(tmp_path)
    assert open_workspace("mine").folder == home / "mine"
    monkeypatch.chdir("/")
    assert workspace_folder("mine") == Path("mine")
    monkeypatch.setenv("GUATU_HOME", str(home))
    assert workspace_folder("mine") == home / "mine"
    assert home_folder() == home
    monkeypatch.setenv("GUATU_HOME", "")
    assert home_folder() == Path("guatu-workspaces")
    with pytest.raises(ManifestError) as error:
        open_workspace("nobody")
    assert error.value.problems[0].remedy.en.startswith("run guatu new")


def test_tables_without_geometry_stay_plain(huolong: Workspace) -> None:
    assert not isinstance(huolong["people"], gpd.GeoDataFrame)
    assert "people" not in huolong.places
    assert GRIDS.key not in huolong.places


def test_the_home_of_workspaces_is_found_from_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples.community(tmp_path / "guatu-workspaces" / "one")
    below = tmp_path / "notebooks"
    below.mkdir()
    monkeypatch.delenv("GUATU_HOME", raising=False)
    monkeypatch.chdir(below)
    assert open_workspace("one").folder == (tmp_path / "guatu-workspaces" / "one").resolve()
