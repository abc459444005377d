"""Who finds room: demand sent to facilities in reach that have capacity left, and what is missing where none is.

A transport problem. First as much demand as possible is met, then with the least distance in all; where capacity does
not suffice, the farthest go short. Solved exactly as a linear programme (HiGHS); the answer is checked here against
the amounts and against a bound from the dual prices, since a solver may err. Demand is conserved: of every place,
what is assigned and what is missing add up to what it wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.supply.reach import Reach, Within, amounts, within

Floats = NDArray[np.float64]
OPTIMAL, HEURISTIC = "optimal", "heuristic"
_SLACK = 1e-7
"""Largest relative error of an amount, and gap to the bound, that rounding may leave."""


@dataclass(frozen=True)
class Assignment:
    """Demand by the facility that takes it.

    ``place``, ``facility`` and ``amount`` (k,) are the flows above 0. By place (n,): ``assigned``, ``missing``
    (NaN where demand is unknown), ``out_of_reach`` (missing because nothing with known capacity is near). By facility
    (m,): ``used`` and ``spare`` (NaN where capacity is unknown). ``status`` is "optimal" (proven by ``bound`` of
    ``meta``) or "heuristic" (nearest first).
    """

    place: NDArray[np.int64] = field(repr=False)
    facility: NDArray[np.int64] = field(repr=False)
    amount: Floats = field(repr=False)
    assigned: Floats = field(repr=False)
    missing: Floats = field(repr=False)
    out_of_reach: Floats = field(repr=False)
    used: Floats = field(repr=False)
    spare: Floats = field(repr=False)
    status: str
    meta: Mapping[str, object]


@dataclass(frozen=True)
class _Problem:
    """Pairs that matter, with what is wanted and what there is (no NaN), and the price of one unit left over."""

    near: Within
    want: Floats
    have: Floats
    radius_m: float

    @property
    def cost(self) -> Floats:
        """Cost of a unit by pair: distance by radius, less a prize larger than any detour can cost."""
        hops = min(len(self.want), len(self.have)) + 1.0
        return self.near.distance_m / self.radius_m - hops

    def objective(self, flow: Floats) -> float:
        """Cost of all flows."""
        return float(self.cost @ flow)


def assign(
    pairs: Reach, capacity: ArrayLike, demand: ArrayLike, *, radius_m: float, seconds: float = 120.0
) -> Assignment:
    """Assign demand to capacity within reach: the most that can be met, by the shortest ways in all.

    Args:
        pairs: who reaches what; at least all pairs up to the radius, each once.
        capacity: what each facility can take, shape (m,); NaN is unknown and takes nothing.
        demand: what each place wants, in the same unit, shape (n,); NaN is unknown and left out.
        radius_m: farthest way, metres, included.
        seconds: time for the exact solver; after that the nearest come first, labelled "heuristic".

    Raises:
        ValueError: an amount is negative, or the radius is not above 0.
    """
    have, want = amounts(capacity, "capacity"), amounts(demand, "demand")
    if not radius_m > 0:
        msg = "radius_m must be above 0"
        raise ValueError(msg)
    near = within(pairs, radius_m)
    use = (np.nan_to_num(want)[near.place] > 0) & (np.nan_to_num(have)[near.facility] > 0)
    near = Within(near.place[use], near.facility[use], near.distance_m[use])
    problem = _Problem(near, np.nan_to_num(want), np.nan_to_num(have), radius_m)
    flow, bound, status = _solved(problem, seconds)
    return _told(problem, want, have, (flow, bound, status))


def _told(problem: _Problem, want: Floats, have: Floats, solved: tuple[Floats, float, str]) -> Assignment:
    near, (flow, bound, status) = problem.near, solved
    assigned = np.minimum(np.bincount(near.place, weights=flow, minlength=len(want)), problem.want)
    missing = problem.want - assigned
    missing[missing <= _SLACK * problem.want] = 0.0
    assigned = problem.want - missing
    reaches = np.bincount(near.place, minlength=len(want)) > 0
    used = np.minimum(np.bincount(near.facility, weights=flow, minlength=len(have)), problem.have)
    objective, known = problem.objective(flow), ~np.isnan(want)
    meta = {
        "method": "transport, most met first, then least distance",
        "radius_m": problem.radius_m,
        "pairs": len(near.place),
        "status": status,
        "objective": objective,
        "bound": bound,
        "gap": (objective - bound) / abs(bound) if bound else 0.0,
        "demand": float(problem.want.sum()),
        "assigned": float(assigned.sum()),
        "missing": float(missing.sum()),
        "capacity": float(problem.have.sum()),
        "capacity_unknown": int(np.isnan(have).sum()),
        "demand_unknown": int((~known).sum()),
        "seed": None,
    }
    some = flow > 0
    return Assignment(
        near.place[some], near.facility[some], flow[some],
        np.where(known, assigned, np.nan), np.where(known, missing, np.nan),
        np.where(known, np.where(reaches, 0.0, missing), np.nan),
        used, have - used, status, meta,
    )  # fmt: skip


def _solved(problem: _Problem, seconds: float) -> tuple[Floats, float, str]:
    """Give flow by pair, a lower bound of the objective, and the status."""
    near = problem.near
    flow, contested = _nearest(problem)
    if not contested.any():
        return flow, problem.objective(flow), OPTIMAL
    some = Within(near.place[contested], near.facility[contested], near.distance_m[contested])
    part = replace(problem, near=some)
    found, least = _exact(part, seconds)
    status = HEURISTIC if found is None else OPTIMAL
    inner = _greedy(part) if found is None else found
    if found is not None and part.objective(inner) - least > _SLACK * abs(least):
        status = HEURISTIC
    rest = problem.objective(np.where(contested, 0.0, flow))
    flow[contested] = inner
    return flow, rest + least, status


def _nearest(problem: _Problem) -> tuple[Floats, NDArray[np.bool_]]:
    """Send every place to its nearest facility; mark the pairs of the groups in which this overfills one."""
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)

    near, n, m = problem.near, len(problem.want), len(problem.have)
    order = np.lexsort((near.facility, near.distance_m, near.place))
    _, first = np.unique(near.place[order], return_index=True)
    best = order[first]
    flow = np.zeros(len(near.place))
    flow[best] = problem.want[near.place[best]]
    load = np.bincount(near.facility, weights=flow, minlength=m)
    links = coo_array((np.ones(len(near.place)), (near.place, n + near.facility)), shape=(n + m, n + m))
    group = connected_components(links, directed=False)[1]
    full = np.zeros(n + m, dtype=bool)
    full[group[n:][load > problem.have]] = True
    return flow, full[group[near.place]]


def _exact(problem: _Problem, seconds: float) -> tuple[Floats | None, float]:
    """Solve the linear programme; None where it found nothing that holds. The bound holds in any case."""
    from scipy.optimize import linprog  # noqa: PLC0415 (heavy)
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)

    near, n, m = problem.near, len(problem.want), len(problem.have)
    each, ones = np.arange(len(near.place)), np.ones(2 * len(near.place))
    rows = np.concatenate([near.place, n + near.facility])
    table = coo_array((ones, (rows, np.concatenate([each, each]))), shape=(n + m, len(each))).tocsr()
    limits = np.concatenate([problem.want, problem.have])
    options = {"time_limit": seconds}
    found = linprog(problem.cost, A_ub=table, b_ub=limits, method="highs-ds", options=options)
    prices = np.zeros(n + m) if found.x is None else np.minimum(found.ineqlin.marginals, 0.0)
    bound = _bound(problem, prices)
    if found.x is None:
        return None, bound
    flow = np.maximum(found.x, 0.0)
    holds = bool((table @ flow <= limits * (1 + _SLACK) + _SLACK).all())
    return (flow, bound) if holds and found.status == 0 else (None, bound)


def _bound(problem: _Problem, prices: Floats) -> float:
    """Lower bound of the objective from any prices of capacity: those of places follow, so that no pair is too cheap."""
    near, n = problem.near, len(problem.want)
    of_place = np.zeros(n)
    np.minimum.at(of_place, near.place, problem.cost - prices[n:][near.facility])
    return float(of_place @ problem.want + prices[n:] @ problem.have)


def _greedy(problem: _Problem) -> Floats:
    """Send demand to the nearest facility with room, the shortest pairs first."""
    near = problem.near
    want, have, flow = problem.want.copy(), problem.have.copy(), np.zeros(len(near.place))
    for pair in np.lexsort((near.facility, near.place, near.distance_m)):
        place, facility = near.place[pair], near.facility[pair]
        flow[pair] = min(want[place], have[facility])
        want[place] -= flow[pair]
        have[facility] -= flow[pair]
    return flow
