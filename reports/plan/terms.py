"""What a plan is asked for: money, years, funds, fairness, and which end of a cost range counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from geo.choice.funds import Fund
from geo.errors import PlanError
from geo.text import Text
from layers.standards import standard

CostEnd = Literal["middle", "low", "high"]
COST_ENDS: Mapping[CostEnd, Text] = {
    "middle": Text("中值", "middle"),
    "low": Text("下限", "low end"),
    "high": Text("上限", "high end"),
}
FEN = 100


@dataclass(frozen=True)
class Terms:
    """What a plan is asked for.

    Attributes:
        limit_yuan: all money of all years.
        years: how many; the money is spread evenly unless ``caps_yuan`` says otherwise.
        caps_yuan: money by year; they add up to the limit. () spreads it evenly.
        carry: money left over in a year is kept for the next; else it lapses.
        min_share: share of the budget that each large grid gets at least, 0 to 1; of a grid whose items cost less in
            all, all that can be spent there.
        class_shares: share of the budget that goes at least to items of a class.
        funds_yuan: money of each fund of ``funds.csv`` over all years; none is one purse for everything.
        cost: the end of a range of costs that is planned with.
        pool: "all" items, or only the "accepted" ones.
        must, without: ids of items that have to be done or are not wanted, besides what the items say themselves.
    """

    limit_yuan: float
    years: int = 1
    caps_yuan: tuple[float, ...] = ()
    carry: bool = False
    min_share: float = 0.0
    class_shares: Mapping[str, float] = field(default_factory=dict)
    funds_yuan: Mapping[str, float] = field(default_factory=dict)
    cost: CostEnd = "middle"
    pool: Literal["all", "accepted"] = "all"
    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def limit_fen(self) -> int:
        """All money in whole fen."""
        return fen(self.limit_yuan)

    @property
    def caps_fen(self) -> list[int]:
        """Money by year in whole fen; what does not divide goes to the first years."""
        if self.caps_yuan:
            return [fen(one) for one in self.caps_yuan]
        return spread(self.limit_fen, [1] * self.years)


def fen(yuan: float) -> int:
    """Give whole fen."""
    return round(yuan * FEN)


def spread(whole: int, weights: list[int]) -> list[int]:
    """Part a whole number by weights, without loss; what does not divide goes to the first with a weight."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    parts = [whole * one // total for one in weights]
    left = whole - sum(parts)
    for at, one in enumerate(weights):
        if left and one:
            parts[at] += 1
            left -= 1
    return parts


def require_sound(terms: Terms, rules: Mapping[str, float]) -> None:
    """Refuse terms that make no sense.

    Raises:
        PlanError: names what is wrong and what would be right.
    """
    most = int(rules["plan_years_most"])
    if not np.isfinite(terms.limit_yuan) or terms.limit_yuan < 0:
        raise PlanError(Text("预算须为不小于 0 的金额", "the budget must be an amount of 0 or more"))
    if not 1 <= terms.years <= most:
        raise PlanError(Text(f"年数须在 1 与 {most} 之间", f"a plan has 1 to {most} years"))
    if terms.caps_yuan and (len(terms.caps_yuan) != terms.years or sum(terms.caps_fen) != terms.limit_fen):
        raise PlanError(
            Text(
                "各年金额须逐年给出，合计等于总预算",
                "give the money of each year; together they have to make the whole budget",
            )
        )
    shares = [terms.min_share, *terms.class_shares.values()]
    if any(not 0 <= one <= 1 for one in shares) or sum(terms.class_shares.values()) > 1:
        raise PlanError(
            Text(
                "最低份额须在 0 与 1 之间，合计不超过 1", "least shares are between 0 and 1, and no more than 1 in all"
            )
        )


def funds_table(folder: Path | None) -> pd.DataFrame:
    """Give the funds by key in the order in which they are used."""
    table = standard("funds", folder)
    return table.sort_values(["order", "fund"]).set_index("fund")


def funds_of(table: pd.DataFrame, items: pd.DataFrame, amounts: Mapping[str, float], caps: list[int]) -> list[Fund]:
    """Give the funds that have money, with what each may pay for among the items, their money spread as the caps are.

    Args:
        table: see ``funds_table``.
        items: with ``code`` and ``item_class``.
        amounts: yuan by key of a fund.
        caps: fen by year.

    Raises:
        PlanError: a fund that is none, or an amount below 0.
    """
    strange = sorted(set(amounts) - set(table.index))
    if strange:
        known = "、".join(table.index)
        raise PlanError(
            Text(
                f"没有资金来源“{strange[0]}”，可用：{known}",
                f"there is no fund {strange[0]}; there are {known.replace('、', ', ')}",
            )
        )
    if any(not np.isfinite(one) or one < 0 for one in amounts.values()):
        raise PlanError(Text("资金来源的金额不能小于 0", "the money of a fund cannot be below 0"))
    found = []
    for key, row in table.iterrows():
        if key in amounts:
            words = Text(str(row["zh"]), str(row["en"]))
            found.append(Fund(words, spread(fen(amounts[str(key)]), caps), _pays(row, items), float(row["most_share"])))
    return found


def _pays(row: pd.Series, items: pd.DataFrame) -> np.ndarray:
    classes = set() if pd.isna(row["classes"]) else set(str(row["classes"]).split("|"))
    codes = set() if pd.isna(row["items"]) else set(str(row["items"]).split("|"))
    if not classes and not codes:
        return np.ones(len(items), dtype=bool)
    found: np.ndarray = (items["item_class"].isin(classes) | items["code"].isin(codes)).to_numpy(dtype=bool)
    return found


def discount_of(rules: Mapping[str, float]) -> float:
    """Give the factor by which need removed a year later counts."""
    return 1 / (1 + rules["plan_discount_rate"])
