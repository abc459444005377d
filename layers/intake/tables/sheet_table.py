"""From the cells of one sheet to a table: heading found, merged cells filled, totals and notes left out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from geo.errors import Problem
from geo.findings import shown
from geo.text import Text
from layers.intake.source import LostRow, Source
from layers.intake.tables.delimited_plan import heading_notes, unsure_note
from layers.intake.tables.faults import cells_counted, lost_row, refuse, row_list, table_problem, where
from layers.intake.tables.furniture import Furniture, RowKinds, closing_notes, furniture_notes
from layers.intake.tables.headings import (
    LOOKED_AT,
    Heading,
    Merge,
    find_heading,
    is_blank,
    is_words,
    title_facts,
    unique_names,
    wording,
)
from layers.intake.tables.sheet_cells import table_of
from layers.intake.tables.sheet_scan import SheetFacts, column_letters

Rows = list[list[Any]]
"""Rows of cells of any kind."""
_TAIL = 60
_MOST_SHOWN = 6
_MOST_SPANS = 5000


class Raw(NamedTuple):
    """The cells of one sheet, from A1, as calamine gives them."""

    name: str
    hidden: bool
    rows: Rows
    merges: list[Merge]
    facts: SheetFacts


class _Grid(NamedTuple):
    """The cells that are used: ``rows`` from the sheet's first row, ``left`` its first column; all else by position there."""

    rows: Rows
    left: int
    merges: list[Merge]
    formulas: dict[int, dict[int, str]]
    errors: list[tuple[int, int]]
    place: str

    def name(self, row: int, column: int) -> str:
        """Name a cell as the spreadsheet does."""
        return f"{column_letters(self.left + column + 1)}{row + 1}"


class _Sorted(NamedTuple):
    """Rows under the heading by position: data, and what is none by its kind."""

    data: list[int]
    kinds: dict[int, str]
    lost: dict[int, LostRow]


def sheet_source(raw: Raw, *, file: str, kind: str, header: int | None, lone: bool) -> Source | None:
    """Make a source of a sheet; None if it holds no table.

    Args:
        raw: the sheet.
        file: the name for messages.
        kind: the key of the format.
        header: the (last) row of the heading if it is known, 0 for none.
        lone: the workbook has no other sheet, so a single column is a table too.
    """
    grid = _grid(raw, where(file, raw.name))
    if not grid.rows or (len(grid.rows[0]) == 1 and not lone):
        return None
    heading = _heading(grid, header)
    labels = [f"列{column_letters(grid.left + at + 1)}" for at in range(len(grid.rows[0]))]
    bare = _bare_columns(grid, heading)
    names, repeated, missing = unique_names(heading.names, labels)
    parted = _sorted_rows(grid, heading, names)
    if not parted.data and not parted.lost:
        return None
    notes = _heading_asked(grid, heading)
    notes += heading_notes(grid.place, repeated, [name for name in missing if labels.index(name) not in bare])
    notes += _filled_down(grid, heading, parted)
    furniture = _furniture(grid, heading, parted)
    kept = len(parted.data) + len(parted.lost)
    notes += furniture_notes(furniture, grid.place, kept=kept, sums=_sums(grid, parted, furniture))
    notes += _error_notes(grid, parted)
    columns = {at: name for at, name in enumerate(names) if at not in bare}
    cells, data, more = table_of(grid.rows, parted.data, columns, grid.place)
    facts = title_facts(grid.rows[: max(heading.first, 0)]) | {"header_rows": _row_span(heading)}
    return Source(
        file, raw.name, kind, cells, np.array(data, dtype=np.int64) + 1,
        lost=tuple(sorted([*parted.lost.values(), *more[0]], key=lambda one: one.row)), notes=(*notes, *more[1]),
        facts=facts | ({"state": "hidden"} if raw.hidden else {}),
    )  # fmt: skip


