"""Which places make ways short: on average (p-median) and for the one who has it worst (p-center).

p-median: interchange (Teitz and Bart 1968) gives a good answer; the solver then works with the nearest candidates of
each demand point and one way out, "farther than those", at the least that this can cost. Its bound therefore holds for
the whole question, and the answer is proven as soon as nobody takes the way out; else those who do get more candidates.
p-center: bisection over the distances that occur; at each, the fewest places that cover all (Minieka 1970).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from geo.choice.covering import cover_all, fewest
from geo.choice.shortest import Town, cheaper, interchange, lagrange, proven, regapped, require, way_sum
from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL, SECONDS, Solved, meta
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
)  # fmt: skip
from geo.coverage import is_covered
from geo.errors import PlanError
from geo.text import Text

_DECIMALS = 6
_SLACK = 1e-6


@dataclass(frozen=True)
class Sites:
    """Open places and the way of every demand point to its nearest.

    ``opened`` and ``added`` are indices of candidates; ``nearest`` (n,) the place each point goes to and ``distance_m``
    (n,) how far. ``unreachable`` are the points to which no candidate has a way: listed, and left out of all figures.
    ``weighted_mean_m`` is by demand. ``cost_of_added`` is NaN where no costs were given.
    """

    opened: Places
    added: Places
    nearest: Places = field(repr=False)
    distance_m: Floats = field(repr=False)
    unreachable: Places
    weighted_mean_m: float
    farthest_m: float
    objective: float
    status: str
    meta: Mapping[str, object]
    cost_of_added: float = np.nan


def p_median(
    distance_m: ArrayLike,
    demand: ArrayLike | None = None,
    *,
    p: int,
    cost: ArrayLike | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Sites:
    """Open p more places so that the ways, times the demand that goes them, are shortest in all.

    Args:
        distance_m: ways (n, m), metres.
        demand: weights (n,).
        p: how many places are added.
        cost: of opening (m,), to break ties.
        already_open: indices that are open and stay so.
        time_limit: seconds in all; then the answer is "heuristic" and carries its gap.

    Raises:
        PlanError: shapes or p that make no sense, or ways so incomplete that p places cannot serve all.
    """
    end, town = time.perf_counter() + time_limit, _town(distance_m, demand, p, already_open)
    price = prices(cost, len(town.fixed))
    use = town.reached & (town.weight > 0)
    metres, weight = town.metres[use], town.weight[use]
    start, chosen = time.perf_counter(), interchange(metres, weight, town)
    simple = way_sum(metres, weight, chosen)
    found = Solved(None, HEURISTIC, np.nan, 0.0, np.nan, 0.0)
    x = np.zeros(len(town.fixed))
    x[chosen] = 1.0
    if np.isfinite(simple):
        found = regapped(
            better(found, x, simple), lagrange(town, metres * weight[:, None], simple, start=chosen, end=end)
        )
    left = end - time.perf_counter()
    if found.status != OPTIMAL and left > 0:
        exact = proven(town, metres, weight, left)
        floor = found.bound
        found = better(exact, x, simple)
        require(found)
        if found.status == HEURISTIC:
            found = regapped(found, floor)
    require(found)
    found, told = cheaper(metres, weight, town, found, price=price)
    found = replace(found, seconds=time.perf_counter() - start)
    return _told(
        "p-median", town, found, {"p": town.p, "interchange_objective": simple, "tie_break": told}, price=price
    )


def p_center(
    distance_m: ArrayLike,
    demand: ArrayLike | None = None,
    *,
    p: int,
    cost: ArrayLike | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Sites:
    """Open at most p more places so that the farthest demand point has the shortest way.

    Args:
        distance_m: ways (n, m), metres.
        demand: weights (n,), only for the mean; every point counts for the farthest.
        p: how many places may be added.
        cost: of opening (m,), to break ties.
        already_open: indices that are open and stay so.
        time_limit: seconds in all; set covers that run out leave the answer "heuristic".

    Raises:
        PlanError: shapes or p that make no sense, or ways so incomplete that p places cannot serve all.
    """
    town = _town(distance_m, demand, p, already_open)
    metres, start = np.round(town.metres[town.reached], _DECIMALS), time.perf_counter()
    steps = np.unique(metres[np.isfinite(metres)]) if len(metres) else np.zeros(1)
    least = float(metres.min(axis=1).max(initial=0.0)) if len(metres) else 0.0
    low, high = int(np.searchsorted(steps, least)), len(steps)
    best, doubt, most = None, len(steps), town.p + int(town.fixed.sum())
    while low < high:
        middle = (low + high) // 2
        left = max(start + time_limit - time.perf_counter(), 1e-3)
        found = fewest(is_covered(metres, steps[middle]), town.fixed, time_limit=left)
        if found.x is not None and found.objective <= most + _SLACK:
            best, high = found.x, middle
        else:
            if found.status == HEURISTIC and found.bound <= most + _SLACK:
                doubt = min(doubt, middle)
            low = middle + 1
    if best is None:
        require(Solved(None, INFEASIBLE, np.nan, np.nan, np.nan, 0.0))
    objective, bound = float(steps[high]), float(steps[min(doubt, high)])
    gap = (objective - bound) / max(objective, 1e-12)
    status = OPTIMAL if objective <= bound else HEURISTIC
    done = Solved(best, status, objective, bound, gap, time.perf_counter() - start)
    told, price = NO_TIES, prices(cost, len(town.fixed))
    if price is not None and status == OPTIMAL:
        done, told = _cheapest(is_covered(metres, steps[high]), town, done, price=price, time_limit=time_limit)
    return _told("p-center", town, done, {"p": town.p, "tie_break": told}, price=price)


def _cheapest(
    reach: Bools, town: Town, found: Solved, *, price: Floats, time_limit: float
) -> tuple[Solved, str]:  # fmt: skip
    """Give the cheapest of the sets of as many places that cover all within the same way."""
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (heavy)

    model, m = cover_all(reach, town.fixed), len(price)
    count = csr_array(np.ones((1, m)))
    model = replace(
        model, cost=np.zeros(m), table=vstack([model.table, count], format="csr"), low=np.append(model.low, -np.inf),
        high=np.append(model.high, town.p + float(town.fixed.sum())),
    )  # fmt: skip
    equal, told = tie_broken(model, replace(found, objective=0.0), price, time_limit=time_limit)
    return replace(found, x=equal.x), told


def _town(distance_m: ArrayLike, demand: ArrayLike | None, p: int, already_open: Sequence[int]) -> Town:
    metres = distances(distance_m)
    n, m = metres.shape
    fixed = opened_before(already_open, m)
    if int(p) != p or not 0 <= p <= m - fixed.sum() or p + fixed.sum() == 0:
        raise PlanError(
            Text(
                "新增数量须为整数，至少有一处设施，且不超过候选点数",
                "how many to add must be a whole number: one place at least, and no more than there are candidates",
            )
        )
    if not np.isfinite(metres).any():
        raise PlanError(Text("没有任何需求点有路可达候选点", "no demand point has a way to any candidate"))
    weight, unknown = weights(demand, n)
    return Town(metres, weight, np.asarray(np.isfinite(metres).any(axis=1)), fixed, int(p), unknown)


def _told(method: str, town: Town, found: Solved, extra: Mapping[str, object], *, price: Floats | None) -> Sites:
    assert found.x is not None
    opened = np.flatnonzero(found.x[: len(town.fixed)] > 0.5)  # noqa: PLR2004 (rounded before)
    ways = town.metres[:, opened]
    nearest = opened[np.argmin(ways, axis=1)]
    length = ways.min(axis=1)
    some = town.reached & (town.weight > 0)
    total = float(town.weight[some].sum())
    parameters = {"candidates": len(town.fixed), "points": len(length), "demand_unknown": town.unknown}
    return Sites(
        opened, np.setdiff1d(opened, np.flatnonzero(town.fixed)), np.where(np.isfinite(length), nearest, -1),
        np.where(np.isfinite(length), length, np.nan), np.flatnonzero(~town.reached),
        float(town.weight[some] @ length[some]) / total if total > 0 else np.nan,
        float(length[town.reached].max(initial=0.0)), found.objective, found.status,
        meta(method, {**parameters, **extra}, found),
        np.nan if price is None else float(price[opened[~town.fixed[opened]]].sum()),
    )  # fmt: skip
