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
from numpy.typing import ArrayLike, NDArray

from geo.choice.covering import Floats, Places, better, distances, fewest, opened_before, weights
from geo.choice.solver import HEURISTIC, INFEASIBLE, OPTIMAL, SECONDS, Model, Solved, meta, solve
from geo.coverage import is_covered
from geo.errors import PlanError
from geo.text import Text

_DECIMALS = 6
_SPREAD = 3
"""A demand point begins with so many times m / p candidates: with fewer, one place in p is often not among them."""
_SLACK = 1e-6
_ROUNDS = 300
"""Steps towards a better bound where the solver had no time to give one."""


@dataclass(frozen=True)
class Sites:
    """Open places and the way of every demand point to its nearest.

    ``opened`` and ``added`` are indices of candidates; ``nearest`` (n,) the place each point goes to and ``distance_m``
    (n,) how far. ``unreachable`` are the points to which no candidate has a way: listed, and left out of all figures.
    ``weighted_mean_m`` is by demand.
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


@dataclass(frozen=True)
class _Town:
    """Demand that has a way: ``metres`` (n, m) of all; ``reached`` (n,); ``fixed`` (m,); ``p`` to add."""

    metres: Floats
    weight: Floats
    reached: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    p: int
    unknown: int


def p_median(
    distance_m: ArrayLike,
    demand: ArrayLike | None = None,
    *,
    p: int,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Sites:
    """Open p more places so that the ways, times the demand that goes them, are shortest in all.

    Args:
        distance_m: demand by candidate, metres, shape (n, m); NaN is unknown, infinite is no way.
        demand: weights, shape (n,); NaN is unknown and left out. None: 1 each.
        p: how many places are added.
        already_open: indices of candidates that are open and stay so.
        time_limit: seconds in all; then the answer is "heuristic" and carries its gap.

    Raises:
        PlanError: shapes or p that make no sense, or ways so incomplete that p places cannot serve all.
    """
    town = _town(distance_m, demand, p, already_open)
    use = town.reached & (town.weight > 0)
    metres, weight = town.metres[use], town.weight[use]
    chosen = _interchange(metres, weight, town)
    simple = _sum(metres, weight, chosen)
    found = _proven(town, metres, weight, time_limit)
    x = np.zeros(len(town.fixed))
    x[chosen] = 1.0
    found = better(found, x, simple)
    _require(found)
    if found.status == HEURISTIC:
        found = _regapped(found, _relaxed(town, metres * weight[:, None], found.objective))
    return _told("p-median", town, found, {"p": town.p, "interchange_objective": simple})


def _regapped(found: Solved, bound: float) -> Solved:
    bound = min(max(bound, found.bound), found.objective)
    gap = (found.objective - bound) / max(abs(found.objective), 1e-12)
    return replace(found, bound=bound, gap=gap, status=OPTIMAL if gap <= _SLACK else HEURISTIC)


def _relaxed(town: _Town, ways: Floats, objective: float) -> float:
    """Lower bound by Lagrange: a prize for serving each point, moved by subgradients; any prizes give a true bound."""
    prize, best, step = np.partition(ways, 1, axis=1)[:, 1] if ways.shape[1] > 1 else ways[:, 0], 0.0, 1.0
    prize = np.where(np.isfinite(prize), prize, 0.0)
    for _ in range(_ROUNDS):
        saved = np.minimum(ways - prize[:, None], 0.0).sum(axis=0)
        order = np.argsort(np.where(town.fixed, -np.inf, saved), kind="stable")[: town.p + int(town.fixed.sum())]
        now = float(prize.sum() + saved[order].sum())
        step = step if now > best else step * 0.97
        best = max(best, now)
        slope = 1.0 - (ways[:, order] < prize[:, None]).sum(axis=1)
        size = float(slope @ slope)
        if size == 0.0 or best >= objective:
            break
        prize = np.maximum(prize + step * (objective - now) / size * slope, 0.0)
    return best


def _require(found: Solved) -> None:
    if found.x is None or not np.isfinite(found.objective):
        raise PlanError(
            Text(
                "这么多设施无法让所有可达需求点都有路可走，请增加数量",
                "so few places cannot serve all who have a way to some; add more",
            )
        )


def _sum(metres: Floats, weight: Floats, chosen: Places) -> float:
    if not len(weight):
        return 0.0
    near = metres[:, chosen].min(axis=1, initial=np.inf)
    return float(weight @ near)


def _interchange(metres: Floats, weight: Floats, town: _Town) -> Places:
    """Teitz-Bart: begin greedily, then exchange one new place for one closed as long as this shortens the ways."""
    far = float(metres[np.isfinite(metres)].max(initial=0.0)) * (len(weight) + 1) + 1
    ways = np.where(np.isfinite(metres), metres, far) * weight[:, None]
    fixed, chosen = np.flatnonzero(town.fixed), list[int]()
    now = ways[:, fixed].min(axis=1, initial=np.inf)
    for _ in range(town.p):
        total = np.minimum(now[:, None], ways).sum(axis=0)
        total[[*fixed, *chosen]] = np.inf
        chosen.append(int(np.argmin(total)))
        now = np.minimum(now, ways[:, chosen[-1]])
    best = float(now.sum())
    better_found = True
    while better_found:
        better_found = False
        for place in range(len(chosen)):
            rest = [*fixed, *chosen[:place], *chosen[place + 1 :]]
            others = ways[:, rest].min(axis=1, initial=np.inf)
            total = np.minimum(others[:, None], ways).sum(axis=0)
            total[rest] = np.inf
            least = int(np.argmin(total))
            if total[least] < best * (1 - 1e-12):
                best, chosen[place], better_found = float(total[least]), least, True
    return np.array([*fixed, *chosen], dtype=np.int64)


def _proven(town: _Town, metres: Floats, weight: Floats, time_limit: float) -> Solved:
    """Solve with the nearest candidates; give more to those who need them until nobody takes the way out."""
    n, m = metres.shape
    order = np.argsort(metres, axis=1, kind="stable")
    ways = np.take_along_axis(metres, order, axis=1)
    open_in_all = max(town.p + int(town.fixed.sum()), 1)
    most = np.isfinite(metres).sum(axis=1)
    k = np.minimum(most, max(-(-_SPREAD * m // open_in_all), 2))
    start, bound = time.perf_counter(), -np.inf
    while True:
        left = max(time_limit - (time.perf_counter() - start), 1e-3)
        model = _pruned(town, weight, (order, ways, k))
        found = solve(model, time_limit=left)
        bound = max(bound, found.bound if np.isfinite(found.bound) else -np.inf)
        if found.x is None:
            return replace(found, bound=bound, seconds=time.perf_counter() - start)
        out = found.x[len(found.x) - n :] > _SLACK
        total = _sum(metres, weight, np.flatnonzero(found.x[:m] > 0.5))  # noqa: PLR2004 (rounded before)
        gap = max(total - bound, 0.0) / max(abs(total), 1e-12)
        if gap <= _SLACK or not out.any() or found.status == HEURISTIC:
            status = OPTIMAL if gap <= _SLACK else HEURISTIC
            return Solved(found.x[:m], status, total, min(bound, total), gap, time.perf_counter() - start)
        k = np.where(out, np.minimum(2 * k, most), k)


def _pruned(town: _Town, weight: Floats, near: tuple[NDArray[np.int64], Floats, NDArray[np.int64]]) -> Model:
    """Columns: m places, one for each near pair, one way out for each point (closed where all pairs are there)."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    order, ways, k = near
    n, m = order.shape
    use = np.arange(m)[None] < k[:, None]
    client, place, length = np.nonzero(use)[0], order[use], ways[use]
    pairs = len(client)
    each, clients = np.arange(pairs), np.arange(n)
    beyond = np.take_along_axis(ways, np.minimum(k, m - 1)[:, None], axis=1)[:, 0]
    shut = (k >= m) | ~np.isfinite(beyond)
    # rows: each point goes somewhere (n); only to open places (pairs); p places (1)
    rows = np.concatenate([client, clients, n + each, n + each, np.full(m, n + pairs)])
    columns = np.concatenate([m + each, m + pairs + clients, m + each, place, np.arange(m)])
    values = np.concatenate([np.ones(pairs + n + pairs), -np.ones(pairs), np.ones(m)])
    size = m + pairs + n
    table = csr_array((values, (rows, columns)), shape=(n + pairs + 1, size))
    count = town.p + float(town.fixed.sum())
    return Model(
        np.concatenate(
            [np.zeros(m), weight[client] * length, np.where(shut, 0.0, weight * np.where(shut, 0.0, beyond))]
        ),
        table,
        np.concatenate([np.ones(n), np.full(pairs, -np.inf), [count]]),
        np.concatenate([np.ones(n), np.zeros(pairs), [count]]),
        np.arange(size) < m,
        np.concatenate([town.fixed, np.zeros(pairs + n)]),
        np.concatenate([np.ones(m + pairs), ~shut]),
    )


