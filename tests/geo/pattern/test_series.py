"""Trends and emerging hot spots: five steps by hand, and what must not change them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from geo.pattern.emerging import TOO_SHORT, categories, emerging_hot_spots, space_time_z
from geo.pattern.hotspots import gi_star
from geo.pattern.neighbours import listed
from geo.pattern.trend import mann_kendall, seasonal_mann_kendall

FIVE = [1.0, 3.0, 2.0, 2.0, 5.0]
SERIES = arrays(float, (3, 9), elements=st.integers(0, 9).map(float))


def test_five_steps_by_hand() -> None:
    """Signs: 1 rises to all (4); 3 falls twice, rises once; 2-2 ties, each rises once: S = 4 - 1 + 1 + 1 = 5."""
    found = mann_kendall(FIVE, least=5)
    assert found.s[0] == 5
    assert found.variance[0] == pytest.approx((5 * 4 * 15 - 2 * 1 * 9) / 18)
    assert found.z[0] == pytest.approx(4 / np.sqrt(found.variance[0]))
    assert found.tau_a[0] == 0.5
    assert found.tau_b[0] == pytest.approx(5 / np.sqrt(10 * 9))
    # Slopes 2, 1/2, 1/3, 1, -1, -1/2, 2/3, 0, 3/2, 3; the middle two are 1/2 and 2/3.
    assert found.slope[0] == pytest.approx(7 / 12)
    assert found.slope_low[0] <= found.slope[0] <= found.slope_high[0]


def test_short_series_say_nothing() -> None:
    found = mann_kendall([*FIVE, 5, 6])
    assert found.s[0] > 0
    assert np.isnan([found.z[0], found.p[0], found.slope_low[0]]).all()
    assert np.isfinite(mann_kendall([*FIVE, 5, 6, 7]).z[0])
    assert np.isnan(mann_kendall(np.zeros((2, 0))).slope).all()


@given(SERIES, st.floats(0.1, 30), st.floats(-99, 99))
def test_unit_direction_and_company_do_not_matter(series: np.ndarray, unit: float, shift: float) -> None:
    found, scaled = mann_kendall(series), mann_kendall(series * unit + shift)
    back = mann_kendall(series[:, ::-1])
    assert back.s.tolist() == (-found.s).tolist()
    assert back.slope == pytest.approx(-found.slope)
    assert scaled.slope == pytest.approx(found.slope * unit, abs=1e-9)
    alone = mann_kendall(series[1])
    assert (alone.s[0], alone.variance[0], alone.slope[0]) == (found.s[1], found.variance[1], found.slope[1])


def test_gaps_keep_the_clock() -> None:
    found = mann_kendall([0, np.nan, 2, 3, np.nan, 5, 6, 7, 8, 9])
    assert found.values[0] == 8
    assert found.slope[0] == pytest.approx(1)
    assert found.s[0] == 28


def test_a_yearly_wave_is_no_trend_and_a_trend_shows_through_it() -> None:
    wave = np.tile([0.0, 2, 7, 9], 6)
    still = seasonal_mann_kendall(wave, 4)
    assert still.s[0] == 0
    assert still.slope[0] == 0
    rising = seasonal_mann_kendall(wave + 0.5 * np.arange(24), 4)
    assert rising.s[0] == 4 * 15
    assert rising.slope[0] == pytest.approx(0.5)
    assert rising.p[0] < 0.001
    with pytest.raises(ValueError, match="at least 2"):
        seasonal_mann_kendall(wave, 1)


def test_one_step_of_space_and_time_is_gi_star() -> None:
    around = listed([[1], [0, 2], [1, 3], [2, 4], [3]])
    values = np.array([1.0, 2.0, 3.0, 4.0, 10.0])
    assert space_time_z(values[:, None], around)[:, 0] == pytest.approx(gi_star(values, around).z)


def test_space_and_time_by_hand() -> None:
    """Two places side by side, two steps: the second step sees all four values, so nothing can be told of it."""
    found = space_time_z([[1.0, 2.0], [3.0, 6.0]], listed([[1], [0]]))
    deviation = np.std([1, 2, 3, 6])
    assert found[0, 0] == pytest.approx((4 - 2 * 3) / (deviation * np.sqrt((4 * 2 - 4) / 3)))
    assert np.isnan(found[:, 1]).all()


def test_few_steps_have_no_category() -> None:
    around = listed([[1], [0, 2], [1]])
    found = emerging_hot_spots(np.arange(27.0).reshape(3, 9), around)
    assert found.category.tolist() == ["", "", ""]
    assert found.meta["warnings"] == (TOO_SHORT,)
    whole = emerging_hot_spots(np.arange(30.0).reshape(3, 10), around)
    assert all(whole.category)


@given(arrays(float, (4, 10), elements=st.sampled_from([-3.0, -1.0, 0.0, 1.0, 3.0])))
def test_cold_is_hot_turned_round_and_every_place_has_one_category(z: np.ndarray) -> None:
    _, found = categories(z)
    _, turned = categories(-z)
    swap = {"hot": "cold", "cold": "hot"}
    mirrored = [" ".join(swap.get(word, word) for word in one.split()) for one in turned]
    assert found.tolist() == mirrored
    assert all(found)
    for row, one in zip(z, found, strict=True):
        ends_hot = "hot" in one and "historical" not in one
        assert not ends_hot or row[-1] >= 1.96
        assert row[-1] < 1.96 or ends_hot  # a hot last step always has a category


def test_series_with_gaps_have_no_category() -> None:
    trend, found = categories([[np.nan, *[1.0] * 9]])
    assert found.tolist() == [""]
    assert np.isnan(trend[0])
