"""Weights from comparing criteria two by two: the analytic hierarchy process (Saaty 1980, 1990).

Weights are the principal eigenvector, found by power iteration; the geometric means of the rows stand beside it. The
consistency ratio uses Saaty's random indices. Where it is too high, the three comparisons that contradict each other
most are named, so that the panel knows what to talk about again.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import CriteriaError
from geo.mcda.compared import Floats
from geo.mcda.weighted import criteria_fault
from geo.pattern.told import Meta, told
from geo.text import Text

SOURCE = "Saaty 1990, European Journal of Operational Research 48:9-26"
RANDOM_INDICES = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty's mean consistency index of random matrices of 1 to 10 criteria."""
LIMIT = 0.1
"""Consistency ratio up to which Saaty takes a matrix for consistent enough."""
_RECIPROCAL = 1e-6  # how far a comparison and its reverse may miss 1, as printed thirds do
_STEADY = 1e-15
_MOST_STEPS = 100_000
INDICES = Text("随机一致性指标取 Saaty 表，1 至 10 阶", "random indices of Saaty's table, 1 to 10 criteria")
GROUP = Text("多人判断取逐元素几何平均", "several people's matrices are joined by their geometric mean")
NO_INDEX = Text(
    "超过 10 个指标，Saaty 表无对应值，一致性比率未知；宜分层比较",
    "more than 10 criteria: Saaty's table ends, the consistency ratio is unknown; compare in groups",
)
_WANTED = Text(
    "正的两两比较方阵，对角线为 1，两个方向互为倒数",
    "a square matrix of positive numbers, 1 on the diagonal, each direction one over the other",
)


class Triad(NamedTuple):
    """Three criteria whose comparisons contradict each other: ``first`` to ``third`` directly, and by ``second``.

    ``direct`` is what was said of first to third, ``implied`` what follows from the other two; ``factor`` the larger
    over the smaller, 1 if they agree.
    """

    first: int
    second: int
    third: int
    direct: float
    implied: float
    factor: float


class Hierarchy(NamedTuple):
    """Weights of m criteria that add up to 1, and how consistent the comparisons are.

    ``weights`` is the principal eigenvector and ``geometric`` the geometric means of the rows. ``ratio`` (CR) is NaN
    and ``consistent`` None for more than ten criteria. ``worst`` is None below three criteria.
    """

    weights: Floats
    geometric: Floats
    largest_eigenvalue: float
    consistency_index: float
    ratio: float
    consistent: bool | None
    worst: Triad | None
    meta: Meta


def ahp(pairwise: ArrayLike, *, names: Sequence[Text] | None = None, limit: float = LIMIT) -> Hierarchy:
    """Turn comparisons of criteria two by two into weights.

    Args:
        pairwise: m by m; row i, column j says how many times as important i is as j.
        names: of the criteria, for the warning; numbers without.
        limit: consistency ratio above which a warning names the worst triad.

    Raises:
        CriteriaError: not square, not positive, or not reciprocal.
        ValueError: as many names as criteria are needed.
    """
    matrix = _checked(pairwise)
    size = len(matrix)
    called = [Text.same(j + 1) for j in range(size)] if names is None else list(names)
    if len(called) != size:
        msg = f"{size} criteria and {len(called)} names"
        raise ValueError(msg)
    weights = _principal(matrix)
    largest = float(np.mean(matrix @ weights / weights))
    index = (largest - size) / (size - 1) if size > 2 else 0.0  # noqa: PLR2004 (two cannot contradict each other)
    known = size <= len(RANDOM_INDICES)
    ratio = np.nan if not known else index / RANDOM_INDICES[size - 1] if RANDOM_INDICES[size - 1] else 0.0
    worst = _worst(matrix)
    consistent = bool(ratio <= limit) if known else None
    doubts = [None if known else NO_INDEX, _contradiction(worst, called, ratio) if worst and not consistent else None]
    meta = told(
        "ahp",
        source=SOURCE,
        conventions=[INDICES, GROUP],
        warnings=doubts,
        limit=limit,
        weights="principal eigenvector",
    )
    geometric = np.exp(np.log(matrix).mean(axis=1))
    return Hierarchy(weights, geometric / geometric.sum(), largest, index, ratio, consistent, worst, meta)


