"""Curves along an S and their fit to counts by step."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
SHAPES: Mapping[str, float | None] = {"logistic": 1.0, "gompertz": 1e-6, "richards": None}
"""The shape of each curve; None is fitted."""
CURVES = tuple(SHAPES)
FEWEST = 6
"""Steps from which a curve can be fitted."""
_PULL = {"ceiling": 3.0, "rate": 1.5, "shape": 1.0}
"""Spread of the weak prior of each parameter, on its own scale."""
_MIDDLES, _RATES = (0.1, 0.3, 0.5, 0.7, 0.9, 1.2, 1.6), (2.0, 4.0, 8.0, 16.0)
"""Where a fit begins: shares of the steps seen, and growth over all of them; the two likeliest pairs are followed."""
_FAR = 40.0
TINY = 1e-9


class Fitted(NamedTuple):
    """A curve fitted to counts by step.

    ``vector`` holds the parameters on the scale of the fit and ``covariance`` their uncertainty; ``dispersion`` is how
    many times the scatter exceeds that of Poisson, at least 1.
    """

    curve: str
    ceiling: float
    rate: float
    middle: float
    shape: float
    dispersion: float
    vector: Floats
    covariance: Floats
    meta: Mapping[str, object]


def growth_curve(steps: ArrayLike, *, ceiling: float, rate: float, middle: float, shape: float = 1.0) -> Floats:
    """Give the sums of a curve that begins at nothing; the same as the module says.

    Args:
        steps: times in steps since the start, shape (n,).
        ceiling: the sum in the end, above 0.
        rate: growth a step, above 0.
        middle: step of the fastest growth.
        shape: 1 logistic, towards 0 Gompertz, above 0.
    """
    return ceiling * begun(np.asarray(steps, dtype=float), rate, middle, shape)


def begun(steps: Floats, rate: Floats | float, middle: Floats | float, shape: Floats | float) -> Floats:
    """Give the curve that begins at 0 and ends at 1; parameters may be columns, one row of the answer each."""
    start = _share(np.zeros(1), rate, middle, shape)
    return np.asarray((_share(steps, rate, middle, shape) - start) / np.maximum(1 - start, TINY))


def _share(at: Floats, rate: Floats | float, middle: Floats | float, shape: Floats | float) -> Floats:
    return np.asarray(np.exp(-np.log1p(shape * np.exp(np.clip(-rate * (at - middle), -_FAR, _FAR))) / shape))


def fit_growth(counts: ArrayLike, *, curve: str = "logistic", limit: float | None = None) -> Fitted:
    """Fit a curve to what came in equal steps of time.

    Args:
        counts: zero or more by step, from the start on, shape (n,), n at least 6.
        curve: of ``CURVES``.
        limit: how many there are in all, above which no curve may end; None where nobody knows.

    Raises:
        ValueError: another curve, too few or negative counts, none above zero, or more than the limit.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 (heavy)

    values = checked(counts, limit)
    if curve not in SHAPES:
        msg = f"curve must be one of {', '.join(SHAPES)}, found {curve}"
        raise ValueError(msg)
    size = len(values)
    starts = [
        np.array([0.0, np.log(rate / size), middle * size, *([0.0] if SHAPES[curve] is None else [])])
        for middle in _MIDDLES
        for rate in _RATES
    ]
    starts.sort(key=lambda one: _loss(one, values, curve, limit))
    tries = [
        minimize(_loss, one, args=(values, curve, limit), method="L-BFGS-B", bounds=bounds_of(one, size))
        for one in starts[:2]
    ]
    vector = np.asarray(min(tries, key=lambda one: float(one.fun)).x, dtype=float)
    ceiling, rate, middle, shape = (float(np.ravel(one)[0]) for one in _parameters(vector, values, curve, limit))
    mean = means(vector, values, curve, limit, np.arange(size + 1.0))
    scatter = float(np.sum((values - mean) ** 2 / np.maximum(mean, 0.5)) / max(size - len(vector), 1))
    spread = max(scatter, 1.0)
    covariance = spread * _inverse(_curvature(vector, values, curve, limit))
    meta = {
        "method": f"{curve} curve, penalised quasi-Poisson on counts by step",
        "limit": limit,
        "steps": size,
        "priors": dict(_PULL),
        "seed": None,
    }
    return Fitted(curve, ceiling, rate, middle, shape, spread, vector, covariance, meta)


