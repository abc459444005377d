import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import coordinate_faults
from geo.coordinate_faults import ROW_FAULTS, far_rows, fault_words, precision, row_faults, stacks


def test_rows_that_are_no_place() -> None:
    x = np.array([1.0, np.nan, np.nan, np.inf, 0.0, 0.0])
    y = np.array([2.0, 2.0, np.nan, 2.0, 0.0, 5.0])
    found = row_faults(x, y)
    assert {code: rows.tolist() for code, rows in found.items()} == {
        "coordinate_half": [1], "coordinate_infinite": [3], "coordinate_zero": [4],
    }  # fmt: skip
    assert "coordinate_zero" not in row_faults(x, y, local=True)
    assert row_faults(x[:1], y[:1]) == {}
    assert set(found) <= set(ROW_FAULTS)
    words = fault_words(found)
    assert "1 row is not placed" in words[0].en
    assert words[0].zh.startswith("1 行")


def test_far_is_beyond_ten_kilometres_and_the_length_of_the_boundary() -> None:
    small, large = shapely.box(0, 0, 1_000, 1_000), shapely.box(0, 0, 100_000, 100_000)
    east = np.array([500.0, -9_000.0, -12_000.0, np.nan])
    assert far_rows(east, np.zeros(4), small).tolist() == [False, False, True, True]
    assert far_rows(east, np.zeros(4), large).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("decimals", "degrees", "ground_m", "coarse"),
    [
        (2, True, 556.6, True),
        (3, True, 55.66, True),
        (4, True, 5.566, True),
        (5, True, 0.5566, False),
        (6, True, 0.05566, False),
        (2, False, 0.005, False),
    ],
)
def test_decimals_and_their_size_on_the_ground(decimals: int, degrees: bool, ground_m: float, coarse: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(decimals)
    x, y = rng.uniform(110, 112, 200).round(decimals), rng.uniform(26, 28, 200).round(decimals)
    x[:5] += 1e-9
    found = precision(x, y, degrees=degrees)
    assert found is not None
    assert (found.decimals, found.coarse) == (decimals, coarse)
    assert found.ground_m == pytest.approx(ground_m, rel=1e-3)
    assert ("fewer than 5" in found.words().en) == coarse


def test_without_numbers_nothing_is_said_of_decimals() -> None:
    assert precision(np.array([np.nan]), np.array([np.nan]), degrees=True) is None
    whole = precision(np.array([5.0]), np.array([1e8]), degrees=False)
    assert whole is not None
    assert (whole.decimals, whole.ground_m) == (0, 0.5)


def test_coordinates_of_many_rows_are_listed() -> None:
    x = np.array([1.0] * 60 + [2.0] * 12 + [3.0] * 5 + [*range(10, 33), np.nan])
    found = stacks(x, -x)
    assert [(one.x, one.y, one.rows, one.default) for one in found] == [(1, -1, 60, True), (2, -2, 12, False)]
    assert stacks(np.array([]), np.array([])) == ()


@given(st.lists(st.sampled_from([1.0, 2.5, 3.25, 112.123456, 1e8 + 0.1]), min_size=1, max_size=60), st.integers(0, 7))
def test_decimals_are_told_part_by_part_as_from_all_at_once(numbers: list[float], decimals: int) -> None:
    values = np.array(numbers * 5)
    exact = np.abs(np.round(values, decimals) - values) <= 4 * np.spacing(np.abs(values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coordinate_faults, "_SOME", 7)
        assert coordinate_faults._almost_all(values, decimals) == (exact.mean() >= 0.95)
