from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from geo.errors import DataError
from layers import Workspace
from layers.exports import export_layer, export_table, workbook
from layers.exports.cells import NOT_XML
from tests.layers.exports.tables import NASTY, kinds, texts


def cells(path: Path, column: int = 1) -> list[Any]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [row[column - 1] for row in sheet.iter_rows(min_row=2)]


def test_text_stays_text(tmp_path: Path) -> None:
    export_table(pd.DataFrame({"name": NASTY}), tmp_path / "a.xlsx")
    found = cells(tmp_path / "a.xlsx")
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    assert [cell.quotePrefix for cell in found][:6] == [True, True, True, True, True, True]
    shown = [one.replace("\r\n", "\n").replace("\r", "\n") for one in NASTY]
    sheet = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == shown


@given(st.lists(texts.filter(bool), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_but_for_what_xml_cannot_hold(tmp_path: Path, rows: list[str]) -> None:
    done = export_table(pd.DataFrame({"a": ["head", *rows]}, dtype=object), tmp_path / "a.xlsx")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0)
    wanted = [NOT_XML.sub("\ufffd", one).replace("\r\n", "\n").replace("\r", "\n") for one in rows]
    assert [str(row[0]) for row in sheet.to_python()[2:]] == wanted
    assert {n.code for n in done.notes} == (
        {"export_characters"} if any(NOT_XML.search(one) for one in rows) else set()
    )


def test_values_are_of_their_kind(tmp_path: Path) -> None:
    table = pd.DataFrame(kinds().drop(columns="geometry"))
    done = export_table(table, tmp_path / "a.xlsx", lang="en")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    assert names == list(table.columns)
    assert all(cell.font.bold for cell in head)
    by_name = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    assert [c.value for c in by_name["whole"]] == [1, None, -3, 2**40, 0]
    assert [c.value for c in by_name["number"]][:3] == [1.5, None, -0.1]
    days = [str(c.value) for c in by_name["day"]]
    assert days == ["2024-01-01 00:00:00", "None", "2024-02-29 00:00:00", "1899-12-31 00:00:00", "2100-01-01 00:00:00"]
    assert [c.is_date for c in by_name["day"]] == [True, False, True, False, True]
    assert by_name["day"][0].number_format == "yyyy-mm-dd"
    assert str(by_name["moment"][0].value) == "2024-01-01 08:30:15"
    assert by_name["moment"][0].is_date
    assert [c.value for c in by_name["yes"]] == ["yes", None, "no", "yes", "yes"]
    assert {(n.code, n.column) for n in done.notes} == {("export_as_text", "day")}


def test_numbers_that_would_lose_digits_are_text(tmp_path: Path) -> None:
    done = export_table(pd.DataFrame({"id": [42050119800101123, 7]}), tmp_path / "a.xlsx")
    assert [cell.value for cell in cells(tmp_path / "a.xlsx")] == ["42050119800101123", 7]
    assert [n.code for n in done.notes] == ["export_as_text"]


def test_long_text_is_cut_and_told(tmp_path: Path) -> None:
    done = export_table(pd.DataFrame({"a": ["x" * 40000, "😀" * 20000, "short"]}), tmp_path / "a.xlsx")
    assert [len(cell.value.encode("utf-16-le")) // 2 for cell in cells(tmp_path / "a.xlsx")] == [32767, 32766, 5]
    assert [(n.code, n.found.en) for n in done.notes] == [("export_cut", "2 rows")]


@pytest.mark.parametrize(("lang", "sheets"), [("zh", ["建筑", "字段"]), ("en", ["Buildings", "Fields"])])
def test_a_second_sheet_says_what_each_column_is(
    huolong: Workspace, tmp_path: Path, lang: str, sheets: list[str]
) -> None:
    export_layer(huolong, "buildings", tmp_path / "a.xlsx", lang=lang)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == sheets
    assert book.worksheets[0].freeze_panes == "B2"
    rows = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    titles = [cell.value for cell in book.worksheets[0][1]]
    assert [row[0] for row in rows[1 : len(titles) + 1]] == titles
    by_name = {row[1]: row for row in rows}
    assert by_name["floor_area_m2"][:3] == (
        ["建筑面积", "floor_area_m2", "m²"] if lang == "zh" else ["floor area", "floor_area_m2", "m²"]
    )
    assert "residential = " in by_name["use"][4]
    assert rows[-1][1] == huolong["buildings"].crs.name


def test_issue_types_are_in_words(huolong: Workspace, tmp_path: Path) -> None:
    export_layer(huolong, "issues", tmp_path / "a.xlsx")
    types = {cell.value for cell in cells(tmp_path / "a.xlsx", 2)}
    assert "路面破损" in types
    assert not any(one and one.isupper() for one in types)


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 3)
    with pytest.raises(DataError) as refused:
        export_table(pd.DataFrame({"a": range(4)}), tmp_path / "a.xlsx")
    assert [p.code for p in refused.value.problems] == ["export_too_large"]
