"""Text tables (CSV, TSV and kin): every cell as text, every line accounted for.

A text that is plain (``delimited_scan``) goes through Arrow in blocks; any other goes line by line
(``delimited_exact``), where a broken row costs only itself. Both give the same table.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.findings import system_fault
from geo.text import Text, counted
from layers.exports.cells import unprotected
from layers.intake.source import LostRow, Source
from layers.intake.tables.delimited_arrow import Shape, through_arrow
from layers.intake.tables.delimited_exact import Record, TooManyFaultsError, records
from layers.intake.tables.delimited_plan import Plan, make_plan
from layers.intake.tables.delimited_protected import without_marks
from layers.intake.tables.delimited_scan import scan
from layers.intake.tables.faults import lost_row, over_limit, refuse
from layers.intake.tables.furniture import PREFILTER, Furniture, closing_notes, furniture_notes, kind_of_row
from layers.intake.tables.headings import is_blank
from layers.intake.tables.limits import LONGEST_CELL, MOST_BYTES, MOST_ROWS
from layers.intake.upload.encoding import as_utf8, find_encoding, guess_note

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 20_000
_TAIL = 60
_FIRST_CELLS = 3
_DECIMALS = 1000
_WITH_COMMA, _WITH_POINT = re.compile(r"[-+]?\d+,\d+"), re.compile(r"[-+]?\d+\.\d+")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+")
_MOSTLY = 0.9


class _Read(NamedTuple):
    table: "pa.Table"
    lines: NDArray[np.int32]
    lost: list[LostRow]
    furniture: list[Furniture]


def read_delimited(
    path: Path,
    *,
    file: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    header: int | None = None,
) -> Source:
    """Read a text table.

    All cells are text; only an empty cell is null: ``NA``, ``null``, ``001`` stay as they are. Rows are
    the lines in which records begin. A line that cannot be read is in ``lost``; titles, headings
    said again, totals, notes and blank rows are told in ``notes``. ``facts``: "encoding", "separator",
    "header_rows" (lines, "0" without a heading), "decimal" ("," or "." or "mixed", if there are any
    fractions), and what ``headings.title_facts`` finds.

    Args:
        path: the file.
        file: its name for messages, if it is stored under another.
        encoding: if it is known; else it is found (``encoding.find_encoding``).
        separator: if it is known; else it is found.
        header: line of the (last) row of the heading if it is known, 0 for a table without one.

    Raises:
        DataError: no text table, or beyond the limits of ``table_limits``.
    """
    name = file or path.name
    content = _content(path, name)
    written = find_encoding(content, name, given=encoding)
    text = as_utf8(content, written)
    del content
    plan = make_plan(text, name, separator=separator, header=header)
    body = text[plan.skip :] if plan.skip else text
    del text
    read = (_fast(body, plan, name) if written.whole else None) or _exact(body, plan, name)
    del body
    read = _within_cells(_without_furniture(read, plan), plan)
    facts = {"encoding": written.name} | plan.facts | _decimal(read.table)
    kept = len(read.lines) + len(read.lost)
    furniture = [*plan.above, *sorted(read.furniture, key=lambda one: one.row)]
    told = furniture_notes(furniture, name, kept=kept, sums=_sums(read, furniture))
    notes = (*guess_note(written, name), *plan.notes, *told)
    table = without_marks(read.table).rename_columns([unprotected(one) for one in plan.names])
    cells = table.to_pandas(split_blocks=True, self_destruct=True)
    lost = tuple(sorted(read.lost, key=lambda one: one.row))
    return Source(name, "", "delimited", cells, read.lines.astype(np.int64), lost=lost, notes=notes, facts=facts)


def _content(path: Path, file: str) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise over_limit(file, MOST_BYTES // 2**20, "MB", "MB")
        content = path.read_bytes()
    except OSError as error:
        raise refuse(file, "table_unreadable", system_fault(error)) from error
    if not content or content.isspace():
        raise refuse(file, "table_empty", Text("空文件", "an empty file"))
    return content


def _columns(plan: Plan) -> list[str]:
    return [str(at) for at in range(len(plan.names))]


def _fast(body: bytes, plan: Plan, file: str) -> _Read | None:
    """Read a plain text through Arrow; None if it is not plain, or too odd for it."""
    seen = scan(body, plan.separator, first=plan.first_line, keep=2 * _BATCH)
    if not seen.plain:
        return None
    if len(seen.lines) > MOST_ROWS:
        raise over_limit(file, MOST_ROWS, "行", "rows")
    start = int(np.searchsorted(seen.lines, plan.data_line))
    lines = seen.lines[start:]
    if not len(lines):
        return _Read(_empty(plan), lines, [], [])
    shape = Shape(plan.separator, len(plan.names), seen.broken_lines)
    found = through_arrow(body, int(seen.offsets[start]), lines, shape)
    if found is None:
        return None
    table, odd = found
    lost: list[LostRow] = []
    furniture: list[Furniture] = []
    for one in odd:
        _set_aside(one, plan, lost, furniture)
    kept = ~np.isin(lines, [one.line for one in odd]) if odd else slice(None)
    return _Read(table, lines[kept], lost, furniture)


def _empty(plan: Plan) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    return pa.table({name: pa.array([], pa.large_string()) for name in _columns(plan)})


def _exact(body: bytes, plan: Plan, file: str) -> _Read:
    """Read a text line by line."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    lost: list[LostRow] = []
    furniture: list[Furniture] = []
    lines: list[int] = []
    batch: list[list[str]] = []
    tables = [_empty(plan)]
    for one in _under_heading(body, plan, file):
        cells = one.cells
        if len(cells) > len(plan.names) and all(is_blank(cell) for cell in cells[len(plan.names) :]):
            cells = cells[: len(plan.names)]
        if one.fault or len(cells) != len(plan.names):
            _set_aside(one, plan, lost, furniture)
            continue
        lines.append(one.line)
        batch.append(cells)
        if len(batch) == _BATCH:
            tables.append(_batch_table(batch, plan))
            batch = []
    table = pa.concat_tables([*tables, _batch_table(batch, plan)] if batch else tables)
    return _Read(table, np.array(lines, np.int32), lost, furniture)


