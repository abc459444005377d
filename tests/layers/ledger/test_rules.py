"""Rules: stages in their order, sub-kinds that are none, and limits that severity tightens and never loosens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.ledger.acting.rules import SHUT, STAGES, Demand, rules
from layers.ledger.timing.calendar import work_time
from layers.ledger.timing.deadlines import PLAN, Limit, due
from layers.standards import issue_types
from tests.layers.ledger.telling import MONDAY, RULES

TYPES = sorted(map(str, issue_types().index))


def stages(issue_type: str) -> list[str]:
    return [stage for stage, _ in RULES.limits(issue_type)]


@pytest.mark.parametrize(
    ("issue_type", "expected"),
    [
        ("ROAD_PATCH", ["reply", "resolve"]),
        ("MANHOLE", ["reply", "make_safe", "replace"]),
        ("WATER_LEAK", ["reply", "make_safe", "resolve"]),
        ("ROAD_COLLAPSE", ["reply", "make_safe"]),
        ("ILLEGAL_BUILD", ["stop", "penalty", "demolition"]),
        ("GARBAGE", ["reply", "resolve"]),  # not "clean": that is for street cleaning
        ("GREEN", ["reply", "resolve"]),
        ("TOILET", ["reply", "resolve"]),  # not "repair": that is for a fitting
        ("BLD_HAZARD", ["reply", "make_safe", "resolve"]),
        ("OTHER", ["reply"]),
        ("NO_SUCH_TYPE", []),
    ],
)
def test_stages_follow_each_other(issue_type: str, expected: list[str]) -> None:
    assert stages(issue_type) == expected


def test_every_type_has_a_limit_and_known_stages() -> None:
    for one in TYPES:
        assert stages(one), one
        assert set(stages(one)) <= set(STAGES)


def test_a_sub_kind_is_measured_by_its_own_limit_where_there_is_no_other(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    rows = "type,stage,limit,unit\nOTHER,clean,2,work_hour\nOTHER,inspect,1,work_day\nGARBAGE,inspect,1,work_hour\n"
    (tmp_path / "standards" / "deadlines.csv").write_text(rows, encoding="utf-8")
    own = rules(tmp_path)
    assert [stage for stage, _ in own.limits("OTHER")] == ["reply", "clean", "inspect"]
    assert [stage for stage, _ in own.limits("GARBAGE")] == ["reply", "inspect", "resolve"]


@pytest.mark.parametrize(
    ("issue_type", "severity", "expected"),
    [
        ("ROAD_PATCH", None, 5.0),
        ("ROAD_PATCH", 1, 5.0),  # less severe than the type's own, 3: nothing changes
        ("ROAD_PATCH", 3, 5.0),
        ("ROAD_PATCH", 4, 3.75),
        ("ROAD_PATCH", 5, 2.5),
        ("SEWER_BLOCK", 4, 24.0),  # its own
        ("SEWER_BLOCK", 5, 12.0),
        ("MANHOLE", 5, 1.0),  # the most severe already
    ],
)
def test_severity_tightens_the_last_limit(issue_type: str, severity: int | None, expected: float) -> None:
    assert RULES.limits(issue_type, severity)[-1][1].amount == expected


@given(st.sampled_from(TYPES), st.integers(1, 5))
def test_severity_never_loosens(issue_type: str, severity: int) -> None:
    usual, tight = RULES.limits(issue_type), RULES.limits(issue_type, severity)
    assert [stage for stage, _ in usual] == [stage for stage, _ in tight]
    for (_, one), (_, other) in zip(usual, tight, strict=True):
        assert other.unit == one.unit
        assert ends(other) <= ends(one) or one.unit == PLAN


def ends(limit: Limit) -> object:
    return due([MONDAY], [limit.amount], [limit.unit], work_time())[0]  # type: ignore[arg-type]


def test_a_share_above_one_does_not_loosen(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "policy.csv").write_text("key,value\nlimit_share_severity_5,3\n", encoding="utf-8")
    assert rules(tmp_path).limits("ROAD_PATCH", 5)[-1][1] == Limit(5.0, "work_day")


def test_what_a_report_must_bring() -> None:
    assert RULES.demand("ROAD_PATCH") == Demand(1, text=False)
    assert RULES.demand("SERVICE") == Demand(0, text=True)
    assert RULES.demand("NO_SUCH_TYPE") == Demand(1, text=False)


def test_thirteen_states_and_thirty_seven_moves() -> None:
    assert len(RULES.states) == 13
    assert len(RULES.moves) == 37
    assert set(RULES.states.index[~RULES.states["open"].astype(bool)]) == SHUT | {"to_project"}
    assert RULES.words("rework").in_("en") == "to be done again"
    assert [one.becomes for one in RULES.onward("fixed")] == ["closed", "rework"]
    assert RULES.onward("struck")[0].kind == "reopen"
