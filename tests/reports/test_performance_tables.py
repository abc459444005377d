# ruff: noqa: DTZ001 (workspaces keep naive local time)
"""What the page of performance lists and draws: periods, parts of tables, points of curves."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from geo.survival import kaplan_meier
from geo.text import Lang
from reports.performance_tables import (
    axis_end,
    curve_table,
    league_split,
    own_period,
    risk_split,
    risk_table,
    solved_table,
    usual_days,
    week_of,
    week_words,
)
from reports.progress import Period
from reports.progress.shares import shares

AS_OF = datetime(2024, 3, 15, 9)


@pytest.fixture
def risks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "issue_type": ["GARBAGE", "X", "GARBAGE"],
            "person": pd.array(["P1", None, "P9"], dtype="str"),
            "due_at": pd.to_datetime(["2024-03-15 06:00", "2024-03-15 12:00", "2024-03-20 09:00"]),
            "hours_left": [-3.0, 3.0, 120.0],
            "is_overdue": [True, False, False],
            "chance_to_miss": [1.0, 0.504, np.nan],
            "reason_zh": ["甲", "乙", "丙"],
            "reason_en": ["a", "b", "c"],
        },
        index=["A", "B", "C"],
    )


def test_a_week_runs_from_monday_to_the_next() -> None:
    monday = datetime(2024, 2, 26)
    assert week_words(monday) == "2024-02-26 – 03-03"
    assert week_of(monday, AS_OF) == Period(monday, datetime(2024, 3, 4), AS_OF)


def test_own_dates_hold_both_ends() -> None:
    assert usual_days(date(2023, 1, 1), AS_OF.date()) == (date(2024, 2, 15), AS_OF.date())
    assert usual_days(date(2024, 3, 1), AS_OF.date()) == (date(2024, 3, 1), AS_OF.date())
    one_day = own_period(date(2024, 2, 29), date(2024, 2, 29), AS_OF)
    assert one_day == Period(datetime(2024, 2, 29), datetime(2024, 3, 1), AS_OF)


def test_units_without_cases_are_in_neither_part_of_the_league() -> None:
    rows = pd.DataFrame({"described_only": [False, True, True], "whole": [9, 2, 0]}, index=["G1", "G2", "G3"])
    ranked, few = league_split(rows)
    assert (list(ranked.index), list(few.index)) == (["G1"], ["G2"])


def test_the_curve_starts_with_all_open_and_runs_to_the_last_seen() -> None:
    found = curve_table(kaplan_meier([24, 48, 72, 96], [True, True, False, False]))
    assert found["days"].tolist() == [0, 1, 2, 4]
    assert found["open"].tolist() == pytest.approx([100, 75, 50, 50])
    assert (found["low"] <= found["open"]).all()
    assert (found["open"] <= found["high"]).all()


def test_levels_carry_number_and_share_and_what_is_not_recorded_only_if_there_is_any() -> None:
    number = pd.Series([1, 2, 0], index=["courtyard", "community", ""])
    found = solved_table(shares(number), Lang.ZH)
    assert found["said"].tolist() == ["1 · 33.33%", "2 · 66.67%"]
    assert found["label"].tolist() == ["院落", "社区"]
    assert "" in solved_table(shares(number + 1), Lang.EN).index
    assert axis_end(found["number"]) == pytest.approx(3.4)
    assert axis_end(pd.Series([0])) == 1


def test_what_is_late_already_is_not_called_likely(risks: pd.DataFrame) -> None:
    found = risk_split(risks, 0.5)
    assert {key: list(one.index) for key, one in found.items()} == {
        "probable": ["B"],
        "overdue": ["A"],
        "all": ["A", "B", "C"],
    }


def test_risks_are_told_in_words(risks: pd.DataFrame) -> None:
    found = risk_table(risks, {"P1": "王"}, {"GARBAGE": "垃圾"}, Lang.ZH)
    assert found["chance_to_miss"].tolist()[:2] == [100, 50]
    assert np.isnan(found["chance_to_miss"]["C"])
    assert found["issue_type"].tolist() == ["垃圾", "X", "垃圾"]
    assert [None if pd.isna(one) else one for one in found["person"]] == ["王", None, "P9"]
    assert found["left"].tolist() == ["−3.0 小时", "3.0 小时", "5.0 天"]
    assert found["reason"].tolist() == ["甲", "乙", "丙"]
