"""The weights that are thought possible, and the most that a mix of them can give: linear programs in closed form.

All weights from 0 that add up to 1, or those within a box around the panel's. The best mix under such bounds is that
of a fractional knapsack (Dantzig 1957): every weight at its lower bound, and what is left to the best gains first.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.mcda import normalised_weights
from geo.robust.sorting import Floats

_STEPS = 60  # of Dinkelbach's iteration, which needs a handful
_STEADY = 1e-13


class Region(NamedTuple):
    """Least and largest weight of each of m criteria; weights add up to 1."""

    low: Floats
    high: Floats

    @property
    def whole(self) -> bool:
        """Whether nothing binds the weights of the criteria that count at all."""
        return not self.low.any() and bool((self.high[self.high > 0] >= 1).all())


def any_weights(weights: ArrayLike) -> Region:
    """Give all weights of the criteria that have one; a weight of 0 stays 0.

    Raises:
        CriteriaError: weights that cannot be used.
    """
    share = normalised_weights(weights)
    return Region(np.zeros(len(share)), np.where(share > 0, 1.0, 0.0))


def weight_box(weights: ArrayLike, give: float) -> Region:
    """Give the weights that differ from the panel's by a share of themselves at most.

    Args:
        weights: m weights in any scale.
        give: 0.2 lets a weight of 10 % be 8 % to 12 %.

    Raises:
        CriteriaError: weights that cannot be used.
        ValueError: give not above 0.
    """
    if not give > 0:
        msg = f"the box must be wider than 0, not {give}"
        raise ValueError(msg)
    share = normalised_weights(weights)
    return Region(share * max(1 - give, 0.0), np.minimum(share * (1 + give), 1.0))


def best_mix(gains: ArrayLike, region: Region) -> tuple[Floats, Floats]:
    """Give the largest weighted sum of gains over a region, and the weights that give it.

    Args:
        gains: shape (..., m).
        region: bounds of the weights.

    Returns:
        Values of shape (...) and weights of shape (..., m).
    """
    gain = np.asarray(gains, dtype=float)
    order = np.argsort(-gain, axis=-1, kind="stable")
    room = (region.high - region.low)[order]
    before = np.cumsum(room, axis=-1) - room
    given = np.clip((1 - region.low.sum()) - before, 0.0, room)
    weights = np.broadcast_to(region.low, gain.shape).copy()
    np.put_along_axis(weights, order, np.take_along_axis(weights, order, axis=-1) + given, axis=-1)
    return np.asarray((weights * gain).sum(axis=-1)), weights


def highest_score(utility: Floats, region: Region) -> Floats:
    """Give the highest weighted mean of what each row knows over a region (Dinkelbach 1967), shape (n,)."""
    known = ~np.isnan(utility)
    value = np.where(known, utility, -np.inf).max(axis=1)
    if region.whole:
        return np.asarray(value)
    filled, mean = np.nan_to_num(utility), np.zeros(len(utility))
    for _ in range(_STEPS):
        _, weights = best_mix(np.where(known, filled - mean[:, np.newaxis], 0.0), region)
        mass = (weights * known).sum(axis=1)
        better = np.divide((weights * filled).sum(axis=1), mass, out=mean.copy(), where=mass > 0)
        if (np.abs(better - mean) <= _STEADY).all():
            break
        mean = better
    return np.asarray(better)
