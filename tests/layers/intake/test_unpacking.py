"""What the worker does, done in this process: the same files give the same tables and the same refusals."""

import json
from pathlib import Path

import pytest
from PIL import Image

from geo.errors import DataError
from geo.worker import Job
from layers.intake.upload import opening
from layers.intake.upload.transit import unpacked
from tests.attacks.reading import Outcome
from tests.attacks.test_verdicts import BROKEN, HOSTILE, READING, uploads
from tests.layers.intake.foreign import zipped


@pytest.fixture(autouse=True)
def unconfined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Job, "settle", lambda _: None)


def done(path: Path, folder: Path) -> Outcome:
    folder.mkdir(exist_ok=True)
    try:
        own = opening._copied(path, folder, path.name)
        heads, tables = opening.work(Job(folder, {"path": own.name, "file": path.name, "options": {}}))
    except DataError as error:
        return Outcome(problems=error.problems)
    return Outcome(sources=unpacked(json.loads(json.dumps(heads)), tables))


@pytest.mark.parametrize(("home", "name"), [(home, name) for home in (HOSTILE, BROKEN) for name in uploads(home)])
def test_the_verdicts_hold_in_any_process(home: Path, name: str, tmp_path: Path) -> None:
    assert done(home / name, tmp_path / "job").summary() == READING[home][name]


def test_photos_alone_are_taken_and_beside_data_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "照片"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        Image.new("L", (4, 4)).save(folder / name)
    photos = done(zipped(tmp_path / "a.zip", folder), tmp_path / "one").sources
    assert [(source.kind, source.part) for source in photos] == [("photo", "a"), ("photo", "b")]
    (folder / "点.csv").write_text("编号,名称\n1,甲\n2,乙\n")
    (table,) = done(zipped(tmp_path / "b.zip", folder), tmp_path / "two").sources
    assert [note.code for note in table.notes] == ["left_out_of_archive"]


def test_archives_without_data_say_what_they_hold(tmp_path: Path) -> None:
    kml = tmp_path / "doc.kml"
    kml.write_text("<html></html>")
    assert done(zipped(tmp_path / "a.kmz", kml), tmp_path / "one").problems[0].code == "format"
    kml.write_text("编号,名称\n1,甲\n")
    assert done(zipped(tmp_path / "b.kmz", kml), tmp_path / "two").problems[0].found.en == "a doc.kml that is no KML"
    kml.unlink()
    assert done(zipped(tmp_path / "c.zip"), tmp_path / "three").problems[0].code == "archive_empty"


def test_parcels_count_among_data(tmp_path: Path) -> None:
    folder = tmp_path / "地块"
    folder.mkdir()
    (folder / "点.csv").write_text("编号,名称\n1,甲\n2,乙\n")
    corners = "".join(f"J{n},1,{x},{y}\n" for n, (x, y) in enumerate([(0, 0), (0, 9), (9, 9)], 1))
    (folder / "地块.txt").write_text(f"[地块坐标]\n3,1,a,@\n{corners}", "gbk")
    kinds = [source.kind for source in done(zipped(tmp_path / "a.zip", folder), tmp_path / "job").sources]
    assert kinds == ["delimited", "parcels"]


def test_a_folder_of_a_geodatabase_is_copied_without_strangers(tmp_path: Path) -> None:
    home = tmp_path / "a.gdb"
    home.mkdir()
    for name in ("a00000001.gdbtable", "gdb", "evil.vrt", "timestamps"):
        (home / name).write_bytes(b"x")
    own = opening._copied(home, tmp_path, "a.gdb")
    assert sorted(path.name for path in own.iterdir()) == ["a00000001.gdbtable", "gdb", "timestamps"]
