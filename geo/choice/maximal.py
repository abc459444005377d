"""The most demand covered by few places, exactly: the engine of the maximal covering model.

Demand points that the same places reach are one. A simple answer comes from taking the best place again and again and
then exchanging places. The continuous relaxation gives the bound: where its answer is whole, or the simple answer meets
it, nothing is left to prove. Else places whose reduced cost exceeds the gap are settled, and the solver decides about
the rest.
"""

import time
from dataclasses import dataclass, field, replace

import numpy as np

from geo.choice.solver import HEURISTIC, OPTIMAL, Model, Solved, meets, relaxed, solve
from geo.choice.ways import Bools, Floats, Places, better, kinds_of_demand, tie_broken

_EPS = 1e-6
_OWN = 0.5
"""Columns after the first m are shares of covered demand; a place is open if its column is over a half."""


@dataclass(frozen=True)
class Asked:
    """What is asked: ``reach`` (n, m), ``weight`` (n,), ``fixed`` (m,) open before, at most ``p`` more.

    ``cost`` (m,) and ``budget``: what is added may cost no more in all; None for either is no such limit.
    """

    reach: Bools = field(repr=False)
    weight: Floats = field(repr=False)
    fixed: Bools = field(repr=False)
    p: int
    cost: Floats | None = field(default=None, repr=False)
    budget: float | None = None

    def price(self) -> Floats:
        """What counts against the budget: 0 for each place without one."""
        free = np.zeros(len(self.fixed))
        return free if self.cost is None or self.budget is None else np.where(self.fixed, 0.0, self.cost)


def greedy(asked: Asked) -> Places:
    """Give places chosen one by one, with the fixed: each time the one that adds most (for its money), first of equals."""
    price = asked.price()
    chosen = [int(one) for one in np.flatnonzero(asked.fixed)]
    left = np.where(asked.reach[:, asked.fixed].any(axis=1), 0.0, asked.weight)
    money = np.inf if asked.budget is None else asked.budget
    for _ in range(asked.p):
        gain = left @ asked.reach
        gain[price > money * (1 + 1e-12)] = 0.0
        worth = gain if asked.budget is None else gain / np.maximum(price, 1e-12)
        best = int(np.argmax(worth)) if len(worth) else 0
        if not len(worth) or not gain[best] > 0:
            break
        chosen.append(best)
        money -= price[best]
        left = np.where(asked.reach[:, best], 0.0, left)
    return np.array(chosen, dtype=np.int64)


def exchanged(asked: Asked, chosen: Places) -> Places:
    """Exchange an added place for a closed one as long as this covers more and keeps the budget."""
    table, price, now = asked.reach.astype(float), asked.price(), chosen.copy()
    spare = np.inf if asked.budget is None else asked.budget - price[now].sum()
    while True:
        times = asked.reach[:, now].sum(axis=1)
        fresh = np.where(times == 0, asked.weight, 0.0) @ table
        best, move = _EPS * max(float(asked.weight.sum()), 1e-12), None
        for at, place in enumerate(now):
            if asked.fixed[place]:
                continue
            own = asked.reach[:, place] & (times == 1)
            gain = fresh + asked.weight[own] @ table[own] - asked.weight[own].sum()
            gain[now] = -np.inf
            gain[price > spare + price[place]] = -np.inf
            if gain.max(initial=-np.inf) > best:
                best, move = float(gain.max()), (at, int(np.argmax(gain)))
        if move is None:
            return now
        spare += price[now[move[0]]] - price[move[1]]
        now[move[0]] = move[1]


def most_covered(asked: Asked, *, time_limit: float, ties: Floats | None = None) -> tuple[Solved, float, str]:
    """Solve; also give what the plain greedy covers, and how ties were broken (``ties``: costs, None not at all)."""
    start = time.perf_counter()
    rows, weight = kinds_of_demand(asked.reach, asked.weight)
    some = rows.any(axis=1) & (weight > 0)
    few = replace(asked, reach=rows[some], weight=weight[some])
    first = greedy(few)
    plain = covered_weight(few, first)
    model = model_of(few)
    found = _proven(few, model, exchanged(few, first), start + time_limit)
    left = max(start + time_limit - time.perf_counter(), 1e-3)
    found, told = tie_broken(model, found, ties, time_limit=left)
    return replace(found, seconds=time.perf_counter() - start), plain, told


def covered_weight(asked: Asked, chosen: Places) -> float:
    """Give the demand that some places cover."""
    return float(asked.weight[asked.reach[:, chosen].any(axis=1)].sum())


