"""What to pay for: the projects with the most benefit for the money, with what depends on what, and over the years.

Money is whole fen throughout, and what is chosen is added up again in whole numbers: an answer that is over by one fen
is forbidden and the question put again. A plain knapsack is ``select`` without rules (Dantzig 1957).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.choice.covering import better
from geo.choice.rules import Fen, Row, Rules, money, pairs, rows_of
from geo.choice.solver import HEURISTIC, INFEASIBLE, SECONDS, Model, Solved, meta, solve
from geo.errors import PlanError
from geo.text import Text

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_NO_RULES = Rules()
_TRIES = 20
"""How often an answer that is over by rounding is forbidden before giving up."""


@dataclass(frozen=True)
class Selection:
    """Projects to pay for: ``chosen`` (n,) marks them.

    Where the limits cannot be kept together, ``feasible`` is False, nothing is chosen, and ``clashes`` names each
    limit without which they could. ``greedy_benefit`` is what taking the best benefit by cost first would bring, NaN if
    that misses a least amount of a group.
    """

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
    """Choose the projects with the most benefit that the budget and the rules allow.

    Args:
        cost_fen: whole fen, shape (n,).
        benefit: 0 or more, shape (n,).
        budget_fen: whole fen; nothing over it.
        rules: what needs what, what shuts out what, least by group.
        time_limit: seconds for each question to the solver.

    Raises:
        PlanError: amounts or rules that make no sense, or no trustworthy answer.
    """
    cost, gain = money(cost_fen, Text("费用", "cost")), _gains(benefit)
    fen = int(money(budget_fen, Text("预算", "the budget")))
    rows = rows_of(_same(cost, gain), fen, rules)
    quick = _greedy(cost, gain, fen, rules)
    keeps = all(row.holds(quick) for row in rows)
    found = _exact(_model(gain, rows), lambda chosen: all(row.holds(chosen) for row in rows), time_limit)
    if keeps:
        found = better(found, quick.astype(float), -float(gain[quick].sum()))
    clashes = _clashes(gain, rows, time_limit) if found.status == INFEASIBLE else ()
    chosen = np.zeros(len(cost), dtype=bool) if found.x is None else found.x > 0.5  # noqa: PLR2004 (rounded before)
    spent = int(cost[chosen].sum())
    parameters = {
        "budget_fen": fen, "projects": len(cost), "requires": len(rules.requires), "excludes": len(rules.excludes),
        "least_fen": dict(rules.least_fen),
    }  # fmt: skip
    return Selection(
        found.x is not None, chosen, spent, float(gain[chosen].sum()), fen - spent,
        float(gain[quick].sum()) if keeps else np.nan, clashes, found.status,
        meta("budget selection", parameters, found, sign=-1),
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
    """Choose projects and their years: benefit x discount^year in all is the most; money left over lapses.

    Args:
        cost_fen: whole fen, shape (n,).
        benefit: 0 or more, shape (n,).
        budgets_fen: whole fen by year.
        discount: factor by year, above 0 and at most 1; year 0 counts in full.
        rules: ``requires`` (a, b): b in the same year or before; ``excludes`` over all years; ``least_fen`` over all
            years together.
        time_limit: seconds for each question to the solver.

    Raises:
        PlanError: amounts, discount or rules that make no sense, or no trustworthy answer.
    """
    if not 0 < discount <= 1:
        raise PlanError(Text("折现系数须大于 0 且不超过 1", "the discount must be above 0 and at most 1"))
    cost, gain = money(cost_fen, Text("费用", "cost")), _gains(benefit)
    fen = money(budgets_fen, Text("预算", "the budget"))
    n, years = len(_same(cost, gain)), len(fen)
    rows = _rows_by_year(cost, fen, rules)
    worth = (discount ** np.arange(years)[:, None] * gain).ravel()
    found = _exact(_model(worth, rows), lambda chosen: all(row.holds(chosen) for row in rows), time_limit)
    done = np.zeros((years, n), bool) if found.x is None else (found.x > 0.5).reshape(years, n)  # noqa: PLR2004
    year = np.where(done.any(axis=0), np.argmax(done, axis=0), -1) if years else np.full(n, -1)
    parameters = {"budgets_fen": fen.tolist(), "discount": discount, "projects": n, "requires": len(rules.requires)}
    return Phases(
        found.x is not None, year, done @ cost, float(worth[done.ravel()].sum()), found.status,
        meta("budget over years", parameters, found, sign=-1),
    )  # fmt: skip


def _rows_by_year(cost: Fen, budgets: Fen, rules: Rules) -> list[Row]:
    """Limits on (year, project) columns: each year's money, each project once, needs by each year, pairs, groups."""
    n, years = len(cost), len(budgets)
    rows: list[Row] = []
    for year in range(years):
        factor = np.zeros((years, n), dtype=np.int64)
        factor[year] = cost
        words = Text(f"第 {year + 1} 年预算", f"the budget of year {year + 1}")
        rows.append(Row(words, factor.ravel(), None, int(budgets[year])))
    for one in range(n):
        factor = np.zeros((years, n), dtype=np.int64)
        factor[:, one] = 1
        rows.append(Row(Text(f"项目 {one} 只做一次", f"project {one} once"), factor.ravel(), None, 1))
    for a, b in pairs(rules.requires, n):
        for year in range(years):
            factor = np.zeros((years, n), dtype=np.int64)
            factor[: year + 1, a], factor[: year + 1, b] = 1, -1
            rows.append(Row(Text(f"项目 {a} 依赖项目 {b}", f"project {a} needs project {b}"), factor.ravel(), None, 0))
    whole = rows_of(cost, int(budgets.sum()), Rules((), rules.excludes, rules.group, rules.least_fen))
    return rows + [replace(row, factor=np.tile(row.factor, years)) for row in whole[1:]]


