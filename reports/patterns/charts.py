"""What the charts of patterns show, as tables."""

import pandas as pd

from reports.patterns.by_month import Months
from reports.patterns.judgement import Pattern

MOST_BARS = 20


def rate_bars(pattern: Pattern) -> pd.DataFrame:
    """Give the highest rates with their intervals: ``name``, ``raw``, ``low``, ``high``, ``smoothed``."""
    table = pattern.grids.dropna(subset=["raw"]).sort_values(["raw", "name"], ascending=[False, True], kind="stable")
    return table[["name", "raw", "low", "high", "smoothed"]].head(MOST_BARS).reset_index(drop=True)


def monthly(found: Months) -> pd.DataFrame:
    """Give the issues of all grids by month: ``month``, ``issues``."""
    return found.whole


def monthly_of(found: Months, grid_id: str) -> pd.DataFrame:
    """Give the issues of a grid by month."""
    series = found.series.loc[grid_id]
    return pd.DataFrame({"month": series.index, "issues": series.to_numpy()})
