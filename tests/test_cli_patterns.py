"""The verbs hotspots and trends: one JSON document, words in one language, wrong usage."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import main


def document(capsys: pytest.CaptureFixture[str]) -> Any:
    """The one JSON document on standard output, without words that JSON does not know."""
    return json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_hot_spots_as_json_and_as_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", str(folder), "--state", "open", "--points", "--json"]) == 0
    answer = document(capsys)
    assert {one["grid_id"]: one["issues"] for one in answer["grids"]} == {"E1": 3, "E2": 1, "W1": 3, "W2": 0}
    assert answer["described_only"]
    assert answer["per"] == "households"
    assert answer["points"]["knox"]["why_not"]
    assert main(["hotspots", str(folder), "--level", "1", "--per", "none", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "described only" in out
    assert "This is a count, not a rate" in out
    assert main(["hotspots", str(folder), "--json", "--seed", "7"]) == 0
    assert document(capsys)["seed"] == 7


def test_trends_as_json_and_as_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trends", str(folder), "--json"]) == 0
    answer = document(capsys)
    assert answer["months"] == ["2024-05"]
    assert {one["trend"] for one in answer["grids"]} == {"short"}
    assert sum(one["by_month"][0] for one in answer["grids"]) == 10
    assert main(["trends", str(folder), "--lang", "zh"]) == 0
    assert "完整的月份只有 1 个" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["hotspots", "trends"])
def test_an_unknown_type_is_named(verb: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, str(folder), "--type", "NO_SUCH"]) == 1
    assert "NO_SUCH" in capsys.readouterr().err


def test_wrong_usage_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["hotspots", str(folder), "--per", "dogs"])
    assert left.value.code == 2
    assert "dogs" in capsys.readouterr().err
