"""Decisions: whether an act may be done, and the event that it makes.

Pure: the issue, the rules and the person's rights go in; the event to record comes out, or why not, who may, and
who is next.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from layers.ledger.acting.acts import Act, Powers
from layers.ledger.acting.refusals import Why, refused
from layers.ledger.acting.rules import ACCEPTED, ASSIGNED, FIXED, NEW, RESOLVE, SHUT, TO_PROJECT, Rules
from layers.ledger.acting.states import Move
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from layers.ledger.log.events import Event, details
from layers.ledger.timing.terms import term
from layers.people.tables import APPROVE, LEVELS, TAKE

PHOTO_ROLES = frozenset({"before", "during", "after", "near", "far", "reference"})
SEVERITIES = MARKS = range(1, 6)
"""How satisfied a resident may be."""


def decided(case: Case, act: Act, rules: Rules, powers: Powers, *, other: Case | None = None) -> Event:
    """Give the event that an act makes.

    Args:
        case: the issue as it is.
        act: what is wanted.
        rules: the rules of the workspace.
        powers: of the person who wants it.
        other: the issue that it is to be fused with.

    Raises:
        TransitionError: it may not be done; why, who may, who is next.
    """
    if act.kind not in _MADE:
        raise refused(Why.UNKNOWN_ACT, act, found=act.kind)
    if case.is_known == (act.kind == kinds.CREATE):
        raise refused(Why.KNOWN_ALREADY if case.is_known else Why.NOT_KNOWN, act)
    if case.head is not None and act.kind not in {kinds.NOTE, kinds.PHOTO, kinds.UNFUSE}:
        raise refused(Why.FOLLOWS_HEAD, act, head=case.head)
    _require_right(case, act, powers)
    _require_named(case, act, powers)
    if act.kind == kinds.FUSE:
        _require_group(act, other)
    draft = _MADE[act.kind](case, act, rules, powers)
    return _with_term(case, draft, rules)


def _event(case: Case, act: Act, powers: Powers, **values: Any) -> Event:  # noqa: ANN401 (columns of an event)
    more = dict(act.more) | values.pop("more", {})
    return Event(
        subject=act.subject,
        at=act.at if case.last_at is None else max(act.at, case.last_at),
        by=powers.person_id,
        command_id=act.command_id,
        clock=case.clock + 1,
        details=details(**more),
        **{"kind": act.kind, "text": act.text, "reason": act.reason, **values},
    )


def _require_right(case: Case, act: Act, powers: Powers) -> None:
    grid = case.grid_id if case.is_known else act.facts.get("grid_id")
    if act.kind != kinds.MOVE and not powers.may(_RIGHTS.get(act.kind, act.kind), grid, case):
        raise refused(Why.NO_RIGHT, act, action=_RIGHTS.get(act.kind, act.kind))


def _require_named(case: Case, act: Act, powers: Powers) -> None:
    """Require of the persons whom an act names that they have the right to what they are named for."""
    if act.person is not None and act.person != case.person and not powers.allows(act.person, TAKE, case.grid_id):
        raise refused(Why.NO_TAKER, act, who=act.person, action=TAKE)
    if act.approver is not None and not powers.allows(act.approver, APPROVE, case.grid_id):
        raise refused(Why.NO_APPROVER, act, who=act.approver, action=APPROVE)


def _require_group(act: Act, other: Case | None) -> None:
    if act.other is None or act.other == act.subject or other is None or not other.is_known:
        raise refused(Why.NO_HEAD, act, head=act.other or "")
    if other.head is not None:
        raise refused(Why.HEAD_FOLLOWS, act, head=other.issue_id, root=other.head)


def _with_term(case: Case, draft: Event, rules: Rules) -> Event:
    """Give the event with the deadline that is in force after it, where that changes."""
    after = case.copied()
    after.tell(draft)
    if after.state in SHUT or after.state == FIXED or draft.kind in {kinds.NOTE, kinds.PHOTO, kinds.FUSE, kinds.UNFUSE}:
        return draft
    now = term(after, rules.work)
    if draft.kind != kinds.CREATE and now[:3] == (case.stage, case.due_at, case.final_due_at):
        return draft
    return replace(
        draft,
        version=case.deadline_version + 1,
        stage=now.stage,
        due_at=now.due_at,
        final_due_at=now.final_due_at,
        reason=draft.reason or now.reason,
    )


def _limits(rules: Rules, issue_type: str, severity: int | None) -> list[list[object]]:
    return [[stage, one.amount, one.unit] for stage, one in rules.limits(issue_type, severity)]


def _require_severity(act: Act, severity: object) -> None:
    if severity is not None and (isinstance(severity, bool) or severity not in SEVERITIES):
        raise refused(Why.NO_SEVERITY, act, found=severity)


def _create(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    kind, severity = act.facts.get("issue_type"), act.facts.get("severity")
    if not isinstance(kind, str):
        raise refused(Why.NO_TYPE, act)
    _require_severity(act, severity)
    limits = _limits(rules, kind, severity)
    level = act.level or LEVELS[0]
    return _event(case, act, powers, **act.facts, state=NEW, level=level, more={"limits": limits})


def _move(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    step = rules.moves.get((str(case.state), str(act.state)))
    if step is None:
        raise refused(Why.NO_MOVE, act, case=case, rules=rules)
    if case.paused_since is not None:
        raise refused(Why.PAUSED, act, action=kinds.RESUME)
    if not powers.may_move(step, case):
        raise refused(Why.NOT_YOURS, act, step=step, case=case)
    missing = _missing(case, act, step, rules)
    if missing:
        raise refused(Why.NEEDS, act, needs=missing, step=step)
    values: dict[str, Any] = {"was": case.state, "state": act.state, "person": act.person}
    values |= {"department": act.department, "satisfaction": act.satisfaction}
    more: dict[str, Any] = {} if act.approver is None else {"approver": act.approver}
    if act.until is not None:
        more["until"] = act.until.isoformat()
    if act.state == TO_PROJECT:
        values |= {"other": act.other, "final_due_at": act.until}
    if case.state in SHUT and act.state == ACCEPTED:
        more["limits"] = _limits(rules, str(case.issue_type), case.severity)
    return _event(case, act, powers, **values, more=more)


def _missing(case: Case, act: Act, step: Move, rules: Rules) -> list[str]:
    """Name what a move needs and does not bring, codes of ``state_moves.csv``; "photo" for pictures of the end."""
    brought = {
        "text": bool(act.text and act.text.strip()),
        "person": bool(act.person or case.person),
        "project": bool(act.other),
        "until": act.until is not None and act.until > act.at,
        "approver": bool(act.approver),
        "satisfaction": act.satisfaction in MARKS,
    }
    missing = [one for one in sorted(step.needs) if not brought.get(one, True)]
    if act.until is not None and not brought["until"] and "until" not in missing:
        missing.append("until")
    if "evidence" in step.needs:
        demand = rules.demand(str(case.issue_type))
        missing += ["photo"] * (case.after < demand.photos)
        missing += ["text"] * (demand.text and not brought["text"] and "text" not in missing)
    return missing


def _assign(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    if not act.person and not act.department:
        raise refused(Why.NEEDS, act, needs=["person"])
    if case.state == ACCEPTED:
        return _move(case, replace(act, kind=kinds.MOVE, state=ASSIGNED), rules, powers)
    if case.state == NEW or case.state in SHUT:
        raise refused(Why.NO_ASSIGNMENT, act, case=case, rules=rules)
    return _event(case, act, powers, person=act.person, department=act.department)


def _classify(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    kind = act.facts.get("issue_type", case.issue_type)
    severity = act.facts.get("severity", case.severity)
    _require_severity(act, severity)
    values = {name: value for name, value in act.facts.items() if value is not None}
    limits = _limits(rules, str(kind), severity)
    return _event(case, act, powers, **values, more={"limits": limits})


def _reach(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    stages = [stage for stage, _ in case.limits if stage not in case.reached and stage != RESOLVE]
    if act.other not in stages:
        raise refused(Why.NO_STAGE, act, stages=stages)
    return _event(case, act, powers, other=act.other)


def _pause(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    clock = rules.states.loc[str(case.state), "clock"]
    if clock != "runs" or case.paused_since is not None:
        raise refused(Why.NO_CLOCK, act, case=case, rules=rules)
    missing = [name for name in ("reason", "approver") if not getattr(act, name)]
    if missing:
        raise refused(Why.NEEDS, act, needs=missing)
    return _event(case, act, powers, more={"approver": act.approver})


def _resume(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    if case.paused_since is None:
        raise refused(Why.NOT_PAUSED, act)
    return _event(case, act, powers)


def _extend(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    missing = [name for name in ("until", "approver", "text") if not getattr(act, name)]
    if missing:
        raise refused(Why.NEEDS, act, needs=missing)
    if case.due_at is None or case.stage is None or case.state in SHUT:
        raise refused(Why.NO_CLOCK, act, case=case, rules=rules)
    if act.until is None or act.until <= case.due_at:
        raise refused(Why.NO_MORE_TIME, act, due_at=case.due_at)
    more = {"until": act.until.isoformat(), "approver": act.approver}
    return _event(case, act, powers, other=case.stage, more=more)


def _escalate(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    now = LEVELS.index(case.level) if case.level in LEVELS else -1
    if act.level not in LEVELS[now + 1 :] or case.state in SHUT:
        raise refused(Why.NO_LEVEL, act, levels=LEVELS[now + 1 :])
    return _event(case, act, powers, level=act.level, person=act.person)


def _photo(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    if not act.other or act.stage not in PHOTO_ROLES:
        raise refused(Why.NO_PHOTO, act)
    return _event(case, act, powers, other=act.other, stage=act.stage)


def _note(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    if not act.text:
        raise refused(Why.NEEDS, act, needs=["text"])
    return _event(case, act, powers)


def _fuse(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    return _event(case, act, powers, other=act.other)


def _unfuse(case: Case, act: Act, _rules: Rules, powers: Powers) -> Event:
    if case.head is None:
        raise refused(Why.ALONE, act)
    return _event(case, act, powers)


def _settle(case: Case, act: Act, rules: Rules, powers: Powers) -> Event:
    if not case.is_contested:
        raise refused(Why.NOT_CONTESTED, act)
    if act.state not in rules.states.index or not act.text:
        raise refused(Why.NEEDS, act, needs=["state", "text"])
    return _event(case, act, powers, was=case.state, state=act.state, person=act.person)


_MADE: Mapping[str, Callable[[Case, Act, Rules, Powers], Event]] = {
    kinds.CREATE: _create,
    kinds.MOVE: _move,
    kinds.ASSIGN: _assign,
    kinds.CLASSIFY: _classify,
    kinds.REACH: _reach,
    kinds.PAUSE: _pause,
    kinds.RESUME: _resume,
    kinds.EXTEND: _extend,
    kinds.ESCALATE: _escalate,
    kinds.PHOTO: _photo,
    kinds.NOTE: _note,
    kinds.FUSE: _fuse,
    kinds.UNFUSE: _unfuse,
    kinds.SETTLE: _settle,
}
_RIGHTS = {kinds.CREATE: "report", kinds.UNFUSE: kinds.FUSE}
"""The right that a kind of act asks for where it is not called like the kind; a move asks for a role of its own."""
