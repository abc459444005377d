"""Plans for more and more money: the best for each amount, and the best sequence in which nothing is dropped again.

The best plans of two amounts need not contain each other: with more money the best one may drop what the smaller one
began. ``nested`` asks for the sequence that loses the least by never doing so, over all amounts together, and tells the
price: the share of the benefit that the best plans for each amount would bring and the sequence does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from geo.choice.budget import Choice, Question, checked, choose
from geo.choice.covering import better
from geo.choice.exact import exact
from geo.choice.funds import fund_rows
from geo.choice.rules import Row, rows_of
from geo.choice.solver import SECONDS, meta
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nested:
    """A sequence of plans, each within the next, for amounts of money that rise.

    ``step`` (n,) is the amount, from 0, at which a project comes in, -1 never; ``benefit`` and ``best`` (steps,) are
    those of the sequence and of the best plan of each amount; ``price`` the share lost over all amounts, 0 to 1,
    NaN without any benefit. ``status`` "optimal" is proven; else ``meta`` holds the gap.
    """

    feasible: bool
    step: NDArray[np.int64] = field(repr=False)
    benefit: Floats
    best: Floats
    price: float
    status: str
    meta: Mapping[str, object]


def nested(questions: Sequence[Question], best: Sequence[Choice], *, time_limit: float = SECONDS) -> Nested:
    """Give the best sequence of plans in which more money never drops what less money paid for.

    Args:
        questions: of one year each, on the same projects and pairs, with budgets that do not fall.
        best: the answers to them, see ``choose``; each must be feasible.
        time_limit: seconds for the sequence as a whole; the simple sequences have as many again.

    Raises:
        PlanError: questions that are not of one year on the same projects, or an infeasible one among them.
    """
    _require(questions, best)
    cost, gain, _ = checked(questions[0])
    n, steps = len(cost), len(questions)
    rows = _lifted(questions, n)
    weight = np.repeat(np.arange(steps, 0, -1), n)
    worth = weight.astype(float) * np.tile(gain, steps)
    simple = _simple(questions, best, time_limit)
    found, _ = exact(worth, rows, time_limit=time_limit)
    for one in simple:
        flat = (one[None, :] == np.arange(steps)[:, None]).ravel()
        if all(row.holds(flat) for row in rows):
            found = better(found, flat.astype(float), -float(worth[flat].sum()))
    done = np.zeros((steps, n), bool) if found.x is None else (found.x > 0.5).reshape(steps, n)  # noqa: PLR2004
    step = np.where(done.any(axis=0), np.argmax(done, axis=0), -1)
    each = np.cumsum(done @ gain)
    top = np.maximum(np.array([one.benefit for one in best]), each)
    price = 1 - float(each.sum()) / float(top.sum()) if top.sum() > 0 else np.nan
    told = {"budgets_fen": [int(one.budgets_fen[0]) for one in questions], "projects": n}
    return Nested(
        found.x is not None, step, each, top, max(price, 0.0), found.status, meta("nested plans", told, found, sign=-1)
    )


def _require(questions: Sequence[Question], best: Sequence[Choice]) -> None:
    money = [int(one.budgets_fen[0]) for one in questions]
    if not questions or any(len(one.budgets_fen) != 1 for one in questions) or money != sorted(money):
        raise PlanError(
            Text("嵌套方案须逐级给出不减少的一年预算", "nested plans need budgets of one year each that do not fall")
        )
    if len(best) != len(questions) or not all(one.feasible for one in best):
        raise PlanError(Text("每一级预算都须有可行方案", "every amount of money needs a plan that is possible"))


def _lifted(questions: Sequence[Question], n: int) -> list[Row]:
    """Give the rows of the sequence: what is in by a step has to be a plan of that step, and comes in once."""
    once = np.arange(len(questions)) * n
    rows = [Row(Text("只计一次", "once"), once + one, np.ones(len(once), np.int64), None, 1) for one in range(n)]
    for at, question in enumerate(questions):
        cost, _, budgets = checked(question)
        for row in rows_of(cost, budgets, question.rules) + fund_rows(cost, question.funds, 1):
            columns = (np.arange(at + 1)[:, None] * n + row.at).ravel()
            rows.append(Row(row.name, columns, np.tile(row.factor, at + 1), row.low, row.high))
    return rows


def _simple(questions: Sequence[Question], best: Sequence[Choice], time_limit: float) -> list[NDArray[np.int64]]:
    """Give two simple sequences: from the least money up, keeping all, and from the most down, adding nothing."""
    share = time_limit / len(questions)
    up, down = best[0].chosen, best[-1].chosen
    ups, downs = [up], [down]
    for question in questions[1:]:
        rules = replace(question.rules, must=[*question.rules.must, *np.flatnonzero(up).tolist()])
        up = choose(replace(question, rules=rules), time_limit=share, explained=False).chosen
        ups.append(up)
    for question in reversed(questions[:-1]):
        down = choose(replace(question, barred=~down), time_limit=share, explained=False).chosen
        downs.insert(0, down)
    return [np.where(np.any(one, axis=0), np.argmax(one, axis=0), -1) for one in (np.array(ups), np.array(downs))]


def in_order(
    step: NDArray[np.int64], cost: NDArray[np.int64], gain: Floats, requires: Sequence[Sequence[int]]
) -> list[int]:
    """Give the projects of a sequence one by one: by step, then by benefit for the money, none before what it needs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(gain / cost, nan=0.0, posinf=np.finfo(float).max)
    left = [int(one) for one in np.lexsort((np.arange(len(step)), -ratio, step)) if step[one] >= 0]
    needs: dict[int, set[int]] = {}
    for a, b in requires:
        needs.setdefault(int(a), set()).add(int(b))
    order: list[int] = []
    while left:
        ready = next((one for one in left if needs.get(one, set()) <= set(order)), left[0])
        left.remove(ready)
        order.append(ready)
    return order