def _gains(benefit: ArrayLike) -> Floats:
    gain = np.asarray(benefit, dtype=float)
    if gain.ndim != 1 or not np.isfinite(gain).all() or (gain < 0).any():
        raise PlanError(
            Text("效益须逐项给出，不小于 0，不可缺失", "benefit must be given for each, 0 or more, none unknown")
        )
    return gain


def _same(cost: Fen, gain: Floats) -> Fen:
    if cost.shape != gain.shape:
        raise PlanError(Text("费用与效益须逐项对应", "cost and benefit must have the same projects"))
    return cost


def _model(gain: Floats, rows: Sequence[Row]) -> Model:
    """Yes or no by column. Money is divided by its common factor so that the solver sees small numbers."""
    from scipy.sparse import csr_array  # noqa: PLC0415 (heavy)

    n, low, high = len(gain), np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    data, columns, starts = [], [], [0]
    for at, row in enumerate(rows):
        used = np.flatnonzero(row.factor)
        unit = int(np.gcd.reduce(np.abs(row.factor[used]), initial=0)) or 1
        data.append(row.factor[used] / unit)
        columns.append(used)
        starts.append(starts[-1] + len(used))
        low[at] = -np.inf if row.low is None else -(-row.low // unit)
        high[at] = np.inf if row.high is None else row.high // unit
    table = csr_array(
        (np.concatenate([*data, np.zeros(0)]), np.concatenate([*columns, np.zeros(0, int)]), np.array(starts)),
        shape=(len(rows), n),
    )
    return Model(-gain, table, low, high, np.ones(n, bool), np.zeros(n), np.ones(n))


def _exact(model: Model, keeps: Callable[[Bools], bool], time_limit: float) -> Solved:
    """Solve; forbid an answer that breaks a limit in whole numbers, and ask again."""
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 (heavy)

    for _ in range(_TRIES):
        found = solve(model, time_limit=time_limit)
        if found.x is None:
            return found
        chosen = found.x > 0.5  # noqa: PLR2004 (rounded before)
        if keeps(chosen):
            return found
        # differ from this answer in at least one project
        cut = csr_array(np.where(chosen, -1.0, 1.0)[None])
        model = replace(
            model, table=vstack([model.table, cut], format="csr"),
            low=np.append(model.low, 1.0 - chosen.sum()), high=np.append(model.high, np.inf),
        )  # fmt: skip
    raise PlanError(Text("未能得到严格不超支的方案", "no answer was found that keeps the money to the fen"))


def _clashes(gain: Floats, rows: Sequence[Row], time_limit: float) -> tuple[Text, ...]:
    """Name each limit without which the others can be kept: left out one at a time."""
    free = []
    for at, row in enumerate(rows):
        rest = [*rows[:at], *rows[at + 1 :]]
        if solve(_model(np.zeros(len(gain)), rest), time_limit=time_limit).status not in {INFEASIBLE, HEURISTIC}:
            free.append(row.name)
    return tuple(free)


def _greedy(cost: Fen, gain: Floats, budget_fen: int, rules: Rules) -> Bools:
    """Take the best benefit by cost first, each with all it needs, if it fits and nothing taken shuts it out."""
    n = len(cost)
    needs: dict[int, list[int]] = {}
    for a, b in pairs(rules.requires, n):
        needs.setdefault(a, []).append(b)
    against = [(a, b) for a, b in pairs(rules.excludes, n)]
    taken = np.zeros(n, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(gain / cost, nan=0.0)
    for one in np.argsort(-ratio, kind="stable"):
        trial = taken.copy()
        todo = [int(one)]
        while todo:
            item = todo.pop()
            todo += [other for other in needs.get(item, ()) if not trial[other]]
            trial[item] = True
        if cost[trial].sum() <= budget_fen and not any(trial[a] and trial[b] for a, b in against):
            taken = trial
    return taken
