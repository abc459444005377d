"""Statistics of the ledger: how a period went, what will probably be late, what may be one."""

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from commands.ledger_desk import clock, opened, standing
from commands.verb import Done, Say, UsageError
from geo.text import Lang, Text
from layers.ledger.acting.apart import kept_apart
from layers.ledger.store.ledger import Ledger
from layers.standards import policy
from reports.ledger_answers import value
from reports.performance import change_words, median_words, times
from reports.progress import (
    BY,
    RATES,
    Period,
    breach_list,
    changes,
    figures,
    footnote,
    league,
    solved_levels,
    suggestions,
    titles,
)
from reports.progress.league import footnote as league_note

LINES = ("report", "due", "closed", "overdue", *RATES)
"""Figures that are told in lines; the JSON document has all."""
BACKWARDS = Text("--until 应晚于 --since", "--until must be later than --since")
MEDIAN = Text("办结时间中位数", "median time to close")
CHANGED = Text("（环比 {before}，同比 {year}）", " (on the period before {before}, on the year {year})")
RANKED = Text("第 {rank} 名（{low}–{high}）", "rank {rank} ({low}–{high})")
DESCRIBED = Text("件数过少，不排名", "too few cases to rank")
OF_RATE = Text("{title} {rate:.1f}%（{part} / {whole}）", "{title} {rate:.1f} % ({part} of {whole})")
MISS = Text("{issue}  {chance}  期限 {due}  {reason}", "{issue}  {chance}  due {due}  {reason}")
COUNT = Text("共 {n} 件，列出 {k} 件", "{n} in all, {k} listed")
PAIRS = Text("共 {n} 对，列出 {k} 对", "{n} pairs in all, {k} listed")
UNKNOWN = Text("未知", "unknown")


def kpi(options: argparse.Namespace, say: Say) -> Done:
    """Give the statistics of a period with their changes, and by group with the ranks that chance allows."""
    ledger, manifest = opened(options)
    period = _period(options, clock(options, ledger, manifest))
    folder = ledger.rules.folder
    cases_at = cache(lambda moment: standing(options, ledger, moment))
    say(Text("正在统计", "counting"))
    cases = cases_at(period.clock)
    whole = figures(cases, period, folder=folder)
    changed = changes(cases_at, period, folder=folder)
    answer: dict[str, Any] = {
        "period": {"since": value(period.since), "until": value(period.until), "as_of": value(period.clock)},
        "figures": _row(whole.iloc[0]) if len(whole) else {},
        "changes": {str(name): _row(row) for name, row in changed.iterrows()} if len(whole) else {},
        "solved_levels": _rows(solved_levels(cases, period), "level"),
        "note": _both(footnote(period)),
    }
    lines = [period.words.in_(options.lang), *_whole_lines(cases, period, options.lang, whole=whole, changed=changed)]
    if options.group:
        table = figures(cases, period, by=options.group, folder=folder)
        rows = league(table, "on_time_rate", folder=folder)
        answer |= {"group": options.group, "groups": _rows(table, "unit"), "league": _rows(rows, "unit")}
        answer["league_note"] = _both(league_note(folder))
        lines += [BY[options.group][1].in_(options.lang), *_league_lines(rows, options.lang)]
    return Done(answer, [*lines, footnote(period).in_(options.lang)])


def _period(options: argparse.Namespace, as_of: datetime) -> Period:
    """Give the period that is asked for, the month of the moment if none is; a date is meant with its whole day."""
    month = datetime(as_of.year, as_of.month, 1)  # noqa: DTZ001 (workspaces keep naive local time)
    since = month if options.since is None else _day(options.since)
    until = (pd.Timestamp(month) + pd.DateOffset(months=1)).to_pydatetime()
    if options.until is not None:
        until = options.until + timedelta(seconds=_is_day(options.until))
    if not since < until:
        raise UsageError(BACKWARDS)
    return Period(since, until, as_of)


def _is_day(moment: datetime) -> bool:
    """Tell whether a date was given: it is read as its last second."""
    return moment.time() == time(23, 59, 59)


def _day(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time()) if _is_day(moment) else moment