def _proven(asked: Asked, model: Model, simple: Places, end: float) -> Solved:
    bound, x, pull = relaxed(model, time_limit=max(end - time.perf_counter(), 1e-3))
    best = covered_weight(asked, simple)
    if x is not None:
        rounded = exchanged(asked, _rounded(asked, x[: len(asked.fixed)]))
        if covered_weight(asked, rounded) > best:
            simple, best = rounded, covered_weight(asked, rounded)
    told = _told(asked, model, simple, bound)
    if meets(told) or x is None:
        return told
    step = _step(asked.weight)
    settled = _settled(model, len(asked.fixed), pull, (-bound) - best - step)
    found = solve(settled, time_limit=max(end - time.perf_counter(), 1e-3))
    if found.status not in {OPTIMAL, HEURISTIC} or (found.x is None and found.status == OPTIMAL):
        # what was settled leaves nothing better: the simple answer is the best one
        return replace(told, status=OPTIMAL, bound=told.objective, gap=0.0)
    if found.status == OPTIMAL and found.objective > told.objective:
        return replace(told, status=OPTIMAL, bound=told.objective, gap=0.0)
    held = replace(found, bound=max(min(found.bound, told.objective), bound)) if found.status == HEURISTIC else found
    return better(_regapped(held), told.x if told.x is not None else np.zeros(0), told.objective)


def _regapped(found: Solved) -> Solved:
    if found.x is None:
        return found
    bound = min(found.bound, found.objective)
    return replace(found, bound=bound, gap=(found.objective - bound) / max(abs(found.objective), 1e-12))


def _step(weight: Floats) -> float:
    """Least by which a better answer is better: the common divisor of whole weights, else nothing."""
    whole = np.round(weight)
    if not len(weight) or (np.abs(weight - whole) > 0).any() or whole.max() > 1e12:  # noqa: PLR2004 (exact in floats)
        return 0.0
    return float(np.gcd.reduce(whole.astype(np.int64))) * (1 - _EPS)


def _settled(model: Model, m: int, pull: Floats, room: float) -> Model:
    """Settle what no better answer can have otherwise: reduced cost of a column above the room left for improvement."""
    least, most = model.least.copy(), model.most.copy()
    slack = _EPS * (1 + abs(room))
    shut, held = pull[:m] > max(room, 0.0) + slack, -pull[:m] > max(room, 0.0) + slack
    most[:m][shut & (least[:m] < 1)] = 0.0
    least[:m][held] = 1.0
    return replace(model, least=least, most=most)


def _rounded(asked: Asked, y: Floats) -> Places:
    """Take the places with the largest shares in the relaxation, as many and as dear as may be."""
    price, chosen = asked.price(), [int(one) for one in np.flatnonzero(asked.fixed)]
    money, count = (np.inf if asked.budget is None else asked.budget), asked.p
    for one in np.argsort(-y, kind="stable"):
        if not asked.fixed[one] and count > 0 and price[one] <= money and y[one] > 0:
            chosen.append(int(one))
            money, count = money - price[one], count - 1
    return np.array(chosen, dtype=np.int64)


def _told(asked: Asked, model: Model, chosen: Places, bound: float) -> Solved:
    m = len(asked.fixed)
    x = np.zeros(len(model.cost))
    x[chosen] = 1.0
    x[m:] = asked.reach[:, chosen].any(axis=1)
    objective = float(model.cost @ x)
    bound = min(bound, objective)
    gap = (objective - bound) / max(abs(objective), 1e-12)
    step = _step(asked.weight)
    done = gap <= _EPS or (step > 0 and objective - bound < step)
    return Solved(x, OPTIMAL if done else HEURISTIC, objective, objective if done else bound, 0.0 if done else gap, 0.0)


def model_of(asked: Asked) -> Model:
    """Columns: m places, then the share covered of each demand point; rows: cover, the count, the budget."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack  # noqa: PLC0415 (heavy)

    k, m = asked.reach.shape
    cover = hstack([csr_array(asked.reach.astype(float)), -eye_array(k)])
    limits, tops = [np.ones(m)], [asked.p + float(asked.fixed.sum())]
    if asked.budget is not None:
        top = max(float(asked.price().max(initial=0.0)), 1e-12)
        limits, tops = [*limits, asked.price() / top], [*tops, asked.budget / top]
    side = csr_array(np.hstack([np.array(limits), np.zeros((len(limits), k))]))
    return Model(
        np.concatenate([np.zeros(m), -asked.weight]), vstack([cover, side], format="csr"),
        np.concatenate([np.zeros(k), np.full(len(limits), -np.inf)]),
        np.concatenate([np.full(k, np.inf), tops]),
        np.arange(m + k) < m, np.concatenate([asked.fixed, np.zeros(k)]), np.ones(m + k),
    )  # fmt: skip
