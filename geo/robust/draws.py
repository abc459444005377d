"""Ranks under many random weights: how often each alternative takes each place.

Weights are drawn from a Dirichlet distribution around the panel's weights (Lahdelma and Salminen
2001, stochastic multicriteria acceptability analysis).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.mcda import normalised_weights
from geo.robust.sorting import Floats, Ranks, ranks_of

LOW, HIGH = 0.05, 0.95  # the rank interval leaves out one draw in twenty on either side


class Scorer(NamedTuple):
    """A method as a function of weights.

    ``of`` takes weights (d, k) of the ``columns`` (k,) that count, adding up to 1, and gives scores (d, r) of the
    ``rows`` (r,) that are ranked among all ``size``, the highest first; none is farther from 0 than ``largest``.
    """

    of: Callable[[Floats], Floats]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    size: int
    largest: float = 1.0


def weighted_scorer(utility: ArrayLike, weights: ArrayLike) -> Scorer:
    """Give the weighted sum as a function of weights.

    Args:
        utility: needs, n by m, NaN where unknown (left out, as in ``weighted_parts``).
        weights: m weights; only whether they are above 0 matters.
    """
    needs = np.asarray(utility, dtype=float)
    columns = np.flatnonzero(np.asarray(weights, dtype=float) > 0)
    active = needs[:, columns]
    number_known = (~np.isnan(active)).sum(axis=1)
    whole = np.flatnonzero(number_known == len(columns)) if len(columns) else np.empty(0, dtype=np.int64)
    partial = np.flatnonzero((number_known > 0) & (number_known < len(columns)))
    rows = np.concatenate([whole, partial])  # those with gaps together, so that a block of them is one slice
    filled = np.ascontiguousarray(np.nan_to_num(active[rows]).T)
    told = np.ascontiguousarray(~np.isnan(active[partial]).T, dtype=float)
    least = np.finfo(float).tiny  # all that a row knows may be drawn as 0

    def of(drawn: Floats) -> Floats:
        score: Floats = drawn @ filled
        if len(partial):
            score[:, len(whole) :] /= np.maximum(drawn @ told, least)
        return score

    return Scorer(of, rows, columns, len(needs), float(np.abs(filled).max(initial=0.0)))


def drawn_weights(weights: ArrayLike, *, draws: int, seed: int, concentration: float | None = None) -> Floats:
    """Draw weights, shape (draws, m); a weight of 0 stays 0.

    Args:
        weights: m weights; the draws lie around them, or anywhere if there is no concentration.
        draws: number of draws.
        seed: of the random generator.
        concentration: how closely draws keep to the weights, see ``rank_draws``; None draws every mix of the
            criteria with a weight alike (Dirichlet with all parameters 1).

    Raises:
        CriteriaError: weights that cannot be used.
        ValueError: draws or concentration not above zero.
    """
    share = normalised_weights(weights)
    if concentration is not None and not concentration > 0:
        msg = f"concentration must be above 0, not {concentration}"
        raise ValueError(msg)
    return _drawn(np.where(share > 0, 1.0, 0.0) if concentration is None else share * concentration, draws, seed)


def _drawn(alpha: Floats, draws: int, seed: int) -> Floats:
    if draws < 1:
        msg = f"draws must be 1 or more, not {draws}"
        raise ValueError(msg)
    found = np.zeros((draws, len(alpha)))
    found[:, alpha > 0] = np.random.default_rng(seed).dirichlet(alpha[alpha > 0], size=draws)
    return found


def ranks_under(scorer: Scorer, weights: Floats) -> Ranks:
    """Rank by a method under each of many weights.

    Args:
        scorer: the method.
        weights: shape (draws, m), of all criteria; those of the scorer's columns are scaled to add up to 1.

    Returns:
        Ranks from 1, equal scores share the better one, 0 for a row that is not ranked; shape (draws, n).
    """
    used = weights[:, scorer.columns]
    if used.shape[1] < weights.shape[1]:
        used = used / used.sum(axis=1, keepdims=True)
    number = len(scorer.rows)
    if not used.shape[1] or not number:
        return np.zeros((len(weights), scorer.size), dtype=np.int16)
    ranks = ranks_of(lambda some: scorer.of(used[some]), len(weights), number, largest=scorer.largest)
    if number == scorer.size and (scorer.rows[1:] > scorer.rows[:-1]).all():
        return ranks.T
    every = np.zeros((scorer.size, len(weights)), dtype=ranks.dtype)
    every[scorer.rows] = ranks
    return every.T


def rank_draws(utility: ArrayLike, weights: ArrayLike, *, draws: int, seed: int, concentration: float) -> Ranks:
    """Rank under many random weights.

    Args:
        utility: needs 0 to 1, n by m, NaN where unknown (left out, as in ``weighted_parts``).
        weights: m weights; one of weight 0 stays 0 in every draw.
        draws: number of draws.
        seed: of the random generator; the same seed gives the same ranks.
        concentration: how closely draws keep to the weights: a share of weight w varies with the
            variance w (1 - w) / (concentration + 1).

    Returns:
        Ranks from 1, equal scores share the better one, 0 for a row without a score;
        shape (draws, n).

    Raises:
        CriteriaError: weights that cannot be used.
        ValueError: draws or concentration not above zero.
    """
    drawn = drawn_weights(weights, draws=draws, seed=seed, concentration=concentration)
    return ranks_under(weighted_scorer(utility, weights), drawn)


def rank_summary(ranks: Ranks, k: int = 5) -> pd.DataFrame:
    """Sum up what ``rank_draws`` gives.

    Args:
        ranks: shape (draws, n).
        k: how many first places count as "among the first".

    Returns:
        One row a grid: low and high (5th and 95th percentile of its ranks, each a rank that occurs,
        rounded outwards; null for a grid without a rank) and share_top (share of draws in which
        its rank is k or better, 0 to 1).
    """
    draws = len(ranks)
    by_row: Ranks = np.ascontiguousarray(ranks.T)
    top = np.count_nonzero((by_row > 0) & (by_row <= k), axis=1) / draws
    ordered = np.sort(by_row, axis=1)
    ranked = ordered[:, 0] > 0
    low = ordered[:, int(np.floor(LOW * (draws - 1)))]
    high = ordered[:, int(np.ceil(HIGH * (draws - 1)))]
    return pd.DataFrame(
        {
            "low": pd.arrays.IntegerArray(low.astype("int64"), ~ranked),
            "high": pd.arrays.IntegerArray(high.astype("int64"), ~ranked),
            "share_top": np.where(ranked, top, np.nan),
        }
    )


def rank_acceptability(utility: ArrayLike, alpha: ArrayLike, draws: int, seed: int) -> NDArray[np.float64]:
    """Estimate how likely each alternative takes each rank when weights follow Dirichlet(alpha).

    Args:
        utility: needs 0 to 1, n by m, NaN where unknown.
        alpha: m parameters of the distribution, above zero; all 1 is "any weights".
        draws: number of draws; the standard error of a probability p is sqrt(p (1 - p) / draws).
        seed: of the random generator.

    Returns:
        Shape (n, n): row i, column r is the share of draws in which alternative i has rank r + 1.
    """
    return acceptability(ranks_under(weighted_scorer(utility, alpha), _drawn(np.asarray(alpha, float), draws, seed)))


def acceptability(ranks: Ranks) -> Floats:
    """Give the share of draws in which each row has each rank, shape (n, n), from ranks of shape (draws, n)."""
    number = ranks.shape[1]
    cells = np.arange(number) * (number + 1) + ranks
    counts = np.bincount(cells.ravel(), minlength=number * (number + 1)).reshape(number, number + 1)
    shares: Floats = counts[:, 1:] / len(ranks)
    return shares
