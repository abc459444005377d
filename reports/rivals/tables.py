"""Rivals and certificate as tables for people, with words in one language."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.text import Text
from reports.ranking_table import SHORT, capital
from reports.rivals.certificate import Certificate
from reports.rivals.methods import COMMON, TITLES, WEIGHTED, Rivals

NAME, UNIT = Text("网格", "Grid"), Text("指标", "Criterion")
APART = Text("名次相差", "Places apart")
DOMINATED = Text("被谁支配", "Dominated by")
NOBODY = Text("—", "—")
BOUND = Text("界限", "bound")
FIRM = {
    "name": NAME,
    "rank": Text("名次", "Rank"),
    "around": Text("权重小幅变动", "Weights drawn"),
    "first_pct": Text("居第一的比例", "First in"),
    "top_pct": Text("进前列的比例", "Among the first"),
    "box": Text("权重 ±{box}：最好–最差", "Weights ±{box}: best–worst"),
    "all": Text("任意权重：最好–最差", "Any weights: best–worst"),
    "can_lead": Text("可能超过第一名", "Can pass the first"),
    "data": Text("数据不确定", "Doubtful data"),
    "both": Text("权重和数据都变", "Weights and data"),
}
STABLE = {
    "title": UNIT,
    "weight_pct": Text("现权重", "Weight now"),
    "span": Text("第一名不变的范围", "The first stays from–to"),
    "below": Text("低于此范围的第一名", "First below it"),
    "above": Text("高于此范围的第一名", "First above it"),
}
WITHOUT = {
    "title": Text("去掉的指标", "Left out"),
    "leader": Text("第一名", "First"),
    "kendall": Text("肯德尔 τ", "Kendall's tau"),
    "overlap_pct": Text("前列重合", "First in common"),
    "mover": Text("变动最大", "Moves most"),
    "places": Text("变动位数", "Places"),
}
YES, NO = Text("能", "yes"), Text("不能", "no")


def method_table(found: Rivals, lang: str) -> pd.DataFrame:
    """Give the ranks by every method, by unit id: name, a column a method, places apart and who dominates."""
    names = found.contest.names
    order = found.ranks.sort_values(WEIGHTED, kind="stable").index
    ranks = found.ranks.loc[order].astype("Int64")
    table = pd.DataFrame({NAME.in_(lang): names[order]}, index=order)
    for key in ranks:
        table[TITLES[str(key)].in_(lang)] = ranks[key]
    table[APART.in_(lang)] = found.spread.reindex(order).astype("Int64")
    table[DOMINATED.in_(lang)] = found.dominated.reindex(order).map(names.to_dict())
    return table


def bump_table(found: Rivals, lang: str, *, first: int = SHORT) -> pd.DataFrame:
    """Give ranks for lines from method to method.

    Returns:
        Long table of the units that are among the first ``first`` by the weighted sum of the same data: unit,
        name, method (title), place (order of the methods), rank, and moved (whether it is one of the three whose
        ranks are farthest apart).
    """
    base = COMMON if COMMON in found.ranks else WEIGHTED
    chosen = found.ranks[base].nsmallest(first, keep="first").index
    ranks = found.ranks.loc[chosen, found.compared].dropna()
    apart = found.spread.reindex(ranks.index)
    most = set(apart[apart > 0].nlargest(3, keep="first").index)
    titles = [TITLES[key].in_(lang) for key in found.compared]
    long = ranks.set_axis(titles, axis=1).melt(var_name="method", value_name="rank", ignore_index=False)
    long = long.reset_index(names="unit")
    return long.assign(
        name=long["unit"].map(found.contest.names.to_dict()),
        place=long["method"].map({title: number for number, title in enumerate(titles)}),
        moved=long["unit"].isin(most),
    )


def agreement_table(found: Rivals, lang: str) -> pd.DataFrame:
    """Give Kendall's tau and the overlap of the first for each two methods, as words in a square."""
    keys = [str(key) for key in found.ranks]
    titles = {key: TITLES[key].in_(lang) for key in keys}
    table = pd.DataFrame("", index=list(titles.values()), columns=list(titles.values()))
    for row in found.agreement.to_dict("records"):
        words = f"{row['kendall']:.2f} · {row['overlap']:.0%}" if row["kendall"] == row["kendall"] else NOBODY.in_(lang)
        table.loc[titles[row["other"]], titles[row["one"]]] = words
    return table.iloc[1:, :-1]


