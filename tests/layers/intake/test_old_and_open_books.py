import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from geo.errors import DataError
from layers.intake.tables import opendocument
from layers.intake.tables.headings import Merge
from layers.intake.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_SHEET_ROWS
from layers.intake.tables.oldbook import open_old
from layers.intake.tables.ole_file import OleFile, written
from layers.intake.tables.opendocument import ods_sheets
from layers.intake.tables.sheets import _Calamine, read_sheets
from tests.layers.intake.books import ods, ods_cell, ods_table, ole, xls, xls_stream


def old(folder: Path, cells: dict[tuple[int, int], object], more: int = 0) -> list[object]:
    path = xls(folder / "a.xls", {"表": cells, **{str(at): cells for at in range(more)}})
    return [*open_old(path.read_bytes(), "a.xls").facts]


def code(error: pytest.ExceptionInfo[DataError]) -> str:
    return error.value.problems[0].code


def test_old_books_have_limits(tmp_path: Path) -> None:
    assert len(old(tmp_path, {(0, 0): 1, (29_999, MOST_COLUMNS - 1): 2})) == 1
    for cells in ({(0, MOST_COLUMNS): 1}, {(0, 0): 1, (30_000, MOST_COLUMNS - 1): 2}):
        with pytest.raises(DataError) as error:
            old(tmp_path, cells)
        assert code(error) == "table_over_limit"
    with pytest.raises(DataError) as error:  # each sheet is within, but all are held at once
        old(tmp_path, {(0, 0): 1, (29_999, MOST_COLUMNS // 2 - 1): 2}, more=2)
    assert code(error) == "table_over_limit"


def test_old_books_name_their_errors(tmp_path: Path) -> None:
    first, second = old(tmp_path, {(0, 0): "编号", (3, 2): "#N/A"}, more=1)
    assert first == second == ({}, {(3, 2): "#N/A"})


def test_old_books_with_a_password_or_without_a_book(tmp_path: Path) -> None:
    stream = xls_stream({"表": {(0, 0): 1}})
    locked = ole(tmp_path / "a.xls", {"Workbook": b"\x2f\x00\x02\x00\x00\x00" + stream})
    with pytest.raises(DataError) as error:
        open_old(locked.read_bytes(), "a.xls")
    assert code(error) == "book_password"
    other = ole(tmp_path / "a.xls", {"WordDocument": b"x"})
    with pytest.raises(DataError) as error:
        open_old(other.read_bytes(), "a.xls")
    assert code(error) == "not_a_workbook"


def test_old_books_whose_sectors_go_in_circles_end(tmp_path: Path) -> None:
    content = bytearray(xls(tmp_path / "a.xls", {"表": {(0, 0): 1}}).read_bytes())
    table = len(content) - 512
    content[table : table + 4] = (0).to_bytes(4, "little")  # the first sector follows itself
    open_old(bytes(content), "a.xls")


def test_what_an_old_book_claims_about_its_reach_is_not_believed(tmp_path: Path) -> None:
    stream = xls_stream({"表": {(0, 0): "编号", (0, 1): "类别", (1, 0): "A1", (1, 1): 2}})
    first = stream.index(struct.pack("<H", 0x204))
    claim = struct.pack("<HHIIHHH", 0x200, 14, 0, 0xFFFFFFFF, 0, 0xFFFF, 0)
    [source] = read_sheets(ole(tmp_path / "a.xls", {"Workbook": stream[:first] + claim + stream[first:]}))
    assert source.cells.to_numpy().tolist() == [["A1", 2]]


def test_a_table_of_sectors_that_points_anywhere(tmp_path: Path) -> None:
    content = bytearray(xls(tmp_path / "a.xls", {"表": {(0, 0): "编号", (0, 1): "类别", (1, 0): "A1"}}).read_bytes())
    for place in range(len(content) // 512):  # calamine followed one of these until it had no memory
        content[76] = place
        (tmp_path / "a.xls").write_bytes(content)
        with suppress(DataError):
            read_sheets(tmp_path / "a.xls")


@pytest.mark.parametrize(
    "size", [0, 4096, 60_000, 7_000_000, 8_000_000]
)  # from 7.1 MB on the header has too few places
def test_a_stream_is_written_and_read_again(size: int) -> None:
    stream = bytes(range(251)) * (size // 251 + 1)
    file = OleFile(written("Workbook", stream))
    assert file.names == {"workbook"}
    assert file.read("workbook") == stream.ljust(4096, b"\0")
    assert file.read("other") == b""


def sheets(tables: str, folder: Path) -> list[opendocument.OdsSheet]:
    with zipfile.ZipFile(ods(folder / "a.ods", tables)) as archive:
        return ods_sheets(archive.read("content.xml"), "a.ods")


def repeated(value: object, *, rows: object = 1, columns: object = 1) -> str:
    inside = ods_cell(value, more=f'table:number-columns-repeated="{columns}"')
    return f'<table:table table:name="表"><table:table-row table:number-rows-repeated="{rows}">{inside}</table:table-row></table:table>'


@pytest.mark.parametrize(
    ("rows", "columns", "fits"),
    [
        (MOST_SHEET_ROWS, 1, True), (MOST_SHEET_ROWS + 1, 1, False), (1, MOST_COLUMNS, True), (1, MOST_COLUMNS + 1, False),
        (MOST_CELLS // MOST_COLUMNS, MOST_COLUMNS, True), (MOST_CELLS // MOST_COLUMNS + 1, MOST_COLUMNS, False),
        (10**12, 1, False), ("9" * 5000, 1, False), ("+300000", 1, False), ("x", 1, True),
    ],
)  # fmt: skip
def test_repeated_cells_count_as_often(tmp_path: Path, rows: object, columns: object, fits: bool) -> None:  # noqa: FBT001
    tables = repeated(1, rows=rows, columns=columns)
    if fits:
        assert len(sheets(tables, tmp_path)) == 1
    else:
        with pytest.raises(DataError) as error:
            sheets(tables, tmp_path)
        assert code(error) == "table_over_limit"


def test_repeated_empty_cells_do_not_count(tmp_path: Path) -> None:
    [sheet] = sheets(repeated(None, rows=1_048_576, columns=16_384), tmp_path)
    assert sheet == ("表", False, ({}, {}), [])


def test_a_text_repeated_too_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendocument, "MOST_TEXT", 1000)
    assert sheets(repeated("x" * 10, rows=100), tmp_path)
    with pytest.raises(DataError) as error:
        sheets(repeated("x" * 10, rows=101), tmp_path)
    assert code(error) == "table_over_limit"


def test_merges_of_open_documents(tmp_path: Path) -> None:
    merged = ods_cell("a", more='table:number-rows-spanned="3" table:number-columns-spanned="2"')
    [sheet] = sheets(ods_table("表", [ods_cell("x"), ods_cell("y") + merged]), tmp_path)
    assert sheet.merges == [Merge(1, 1, 3, 2)]


def test_damaged_content(tmp_path: Path) -> None:
    for tables in ("<table:table>", repeated(1).replace("</table:table>", f"{repeated(1)}</table:table>")):
        with pytest.raises(DataError) as error:
            sheets(tables, tmp_path)
        assert code(error) == "book_damaged"


def test_a_panic_of_the_reader_is_one_clear_error() -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    with pytest.raises(DataError) as error, _Calamine("a.xlsx"):
        raise panic
    assert code(error) == "book_damaged"
    with pytest.raises(KeyboardInterrupt), _Calamine("a.xlsx"):
        raise KeyboardInterrupt
