"""The mixed-integer program behind a best or worst rank, for the rivals that weights can put on either side.

Branch and bound of our own over linear programs: the rank at the weights of each program is counted as it is, which
is often the answer at once, and a count is a whole number, so few branches are left.
"""

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.mcda.compared import Floats
from geo.robust.region import Region, best_mix

_LEVEL = 1e-9
_AHEAD = 1e-5  # by so much a rival has to be ahead to be counted against a row in its worst case
_WHOLE = 1e-6
_NARROW = 1e-5  # masses of kinds of rows known to so much of themselves are known


class Reached(NamedTuple):
    """A ``bound`` that no weights pass, and a ``rank`` that the ``weights`` (m,) give, counted again.

    ``weights`` is None where nothing better was found than what was known before.
    """

    bound: float
    rank: float
    weights: Floats | None


class Limits(NamedTuple):
    """A rank that was ``seen``; most rivals that are decided about, and most linear programs (``nodes``)."""

    seen: float
    most: int
    nodes: int


def reached(needs: Floats, row: int, region: Region, lead: Floats, *, side: str, limits: Limits) -> Reached | None:
    """Find the best or worst rank of one row.

    Args:
        needs: 0 to 1, n by m, NaN where unknown.
        row: whose rank.
        region: weights that are thought possible.
        lead: most by which each row can be ahead of each, from ``leads``.
        side: "best" or "worst".
        limits: a rank that is known to be reached, and how far to go.

    Returns:
        None where there are too many rivals, or where rows that know different criteria are to be compared under weights that may leave one of them without a score.
    """
    seen, most, nodes = limits
    known = ~np.isnan(needs) & (region.high > 0)
    rivals = np.flatnonzero((lead[row] >= -_LEVEL) & (lead[:, row] > _LEVEL))
    alike = bool((known[rivals] == known[row]).all())
    if alike and not region.low[known[row]].sum() > 0:  # the others may as well weigh nothing
        region = Region(region.low, np.where(known[row], region.high, 0.0))
    kinds, which = np.unique(known[[row, *rivals]], axis=0, return_inverse=True)
    masses = kinds.astype(float)
    low, high = -best_mix(-masses, region)[0], best_mix(masses, region)[0]
    if len(rivals) > most or not (alike or low.min() > 0):
        return None
    filled = np.where(known, needs, 0.0)
    program = _Program(filled[rivals], filled[row], masses, which.reshape(-1), region, 1.0 if side == "best" else -1.0)
    settled = 1 + int(np.count_nonzero(lead[row] < -_LEVEL))
    bound, met, weights = _searched(program, _Node({}, low, high), program.sign * (seen - settled), nodes)
    return Reached(settled + program.sign * bound, settled + program.sign * met, weights)


class _Node(NamedTuple):
    """A branch: shares of rivals that are settled, and the least and largest mass of each kind of row."""

    fixed: dict[int, float]
    low: Floats
    high: Floats


