"""What the cells of a column show by themselves: personal data, pairs of coordinates, dates."""

import re
from typing import NamedTuple

import pandas as pd

from layers.intake.cells.dates import read_dates
from layers.intake.cells.persons import person_kind

SPREAD = 20_000
"""Rows of a column that are looked through for different texts."""
SAMPLE = 200
"""Different cells that are looked at."""
_ENOUGH, _MOST = 0.5, 0.9
_FEWEST = 3
_PAIR = re.compile(r"\(?\s*-?\d{1,8}\.\d+°?\s*[,，;； ]\s*-?\d{1,8}\.\d+°?\s*\)?|POINT\s*\(.*\)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NO_DATES = frozenset({"date_unreadable", "date_impossible"})


class Evidence(NamedTuple):
    """What cells show.

    ``person`` is the kind of personal data that most of them are; ``pairs`` and ``dates`` say that most are
    pairs of coordinates, or dates that are no plain numbers; ``no_dates`` that less than half can be dates at
    all, with ``example`` of those that cannot.
    """

    person: str | None = None
    pairs: bool = False
    dates: bool = False
    no_dates: bool = False
    example: str = ""


def evidence_of(cells: pd.Series) -> Evidence:
    """Look at a sample of the cells of a column."""
    # Rows from all over the column; distinct texts of a whole long one would take longer to find than to read.
    spread = cells.iloc[:: max(1, int(cells.count()) // SPREAD)].dropna()
    sample = pd.Series(spread.drop_duplicates().head(SAMPLE).to_list(), dtype=object)
    texts = [text for text in sample.astype(str).str.strip() if text]
    if not texts:
        return Evidence()
    readings = read_dates(sample, year=2000, month=1)
    wrong = [at for at, fault in readings.faults.items() if fault.code in _NO_DATES]
    bare = sum(_NUMBER.fullmatch(text) is not None for text in texts)
    read = len(sample) - len(wrong) - int(readings.reason.notna().sum())
    return Evidence(
        person=person_kind(sample),
        pairs=sum(_PAIR.fullmatch(text) is not None for text in texts) > _ENOUGH * len(texts),
        dates=read >= _MOST * len(sample) and bare < (1 - _MOST) * len(texts),
        no_dates=len(sample) >= _FEWEST and len(wrong) > _ENOUGH * len(sample),
        example=str(sample[wrong[0]]) if wrong else "",
    )
