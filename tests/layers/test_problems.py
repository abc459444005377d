"""Problems are made of known kinds; long lists end in a count."""

import pandas as pd
import pytest

from geo.text import Text
from layers.problems import MOST_ROWS, problem, problems_of_rows


def test_a_problem_takes_words_and_severity_from_its_kind() -> None:
    one = problem("duplicate_id", "layers.gpkg:toilets", row=7, column="toilet_id", found=Text.same("t1"))
    assert (one.severity, one.row, one.found) == ("row", "7", Text("t1", "t1"))
    assert one.line("en") == (
        "layers.gpkg:toilets · 7 · toilet_id: found t1; expected ids that occur once. "
        "correct the repeated id or delete the repeated row"
    )
    assert "互不相同的编号" in one.line("zh")
    assert problem("bad_value", "f", severity="error").severity == "error"
    with pytest.raises(KeyError):
        problem("no such kind", "f")


@pytest.mark.parametrize("rows", [0, 1, MOST_ROWS, MOST_ROWS + 1, 1_500])
def test_every_row_is_listed_or_counted(rows: int) -> None:
    found = problems_of_rows("outside", "f", [(n, Text.same("x")) for n in range(rows)])
    assert len(found) == min(rows, MOST_ROWS + 1)
    rest = int(found[-1].found.en.split()[0].replace(",", "")) if rows > MOST_ROWS else 0
    assert min(rows, MOST_ROWS) + rest == rows
    assert [p.row for p in found[:MOST_ROWS]] == [str(n) for n in range(min(rows, MOST_ROWS))]
    assert all(p.row is None for p in found[MOST_ROWS:])


@pytest.mark.parametrize("row", [None, float("nan"), pd.NA, ""])
def test_a_row_without_an_id_has_no_name(row: object) -> None:
    assert problem("no_geometry", "f", row=row).row is None
