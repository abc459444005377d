"""Which places cover the demand: the fewest for all (LSCP), the most with p (MCLP), and cover that outlives a closure.

A place covers demand at a distance <= radius (taken to a millionth of a metre; a distance that is not known covers
nothing). Shares are of demand, not of points. What the functions take is told once in ``geo.choice.ways``.
Sources: Toregas et al. 1971 (LSCP), Church and ReVelle 1974 (MCLP), Hogan and ReVelle 1986 (BACOP1).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice import maximal
from geo.choice.maximal import Asked, model_of, most_covered
from geo.choice.solver import HEURISTIC, INFEASIBLE, SECONDS, Model, Solved, meta, solve
from geo.choice.ways import (
    NO_TIES,
    Bools,
    Floats,
    Places,
    better,
    distances,
    opened_before,
    prices,
    tie_broken,
    weights,
    whole_count,
)
from geo.coverage import is_covered
from geo.errors import PlanError
from geo.text import Text

__all__ = ["Cover", "backup_coverage", "better", "distances", "fewest", "lscp", "mclp", "opened_before", "weights"]


@dataclass(frozen=True)
class Cover:
    """Places to open and the demand they cover.

    ``opened`` are the indices of all open places (those open before too), ``added`` the new ones; ``times`` (n,) by
    how many open places each demand point is covered; ``uncoverable`` the demand points that no candidate reaches,
    listed before anything is solved. ``feasible`` says whether what was asked can be had at all. Shares are NaN where
    there is no demand. ``cost_of_added`` is NaN where no costs were given.
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
    cost_of_added: float = np.nan


@dataclass(frozen=True)
class _Town:
    """Who covers whom: ``reach`` (n, m); demand without NaN; which are open; costs; the radius."""

    reach: Bools
    weight: Floats
    fixed: Bools
    cost: Floats | None
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
    """Open the fewest places so that every demand point is covered, of equal answers the cheapest.

    Points that no candidate reaches are listed in ``uncoverable``; the answer is then not feasible and covers the rest.

    Args:
        distance_m: ways (n, m), metres.
        radius_m: farthest way that counts as covered, metres, included.
        demand: weights (n,), only for the shares.
        cost: of opening (m,), to break ties.
        already_open: indices that are open and stay so.
        time_limit: seconds in all.

    Raises:
        PlanError: shapes, demand, costs or radius that make no sense.
    """
    town = _town(distance_m, demand, already_open, radius_m=radius_m, cost=cost)
    none = ~town.reach.any(axis=1)
    found, told = _fewest(town.reach[~none], town.fixed, cost=town.cost, time_limit=time_limit)
    return _told("LSCP", town, found, {"tie_break": told})


def fewest(reach: Bools, fixed: Bools, *, time_limit: float = SECONDS) -> Solved:
    """Give the smallest set of columns that covers every row of a boolean matrix (n, m); ``fixed`` (m,) are in it.

    Times out with a greedy cover.
    """
    return _fewest(reach, fixed, cost=None, time_limit=time_limit)[0]


def _fewest(reach: Bools, fixed: Bools, *, cost: Floats | None, time_limit: float) -> tuple[Solved, str]:
    model = cover_all(reach, fixed)
    start = time.perf_counter()
    found = solve(model, time_limit=time_limit)
    if found.status == HEURISTIC and found.x is None:
        x = np.zeros(len(fixed))
        x[greedy(reach, np.ones(len(reach)), fixed, most=len(fixed))] = 1.0
        return better(found, x, float(x.sum())), NO_TIES
    return tie_broken(model, found, cost, time_limit=max(time_limit - (time.perf_counter() - start), 1e-3))


