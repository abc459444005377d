"""How evenly a load is spread over grids, with an interval that says how much of it is chance."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.9
"""Share of chance redistributions that the interval of an even spread holds."""


class Spread(NamedTuple):
    """Spread of a load over n grids.

    Attributes:
        number: grids with a known load.
        total: sum of the loads.
        mean, most, least: of the loads.
        most_over_mean: largest load over the mean, 1 when all are equal; NaN without any load.
        cv: standard deviation (of these grids, not of a sample) over the mean.
        gini: 0 when all are equal, (n - 1) / n when one grid has everything.
        gini_by_chance: interval of the Gini that an even expectation would show by chance alone; NaN if not asked.
        meta: method, parameters and seed.
    """

    number: int
    total: float
    mean: float
    most: float
    least: float
    most_over_mean: float
    cv: float
    gini: float
    gini_by_chance: tuple[float, float]
    meta: Mapping[str, object]


def spread_of(loads: ArrayLike, *, draws: int = 0, seed: int = 0) -> Spread:
    """Measure how evenly a load is spread.

    With few issues even a fair division looks uneven. ``draws`` asks how uneven: the total is dealt out at
    random, each grid as likely as another (multinomial), and the middle 90 % of the Gini values is given.

    Args:
        loads: n loads, not negative; NaN is unknown and left out.
        draws: random redistributions; 0 gives no interval. Only for counts.
        seed: of the random numbers.

    Raises:
        ValueError: a load is negative.
    """
    given = np.asarray(loads, dtype=float).ravel()
    known = given[np.isfinite(given)]
    if (known < 0).any():
        msg = "a load cannot be negative"
        raise ValueError(msg)
    total, number = float(known.sum()), len(known)
    mean = total / number if number else float("nan")
    meta = {
        "method": "spread", "gini": "sum |xi - xj| / (2 n² mean)", "cv": "population standard deviation / mean",
        "draws": draws, "seed": seed, "level": LEVEL, "unknown": int(len(given) - number),
    }  # fmt: skip
    if not number or total <= 0:
        nothing = float("nan")
        ends = (float(known.max()), float(known.min())) if number else (nothing, nothing)
        return Spread(number, total, mean, *ends, nothing, nothing, nothing, (nothing, nothing), meta)
    interval = _by_chance(round(total), number, draws, seed) if draws else (float("nan"), float("nan"))
    return Spread(
        number, total, mean, float(known.max()), float(known.min()), float(known.max()) / mean,
        float(known.std()) / mean, float(_gini(known[None, :])[0]), interval, meta,
    )  # fmt: skip


def count_interval(counts: ArrayLike, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the exact interval of the expectation behind each count (Garwood 1936): small counts say little.

    Args:
        counts: whole numbers, not negative; NaN stays NaN.
        level: confidence, both sides together.
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 (heavy)

    found, tail = np.asarray(counts, dtype=float), (1 - level) / 2
    low = np.where(found > 0, gammaincinv(np.maximum(found, 1), tail), 0.0)
    return np.where(np.isnan(found), np.nan, low), gammaincinv(found + 1, 1 - tail)


def _gini(loads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the Gini of each row."""
    ordered = np.sort(loads, axis=1)
    n = ordered.shape[1]
    rank = 2 * np.arange(1, n + 1) - n - 1
    found: NDArray[np.float64] = (ordered * rank).sum(axis=1) / (n * ordered.sum(axis=1))
    return found


def _by_chance(total: int, number: int, draws: int, seed: int) -> tuple[float, float]:
    dealt = np.random.default_rng(seed).multinomial(total, np.full(number, 1 / number), size=draws)
    low, high = np.quantile(_gini(dealt.astype(float)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
