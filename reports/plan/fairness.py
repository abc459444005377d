"""The least that each large grid and each class gets, and the questions that a plan puts to the solver."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.choice.budget import Question, choose
from geo.choice.rules import Rules, least_of_shares
from geo.errors import PlanError
from geo.text import Text
from layers.schema.places import PROJECT_CLASS
from reports.plan.pool import Pool
from reports.plan.terms import Terms, discount_of, funds_of

NO_GRID = ""
"""Group of items that lie in no large grid."""


class Asked(NamedTuple):
    """A question with the large grids whose items cannot use up their least amount, fen by grid id."""

    question: Question
    short: Mapping[str, int]


def asked(
    pool: Pool,
    need: pd.Series,
    terms: Terms,
    *,
    grids: Mapping[str, str],
    funds: pd.DataFrame,
    rules: Mapping[str, float],
) -> Asked:
    """Put a plan as a question.

    Args:
        pool: the items.
        need: need that each item of the pool removes, by item id.
        terms: money, years, fairness.
        grids: names of all large grids by id.
        funds: see ``reports.plan.terms.funds_table``.
        rules: numbers of policy.

    Raises:
        PlanError: shares that are more than the whole budget, or no such fund.
    """
    if terms.min_share * len(grids) > 1 + 1e-9:
        most = 1 / len(grids)
        raise PlanError(
            Text(
                f"{len(grids)} 个大网格各至少 {terms.min_share:.1%}，合计超过全部预算；最多每个 {most:.1%}",
                f"{len(grids)} large grids with at least {terms.min_share:.1%} each are more than the whole budget; "
                f"{most:.1%} each is the most",
            )
        )
    group = pool.items["large_grid_id"].fillna(NO_GRID).astype(str).tolist()
    kind = pool.items["item_class"].fillna("none").astype(str).tolist()
    names = [Text.same(one if pd.isna(name) else name) for one, name in pool.items["name"].items()]
    called = {one: Text.same(name) for one, name in grids.items()} | dict(PROJECT_CLASS)
    fixed = Rules(pool.requires, pool.excludes, group, {}, pool.must, kind, {}, names, called)
    caps = terms.caps_fen
    gain = need.reindex(pool.items.index).fillna(0.0).to_numpy(dtype=float)
    question = Question(
        pool.cost_fen, gain, caps, discount_of(rules), fixed,
        funds_of(funds, pool.items, terms.funds_yuan, caps), terms.carry,
    )  # fmt: skip
    return with_shares(question, terms, list(grids), terms.limit_fen)


def with_shares(question: Question, terms: Terms, grids: list[str], budget: int) -> Asked:
    """Add the least amounts of a budget in fen."""
    rules = question.rules
    by_grid = least_of_shares(dict.fromkeys(grids, terms.min_share), budget) if terms.min_share > 0 else {}
    by_class = least_of_shares(terms.class_shares, budget)
    grid_least, short = _reachable(question, rules.group, by_grid)
    class_least, _ = _reachable(question, rules.kind, by_class)
    fair = replace(rules, least_fen=grid_least, least_of_kind=class_least)
    return Asked(replace(question, rules=fair), short)


def scaled(question: Question, terms: Terms, grids: list[str], budget: int) -> Question:
    """Give the question of one year for another amount of money, its funds and least amounts in proportion."""
    whole = sum(question.budgets_fen)
    funds = [replace(one, amount_fen=[sum(one.amount_fen) * budget // max(whole, 1)]) for one in question.funds]
    plain = replace(question, budgets_fen=[budget], discount=1.0, carry=False, funds=funds)
    return with_shares(plain, terms, grids, budget).question


def _reachable(question: Question, of: object, least: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Lower the least amounts to what can be spent at all; give them and those that were lowered."""
    cost, names = np.asarray(question.cost_fen), np.array(of, dtype=str)
    found, short = {}, {}
    for name, fen in least.items():
        inside = names == name
        if int(cost[inside].sum()) < fen:
            short[name] = found[name] = _most(question, inside)
        else:
            found[name] = fen
    return found, short


def _most(question: Question, inside: np.ndarray) -> int:
    """Give the most that can be spent on some items when they may not all be done together."""
    cost, rules = np.asarray(question.cost_fen), question.rules
    if not any(inside[a] and inside[b] for a, b in rules.excludes):
        return int(cost[inside].sum())
    plain = Rules(rules.requires, rules.excludes)
    whole = Question(cost, np.where(inside, cost, 0).astype(float), [int(cost.sum())], rules=plain)
    return int(cost[choose(whole, explained=False).chosen & inside].sum())
