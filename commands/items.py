"""The verb for renewal items: list them, propose them, decide on them, and compare their sum."""

import argparse
from collections.abc import Callable, Mapping

from commands.options import CRITERIA, LEVEL, WORKSPACE
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.text import Text
from layers.workspace import Workspace, open_workspace
from reports import rank, read_criteria
from reports.works.answers import (
    history_answer,
    history_lines,
    items_answer,
    items_lines,
    stored_answer,
    stored_lines,
)
from reports.works.desk import added, all_items, changed, decided
from reports.works.effects import effects
from reports.works.proposing import propose
from reports.works.stored import items_of, store_items

Part = Callable[[argparse.Namespace, Workspace], Done]
UNKNOWN = Text("{what} 不是费用项操作；可用：{known}", "{what} is nothing that can be done to items; there are {known}")
NO_AUTHOR = Text("{what} 需要 --author 写明审定人", "{what} takes --author, who decides")
NO_IDS = Text(
    "{what} 需要费用项编号，或 --all 表示全部建议", "{what} takes ids of items, or --all for everything proposed"
)
ONE_ID = Text("change 需要一个费用项编号和 --set", "change takes the id of one item and --set")
NO_SIGN = Text("“{word}”应写成 列=值", "“{word}” should be COLUMN=VALUE")
DECISIONS = {"accept": "accepted", "decline": "declined"}


def items(options: argparse.Namespace, say: Say) -> Done:
    """Do what is asked of items."""
    if options.what not in _PARTS:
        raise UsageError(UNKNOWN.format(what=options.what, known=", ".join(_PARTS)))
    if options.what in _CHANGES and not options.author:
        raise UsageError(NO_AUTHOR.format(what=options.what))
    ws = open_workspace(options.folder)
    say(Text("正在整理费用项", "going through the items"))
    return _PARTS[options.what](options, ws)


def _list(options: argparse.Namespace, ws: Workspace) -> Done:
    found = items_of(ws)
    ranking = rank(ws, level=options.level, criteria=read_criteria(options.criteria, folder=ws.folder), draws=1)
    return Done(items_answer(ws, found, None, effects(ranking, found)), items_lines(ws, found, options.lang))


def _propose(options: argparse.Namespace, ws: Workspace) -> Done:
    found = propose(ws, lang=options.lang)
    ranking = rank(ws, level=options.level, criteria=read_criteria(options.criteria, folder=ws.folder), draws=1)
    answer = items_answer(ws, found.items, dict(found.meta), effects(ranking, found.items))
    return Done(answer, items_lines(ws, found.items, options.lang))


def _decide(options: argparse.Namespace, ws: Workspace) -> Done:
    known = all_items(ws, lang=options.lang)
    ids = list(known.index[known["decision"].eq("proposed").fillna(value=False)]) if options.all else options.ids
    if not ids:
        raise UsageError(NO_IDS.format(what=options.what))
    return _stored(options, ws, decided(known, ids, DECISIONS[options.what]))


def _change(options: argparse.Namespace, ws: Workspace) -> Done:
    if len(options.ids) != 1 or not options.cells:
        raise UsageError(ONE_ID)
    return _stored(options, ws, changed(all_items(ws, lang=options.lang), options.ids[0], _cells(options)))


def _add(options: argparse.Namespace, ws: Workspace) -> Done:
    return _stored(options, ws, added(ws, _cells(options)))


def _stored(options: argparse.Namespace, ws: Workspace, rows: object) -> Done:
    done = store_items(ws, rows, options.author, note=options.note)  # type: ignore[arg-type]
    return Done(stored_answer(done, items_of(open_workspace(options.folder))), stored_lines(done, options.lang))


def _history(options: argparse.Namespace, ws: Workspace) -> Done:  # noqa: ARG001 (parts are called alike)
    return Done(history_answer(ws), history_lines(ws))


def _cells(options: argparse.Namespace) -> dict[str, str]:
    """Read "COLUMN=VALUE" words."""
    found = {}
    for word in options.cells:
        name, sign, value = word.partition("=")
        if not sign:
            raise UsageError(NO_SIGN.format(word=word))
        found[name] = value
    return found


_CHANGES: Mapping[str, Part] = {"accept": _decide, "decline": _decide, "change": _change, "add": _add}
_PARTS: Mapping[str, Part] = {"list": _list, "propose": _propose, **_CHANGES, "history": _history}
VERBS = {
    "items": Verb(
        Text(
            "改造费用项：list 列出已有的，propose 由未办结问题、指标缺口和地块生成建议，accept、decline 审定，change 改数量或金额，"
            "add 自行增加，history 查谁在何时审定。金额未知的不计零，合计会写明；合计与公开项目按户、按平方米比较。",
            "Renewal items: list those that are kept, propose more from open issues, gaps of indicators and sites, accept or decline them, "
            "change a quantity or an amount, add one's own, and history tells who decided when. An unknown amount is no zero, and the sum "
            "says so; the sum is compared with published projects by household and m².",
        ),
        (
            WORKSPACE,
            Option(("what",), Text("做什么，见上，缺省为 list", "what to do, see above; default list"), {"nargs": "?", "default": "list", "metavar": "WHAT"}),
            Option(("ids",), Text("费用项编号", "ids of items"), {"nargs": "*", "metavar": "ITEM"}),
            Option(("--all",), Text("全部建议", "everything that is proposed"), {"action": "store_true"}),
            Option(("--set",), Text("要改或要写的单元格，如 quantity=30、cost_yuan=120000，可写多次", "a cell to change or write, such as quantity=30 or cost_yuan=120000; may be repeated"),
                   {"action": "append", "default": [], "dest": "cells", "metavar": "COLUMN=VALUE"}),
            Option(("--author",), Text("审定人", "who decides"), {"default": "", "metavar": "NAME"}),
            Option(("--note",), Text("说明", "why, in a word"), {"default": "", "metavar": "TEXT"}),
            LEVEL,
            CRITERIA,
        ),
        (
            "items huolong propose --lang zh",
            "items huolong list --json",
        ),
        items,
    ),
}  # fmt: skip
