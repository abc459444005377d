"""Rejected rows come back as the user's own file, and the corrected file is accepted."""

import csv
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl.styles import Font, PatternFill

from geo.errors import DataError
from geo.text import Text
from layers.exports import unprotected
from layers.intake.rejects.copy import format_note, rejects_suffix, write_rejects
from layers.intake.rejects.own_columns import OWN_COLUMNS, is_own_column
from layers.intake.rejects.workbook import NO_RESULT, TYPE_IN
from layers.intake.source import LostRow, Source
from layers.intake.tables.delimited import read_delimited
from layers.intake.tables.sheets import read_sheets
from tests.layers.exports.tables import texts
from tests.samples import CRS, point

ROW, REASON, REMEDY = OWN_COLUMNS


def lost(row: int, column: str | None = None, words: str = "=坏值") -> LostRow:
    return LostRow(row, "bad_value", column, Text(words, "bad"), Text("改正该值", "correct the value"))


def rows_of(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[unprotected(cell) for cell in row] for row in csv.reader(file, delimiter=separator)]


LEDGER = (
    "活龙社区问题清单;;;\r\n编号;问题描述;上报时间;数量\r\n1;井盖破损;2021-8-1;1\r\n2;=垃圾\r堆积;二〇二一;-5\r\n"
    '3;"两\r\n行";2021-8-3;1\r\n4;太多;2021-8-4;1;多余\r\n5;+86 138;长期;2\r\n'
)


