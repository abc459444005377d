"""Decisions: what is refused, in words that help, in both languages; and what an act records."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TransitionError
from layers.ledger.acting.acts import Anybody
from layers.ledger.acting.decisions import decided
from layers.ledger.acting.refusals import WORDS, Why
from layers.ledger.acting.states import Move
from layers.ledger.log import events as kinds
from layers.ledger.log.case import Case
from tests.layers.ledger.telling import MONDAY, RULES, Told, assigned, fixed, reported, t
from tests.layers.ledger.walking import walks

LATER = "2021-08-04T10:00"
CHINESE = re.compile("[\u4e00-\u9fff]")
STATES = list(map(str, RULES.states.index))


@dataclass(frozen=True)
class Nobody:
    """Powers of somebody without any role."""

    person_id: str = "nobody"
    moves: bool = False

    def may(self, _action: str, _grid_id: str | None, _case: Case) -> bool:
        return self.moves

    def may_move(self, _move: Move, _case: Case) -> bool:
        return False

    def allows(self, _person_id: str, _action: str, _grid_id: str | None) -> bool:
        return False


class Chief(Anybody):
    """Powers of somebody who may do everything, among people who may do nothing."""

    def allows(self, _person_id: str, _action: str, _grid_id: str | None) -> bool:
        return False


def in_state(state: str) -> Told:
    """Give an issue that stands in a state, with everything at hand that a move may need but words."""
    told = reported()
    told.case.state, told.case.person = state, "p"
    told.case.after = 1
    return told


def without(powers: Nobody) -> Callable[[], Told]:
    def made() -> Told:
        told = reported()
        told.powers = powers
        return told

    return made


def among_nobodies() -> Told:
    told = assigned()
    told.powers = Chief()
    return told


def following() -> Told:
    told = reported()
    told.do(kinds.FUSE, MONDAY, other="H", other_case=Case("H", state="new"))
    return told


def paused() -> Told:
    told = assigned()
    told.do(kinds.PAUSE, MONDAY, reason="等材料", approver="street")
    return told


ONWARD = (
    "accept the case (branch, community, district, street office), "
    "decline it (branch, community, district, street office)"
)
TAKERS = ("branch", "building_chief", "community", "department", "grid_officer", "lane_chief", "street", "volunteer")
Refusal = tuple[Why, Callable[[], Told], str, dict[str, Any], tuple[str, ...], str]
REFUSALS: list[Refusal] = [
    (Why.UNKNOWN_ACT, reported, "fly", {}, (), "fly is no act"),
    (Why.KNOWN_ALREADY, reported, kinds.CREATE, {"facts": {"issue_type": "GAS"}}, (), "issue A is in the ledger already"),
    (Why.NOT_KNOWN, Told, kinds.NOTE, {"text": "x"}, (), "issue A is not in the ledger; report it first"),
    (Why.FOLLOWS_HEAD, following, kinds.MOVE, {"state": "accepted"}, (), "issue A follows H: act on H, or part them first"),
    (
        Why.NO_RIGHT,
        without(Nobody()),
        kinds.PAUSE,
        {"reason": "x", "approver": "y"},
        ("district", "street"),
        '"stop the clock" is for district, street office; you have no such role where issue A lies',
    ),
    (
        Why.NO_TAKER,
        among_nobodies,
        kinds.ASSIGN,
        {"person": "q"},
        TAKERS,
        ("q cannot be given issue A, having no such role where it lies: it takes branch, building chief, community, "
        "department, grid officer, lane chief, street office, volunteer"),
    ),
    (
        Why.NO_APPROVER,
        among_nobodies,
        kinds.PAUSE,
        {"reason": "x", "approver": "q"},
        ("district", "street"),
        'q cannot approve this for issue A; "approve deferrals, pauses and extensions" is for district, street office',
    ),
    (Why.NO_HEAD, reported, kinds.FUSE, {"other": "H"}, (), "there is no other issue H to fuse with"),
    (
        Why.HEAD_FOLLOWS,
        reported,
        kinds.FUSE,
        {"other": "H", "other_case": Case("H", state="new", head="R")},
        (),
        "H follows R: fuse with R",
    ),
    (Why.NO_TYPE, Told, kinds.CREATE, {"facts": {"severity": 3}}, (), "the new issue A has no type"),
    (
        Why.NO_SEVERITY,
        Told,
        kinds.CREATE,
        {"facts": {"issue_type": "GAS", "severity": "high"}},
        (),
        'severity of issue A runs from 1 to 5 and cannot be "high"',
    ),
    (Why.NO_SEVERITY, reported, kinds.CLASSIFY, {"facts": {"severity": 6}}, (), 'severity of issue A runs from 1 to 5 and cannot be "6"'),
    (
        Why.NO_MOVE,
        reported,
        kinds.MOVE,
        {"state": "closed"},
        ("branch", "community", "district", "street"),
        f'issue A is "new" and cannot become "closed"; it may: {ONWARD}',
    ),
    (
        Why.PAUSED,
        paused,
        kinds.MOVE,
        {"state": "working"},
        ("community", "district", "street"),
        "the clock of issue A is paused: it must run first, which is for community, district, street office",
    ),
    (
        Why.NOT_YOURS,
        without(Nobody(moves=True)),
        kinds.MOVE,
        {"state": "accepted"},
        ("branch", "community", "district", "street"),
        '"accept the case" is for branch, community, district, street office; you have no such role where issue A lies',
    ),
    (
        Why.NEEDS,
        assigned,
        kinds.MOVE,
        {"state": "fixed"},
        ("assignee", "department", "grid_officer"),
        "issue A still needs: a photo of the result",
    ),
    (
        Why.NO_ASSIGNMENT,
        reported,
        kinds.ASSIGN,
        {"person": "p"},
        ("branch", "community", "district", "street"),
        f'issue A is "new" and cannot be assigned; it may: {ONWARD}',
    ),
    (Why.NO_STAGE, reported, kinds.REACH, {"other": "make_safe"}, (), "issue A has no open stage make_safe; open: reply"),
    (
        Why.NO_CLOCK,
        fixed,
        kinds.PAUSE,
        {"reason": "x", "approver": "y"},
        ("branch", "building_chief", "community", "lane_chief", "street"),
        'issue A is "fixed, to be verified" and has no running deadline',
    ),
    (Why.NOT_PAUSED, reported, kinds.RESUME, {}, (), "issue A is not paused"),
    (
        Why.NO_MORE_TIME,
        reported,
        kinds.EXTEND,
        {"until": t("2021-08-03T09:00"), "approver": "street", "text": "x"},
        (),
        "an extension must end after the deadline in force, 2021-08-03 09:00",
    ),
    (Why.NO_LEVEL, reported, kinds.ESCALATE, {"level": "courtyard"}, (), "issue A can rise to: branch, community, street, district"),
    (Why.NO_PHOTO, reported, kinds.PHOTO, {"other": "x", "stage": "selfie"}, (), "no photo, or its role (before, during, after) is missing"),
    (Why.ALONE, reported, kinds.UNFUSE, {}, (), "issue A follows no other"),
    (
        Why.NOT_CONTESTED,
        assigned,
        kinds.SETTLE,
        {"state": "closed", "text": "x"},
        (),
        "nothing that was written of issue A contradicts anything else: there is nothing to settle",
    ),
]  # fmt: skip


def refusal(told: Told, kind: str, at: str = LATER, **values: Any) -> TransitionError:
    before = repr(told.case)
    with pytest.raises(TransitionError) as caught:
        told.do(kind, at, **values)
    assert repr(told.case) == before
    return caught.value


@pytest.mark.parametrize(("why", "made", "kind", "values", "who", "words"), REFUSALS, ids=lambda one: str(one)[:20])
def test_each_refusal_says_why_and_who_may(
    why: Why, made: Callable[[], Told], kind: str, values: dict[str, Any], who: tuple[str, ...], words: str
) -> None:
    found = refusal(made(), kind, **values)
    assert (found.code, found.who, found.message.in_("en")) == (why, who, words)
    assert CHINESE.search(found.message.in_("zh"))
    assert not re.search(r"[{}]", found.message.in_("zh") + found.message.in_("en"))


def test_every_refusal_has_words_and_a_test() -> None:
    assert set(WORDS) == set(Why) == {one[0] for one in REFUSALS}


def test_a_refusal_names_the_person_at_present() -> None:
    told = assigned()
    told.powers = Nobody(moves=True)
    said = refusal(told, kinds.MOVE, state="working").message
    assert said.in_("en") == (
        '"begin the work" is for the person responsible, department, grid officer, at present p; '
        "you have no such role where issue A lies"
    )
    assert "现责任人 p" in said.in_("zh")


@pytest.mark.parametrize("state", STATES)
def test_exactly_the_moves_of_the_table_are_allowed(state: str) -> None:
    values = {
        "text": "说明",
        "person": "p",
        "other": "J1",
        "until": t("2021-12-01"),
        "approver": "s",
        "satisfaction": 4,
    }
    for wanted in STATES:
        told = in_state(state)
        if (state, wanted) in RULES.moves:
            assert told.do(kinds.MOVE, LATER, state=wanted, **values).state == wanted
        else:
            assert refusal(told, kinds.MOVE, state=wanted, **values).code == Why.NO_MOVE


@pytest.mark.parametrize(("state", "wanted"), sorted(RULES.moves))
def test_each_move_needs_what_the_table_says(state: str, wanted: str) -> None:
    step = RULES.moves[state, wanted]
    names = {"project": "other", "evidence": None}
    every = {"text": "说明", "person": "p", "other": "J1", "until": t("2021-12-01"), "approver": "s", "satisfaction": 4}
    given = {k: v for k, v in every.items() if k in {names.get(one, one) for one in step.needs}}
    assert in_state(state).do(kinds.MOVE, LATER, state=wanted, **given).state == wanted
    for need in step.needs:
        told = in_state(state)
        told.case.person = None if need == "person" else "p"
        told.case.after = 0
        left = {k: v for k, v in given.items() if k != names.get(need, need)}
        found = refusal(told, kinds.MOVE, state=wanted, **left)
        assert (found.code, found.who) == (Why.NEEDS, tuple(sorted(step.roles)))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": "  ", "until": t("2021-09-01"), "approver": "s"}, "words"),
        ({"text": "雨", "until": t("2021-08-04T10:00"), "approver": "s"}, "a date after now"),
        ({"text": "雨"}, "who approved it, a date after now"),
    ],
)
def test_a_deferral_needs_words_a_date_and_approval(values: dict[str, Any], words: str) -> None:
    told = assigned()
    assert refusal(told, kinds.MOVE, state="deferred", **values).message.in_("en") == f"issue A still needs: {words}"


def test_a_project_cannot_be_due_in_the_past() -> None:
    said = refusal(assigned(), kinds.MOVE, state="to_project", other="J1", text="x", until=t("2021-08-01"))
    assert said.message.in_("en") == "issue A still needs: a date after now"


@pytest.mark.parametrize("mark", [None, 0, 6])
def test_satisfaction_is_from_one_to_five(mark: int | None) -> None:
    told = fixed()
    told.move("closed", LATER, text="合格")
    assert refusal(told, kinds.MOVE, state="revisit_ok", satisfaction=mark).code == Why.NEEDS


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (kinds.ASSIGN, {}, "the person responsible"),
        (kinds.PAUSE, {"reason": "等"}, "who approved it"),
        (kinds.PAUSE, {"approver": "s"}, "the reason"),
        (kinds.EXTEND, {"until": t("2021-12-01"), "text": "x"}, "who approved it"),
        (kinds.EXTEND, {"approver": "s", "text": "x"}, "a date after now"),
        (kinds.EXTEND, {"until": t("2021-12-01"), "approver": "s"}, "words"),
        (kinds.NOTE, {}, "words"),
    ],
)
def test_other_acts_need_something_too(kind: str, values: dict[str, Any], words: str) -> None:
    found = refusal(assigned(), kind, **values)
    assert (found.code, found.message.in_("en")) == (Why.NEEDS, f"issue A still needs: {words}")


def test_evidence_is_a_photo_of_the_end_since_work_last_began() -> None:
    told = fixed()
    told.move("rework", LATER, text="不平整")
    assert refusal(told, kinds.MOVE, state="fixed").code == Why.NEEDS  # the photo of before counts no more
    told.photo(LATER, "before")
    assert refusal(told, kinds.MOVE, state="fixed").code == Why.NEEDS
    told.photo(LATER)
    assert told.move("fixed", LATER).state == "fixed"
    wordy = assigned("SERVICE")
    assert refusal(wordy, kinds.MOVE, state="fixed").message.in_("en") == "issue A still needs: words"
    assert wordy.move("fixed", LATER, text="已协调").state == "fixed"


def test_the_repair_is_reached_by_reporting_it_fixed_and_not_by_itself() -> None:
    found = refusal(reported(), kinds.REACH, other="resolve")
    assert found.code == Why.NO_STAGE


def test_a_third_failure_is_counted() -> None:
    told = fixed()
    for number in range(1, 4):
        told.move("rework", LATER, text="不合格")
        assert told.case.rework_count == number
        told.photo(LATER)
        told.move("fixed", LATER)
    told.move("closed", LATER, text="合格")
    assert (told.case.rework_count, told.case.state, told.case.closed_at) == (3, "closed", t(LATER))


def test_levels_only_rise() -> None:
    told = assigned()
    assert told.do(kinds.ESCALATE, LATER, level="community", person="c").person == "c"
    assert told.case.level == "community"
    said = refusal(told, kinds.ESCALATE, level="branch").message
    assert said.in_("en") == "issue A can rise to: street, district"


def test_an_assignment_of_an_accepted_issue_moves_it() -> None:
    told = reported()
    told.move("accepted", MONDAY)
    event = told.do(kinds.ASSIGN, MONDAY, person="p", department="市政")
    assert (event.kind, event.was, event.state, event.person, event.department) == (
        "move",
        "accepted",
        "assigned",
        "p",
        "市政",
    )
    event = told.do(kinds.ASSIGN, LATER, person="q")
    assert (event.kind, event.state, event.person) == ("assign", None, "q")


def test_a_clock_that_is_behind_does_not_turn_time_back() -> None:
    told = assigned(at=LATER)
    assert told.do(kinds.NOTE, MONDAY, text="x").at == t(LATER)


def test_deciding_changes_nothing_by_itself() -> None:
    told = assigned()
    before = repr(told.case)
    event = decided(told.case, told.act(kinds.MOVE, LATER, state="working"), RULES, Anybody())
    assert repr(told.case) == before
    assert event == decided(told.case, told.act(kinds.MOVE, LATER, state="working"), RULES, Anybody())


def test_what_is_contested_can_be_settled_once() -> None:
    told = assigned()
    event = decided(told.case, told.act(kinds.MOVE, LATER, state="working"), RULES, Anybody())
    told.do(kinds.MOVE, LATER, state="accepted", text="退回")
    told.case.tell(
        replace(event, command_id="v1", writer="elsewhere")
    )  # at the same clock, from a state that it has left
    assert (told.case.is_contested, told.case.state) == (True, "accepted")
    assert refusal(told, kinds.SETTLE, state="working").code == Why.NEEDS
    assert refusal(told, kinds.SETTLE, state="flying", text="x").code == Why.NEEDS
    told.do(kinds.SETTLE, LATER, state="working", text="以现场为准", person="q")
    assert (told.case.is_contested, told.case.state, told.case.person) == (False, "working", "q")
    assert refusal(told, kinds.SETTLE, state="closed", text="x").code == Why.NOT_CONTESTED


def test_a_settlement_while_the_clock_is_paused_stops_it_only_once() -> None:
    told = paused()
    pause = told.events[-1]
    event = decided(assigned().case, told.act(kinds.MOVE, MONDAY, state="working"), RULES, Anybody())
    told.case.tell(replace(event, command_id="v1", writer="elsewhere"))
    assert told.case.is_contested
    told.do(kinds.SETTLE, LATER, state="deferred", text="先缓办")
    told.do(kinds.RESUME, "2021-08-05T10:00")
    told.move("working", "2021-08-06T10:00")
    assert [(one.since, one.until) for one in told.case.pauses] == [(pause.at, t("2021-08-06T10:00"))]


@settings(max_examples=40)
@given(walks(), st.sampled_from(kinds.KINDS), st.sampled_from(STATES))
def test_any_act_is_decided_or_refused(told: Told, kind: str, state: str) -> None:
    values = {"state": state, "text": "x", "other": "reply", "person": "p"}
    try:
        event = told.do(kind, "2021-12-01T09:00", **values)
    except TransitionError:
        found = refusal(told, kind, "2021-12-01T09:00", **values)
        assert found.code in set(Why)
        assert CHINESE.search(found.message.in_("zh"))
    else:
        assert event.clock == told.case.clock
