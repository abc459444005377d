"""The mixed-integer program behind a best or worst rank, for the rivals that weights can put on either side.

Branch and bound of our own over linear programs: the rank at the weights of each program is counted as it is, which
is often the answer at once, and a count is a whole number, so few branches are left.
"""

import heapq
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.mcda.compared import Floats
from geo.robust.region import Region

_LEVEL = 1e-9
_AHEAD = 1e-5  # by so much a rival has to be ahead to be counted against a row in its worst case
_NODES = 300
_WHOLE = 1e-6


class Reached(NamedTuple):
    """A ``bound`` that no weights pass, and a ``rank`` that the ``weights`` (m,) give, counted again."""

    bound: float
    rank: float
    weights: Floats


def reached(needs: Floats, row: int, region: Region, lead: Floats, *, side: str, most: int) -> Reached | None:
    """Find the best or worst rank of one row.

    Args:
        needs: n by m, NaN where unknown.
        row: whose rank.
        region: weights that are thought possible.
        lead: most by which each row can be ahead of each, from ``leads``.
        side: "best" or "worst".
        most: rivals that the program may decide about.

    Returns:
        None where the row and an undecided rival do not know the same criteria, where there are too many rivals,
        or where the solver found nothing.
    """
    active = region.high > 0
    known = ~np.isnan(needs) & active
    rivals = np.flatnonzero((lead[row] >= -_LEVEL) & (lead[:, row] > _LEVEL))
    if len(rivals) > most or (known[rivals] != known[row]).any():
        return None
    columns = np.flatnonzero(known[row])
    ahead = needs[np.ix_(rivals, columns)] - needs[row, columns]
    kept = _kept(region, columns, known[row])
    program = _side(ahead, (lead[rivals, row], lead[row, rivals]), kept, side)

    def count_at(weights: Floats) -> float:
        return program.sign * float(np.count_nonzero(ahead @ weights > _LEVEL))

    bound, met, inside = _searched(program, count_at)
    if inside is None:
        return None
    weights = np.where(known[row], 0.0, region.low)
    weights[columns] = inside
    settled = 1 + int(np.count_nonzero(lead[row] < -_LEVEL))
    return Reached(settled + program.sign * bound, settled + program.sign * met, weights)


def _kept(region: Region, columns: NDArray[np.int64], known: NDArray[np.bool_]) -> tuple[Region, float]:
    """Give the bounds of the criteria that the row knows, and how much the others hold at least."""
    rest = float(region.low[~known].sum())
    return Region(region.low[columns], region.high[columns]), rest


class _Side(NamedTuple):
    """One linear program after another: weights, and a share 0 to 1 of each rival that counts as ahead.

    ``rows @ (weights, shares) <= limits``; ``sign`` 1 counts as few rivals as can be, -1 as many.
    """

    rows: Floats
    limits: Floats
    sign: float
    low: Floats
    high: Floats
    left: float

    def relaxed(self, fixed: dict[int, float]) -> tuple[float, Floats, Floats] | None:
        """Give the least count (times the sign), the weights and the shares; None if the fixed shares clash."""
        from scipy.optimize import linprog  # noqa: PLC0415 (heavy)

        number, size = len(self.limits), len(self.low)
        least, most = np.zeros(number), np.ones(number)
        for rival, share in fixed.items():
            least[rival] = most[rival] = share
        found = linprog(
            np.concatenate([np.zeros(size), np.full(number, self.sign)]),
            A_ub=self.rows,
            b_ub=self.limits,
            A_eq=np.concatenate([np.ones(size), np.zeros(number)])[np.newaxis],
            b_eq=[self.left],
            bounds=np.column_stack([np.concatenate([self.low, least]), np.concatenate([self.high, most])]),
            method="highs-ds",
        )
        return (float(found.fun), found.x[:size], found.x[size:]) if found.status == 0 else None


def _side(ahead: Floats, lead: tuple[Floats, Floats], kept: tuple[Region, float], side: str) -> _Side:
    """Set up the program: a share of 0 keeps a rival from being ahead, or one of 1 asks that it be ahead."""
    (low, high), rest = kept
    rival_most, own_most = lead
    if side == "best":
        slack = np.maximum(rival_most, _AHEAD)
        return _Side(np.hstack([ahead, -np.diag(slack)]), np.zeros(len(ahead)), 1.0, low, high, 1 - rest)
    slack = _AHEAD + np.maximum(own_most, 0.0)
    return _Side(np.hstack([-ahead, np.diag(slack)]), slack - _AHEAD, -1.0, low, high, 1 - rest)


def _searched(program: _Side, count_at: Callable[[Floats], float]) -> tuple[float, float, Floats | None]:
    """Branch and bound, best bound first: the bound, the best count that was met, and the weights of it.

    ``count_at`` counts the rivals ahead at given weights, times the sign of the program.
    """
    best, at = np.inf, None
    waiting: list[tuple[float, int, dict[int, float]]] = [(-np.inf, 0, {})]
    for number in range(1, _NODES):
        if not waiting or waiting[0][0] >= best:
            return best, best, at
        bound, _, fixed = heapq.heappop(waiting)
        found = program.relaxed(fixed)
        if found is None:
            continue
        value, weights, shares = found
        bound = max(bound, float(np.ceil(value - _WHOLE)))
        met = count_at(weights)
        if met < best:
            best, at = met, weights
        rival = int(np.abs(shares - np.round(shares)).argmax())
        if bound < best and abs(shares[rival] - round(shares[rival])) <= _WHOLE:
            return bound, best, at  # settled, though by less than counts as ahead
        for share in (0.0, 1.0):
            heapq.heappush(waiting, (bound, 2 * number + int(share), {**fixed, rival: share}))
    return min(best, waiting[0][0] if waiting else best), best, at
