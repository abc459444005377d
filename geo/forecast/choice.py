"""Which forecast to believe: all are tried on a rolling origin; one is kept only if it beats the last season again.

At each origin everything later is hidden, each way tells the next steps, and the errors are scaled by that of repeating
the last season within what was known (MASE). The way with the smallest mean is taken if it is below that of the
repetition; else, or with too few origins to tell, the repetition is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.forecast.accuracy import seasonal_scale
from geo.forecast.smoothing import HOLT, SIMPLE, WINTERS, seasonal_naive, smoothed
from geo.forecast.spread import count_range, dispersion
from geo.forecast.trend import trend_forecasts

Floats = NDArray[np.float64]
NAIVE = "seasonal_naive"
FEWEST_ORIGINS, MOST_ORIGINS = 4, 12
LEAST_SEEN = 0.5
"""Reports that a series without any is taken to have had, for an interval: none so far is not none for ever."""


def _winters(values: Floats, origins: Sequence[int], horizon: int, season: int) -> Floats:
    return smoothed(values, origins, horizon, weights=WINTERS, season=season)


WAYS: Mapping[str, Callable[[Floats, Sequence[int], int, int], Floats]] = {
    NAIVE: lambda values, origins, horizon, season: seasonal_naive(values, origins, horizon, season=season),
    "simple": lambda values, origins, horizon, _season: smoothed(values, origins, horizon, weights=SIMPLE),
    "holt": lambda values, origins, horizon, _season: smoothed(values, origins, horizon, weights=HOLT),
    "holt_winters": _winters,
    "trend": lambda values, origins, horizon, season: trend_forecasts(values, origins, horizon, season=season),
}
"""Ways to forecast by name; ``holt_winters`` takes part only where there is a season."""


@dataclass(frozen=True)
class Plan:
    """How to try and to tell.

    ``season`` steps in a season (1: none), ``horizon`` steps to tell, ``level`` of the intervals, ``fewest_origins``
    from which a comparison means anything, ``most_origins`` that are tried.
    """

    season: int = 1
    horizon: int = 1
    level: float = 0.8
    fewest_origins: int = FEWEST_ORIGINS
    most_origins: int = MOST_ORIGINS

    def first_origin(self) -> int:
        """Say how many values must be known before a way is tried."""
        return max(2 * self.season + 1, self.horizon, 4)

    def origins(self, number: int) -> list[int]:
        """Give the origins to try in a series of some length, the last one first known in full, evenly spaced."""
        first, last = self.first_origin(), number - self.horizon
        if last < first:
            return []
        step = max(1, (last - first) // max(self.most_origins - 1, 1), 1)
        step = min(step, max(self.horizon, 1))
        return sorted(range(last, first - 1, -step)[: self.most_origins])


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of several series.

    ``mean``, ``low`` and ``high`` have a row a step ahead (1 to horizon) and a column a series. ``total`` has a row a
    series: ``mean``, ``low``, ``high`` of all steps together. ``chosen`` has a row a series: ``way``, ``mase`` of it and
    ``naive_mase`` (NaN untried), ``beats_naive``, ``origins``, ``dispersion``. ``backtest`` has a row a series and way:
    ``mase`` and ``mae``. ``pairs`` are the totals told from each origin and what came.
    """

    mean: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    total: pd.DataFrame
    chosen: pd.DataFrame
    backtest: pd.DataFrame
    pairs: pd.DataFrame
    meta: Mapping[str, object] = field(repr=False)


def forecasts(counts: pd.DataFrame, plan: Plan) -> Forecasts:
    """Forecast counts in equal steps of time.

    Args:
        counts: a row a step in order of time, a column a series; zero or more, none unknown, at least a season long.
        plan: season, horizon, level of the intervals and how to try.

    Raises:
        ValueError: unknown or negative counts, or fewer steps than a season.
    """
    values = counts.to_numpy(dtype=float).T
    if values.shape[1] < plan.season or np.isnan(values).any() or (values < 0).any():
        msg = f"at least {plan.season} counts of zero or more are needed in each series, all known"
        raise ValueError(msg)
    number = values.shape[1]
    origins = plan.origins(number)
    ways = _ways(plan, number)
    told = {name: _told(values, [*origins, number], plan, name) for name in ways}
    came = _came(values, origins, plan.horizon)
    errors = _errors(values, origins, plan.season, told=told, came=came)
    chosen = _chosen(errors, counts.columns, len(origins), plan)
    best = np.stack([told[way][row] for row, way in enumerate(chosen["way"])]) if len(chosen) else told[NAIVE]
    past, ahead = best[:, :-1], best[:, -1]
    meta = {
        "method": "rolling origin, smallest MASE below that of the seasonal naive forecast",
        "season": plan.season, "horizon": plan.horizon, "level": plan.level, "steps": number,
        "origins": tuple(origins), "ways": tuple(ways), "seed": None,
    }  # fmt: skip
    return _with_ranges(
        counts, plan, values=values, past=past, ahead=ahead, came=came, chosen=chosen, told=(errors, meta)
    )


