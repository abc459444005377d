"""Terms: which stage of an issue is due next, and when, out of its limits, pauses and extensions."""

from datetime import datetime
from typing import NamedTuple

from layers.ledger.acting.rules import PROJECT, TO_PROJECT
from layers.ledger.log.case import Case
from layers.ledger.timing.calendar import WorkTime
from layers.ledger.timing.deadlines import PLAN, Deadline, Extension, deadline

BY_PLAN, NO_LIMIT, STANDS, ALL_REACHED = "by_plan", "no_limit", "stands", "all_reached"
"""Why there is no deadline: it becomes a project, its type has no limit, the clock stands, or no stage is left."""


class Term(NamedTuple):
    """The deadline in force: the stage, its moment, that of the last stage, and why there is none."""

    stage: str | None
    due_at: datetime | None
    final_due_at: datetime | None
    reason: str | None


def term(case: Case, work: WorkTime) -> Term:
    """Give the deadline in force: of the stages that are not done the one that is due first.

    The last stage keeps its moment while the clock stands, so that it is known in which period it would have
    fallen; the deadline in force then is none.
    """
    if case.state == TO_PROJECT:
        return Term(PROJECT, case.project_due_at, case.project_due_at, None if case.project_due_at else BY_PLAN)
    if not case.limits:
        return Term(None, None, None, NO_LIMIT)
    dues = {stage: _deadline(case, stage, work) for stage, _ in case.limits}
    moments = {stage: one.stood_at for stage, one in dues.items()}
    final = max((one for one in moments.values() if one is not None), default=None)
    if any(limit.unit == PLAN for _, limit in case.limits):
        final = None
    open_stages = [stage for stage in moments if stage not in case.reached and moments[stage] is not None]
    stage = min(open_stages, key=lambda one: (moments[one], one), default=None)
    if stage is None and final is None and case.project_due_at is not None:  # its project was not done well enough
        return Term(PROJECT, case.project_due_at, case.project_due_at, None)
    if stage is None:
        return Term(None, None, final, BY_PLAN if final is None else ALL_REACHED)
    if dues[stage].is_paused:
        return Term(stage, None, final, STANDS)
    return Term(stage, moments[stage], final, None)


def _deadline(case: Case, stage: str, work: WorkTime) -> Deadline:
    limit = dict(case.limits)[stage]
    if case.since is None:
        msg = f"the limits of {case.issue_id} have no beginning"
        raise ValueError(msg)
    granted: list[Extension] = []
    for one in (one for name, one in case.extensions if name == stage):
        before = [pause for pause in case.pauses if pause.since <= one.at]
        now = deadline(case.since, limit, work, pauses=before, extensions=granted).stood_at
        if now is not None and one.until > now:  # of two granted at once, or after another type, only what adds time
            granted.append(one)
    return deadline(case.since, limit, work, pauses=case.pauses, extensions=granted)
