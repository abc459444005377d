"""What comes next along a curve, or by the last pace, with the spread of drawn futures."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.growth.curves import TINY, Fitted, Floats, begun, bounds_of, checked, fit_growth, means

PACE = "pace"
"""The plain continuation: as many a step as in the last ones, until all are there."""
PACE_STEPS = 4


class GrowthForecast(NamedTuple):
    """What comes next: sums at the end of each further step, shape (steps,), and when the target is reached.

    ``expected``, ``low`` and ``high`` are sums; ``curve`` the fitted sums of the steps that were seen, shape (n,).
    ``reached`` is (middle, early, late) in steps from the end of what was seen, infinite beyond ``steps``;
    ``reached_share`` the share of drawn futures that reach the target within ``steps``.
    """

    expected: Floats
    low: Floats
    high: Floats
    curve: Floats
    reached: tuple[float, float, float]
    reached_share: float
    meta: Mapping[str, object]


def growth_forecast(  # noqa: PLR0913 (each is a number of its own)
    counts: ArrayLike,
    *,
    steps: int,
    way: str = "logistic",
    limit: float | None = None,
    target: float | None = None,
    interval: float = 0.8,
    draws: int = 2_000,
    seed: int = 0,
    stretch: float = 1.0,
) -> GrowthForecast:
    """Continue counts by a curve, or by the last pace.

    Args:
        counts: zero or more by step, shape (n,), n at least 6.
        steps: how many further steps, at least 1.
        way: of ``CURVES`` or ``PACE``.
        limit: how many there are in all; sums never exceed it.
        target: the sum whose time is asked for; None for the limit.
        interval: share of drawn futures between low and high.
        draws: how many futures.
        seed: of the draws.
        stretch: how many times as far from the expected sums the futures are taken, as steps held back have shown.

    Raises:
        ValueError: as ``fit_growth``.
    """
    values, dice = checked(counts, limit), np.random.default_rng(seed)
    if way == PACE:
        mean, spread, curve, meta = _by_pace(values, steps)
        drawn = np.tile(mean, (draws, 1))
    else:
        fitted = fit_growth(values, curve=way, limit=limit)
        mean, drawn = _by_curve(fitted, values, limit, steps, (draws, dice))
        ends = np.arange(1.0, len(values) + 1)
        said = {"ceiling": fitted.ceiling, "rate": fitted.rate, "middle": fitted.middle, "shape": fitted.shape}
        curve, spread, meta = fitted.ceiling * begun(ends, *fitted[2:5]), fitted.dispersion, {**fitted.meta, **said}
    top = np.inf if limit is None else limit
    now = float(values.sum())
    expected = np.minimum(now + np.cumsum(mean), top)
    futures = now + np.cumsum(_scattered(drawn, spread, dice), axis=1)
    futures = np.clip(expected + stretch * (np.minimum(futures, top) - expected), now, top)
    futures = np.maximum.accumulate(futures, axis=1)
    low, high = np.quantile(futures, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
    reached, share = _reached(futures, now, limit if target is None else target, interval)
    meta = {
        **meta,
        "way": way,
        "interval": interval,
        "draws": draws,
        "seed": seed,
        "dispersion": spread,
        "stretch": stretch,
    }
    return GrowthForecast(expected, low, high, curve, reached, share, meta)


def _by_pace(values: Floats, steps: int) -> tuple[Floats, float, Floats, dict[str, object]]:
    recent = values[-PACE_STEPS:]
    mean = np.full(steps, max(float(recent.mean()), TINY))
    scatter = float(np.var(recent, ddof=1) / max(float(recent.mean()), 0.5))
    method = f"mean of the last {len(recent)} steps goes on"
    return mean, max(scatter, 1.0), np.cumsum(values), {"method": method, "steps": len(values)}


def _by_curve(  # noqa: PLR0917
    fitted: Fitted, values: Floats, limit: float | None, steps: int, luck: tuple[int, np.random.Generator]
) -> tuple[Floats, Floats]:
    """Give the means of the steps to come, and the means under drawn parameters, shape (draws, steps)."""
    draws, dice = luck
    edges = np.arange(len(values), len(values) + steps + 1.0)
    root = np.linalg.cholesky(fitted.covariance + TINY * np.eye(len(fitted.vector)))
    vectors = fitted.vector + dice.standard_normal((draws, len(fitted.vector))) @ root.T
    bounds = np.array(bounds_of(fitted.vector, len(values)))
    vectors = np.clip(vectors, bounds[:, 0], bounds[:, 1])
    drawn = means(vectors, values, fitted.curve, limit, edges)
    return means(fitted.vector, values, fitted.curve, limit, edges), drawn


def _scattered(mean: Floats, spread: float, dice: np.random.Generator) -> Floats:
    """Draw counts of given means whose variance is ``spread`` times the mean."""
    rates = mean if spread <= 1 + TINY else dice.gamma(np.maximum(mean, TINY) / (spread - 1), spread - 1)
    return dice.poisson(np.minimum(rates, 1e9)).astype(float)


def _reached(
    futures: Floats, now: float, goal: float | None, interval: float
) -> tuple[tuple[float, float, float], float]:
    if goal is None:
        return (np.inf, np.inf, np.inf), 0.0
    if now >= goal:
        return (0.0, 0.0, 0.0), 1.0
    there = futures >= goal
    when = np.where(there.any(axis=1), there.argmax(axis=1) + 1.0, np.inf)
    middle, early, late = np.quantile(when, [0.5, (1 - interval) / 2, (1 + interval) / 2], method="inverted_cdf")
    return (float(middle), float(early), float(late)), float(there.any(axis=1).mean())
