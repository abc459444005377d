"""The siting models asked of a workspace: what each is for, and how its question is put to ``geo.choice``."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.choice.capacity import most_served
from geo.choice.covering import Cover, backup_coverage, lscp, mclp
from geo.choice.medians import p_center, p_median
from geo.text import Text

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Model(NamedTuple):
    """A model: its title, what it asks for, the unit of its objective, and whether it needs a number of new places."""

    title: Text
    about: Text
    objective: Text
    counts: bool = True
    covers: bool = True


_PEOPLE, _METRES = Text("服务的需求", "demand served"), Text("m", "m")
MODELS: Mapping[str, Model] = {
    "mclp": Model(
        Text("最大覆盖（MCLP）", "most covered (MCLP)"),
        Text(
            "建这么多处，让半径内得到服务的需求最多",
            "with so many new places, serve the most demand within the distance",
        ),
        _PEOPLE,
    ),
    "lscp": Model(
        Text("全覆盖最少（LSCP）", "fewest for all (LSCP)"),
        Text(
            "至少建几处，才能让够得着的需求全部得到服务",
            "the fewest new places that serve all demand that can be served",
        ),
        Text("处", "places"),
        counts=False,
    ),
    "p_median": Model(
        Text("平均最近（p-中位）", "shortest on average (p-median)"),
        Text("建这么多处，让到最近一处的平均距离最短", "with so many new places, the shortest average way"),
        Text("需求×m", "demand x m"),
        covers=False,
    ),
    "p_center": Model(
        Text("最远者最近（p-中心）", "nobody far (p-center)"),
        Text("建这么多处，让走得最远的一户走得最短", "with so many new places, the shortest way of who has it longest"),
        _METRES,
        covers=False,
    ),
    "backup": Model(
        Text("备份覆盖（BACOP）", "backup cover (BACOP)"),
        Text(
            "先让够得着的都得到服务，再让有两处可去的需求最多，关掉一处也不怕",
            "serve all that can be served, then the most demand twice, so that one place may close",
        ),
        Text("有两处可去的需求", "demand served twice"),
    ),
    "capacity": Model(
        Text("有容量的最大覆盖", "most served within capacity"),
        Text("每处只能服务这么多人，让得到服务的需求最多", "each place can serve only so many: serve the most demand"),
        _PEOPLE,
    ),
}
"""The models by key."""


@dataclass(frozen=True)
class Question:
    """A question: ``ways`` (n, m) of demand with a known weight to candidates, the first ``old`` of which are open.

    ``capacity`` (m,) is what each serves, for the model that asks for it.
    """

    ways: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    cost: Floats = field(repr=False)
    capacity: Floats = field(repr=False)
    old: int
    radius_m: float
    count: int
    budget: float | None
    seconds: float


@dataclass(frozen=True)
class Found:
    """An answer: ``added`` candidates, whether what was asked can be had, and what the solver said."""

    added: Places
    feasible: bool
    status: str
    meta: Mapping[str, object] = field(repr=False)
    seconds: float


def answered(model: str, asked: Question) -> Found:
    """Ask a model.

    Raises:
        PlanError: the question makes no sense or has no answer.
    """
    start = time.perf_counter()
    added, feasible, status, meta = _ASK[model](asked)
    return Found(added - asked.old, feasible, status, meta, time.perf_counter() - start)


_Answer = tuple[Places, bool, str, Mapping[str, object]]


def _of_cover(found: Cover) -> _Answer:
    return found.added, found.feasible, found.status, found.meta


def _mclp(asked: Question) -> _Answer:
    return _of_cover(
        mclp(
            asked.ways, asked.weight, radius_m=asked.radius_m, p=asked.count, cost=asked.cost, budget=asked.budget,
            already_open=range(asked.old), time_limit=asked.seconds,
        )
    )  # fmt: skip


def _lscp(asked: Question) -> _Answer:
    return _of_cover(
        lscp(
            asked.ways, radius_m=asked.radius_m, demand=asked.weight, cost=asked.cost, already_open=range(asked.old),
            time_limit=asked.seconds,
        )
    )  # fmt: skip


def _backup(asked: Question) -> _Answer:
    can = (asked.ways <= asked.radius_m).any(axis=1)
    return _of_cover(
        backup_coverage(
            asked.ways[can], asked.weight[can], radius_m=asked.radius_m, p=asked.count, cost=asked.cost,
            already_open=range(asked.old), time_limit=asked.seconds,
        )
    )  # fmt: skip


def _p_median(asked: Question) -> _Answer:
    found = p_median(
        asked.ways, asked.weight, p=_at_most(asked), cost=asked.cost, already_open=range(asked.old),
        time_limit=asked.seconds,
    )  # fmt: skip
    return found.added, True, found.status, found.meta


def _p_center(asked: Question) -> _Answer:
    found = p_center(
        asked.ways, asked.weight, p=_at_most(asked), cost=asked.cost, already_open=range(asked.old),
        time_limit=asked.seconds,
    )  # fmt: skip
    return found.added, True, found.status, found.meta


def _at_most(asked: Question) -> int:
    return min(asked.count, int(asked.ways.shape[1]) - asked.old)


def _capacity(asked: Question) -> _Answer:
    found = most_served(
        asked.ways, asked.weight, radius_m=asked.radius_m, p=asked.count, capacity=asked.capacity, cost=asked.cost,
        already_open=range(asked.old), time_limit=asked.seconds,
    )  # fmt: skip
    return found.added, True, found.status, {**found.meta, "served_demand": found.served_demand}


_ASK: Mapping[str, Callable[[Question], _Answer]] = {
    "mclp": _mclp, "lscp": _lscp, "p_median": _p_median, "p_center": _p_center, "backup": _backup,
    "capacity": _capacity,
}  # fmt: skip
