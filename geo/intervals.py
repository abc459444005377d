"""How sure a share or a count is: intervals of few cases, of differences, and of the rank that they allow.

Wilson 1927 for one share; Newcombe 1998 (method 10) for the difference of two, built from Wilson's ends;
Garwood 1936 for a count of events.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """The ends of an interval, shape (n,); NaN where there is nothing to tell from."""

    low: Floats
    high: Floats


def wilson(part: ArrayLike, whole: ArrayLike, level: float = 0.95) -> Interval:
    """Give the interval of a share of counted cases; it stays inside 0 to 1 and works for 0 and for all.

    Args:
        part: how many of the cases, shape (n,).
        whole: how many cases, shape (n,); 0 gives NaN.
        level: confidence, 0 to 1.
    """
    hit, number = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    z2 = _z(level) ** 2
    safe = np.where(number > 0, number, np.nan)
    share = hit / safe
    middle = (share + z2 / (2 * safe)) / (1 + z2 / safe)
    half = np.sqrt(z2 * (share * (1 - share) / safe + z2 / (4 * safe**2))) / (1 + z2 / safe)
    # The formula gives exactly 0 for none and 1 for all; rounding must not take that away.
    return Interval(
        np.where(hit == 0, safe * 0.0, np.maximum(middle - half, 0.0)),
        np.where(hit == number, safe * 0.0 + 1.0, np.minimum(middle + half, 1.0)),
    )


def poisson(count: ArrayLike, level: float = 0.95) -> Interval:
    """Give the exact interval of the mean of counted events (Garwood 1936, by quantiles of chi-square).

    Args:
        count: events, shape (n,); NaN where unknown.
        level: confidence, 0 to 1.
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 (heavy)

    events = np.asarray(count, dtype=float)
    tail = (1 - level) / 2
    some = np.where(events > 0, events, 1.0)  # none has no lower end to look for
    low = np.where(events > 0, gammaincinv(some, tail), events * 0.0)
    return Interval(low, gammaincinv(events + 1, 1 - tail))


def _z(level: float) -> float:
    from scipy.special import ndtri  # noqa: PLC0415 (heavy)

    return float(ndtri((1 + level) / 2))


class RankInterval(NamedTuple):
    """Best and worst rank that each could have, 1 is first, shape (n,); NaN where it takes no part."""

    low: Floats
    high: Floats


def share_ranks(part: ArrayLike, whole: ArrayLike, level: float = 0.95) -> RankInterval:
    """Give the ranks that each share could have, highest first, given how few cases it rests on.

    One is surely before another only if the interval of the difference of the two shares leaves out zero; its best
    rank is one more than the number surely before it, its worst leaves behind it only those surely after it.

    Args:
        part: how many of the cases, shape (n,).
        whole: how many cases, shape (n,); 0 takes no part.
        level: confidence of each comparison, 0 to 1.
    """
    hit, number = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    low, high = np.full(len(hit), np.nan), np.full(len(hit), np.nan)
    takes_part = np.flatnonzero(number > 0)
    share = hit[takes_part] / number[takes_part]
    ends = wilson(hit[takes_part], number[takes_part], level)
    for at, row in enumerate(takes_part):
        lead = share[at] - share
        lowest = lead - np.hypot(share[at] - ends.low[at], ends.high - share)
        highest = lead + np.hypot(ends.high[at] - share[at], share - ends.low)
        others = np.arange(len(takes_part)) != at
        low[row] = 1 + np.count_nonzero((highest < 0) & others)
        high[row] = len(takes_part) - np.count_nonzero((lowest > 0) & others)
    return RankInterval(low, high)


def exact_share(part: ArrayLike, whole: ArrayLike, level: float = 0.95) -> Interval:
    """Give the exact interval of a share of counted cases (Clopper and Pearson 1934), never narrower than it says.

    Args:
        part: how many of the cases, shape (n,).
        whole: how many cases, shape (n,); 0 gives NaN.
        level: confidence, 0 to 1.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 (heavy)

    hit, number = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    tail, some = (1 - level) / 2, number > 0
    safe = np.where(some, number, 1.0)
    low = np.where(hit > 0, betaincinv(np.maximum(hit, 1.0), safe - hit + 1, tail), 0.0)
    high = np.where(hit < number, betaincinv(hit + 1, np.maximum(safe - hit, 1.0), 1 - tail), 1.0)
    return Interval(np.where(some, low, np.nan), np.where(some, high, np.nan))
