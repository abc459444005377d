"""A look through the XML of a sheet before it is read: how far it reaches, and which cells a reader would lose.

Nearly all sheets are written in one plain form, which a few searches of bytes prove to be within the
limits and free of formulas. Any other goes through a parser, cell by cell.
"""

import re
from typing import NamedTuple
from xml.parsers import expat

import numpy as np

from geo.text import Text
from layers.intake.tables.faults import over_limit, refuse
from layers.intake.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_MERGED, MOST_SHEET_ROWS, MOST_TEXT

Cell = tuple[int, int]
"""Row and column, from 0."""

# A cell that names no place within the rows and columns, is an error, or is written in another way.
_CELL = rb'<c(?=[\s/>])(?! r="(?:[A-Z]|%s)(?:%s)"(?: s="\d+")?(?: t="(?:s|n|b|str|inlineStr)")? ?/?>)'
_ODD_IN_LONG = re.compile(_CELL % (rb"A[A-D]", rb"1\d{5}|200000|[1-9]\d{0,4}"))
"""Within 200,000 rows and 30 columns, which is ``MOST_CELLS``."""
_ODD_IN_WIDE = re.compile(_CELL % (rb"[A-F][A-Z]|G[A-R]", rb"30000|[12]\d{4}|[1-9]\d{0,3}"))
"""Within 30,000 rows and 200 columns (GR is the 200th), which is as many."""
_PREFIXED = re.compile(rb":(?:c|row|f|v|sheetData)[\s/>]")
_FORMULA = re.compile(rb"<f[\s/>]")
_SHARED = re.compile(rb"t=\"s\"[^>]*>\s*<v>(\d{1,9})</v>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")
_ITEM = re.compile(rb"<(?:\w+:)?si[\s/>]")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
MOST_STATED = 10**9
"""More rows or columns than any limit allows."""
_MOST_ELEMENTS = 2 * MOST_CELLS


class SheetFacts(NamedTuple):
    """Cells that a reader of values would lose: ``formulas`` without a result and ``errors`` such as #N/A."""

    formulas: dict[Cell, str]
    errors: dict[Cell, str]


def scan_sheet(content: bytes, strings: bytes, file: str) -> SheetFacts:
    """Look through the XML of one sheet.

    Args:
        content: the sheet.
        strings: the shared texts of the workbook.
        file: the name for messages.

    Raises:
        DataError: beyond the limits, or no sound XML.
    """
    _check_texts(content, strings, file)
    begin, end = content.find(b"<sheetData"), content.rfind(b"</sheetData")
    merged = (len(_MERGED.findall(content[: max(begin, 0)])), len(_MERGED.findall(content[max(end, 0) :])))
    if sum(merged) > MOST_MERGED:
        raise over_limit(file, MOST_MERGED, "处合并单元格", "merged ranges")
    plain = not (
        content.find(b"<sheetData", begin + 1) > 0
        or _FORMULA.search(content)
        or (_ODD_IN_LONG.search(content) and _ODD_IN_WIDE.search(content))
        or _PREFIXED.search(content)
    )
    return SheetFacts({}, {}) if plain else _Scanner(file).run(content)


def _check_texts(content: bytes, strings: bytes, file: str) -> None:
    """Refuse a sheet whose shared texts, written out in every cell that shows them, are too long."""
    if not strings:
        return
    cells = content.count(b'"s"') + content.count(b"'s'")
    starts = np.array([one.start() for one in _ITEM.finditer(strings)] + [len(strings)], dtype=np.int64)
    lengths = np.diff(starts)
    longest = int(lengths.max(initial=0))
    if cells * longest <= MOST_TEXT:
        return
    places = np.array(_SHARED.findall(content), dtype="S9").astype(np.int64)
    known = places[places < len(lengths)]
    total = int(np.bincount(known, minlength=len(lengths)) @ lengths) + max(cells - len(known), 0) * longest
    if total > MOST_TEXT:
        raise over_limit(file, MOST_TEXT // 2**20, "MB 文字", "MB of text")


class _Scanner:
    """Goes through a sheet cell by cell, as its program would place them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.facts = SheetFacts({}, {})
        self.row = self.column = -1
        self.bottom = self.right = 0
        self.top, self.left = MOST_SHEET_ROWS, MOST_COLUMNS
        self.elements = self.tables = 0
        self.kind = ""
        self.formula: str | None = None
        self.value: str | None = None
        self.inside = ""

    def run(self, content: bytes) -> SheetFacts:
        """Parse the whole sheet."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(content, True)  # noqa: FBT003 (its only form)
        except expat.ExpatError as error:
            raise refuse(self.file, "book_damaged", Text("损坏的工作表", "a damaged sheet")) from error
        return self.facts

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        match name.rpartition(":")[2]:
            case "c":
                self._begin_cell(attributes)
            case "row":
                self._begin_row(attributes)
            case "f":
                self.formula, self.inside = "", "f"
            case "v" | "t":
                self.value, self.inside = self.value or "", "v"
            case "sheetData":
                self.tables += 1
                if self.tables > 1:
                    raise refuse(self.file, "book_damaged", Text("一张表写了两次", "a sheet that is written twice"))

    def end(self, name: str) -> None:
        """End an element."""
        self.inside = ""
        if name.rpartition(":")[2] == "c":
            self._end_cell()

    def text(self, words: str) -> None:
        """Take the words of a formula or value."""
        if self.inside == "f":
            self.formula = (self.formula or "") + words
        elif self.inside == "v":
            self.value = (self.value or "") + words

    def _count(self) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise over_limit(self.file, _MOST_ELEMENTS, "个单元格", "cells")

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._count()
        stated = attributes.get("r")
        self.row = self.row + 1 if stated is None else number_stated(stated, 1) - 1
        self.column = -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._count()
        self.kind, self.formula, self.value = attributes.get("t", ""), None, None
        place = attributes.get("r")
        if place is None:
            self.column += 1
            return
        found = _PLACE.fullmatch(place)
        if found is None:
            said = Text(f"位置为“{place[:20]}”的单元格", f"a cell at “{place[:20]}”")
            raise refuse(self.file, "book_damaged", said)
        self.row, self.column = int(found[2]) - 1, column_number(found[1]) - 1

    def _end_cell(self) -> None:
        if self.value is None and self.formula is None:
            return
        if self.row >= MOST_SHEET_ROWS:
            raise over_limit(self.file, MOST_SHEET_ROWS, "行", "rows")
        if self.column >= MOST_COLUMNS:
            raise over_limit(self.file, MOST_COLUMNS, "列", "columns")
        self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
        self.left, self.right = min(self.left, self.column), max(self.right, self.column)
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > MOST_CELLS:
            raise over_limit(self.file, MOST_CELLS, "个单元格", "cells")
        if self.kind == "e":
            self.facts.errors[self.row, self.column] = self.value or ""
        elif self.formula is not None and not self.value and not (self.kind == "str" and self.value is not None):
            self.facts.formulas[self.row, self.column] = self.formula


def number_stated(stated: str, other: int) -> int:
    """Read a number of rows or columns, at most ``MOST_STATED``; ``other`` for what is none."""
    digits = stated.strip().removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        return other
    return int(digits) if len(digits) < len(str(MOST_STATED)) else MOST_STATED


def column_number(letters: str) -> int:
    """Give the number, from 1, of a column named by letters: AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Name a column by letters, as spreadsheets do: 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