@pytest.fixture(params=["utf-8-sig", "gb18030"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_bytes(LEDGER.replace("\r堆", "堆").encode(request.param))
    return path


def test_a_text_table_comes_back_with_its_own_separator(ledger: Path, tmp_path: Path) -> None:
    source = read_delimited(ledger)
    (ragged,) = source.lost
    found = write_rejects(
        ledger, [source], [[lost(4, "上报时间"), lost(4, "数量"), lost(8, "上报时间", "长期")]], tmp_path / "out.xlsx"
    )
    assert found == tmp_path / "out.csv"
    assert found.read_bytes().startswith(b"\xef\xbb\xbf")
    title, head, first, extra, last = rows_of(found, ";")
    assert title[3] == "活龙社区问题清单"
    assert head == [ROW, REASON, REMEDY, "编号", "问题描述", "上报时间", "数量"]
    assert first == [
        "4",
        "上报时间：=坏值 / bad\n数量：=坏值 / bad",
        "改正该值 / correct the value",
        "2",
        "=垃圾堆积",
        "二〇二一",
        "-5",
    ]
    assert extra[0] == str(ragged.row)
    assert extra[3:] == ["4", "太多", "2021-8-4", "1", "多余"]
    assert last[3:] == ["5", "+86 138", "长期", "2"]
    assert format_note(ledger, found) == ()


def test_a_corrected_text_table_is_accepted(ledger: Path, tmp_path: Path) -> None:
    source = read_delimited(ledger)
    found = write_rejects(ledger, [source], [[lost(4, "上报时间")]], tmp_path / "out.csv")
    assert len(read_delimited(found).lost) == 1
    found.write_bytes(found.read_bytes().replace(';"多余"'.encode(), b""))
    again = read_delimited(found)
    assert again.lost == ()
    own = [name for name in again.cells.columns if is_own_column(str(name))]
    assert tuple(own) == OWN_COLUMNS
    assert again.cells["编号"].tolist() == ["2", "4"]
    twice = write_rejects(found, [again], [[lost(int(again.rows[0]), "上报时间")]], tmp_path / "twice.csv")
    assert rows_of(twice, ";")[1] == [*OWN_COLUMNS, "编号", "问题描述", "上报时间", "数量"]


def test_lines_that_are_no_records_come_back_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,words\n1,good\n2,"open\n3,fine\n4,nul\0here\n', encoding="utf-8")
    source = read_delimited(path)
    found = rows_of(write_rejects(path, [source], [[]], tmp_path / "out.csv"))
    assert [row[0] for row in found[1:]] == [str(one.row) for one in source.lost]
    assert ["2", '"open'] in [row[3:] for row in found]
    assert ["4", "nul\ufffdhere"] in [row[3:] for row in found]


@given(texts.filter(lambda text: bool(text.strip()) and "\0" not in text))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cell_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([["编号", "问题描述"], ["1", "好"], ["2", text], ["3", "好"]])
    source = read_delimited(path)
    row = next(int(r) for r, cell in zip(source.rows, source.cells["编号"], strict=True) if cell == "2")
    found = write_rejects(path, [source], [[lost(row, "问题描述")]], tmp_path / "out.csv")
    assert rows_of(found)[-1][3:] == ["2", unprotected(text)]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A ledger as they are: a merged title, a heading of two rows, merged cells, a formula, a total, a second sheet."""
    path = tmp_path / "台账.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "一网格"
    for row in (
        ["活龙社区问题清单"], ["网格", "编号", "整改", None, "数量"], [None, None, "措施", "时限", None],
        ["一网格", "1", "维修", "2021-8-1", 1], [None, "2", "=清运", "长期", "=1+1"], [None, "3", "补种", "2021-8-3", 3],
        ["二网格", "4", "加固", "很快", 4], ["合计", None, None, None, "=SUM(E4:E7)"],
    ):  # fmt: skip
        sheet.append(row)
    sheet["C5"].data_type = "s"
    for span in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "A4:A6"):
        sheet.merge_cells(span)
    sheet["A1"].font, sheet["D5"].font = Font(bold=True, size=16), Font(italic=True)
    sheet["B7"].fill = PatternFill("solid", start_color="00FF00")
    sheet.column_dimensions["C"].width, sheet.row_dimensions[7].height = 33, 40
    sheet["B5"].hyperlink = "#A1"
    made.create_sheet("二网格").append(["编号", "整改/措施"])
    made["二网格"].append(["9", "好"])
    made.create_sheet("填表说明")["A1"] = "请勿改动"
    made.save(path)
    return path


def sources() -> list[Source]:
    names = ["网格", "编号", "整改/措施", "整改/时限", "数量"]
    cells = pd.DataFrame(
        [["一网格", "1", "维修", "2021-8-1", 1], ["一网格", "2", "=清运", "长期", None], ["一网格", "3", "补种", "2021-8-3", 3], ["二网格", "4", "加固", "很快", 4]],
        columns=names, dtype=object,
    )  # fmt: skip
    other = pd.DataFrame({"编号": ["9"], "整改/措施": ["好"]}, dtype=object)
    return [
        Source("台账.xlsx", "一网格", "xlsx", cells, np.array([4, 5, 6, 7]), facts={"header_rows": "2-3"}),
        Source("台账.xlsx", "二网格", "xlsx", other, np.array([2]), facts={"header_rows": "1"}),
    ]


def test_a_workbook_comes_back_with_its_looks(book: Path, tmp_path: Path) -> None:
    verdicts = [[lost(5, "整改/时限"), lost(7, "整改/时限"), lost(7, "数量")], []]
    found = write_rejects(book, sources(), verdicts, tmp_path / "out.csv")
    assert found == tmp_path / "out.xlsx"
    made = openpyxl.load_workbook(found)
    assert made.sheetnames == ["一网格", "二网格", "填表说明"]
    sheet = made["一网格"]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert shown[0][0] == "活龙社区问题清单"
    assert shown[1][:5] == ["网格", "编号", "整改", None, "数量"]
    assert shown[2][5:] == [ROW, REASON, REMEDY]
    assert shown[3] == [
        "一网格",
        "2",
        "=清运",
        "长期",
        "=1+1",
        5,
        f"整改/时限：=坏值 / bad\n{NO_RESULT}",
        f"改正该值 / correct the value\n{TYPE_IN}",
    ]
    assert shown[4][:6] == ["二网格", "4", "加固", "很快", 4, 7]
    assert len(shown) == 5
    assert {str(span) for span in sheet.merged_cells.ranges} == {"A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"}
    assert (sheet["A1"].font.size, sheet.column_dimensions["C"].width, sheet.row_dimensions[5].height) == (16, 33, 40)
    assert sheet["B5"].fill.start_color.rgb == "0000FF00"
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.start_color.rgb == "00FFC7CE"}
    assert red == {"D4", "E4", "D5", "E5"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert sheet["C4"].quotePrefix is None or sheet["C4"].data_type == "s"
    assert [[cell.value for cell in row] for row in made["二网格"].iter_rows()] == [["编号", "整改/措施", *OWN_COLUMNS]]
    assert made["填表说明"]["A1"].value == "请勿改动"
    assert format_note(book, found) == ()


def test_a_corrected_workbook_is_accepted(book: Path, tmp_path: Path) -> None:
    read = read_sheets(book)
    verdicts = [[lost(7, "整改/时限")] if one.part == "一网格" else [] for one in read]
    found = write_rejects(book, read, verdicts, tmp_path / "out.xlsx")
    made = openpyxl.load_workbook(found)
    made["一网格"]["E4"], made["一网格"]["D5"] = 2, "2021-8-4"
    made.save(found)
    again = read_sheets(found)[0]
    assert again.lost == ()
    own = [name for name in again.cells.columns if is_own_column(str(name))]
    assert tuple(own) == OWN_COLUMNS
    assert again.cells.drop(columns=own).to_numpy().tolist() == [
        ["一网格", "2", "=清运", "长期", 2],
        ["二网格", "4", "加固", "2021-8-4", 4],
    ]
    assert again.cells[ROW].tolist() == [5, 7]
    twice = write_rejects(found, [again], [[lost(5, "数量")]], tmp_path / "twice.xlsx")
    assert [cell.value for cell in openpyxl.load_workbook(twice)["一网格"][3]][5:] == list(OWN_COLUMNS)


def test_a_workbook_that_cannot_be_copied_comes_back_by_its_values(book: Path, tmp_path: Path) -> None:
    book.write_bytes(book.read_bytes()[:-30])
    found = write_rejects(book, sources(), [[lost(5, "整改/措施")], []], tmp_path / "out.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(found)["一网格"].iter_rows()]
    assert rows[1][:6] == ["一网格", "2", "=清运", "长期", None, 5]


def test_formulas_give_way_to_their_values(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    for row in (["编号", "数量"], ["1", 2], ["2", "=B2*2"]):
        made.active.append(row)  # type: ignore[union-attr]
    made.save(path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>B2*2</f><v />", b"<f>B2*2</f><v>4</v>"))
    cells = pd.DataFrame({"编号": ["1", "2"], "数量": [2, 4]}, dtype=object)
    source = Source("b.xlsx", "Sheet", "xlsx", cells, np.array([2, 3]), facts={"header_rows": "1"})
    found = write_rejects(tmp_path / "b.xlsx", [source], [[lost(3)]], tmp_path / "out.xlsx")
    assert [cell.value for cell in openpyxl.load_workbook(found).active[2]][:3] == ["2", 4, 3]  # type: ignore[union-attr, index]


def test_a_table_without_a_heading_gets_one(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["1", "好"], ["2", "坏"]):
        made.active.append(row)  # type: ignore[union-attr]
    made.save(tmp_path / "a.xlsx")
    cells = pd.DataFrame({"列1": ["1", "2"], "列2": ["好", "坏"]}, dtype=object)
    source = Source("a.xlsx", "Sheet", "xlsx", cells, np.array([1, 2]), facts={"header_rows": "0"})
    found = write_rejects(tmp_path / "a.xlsx", [source], [[lost(2)]], tmp_path / "out.xlsx")
    head, row = [[c.value for c in r] for r in openpyxl.load_workbook(found).active.iter_rows()]  # type: ignore[union-attr]
    assert head == ["列1", "列2", *OWN_COLUMNS]
    assert row[:3] == ["2", "坏", 2]


def test_other_workbooks_become_xlsx_and_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(b"PK\x03\x04 no workbook of the right kind")
    cells = pd.DataFrame(
        {"编号": ["1", "2"], "时间": [pd.Timestamp(2021, 8, 1).to_pydatetime(), "=很快"]}, dtype=object
    )
    source = Source("a.ods", "表/1", "ods", cells, np.array([2, 3]))
    found = write_rejects(path, [source], [[lost(3, "时间"), lost(9)]], tmp_path / "out")
    assert found == tmp_path / "out.xlsx"
    assert [n.code for n in format_note(path, found)] == ["rejects_other_format"]
    sheet = openpyxl.load_workbook(found).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["编号", "时间", *OWN_COLUMNS]
    assert rows[1][:3] == ["2", "=很快", 3]
    assert rows[2][:3] == [None, None, 9]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].fill.start_color.rgb == "00FFC7CE"


@pytest.mark.parametrize("crs", [CRS, None])
def test_shapes_come_back_in_a_geopackage(tmp_path: Path, crs: str | None) -> None:
    cells = pd.DataFrame(
        {
            "name": pd.Series(["a", "b", "=c"], dtype="str"),
            "n": pd.array([1, None, 3], dtype="Int64"),
            "odd": ["x", 1, "y"],
        }
    )
    shapes = np.array([point(0, 0), point(1, 1), None], dtype=object)
    source = Source("a.geojson", "", "geojson", cells, np.array([1, 2, 3]), shapes, crs, (lost(4),))
    found = write_rejects(
        tmp_path / "a.geojson", [source, source], [[lost(2), lost(3, "name")], []], tmp_path / "out.csv"
    )
    assert found == tmp_path / "out.gpkg"
    table = gpd.read_file(found, layer="a")
    assert table[ROW].tolist() == [2, 3, 4]
    assert table["name"].tolist()[:2] == ["b", "=c"]
    assert table["odd"].tolist()[0] == "1"
    assert table[REASON].tolist()[1] == "name：=坏值 / bad"
    assert table.geometry.iloc[0].equals(point(1, 1))
    assert table.geometry.isna().tolist() == [False, True, True]
    assert gpd.read_file(found, layer="a_2")[ROW].tolist() == [4]
    assert rejects_suffix([source], [[]]) == ".gpkg"


def test_no_rejected_row_is_an_error_and_two_runs_are_alike(book: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        write_rejects(book, sources(), [[], []], tmp_path / "out.xlsx")
    assert [p.code for p in refused.value.problems] == ["rejects_none"]
    runs = [write_rejects(book, sources(), [[lost(5)], []], tmp_path / n / "out.xlsx").read_bytes() for n in "ab"]
    assert runs[0] == runs[1]


def test_a_workbook_comes_back_whatever_its_name_ends_with(book: Path, tmp_path: Path) -> None:
    other = book.rename(book.with_suffix(".et"))
    found = read_sheets(other, file="台账.et")
    path = write_rejects(
        other, found, [[lost(int(found[0].rows[0]))], *([()] * (len(found) - 1))], tmp_path / "out.xlsx"
    )
    assert openpyxl.load_workbook(path)["一网格"]["A1"].font.bold
