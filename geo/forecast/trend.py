"""A log-linear trend of counts: Poisson or negative binomial regression by iterated weighted least squares.

McCullagh and Nelder 1989; the negative binomial with variance mean + a mean squared, its a by moments. The trend says
by how many percent the count changes with each step, other things equal; it does not say why.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.forecast.spread import dispersion

Floats = NDArray[np.float64]
ROUNDS, CLOSE = 60, 1e-10
MOST_LOG = 20.0
"""A mean is kept between exp of minus and plus this, so that a series of zeros does not run away."""
LEVELS_UP_TO, WAVES = 12, 3
"""A season of up to 12 steps has a level for each of them, a longer one three waves."""
RIDGE = 1e-6
"""Pull towards zero in forecasts, for a step of the season that never had a count."""


class Trend(NamedTuple):
    """A fitted trend of counts.

    ``coef`` and ``se`` are on the log scale, shape (k,): the constant, the change a step, and the season if asked for.
    ``deviance`` and ``pearson`` say how well it fits; ``overdispersion`` is Pearson's statistic by degree of freedom
    (above 1: more scatter than Poisson has); ``dispersion`` the a of the negative binomial, 0 for Poisson.
    """

    coef: Floats
    se: Floats
    deviance: float
    pearson: float
    overdispersion: float
    dispersion: float
    meta: Mapping[str, object]

    @property
    def percent_per_step(self) -> float:
        """By how many percent the mean changes with each step."""
        return float(100 * np.expm1(self.coef[1]))


def count_trend(counts: ArrayLike, *, season: int = 1, family: str = "poisson") -> Trend:
    """Fit a log-linear trend to counts in equal steps of time; the steps are numbered from 1.

    Args:
        counts: zero or more, shape (n,).
        season: steps in a season; 1 for none.
        family: "poisson", or "negative_binomial" for more scatter than that.

    Raises:
        ValueError: negative counts, too few of them, none above zero, or another family.
    """
    values = np.asarray(counts, dtype=float).ravel()
    if family not in {"poisson", "negative_binomial"}:
        msg = f"family must be poisson or negative_binomial, found {family}"
        raise ValueError(msg)
    table = design(np.arange(1, len(values) + 1), season)
    if len(values) <= table.shape[1] or values.min() < 0 or not values.any():
        msg = f"more than {table.shape[1]} counts of zero or more are needed, not all zero"
        raise ValueError(msg)
    extra = 0.0
    coef, mean = fitted(values[None], table, extra=np.zeros(1))
    for _ in range(ROUNDS if family == "negative_binomial" else 0):
        before, extra = extra, float(dispersion(mean, values[None])[0])
        coef, mean = fitted(values[None], table, extra=np.array([extra]))
        if abs(extra - before) <= CLOSE * max(before, 1.0):
            break
    return _told(values, table, (coef[0], mean[0], extra), family=family, season=season)


def _told(values: Floats, table: Floats, found: tuple[Floats, Floats, float], *, family: str, season: int) -> Trend:
    coef, mean, extra = found
    information = (table * (mean / (1 + extra * mean))[:, None]).T @ table
    pearson = float(np.sum((values - mean) ** 2 / (mean + extra * mean**2)))
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(values > 0, values * np.log(values / mean), 0.0)
    loss = values - mean
    if extra > 0:
        loss = (values + 1 / extra) * np.log((1 + extra * values) / (1 + extra * mean))
    return Trend(
        coef,
        np.sqrt(np.linalg.inv(information).diagonal()),
        float(2 * np.sum(gain - loss)),
        pearson,
        pearson / (len(values) - table.shape[1]),
        extra,
        {"method": f"log-linear trend, {family}", "season": season, "steps": len(values), "seed": None},
    )


def design(step: NDArray[np.int64], season: int) -> Floats:
    """Give the columns of the model: one, the number of the step, and the season as levels or waves."""
    columns = [np.ones(len(step)), step.astype(float)]
    if 1 < season <= LEVELS_UP_TO:
        columns += [((step - 1) % season == one).astype(float) for one in range(1, season)]
    elif season > LEVELS_UP_TO:
        angle = 2 * np.pi * (step - 1) / season
        columns += [wave(n * angle) for n in range(1, WAVES + 1) for wave in (np.cos, np.sin)]
    return np.stack(columns, axis=1)


def fitted(values: Floats, table: Floats, *, extra: Floats, ridge: float = 0.0) -> tuple[Floats, Floats]:
    """Fit all series at once.

    Args:
        values: counts, shape (series, n).
        table: of ``design``, shape (n, k).
        extra: the a of the negative binomial of each series, shape (series,).
        ridge: pull of all but the constant towards zero.

    Returns:
        Coefficients, shape (series, k), and means, shape (series, n).
    """
    scale = np.maximum(np.abs(table).max(axis=0), 1.0)
    scaled = table / scale
    pull = ridge * np.eye(table.shape[1])
    pull[0, 0] = 0.0
    log_mean = np.log(np.maximum(values, 0) + 0.1)
    coef = np.zeros((len(values), table.shape[1]))
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(log_mean, -MOST_LOG, MOST_LOG))
        weight = mean / (1 + extra[:, None] * mean)
        target = log_mean + (values - mean) / mean
        left = np.einsum("sn,ni,nj->sij", weight, scaled, scaled, optimize=True) + pull
        right = (weight * target) @ scaled
        new = np.linalg.solve(left + 1e-14 * np.eye(len(scale)), right[:, :, None])[:, :, 0]
        change = np.abs(new - coef).max(initial=0.0)
        coef, log_mean = new, np.clip(new @ scaled.T, -MOST_LOG, MOST_LOG)
        if change < CLOSE:
            break
    return coef / scale, np.exp(log_mean)


def trend_forecasts(values: ArrayLike, origins: Sequence[int], horizon: int, *, season: int = 1) -> Floats:
    """Carry the log-linear trend on from several origins, fitted anew at each.

    Args:
        values: counts, shape (series, n).
        origins: how many values are known at each origin.
        horizon: steps to tell.
        season: steps in a season.

    Returns:
        Shape (series, origins, horizon); at most twice the highest count seen, since a trend in percent knows no end.
    """
    series = np.atleast_2d(np.asarray(values, dtype=float))
    told = []
    for known in origins:
        seen = series[:, :known]
        coef, _ = fitted(seen, design(np.arange(1, known + 1), season), extra=np.zeros(len(seen)), ridge=RIDGE)
        future = design(np.arange(known + 1, known + horizon + 1), season)
        mean = np.exp(np.clip(coef @ future.T, -MOST_LOG, MOST_LOG))
        told.append(np.minimum(mean, 2 * np.maximum(seen.max(axis=1), 1)[:, None]))
    return np.stack(told, axis=1)
