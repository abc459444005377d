"""A look through an ODS workbook before it is read: how far its sheets reach, what is merged, what has no value."""

from typing import NamedTuple
from xml.parsers import expat

from geo.text import Text
from layers.intake.tables.faults import over_limit, refuse
from layers.intake.tables.headings import Merge
from layers.intake.tables.limits import MOST_CELLS, MOST_COLUMNS, MOST_MERGED, MOST_SHEET_ROWS, MOST_SHEETS, MOST_TEXT
from layers.intake.tables.sheet_scan import SheetFacts, number_stated

_MOST_ELEMENTS = 2 * MOST_CELLS


class OdsSheet(NamedTuple):
    """A sheet of an ODS workbook."""

    name: str
    hidden: bool
    facts: SheetFacts
    merges: list[Merge]


def ods_sheets(content: bytes, file: str) -> list[OdsSheet]:
    """Look through the content of an ODS workbook.

    Raises:
        DataError: beyond the limits, or no sound XML.
    """
    scanner = _Scanner(file)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = scanner.start, scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        parser.Parse(content, True)  # noqa: FBT003 (its only form)
    except expat.ExpatError as error:
        raise refuse(file, "book_damaged", Text("损坏的内容", "damaged content")) from error
    return scanner.sheets


class _Scanner:
    """Goes through the tables cell by cell; what is repeated counts as often as it is repeated."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[OdsSheet] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.depth = 0
        self.row = self.rows = self.column = self.columns = 0
        self.texts = self.length = self.elements = 0
        self.bounds = (MOST_SHEET_ROWS, MOST_COLUMNS, 0, 0)
        self.cell: dict[str, str] = {}
        self.words: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        match name:
            case "style:style":
                self.style = attributes.get("style:name", "")
            case "style:table-properties" if attributes.get("table:display") == "false":
                self.hidden_styles.add(self.style)
            case "table:table":
                self._begin_table(attributes)
            case "table:table-row":
                self._count()
                self.rows, self.column = _repeated(attributes, "table:number-rows-repeated"), 0
            case "table:table-cell" | "table:covered-table-cell":
                self._count()
                self.columns = _repeated(attributes, "table:number-columns-repeated")
                self.cell, self.words, self.length = attributes, [], 0

    def end(self, name: str) -> None:
        """End an element."""
        match name:
            case "table:table":
                self.depth -= 1
            case "table:table-row":
                self.row += self.rows
            case "table:table-cell" | "table:covered-table-cell":
                self._end_cell(covered=name.endswith("covered-table-cell"))
                self.column += self.columns
                self.cell = {}

    def text(self, words: str) -> None:
        """Take the words of a cell."""
        if self.cell or self.columns:
            self.length += len(words)
            if len(self.words) < 8:  # noqa: PLR2004 (only the word of an error is wanted)
                self.words.append(words)

    def _count(self) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise over_limit(self.file, _MOST_ELEMENTS, "个单元格", "cells")

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > 1:
            raise refuse(self.file, "book_damaged", Text("表中有表", "a table within a table"))
        if len(self.sheets) >= MOST_SHEETS:
            raise over_limit(self.file, MOST_SHEETS, "张工作表", "sheets")
        hidden = attributes.get("table:style-name", "") in self.hidden_styles
        self.sheets.append(OdsSheet(attributes.get("table:name", ""), hidden, SheetFacts({}, {}), []))
        self.row, self.bounds = 0, (MOST_SHEET_ROWS, MOST_COLUMNS, 0, 0)

    def _end_cell(self, *, covered: bool) -> None:
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        formula = self.cell.get("table:formula", "")
        valued = "office:value-type" in self.cell or self.length > 0
        if not covered:
            self._note_merge(sheet)
        if not valued and not formula:
            return
        self._reach()
        self.texts += self.length * self.rows * self.columns
        if self.texts > MOST_TEXT:
            raise over_limit(self.file, MOST_TEXT // 2**20, "MB 文字", "MB of text")
        if self.cell.get("calcext:value-type") == "error":
            sheet.facts.errors[self.row, self.column] = "".join(self.words).strip()
        elif formula and not valued:
            sheet.facts.formulas[self.row, self.column] = formula.removeprefix("of:=")

    def _note_merge(self, sheet: OdsSheet) -> None:
        down = _repeated(self.cell, "table:number-rows-spanned")
        across = _repeated(self.cell, "table:number-columns-spanned")
        if down * across > 1:
            sheet.merges.append(Merge(self.row, self.column, self.row + down - 1, self.column + across - 1))
            if len(sheet.merges) > MOST_MERGED:
                raise over_limit(self.file, MOST_MERGED, "处合并单元格", "merged ranges")

    def _reach(self) -> None:
        """Widen the rectangle around all that the sheet holds by the cell at hand."""
        top, left, bottom, right = self.bounds
        last_row, last_column = self.row + self.rows, self.column + self.columns
        if last_row > MOST_SHEET_ROWS:
            raise over_limit(self.file, MOST_SHEET_ROWS, "行", "rows")
        if last_column > MOST_COLUMNS:
            raise over_limit(self.file, MOST_COLUMNS, "列", "columns")
        self.bounds = (min(top, self.row), min(left, self.column), max(bottom, last_row), max(right, last_column))
        top, left, bottom, right = self.bounds
        if (bottom - top) * (right - left) > MOST_CELLS:
            raise over_limit(self.file, MOST_CELLS, "个单元格", "cells")


def _repeated(attributes: dict[str, str], name: str) -> int:
    return max(number_stated(attributes.get(name, "1"), 1), 1)