def group_matrix(matrices: Sequence[ArrayLike]) -> Floats:
    """Join the comparisons of several people by their geometric mean (Aczel and Saaty 1983), which stays reciprocal.

    Raises:
        CriteriaError: a matrix cannot be used, or they differ in size.
        ValueError: no matrix.
    """
    if not len(matrices):
        msg = "at least one matrix is needed"
        raise ValueError(msg)
    checked = [_checked(one) for one in matrices]
    sizes = sorted({len(one) for one in checked})
    if len(sizes) > 1:
        found = Text.same(" ≠ ".join(str(one) for one in sizes))
        raise CriteriaError([criteria_fault("pairwise", None, found, Text("各人的矩阵同阶", "matrices of one size"))])
    return np.asarray(np.exp(np.mean([np.log(one) for one in checked], axis=0)))


def _checked(pairwise: ArrayLike) -> Floats:
    matrix = np.asarray(pairwise, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):  # noqa: PLR2004 (rows, columns)
        found = Text.same(" × ".join(str(one) for one in matrix.shape))
        raise CriteriaError([criteria_fault("pairwise", None, found, _WANTED)])
    positive = np.isfinite(matrix) & (matrix > 0)
    product = np.where(positive, matrix, 0.0) * np.where(positive, matrix, 0.0).T
    wrong = ~positive | (np.abs(product - 1) > _RECIPROCAL)
    if wrong.any():
        raise CriteriaError(
            criteria_fault("pairwise", f"{i + 1}, {j + 1}", Text.same(f"{matrix[i, j]:g}, {matrix[j, i]:g}"), _WANTED)
            for i, j in np.argwhere(np.triu(wrong | wrong.T))
        )
    return matrix


def _principal(matrix: Floats) -> Floats:
    """Give the eigenvector of the largest eigenvalue by power iteration, starting from the geometric means."""
    weights = np.exp(np.log(matrix).mean(axis=1))
    weights /= weights.sum()
    for _ in range(_MOST_STEPS):
        new = matrix @ weights
        new /= new.sum()
        if np.abs(new - weights).max() <= _STEADY:
            return np.asarray(new)
        weights = new
    # Round-off can leave the last digit swinging; what is worse than that is refused.
    if np.abs(matrix @ weights / weights / np.mean(matrix @ weights / weights) - 1).max() <= _RECIPROCAL:
        return np.asarray(weights)
    found = Text("比较值相差过大，求不出权重", "comparisons too far apart for weights")
    raise CriteriaError([criteria_fault("pairwise", None, found, _WANTED)])


def _worst(matrix: Floats) -> Triad | None:
    """Give the triad whose direct and implied comparison are farthest apart; the first of equals."""
    log = np.log(matrix)
    triads = list(combinations(range(len(matrix)), 3))
    if not triads:
        return None
    i, j, k = np.array(triads).T
    gap = np.abs(log[i, j] + log[j, k] - log[i, k])
    at = int(np.argmax(np.round(gap, 9)))
    a, b, c = triads[at]
    return Triad(a, b, c, float(matrix[a, c]), float(matrix[a, b] * matrix[b, c]), float(np.exp(gap[at])))


def _contradiction(worst: Triad, names: Sequence[Text], ratio: float) -> Text:
    return Text(
        "一致性比率 {ratio}，矛盾最大的三项：{a}、{b}、{c}。直接判断 {a} 对 {c} 为 {direct}，由 {b} 推算为 {implied}",
        "consistency ratio {ratio}; the worst triad is {a}, {b}, {c}: {a} to {c} was said to be {direct}, by way of {b} it "
        "would be {implied}",
    ).format(
        ratio=f"{ratio:.3f}" if np.isfinite(ratio) else Text("未知", "unknown"),
        a=names[worst.first],
        b=names[worst.second],
        c=names[worst.third],
        direct=f"{worst.direct:.3g}",
        implied=f"{worst.implied:.3g}",
    )
