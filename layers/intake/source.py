"""What readers give and parsers say: a table as it stands in a file, and cells with what they mean."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.text import Text

MEMBER, SHEET = "member", "sheet"
"""Facts of a table out of an archive: the file in it, and the name of the sheet there if ``part`` is another."""


class Source(NamedTuple):
    """One table of a file, before anything in it is interpreted.

    ``file`` is the name for messages, ``part`` the sheet or layer ("" where a file holds one table),
    ``kind`` the key of the format. ``cells`` has the headings as they stand in the file (made
    unique) and a ``RangeIndex``; text formats give pandas ``str`` columns in which only an empty cell is
    null, spreadsheets give object columns of str, int, float, bool, datetime and None, vector formats
    typed columns. ``rows`` is the row of each entry in the user's own file as its program shows it
    (line of a CSV, row of a sheet, number of a feature from 1). ``geometry`` holds shapely objects or
    None per row, or is None for a table without. ``crs`` is as declared, None unsaid. ``lost`` lists
    the rows that could not be read at all; rows that are no data (titles, totals, notes, blank rows) are
    in neither and are told in ``notes``. ``facts`` is what was found out, for the report: "encoding",
    "separator", "header_rows".
    """

    file: str
    part: str
    kind: str
    cells: pd.DataFrame
    rows: np.ndarray
    geometry: np.ndarray | None = None
    crs: str | None = None
    lost: tuple["LostRow", ...] = ()
    notes: tuple[Problem, ...] = ()
    facts: Mapping[str, str] = {}


def member_of(source: Source) -> str:
    """Say which file of an archive a table is from, "" if its file came alone."""
    return source.facts.get(MEMBER, "")


class LostRow(NamedTuple):
    """A row that cannot be taken in: its row in the file, the code of the fault, what was found, what to do."""

    row: int
    code: str
    column: str | None
    found: Text
    remedy: Text


class CellFault(NamedTuple):
    """A cell that cannot be read as what its column should hold."""

    code: str
    found: Text
    expected: Text


class Readings(NamedTuple):
    """What the cells of one column mean.

    ``values``: typed values, null where empty, unknown or faulty. ``qualifier``: "eq", "approx", "gt",
    "lt" where there is a value, else null. ``reason``: why a cell that is not empty has no value though
    it is no fault: "masked" (``***``), "no_date" (words such as 长期坚持), null elsewhere. ``repaired``: bool,
    the value is not simply what is written (a serial number as a date, full-width digits). ``faults`` by
    position. All series share the index of the cells.
    """

    values: pd.Series
    qualifier: pd.Series
    reason: pd.Series
    repaired: pd.Series
    faults: Mapping[int, CellFault]
