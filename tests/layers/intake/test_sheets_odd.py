from pathlib import Path

import pytest

from geo.errors import DataError
from layers.intake.tables.limits import LONGEST_CELL
from layers.intake.tables.sheets import read_sheets
from tests.layers.intake.books import cell, ods, ods_cell, ods_table, ole, sheet_xml, xls, xlsx
from tests.layers.intake.test_sheets import PLAIN, lost, one_sheet, refused, told


def test_long_numbers_that_lost_digits_are_told(tmp_path: Path) -> None:
    source = one_sheet(tmp_path, PLAIN | {"A3": 420602199001011234, "B3": "x"})
    assert [(one.code, one.found.en) for one in source.notes] == [
        ("digits_lost", "编号: 1 cell of more than 15 digits")
    ]


def test_a_cell_beyond_the_limit_costs_its_row(tmp_path: Path) -> None:
    source = one_sheet(tmp_path, PLAIN | {"B2": "长" * LONGEST_CELL, "A3": "A2", "B3": "长" * (LONGEST_CELL + 1)})
    assert source.rows.tolist() == [2]
    assert lost(source) == [(3, "cell_too_long")]
    assert source.lost[0].column == "类别"


def test_merged_ranges_that_overlap_are_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": sheet_xml(PLAIN, ["A1:B2"] * 3)})
    assert refused(path) == ["book_damaged"]


def test_a_merge_over_the_whole_sheet_is_cut(tmp_path: Path) -> None:
    assert one_sheet(tmp_path, PLAIN, "D1:XFD1048576").rows.tolist() == [2]


def test_old_workbooks(tmp_path: Path) -> None:
    cells: dict[tuple[int, int], object] = {
        (0, 0): "网格台账", (1, 0): "编号", (1, 1): "类别", (1, 2): "金额",
        (2, 0): "A1", (2, 1): "道路", (2, 2): 3.5, (3, 1): "#N/A", (3, 2): 7, (4, 0): "合计", (4, 2): 2,
    }  # fmt: skip
    path = xls(tmp_path / "a.et", {"第一网格": cells, "空": {}}, merged=[(0, 0, 0, 2), (2, 3, 0, 0)])
    [source] = read_sheets(path)
    assert (source.kind, source.part, source.rows.tolist()) == ("xls", "第一网格", [3, 4])
    assert source.cells.to_numpy().tolist() == [["A1", "道路", 3.5], ["A1", "#N/A", 7]]
    assert told(source) == ["merged_filled", "title_rows", "total_rows", "formula_error", "sheet_left_out"]


def test_open_document(tmp_path: Path) -> None:
    rows = [
        ods_cell("编号") + ods_cell("网格") + ods_cell("数量"),
        ods_cell("A1") + ods_cell("一", more='table:number-rows-spanned="2"') + ods_cell(3),
        ods_cell("A2")
        + "<table:covered-table-cell/>"
        + ods_cell(2.5)
        + ods_cell(more='table:number-columns-repeated="16380"'),
        ods_cell("A3") + ods_cell("二") + '<table:table-cell table:formula="of:=1+1"/>',
        ods_cell("A4") + ods_cell("#N/A", more='calcext:value-type="error" table:formula="of:=X"') + ods_cell(1),
    ]
    filler = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    tables = ods_table("表", rows).replace("</table:table>", filler + "</table:table>")
    tables += ods_table("藏", [ods_cell("a") + ods_cell("b"), ods_cell(1) + ods_cell(2)], more='table:style-name="ta2"')
    [source] = read_sheets(ods(tmp_path / "a.ods", tables, styles=hidden))
    assert (source.kind, source.rows.tolist(), lost(source)) == ("ods", [2, 3, 5], [(4, "formula_without_value")])
    assert source.cells.to_numpy().tolist() == [["A1", "一", 3], ["A2", "一", 2.5], ["A4", "#N/A", 1]]
    assert told(source) == ["merged_filled", "formula_error", "sheet_left_out"]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert refused(path) == ["table_unreadable"]
    path.write_bytes(b"id,name\n1,a\n")
    assert refused(path) == ["not_a_workbook"]
    ole(path, {"WordDocument": b"x"})
    assert refused(path) == ["not_a_workbook"]
    ole(path, {"EncryptedPackage": b"x", "EncryptionInfo": b"y"})
    assert refused(path) == ["book_password"]
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert refused(path) == ["book_damaged"]
    ods(path, ods_table("表", []), manifest="<m><encryption-data/></m>")
    assert refused(path) == ["book_password"]
    xlsx(path, {"表": sheet_xml({"A1": cell("A1", 99, kind="s")})})
    assert refused(path) == ["book_damaged"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_file_cut_short_or_bitten_never_raises_anything_else(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        xlsx(path, {"表": sheet_xml(PLAIN)}, strings=["a", "b"])
    elif kind == "xls":
        xls(path, {"表": {(0, 0): "编号", (0, 1): "类别", (1, 0): "A1", (1, 1): 2}})
    else:
        ods(path, ods_table("表", [ods_cell("编号") + ods_cell("类别"), ods_cell("A1") + ods_cell(2)]))
    whole = path.read_bytes()
    length = len(whole)
    for at in range(0, length, max(1, length // 60)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path.write_bytes(damaged)
            try:
                [source] = read_sheets(path)
            except DataError:
                continue
            assert len(source.cells) + len(source.lost) <= 2
