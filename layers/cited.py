"""Cited tables in CSV files: read as text, checked cell by cell, overridden row by row.

``layers.standards`` says which tables there are; this module knows only columns and keys.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, isfinite

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.findings import is_binary, names_found, text_fault, value_found
from geo.text import Text, counted

LOCAL = "L"
"""Confidence of a row that a workspace sets without naming one."""
DTYPES = {"text": "string", "number": "float64", "integer": "Int64", "boolean": "boolean", "date": "datetime64[us]"}
EXPECTED = {
    "text": Text("非空文字", "words, not empty"),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "date": Text("日期，如 2015-12-31", "a date such as 2015-12-31"),
}
MEND = Text("请改正该单元格；若不需要覆盖，删除此行", "correct the cell, or delete the row to keep the shipped one")
MEND_HEAD = Text("请改正表头", "correct the header row")
MEND_KEY = Text("每个键只保留一行", "keep one row of each key")
MEND_FILE = Text("另存为“CSV UTF-8（逗号分隔）”", "save it again as CSV UTF-8 (comma delimited)")


@dataclass(frozen=True)
class Column:
    """What a cell may hold.

    ``kind`` is a key of ``DTYPES``; ``among`` lists the allowed words; ``split`` parts several words in
    one cell; ``refers`` names the table whose keys are allowed; ``low`` and ``high`` bound a number.
    """

    kind: str = "text"
    empty: bool = False
    among: frozenset[str] = frozenset()
    split: str = ""
    refers: str = ""
    low: float = -inf
    high: float = inf


@dataclass(frozen=True)
class Spec:
    """A table: the columns that make its key, and all its columns by name.

    ``unless`` gives (column, other, word): the column is empty exactly where the other holds the word.
    Rows cannot be added to a ``closed`` table, only replaced: a new key of it would never be read.
    """

    key: tuple[str, ...]
    columns: Mapping[str, Column]
    unless: tuple[str, str, str] | None = None
    closed: bool = False


@dataclass(frozen=True)
class Row:
    """One row as text, with the file and line that it stands in."""

    cells: Mapping[str, str]
    file: str
    line: int

    def fault(self, code: str, column: str, expected: Text, remedy: Text = MEND) -> Problem:
        """Describe a fault of one cell."""
        found = value_found(self.cells[column])
        return Problem(code, "error", self.file, str(self.line), column, found, expected, remedy)


Rows = dict[tuple[str, ...], Row]


def read_rows(content: bytes, file: str, spec: Spec, *, whole: bool) -> Rows:
    """Read the bytes of a CSV file to rows by key, in the order of the file.

    Args:
        content: the file, UTF-8 with or without a byte order mark.
        file: its name in messages.
        spec: the table.
        whole: the header must hold every column, not only the key.

    Raises:
        DataError: not CSV in UTF-8, a wrong header, ragged rows or repeated keys; lists all of them.
    """
    if is_binary(content):
        raise DataError([_no_csv(file, text_fault(content, ValueError()))])
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = next(reader, [])
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        broken = Text(
            "第 {at} 行无法分成单元格，双引号可能不成对", "line {at} cannot be parted into cells, check the quotes"
        )
        raise DataError([_no_csv(file, broken.format(at=reader.line_num))]) from error
    except UnicodeDecodeError as error:
        raise DataError([_no_csv(file, text_fault(content, error))]) from error
    problems = [*_head_problems(head, file, spec, whole=whole), *_width_problems(lines, file, len(head))]
    if problems:
        raise DataError(problems)
    return _keyed((Row(dict(zip(head, map(str.strip, line), strict=True)), file, at) for at, line in lines), spec)


def _no_csv(file: str, found: Text) -> Problem:
    expected = Text("UTF-8 编码、逗号分隔的 CSV", "a CSV file in UTF-8, parted by commas")
    return Problem("not_csv", "error", file, None, None, found, expected, MEND_FILE)


def _head_problems(head: Sequence[str], file: str, spec: Spec, *, whole: bool) -> Iterator[Problem]:
    found = names_found(head)
    for name in spec.columns if whole else spec.key:
        if name not in head:
            expected = Text(f"含有列 {name}", f"a column {name}")
            yield Problem("missing_column", "error", file, "1", name, found, expected, MEND_HEAD)
    for at, name in enumerate(head):
        if name not in spec.columns or name in head[:at]:
            names = tuple(spec.columns)
            expected = Text(f"不重复的已知列：{'、'.join(names)}", f"a known column, once: {', '.join(names)}")
            yield Problem("unknown_column", "error", file, "1", name, value_found(name), expected, MEND_HEAD)


def _width_problems(lines: Iterable[tuple[int, Sequence[str]]], file: str, width: int) -> Iterator[Problem]:
    expected = Text(f"{width} 个单元格", f"{width} cells")
    remedy = Text(
        "核对逗号；含逗号的文字用英文双引号括起", "check the commas; put words that hold a comma in double quotes"
    )
    for at, line in lines:
        if len(line) != width:
            found = Text(f"{len(line)} 个单元格", counted(len(line), "cell", "cells"))
            yield Problem("ragged_row", "error", file, str(at), None, found, expected, remedy)


def _keyed(rows: Iterable[Row], spec: Spec) -> Rows:
    found: Rows = {}
    problems = []
    for row in rows:
        key = tuple(row.cells[name] for name in spec.key)
        first = found.setdefault(key, row)
        if first is not row:
            expected = Text(f"不与第 {first.line} 行重复", f"not the key of line {first.line}")
            problems.append(row.fault("repeated_key", spec.key[0], expected, MEND_KEY))
    if problems:
        raise DataError(problems)
    return found


def laid_over(shipped: Rows, own: Rows, spec: Spec) -> Rows:
    """Lay a workspace's rows over the shipped ones: rows of equal key are replaced, others are added.

    A column that the workspace's file leaves out keeps its shipped value. What the file does not say of
    its own origin is filled in: the file as ``source``, ``LOCAL`` as ``confidence``, and ``to_verify``
    only for general knowledge (R...).

    Raises:
        DataError: new keys in a closed table.
    """
    strange = [row for key, row in own.items() if spec.closed and key not in shipped]
    if strange:
        keys = [" ".join(key) for key in shipped]
        expected = Text(f"取自 {'、'.join(keys)}", f"out of {', '.join(keys)}")
        raise DataError(row.fault("unknown_word", spec.key[0], expected) for row in strange)
    merged = dict(shipped)
    for key, row in own.items():
        before = shipped[key].cells if key in shipped else dict.fromkeys(spec.columns, "")
        said = {"source": row.file, "confidence": LOCAL} | {
            name: cell for name, cell in row.cells.items() if cell or name not in ("source", "confidence")
        }
        if not said.get("to_verify"):
            said["to_verify"] = "true" if said["confidence"].startswith("R") else "false"
        merged[key] = Row({**before, **said}, row.file, row.line)
    return merged


def problems_of(rows: Rows, spec: Spec, keys_of: Callable[[str], frozenset[str]]) -> list[Problem]:
    """Check every cell; ``keys_of`` gives the keys of a table that a column refers to."""
    known = {name: c.among or (keys_of(c.refers) if c.refers else frozenset()) for name, c in spec.columns.items()}
    ordered = sorted(rows.values(), key=lambda row: (row.file, row.line))
    found = [row.fault(*wrong) for row in ordered for wrong in _wrong_cells(row, spec, known)]
    if spec.unless is None:
        return found
    name, other, word = spec.unless
    expected = Text(f"数字；仅当 {other} 为 {word} 时留空", f"a number; empty only where {other} is {word}")
    wrong = (row for row in ordered if (row.cells[other] == word) == bool(row.cells[name]))
    return [*found, *(row.fault("bad_value", name, expected) for row in wrong)]


def _wrong_cells(row: Row, spec: Spec, known: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str, Text]]:
    for name, column in spec.columns.items():
        cell = row.cells[name]
        if not (_readable(cell, column) if cell else column.empty):
            yield "bad_value", name, _wanted(column, known[name])
        elif cell and known[name] and not set(cell.split(column.split) if column.split else [cell]) <= known[name]:
            yield "unknown_word", name, _wanted(column, known[name])


def _readable(cell: str, column: Column) -> bool:
    try:
        match column.kind:
            case "number" | "integer":
                value = float(cell) if column.kind == "number" else int(cell)
                return isfinite(value) and column.low <= value <= column.high
            case "boolean":
                return cell in {"true", "false"}
            case "date":
                return len(cell) == len(date.fromisoformat(cell).isoformat())
    except ValueError:
        return False
    return True


def _wanted(column: Column, known: frozenset[str]) -> Text:
    base = EXPECTED[column.kind]
    if known:
        words = sorted(known)
        return Text(f"取自 {'、'.join(words)}", f"out of {', '.join(words)}")
    if column.high < inf:
        return Text(
            f"{base.zh}，{column.low:g} 至 {column.high:g}", f"{base.en} from {column.low:g} to {column.high:g}"
        )
    if column.low > -inf:
        return Text(f"{base.zh}，不小于 {column.low:g}", f"{base.en}, at least {column.low:g}")
    return base


def as_table(rows: Rows, spec: Spec) -> pd.DataFrame:
    """Give checked rows as a table: text as "string", numbers typed, an empty cell null."""
    cells = {name: [row.cells[name] or None for row in rows.values()] for name in spec.columns}
    return pd.DataFrame({name: _typed(cells[name], column.kind) for name, column in spec.columns.items()})


def _typed(cells: Sequence[str | None], kind: str) -> pd.Series:
    match kind:
        case "number":
            return pd.Series([None if c is None else float(c) for c in cells], dtype="float64")
        case "integer":
            return pd.Series([None if c is None else int(c) for c in cells], dtype="Int64")
        case "boolean":
            return pd.Series([None if c is None else c == "true" for c in cells], dtype="boolean")
        case "date":
            return pd.to_datetime(pd.Series(np.array(cells, dtype=object)), format="%Y-%m-%d").astype("datetime64[us]")
        case _:
            return pd.Series(np.array(cells, dtype=object)).astype("string")
