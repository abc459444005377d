"""Keeping the ledger: begin it, prove it, copy it, join it with another, let what is due rise."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from commands.ledger_desk import clock, now, opened
from commands.verb import Done, Say, UsageError
from geo.text import Text, counted
from layers import ISSUES, open_workspace
from layers.ledger.acting.rising import rise as let_rise
from layers.ledger.keeping.backups import backup, restore
from layers.ledger.keeping.exchange import export
from layers.ledger.keeping.proof import ledger_problems, refold
from layers.ledger.keeping.union import merge
from layers.ledger.store.history import take_history
from layers.ledger.store.opening import open_ledger
from layers.workspace import workspace_folder
from reports.answers import problem_answer
from reports.issue_photos import bare_photos
from reports.ledger_answers import outcome_answer, outcome_lines

SOUND = Text("台账完整：{n} 条记录逐条核对无误", "the ledger is sound: {n} records checked one by one")


def start(options: argparse.Namespace, say: Say) -> Done:
    """Enter the issues of the layer, those that the ledger does not have yet."""
    ws = open_workspace(options.folder)
    ledger = open_ledger(ws.folder, ws.manifest.ledger)
    if ISSUES not in ws:
        words = Text("工作区没有问题图层，台账已建立", "no layer of issues; the ledger is made")
        return Done({"issues": 0, "events": 0}, [words.in_(options.lang)])
    say(Text("正在记入问题", "entering the issues"))
    taken = take_history(ledger, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES), with_limits=options.limits)
    words = Text("记入 {issues} 件，{events} 条记录", "{issues} issues entered, {events} events")
    return Done(taken._asdict(), [words.format(**taken._asdict()).in_(options.lang)])


def verified(options: argparse.Namespace, say: Say) -> Done:
    """Prove every record, the chains, and where issues stand."""
    ledger, _ = opened(options)
    if options.mend:
        refold(ledger)
    say(Text("正在逐条核对", "checking record by record"))
    problems, ends = ledger_problems(ledger), ledger.ends()
    errors = [one for one in problems if one.severity == "error"]
    answer = {"records": ledger.size(), "ends": ends, "problems": [problem_answer(one) for one in problems]}
    lines = [one.line(options.lang) for one in problems]
    if not errors:
        lines.append(SOUND.format(n=f"{ledger.size():,}").in_(options.lang))
    return Done(answer, [*lines, *ends], 1 if errors else 0)


def exported(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (parts are called alike)
    """Write all events as lines of JSON."""
    target = _target(options)
    ledger, _ = opened(options)
    count = export(ledger, target)
    words = Text("{path}：{n} 条记录", "{path}: {records}")
    line = words.format(path=target, n=f"{count:,}", records=counted(count, "event", "events"))
    return Done({"file": str(target), "events": count}, [line.in_(options.lang)])


def photographed(options: argparse.Namespace, say: Say) -> Done:
    """Write the photos of issues, of all where none is named, into a folder, without the camera's notes."""
    target = _target(options)
    ledger, _ = opened(options)
    say(Text("正在去除拍摄信息", "taking out what the camera noted"))
    target.mkdir(parents=True, exist_ok=True)
    names = []
    for issue in options.issues or ledger.photographed():
        for name, picture in bare_photos(workspace_folder(options.folder), ledger.events(issue)):
            (target / name).write_bytes(picture)
            names.append(name)
    words = Text("{path}：{n} 张照片", "{path}: {photos}")
    line = words.format(path=target, n=f"{len(names):,}", photos=counted(len(names), "photo", "photos"))
    return Done({"folder": str(target), "photos": names}, [line.in_(options.lang)])


def merged(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Take in the events of another ledger: a file of it, or its export."""
    ledger, _ = opened(options)
    found = merge(ledger, _given(options))
    words = Text("新增 {new} 条记录，{known} 条已有", "{new} new events, {known} known")
    line = words.format(new=f"{found.new:,}", known=f"{found.known:,}").in_(options.lang)
    answer = {"new": found.new, "known": found.known, "problems": [problem_answer(one) for one in found.problems]}
    errors = any(one.severity == "error" for one in found.problems)
    return Done(answer, [*(one.line(options.lang) for one in found.problems), line], 1 if errors else 0)


def backed_up(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Copy the ledger, whole and proven, while others work."""
    ledger, _ = opened(options)
    kept = backup(ledger, _target(options))
    line = f"{kept.path}  {kept.events:,}  sha256 {kept.sha256}"
    return Done({"file": str(kept.path), "events": kept.events, "sha256": kept.sha256}, [line])


def restored(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Put a backup in place of the ledger, which is kept aside."""
    found = restore(workspace_folder(options.folder).resolve(), _given(options))
    words = Text("已恢复 {n} 条记录", "{records} restored")
    line = words.format(n=f"{found.events:,}", records=counted(found.events, "event", "events")).in_(options.lang)
    kept = None if found.kept is None else str(found.kept)
    return Done({"events": found.events, "kept": kept}, [line, *([kept] if kept else [])])


def rise(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001
    """Raise the issues whose level had its time."""
    ledger, manifest = opened(options)
    as_of = options.at or clock(options, ledger, manifest)
    acts, outcomes = let_rise(ledger, as_of)
    issues = [one.subject for one in acts]
    nothing = Text("没有到期需要提级的问题", "nothing has to rise")
    lines = outcome_lines(outcomes, issues, ledger.rules, options.lang) or [nothing.in_(options.lang)]
    return Done({"as_of": as_of.isoformat(), "now": now().isoformat()} | outcome_answer(outcomes, issues), lines)


def _target(options: argparse.Namespace) -> Path:
    if options.out is None:
        raise UsageError(Text("请用 --out 写明输出文件", "say with --out which file to write"))
    path: Path = options.out
    return path


def _given(options: argparse.Namespace) -> Path:
    if len(options.issues) != 1:
        raise UsageError(Text("请写明一个文件", "name one file"))
    return Path(options.issues[0])


PARTS: Mapping[str, Callable[[argparse.Namespace, Say], Done]] = {
    "start": start,
    "verify": verified,
    "export": exported,
    "photos": photographed,
    "merge": merged,
    "backup": backed_up,
    "restore": restored,
    "rise": rise,
}
