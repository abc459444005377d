"""What was exported comes back as it was: the same rows, words, times and places."""

from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings

from layers import ISSUES, Workspace
from layers.exports import export_layer
from layers.intake.look import Wishes, setting_of
from layers.intake.looking import look
from layers.intake.whereabouts import Answers
from tests.samples import CRS

NEAR_M = 0.01
"""Degrees are written to seven decimals, which is 5 mm at most."""
SAME = ["issue_type", "description", "reported_at", "due_at", "closed_at", "severity"]
NASTY = [
    "=1+1", "'=1+1", "''-", "+86 138", "@甲", "-5", "- 5", "＝SUM(A1)", "'引'", "甲,乙;丙\t丁", '"引号"', "两\n行", "_x0041_",
    "#N/A", "合计", "NULL", "001",
]  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and "\ufffd" not in text
)
TIMES = st.datetimes(pd.Timestamp("2001-01-01"), pd.Timestamp("2030-01-01")).map(lambda t: t.replace(microsecond=0))
TIMES |= st.dates(pd.Timestamp("2001-01-01").date(), pd.Timestamp("2030-01-01").date()).map(pd.Timestamp)
"""Deadlines, some at midnight, which is another moment than the end of a day."""


def with_rows(ws: Workspace, words: list[str], times: list[pd.Timestamp]) -> Workspace:
    """Give the sample with other words and times of reports and deadlines."""
    table = ws[ISSUES].copy()
    size = len(table)
    table["description"] = pd.Series((words * size)[:size], index=table.index, dtype="str")
    due = pd.Series((times * size)[:size], index=table.index).astype(table["due_at"].dtype)
    table["due_at"] = due.where(table["due_at"].notna())
    return replace(ws, tables={**ws.tables, ISSUES.key: table})


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".geojson", ".gpkg"])
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=13), times=st.lists(TIMES, min_size=1, max_size=5), zh=st.booleans())
@example(words=NASTY[:13], times=[pd.Timestamp("2024-06-08 09:00"), pd.Timestamp("2024-06-08 23:59:59")], zh=True)
@example(words=NASTY[9:], times=[pd.Timestamp("2021-06-01"), pd.Timestamp("2021-06-01 23:59:59")], zh=True)
@example(words=NASTY[9:], times=[pd.Timestamp("2021-06-01")], zh=False)
@example(words=NASTY[4:], times=[pd.Timestamp("2024-06-08 23:59:59")], zh=False)
def test_an_export_comes_back_as_it_was(
    sample: Workspace, tmp_path: Path, suffix: str, words: list[str], times: list[pd.Timestamp], *, zh: bool
) -> None:
    ws = with_rows(sample, words, times)
    path = tmp_path / f"issues{suffix}"
    export_layer(ws, ISSUES, path, lang="zh" if zh else "en")
    found = look(
        setting_of(sample.folder), path, Wishes(ISSUES, answers=Answers(datum="wgs84" if suffix != ".gpkg" else None))
    )
    assert (found.rows_read, found.rows_rejected, found.questions) == (13, 0, ())
    before = ws[ISSUES]
    after = found.table.loc[before.index]
    for name in SAME:
        one, other = (table[name].astype(object).where(table[name].notna(), None).tolist() for table in (before, after))
        assert one == other, name
    moved = shapely.distance(before.geometry.to_numpy(), after.geometry.to_crs(CRS).to_numpy())
    assert (moved[~shapely.is_missing(before.geometry.to_numpy())] < NEAR_M).all()
    assert (shapely.is_missing(after.geometry.to_numpy()) == shapely.is_missing(before.geometry.to_numpy())).all()


@pytest.mark.parametrize("suffix", [".parquet", ".kml"])
def test_a_deadline_at_midnight_comes_back_from_other_formats(sample: Workspace, tmp_path: Path, suffix: str) -> None:
    ws = with_rows(sample, ["甲"], [pd.Timestamp("2021-06-01")])
    path = tmp_path / f"issues{suffix}"
    export_layer(ws, ISSUES, path)
    found = look(setting_of(sample.folder), path, Wishes(ISSUES, answers=Answers(datum="wgs84")))
    after = found.table.loc[ws[ISSUES].index, "due_at"]
    assert after.dropna().eq(pd.Timestamp("2021-06-01")).all()
    assert after.notna().equals(ws[ISSUES]["due_at"].notna())
    assert "midnight_kept" in [one.code for one in found.problems]
