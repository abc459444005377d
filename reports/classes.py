"""Class limits for shaded maps."""

from typing import Literal

import numpy as np
import numpy.typing as npt

MOST_VALUES = 1000
"""More distinct values than this are first reduced to as many quantiles."""

Floats = npt.NDArray[np.float64]
Method = Literal["fisher", "quantile", "equal"]


def breaks(values: npt.ArrayLike, k: int, method: Method = "fisher") -> Floats:
    """Give the upper limits of ``k`` classes; a value belongs to the first class whose limit it does not pass.

    Args:
        values: numbers of any unit; null values are left out.
        k: number of classes wanted; fewer come back when there are fewer distinct values.
        method: "fisher" has the least sum of squares within the classes (Fisher 1958, by dynamic
            programming; exact up to ``MOST_VALUES`` distinct values), "quantile" equal counts
            (linear interpolation, type 7), "equal" equal widths.

    Returns:
        Rising limits, the last is the largest value; empty without values.
    """
    found = np.asarray(values, dtype=np.float64).ravel()
    found = found[np.isfinite(found)]
    if not found.size or k < 1:
        return np.empty(0)
    if method == "quantile":
        return np.unique(np.quantile(found, np.arange(1, k + 1) / k))
    if method == "equal":
        return np.unique(np.linspace(found.min(), found.max(), k + 1)[1:])
    distinct, weight = np.unique(found, return_counts=True)
    if distinct.size > MOST_VALUES:
        distinct, weight = np.unique(np.quantile(found, np.linspace(0, 1, MOST_VALUES)), return_counts=True)
    return _fisher(distinct, weight.astype(np.float64), min(k, distinct.size))


def _fisher(values: Floats, weight: Floats, k: int) -> Floats:
    """Split rising distinct values into ``k`` runs with the least sum of squares about the run means."""
    count = values.size
    middle = values - np.average(values, weights=weight)  # keeps the squares small and exact
    total, first, second = (np.concatenate([[0.0], np.cumsum(weight * middle**power)]) for power in (0, 1, 2))
    run = total[None, 1:] - total[:-1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (second[None, 1:] - second[:-1, None]) - (first[None, 1:] - first[:-1, None]) ** 2 / run
    spread[np.tril_indices(count, -1)] = np.inf
    best = spread[0]
    starts = []
    for _ in range(k - 1):
        with_last = best[:-1, None] + spread[1:]
        start = np.concatenate([[0], with_last[:, 1:].argmin(axis=0) + 1])
        best = np.concatenate([[np.inf], with_last[:, 1:].min(axis=0)])
        starts.append(start)
    last = count - 1
    limits = [last]
    for start in reversed(starts):
        last = start[last] - 1
        limits.append(last)
    chosen: Floats = values[np.array(limits[::-1])]
    return chosen


def class_of(values: npt.ArrayLike, limits: Floats) -> npt.NDArray[np.int64]:
    """Give the class number of each value, -1 where it is null; values past the last limit get the last class."""
    found = np.asarray(values, dtype=np.float64)
    number = np.minimum(np.searchsorted(limits, found, side="left"), max(len(limits) - 1, 0))
    return np.where(np.isfinite(found), number, -1)
