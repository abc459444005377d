"""Refusals: why something may not be done to an issue, who may, and what to do instead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from geo.errors import ConflictError, TransitionError
from geo.text import Text
from layers.ledger.acting.rules import Rules
from layers.ledger.acting.states import Move
from layers.ledger.log.case import Case
from layers.standards import standard

if TYPE_CHECKING:
    from layers.ledger.acting.acts import Act

NEEDS: Mapping[str, Text] = {
    "text": Text("说明", "words"),
    "person": Text("责任人", "the person responsible"),
    "project": Text("项目编号", "the project's id"),
    "until": Text("晚于现在的截止时间", "a date after now"),
    "approver": Text("批准人", "who approved it"),
    "satisfaction": Text("满意度 1 至 5", "satisfaction from 1 to 5"),
    "photo": Text("整改后照片", "a photo of the result"),
    "reason": Text("原因", "the reason"),
    "state": Text("状态", "the state"),
}


class Why(StrEnum):
    """Why an act is refused."""

    UNKNOWN_ACT = "unknown_act"
    KNOWN_ALREADY = "known_already"
    NOT_KNOWN = "not_known"
    FOLLOWS_HEAD = "follows_head"
    NO_RIGHT = "no_right"
    NO_TAKER = "no_taker"
    NO_APPROVER = "no_approver"
    NO_HEAD = "no_head"
    HEAD_FOLLOWS = "head_follows"
    NO_TYPE = "no_type"
    NO_SEVERITY = "no_severity"
    NO_MOVE = "no_move"
    PAUSED = "paused"
    NOT_YOURS = "not_yours"
    NEEDS = "needs"
    NO_ASSIGNMENT = "no_assignment"
    NO_STAGE = "no_stage"
    NO_CLOCK = "no_clock"
    NOT_PAUSED = "not_paused"
    NO_MORE_TIME = "no_more_time"
    NO_LEVEL = "no_level"
    NO_PHOTO = "no_photo"
    ALONE = "alone"
    NOT_CONTESTED = "not_contested"


WORDS: Mapping[Why, Text] = {
    Why.UNKNOWN_ACT: Text("不认识的操作 {found}", "{found} is no act"),
    Why.KNOWN_ALREADY: Text("问题 {issue} 已经登记", "issue {issue} is in the ledger already"),
    Why.NOT_KNOWN: Text("台账中没有问题 {issue}；请先登记", "issue {issue} is not in the ledger; report it first"),
    Why.FOLLOWS_HEAD: Text(
        "问题 {issue} 已并入 {head}，请在 {head} 上办理，或先拆分",
        "issue {issue} follows {head}: act on {head}, or part them first",
    ),
    Why.NO_RIGHT: Text(
        "“{action}”须由{roles}办理；您在问题 {issue} 所在网格没有这一角色",
        '"{action}" is for {roles}; you have no such role where issue {issue} lies',
    ),
    Why.NO_TAKER: Text(
        "{who} 在问题 {issue} 所在网格不能承办事项；“{action}”须是{roles}",
        "{who} cannot be given issue {issue}, having no such role where it lies: it takes {roles}",
    ),
    Why.NO_APPROVER: Text(
        "{who} 在问题 {issue} 所在网格无权批准；“{action}”须由{roles}办理",
        '{who} cannot approve this for issue {issue}; "{action}" is for {roles}',
    ),
    Why.NO_HEAD: Text("找不到要并入的问题 {head}", "there is no other issue {head} to fuse with"),
    Why.HEAD_FOLLOWS: Text("{head} 已并入 {root}，请并入 {root}", "{head} follows {root}: fuse with {root}"),
    Why.NO_TYPE: Text("新问题 {issue} 缺少类型", "the new issue {issue} has no type"),
    Why.NO_SEVERITY: Text(
        "问题 {issue} 的严重程度应为 1 至 5，不能是“{found}”",
        'severity of issue {issue} runs from 1 to 5 and cannot be "{found}"',
    ),
    Why.NO_MOVE: Text(
        "问题 {issue} 现为“{state}”，不能改为“{wanted}”；可以：{onward}",
        'issue {issue} is "{state}" and cannot become "{wanted}"; it may: {onward}',
    ),
    Why.PAUSED: Text(
        "问题 {issue} 正暂停计时；请先由{roles}恢复计时",
        "the clock of issue {issue} is paused: it must run first, which is for {roles}",
    ),
    Why.NOT_YOURS: Text(
        "“{step}”须由{roles}办理{person}；您在问题 {issue} 所在网格没有这一角色",
        '"{step}" is for {roles}{person}; you have no such role where issue {issue} lies',
    ),
    Why.NEEDS: Text("问题 {issue} 还缺：{needs}", "issue {issue} still needs: {needs}"),
    Why.NO_ASSIGNMENT: Text(
        "问题 {issue} 现为“{state}”，不能派单；可以：{onward}",
        'issue {issue} is "{state}" and cannot be assigned; it may: {onward}',
    ),
    Why.NO_STAGE: Text(
        "问题 {issue} 没有待完成的阶段 {wanted}；还有：{stages}",
        "issue {issue} has no open stage {wanted}; open: {stages}",
    ),
    Why.NO_CLOCK: Text(
        "问题 {issue} 现为“{state}”，没有运行中的期限", 'issue {issue} is "{state}" and has no running deadline'
    ),
    Why.NOT_PAUSED: Text("问题 {issue} 没有暂停", "issue {issue} is not paused"),
    Why.NO_MORE_TIME: Text(
        "延期应晚于现有期限 {due_at}", "an extension must end after the deadline in force, {due_at}"
    ),
    Why.NO_LEVEL: Text("问题 {issue} 只能上升到：{levels}", "issue {issue} can rise to: {levels}"),
    Why.NO_PHOTO: Text(
        "缺少照片，或照片没有整改前、整改中、整改后等用途", "no photo, or its role (before, during, after) is missing"
    ),
    Why.ALONE: Text("问题 {issue} 没有并入其他问题", "issue {issue} follows no other"),
    Why.NOT_CONTESTED: Text(
        "问题 {issue} 没有相互冲突的记录，无需裁定；请按流程办理",
        "nothing that was written of issue {issue} contradicts anything else: there is nothing to settle",
    ),
}
NOBODY = Text("无", "none")


def refused(code: Why, act: "Act", **values: Any) -> TransitionError:  # noqa: ANN401 (what the words name)
    """Make the refusal of an act.

    Args:
        code: why.
        act: what was wanted.
        values: what the words name; ``case`` and ``rules`` for the state and the moves that are open instead.
    """
    named: dict[str, object] = {"issue": act.subject, "wanted": act.state or act.other or ""}
    case, rules, step = values.pop("case", None), values.pop("rules", None), values.pop("step", None)
    who: tuple[str, ...] = ()
    if case is not None and rules is not None:
        named |= _onward(case, rules, act)
        who = tuple(sorted({role for one in rules.onward(str(case.state)) for role in one.roles}))
    if step is not None:
        named |= _step(step, case)
        who = tuple(sorted(step.roles))
    if "action" in values:
        right = standard("rights").set_index("action").loc[str(values.pop("action"))]
        named |= {"action": Text(str(right["zh"]), str(right["en"])), "roles": _roles(str(right["roles"]).split("|"))}
        who = tuple(sorted(str(right["roles"]).split("|")))
    named |= {name: _said(name, value) for name, value in values.items()}
    return TransitionError(WORDS[code].format(**named), code=code, who=who)


def conflict(act: "Act", case: Case, rules: Rules) -> ConflictError:
    """Make the refusal of an act on an issue that has moved on since the person saw it."""
    words = Text(
        "问题 {issue} 刚被他人改动，现为“{state}”{person}；请查看后再试，您的操作没有写入",
        'somebody else has just changed issue {issue}: it is "{state}"{person} now; look and try again, nothing was written',
    )
    person = "" if case.person is None else Text("，责任人 {who}", ", with {who}").format(who=case.person)
    return ConflictError(
        words.format(issue=act.subject, state=rules.words(str(case.state)), person=person), code="conflict"
    )


def _onward(case: Case, rules: Rules, act: "Act") -> dict[str, object]:
    steps = [
        Text("{words}（{roles}）", "{words} ({roles})").format(words=one.words, roles=_roles(one.roles))
        for one in rules.onward(str(case.state))
    ]
    wanted = rules.words(act.state) if act.state and act.state in rules.states.index else act.state or ""
    return {"state": rules.words(str(case.state)), "wanted": wanted, "onward": _list(steps)}


def _step(step: Move, case: Case | None) -> dict[str, object]:
    person = (
        ""
        if case is None or case.person is None
        else Text("，现责任人 {who}", ", at present {who}").format(who=case.person)
    )
    return {"step": step.words, "roles": _roles(step.roles), "person": person}


def _said(name: str, value: object) -> object:
    if name == "needs" and isinstance(value, list):
        return _list([NEEDS[one] for one in value])
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _list([Text.same(str(one)) for one in value])
    return value


def _roles(codes: Iterable[str]) -> Text:
    table = standard("roles").set_index("role")
    words = {str(code): Text(str(row["zh"]), str(row["en"])) for code, row in table.iterrows()}
    words["assignee"] = Text("责任人", "the person responsible")
    words["author"] = Text("提出人", "the person who reported it")
    return _list([words.get(one, Text.same(one)) for one in sorted(codes)])


def _list(words: Sequence[Text]) -> Text:
    return Text("、".join(one.zh for one in words), ", ".join(one.en for one in words)) if words else NOBODY
