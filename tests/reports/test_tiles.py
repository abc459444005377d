import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Workspace
from reports.tiles import ensure_tiles, labelled
from reports.webmap.payload import TILED, payload
from tests.reports import mapped


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return mapped.community(tmp_path_factory.mktemp("mapped"))


def test_each_large_layer_gets_one_readable_file(ws: Workspace, tmp_path: Path) -> None:
    found = ensure_tiles(ws, tmp_path)
    assert set(found) == {"buildings", "streets"}
    for key, path in found.items():
        assert path.read_bytes()[:7] == b"PMTiles"
        assert pyogrio.list_layers(path)[:, 0].tolist() == [key]
        assert set(pyogrio.read_dataframe(path)["id"]) == set(ws[key].index)
    assert sorted(tmp_path.iterdir()) == sorted(found.values())


def test_tiles_are_made_again_only_when_the_data_changed(ws: Workspace, tmp_path: Path) -> None:
    first = ensure_tiles(ws, tmp_path / "tiles")
    times = {key: path.stat().st_mtime_ns for key, path in first.items()}
    assert ensure_tiles(ws, tmp_path / "tiles") == first
    assert {key: path.stat().st_mtime_ns for key, path in first.items()} == times
    other = ensure_tiles(mapped.community(tmp_path / "other", say="改"), tmp_path / "tiles")
    assert not set(other.values()) & set(first.values())
    assert sorted((tmp_path / "tiles").iterdir()) == sorted(other.values())


def test_tiles_hold_only_the_columns_of_a_popup(ws: Workspace, tmp_path: Path) -> None:
    fields = set(pyogrio.read_info(ensure_tiles(ws, tmp_path, ["buildings"])["buildings"])["fields"])
    assert {"id", "name", "use", "storeys"} <= fields
    assert not fields & {"residents", "grid_id", "measured_area_m2"}


def test_the_same_data_give_the_same_bytes_in_another_process(ws: Workspace, tmp_path: Path) -> None:
    here = ensure_tiles(ws, tmp_path / "a", ["buildings"])["buildings"]
    code = (
        "import sys; from pathlib import Path; from layers import open_workspace; from reports.tiles import ensure_tiles;"
        "ensure_tiles(open_workspace(sys.argv[1]), Path(sys.argv[2]), ['buildings'])"
    )
    subprocess.run([sys.executable, "-c", code, str(ws.folder), str(tmp_path / "b")], check=True)
    assert (tmp_path / "b" / here.name).read_bytes() == here.read_bytes()


@settings(deadline=None, max_examples=5)
@given(st.sets(st.sampled_from(sorted(TILED))))
def test_layers_that_are_not_there_are_left_out(
    ws: Workspace, tmp_path_factory: pytest.TempPathFactory, keys: set[str]
) -> None:
    found = ensure_tiles(ws, tmp_path_factory.mktemp("tiles"), keys)
    assert set(found) == keys & {"buildings", "streets"}


def test_a_tiled_layer_says_what_its_columns_are_called(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.webmap.payload.TILES_FROM", 2)
    plain = payload(ws, link=lambda name: f"/{name}")
    layers = {layer["key"]: layer for layer in labelled(plain)["layers"]}
    words = {one["key"]: one for one in layers["buildings"]["words"]}
    tiles = ensure_tiles(ws, tmp_path, ["buildings"])["buildings"]
    assert set(pyogrio.read_info(tiles)["fields"]) - {"mvt_id"} <= set(words)
    assert words["use"]["codes"]["mixed"] == ["商住混合", "mixed"]
    assert words["storeys"]["unit"] == ["层", "storeys"]
    assert "words" not in layers["toilets"]
    assert all("words" not in layer for layer in plain["layers"])
