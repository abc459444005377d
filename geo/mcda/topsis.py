"""Closest to the best, farthest from the worst: TOPSIS (Hwang and Yoon 1981).

The normalisation changes the order of the same data, so it has to be named by whoever asks, and is told with the
result. The best and the worst are made of the alternatives at hand: another alternative may turn the order of two.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.mcda.compared import RANKS, Compared, Floats, compared
from geo.mcda.weighted import Notice, ranks_min
from geo.pattern.told import Meta, told
from geo.text import Text

Scaling = Literal["vector", "minmax"]

SOURCE = "Hwang and Yoon 1981"
SCALINGS: dict[Scaling, Text] = {
    "vector": Text("向量归一化：除以该列平方和的平方根", "vector normalisation: over the root of the column's squares"),
    "minmax": Text("极差归一化：按方向化为 0 到 1", "min-max normalisation: 0 to 1 in the criterion's direction"),
}
REVERSAL = Text(
    "最优点和最劣点取自参评各项，增减一项可能改变其他项的次序",
    "best and worst come from the alternatives at hand: one more or less may turn the order of others",
)


class Topsis(NamedTuple):
    """Closeness 0 (the worst in all) to 1 (the best in all), rank and both distances, shape (n,), NaN if unknown."""

    closeness: Floats
    rank: Floats
    to_best: Floats
    to_worst: Floats
    notices: tuple[Notice, ...]
    meta: Meta


def topsis(matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, normalisation: Scaling) -> Topsis:
    """Rank by closeness to the best that was found in each criterion.

    Args:
        matrix: n alternatives by m criteria, NaN where unknown (that row is not ranked).
        weights: m weights, not negative, in any scale.
        high_first: for each criterion, whether a high measure speaks for an early rank.
        normalisation: "vector" (Hwang and Yoon) or "minmax" (as in Opricovic and Tzeng 2004).

    Raises:
        CriteriaError: measures or weights that cannot be used.
        ValueError: another normalisation, or shapes that do not fit.
    """
    if normalisation not in SCALINGS:
        msg = f"normalisation must be vector or minmax, found {normalisation}"
        raise ValueError(msg)
    given = compared(matrix, weights, high_first)
    used = given.weights > 0
    unit = scaled(given, normalisation)[:, used] * given.weights[used]
    to_best = np.sqrt(((unit - unit.max(axis=0, initial=-np.inf)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((unit - unit.min(axis=0, initial=np.inf)) ** 2).sum(axis=1))
    both = to_best + to_worst  # 0 only if nothing separates
    closeness = given.spread_out(np.divide(to_worst, both, out=np.full(len(both), np.nan), where=both > 0))
    meta = told(
        "topsis",
        source=SOURCE,
        conventions=[SCALINGS[normalisation], REVERSAL, RANKS],
        warnings=given.warnings,
        normalisation=normalisation,
        weights=tuple(given.weights.tolist()),
        high_first=tuple(given.high_first.tolist()),
    )
    distances = given.spread_out(to_best), given.spread_out(to_worst)
    return Topsis(closeness, ranks_min(closeness), *distances, given.notices, meta)


def scaled(given: Compared, normalisation: Scaling) -> Floats:
    """Give measures without unit in which high is good; columns of weight 0 as they come out, they are not used."""
    turned = np.where(given.high_first, given.measures, -given.measures)
    if normalisation == "vector":
        # The largest goes first, so that the squares of very large or small measures stay numbers.
        largest = np.abs(turned).max(axis=0, initial=0.0)
        shrunk = turned / np.where(largest > 0, largest, 1.0)
        length = np.sqrt((shrunk**2).sum(axis=0))
        return np.asarray(shrunk / np.where(length > 0, length, 1.0))
    low = turned.min(axis=0, initial=np.inf)
    width = turned.max(axis=0, initial=-np.inf) - low
    return np.asarray((turned - low) / np.where(width > 0, width, 1.0))
