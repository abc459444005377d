"""How the shortest ways in all are found and proven: interchange, Lagrange's bound, and the solver on the nearest.

Sources: Teitz and Bart 1968 (interchange); Cornuejols, Fisher and Nemhauser 1977 (the bound).
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.choice.solver import HEURISTIC, OPTIMAL, Model, Solved, solve
from geo.choice.ways import NO_TIES, Bools, Floats, Places
from geo.errors import PlanError
from geo.text import Text

_SPREAD = 3
"""A demand point begins with so many times m / p candidates: with fewer, one place in p is often not among them."""
_SLACK = 1e-6
_EQUAL = 1e-9
_ROUNDS = 300
"""Steps towards a better bound."""


@dataclass(frozen=True)
class Town:
    """Demand that has a way: ``metres`` (n, m) of all; ``reached`` (n,); ``fixed`` (m,); ``p`` to add."""

    metres: Floats
    weight: Floats
    reached: Bools
    fixed: Bools
    p: int
    unknown: int


def cheaper(metres: Floats, weight: Floats, town: Town, found: Solved, *, price: Floats | None) -> tuple[Solved, str]:
    """Exchange places of an answer for cheaper, then earlier ones as long as the ways stay as short; one at a time."""
    if price is None or found.x is None:
        return found, NO_TIES
    chosen = [int(one) for one in np.flatnonzero(found.x[: len(town.fixed)] > 0.5)]  # noqa: PLR2004 (rounded before)
    moved = True
    while moved:
        moved = False
        for place, now in enumerate(chosen):
            rest = chosen[:place] + chosen[place + 1 :]
            ways = metres[:, rest].min(axis=1, initial=np.inf)
            total = weight @ np.minimum(ways[:, None], metres)
            same = (total <= found.objective * (1 + _EQUAL)) & ~np.isin(np.arange(len(price)), chosen)
            ahead = (price < price[now]) | ((price == price[now]) & (np.arange(len(price)) < now))
            free = np.flatnonzero(same & ahead & (not town.fixed[now]))
            if len(free):
                chosen[place], moved = int(free[np.argmin(price[free])]), True
                break
    x = np.zeros(len(town.fixed))
    x[chosen] = 1.0
    return replace(found, x=x), "cost, then order, by single exchanges"


def regapped(found: Solved, bound: float) -> Solved:
    """Give an answer with the better of two bounds."""
    bound = min(max(bound, found.bound), found.objective)
    gap = (found.objective - bound) / max(abs(found.objective), 1e-12)
    return replace(found, bound=bound, gap=gap, status=OPTIMAL if gap <= _SLACK else HEURISTIC)


def lagrange(town: Town, ways: Floats, objective: float, *, start: Places, end: float) -> float:
    """Lower bound by Lagrange: a prize for serving each point, moved by subgradients; any prizes give a true bound."""
    best, step = 0.0, 1.0
    near = ways[:, start] if len(start) > 1 else ways
    prize = np.partition(near, 1, axis=1)[:, 1] if near.shape[1] > 1 else near[:, 0]
    prize = np.where(np.isfinite(prize), prize, 0.0)
    for _ in range(_ROUNDS):
        saved = np.minimum(ways - prize[:, None], 0.0).sum(axis=0)
        order = np.argsort(np.where(town.fixed, -np.inf, saved), kind="stable")[: town.p + int(town.fixed.sum())]
        now = float(prize.sum() + saved[order].sum())
        step = step if now > best else step * 0.97
        best = max(best, now)
        slope = 1.0 - (ways[:, order] < prize[:, None]).sum(axis=1)
        size = float(slope @ slope)
        if size == 0.0 or best >= objective or time.perf_counter() > end:
            break
        prize = np.maximum(prize + step * (objective - now) / size * slope, 0.0)
    return best


def require(found: Solved) -> None:
    """Raise ``PlanError`` where there is no answer."""
    if found.x is None or not np.isfinite(found.objective):
        raise PlanError(
            Text(
                "这么多设施无法让所有可达需求点都有路可走，请增加数量",
                "so few places cannot serve all who have a way to some; add more",
            )
        )


def way_sum(metres: Floats, weight: Floats, chosen: Places) -> float:
    """Give all ways to the nearest of some places, times demand."""
    if not len(weight):
        return 0.0
    near = metres[:, chosen].min(axis=1, initial=np.inf)
    return float(weight @ near)


def interchange(metres: Floats, weight: Floats, town: Town) -> Places:
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


def proven(town: Town, metres: Floats, weight: Floats, time_limit: float) -> Solved:
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
        total = way_sum(metres, weight, np.flatnonzero(found.x[:m] > 0.5))  # noqa: PLR2004 (rounded before)
        gap = max(total - bound, 0.0) / max(abs(total), 1e-12)
        if gap <= _SLACK or not out.any() or found.status == HEURISTIC:
            status = OPTIMAL if gap <= _SLACK else HEURISTIC
            return Solved(found.x[:m], status, total, min(bound, total), gap, time.perf_counter() - start)
        k = np.where(out, np.minimum(2 * k, most), k)


def _pruned(town: Town, weight: Floats, near: tuple[NDArray[np.int64], Floats, NDArray[np.int64]]) -> Model:
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