def _under_heading(body: bytes, plan: Plan, file: str) -> Iterator[Record]:
    number = 0
    try:
        for one in records(body, plan.separator, first=plan.first_line):
            number += 1
            if number > MOST_ROWS:
                raise over_limit(file, MOST_ROWS, "行", "rows")
            if one.line >= plan.data_line:
                yield one
    except TooManyFaultsError as error:
        found = Text("引号大量不成对的文本", "text whose quotes do not pair up")
        raise refuse(file, "not_text", found) from error


def _batch_table(batch: list[list[str]], plan: Plan) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    columns = ([cell or None for cell in column] for column in zip(*batch, strict=True))
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    return pa.Table.from_arrays(arrays, names=_columns(plan))


def _set_aside(one: Record, plan: Plan, lost: list[LostRow], furniture: list[Furniture]) -> None:
    """Note a row that does not fit: a note or total, which need not fill the columns, or a fault."""
    kind = "" if one.fault else kind_of_row([*one.cells, None, None], plan.words, plan.titles)
    if kind in {"blank", "total", "note", "title"}:
        furniture.append(Furniture(kind, one.line, tuple(one.cells)))
        return
    found = _FOUND.get(one.fault)
    if found is None:
        have, want = len(one.cells), len(plan.names)
        found = Text(f"{have} 个单元格，表头有 {want} 列", f"{counted(have, 'cell', 'cells')} under {want} headings")
    lost.append(lost_row(one.line, one.fault or "ragged_row", found))


_FOUND = {
    "open_quote": Text("没有配对的引号", "a quote without its partner"),
    "nul_character": Text("文字中有空字符", "a NUL character"),
    "bad_bytes": Text("不成字符的字节", "bytes that are no character"),
    "cell_too_long": Text(f"超过 {LONGEST_CELL:,} 字的单元格", f"a cell of more than {LONGEST_CELL:,} characters"),
}


