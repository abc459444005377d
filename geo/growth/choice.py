"""Which S to trust: every curve and the plain pace are tried on steps held back, and the nearest one is used."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.growth.ahead import PACE, GrowthForecast, growth_forecast
from geo.growth.curves import CURVES, FEWEST, Floats

WAYS = (*CURVES, PACE)
WIDEST = 10.0
"""An interval is stretched at most so many times."""


class HeldBack(NamedTuple):
    """How far off a way of continuing was on steps held back.

    ``error`` is the mean absolute error of the sums over all origins, ``last`` the error (forecast less truth) at the
    end of the longest one; ``inside_share`` is how many of the held-back sums lay in the interval, and ``stretch`` how
    many times as wide it would have had to be to hold the share that it promises (at least 1).
    """

    way: str
    error: float
    last: float
    inside_share: float
    stretch: float


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
        counts: by step, shape (n,); of a short record fewer are held back, so that 6 are left to fit; of 6 or fewer
            none can be, and the answer is empty.
        steps: how many of the last steps are held back, at least 1.
        limit: how many there are in all.
        interval: of the forecasts.
        draws: futures of each.
        seed: of the draws.
    """
    values = np.asarray(counts, dtype=float).ravel()
    start = max(len(values) - steps, FEWEST)
    if start >= len(values) or not values[:start].any():
        return ()
    truth, found = np.cumsum(values), []
    for way in WAYS:
        tried = [
            (origin, growth_forecast(
                values[:origin], steps=len(values) - origin, way=way, limit=limit, interval=interval, draws=draws, seed=seed
            ))
            for origin in range(start, len(values))
        ]  # fmt: skip
        found.append(_held(way, tried, truth, interval))
    return tuple(found)


def _held(way: str, tried: list[tuple[int, GrowthForecast]], truth: Floats, interval: float) -> HeldBack:
    misses = np.concatenate([np.abs(told.expected - truth[origin:]) for origin, told in tried])
    sides = [
        np.where(truth[origin:] >= told.expected, told.high - told.expected, told.expected - told.low)
        for origin, told in tried
    ]
    ratio = misses / np.maximum(np.concatenate(sides), 0.5)
    first = tried[0][1]
    stretch = max(1.0, float(np.quantile(ratio, interval, method="higher")))
    return HeldBack(
        way, float(misses.mean()), float(first.expected[-1] - truth[-1]), float((ratio <= 1).mean()), stretch
    )


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

    The interval is stretched until it would have held the promised share of what was held back. A curve has to beat
    the plain pace, and of equals the simpler one is taken; where there is too little to hold
    anything back, the pace is used.

    Raises:
        ValueError: as ``geo.growth.fit_growth``.
    """
    errors = held_back(counts, steps=held, limit=limit, interval=interval, seed=seed)
    order = (PACE, *CURVES)
    way = min(errors, key=lambda one: (one.error, order.index(one.way))).way if errors else PACE
    stretch = next((one.stretch for one in errors if one.way == way), 1.0)
    forecast = growth_forecast(
        counts, steps=steps, way=way, limit=limit, target=target, interval=interval, draws=draws, seed=seed,
        stretch=min(stretch, WIDEST),
    )  # fmt: skip
    return ChosenGrowth(way, forecast, errors)
