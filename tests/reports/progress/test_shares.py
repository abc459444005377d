from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.progress import month, shares, solved_levels
from reports.progress.shares import LEVEL_WORDS, footnote, percent


def test_a_published_week_adds_up_to_99_99_and_is_left_so() -> None:
    """12345 hotline bulletin, week 28 of 2024: 71,184 calls in six kinds."""
    table = shares(pd.Series({"a": 33_523, "b": 21_570, "c": 10_497, "d": 3_783, "e": 228, "f": 1_583}))
    assert table["number"].sum() == 71_184
    assert table["percent"].tolist() == [47.09, 30.30, 14.75, 5.31, 0.32, 2.22]
    assert round(table["percent"].sum(), 2) == 99.99
    assert footnote(table).zh == "各项占比分别四舍五入，合计 99.99%，未强行凑成 100%"


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "printed"),
    [
        (9_269, 10_221, 2, "90.69"),  # households moved of those signed, report 004
        (30, 42, 0, "71"),  # buildings with painted stairs, report 003
        (290, 428, 3, "67.757"),
        (400, 428, 3, "93.458"),
        (1, 8, 1, "12.5"),
        (1, 800, 2, "0.13"),  # half up, as on paper
    ],
)
def test_printed_percentages(part: int, whole: int, decimals: int, printed: str) -> None:
    assert percent(part, whole, decimals) == Decimal(printed)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_rounded_shares_are_each_right_and_near_a_hundred_together(numbers: list[int]) -> None:
    table = shares(pd.Series(numbers))
    if sum(numbers) == 0:
        assert table["percent"].isna().all()
    else:
        exact = 100 * pd.Series(numbers) / sum(numbers)
        assert ((table["percent"] - exact).abs() <= 0.005 + 1e-9).all()
        assert abs(table["percent"].sum() - 100) <= 0.005 * len(numbers) + 1e-9


def test_at_which_level_cases_were_solved(cases: Callable[..., pd.DataFrame]) -> None:
    closed = {"reported_at": "2024-03-01", "closed_at": "2024-03-05"}
    table = cases(
        *({**closed, "level_solved": level} for level in ("courtyard", "courtyard", "community", None)),
        {**closed, "level_solved": "street", "closed_at": "2024-04-05"},
        {**closed, "level_solved": "street", "head": "I0"},
    )
    found = solved_levels(table, month(2024, 3))
    assert found.index.tolist() == list(LEVEL_WORDS)
    assert found["number"].tolist() == [2, 0, 1, 0, 0, 1]
    assert found["percent"].tolist() == [50, 0, 25, 0, 0, 25]
