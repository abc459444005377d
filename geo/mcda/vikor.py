"""The compromise that most can live with and nobody suffers too much by: VIKOR (Opricovic and Tzeng 2004, 2007).

The answer is a set. It has one member only if the first is ahead by enough and is first for the majority or for the
one who loses most as well.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.mcda.compared import RANKS, Compared, Floats, compared
from geo.mcda.weighted import Notice, ranks_min
from geo.pattern.told import Meta, told
from geo.text import Text

SOURCE = "Opricovic and Tzeng 2007, European Journal of Operational Research 178:514-529"
_ROUNDING = 1e-12  # scores closer than this are equal, as in the ranks
ADVANTAGE = Text(
    "条件一：第二名与第一名的 Q 之差不小于 1/(n-1)", "first test: the second is behind in Q by 1/(n-1) or more"
)
STABILITY = Text("条件二：第一名按 S 或按 R 也是第一", "second test: the first by Q is first by S or by R too")
SET = Text("结果是折中解集，不是唯一的胜者", "the answer is a compromise set, not one winner")


class Vikor(NamedTuple):
    """VIKOR's three figures, shape (n,), NaN for a row that is not known; low is good in all three.

    ``group`` (S) is the weighted sum of what an alternative lacks to the best, ``regret`` (R) the largest of it,
    ``compromise`` (Q) the two together, 0 to 1; ``rank`` is by Q. ``advantage`` and ``stability`` say whether the
    first passes the two tests; ``compromise_set`` are rows in the order of Q, empty if no row is known.
    """

    group: Floats
    regret: Floats
    compromise: Floats
    rank: Floats
    advantage: bool
    stability: bool
    compromise_set: tuple[int, ...]
    notices: tuple[Notice, ...]
    meta: Meta


def vikor(matrix: ArrayLike, weights: ArrayLike, high_first: Sequence[bool], *, majority: float = 0.5) -> Vikor:
    """Find the compromise set.

    Args:
        matrix: n alternatives by m criteria, NaN where unknown (that row is not ranked).
        weights: m weights, not negative, in any scale.
        high_first: for each criterion, whether a high measure speaks for an early rank.
        majority: v, the weight of the sum S against the largest regret R, 0 to 1.

    Raises:
        CriteriaError: measures or weights that cannot be used.
        ValueError: majority not within 0 to 1, or shapes that do not fit.
    """
    if not 0 <= majority <= 1:
        msg = f"majority must lie in 0..1, found {majority}"
        raise ValueError(msg)
    given = compared(matrix, weights, high_first)
    lacks = _lacking(given)
    group, regret = lacks.sum(axis=1), lacks.max(axis=1, initial=0.0)
    compromise = majority * _from_best(group) + (1 - majority) * _from_best(regret)
    advantage, stability, chosen = _tested(group, regret, compromise)
    meta = told(
        "vikor",
        source=SOURCE,
        conventions=[SET, ADVANTAGE, STABILITY, RANKS],
        warnings=given.warnings,
        majority=majority,
        weights=tuple(given.weights.tolist()),
        high_first=tuple(given.high_first.tolist()),
    )
    rows = tuple(int(given.rows[one]) for one in chosen)
    of_all = given.spread_out(compromise)
    sums = given.spread_out(group), given.spread_out(regret)
    return Vikor(*sums, of_all, ranks_min(-of_all), advantage, stability, rows, given.notices, meta)


def _lacking(given: Compared) -> Floats:
    """Give the weighted share that each measure lacks to the best of its column; 0 in columns of weight 0."""
    turned = np.where(given.high_first, given.measures, -given.measures)
    best = turned.max(axis=0, initial=-np.inf)
    width = best - turned.min(axis=0, initial=np.inf)
    return np.asarray(given.weights * (best - turned) / np.where(width > 0, width, 1.0))


def _from_best(values: Floats) -> Floats:
    """Scale to 0 for the lowest and 1 for the highest; all 0 where all are alike, none is worse than another."""
    if not len(values):
        return values
    width = values.max() - values.min()
    return (values - values.min()) / width if width > _ROUNDING else np.zeros_like(values)


def _tested(group: Floats, regret: Floats, compromise: Floats) -> tuple[bool, bool, list[int]]:
    """Give both tests and the set, in the order of Q, then of the rows."""
    number = len(compromise)
    if not number:
        return False, False, []
    behind = compromise - compromise.min()
    order = np.argsort(np.round(behind, 12), kind="stable")
    first = behind <= _ROUNDING
    step = 1 / (number - 1) if number > 1 else 0.0
    alone = np.count_nonzero(first) == 1
    advantage = bool(alone and (number == 1 or behind[order[1]] >= step - _ROUNDING))
    ahead = (group <= group.min() + _ROUNDING) | (regret <= regret.min() + _ROUNDING)
    stability = bool(ahead[first].all())
    if not advantage:
        inside = first | (behind < step - _ROUNDING)
    elif not stability:
        inside = behind <= behind[order[1]] + _ROUNDING  # the second too, and whoever is level with it
    else:
        inside = first
    return advantage, stability, [int(one) for one in order if inside[one]]
