"""What a scenario changes: who gains, who loses, and by how much. The net figure alone hides the losers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice.ways import weights
from geo.coverage import is_covered
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Delta:
    """Covered demand before and after; ``newly_covered`` - ``lost`` = ``change``.

    ``gains`` and ``loses`` (n,) mark the points that come into and fall out of cover; ``nearer_demand`` and
    ``farther_demand`` are of those whose way gets shorter or longer, covered or not. ``change_m`` (n,) is the way after
    less the way before, NaN where one is unknown. Means are by demand, over the points whose way is known both times
    (``compared_demand``); NaN if there are none.
    """

    gains: NDArray[np.bool_] = field(repr=False)
    loses: NDArray[np.bool_] = field(repr=False)
    change_m: Floats = field(repr=False)
    covered_before: float
    covered_after: float
    change: float
    newly_covered: float
    lost: float
    nearer_demand: float
    farther_demand: float
    mean_before_m: float
    mean_after_m: float
    compared_demand: float
    total_demand: float
    meta: Mapping[str, object]


def scenario_delta(
    before_m: ArrayLike, after_m: ArrayLike, demand: ArrayLike | None = None, *, radius_m: float
) -> Delta:
    """Compare two states of the same demand points by the distance to the nearest place.

    Args:
        before_m: distance to the nearest place before, metres, shape (n,); NaN or infinite is none known.
        after_m: the same after, shape (n,).
        demand: weights, shape (n,); NaN is unknown and left out. None: 1 each.
        radius_m: farthest way that counts as covered, metres, included.

    Raises:
        PlanError: shapes, demand or radius that make no sense.
    """
    before, after = (np.asarray(one, dtype=float) for one in (before_m, after_m))
    if before.ndim != 1 or before.shape != after.shape or not 0 <= radius_m < np.inf:
        raise PlanError(
            Text(
                "两种方案须逐点对应，服务半径须不小于 0",
                "both states must have the same points, and the radius must be 0 or more",
            )
        )
    was, now = is_covered(before, radius_m), is_covered(after, radius_m)
    return cover_delta((was, now), (before, after), demand, radius_m=radius_m)


def cover_delta(
    covered: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    way_m: tuple[ArrayLike, ArrayLike],
    demand: ArrayLike | None = None,
    **parameters: object,
) -> Delta:
    """Compare two states of the same demand points of which is known whether they are covered.

    For services whose things have limits of their own, where no single radius tells who is covered.

    Args:
        covered: before and after, each (n,).
        way_m: before and after, distance to the nearest place in metres, each (n,); NaN or infinite is none known.
        demand: as in ``scenario_delta``.
        parameters: to be told in ``meta``.

    Raises:
        PlanError: shapes or demand that make no sense.
    """
    was, now = (np.asarray(one, dtype=bool) for one in covered)
    before, after = (np.asarray(one, dtype=float) for one in way_m)
    if was.ndim != 1 or not was.shape == now.shape == before.shape == after.shape:
        raise PlanError(Text("两种方案须逐点对应", "both states must have the same points"))
    weight, unknown = weights(demand, len(before))
    known = np.isfinite(before) & np.isfinite(after)
    change = np.full(len(before), np.nan)
    change[known] = np.round(after[known], 6) - np.round(before[known], 6)
    compared = float(weight[known].sum())
    mean = [float(weight[known] @ one[known]) / compared if compared > 0 else np.nan for one in (before, after)]
    gained, lost = (float(weight[one].sum()) for one in (now & ~was, was & ~now))
    told = {**parameters, "points": len(before), "demand_unknown": unknown, "way_unknown": int((~known).sum())}
    return Delta(
        now & ~was, was & ~now, change, float(weight[was].sum()), float(weight[now].sum()), gained - lost, gained, lost,
        float(weight[change < 0].sum()), float(weight[change > 0].sum()), mean[0], mean[1], compared,
        float(weight.sum()),
        {"method": "scenario difference", "parameters": told, "seed": None, "warnings": []},
    )  # fmt: skip
