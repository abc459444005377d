"""Series of reports: which steps are whole, where a register ends, where counting changed; and what is told."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from geo.forecast.choice import NAIVE
from geo.text import Lang, Text
from reports.time.cases import ALL
from reports.time.inflow import inflow
from reports.time.series import STEPS, Break, breaks_of, counted, register_end, shape, usual_step
from reports.time.shown import backtest_rows, inflow_chart, inflow_rows

START = datetime.fromisoformat("2024-01-01T00:00")


def reports(days: list[int], kinds: list[str] | None = None) -> pd.DataFrame:
    """One report at noon of each day, counted from the first of January."""
    at = pd.to_datetime([START + timedelta(days=one, hours=12) for one in days]).astype("datetime64[us]")
    return pd.DataFrame({"reported_at": at, "issue_type": kinds or ["A"] * len(days), "grid_id": None, "source": None})


def test_a_running_day_does_not_count() -> None:
    cases = reports([0, 1, 2])
    assert register_end(cases, datetime.fromisoformat("2024-01-03T18:00")) == (date(2024, 1, 3), False)
    assert register_end(cases, datetime.fromisoformat("2024-01-03T23:59:59")) == (date(2024, 1, 4), False)


def test_silence_at_the_end_is_the_end_of_a_register() -> None:
    assert register_end(reports([0, 1, 2]), datetime.fromisoformat("2024-01-20T00:00")) == (date(2024, 1, 4), True)
    assert register_end(reports([]), datetime.fromisoformat("2024-01-20T00:00")) == (date(2024, 1, 20), False)


def test_days_weeks_and_months_are_whole() -> None:
    cases = reports([*range(40), 3, 3])
    days = counted(cases, STEPS["day"], date(2024, 2, 10))
    assert days[ALL].tolist() == [1, 1, 1, 3] + [1] * 36
    weeks = counted(cases, STEPS["week"], date(2024, 2, 10))
    assert weeks[ALL].tolist() == [7] * 5
    assert weeks.index[0] == pd.Timestamp("2024-01-06")
    months = counted(cases, STEPS["month"], date(2024, 2, 10))
    assert months[ALL].to_dict() == {pd.Timestamp("2024-01-01"): 33}
    assert counted(cases[cases["reported_at"] > "2024-01-02"], STEPS["month"], date(2024, 3, 1))[ALL].tolist() == [9]


def test_units_add_up_to_all() -> None:
    table = counted(reports([0, 0, 1, 5, 6], ["A", "B", "A", "B", "C"]), STEPS["day"], date(2024, 1, 7), by="type")
    assert (table.drop(columns=ALL).sum(axis=1) == table[ALL]).all()
    assert table[ALL].sum() == 4  # what lies on the day that does not count is left out


def test_a_season_has_to_be_seen_twice() -> None:
    assert shape(STEPS["month"], 30) == (12, 3)
    assert shape(STEPS["month"], 12) == (1, 3)
    assert shape(STEPS["day"], 300) == (7, 28)
    assert shape(STEPS["day"], 30) == (7, 7)
    assert usual_step(reports([0, 1200]), date(2027, 4, 15)).key == "month"
    assert usual_step(reports([0]), date(2024, 2, 1)).key == "day"


def test_a_break_cuts_the_series_of_its_type_only() -> None:
    days = [day for day in range(60) for _ in range(2 if day < 30 else 20)]
    cases = reports(days, ["A", "B"] * (len(days) // 2))
    breaks = (Break(date(2024, 1, 31), "A", Text("应用上线", "an app")),)
    found = inflow(cases, datetime.fromisoformat("2024-03-01T12:00"), by="type", breaks=breaks)
    assert found.table["since"].to_dict() == {
        ALL: pd.Timestamp("2024-01-01"), "A": pd.Timestamp("2024-01-31"), "B": pd.Timestamp("2024-01-01")
    }  # fmt: skip
    assert found.table.loc["A", "reports"] == 300
    assert "2024-01-31" in found.words.zh
    late = inflow(
        cases, datetime.fromisoformat("2024-03-01T12:00"), breaks=(Break(date(2025, 1, 1), None, Text("", "")),)
    )
    assert late.breaks == ()


def test_what_is_told_is_either_better_or_the_last_week_again() -> None:
    random = np.random.default_rng(5)
    days = [day for day in range(120) for _ in range(random.poisson([12, 12, 10, 9, 8, 2, 1][day % 7]))]
    found = inflow(reports(days), datetime.fromisoformat("2024-04-30T12:00"))
    row = found.table.loc[ALL]
    assert (found.step.key, found.season, found.horizon) == ("day", 7, 28)
    assert row["beats_naive"] == (row["mase"] < row["naive_mase"])
    assert row["low"] <= row["mean"] <= row["high"]
    assert row["mean"] == pytest.approx(54 * 4, rel=0.15)
    assert found.steps["begins"].tolist()[0] == pd.Timestamp("2024-04-30")
    flat = inflow(reports(list(range(40))), datetime.fromisoformat("2024-02-10T00:00"))
    assert flat.table.loc[ALL, "way"] == NAIVE
    assert not flat.table.loc[ALL, "beats_naive"]


def test_it_is_shown_as_it_is() -> None:
    found = inflow(
        reports([day for day in range(30) for _ in range(day % 7 + 1)]),
        datetime.fromisoformat("2024-01-31T00:00"),
        by="type",
    )
    rows = inflow_rows(found, {ALL: Text("全部", "all")}, Lang.ZH)
    assert rows["label"].tolist() == ["全部", "A"]
    chart = inflow_chart(found, ALL)
    assert len(chart) == 30 + found.horizon
    assert backtest_rows(found, ALL, Lang.EN)["taken"].tolist().count("✓") == 1


def test_nothing_is_told_of_nothing() -> None:
    found = inflow(reports([]), datetime.fromisoformat("2024-01-31T00:00"))
    assert found.table.empty
    assert found.steps.empty


def test_marked_days_belong_to_a_workspace() -> None:
    assert [str(one.day) for one in breaks_of("boston", None)] == ["2015-08-11"]
    assert breaks_of("huolong", None) == ()
    assert [one.day for one in breaks_of("huolong", None, more=[date(2021, 8, 9)])] == [date(2021, 8, 9)]
