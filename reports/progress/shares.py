"""Shares of a whole in percent, each rounded by itself: they need not add up to 100, and are not made to."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from geo.text import Text
from reports.levels import LEVELS
from reports.progress.period import Period

TITLES = {
    "number": Text("件数", "number"),
    "percent": Text("占比（%）", "share, %"),
}
NOT_RECORDED = ""
LEVEL_WORDS: Mapping[str, Text] = {**LEVELS, NOT_RECORDED: Text("未记录", "not recorded")}


def percent(part: int, whole: int, decimals: int = 2) -> Decimal | None:
    """Give a share in percent rounded half up, as it is done on paper; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def shares(number: pd.Series, decimals: int = 2) -> pd.DataFrame:
    """Give numbers with their shares: ``number`` and ``percent`` (rounded, float; NaN of nothing).

    Args:
        number: counts by what they count.
        decimals: places after the point.
    """
    whole = int(number.sum())
    rounded = [percent(int(one), whole, decimals) for one in number]
    column = pd.Series([None if one is None else float(one) for one in rounded], index=number.index, dtype="float64")
    return pd.DataFrame({"number": number.astype("int64"), "percent": column})


def footnote(table: pd.DataFrame, decimals: int = 2) -> Text:
    """Say what the rounded shares add up to."""
    total = f"{table['percent'].sum():.{decimals}f}"
    return Text(
        "各项占比分别四舍五入，合计 {total}%，未强行凑成 100%",
        "shares are rounded one by one and add up to {total} %, not forced to 100 %",
    ).format(total=total)


def solved_levels(cases: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give at which level what was closed in a period was solved, with shares; "" where that was not recorded."""
    state = cases["state"].to_numpy(dtype=object, na_value="")
    counts = cases["head"].isna().to_numpy() & ~pd.Series(state).isin(["rejected", "to_project"]).to_numpy()
    level = cases["level_solved"].astype("object").fillna("")[counts & period.within(cases["closed_at"])]
    number = level.value_counts().reindex(list(LEVEL_WORDS), fill_value=0)
    return shares(number.rename_axis("level"))
