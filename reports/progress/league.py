"""A fair league table: rates of units with the ranks that chance allows; units of few cases are described, not ranked."""

from pathlib import Path

import numpy as np
import pandas as pd

from geo.intervals import share_ranks, wilson
from geo.measure import rate
from geo.text import Text
from layers.standards import policy
from reports.progress.figures import ALL, NONE, RATES
from reports.progress.marks import Rules

TITLES = {
    "part": Text("分子（件）", "cases counted"),
    "whole": Text("分母（件）", "cases in all"),
    "rate": Text("比率（%）", "rate, %"),
    "low": Text("95% 区间下限", "low end of 95 % interval"),
    "high": Text("95% 区间上限", "high end of 95 % interval"),
    "rank": Text("名次", "rank"),
    "rank_low": Text("可能的最好名次", "best rank that chance allows"),
    "rank_high": Text("可能的最差名次", "worst rank that chance allows"),
    "described_only": Text("仅描述（件数过少）", "described only, too few cases"),
}


def league(table: pd.DataFrame, figure: str, *, rules: Rules | None = None, folder: Path | None = None) -> pd.DataFrame:
    """Give the units of a table of figures in the order of a rate, best first, each rank with its interval.

    Two units are told apart only if the 95 % interval of the difference of their rates leaves out zero.

    Args:
        table: as ``figures`` gives it, by grid, person and so on; the rows of no unit take no part.
        figure: a key of ``RATES``.
        rules: the rules of that table.
        folder: the workspace, for ``rate_min_cases`` of its policy.

    Returns:
        Columns as in ``TITLES``, on the index of the table; units of fewer cases than policy wants come last, without
        a rank.

    Raises:
        ValueError: not a key of ``RATES``.
    """
    if figure not in RATES:
        msg = f"a league table is of {', '.join(RATES)}, not of {figure}"
        raise ValueError(msg)
    rows = table[~table.index.isin([ALL, NONE])]
    chosen = RATES[figure]
    part, whole = chosen.parts(rows, rules or Rules())
    few = ~(whole >= policy(folder)["rate_min_cases"])
    good = whole - part if chosen.worse == "high" else part
    counted = np.where(few, 0.0, whole)
    ranks = share_ranks(np.where(few, 0.0, good), counted)
    low, high = wilson(part, whole)
    place = pd.Series(np.where(few, np.nan, rate(good, counted))).rank(ascending=False, method="min").to_numpy()
    found = pd.DataFrame(
        {
            "part": part.astype("int64"),
            "whole": whole.astype("int64"),
            "rate": rate(part, whole),
            "low": 100 * low,
            "high": 100 * high,
            **{
                name: pd.array(values, dtype="Float64").astype("Int64")
                for name, values in (("rank", place), ("rank_low", ranks.low), ("rank_high", ranks.high))
            },
            "described_only": few,
        },
        index=rows.index,
    )
    return found.assign(_unit=found.index).sort_values(["described_only", "rank", "_unit"]).drop(columns="_unit")


def footnote(folder: Path | None = None) -> Text:
    """Say how to read the table."""
    fewest = policy(folder)["rate_min_cases"]
    return Text(
        "名次后的区间是在偶然波动下可能出现的最好与最差名次（两两比较，95% 置信，Newcombe 法）；"
        "区间重叠的单位不能分出高下。不足 {fewest:g} 件的单位只作描述，不排名。",
        "The range after a rank is the best and the worst that chance allows (pairwise comparisons at 95 %, Newcombe's "
        "method); units whose ranges overlap cannot be told apart. Units of fewer than {fewest:g} cases are described "
        "only, not ranked.",
    ).format(fewest=fewest)
