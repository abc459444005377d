"""Sums of money of which some parts are unknown: at least so much, and how many items have no amount."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.text import Text, counted


class Total(NamedTuple):
    """A sum over items, yuan: what is known, its range, and how many items have no amount."""

    known_yuan: float
    low_yuan: float
    high_yuan: float
    items: int
    without_amount: int

    @property
    def is_whole(self) -> bool:
        """Whether every item has an amount."""
        return self.without_amount == 0

    @property
    def words(self) -> Text:
        """The sum in words; never without the number of items that have no amount."""
        yuan = f"{self.known_yuan:,.0f}"
        if not self.items:
            return Text("没有费用项", "no items")
        if self.without_amount == self.items:
            return Text(f"{self.items:,} 项金额均未知", f"none of {counted(self.items, 'item', 'items')} has an amount")
        if self.is_whole:
            return Text(f"{yuan} 元（{self.items:,} 项）", f"{yuan} yuan ({counted(self.items, 'item', 'items')})")
        without = counted(self.without_amount, "item", "items")
        return Text(
            f"至少 {yuan} 元，另有 {self.without_amount:,} 项金额未知",
            f"at least {yuan} yuan, {without} without an amount",
        )

    @property
    def range_words(self) -> Text:
        """The range of the known part in words, empty where every amount is exact or none is known."""
        if not self.high_yuan > self.low_yuan:
            return Text("", "")
        low, high = f"{self.low_yuan:,.0f}", f"{self.high_yuan:,.0f}"
        return Text(f"已知部分 {low} 至 {high} 元", f"the known part lies between {low} and {high} yuan")


def total_of(items: pd.DataFrame) -> Total:
    """Add up the amounts of items as ``items_of`` gives them.

    An item with an exact amount adds it to both ends of the range.
    """
    yuan = items["cost_yuan"].to_numpy(dtype=float)
    known = ~np.isnan(yuan)
    low, high = (items[name].to_numpy(dtype=float) for name in ("cost_low_yuan", "cost_high_yuan"))
    ends = [np.where(np.isnan(end), yuan, end)[known].sum() for end in (low, high)]
    return Total(float(yuan[known].sum()), float(ends[0]), float(ends[1]), len(items), int((~known).sum()))


def totals_by(items: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add up by the values of a column: known_yuan, low_yuan, high_yuan, items, without_amount."""
    groups = {key: total_of(group) for key, group in items.groupby(column, dropna=False, sort=True)}
    return pd.DataFrame(list(groups.values()), index=pd.Index(list(groups), name=column), columns=list(Total._fields))
