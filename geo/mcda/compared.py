"""What every ranking method is given: alternatives by criteria, weights, directions, and what can be compared."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CriteriaError
from geo.findings import value_found
from geo.mcda.weighted import Notice, criteria_fault, normalised_weights
from geo.text import Text, counted

Floats = NDArray[np.float64]

RANKS = Text("名次从 1 起，并列取较好的名次", "ranks from 1, equal scores share the better one")
CONSTANT = Text("取值全部相同，无法区分，权重记 0", "the same everywhere, separates nothing, weight 0")
NOTHING_SEPARATES = Text("各项取值全部相同或不足两项，无法排序", "all alike, or fewer than two: nothing to rank")


class Compared(NamedTuple):
    """What a method compares.

    ``measures`` (k, m) are the rows of the alternatives that are known, ``rows`` (k,) their numbers among all
    ``size``; ``weights`` (m,) add up to 1, those of constant columns are 0 (all 0 if every column is constant);
    ``high_first`` (m,) as given; ``notices`` name constant columns.
    """

    measures: Floats
    rows: NDArray[np.int64]
    size: int
    weights: Floats
    high_first: NDArray[np.bool_]
    notices: tuple[Notice, ...]

    def spread_out(self, values: Floats) -> Floats:
        """Give values of the known alternatives back to all, NaN for the others."""
        every = np.full(self.size, np.nan)
        every[self.rows] = values
        return every

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What to tell: rows left out, columns that separate nothing."""
        found = [left_out(self.size - len(self.rows))] if len(self.rows) < self.size else []
        found += [constant_column(one.column) for one in self.notices]
        return (*found, *([] if self.weights.any() else [NOTHING_SEPARATES]))


def compared(matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool]) -> Compared:
    """Check measures, weights and directions; set aside rows that are not known and columns that do not differ.

    A row with an unknown measure (NaN) under a criterion with a weight has no place in a comparison of all with all:
    it is left out, not filled.

    Args:
        matrix: n alternatives by m criteria, NaN where unknown.
        weights: m weights, not negative, in any scale.
        high_first: for each criterion, whether a high measure speaks for an early rank.

    Raises:
        CriteriaError: an infinite measure, or weights that cannot be used.
        ValueError: shapes that do not fit.
    """
    measures = checked_measures(matrix)
    share = normalised_weights(weights)
    high = np.asarray(high_first, dtype=bool)
    if not len(share) == len(high) == measures.shape[1]:
        msg = f"{measures.shape[1]} criteria, {len(share)} weights and {len(high)} directions"
        raise ValueError(msg)
    rows = np.flatnonzero(~np.isnan(measures[:, share > 0]).any(axis=1))
    known = np.where(share > 0, measures[rows], 0.0)  # a criterion of weight 0 may be unknown, it does not count
    differs = separates(known)
    notices = tuple(Notice(int(j), CONSTANT) for j in np.flatnonzero(~differs & (share > 0)))
    used = np.where(differs, share, 0.0)
    return Compared(known, rows, len(measures), used / (used.sum() or 1.0), high, notices)


def checked_measures(matrix: ArrayLike) -> Floats:
    """Give measures as an array n by m.

    Raises:
        CriteriaError: a measure is infinite.
        ValueError: not a table.
    """
    measures = np.asarray(matrix, dtype=float)
    if measures.ndim != 2:  # noqa: PLR2004 (rows and columns)
        msg = f"measures must be a table of alternatives by criteria, found {measures.ndim} dimensions"
        raise ValueError(msg)
    wrong = np.flatnonzero(np.isinf(measures).any(axis=0))
    if len(wrong):
        wanted = Text("有限数或空值", "a finite number or nothing")
        raise CriteriaError(criteria_fault("measures", str(j), value_found(float(np.inf)), wanted) for j in wrong)
    return measures


def separates(measures: Floats) -> NDArray[np.bool_]:
    """Tell which columns hold more than one value; shape (m,)."""
    return np.asarray((measures != measures[:1]).any(axis=0))


def left_out(number: int) -> Text:
    """Say how many rows are not compared because a measure is unknown."""
    return Text(
        f"{number} 项有未知的指标值，未参与比较", f"{counted(number, 'row', 'rows')} with an unknown measure left out"
    )


def constant_column(column: int) -> Text:
    """Say that a criterion (numbered from 0) separates nothing."""
    return Text(f"第 {column + 1} 个指标{CONSTANT.zh}", f"criterion {column + 1}: {CONSTANT.en}")
