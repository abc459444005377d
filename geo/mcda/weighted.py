"""Weighted sum: from measures to needs between 0 and 1, to points that add up, to ranks.

Method: simple additive weighting (Hwang and Yoon 1981) with fixed goalposts, min-max or ratio
normalisation. A higher score means a greater need and an earlier rank.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CriteriaError, Problem
from geo.findings import value_found
from geo.mcda.exponential import exponential_needs
from geo.text import Text

Normalisation = Literal["goalposts", "minmax", "ratio", "exponential"]
_DECIMALS = 12  # scores closer than this are equal: the last digits depend on the order of adding


class Notice(NamedTuple):
    """A criterion that cannot separate anything, and why."""

    column: int
    reason: Text


class Utilities(NamedTuple):
    """Needs from 0 (best) to 1 (worst), shape (n, m), NaN where unknown, and what to tell about them."""

    needs: NDArray[np.float64]
    notices: tuple[Notice, ...]


class Parts(NamedTuple):
    """What each criterion adds to each score.

    ``parts`` (n, m) is NaN where a need is unknown; the others of a row add up to ``score`` (n,),
    which is NaN for a row without any known need. ``weight_used`` (n,) is the share of all weight
    that the known needs carry, 0 to 1.
    """

    parts: NDArray[np.float64]
    score: NDArray[np.float64]
    weight_used: NDArray[np.float64]


def utilities(
    matrix: ArrayLike,
    worse_high: Sequence[bool],
    *,
    method: Normalisation,
    goalposts: Sequence[tuple[float, float]] | None = None,
) -> Utilities:
    """Turn measures into needs.

    "goalposts" compares with fixed best and worst values, so that a grid's need does not change
    with the other grids; "minmax" with the best and worst grid of the set; "ratio" divides by the
    largest value (or the smallest by the value, where low is worse); "exponential" takes ranks, see
    ``geo.mcda.exponential``.

    Args:
        matrix: measures, n grids by m criteria, NaN where unknown.
        worse_high: for each criterion, whether a high measure is the worse one.
        method: how to normalise.
        goalposts: (best, worst) of each criterion in its own unit, for "goalposts" only.

    Returns:
        Needs, and a notice for each criterion whose column is NaN because it is constant
        ("minmax") or not all positive ("ratio").

    Raises:
        CriteriaError: goalposts missing, equal, not finite or against the stated direction.
    """
    measures = np.asarray(matrix, dtype=float)
    high = np.asarray(worse_high, dtype=bool)
    if method == "goalposts":
        best, worst = _checked_goalposts(goalposts, high)
        return Utilities(np.clip((measures - best) / (worst - best), 0.0, 1.0), ())
    # Columns without a single value have no extremes; the fillers never reach a known cell.
    low = np.nanmin(measures, axis=0, initial=np.inf)
    top = np.nanmax(measures, axis=0, initial=-np.inf)
    known = np.isfinite(low) & np.isfinite(top)
    if method == "exponential":
        same = Text("各网格取值相同，无法区分，不计分", "the same in all grids, separates nothing, not scored")
        usable = known & (top > low)
        needs = np.where(usable, exponential_needs(measures, high), np.nan)
        return Utilities(needs, tuple(Notice(int(j), same) for j in np.flatnonzero(known & ~usable)))
    if method == "minmax":
        usable = known & (top > low)
        reason = Text("各网格取值相同，无法区分，不计分", "the same in all grids, separates nothing, not scored")
        width = np.where(usable, top - low, np.nan)
        needs = np.where(high, measures - low, top - measures) / width
    else:
        usable = known & (low >= 0) & np.where(high, top > 0, low > 0)
        reason = Text("比值法要求取值为正，不计分", "ratios need positive values, not scored")
        positive = np.where(usable, measures, np.nan)
        needs = np.where(high, positive / np.where(usable, top, np.nan), np.where(usable, low, np.nan) / positive)
    return Utilities(needs, tuple(Notice(int(j), reason) for j in np.flatnonzero(known & ~usable)))


def _checked_goalposts(
    goalposts: Sequence[tuple[float, float]] | None, high: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    posts = np.asarray(goalposts if goalposts is not None else np.empty((0, 2)), dtype=float).reshape(-1, 2)
    expected = Text(
        "每个指标一对有限的（最好，最差）值，方向与指标一致",
        "a finite pair (best, worst) for each criterion, in the criterion's direction",
    )
    if len(posts) != len(high):
        found = Text(f"{len(posts)} 对，指标有 {len(high)} 个", f"{len(posts)} pairs for {len(high)} criteria")
        raise CriteriaError([criteria_fault("goalposts", None, found, expected)])
    right = np.isfinite(posts).all(axis=1) & np.where(high, posts[:, 1] > posts[:, 0], posts[:, 1] < posts[:, 0])
    if not right.all():
        raise CriteriaError(
            criteria_fault("goalposts", str(j), Text.same(f"({posts[j, 0]:g}, {posts[j, 1]:g})"), expected)
            for j in np.flatnonzero(~right)
        )
    return posts[:, 0], posts[:, 1]


def criteria_fault(what: str, column: str | None, found: Text, expected: Text) -> Problem:
    """Give what is wrong with criteria or weights; ``column`` is the number of the criterion, None for all."""
    remedy = Text("在指标表中改正", "mend it in the table of criteria")
    return Problem(what, "error", "criteria", None, column, found, expected, remedy)


def weighted_parts(utility: ArrayLike, weights: ArrayLike) -> Parts:
    """Weigh needs; what a row does not know is left out and its other weights grow in proportion.

    Args:
        utility: needs 0 to 1, n by m, NaN where unknown.
        weights: m weights, not negative, in any scale.

    Raises:
        CriteriaError: a weight is negative or not finite, or all are zero.
    """
    needs = np.asarray(utility, dtype=float)
    share = normalised_weights(weights)
    known = ~np.isnan(needs)
    used = known @ share
    # A row may know only criteria of weight 0: it has no score either.
    scale = np.divide(1.0, used, out=np.full(len(used), np.nan), where=used > 0)
    parts = needs * share * scale[:, np.newaxis]
    score = np.where(used > 0, np.nansum(parts, axis=1), np.nan)
    return Parts(parts, score, np.minimum(used, 1.0))


def normalised_weights(weights: ArrayLike) -> NDArray[np.float64]:
    """Scale weights to the sum of 1.

    Raises:
        CriteriaError: a weight is negative or not finite, or all are zero.
    """
    given = np.asarray(weights, dtype=float)
    good = np.isfinite(given) & (given >= 0)
    if not good.all():
        wanted = Text("不小于 0 的有限数", "a finite number, 0 or more")
        raise CriteriaError(
            criteria_fault("weights", str(j), value_found(float(given[j])), wanted) for j in np.flatnonzero(~good)
        )
    total = given.sum()
    if not total > 0:
        found = Text(f"权重之和为 {total:g}", f"a sum of {total:g}")
        raise CriteriaError([criteria_fault("weights", None, found, Text("权重之和大于 0", "a sum above 0"))])
    return np.asarray(given / total)


def ranks_min(score: ArrayLike) -> NDArray[np.float64]:
    """Rank scores, the highest first; equal scores share the better rank; NaN stays unranked.

    Returns:
        Ranks from 1, shape (n,), NaN where the score is NaN.
    """
    values = np.round(np.asarray(score, dtype=float), _DECIMALS)
    known = np.flatnonzero(~np.isnan(values))
    ranks = np.full(len(values), np.nan)
    falling = np.sort(-values[known])
    ranks[known] = np.searchsorted(falling, -values[known], side="left") + 1
    return ranks
