"""At which weight the leader changes, and what each criterion does to the order if it is left out.

One weight moves, the others keep their proportions. A score is then a straight line over another, so two rows change
places at the roots of a quadratic: exact, nothing is scanned.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geo.mcda import normalised_weights, ranks_min, weighted_parts
from geo.mcda.agreement import rank_correlation, top_overlap
from geo.mcda.compared import Floats

_LEVEL = 1e-12
NOBODY = -1


class _Lines(NamedTuple):
    """Scores as (own t + rest (1 - t)) / (has t + mass (1 - t)), t the weight of one criterion; shape (n,)."""

    own: Floats
    rest: Floats
    has: Floats
    mass: Floats

    def at(self, t: float) -> Floats:
        """Give the scores at a weight."""
        mass = self.has * t + self.mass * (1 - t)
        score = self.own * t + self.rest * (1 - t)
        return np.asarray(np.divide(score, mass, out=np.full(len(mass), np.nan), where=mass > _LEVEL))


def weight_stability(utility: ArrayLike, weights: ArrayLike) -> pd.DataFrame:
    """Give for each criterion the weights with which the leader stays in front.

    Args:
        utility: needs, n by m, NaN where unknown.
        weights: m weights in any scale.

    Returns:
        One row a criterion: weight (its share now), low and high (the leader leads from low to high), next_low and
        next_high (number of the row that takes over beyond, -1 if nobody does). Of several in front the first counts.
        NaN throughout for a criterion of weight 0.

    Raises:
        CriteriaError: weights that cannot be used.
    """
    needs, share = np.asarray(utility, dtype=float), normalised_weights(weights)
    leaders = np.flatnonzero(ranks_min(weighted_parts(needs, share).score) == 1)
    rows = []
    for column, weight in enumerate(share):
        if not weight > 0 or not len(leaders):
            rows.append((weight, np.nan, np.nan, NOBODY, NOBODY))
            continue
        lines = _lines(needs, share, column)
        rows.append((weight, *_reach(lines, int(leaders[0]), float(weight))))
    names = ["weight", "low", "high", "next_low", "next_high"]
    return pd.DataFrame(rows, columns=names).astype({"next_low": int, "next_high": int})


def _lines(needs: Floats, share: Floats, column: int) -> _Lines:
    others = np.delete(share, column)
    others = others / (others.sum() or 1.0)
    known = ~np.isnan(needs)
    filled = np.nan_to_num(needs)
    rest, mass = np.delete(filled, column, axis=1) @ others, np.delete(known, column, axis=1) @ others
    return _Lines(filled[:, column], rest, known[:, column].astype(float), mass)


def _reach(lines: _Lines, leader: int, weight: float) -> tuple[float, float, int, int]:
    """Give how far the weight may fall and rise, and who leads beyond."""
    low, high, below, above = 0.0, 1.0, NOBODY, NOBODY
    for rival in range(len(lines.own)):
        if rival == leader:
            continue
        for start, stop in _behind(lines, leader, rival):
            if stop <= weight + _LEVEL and stop > low:
                low, below = stop, rival
            elif start >= weight - _LEVEL and start < high:
                high, above = start, rival
    return low, high, below, above


def _behind(lines: _Lines, leader: int, rival: int) -> list[tuple[float, float]]:
    """Give the stretches of the weight on which the rival is ahead of the leader."""
    a = np.array([lines.rest[leader], lines.own[leader] - lines.rest[leader]])
    b = np.array([lines.mass[leader], lines.has[leader] - lines.mass[leader]])
    c = np.array([lines.rest[rival], lines.own[rival] - lines.rest[rival]])
    d = np.array([lines.mass[rival], lines.has[rival] - lines.mass[rival]])
    e2, e1, e0 = (
        a[1] * d[1] - c[1] * b[1],
        a[0] * d[1] + a[1] * d[0] - c[0] * b[1] - c[1] * b[0],
        a[0] * d[0] - c[0] * b[0],
    )
    cuts = [0.0, *(root for root in _roots(e2, e1, e0) if 0 < root < 1), 1.0]
    found = []
    for start, stop in pairwise(cuts):
        middle = (start + stop) / 2
        if stop - start > _LEVEL and e2 * middle**2 + e1 * middle + e0 < -_LEVEL:
            found.append((start, stop))
    return found


def _roots(square: float, slope: float, constant: float) -> list[float]:
    if abs(square) <= _LEVEL:
        return [-constant / slope] if abs(slope) > _LEVEL else []
    inside = slope**2 - 4 * square * constant
    if inside < 0:
        return []
    # The root of the larger size is computed, the other follows from the product: nothing cancels.
    far = -(slope + np.copysign(np.sqrt(inside), slope)) / 2
    return sorted({float(far / square), float(constant / far)} if far else {0.0})


def left_out_one(utility: ArrayLike, weights: ArrayLike, *, k: int) -> pd.DataFrame:
    """Rank again without each criterion in turn.

    Returns:
        One row a criterion: leader (number of the row in front, -1 if none is ranked), kendall (tau-b with the full
        ranking), overlap (share of the first k in common), mover (row whose rank moves most, -1 if none does) and
        places (by how many, negative towards the front). NaN and -1 for the only criterion and for those of weight 0.
    """
    needs, share = np.asarray(utility, dtype=float), normalised_weights(weights)
    base = weighted_parts(needs, share).score
    rows = []
    for column, weight in enumerate(share):
        others = np.where(np.arange(len(share)) == column, 0.0, share)
        if not weight > 0 or not others.sum() > 0:
            rows.append((NOBODY, np.nan, np.nan, NOBODY, np.nan))
            continue
        score = weighted_parts(needs, others).score
        both = ~np.isnan(base) & ~np.isnan(score)
        moved = ranks_min(np.where(both, score, np.nan)) - ranks_min(np.where(both, base, np.nan))
        mover = int(np.nanargmax(np.abs(moved))) if both.any() else NOBODY
        first = np.flatnonzero(ranks_min(score) == 1)
        rows.append(
            (
                int(first[0]) if len(first) else NOBODY,
                rank_correlation(base, score).kendall,
                top_overlap(base, score, k).share,
                mover if both.any() and moved[mover] else NOBODY,
                moved[mover] if both.any() else np.nan,
            )
        )
    names = ["leader", "kendall", "overlap", "mover", "places"]
    return pd.DataFrame(rows, columns=names).astype({"leader": int, "mover": int})
