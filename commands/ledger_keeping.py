"""Keeping the ledger: begin it, prove it, copy it, join it with another."""

import argparse
from collections.abc import Callable, Mapping

from commands.verb import Done, Say
from geo.text import Text
from layers import ISSUES, open_workspace
from layers.ledger.history import take_history
from layers.ledger.opening import open_ledger


def start(options: argparse.Namespace, say: Say) -> Done:
    """Enter the issues of the layer, those that the ledger does not have yet."""
    ws = open_workspace(options.folder)
    ledger = open_ledger(ws.folder, ws.manifest.ledger)
    if ISSUES not in ws:
        return Done(
            {"issues": 0, "events": 0},
            [Text("工作区没有问题图层，台账已建立", "no layer of issues; the ledger is made").in_(options.lang)],
        )
    say(Text("正在记入问题", "entering the issues"))
    taken = take_history(ledger, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES), with_limits=options.limits)
    words = Text("记入 {issues} 件，{events} 条记录", "{issues} issues entered, {events} events")
    return Done(taken._asdict(), [words.format(**taken._asdict()).in_(options.lang)])


PARTS: Mapping[str, Callable[[argparse.Namespace, Say], Done]] = {"start": start}
