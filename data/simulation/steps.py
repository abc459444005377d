"""Steps of the simulated stories: who does what, how long it takes, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.ledger.log import events as kinds

SHARE, WORK, DAYS = "share", "work", "days"
"""A step takes a share of the time until the issue is fixed, hours of work, or days by the calendar."""
ASSIGNEE = "assignee"


@dataclass(frozen=True)
class Step:
    """A step of a story.

    Attributes:
        kind: of the act.
        who: a role, or "assignee".
        takes: unit, and least and most of it.
        values: of the act.
        wants: what else the act needs: "doer" or "other_doer" (a person), "approver", "until" (days from then),
            "project", "mark" (satisfaction).
    """

    kind: str
    who: str
    takes: tuple[str, float, float]
    values: Mapping[str, Any] = field(default_factory=dict)
    wants: Mapping[str, Any] = field(default_factory=dict)


def _move(state: str, who: str, takes: tuple[str, float, float], text: str | None = None, **wants: Any) -> Step:  # noqa: ANN401 (see Step)
    return Step(kinds.MOVE, who, takes, {"state": state, "text": text}, wants)


def _share(part: float) -> tuple[str, float, float]:
    return (SHARE, part, part)


_SOON, _NEXT = (WORK, 0.5, 6.0), (WORK, 2.0, 14.0)
_BACK = (DAYS, 1.0, 4.0)
_GRANT = {"approver": "street", "until": (12, 40)}
STEPS: Mapping[str, Step] = {
    "accept": _move("accepted", "community", _share(0.06), "模拟：受理立案"),
    "reply": Step(kinds.REACH, "grid_officer", _share(0.04), {"other": "reply", "text": "模拟：已电话答复居民"}),
    "safe": Step(kinds.REACH, "grid_officer", _share(0.05), {"other": "make_safe", "text": "模拟：已设围挡"}),
    "stop": Step(kinds.REACH, "grid_officer", _share(0.02), {"other": "stop", "text": "模拟：已责令停止"}),
    "penalty": Step(kinds.REACH, "grid_officer", _share(0.1), {"other": "penalty", "text": "模拟：已立案处罚"}),
    "assign": _move("assigned", "community", _share(0.1), "模拟：派单", person="doer"),
    "assign_other": _move("assigned", "community", _share(0.05), "模拟：改派", person="other_doer"),
    "hand_over": Step(kinds.ASSIGN, "community", _share(0.05), {"text": "模拟：转交"}, {"person": "other_doer"}),
    "work": _move("working", ASSIGNEE, _share(0.2), "模拟：到场处置"),
    "after": Step(kinds.PHOTO, ASSIGNEE, _share(0.4), {"stage": "after"}),
    "fix": _move("fixed", ASSIGNEE, _share(0.02), "模拟：处置完成，请核查"),
    "pass": _move("closed", "community", _SOON, "模拟：现场核查合格"),
    "fail": _move("rework", "community", _SOON, "模拟：现场核查不合格，请返工"),
    "work_again": _move("working", ASSIGNEE, (WORK, 0.5, 3.0), "模拟：重新处置"),
    "after_again": Step(kinds.PHOTO, ASSIGNEE, (WORK, 1.0, 6.0), {"stage": "after"}),
    "fix_again": _move("fixed", ASSIGNEE, (WORK, 0.1, 0.5), "模拟：返工完成"),
    "call_ok": _move("revisit_ok", "community", _NEXT, "模拟：回访满意", satisfaction=(3, 5)),
    "call_bad": _move("revisit_bad", "community", _NEXT, "模拟：回访不满意，问题又出现", satisfaction=(1, 2)),
    "redo": _move("rework", "community", _SOON, "模拟：居民不满意，返工"),
    "strike": _move("struck", "community", _SOON, "模拟：销号"),
    "strike_off": _move("struck", "community", _NEXT, "模拟：多次联系不上，说明后销号"),
    "strike_unmet": _move("struck", "street", _NEXT, "模拟：诉求超出职责，批准后销号", approver="street"),
    "reopen": _move("accepted", "community", _NEXT, "模拟：问题复发，重新立案"),
    "decline": _move("rejected", "community", (WORK, 0.5, 5.0), "模拟：不属于受理范围"),
    "reconsider": _move("accepted", "community", _NEXT, "模拟：复核后受理"),
    "send_back": _move("accepted", ASSIGNEE, _share(0.1), "模拟：不属本单位职责，退回"),
    "defer": _move("deferred", "street", _share(0.1), "模拟：连续降雨，缓办", **_GRANT),
    "take_assign": _move("assigned", "community", _BACK, "模拟：恢复办理", person="doer"),
    "take_work": _move("working", ASSIGNEE, _BACK, "模拟：恢复处置"),
    "project": _move("to_project", "street", _share(0.2), "模拟：列入改造计划", other="project", until=(60, 150)),
    "drop": _move("accepted", "street", (DAYS, 2.0, 6.0), "模拟：项目取消，退回办理"),
    "project_after": Step(kinds.PHOTO, "grid_officer", (DAYS, 4.0, 9.0), {"stage": "after"}),
    "project_done": _move("fixed", "street", (WORK, 0.5, 2.0), "模拟：项目完工"),
    "pause": Step(kinds.PAUSE, "street", _share(0.1), {"reason": "模拟：等待材料到货"}, {"approver": "street"}),
    "resume": Step(kinds.RESUME, "community", _BACK, {"text": "模拟：材料到货，恢复计时"}),
    "extend": Step(kinds.EXTEND, "community", _share(0.1), {"text": "模拟：工程量大，申请延期"}, {"approver": "street", "until": (2, 6)}),
    "climb": Step(kinds.ESCALATE, "level", (WORK, 0.1, 0.5), {"text": "模拟：本级限时未解决，提级"}, {"level": True}),
    "classify": Step(kinds.CLASSIFY, "grid_officer", _share(0.03), {"text": "模拟：现场核对后更正"}, {"facts": True}),
    "note": Step(kinds.NOTE, "grid_officer", _share(0.02), {"text": "模拟：已到现场查看，情况属实"}),
    "fuse": Step(kinds.FUSE, "grid_officer", (WORK, 0.3, 3.0), {"text": "模拟：与邻近事项重复"}, {"other": "head"}),
    "unfuse": Step(kinds.UNFUSE, "grid_officer", _NEXT, {"text": "模拟：核实为不同问题，拆分"}),
}  # fmt: skip
"""What may happen, by name."""
_LEAD = "accept reply safe stop assign"
_AGAIN = "work_again after_again fix_again"
DONE = "work penalty after fix"
PLAIN = f"{_LEAD} {DONE}"
TAILS: Mapping[str, float] = {
    "pass call_ok strike": 0.5,
    "pass call_ok": 0.12,
    "pass": 0.16,
    "pass strike_off": 0.1,
    f"pass call_bad redo {_AGAIN} pass call_ok strike": 0.06,
    "pass call_bad call_ok strike": 0.03,
    "pass call_bad strike_unmet": 0.03,
}
"""How stories go on after the issue is fixed, with their shares."""
QUICK, SLOW, WORKS, ANY = "quick", "slow", "works", "any"
"""Which issues a story is for: with a limit of a day or less, of days, of a project, or all but those."""
STORIES: tuple[tuple[str, str, int, bool], ...] = (
    ("decline", ANY, 4, False),
    ("accept reply decline", ANY, 3, False),
    (f"decline reconsider reply safe stop assign {DONE}", ANY, 3, True),
    (f"{_LEAD} send_back assign_other {DONE}", SLOW, 4, True),
    (f"{_LEAD} work send_back assign_other {DONE}", SLOW, 3, True),
    (f"{_LEAD} hand_over {DONE}", ANY, 5, True),
    (f"accept reply safe defer take_assign {DONE}", SLOW, 3, True),
    (f"{_LEAD} defer take_work penalty after fix", SLOW, 3, True),
    (f"{_LEAD} work defer take_work penalty after fix", SLOW, 3, True),
    (f"{_LEAD} work defer", SLOW, 3, False),
    (f"{_LEAD} work penalty after fix fail defer take_work after_again fix_again", SLOW, 2, True),
    ("accept reply defer project", SLOW, 2, False),
    (f"{_LEAD} pause resume {DONE}", SLOW, 6, True),
    (f"{_LEAD} work pause resume penalty after fix", SLOW, 6, True),
    (f"{_LEAD} work pause", SLOW, 3, False),
    (f"{_LEAD} work extend penalty after fix", SLOW, 10, True),
    (f"accept reply safe stop climb assign {DONE}", SLOW, 8, True),
    (f"accept reply safe climb assign climb {DONE}", SLOW, 5, True),
    ("accept reply safe climb assign climb work climb after fix", SLOW, 3, True),
    ("accept reply safe climb climb climb climb", SLOW, 3, False),
    (f"{PLAIN} fail {_AGAIN}", ANY, 12, True),
    (f"{PLAIN} fail after_again fix_again", ANY, 6, True),
    (f"{PLAIN} fail after_again fix_again fail {_AGAIN} fail after_again fix_again", ANY, 3, True),
    (f"{PLAIN} pass reopen reply assign {DONE} pass", QUICK, 4, False),
    (f"{PLAIN} pass call_ok reopen reply assign {DONE} pass call_ok", QUICK, 3, False),
    (f"{PLAIN} pass call_ok strike reopen reply assign {DONE} pass call_ok strike", QUICK, 4, False),
    (f"classify {PLAIN}", ANY, 16, True),
    ("", ANY, 10, False),
    ("accept reply", ANY, 8, False),
    ("accept reply safe assign", ANY, 6, False),
    ("accept reply safe assign work", ANY, 6, False),
    (f"{_LEAD} after fix", ANY, 24, True),
    (f"{_LEAD} note {DONE}", ANY, 30, True),
    ("accept reply", WORKS, 6, False),
    ("accept reply safe assign project", WORKS, 6, False),
    ("accept reply safe assign work project", WORKS, 5, False),
    ("accept reply safe assign work after fix fail project", WORKS, 3, False),
    ("accept reply safe project project_after project_done pass call_ok strike", WORKS, 4, False),
    ("accept reply safe project project_after project_done pass", WORKS, 3, False),
    (f"accept reply safe project drop assign {DONE} pass", WORKS, 3, False),
)
"""Stories that are not plain: their steps, for which issues, how many, and whether a tail follows."""
REST = {WORKS: "accept reply safe project"}
"""The story of all other issues; that of most is plain."""
