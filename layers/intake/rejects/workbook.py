"""Rejected rows as a copy of the user's workbook: its sheets, heads and formats, only the rows that need work."""

import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from geo.text import Text
from layers.exports.archive import settled
from layers.exports.cells import cut_units, for_workbook
from layers.exports.workbook import LONGEST, as_text
from layers.intake.rejects.own_columns import OWN_COLUMNS, Rows, is_own_column, said
from layers.intake.source import LostRow, Source
from layers.intake.tables.headings import JOIN, wording

FAULTY, HEAD = "FFC7CE", "F2F2F2"
"""Light red, as spreadsheets mark what is bad, and grey."""
MOST_COPIED = 50_000
"""Rows of a workbook that are copied with their formats; of larger ones the values come back."""
WIDTHS = (10, 48, 48)
_UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, ParseError)
"""What openpyxl raises over workbooks that other programs open all the same."""
NO_RESULT = Text("公式没有结果，已按文字写出", "a formula without a result, written as text")
TYPE_IN = Text("在该单元格直接填写结果", "type the result into that cell")
Places = Mapping[int, Sequence[int]]
"""Columns by row."""
Sheet = Any
"""A sheet of openpyxl, which has no types."""


def write_workbook(original: Path, sources: Sequence[Source], rejected: Sequence[Rows], path: Path) -> None:
    """Write the rejected rows as XLSX.

    Formulas give way to the values that they had. Where the original is no XLSX, is too large to be
    copied with its formats, or cannot be copied, the new workbook has the values as they were read.
    """
    rows = sum(len(one.rows) for one in sources)
    same = zipfile.is_zipfile(original) and all(one.kind != "ods" for one in sources)
    book = _copied(original, sources, rejected) if rows <= MOST_COPIED and same else None
    if book is None:
        book = _plain(sources, rejected)
    raw = path.with_name("raw.xlsx")
    book.save(raw)
    settled(raw, path)


def _copied(original: Path, sources: Sequence[Source], rejected: Sequence[Rows]) -> Any:  # noqa: ANN401 (a workbook)
    """Copy the original with its formats and the values of its formulas; None if that fails."""
    try:
        book, values = (_loaded(original, values=only) for only in (False, True))
        unknown = {sheet.title: _without_formulas(sheet, values[sheet.title]) for sheet in book.worksheets}
        for source, why in zip(sources, rejected, strict=True):
            _keep(book[source.part], source, why, unknown[source.part])
    except _UNREADABLE:
        return None
    return book


def _loaded(original: Path, *, values: bool) -> Any:  # noqa: ANN401 (a workbook)
    """Open a workbook by its content, whatever its name ends with (.et)."""
    with original.open("rb") as file:
        return import_module("openpyxl").load_workbook(file, data_only=values, keep_links=False)


def _without_formulas(sheet: Sheet, values: Sheet) -> Places:
    """Put the last known value in place of every formula, and its text where none is known; give those places."""
    unknown: dict[int, list[int]] = {}
    for cell in list(sheet._cells.values()):  # noqa: SLF001 (the only way to the cells that exist)
        if cell.data_type == "f":
            known = values.cell(cell.row, cell.column).value
            if known is None:
                written = getattr(cell.value, "text", cell.value)  # of a formula over several cells
                _set_text(cell, str(written or ""))
                unknown.setdefault(cell.row, []).append(cell.column)
            elif isinstance(known, str):
                _set_text(cell, known)
            else:
                cell.value = known
    return unknown


def _set_text(cell: Any, text: str) -> None:  # noqa: ANN401 (a cell of openpyxl)
    """Write text that stays text whatever it looks like."""
    cell.value = cut_units(for_workbook(text), LONGEST)
    as_text(cell)


def _keep(sheet: Sheet, source: Source, rejected: Rows, unknown: Places) -> None:
    """Leave of a sheet its head and the rejected rows, and say beside each why."""
    data = [*map(int, source.rows[:1]), *(one.row for one in source.lost), *rejected]
    given = int(source.facts.get("header_rows", "-1").rpartition("-")[2] or -1)
    head = given if given >= 0 else min(data, default=1) - 1
    _fill_down(sheet, head)
    names = _columns(sheet, head, [str(one) for one in source.cells.columns])
    rows = [row for row in rejected if row > head]
    start = max(head, 1)  # a table without a heading gets one
    _move(sheet, head, {row: start + at for at, row in enumerate(rows, 1)})
    if not head:
        for at, name in enumerate(source.cells.columns, 1):
            _set_text(sheet.cell(1, at), str(name))
    wide = [c.column for c in sheet._cells.values() if c.value is not None]  # noqa: SLF001 (as above)
    own = _own_columns(sheet, start, max(wide, default=0))
    for at, row in enumerate(rows, start + 1):
        faults = rejected[row]
        lacking = (LostRow(row, "", None, NO_RESULT, TYPE_IN),) if row in unknown else ()
        _explain(sheet, at, own, row=row, faults=(*faults, *lacking))
        for column in {*unknown.get(row, ()), *(names[one.column] for one in faults if one.column in names)}:
            _colour(sheet.cell(at, column), FAULTY)
    sheet.auto_filter.ref = None


def _fill_down(sheet: Sheet, head: int) -> None:
    """Undo merged cells below the head; each row of them gets the value that it shared."""
    for span in list(sheet.merged_cells.ranges):
        if span.max_row > head:
            first = sheet.cell(span.min_row, span.min_col)
            sheet.unmerge_cells(str(span))
            for row in range(max(span.min_row, head + 1), span.max_row + 1):
                cell = sheet.cell(row, span.min_col)
                if cell is not first:
                    cell.value, cell._style, cell.data_type = first.value, copy(first._style), first.data_type  # noqa: SLF001 (as above)


