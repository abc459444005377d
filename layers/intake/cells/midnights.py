"""Deadlines at midnight: those that say so are kept, and cells of spreadsheets that cannot say so are told."""

from datetime import datetime
from typing import NamedTuple

import pandas as pd


class Midnights(NamedTuple):
    """How many deadlines are kept at midnight as written, and how many cells of a spreadsheet are taken for days."""

    kept: int
    days: int


def midnights(cells: pd.Series, ends: pd.Series) -> Midnights:
    """Count them in a column of deadlines.

    A cell of a spreadsheet holds a number of days: midnight and a day without a time are the same number in it.

    Args:
        cells: the column as it stands in the file.
        ends: its values as ``layers.intake.cells.dates.read_dates`` gives them with ``end_of_day``.
    """
    kept = int((ends == ends.dt.normalize()).sum())
    if cells.dtype != object:
        return Midnights(kept, 0)
    numbers = cells.map(lambda one: isinstance(one, datetime) and one == datetime.combine(one, datetime.min.time()))
    return Midnights(kept, int(numbers.astype(bool).sum()))
