"""Change, time to close, forecast and need at the command line."""

import json
from pathlib import Path

import pytest

from cli import main
from tests import samples
from tests.cli_answers import told
from tests.ledger_home import begun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample community with a ledger of its issues."""
    made = tmp_path_factory.mktemp("analysis") / "sample"
    _, ledger = begun(made)
    ledger.engine.dispose()
    return made


def test_change_of_the_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "change", folder, "--from", "2024-05-26", "--to", "2024-05-31")
    rows = {one["grid_id"]: one for one in found["grids"]}
    assert rows["*"]["new"] == 5
    assert rows["*"]["open"] - rows["*"]["open_from"] == rows["*"]["open_came"] - rows["*"]["open_left"]
    assert found["meta"]["since"] == "2024-05-26T23:59:59"
    assert {"zh", "en"} == set(found["method"])


def test_change_of_a_layer_against_another_workspace(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = samples.community(tmp_path / "other", {"toilets": None, "buildings": samples.buildings().drop(index="b1")})
    one = told(capsys, "change", folder, "--layer", "buildings", "--with", other)
    assert one["counts"] == {"added": 1, "removed": 0, "changed": 0, "same": 4}
    assert [thing["thing_id"] for thing in one["things"]] == ["b1"]
    every = told(capsys, "change", folder, "--with", other)
    assert {part["of"] for part in every["layers"]} == {"buildings", "grids", "parks"}
    same = told(capsys, "change", folder, "--layer", "parks", "--from", "2020-01-01")
    assert same["counts"]["same"] == 1


@pytest.mark.parametrize(
    "words",
    [
        (), ("--from", "2024-05-26"), ("--from", "2024-05-31", "--to", "2024-05-01"), ("--layer", "parks"),
        ("--layer", "parks", "--since-import", "3"),
    ],
)  # fmt: skip
def test_change_of_nothing_is_wrong_usage(folder: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["change", str(folder), *words])
    assert caught.value.code == 2


def test_closing_and_forecast(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closing = told(capsys, "closing", folder, "--by", "grid")
    assert closing["groups"][0]["unit"] == "*"
    assert closing["groups"][0]["closed"] == 3
    assert closing["test"] is None
    found = told(capsys, "forecast", folder, "--by", "type", "--step", "day")
    assert found["series"][0]["unit"] == "*"
    assert len(found["steps"]) == found["horizon"] * len(found["series"])
    one = told(capsys, "forecast", folder, "--type", "GARBAGE", "--breaks", "2024-05-20")
    assert one["series"][0]["since"].startswith("2024-05-20")
    for words in (("--type", "NOTHING"), ("--type", "GARBAGE", "--grid", "W1")):
        with pytest.raises(SystemExit):
            main(["forecast", str(folder), *words])


def test_need_with_its_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "need", folder)
    assert {one["grid_id"] for one in found["grids"]} == {"E1", "E2", "W1", "W2"}
    assert {one["key"] for one in found["bias"]["checks"]} == {
        "rate",
        "channels",
        "staff",
        "reporters",
        "default",
        "hours",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lines_for_people(folder: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    for words in (
        ("change", "--from", "2024-05-26", "--to", "2024-05-31"), ("change", "--layer", "parks", "--from", "2020-01-01"),
        ("closing",), ("forecast",), ("need",),
    ):  # fmt: skip
        capsys.readouterr()
        assert main([words[0], str(folder), *words[1:], "--lang", lang]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 1


def test_without_issues_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = samples.community(tmp_path / "bare", {"issues": None})
    assert main(["closing", str(bare), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "no_issues"
