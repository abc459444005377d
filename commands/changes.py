"""The verbs about change and need: what changed between two days or states, and objective against voiced need."""

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from commands.options import AS_OF, LEVEL, WORKSPACE, moment
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Lang, Text
from layers.catalog import CATALOG, LayerSpec
from layers.workspace import Workspace, open_workspace
from reports.change import State, layer_change, ledger_change, states
from reports.change.layer import KIND_WORDS, LayerChange
from reports.change.ledger import LedgerChange
from reports.change.states import NOW_KEY, comparable, layer_in, layer_of, state_on
from reports.need.bias import reporting_bias
from reports.need.double_high import BOTH, QUADRANTS, double_high
from reports.need.objective import objective_need
from reports.plain_table import json_rows, json_value
from reports.time import unit_words
from reports.time.cases import ALL

LAYERS = [one.key for one in CATALOG.values() if one.shape != "none"]
NEEDS_DAYS = Text("比较台账请用 --from 和 --to 写明两日", "to compare the ledger, give two days with --from and --to")
NEEDS_STATE = Text(
    "比较图层请写 --layer，再用 --with 指定另一工作区或文件，或用 --from 写明起日，或用 --since-import 指定第几次导入之前（现有：{have}）",
    "to compare a layer, give --layer and --with another workspace or file, or a day with --from, or --since-import N for before that import (there are: {have})",
)
ORDER = Text("--to 应晚于 --from", "--to must be later than --from")
NO_STATE = Text(
    "没有保存第 {n} 次导入之前的图层（现有：{have}）", "the layers before import {n} are not kept (there are: {have})"
)
FLOW = Text("上报 {new:.0f}（此前 {before}，比值 {ratio}）", "reported {new:.0f} (before {before}, ratio {ratio})")
STOCK = Text("未办结 {a:.0f} → {b:.0f}，超期 {c:.0f} → {d:.0f}", "open {a:.0f} to {b:.0f}, overdue {c:.0f} to {d:.0f}")
RATIO = Text("{r:.2f}（{low:.2f}–{high:.2f}）", "{r:.2f} ({low:.2f}–{high:.2f})")
UNKNOWN = Text("未知", "unknown")
NONE = Text("无", "none")
THINGS = Text(
    "{a:.0f} → {b:.0f}，新增 {c:.0f}，减少 {d:.0f}，变更 {e:.0f}",
    "{a:.0f} to {b:.0f}, added {c:.0f}, removed {d:.0f}, changed {e:.0f}",
)
NEED_LINE = Text(
    "{name}  客观需求 {need:.0f}，诉求 {voiced:.1f}  {projects}",
    "{name}  objective need {need:.0f}, voiced {voiced:.1f}  {projects}",
)
MOST = 40


