"""The verbs about time: how long issues take to close, and how many will come."""

import argparse

import pandas as pd

from commands.options import AS_OF, LEVEL, WORKSPACE, moment
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Lang, Text
from layers.workspace import Workspace, open_workspace
from reports.plain_table import json_rows, json_value
from reports.time import BY, cases_at, closing_times, inflow, unit_words
from reports.time.closing import limit_words
from reports.time.inflow import WAY_WORDS
from reports.time.series import STEPS, breaks_of

MEDIAN = Text("中位数 {m}（{low}–{high}）天", "median {m} ({low}–{high}) days")
MORE = Text("中位数超过 {seen:.1f} 天", "median more than {seen:.1f} days")
LIMIT = Text("期限内办结 {share:.1f}%", "within the limit {share:.1f} %")
POOLED = Text("用全部的曲线", "curve of all")
COUNTS = Text("{n} 件，办结 {k}", "{n} cases, {k} closed")
TOLD = Text("{mean:.0f}（{low:.0f}–{high:.0f}）", "{mean:.0f} ({low:.0f}–{high:.0f})")
AGAINST = Text("{way}，MASE {mase:.2f}，上期重复 {naive:.2f}", "{way}, MASE {mase:.2f}, last season again {naive:.2f}")
UNTRIED = Text("{way}，未能回测", "{way}, not tried")
TEST = Text(
    "组间差异：卡方 {chi2:.1f}，自由度 {df}，p = {p:.2g}",
    "difference of the groups: chi-square {chi2:.1f}, df {df}, p = {p:.2g}",
)
MOST = 40
CUT = Text("（其余见 --json）", "(the others: --json)")
NOT_BOTH = Text("--type 与 --grid 只能用一个", "use --type or --grid, not both")
NO_UNIT = Text("没有“{one}”", "there is no “{one}”")


def closing(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Tell how long issues take to close."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    as_of = ws.manifest.as_of
    found = closing_times(cases_at(ws, as_of, level=options.level), as_of, by=options.by)
    words = unit_words(ws, options.by, level=options.level)
    lines = [_closing_line(str(unit), row, words, options.lang) for unit, row in found.table.head(MOST).iterrows()]
    lines += [CUT.in_(options.lang)] if len(found.table) > MOST else []
    test = None
    if found.test is not None:
        test = {"chi2": found.test.chi2, "df": found.test.df, "p": found.test.p}
        lines.append(TEST.format(**test).in_(options.lang))
    answer = {
        "meta": json_value(found.meta),
        "groups": json_rows(found.table, "unit"),
        "test": test,
        "method": json_value(limit_words()),
    }
    return Done(answer, [*lines, limit_words().in_(options.lang)])


def _closing_line(unit: str, row: pd.Series, words: dict[str, Text], lang: Lang) -> str:
    numbers = {key: f"{row[f'{name}_days']:.1f}" for key, name in (("m", "median"), ("low", "low"), ("high", "high"))}
    median = MORE.format(seen=row["seen_days"]) if pd.isna(row["median_days"]) else MEDIAN.format(**numbers)
    parts = [words.get(unit, Text.same(unit)), COUNTS.format(n=int(row["number"]), k=int(row["closed"])), median]
    parts += [] if pd.isna(row["in_limit_percent"]) else [LIMIT.format(share=row["in_limit_percent"])]
    parts += [POOLED] if row["is_pooled"] else []
    return "  ".join(one.in_(lang) for one in parts)


def forecast(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Tell how many reports will come.

    Raises:
        UsageError: both a type and a grid, or one that is not there.
    """
    if options.type and options.grid:
        raise UsageError(NOT_BOTH)
    ws = open_workspace(options.folder, as_of=options.as_of)
    by = options.by or ("type" if options.type else "grid" if options.grid else None)
    as_of = ws.manifest.as_of
    marked = breaks_of(ws.name, ws.folder, more=[one.date() for one in options.breaks])
    cases = cases_at(ws, as_of, level=options.level)
    found = inflow(cases, as_of, by=by, step=options.step, breaks=marked, folder=ws.folder)
    wanted = options.type or options.grid
    kept = _kept(found.table, wanted)
    answer = {
        "meta": json_value(found.meta), "step": found.step.key, "season": found.season, "horizon": found.horizon,
        "series": json_rows(found.table.loc[kept], "unit"),
        "steps": json_rows(found.steps.loc[found.steps.index.isin(kept)], "unit"),
        "backtest": [row for row in json_rows(found.backtest.reset_index(), "row") if row["series"] in kept],
        "method": json_value(found.words),
    }  # fmt: skip
    return Done(answer, [*_forecast_lines(ws, found.table.loc[kept], by, options), found.words.in_(options.lang)])


def _kept(table: pd.DataFrame, wanted: str | None) -> list[str]:
    if wanted is None:
        return [str(one) for one in table.index]
    if wanted not in table.index:
        raise UsageError(NO_UNIT.format(one=wanted))
    return [wanted]


def _forecast_lines(ws: Workspace, table: pd.DataFrame, by: str | None, options: argparse.Namespace) -> list[str]:
    words = unit_words(ws, by or "", level=options.level)
    lines = []
    for unit, row in table.head(MOST).iterrows():
        way = WAY_WORDS[str(row["way"])]
        tried = (
            UNTRIED.format(way=way)
            if pd.isna(row["naive_mase"])
            else AGAINST.format(way=way, mase=row["mase"], naive=row["naive_mase"])
        )
        parts = (
            words.get(str(unit), Text.same(unit)),
            TOLD.format(mean=row["mean"], low=row["low"], high=row["high"]),
            tried,
        )
        lines.append("  ".join(one.in_(options.lang) for one in parts))
    return lines + ([CUT.in_(options.lang)] if len(table) > MOST else [])


VERBS = {
    "closing": Verb(
        Text(
            "多久办结：按类别、网格或来源给出中位数及区间、期限内办结的比例，未办结的按已观察时长计入；末行说明口径。",
            "How long issues take to close, by type, grid or source: median with interval and share closed within the limit, open issues "
            "counted for as long as they were seen. The last line says how.",
        ),
        (WORKSPACE, Option(("--by",), Text("分组", "by"), {"choices": list(BY), "default": "type"}), LEVEL, AS_OF),
        ("closing huolong", "closing huolong --by grid --level 1 --json"),
        closing,
    ),
    "forecast": Verb(
        Text(
            "预计今后上报多少：每个序列都在滚动起点上与“上期重复”比较，不更好就显示“上期重复”；区间按件数分布。",
            "How many reports will come: each series is tried on a rolling origin against the last season again, which is shown where nothing beats "
            "it; intervals are those of counts.",
        ),
        (
            WORKSPACE,
            Option(
                ("--by",),
                Text("分组，缺省只算全部", "by; default all together only"),
                {"choices": list(BY), "default": None},
            ),
            Option(("--type",), Text("只看一个类别", "one type only"), {"metavar": "TYPE"}),
            Option(("--grid",), Text("只看一个网格", "one grid only"), {"metavar": "GRID_ID"}),
            Option(
                ("--step",),
                Text("步长，缺省按历史长短", "step; default by the length of the history"),
                {"choices": list(STEPS), "default": None},
            ),
            Option(
                ("--breaks",),
                Text(
                    "口径改变的日期（活动、应用上线），从此重新学习",
                    "days on which counting changed (a campaign, an app): learn anew from there",
                ),
                {"type": moment, "nargs": "*", "default": [], "metavar": "DAY"},
            ),
            LEVEL,
            AS_OF,
        ),
        ("forecast huolong", "forecast huolong --type GARBAGE --json"),
        forecast,
    ),
}
