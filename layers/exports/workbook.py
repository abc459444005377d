"""XLSX with real dates and numbers, text that stays text, and a second sheet that says what each column is."""

import re
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.files import whole_file
from geo.text import Text
from layers.exports.archive import settled
from layers.exports.cells import cut_units, for_workbook
from layers.exports.csv_table import placed
from layers.exports.faults import note, rows_noted
from layers.exports.outgoing import Column, Exported, Outgoing
from layers.exports.worded import headings, worded
from layers.intake.mapping.targets import DAY_ENDS

ROWS, COLUMNS = 1_048_575, 16_384
"""Most rows of data and columns of a sheet."""
LONGEST = 32_767
"""UTF-16 units that a cell holds."""
EXACT = 10**15
"""Whole numbers from here lose digits in a spreadsheet."""
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 (spreadsheets keep local time; they count a 29 February 1900 that never was)
DAY, TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
WIDEST, NARROWEST, LOOKED_AT = 48, 8, 200
FIELDS = Text("字段", "Fields")
CRS = Text("坐标系", "coordinate system")
HEAD = (
    Text("列名", "Column"),
    Text("原名", "Name"),
    Text("单位", "Unit"),
    Text("说明", "About"),
    Text("取值", "Values"),
)
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_TITLE = 31


def write_workbook(out: Outgoing, path: Path, lang: str) -> Exported:
    """Write a table as a workbook in one language ("zh" or "en").

    Raises:
        DataError: more rows or columns than a sheet holds.
    """
    flat = placed(out, path.name, outlines=False)
    if len(flat.table) > ROWS or len(flat.columns) > COLUMNS:
        found = Text(
            f"{len(flat.table):,} 行、{len(flat.columns):,} 列",
            f"{len(flat.table):,} rows of {len(flat.columns):,} columns",
        )
        raise DataError([note("export_too_large", path.name, found)])
    cells = [_cells(worded(flat, one, lang), one.name, path.name) for one in flat.columns]
    with whole_file(path) as whole:  # outside of it there would be an unfinished workbook if there is no such place
        book = import_module("openpyxl").Workbook(write_only=True)
        sheet = book.create_sheet(_NO_TITLE.sub(" ", out.title.in_(lang))[:_TITLE])
        _fill(sheet, headings(flat.columns, lang), [values for values, _ in cells])
        _describe(book.create_sheet(FIELDS.in_(lang)), flat, lang, "" if not out.spatial else out.shaped.crs.name)
        raw = whole.with_name("raw.xlsx")
        book.save(raw)
        settled(raw, whole)
    return Exported((path,), (*flat.notes, *(told for _, notes in cells for told in notes)))


def _fill(sheet: Any, head: list[str], columns: list[list[Any]]) -> None:  # noqa: ANN401 (a sheet of openpyxl)
    letter = import_module("openpyxl.utils").get_column_letter
    bold = import_module("openpyxl.styles").Font(bold=True)
    sheet.freeze_panes = "B2"
    for n, (title, values) in enumerate(zip(head, columns, strict=True), 1):
        widths = [_width(str(one)) for one in [title, *values[:LOOKED_AT]] if one is not None]
        sheet.column_dimensions[letter(n)].width = min(WIDEST, max(NARROWEST, *widths) + 2)
    sheet.auto_filter.ref = f"A1:{letter(len(head))}{len(columns[0]) + 1}"
    titles = [text_cell(sheet, title) for title in head]
    for one in titles:
        one.font = bold
    sheet.append(titles)
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) for value in row])


def _width(text: str) -> int:
    """Count columns of letters; Chinese characters take two."""
    line = max(text.split("\n"), key=len)
    return sum(2 if ord(c) > 0x2E7F else 1 for c in line)  # noqa: PLR2004 (where East Asian letters begin)


