"""The items that a plan can choose from, and those that it cannot, each with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.text import Text
from reports.plan.terms import FEN, Terms

REASONS: Mapping[str, Text] = {
    "no_cost": Text("金额未知", "cost unknown"),
    "closed": Text("已否决，或工程已开工、已完成", "declined, or its works have begun or are done"),
    "not_accepted": Text("尚未采纳", "not accepted yet"),
    "too_dear": Text("费用超过任何一年的资金", "costs more than the money of any year"),
    "not_wanted": Text("本次不考虑", "left out of this plan"),
    "requires": Text("先行项不能选", "an item that has to come first cannot be chosen"),
}


@dataclass(frozen=True)
class Pool:
    """Items by id, sorted: ``items`` can be chosen, ``apart`` cannot (with ``reason``, a key of ``REASONS``).

    ``requires`` and ``excludes`` are pairs of rows of ``items``, ``must`` rows of ``items``; ``must_apart`` are ids that
    must be done and cannot be chosen. ``cost_fen``, ``high_fen`` (n,) are the planned cost and the high end.
    """

    items: pd.DataFrame = field(repr=False)
    apart: pd.DataFrame = field(repr=False)
    cost_fen: np.ndarray = field(repr=False)
    high_fen: np.ndarray = field(repr=False)
    requires: tuple[tuple[int, int], ...] = field(repr=False)
    excludes: tuple[tuple[int, int], ...] = field(repr=False)
    must: tuple[int, ...]
    must_apart: tuple[str, ...]


def pool_of(items: pd.DataFrame, terms: Terms) -> Pool:
    """Part the items into those that can be chosen and those that cannot.

    Args:
        items: as ``reports.works.items_of`` gives them, any order.
        terms: see ``Terms``.
    """
    table = items.sort_index()
    cost = cost_yuan(table, terms.cost)
    reason = pd.Series(None, index=table.index, dtype="object")
    must_do = table["must_do"].fillna(value=False).to_numpy(dtype=bool) & table["is_open"].to_numpy(dtype=bool)
    most = (terms.limit_fen if terms.carry else max(terms.caps_fen)) / FEN
    accepted = table["decision"].eq("accepted").fillna(value=False) | (terms.pool == "all")
    for key, which in (
        ("not_wanted", table.index.isin(terms.without)),
        ("not_accepted", ~accepted.to_numpy(dtype=bool)),
        ("too_dear", (cost > most).to_numpy() & ~must_do & ~table.index.isin(terms.must)),
        ("no_cost", cost.isna().to_numpy()),
        ("closed", ~table["is_open"].to_numpy(dtype=bool)),
    ):
        reason[which] = key
    wanted = {str(one): _ids(cell) for one, cell in table["requires"].items()}
    _held_back(reason, wanted)
    can = reason.isna().to_numpy()
    free = table[can]
    row = {str(one): at for at, one in enumerate(free.index)}
    requires = tuple((row[one], row[other]) for one in row for other in wanted[one] if other in row)
    against = {
        tuple(sorted((row[str(one)], row[other])))
        for one, cell in free["excludes"].items() for other in _ids(cell) if other in row and other != one
    }  # fmt: skip
    must = [str(one) for one in table.index[must_do | table.index.isin(terms.must)]]
    high = cost_yuan(free, "high")
    return Pool(
        free, table[~can].assign(reason=reason[~can]), _fen(cost[can]), _fen(high), requires,
        tuple((a, b) for a, b in sorted(against)), tuple(row[one] for one in must if one in row),
        tuple(one for one in must if one not in row),
    )  # fmt: skip


def cost_yuan(items: pd.DataFrame, end: str) -> pd.Series:
    """Give the cost at one end of the range, the amount itself where no range is known; NaN is unknown."""
    middle = items["cost_yuan"].astype("float64")
    if end == "middle":
        return middle
    return items[f"cost_{end}_yuan"].astype("float64").fillna(middle)


def _held_back(reason: pd.Series, wanted: Mapping[str, list[str]]) -> None:
    """Mark items that need one that cannot be chosen or is not there, and what needs them in turn."""
    changed = True
    while changed:
        out = set(map(str, reason.index[reason.notna()]))
        new = [
            one for one, needs in wanted.items() if one not in out and any(n in out or n not in wanted for n in needs)
        ]
        reason[new] = "requires"
        changed = bool(new)


def _ids(cell: object) -> list[str]:
    return [] if cell is None or pd.isna(cell) else [one for one in str(cell).split("|") if one]  # type: ignore[call-overload]


def _fen(yuan: pd.Series) -> np.ndarray:
    found: np.ndarray = np.rint(yuan.to_numpy(dtype=float) * FEN).astype(np.int64)
    return found
