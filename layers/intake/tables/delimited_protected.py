"""Apostrophes that keep a text of a CSV file from being run as a formula are taken away again.

``layers.exports.cells`` puts them there, and so do other careful programs. A column counts as protected if every text
in it that looks like a formula has its apostrophe; where one lacks it, the apostrophes are the user's own.
"""

from typing import TYPE_CHECKING

from layers.exports.cells import FORMULA, MARK, unprotected

if TYPE_CHECKING:
    import pyarrow as pa

_OPEN = r"^(?:[\t\r\n]|[\s\p{Z}]*[=+\-@＝＋－＠])"
_NEGATIVE = r"^-\d+(?:\.\d+)?$"


def without_marks(table: "pa.Table") -> "pa.Table":
    """Give a table of text with the cells of protected columns as they were before."""
    for at, column in enumerate(table.columns):
        bare = _bare(column)
        if bare is not None:
            table = table.set_column(at, table.field(at), bare)
    return table


def _bare(column: "pa.ChunkedArray") -> "pa.ChunkedArray | None":
    """Give a protected column without its marks; None for any other."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.compute as pc  # noqa: PLC0415 (heavy)

    quoted = pc.fill_null(pc.starts_with(column, MARK), False)  # noqa: FBT003 (what a null becomes)
    marked = column.filter(quoted).to_pylist()
    if not any(FORMULA.match(cell) for cell in marked):
        return None
    loose = pc.and_not(pc.match_substring_regex(column, _OPEN), pc.match_substring_regex(column, _NEGATIVE))
    if pc.any(loose).as_py():
        return None
    return pc.replace_with_mask(column, quoted.combine_chunks(), pa.array(list(map(unprotected, marked)), column.type))