def _whole_lines(
    cases: pd.DataFrame, period: Period, lang: Lang, *, whole: pd.DataFrame, changed: pd.DataFrame
) -> list[str]:
    if whole.empty:
        return []
    words, lines = titles(), []
    told = {str(name): row for name, row in changed.iterrows()}
    for name in LINES:
        row = told[name]
        more = CHANGED.format(
            before=change_words(row["on_before"], row["before"], str(row["unit"])),
            year=change_words(row["on_year"], row["year_before"], str(row["unit"])),
        )
        number = UNKNOWN if np.isnan(row["now"]) else Text.same(f"{row['now']:,.{1 if name in RATES else 0}f}")
        lines.append(f"{words[name].in_(lang)}: {number.in_(lang)}{more.in_(lang)}")
    median = median_words(times(cases, period, by=None, table=whole).iloc[0])
    return [*lines, f"{MEDIAN.in_(lang)}: {median.in_(lang)}"]


def _league_lines(rows: pd.DataFrame, lang: Lang) -> list[str]:
    lines = []
    for unit, row in rows[rows["whole"] > 0].iterrows():
        place = DESCRIBED if row["described_only"] else RANKED.format(
            rank=row["rank"], low=row["rank_low"], high=row["rank_high"]
        )  # fmt: skip
        said = OF_RATE.format(title=RATES["on_time_rate"].title, rate=row["rate"], part=row["part"], whole=row["whole"])
        lines.append(f"{unit}  {said.in_(lang)}  {place.in_(lang)}")
    return lines


def risk(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (parts are called alike)
    """List the open issues with a deadline, the surest to miss it first."""
    ledger, manifest = opened(options)
    as_of = clock(options, ledger, manifest)
    cases = standing(options, ledger, as_of)
    table = breach_list(cases, as_of)
    table = table[_wanted(cases.loc[table.index], options)]
    part = table.iloc[options.start : options.start + options.rows]
    lines = [
        MISS.format(
            issue=name,
            chance=UNKNOWN if np.isnan(row["chance_to_miss"]) else Text.same(f"{row['chance_to_miss']:.0%}"),
            due=f"{row['due_at']:%Y-%m-%d %H:%M}",
            reason=Text(row["reason_zh"], row["reason_en"]),
        ).in_(options.lang)
        for name, row in part.iterrows()
    ]
    answer = {"as_of": value(as_of), "total": len(table), "issues": _rows(part, "issue_id")}
    return Done(answer, [*lines, COUNT.format(n=f"{len(table):,}", k=len(part)).in_(options.lang)])


def _wanted(cases: pd.DataFrame, options: argparse.Namespace) -> np.ndarray:
    keep = np.ones(len(cases), dtype=bool)
    for column, wanted in (("grid_id", options.grid), ("issue_type", options.type), ("person", options.person)):
        if wanted:
            keep &= cases[column].isin(wanted).to_numpy()
    return keep


def twins(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Suggest pairs of issues that may be one; nothing is fused by itself."""
    ledger, manifest = opened(options)
    as_of = clock(options, ledger, manifest)
    table, limits = _pairs(ledger, as_of)
    part = table.iloc[options.start : options.start + options.rows]
    words = f"reason_{options.lang}"
    lines = [f"{row['issue_id']}  {row['other_id']}  {row[words]}" for _, row in part.iterrows()]
    pairs = [_row(row) for _, row in part.iterrows()]
    answer = {"as_of": value(as_of), **limits, "total": len(table), "pairs": pairs}
    return Done(answer, [*lines, PAIRS.format(n=f"{len(table):,}", k=len(part)).in_(options.lang)])


def _pairs(ledger: Ledger, as_of: datetime) -> tuple[pd.DataFrame, dict[str, float]]:
    rules = policy(ledger.rules.folder)
    limits = {"max_distance_m": rules["duplicate_max_m"], "max_hours": rules["duplicate_max_hours"]}
    parted = kept_apart(ledger.log(), as_of)
    table = suggestions(
        ledger.cases(as_of),
        as_of=as_of,
        max_distance_m=limits["max_distance_m"],
        max_hours=limits["max_hours"],
        kept_apart=parted,
        folder=ledger.rules.folder,
    )
    return table, limits


def _row(row: pd.Series) -> dict[str, Any]:
    return {str(key): None if one is pd.NA else value(one) for key, one in row.items()}


def _rows(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    plain = table.rename_axis(key).reset_index().astype(object)
    return [_row(row) for _, row in plain.iterrows()]


def _both(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


PARTS: Mapping[str, Callable[[argparse.Namespace, Say], Done]] = {"kpi": kpi, "risk": risk, "twins": twins}
