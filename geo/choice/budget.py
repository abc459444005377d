"""What to pay for: the projects with the most benefit for the money, with what depends on what, over years and funds.

Money is whole fen throughout, and what is chosen is added up again in whole numbers: an answer that is over by one fen
is forbidden and the question put again. A plain knapsack is ``select`` without rules (Dantzig 1957).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice.covering import better
from geo.choice.exact import Judge, clashing, exact
from geo.choice.funds import Fund, broken, fund_rows, split
from geo.choice.greedy import greedy
from geo.choice.rules import Fen, Row, Rules, money, rows_of
from geo.choice.solver import INFEASIBLE, SECONDS, Solved, meta
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_NO_RULES = Rules()
_CLASH_TIMES = 4
"""Naming what clashes has so many times the time of the plan."""


@dataclass(frozen=True)
class Question:
    """What a plan is asked for.

    Attributes:
        cost_fen: whole fen, shape (n,).
        benefit: 0 or more, none unknown, shape (n,).
        budgets_fen: whole fen by year.
        discount: factor by year, above 0 and at most 1; the first year counts in full.
        rules: must-do, needed, excluding projects, least by group and kind.
        funds: sources of money, the narrowest purpose first; () is one purse for everything.
        carry: money left over is kept for the years after; else it lapses.
        barred: projects that may not be chosen, shape (n,); None bars none.
    """

    cost_fen: ArrayLike = field(repr=False)
    benefit: ArrayLike = field(repr=False)
    budgets_fen: Sequence[int]
    discount: float = 1.0
    rules: Rules = field(default=_NO_RULES, repr=False)
    funds: Sequence[Fund] = ()
    carry: bool = False
    barred: Bools | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Choice:
    """The projects of a plan and their years.

    ``year`` (n,) counts from 0, -1 is not done; ``spent_fen`` (years,); ``paid_fen`` (funds, n) says who pays what;
    ``benefit`` is discounted. Where the limits cannot be kept together, ``feasible`` is False, nothing is done, and
    ``clashes`` names limits that cannot be kept together though all but any one of them could (``clashes_fewest``
    False: time ran out, some may not be needed). ``greedy_year`` is the
    simple plan (None: none was found) and ``greedy_benefit`` its benefit, NaN without one.
    """

    feasible: bool
    year: NDArray[np.int64] = field(repr=False)
    spent_fen: Fen
    paid_fen: Fen = field(repr=False)
    benefit: float
    greedy_year: NDArray[np.int64] | None = field(repr=False)
    greedy_benefit: float
    clashes: tuple[Text, ...]
    clashes_fewest: bool
    status: str
    meta: Mapping[str, object]

    @property
    def chosen(self) -> Bools:
        """Which projects are done."""
        return self.year >= 0


def choose(question: Question, *, time_limit: float = SECONDS, explained: bool = True) -> Choice:
    """Choose projects and their years: the most benefit, each year's counted by the discount, under all rules.

    Args:
        question: what is asked for.
        time_limit: seconds for the plan; naming what clashes has four times as many.
        explained: name the clashing limits where there is no plan.

    Raises:
        PlanError: amounts, discount or rules that make no sense, or no trustworthy answer.
    """
    cost, gain, budgets = checked(question)
    n, years = len(cost), len(budgets)
    rows = rows_of(cost, budgets, question.rules, carry=question.carry)
    rows += fund_rows(cost, question.funds, years, carry=question.carry)
    worth = (question.discount ** np.arange(years)[:, None] * gain).ravel()
    barred = None if question.barred is None else np.tile(question.barred, years)

    def judge(chosen: Bools) -> Row | None:
        return broken(chosen.reshape(years, n), cost, question.funds, carry=question.carry)

    quick = None if question.barred is not None else _simple(question, rows)
    found, known = exact(worth, rows, judge=judge, barred=barred, time_limit=time_limit)
    if quick is not None:
        flat = _done(quick, years).ravel()
        found = better(found, flat.astype(float), -float(worth[flat].sum()))
    done = np.zeros((years, n), bool) if found.x is None else (found.x > 0.5).reshape(years, n)  # noqa: PLR2004
    done = _without_idle(done, gain, known, judge)
    clash: tuple[list[Row], bool] = ([], True)
    if found.status == INFEASIBLE and explained:
        clash = clashing(known, n * years, barred=barred, time_limit=_CLASH_TIMES * time_limit)
    year = np.where(done.any(axis=0), np.argmax(done, axis=0), -1) if years else np.full(n, -1)
    return Choice(
        found.x is not None, year, done @ cost, split(done, cost, question.funds, carry=question.carry),
        float(worth[done.ravel()].sum()), quick,
        np.nan if quick is None else float(worth[_done(quick, years).ravel()].sum()),
        tuple(row.name for row in clash[0]), clash[1], found.status, _told(question, cost, budgets, found),
    )  # fmt: skip


def checked(question: Question) -> tuple[Fen, Floats, Fen]:
    """Give cost, benefit and budgets as arrays.

    Raises:
        PlanError: amounts or discount that make no sense.
    """
    if not 0 < question.discount <= 1:
        raise PlanError(Text("折现系数须大于 0 且不超过 1", "the discount must be above 0 and at most 1"))
    cost = money(question.cost_fen, Text("费用", "cost"))
    gain = np.asarray(question.benefit, dtype=float)
    if gain.ndim != 1 or not np.isfinite(gain).all() or (gain < 0).any():
        raise PlanError(
            Text("效益须逐项给出，不小于 0，不可缺失", "benefit must be given for each, 0 or more, none unknown")
        )
    if cost.shape != gain.shape:
        raise PlanError(Text("费用与效益须逐项对应", "cost and benefit must have the same projects"))
    return cost, gain, money(question.budgets_fen, Text("预算", "the budget"))


def _simple(question: Question, rows: Sequence[Row]) -> NDArray[np.int64] | None:
    """Give the simple plan if the funds can pay for it too."""
    cost, gain, budgets = checked(question)
    found = greedy(cost, gain, rows, question.rules, years=len(budgets))
    if found is None or broken(_done(found, len(budgets)), cost, question.funds, carry=question.carry) is not None:
        return None
    return found


def _done(year: NDArray[np.int64], years: int) -> Bools:
    return np.asarray(year[None, :] == np.arange(years)[:, None])


def _without_idle(done: Bools, gain: Floats, rows: Sequence[Row], judge: Judge) -> Bools:
    """Leave out what brings nothing (in the order given), as long as every limit stays kept."""
    kept = done.copy()
    for one in np.flatnonzero(done.any(axis=0) & (gain == 0)):
        trial = kept.copy()
        trial[:, one] = False
        if all(row.holds(trial.ravel()) for row in rows) and judge(trial.ravel()) is None:
            kept = trial
    return kept


def _told(question: Question, cost: Fen, budgets: Fen, found: Solved) -> dict[str, object]:
    rules = question.rules
    parameters = {
        "budgets_fen": budgets.tolist(), "projects": len(cost), "discount": question.discount,
        "requires": len(rules.requires), "excludes": len(rules.excludes), "must": len(rules.must),
        "least_fen": dict(rules.least_fen), "least_of_kind": dict(rules.least_of_kind),
        "funds": [one.name.en for one in question.funds],
        "left_over": "carried to the years after" if question.carry else "lapses",
    }  # fmt: skip
    return meta("budget plan", parameters, found, sign=-1)


@dataclass(frozen=True)
class Selection:
    """Projects to pay for in one year from one purse, see ``Choice``: ``chosen`` (n,) marks them."""

    feasible: bool
    chosen: Bools = field(repr=False)
    cost_fen: int
    benefit: float
    left_fen: int
    greedy_benefit: float
    clashes: tuple[Text, ...]
    status: str
    meta: Mapping[str, object]


@dataclass(frozen=True)
class Phases:
    """Projects by year: ``year`` (n,) counts from 0, -1 is not done; ``spent_fen`` (years,); benefit is discounted."""

    feasible: bool
    year: NDArray[np.int64] = field(repr=False)
    spent_fen: Fen
    benefit: float
    status: str
    meta: Mapping[str, object]


def select(
    cost_fen: ArrayLike,
    benefit: ArrayLike,
    *,
    budget_fen: int,
    rules: Rules = _NO_RULES,
    time_limit: float = SECONDS,
) -> Selection:
    """Choose the projects with the most benefit that one budget and the rules allow, see ``choose``.

    Raises:
        PlanError: amounts or rules that make no sense, or no trustworthy answer.
    """
    found = choose(Question(cost_fen, benefit, [budget_fen], rules=rules), time_limit=time_limit)
    spent = int(found.spent_fen.sum())
    return Selection(
        found.feasible, found.chosen, spent, found.benefit, int(budget_fen) - spent, found.greedy_benefit,
        found.clashes, found.status, found.meta,
    )  # fmt: skip


def phase(
    cost_fen: ArrayLike,
    benefit: ArrayLike,
    *,
    budgets_fen: Sequence[int],
    discount: float = 1.0,
    rules: Rules = _NO_RULES,
    time_limit: float = SECONDS,
) -> Phases:
    """Choose projects and their years from one purse whose leftovers lapse, see ``choose``.

    Raises:
        PlanError: amounts, discount or rules that make no sense, or no trustworthy answer.
    """
    question = Question(cost_fen, benefit, budgets_fen, discount, rules)
    found = choose(question, time_limit=time_limit)
    return Phases(found.feasible, found.year, found.spent_fen, found.benefit, found.status, found.meta)
