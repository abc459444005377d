"""The shelf of workspaces: order, names that differ, folders that are wrong."""

import os
from pathlib import Path

import pytest

from geo.text import Text
from reports.shelf import FOLDERS, shelf

MANIFEST = 'name = "{name}"\ntitle = {{zh = "甲", en = "A"}}\ncrs = "EPSG:32650"\nas_of = 2024-01-01 00:00:00\n'


def workspace(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "workspace.toml").write_text(MANIFEST.format(name=name), encoding="utf-8")
    return folder


def test_named_folders_keep_their_order_and_get_different_keys(tmp_path: Path) -> None:
    folders = [workspace(tmp_path / "b", "one"), workspace(tmp_path / "a", "one"), workspace(tmp_path / "c", "two")]
    found = shelf([*folders, folders[0]])
    assert [(one.key, one.folder) for one in found] == list(zip(["one", "one-2", "two"], folders, strict=True))
    assert found[0].title == Text("甲", "A")


def test_a_folder_with_a_wrong_manifest_stays_on_the_shelf_with_its_problems(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "workspace.toml").write_text("name = 1", encoding="utf-8")
    (found,) = shelf([wrong])
    assert (found.key, found.title) == ("wrong", Text("wrong", "wrong"))
    assert found.problems


def test_folders_come_from_the_environment_else_from_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    inside, outside = workspace(home / "x", "x"), workspace(tmp_path / "y", "y")
    monkeypatch.setenv("GUATU_HOME", str(home))
    monkeypatch.delenv(FOLDERS, raising=False)
    assert [one.folder for one in shelf()] == [inside]
    monkeypatch.setenv(FOLDERS, os.pathsep.join([str(outside), str(inside)]))
    assert [one.key for one in shelf()] == ["y", "x"]
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv(FOLDERS)
    assert shelf() == ()
