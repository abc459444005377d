"""The simple way beside the exact one: what must be done, what the least amounts ask for, then the best per yuan.

Nothing that was taken is given back. It is quick, may miss a plan that exists, and says so by giving none.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.choice.rules import Fen, Row, Rules, pairs

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class _State:
    """What is taken so far over (year, project) columns, and how far each limit is used."""

    def __init__(self, rows: Sequence[Row], n: int, years: int) -> None:
        self.n, self.years = n, years
        self.rows = [row for row in rows if row.high is not None]
        self.high = np.array([row.high for row in self.rows], dtype=np.int64)
        self.used = np.zeros(len(self.rows), dtype=np.int64)
        self.year = np.full(n, -1)
        at = np.concatenate([row.at for row in self.rows]) if self.rows else np.zeros(0, dtype=np.int64)
        which = np.repeat(np.arange(len(self.rows)), [len(row.at) for row in self.rows])
        factor = np.concatenate([row.factor for row in self.rows]) if self.rows else np.zeros(0, dtype=np.int64)
        order = np.argsort(at, kind="stable")
        self.which, self.factor = which[order], factor[order]
        self.starts = np.searchsorted(at[order], np.arange(n * years + 1))

    def take(self, ones: Sequence[int]) -> bool:
        """Take projects together in the first year in which all limits stay kept; say whether there is one."""
        new = [one for one in ones if self.year[one] < 0]
        after = max((int(self.year[one]) for one in ones if self.year[one] >= 0), default=0)
        for year in range(after, self.years):
            used = self.used.copy()
            for one in new:
                part = slice(self.starts[year * self.n + one], self.starts[year * self.n + one + 1])
                np.add.at(used, self.which[part], self.factor[part])
            if (used <= self.high).all():
                self.used = used
                self.year[new] = year
                return True
        return False


def greedy(cost: Fen, gain: Floats, rows: Sequence[Row], rules: Rules, *, years: int) -> NDArray[np.int64] | None:
    """Give the year of each project, -1 where it is not done, shape (n,); None if a least amount was not reached.

    Args:
        cost: whole fen, shape (n,).
        gain: worth of each project in the first year, shape (n,).
        rows: all limits over (year, project) columns.
        rules: what must be done and what needs what.
        years: how many.
    """
    state, needs = _State(rows, len(cost), years), _needs(rules, len(cost))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(gain / cost, nan=0.0, posinf=np.finfo(float).max)
    order = [int(one) for one in np.lexsort((np.arange(len(cost)), -gain, -ratio))]
    for one in rules.must:
        state.take(_with(one, needs))
    for of, least in ((rules.group, rules.least_fen), (rules.kind, rules.least_of_kind)):
        names = np.array(of, dtype=str)
        for name, fen in least.items():
            _fill(state, [one for one in order if names[one] == name], cost, fen, needs=needs)
    for one in order:
        if gain[one] > 0 and state.year[one] < 0:
            state.take(_with(one, needs))
    done = np.zeros((years, len(cost)), dtype=bool)
    done[state.year[state.year >= 0], np.flatnonzero(state.year >= 0)] = True
    return state.year if all(row.holds(done.ravel()) for row in rows) else None


def _fill(state: _State, order: Sequence[int], cost: Fen, fen: int, *, needs: dict[int, list[int]]) -> None:
    """Take from a group until its least amount is spent."""
    for one in order:
        if sum(int(cost[other]) for other in order if state.year[other] >= 0) >= fen:
            return
        if state.year[one] < 0:
            state.take(_with(one, needs))


def _needs(rules: Rules, n: int) -> dict[int, list[int]]:
    needs: dict[int, list[int]] = {}
    for a, b in pairs(rules.requires, n):
        needs.setdefault(a, []).append(b)
    return needs


def _with(one: int, needs: dict[int, list[int]]) -> list[int]:
    """Give a project and all that it needs, directly or not."""
    found, todo = [one], [one]
    while todo:
        new = [other for other in needs.get(todo.pop(), ()) if other not in found]
        found += new
        todo += new
    return found
