"""Layers that changed though nobody wrote to them are refused; what programs wrote is not."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import DataError
from layers import open_workspace
from layers.catalog import TOILETS
from layers.intake.history import history, undo
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look
from layers.intake.taking import take_in
from tests.attacks.whole_way import site

HOSTILE = Path(__file__).parents[1] / "data" / "intake" / "attacks"
SOUND = HOSTILE / "store_hot_journal.gpkg"


def flip(path: Path, word: bytes) -> None:
    """Turn over one bit of a value that stands in a file."""
    content = bytearray(path.read_bytes())
    at = content.find(word)
    assert at > 0
    content[at + len(word) - 1] ^= 1
    path.write_bytes(content)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A community with two intakes of toilets."""
    folder = site(tmp_path / "home", "middle")
    places = [shapely.Point(500_100 + 7 * at, 3_546_000 + 3 * at) for at in range(40)]
    for number in (1, 2):
        file = tmp_path / f"{number}.gpkg"
        ids = [f"t{number}-{at}" for at in range(40)]
        gpd.GeoDataFrame(
            {"toilet_id": ids, "name": [f"公厕{at}号" for at in range(40)]}, geometry=places, crs="EPSG:4547"
        ).to_file(file)
        take_in(folder, found(folder, file))
    return folder


def found(folder: Path, file: Path) -> Look:
    return look(setting_of(folder), file, Wishes(TOILETS))


def test_a_turned_bit_in_the_layers_is_refused(home: Path) -> None:
    flip(home / "layers.gpkg", "公厕7号".encode())
    with closing(sqlite3.connect(home / "layers.gpkg")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    before = (home / "layers.gpkg").read_bytes()
    with pytest.raises(DataError) as caught:
        setting_of(home)
    (problem,) = caught.value.problems
    assert problem.code == "layers_damaged"
    assert problem.file == "layers.gpkg"
    assert (home / "layers.gpkg").read_bytes() == before


def test_what_a_program_wrote_is_no_damage(home: Path) -> None:
    with closing(sqlite3.connect(home / "layers.gpkg")) as store, store:
        store.execute("CREATE TABLE note (a TEXT)")
        store.execute("DROP TABLE note")
    assert len(setting_of(home).tables["toilets"]) == 80


def test_untouched_layers_are_no_damage_after_an_undo_or_a_copy(home: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(home, tmp_path / "copied")
    assert len(setting_of(copied).tables["toilets"]) == 80
    undo(home)
    assert len(setting_of(home).tables["toilets"]) == 40


def test_a_turned_bit_in_the_layers_from_before_is_not_brought_back(home: Path) -> None:
    before = (home / "layers.gpkg").read_bytes()
    kept = history(home)[-1].folder / "before.gpkg"
    flip(kept, "公厕7号".encode())
    with pytest.raises(DataError) as caught:
        undo(home)
    assert caught.value.problems[0].code == "layers_damaged"
    assert (home / "layers.gpkg").read_bytes() == before
    assert len(open_workspace(home)[TOILETS]) == 80


@pytest.mark.parametrize("name", ["store_gpkg_bitflip.gpkg", "store_parquet_bitflip.parquet"])
def test_a_turned_bit_in_an_upload_shows_beside_the_sound_file(name: str, tmp_path: Path) -> None:
    folder = site(tmp_path / "home", "middle")
    rows = gpd.GeoDataFrame(
        {"uid": [f"u{at}" for at in range(500)], "s": [f"状态{at}" for at in range(500)]},
        geometry=shapely.points(500_000 + np.arange(500), 3_546_000 + np.arange(500)),
        crs="EPSG:4547",
    )  # what both files held before
    rows.rename(columns={"uid": "toilet_id"}).to_file(tmp_path / "sound.gpkg")
    take_in(folder, found(folder, tmp_path / "sound.gpkg"))
    again = gpd.read_file(HOSTILE / name) if name.endswith("gpkg") else gpd.read_parquet(HOSTILE / name)
    again.rename(columns={"uid": "toilet_id"}).to_file(tmp_path / "again.gpkg")
    merge = found(folder, tmp_path / "again.gpkg").merge
    assert merge is not None
    assert not merge.added
    assert len(merge.updated) == len(merge.changes) == 1
    assert merge.changes["column"].tolist() == ["s"]
