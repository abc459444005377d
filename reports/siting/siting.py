"""Where to build: the best of the candidate sites for a layer, who gains by them, and how far that is proven."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.choice.solver import OPTIMAL
from geo.errors import PlanError
from geo.text import Text
from layers import TOILETS, Workspace
from layers.schema import Toilets
from layers.standards import policy
from reports.service.places import HOUSEHOLDS, RESIDENTS
from reports.siting.candidates import Candidates, candidates
from reports.siting.models import MODELS, Found, Question, answered
from reports.siting.wants import Bools, Floats, Wants, wants, ways_to

_FAR = np.inf
NO_CANDIDATES = Text(
    "没有候选地点：请登记闲置地块（sites）或街巷宽度，或允许公园、停车场作候选",
    "there are no candidate sites: record idle land (sites) or widths of streets, or allow parks and car parks",
)
NO_DEMAND = Text("没有可以判断的需求点", "it is known of no place whether it is served")
NO_MODEL = Text("没有这个模型：{model}", "no such model: {model}")
NO_COUNT = Text("新增数量须为 1 或更多", "how many to build must be 1 or more")


@dataclass(frozen=True)
class Siting:
    """Where to build, and what that changes.

    ``chosen``: rows of ``candidates.table`` by what each adds, with ``serves`` (within the distance, shared ones too)
    and ``adds`` (not served by those above it or before). ``after`` and ``after_m`` (n,) are as ``wants.before`` and
    ``wants.metres``. ``uncoverable``: rows of places out of reach of everything, those with most people first.
    ``feasible`` is whether what was asked can be had; ``status``, ``objective``, ``bound``, ``gap`` and ``seconds`` are
    the solver's, checked again.
    """

    layer: str
    model: str
    count: int | None
    wants: Wants = field(repr=False)
    candidates: Candidates = field(repr=False)
    chosen: pd.DataFrame = field(repr=False)
    after: Bools = field(repr=False)
    after_m: Floats = field(repr=False)
    uncoverable: NDArray[np.int64] = field(repr=False)
    feasible: bool
    status: str
    objective: float
    bound: float
    gap: float
    seconds: float
    meta: Mapping[str, object] = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether the answer is the best there is."""
        return self.status == OPTIMAL

    def people(self) -> pd.DataFrame:
        """Give what is served before and after, a row an amount: total, known, before, after, gained."""
        rows, known = {}, self.wants.known
        for key, amount in self.wants.places.amounts.items():
            if amount.known:
                total, seen, before, after = (
                    float(np.nansum(amount.each[mark]))
                    for mark in (np.ones(len(known), bool), known, known & self.wants.before, known & self.after)
                )
                rows[key] = (total, seen, before, after, after - before)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["total", "known", "before", "after", "gained"])


def site(
    ws: Workspace,
    layer: str,
    *,
    count: int | None = None,
    metres: float | None = None,
    model: str = "mclp",
    walk: bool = False,
    grounds: Sequence[str] | None = None,
    budget_yuan: float | None = None,
) -> Siting:
    """Find the best places for new things of a layer among real candidate sites; what is there stays open.

    Args:
        ws: the workspace.
        layer: "toilets", "parks", "parking", or another service of ``standards/services.csv``.
        count: how many new ones; not needed by "lscp".
        metres: how far is near; None: the standard.
        model: a key of ``reports.siting.models.MODELS``.
        walk: distances along the streets, else in a straight line.
        grounds: kinds of candidate ground, see ``reports.siting.candidates``.
        budget_yuan: most that they may cost in all ("mclp"); candidates of unknown cost are then left out.

    Raises:
        PlanError: no such model, no candidates, no known demand, or no answer.
        DataError: no such service.
    """
    if model not in MODELS:
        raise PlanError(NO_MODEL.format(model=model))
    if MODELS[model].counts and (count is None or count < 1):
        raise PlanError(NO_COUNT)
    asked = wants(ws, layer, metres=metres, walk=walk)
    where = candidates(ws, layer, grounds=grounds)
    return solved(ws, layer, asked, where, model=model, count=count, budget_yuan=budget_yuan)


def solved(
    ws: Workspace,
    layer: str,
    asked: Wants,
    where: Candidates,
    *,
    model: str,
    count: int | None,
    budget_yuan: float | None = None,
) -> Siting:
    """Do as ``site`` does, with demand and candidates that are there already."""
    if budget_yuan is not None:
        where = _priced(where)
    if where.table.empty:
        raise PlanError(NO_CANDIDATES)
    rows = _rows(asked, covers=MODELS[model].covers, backup=model in {"backup", "capacity"})
    if not (asked.known & np.isfinite(asked.weight)).any():
        raise PlanError(NO_DEMAND)
    limit = asked.radius_m if MODELS[model].covers else _FAR
    new = ways_to(asked, where.shapes, rows, limit_m=limit)
    question = _question(ws, layer, asked, where, rows=rows, new=new, model=model, count=count, budget=budget_yuan)
    found = answered(model, question)
    return _told(layer, asked, where, rows, found=found, new=new, model=model, count=count)


def _priced(where: Candidates) -> Candidates:
    has = where.table["cost_yuan"].notna().to_numpy(dtype=bool)
    told = Text("{n} 个候选点费用不明，未参与预算内选址", "candidates of unknown cost, left out under a budget: {n}")
    out = (told.format(n=int((~has).sum())),) if not has.all() else ()
    return Candidates(where.table[has], where.shapes[has], where.grounds, (*where.left_out, *out))


