"""How many of the stars are luck: p-values of many tests adjusted.

Benjamini and Hochberg 1995 (false discovery rate), Bonferroni, Holm 1979. Both adjusted and raw values are to be
shown. What was not tested (NaN) stays so and does not count as a test.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjust p-values so that those at or below q hold at most a share q of false ones, in the mean.

    Args:
        p: raw values, shape (n,), NaN for what was not tested.

    Returns:
        Adjusted values, shape (n,), at least the raw ones and at most 1.
    """

    def adjusted(rising: Floats) -> Floats:
        many = len(rising)
        scaled = rising * many / np.arange(1, many + 1)
        return np.asarray(np.minimum.accumulate(scaled[::-1])[::-1])

    return _stepwise(p, adjusted)


def holm(p: ArrayLike) -> Floats:
    """Adjust p-values so that the chance of any false one is kept, step by step (never worse than Bonferroni)."""

    def adjusted(rising: Floats) -> Floats:
        many = len(rising)
        return np.asarray(np.maximum.accumulate(rising * (many - np.arange(many))))

    return _stepwise(p, adjusted)


def bonferroni(p: ArrayLike) -> Floats:
    """Multiply p-values by the number of tests."""
    raw = np.asarray(p, dtype=float)
    return np.minimum(raw * np.count_nonzero(~np.isnan(raw)), 1.0)


def _stepwise(p: ArrayLike, adjusted: Callable[[Floats], Floats]) -> Floats:
    raw = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(raw))
    order = tested[np.argsort(raw[tested], kind="stable")]
    found = np.full(raw.shape, np.nan)
    if len(order):
        found[order] = np.minimum(adjusted(raw[order]), 1.0)
    return found
