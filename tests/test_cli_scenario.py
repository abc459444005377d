"""guatu scenario: lists, compares, takes things of a file, writes a map, saves, decides, refuses, is undone."""

import json
from pathlib import Path

import pytest

from cli import main
from tests import samples
from tests.samples import X0, Y0
from tests.test_cli import Run, document, run

__all__ = ["run"]
TEXT = f"""title = "East"
[[edits]]
do = "add"
layer = "toilets"
at = [{X0 + 105}, {Y0 + 15}]
set = {{name = "东公厕"}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "east.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def answer(run: Run, *words: object, code: int = 0) -> dict[str, object]:
    found, out, told = run("scenario", *words, "--json", "--lang", "en")
    assert found == code, out + told
    said: dict[str, object] = document(out)
    return said


def test_compared_saved_decided_undone(home: Path, file: Path, run: Run, tmp_path: Path) -> None:
    assert answer(run, home) == {"scenarios": []}
    before = (home / "layers.gpkg").read_bytes()
    page = tmp_path / "swipe.html"
    found = answer(run, home, file, "--map", page)
    assert (found["saved"], found["decided"]) == (None, None)
    assert found["scenario"]["edits"][0]["id"] == "t2"  # type: ignore[index]
    assert [one["what"] for one in found["things"]] == ["added"]  # type: ignore[attr-defined]
    assert "createMap" in page.read_text(encoding="utf-8")
    kept = answer(run, home, file, "--save", "--author", "甲", "--date", "2024-06-01")
    assert kept["saved"] == "east.toml"
    assert (home / "layers.gpkg").read_bytes() == before
    listed = answer(run, home)["scenarios"]
    assert [one["is_current"] for one in listed] == [True]  # type: ignore[attr-defined]
    done = answer(run, home, "east", "--decide", "--author", "乙", "--date", "2024-06-02")
    assert done["decided"] == 1
    assert answer(run, home)["scenarios"][0]["decided"] == 1  # type: ignore[index]
    assert run("scenario", home, "east", "--decide", "--author", "乙")[0] == 1
    assert main(["undo", str(home)]) == 0
    assert (home / "layers.gpkg").read_bytes() == before
    for lang in ("zh", "en"):
        code, out, _ = run("scenario", home, "east", "--against", file, "--lang", lang)
        assert code == 0
        assert out.strip()


def test_things_of_a_file_are_added(home: Path, run: Run, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [X0 + 150, Y0 + 150]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4546"}}
    feature = {
        "type": "Feature",
        "properties": {"toilet_id": "n1", "name": "文件公厕", "stalls_women": 4},
        "geometry": point,
    }
    path = tmp_path / "new.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}), encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        run("scenario", home, path)
    found = answer(run, home, path, "--layer", "toilets")
    assert [one["id"] for one in found["things"]] == ["n1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", [("--save",), ("--decide", "--author", "x"), ("--map", "x.html")])
def test_wrong_usage(home: Path, run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run("scenario", home, *words)


def test_a_way_that_is_none_is_null(home: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gone.toml"
    path.write_text('[[edits]]\ndo = "remove"\nlayer = "toilets"\nid = "t1"\n', encoding="utf-8")
    found = answer(run, home, path)
    (toilets,) = [one for one in found["services"] if one["service"] == "toilets"]  # type: ignore[attr-defined]
    assert {one["after_m"] for one in toilets["gainers_and_losers"]} == {None}


def test_faults_are_listed(home: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('[[edits]]\ndo = "remove"\nlayer = "toilets"\nid = "t9"\n', encoding="utf-8")
    code, _, told = run("scenario", home, path)
    assert code == 1
    assert "t9" in told
