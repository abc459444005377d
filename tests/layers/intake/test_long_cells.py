# ruff: noqa: PD011 (the readings of the contract have a field called values)
"""Cells made to cost time: long runs of what a pattern repeats."""

import pandas as pd
import pytest

from layers.catalog import ISSUES
from layers.intake.cells.amounts import read_amounts
from layers.intake.cells.dates import read_dates
from layers.intake.cells.persons import masked_text, person_kind
from layers.intake.cells.words import read_states
from layers.intake.cells.years import read_years
from layers.intake.mapping.proposal import propose
from layers.standards import standard

LONG = [piece * (40_000 // len(piece)) for piece in ("1", "1-", "1,", " ", "9: ", "一", "(a)", "(", "a@", "a.", "1栋", "年", "联系 ", "至1", "*", "微信 ", "王", "①")]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:3])
def test_a_long_cell_is_answered(text: str) -> None:
    cells = pd.Series([text + "x", f"9:{text}", f"1{text}元", f"2021-08-20 9:{text}x", f"联系{text}x"])
    assert read_dates(cells, year=2021).values.isna().all()
    for read in (read_amounts(cells, to="yuan"), read_states(cells), read_years(cells)):
        assert len(read.values) == len(cells)
    assert len(masked_text(cells)) == len(cells)
    assert person_kind(cells) is None
    assert len(propose([text + "x", f"({text}"], ISSUES, standard("column_aliases")).choices) == 2
