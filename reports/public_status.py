"""What anybody may know of a report who has its reference: how far it is, by when, what happened. No names, no words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from layers.ledger.acting.rules import Rules
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event
from layers.standards import standard, type_words
from reports.wall import left

SOON = Text("工作人员会尽快处理。", "Staff will see to it.")
PLAIN: Mapping[str, Text] = {
    "new": Text("已收到，等待受理。", "We have it; somebody will look at it."),
    "accepted": Text("已受理，正在安排人员。", "It has been accepted; somebody is being found for it."),
    "assigned": Text("已派人处理。", "Somebody has been sent to deal with it."),
    "working": Text("正在处理。", "Work is under way."),
    "deferred": Text("暂时缓办，会再次安排。", "It has been put off and will be taken up again."),
    "to_project": Text("需要工程解决，已列入项目。", "It needs building work and has become part of a project."),
    "fixed": Text("已处理，正在核查。", "It has been dealt with and is being checked."),
    "rework": Text("核查未通过，正在重新处理。", "The check was not passed; it is being done again."),
    "closed": Text("已办结。", "It is done."),
    "struck": Text("已办结。", "It is done."),
    "revisit_ok": Text("已办结，回访满意。", "It is done, and the person who reported it is satisfied."),
    "revisit_bad": Text(
        "已办结，但回访不满意，将再次处理。", "It was done, but not well enough; it will be taken up again."
    ),
    "rejected": Text("未受理。", "It was not accepted."),
}
RECEIVED = Text("收到上报", "report received")
MERGED = Text("与同一问题的其他上报合并办理", "joined with other reports of the same thing")
PARTED = Text("改为单独办理", "now dealt with by itself")
STEPS: Mapping[str, Text] = {
    kinds.PAUSE: Text("暂停计时", "the clock was stopped"),
    kinds.RESUME: Text("恢复计时", "the clock runs again"),
    kinds.EXTEND: Text("期限延长", "the deadline was extended"),
    kinds.ESCALATE: Text("交上一级协调", "handed to the next level"),
    kinds.PHOTO: Text("添加了照片", "a photo was added"),
}
BY = Text("期限：{due}（{left}）", "Due {due} ({left})")
NO_DUE = Text("此类问题列入计划，没有固定期限。", "This kind of thing is done by plan and has no fixed deadline.")
NEXT = Text("下一步：{role}{deed}", "Next: {role} will {deed}")
MOST = 12


class Status(NamedTuple):
    """A report as the public sees it: what it is, how far it is, by when, what happened with dates."""

    kind: Text
    state: Text
    due: Text | None
    steps: tuple[tuple[datetime, Text], ...]


def status(reference: str, events: Sequence[Event], rules: Rules, now: datetime, *, head: Case | None = None) -> Status:
    """Tell how far a report is.

    Args:
        reference: of the report.
        events: what happened to it.
        rules: of the workspace.
        now: the present.
        head: the issue that it was fused with, whose state and deadline count.
    """
    own = Case.of(reference, events)
    shown = own if head is None else head
    is_open = bool(rules.states["open"].get(str(shown.state), False))
    steps = [(one.at, words) for one in events if (words := _step(one)) is not None]
    state = PLAIN.get(str(shown.state), SOON)
    return Status(
        type_words(str(own.issue_type), folder=rules.folder),
        state,
        _due(shown, now) if is_open else None,
        tuple(steps[-MOST:]),
    )


def _due(case: Case, now: datetime) -> Text:
    due = case.due_at or case.final_due_at
    return NO_DUE if due is None else BY.format(due=f"{due:%Y-%m-%d %H:%M}", left=left(due, now))


def due_words(event: Event, now: datetime) -> Text:
    """Say the deadline that an event set."""
    return (
        NO_DUE
        if event.due_at is None
        else BY.format(due=f"{event.due_at:%Y-%m-%d %H:%M}", left=left(event.due_at, now))
    )


def next_words(state: str, rules: Rules) -> Text | None:
    """Say who is to do what next by the order of the moves, roles without names; None at the end."""
    onward = rules.onward(state)
    if not onward:
        return None
    first, roles = onward[0], standard("roles", rules.folder).set_index("role")
    order = [one for one in ("community", "branch", "street", "grid_officer", "department") if one in first.roles]
    if not order or pd.isna(roles["zh"].get(order[0])):
        return None
    return NEXT.format(role=Text(roles["zh"][order[0]], roles["en"][order[0]]), deed=first.words)


def _step(event: Event) -> Text | None:
    """Say one event without persons and without their words; None for what is no business of the public."""
    if event.kind == kinds.CREATE:
        return RECEIVED
    if event.kind == kinds.FUSE:
        return MERGED
    if event.kind == kinds.UNFUSE:
        return PARTED
    if event.state is not None:
        return PLAIN.get(event.state, SOON)
    return STEPS.get(event.kind)
