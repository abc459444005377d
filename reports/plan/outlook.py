"""What other amounts of money would bring: the frontier, the simple way, and plans that never drop what they began."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.choice.budget import Choice, Question, choose
from geo.choice.nesting import Nested, in_order, nested
from geo.choice.solver import HEURISTIC
from geo.text import Text
from layers.standards import policy
from reports.plan.fairness import scaled
from reports.plan.plan import Plan, unfair_benefit
from reports.plan.terms import FEN, Terms


@dataclass(frozen=True)
class Outlook:
    """Plans of one year for rising amounts of money.

    ``frontier`` has one row by amount: ``budget_yuan``, ``best`` (need removed, the most that is possible), ``bound`` (no
    plan can remove more), ``simple`` (best benefit by cost first, NaN where that finds none), ``nested`` (the sequence),
    ``cost_yuan`` and ``items`` of the best plan, ``status``. ``sequence`` has one row by item in the order in which it
    is begun: ``from_yuan`` is the amount from which it is in. ``price`` is the share of need removed that never dropping
    anything costs over all amounts, ``price_here`` the same at the plan's budget; NaN where there is no sequence.
    ``fairness_price`` is the share of the plan's benefit that the least shares cost, NaN without any; ``unfair_benefit`` what
    the plan would bring without them.
    """

    frontier: pd.DataFrame = field(repr=False)
    sequence: pd.DataFrame = field(repr=False)
    price: float
    price_here: float
    impossible: tuple[float, ...]
    fairness_price: float
    unfair_benefit: float
    nested: Nested | None = field(repr=False)
    meta: Mapping[str, object]


NOTE = Text(
    "各级预算都按一年、不折现计算，资金来源和最低份额按比例缩放；嵌套方案在各级合计最优，增加预算时不撤下已选的项目",
    "each amount is planned as one year without discount, funds and least shares in proportion; the nested plans are the "
    "best over all amounts together, and more money never drops an earlier pick",
)


def outlook(plan: Plan, *, time_limit: float | None = None) -> Outlook:
    """Give the frontier around a plan and the best nested sequence.

    Args:
        plan: see ``choose_items``.
        time_limit: seconds for each amount and for the sequence; None takes the policy table's for the whole.
    """
    rules = policy(plan.ws.folder)
    seconds = rules["plan_time_limit_s"] / 2 if time_limit is None else time_limit
    grids = [str(one) for one in plan.large_grids.index]
    money = amounts(plan.terms, int(rules["plan_steps"]), rules["plan_reach"], whole_fen=int(plan.pool.cost_fen.sum()))
    questions = [scaled(plan.question, plan.terms, grids, one) for one in money]
    found = [choose(one, time_limit=seconds, explained=False) for one in questions]
    can = [at for at, one in enumerate(found) if one.feasible]
    rising = _tail(can, len(found))
    chain = (
        nested([questions[at] for at in rising], [found[at] for at in rising], time_limit=seconds) if rising else None
    )
    frontier = _frontier(money, found, rising, chain)
    free = unfair_benefit(plan, time_limit=seconds)
    return Outlook(
        frontier, _sequence(plan, questions, rising, chain), np.nan if chain is None else chain.price,
        _here(frontier, plan.terms.limit_fen), tuple(money[at] / FEN for at in range(len(money)) if at not in can),
        1 - plan.choice.benefit / free if free > 0 and plan.choice.feasible else np.nan, free,
        chain, {} if chain is None else chain.meta,
    )  # fmt: skip


def amounts(terms: Terms, steps: int, reach: float, *, whole_fen: int) -> list[int]:
    """Give rising amounts of money in whole fen, the plan's own among them, none beyond what all items cost."""
    top = max(min(round(terms.limit_fen * reach), whole_fen), terms.limit_fen)
    found = {top * step // steps for step in range(1, steps + 1)} | {terms.limit_fen}
    return sorted(one for one in found if one > 0)


def _tail(can: list[int], size: int) -> list[int]:
    """Give the amounts from the first from which on all are possible."""
    start = size
    while start - 1 in can:
        start -= 1
    return list(range(start, size))


def _frontier(money: list[int], found: list[Choice], rising: list[int], chain: Nested | None) -> pd.DataFrame:
    benefit = dict(zip(rising, chain.benefit, strict=True)) if chain is not None and chain.feasible else {}
    best = dict(zip(rising, chain.best, strict=True)) if chain is not None else {}
    rows = [
        {
            "budget_yuan": fen / FEN,
            "best": best.get(at, one.benefit) if one.feasible else np.nan,
            "bound": one.meta["bound"] if one.feasible else np.nan,
            "simple": one.greedy_benefit,
            "nested": benefit.get(at, np.nan),
            "cost_yuan": float(one.spent_fen.sum()) / FEN,
            "items": int(one.chosen.sum()),
            "status": one.status,
        }
        for at, (fen, one) in enumerate(zip(money, found, strict=True))
    ]
    table = pd.DataFrame(rows)
    table["bound"] = table["bound"].astype(float).clip(lower=table["best"])
    return table


def _sequence(plan: Plan, questions: list[Question], rising: list[int], chain: Nested | None) -> pd.DataFrame:
    if chain is None or not chain.feasible:
        return pd.DataFrame(columns=["name", "grid_id", "cost_yuan", "need_removed", "from_yuan"])
    first = questions[rising[0]]
    cost, gain = np.asarray(first.cost_fen, dtype=np.int64), np.asarray(first.benefit, dtype=float)
    order = in_order(chain.step, cost, gain, first.rules.requires)
    table = plan.pool.items.iloc[order][["name", "grid_id"]].copy()
    table["cost_yuan"], table["need_removed"] = cost[order] / FEN, gain[order]
    start = np.array([int(questions[at].budgets_fen[0]) for at in rising]) / FEN
    table["from_yuan"] = start[chain.step[order]]
    return table.rename_axis("item_id")


def _here(frontier: pd.DataFrame, limit_fen: int) -> float:
    row = frontier[frontier["budget_yuan"] == limit_fen / FEN]
    if row.empty or not row["best"].iloc[0] > 0:
        return np.nan
    return float(1 - row["nested"].iloc[0] / row["best"].iloc[0])


def proven(found: Outlook) -> bool:
    """Say whether all amounts and the sequence are proven to be the best."""
    steps = not (found.frontier["status"] == HEURISTIC).any()
    return steps and found.nested is not None and found.nested.status != HEURISTIC
