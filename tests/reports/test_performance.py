# ruff: noqa: DTZ001 (workspaces keep naive local time)
"""What the page of performance says: changes, medians, league tables and the file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.text import Lang, Text
from reports.performance import (
    FACTS,
    change_words,
    facts,
    figures_csv,
    hours_words,
    is_empty,
    league_rows,
    league_shown,
    median_words,
    months,
    times,
    times_shown,
    weeks,
)
from reports.progress import Rules, changes, figures, month
from reports.render.facts import facts_html
from tests.reports.progress.conftest import made

MARCH = month(2024, 3)
WORDS: Mapping[str, Text] = {"G1": Text("一号院", "Court 1"), "G2": Text("=2+3", "=2+3")}


def rows(grid: str, number: int, kept: int, **more: Any) -> list[dict[str, Any]]:
    """Cases of a grid, some closed in time, the others too late."""
    ends = ["2024-03-05"] * kept + ["2024-03-20"] * (number - kept)
    base = {"reported_at": "2024-03-01", "final_due_at": "2024-03-08", "grid_id": grid, "severity": 3}
    return [base | {"issue_id": f"{grid}-{at}", "closed_at": end, **more} for at, end in enumerate(ends)]


@pytest.fixture
def cases() -> pd.DataFrame:
    open_one = {"issue_id": "O", "reported_at": "2024-03-02", "final_due_at": "2024-03-09", "grid_id": "G3"}
    return made(*rows("G1", 10, 9), *rows("G2", 10, 1), *rows("G3", 2, 2), open_one)


@pytest.mark.parametrize(
    ("change", "then", "unit", "zh", "en"),
    [
        (2.14, 60.0, "points", "+2.1 个百分点", "+2.1 points"),
        (-50.0, 4.0, "percent", "−50.0%", "−50.0 %"),
        (np.nan, 0.0, "percent", "基数为 0", "from 0"),
        (np.nan, np.nan, "points", "无数据", "no data"),
        (0.01, 3.0, "points", "持平", "no change"),
    ],
)
def test_a_change_is_said_with_sign_and_unit(change: float, then: float, unit: str, zh: str, en: str) -> None:
    assert change_words(change, then, unit) == Text(zh, en)


def test_facts_say_what_they_rest_on(cases: pd.DataFrame) -> None:
    row = figures(cases, MARCH).iloc[0]
    found = facts(changes(lambda _: cases, MARCH), row, Rules())
    assert [one.key for one in found] == list(FACTS)
    due, closed, on_time, overdue, rework = found[:5]
    assert (due.value.zh, closed.value.zh, overdue.value.zh) == ("23", "22", "1")
    assert closed.basis.zh == "占应结案 95.7%"
    assert on_time.value.zh == "52.2%"
    assert on_time.basis.zh.startswith("12 / 23 件，95% 区间 ")
    assert rework.value == Text("无数据", "no data")
    html = facts_html(found, Lang.EN)
    assert "Closed on time" in html
    assert "12 of 23" in html
    assert not is_empty(row)
    assert is_empty(figures(cases, month(2022, 1)).iloc[0])


def test_deferred_cases_are_below_the_line_or_not() -> None:
    deferred = {"reported_at": "2024-03-02", "final_due_at": "2024-03-09", "state": "deferred", "issue_id": "D"}
    table = made(*rows("G1", 4, 3), deferred)
    for rules, whole in ((Rules(), 4), (Rules(subtract_deferred=False), 5)):
        row = figures(table, MARCH, rules=rules).iloc[0]
        rate = facts(changes(lambda _: table, MARCH, rules=rules), row, rules)[2]
        assert rate.basis.en.startswith(f"3 of {whole}, ")


def test_few_cases_are_described_and_not_ranked(cases: pd.DataFrame) -> None:
    table = figures(cases, MARCH, by="grid")
    found = league_rows(table, "on_time_rate", WORDS, Lang.ZH)
    assert found["label"].tolist() == ["一号院", "=2+3", "G3"]
    assert found["described_only"].tolist() == [False, False, True]
    shown = league_shown(found, Lang.ZH)
    assert shown["range"].tolist() == ["1–1", "2–2", ""]
    assert shown["cases"].tolist() == ["9 / 10 件", "1 / 10 件", "2 / 3 件"]


def test_units_of_one_name_carry_their_id(cases: pd.DataFrame) -> None:
    same = {"G1": Text.same("院"), "G2": Text.same("院")}
    found = league_rows(figures(cases, MARCH, by="grid"), "on_time_rate", same, Lang.ZH)
    assert found["label"].tolist()[:2] == ["院 (G1)", "院 (G2)"]


def test_a_median_that_was_not_reached_is_more_than_was_seen() -> None:
    slow = [{"issue_id": f"S{n}", "reported_at": "2024-03-02", "grid_id": "G1"} for n in range(3)]
    table = made({"issue_id": "Q", "reported_at": "2024-03-01", "closed_at": "2024-03-02", "grid_id": "G1"}, *slow)
    found = times(table, MARCH, by=None, table=figures(table, MARCH))
    row = found.iloc[0]
    assert median_words(row) == Text("超过 30.0 天", "more than 30.0 days")
    assert (row["number"], row["closed_only_hours"], row["last_hours"]) == (4, 24, 720)
    shown = times_shown(found, {}, Lang.EN)
    assert shown["closed_only"].tolist() == ["24.0 hours"]
    assert shown["label"].tolist() == ["all"]
    assert hours_words(np.nan).zh == "—"


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(cases: pd.DataFrame) -> None:
    file = figures_csv(figures(cases, MARCH, by="grid"), WORDS, "grid", Lang.ZH)
    assert file.startswith(b"\xef\xbb\xbf")
    lines = file.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("网格 编号,网格,上报数,")
    assert lines[1].startswith("G1,一号院,10,")
    assert lines[2].startswith("G2,'=2+3,10,")
    whole = figures_csv(figures(cases, MARCH), {}, None, Lang.EN).decode("utf-8-sig")
    assert whole.split("\r\n")[1].startswith(",all,23,")


def test_months_and_weeks_are_listed_the_latest_first() -> None:
    first, last = datetime(2023, 12, 30), datetime(2024, 2, 1)
    assert months(first, last) == [datetime(2024, 2, 1), datetime(2024, 1, 1), datetime(2023, 12, 1)]
    assert weeks(first, last)[0] == datetime(2024, 1, 29)
    assert weeks(first, last)[-1] == datetime(2023, 12, 25)
    assert all(one.weekday() == 0 for one in weeks(first, last))
