"""Which places cover the demand: the fewest for all (LSCP), the most with p (MCLP), and cover that outlives a closure.

A place covers demand at a distance <= radius (taken to a millionth of a metre; a distance that is not known covers
nothing). Shares are of demand, not of points. Places already open stay open and count for nothing.
Sources: Toregas et al. 1971 (LSCP), Church and ReVelle 1974 (MCLP), Hogan and ReVelle 1986 (BACOP1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL, SECONDS, Model, Solved, meta, solve
from geo.coverage import is_covered
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """Places to open and the demand they cover.

    ``opened`` are the indices of all open places (those open before too), ``added`` the new ones; ``times`` (n,) by
    how many open places each demand point is covered; ``uncoverable`` the demand points that no candidate reaches,
    listed before anything is solved. ``feasible`` says whether what was asked can be had at all. Shares are NaN where
    there is no demand.
    """

    feasible: bool
    opened: Places
    added: Places
    uncoverable: Places
    times: NDArray[np.int64] = field(repr=False)
    covered_demand: float
    covered_twice_demand: float
    total_demand: float
    share_of_demand: float
    share_of_points: float
    status: str
    meta: Mapping[str, object]


@dataclass(frozen=True)
class _Town:
    """Who covers whom: ``reach`` (n, m); demand without NaN; which are open; the radius."""

    reach: Bools
    weight: Floats
    fixed: Bools
    radius_m: float
    unknown: int


def lscp(
    distance_m: ArrayLike,
    *,
    radius_m: float,
    demand: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Cover:
    """Open the fewest places so that every demand point is covered; of equal answers the cheapest, if costs are given.

    Points that no candidate reaches are listed in ``uncoverable``; the answer is then not feasible and covers the rest.

    Args:
        distance_m: demand by candidate, metres, shape (n, m); NaN is unknown, infinite is no way.
        radius_m: farthest way that counts as covered, metres, included.
        demand: weights (n,) for the shares; NaN is left out. None: 1 each.
        cost: cost of opening, (m,), to choose among equally few.
        already_open: indices of candidates that are open and stay so.
        time_limit: seconds for each of the one or two models.

    Raises:
        PlanError: shapes, demand or radius that make no sense.
    """
    town = _town(distance_m, radius_m, demand, already_open)
    none = ~town.reach.any(axis=1)
    found = fewest(town.reach[~none], town.fixed, time_limit=time_limit)
    price = None if cost is None else np.asarray(cost, dtype=float)
    if price is not None and found.x is not None and found.status == OPTIMAL:
        cheaper = fewest(town.reach[~none], town.fixed, time_limit=time_limit, among=(price, found.objective))
        found = found if cheaper.x is None else replace(found, x=cheaper.x)
    return _told("LSCP", town, found, {"tie_break": "cost" if price is not None else "none"})


def fewest(
    reach: Bools, fixed: Bools, *, time_limit: float = SECONDS, among: tuple[Floats, float] | None = None
) -> Solved:
    """Give the smallest set of columns that covers every row of a boolean matrix (n, m); ``fixed`` (m,) are in it.

    ``among`` (cost, number): the cheapest of the sets with at most so many columns. Times out with a greedy cover.
    """
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (heavy)

    n, m = reach.shape
    rows = np.unique(reach, axis=0)
    table, low, high = csr_array(rows.astype(float)), np.ones(len(rows)), np.full(len(rows), np.inf)
    cost = np.ones(m)
    if among is not None:
        cost = among[0]
        table = vstack([table, csr_array(np.ones((1, m)))], format="csr")
        low, high = np.append(low, 0.0), np.append(high, np.round(among[1]))
    model = Model(cost, table, low, high, np.ones(m, bool), fixed.astype(float), np.ones(m))
    found = solve(model, time_limit=time_limit)
    if found.status != HEURISTIC or found.x is not None or among is not None:
        return found
    x = np.zeros(m)
    x[greedy(reach, np.ones(n), fixed, most=m)] = 1.0
    return better(found, x, float(x.sum()))


def mclp(
    distance_m: ArrayLike,
    demand: ArrayLike,
    *,
    radius_m: float,
    p: int,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Cover:
    """Open p more places so that the most demand is covered.

    A greedy answer (the place that adds most, again and again) is told beside, and used where time runs out before
    anything better is found; the bound holds for it too.

    Args:
        distance_m: demand by candidate, metres, shape (n, m); NaN is unknown, infinite is no way.
        demand: weights, shape (n,); NaN is unknown and left out.
        radius_m: farthest way that counts as covered, metres, included.
        p: how many places may be added.
        already_open: indices of candidates that are open and stay so.
        time_limit: seconds.

    Raises:
        PlanError: shapes, demand, radius or p that make no sense.
    """
    town = _town(distance_m, radius_m, demand, already_open)
    first = greedy(town.reach, town.weight, town.fixed, most=_count(p))
    found = solve(_most(town, int(p)), time_limit=time_limit)
    x = np.zeros(town.reach.shape[1])
    x[first] = 1.0
    simple = float(town.weight[town.reach[:, first].any(axis=1)].sum())
    found = better(found, x, -simple)
    return _told("MCLP", town, found, {"p": int(p), "greedy_covered_demand": simple}, sign=-1)


def _most(town: _Town, p: int) -> Model:
    """Columns: m places, then one for each kind of demand (all points that the same places reach)."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack  # noqa: PLC0415 (heavy)

    rows, of = np.unique(town.reach, axis=0, return_inverse=True)
    weight = np.bincount(of.ravel(), weights=town.weight, minlength=len(rows))
    k, m = rows.shape
    table = hstack([csr_array(rows.astype(float)), -eye_array(k)])
    count = csr_array(np.concatenate([np.ones(m), np.zeros(k)])[None])
    high = np.append(np.full(k, np.inf), p + float(town.fixed.sum()))
    return Model(
        np.concatenate([np.zeros(m), -weight]), vstack([table, count], format="csr"), np.zeros(k + 1), high,
        np.arange(m + k) < m, np.concatenate([town.fixed, np.zeros(k)]), np.ones(m + k),
    )  # fmt: skip


