"""Acting in the ledger: report, move, assign and the rest, on one issue or on hundreds."""

import argparse
from typing import Any
from uuid import uuid4

from commands.ledger_desk import now, opened, powers
from commands.verb import Done, Say, UsageError
from geo.text import Text
from layers.ledger.acting.acts import Act
from layers.ledger.log.events import CREATE
from layers.living import place_of
from layers.photos.keeping import keep
from layers.workspace import open_workspace, workspace_folder
from reports.ledger_answers import outcome_answer, outcome_lines

ONE = ("state", "person", "department", "level")
"""Options that lists take several times and acts once."""


def do(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (parts are called alike)
    """Do one thing to each of the issues, in one transaction."""
    kind = CREATE if options.what == "report" else options.what
    if not options.issues:
        raise UsageError(Text("请写明问题编号", "say which issues"))
    wrong = [name for name in ONE if len(getattr(options, name)) > 1]
    if wrong:
        raise UsageError(Text("--{name} 只能写一次", "--{name} can be said once here").format(name=wrong[0]))
    ledger, _ = opened(options)
    if options.photo is not None:
        options.other = keep(
            workspace_folder(options.folder), options.photo.read_bytes(), name=options.photo.name
        ).sha256
    name = options.command_id or uuid4().hex
    same = {"kind": kind, "at": options.at or now(), "facts": _facts(options), **_said(options)}
    acts = [Act(subject=issue, command_id=f"{name}:{issue}", **same) for issue in options.issues]
    outcomes = ledger.do(acts, powers(options, ledger))
    done = all(one.event is not None for one in outcomes)
    lines = outcome_lines(outcomes, options.issues, ledger.rules, options.lang)
    return Done(outcome_answer(outcomes, options.issues), lines, 0 if done else 1)


def _said(options: argparse.Namespace) -> dict[str, Any]:
    """Give what is said of the act."""
    return {name: (getattr(options, name) or [None])[0] for name in ONE} | {
        "seen": options.seen,
        "other": options.other,
        "stage": options.role,
        "text": options.text,
        "reason": options.reason,
        "satisfaction": options.satisfaction,
        "until": options.until,
        "approver": options.approver,
    }


def _facts(options: argparse.Namespace) -> dict[str, Any]:
    """Give what is said of the issue itself."""
    facts: dict[str, Any] = {
        "issue_type": (options.type or [None])[0],
        "severity": options.severity,
        "grid_id": (options.grid or [None])[0],
        "address": options.address,
        "source": options.source,
    }
    if options.place is not None:
        x_m, y_m, grid_id = place_of(open_workspace(options.folder), *options.place)
        facts |= {"x_m": x_m, "y_m": y_m, "grid_id": facts["grid_id"] or grid_id}
    return {key: one for key, one in facts.items() if one is not None}
