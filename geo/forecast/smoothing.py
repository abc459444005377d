"""Forecasts that repeat or smooth: the last season again, a level, a damped trend, a season that moves.

Simple exponential smoothing (Brown 1959), Holt's trend (1957), damped (Gardner and McKenzie 1985), with an additive
season (Winters 1960). Start values as in R's ``HoltWinters``: the first value, or the second and its rise. All series
and all weights run at once through time, so every origin of a backtest costs no more than the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of smoothing to try, each of shape (p,) and 0 to 1.

    ``level`` is how much of a surprise goes into the level, ``trend`` how much of a change of level into the trend,
    ``season`` how much of what is left into the season, ``damping`` what remains of a trend after each step.
    """

    level: Floats
    trend: Floats
    season: Floats
    damping: Floats

    @classmethod
    def of(
        cls,
        level: Sequence[float],
        trend: Sequence[float] = (0.0,),
        season: Sequence[float] = (0.0,),
        damping: Sequence[float] = (1.0,),
    ) -> "Weights":
        """Give all combinations."""
        return cls(*np.array(list(product(level, trend, season, damping)), dtype=float).T)


SIMPLE = Weights.of(np.round(np.arange(0.05, 1.0, 0.05), 2).tolist())
HOLT = Weights.of((0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9), (0.05, 0.1, 0.2, 0.4), (0.0,), (0.8, 0.9, 0.98))
WINTERS = Weights.of((0.02, 0.05, 0.1, 0.2, 0.35, 0.5), (0.0, 0.05, 0.1), (0.02, 0.05, 0.1, 0.2, 0.4), (0.9, 0.98))


@dataclass
class _State:
    """Level and trend, shape (series, weights), the season, shape (season, series, weights), and squared errors."""

    level: Floats
    trend: Floats
    season: Floats
    squares: Floats
    steps: int = 0

    def step(self, value: Floats, weights: Weights) -> None:
        """Take in one value of each series, shape (series, 1)."""
        place = self.steps % len(self.season)
        rise = weights.damping * self.trend
        error = value - (self.level + rise + self.season[place])
        self.squares = self.squares + error**2
        self.level = self.level + rise + weights.level * error
        self.trend = rise + weights.level * weights.trend * error
        self.season[place] = self.season[place] + weights.season * (1 - weights.level) * error
        self.steps += 1

    def ahead(self, horizon: int, weights: Weights) -> Floats:
        """Give what comes with the weights that fitted best so far, shape (series, horizon)."""
        best = np.argmin(self.squares, axis=1)
        rows = np.arange(len(best))
        damped = np.cumsum(weights.damping[best][:, None] ** np.arange(1, horizon + 1), axis=1)
        places = (self.steps + np.arange(horizon)) % len(self.season)
        season = self.season[places][:, rows, best].T
        return np.asarray(self.level[rows, best][:, None] + damped * self.trend[rows, best][:, None] + season)


def _start(values: Floats, weights: Weights, season: int) -> tuple[_State, int]:
    """Give the state to begin with, and how many values it used."""
    shape = (len(values), len(weights.level))
    no_season, zero = np.zeros((1, *shape)), np.zeros(shape)
    if season > 1:
        first, second = values[:, :season], values[:, season : 2 * season]
        rise = (second.mean(axis=1) - first.mean(axis=1)) / season
        line = rise[:, None] * (np.arange(season) - (season - 1) / 2)
        form = (first - first.mean(axis=1)[:, None] + second - second.mean(axis=1)[:, None]) / 2 - line
        level = first.mean(axis=1) + rise * (season - 1) / 2
        shaped = np.broadcast_to(form.T[:, :, None], (season, *shape)).copy()
        return _State(level[:, None] + zero, rise[:, None] + zero, shaped, zero, 0), season
    if weights.trend.any():
        rise = values[:, 1] - values[:, 0]
        return _State(values[:, 1, None] + zero, rise[:, None] + zero, no_season, zero, 0), 2
    return _State(values[:, 0, None] + zero, zero, no_season, zero, 0), 1


def needed(weights: Weights, season: int) -> int:
    """Say how many values smoothing needs before it can tell anything."""
    return 2 * season if season > 1 else 2 if weights.trend.any() else 1


def smoothed(values: ArrayLike, origins: Sequence[int], horizon: int, *, weights: Weights, season: int = 1) -> Floats:
    """Forecast from several origins, at each with the weights that fitted best up to there.

    Args:
        values: series in equal steps of time, shape (series, n), any unit.
        origins: how many values are known at each origin, ascending, at least ``needed``.
        horizon: steps to tell.
        weights: what to try; ``season`` of them counts only with a season.
        season: steps in a season, 1 for none.

    Returns:
        Shape (series, origins, horizon); may be below zero.
    """
    series = np.atleast_2d(np.asarray(values, dtype=float))
    state, used = _start(series, weights, season)
    told, wanted = [], list(origins)
    for known in range(used, max(wanted) + 1):
        if known in wanted:
            told.append(state.ahead(horizon, weights))
        if known < series.shape[1]:
            state.step(series[:, known, None], weights)
    return np.stack(told, axis=1)


def squared_error(values: ArrayLike, *, weights: Weights, season: int = 1) -> Floats:
    """Give the sum of squared errors one step ahead, shape (series, weights)."""
    series = np.atleast_2d(np.asarray(values, dtype=float))
    state, used = _start(series, weights, season)
    for known in range(used, series.shape[1]):
        state.step(series[:, known, None], weights)
    return state.squares


def seasonal_naive(values: ArrayLike, origins: Sequence[int], horizon: int, *, season: int = 1) -> Floats:
    """Repeat the last season from several origins; with a season of 1 the last value.

    Args:
        values: series in equal steps of time, shape (series, n).
        origins: how many values are known at each origin, at least a season.
        horizon: steps to tell.
        season: steps in a season.

    Returns:
        Shape (series, origins, horizon).
    """
    series = np.atleast_2d(np.asarray(values, dtype=float))
    ahead = np.arange(horizon) % season
    return np.stack([series[:, one - season + ahead] for one in origins], axis=1)