def backup_coverage(
    distance_m: ArrayLike,
    demand: ArrayLike,
    *,
    radius_m: float,
    p: int,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Cover:
    """Cover everybody once with p more places, and as much demand as possible twice, so that one may close.

    Not feasible where some demand cannot be covered at all (``uncoverable``) or p is too small; ``meta`` then tells
    the ``fewest`` new places that would do.

    Args:
        distance_m: demand by candidate, metres, shape (n, m); NaN is unknown, infinite is no way.
        demand: weights, shape (n,); NaN is unknown and left out (but covered).
        radius_m: farthest way that counts as covered, metres, included.
        p: how many places may be added.
        already_open: indices of candidates that are open and stay so.
        time_limit: seconds.

    Raises:
        PlanError: shapes, demand, radius or p that make no sense.
    """
    town = _town(distance_m, radius_m, demand, already_open)
    extra: dict[str, object] = {"p": _count(p)}
    none = ~town.reach.any(axis=1)
    model = _most(town, int(p))
    k = len(model.low) - 1
    found = solve(replace(model, low=np.append(np.ones(k), 0.0)), time_limit=time_limit)
    if found.status == INFEASIBLE:
        least = fewest(town.reach[~none], town.fixed, time_limit=time_limit)
        extra["fewest"] = int(np.round(least.objective)) - int(town.fixed.sum())
    return _told("backup coverage (BACOP1)", town, found, extra, sign=-1)


def greedy(reach: Bools, weight: Floats, fixed: Bools, *, most: int) -> Places:
    """Give places chosen one by one: each time the one that adds most weight, the first of equals; with the fixed."""
    chosen = [int(one) for one in np.flatnonzero(fixed)]
    left = np.where(reach[:, fixed].any(axis=1), 0.0, weight)
    for _ in range(most):
        gain = left @ reach
        best = int(np.argmax(gain)) if len(gain) else 0
        if not len(gain) or not gain[best] > 0:
            break
        chosen.append(best)
        left = np.where(reach[:, best], 0.0, left)
    return np.array(chosen, dtype=np.int64)


def better(found: Solved, x: Floats, objective: float) -> Solved:
    """Give what was found, or a simple answer where nothing as good was found in time; the bound stays."""
    if found.status != HEURISTIC or (found.x is not None and found.objective <= objective):
        return found
    bound = min(found.bound, objective)
    gap = (objective - bound) / max(abs(objective), 1e-12)
    return replace(found, x=x, objective=objective, bound=bound, gap=gap)


def _count(p: int) -> int:
    if p < 0 or int(p) != p:
        raise PlanError(Text("新增数量须为不小于 0 的整数", "how many to add must be a whole number, 0 or more"))
    return int(p)


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


def _town(distance_m: ArrayLike, radius_m: float, demand: ArrayLike | None, already_open: Sequence[int]) -> _Town:
    metres = distances(distance_m)
    if not 0 <= radius_m < np.inf:
        raise PlanError(Text("服务半径须为不小于 0 的数", "the radius must be a number, 0 or more"))
    weight, unknown = weights(demand, len(metres))
    return _Town(is_covered(metres, radius_m), weight, opened_before(already_open, metres.shape[1]), radius_m, unknown)


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


def _told(method: str, town: _Town, found: Solved, extra: Mapping[str, object], *, sign: int = 1) -> Cover:
    m = town.reach.shape[1]
    chosen = town.fixed.copy() if found.x is None else found.x[:m] > 0.5  # noqa: PLR2004 (rounded before)
    times = town.reach[:, chosen].sum(axis=1)
    none = np.flatnonzero(~town.reach.any(axis=1))
    total, covered = float(town.weight.sum()), float(town.weight[times > 0].sum())
    parameters = {"radius_m": town.radius_m, "candidates": m, "points": len(times), "demand_unknown": town.unknown}
    feasible = found.x is not None and (method == "MCLP" or not len(none))
    return Cover(
        feasible, np.flatnonzero(chosen), np.flatnonzero(chosen & ~town.fixed), none, times.astype(np.int64),
        covered, float(town.weight[times > 1].sum()), total, covered / total if total > 0 else np.nan,
        float((times > 0).mean()) if len(times) else np.nan, found.status,
        meta(method, {**parameters, **extra}, found, sign=sign),
    )  # fmt: skip
