"""Where a pattern lies: Getis and Ord's Gi*, and local Moran with its outliers.

Gi* (Ord and Getis 1995): weights 1 for the neighbours and for the place itself, and the z of the paper, whose
denominator holds (n S1 - w²)/(n - 1). That is what ArcGIS, GeoDa and R's spdep compute; weights standardised by row
give other values. Local Moran (Anselin 1995) divides by m2 = Σz²/n.

p of permutations is conditional: a place keeps its value, its neighbours are dealt out of all others. All places
share the same deals (as in PySAL): with k neighbours, the first k of a deal that are not the place itself are a
fair draw. The sums of first k are therefore the same for all, but for the few places that were dealt themselves,
which makes a thousand permutations of ten thousand places a matter of milliseconds.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.adjustment import benjamini_hochberg
from geo.pattern.autocorrelation import CONSTANT, TWO_SIDED
from geo.pattern.neighbours import Neighbours
from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_EVEN = 1e-12  # sums that differ by less than this share are one
BINARY = Text("权重为 0 或 1，含自身", "weights 0 or 1, the place itself included")
WITHOUT_SELF = Text("权重为 0 或 1，不含自身", "weights 0 or 1, the place itself left out")
ISLANDS = Text("没有邻居的单元列出，不作聚集判断", "places without neighbours are listed, they make no cluster")
FDR = Text("q 为 Benjamini–Hochberg 校正值", "q is adjusted by Benjamini and Hochberg")
DEALT = Text(
    "条件置换：本单元不动，邻居从其余单元中抽取", "conditional permutation: neighbours are dealt out of all others"
)
MEAN_SQUARE = Text("局部 Moran 的分母 m2 = Σz²/n（Anselin 1995）", "m2 = Σz²/n (Anselin 1995)")
QUADRANTS = ("HH", "LL", "LH", "HL")
"""High among high, low among low, low among high, high among low."""


class HotSpots(NamedTuple):
    """Gi* of n places, shape (n,), NaN without a value: ``z``, two-sided ``p``, ``q``, ``p_permuted`` if asked for."""

    z: Floats
    p: Floats
    q: Floats
    p_permuted: Floats
    islands: Integers
    meta: Meta


def gi_star(
    values: ArrayLike, neighbours: Neighbours, *, star: bool = True, permutations: int = 0, seed: int = 0
) -> HotSpots:
    """Tell where high values lie together (z above 0) or low ones (below).

    Args:
        values: one number a place, shape (n,); NaN takes no part. Rates, smoothed where they are of few events.
        neighbours: of the n places.
        star: the place itself is part of its neighbourhood; without it the statistic is Gi.
        permutations: for ``p_permuted``, 0 for none.
        seed: of the permutations.
    """
    found, rows, kept = _taking_part(values, neighbours)
    x = found[rows]
    n, self_weight = len(x), int(star)
    total = kept.sums(x) + self_weight * x
    weight = kept.degree + self_weight
    if star:
        mean, error = np.full(n, x.mean() if n else np.nan), np.full(n, x.std() if n else np.nan)
        spread = (n * weight - weight**2) / max(n - 1, 1)
    else:
        mean = (x.sum() - x) / max(n - 1, 1)
        error = np.sqrt(np.maximum(((x**2).sum() - x**2) / max(n - 1, 1) - mean**2, 0.0))
        spread = ((n - 1) * weight - weight**2) / max(n - 2, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (total - mean * weight) / (error * np.sqrt(spread))
    z[~np.isfinite(z) | (error <= _EVEN * np.abs(x).max(initial=0.0))] = np.nan
    p = _two_sided(z)
    dealt = np.full(n, np.nan)
    if permutations:
        dealt = np.where(np.isnan(z), np.nan, lag_p(x, kept, permutations=permutations, seed=seed))
    meta = told(
        "getis_ord_gi_star" if star else "getis_ord_gi",
        source="Ord and Getis 1995, Geographical Analysis 27:286-306",
        conventions=[BINARY if star else WITHOUT_SELF, ISLANDS, TWO_SIDED, FDR, *([DEALT] if permutations else [])],
        seed=seed if permutations else None,
        warnings=[CONSTANT if n and np.isnan(z).all() else None],
        n=n, permutations=permutations,
    )  # fmt: skip
    z, p, q, dealt = (_back(one, rows) for one in (z, p, benjamini_hochberg(p), dealt))
    return HotSpots(z, p, q, dealt, np.flatnonzero(rows)[kept.islands], meta)


class LocalMoran(NamedTuple):
    """Local Moran of n places, shape (n,).

    ``value`` is Ii, ``quadrant`` one of ``QUADRANTS`` or "" without a value or neighbours, ``z`` under conditional
    and ``z_total`` under total randomisation, ``p`` two-sided by permutation and ``q`` adjusted.
    """

    value: Floats
    quadrant: NDArray[np.str_]
    z: Floats
    z_total: Floats
    p: Floats
    q: Floats
    islands: Integers
    meta: Meta


def local_moran(values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0) -> LocalMoran:
    """Tell which places are like their neighbours, and which stand out among them. Arguments as in ``gi_star``."""
    found, rows, kept = _taking_part(values, neighbours)
    x = found[rows]
    n = len(x)
    z = x - x.mean() if n else x
    even = np.abs(z).max(initial=0.0) <= _EVEN * np.abs(x).max(initial=0.0)
    degree = np.where(kept.degree > 0, kept.degree, np.nan)
    lag = kept.sums(z) / degree
    square = np.nan if even else (z**2).mean()
    value = z * lag / square
    high, among_high = z > 0, lag > 0
    quadrant = np.where(high, np.where(among_high, "HH", "HL"), np.where(among_high, "LH", "LL"))
    quadrant = np.where(np.isnan(value), "", quadrant)
    p = np.where(np.isnan(value), np.nan, lag_p(x, kept, permutations=permutations, seed=seed)) if n else value
    conditional = np.sign(z) * gi_star(x, kept, star=False).z if n else value
    meta = told(
        "local_moran", source="Anselin 1995, Geographical Analysis 27:93-115",
        conventions=[MEAN_SQUARE, DEALT, TWO_SIDED, FDR, ISLANDS], seed=seed,
        warnings=[CONSTANT if n and even else None], n=n, permutations=permutations,
    )  # fmt: skip
    words = np.full(len(rows), "", dtype="<U2")
    words[rows] = quadrant
    total = _total_z(z, value, degree)
    told_ = (_back(one, rows) for one in (value, conditional, total, p, benjamini_hochberg(p)))
    value, conditional, total, p, q = told_
    return LocalMoran(value, words, conditional, total, p, q, np.flatnonzero(rows)[kept.islands], meta)


def _total_z(z: Floats, value: Floats, degree: Floats) -> Floats:
    """Z of Ii if all values were dealt out, with weights standardised by row (Anselin 1995, appendix A)."""
    n = len(z)
    if n < 3:  # noqa: PLR2004 (its divisor)
        return np.full(n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = n * (z**4).sum() / (z**2).sum() ** 2
        squares = 1 / degree
        variance = squares * (n - kurtosis) / (n - 1)
        variance += (1 - squares) * (2 * kurtosis - n) / ((n - 1) * (n - 2)) - 1 / (n - 1) ** 2
        return np.asarray((value + 1 / (n - 1)) / np.sqrt(variance))


def lag_p(values: ArrayLike, neighbours: Neighbours, *, permutations: int, seed: int) -> Floats:
    """Give the two-sided p of the sum of the neighbours' values when neighbours are dealt out of all others.

    Twice the smaller tail, the sum itself counted, at most 1. NaN without neighbours.

    Args:
        values: shape (n,), all finite.
        neighbours: of the n places.
        permutations: number of deals.
        seed: of the deals.
    """
    x = np.asarray(values, dtype=float)
    n, degree = len(x), neighbours.degree
    longest = min(int(degree.max(initial=0)), n - 1)
    found = np.full(n, np.nan)
    if longest < 1 or permutations < 1:
        return found
    chance = np.random.default_rng(seed)
    deals = np.array([chance.choice(n, longest + 1, replace=False) for _ in range(permutations)])
    running = np.cumsum(x[deals], axis=1)
    sums = neighbours.sums(x)
    slack = _EVEN * max(float(np.abs(x).max()) * longest, 1e-300)
    for k in np.unique(degree[degree > 0]):
        rows = np.flatnonzero(degree == k)
        above, below = _tails(sums[rows], rows, deals[:, :k], running[:, k - 1 : k + 1], x=x, slack=slack)
        found[rows] = np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (permutations + 1))
    return found


def _tails(
    sums: Floats, rows: Integers, dealt: Integers, running: Floats, *, x: Floats, slack: float
) -> tuple[Integers, Integers]:
    """Count the deals whose sum is at least, and at most, that of each place; all have as many neighbours."""
    plain = np.sort(running[:, 0])
    above = len(plain) - np.searchsorted(plain, sums - slack, side="left")
    below = np.searchsorted(plain, sums + slack, side="right")
    # Where a place was dealt itself, the next of the deal takes its part.
    place = np.full(len(x), -1)
    place[rows] = np.arange(len(rows))
    deal, column = np.nonzero(place[dealt] >= 0)
    own = dealt[deal, column]
    at = place[own]
    before, after = running[deal, 0], running[deal, 1] - x[own]
    many = len(rows)
    above = above + _counts(at, after >= sums[at] - slack, many) - _counts(at, before >= sums[at] - slack, many)
    below = below + _counts(at, after <= sums[at] + slack, many) - _counts(at, before <= sums[at] + slack, many)
    return above, below


def _counts(at: Integers, chosen: NDArray[np.bool_], many: int) -> Integers:
    return np.bincount(at[chosen], minlength=many)


def _taking_part(values: ArrayLike, neighbours: Neighbours) -> tuple[Floats, NDArray[np.bool_], Neighbours]:
    found = np.asarray(values, dtype=float)
    if found.shape != (len(neighbours),):
        msg = f"expected {len(neighbours)} values, found {found.shape}"
        raise ValueError(msg)
    rows = np.isfinite(found)
    return found, rows, neighbours if rows.all() else neighbours.among(rows)


def _two_sided(z: Floats) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415 (heavy)

    return np.asarray(2 * ndtr(-np.abs(z)))


def _back(values: Floats, rows: NDArray[np.bool_]) -> Floats:
    found = np.full(len(rows), np.nan)
    found[rows] = values
    return found
