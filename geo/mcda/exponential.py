"""Exponential ranks: bad places weigh more than good ones, so that a good rank cannot make up for a bad one.

The transformation of the English Indices of Deprivation 2019 (technical report, appendix E): a place that is worse
than a share R of all gets ``-23 ln(1 - R (1 - e^(-100/23)))``, 0 to 100; about half of the scale lies in the worst
tenth.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SCALE = 23.0


def exponential(share: ArrayLike) -> NDArray[np.float64]:
    """Transform ranks scaled to 0..1 (1 is the worst) into needs 0..1; NaN stays."""
    ranks = np.asarray(share, dtype=float)
    return np.asarray(-_SCALE * np.log1p(-ranks * -np.expm1(-100 / _SCALE)) / 100)


def exponential_needs(matrix: ArrayLike, worse_high: ArrayLike) -> NDArray[np.float64]:
    """Give needs of n places by m measures from their ranks; equal values share the rank of the worst of them.

    Args:
        matrix: measures, NaN where unknown; an unknown one has no rank and takes part in none.
        worse_high: for each measure, whether a high value is the worse one.

    Returns:
        Needs, shape (n, m): 1 for the worst of a column, NaN where unknown.
    """
    measures = np.where(np.asarray(worse_high, dtype=bool), 1.0, -1.0) * np.asarray(matrix, dtype=float)
    found = np.full(measures.shape, np.nan)
    for column in range(measures.shape[1]):
        known = np.flatnonzero(~np.isnan(measures[:, column]))
        values = measures[known, column]
        better = np.searchsorted(np.sort(values), values, side="right")
        found[known, column] = exponential(better / max(len(values), 1))
    return found
