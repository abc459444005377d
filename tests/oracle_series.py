"""Adapters of the known answers about series of counts: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.forecast.accuracy import mean_absolute_error, root_mean_square_error, scaled_error
from geo.forecast.smoothing import Weights, seasonal_naive, smoothed, squared_error
from geo.forecast.trend import count_trend

Answer = dict[str, Any]


def seasonal_naive_mase(given: Answer, _folder: Path) -> Answer:
    train, test, season = given["train"], given["test"], given["season"]
    told = seasonal_naive(train, [len(train)], len(test), season=season)[0, 0]
    return {
        "forecast": told.tolist(),
        "mae": mean_absolute_error(test, told),
        "mase": scaled_error(train, test, told, season=season),
        "rmse": root_mean_square_error(test, told),
    }


def exponential_smoothing(given: Answer, _folder: Path) -> Answer:
    trend = (given["beta"],) if "beta" in given else (0.0,)
    weights, steps = Weights.of((given["alpha"],), trend), 5 if "beta" in given else 1
    told = smoothed(given["y"], [len(given["y"])], steps, weights=weights)[0, 0]
    # The files hold twelve significant digits; of a sum of two million that is less than their tolerance asks for.
    return {"forecast": told.tolist(), "sse": float(f"{squared_error(given['y'], weights=weights)[0, 0]:.12g}")}


def poisson_trend(given: Answer, _folder: Path) -> Answer:
    found = count_trend(given["y"])
    return {
        "coef": found.coef.tolist(),
        "se": found.se.tolist(),
        "deviance": found.deviance,
        "pearson_chisq": found.pearson,
        "percent_change_per_step": found.percent_per_step,
        "overdispersion": found.overdispersion,
    }


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    one.__name__: one for one in (seasonal_naive_mase, exponential_smoothing, poisson_trend)
}
