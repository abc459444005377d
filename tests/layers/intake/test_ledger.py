"""A whole untidy ledger of 436 issues, from the workbook to the map: every quirk that ``CASES`` lists."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import load_workbook

from geo.files import write_layers
from geo.ownership import locate
from layers import ISSUES, Workspace, open_workspace
from layers.intake.history import undo
from layers.intake.look import Look, Wishes, setting_of
from layers.intake.looking import look
from layers.intake.taking import answer, take_in
from layers.reading import LAYERS_FILE, read_tables
from tests import ledger_workbook as book


@pytest.fixture(scope="module")
def ledger(huolong: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook."""
    path = tmp_path_factory.mktemp("ledger") / "活龙台账.xlsx"
    names = huolong.owner(ISSUES, 1).map(huolong.grids(1)["name"])
    book.write(path, huolong[ISSUES], names, book.houses_of(huolong))
    return path


@pytest.fixture(scope="module")
def empty(huolong: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The community without its issues."""
    folder = tmp_path_factory.mktemp("empty") / "huolong"
    folder.mkdir()
    (folder / "workspace.toml").write_bytes((huolong.folder / "workspace.toml").read_bytes())
    tables, _ = read_tables(huolong.folder, huolong.manifest)
    write_layers(folder / LAYERS_FILE, {key: table for key, table in tables.items() if key != ISSUES.key})
    return folder


@pytest.fixture(scope="module")
def found(ledger: Path, empty: Path) -> Look:
    """What a look at the workbook finds."""
    return look(setting_of(empty), ledger, Wishes(ISSUES))


@pytest.fixture(scope="module")
def truth(huolong: Workspace) -> gpd.GeoDataFrame:
    """The issues that the workbook was written from."""
    table: gpd.GeoDataFrame = huolong[ISSUES]
    return table


def rows(found: Look, code: str) -> list[str]:
    return [one.found.zh for one in found.problems if one.code == code]


def test_every_row_is_kept_or_comes_back_with_its_reason(found: Look) -> None:
    assert not found.questions
    assert found.rows_read == found.rows_kept + found.rows_rejected == 437
    lost = {(part.source.part, one.code) for part in found.parts for one in part.lost}
    assert {code for _, code in lost} == {"date_impossible"} | ({"formula_without_value"} & {c for _, c in lost})
    assert found.rows_rejected <= len(book.LOST) + 1
    assert set(book.LOST).isdisjoint(found.table.index)


def test_all_but_one_in_a_hundred_are_placed_and_in_the_right_street_block(
    found: Look, truth: gpd.GeoDataFrame, huolong: Workspace
) -> None:
    placed = found.table[found.table.geometry.notna()]
    assert len(placed) >= 0.99 * 436
    assert set(book.NOWHERE).isdisjoint(placed.index)
    away = placed.geometry.distance(truth.geometry.reindex(placed.index))
    assert away.median() < 30
    large = huolong.grids(1)
    code = locate(placed.geometry.x.to_numpy(), placed.geometry.y.to_numpy(), large.geometry.to_numpy())
    owner = huolong.owner(ISSUES, 1).reindex(placed.index)
    assert (large.index.to_numpy(dtype=object)[code] == owner.to_numpy(dtype=object)).mean() > 0.95


@pytest.mark.parametrize("name", [name for name, _ in book.FORMS])
def test_each_way_to_write_a_date_is_read(name: str, found: Look, truth: gpd.GeoDataFrame) -> None:
    ids = [case.issue for case in book.CASES if case.what == f"date: {name}" and case.issue in found.table.index]
    assert len(ids) > 30
    read = found.table.loc[ids, "reported_at"].dt.normalize()
    assert (read == truth.loc[ids, "reported_at"].dt.normalize()).all()


@pytest.mark.parametrize(("issue", "words"), book.ASKED_DEADLINES.items())
def test_deadlines_that_are_no_day_keep_their_words(issue: str, words: str, found: Look) -> None:
    row = found.table.loc[issue]
    assert row["due_at_as_written"] == words
    bounds = {"2021年底前": "2021-12-31", "9月底前": "2021-09-30"}
    if words in bounds:
        assert str(row["due_at"].date()) == bounds[words]
    else:
        assert pd.isna(row["due_at"])


def test_a_deadline_written_as_a_day_lasts_to_its_end(found: Look) -> None:
    assert found.table.loc["HL-2021-0020", "due_at"] == pd.Timestamp("2021-12-31 23:59:59")


COST_YUAN = {
    3.5: 35_000,
    "约3.5": 35_000,
    "不到2": 20_000,
    "3万5千元": 35_000,
    "800多元": 800,
    "三万元": 30_000,
    "12，000元": 12_000,
}


@pytest.mark.parametrize(("written", "yuan"), COST_YUAN.items())
def test_money_in_every_spelling(written: Any, yuan: float, found: Look, ledger: Path) -> None:
    ids = [
        one for number, one in enumerate(sorted(issues_of(ledger))) if book.COSTS[number % len(book.COSTS)] == written
    ]
    values = found.table.reindex(ids)["cost_est"].dropna()
    assert len(values) > 10
    assert (values == yuan).all()


def issues_of(ledger: Path) -> set[str]:
    """Ids in the workbook."""
    sheets = load_workbook(ledger, read_only=True)
    cells = {str(cell).strip() for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    return {cell for cell in cells if cell.startswith("HL-2021-")}


def test_masked_amounts_are_unknown_and_never_zero(found: Look) -> None:
    masked = found.table[found.table["cost_est_as_written"] == "***"]
    assert len(masked) > 30
    assert masked["cost_est"].isna().all()
    assert not (found.table["cost_est"] == 0).any()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("table_title_rows", "活龙社区第1大网格问题清单"),
        ("table_total_rows", "合计"),
        ("table_note_rows", "本表每周五更新"),
        ("table_heading_again", "第 37、38 行"),
        ("table_blank_rows", "第"),
        ("table_merged_filled", "补入"),
        ("table_sheet_hidden", "隐藏"),
        ("table_sheet_empty", "没有表格"),
    ],
)
def test_what_is_no_data_is_told(code: str, words: str, found: Look) -> None:
    del code
    assert any(words in one.found.zh for one in found.problems)


def test_a_row_that_stands_twice_counts_once(found: Look) -> None:
    twice = next(case.issue for case in book.CASES if case.what == "a row twice")
    assert (found.table.index == twice).sum() == 1


def test_names_and_phones_do_not_reach_the_table(found: Look) -> None:
    assert not {"反映人/姓名", "反映人/联系电话", "整改/责任人", "联系电话"} & set(found.table.columns)
    assert found.parts[0].private["phone"].notna().any()
    assert found.parts[0].private["reporter"].notna().any()


def test_formula_text_and_rare_characters_stay_as_typed(found: Look) -> None:
    notes = set(found.table["note"].dropna())
    assert {"=1+1", "@小李", "𠮷祥路口😀"} <= notes


def test_types_of_the_source_are_translated_and_kept(found: Look, truth: gpd.GeoDataFrame) -> None:
    assert (found.table["source_type"] == truth["source_type"].reindex(found.table.index)).all()
    assert (found.table["issue_type"] == truth["issue_type"].reindex(found.table.index)).mean() > 0.99


def test_it_is_taken_in_once_and_undone(found: Look, ledger: Path, empty: Path) -> None:
    done = take_in(empty, found, ledger)
    assert done.record["rows_added"] == len(found.table)
    ws = open_workspace(empty)
    assert len(ws[ISSUES]) == len(found.table)
    again = look(setting_of(empty), ledger, Wishes(ISSUES))
    assert not again.is_new
    assert again.merge is not None
    assert len(again.merge.unchanged) == len(found.table)
    rejects = load_workbook(done.folder / done.record["rejects_file"])
    cells = [str(cell) for sheet in rejects for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("2021-8-32" in cell for cell in cells)
    private = pd.read_csv(done.folder / "private_issues.csv", dtype=str, encoding="utf-8-sig")
    assert private["phone"].notna().any()
    undo(empty)
    assert ISSUES not in open_workspace(empty)


def test_the_answer_is_the_contract(found: Look) -> None:
    told = answer(found)
    assert {
        "layer",
        "file",
        "rows_read",
        "rows_kept",
        "rows_rejected",
        "rows_updated",
        "crs",
        "datum",
        "columns",
        "problems",
    } <= set(told)
    assert {"code", "severity", "row", "column", "found", "expected", "remedy"} <= set(told["problems"][0])
    assert {"declared", "used", "evidence"} == set(told["crs"])
