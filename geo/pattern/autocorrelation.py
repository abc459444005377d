"""Is there any pattern at all: global Moran's I and Geary's C.

Cliff and Ord 1981, weights standardised by row, moments under randomisation; beside them a permutation test. Places
without a value and places without neighbours take no part.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.neighbours import Neighbours
from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]

FEWEST = 4
"""Places from which the moments under randomisation exist."""
_BLOCK = 2_000_000  # numbers that are permuted at a time
SOURCE = "Cliff and Ord 1981"
ROWS = Text("权重按行标准化", "weights standardised by row")
LEFT_OUT = Text("无值或无邻居的单元不参加", "places without a value or without neighbours take no part")
TWO_SIDED = Text("双侧检验", "two-sided")
PERMUTED = Text("置换检验：值在各单元间随机重排", "permutation: values are dealt out at random")
CONSTANT = Text("各单元的值相同，无从检验", "all values are equal, there is nothing to test")
TOO_FEW = Text("参加的单元少于 4 个，无从检验", "fewer than 4 places take part, there is nothing to test")


class Autocorrelation(NamedTuple):
    """A global statistic and what chance makes of it; NaN where it cannot be told.

    ``variance`` and ``z`` are under randomisation, ``normal_variance`` and ``normal_z`` under normality; ``p`` is
    two-sided from ``z``, ``p_permuted`` two-sided from the permutations; ``n`` places took part.
    """

    value: float
    expected: float
    variance: float
    z: float
    p: float
    normal_variance: float
    normal_z: float
    p_permuted: float
    n: int
    meta: Meta


class _Weights(NamedTuple):
    n: int
    s0: float
    s1: float
    s2: float


def moran(values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0) -> Autocorrelation:
    """Measure Moran's I: above its expectation -1/(n-1), like lies beside like; below, unlike beside unlike.

    Args:
        values: one number a place, shape (n,), NaN where unknown.
        neighbours: of the n places.
        permutations: how many, 0 for none.
        seed: of the permutations.
    """
    z, row, meta = _prepared("moran", values, neighbours, permutations=permutations, seed=seed)
    n = len(z)
    if n < FEWEST or not z.any():
        return _untold(n, meta)
    sums = _sums(row)
    kurtosis = n * (z**4).sum() / (z**2).sum() ** 2

    def statistic(dealt: Floats) -> Floats:
        return np.asarray(n / sums.s0 * np.sum(dealt * (row @ dealt), axis=0) / (z**2).sum())

    expected = -1 / (n - 1)
    s0, s1, s2 = sums.s0, sums.s1, sums.s2
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - expected**2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    return _told(z, statistic, expected, variances=(variance, normal), meta=meta)


def geary(values: ArrayLike, neighbours: Neighbours, *, permutations: int = 999, seed: int = 0) -> Autocorrelation:
    """Measure Geary's C: below 1 neighbours differ little, above 1 much. Arguments as in ``moran``."""
    z, row, meta = _prepared("geary", values, neighbours, permutations=permutations, seed=seed)
    n = len(z)
    if n < FEWEST or not z.any():
        return _untold(n, meta)
    sums = _sums(row)
    kurtosis = n * (z**4).sum() / (z**2).sum() ** 2
    both = np.asarray(row.sum(axis=0)).ravel() + np.asarray(row.sum(axis=1)).ravel()

    def statistic(dealt: Floats) -> Floats:
        # The sum of w (a - b)² over links is that of a² over both ends less twice that of a b.
        apart = np.tensordot(both, dealt**2, axes=(0, 0)) - 2 * np.sum(dealt * (row @ dealt), axis=0)
        return np.asarray((n - 1) / (2 * sums.s0) * apart / (z**2).sum())

    s0, s1, s2 = sums.s0, sums.s1, sums.s2
    normal = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    first = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * kurtosis)
    second = 0.25 * (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * kurtosis)
    third = s0**2 * (n**2 - 3 - (n - 1) ** 2 * kurtosis)
    variance = (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)
    return _told(z, statistic, 1.0, variances=(variance, normal), meta=meta)


def _prepared(
    method: str, values: ArrayLike, neighbours: Neighbours, *, permutations: int, seed: int
) -> tuple[Floats, Any, Meta]:
    """Leave out who takes no part; give deviations from the mean and the weights standardised by row."""
    found = np.asarray(values, dtype=float)
    rows = np.isfinite(found)
    while not (inside := _linked_among(neighbours, rows))[rows].all():
        rows &= inside
    kept = neighbours.among(rows)
    z = found[rows] - (found[rows].mean() if rows.any() else 0.0)
    warnings = [TOO_FEW if len(z) < FEWEST else CONSTANT if not _varies(z, found[rows]) else None]
    z = z if _varies(z, found[rows]) else np.zeros(len(z))
    meta = told(
        method, source=SOURCE, conventions=[ROWS, LEFT_OUT, TWO_SIDED, *([PERMUTED] if permutations else [])],
        seed=seed if permutations else None, warnings=warnings, permutations=permutations,
    )  # fmt: skip
    return z, kept.links.multiply(1 / np.maximum(kept.degree, 1)[:, None]).tocsr(), meta


def _varies(z: Floats, values: Floats) -> bool:
    """Tell whether values differ by more than rounding."""
    return bool(len(z)) and float(np.abs(z).max()) > 1e-12 * float(np.abs(values).max())


def _linked_among(neighbours: Neighbours, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return neighbours.sums(rows.astype(float)) > 0


def _sums(row: Any) -> _Weights:  # noqa: ANN401 (scipy has no types)
    weights = row.sum()
    symmetric = row + row.T
    s1 = 0.5 * symmetric.multiply(symmetric).sum()
    ends = np.asarray(row.sum(axis=0)).ravel() + np.asarray(row.sum(axis=1)).ravel()
    return _Weights(row.shape[0], float(weights), float(s1), float((ends**2).sum()))


def _told(
    z: Floats, statistic: Callable[[Floats], Floats], expected: float, *, variances: tuple[float, float], meta: Meta
) -> Autocorrelation:
    from scipy.special import ndtr  # noqa: PLC0415 (heavy)

    value = float(statistic(z[:, None])[0])
    error, normal_error = (np.sqrt(one) if one > 0 else np.nan for one in variances)
    score = float((value - expected) / error)
    permuted = _permuted(z, statistic, value, meta)
    return Autocorrelation(
        value, expected, float(variances[0]), score, float(2 * ndtr(-abs(score))), float(variances[1]),
        float((value - expected) / normal_error), permuted, len(z), meta,
    )  # fmt: skip


def _permuted(z: Floats, statistic: Callable[[Floats], Floats], value: float, meta: Meta) -> float:
    """Two-sided p: twice the smaller tail, the value itself counted, at most 1."""
    many = int(meta["parameters"]["permutations"])  # type: ignore[index]
    if not many:
        return float("nan")
    chance = np.random.default_rng(meta["seed"])  # type: ignore[arg-type]
    above = below = 0
    size = max(1, _BLOCK // len(z))
    slack = 1e-12 * max(abs(value), 1.0)
    for start in range(0, many, size):
        dealt = np.repeat(z[:, None], min(size, many - start), axis=1)
        made = statistic(chance.permuted(dealt, axis=0))
        above += int(np.count_nonzero(made >= value - slack))
        below += int(np.count_nonzero(made <= value + slack))
    return min(1.0, 2 * (min(above, below) + 1) / (many + 1))


def _untold(n: int, meta: Meta) -> Autocorrelation:
    unknown = float("nan")
    return Autocorrelation(unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown, n, meta)
