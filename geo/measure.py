"""Counts, totals, shares and units, with the unknown kept unknown."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_M2_PER_MU = 10_000 / 15  # State Council order of 1984 on units of measurement
_M2_PER_HECTARE = 10_000


class Totals(NamedTuple):
    """Totals per group; ``per_group`` and ``outside`` add up to the total of all that is known.

    ``per_group`` has one number a group, ``outside`` is what belongs to none, ``skipped`` the number
    of rows without a known weight, which are in neither.
    """

    per_group: NDArray[np.float64]
    outside: float
    skipped: int


def totals(codes: ArrayLike, size: int, weights: ArrayLike | None = None) -> Totals:
    """Count rows, or add up their weights, per group.

    Args:
        codes: group of each row, 0 to size - 1, or -1 for none (as ``locate`` gives them); shape (n,).
        size: number of groups.
        weights: what to add up, any unit; null rows are skipped and counted. None counts rows.

    Raises:
        ValueError: a code is not in range.
    """
    groups = np.asarray(codes, dtype=np.int64)
    amounts = np.ones(len(groups)) if weights is None else _numbers(weights)
    if len(groups) and not (groups.min() >= -1 and groups.max() < size):
        msg = f"codes must lie in -1..{size - 1}, found {groups.min()}..{groups.max()}"
        raise ValueError(msg)
    known = ~np.isnan(amounts)
    sums = np.bincount(groups[known] + 1, weights=amounts[known], minlength=size + 1).astype(float)
    return Totals(sums[1:], float(sums[0]), int(np.count_nonzero(~known)))


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    """Take numbers from a list, an array or a pandas series; its nulls become NaN."""
    to_numpy = getattr(values, "to_numpy", None)
    return np.asarray(values if to_numpy is None else to_numpy(dtype=float, na_value=np.nan), dtype=float)


def shares(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Divide part by whole; NaN where the whole is 0 or either is unknown, never infinite.

    Args:
        part: numbers, shape (n,) or one number.
        whole: numbers in the same unit, shape (n,) or one number.
    """
    over, under = np.broadcast_arrays(_numbers(part), _numbers(whole))
    usable = np.isfinite(over) & np.isfinite(under) & (under != 0)
    return np.asarray(np.divide(over, under, out=np.full(over.shape, np.nan), where=usable))


def rate(part: ArrayLike, whole: ArrayLike, *, per: float = 100) -> NDArray[np.float64]:
    """Give part for every ``per`` of whole, such as issues per 1,000 residents; NaN as in ``shares``."""
    return shares(part, whole) * per


def mu(m2: ArrayLike) -> NDArray[np.float64]:
    """Convert square metres to mu (15 mu are one hectare)."""
    return _numbers(m2) / _M2_PER_MU


def m2_of_mu(area_mu: ArrayLike) -> NDArray[np.float64]:
    """Convert mu to square metres."""
    return _numbers(area_mu) * _M2_PER_MU


def hectares(m2: ArrayLike) -> NDArray[np.float64]:
    """Convert square metres to hectares."""
    return _numbers(m2) / _M2_PER_HECTARE
