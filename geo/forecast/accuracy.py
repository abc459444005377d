"""How far off a forecast was: mean errors, and the error as a multiple of that of repeating the last season.

Hyndman and Koehler 2006. A scaled error (MASE) below 1 means that the forecast was off by less than repeating the
value of one season before was within the series that it learnt from.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def mean_absolute_error(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Give the mean of the absolute errors, in the unit of the values; NaN of none."""
    error = np.abs(np.asarray(actual, dtype=float) - np.asarray(forecast, dtype=float))
    return float(error.mean()) if error.size else float("nan")


def root_mean_square_error(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Give the root of the mean of the squared errors, in the unit of the values; NaN of none."""
    error = np.asarray(actual, dtype=float) - np.asarray(forecast, dtype=float)
    return float(np.sqrt(np.mean(error**2))) if error.size else float("nan")


def seasonal_scale(train: ArrayLike, season: int) -> Floats:
    """Give the mean absolute difference of values one season apart, by which errors are scaled.

    Args:
        train: values in order of time along the last axis, shape (..., n).
        season: steps in a season, 1 for none.

    Returns:
        Shape (...,); NaN where the series is no longer than a season, or repeats itself exactly.
    """
    values = np.asarray(train, dtype=float)
    if values.shape[-1] <= season:
        return np.full(values.shape[:-1], np.nan)
    scale = np.abs(values[..., season:] - values[..., :-season]).mean(axis=-1)
    return np.asarray(np.where(scale > 0, scale, np.nan))


def scaled_error(train: ArrayLike, actual: ArrayLike, forecast: ArrayLike, *, season: int) -> float:
    """Give the mean absolute scaled error (MASE) of one forecast; NaN where nothing scales it.

    Args:
        train: what the forecast learnt from, shape (n,).
        actual: what came, shape (h,).
        forecast: what was told, shape (h,).
        season: steps in a season.
    """
    return mean_absolute_error(actual, forecast) / float(seasonal_scale(train, season))
