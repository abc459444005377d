"""What the page of performance shows: facts with their change, league tables in words, times, and the file to take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from geo.text import Lang, Text
from reports.ledger_table import harmless
from reports.progress import Period, Rules, league, spans
from reports.progress.figures import ALL, BY, NONE, RATES, titles, units
from reports.progress.figures import UNIT_WORDS as ROW_WORDS

FACTS: Mapping[str, Text] = {
    "due": Text("应结案", "due"),
    "closed": Text("已结案", "of these closed"),
    "on_time_rate": Text("按期结案率", "closed on time"),
    "overdue": Text("超期未结", "open and overdue"),
    "rework_rate": Text("返工率", "rework"),
    "response_rate": Text("响应率", "answered"),
    "satisfaction_rate": Text("满意率", "satisfied"),
}
"""What stands at the head of the page, by figure."""
UNKNOWN = Text("无数据", "no data")
OF = Text("{part} / {whole} 件", "{part} of {whole}")
RANGE = Text("95% 区间 {low:.0f}%–{high:.0f}%", "95 % interval {low:.0f}–{high:.0f} %")
OF_DUE = Text("占应结案 {share:.1f}%", "{share:.1f} % of what was due")
COUNTED = Text("件", "issues")
NOT_RECORDED = Text("没有相关记录", "nothing recorded")
ON_BEFORE, ON_YEAR = Text("环比", "vs period before"), Text("同比", "vs year before")
NO_BASE = Text("基数为 0", "from 0")
SAME = Text("持平", "no change")
HOURS, DAYS = Text("{n:.1f} 小时", "{n:.1f} hours"), Text("{n:.1f} 天", "{n:.1f} days")
MORE_THAN = Text("超过 {t}", "more than {t}")
NEVER = Text("—", "—")
CHANGE_UNITS: Mapping[str, Text] = {
    "percent": Text("%", "%"),
    "points": Text("个百分点", "points"),
    "hours": Text("小时", "hours"),
}
_DAYS_FROM_H, _DAY_H = 48, 24
_EXACT = 1000
"""Changes from here on are said without a decimal."""
LEAGUE_TITLES: Mapping[str, Text] = {
    "rank": Text("名次", "rank"),
    "range": Text("可能的名次", "ranks that chance allows"),
    "label": Text("单位", "unit"),
    "rate": Text("比率（%）", "rate, %"),
    "interval": Text("95% 区间（%）", "95 % interval, %"),
    "cases": Text("件数", "cases"),
}
TIME_TITLES: Mapping[str, Text] = {
    "label": Text("单位", "unit"),
    "number": Text("上报件数", "reported"),
    "median": Text("办结中位数", "median to close"),
    "interval": Text("95% 区间", "95 % interval"),
    "mean": Text("均值（限于已观察）", "mean, as far as seen"),
    "closed_only": Text("只看已办结（偏快）", "closed only (flatters)"),
}


@dataclass(frozen=True)
class Fact:
    """One number at the head of the page: what it rests on, and its changes."""

    key: str
    title: Text
    value: Text
    basis: Text
    changes: tuple[tuple[Text, Text], ...]


def facts(table: pd.DataFrame, row: pd.Series, rules: Rules) -> list[Fact]:
    """Give the facts at the head.

    Args:
        table: as ``changes`` gives it.
        row: the figures of all cases in the period, of which the rates have intervals.
        rules: by which both were computed.
    """
    told = {str(name): one for name, one in table.iterrows()}
    return [
        Fact(key, title, _value(key, told[key]["now"]), _basis(key, row, rules), _changes(told[key]))
        for key, title in FACTS.items()
    ]


def _value(key: str, value: float) -> Text:
    if np.isnan(value):
        return UNKNOWN
    return Text.same(f"{value:.1f}%" if key in RATES else f"{value:,.0f}")


def _basis(key: str, row: pd.Series, rules: Rules) -> Text:
    if key not in RATES:
        share = _share(key, row)
        return COUNTED if share is None else OF_DUE.format(share=share)
    (part,), (whole,) = RATES[key].parts(row.to_frame().T, rules)
    if not whole > 0:
        return NOT_RECORDED
    said = OF.format(part=f"{part:,.0f}", whole=f"{whole:,.0f}")
    spread = RANGE.format(low=row[f"{key}_low"], high=row[f"{key}_high"])
    return Text(f"{said.zh}，{spread.zh}", f"{said.en}, {spread.en}")


def _share(key: str, row: pd.Series) -> float | None:
    return None if key == "due" or not row["due"] else 100 * row[key] / row["due"]


def _changes(row: pd.Series) -> tuple[tuple[Text, Text], ...]:
    return tuple(
        (words, change_words(row[name], row[then], str(row["unit"])))
        for words, name, then in ((ON_BEFORE, "on_before", "before"), (ON_YEAR, "on_year", "year_before"))
    )


def change_words(change: float, then: float, unit: str) -> Text:
    """Say a change with its sign and unit; from nothing it is unknown."""
    if np.isnan(change):
        return NO_BASE if then == 0 else UNKNOWN
    if abs(change) < 0.05:  # noqa: PLR2004 (what rounds to 0.0)
        return SAME
    unit_words = CHANGE_UNITS[unit]
    number = f"{change:+,.{1 if abs(change) < _EXACT else 0}f}".replace("-", "−")
    return Text(f"{number}{'' if unit == 'percent' else ' '}{unit_words.zh}", f"{number} {unit_words.en}")


def hours_words(hours: float) -> Text:
    """Say a time in hours, from two days on in days; a dash for none."""
    if np.isnan(hours):
        return NEVER
    return HOURS.format(n=hours) if hours < _DAYS_FROM_H else DAYS.format(n=hours / _DAY_H)


def median_words(row: pd.Series) -> Text:
    """Say a median; where the curve does not come down to a half, that it is more than was seen."""
    if not np.isnan(row["median_hours"]):
        return hours_words(row["median_hours"])
    return NEVER if np.isnan(row["last_hours"]) else MORE_THAN.format(t=hours_words(row["last_hours"]))


def labelled(index: pd.Index, words: Mapping[str, Text], lang: Lang) -> list[str]:
    """Give the names of units, each once: those that share a name carry their id."""
    known = {**words, **ROW_WORDS}
    names = [known.get(str(one), Text.same(one)).in_(lang) for one in index]
    return [
        name if names.count(name) == 1 else f"{name} ({one})"
        for name, one in zip(names, index.astype(str), strict=True)
    ]


def league_rows(table: pd.DataFrame, figure: str, words: Mapping[str, Text], lang: Lang, **how: object) -> pd.DataFrame:
    """Give a league table with the name of each unit in ``label``, see ``league``."""
    found = league(table, figure, **how)  # type: ignore[arg-type]
    return found.assign(label=labelled(found.index, words, lang))


def league_shown(rows: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Give a league table as people read it, columns as in ``LEAGUE_TITLES``."""
    return pd.DataFrame(
        {
            "rank": rows["rank"],
            "range": [_span(low, high, 0) for low, high in zip(rows["rank_low"], rows["rank_high"], strict=True)],
            "label": rows["label"],
            "rate": rows["rate"].round(1),
            "interval": [_span(low, high, 1) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "cases": [
                OF.format(part=f"{part:,}", whole=f"{whole:,}").in_(lang)
                for part, whole in zip(rows["part"], rows["whole"], strict=True)
            ],
        },
        index=rows.index,
    )


def _span(low: float, high: float, places: int) -> str:
    return "" if pd.isna(low) or pd.isna(high) else f"{low:.{places}f}–{high:.{places}f}"


def times(cases: pd.DataFrame, period: Period, *, by: str | None, table: pd.DataFrame) -> pd.DataFrame:
    """Give how long the cases reported in a period took, by unit.

    Args:
        cases: folded at the clock of the period.
        period: the period.
        by: as for ``figures``.
        table: the figures by the same.

    Returns:
        The times of ``table`` with ``number`` reported, ``last_hours`` (the longest that was seen) and
        ``closed_only_hours``, the mean of those that are closed: open ones left out, and therefore too short.
    """
    seen = spans(cases, period.clock)
    rows = period.within(cases["reported_at"]) & seen["hours"].notna().to_numpy()
    unit, hours, closed = units(cases, by)[rows], seen["hours"][rows], seen["is_closed"].to_numpy()[rows]
    groups = hours.groupby(unit)
    own = pd.DataFrame({"number": groups.size(), "last_hours": groups.max()})
    own["closed_only_hours"] = hours[closed].groupby(unit[closed]).mean()
    columns = ["median_hours", "median_hours_low", "median_hours_high", "mean_hours"]
    return table[columns].join(own).fillna({"number": 0}).astype({"number": "int64"})


def times_shown(table: pd.DataFrame, words: Mapping[str, Text], lang: Lang) -> pd.DataFrame:
    """Give times as people read them, the slowest first, columns as in ``TIME_TITLES``."""
    rows = table[table["number"] > 0]
    rows = rows.assign(label=labelled(rows.index, words, lang), _slow=rows["median_hours"].fillna(np.inf))
    rows = rows.sort_values(["_slow", "mean_hours"], ascending=False)
    return pd.DataFrame(
        {
            "label": rows["label"],
            "number": rows["number"],
            "median": [median_words(row).in_(lang) for _, row in rows.iterrows()],
            "interval": [_between(row, lang) for _, row in rows.iterrows()],
            "mean": [hours_words(one).in_(lang) for one in rows["mean_hours"]],
            "closed_only": [hours_words(one).in_(lang) for one in rows["closed_only_hours"]],
        },
        index=rows.index,
    )


def _between(row: pd.Series, lang: Lang) -> str:
    low, high = row["median_hours_low"], row["median_hours_high"]
    if np.isnan(low):
        return NEVER.in_(lang)
    top = MORE_THAN.format(t=hours_words(row["last_hours"])) if np.isnan(high) else hours_words(high)
    return f"{hours_words(low).in_(lang)} – {top.in_(lang)}"


def figures_csv(table: pd.DataFrame, words: Mapping[str, Text], by: str | None, lang: Lang) -> bytes:
    """Write figures as CSV that a spreadsheet opens in the right encoding and without running anything.

    The ids of units stay beside their names; text that begins like a formula gets an apostrophe in front.
    """
    ids = pd.Series(table.index.astype("str"), dtype="str")
    unit = BY[by][1] if by else ROW_WORDS[ALL]
    names = pd.Series(labelled(table.index, words, lang), dtype="str")
    number = Text("编号", "id").in_(lang)
    head = {f"{unit.in_(lang)} {number}": harmless(ids.replace({ALL: "", NONE: ""})), unit.in_(lang): harmless(names)}
    said = {key: one.in_(lang) for key, one in titles().items()}
    rounded = table.reset_index(drop=True).round(3).rename(columns=said)
    text = pd.concat([pd.DataFrame(head), rounded], axis=1).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def is_empty(row: pd.Series) -> bool:
    """Tell whether nothing at all fell in a period."""
    return not row[["report", "due", "archive", "dispose", "accept"]].any()


def months(first: datetime, last: datetime) -> list[datetime]:
    """Give the first days of the months from one moment to another, the latest first."""
    found = pd.period_range(first, last, freq="M")
    return [one.start_time.to_pydatetime() for one in found[::-1]]


def weeks(first: datetime, last: datetime) -> list[datetime]:
    """Give the Mondays of the weeks from one moment to another, the latest first."""
    found = pd.period_range(first, last, freq="W-SUN")
    return [one.start_time.to_pydatetime() for one in found[::-1]]