def _columns(sheet: Sheet, head: int, names: list[str]) -> dict[str, int]:
    """Find the column of each heading by the words above the data; those that are not found are left out."""
    words: dict[int, list[str]] = {}
    merged = {(r, c): (s.min_row, s.min_col) for s in sheet.merged_cells.ranges for r, c in _cells_of(s) if r <= head}
    for column in range(1, min(sheet.max_column, 1000) + 1):
        found = [wording(sheet.cell(*merged.get((row, column), (row, column))).value) for row in range(1, head + 1)]
        words[column] = list(dict.fromkeys(one for one in found if one))
    places: dict[str, int] = {}
    for name in names:
        plain = name.rpartition(" (")[0] if name.endswith(")") and " (" in name else name
        fits = [c for c, said_there in words.items() if c not in places.values() and _is_named(said_there, name, plain)]
        if fits:
            places[name] = fits[0]
    return places


def _cells_of(span: Any) -> list[tuple[int, int]]:  # noqa: ANN401 (a range of openpyxl)
    return [(r, c) for r in range(span.min_row, span.max_row + 1) for c in range(span.min_col, span.max_col + 1)]


def _is_named(words: list[str], name: str, plain: str) -> bool:
    joined = {JOIN.join(words[at:]) for at in range(len(words))} | set(words)
    return name in joined or plain in joined


def _move(sheet: Sheet, head: int, places: dict[int, int]) -> None:
    """Keep the head and the rows that have a new place, with their cells, heights and links."""
    cells = {}
    for (row, column), cell in list(sheet._cells.items()):  # noqa: SLF001 (as above)
        new = row if row <= head else places.get(row)
        if new is not None:
            cell.row = new
            cells[new, column] = cell
            if cell.hyperlink is not None:
                cell.hyperlink.ref = cell.coordinate
    sheet._cells = cells  # noqa: SLF001 (as above)
    heights = dict(sheet.row_dimensions.items())
    sheet.row_dimensions.clear()
    for row, dimension in heights.items():
        new = row if row <= head else places.get(row)
        if new is not None:
            dimension.index, dimension.hidden = new, False
            sheet.row_dimensions[new] = dimension


def _own_columns(sheet: Sheet, row: int, wide: int) -> list[int]:
    """Write the headings of the added columns behind all others, or find those of an earlier time."""
    old = {wording(cell.value): cell.column for cell in sheet[row] if is_own_column(wording(cell.value))}
    columns = []
    for name, width in zip(OWN_COLUMNS, WIDTHS, strict=True):
        column = old.get(name, wide + 1)
        wide = max(wide, column)
        cell = sheet.cell(row, column)
        _set_text(cell, name)
        _colour(cell, HEAD)
        styles = import_module("openpyxl.styles")
        cell.font, cell.alignment = styles.Font(bold=True), styles.Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[import_module("openpyxl.utils").get_column_letter(column)].width = width
        columns.append(column)
    return columns


def _explain(sheet: Sheet, at: int, columns: list[int], *, row: int, faults: tuple[LostRow, ...]) -> None:
    wrapped = import_module("openpyxl.styles").Alignment(wrap_text=True, vertical="top")
    sheet.cell(at, columns[0]).value = row
    for column, text in zip(columns[1:], said(faults), strict=True):
        cell = sheet.cell(at, column)
        _set_text(cell, text)
        cell.alignment = wrapped


def _colour(cell: Any, colour: str) -> None:  # noqa: ANN401 (a cell of openpyxl)
    cell.fill = import_module("openpyxl.styles").PatternFill("solid", start_color=colour)


def _plain(sources: Sequence[Source], rejected: Sequence[Rows]) -> Any:  # noqa: ANN401 (a workbook of openpyxl)
    """Make a workbook of the values as they were read."""
    book = import_module("openpyxl").Workbook()
    book.remove(book.active)
    for number, (source, why) in enumerate(zip(sources, rejected, strict=True), 1):
        title = "".join(" " if c in "[]:*?/\\" else c for c in for_workbook(source.part))[:31] or f"Sheet{number}"
        sheet = book.create_sheet(title)
        names = [str(one) for one in source.cells.columns]
        kept = [at for at, name in enumerate(names) if not is_own_column(name)]
        for column, at in enumerate(kept, 1):
            _set_text(sheet.cell(1, column), names[at])
        own = _own_columns(sheet, 1, len(kept))
        place = {int(row): at for at, row in enumerate(source.rows)}
        for line, (row, faults) in enumerate(why.items(), 2):
            _explain(sheet, line, own, row=row, faults=faults)
            values = source.cells.iloc[place[row]].tolist() if row in place else [None] * len(names)
            wrong = {one.column for one in faults}
            for column, at in enumerate(kept, 1):
                _value(sheet.cell(line, column), values[at])
                if names[at] in wrong:
                    _colour(sheet.cell(line, column), FAULTY)
    return book


def _value(cell: Any, value: Any) -> None:  # noqa: ANN401 (a cell of openpyxl, a cell of a table)
    """Write a value as what it is; text stays text."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return
    if isinstance(value, str):
        _set_text(cell, value)
    else:
        cell.value = value.item() if isinstance(value, np.generic) else value
