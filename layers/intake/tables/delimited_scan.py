"""A look at all bytes of a text table: may the fast reader have it, and on which line does each record begin."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_STEP = 1 << 22
_QUOTE, _NEW_LINE, _RETURN = 34, 10, 13


class Scan(NamedTuple):
    """What was seen.

    ``plain``: every quote opens or closes a cell or is doubled inside one, there is no NUL: any reader
    reads the same. ``lines``: number of the first line of each record, blank lines left out.
    ``offsets``: where the first records begin. ``broken_lines``: some cell has more than one line.
    """

    plain: bool
    lines: NDArray[np.int32]
    offsets: NDArray[np.int64]
    broken_lines: bool


_NOT_PLAIN = Scan(plain=False, lines=np.empty(0, np.int32), offsets=np.empty(0, np.int64), broken_lines=False)


def scan(content: bytes, separator: str, *, first: int = 1, keep: int = 100) -> Scan:
    """Look at a text in an encoding in which ASCII stands for itself.

    Args:
        content: the text without a byte order mark.
        separator: one ASCII character.
        first: number of the first line.
        keep: how many offsets to give.
    """
    data = np.frombuffer(content, np.uint8)
    if b"\0" in content:
        return _NOT_PLAIN
    returns = b"\r" in content and content.count(b"\r") > content.count(b"\r\n")
    begin = begin_line = quotes = line = 0
    begins: list[NDArray[np.int64]] = []
    numbers: list[NDArray[np.int64]] = []
    broken = False
    for at in range(0, len(data), _STEP):
        marks = np.flatnonzero(data[at : at + _STEP] == _QUOTE) + at
        if not _sound(data, marks, quotes, ord(separator)):
            return _NOT_PLAIN
        ends = _line_ends(data, at, returns=returns)
        outside = np.flatnonzero((np.searchsorted(marks, ends) + quotes) % 2 == 0)
        broken |= len(outside) < len(ends)
        starts = np.concatenate([[begin], ends[outside] + 1])
        lines = np.concatenate([[begin_line], outside + line + 1])
        filled = ~_blank(data, starts[:-1], ends[outside])
        begins.append(starts[:-1][filled])
        numbers.append(lines[:-1][filled])
        begin, begin_line = int(starts[-1]), int(lines[-1])
        quotes, line = quotes + len(marks), line + len(ends)
    if quotes % 2:
        return _NOT_PLAIN
    if begin < len(data):  # the last line has no end
        begins.append(np.array([begin]))
        numbers.append(np.array([begin_line]))
    offsets = np.concatenate([*begins, np.empty(0, np.int64)])[:keep]
    rows = (np.concatenate([*numbers, np.empty(0, np.int64)]) + first).astype(np.int32)
    return Scan(plain=True, lines=rows, offsets=offsets.astype(np.int64), broken_lines=broken)


def _sound(data: NDArray[np.uint8], marks: NDArray[np.int64], before: int, separator: int) -> bool:
    """Tell whether quotes open at the beginning of a cell, close at its end, or are doubled in between."""
    opening, closing = (marks[::2], marks[1::2]) if before % 2 == 0 else (marks[1::2], marks[::2])
    left = data[opening[opening > 0] - 1]
    right = data[closing[closing + 1 < len(data)] + 1]
    allowed = np.array([separator, _NEW_LINE, _RETURN, _QUOTE], dtype=np.uint8)
    return bool(np.isin(left, allowed).all() and np.isin(right, allowed).all())


def _line_ends(data: NDArray[np.uint8], at: int, *, returns: bool) -> NDArray[np.int64]:
    """Give the places where lines end in one piece: line feeds, and returns without one."""
    piece = data[at : at + _STEP]
    if not returns:
        return np.flatnonzero(piece == _NEW_LINE) + at
    following = data[at + 1 : at + 1 + len(piece)]
    following = np.concatenate([following, np.zeros(len(piece) - len(following), np.uint8)])
    return np.flatnonzero((piece == _NEW_LINE) | ((piece == _RETURN) & (following != _NEW_LINE))) + at


def _blank(data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which records hold nothing but their end."""
    length = ends - starts
    one = np.flatnonzero(length == 1)
    blank: NDArray[np.bool_] = length == 0
    blank[one] = (data[starts[one]] == _RETURN) & (data[ends[one]] == _NEW_LINE)
    return blank
