"""Which S to trust: every curve and the plain pace are tried on steps held back, and the nearest one is used."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.growth.ahead import PACE, GrowthForecast, growth_forecast
from geo.growth.curves import CURVES, FEWEST

WAYS = (*CURVES, PACE)


class HeldBack(NamedTuple):
    """How far off a way of continuing was on steps held back.

    ``error`` is the mean absolute error of the sums over all origins, ``last`` the error (forecast less truth) at the
    end of the longest one; ``inside_share`` is how many of the held-back sums lay in the interval.
    """

    way: str
    error: float
    last: float
    inside_share: float


class ChosenGrowth(NamedTuple):
    """The forecast of the way that was nearest on the steps held back, and how far off each way was."""

    way: str
    forecast: GrowthForecast
    errors: tuple[HeldBack, ...]


def held_back(
    counts: ArrayLike, *, steps: int, limit: float | None = None, interval: float = 0.8, draws: int = 500, seed: int = 0
) -> tuple[HeldBack, ...]:
    """Try each way on the last steps: from every origin in them, to the end; in the order of ``WAYS``.

    Args:
        counts: by step, shape (n,); at least 6 more than ``steps``, or nothing can be tried and the answer is empty.
        steps: how many of the last steps are held back, at least 1.
        limit: how many there are in all.
        interval: of the forecasts.
        draws: futures of each.
        seed: of the draws.
    """
    values = np.asarray(counts, dtype=float).ravel()
    start = len(values) - steps
    if start < FEWEST or not values[:start].any():
        return ()
    truth, found = np.cumsum(values), []
    for way in WAYS:
        misses, inside, last = [], [], 0.0
        for origin in range(start, len(values)):
            told = growth_forecast(
                values[:origin], steps=len(values) - origin, way=way, limit=limit, interval=interval, draws=draws, seed=seed
            )  # fmt: skip
            misses.append(np.abs(told.expected - truth[origin:]))
            inside.append((told.low <= truth[origin:]) & (truth[origin:] <= told.high))
            last = float(told.expected[-1] - truth[-1]) if origin == start else last
        found.append(HeldBack(way, float(np.concatenate(misses).mean()), last, float(np.concatenate(inside).mean())))
    return tuple(found)


def chosen_growth(
    counts: ArrayLike,
    *,
    steps: int,
    held: int,
    limit: float | None = None,
    target: float | None = None,
    interval: float = 0.8,
    draws: int = 2_000,
    seed: int = 0,
) -> ChosenGrowth:
    """Continue counts in the way that was nearest on the last ``held`` steps.

    A curve has to beat the plain pace, and of equals the simpler one is taken; where there is too little to hold
    anything back, the pace is used.

    Raises:
        ValueError: as ``geo.growth.fit_growth``.
    """
    errors = held_back(counts, steps=held, limit=limit, interval=interval, seed=seed)
    order = (PACE, *CURVES)
    way = min(errors, key=lambda one: (one.error, order.index(one.way))).way if errors else PACE
    forecast = growth_forecast(
        counts, steps=steps, way=way, limit=limit, target=target, interval=interval, draws=draws, seed=seed
    )
    return ChosenGrowth(way, forecast, errors)
