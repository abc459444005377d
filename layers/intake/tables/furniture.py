"""Rows of a table that are no data: totals, notes, headings said again, blank rows; and whether totals fit."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from geo.errors import Problem
from geo.text import Text
from layers.intake.tables.faults import row_list, table_problem, with_words
from layers.intake.tables.headings import Heading, is_blank, is_words, wording

_SPACE = re.compile(r"\s+")
_TOTAL = re.compile(
    r"(?:.{0,12}?)(?P<word>合计|总计|共计|累计|小计|总合计)(?:[(（].{0,10}[)）])?[:：]?(?P<count>\d{1,9})?(?:条|件|个|处|项|户|起|宗|行)?[。.]?"
    r"|(?P<english>grand ?total|sub-?total|total)s?:?(?P<number>\d{1,9})?",
    re.IGNORECASE,
)
_PART = re.compile(r"小计|sub-?total|累计", re.IGNORECASE)
_NOTE = re.compile(
    r"\s*(注\s*\d*\s*[:：.、]|备注\s*[:：]|说明\s*[:：]|附注|填表说明|填报说明|(填表|填报|制表|制单|审核|复核|负责)人?\s*(签字|签名|单位|日期|时间)?\s*[:：]"
    r"|数据来源\s*[:：]|资料来源\s*[:：]|note[s]?\s*[:：]|source[s]?\s*[:：]|\*\s*注)",
    re.IGNORECASE,
)
_TAIL = 60
_LEAST_WIDTH = 3
_NOTE_CELLS = 4
PREFILTER = (
    r"(?is)^\s*$|^.{0,24}(?:计|total).{0,14}$"
    r"|^\s*(?:注|备\s*注|说明|附注|填|制|审|复核|负责|数据来源|资料来源|notes?\s*[:：]|sources?\s*[:：]|\*)"
)
"""A pattern that the first cell of any total or note matches, for a fast search in large tables."""
_SUSPECT = re.compile(PREFILTER)


class Furniture(NamedTuple):
    """Rows that are no data, by kind: "blank", "total", "note", "header", "title"; each with its row number."""

    kind: str
    row: int
    cells: tuple[object, ...]


def kind_of_row(cells: Sequence[object], heading: Sequence[tuple[str, ...]], titles: Sequence[str]) -> str:
    """Say what a row under a heading is: "" for data, "blank", "total", "note", "header" or "title".

    Args:
        cells: of the row.
        heading: the rows of the heading as words.
        titles: the first words of the rows above the heading.
    """
    first = next((cell for cell in cells if not is_blank(cell)), None)
    if first is None:
        return "blank"
    if not isinstance(first, str):
        return ""
    text = _SPACE.sub("", first)
    if _TOTAL.fullmatch(text):
        return "total"
    filled = sum(not is_blank(cell) for cell in cells)
    if _NOTE.match(first) and filled <= _NOTE_CELLS and (len(cells) > 1):
        return "note"
    if any(words and wording(first) in words and _says(cells, words) for words in heading):
        return "header"
    return "title" if filled == 1 and len(cells) > 1 and wording(first) in titles else ""


class RowKinds:
    """``kind_of_row`` for many rows: most are told to be data by a glance at their first cell."""

    def __init__(self, heading: Sequence[Sequence[object]], titles: Sequence[str]) -> None:
        self.words = [tuple(wording(cell) for cell in row) for row in heading]
        self.titles = titles
        raw = {cell.strip() for row in heading for cell in row if isinstance(cell, str)}
        self.known = raw.union(titles, *self.words)

    def __call__(self, cells: Sequence[object]) -> str:
        """Say what a row is."""
        for cell in cells:
            if cell is None or cell == "":
                continue
            if not isinstance(cell, str):
                return ""
            text = cell.strip()
            if text:
                suspect = text in self.known or _SUSPECT.match(text) is not None
                return kind_of_row(cells, self.words, self.titles) if suspect else ""
        return "blank"


def _says(cells: Sequence[object], words: Sequence[str]) -> bool:
    """Tell whether a row repeats a row of the heading; cells that are blank in either do not count."""
    pairs = [(wording(cell), word) for cell, word in zip(cells, words, strict=False) if word]
    extra = any(not is_blank(cell) and not word for cell, word in zip(cells, words, strict=False))
    return not extra and len(pairs) > 1 and all(found == word for found, word in pairs)


def closing_notes(tail: Sequence[tuple[int, Sequence[object], str]], across: frozenset[int]) -> set[int]:
    """Find remarks under a table: words alone at the left, after a total, a note or a blank row, or merged across.

    Args:
        tail: the last rows with number, cells and kind (``kind_of_row``).
        across: numbers of rows in which one cell is merged over half of the table.
    """
    found: set[int] = set()
    waiting: list[int] = []
    for row, cells, kind in reversed(tail[-_TAIL:]):
        filled = [cell for cell in cells if not is_blank(cell)]
        if kind:
            found |= set(waiting) if kind in {"blank", "total", "note"} else set()
            waiting = []
        elif len(filled) == 1 and is_words(filled[0]) and filled[0] in cells[:2] and len(cells) >= _LEAST_WIDTH:
            if row in across:
                found |= {row, *waiting}
                waiting = []
            else:
                waiting.append(row)
        else:
            break
    return found


def furniture_notes(
    rows: Sequence[Furniture], file: str, *, kept: int, sums: Iterable[float | None] = ()
) -> list[Problem]:
    """Tell the rows that were left out, and totals that do not fit the rows that are there.

    Args:
        rows: what was left out.
        file: the name for messages.
        kept: data rows of the table, the lost ones too.
        sums: by column, the sum of its numbers, None where it has none.
    """
    notes = []
    kinds = (("title", "title_rows"), ("header", "repeated_header"), ("total", "total_rows"), ("note", "note_rows"))
    for kind, code in (*kinds, ("blank", "blank_rows")):
        group = [one for one in rows if one.kind == kind]
        if group:
            first = next((wording(cell) for cell in group[0].cells if not is_blank(cell)), "")
            found = with_words(row_list(one.row for one in group), first[:_TAIL])
            notes.append(table_problem(code, file, found=found, row=group[0].row))
    return notes + _total_notes([one for one in rows if one.kind == "total"], file, kept=kept, sums=list(sums))


def _total_notes(totals: list[Furniture], file: str, *, kept: int, sums: list[float | None]) -> list[Problem]:
    whole = [one for one in totals if not _PART.search(_SPACE.sub("", _first(one)))]
    if len(whole) != 1:  # totals of parts of the table fit only their parts
        return []
    stated = stated_counts(whole[0].cells, sums)
    if not stated or kept in stated:
        return []
    said = "、".join(f"{number:,}" for number in stated)
    found = Text(f"合计写 {said}，表中有 {kept:,} 行", f"a total of {said.replace('、', ' or ')} over {kept:,} rows")
    return [table_problem("total_differs", file, found=found, row=whole[0].row)]


def _first(row: Furniture) -> str:
    return next((str(cell) for cell in row.cells if not is_blank(cell)), "")


def stated_counts(cells: Sequence[object], sums: Sequence[float | None]) -> list[int]:
    """Give the numbers of a total row that may count rows: whole, and not the sum of their own column."""
    counts = []
    for place, cell in enumerate(cells):
        number = _number(cell)
        if number is None or not number.is_integer() or number < 0:
            continue
        column = sums[place] if place < len(sums) else None
        if column is None or abs(column - number) > 1e-6 * max(1.0, abs(number)):
            counts.append(int(number))
    return counts


def _number(cell: object) -> float | None:
    if isinstance(cell, bool) or is_blank(cell):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = _SPACE.sub("", str(cell)).replace(",", "").replace("，", "")
    found = _TOTAL.fullmatch(text)
    if found:
        text = found["count"] or found["number"] or ""
    plain = re.fullmatch(r"(\d{1,12}(?:\.\d+)?)(?:条|件|个|处|项|户|起|宗|行)?", text)
    return float(plain[1]) if plain else None


def heading_words(rows: Sequence[Sequence[object]], heading: Heading) -> list[tuple[str, ...]]:
    """Give the rows of a heading as words, as ``kind_of_row`` wants them."""
    return [tuple(wording(cell) for cell in rows[at]) for at in range(max(heading.first, 0), heading.last + 1)]
