"""Renewal items at the command line: proposed, decided, taken out as a file and in again."""

import json
from pathlib import Path

import pandas as pd
import pytest

from cli import main
from layers import open_workspace
from reports.works import items_of
from tests.cli_answers import told
from tests.reports.works.works_sample import works_community

PIPES = "DRAINAGE.s1@W1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return works_community(tmp_path / "sample")


def test_proposals_with_their_sum_and_need(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "items", folder, "propose", "--lang", "en")
    items = {one["item_id"]: one for one in found["items"]}
    assert items[PIPES]["origin_ids"] == ["i03", "i05"]
    assert items[PIPES]["need_removed"] > 0
    assert items["HAZARD_REPAIR.b2"]["cost_yuan"] is None
    assert found["total"]["without_amount"] > 0
    assert "without an amount" in found["total"]["words"]["en"]
    assert found["meta"]["issues"]["claiming"] == 6
    assert found["need"]["unit"]["en"] == "points × households"
    assert {one["key"] for one in found["sanity"]} >= {"yuan_per_household", "yuan_per_m2"}


def test_decisions_are_stored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = told(capsys, "items", folder, "accept", PIPES, "--author", "王工", "--note", "第一批")
    assert (done["number"], done["new"], done["author"]) == (1, [PIPES], "王工")
    told(capsys, "items", folder, "change", PIPES, "--set", "quantity=50", "--author", "李工")
    told(capsys, "items", folder, "add", "--set", "name=大门", "--set", "cost_yuan=30000", "--author", "李工")
    listed = told(capsys, "items", folder)
    assert {one["item_id"]: one["cost_yuan"] for one in listed["items"]} == {PIPES: 52_500, "OWN-0001": 30_000}
    assert listed["total"]["words"]["en"] == "82,500 yuan (2 items)"
    assert [one["author"] for one in told(capsys, "items", folder, "history")["decisions"]] == ["李工", "李工", "王工"]
    told(capsys, "items", folder, "decline", "--all", "--author", "李工")
    assert told(capsys, "items", folder, "propose")["items"] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_goes_out_and_comes_in(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    told(capsys, "items", folder, "accept", PIPES, "ROADS.s1@W1", "--author", "王工")
    told(capsys, "items", folder, "change", PIPES, "--set", "quantity=99.5", "--author", "王工")
    file = tmp_path / f"items.{kind}"
    before = items_of(open_workspace(folder))
    assert main(["export", str(folder), "budget_items", "--out", str(file), "--lang", "zh"]) == 0
    table = pd.read_csv(file, dtype="str") if kind == "csv" else pd.read_excel(file, dtype="str", engine="openpyxl")
    table.loc[table["费用项编号"] == "ROADS.s1@W1", "金额"] = "88000"
    if kind == "csv":
        table.to_csv(file, index=False)
    else:
        table.to_excel(file, index=False)
    assert main(["add", str(folder), "budget_items", str(file), "--lang", "zh"]) == 0
    after = items_of(open_workspace(folder))
    assert after.loc["ROADS.s1@W1", "cost_yuan"] == 88_000
    assert after.loc[PIPES, "quantity"] == 99.5
    same = [
        "name",
        "renewal_item",
        "quantity",
        "unit",
        "place_id",
        "grid_code",
        "origin_ids",
        "decision",
        "must_do",
        "requires",
        "decided_by",
    ]
    pd.testing.assert_frame_equal(after[same], before[same])
    capsys.readouterr()


def test_lines_speak_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["items", str(folder), "propose", "--lang", "zh"]) == 0
    assert "项金额未知" in capsys.readouterr().out
    assert main(["items", str(folder), "accept", PIPES, "--author", "a", "--lang", "en"]) == 0
    assert "a stored 1 item, 1 of them new" in capsys.readouterr().out
    assert main(["items", str(folder), "history"]) == 0
    assert "a  1 (1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("dance",), ("accept", PIPES), ("accept", "--author", "a"), ("change", PIPES, "--author", "a"), ("add", "--set", "x", "--author", "a")],
    ids=["no act", "no author", "no ids", "no cells", "no sign"],
)  # fmt: skip
def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["items", str(folder), *words])
    assert ended.value.code == 2
    capsys.readouterr()


def test_no_such_item_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["items", str(folder), "accept", "NOTHING", "--author", "a", "--json"]) == 1
    assert "NOTHING" in json.dumps(capsys.readouterr().err)
