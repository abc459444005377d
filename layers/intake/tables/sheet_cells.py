"""The cells of a sheet as typed columns."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem
from geo.text import Text
from layers.intake.source import LostRow
from layers.intake.tables.faults import cells_counted, lost_row, table_problem
from layers.intake.tables.limits import LONGEST_CELL

_EXACT = 1e15  # a spreadsheet keeps 15 digits


class _Column(NamedTuple):
    """A typed column, the length of its longest text, and how many numbers have more digits than are kept."""

    cells: list[object]
    longest: int = 0
    wide: int = 0


def table_of(
    rows: Sequence[Sequence[object]], data: list[int], names: dict[int, str], place: str
) -> tuple[pd.DataFrame, list[int], tuple[list[LostRow], list[Problem]]]:
    """Make the table of the data rows of a sheet.

    Args:
        rows: of the sheet.
        data: positions of the rows that are data.
        names: headings by position of the column; other columns are left out.
        place: the file and sheet for messages.

    Returns:
        The table; the positions of its rows, without those that have a cell beyond the limit; those
        rows as lost ones, and what else is to be told.
    """
    columns = list(zip(*(rows[at] for at in data), strict=True)) if data else [()] * len(rows[0])
    typed = {name: _typed(columns[at]) for at, name in names.items()}
    long: dict[int, str] = {}
    for name, column in typed.items():
        if column.longest > LONGEST_CELL:
            over = [at for at, cell in enumerate(column.cells) if isinstance(cell, str) and len(cell) > LONGEST_CELL]
            long |= {at: name for at in over if at not in long}
    found = Text(f"超过 {LONGEST_CELL:,} 字的单元格", f"a cell of more than {LONGEST_CELL:,} characters")
    lost = [lost_row(data[at] + 1, "cell_too_long", found, name) for at, name in long.items()]
    table = pd.DataFrame(
        {name: column.cells for name, column in typed.items()}, index=pd.RangeIndex(len(data)), dtype=object
    )
    if long:
        data = [row for at, row in enumerate(data) if at not in long]
        table = table.drop(index=list(long)).reset_index(drop=True)
    return table, data, (lost, _digit_notes(place, {name: column.wide for name, column in typed.items()}))


def _digit_notes(place: str, digits: dict[str, int]) -> list[Problem]:
    notes = []
    for name, count in digits.items():
        if not count:
            continue
        cells = cells_counted(count)
        found = Text(f"{name}：{cells.zh}超过 15 位", f"{name}: {cells.en} of more than 15 digits")
        notes.append(table_problem("digits_lost", place, found=found))
    return notes


def _typed(column: Sequence[object]) -> _Column:
    """Give cells the types of ``Source``: empty is None, a whole number int, a day datetime, a time text."""
    kinds = set(map(type, column))
    texts = [cell for cell in column if type(cell) is str] if kinds != {str} else column
    longest = max(map(len, texts), default=0)  # type: ignore[arg-type] # all are str
    if kinds == {str}:
        return _Column([cell or None for cell in column] if "" in column else [*column], longest)
    if kinds == {float}:
        return _numbers(np.array(column, dtype=float))
    cells = [_PLAIN[type(cell)](cell) if type(cell) in _PLAIN else cell for cell in column]
    return _Column(cells, longest, sum(type(cell) is float and abs(cell) >= _EXACT for cell in cells))


def _numbers(column: NDArray[np.float64]) -> _Column:
    small = np.abs(column) < _EXACT
    whole = small & (column == np.floor(column))
    if whole.all():
        return _Column([*column.astype(np.int64).tolist()])
    cells: list[object] = [*column.tolist()]
    for at in np.flatnonzero(whole):
        cells[at] = int(column[at])
    return _Column(cells, wide=int((~small).sum()))


def _number(cell: float) -> float | int:
    return int(cell) if abs(cell) < _EXACT and cell.is_integer() else cell


def _duration(cell: timedelta) -> str:
    seconds = round(cell.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}:{rest % 60:02d}"


_PLAIN: dict[type, Callable[..., object]] = {
    str: lambda cell: cell or None,
    float: _number,
    date: lambda cell: datetime.combine(cell, time.min),
    time: lambda cell: cell.isoformat("seconds"),
    timedelta: _duration,
}