def checked(counts: ArrayLike, limit: float | None) -> Floats:
    """Give counts as an array.

    Raises:
        ValueError: too few, negative, all zero, or more than the limit.
    """
    values = np.asarray(counts, dtype=float).ravel()
    if len(values) < FEWEST or not np.isfinite(values).all() or values.min() < 0 or not values.any():
        msg = f"at least {FEWEST} counts of zero or more are needed, not all zero"
        raise ValueError(msg)
    if limit is not None and values.sum() > limit:
        msg = f"the counts add up to {values.sum():g}, more than the limit of {limit:g}"
        raise ValueError(msg)
    return values


def bounds_of(start: Floats, size: int) -> list[tuple[float, float]]:
    """Give how far each parameter may go, on the scale of the fit."""
    return [(-8.0, 8.0), (np.log(0.05 / size), np.log(60.0 / size)), (-size, 4.0 * size), (-7.0, 3.0)][: len(start)]


def _parameters(
    vector: Floats, values: Floats, curve: str, limit: float | None
) -> tuple[Floats, Floats, Floats, Floats | float]:
    """Turn the scale of the fit, shape (..., k), into ceiling (between what came and the limit), rate, middle, shape."""
    came, fixed = float(values.sum()), SHAPES[curve]
    if limit is None:
        ceiling = came * (1 + np.exp(vector[..., :1]))
    else:
        ceiling = came + (limit - came) / (1 + np.exp(-vector[..., :1]))
    shape = np.exp(vector[..., 3:4]) if fixed is None else fixed
    return ceiling, np.exp(vector[..., 1:2]), vector[..., 2:3], shape


def means(vector: Floats, values: Floats, curve: str, limit: float | None, edges: Floats) -> Floats:  # noqa: PLR0917
    """Give what comes between the edges, shape (..., edges - 1)."""
    ceiling, rate, middle, shape = _parameters(vector, values, curve, limit)
    return np.maximum(np.diff(ceiling * begun(edges, rate, middle, shape), axis=-1), TINY)


def _loss(vector: Floats, values: Floats, curve: str, limit: float | None) -> float:
    mean = means(vector, values, curve, limit, np.arange(len(values) + 1.0))
    usual = np.log(5.0 / len(values))
    pull = (vector[0] / _PULL["ceiling"]) ** 2 + ((vector[1] - usual) / _PULL["rate"]) ** 2
    pull += (vector[3] / _PULL["shape"]) ** 2 if len(vector) > 3 else 0.0  # noqa: PLR2004 (the fourth is the shape)
    return float(np.sum(mean - values * np.log(mean)) + pull / 2)


def _curvature(vector: Floats, values: Floats, curve: str, limit: float | None) -> Floats:
    """Second differences of the loss."""
    size, step = len(vector), np.maximum(1e-3, 1e-3 * np.abs(vector))
    out = np.empty((size, size))
    moves = np.diag(step)
    for i in range(size):
        for j in range(size):
            corners = [
                a * b * _loss(vector + a * moves[i] + b * moves[j], values, curve, limit)
                for a in (1, -1)
                for b in (1, -1)
            ]
            out[i, j] = sum(corners) / (4 * step[i] * step[j])
    return (out + out.T) / 2


def _inverse(curvature: Floats) -> Floats:
    """Invert; directions in which the loss is flat get a wide but finite uncertainty."""
    size, turn = np.linalg.eigh(curvature)
    return np.asarray((turn / np.maximum(size, 0.05)) @ turn.T)
