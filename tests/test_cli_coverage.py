"""Coverage on the command line: the document, the words, and what does not go together."""

import json
from pathlib import Path

import pytest

from cli import main
from tests.samples import community


def test_document_holds_both_ways_and_the_conventions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(community(tmp_path / "sample"))
    assert main(["coverage", folder, "--json", "--metres", "100", "--straight", "--level", "1"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["way"] == "straight_line"
    assert answer["conventions"]["limits_m"] == {"all": 100}
    whole = {one["of"]: one for one in answer["whole"]}
    assert whole["buildings"]["foot_percent"] is None  # the sample has no streets
    assert whole["buildings"]["straight_percent"] == 80
    assert [one["grid_id"] for one in answer["grids"]] == ["E", "W"]
    assert [one["id"] for one in answer["unserved"]] == ["b4"]
    assert answer["not_known_on_foot"] == 5


def test_minutes_are_of_a_pace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(community(tmp_path / "sample"))
    assert main(["coverage", folder, "--minutes", "2", "--pace", "elderly", "--lang", "zh"]) == 0
    assert "96 m（2 分钟，老年人" in capsys.readouterr().out
    assert main(["coverage", folder, "--minutes", "2", "--pace", "snail"]) == 1
    assert main(["coverage", folder, "--of", "cinema"]) == 1
    assert main(["coverage", folder, "--level", "9"]) == 1
    with pytest.raises(SystemExit) as stop:
        main(["coverage", folder, "--minutes", "2", "--metres", "100"])
    assert stop.value.code == 2
