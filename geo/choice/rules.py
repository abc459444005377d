"""Rules that a choice of projects keeps: what needs what, what shuts out what, and the least spent on each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import PlanError
from geo.text import Text

Fen = NDArray[np.int64]
_EXACT = 2**53


@dataclass(frozen=True)
class Rules:
    """Pairs of projects by index, and money by group.

    ``requires`` (a, b): a only with b. ``excludes`` (a, b): not both. ``group`` names the group (grid) of each project,
    ``least_fen`` the least that is spent in a group.
    """

    requires: Sequence[Sequence[int]] = ()
    excludes: Sequence[Sequence[int]] = ()
    group: Sequence[str] = ()
    least_fen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One limit on the chosen projects: ``low <= factor @ chosen <= high``, whole numbers; None is no limit."""

    name: Text
    factor: Fen
    low: int | None
    high: int | None

    def holds(self, chosen: NDArray[np.bool_]) -> bool:
        """Say whether a choice keeps this limit, in whole numbers."""
        total = int(self.factor[chosen].sum())
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)


def least_of_shares(shares: Mapping[str, float], budget_fen: int) -> dict[str, int]:
    """Give the least spent by group, whole fen rounded up, from shares of the budget (0 to 1).

    Raises:
        PlanError: a share is not between 0 and 1, or all together are more than the budget.
    """
    if any(not 0 <= one <= 1 for one in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise PlanError(
            Text(
                "最低份额须在 0 与 1 之间，合计不超过 1",
                "least shares must be between 0 and 1, and no more than 1 in all",
            )
        )
    return {name: ceil(round(share * budget_fen, 6)) for name, share in shares.items()}


def money(amounts: ArrayLike, what: Text) -> Fen:
    """Give whole fen.

    Raises:
        PlanError: an amount is unknown, negative, not whole, or too large to be exact.
    """
    given = np.asarray(amounts, dtype=float)
    if given.ndim > 1 or not np.isfinite(given).all() or (given < 0).any() or (given != np.round(given)).any():
        raise PlanError(
            Text(
                "{what}须为整数（分），不小于 0，不可缺失", "{what} must be whole fen, 0 or more, none unknown"
            ).format(what=what)
        )
    if given.sum() >= _EXACT:
        raise PlanError(Text("{what}过大", "{what} is too large").format(what=what))
    return given.astype(np.int64)


def rows_of(cost: Fen, budget_fen: int, rules: Rules) -> list[Row]:
    """Give all limits of a choice: budget, pairs, least by group.

    Raises:
        PlanError: a pair names a project that is none, or a group is asked for that no project has.
    """
    n = len(cost)
    rows = [Row(Text("总预算", "the budget"), cost, None, budget_fen)]
    for a, b in pairs(rules.requires, n):
        words = Text(f"项目 {a} 依赖项目 {b}", f"project {a} needs project {b}")
        rows.append(Row(words, _unit(n, a, 1) + _unit(n, b, -1), None, 0))
    for a, b in pairs(rules.excludes, n):
        words = Text(f"项目 {a} 与项目 {b} 互斥", f"project {a} shuts out project {b}")
        rows.append(Row(words, _unit(n, a, 1) + _unit(n, b, 1), None, 1))
    group = np.array(rules.group, dtype=str)
    if rules.least_fen and group.shape != (n,):
        raise PlanError(Text("须给出每个项目所属的网格", "every project needs the name of its group"))
    for name, least in rules.least_fen.items():
        words = Text(f"“{name}”的最低投入", f"the least spent in {name}")
        rows.append(Row(words, np.where(group == name, cost, 0), int(money(least, words)), None))
    return rows


def pairs(given: Sequence[Sequence[int]], n: int) -> list[tuple[int, int]]:
    """Give checked pairs of projects.

    Raises:
        PlanError: not two different projects.
    """
    for pair in given:
        if len(pair) != 2 or pair[0] == pair[1] or not all(0 <= one < n for one in pair):  # noqa: PLR2004 (a pair)
            raise PlanError(
                Text(
                    f"规则 {list(pair)} 须指向两个不同的项目", f"the rule {list(pair)} must name two different projects"
                )
            )
    return [(int(a), int(b)) for a, b in given]


def _unit(n: int, at: int, value: int) -> Fen:
    found = np.zeros(n, dtype=np.int64)
    found[at] = value
    return found
