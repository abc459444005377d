"""Numbers that are not exactly known, drawn: small counts, shares of few cases, amounts called about, over or under.

A count is taken for one outcome of a steady rate: given n events the rate is drawn from Gamma(n + 1/2, 1), Jeffreys'
posterior of a Poisson rate; a share k of n from Beta(k + 1/2, n - k + 1/2), Jeffreys' of a binomial one (Brown, Cai and
DasGupta 2001). A qualifier says how an amount was written down, not how it came about: "about" draws evenly from a
share below to a share above, "more than" from the amount up, "less than" from the amount down.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.robust.sorting import Floats

JEFFREYS = 0.5
SPREADS = ("approx", "gt", "lt")


def drawn_rates(counts: ArrayLike, draws: int, rng: np.random.Generator) -> Floats:
    """Draw the rates behind counts, shape (draws, n); NaN stays NaN."""
    seen = np.asarray(counts, dtype=float)
    known = ~np.isnan(seen)
    found = rng.gamma(np.where(known, seen, 0.0) + JEFFREYS, size=(draws, len(seen)))
    return np.where(known, found, np.nan)


def drawn_shares(part: ArrayLike, whole: ArrayLike, draws: int, rng: np.random.Generator) -> Floats:
    """Draw the shares behind ``part`` out of ``whole`` cases, shape (draws, n); NaN without a case."""
    some, all_ = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    known = all_ > 0
    some, all_ = np.where(known, some, 0.0), np.where(known, all_, 0.0)
    found = rng.beta(some + JEFFREYS, all_ - some + JEFFREYS, size=(draws, len(some)))
    return np.where(known, found, np.nan)


def drawn_factors(
    qualifiers: ArrayLike, draws: int, rng: np.random.Generator, *, spreads: Mapping[str, float]
) -> Floats:
    """Draw by what a stated amount has to be multiplied, shape (draws, n); 1 for "eq" and for no qualifier.

    Args:
        qualifiers: "eq", "approx", "gt", "lt" or null, shape (n,).
        draws: number of draws.
        rng: random numbers.
        spreads: for "approx", "gt" and "lt" the largest share by which the amount may be missed.

    Raises:
        ValueError: a spread is missing or negative, or that of "approx" or "lt" is above 1.
    """
    wrong = [one for one in SPREADS if not 0 <= spreads.get(one, -1.0) <= (np.inf if one == "gt" else 1.0)]
    if wrong:
        msg = f"spreads of {', '.join(wrong)} must be 0 or more, of approx and lt not above 1"
        raise ValueError(msg)
    words: NDArray[np.object_] = np.asarray(qualifiers, dtype=object)
    low, high = np.zeros(len(words)), np.zeros(len(words))
    low[words == "approx"], high[words == "approx"] = -spreads["approx"], spreads["approx"]
    high[words == "gt"] = spreads["gt"]
    low[words == "lt"] = -spreads["lt"]
    return 1 + low + (high - low) * rng.random((draws, len(words)))