def _grid(raw: Raw, place: str) -> _Grid:
    """Put in what calamine leaves out, and cut off empty columns."""
    rows, (formulas, errors) = raw.rows, raw.facts
    odd = [*formulas, *errors]
    height = max([len(rows), *(row + 1 for row, _ in odd)])
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in odd)])
    if odd and (not rows or width > len(rows[0])):
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
    rows += [[""] * width for _ in range(height - len(rows))]
    for (row, column), words in errors.items():
        rows[row][column] = words
    filled = {column for _, column in formulas}
    used = [at for at in range(width) if at in filled or any(not is_blank(row[at]) for row in rows)]
    if not used:
        return _Grid([], 0, [], {}, [], place)
    left, right = used[0], used[-1] + 1
    if (left, right) != (0, width):
        rows = [row[left:right] for row in rows]
    merges = _clipped(raw.merges, height, (left, right), place)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), words in sorted(formulas.items()):
        by_row.setdefault(row, {})[column - left] = words
    return _Grid(rows, left, merges, by_row, sorted((row, column - left) for row, column in errors), place)


def _clipped(merges: list[Merge], height: int, columns: tuple[int, int], place: str) -> list[Merge]:
    """Cut merged ranges to the cells that are used."""
    left, right = columns
    inside = [
        Merge(one.top, max(one.left, left) - left, min(one.bottom, height - 1), min(one.right, right - 1) - left)
        for one in merges
        if one.top < height and one.left < right and one.right >= left
    ]
    if sum(one.bottom - one.top + 1 for one in inside) > height * (right - left):
        raise refuse(place, "book_damaged", Text("互相重叠的合并单元格", "merged ranges that overlap"))
    return inside


def _heading(grid: _Grid, header: int | None) -> Heading:
    """Find the heading; positions are rows of the grid."""
    if header == 0:
        return find_heading(grid.rows[:1], given=-1)
    known = None if header is None else min(header, len(grid.rows)) - 1
    top = next(at for at, row in enumerate(grid.rows) if not all(is_blank(cell) for cell in row) or at in grid.formulas)
    if known is not None:
        top = max(min(top, known), known - LOOKED_AT + 1)
    near = [one for one in grid.merges if top <= one.top < top + LOOKED_AT][:_MOST_SPANS]
    spans = [one._replace(top=one.top - top, bottom=one.bottom - top) for one in near]
    found = find_heading(grid.rows[top : top + LOOKED_AT + 8], spans, given=None if known is None else known - top)
    rival = None if found.rival is None else found.rival + top
    return found._replace(first=found.first + top, last=found.last + top, rival=rival) if found.last >= 0 else found


def _row_span(heading: Heading) -> str:
    rows = [heading.first + 1, heading.last + 1] if heading.last >= 0 else [0]
    return "-".join(str(row) for row in dict.fromkeys(rows))


def _heading_asked(grid: _Grid, heading: Heading) -> list[Problem]:
    if heading.sure:
        return []
    rival = None if heading.rival is None else heading.rival + 1
    return [unsure_note(grid.place, _row_span(heading), rival, heading.last + 1 or None)]


def _bare_columns(grid: _Grid, heading: Heading) -> set[int]:
    """Find columns without a heading under which nothing stands."""
    under = grid.rows[heading.last + 1 :]
    formulas = {column for columns in grid.formulas.values() for column in columns}
    bare = [at for at, name in enumerate(heading.names) if not name and at not in formulas]
    return {at for at in bare if all(is_blank(row[at]) for row in under)}