def cover_all(reach: Bools, fixed: Bools) -> Model:
    """Give the model of the fewest columns that cover every row."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    rows, m = np.unique(reach, axis=0), len(fixed)
    return Model(
        np.ones(m), csr_array(rows.astype(float)), np.ones(len(rows)), np.full(len(rows), np.inf), np.ones(m, bool),
        fixed.astype(float), np.ones(m),
    )  # fmt: skip


def mclp(
    distance_m: ArrayLike,
    demand: ArrayLike,
    *,
    radius_m: float,
    p: int,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Cover:
    """Open p more places, for no more than the budget if there is one, so that the most demand is covered.

    A greedy answer (the place that adds most, again and again) is told beside, and used where time runs out before
    anything better is found; the bound holds for it too. With limits of what a place can serve see
    ``geo.choice.capacity``.

    Args:
        distance_m: ways (n, m), metres.
        demand: weights (n,).
        radius_m: farthest way that counts as covered, metres, included.
        p: how many places may be added at most.
        cost: of opening (m,): breaks ties, and is what the budget pays for.
        budget: most that the added places may cost in all.
        already_open: indices that are open and stay so.
        time_limit: seconds in all.

    Raises:
        PlanError: shapes, demand, radius, p, costs or budget that make no sense.
    """
    town = _town(distance_m, demand, already_open, radius_m=radius_m, cost=cost)
    if budget is not None and (town.cost is None or not budget >= 0):
        raise PlanError(Text("给出预算时须给出各点费用", "a budget, 0 or more, needs a cost for each candidate"))
    asked = Asked(town.reach, town.weight, town.fixed, whole_count(p), town.cost, budget)
    found, simple, told = most_covered(asked, time_limit=time_limit, ties=town.cost)
    extra = {"p": asked.p, "budget": budget, "greedy_covered_demand": simple, "tie_break": told}
    return _told("MCLP", town, found, extra, sign=-1)


def backup_coverage(
    distance_m: ArrayLike,
    demand: ArrayLike,
    *,
    radius_m: float,
    p: int,
    cost: ArrayLike | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Cover:
    """Cover everybody once with p more places, and as much demand as possible twice, so that one may close.

    Not feasible where some demand cannot be covered at all (``uncoverable``) or p is too small; ``meta`` then tells
    the ``fewest`` new places that would do.

    Args:
        distance_m: ways (n, m), metres.
        demand: weights (n,); of unknown demand nothing counts, but it is covered.
        radius_m: farthest way that counts as covered, metres, included.
        p: how many places may be added at most.
        cost: of opening (m,), to break ties.
        already_open: indices that are open and stay so.
        time_limit: seconds for the model and for the fewest places each.

    Raises:
        PlanError: shapes, demand, radius, p or costs that make no sense.
    """
    town = _town(distance_m, demand, already_open, radius_m=radius_m, cost=cost)
    extra: dict[str, object] = {"p": whole_count(p)}
    none = ~town.reach.any(axis=1)
    rows, of = np.unique(town.reach, axis=0, return_inverse=True)
    weight = np.bincount(of.ravel(), weights=town.weight, minlength=len(rows)).astype(float)
    model = model_of(Asked(rows, weight, town.fixed, int(p)))
    model = replace(model, low=np.where(np.arange(len(model.low)) < len(rows), 1.0, model.low))
    start = time.perf_counter()
    found = solve(model, time_limit=time_limit)
    if found.status == INFEASIBLE:
        least = fewest(town.reach[~none], town.fixed, time_limit=time_limit)
        extra["fewest"] = int(np.round(least.objective)) - int(town.fixed.sum())
    left = max(time_limit - (time.perf_counter() - start), 1e-3)
    found, extra["tie_break"] = tie_broken(model, found, town.cost, time_limit=left)
    return _told("backup coverage (BACOP1)", town, found, extra, sign=-1)


def greedy(reach: Bools, weight: Floats, fixed: Bools, *, most: int) -> Places:
    """Give places chosen one by one: each time the one that adds most weight, the first of equals; with the fixed."""
    return maximal.greedy(Asked(reach, weight, fixed, most))


def _town(
    distance_m: ArrayLike, demand: ArrayLike | None, already_open: Sequence[int], *, radius_m: float,
    cost: ArrayLike | None,
) -> _Town:  # fmt: skip
    metres = distances(distance_m)
    if not 0 <= radius_m < np.inf:
        raise PlanError(Text("服务半径须为不小于 0 的数", "the radius must be a number, 0 or more"))
    weight, unknown = weights(demand, len(metres))
    m = metres.shape[1]
    return _Town(
        is_covered(metres, radius_m), weight, opened_before(already_open, m), prices(cost, m), radius_m, unknown
    )


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
        np.nan if town.cost is None else float(town.cost[chosen & ~town.fixed].sum()),
    )  # fmt: skip
