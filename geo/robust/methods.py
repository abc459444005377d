"""TOPSIS, VIKOR and PROMETHEE II as functions of the weights, for thousands of weights at once.

What does not depend on the weights is computed once: TOPSIS' squared distances and PROMETHEE's flows are then matrix
products, VIKOR's regret the largest of m columns. With the same weights the scores are those of ``geo.topsis``,
``geo.vikor`` and ``geo.promethee2``; of VIKOR with the sign turned, so that the highest is first.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.mcda.compared import Compared, compared
from geo.mcda.promethee import Preference, promethee2
from geo.mcda.topsis import Scaling, scaled
from geo.robust.draws import Scorer
from geo.robust.sorting import Floats

_ROUNDING = 1e-12


def topsis_scorer(
    matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, normalisation: Scaling
) -> Scorer:
    """Give closeness as a function of weights; constant columns and unknown rows are left out as in ``geo.topsis``."""
    given = compared(matrix, weights, high_first)
    columns = np.flatnonzero(given.weights > 0)
    unit = scaled(given, normalisation)[:, columns]
    best, worst = unit.max(axis=0, initial=-np.inf), unit.min(axis=0, initial=np.inf)
    short, ahead = (best - unit).T ** 2, (unit - worst).T ** 2

    def of(drawn: Floats) -> Floats:
        squares = drawn**2
        to_best, to_worst = np.sqrt(squares @ short), np.sqrt(squares @ ahead)
        both = to_best + to_worst
        return np.asarray(np.divide(to_worst, both, out=np.zeros_like(both), where=both > 0))

    return _scorer(of, given, columns)


def vikor_scorer(matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, majority: float = 0.5) -> Scorer:
    """Give 0 less VIKOR's Q as a function of weights."""
    given = compared(matrix, weights, high_first)
    columns = np.flatnonzero(given.weights > 0)
    lacks = np.ascontiguousarray(1 - scaled(given, "minmax")[:, columns].T)

    def of(drawn: Floats) -> Floats:
        group = drawn @ lacks
        regret = drawn[:, :1] * lacks[0]
        for one in range(1, len(lacks)):
            np.maximum(regret, drawn[:, one : one + 1] * lacks[one], out=regret)
        return -(majority * _from_best(group) + (1 - majority) * _from_best(regret))

    return _scorer(of, given, columns)


def promethee_scorer(
    matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, preferences: Sequence[Preference]
) -> Scorer:
    """Give the net flow as a function of weights."""
    found = promethee2(matrix, weights, high_first, preferences=preferences)
    rows = np.flatnonzero(~np.isnan(found.net))
    columns = np.flatnonzero(np.asarray(weights, dtype=float) > 0)
    flows = np.ascontiguousarray(found.by_criterion[np.ix_(rows, columns)].T)
    return Scorer(lambda drawn: drawn @ flows, rows, columns, len(found.net))


def _scorer(of: object, given: Compared, columns: NDArray[np.int64]) -> Scorer:
    rows = given.rows if len(columns) else given.rows[:0]
    return Scorer(of, rows, columns, given.size)  # type: ignore[arg-type]


def _from_best(values: Floats) -> Floats:
    """Scale each list to 0 for its lowest and 1 for its highest; all 0 where all are alike."""
    low = values.min(axis=1, keepdims=True)
    width = values.max(axis=1, keepdims=True) - low
    return np.asarray((values - low) / np.where(width > _ROUNDING, width, np.inf))
