"""Is it really rising: Mann-Kendall and Sen's slope, many series at once.

Mann 1945, Kendall 1975, Sen 1968; variance corrected for ties, z corrected for continuity by 1. A step without a
value (NaN) is left out, slopes keep the clock of the others. Seasonal form: Hirsch, Slack and Smith 1982. A series
of fewer than ``least`` values says nothing: it has no z and no p.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]

LEAST = 8
"""Values from which a series says anything."""
_BLOCK = 4_000_000  # slopes held at a time
SOURCE = "Mann 1945; Kendall 1975; Sen 1968; Hirsch, Slack and Smith 1982"
TIES = Text("方差按并列值校正，z 作连续性校正，双侧检验", "variance corrected for ties, z for continuity, two-sided")
GAPS = Text("缺值的时段不参加", "steps without a value take no part")
SLOPE = Text("Sen 斜率：各对时段斜率的中位数", "Sen's slope: the median of the slopes of all pairs")


class Trend(NamedTuple):
    """Trends of n series, shape (n,).

    ``s`` is concordant less discordant pairs, ``variance`` its variance, ``z`` and two-sided ``p``; ``tau_a`` is s
    over all pairs, ``tau_b`` corrected for ties; ``slope`` per step with the ends of its interval; ``values`` how
    many steps had a value.
    """

    s: Floats
    variance: Floats
    z: Floats
    p: Floats
    tau_a: Floats
    tau_b: Floats
    slope: Floats
    slope_low: Floats
    slope_high: Floats
    values: NDArray[np.int64]
    meta: Meta


def mann_kendall(series: ArrayLike, *, least: int = LEAST, level: float = 0.95) -> Trend:
    """Test each series for a rise or a fall.

    Args:
        series: shape (n, steps), or (steps,) for one; equal steps of time, NaN where unknown.
        least: values from which z and p are given.
        level: confidence of the interval of the slope, 0 to 1 (Gilbert 1987).
    """
    table = np.atleast_2d(np.asarray(series, dtype=float))
    s, variance, pairs, tied = _pairs(table)
    slopes = _slopes(table, [np.arange(table.shape[1])], 1.0)
    return _told(table, (s, variance, pairs, tied), slopes, seasons=None, least=least, level=level)


def seasonal_mann_kendall(series: ArrayLike, seasons: int, *, least: int = LEAST, level: float = 0.95) -> Trend:
    """Test each series within its seasons: January with January, so that a yearly wave is no trend.

    Args:
        series: shape (n, steps) or (steps,).
        seasons: steps of a year, such as 12; the slope is per step.
        least: values from which z and p are given.
        level: confidence of the interval of the slope.

    Raises:
        ValueError: fewer than two seasons.
    """
    table = np.atleast_2d(np.asarray(series, dtype=float))
    if seasons < 2:  # noqa: PLR2004 (one season is no season)
        msg = "seasons must be at least 2"
        raise ValueError(msg)
    parts = [np.arange(first, table.shape[1], seasons) for first in range(min(seasons, table.shape[1]))]
    sums = np.sum([_pairs(table[:, part]) for part in parts], axis=0)
    slopes = _slopes(table, parts, 1.0)
    return _told(table, tuple(sums), slopes, seasons=seasons, least=least, level=level)


def _pairs(table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """S, its variance, all pairs, and pairs with equal values, of each series."""
    rows, steps = table.shape
    s, equal = np.zeros(rows), np.ones((rows, steps))  # how many values equal each, itself counted
    for gap in range(1, steps):
        apart = table[:, gap:] - table[:, :-gap]
        s += np.nansum(np.sign(apart), axis=1)
        same = apart == 0
        equal[:, gap:] += same
        equal[:, :-gap] += same
    given = np.isfinite(table)
    n = given.sum(axis=1).astype(float)
    ties = np.where(given, (equal - 1) * (2 * equal + 5), 0.0).sum(axis=1)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    return s, variance, n * (n - 1) / 2, np.where(given, equal - 1, 0.0).sum(axis=1) / 2


def _slopes(table: Floats, parts: list[NDArray[np.int64]], step: float) -> Floats:
    """Rising slopes of all pairs of steps within a part, by series; NaN at the end. In blocks for the memory."""
    ends = [np.triu_indices(len(part), 1) for part in parts]
    first = np.concatenate([part[one] for part, (one, _) in zip(parts, ends, strict=True)])
    second = np.concatenate([part[other] for part, (_, other) in zip(parts, ends, strict=True)])
    found = np.empty((len(table), len(first)))
    size = max(1, _BLOCK // max(len(first), 1))
    for start in range(0, len(table), size):
        block = table[start : start + size]
        found[start : start + size] = np.sort((block[:, second] - block[:, first]) / ((second - first) * step), axis=1)
    return found


def _told(
    table: Floats, sums: tuple[Floats, ...], slopes: Floats, *, seasons: int | None, least: int, level: float
) -> Trend:
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 (heavy)

    s, variance, pairs, tied = sums
    values = np.isfinite(table).sum(axis=1)
    enough = values >= least
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (s - np.sign(s)) / np.sqrt(variance), 0.0)
        tau_a = np.where(pairs > 0, s / pairs, np.nan)
        tau_b = np.where(pairs > tied, s / np.sqrt(pairs * (pairs - tied)), np.nan)
    z = np.where(enough, z, np.nan)
    half = float(ndtri((1 + level) / 2)) * np.sqrt(np.maximum(variance, 0.0))
    number = np.isfinite(slopes).sum(axis=1)
    slope, low, high = (
        _at(slopes, number, place) for place in ((number - 1) / 2, (number - half) / 2 - 1, (number + half) / 2)
    )
    meta = told(
        "mann_kendall" if seasons is None else "seasonal_mann_kendall", source=SOURCE,
        conventions=[TIES, GAPS, SLOPE], least=least, level=level, seasons=seasons,
    )  # fmt: skip
    low, high = (np.where(enough, one, np.nan) for one in (low, high))
    return Trend(s, variance, z, 2 * ndtr(-np.abs(z)), tau_a, tau_b, slope, low, high, values, meta)


def _at(slopes: Floats, number: NDArray[np.int64], place: Floats) -> Floats:
    """Give the slope at a place between the ranks 0 and number - 1, in a straight line between two of them."""
    if not slopes.shape[1]:
        return np.full(len(slopes), np.nan)
    inside = np.clip(place, 0, np.maximum(number - 1, 0))
    below = np.floor(inside).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(number - 1, 0))
    rows = np.arange(len(slopes))
    one, other = slopes[rows, below], slopes[rows, above]
    return np.asarray(np.where(number > 0, one + (inside - below) * (other - one), np.nan))
