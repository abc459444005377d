"""What the command line answers of a ledger: JSON values, and the same in lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from geo.text import Lang, Text
from layers.ledger.acting.rising import CLOCK
from layers.ledger.acting.rules import Rules
from layers.ledger.log.events import IMPORTED, Event
from layers.ledger.store.ledger import Outcome
from layers.ledger.store.pages import Page
from layers.standards import standard, type_words
from reports.levels import LEVELS

KIND_WORDS: Mapping[str, Text] = {
    "create": Text("上报", "reported"),
    "reach": Text("阶段完成", "stage reached"),
    "move": Text("流转", "moved"),
    "assign": Text("派给", "assigned"),
    "classify": Text("改类别", "classified"),
    "pause": Text("暂停计时", "clock stopped"),
    "resume": Text("恢复计时", "clock runs again"),
    "extend": Text("延期", "extended"),
    "escalate": Text("提级", "raised"),
    "photo": Text("照片", "photo"),
    "fuse": Text("并入", "fused with"),
    "unfuse": Text("拆分", "parted"),
    "note": Text("备注", "note"),
    "settle": Text("裁定", "settled"),
    "appoint": Text("任命", "appointed"),
    "dismiss": Text("免职", "dismissed"),
}
NO_DEADLINE: Mapping[str, Text] = {
    "by_plan": Text("列入计划", "by plan"),
    "no_limit": Text("该类型没有时限", "its type has no limit"),
    "stands": Text("计时暂停", "the clock stands"),
    "not_dated": Text("原台账没有期限", "its register gave none"),
}


STAGES: Mapping[str, Text] = {
    "reply": Text("答复", "reply"),
    "make_safe": Text("消除危险", "make safe"),
    "resolve": Text("处置", "resolve"),
    "project": Text("项目", "project"),
    "stop": Text("责令停止", "order to stop"),
    "penalty": Text("立案处罚", "penalty"),
    "demolition": Text("拆除", "demolition"),
    "replace": Text("更换修复", "replacement"),
    "repair": Text("设施维修", "repair"),
    "clean": Text("清扫清运", "cleaning"),
}
NO_TYPE = Text("未分类", "no type")
_SHA = 64
BY_ITSELF = {IMPORTED: Text("原台账", "its register"), CLOCK: Text("时限", "the clock")}
"""Who stands in the log where no person acted."""


def value(one: object) -> object:
    """Give a value as JSON takes it: times as ISO text, null for what is missing."""
    if one is None or one is pd.NaT or (isinstance(one, float) and pd.isna(one)):
        return None
    if isinstance(one, datetime):
        return one.isoformat()
    return one.item() if hasattr(one, "item") else one


def page_answer(page: Page, as_of: datetime) -> dict[str, Any]:
    """Give a page of issues."""
    rows = page.cases.reset_index().to_dict("records")
    issues = [{str(key): value(one) for key, one in row.items()} for row in rows]
    return {"as_of": as_of.isoformat(), "total": page.total, "issues": issues}


def page_lines(page: Page, rules: Rules, lang: Lang) -> list[str]:
    """Give a page of issues in lines: lamp, id, state, deadline, person, type."""
    lamps = lamp_words(rules)
    lines = [
        "  ".join(
            (
                lamps[str(row["lamp"])].in_(lang) if row["lamp"] in lamps else "-",
                str(name),
                rules.words(str(row["state"])).in_(lang),
                deadline_words(row).in_(lang),
                "-" if pd.isna(row["person"]) else str(row["person"]),
                kind_words(row["issue_type"], rules).in_(lang),
            )
        )
        for name, row in page.cases.iterrows()
    ]
    more = Text("共 {n} 件，列出 {k} 件", "{n} in all, {k} listed").format(n=f"{page.total:,}", k=len(page.cases))
    return [*lines, more.in_(lang)]


def kind_words(code: Any, rules: Rules) -> Text:  # noqa: ANN401 (a code, or nothing)
    """Give the words of an issue type, also where an issue has none."""
    return NO_TYPE if pd.isna(code) else type_words(str(code), folder=rules.folder)


def lamp_words(rules: Rules) -> dict[str, Text]:
    """Give the words of lamps by code."""
    table = standard("lamps", rules.folder).set_index("lamp")
    return {str(code): Text(str(row["zh"]), str(row["en"])) for code, row in table.iterrows()}


def deadline_words(row: Mapping[str, Any] | pd.Series) -> Text:
    """Say the deadline in force, or why there is none."""
    due = row["due_at"]
    if pd.notna(due):
        return Text.same(f"{pd.Timestamp(due):%Y-%m-%d %H:%M}")
    reason = row.get("no_deadline_reason")
    return NO_DEADLINE.get(str(reason), Text("无期限", "no deadline"))


def event_answer(event: Event) -> dict[str, Any]:
    """Give an event, what says nothing left out."""
    row = {name: value(getattr(event, name)) for name in Event.__dataclass_fields__ if name != "details"}
    said = {name: one for name, one in row.items() if one is not None}
    return {"event_id": event.event_id} | said | {"details": dict(event.facts)}


def event_words(event: Event, rules: Rules, names: Mapping[str, str] | None = None) -> Text:
    """Say what happened in a line; ``names`` are those of people by id."""
    known = names or {}
    parts = [Text.same(f"{event.at:%Y-%m-%d %H:%M}"), KIND_WORDS.get(event.kind, Text.same(event.kind))]
    if event.state is not None:
        parts.append(Text("→ {state}", "→ {state}").format(state=rules.words(event.state)))
    parts += [_part(one) for one in (known.get(event.person or "", event.person), event.level, event.other) if one]
    parts += [Text.same(one) for one in (event.text,) if one]
    if event.version is not None and event.due_at is not None:
        parts.append(Text("期限 {due}", "due {due}").format(due=f"{event.due_at:%Y-%m-%d %H:%M}"))
    approver = event.facts.get("approver")
    if approver:
        parts.append(Text("批准人 {who}", "approved by {who}").format(who=known.get(approver, approver)))
    who = BY_ITSELF.get(event.by) or known.get(event.by, event.by)
    parts.append(Text("（{who}）", "({who})").format(who=who))
    return Text("  ".join(one.zh for one in parts), "  ".join(one.en for one in parts))


def _part(code: str) -> Text:
    """Say a level or a stage in words, the name of a photo short, all else as it is."""
    words = LEVELS.get(code) or STAGES.get(code)
    return words or Text.same(f"{code[:8]}…" if len(code) == _SHA else code)


def outcome_answer(outcomes: Sequence[Outcome], issues: Sequence[str]) -> dict[str, Any]:
    """Give what became of acts, one for each issue."""
    rows = [_outcome(issue, one) for issue, one in zip(issues, outcomes, strict=True)]
    done = sum(one.event is not None for one in outcomes)
    return {"done": done, "refused": len(outcomes) - done, "issues": rows}


def _outcome(issue: str, one: Outcome) -> dict[str, Any]:
    if one.event is not None:
        return {"issue_id": issue, "event_id": one.event.event_id, "is_new": one.is_new, "clock": one.event.clock}
    refusal = one.refusal
    if refusal is None:
        return {"issue_id": issue}
    words = {"zh": refusal.message.zh, "en": refusal.message.en}
    return {"issue_id": issue, "refused": refusal.code, "who": list(refusal.who), "words": words}


def outcome_lines(outcomes: Sequence[Outcome], issues: Sequence[str], rules: Rules, lang: Lang) -> list[str]:
    """Give what became of acts in lines."""
    lines = []
    for issue, one in zip(issues, outcomes, strict=True):
        if one.event is not None:
            lines.append(f"{issue}  {event_words(one.event, rules).in_(lang)}")
        elif one.refusal is not None:
            lines.append(f"{issue}  {one.refusal.message.in_(lang)}")
    return lines
