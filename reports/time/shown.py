"""The tables and charts of time as the page shows them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.survival import Curve
from geo.text import Lang, Text
from reports.performance import MORE_THAN, hours_words
from reports.performance_tables import curve_table
from reports.time.cases import ALL
from reports.time.closing import DIRECTION_WORDS, Closing
from reports.time.inflow import WAY_WORDS, Inflow

CLOSING_HEADS = {
    "label": Text("分组", "group"),
    "number": Text("件数", "cases"),
    "closed": Text("已办结", "closed"),
    "open": Text("未办结", "open"),
    "left": Text("不予受理或转项目", "declined or projects"),
    "median": Text("办结中位数（95%）", "median to close (95 %)"),
    "in_limit": Text("期限内办结（95%）", "within the limit (95 %)"),
    "against": Text("与其余相比", "against the rest"),
    "basis": Text("依据", "rests on"),
}
OWN, POOLED = Text("本组曲线", "its own curve"), Text("全部的曲线", "the curve of all")
INFLOW_HEADS = {
    "label": Text("分组", "group"),
    "told": Text("预计（区间）", "expected (interval)"),
    "way": Text("方法", "way"),
    "mase": Text("MASE", "MASE"),
    "naive_mase": Text("上期重复的 MASE", "MASE, last season"),
    "beats": Text("优于上期重复", "beats it"),
    "origins": Text("回测次数", "trials"),
    "reports": Text("学习段件数", "learnt from"),
    "since": Text("学习起点", "since"),
    "doubt": Text("注意", "note"),
}
YES, NO, FEW = Text("是", "yes"), Text("否，显示上期重复", "no: last season shown"), Text("件数少", "few reports")
BACKTEST_HEADS = {
    "way": Text("方法", "way"),
    "mase": Text("MASE", "MASE"),
    "mae": Text("平均绝对误差（件/步）", "mean absolute error, a step"),
    "taken": Text("采用", "taken"),
}
SHOWN_STEPS = 120
MOST_POINTS = 400


def closing_rows(found: Closing, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give time to close by unit, columns as in ``CLOSING_HEADS``."""
    table = found.table
    rows = table[["number", "closed", "open", "left"]].assign(
        label=[words[str(one)].in_(lang) if str(one) in words else str(one) for one in table.index],
        median=[_median(row, lang) for _, row in table.iterrows()],
        in_limit=[_share(row) for _, row in table.iterrows()],
        against=[DIRECTION_WORDS[one].in_(lang) if one in DIRECTION_WORDS else "—" for one in table["direction"]],
        basis=[(POOLED if one else OWN).in_(lang) for one in table["is_pooled"]],
    )
    return rows[list(CLOSING_HEADS)]


def _median(row: pd.Series, lang: Lang) -> str:
    """Say a median with its interval; "more than" where the curve does not reach a half."""
    if pd.isna(row["median_days"]):
        return MORE_THAN.format(t=hours_words(24 * row["seen_days"])).in_(lang) if row["number"] else "—"
    middle = hours_words(24 * row["median_days"]).in_(lang)
    ends = [hours_words(24 * row[name]).in_(lang) if pd.notna(row[name]) else "∞" for name in ("low_days", "high_days")]
    return f"{middle} ({ends[0]} – {ends[1]})"


def _share(row: pd.Series) -> str:
    if pd.isna(row["in_limit_percent"]):
        return "—"
    ends = "" if pd.isna(row["in_limit_low"]) else f" ({row['in_limit_low']:.0f}–{row['in_limit_high']:.0f})"
    return f"{row['in_limit_percent']:.0f}%{ends}"


def curves_table(found: Closing, units: Sequence[str], words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give the curves of some units as steps to draw: ``days``, ``open`` in percent, ``low``, ``high``, ``label``.

    Only units with a curve of their own, and that of all, are drawn.
    """
    parts = []
    for unit in units:
        curve = found.curves.overall if unit == ALL else found.curves.by_group.get(unit)
        if curve is not None and curve.number:
            label = words[unit].in_(lang) if unit in words else unit
            parts.append(_thinned(curve).assign(label=label))
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["days", "open", "low", "high", "label"])
    )


def _thinned(curve: Curve) -> pd.DataFrame:
    """Give a curve with few enough points for a browser, the first and the last among them."""
    table = curve_table(curve)
    if len(table) <= MOST_POINTS:
        return table
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, MOST_POINTS).round().astype(int))]


def drawable_units(found: Closing, most: int) -> list[str]:
    """Give the units that a chart can show, the largest first, at most so many."""
    own = [one for one in found.table.index if one in found.curves.by_group]
    order = found.table.loc[own, "number"].sort_values(ascending=False, kind="stable").index
    return [str(one) for one in order[:most]]


def inflow_rows(found: Inflow, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give the forecast by unit, columns as in ``INFLOW_HEADS``."""
    table = found.table
    return pd.DataFrame(
        {
            "label": [words[str(one)].in_(lang) if str(one) in words else str(one) for one in table.index],
            "told": [f"{r['mean']:,.0f} ({r['low']:,.0f}–{r['high']:,.0f})" for _, r in table.iterrows()],
            "way": [WAY_WORDS[str(one)].in_(lang) for one in table["way"]],
            "mase": table["mase"].astype(float).round(2),
            "naive_mase": table["naive_mase"].astype(float).round(2),
            "beats": [(YES if one else NO).in_(lang) for one in table["beats_naive"]],
            "origins": table["origins"],
            "reports": table["reports"],
            "since": table["since"],
            "doubt": [FEW.in_(lang) if one else "" for one in table["few"]],
        },
        index=table.index,
    )[list(INFLOW_HEADS)]


def inflow_chart(found: Inflow, unit: str) -> pd.DataFrame:
    """Give what came and what is told of a unit: ``begins``, ``came``, ``mean``, ``low``, ``high``, the latest steps only."""
    came = found.counts[unit].tail(SHOWN_STEPS)
    past = pd.DataFrame({"begins": came.index, "came": came.to_numpy(dtype=float)})
    ahead = found.steps.loc[[unit]].reset_index(drop=True)
    return pd.concat([past, ahead], ignore_index=True)


def backtest_rows(found: Inflow, unit: str, lang: Lang) -> pd.DataFrame:
    """Give how each way did for a unit, columns as in ``BACKTEST_HEADS``."""
    part = found.backtest.loc[unit]
    taken = str(found.table.loc[unit, "way"])
    return pd.DataFrame(
        {
            "way": [WAY_WORDS[str(one)].in_(lang) for one in part.index],
            "mase": part["mase"].round(3),
            "mae": part["mae"].round(2),
            "taken": ["✓" if one == taken else "" for one in part.index],
        },
        index=part.index,
    )
