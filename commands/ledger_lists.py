"""Looking into the ledger: lists, one issue with its history, what is due, statistics."""

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pandas as pd

from commands.ledger_desk import clock, opened, standing, was_redrawn
from commands.verb import Done, Say, UsageError
from geo.text import Text
from layers.ledger.acting.rules import Rules
from layers.ledger.log.events import Event
from layers.ledger.log.folds import cases
from layers.ledger.log.table import event_table
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.pages import Wanted, lying_in, page
from layers.workspace import workspace_folder
from reports.ledger_answers import (
    deadline_words,
    event_answer,
    event_words,
    page_answer,
    page_lines,
    value,
)

DUE_HOURS = 24
"""What "due soon" means where nobody says."""


def wanted(options: argparse.Namespace) -> Wanted:
    """Give what the options ask for."""
    return Wanted(
        states=tuple(options.state),
        types=tuple(options.type),
        grids=tuple(options.grid),
        people=tuple(options.person),
        departments=tuple(options.department),
        levels=tuple(options.level),
        lamps=tuple(options.lamp),
        sources=(options.source,) if options.source else (),
        issues=tuple(options.issues),
    )


def _placed(asked: Wanted, options: argparse.Namespace, ledger: Ledger, as_of: datetime) -> Wanted:
    """Ask for issues by where they lie now, if the grids were redrawn since they were reported."""
    if not asked.grids or not was_redrawn(workspace_folder(options.folder)):
        return asked
    return lying_in(asked, standing(options, ledger, as_of))


def listed(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (parts are called alike)
    """List issues, the next due first."""
    ledger, manifest = opened(options)
    as_of = clock(options, ledger, manifest)
    found = page(
        ledger, _placed(wanted(options), options, ledger, as_of), as_of, rows=options.rows, start=options.start
    )
    return Done(page_answer(found, as_of), page_lines(found, ledger.rules, options.lang))


def due(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """List what is overdue or due within some hours."""
    ledger, manifest = opened(options)
    as_of = clock(options, ledger, manifest)
    until = as_of + timedelta(hours=options.hours or DUE_HOURS)
    runs = ledger.rules.states
    states = tuple(runs.index[(runs["clock"] != "stopped") & runs["counts_overdue"]])
    asked = Wanted(
        states=tuple(options.state) or states,
        grids=tuple(options.grid),
        people=tuple(options.person),
        due_before=until,
        heads_only=True,
    )
    found = page(ledger, _placed(asked, options, ledger, as_of), as_of, rows=options.rows, start=options.start)
    return Done(page_answer(found, as_of) | {"until": until.isoformat()}, page_lines(found, ledger.rules, options.lang))


def shown(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Show one issue: where it stands, what happened, what may happen next."""
    if len(options.issues) != 1:
        raise UsageError(Text("show 需要一个问题编号", "show needs the id of one issue"))
    ledger, manifest = opened(options)
    as_of, name = clock(options, ledger, manifest), options.issues[0]
    events = [one for one in ledger.events(name) if one.at <= as_of]
    if not events:
        words = Text("台账中没有问题 {name}", "issue {name} is not in the ledger")
        raise UsageError(words.format(name=name))
    row = cases(event_table(events)).iloc[0]
    answer = {
        "as_of": as_of.isoformat(),
        "issue_id": name,
        "case": {str(key): value(one) for key, one in row.items()},
        "events": [event_answer(one) for one in events],
        "next": _next(str(row["state"]), ledger.rules),
    }
    return Done(answer, _lines(row, events, ledger.rules, options.lang))


def _next(state: str, rules: Rules) -> list[dict[str, object]]:
    return [
        {"state": one.becomes, "kind": one.kind, "roles": sorted(one.roles), "needs": sorted(one.needs)}
        for one in rules.onward(state)
    ]


def _lines(row: pd.Series, events: list[Event], rules: Rules, lang: str) -> list[str]:
    head = Text("{state}，期限 {due}，责任人 {who}", "{state}, due {due}, with {who}").format(
        state=rules.words(str(row["state"])),
        due=deadline_words(row),
        who="-" if pd.isna(row["person"]) else row["person"],
    )
    onward = [one.words for one in rules.onward(str(row["state"]))]
    then = Text("接下来可以：", "it may: ")
    steps = Text("、".join(one.zh for one in onward), ", ".join(one.en for one in onward))
    return [
        head.zh if lang == "zh" else head.en,
        *((one.zh if lang == "zh" else one.en) for one in (event_words(event, rules) for event in events)),
        (then.zh + steps.zh) if lang == "zh" else (then.en + steps.en),
    ]


PARTS: Mapping[str, Callable[[argparse.Namespace, Say], Done]] = {"list": listed, "show": shown, "due": due}
