from collections.abc import Callable

import pandas as pd
import pytest

from reports.progress import RATES, Rules, figures, league, month
from reports.progress.league import TITLES, footnote

MARCH = month(2024, 3)
Cases = Callable[..., pd.DataFrame]


def of_grids(cases: Cases, kept: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Cases of grids: so many closed on time of so many due."""
    rows = [
        {
            "reported_at": "2024-03-01", "final_due_at": "2024-03-05", "grid_id": grid or None,
            "closed_at": "2024-03-04" if at < on_time else "2024-03-08",
            "verified_at": "2024-03-09", "rework_count": int(at >= on_time),
        }
        for grid, (on_time, due) in kept.items()
        for at in range(due)
    ]  # fmt: skip
    return figures(cases(*rows), MARCH, by="grid")


def test_small_grids_are_described_and_large_ones_ranked_with_an_interval(cases: Cases) -> None:
    table = of_grids(cases, {"A": (90, 100), "B": (50, 100), "C": (4, 4), "D": (5, 9), "": (3, 30)})
    found = league(table, "on_time_rate")
    assert found.index.tolist() == ["A", "D", "B", "C"]
    assert found["rank"].tolist() == [1, 2, 3, pd.NA]
    assert found["rank_low"].tolist()[:3] == [1, 2, 2]
    assert found["rank_high"].tolist()[:3] == [1, 3, 3]
    assert found["described_only"].tolist() == [False, False, False, True]
    assert found.loc["C", "rate"] == 100
    assert found.loc["C", "low"] < 55
    assert list(found) == list(TITLES)


def test_where_less_is_better_the_least_comes_first(cases: Cases) -> None:
    table = of_grids(cases, {"A": (90, 100), "B": (50, 100)})
    for figure in ("rework_rate", "overdue_rate"):
        found = league(table, figure)
        assert found.index.tolist() == ["A", "B"]
        assert found["rate"].tolist() == [10, 50]
        assert (found["low"] < found["rate"]).all()


def test_equal_grids_share_a_rank(cases: Cases) -> None:
    found = league(of_grids(cases, {"A": (5, 10), "B": (5, 10)}), "on_time_rate")
    assert found["rank"].tolist() == [1, 1]
    assert found["rank_high"].tolist() == [2, 2]


def test_what_it_is_of_must_be_a_rate(cases: Cases) -> None:
    with pytest.raises(ValueError, match="not of weather"):
        league(of_grids(cases, {"A": (5, 10)}), "weather")
    assert league(figures(cases(), MARCH, by="grid"), "closing_rate", rules=Rules()).empty
    assert all(one.worse in {"low", "high"} for one in RATES.values())


def test_it_says_how_to_read_it() -> None:
    words = footnote()
    assert "不足 5 件" in words.zh
    assert "fewer than 5 cases" in words.en
