"""Change on the period before (环比) and on the same period of the year before (同比)."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from geo.text import Text
from reports.progress.figures import RATES, figures
from reports.progress.marks import TITLES as COUNT_TITLES
from reports.progress.marks import Rules
from reports.progress.period import Period

TITLES = {
    "now": Text("本期", "this period"),
    "before": Text("上期", "period before"),
    "on_before": Text("环比", "change on the period before"),
    "year_before": Text("上年同期", "same period last year"),
    "on_year": Text("同比", "change on the year before"),
    "unit": Text("变化单位", "unit of change"),
}
UNIT_WORDS = {
    "percent": Text("%", "%"),
    "points": Text("个百分点", "percentage points"),
    "hours": Text("小时", "hours"),
}


def changes(
    cases_at: Callable[[datetime], pd.DataFrame],
    period: Period,
    *,
    rules: Rules | None = None,
    folder: Path | None = None,
) -> pd.DataFrame:
    """Compare a period with the one before and with the same one of the year before, for all cases.

    Args:
        cases_at: gives the cases folded at a moment.
        period: the period; if it still runs, equal parts are compared.
        rules: which way to take where the formulas leave it open.
        folder: the workspace, for its own tables.

    Returns:
        One row a figure, columns as in ``TITLES``. Counts change in percent (unknown from zero), rates in percentage
        points, times in hours.
    """
    found = {
        name: figures(cases_at(one.clock), one, rules=rules, folder=folder).iloc[0].astype(float)
        for name, one in (("now", period), ("before", period.before), ("year_before", period.year_before))
    }
    table = pd.DataFrame(found)
    kept = [*COUNT_TITLES, *RATES, "median_hours", "mean_hours"]
    table = table.loc[kept]
    is_count = table.index.isin(list(COUNT_TITLES))
    for then, name in (("before", "on_before"), ("year_before", "on_year")):
        table[name] = _change(table["now"], table[then], is_count)
    unit = np.where(is_count, "percent", np.where(table.index.isin(list(RATES)), "points", "hours"))
    return table.assign(unit=unit)[list(TITLES)].rename_axis("figure")


def _change(now: pd.Series, then: pd.Series, is_count: np.ndarray) -> pd.Series:
    difference = now - then
    return difference.where(~is_count, 100 * difference / then.where(then != 0))