def _ways(plan: Plan, number: int) -> list[str]:
    """Name the ways that the length allows."""
    long = number >= plan.first_origin()
    return [one for one in WAYS if one == NAIVE or (long and (one != "holt_winters" or plan.season > 1))]


def _told(values: Floats, origins: list[int], plan: Plan, name: str) -> Floats:
    return np.asarray(np.maximum(WAYS[name](values, origins, plan.horizon, plan.season), 0.0))


def _came(values: Floats, origins: list[int], horizon: int) -> Floats:
    if not origins:
        return np.zeros((len(values), 0, horizon))
    return np.stack([values[:, one : one + horizon] for one in origins], axis=1)


def _errors(
    values: Floats, origins: list[int], season: int, *, told: Mapping[str, Floats], came: Floats
) -> dict[str, tuple[Floats, Floats]]:
    """Give MASE and mean absolute error of each way by series; NaN where nothing was tried or nothing scales."""
    scale = np.stack([seasonal_scale(values[:, :one], season) for one in origins], axis=1) if origins else None
    found = {}
    for name, forecast in told.items():
        if scale is None:
            nothing = np.full(len(values), np.nan)
            found[name] = (nothing, nothing)
            continue
        off = np.abs(came - forecast[:, :-1]).mean(axis=2)
        found[name] = ((off / scale).mean(axis=1), off.mean(axis=1))
    return found


def _chosen(errors: Mapping[str, tuple[Floats, Floats]], names: pd.Index, origins: int, plan: Plan) -> pd.DataFrame:
    """Take the way of the smallest scaled error where it beats the naive one and there were enough origins."""
    ways = list(errors)
    mase = np.stack([errors[one][0] for one in ways])
    naive = mase[ways.index(NAIVE)]
    best = np.argmin(np.where(np.isnan(mase), np.inf, mase), axis=0)
    beats = (mase[best, np.arange(len(best))] < naive) & (origins >= plan.fewest_origins)
    best = np.where(beats, best, ways.index(NAIVE))
    return pd.DataFrame(
        {
            "way": np.array(ways, dtype=object)[best],
            "mase": mase[best, np.arange(len(best))],
            "naive_mase": naive,
            "beats_naive": beats,
            "origins": origins,
        },
        index=names,
    )


def _with_ranges(
    counts: pd.DataFrame,
    plan: Plan,
    *,
    values: Floats,
    past: Floats,
    ahead: Floats,
    came: Floats,
    chosen: pd.DataFrame,
    told: tuple[Mapping[str, tuple[Floats, Floats]], Mapping[str, object]],
) -> Forecasts:
    """Add the intervals, learnt from what was told earlier, or from the last season where nothing could be tried."""
    errors, meta = told
    size, tried = len(values), past.shape[1]
    if tried:
        before, after = past.reshape(size, -1), came.reshape(size, -1)
        sums, summed = past.sum(axis=2), came.sum(axis=2)
    else:
        before, after = values[:, : -plan.season], values[:, plan.season :]
        sums, summed = before * plan.horizon, after * plan.horizon
    extra, extra_total = dispersion(before, after), dispersion(sums, summed)
    least = LEAST_SEEN / values.shape[1]
    single = count_range(np.maximum(ahead, least), extra[:, None], plan.level, known=max(before.shape[1], 2))
    total = ahead.sum(axis=1)
    whole = count_range(np.maximum(total, least * plan.horizon), extra_total, plan.level, known=max(sums.shape[1], 2))
    steps = pd.RangeIndex(1, plan.horizon + 1, name="step")
    mean, low, high = (pd.DataFrame(one.T, index=steps, columns=counts.columns) for one in (ahead, *single))
    return Forecasts(
        mean, low, high,
        pd.DataFrame({"mean": total, "low": whole.low, "high": whole.high}, index=counts.columns),
        chosen.assign(dispersion=extra),
        _backtest(errors, counts.columns),
        _pairs(past.sum(axis=2), came.sum(axis=2), meta, counts.columns),
        meta,
    )  # fmt: skip


def _backtest(errors: Mapping[str, tuple[Floats, Floats]], names: pd.Index) -> pd.DataFrame:
    parts = {way: pd.DataFrame({"mase": mase, "mae": mae}, index=names) for way, (mase, mae) in errors.items()}
    return pd.concat(parts, names=["way", "series"]).swaplevel().sort_index(level=0, sort_remaining=False)


def _pairs(told: Floats, came: Floats, meta: Mapping[str, object], names: pd.Index) -> pd.DataFrame:
    """Give what was told from each origin and what came, of all steps together."""
    origins = list(meta["origins"]) if isinstance(meta["origins"], tuple) else []
    index = pd.MultiIndex.from_product([names, origins], names=["series", "origin"])
    return pd.DataFrame({"told": told.ravel(), "came": came.ravel()}, index=index)
