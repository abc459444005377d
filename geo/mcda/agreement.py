"""Whether rankings agree, and which alternatives no weights could bring to the front.

Rank correlation: Kendall 1945 (tau-b, for ties), Spearman 1904 (on mean ranks). Agreement is shown as a table of
figures; ranks of several methods are not averaged.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.mcda.compared import Floats, checked_measures, left_out
from geo.mcda.weighted import ranks_min
from geo.pattern.told import Meta, told
from geo.text import Text

_BLOCK = 512  # rows whose pairs are compared together
TIES = Text("并列：tau-b 修正，Spearman 取平均名次", "ties: tau-b allows for them, Spearman's takes mean ranks")
UNDEFINED = Text("一方取值全部相同或不足两项，相关系数无定义", "one side all alike, or fewer than two: no correlation")
TOP = Text(
    "前 k 名含第 k 名的并列者；重合率为共有数除以较多一方的数目",
    "those level with place k belong to the first k; the overlap is what both share over the larger of the two sets",
)
DOMINATED = Text(
    "每项不差且至少一项更好即为支配；相同者全部保留",
    "dominated: another is nowhere worse and somewhere better; equal rows are all kept",
)


class Agreement(NamedTuple):
    """How two score lists agree: -1 reversed to 1 the same order, NaN where that has no meaning."""

    kendall: float
    spearman: float
    number: int
    meta: Meta


class Overlap(NamedTuple):
    """Share of the first places that two lists have in common, 0 to 1, and the rows in both."""

    share: float
    rows: tuple[int, ...]
    meta: Meta


class Front(NamedTuple):
    """``rows`` that nothing dominates; ``dominator`` (n,) a row that dominates, -1 for none or for an unknown row."""

    rows: NDArray[np.int64]
    dominator: NDArray[np.int64]
    unknown: NDArray[np.int64]
    meta: Meta


def rank_correlation(x: ArrayLike, y: ArrayLike) -> Agreement:
    """Compare two lists of scores or ranks of the same n alternatives; pairs with an unknown one are left out.

    Raises:
        ValueError: lists of different length.
    """
    one, other, known = _paired(x, y)
    first, second = one[known], other[known]
    agree, one_ties, other_ties = _pairs(first, second)
    every = len(first) * (len(first) - 1) // 2
    scale = float(every - one_ties) * float(every - other_ties)
    missing = int(np.count_nonzero(~known))
    warnings = [left_out(missing) if missing else None, None if scale > 0 else UNDEFINED]
    meta = told("rank_correlation", source="Kendall 1945; Spearman 1904", conventions=[TIES], warnings=warnings)
    if not scale > 0:
        return Agreement(np.nan, np.nan, len(first), meta)
    a, b = (ranks - ranks.mean() for ranks in (_mean_ranks(first), _mean_ranks(second)))
    spearman = float((a @ b) / np.sqrt((a @ a) * (b @ b)))
    return Agreement(float(agree / np.sqrt(scale)), spearman, len(first), meta)


def top_overlap(x: ArrayLike, y: ArrayLike, k: int) -> Overlap:
    """Compare the first k by two lists of scores, the highest first; alternatives unknown in either are left out.

    Raises:
        ValueError: lists of different length, or k below 1.
    """
    if k < 1:
        msg = f"k must be 1 or more, found {k}"
        raise ValueError(msg)
    one, other, known = _paired(x, y)
    first, second = (ranks_min(np.where(known, values, np.nan)) <= k for values in (one, other))
    both = np.flatnonzero(first & second)
    larger = max(np.count_nonzero(first), np.count_nonzero(second))
    missing = int(np.count_nonzero(~known))
    meta = told("top_overlap", source="", conventions=[TOP], warnings=[left_out(missing) if missing else None], k=k)
    return Overlap(len(both) / larger if larger else np.nan, tuple(both.tolist()), meta)


def pareto_front(matrix: ArrayLike, high_first: Sequence[bool]) -> Front:
    """Find what is dominated whatever the weights: sorted by all criteria, then compared with the front so far.

    Args:
        matrix: n alternatives by m criteria; a row with an unknown measure (NaN) is neither in front nor behind.
        high_first: for each criterion, whether a high measure speaks for an early rank.

    Raises:
        CriteriaError: an infinite measure.
        ValueError: as many directions as criteria are needed.
    """
    measures = checked_measures(matrix)
    high = np.asarray(high_first, dtype=bool)
    if len(high) != measures.shape[1]:
        msg = f"{measures.shape[1]} criteria and {len(high)} directions"
        raise ValueError(msg)
    turned = np.where(high, measures, -measures)
    unknown = np.isnan(measures).any(axis=1)
    rows = np.flatnonzero(~unknown)
    # Who dominates comes earlier in this order, and who is dominated need not be kept to find others that are.
    order = rows[np.lexsort(-turned[rows].T[::-1])] if turned.shape[1] else rows
    dominator = np.full(len(measures), -1, dtype=np.int64)
    front = np.empty(len(order), dtype=np.int64)
    size = 0
    for row in order:
        ahead = turned[front[:size]]
        beats = (ahead >= turned[row]).all(axis=1) & (ahead > turned[row]).any(axis=1)
        if beats.any():
            dominator[row] = front[np.argmax(beats)]
        else:
            front[size] = row
            size += 1
    missing = int(np.count_nonzero(unknown))
    meta = told(
        "pareto_front",
        source="Pareto 1906; Kung, Luccio and Preparata 1975",
        conventions=[DOMINATED],
        warnings=[left_out(missing) if missing else None],
        high_first=tuple(high.tolist()),
    )
    return Front(np.sort(front[:size]), dominator, np.flatnonzero(unknown), meta)


def _paired(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    one, other = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if one.ndim != 1 or one.shape != other.shape:
        msg = f"two lists of one length are needed, found {one.shape} and {other.shape}"
        raise ValueError(msg)
    return one, other, ~(np.isnan(one) | np.isnan(other))


def _pairs(x: Floats, y: Floats) -> tuple[int, int, int]:
    """Count pairs: in the same order less in the opposite order, level in x, level in y."""
    agree = level_x = level_y = 0
    for start in range(0, len(x), _BLOCK):
        rows = slice(start, start + _BLOCK)
        side_x = np.sign(x[rows, np.newaxis] - x)
        side_y = np.sign(y[rows, np.newaxis] - y)
        agree += int((side_x * side_y).sum())
        level_x += int(np.count_nonzero(side_x == 0))
        level_y += int(np.count_nonzero(side_y == 0))
    # Every pair was seen twice, and each row with itself once.
    return agree // 2, (level_x - len(x)) // 2, (level_y - len(y)) // 2


def _mean_ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])