def _sorted_rows(grid: _Grid, heading: Heading, names: Sequence[str]) -> _Sorted:
    """Sort the rows under the heading."""
    rows, start = grid.rows, heading.last + 1
    said = rows[max(heading.first, 0) : start]
    titles = [wording(cell) for row in rows[: max(heading.first, 0)] for cell in row if not is_blank(cell)]
    kind_of = RowKinds(said, titles)
    kinds = {at: kind for at in range(start, len(rows)) if (kind := kind_of(rows[at]))}
    wide = [one for one in grid.merges if 2 * (one.right - one.left + 1) >= len(rows[0])]
    across = frozenset(at for one in wide for at in range(max(one.top, start), one.bottom + 1))
    kinds |= {at: "note" for at in across - kinds.keys() if _one_phrase(rows[at])}
    tail = [(at, rows[at], kinds.get(at, "")) for at in range(max(start, len(rows) - _TAIL), len(rows))]
    kinds |= dict.fromkeys(closing_notes(tail, across), "note")
    lost = {at: _lost(grid, at, names) for at in grid.formulas if at >= start and kinds.get(at, "blank") == "blank"}
    kinds = {at: kind for at, kind in kinds.items() if at not in lost}
    data = [at for at in range(start, len(rows)) if at not in kinds and at not in lost]
    return _Sorted(data, kinds, lost)


def _one_phrase(row: Sequence[object]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) == 1 and is_words(filled[0])


def _lost(grid: _Grid, at: int, names: Sequence[str]) -> LostRow:
    """Make the row of formulas that have no stored result."""
    cells = [f"{grid.name(at, column)} ={shown(words)}" for column, words in grid.formulas[at].items()]
    said = "、".join(cells[:_MOST_SHOWN]) + ("…" if len(cells) > _MOST_SHOWN else "")
    found = Text(f"没有计算结果的公式 {said}", f"formulas without a result: {said.replace('、', ', ')}")
    return lost_row(at + 1, "formula_without_value", found, names[next(iter(grid.formulas[at]))])


def _filled_down(grid: _Grid, heading: Heading, parted: _Sorted) -> list[Problem]:
    """Give each row the value of the cell that was merged over it, and tell it."""
    data, filled = set(parted.data), list[int]()
    for one in grid.merges:
        value = grid.rows[one.top][one.left]
        if one.top <= heading.last or one.bottom == one.top or is_blank(value):
            continue
        for at in range(one.top + 1, one.bottom + 1):
            if at in data and is_blank(grid.rows[at][one.left]):
                grid.rows[at][one.left] = value
                filled.append(at + 1)
    if not filled:
        return []
    count, rows = cells_counted(len(filled)), row_list(sorted(set(filled)))
    found = Text(f"{rows.zh}，补入 {count.zh}", f"{rows.en}, {count.en} filled in")
    return [table_problem("merged_filled", grid.place, found=found, row=min(filled))]


def _furniture(grid: _Grid, heading: Heading, parted: _Sorted) -> list[Furniture]:
    """List the rows that are no data; blank rows only between others."""
    last = max([*parted.data, *parted.lost, *(at for at, kind in parted.kinds.items() if kind != "blank")])
    above = {at: "title" for at in range(max(heading.first, 0)) if not all(is_blank(cell) for cell in grid.rows[at])}
    told = sorted((above | parted.kinds).items())
    return [Furniture(kind, at + 1, tuple(grid.rows[at])) for at, kind in told if kind != "blank" or at < last]


def _sums(grid: _Grid, parted: _Sorted, furniture: list[Furniture]) -> list[float | None]:
    """Add up the columns, if there is a total to compare with."""
    if not any(one.kind == "total" for one in furniture):
        return []
    columns = zip(*(grid.rows[at] for at in parted.data), strict=True)
    numbers = (
        [float(c) for c in column if isinstance(c, int | float) and not isinstance(c, bool)] for column in columns
    )
    return [sum(column) if column else None for column in numbers]


def _error_notes(grid: _Grid, parted: _Sorted) -> list[Problem]:
    data = set(parted.data)
    errors = [(row, column) for row, column in grid.errors if row in data]
    if not errors:
        return []
    said = "、".join(f"{grid.name(row, column)} {grid.rows[row][column]}" for row, column in errors[:_MOST_SHOWN])
    count = cells_counted(len(errors))
    found = Text(f"{count.zh}：{said}", f"{count.en}: {said.replace('、', ', ')}")
    return [table_problem("formula_error", grid.place, found=found, row=errors[0][0] + 1)]
