"""Forecasts against what can be worked out by hand, and the rules by which one is shown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.forecast.accuracy import mean_absolute_error, scaled_error, seasonal_scale
from geo.forecast.choice import NAIVE, WAYS, Plan, forecasts
from geo.forecast.smoothing import HOLT, SIMPLE, WINTERS, Weights, needed, seasonal_naive, smoothed
from geo.forecast.spread import count_range, dispersion
from geo.forecast.trend import count_trend, trend_forecasts

series = st.lists(st.integers(0, 30), min_size=16, max_size=40)
plan = Plan(season=2, horizon=2, fewest_origins=2, most_origins=5)


def frame(*columns: list[int]) -> pd.DataFrame:
    return pd.DataFrame({f"s{n}": one for n, one in enumerate(columns)})


def test_repeating_takes_the_last_season_in_order() -> None:
    assert seasonal_naive([1, 2, 3, 4, 5], [5, 4], 4, season=3)[0].tolist() == [[3, 4, 5, 3], [2, 3, 4, 2]]
    assert seasonal_naive([1, 2, 3], [3], 2)[0, 0].tolist() == [3, 3]


def test_scaled_error_by_hand() -> None:
    # Within the train 1, 3, 2, 6 the season of two changed by 1 and 3, so 2 on average; told 2, 6 for 5, 5: off by 3 and 1.
    assert float(seasonal_scale([1, 3, 2, 6], 2)) == 2.0
    assert scaled_error([1, 3, 2, 6], [5, 5], [2, 6], season=2) == 1.0
    assert np.isnan(scaled_error([4, 4, 4], [5], [4], season=1))
    assert np.isnan(mean_absolute_error([], []))


def test_smoothing_by_hand() -> None:
    # Level 10; a surprise of 10 with weight a half makes 15; a surprise of -5 makes 12.5.
    half = Weights.of((0.5,))
    assert smoothed([10, 20, 10], [1, 2, 3], 2, weights=half)[0].tolist() == [[10, 10], [15, 15], [12.5, 12.5]]
    # A straight line has no surprises: Holt without damping carries it on, with damping it levels off.
    line, carried = [2, 4, 6, 8], Weights.of((0.3,), (0.3,))
    assert smoothed(line, [4], 3, weights=carried)[0, 0] == pytest.approx([10, 12, 14])
    damped = smoothed(line, [4], 3, weights=Weights.of((0.9,), (0.9,), (0.0,), (0.5,)))[0, 0]
    assert np.diff(damped, n=2) < 0


def test_a_season_without_noise_is_carried_on() -> None:
    values = [10, 20, 30, 11, 21, 31, 12, 22, 32]
    told = smoothed(values, [9], 3, weights=WINTERS, season=3)[0, 0]
    assert told == pytest.approx([13, 23, 33], abs=0.5)
    assert needed(WINTERS, 3) == 6
    assert (needed(HOLT, 1), needed(SIMPLE, 1)) == (2, 1)


def test_a_later_origin_knows_nothing_of_what_came_after() -> None:
    values = np.arange(30.0) % 7 + 3
    changed = values.copy()
    changed[20:] = 99
    for way in WAYS.values():
        known, other = (way(one[None], [16, 20], 3, 7) for one in (values, changed))
        assert known == pytest.approx(other)


def test_a_trend_is_that_of_the_counts() -> None:
    found = count_trend([8, 16, 32, 64])
    assert found.percent_per_step == pytest.approx(100.0)
    assert found.deviance == pytest.approx(0.0, abs=1e-9)
    assert trend_forecasts([8, 16, 32, 64], [4], 1)[0, 0] == pytest.approx([128.0], rel=1e-3)
    assert trend_forecasts([8, 16, 32, 64], [4], 3)[0, 0].max() == 128.0


def test_a_negative_binomial_trend_scatters_more() -> None:
    draws = np.random.default_rng(7).negative_binomial(2, 2 / 22, 200)
    plain, wide = count_trend(draws), count_trend(draws, family="negative_binomial")
    assert wide.dispersion == pytest.approx(0.5, abs=0.2)
    assert wide.se[1] > 2 * plain.se[1]
    assert wide.overdispersion == pytest.approx(1.0, abs=0.05)
    assert plain.overdispersion > 5


@pytest.mark.parametrize("counts", [[0, 0, 0, 0], [1, 2], [1, -2, 3, 4]])
def test_a_trend_of_nothing_is_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        count_trend(counts)
    with pytest.raises(ValueError, match="family"):
        count_trend([1, 2, 3, 4], family="normal")


def test_intervals_are_whole_counts_and_hold_what_they_say() -> None:
    low, high = count_range([4.0, 4.0, 0.0], [0.0, 1.0, 0.0], 0.8)
    assert (low.tolist(), high.tolist()) == ([2, 0, 0], [7, 10, 0])  # of 0.8^k: one in ten is above 10
    assert dispersion([2, 2], [2, 2]).item() == 0
    assert dispersion([2.0, 2.0], [0, 8]).item() == pytest.approx((4 - 2 + 36 - 2) / 8)


@pytest.mark.parametrize("scatter", [0.0, 0.3])
def test_intervals_cover_by_simulation(scatter: float) -> None:
    """Of what came, eight in ten or somewhat more lie in the interval that was told before."""
    random = np.random.default_rng(20_260_101)
    mean = np.tile([6.0, 9, 9, 8, 8, 3, 2], 12)[:, None] * np.ones(60)
    draws = random.negative_binomial(1 / scatter, 1 / (1 + scatter * mean)) if scatter else random.poisson(mean)
    known, later = pd.DataFrame(draws[:-7]), draws[-7:]
    found = forecasts(known, Plan(season=7, horizon=7, level=0.8))
    inside = (later >= found.low.to_numpy()) & (later <= found.high.to_numpy())
    whole = later.sum(axis=0)
    total = (whole >= found.total["low"]) & (whole <= found.total["high"])
    assert 0.8 <= inside.mean() <= 0.95
    assert 0.7 <= total.mean() <= 0.99


def test_only_what_beats_the_last_season_is_shown() -> None:
    noise = np.random.default_rng(3).poisson(20, 60).tolist()
    found = forecasts(frame(noise, [5, 1] * 30), plan)
    assert found.chosen["way"].tolist()[1] == NAIVE
    assert found.chosen["beats_naive"].tolist() == [True, False]
    row = found.chosen.loc["s0"]
    assert row["mase"] < row["naive_mase"]
    assert row["mase"] == found.backtest.loc["s0", "mase"].min()


def test_too_short_a_history_shows_the_last_season_and_says_so() -> None:
    found = forecasts(frame([1, 2, 3]), Plan(season=1, horizon=2, fewest_origins=4))
    assert found.chosen.loc["s0", ["way", "beats_naive", "origins"]].tolist() == [NAIVE, False, 0]
    assert np.isnan(found.chosen.loc["s0", "mase"])
    assert found.mean["s0"].tolist() == [3, 3]
    few = forecasts(frame(list(range(9))), Plan(season=1, horizon=2, fewest_origins=99))
    assert few.chosen.loc["s0", "way"] == NAIVE
    with pytest.raises(ValueError, match="at least 3"):
        forecasts(frame([1, 2]), Plan(season=3))


@given(series, series)
def test_a_series_is_told_alike_alone_and_beside_others(one: list[int], other: list[int]) -> None:
    size = min(len(one), len(other))
    alone, beside = forecasts(frame(one[:size]), plan), forecasts(frame(one[:size], other[:size]), plan)
    assert alone.mean["s0"].to_numpy() == pytest.approx(beside.mean["s0"].to_numpy(), rel=1e-6, abs=1e-6)
    assert (alone.low["s0"] <= alone.high["s0"]).all()
    assert (alone.mean >= 0).all().all()
    assert alone.total["mean"].to_numpy() == pytest.approx(alone.mean.sum().to_numpy())
    assert (alone.chosen["mase"] < alone.chosen["naive_mase"]).item() == alone.chosen["beats_naive"].item()


@given(series, st.integers(2, 5))
def test_smoothing_follows_the_unit(values: list[int], factor: int) -> None:
    for weights, season in ((SIMPLE, 1), (HOLT, 1), (WINTERS, 2)):
        one = smoothed(values, [len(values)], 2, weights=weights, season=season)
        other = smoothed(np.array(values) * float(factor), [len(values)], 2, weights=weights, season=season)
        assert other == pytest.approx(one * factor, abs=1e-4)
