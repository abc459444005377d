"""A look through an old XLS workbook (also WPS .et) before it is read.

Its stream "Workbook" is a row of records; those of cells begin with their row and column. The library gets
to see that stream only, in a file written anew. Source: [MS-XLS].
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from geo.text import Text
from layers.intake.tables.faults import over_limit, refuse
from layers.intake.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_SHEET_ROWS, MOST_SHEETS
from layers.intake.tables.ole_file import OleFile, written
from layers.intake.tables.sheet_scan import SheetFacts

_CELLS = frozenset({0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xD6, 0xFD, 0x03, 0x04, 0x05, 0x02})
_MULTIPLE = 0xBD
_CLAIMS, _IGNORED = frozenset({0x200, 0x00}), 0x0FFF
_BOF, _SHEET, _PASSWORD, _FORMULA, _ERROR = 0x809, 0x85, 0x2F, 0x06, 0x205
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class OldBook(NamedTuple):
    """An old workbook: its facts by sheet in their order, and the file to be read."""

    facts: list[SheetFacts]
    content: bytes


def open_old(content: bytes, file: str) -> OldBook:
    """Bound the sheets of an old workbook, find their error values, and write it anew.

    Raises:
        DataError: no workbook, damaged, with a password, or beyond the limits.
    """
    try:
        streams = OleFile(content)
        if "encryptedpackage" in streams.names:
            raise refuse(file, "book_password", Text("加密的工作簿", "an encrypted workbook"))
        book = streams.read("workbook") or streams.read("book")
        if not book:
            found = Text("不是表格的旧版 Office 文件", "an old Office file that is no workbook")
            raise refuse(file, "not_a_workbook", found)
        name = "Workbook" if "workbook" in streams.names else "Book"
        return OldBook(_scan(book, file), written(name, _without_claims(book)))
    except (struct.error, IndexError) as error:
        raise refuse(file, "book_damaged", Text("不完整的旧版工作簿", "an old workbook that is incomplete")) from error


class _Reach(NamedTuple):
    top: int = 1 << 16
    left: int = 1 << 16
    bottom: int = -1
    right: int = -1

    def widened(self, row: int, left: int, right: int) -> "_Reach":
        return _Reach(min(self.top, row), min(self.left, left), max(self.bottom, row), max(self.right, right))

    @property
    def cells(self) -> int:
        return 0 if self.bottom < 0 else (self.bottom - self.top + 1) * (self.right - self.left + 1)


def _records(book: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Give place, kind, beginning and length of each record."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield at, kind, at + 4, length
        at += 4 + length


def _scan(book: bytes, file: str) -> list[SheetFacts]:
    """Go through the records; a sheet's own begin where the list of sheets says."""
    order: dict[int, SheetFacts] = {}
    reaches: list[_Reach] = []
    facts = SheetFacts({}, {})
    for place, kind, at, length in _records(book):
        if kind == _SHEET:
            order[struct.unpack_from("<I", book, at)[0]] = SheetFacts({}, {})
            if len(order) > MOST_SHEETS:
                raise over_limit(file, MOST_SHEETS, "张工作表", "sheets")
        elif kind == _PASSWORD:
            raise refuse(file, "book_password", Text("有密码的工作簿", "a workbook with a password"))
        elif kind == _BOF:
            facts = order.get(place, facts)
            reaches.append(_Reach())
        elif kind in _CELLS and length >= 6 and reaches:  # noqa: PLR2004 (row, column, format)
            reaches[-1] = _cell(book, (kind, at, length), reaches[-1], facts)
            _check(reaches[-1], file)
    if sum(one.cells for one in reaches) > MOST_CELLS:
        raise over_limit(file, MOST_CELLS, "个单元格", "cells")
    return list(order.values())


def _cell(book: bytes, record: tuple[int, int, int], reach: _Reach, facts: SheetFacts) -> _Reach:
    """Take in the record of a cell, or of several in a row."""
    kind, at, length = record
    row, column = struct.unpack_from("<HH", book, at)
    last = struct.unpack_from("<H", book, at + length - 2)[0] if kind == _MULTIPLE else column
    error = _error(book, kind, at, length)
    if error:
        facts.errors[row, column] = error
    return reach.widened(row, column, max(last, column))


def _without_claims(book: bytes) -> bytes:
    """Hide the records that say how far a sheet reaches: room would be made for all that they claim."""
    changed = bytearray(book)
    for place, kind, _, _ in _records(book):
        if kind in _CLAIMS:
            struct.pack_into("<H", changed, place, _IGNORED)
    return bytes(changed)


def _check(reach: _Reach, file: str) -> None:
    if reach.bottom >= MOST_SHEET_ROWS:
        raise over_limit(file, MOST_SHEET_ROWS, "行", "rows")
    if reach.right >= MOST_COLUMNS:
        raise over_limit(file, MOST_COLUMNS, "列", "columns")


def _error(book: bytes, kind: int, at: int, length: int) -> str:
    """Give the error that a cell shows, nothing for any other value."""
    if kind == _ERROR and length >= 8 and book[at + 7]:  # noqa: PLR2004 (value and its kind)
        return _ERRORS.get(book[at + 6], "#N/A")
    if kind == _FORMULA and length >= 14 and book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2:  # noqa: PLR2004 (an error's mark)
        return _ERRORS.get(book[at + 8], "#N/A")
    return ""