def _without_furniture(read: _Read, plan: Plan) -> _Read:
    """Take out the rows that are no data."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    if not read.table.num_rows:
        return read
    mask = _suspects(read.table, plan)
    places = [int(at) for at in np.flatnonzero(mask)]
    rows = [tuple(row.values()) for row in read.table.filter(pa.array(mask)).to_pylist()]
    kinds = [kind_of_row(row, plan.words, plan.titles) for row in rows]
    end = read.table.num_rows - _TAIL
    tail = [
        (int(read.lines[at]), row, kind) for at, row, kind in zip(places, rows, kinds, strict=True) if at >= end
    ] + [(one.row, one.cells, one.kind) for one in read.furniture if one.row > read.lines[max(end, 0)]]
    remarks = closing_notes(sorted(tail, key=lambda one: one[0]), frozenset())
    out = {
        at: Furniture(kind or "note", int(read.lines[at]), row)
        for at, row, kind in zip(places, rows, kinds, strict=True)
        if kind or int(read.lines[at]) in remarks
    }
    if not out:
        return read
    keep = np.ones(read.table.num_rows, dtype=bool)
    keep[list(out)] = False
    table = read.table.filter(pa.array(keep))
    return read._replace(table=table, lines=read.lines[keep], furniture=[*read.furniture, *out.values()])


def _suspects(table: "pa.Table", plan: Plan) -> NDArray[np.bool_]:
    """Find the rows that may be no data by the first of their cells, and the last rows."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.compute as pc  # noqa: PLC0415 (heavy)

    first = pc.coalesce(*table.columns[:_FIRST_CELLS])
    heads = {word for row in plan.words for word in row if word} | set(plan.titles)
    odd = pc.fill_null(pc.match_substring_regex(first, PREFILTER), True)  # noqa: FBT003 (what a null becomes)
    told = pc.is_in(pc.utf8_trim_whitespace(first), value_set=pa.array(sorted(heads), pa.large_string()))
    mask: NDArray[np.bool_] = pc.or_(odd, told).to_numpy().copy()
    mask[-_TAIL:] = True
    return mask


def _within_cells(read: _Read, plan: Plan) -> _Read:
    """Set aside rows with a cell beyond the limit."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.compute as pc  # noqa: PLC0415 (heavy)

    lost, over = list(read.lost), np.zeros(read.table.num_rows, dtype=bool)
    for at, column in enumerate(read.table.columns):
        if (pc.max(pc.binary_length(column)).as_py() or 0) <= LONGEST_CELL:
            continue
        long = pc.fill_null(pc.greater(pc.utf8_length(column), LONGEST_CELL), False).to_numpy()  # noqa: FBT003 (as above)
        found = _FOUND["cell_too_long"]
        lost += [lost_row(int(line), "cell_too_long", found, plan.names[at]) for line in read.lines[long & ~over]]
        over |= long
    if not over.any():
        return read
    return read._replace(table=read.table.filter(pa.array(~over)), lines=read.lines[~over], lost=lost)


def _decimal(table: "pa.Table") -> dict[str, str]:
    """Tell by the first rows whether fractions are written with a comma or a point."""
    cells = [cell for row in table.slice(0, _DECIMALS).to_pylist() for cell in row.values() if cell]
    comma = sum(_WITH_COMMA.fullmatch(cell) is not None and not _THOUSANDS.fullmatch(cell) for cell in cells)
    point = sum(_WITH_POINT.fullmatch(cell) is not None for cell in cells)
    if not comma + point:
        return {}
    mostly = _MOSTLY * (comma + point)
    return {"decimal": "," if comma >= mostly else "." if point >= mostly else "mixed"}


def _sums(read: _Read, furniture: list[Furniture]) -> list[float | None]:
    """Add up the columns, if there is a total to compare with."""
    if not any(one.kind == "total" for one in furniture):
        return []
    columns = (pd.to_numeric(column.to_pandas(), errors="coerce") for column in read.table.columns)
    return [float(column.sum()) if column.notna().any() else None for column in columns]
