"""A budget plan: which items in which year for the money, what it removes, whom it serves, and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from geo.choice.budget import Choice, Question, choose
from geo.text import Text, counted
from layers import Workspace
from layers.standards import policy
from reports.plan.fairness import asked
from reports.plan.pool import Pool, pool_of
from reports.plan.terms import FEN, Terms, funds_table, require_sound
from reports.priority import Ranking
from reports.works import Effects, effects
from reports.works.desk import all_items

MOST_NAMED = 4
"""Items that a notice names."""


@dataclass(frozen=True)
class Robust:
    """The plan at the high end of the costs: yuan over the money of each year, 0 where it holds."""

    holds: bool
    cost_yuan: float
    over_yuan: tuple[float, ...]
    without_range: int


@dataclass(frozen=True)
class Plan:
    """A budget plan of a workspace.

    ``chosen`` by item id, in the order of year and id: name, code, item_class, grid_id, large_grid_id, year (1 is the
    first), cost_yuan, need_removed, must_do, and one column ``paid_KEY`` in yuan for each fund. ``removed`` is the need that all chosen items
    together remove, exact; ``choice.benefit`` adds up the parts and discounts later years: that is what was maximised.
    """

    ws: Workspace = field(repr=False)
    ranking: Ranking = field(repr=False)
    terms: Terms
    pool: Pool = field(repr=False)
    question: Question = field(repr=False)
    choice: Choice = field(repr=False)
    effects: Effects = field(repr=False)
    chosen: pd.DataFrame = field(repr=False)
    removed: float
    robust: Robust
    notices: tuple[Text, ...]
    meta: Mapping[str, object]

    @property
    def spent_yuan(self) -> float:
        """All that the plan costs."""
        return float(self.choice.spent_fen.sum()) / FEN

    @property
    def large_grids(self) -> pd.DataFrame:
        """The large grids, whose least shares count."""
        grids: pd.DataFrame = self.ws.grids(self.ws.levels[0])
        return grids


@dataclass(frozen=True)
class Ground:
    """What every plan of a workspace stands on: all items, and the need that each removes.

    ``effects`` are of the items with a known cost that are still open, whatever the budget: the part of an item does
    not change when the slider moves.
    """

    ranking: Ranking = field(repr=False)
    items: pd.DataFrame = field(repr=False)
    effects: Effects = field(repr=False)


def plan_ground(ranking: Ranking, items: pd.DataFrame | None = None, *, lang: str | None = None) -> Ground:
    """Prepare plans: the slow part, once for any number of budgets.

    Args:
        ranking: whose need counts, of any level.
        items: as ``reports.works.items_of`` gives them; None takes the stored and the proposed ones.
        lang: language of the names of proposed items; None is that of the workspace.
    """
    table = (all_items(ranking.ws, lang=lang) if items is None else items).sort_index()
    could = table[table["cost_yuan"].notna() & table["is_open"]]
    return Ground(ranking, table, effects(ranking, could))


def choose_items(
    ws: Workspace,
    ranking: Ranking,
    *,
    limit_yuan: float,
    years: int = 1,
    min_share: float = 0.0,
    terms: Terms | None = None,
    ground: Ground | None = None,
    time_limit: float | None = None,
) -> Plan:
    """Choose the items that remove the most need for the money, and their years; exact, or with its gap.

    Args:
        ws: an opened workspace with grids.
        ranking: whose need counts, of any level.
        limit_yuan: all money of all years.
        years: how many years.
        min_share: share of the budget that each large grid gets at least.
        terms: everything else that can be asked for; the three above replace its own.
        ground: see ``plan_ground``; None prepares it.
        time_limit: seconds for the solver; None takes the policy table's.

    Raises:
        PlanError: terms that make no sense.
        DataError: the workspace has no grids.
    """
    rules = policy(ws.folder)
    wanted = replace(terms or Terms(limit_yuan), limit_yuan=limit_yuan, years=years, min_share=min_share)
    require_sound(wanted, rules)
    base = ground or plan_ground(ranking)
    pool = pool_of(base.items, wanted)
    large = ws.grids(ws.levels[0])["name"]
    grids = {str(one): str(one if pd.isna(name) else name) for one, name in large.items()}
    funds = funds_table(ws.folder)
    put = asked(pool, base.effects.by_item["share"], wanted, grids=grids, funds=funds, rules=rules)
    seconds = rules["plan_time_limit_s"] if time_limit is None else time_limit
    choice = choose(put.question, time_limit=seconds)
    keys = [str(key) for key in funds.index if key in wanted.funds_yuan]
    chosen = _chosen(pool, choice, base.effects, keys)
    return Plan(
        ws, ranking, wanted, pool, put.question, choice, base.effects, chosen, base.effects.together(list(chosen.index)),
        robust_of(pool, choice, put.question), tuple(_notices(ws, pool, put.short, wanted)), choice.meta,
    )  # fmt: skip


def unfair_benefit(plan: Plan, *, time_limit: float) -> float:
    """Give the benefit that the same plan would have without least shares, NaN if it has none or time runs out."""
    rules = plan.question.rules
    if not rules.least_fen and not rules.least_of_kind:
        return np.nan
    free = replace(plan.question, rules=replace(rules, least_fen={}, least_of_kind={}))
    found = choose(free, time_limit=time_limit, explained=False)
    return max(found.benefit, plan.choice.benefit) if found.feasible else np.nan


def _chosen(pool: Pool, choice: Choice, found: Effects, funds: list[str]) -> pd.DataFrame:
    columns = ["name", "code", "item_class", "grid_id", "large_grid_id", "quantity", "unit"]
    table = pool.items[columns].copy()
    table["year"] = choice.year + 1
    table["cost_yuan"] = pool.cost_fen / FEN
    table["need_removed"] = found.by_item["share"].reindex(table.index).fillna(0.0)
    table["must_do"] = np.isin(np.arange(len(table)), pool.must)
    for at, key in enumerate(funds):
        table[f"paid_{key}"] = choice.paid_fen[at] / FEN
    return table[choice.chosen].rename_axis("item_id").sort_values(["year", "item_id"], kind="stable")


def robust_of(pool: Pool, choice: Choice, question: Question) -> Robust:
    """Hold the plan against the high end of the costs, year by year."""
    year, caps = choice.year, np.asarray(question.budgets_fen, dtype=np.int64)
    spent = np.array([int(pool.high_fen[year == one].sum()) for one in range(len(caps))], dtype=np.int64)
    over = np.cumsum(spent) - np.cumsum(caps) if question.carry else spent - caps
    over = np.maximum(over, 0)
    fixed = pool.items.loc[choice.chosen, "cost_high_yuan"].isna()
    return Robust(
        bool((over == 0).all()), float(spent.sum()) / FEN, tuple(float(one) / FEN for one in over), int(fixed.sum())
    )


def _notices(ws: Workspace, pool: Pool, short: Mapping[str, int], terms: Terms) -> list[Text]:
    found = []
    without = int((pool.apart["reason"] == "no_cost").sum())
    if without:
        found.append(
            Text(
                f"{without:,} 项金额未知，不能入选，另列清单。",
                f"{without:,} items have no known cost: they cannot be chosen and are listed apart.",
            )
        )
    if pool.must_apart:
        n = len(pool.must_apart)
        ids = [str(pool.apart["name"].get(one, one)) for one in pool.must_apart[:MOST_NAMED]]
        found.append(
            Text(
                f"{n:,} 项必做却不能入选，须先补上金额等：{'、'.join(ids)}{'等' if n > len(ids) else ''}。",
                f"{counted(n, 'item', 'items')} must be done but cannot be chosen until costs and the like are known: "
                f"{', '.join(ids)}{' and others' if n > len(ids) else ''}.",
            )
        )
    for grid, most in short.items():
        name = ws.grids(ws.levels[0])["name"].get(grid, grid)
        found.append(
            Text(
                f"“{name}”可选的费用项合计只有 {most / FEN:,.0f} 元，达不到最低份额，按此数安排。",
                f"All that can be chosen in {name} costs {most / FEN:,.0f} yuan, less than its least share; that amount is asked for.",
            )
        )
    if terms.funds_yuan and sum(terms.funds_yuan.values()) < terms.limit_yuan:
        total = sum(terms.funds_yuan.values())
        found.append(
            Text(
                f"各资金来源合计 {total:,.0f} 元，少于预算。",
                f"The funds together have {total:,.0f} yuan, less than the budget.",
            )
        )
    return found