class _Program(NamedTuple):
    """Which rivals are ahead of one row, in linear programs over weights and a share 0 to 1 of each rival.

    ``rivals`` (r, m) and ``own`` (m,) are needs, 0 where unknown; ``masses`` (q, m) marks the criteria that each kind
    of row knows, ``which`` (1 + r,) is the kind of the row and of its rivals. A score is a sum over a mass, so two
    rows of different kinds are compared with the largest or smallest ratio of their masses that a branch allows:
    that bounds, and ever narrower branches make it exact. ``sign`` 1 counts as few rivals as can be, -1 as many.
    """

    rivals: Floats
    own: Floats
    masses: Floats
    which: NDArray[np.int64]
    region: Region
    sign: float

    def count_at(self, weights: Floats) -> float:
        """Count the rivals ahead at given weights, times the sign."""
        mass = self.masses @ weights
        ahead = self.rivals @ weights / mass[self.which[1:]] - self.own @ weights / mass[self.which[0]]
        return self.sign * float(np.count_nonzero(ahead > _LEVEL))

    def rows(self, node: _Node) -> tuple[Floats, Floats]:
        """Give the rows and limits of a branch: a share of 0 keeps a rival behind, one of 1 asks that it be ahead."""
        own, others = self.which[0], self.which[1:]
        if self.sign > 0:
            ratio = np.where(others == own, 1.0, node.high[others] / node.low[own])
            gain = self.rivals - ratio[:, np.newaxis] * self.own
            slack = np.maximum(best_mix(gain, self.region)[0], _AHEAD)
            return np.hstack([gain, -np.diag(slack)]), np.zeros(len(gain))
        ratio = np.where(others == own, 1.0, node.low[others] / node.high[own])
        gain = self.rivals - ratio[:, np.newaxis] * self.own
        least = _AHEAD * node.low[others]
        slack = least + np.maximum(best_mix(-gain, self.region)[0], 0.0)
        return np.hstack([-gain, np.diag(slack)]), slack - least

    def relaxed(self, node: _Node) -> tuple[float, Floats, Floats] | None:
        """Give the least count (times the sign), the weights and the shares; None if the branch is empty."""
        from scipy.optimize import linprog  # noqa: PLC0415 (heavy)

        number, size = len(self.rivals), len(self.own)
        rows, limits = self.rows(node)
        if len(self.masses) > 1:
            none = np.zeros((len(self.masses), number))
            rows = np.vstack([rows, np.hstack([self.masses, none]), np.hstack([-self.masses, none])])
            limits = np.concatenate([limits, node.high, -node.low])
        least, most = np.zeros(number), np.ones(number)
        for rival, share in node.fixed.items():
            least[rival] = most[rival] = share
        bounds = np.column_stack([np.concatenate([self.region.low, least]), np.concatenate([self.region.high, most])])
        found = linprog(
            np.concatenate([np.zeros(size), np.full(number, self.sign)]),
            A_ub=rows,
            b_ub=limits,
            A_eq=np.concatenate([np.ones(size), np.zeros(number)])[np.newaxis],
            b_eq=[1.0],
            bounds=bounds,
            method="highs-ds",
        )
        return (float(found.fun), found.x[:size], found.x[size:]) if found.status == 0 else None

    def branches(self, node: _Node, weights: Floats, shares: Floats) -> list[_Node]:
        """Part a branch in two: by the rival that is least decided, else by the kind whose mass is least known."""
        loose = np.abs(shares - np.round(shares))
        rival = int(loose.argmax())
        if loose[rival] > _WHOLE:
            return [_Node({**node.fixed, rival: share}, node.low, node.high) for share in (0.0, 1.0)]
        width = node.high / node.low - 1 if len(node.low) > 1 else np.zeros(1)
        kind = int(width.argmax())
        if width[kind] <= _NARROW:
            return []
        middle = (node.low[kind] + node.high[kind]) / 2
        at = float(np.clip(self.masses[kind] @ weights, (node.low[kind] + middle) / 2, (node.high[kind] + middle) / 2))
        low, high = node.low.copy(), node.high.copy()
        low[kind] = high[kind] = at
        return [_Node(node.fixed, node.low, high), _Node(node.fixed, low, node.high)]


def _searched(program: _Program, whole: _Node, seen: float, nodes: int) -> tuple[float, float, Floats | None]:
    """Branch and bound, best bound first: the bound, the best count that was met, and the weights of it.

    ``seen`` is a count that is known to be met; weights are None if none better was found.
    """
    best, at = seen, None
    waiting: list[tuple[float, int, _Node]] = [(-np.inf, 0, whole)]
    for number in range(1, nodes + 1):
        if not waiting or waiting[0][0] >= best:
            return best, best, at
        bound, _, node = heapq.heappop(waiting)
        found = program.relaxed(node)
        if found is None:
            continue
        value, weights, shares = found
        bound = max(bound, float(np.ceil(value - _WHOLE)))
        met = program.count_at(weights)
        if met < best:
            best, at = met, weights
        parts = program.branches(node, weights, shares) if bound < best else []
        if bound < best and not parts:
            return bound, best, at  # settled, though by less than counts as ahead
        for place, part in enumerate(parts):
            heapq.heappush(waiting, (bound, 2 * number + place, part))
    return min(best, waiting[0][0] if waiting else best), best, at
