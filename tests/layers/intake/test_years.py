# ruff: noqa: PD011 (the readings of the contract have a field called values)
import pandas as pd
import pytest

from layers.intake.cells.years import read_years

READ = [
    (1998, 1998, "eq"), ("1998", 1998, "eq"), ("1998年", 1998, "eq"), ("1998年建成", 1998, "eq"), ("１９９８", 1998, "eq"),
    ("1998年5月", 1998, "eq"), ("1998-05-01", 1998, "eq"), ("1998.5", 1998, "eq"), (pd.Timestamp("1998-05-01"), 1998, "eq"),
    ("90年代", 1995, "approx"), ("1990年代", 1995, "approx"), ("上世纪80年代", 1985, "approx"), ("20世纪八十年代末", 1988, "approx"),
    ("1980s", 1985, "approx"), ("00年代", 2005, "approx"), ("1998-2000", 1999, "approx"), ("约1995年", 1995, "approx"),
    ("1998年以前", 1998, "lt"), ("2000年后", 2000, "gt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "year", "qualifier"), READ)
def test_a_year_reads(text: object, year: int, qualifier: str) -> None:
    read = read_years(pd.Series([text], dtype=object))
    assert (read.values[0], read.qualifier[0], read.faults) == (year, qualifier, {})
    assert read.values.dtype == "Int64"


@pytest.mark.parametrize(("text", "reason"), [("不详", "unknown"), ("19**", "masked"), ("—", "unknown")])
def test_a_year_that_is_not_known(text: str, reason: str) -> None:
    read = read_years(pd.Series([text]))
    assert pd.isna(read.values[0])
    assert read.reason[0] == reason


@pytest.mark.parametrize("text", ["abc", "98", 98, "3020", True, "1998-13"])
def test_what_is_no_year_is_a_fault(text: object) -> None:
    read = read_years(pd.Series([text], dtype=object))
    assert read.faults[0].code == "year_unreadable"
    assert pd.isna(read.values[0])
