"""The exact, slower way through a text table: every line is accounted for, broken ones by themselves.

A record that cannot be read (a quote without an end, words after a closing quote) costs only its first
line: reading goes on with the next line. In the lines that the broken record had swallowed a stray quote
costs its line too, because there nobody can say which quotes belong together.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from layers.intake.tables.limits import MOST_BROKEN_QUOTES

_NO_CHARACTER = re.compile("[\udc80-\udcff]")
_QUOTE = '"'


class Record(NamedTuple):
    """One record: its first line, its cells, and the code of a fault ("" if sound)."""

    line: int
    cells: list[str]
    fault: str = ""


class TooManyFaultsError(ValueError):
    """More broken quotes than can be listed: the text is no table of this kind."""


class _Lines:
    """Lines of a text with their ends, that can be read again from an earlier one."""

    def __init__(self, content: bytes, first: int) -> None:
        self._more = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="surrogateescape", newline="")
        self._again: list[str] = []
        self._taken: list[str] = []
        self.number = first

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._more.readline()
        if not line:
            raise StopIteration
        self._taken.append(line)
        self.number += 1
        return line

    def settle(self) -> list[str]:
        """Give the lines taken since the last settlement; they will not be read again."""
        taken, self._taken = self._taken, []
        return taken

    def back_to_second(self) -> int:
        """Put back all lines taken but the first; give the number of the line up to which they reach."""
        reached = self.number
        rest = self.settle()[1:]
        self._again.extend(reversed(rest))
        self.number = reached - len(rest)
        return reached


def records(content: bytes, separator: str, *, first: int = 1) -> Iterator[Record]:
    """Read the records of a text in UTF-8, blank lines left out.

    Args:
        content: the text; bytes that are no character become surrogates.
        separator: between cells.
        first: number of the first line.

    Raises:
        TooManyFaultsError: see there.
    """
    lines = _Lines(content, first)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    unsafe_until = faults = 0
    while True:
        start = lines.number
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults += 1
            if faults > MOST_BROKEN_QUOTES:
                raise TooManyFaultsError from error
            code = "cell_too_long" if "limit" in str(error) else "open_quote"
            unsafe_until = max(unsafe_until, lines.back_to_second())
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield Record(start, [], code)
            continue
        if cells is None:
            return
        taken = lines.settle()
        if cells and start < unsafe_until and _stray(taken, cells):
            yield Record(start, cells, "open_quote")
        elif cells:
            yield Record(start, cells, _fault(taken))


def _stray(taken: list[str], cells: list[str]) -> bool:
    """Tell whether a record has a quote that is no part of its form."""
    return any(_QUOTE in line for line in taken) and any(_QUOTE in cell for cell in cells)


def _fault(taken: list[str]) -> str:
    for line in taken:
        if "\0" in line:
            return "nul_character"
        if not line.isascii() and _NO_CHARACTER.search(line):
            return "bad_bytes"
    return ""