def _rows(asked: Wants, *, covers: bool, backup: bool) -> NDArray[np.int64]:
    """Places that the model is about: with demand, known, and for plain cover not served yet."""
    use = asked.known & (np.nan_to_num(asked.weight) > 0)
    return np.flatnonzero(use & ~asked.before) if covers and not backup else np.flatnonzero(use)


def _question(  # noqa: PLR0913 (what a question is made of)
    ws: Workspace,
    layer: str,
    asked: Wants,
    where: Candidates,
    *,
    rows: NDArray[np.int64],
    new: Floats,
    model: str,
    count: int | None,
    budget: float | None,
) -> Question:
    rules = policy(ws.folder)
    if model in {"backup", "capacity"}:
        old = _open_now(asked, rows)
    elif MODELS[model].covers:
        old = np.empty((len(rows), 0))
    else:
        old = asked.metres[rows][:, None] if np.isfinite(asked.metres[rows]).any() else np.empty((len(rows), 0))
    cost = where.table["cost_yuan"].to_numpy(dtype=float)
    known = np.where(np.isnan(cost), np.nanmax(cost) if np.isfinite(cost).any() else 0.0, cost)
    return Question(
        np.hstack([old, new]), asked.weight[rows], np.concatenate([np.zeros(old.shape[1]), known]),
        _capacity(ws, layer, asked, (old.shape[1], new.shape[1])), old.shape[1], asked.radius_m,
        0 if count is None else count, budget, rules["site_seconds"],
    )  # fmt: skip


def _open_now(asked: Wants, rows: NDArray[np.int64]) -> Floats:
    """Ways to each thing that is open, brought to one radius: what is within its own limit is within it."""
    limits, things = asked.found.limit.metres, asked.found.distances.things
    parts = [
        np.maximum(ways_to(asked, some.shapes, rows, limit_m=limit) - (limit - asked.radius_m), 0.0)
        for some, limit in zip(things, limits, strict=True)
    ]
    return np.hstack(parts)


def _capacity(ws: Workspace, layer: str, asked: Wants, size: tuple[int, int]) -> Floats:
    """What each open and new place can serve, in what is counted; no limit where the policy has no figure."""
    room = np.full(sum(size), np.inf)
    if layer != TOILETS.key or size[0] != sum(len(one.row) for one in asked.found.distances.things):
        return room
    rules = policy(ws.folder)
    each = rules["toilet_residents_per_cubicle"]
    if asked.counted == HOUSEHOLDS:
        each *= _households_by_resident(asked)
    table = ws[TOILETS].iloc[asked.found.distances.things[0].row] if size[0] else ws[TOILETS].iloc[:0]
    stalls = table[[Toilets.stalls_women, Toilets.stalls_men]].astype("Float64").sum(axis=1, min_count=1)
    have = stalls.to_numpy(dtype=float, na_value=rules["toilet_cubicles_if_unknown"])
    room[: size[0]], room[size[0] :] = have * each, rules["site_toilet_cubicles"] * each
    return room


def _households_by_resident(asked: Wants) -> float:
    people = asked.places.amounts.get(RESIDENTS)
    total = float(np.nansum(people.each)) if people is not None and people.known else 0.0
    return float(np.nansum(asked.weight)) / total if total > 0 else 1.0


def _told(
    layer: str,
    asked: Wants,
    where: Candidates,
    rows: NDArray[np.int64],
    *,
    found: Found,
    new: Floats,
    model: str,
    count: int | None,
) -> Siting:
    nearest = np.full(len(asked.metres), np.inf)
    nearest[rows] = new[:, found.added].min(axis=1, initial=np.inf)
    reach = np.zeros((len(asked.metres), new.shape[1]), dtype=bool)
    reach[rows] = new <= asked.radius_m
    after = asked.before | (reach[:, found.added].any(axis=1) & asked.known)
    nothing = asked.known & ~asked.before & ~reach.any(axis=1) & (np.nan_to_num(asked.weight) > 0)
    out = np.flatnonzero(nothing)
    meta = {
        **found.meta, "layer": layer, "model": model, "way": "on foot" if asked.on_foot else "straight line",
        "counted": asked.counted, "counted_status": asked.amount.status, "known_places": int(asked.known.sum()),
        "places": len(asked.known), "candidates": len(where.table), "grounds": list(where.grounds),
        "already_open": sum(len(one.row) for one in asked.found.distances.things),
    }  # fmt: skip
    objective, bound, gap = (float(str(found.meta[key])) for key in ("objective", "bound", "gap"))
    return Siting(
        layer, model, count, asked, where, _chosen(asked, where, found.added, reach), after,
        np.minimum(asked.metres, nearest), out[np.argsort(-asked.weight[out], kind="stable")], found.feasible,
        found.status, objective, bound, gap, found.seconds, MappingProxyType(meta),
    )  # fmt: skip


def _chosen(asked: Wants, where: Candidates, added: NDArray[np.int64], reach: Bools) -> pd.DataFrame:
    """Give the chosen candidates, the one that adds most first."""
    left, order, adds = ~asked.before & asked.known, list[int](), list[float]()
    rest = [int(one) for one in added]
    while rest:
        gains = [asked.sum(left & reach[:, one]) for one in rest]
        best = int(np.argmax(gains))
        one = rest.pop(best)
        order.append(one)
        adds.append(gains[best])
        left = left & ~reach[:, one]
    table = where.table.iloc[order].copy()
    table["serves"] = [asked.sum(reach[:, one] & asked.known) for one in order]
    table["adds"] = adds
    return table
