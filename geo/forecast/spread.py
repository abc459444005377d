"""Intervals that counts can have: Poisson where they scatter no more than that, else negative binomial.

The scatter is not that of the fit but that of forecasts made earlier against what came, so that it holds the error of
the forecast as well. Variance: mean + a mean squared; a by moments, zero for Poisson.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LEAST_MEAN = 1e-9


class Range(NamedTuple):
    """The ends of an interval of counts, both included, whole numbers, shape of the means."""

    low: Floats
    high: Floats


def dispersion(mean: ArrayLike, actual: ArrayLike) -> Floats:
    """Give the a of variance mean + a mean squared, by moments along the last axis; zero at least.

    Args:
        mean: what was told, shape (..., n).
        actual: what came, shape (..., n).
    """
    told, came = np.asarray(mean, dtype=float), np.asarray(actual, dtype=float)
    more = ((came - told) ** 2 - told).sum(axis=-1)
    square = (told**2).sum(axis=-1)
    return np.asarray(np.maximum(np.divide(more, square, out=np.zeros_like(more), where=square > 0), 0.0))


def count_range(mean: ArrayLike, extra: ArrayLike, level: float = 0.8, *, known: ArrayLike | None = None) -> Range:
    """Give the interval in which a count lies with a chance of at least ``level``, equal tails.

    Args:
        mean: expected count, any shape.
        extra: the a of ``dispersion``, shape like ``mean`` or one number.
        level: chance, 0 to 1.
        known: how many earlier forecasts ``extra`` was learnt from, shape like ``mean``; few of them widen the
            interval as Student's distribution is wider than the normal one.
    """
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415 (heavy)
    from scipy.stats import nbinom, poisson  # noqa: PLC0415 (heavy)

    centre = np.maximum(np.asarray(mean, dtype=float), LEAST_MEAN)
    more = np.broadcast_to(np.asarray(extra, dtype=float), centre.shape)
    tail = (1 - level) / 2
    if known is not None:
        learnt = np.maximum(np.broadcast_to(np.asarray(known, dtype=float), centre.shape), 2.0)
        wider = (stdtrit(learnt - 1, 1 - tail) / ndtri(1 - tail)) ** 2
        more = ((centre + more * centre**2) * wider - centre) / centre**2
    ends = []
    for share in (tail, 1 - tail):
        size = 1 / np.where(more > 0, more, 1.0)
        wide = nbinom.ppf(share, size, size / (size + centre))
        ends.append(np.where(more > 0, wide, poisson.ppf(share, centre)))
    return Range(*ends)
