"""Rates of few events, pulled towards that of all as far as chance alone could have parted them.

Empirical Bayes after Marshall (1991): the spread between areas is what is left of the spread of rates after that which
few events cause; where nothing is left it is zero, and every area has the rate of all. So no rate is below zero.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Shrunk(NamedTuple):
    """Rates as they are and pulled towards that of all, each of shape (n,); NaN without population."""

    raw: Floats
    smoothed: Floats
    mean: float
    variance: float
    meta: Mapping[str, object]


def shrunken_rates(events: ArrayLike, population: ArrayLike) -> Shrunk:
    """Give the rate of each area, smoothed by the empirical Bayes estimator of Marshall.

    Args:
        events: counts, shape (n,).
        population: what they are counted over, above zero; zero or unknown takes no part.
    """
    hit, people = np.asarray(events, dtype=float), np.asarray(population, dtype=float)
    known = np.isfinite(hit) & np.isfinite(people) & (people > 0)
    raw, smoothed = np.full(len(hit), np.nan), np.full(len(hit), np.nan)
    meta = {
        "method": "empirical Bayes (Marshall), between-variance not below 0",
        "areas": int(known.sum()),
        "seed": None,
    }
    if not known.any():
        return Shrunk(raw, smoothed, float("nan"), float("nan"), meta)
    own, size = hit[known] / people[known], people[known]
    mean = float(hit[known].sum() / size.sum())
    between = max(float(np.sum(size * (own - mean) ** 2) / size.sum() - mean / size.mean()), 0.0)
    weight = np.divide(between, between + mean / size, out=np.zeros(len(size)), where=between + mean / size > 0)
    raw[known], smoothed[known] = own, mean + weight * (own - mean)
    return Shrunk(raw, smoothed, mean, between, meta)
