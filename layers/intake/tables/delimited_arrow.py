"""The fast way through a plain text table: Arrow reads it in blocks."""

import csv
import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from layers.intake.tables.delimited_exact import Record
from layers.intake.tables.limits import LONGEST_CELL

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK = 1 << 22


class Shape(NamedTuple):
    """What separates cells, how many a row has, and whether some cell has more than one line."""

    separator: str
    width: int
    broken_lines: bool


def through_arrow(
    body: bytes, start: int, lines: NDArray[np.int32], shape: Shape
) -> tuple["pa.Table", list[Record]] | None:
    """Read a text that ``delimited_scan`` found plain.

    Args:
        body: the text.
        start: where the first row begins.
        lines: first line of each row from there.
        shape: of the table.

    Returns:
        The table, columns named "0", "1" ..., all text, empty cells null; and the rows of another
        length, which are not in it. None where Arrow sees other rows than the scan, where a row is
        too long for its blocks, or where a row that is too long ends in empty cells, which may be cut off.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.csv as pacsv  # noqa: PLC0415 (heavy)

    columns = [str(at) for at in range(shape.width)]
    odd: list[Record] = []

    def set_aside(row: Any) -> str:  # noqa: ANN401 (a row of Arrow)
        if len(row.text) > LONGEST_CELL:
            return "error"
        [cells] = csv.reader(io.StringIO(row.text, newline=""), delimiter=shape.separator, strict=True)
        odd.append(Record(int(lines[row.number - 1]), cells))
        return "skip" if len(cells) < shape.width or any(c.strip() for c in cells[shape.width :]) else "error"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(body).slice(start)),
            read_options=pacsv.ReadOptions(column_names=columns, use_threads=False, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=shape.separator, newlines_in_values=shape.broken_lines, invalid_row_handler=set_aside
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.large_string()),
                null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True, check_utf8=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None
    return (table, odd) if table.num_rows + len(odd) == len(lines) else None