def _cell(sheet: Any, value: Any) -> Any:  # noqa: ANN401 (a value or a cell of openpyxl)
    """Give a value as it stands or, where it needs a form of its own, in a cell."""
    if isinstance(value, str):
        return text_cell(sheet, value) if value[:1] in {"=", "#", "+", "-", "@"} else value
    if isinstance(value, datetime):
        cell = _free_cell()(sheet, value)
        cell.number_format = DAY if _is_day(value) else TIME
        return cell
    return value


def _is_day(moment: datetime) -> bool:
    """Tell whether a moment is midnight, which a spreadsheet cannot tell from a day without a time."""
    return moment == datetime.combine(moment, datetime.min.time())


@cache
def _free_cell() -> Any:  # noqa: ANN401 (a class of openpyxl)
    return import_module("openpyxl.cell").WriteOnlyCell


def text_cell(sheet: Any, text: str) -> Any:  # noqa: ANN401 (a cell of openpyxl)
    """Give a cell that is text whatever it looks like, also after somebody edits it."""
    cell = _free_cell()(sheet, text)
    as_text(cell)
    return cell


def as_text(cell: Any) -> None:  # noqa: ANN401 (a cell of openpyxl)
    """Make the value of a cell text; openpyxl takes ``=...`` for a formula and ``#N/A`` for an error."""
    cell.data_type = "s"
    if cell.value[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = 1


def _cells(series: pd.Series, name: str, file: str) -> tuple[list[Any], list[Problem]]:
    """Give a column as values that a sheet can hold, None where there is nothing."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        times = [None if pd.isna(one) else one.to_pydatetime(warn=False) for one in series]
        worded = [one is not None and (one < FIRST_DAY or (name in DAY_ENDS and _is_day(one))) for one in times]
        cells = [one.isoformat(" ") if text and one else one for one, text in zip(times, worded, strict=True)]
        return cells, [*rows_noted("export_as_text", file, sum(worded), column=name)]
    if pd.api.types.is_numeric_dtype(series.dtype):
        numbers = list(series.astype(object).where(series.notna(), None))
        large = sum(isinstance(one, (int, np.integer)) and abs(int(one)) >= EXACT for one in numbers)
        if large:
            numbers = [
                str(one) if isinstance(one, (int, np.integer)) and abs(int(one)) >= EXACT else one for one in numbers
            ]
        return numbers, [*rows_noted("export_as_text", file, large, column=name)]
    return _texts(series, name, file)


def _texts(series: pd.Series, name: str, file: str) -> tuple[list[Any], list[Problem]]:
    given = [None if pd.isna(one) else str(one) for one in series]
    clean = [None if one is None else for_workbook(one) for one in given]
    short = [None if one is None else cut_units(one, LONGEST) for one in clean]
    lost = sum(
        a is not None and b is not None and a.count("\ufffd") != b.count("\ufffd")
        for a, b in zip(given, clean, strict=True)
    )
    long = sum(a != b for a, b in zip(clean, short, strict=True))
    notes = rows_noted("export_characters", file, lost, column=name) + rows_noted("export_cut", file, long, column=name)
    return short, list(notes)


def _describe(sheet: Any, out: Outgoing, lang: str, crs: str) -> None:  # noqa: ANN401 (a sheet of openpyxl)
    """Say what each column is, and where the coordinates belong."""
    for column, width in zip("ABCDE", (24, 22, 12, 40, 60), strict=True):
        sheet.column_dimensions[column].width = width
    rows: list[tuple[str, ...]] = [tuple(one.in_(lang) for one in HEAD)]
    for title, one in zip(headings(out.columns, lang), out.columns, strict=True):
        rows.append((title, one.name, *_said(one, lang)))
    rows += [(), (CRS.in_(lang), crs)] if crs else []
    for row in rows:
        sheet.append([text_cell(sheet, for_workbook(text)) for text in row])


def _said(column: Column, lang: str) -> tuple[str, str, str]:
    codes = "; ".join(f"{code} = {words.in_(lang)}" for code, words in column.codes.items())
    unit, about = (one.in_(lang) if one else "" for one in (column.unit, column.about))
    return unit, about, cut_units(codes, LONGEST)
