"""The most demand served where a place can serve only so much: maximal covering with capacities.

A demand point may be served by several places in parts; nobody is sent to a place out of reach. Source: Current and
Storbeck 1988 (capacitated covering models).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from geo.choice.solver import SECONDS, Model, meta, solve
from geo.choice.ways import (
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


@dataclass(frozen=True)
class Served:
    """Places to open and what they serve.

    ``served`` (n,) is how much of each point's demand is served, ``load`` (m,) how much each place serves;
    ``uncoverable`` the points that no candidate reaches. ``opened`` and ``added`` as in ``geo.choice.covering.Cover``.
    """

    opened: Places
    added: Places
    uncoverable: Places
    served: Floats = field(repr=False)
    load: Floats = field(repr=False)
    served_demand: float
    total_demand: float
    status: str
    meta: Mapping[str, object]


def most_served(
    distance_m: ArrayLike,
    demand: ArrayLike,
    *,
    radius_m: float,
    p: int,
    capacity: ArrayLike,
    cost: ArrayLike | None = None,
    already_open: Sequence[int] = (),
    time_limit: float = SECONDS,
) -> Served:
    """Open p more places so that the most demand is served within reach and within what each place can serve.

    Args:
        distance_m: ways (n, m), metres.
        demand: weights (n,).
        radius_m: farthest way, metres, included.
        p: how many places may be added at most.
        capacity: most that each place serves, (m,), in units of demand; infinite is no limit.
        cost: of opening (m,), to break ties.
        already_open: indices that are open and stay so.
        time_limit: seconds in all.

    Raises:
        PlanError: shapes, demand, radius, p, costs or capacities that make no sense.
    """
    metres = distances(distance_m)
    n, m = metres.shape
    weight, unknown = weights(demand, n)
    room, fixed, price = np.asarray(capacity, dtype=float), opened_before(already_open, m), prices(cost, m)
    if room.shape != (m,) or np.isnan(room).any() or (room < 0).any() or not 0 <= radius_m < np.inf:
        raise PlanError(
            Text("容量与服务半径须逐点给出且不小于 0", "capacities and the radius must be given, none below 0")
        )
    reach = is_covered(metres, radius_m)
    model, point, place = _model(reach & (weight > 0)[:, None], weight, room, fixed=fixed, p=whole_count(p))
    start = time.perf_counter()
    found = solve(model, time_limit=time_limit)
    simple = _simple(model, weight, room, (point, place), fixed=fixed, p=int(p))
    found = better(found, simple, float(model.cost @ simple))
    left = max(time_limit - (time.perf_counter() - start), 1e-3)
    found, told = tie_broken(model, found, price, time_limit=left)
    x = np.concatenate([fixed, np.zeros(len(point))]) if found.x is None else found.x
    opened, amount = x[:m] > 0.5, x[m:]  # noqa: PLR2004 (rounded before)
    served = np.bincount(point, weights=amount, minlength=n).astype(float)
    load = np.bincount(place, weights=amount, minlength=m).astype(float)
    parameters = {
        "radius_m": radius_m, "p": int(p), "candidates": m, "points": n, "demand_unknown": unknown, "tie_break": told,
    }  # fmt: skip
    return Served(
        np.flatnonzero(opened), np.flatnonzero(opened & ~fixed), np.flatnonzero(~reach.any(axis=1)), served, load,
        float(served.sum()), float(weight.sum()), found.status,
        meta("MCLP with capacities", parameters, found, sign=-1),
    )  # fmt: skip


def _simple(
    model: Model, weight: Floats, room: Floats, pairs: tuple[Places, Places], *, fixed: Bools, p: int
) -> Floats:
    """Fill the open places, then again and again the one that can still serve most, in the order of the points."""
    point, place = pairs
    m, x, left = len(room), np.zeros(len(model.cost)), weight.copy()
    x[:m] = fixed
    closed = ~fixed
    for turn in range(int(fixed.sum()) + p):
        if turn < fixed.sum():
            one = int(np.flatnonzero(fixed)[turn])
        else:
            can = np.minimum(np.bincount(place, weights=left[point], minlength=m), room)
            one = int(np.argmax(np.where(closed, can, -1.0)))
            if not closed.any() or can[one] <= 0:
                break
            closed[one], x[one] = False, 1.0
        mine = np.flatnonzero(place == one)
        before = np.concatenate([[0.0], np.cumsum(left[point[mine]])[:-1]])
        amount = np.clip(room[one] - before, 0.0, left[point[mine]])
        x[m + mine] = amount
        left[point[mine]] -= amount
    return x


def _model(reach: Bools, weight: Floats, room: Floats, *, fixed: Bools, p: int) -> tuple[Model, Places, Places]:
    """Columns: m places, then the amount of each pair; rows: demand by point, room by place, open pairs, the count."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    n, m = reach.shape
    point, place = np.nonzero(reach)
    pairs, each = len(point), np.arange(len(point))
    whole = np.minimum(room, float(weight.sum()))
    rows = np.concatenate([point, n + place, n + np.arange(m), n + m + each, n + m + each, np.full(m, n + m + pairs)])
    columns = np.concatenate([m + each, m + each, np.arange(m), m + each, place, np.arange(m)])
    values = np.concatenate([np.ones(2 * pairs), -whole, np.ones(pairs), -weight[point], np.ones(m)])
    table = csr_array((values, (rows, columns)), shape=(n + m + pairs + 1, m + pairs))
    high = np.concatenate([weight, np.zeros(m + pairs), [p + float(fixed.sum())]])
    model = Model(
        np.concatenate([np.zeros(m), -np.ones(pairs)]), table, np.full(len(high), -np.inf), high,
        np.arange(m + pairs) < m, np.concatenate([fixed, np.zeros(pairs)]), np.concatenate([np.ones(m), weight[point]]),
    )  # fmt: skip
    return model, point, place
