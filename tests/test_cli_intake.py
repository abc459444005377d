"""The verbs that bring files in, take them back and hand them on."""

import json
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli import main
from layers import ISSUES, TOILETS, open_workspace
from layers.intake.damage import CHANGED, DAMAGED
from tests import samples

CSV = "编号,名称,经度,纬度,类型\nT1,东口公厕,{x},{y},fixed\nT2,西口公厕,,,fixed\n"


@pytest.fixture
def ledger(folder: Path) -> Path:
    """A table of two toilets: one in the first grid, one without a place."""
    x, y = _degrees(folder)
    path = folder.parent / "toilets.csv"
    path.write_text(CSV.format(x=x, y=y), encoding="gb18030")
    return path


def _degrees(folder: Path) -> tuple[float, float]:
    grid = open_workspace(folder).grids().to_crs(4326).geometry.iloc[0].representative_point()
    return round(grid.x, 7), round(grid.y, 7)


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_add_asks_then_keeps_and_returns_rows_and_undo_takes_it_back(
    folder: Path, ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(open_workspace(folder)[TOILETS]) if TOILETS in open_workspace(folder) else 0
    code, told = asked(capsys, "add", str(folder), "toilets", str(ledger))
    assert code == 1
    assert {one["code"] for one in told["problems"]} >= {"needs_answer"}
    code, told = asked(capsys, "add", str(folder), "toilets", str(ledger), "--datum", "wgs84")
    assert code == 0
    assert (told["rows_read"], told["rows_kept"], told["rows_rejected"]) == (2, 1, 1)
    assert told["columns"]["名称"] == "name"
    assert told["rejected"][0]["row"] == 3
    assert Path(told["rejects_file"]).is_file()
    assert len(open_workspace(folder)[TOILETS]) == before + 1
    code, told = asked(capsys, "add", str(folder), "toilets", str(ledger), "--datum", "wgs84")
    assert (told["rows_added"], told["rows_updated"], told["rows_unchanged"]) == (0, 0, 1)
    code, told = asked(capsys, "undo", str(folder))
    assert (code, told["layer"]) == (0, "toilets")
    after = open_workspace(folder)
    assert (len(after[TOILETS]) if TOILETS in after else 0) == before


def test_a_dry_run_stores_nothing(folder: Path, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "layers.gpkg").read_bytes()
    code, told = asked(capsys, "add", str(folder), "toilets", str(ledger), "--datum", "wgs84", "--dry-run")
    assert code == 0
    assert told["rows_added"] == 1
    assert (folder / "layers.gpkg").read_bytes() == before
    assert not (folder / "imports").exists()


def test_undo_without_an_intake_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["undo", str(folder), "--lang", "en"]) == 1
    assert "no intake" in capsys.readouterr().err


def test_export_writes_a_layer_and_a_project(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "export", str(folder), "grids", "--out", str(folder.parent / "grids.xlsx"))
    assert code == 0
    assert Path(told["files"][0]).stat().st_size > 1_000
    code, told = asked(capsys, "export", str(folder), "all", "--out", str(folder.parent / "project"))
    assert code == 0
    assert any(name.endswith((".qgs", ".qgz")) for name in told["files"])


def test_an_export_of_an_unknown_kind_is_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["export", str(folder), "grids", "--out", "grids.doc"])
    assert stop.value.code == 2
    assert ".xlsx" in capsys.readouterr().err


