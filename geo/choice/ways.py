"""What siting models are asked with: ways, demand, what is open already; checked once and told once.

Shapes, the same in all of ``geo.choice.covering``, ``geo.choice.medians`` and ``geo.choice.capacity``:

- ``distance_m`` (n, m): n demand points by m candidates, metres; NaN is unknown, infinite is no way.
- ``demand`` (n,): weights, 0 or more; NaN is unknown, left out and counted. None: 1 each.
- ``cost`` (m,): cost of opening, in any unit of money; only what is added is paid for.
- ``already_open``: indices of candidates that are open and stay so; ``p`` counts what is added.
- ``time_limit``: seconds in all; then the best answer so far is kept, called "heuristic", and carries its gap.

Of equal answers, where ``cost`` is given, the cheapest is taken, and of equally cheap ones that with the least sum of
positions in the list of candidates, so that the answer does not hang on the solver. ``meta["tie_break"]`` says how far
this is proven.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice.solver import HEURISTIC, OPTIMAL, Model, Solved, solve
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]
_EQUAL = 1e-6
"""How much of the best value an equal answer may miss by rounding, as a share."""
NO_TIES, BROKEN, UNSURE = "none", "cost, then order", "cost, then order: not proven in time"


def distances(distance_m: ArrayLike) -> Floats:
    """Give a checked (n, m) matrix, unknown as infinite.

    Raises:
        PlanError: not a matrix, or a distance below 0.
    """
    metres = np.asarray(distance_m, dtype=float)
    if metres.ndim != 2 or (metres < 0).any():  # noqa: PLR2004 (a matrix)
        raise PlanError(Text("距离须为二维表且不小于 0", "distances must be a table, none below 0"))
    return np.where(np.isnan(metres), np.inf, metres)


def weights(demand: ArrayLike | None, n: int) -> tuple[Floats, int]:
    """Give checked demand (n,), unknown as 0, and how many are unknown.

    Raises:
        PlanError: another number of rows, or an amount that is negative or infinite.
    """
    amount = np.ones(n) if demand is None else np.asarray(demand, dtype=float)
    if amount.shape != (n,) or (amount < 0).any() or np.isinf(amount).any():
        raise PlanError(Text("需求须逐点给出且不小于 0", "demand must be given for each point, none below 0"))
    return np.nan_to_num(amount), int(np.isnan(amount).sum())


def prices(cost: ArrayLike | None, m: int) -> Floats | None:
    """Give checked costs (m,), None if none are given.

    Raises:
        PlanError: another number, or a cost that is unknown or negative.
    """
    if cost is None:
        return None
    each = np.asarray(cost, dtype=float)
    if each.shape != (m,) or not np.isfinite(each).all() or (each < 0).any():
        raise PlanError(
            Text("费用须逐个候选点给出，不小于 0", "costs must be given for each candidate, none unknown or below 0")
        )
    return each


def opened_before(already_open: Sequence[int], m: int) -> Bools:
    """Give which of m candidates are open already.

    Raises:
        PlanError: an index that is none.
    """
    index = np.asarray(already_open, dtype=np.int64)
    if ((index < 0) | (index >= m)).any():
        raise PlanError(Text("已建设施不在候选点中", "a place said to be open is not among the candidates"))
    fixed = np.zeros(m, dtype=bool)
    fixed[index] = True
    return fixed


def whole_count(p: int) -> int:
    """Give how many may be added.

    Raises:
        PlanError: no whole number, or below 0.
    """
    if p < 0 or int(p) != p:
        raise PlanError(Text("新增数量须为不小于 0 的整数", "how many to add must be a whole number, 0 or more"))
    return int(p)


def better(found: Solved, x: Floats, objective: float) -> Solved:
    """Give what was found, or a simple answer where nothing as good was found in time; the bound stays."""
    if found.status != HEURISTIC or (found.x is not None and found.objective <= objective):
        return found
    bound = min(found.bound, objective)
    gap = (objective - bound) / max(abs(objective), 1e-12)
    return replace(found, x=x, objective=objective, bound=bound, gap=gap)


def kinds_of_demand(reach: Bools, weight: Floats) -> tuple[Bools, Floats]:
    """Join the demand points that the same places reach: their rows (k, m) and summed weights (k,)."""
    packed = np.ascontiguousarray(np.packbits(reach, axis=1))
    if not packed.size:
        return np.unique(reach, axis=0), np.full(min(len(reach), 1), weight.sum())
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    return reach[first], np.bincount(of.ravel(), weights=weight, minlength=len(first)).astype(float)


def tie_broken(model: Model, found: Solved, cost: Floats | None, *, time_limit: float) -> tuple[Solved, str]:
    """Give the cheapest of equal answers, then the one whose places stand first; and how far that is proven.

    The first m columns of the model are the candidates; ``cost`` (m,) is what each costs, None breaks no ties.
    """
    if cost is None or found.x is None or found.status != OPTIMAL:
        return found, NO_TIES
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (heavy)

    m, now, end = len(cost), found.x, time.perf_counter() + time_limit
    rank = np.arange(1.0, m + 1)
    held, most = [model.cost], [found.objective + _EQUAL * abs(found.objective)]
    for key in (cost, rank) if np.ptp(cost[model.least[:m] < 1]) > 0 else (rank,):
        wide = np.concatenate([key / max(key.max(), 1e-12), np.zeros(len(now) - m)])
        rows = [row / max(np.abs(row).max(), 1e-12) for row in held]
        tops = [top / max(np.abs(row).max(), 1e-12) for row, top in zip(held, most, strict=True)]
        table = vstack([model.table, csr_array(np.array(rows))], format="csr")
        low = np.concatenate([model.low, np.full(len(rows), -np.inf)])
        asked = replace(model, cost=wide, table=table, low=low, high=np.concatenate([model.high, tops]))
        again = solve(asked, time_limit=max(end - time.perf_counter(), 1e-3))
        if again.x is None or again.status != OPTIMAL:
            return replace(found, x=now), UNSURE
        now = again.x
        held, most = [*held, wide], [*most, again.objective + _EQUAL * max(again.objective, 1.0)]
    return replace(found, x=now), BROKEN