def change(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """Compare the ledger on two days, or a layer in two states.

    Raises:
        UsageError: neither two days nor a layer with another state.
    """
    ws = open_workspace(options.folder)
    if options.layer is None and options.other is not None:
        return _all_layers(ws, options)
    return _layer(ws, options) if options.layer else _ledger(ws, options)


def _all_layers(ws: Workspace, options: argparse.Namespace) -> Done:
    """Compare every layer that both workspaces have."""
    there = open_workspace(options.other, set_aside=True)
    both = [one for one in comparable(ws) if one in there]
    found = [layer_change(ws, one, layer_of(ws, one, options.other), ws[one], level=options.level) for one in both]
    rows = [(one.spec, one.table.loc[[ALL]].iloc[0]) for one in found]
    lines = [f"{spec.title.in_(options.lang)}  {_things(row).in_(options.lang)}" for spec, row in rows]
    answer = {"of": "layers", "layers": [_layer_answer(one) for one in found]}
    return Done(answer, [*lines, *([found[0].words.in_(options.lang)] if found else [])])


def _things(row: pd.Series) -> Text:
    return THINGS.format(a=row["before"], b=row["after"], c=row["added"], d=row["removed"], e=row["changed"])


def _ledger(ws: Workspace, options: argparse.Namespace) -> Done:
    if options.since is None or options.until is None:
        raise UsageError(NEEDS_DAYS)
    if not options.since < options.until:
        raise UsageError(ORDER)
    found = ledger_change(ws, options.since, options.until, level=options.level)
    words = unit_words(ws, "grid", level=options.level)
    lines = [_ledger_line(str(grid), row, words, options.lang) for grid, row in found.table.head(MOST).iterrows()]
    answer = {
        "of": "ledger",
        "meta": json_value(found.meta),
        "grids": json_rows(found.table, "grid_id"),
        "shift": _shift(found),
        "method": json_value(found.words),
    }
    return Done(answer, [*lines, found.where.in_(options.lang), found.words.in_(options.lang)])


def _shift(found: LedgerChange) -> dict[str, Any] | None:
    """Give how the places of reports changed, its grids left out: their counts stand with the grids."""
    if found.shift is None:
        return None
    told = {name: one for name, one in found.shift._asdict().items() if name != "cells"}
    return {str(name): json_value(one) for name, one in told.items()}


def _ledger_line(grid: str, row: pd.Series, words: dict[str, Text], lang: Lang) -> str:
    known = not pd.isna(row["new_before"])
    told = not pd.isna(row["new_ratio"])
    ratio = RATIO.format(r=row["new_ratio"], low=row["new_low"], high=row["new_high"]) if told else UNKNOWN
    before = f"{row['new_before']:.0f}" if known else UNKNOWN
    parts = (
        words.get(grid, Text.same(grid)),
        FLOW.format(new=row["new"], before=before, ratio=ratio),
        STOCK.format(a=row["open_from"], b=row["open"], c=row["overdue_from"], d=row["overdue"]),
    )
    return "  ".join(one.in_(lang) for one in parts)


def _layer(ws: Workspace, options: argparse.Namespace) -> Done:
    spec = CATALOG[options.layer]
    kept = states(ws.folder)
    if options.other is not None:
        other = layer_of(ws, spec, options.other)
        found = layer_change(ws, spec, other, layer_in(ws, spec, kept[0]), level=options.level)
    else:
        found = _since_import(ws, spec, kept, options)
    words = unit_words(ws, "grid", level=options.level)
    lines = []
    for grid, row in found.table.head(MOST).iterrows():
        lines.append(f"{words.get(str(grid), Text.same(grid)).in_(options.lang)}  {_things(row).in_(options.lang)}")
    return Done(_layer_answer(found), [*lines, found.words.in_(options.lang)])


def _since_import(ws: Workspace, spec: LayerSpec, kept: tuple[State, ...], options: argparse.Namespace) -> LayerChange:
    past = {one.key: one for one in kept if one.key != NOW_KEY}
    have = Text.same(", ".join(str(int(key)) for key in past)) if past else NONE
    if options.since_import is None and options.since is None:
        raise UsageError(NEEDS_STATE.format(have=have))
    if options.since_import is None:
        first = state_on(kept, options.since)
        last = kept[0] if options.until is None else state_on(kept, options.until)
        return layer_change(ws, spec, layer_in(ws, spec, first), layer_in(ws, spec, last), level=options.level)
    state = past.get(f"{options.since_import:04d}")
    if state is None:
        raise UsageError(NO_STATE.format(n=options.since_import, have=have))
    return layer_change(ws, spec, layer_in(ws, spec, state), layer_in(ws, spec, kept[0]), level=options.level)


def _layer_answer(found: LayerChange) -> dict[str, Any]:
    things = pd.DataFrame(found.rows.drop(columns=["geometry", "before_geometry"]))
    return {
        "of": found.spec.key, "meta": json_value(found.meta), "counts": dict(found.counts),
        "grids": json_rows(found.table, "grid_id"), "things": json_rows(things, "thing_id"),
        "kinds": {kind: json_value(words) for kind, words in KIND_WORDS.items()}, "method": json_value(found.words),
    }  # fmt: skip


def need(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Hold objective need against voiced need, with the check of who reports."""
    ws = open_workspace(options.folder, as_of=options.as_of)
    objective = objective_need(ws, level=options.level)
    found = double_high(ws, objective, level=options.level)
    bias = reporting_bias(ws, level=options.level, need=objective.by_grid)
    both = found.table[found.table["quadrant"] == BOTH]
    lines = [found.summary.in_(options.lang)]
    for _, row in both.iterrows():
        said = NEED_LINE.format(name=row["name"], need=row["objective"], voiced=row["voiced"], projects=row["projects"])
        lines.append(said.in_(options.lang))
    lines += [bias.plain.in_(options.lang)]
    lines += [f"{one.title.in_(options.lang)}: {one.finding.in_(options.lang)}" for one in bias.checks]
    quadrants = {kind: json_value(words) for kind, words in QUADRANTS.items()}
    checks = [json_value(one._asdict() if hasattr(one, "_asdict") else vars(one)) for one in bias.checks]
    answer = {
        "meta": json_value(found.meta), "grids": json_rows(found.table, "grid_id"), "quadrants": quadrants,
        "limits": {"objective": json_value(found.limits[0]), "voiced": json_value(found.limits[1])},
        "method": json_value(found.words),
        "bias": {
            "grids": json_rows(bias.table, "grid_id"), "signs": {one: json_value(words) for one, words in bias.signs.items() if words},
            "checks": checks, "plain": json_value(bias.plain), "method": json_value(bias.words),
        },
    }  # fmt: skip
    return Done(answer, [*lines, found.words.in_(options.lang), bias.words.in_(options.lang)])


VERBS = {
    "change": Verb(
        Text(
            "两日之间或两个状态之间变了什么：台账按两日折算（上报、办结、未办结、超期，比值附区间）；图层按编号逐件比较，与另一工作区、文件或"
            "某次导入之前相比。",
            "What changed between two days or two states: the ledger folded at two days (reported, closed, open, overdue, ratios with intervals); a "
            "layer thing by thing against another workspace, a file, or itself before an import.",
        ),
        (
            WORKSPACE,
            Option(("--from",), Text("起日", "first day"), {"dest": "since", "type": moment, "metavar": "DAY"}),
            Option(
                ("--to",),
                Text("止日；图层缺省为现在", "last day; of a layer the default is now"),
                {"dest": "until", "type": moment, "metavar": "DAY"},
            ),
            Option(("--layer",), Text("图层", "layer"), {"choices": LAYERS, "metavar": "LAYER"}),
            Option(
                ("--with",),
                Text(
                    "与之相比的较早状态：另一工作区，或一个图层文件；不写 --layer 时比较全部图层",
                    "the earlier state: another workspace, or a vector file; without --layer all layers",
                ),
                {"dest": "other", "type": Path, "metavar": "PATH"},
            ),
            Option(
                ("--since-import",),
                Text("与第 N 次导入之前相比", "against what was there before import N"),
                {"type": int, "metavar": "N"},
            ),
            LEVEL,
        ),
        (
            "change huolong --from 2021-08-16 --to 2021-08-30",
            "change huolong --from 2021-08-16 --to 2021-08-30 --level 1 --json",
            "change huolong --layer buildings --from 2021-08-01",
        ),
        change,
    ),
    "need": Verb(
        Text(
            "客观需求与诉求对照：双高区名单、四个象限、落在其中的项目，以及上报偏差检查（少报不等于需求低）。",
            "Objective against voiced need: the grids that are high on both, the four quadrants, the projects that lie in them, and the "
            "check of reporting bias (few reports are not little need).",
        ),
        (WORKSPACE, LEVEL, AS_OF),
        ("need huolong", "need huolong --level 1 --json"),
        need,
    ),
}