def test_grids_that_would_keep_the_workspace_from_opening_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "layers.gpkg").read_bytes()
    grids = open_workspace(folder).grids()
    lost = grids.iloc[[0]].reset_index()[["grid_id", "name", "level", "geometry"]]
    lost = lost.assign(grid_id="E9", parent_id="nowhere")
    lost.to_file(folder.parent / "grids.gpkg", driver="GPKG")
    _, told = asked(capsys, "add", str(folder), "grids", str(folder.parent / "grids.gpkg"), "--dry-run")
    assert told["columns"]["parent_id"] == "parent_id"
    assert main(["add", str(folder), "grids", str(folder.parent / "grids.gpkg"), "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert "E9" in said
    assert (folder / "layers.gpkg").read_bytes() == before
    assert not list((folder / "imports").glob("0*"))


def workbook(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEADS = ("编号", "问题描述", "类型", "上报时间", "位置")
FIRST = ("Q1", "井盖破损", "井盖", "2024-05-01", "南公厕对面")


def test_a_sheet_that_contradicts_an_earlier_one_loses_its_row_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ("Q1", "路灯不亮", "路灯", "2024-05-02", "南公厕")
    again = workbook(folder.parent / "two.xlsx", {"甲": [HEADS, FIRST], "乙": [HEADS, FIRST, other]})
    code, told = asked(capsys, "add", str(folder), "issues", str(again))
    assert code == 0
    assert (told["rows_read"], told["rows_kept"], told["rows_rejected"]) == (3, 2, 1)
    assert [(one["part"], one["row"], one["code"]) for one in told["rejected"]] == [("乙", 3, "contradicts")]
    assert told["rows_added"] == 1
    assert Path(told["rejects_file"]).is_file()


def test_a_proposed_place_goes_on_the_map_when_it_is_accepted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = workbook(folder.parent / "one.xlsx", {"甲": [HEADS, FIRST]})
    _, told = asked(capsys, "add", str(folder), "issues", str(ledger), "--dry-run")
    (waiting,) = told["to_confirm"]
    assert (waiting["row"], waiting["address"]) == (2, FIRST[-1])
    assert waiting["confidence"] < 0.8
    assert waiting["reason"]["zh"]
    asked(capsys, "add", str(folder), "issues", str(ledger))
    assert open_workspace(folder)[ISSUES].geometry["Q1"] is None
    code, told = asked(capsys, "add", str(folder), "issues", str(ledger), "--accept", "2")
    assert (code, told["rows_updated"]) == (0, 1)
    kept = open_workspace(folder)[ISSUES].loc["Q1"]
    assert (kept.geometry.x, kept.geometry.y) == pytest.approx((waiting["x_m"], waiting["y_m"]), abs=0.01)
    assert kept["place_source"] == "hand"
    _, told = asked(capsys, "add", str(folder), "issues", str(ledger))
    assert told["rows_updated"] == 0
    assert open_workspace(folder)[ISSUES].loc["Q1", "place_source"] == "hand"


def test_accepting_a_row_that_does_not_wait_names_those_that_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = workbook(folder.parent / "one.xlsx", {"甲": [HEADS, FIRST]})
    with pytest.raises(SystemExit) as stop:
        main(["add", str(folder), "issues", str(ledger), "--accept", "9", "--lang", "en"])
    assert stop.value.code == 2
    assert "these wait: 2" in capsys.readouterr().err


def test_each_sheet_has_a_mapping_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = [("No", "甲列", "乙列"), ("Q2", "路灯不亮", "2024-05-03")]
    book = workbook(folder.parent / "two.xlsx", {"甲": [HEADS, FIRST], "乙": other})
    maps = {"first": '"位置" = "extra"', "second": '"No" = "issue_id"\n"甲列" = "description"\n"乙列" = "reported_at"'}
    words = []
    for name, columns in maps.items():
        path = folder.parent / f"{name}.toml"
        path.write_text(f'layer = "issues"\n[columns]\n{columns}\n', "utf-8")
        words += ["--map", str(path)]
    code, told = asked(capsys, "add", str(folder), "issues", str(book), *words)
    assert code == 0
    assert told["rows_kept"] == 2
    kept = open_workspace(folder)[ISSUES]
    assert kept.loc["Q2", "description"] == "路灯不亮"
    assert kept.loc["Q1", "位置"] == FIRST[-1]


def test_a_mapping_that_fits_no_table_says_which_heading_is_unknown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = workbook(folder.parent / "one.xlsx", {"甲": [HEADS, FIRST]})
    path = folder.parent / "map.toml"
    path.write_text('layer = "issues"\n[columns]\n"描述" = "description"\n', "utf-8")
    assert main(["add", str(folder), "issues", str(book), "--map", str(path), "--lang", "zh"]) == 1
    said = capsys.readouterr().err
    assert "描述" in said
    assert "问题描述" in said


def test_check_tells_of_edits_elsewhere_until_they_are_accepted_and_of_damage(
    folder: Path, ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told_of(*words: str) -> tuple[int, list[str]]:
        code, told = asked(capsys, "check", str(folder), *words)
        return code, [one["code"] for one in told["problems"] if one["code"] in {DAMAGED, CHANGED}]

    asked(capsys, "add", str(folder), "toilets", str(ledger), "--datum", "wgs84")
    assert told_of() == (0, [])
    samples.patched(folder, ("UPDATE toilets SET name = ? WHERE toilet_id = ?", ("南口公厕", "T1")))
    assert told_of() == (0, [CHANGED])
    assert told_of() == (0, [CHANGED])
    assert told_of("--accept") == (0, [])
    assert told_of() == (0, [])
    asked(capsys, "add", str(folder), "toilets", str(ledger), "--datum", "wgs84")
    layers = folder / "layers.gpkg"
    moment, content = layers.stat().st_mtime_ns, bytearray(layers.read_bytes())
    content[content.find("东口公厕".encode())] ^= 1
    layers.write_bytes(content)
    os.utime(layers, ns=(moment, moment))
    assert told_of() == (1, [DAMAGED])
