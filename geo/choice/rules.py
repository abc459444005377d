"""Rules that a choice of projects keeps: what must be done, what needs or shuts out what, the least by group and kind.

Every rule becomes rows of whole numbers over (year, project) columns: the solver is asked with them, and its answer is
judged by them once more without the solver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import PlanError
from geo.text import Text

Fen = NDArray[np.int64]
_EXACT = 2**53


@dataclass(frozen=True)
class Rules:
    """Pairs of projects by index, and money by group and by kind.

    ``requires`` (a, b): a only with b, in the same year or after. ``excludes`` (a, b): not both. ``group`` names the
    group (grid) of each project, ``least_fen`` the least that is spent in a group over all years; ``kind`` and
    ``least_of_kind`` the same by class of works. ``must`` are projects that have to be done. ``names`` are the words
    for the projects, which are numbered without them; ``called`` those for groups and kinds.
    """

    requires: Sequence[Sequence[int]] = ()
    excludes: Sequence[Sequence[int]] = ()
    group: Sequence[str] = ()
    least_fen: Mapping[str, int] = field(default_factory=dict)
    must: Sequence[int] = ()
    kind: Sequence[str] = ()
    least_of_kind: Mapping[str, int] = field(default_factory=dict)
    names: Sequence[Text] = ()
    called: Mapping[str, Text] = field(default_factory=dict)

    def name(self, one: int) -> Text:
        """Give the words for a project."""
        return self.names[one] if len(self.names) else Text(f"项目 {one}", f"project {one}")


@dataclass(frozen=True)
class Row:
    """One limit: ``low <= sum of factor over the chosen columns at <= high``, whole numbers; None is no limit.

    ``given`` marks what follows from the nature of the question and nobody could relax.
    """

    name: Text
    at: NDArray[np.int64] = field(repr=False)
    factor: Fen = field(repr=False)
    low: int | None
    high: int | None
    given: bool = False

    def holds(self, chosen: NDArray[np.bool_]) -> bool:
        """Say whether a choice, flat over years and projects, keeps this limit, in whole numbers."""
        total = int(self.factor[chosen[self.at]].sum())
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


def rows_of(cost: Fen, budgets: Fen, rules: Rules, *, carry: bool = False) -> list[Row]:
    """Give all limits of a choice over (year, project) columns.

    Args:
        cost: whole fen, shape (n,).
        budgets: whole fen by year, shape (years,).
        rules: see ``Rules``.
        carry: money left over is kept for the years after; else it lapses.

    Raises:
        PlanError: a rule names a project that is none, or a group or kind is asked for that projects do not have.
    """
    n, years = len(cost), len(budgets)
    rows = [_budget(cost, budgets, year, carry=carry) for year in range(years)]
    if years > 1:
        words = Text("“{one}”只做一次", "{one} once")
        once = [_sum(words.format(one=rules.name(one)), [one], n, years, high=1) for one in range(n)]
        rows += [replace(row, given=True) for row in once]
    for a, b in pairs(rules.requires, n):
        words = Text("“{a}”须与“{b}”同年或在其后", "{a} needs {b} in the same year or before")
        words = words.format(a=rules.name(a), b=rules.name(b))
        rows += [_needs(words, (a, b), n, year) for year in range(years)]
    for a, b in pairs(rules.excludes, n):
        words = Text("“{a}”与“{b}”互斥", "{a} and {b} shut each other out").format(a=rules.name(a), b=rules.name(b))
        rows.append(_sum(words, [a, b], n, years, high=1))
    for one in _known(rules.must, n):
        words = Text("“{one}”必做", "{one} must be done").format(one=rules.name(one))
        rows.append(_sum(words, [one], n, years, low=1))
    where = Text("“{name}”的最低投入", "the least spent in {name}")
    rows += _least(cost, years, rules.group, _called(rules, rules.least_fen, where))
    what = Text("“{name}”类的最低投入", "the least spent on {name}")
    return rows + _least(cost, years, rules.kind, _called(rules, rules.least_of_kind, what))


def _budget(cost: Fen, budgets: Fen, year: int, *, carry: bool) -> Row:
    first = 0 if carry else year
    at = np.arange(first * len(cost), (year + 1) * len(cost))
    high = int(budgets[first : year + 1].sum())
    if len(budgets) == 1:
        words = Text("总预算", "the budget")
    elif carry:
        words = Text(f"截至第 {year + 1} 年的预算", f"the budget up to year {year + 1}")
    else:
        words = Text(f"第 {year + 1} 年预算", f"the budget of year {year + 1}")
    return Row(words, at, np.tile(cost, year + 1 - first), None, high)


def _sum(
    words: Text, ones: Sequence[int], n: int, years: int, *, low: int | None = None, high: int | None = None
) -> Row:
    at = (np.arange(years)[:, None] * n + np.array(ones)).ravel()
    return Row(words, at, np.ones(len(at), dtype=np.int64), low, high)


def _needs(words: Text, pair: tuple[int, int], n: int, year: int) -> Row:
    starts = np.arange(year + 1) * n
    factor = np.repeat(np.array([1, -1], dtype=np.int64), year + 1)
    return Row(words, np.concatenate([starts + pair[0], starts + pair[1]]), factor, None, 0)


def _called(rules: Rules, least: Mapping[str, int], words: Text) -> dict[str, tuple[int, Text]]:
    return {name: (fen, words.format(name=rules.called.get(name, name))) for name, fen in least.items()}


def _least(cost: Fen, years: int, of: Sequence[str], least: Mapping[str, tuple[int, Text]]) -> list[Row]:
    n, names = len(cost), np.array(of, dtype=str)
    if least and names.shape != (n,):
        raise PlanError(Text("须给出每个项目所属的网格和类别", "every project needs the name of its group and kind"))
    rows = []
    for name, (fen, said) in least.items():
        if not fen:
            continue
        ones = np.flatnonzero(names == name)
        at = (np.arange(years)[:, None] * n + ones).ravel()
        rows.append(Row(said, at, np.tile(cost[ones], years), int(money(fen, said)), None))
    return rows


def _known(ones: Sequence[int], n: int) -> list[int]:
    if not all(0 <= one < n for one in ones):
        raise PlanError(Text("必做项须是所列项目", "what must be done has to be one of the projects"))
    return sorted({int(one) for one in ones})


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
