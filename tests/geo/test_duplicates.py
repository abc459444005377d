import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.duplicates import (
    Reports,
    duplicate_pairs,
    earlier_alike,
    group_extents,
    group_numbers,
    with_likeness,
    with_photo_bits,
)

spot = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 100), st.sampled_from(["a", "b", None]))


def reports(rows: list[tuple[float, float, float, str | None]]) -> Reports:
    x, y, hour, kind = zip(*rows, strict=True)
    return Reports.of(x, y, hour, kind)


@given(st.lists(spot, min_size=1, max_size=40), st.integers(0, 15), st.integers(0, 30))
def test_pairs_are_those_of_a_plain_search(
    rows: list[tuple[int, int, int, str | None]], metres: int, hours: int
) -> None:
    found = duplicate_pairs(reports(rows), max_distance_m=metres, max_hours=hours)
    wanted = [
        (a, b)
        for a, b in itertools.combinations(range(len(rows)), 2)
        if rows[a][3] == rows[b][3] is not None
        and np.hypot(rows[a][0] - rows[b][0], rows[a][1] - rows[b][1]) <= metres
        and abs(rows[a][2] - rows[b][2]) <= hours
    ]
    assert list(zip(found["first"], found["second"], strict=True)) == wanted


@given(st.lists(spot, min_size=1, max_size=40))
def test_groups_hold_their_pairs_and_are_as_wide_as_their_farthest(
    rows: list[tuple[int, int, int, str | None]],
) -> None:
    given_ = reports(rows)
    pairs = duplicate_pairs(given_, max_distance_m=8, max_hours=20)
    number = group_numbers(len(given_), pairs["first"], pairs["second"])
    assert (number[pairs["first"]] == number[pairs["second"]]).all()
    assert number.max() + 1 + len(pairs) >= len(rows)  # a forest has no fewer trees
    extents = group_extents(given_, number)
    assert extents["size"].sum() == sum(size for size in np.bincount(number) if size > 1)
    for group, row in extents.iterrows():
        members = np.flatnonzero(number == group)
        far = [np.hypot(given_.x[a] - given_.x[b], given_.y[a] - given_.y[b]) for a in members for b in members]
        assert row["extent_m"] == pytest.approx(max(far), abs=1e-6)
        assert row["span_hours"] == np.ptp(given_.hour[members])


def test_a_chain_joins_what_is_far_apart_and_says_so() -> None:
    given_ = reports([(8.0 * at, 3.1e6, 10.0 * at, "a") for at in range(100)])
    pairs = duplicate_pairs(given_, max_distance_m=8, max_hours=10)
    extents = group_extents(given_, group_numbers(100, pairs["first"], pairs["second"]))
    assert len(pairs) == 99
    assert extents.iloc[0].tolist() == [100, 792, 990]


def test_a_report_without_place_time_or_kind_takes_no_part() -> None:
    given_ = reports([(0, 0, 0, "a"), (np.nan, 0, 0, "a"), (0, 0, np.nan, "a"), (0, 0, 0, None)])
    assert duplicate_pairs(given_, max_distance_m=5, max_hours=5).empty
    assert duplicate_pairs(Reports.of([], [], [], []), max_distance_m=5, max_hours=5).empty


@pytest.mark.parametrize(("metres", "hours"), [(-1, 1), (1, -1), (np.inf, 1), (1, np.nan)])
def test_limits_must_be_limits(metres: float, hours: float) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        duplicate_pairs(reports([(0, 0, 0, "a")]), max_distance_m=metres, max_hours=hours)


def test_reasons_are_numbers() -> None:
    pairs = pd.DataFrame({"first": [0, 0], "second": [1, 2]})
    found = with_photo_bits(with_likeness(pairs, ["路灯不亮", "路灯 不亮了", ""]), [[0b1011, 0], [0b1000], []])
    assert 0.7 < found["text"][0] < 1
    assert np.isnan(found["text"][1])
    assert found["photo_bits"].tolist() == [1, pd.NA]


@given(st.lists(spot, min_size=1, max_size=40), st.integers(0, 15), st.integers(0, 30))
def test_a_report_has_an_earlier_one_where_a_plain_search_finds_it(
    rows: list[tuple[int, int, int, str | None]], metres: int, hours: int
) -> None:
    found = earlier_alike(reports(rows), max_distance_m=metres, max_hours=hours)
    wanted = [
        any(
            rows[b][3] == rows[a][3] is not None
            and (rows[b][2], b) < (rows[a][2], a)
            and rows[a][2] - rows[b][2] <= hours
            and np.hypot(rows[a][0] - rows[b][0], rows[a][1] - rows[b][1]) <= metres
            for b in range(len(rows))
        )
        for a in range(len(rows))
    ]
    assert found.tolist() == wanted


def test_thousands_on_one_spot_cost_no_pairs() -> None:
    many = 20_000
    found = earlier_alike(
        Reports.of(np.zeros(many), np.zeros(many), np.arange(many), np.full(many, "a", dtype=object)),
        max_distance_m=30,
        max_hours=720,
    )
    assert found.sum() == many - 1
