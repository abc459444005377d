"""Weights of criteria: from a panel's comparisons (``ahp``) or from the data themselves (entropy, CRITIC).

Weights from the data tell on what the alternatives differ, not what matters; one outlier can carry most of them.
Entropy: Shannon 1948, Zeleny 1982. CRITIC: Diakoulaki, Mavrotas and Papayannakis 1995.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.mcda.compared import CONSTANT, Floats, checked_measures, constant_column, left_out, separates
from geo.mcda.pairwise import Hierarchy, Triad, ahp, group_matrix
from geo.mcda.weighted import Notice, normalised_weights
from geo.pattern.told import Meta, told
from geo.text import Text

__all__ = [
    "DataWeights",
    "Hierarchy",
    "Triad",
    "ahp",
    "critic_weights",
    "entropy_weights",
    "group_matrix",
]

_ROUNDING = 1e-12  # correlations and entropies that miss 1 by so much are 1
ZERO = Text("0·ln 0 记为 0", "0 ln 0 is 0")
SPREAD = Text("反映数据的差异，不反映重要性", "tells how the data differ, not what matters")
SHIFTED = Text(
    "有负值的列先整体平移，使最小值为 0", "a column with negative values is moved up so that its lowest is 0"
)
PEARSON = Text("按方向极差归一化，Pearson 相关", "min-max in the criterion's direction, Pearson's correlation")
ALIKE = Text("各指标完全相关，权重平分", "all criteria tell the same, so their weights are equal")


class DataWeights(NamedTuple):
    """Weights of m criteria that add up to 1; ``information`` (m,) is what they are proportional to.

    For entropy weights ``information`` is 1 less the entropy of a column, for CRITIC its standard deviation times
    its conflict with the others. ``notices`` name constant columns, whose weight is 0.
    """

    weights: Floats
    information: Floats
    notices: tuple[Notice, ...]
    meta: Meta


def entropy_weights(matrix: ArrayLike) -> DataWeights:
    """Weigh criteria by how unevenly their totals are shared out.

    Args:
        matrix: n alternatives by m criteria; rows with an unknown measure (NaN) are left out and told.

    Raises:
        CriteriaError: an infinite measure, or no criterion that differs.
    """
    measures, warnings = _known(matrix)
    differs = separates(measures)
    low = measures.min(axis=0, initial=0.0)
    moved = np.where(differs, measures - low, 1.0)
    moved /= moved.max(axis=0, initial=0.0) if len(moved) else 1.0
    share = moved / moved.sum(axis=0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    entropy = -(share * logs).sum(axis=0) / np.log(max(len(measures), 2))
    information = np.where(differs, np.maximum(1 - entropy, 0.0), 0.0)
    return _finished("entropy_weights", information, differs, [*warnings, SHIFTED if (low < 0).any() else None])


def critic_weights(matrix: ArrayLike, high_first: Sequence[bool]) -> DataWeights:
    """Weigh criteria by how much they differ and how little they repeat the others.

    Args:
        matrix: n alternatives by m criteria; rows with an unknown measure (NaN) are left out and told.
        high_first: for each criterion, whether a high measure speaks for an early rank.

    Raises:
        CriteriaError: an infinite measure, or no criterion that differs.
        ValueError: as many directions as criteria are needed.
    """
    measures, warnings = _known(matrix)
    high = np.asarray(high_first, dtype=bool)
    if len(high) != measures.shape[1]:
        msg = f"{measures.shape[1]} criteria and {len(high)} directions"
        raise ValueError(msg)
    differs = separates(measures)
    some = np.where(high, measures, -measures)[:, differs]
    information = np.zeros(len(high))
    if differs.any():
        low = some.min(axis=0)
        unit = (some - low) / (some.max(axis=0) - low)
        centred = unit - unit.mean(axis=0)
        spread = np.sqrt((centred**2).mean(axis=0))
        conflict = 1 - (centred.T @ centred) / len(unit) / np.outer(spread, spread)
        information[differs] = spread * np.where(conflict > _ROUNDING, conflict, 0.0).sum(axis=1)
        if not information.any():
            information[differs] = 1.0
            warnings = [*warnings, ALIKE]
    return _finished("critic_weights", information, differs, warnings)


def _known(matrix: ArrayLike) -> tuple[Floats, list[Text | None]]:
    measures = checked_measures(matrix)
    known = ~np.isnan(measures).any(axis=1)
    missing = int(np.count_nonzero(~known))
    return measures[known], [left_out(missing)] if missing else []


def _finished(method: str, information: Floats, differs: ArrayLike, warnings: Sequence[Text | None]) -> DataWeights:
    constant = np.flatnonzero(~np.asarray(differs))
    notices = tuple(Notice(int(j), CONSTANT) for j in constant)
    entropy = method == "entropy_weights"
    meta = told(
        method,
        source="Zeleny 1982" if entropy else "Diakoulaki et al. 1995, Computers and Operations Research 22:763-770",
        conventions=[ZERO, SPREAD] if entropy else [PEARSON, SPREAD],
        warnings=[*warnings, *(constant_column(one.column) for one in notices)],
    )
    return DataWeights(normalised_weights(information), information, notices, meta)
