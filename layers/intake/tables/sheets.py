"""Spreadsheets (XLSX, XLS with WPS .et, ODS): one source for each sheet that holds a table.

The values come from calamine, which would take any amount of memory that a file asks for and gives
errors and formulas without a result as empty cells; so each file is looked through first (``workbook``,
``sheet_scan``, ``opendocument``, ``oldbook``). Dates and times come as Excel formats them: a number with
a date format is a datetime, one without stays a number.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from geo.errors import DataError, Problem
from geo.findings import looks_like, system_fault
from geo.text import Text
from layers.exports.workbook import FIELDS, HEAD
from layers.intake.source import Source
from layers.intake.tables.book_parts import Part, packed, packed_again, parts_of
from layers.intake.tables.faults import over_limit, refuse, table_problem, where
from layers.intake.tables.headings import Merge
from layers.intake.tables.limits import MOST_BOOK_BYTES, MOST_CELLS, MOST_COLUMNS, MOST_SHEET_ROWS
from layers.intake.tables.oldbook import open_old
from layers.intake.tables.ole_file import MARK
from layers.intake.tables.opendocument import ods_sheets
from layers.intake.tables.sheet_scan import SheetFacts, scan_sheet
from layers.intake.tables.sheet_table import Raw, Rows, sheet_source
from layers.intake.tables.workbook import open_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_ODS = b"opendocument.spreadsheet"
_ZIP = b"PK\x03\x04"
_HIDDEN, _EMPTY = Text("隐藏的工作表", "a hidden sheet"), Text("没有表格的工作表", "a sheet without a table")
_OURS = Text("导出时附上的字段说明", "the description of the columns that an export adds")
_CHART = Text("图表页等没有单元格的工作表", "a chart or the like, without cells")


class _Page(NamedTuple):
    """A sheet as it was looked through: ``key`` is its name for calamine; ``merges`` None where calamine knows them."""

    key: str
    name: str
    hidden: bool
    cells: bool
    facts: SheetFacts
    merges: list[Merge] | None


class _Book(NamedTuple):
    kind: str
    stream: BytesIO
    pages: list[_Page]


def read_sheets(
    path: Path, *, file: str | None = None, sheet: str | None = None, header: int | None = None
) -> list[Source]:
    """Read the sheets of a workbook that hold a table.

    Cells are str, int (a whole number), float, bool, datetime or None; times and durations are text, an
    error is the text that it shows (#N/A). Merged cells are filled down. Rows are those of the sheet.
    A row with a formula that has no stored result is in ``lost``. ``facts``: "header_rows" ("0" without
    a heading), "state" ("hidden" if so), and what ``headings.title_facts`` finds. Sheets that are left
    out are told in the notes of the first source.

    Args:
        path: the file.
        file: its name for messages, if it is stored under another.
        sheet: read only this sheet, be it hidden or not.
        header: the (last) row of the heading if it is known, 0 for a table without one.

    Raises:
        DataError: no workbook, damaged, with a password, beyond the limits of ``table_limits``, or no
            sheet holds a table.
    """
    name = file or path.name
    book = _opened(path, name)
    wanted = [page for page in book.pages if sheet is None or page.name == sheet]
    if not wanted:
        raise refuse(name, "no_such_sheet", Text.same(sheet or ""))
    notes: list[Problem] = []
    sources: list[Source] = []
    several = sum(page.cells and not page.hidden for page in book.pages) > 1
    opened = _workbook(book.stream, name)
    for page in wanted:
        reason = _left_out(page, named=sheet is not None)
        raw = None if reason else _raw(opened, page, name)
        if raw is not None and sheet is None and several and _describes(raw):
            raw, reason = None, _OURS
        if page is wanted[-1]:
            opened.close()  # its memory is needed for the table
        source = None if raw is None else sheet_source(raw, file=name, kind=book.kind, header=header, lone=not several)
        if source is None:
            notes.append(table_problem("sheet_left_out", where(name, page.name), found=reason or _EMPTY))
        else:
            sources.append(source)
    if not sources:
        raise DataError([*notes, table_problem("table_empty", name, found=_EMPTY)])
    sources[0] = sources[0]._replace(notes=(*sources[0].notes, *notes))
    return sources


def _describes(raw: Raw) -> bool:
    """Tell whether a sheet is the one in which our own exports say what the columns of the other are."""
    heads = [[one.in_(lang) for one in HEAD] for lang in ("zh", "en")]
    return raw.name in {FIELDS.zh, FIELDS.en} and raw.rows[:1] in [[head] for head in heads]


def _workbook(stream: BytesIO, file: str) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 (heavy)

    with _Calamine(file):
        return CalamineWorkbook.from_filelike(stream)


class _Calamine:
    """Turns whatever calamine raises about a file, a panic of its own too, into one ``DataError``."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from python_calamine import CalamineError, PasswordError  # noqa: PLC0415 (heavy)

        if kind is None or issubclass(kind, DataError):
            return
        if issubclass(kind, PasswordError):
            raise refuse(self.file, "book_password", Text("有密码的工作簿", "a workbook with a password")) from error
        if issubclass(kind, CalamineError | OSError | ValueError) or kind.__module__ == "pyo3_runtime":
            raise refuse(self.file, "book_damaged", Text("无法读取的内容", "content that cannot be read")) from error


def _opened(path: Path, file: str) -> _Book:
    """Look through a workbook and make it ready for calamine."""
    try:
        with path.open("rb") as source:
            head = source.read(64)
        if head.startswith(MARK):
            return _old(path, file)
    except OSError as error:
        raise refuse(file, "table_unreadable", system_fault(error)) from error
    if not head.startswith(_ZIP):
        raise refuse(file, "not_a_workbook", looks_like(head))
    parts = parts_of(path, file)
    if "content.xml" in parts and "mimetype" in parts and _ODS in parts["mimetype"].content:
        return _open_document(parts, file)
    book = open_workbook(parts, file)
    pages = []
    for at, one in enumerate(book.sheets):
        empty = SheetFacts({}, {})
        facts = scan_sheet(parts[one.part].content, book.strings, where(file, one.name)) if one.part else empty
        pages.append(_Page(str(at), one.name, one.hidden, bool(one.part), facts, None))
    return _Book("xlsx", packed_again(book.parts), pages)


def _old(path: Path, file: str) -> _Book:
    if path.stat().st_size > MOST_BOOK_BYTES:
        raise over_limit(file, MOST_BOOK_BYTES // 2**20, "MB", "MB")
    every, content = open_old(path.read_bytes(), file)
    with _workbook(BytesIO(content), file) as opened:
        listed = [(one.name, str(one.visible).endswith(".Visible"), str(one.typ)) for one in opened.sheets_metadata]
    facts = every if len(every) == len(listed) else [SheetFacts({}, {})] * len(listed)
    pages = [
        _Page(name, name, not shown, kind.endswith("WorkSheet"), one, None)
        for (name, shown, kind), one in zip(listed, facts, strict=True)
    ]
    return _Book("xls", BytesIO(content), pages)


def _open_document(parts: Mapping[str, Part], file: str) -> _Book:
    manifests = [one.content for name, one in parts.items() if name.lower() == "meta-inf/manifest.xml"]
    if any(b"encryption-data" in one for one in manifests):
        raise refuse(file, "book_password", Text("加密的工作簿", "an encrypted workbook"))
    sheets = ods_sheets(parts["content.xml"].content, file)
    pages = [_Page(one.name, one.name, one.hidden, True, one.facts, one.merges) for one in sheets]  # noqa: FBT003 (a record)
    return _Book("ods", packed_again({name: packed(one) for name, one in parts.items()}), pages)


def _left_out(page: _Page, *, named: bool) -> Text | None:
    if not page.cells:
        return _CHART
    return _HIDDEN if page.hidden and not named else None


def _raw(opened: "CalamineWorkbook", page: _Page, file: str) -> Raw | None:
    """Take the values of a sheet, once more within the limits."""
    with _Calamine(file):
        sheet = opened.get_sheet_by_name(page.key)
        _check_reach(sheet, where(file, page.name))
        if sheet.end is None and not page.facts.formulas:
            return None
        merges = page.merges
        if merges is None:
            merges = [Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        rows: Rows = sheet.to_python(skip_empty_area=False) if sheet.end is not None else []
    return Raw(page.name, page.hidden, rows, merges, page.facts)


def _check_reach(sheet: "CalamineSheet", place: str) -> None:
    bottom, right = sheet.end or (0, 0)
    if bottom >= MOST_SHEET_ROWS:
        raise over_limit(place, MOST_SHEET_ROWS, "行", "rows")
    if right >= MOST_COLUMNS:
        raise over_limit(place, MOST_COLUMNS, "列", "columns")
    if (bottom + 1) * (right + 1) > MOST_CELLS:
        raise over_limit(place, MOST_CELLS, "个单元格", "cells")
