"""Terms: each deadline worked out by hand; working hours are 8:30 to 12 and 14 to 18."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.ledger.log import events as kinds
from layers.ledger.timing.terms import ALL_REACHED, BY_PLAN, NO_LIMIT, STANDS, Term, term
from tests.layers.ledger.telling import RULES, Told, assigned, fixed, reported, t
from tests.layers.ledger.walking import walks

END = "T23:59:59"
APPROVED = {"approver": "street", "text": "雨天"}


def now(told: Told) -> Term:
    """Give the deadline in force by the rules, which the events must have recorded."""
    found = term(told.case, RULES.work)
    if told.case.state not in {"fixed", "closed"}:
        assert (told.case.stage, told.case.due_at, told.case.final_due_at) == found[:3]
    return found


def test_the_reply_is_due_first_then_the_repair() -> None:
    told = reported("ROAD_PATCH")  # Monday 9:00; reply in 24 h, resolve in 5 work days
    assert now(told) == Term("reply", t("2021-08-03T09:00"), t("2021-08-09" + END), None)
    told.do(kinds.REACH, "2021-08-02T15:00", other="reply")
    assert now(told) == Term("resolve", t("2021-08-09" + END), t("2021-08-09" + END), None)
    assert told.case.deadline_version == 2


def test_a_manhole_is_answered_made_safe_and_replaced() -> None:
    told = reported("MANHOLE", severity=5)
    steps = [("reply", "2021-08-02T10:00"), ("make_safe", "2021-08-02T13:00"), ("replace", "2021-08-03" + END)]
    for stage, moment in steps:
        assert now(told)[:2] == (stage, t(moment))
        told.do(kinds.REACH, "2021-08-02T09:30", other=stage)
    assert now(told) == Term(None, None, t("2021-08-03" + END), ALL_REACHED)
    assert told.events[-1].reason == ALL_REACHED


def test_stages_may_be_reached_out_of_order() -> None:
    told = reported("MANHOLE")
    told.do(kinds.REACH, "2021-08-02T09:30", other="make_safe")
    assert now(told)[:2] == ("reply", t("2021-08-02T10:00"))


def test_severity_tightens_from_the_report_on() -> None:
    told = reported("ROAD_PATCH")
    told.do(kinds.CLASSIFY, "2021-08-03T10:00", facts={"severity": 5})
    assert now(told) == Term("reply", t("2021-08-02T21:00"), t("2021-08-05" + END), None)  # 12 h; 2.5, so 3 work days
    told.do(kinds.CLASSIFY, "2021-08-03T11:00", facts={"severity": 1})
    assert now(told).final_due_at == t("2021-08-09" + END)  # the type's own again, never more


def test_another_type_counts_from_the_report_and_keeps_what_is_done() -> None:
    told = reported("ROAD_PATCH")
    told.do(kinds.REACH, "2021-08-02T10:00", other="reply")
    told.do(kinds.CLASSIFY, "2021-08-02T11:00", facts={"issue_type": "LIGHT_OUT"})
    assert now(told) == Term("resolve", t("2021-08-05" + END), t("2021-08-05" + END), None)


@pytest.mark.parametrize(
    ("issue_type", "since", "until", "final"),
    [
        ("ROAD_PATCH", "2021-08-03T10:00", "2021-08-05T10:00", "2021-08-11" + END),  # two work days
        ("ROAD_PATCH", "2021-08-06T10:00", "2021-08-09T10:00", "2021-08-10" + END),  # over a weekend: one
        ("ROAD_PATCH", "2021-08-03T10:00", "2021-08-03T16:00", "2021-08-09" + END),  # within a day: none
        ("SEWER_BLOCK", "2021-08-02T12:00", "2021-08-02T15:00", "2021-08-03T12:00"),  # three hours of 24
        ("GARBAGE", "2021-08-02T10:00", "2021-08-02T15:00", "2021-08-02T18:00"),  # three work hours after 15:00
        ("LIGHT_NEW", "2021-08-06T10:00", "2021-08-09T10:00", "2021-09-04" + END),  # three days, Sunday counts
    ],
)
@pytest.mark.parametrize("how", ["pause", "deferral"])
def test_a_stop_gives_back_its_time_in_the_unit_of_the_limit(
    how: str, issue_type: str, since: str, until: str, final: str
) -> None:
    told = assigned(issue_type)
    told.do(kinds.REACH, "2021-08-02T09:30", other="reply")
    if how == "pause":
        told.do(kinds.PAUSE, since, reason="等材料", approver="street")
        assert told.case.paused_since == t(since)
    else:
        told.move("deferred", since, until=t("2021-09-30T18:00"), **APPROVED)
    stopped = now(told)
    assert (stopped.stage, stopped.due_at, stopped.reason) == ("resolve", None, STANDS)
    assert stopped.final_due_at is not None
    if how == "pause":
        told.do(kinds.RESUME, until)
    else:
        told.move("working", until)
    assert now(told) == Term("resolve", t(final), t(final), None)


def test_what_is_late_stays_late() -> None:
    told = assigned("SEWER_BLOCK")
    told.do(kinds.REACH, "2021-08-02T09:30", other="reply")
    told.do(kinds.PAUSE, "2021-08-04T09:00", reason="等材料", approver="street")
    assert now(told)[:2] == ("resolve", t("2021-08-03T09:00"))
    told.do(kinds.RESUME, "2021-08-10T09:00")
    assert now(told)[:2] == ("resolve", t("2021-08-03T09:00"))


def test_rework_gives_back_the_time_of_verification() -> None:
    told = fixed("ROAD_PATCH", done="2021-08-04T10:00")
    told.move("rework", "2021-08-06T10:00", text="不平整")  # two work days of waiting
    assert now(told) == Term("resolve", t("2021-08-11" + END), t("2021-08-11" + END), None)
    assert "reply" in told.case.reached  # what is fixed was answered
    told.photo("2021-08-10T09:00")
    told.move("fixed", "2021-08-10T10:00", text="重铺")
    told.move("rework", "2021-08-11T10:00", text="仍不平整")  # and one more
    assert now(told).due_at == t("2021-08-12" + END)
    assert told.case.rework_count == 2


def test_a_resident_who_is_not_satisfied_gives_back_the_time_since_it_was_fixed() -> None:
    told = fixed("ROAD_PATCH", done="2021-08-04T10:00")
    told.move("closed", "2021-08-05T10:00", text="合格")
    told.move("revisit_bad", "2021-08-06T10:00", satisfaction=2, text="又坏了")
    told.move("rework", "2021-08-09T10:00", text="返工")  # from Wednesday to Monday: three work days
    assert now(told) == Term("resolve", t("2021-08-12" + END), t("2021-08-12" + END), None)
    assert told.case.call_back == "not_satisfied"


def test_reopening_starts_a_new_clock() -> None:
    told = fixed("ROAD_PATCH", done="2021-08-03T10:00")
    told.move("closed", "2021-08-04T10:00", text="合格")
    told.move("accepted", "2021-08-16T10:00", text="又坏了")
    assert told.case.since == t("2021-08-16T10:00")
    assert told.case.reported_at == t("2021-08-02T09:00")
    assert now(told) == Term("reply", t("2021-08-17T10:00"), t("2021-08-23" + END), None)
    assert (told.case.pauses, told.case.reached, told.case.closed_at) == ([], set(), None)


def test_an_extension_is_for_its_stage() -> None:
    told = reported("ROAD_PATCH")
    told.do(kinds.EXTEND, "2021-08-02T10:00", until=t("2021-08-05T18:00"), **APPROVED)
    assert now(told) == Term("reply", t("2021-08-05T18:00"), t("2021-08-09" + END), None)
    told.do(kinds.REACH, "2021-08-03T10:00", other="reply")
    told.do(kinds.EXTEND, "2021-08-04T10:00", until=t("2021-08-20T18:00"), **APPROVED)
    assert now(told) == Term("resolve", t("2021-08-20T18:00"), t("2021-08-20T18:00"), None)


def test_an_extension_gives_nothing_where_another_type_has_more_time() -> None:
    told = assigned("GARBAGE")
    told.do(kinds.REACH, "2021-08-02T09:30", other="reply")
    told.do(kinds.EXTEND, "2021-08-02T10:00", until=t("2021-08-03T18:00"), **APPROVED)
    told.do(kinds.CLASSIFY, "2021-08-02T11:00", facts={"issue_type": "ROAD_PATCH"})
    assert now(told).due_at == t("2021-08-09" + END)


def test_a_project_has_a_deadline_of_its_own() -> None:
    told = assigned("ROAD_REBUILD")
    told.do(kinds.REACH, "2021-08-02T10:00", other="reply")
    assert now(told) == Term(None, None, None, BY_PLAN)
    assert told.events[-1].reason == BY_PLAN
    told.move("to_project", "2021-08-05T10:00", other="J1", text="列入计划", until=t("2021-11-30T18:00"))
    assert now(told) == Term("project", t("2021-11-30T18:00"), t("2021-11-30T18:00"), None)
    told.move("fixed", "2021-11-01T10:00", text="完工")
    told.move("rework", "2021-11-03T10:00", text="不合格")
    assert now(told).due_at == t("2021-11-30T18:00")  # the project's, once more


def test_a_project_without_a_date_says_why() -> None:
    told = assigned("ROAD_PATCH")
    told.move("to_project", "2021-08-05T10:00", other="J1", text="列入计划")
    assert now(told) == Term("project", None, None, BY_PLAN)


def test_a_project_that_is_dropped_gives_its_time_back() -> None:
    told = assigned("ROAD_PATCH")
    told.do(kinds.REACH, "2021-08-02T10:00", other="reply")
    told.move("to_project", "2021-08-04T10:00", other="J1", text="列入计划", until=t("2021-11-30T18:00"))
    told.move("accepted", "2021-08-06T10:00", text="项目取消")
    assert now(told) == Term("resolve", t("2021-08-11" + END), t("2021-08-11" + END), None)


def test_a_type_without_limits_says_so() -> None:
    told = reported("NO_SUCH_TYPE")
    assert now(told) == Term(None, None, None, NO_LIMIT)
    assert told.events[0].reason == NO_LIMIT


def test_limits_need_a_beginning() -> None:
    told = reported()
    told.case.since = None
    with pytest.raises(ValueError, match="no beginning"):
        term(told.case, RULES.work)


@settings(max_examples=25)
@given(walks())
def test_no_open_issue_is_without_deadline_or_reason(told: Told) -> None:
    last = next((one for one in reversed(told.events) if one.version is not None), None)
    assert last is not None
    assert last.due_at is not None or last.reason is not None
    if told.case.state not in {"fixed", "closed", "struck", "revisit_ok", "revisit_bad", "rejected"}:
        found = now(told)
        assert found.due_at is not None or found.reason is not None
        assert told.case.due_at is not None or last.reason is not None


@settings(max_examples=25)
@given(walks(), st.integers(1, 400))
def test_a_pause_never_brings_a_deadline_forward(told: Told, hours: int) -> None:
    if RULES.states.loc[str(told.case.state), "clock"] != "runs" or told.case.paused_since or told.case.head:
        return
    before = term(told.case, RULES.work).due_at
    since = told.case.last_at
    assert since is not None
    told.do(kinds.PAUSE, since, reason="等", approver="street")
    told.do(kinds.RESUME, since + timedelta(hours=hours))
    after = term(told.case, RULES.work).due_at
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before