def firm_table(found: Certificate, lang: str) -> pd.DataFrame:
    """Give the certificate, by unit id in the order of rank, columns as in ``FIRM``; no data columns without doubts."""
    units = found.units
    table = pd.DataFrame(
        {
            "name": units["name"],
            "rank": units["rank"].astype("Int64"),
            "around": _span(units["low"], units["high"]),
            "first_pct": 100 * units["share_first"],
            "top_pct": 100 * units["share_top"],
            "box": _span(units["box_best"], units["box_worst"], units["box_exact"], lang),
            "all": _span(units["best"], units["worst"], units["exact"], lang),
            "can_lead": np.where(units["can_lead"], YES.in_(lang), NO.in_(lang)),
        },
        index=units.index,
    )
    table.loc[units["rank"] == 1, "can_lead"] = NOBODY.in_(lang)
    if found.doubts:
        table["data"] = _span(units["data_low"], units["data_high"])
        table["both"] = _span(units["both_low"], units["both_high"])
    return table


def _span(low: pd.Series, high: pd.Series, exact: pd.Series | None = None, lang: str = "zh") -> pd.Series:
    words = low.map("{:.0f}".format) + "–" + high.map("{:.0f}".format)
    return words if exact is None else words.where(exact.astype(bool), words + " " + BOUND.in_(lang))


def firm_titles(found: Certificate, lang: str) -> dict[str, str]:
    """Give the heads of ``firm_table``."""
    return {key: words.format(box=f"{found.box:.0%}").in_(lang) for key, words in FIRM.items()}


def span_table(found: Certificate, *, first: int = SHORT) -> pd.DataFrame:
    """Give the ranks of the first units for a chart: label, rank, best, worst, box_best, box_worst, low and high."""
    units = found.units.head(first)
    label = units["rank"].map("{:.0f}  ".format) + units["name"]
    label = label.where(~label.duplicated(keep=False), label + " " + units.index.astype(str))
    return units.assign(label=label).drop(columns="name")


def stability_table(found: Certificate, lang: str) -> pd.DataFrame:
    """Give by criterion where the first place changes hands, columns as in ``STABLE`` and low, high in percent."""
    table, names = found.stability, found.contest.names.to_dict()
    low, high = 100 * table["low"], 100 * table["high"]
    return pd.DataFrame(
        {
            "title": _titles(found, table.index, lang),
            "weight_pct": 100 * table["weight"],
            "span": low.map("{:.1f}".format) + "–" + high.map("{:.1f}%".format),
            "below": table["next_low"].map(names).fillna(NOBODY.in_(lang)),
            "above": table["next_high"].map(names).fillna(NOBODY.in_(lang)),
            "low_pct": low,
            "high_pct": high,
        },
        index=table.index,
    )


def without_table(found: Certificate, lang: str) -> pd.DataFrame:
    """Give by criterion what leaving it out does, columns as in ``WITHOUT``."""
    table, names = found.without, found.contest.names.to_dict()
    return pd.DataFrame(
        {
            "title": _titles(found, table.index, lang),
            "leader": table["leader"].map(names).fillna(NOBODY.in_(lang)),
            "kendall": table["kendall"].astype(float),
            "overlap_pct": 100 * table["overlap"].astype(float),
            "mover": table["mover"].map(names).fillna(NOBODY.in_(lang)),
            "places": table["places"].map(lambda one: f"{one:+.0f}" if one == one and one else NOBODY.in_(lang)),  # noqa: PLR0124 (NaN)
        },
        index=table.index,
    )


def _titles(found: Certificate, keys: Iterable[object], lang: str) -> list[str]:
    return [capital(found.contest.titles[str(key)].in_(lang)) for key in keys]
