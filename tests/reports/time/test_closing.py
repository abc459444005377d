"""Time to close, on five cases that can be worked out by hand, and on what must always hold."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from geo.text import Lang, Text
from reports.time.cases import ALL
from reports.time.closing import closing_times
from reports.time.shown import closing_rows, curves_table, drawable_units

NOW = datetime.fromisoformat("2024-06-11T00:00")


def cases(rows: list[tuple[str, float, float | None, str, float | None]]) -> pd.DataFrame:
    """Cases by type, days since the report, days to the closing (None: open), state, days to the deadline."""
    start = [NOW - timedelta(days=ago) for _, ago, _, _, _ in rows]
    after = [(at, row) for at, row in zip(start, rows, strict=True)]
    never = pd.NaT
    table = {
        "issue_type": [row[0] for row in rows],
        "grid_id": "G1",
        "source": "app",
        "reported_at": start,
        "closed_at": [never if row[2] is None else at + timedelta(days=row[2]) for at, row in after],
        "final_due_at": [never if row[4] is None else at + timedelta(days=row[4]) for at, row in after],
        "state": [row[3] for row in rows],
        "state_since": [at + timedelta(days=2) for at in start],
        "head": None,
    }
    found = pd.DataFrame(table, index=[f"i{n}" for n in range(len(rows))])
    times = ["reported_at", "closed_at", "final_due_at", "state_since"]
    return found.astype(dict.fromkeys(times, "datetime64[us]"))


FIVE = [
    ("A", 10, 1, "closed", 2),  # closed after a day, in time
    ("A", 10, 4, "closed", 2),  # closed after four days, late
    ("A", 10, None, "accepted", 20),  # open for ten days
    ("A", 10, None, "to_project", 5),  # became a project after two days: left, not closed
    ("A", 3, None, "accepted", 1),  # open for three days, overdue
]


def test_five_cases_by_hand() -> None:
    """At 1 day one of 5 closes: 0.8. At 2 one leaves. At 3 one is last seen. At 4 one of 2: 0.4, below a half."""
    found = closing_times(cases(FIVE), NOW, fewest_events=2)
    row = found.table.loc["A"]
    assert row[["number", "closed", "open", "left"]].tolist() == [5, 2, 2, 1]
    assert row["median_days"] == pytest.approx(4.0)
    assert row["seen_days"] == pytest.approx(10.0)
    assert not row["is_pooled"]
    # In units of the limit: closed at 0.5 and 2; seen to 0.5 (open), 0.4 (left), 3 (open). At 0.5 one of four: 0.75.
    assert row["in_limit_percent"] == pytest.approx(25.0)
    assert found.test is None


def test_what_the_curve_does_not_reach_is_more_than_was_seen() -> None:
    found = closing_times(cases([*FIVE[:1], *FIVE[2:3] * 3]), NOW, fewest_events=1)
    assert np.isnan(found.table.loc["A", "median_days"])
    assert closing_rows(found, {}, Lang.EN).loc["A", "median"] == "more than 10.0 days"


def test_small_groups_are_told_with_the_curve_of_all_and_marked() -> None:
    rows = [("A", 30, 1.0, "closed", 2)] * 25 + [("B", 30, 9.0, "closed", 10)] * 3
    found = closing_times(cases(rows), NOW)
    assert found.table["is_pooled"].to_dict() == {ALL: False, "A": False, "B": True}
    assert found.table.loc["B", "median_days"] == found.table.loc[ALL, "median_days"] == 1.0
    assert found.table.loc["B", ["number", "closed"]].tolist() == [3, 3]


def test_groups_are_compared_each_with_the_rest() -> None:
    rows = [("A", 30, 1.0 + n / 100, "closed", 2) for n in range(25)]
    rows += [("B", 30, 5.0 + n / 100, "closed", 10) for n in range(25)]
    rows += [("C", 30, 3.0 + n / 5 - 2.5, "closed", 10) for n in range(25)]
    found = closing_times(cases(rows), NOW)
    assert found.table["direction"].dropna().to_dict() == {"A": "faster", "B": "slower", "C": "alike"}
    assert found.test is not None
    assert found.test.df == 2
    assert found.test.p < 1e-6


def test_order_of_rows_does_not_matter() -> None:
    one, other = (closing_times(cases(rows), NOW, fewest_events=1).table for rows in (FIVE, FIVE[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_curves_to_draw_are_those_with_enough_closings() -> None:
    rows = [("A", 30, 1.0, "closed", 2)] * 25 + [("B", 30, 9.0, "closed", 10)] * 3
    found = closing_times(cases(rows), NOW)
    assert drawable_units(found, 4) == ["A"]
    table = curves_table(found, [ALL, "A", "B"], {"A": Text("甲", "a")}, Lang.ZH)
    assert set(table["label"]) == {ALL, "甲"}
    assert table["open"].between(0, 100).all()


def test_another_grouping_is_refused() -> None:
    with pytest.raises(ValueError, match="type, grid, source"):
        closing_times(cases(FIVE), NOW, by="person")
