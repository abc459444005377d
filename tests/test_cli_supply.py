"""Supply at the command line: one JSON document without anything that is no JSON, and lines in both languages."""

from pathlib import Path

import pytest

from cli import main
from tests.cli_answers import told
from tests.samples import community


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return community(tmp_path_factory.mktemp("supply") / "sample")


@pytest.mark.parametrize("method", ["2sfca", "enhanced", "gaussian", "gravity"])
def test_toilets_in_a_straight_line(folder: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    found = told(capsys, "supply", folder, "--of", "toilets", "--method", method, "--straight")
    assert (found["method"], found["distance"], found["status"]) == (method, "straight", "proxy")
    mass = found["meta"]["access"]["mass"]
    assert mass["demand_times_access"] == pytest.approx(mass["supply_that_reaches_anyone"])
    assert found["meta"]["assignment"]["status"] == "optimal"
    assert sum(one["people"] for one in found["grids"]) == 800
    assert found["equity"]["meta"]["seed"] == 20_150_601
    assert found["parking"] is None
    assert found["buildings_short"] == []


def test_what_is_unknown_is_null(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "supply", folder, "--of", "parking")
    assert found["status"] == found["parking"]["status"] == "unavailable"
    assert found["equity"] is None
    assert {one["missing"] for one in found["grids"]} == {None}
    assert {one["missing_night"] for one in found["parking"]["grids"]} == {None}


def test_lines_speak_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["supply", str(folder), "--straight", "--lang", "zh"]) == 0
    assert "每 412 名居民一个厕位（待核）" in capsys.readouterr().out
    assert main(["supply", str(folder), "--straight", "--level", "1", "--lang", "en"]) == 0
    assert "2 grids want 1.94 cubicles, 0 missing" in capsys.readouterr().out


def test_another_kind_is_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["supply", str(folder), "--of", "murals"])
    assert ended.value.code == 2
    capsys.readouterr()
