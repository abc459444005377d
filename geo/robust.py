"""How sure a rank is when nobody knows the weights exactly.

Weights are drawn from a Dirichlet distribution around the panel's weights (Lahdelma and Salminen
2001, stochastic multicriteria acceptability analysis).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.mcda import normalised_weights

_DECIMALS = 12  # as in geo.mcda: matrix products may add in another order
_AT_ONCE = 200  # draws ranked together: what they need stays in the cache of a processor
LOW, HIGH = 0.05, 0.95  # the rank interval leaves out one draw in twenty on either side


def rank_draws(
    utility: ArrayLike, weights: ArrayLike, *, draws: int, seed: int, concentration: float
) -> NDArray[np.int32]:
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
    if not concentration > 0:
        msg = f"concentration must be above 0, not {concentration}"
        raise ValueError(msg)
    return _ranks(utility, normalised_weights(weights) * concentration, draws=draws, seed=seed)


def _ranks(utility: ArrayLike, alpha: NDArray[np.float64], *, draws: int, seed: int) -> NDArray[np.int32]:
    if draws < 1:
        msg = f"draws must be 1 or more, not {draws}"
        raise ValueError(msg)
    active = alpha > 0
    needs = np.asarray(utility, dtype=float)[:, active]
    drawn = np.random.default_rng(seed).dirichlet(alpha[active], size=draws)
    known = ~np.isnan(needs)
    score = drawn @ np.where(known, needs, 0.0).T
    partial = np.flatnonzero(~known.all(axis=1))
    weight = drawn @ known[partial].T
    score[:, partial] = np.divide(score[:, partial], weight, out=np.full_like(weight, np.nan), where=weight > 0)
    ranks = np.empty(score.shape, dtype=np.int32)
    for start in range(0, draws, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        ranks[some] = _ranked(np.round(score[some], _DECIMALS))
    return ranks


def _ranked(score: NDArray[np.float64]) -> NDArray[np.int32]:
    """Rank each row of scores, the highest first, ties "min", NaN as 0."""
    order = np.argsort(-score, axis=1)  # NaN comes last
    falling = np.take_along_axis(score, order, axis=1)
    place = np.broadcast_to(np.arange(1, score.shape[1] + 1, dtype=np.int32), score.shape)
    first = np.ones(score.shape, dtype=bool)
    first[:, 1:] = falling[:, 1:] != falling[:, :-1]
    shared = np.maximum.accumulate(np.where(first, place, 0), axis=1)
    shared[np.isnan(falling)] = 0
    ranks = np.empty(score.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks


def rank_summary(ranks: NDArray[np.int32], k: int = 5) -> pd.DataFrame:
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
    ordered = np.sort(np.ascontiguousarray(ranks.T), axis=1)
    ranked = ordered[:, 0] > 0
    low = ordered[:, int(np.floor(LOW * (draws - 1)))]
    high = ordered[:, int(np.ceil(HIGH * (draws - 1)))]
    top = np.count_nonzero((ranks > 0) & (ranks <= k), axis=0) / draws
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
    ranks = _ranks(utility, np.asarray(alpha, dtype=float), draws=draws, seed=seed)
    number = ranks.shape[1]
    cells = np.arange(number) * (number + 1) + ranks
    counts = np.bincount(cells.ravel(), minlength=number * (number + 1)).reshape(number, number + 1)
    return counts[:, 1:] / draws
