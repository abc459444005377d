"""How a text table is to be read, found in its first records: the separator, the heading, where the data begin."""

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from geo.errors import Problem
from geo.text import Text
from layers.intake.tables.delimited_exact import Record, records
from layers.intake.tables.faults import over_limit, refuse, table_problem
from layers.intake.tables.furniture import Furniture, heading_words
from layers.intake.tables.headings import Heading, find_heading, is_blank, title_facts, unique_names, wording
from layers.intake.tables.limits import MOST_COLUMNS

SEPARATORS = (",", ";", "\t", "|")
"""The separators that are tried, in the order that decides a tie."""
_SAMPLE = 80
_DECLARED = re.compile(rb"sep=(.)\r?\n?", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"\d,\d")
_MOSTLY = 0.9
_OTHER_FITS = 0.8


class Plan(NamedTuple):
    """How to read a text table.

    ``skip`` bytes stand before the first line of interest, whose number is ``first_line``. ``names``
    are unique; ``data_line`` is the first line under the heading. ``words`` are the rows of the heading
    and ``titles`` the words above it, as ``kind_of_row`` wants them.
    """

    separator: str
    skip: int
    first_line: int
    names: tuple[str, ...]
    data_line: int
    words: list[tuple[str, ...]]
    titles: tuple[str, ...]
    above: tuple[Furniture, ...]
    facts: dict[str, str]
    notes: list[Problem]


def make_plan(text: bytes, file: str, *, separator: str | None, header: int | None) -> Plan:
    """Find out how a text is to be read.

    Args:
        text: in UTF-8.
        file: the name for messages.
        separator: if it is known.
        header: line of the (last) heading row if it is known, 0 for a table without one.

    Raises:
        DataError: nothing to read, or more columns than the limit.
    """
    declared = _DECLARED.match(text[:16])
    skip, first_line = (declared.end(), 2) if declared else (0, 1)
    body = text[skip:] if skip else text
    sign = separator or (declared[1].decode("latin-1") if declared else _separator(body))
    sound = [one for one in islice(records(body, sign, first=first_line), _SAMPLE) if not one.fault]
    if not sound:
        raise refuse(file, "table_empty", Text("没有可读的行", "no row that can be read"))
    rows = [one.cells for one in sound]
    heading = find_heading(rows, given=_given(sound, header, file))
    width = _width(rows, heading)
    if width > MOST_COLUMNS:
        raise over_limit(file, MOST_COLUMNS, "列", "columns")
    names, notes = _names(heading, width, file)
    above = tuple(Furniture("title", one.line, tuple(one.cells)) for one in sound[: max(heading.first, 0)])
    titles = tuple(word for one in above for cell in one.cells if (word := wording(cell)))
    data_line = sound[heading.last].line + 1 if heading.last >= 0 else first_line
    lines = [sound[at].line for at in (heading.first, heading.last)] if heading.last >= 0 else []
    facts = title_facts(one.cells for one in above) | {"separator": sign, "header_rows": _lines(lines)}
    if not heading.sure:
        notes.insert(0, _unsure(file, lines, None if heading.rival is None else sound[heading.rival].line))
    words = heading_words(rows, heading)
    return Plan(sign, skip, first_line, names, data_line, words, titles, above, facts, notes)


def _separator(text: bytes) -> str:
    """Choose the separator by which the most records have the same number of cells, two or more."""
    fits = {sign: _fit(text, sign) for sign in SEPARATORS}
    commas = fits[","]
    if commas[0] and any(fits[sign][0] >= _OTHER_FITS for sign in SEPARATORS[1:]):
        sample = text[: 1 << 16].decode("utf-8", "replace")
        if len(_BETWEEN_DIGITS.findall(sample)) >= _MOSTLY * sample.count(","):
            del fits[","]  # decimal commas
    best = max(fits, key=lambda sign: (*fits[sign], -SEPARATORS.index(sign)))
    return best if fits[best][0] else ","


def _fit(text: bytes, sign: str) -> tuple[float, int]:
    """Give the share of records that have the usual number of cells, 0 if that is one, and the number."""
    counts = Counter(len(one.cells) for one in islice(records(text, sign), _SAMPLE))
    several = {count: many for count, many in counts.items() if count > 1}
    if not several:
        return 0.0, 1
    usual = max(several, key=lambda count: (several[count], count))
    return several[usual] / counts.total(), usual


def _given(sound: list[Record], header: int | None, file: str) -> int | None:
    if header is None or header == 0:
        return None if header is None else -1
    at = next((at for at, one in enumerate(sound) if one.line == header), None)
    if at is None:
        found = Text(f"第 {header} 行不是前 {_SAMPLE} 行之一", f"line {header} is none of the first {_SAMPLE} rows")
        raise refuse(file, "table_empty", found)
    return at


def _width(rows: list[list[str]], heading: Heading) -> int:
    """Count the columns; blank headings at the end count only if something stands under them."""
    if heading.last < 0:
        return Counter(len(row) for row in rows).most_common(1)[0][0]
    width = max(len(rows[at]) for at in range(heading.first, heading.last + 1))
    under = rows[heading.last + 1 :]
    while (
        width > 1 and not heading.names[width - 1] and not any(not is_blank(c) for r in under for c in r[width - 1 :])
    ):
        width -= 1
    return width


def _names(heading: Heading, width: int, file: str) -> tuple[tuple[str, ...], list[Problem]]:
    given = [name.removeprefix("\ufeff") for name in (*heading.names, *[""] * width)[:width]]
    names, repeated, missing = unique_names(given, [f"列{at + 1}" for at in range(width)])
    return names, heading_notes(file, repeated, missing)


def heading_notes(file: str, repeated: list[str], missing: list[str]) -> list[Problem]:
    """Tell headings that had to be made up or made unique."""
    pairs = (("heading_repeated", repeated), ("heading_missing", missing))
    return [table_problem(code, file, found=names_listed(names)) for code, names in pairs if names]


def names_listed(names: list[str]) -> Text:
    """List headings."""
    return Text("、".join(names), ", ".join(names))


def _lines(lines: list[int]) -> str:
    return "-".join(str(line) for line in dict.fromkeys(lines)) if lines else "0"


def _unsure(file: str, lines: list[int], rival: int | None) -> Problem:
    return unsure_note(file, _lines(lines), rival, lines[-1] if lines else None)


def unsure_note(file: str, rows: str, rival: int | None, row: int | None) -> Problem:
    """Ask whether the heading is the right one: which row was taken, and which other might be it."""
    found = Text(f"以第 {rows} 行为表头", f"row {rows} taken as the heading")
    if rival is not None:
        found = Text(f"{found.zh}，第 {rival} 行也可能是", f"{found.en}, row {rival} might be it too")
    return table_problem("header_unsure", file, found=found, row=row)
