"""Are the worst-served getting their share: inequality of access between grids, and who gets less than the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.supply.equity import Equity, by_group, equity, gini
from geo.text import Text
from layers.schema import Grids
from layers.standards import policy
from reports.service.supply import Supply

SEED = 20_150_601
"""One seed for every draw, printed with the result."""
FIGURES: Mapping[str, Text] = {
    "gini": Text("基尼系数", "Gini coefficient"),
    "theil": Text("泰尔指数", "Theil's T"),
    "worst_share": Text("服务最差的 {p:.0%} 居民所得份额", "share of the worst-served {p:.0%}"),
    "p90_p10": Text("P90/P10", "P90/P10"),
    "without_share": Text("所在网格完全没有服务的居民占比", "people in grids that reach nothing at all"),
}
MEANINGS: Mapping[str, Text] = {
    "gini": Text("0 为人人一样，1 为一人独占", "0: all alike, 1: one has everything"),
    "theil": Text("0 为人人一样，越大越不均", "0: all alike, larger is more unequal"),
    "worst_share": Text("人人一样时应为 {p:.0%}", "{p:.0%} if all had alike"),
    "p90_p10": Text("较好的一成起点与较差的一成终点之比", "where the best tenth begins by where the worst tenth ends"),
    "without_share": Text("越小越好", "the smaller the better"),
}
_ELDERLY = Text("老年居民", "elderly residents")


@dataclass(frozen=True)
class SupplyEquity:
    """How evenly access is spread.

    ``figures`` compare grids, weighted by people, each with a bootstrap interval of grids. ``homes_gini`` compares
    buildings without an interval, NaN without them. ``groups`` by name: people_share, held_share, mean (access) and
    kind ("parent": larger grids; "elderly"); ``between_share`` is the part of Theil's T between the larger grids.
    """

    figures: Equity
    homes_gini: float
    groups: pd.DataFrame = field(repr=False)
    between_share: float
    grids: int
    meta: Mapping[str, object] = field(repr=False)


def supply_equity(found: Supply, *, seed: int = SEED, draws: int | None = None) -> SupplyEquity:
    """Give the figures of inequality of a supply.

    Args:
        found: of ``supply``; grids that are not known are left out.
        seed: of the bootstrap.
        draws: bootstrap samples; None takes the policy table's.
    """
    rules, table = policy(found.ws.folder), found.by_grid
    count = int(rules["equity_draws"]) if draws is None else draws
    figures = equity(table["access"], table["people"], seed=seed, draws=count, part=rules["equity_worst_part"])
    each = found.by_building
    groups, between = _groups(found)
    return SupplyEquity(
        figures, gini(each["access"], each["people"]) if len(each) else float("nan"), groups, between,
        int(figures.meta["units"]), figures.meta,  # type: ignore[call-overload]
    )  # fmt: skip


def _groups(found: Supply) -> tuple[pd.DataFrame, float]:
    """Give what the grids of the next larger level and the elderly have, and how much of Theil's T lies between the former."""
    ws, table = found.ws, found.by_grid
    above = [level for level in ws.levels if level < found.level]
    rows, between = [], float("nan")
    if above:
        parents = ws.grids(above[-1])
        code = parents.index.get_indexer(pd.Index(ws.grids(found.level)[Grids.parent_id]))
        got = by_group(table["access"], table["people"], code, len(parents))
        between = got.between_share
        columns = {"people_share": got.people_share, "held_share": got.held_share, "mean": got.mean, "kind": "parent"}
        rows.append(pd.DataFrame({"name": parents[Grids.name].to_numpy(), **columns}, index=parents.index))
    rows.append(_elderly(found))
    return pd.concat([row for row in rows if len(row)]) if any(map(len, rows)) else rows[-1], between


def _elderly(found: Supply) -> pd.DataFrame:
    """Compare the elderly with everybody, where grids say how many they are."""
    grids, table = found.ws.grids(found.level), found.by_grid
    known = table["access"].notna() & (table["people"] > 0)
    old = grids[Grids.elderly_residents].astype("float64").where(known)
    columns = ["name", "people_share", "held_share", "mean", "kind"]
    if found.kind.who != "residents" or not old.sum() > 0:
        return pd.DataFrame(columns=columns)
    access, people = table["access"].where(known), table["people"].where(known)
    share, held = old.sum() / people.sum(), (old * access).sum() / (people * access).sum()
    mean = float(np.average(access[old.notna()], weights=old.dropna()))
    return pd.DataFrame([[_ELDERLY, share, held, mean, "elderly"]], columns=columns, index=["elderly"])