def p_center(
    distance_m: ArrayLike,
    demand: ArrayLike | None = None,
    *,
    p: int,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Sites:
    """Open at most p more places so that the farthest demand point has the shortest way.

    Args:
        distance_m: demand by candidate, metres, shape (n, m); NaN is unknown, infinite is no way.
        demand: weights, shape (n,), only for the mean; every point counts for the farthest. None: 1 each.
        p: how many places may be added.
        already_open: indices of candidates that are open and stay so.
        time_limit: seconds for each set cover; one that runs out leaves the answer "heuristic".

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
        found = fewest(is_covered(metres, steps[middle]), town.fixed, time_limit=time_limit)
        if found.x is not None and found.objective <= most + _SLACK:
            best, high = found.x, middle
        else:
            if found.status == HEURISTIC and found.bound <= most + _SLACK:
                doubt = min(doubt, middle)
            low = middle + 1
    if best is None:
        _require(Solved(None, INFEASIBLE, np.nan, np.nan, np.nan, 0.0))
    objective, bound = float(steps[high]), float(steps[min(doubt, high)])
    gap = (objective - bound) / max(objective, 1e-12)
    status = OPTIMAL if objective <= bound else HEURISTIC
    done = Solved(best, status, objective, bound, gap, time.perf_counter() - start)
    return _told("p-center", town, done, {"p": town.p})


def _town(distance_m: ArrayLike, demand: ArrayLike | None, p: int, already_open: Sequence[int]) -> _Town:
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
    return _Town(metres, weight, np.asarray(np.isfinite(metres).any(axis=1)), fixed, int(p), unknown)


def _told(method: str, town: _Town, found: Solved, extra: Mapping[str, object]) -> Sites:
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
    )  # fmt: skip
