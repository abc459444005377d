"""What somebody should know of a table that was looked at, beside the rows that were lost."""

from collections.abc import Iterator

import pandas as pd

from geo.errors import Problem
from geo.text import Text, counted
from layers.catalog import ISSUES, LayerSpec
from layers.intake.faults import fault
from layers.intake.look import Part
from layers.intake.meaning import empty_cells, notes_of
from layers.intake.quality import column_notes
from layers.intake.tables.faults import where


def told(part: Part, spec: LayerSpec) -> Iterator[Problem]:
    """Tell everything that somebody should know of a table."""
    place = where(part.source.file, part.source.part)
    yield from part.source.notes
    yield from part.columns.questions
    yield from notes_of(part.meant, place)
    yield from column_notes(part.source, part.columns, spec, place)
    yield from empty_cells(part.meant, part.source, place, lost={one.row for one in part.lost})
    if part.located.verdict is not None:
        for words in part.located.verdict.evidence:
            yield fault("place_evidence", place, found=words)
    if spec == ISSUES:
        yield from _without_place(part, place)


def _without_place(part: Part, place: str) -> Iterator[Problem]:
    """Tell of issues without a place, and of those that were placed by their address."""
    nowhere, by_address = int(pd.isna(part.located.shapes).sum()), int(part.located.by_address.sum())
    for code, number in (("no_place", nowhere), ("placed_by_address", by_address)):
        if number:
            yield fault(code, place, found=Text(f"{number:,} 行", counted(number, "row", "rows")))
