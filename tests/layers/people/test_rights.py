"""Rights: never beyond the area, never beyond the time, inherited by what lies inside; and refusals that help."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from layers.ledger.acting.states import moves
from layers.people.appointments import Appointment, Register, responsible
from layers.people.areas import Areas, areas
from layers.people.orders import order_moves
from layers.people.refusals import why_not, why_not_appoint, why_not_dismiss, why_not_move
from layers.people.rights import (
    Hands,
    Rights,
    may,
    may_appoint,
    may_each,
    may_move,
    open_to_all,
    owners,
    public_rights,
    rights,
)
from layers.people.rules import ACTION_OF, rules
from layers.people.tables import AREA, ASSIGNEE, AUTHOR, CASE, WORKSPACE

RULES = rules()
AT = datetime.fromisoformat("2021-06-01T09:00")
START = datetime.fromisoformat("2021-01-01")
PARENTS = {"D": None, "A": "D", "A1": "A", "A2": "A", "B": "D", "B1": "B"}
TREE = Areas(PARENTS, {"A": "东片", "A1": "东一"})
ACTIONS, ROLES = list(RULES.actions), list(RULES.roles)
CHINESE = re.compile("[\u4e00-\u9fff]")


def office(person: str, role: str, grid: str | None = None, **rest: object) -> Appointment:
    return Appointment(person, role, grid, START, **rest)  # type: ignore[arg-type]


def of(*held: Appointment, person: str = "p", at: datetime = AT, tree: Areas = TREE) -> Rights:
    return rights(held, person, at, tree, rules=RULES)


appointments = st.builds(
    lambda person, role, grid, start, days, department: Appointment(
        person,
        role,
        grid,
        AT + timedelta(days=start),
        None if days is None else AT + timedelta(days=start + days),
        department if role == "department" else None,
    ),
    st.sampled_from(["p", "q"]),
    st.sampled_from(ROLES),
    st.sampled_from([*PARENTS, None, "gone"]),
    st.integers(-20, 20),
    st.none() | st.integers(0, 20),
    st.sampled_from(["市政", "环卫", None]),
)
hands = st.builds(
    Hands, st.sampled_from(["p", "q", None]), st.sampled_from(["市政", "环卫", None]), st.sampled_from(["p", "q", None])
)
places = st.sampled_from([*PARENTS, None, "strange"])
some = st.lists(appointments, max_size=6)


@settings(deadline=None)
@given(some, places, st.sampled_from(ACTIONS), hands)
def test_rights_never_exceed_the_area_and_the_time(
    held: list[Appointment], grid: str | None, action: str, hand: Hands
) -> None:
    allowed = may(of(*held), action, grid, hands=hand)
    above = set(TREE.above(grid))
    reach = [a for a in held if a.person_id == "p" and a.since <= AT and (a.until is None or a.until > AT)]
    reach = [a for a in reach if a.grid_id is None or (a.grid_id in above and RULES.actions[action].on != WORKSPACE)]
    assert not allowed or reach
    assert (
        not allowed or {a.role for a in reach} & RULES.actions[action].roles or hand.person == "p" or hand.author == "p"
    )


@settings(deadline=None)
@given(some, places, st.sampled_from(ACTIONS), hands)
def test_what_lies_inside_inherits(held: list[Appointment], grid: str | None, action: str, hand: Hands) -> None:
    mine = of(*held)
    for above in [*TREE.above(grid), None]:
        assert not may(mine, action, above, hands=hand) or may(mine, action, grid, hands=hand)


@settings(deadline=None)
@given(some, appointments, places, st.sampled_from(ACTIONS))
def test_more_appointments_never_take_rights_away(
    held: list[Appointment], more: Appointment, grid: str | None, action: str
) -> None:
    assert not may(of(*held), action, grid) or may(of(*held, more), action, grid)


@settings(deadline=None)
@given(appointments, places, st.sampled_from(ACTIONS), st.integers(-50, 50))
def test_a_right_ends_with_its_time(one: Appointment, grid: str | None, action: str, days: int) -> None:
    at = AT + timedelta(days=days)
    always = Appointment(one.person_id, one.role, one.grid_id, START - timedelta(days=9000), None, one.department)
    inside = one.since <= at and (one.until is None or at < one.until)
    assert may(of(one, at=at), action, grid) == (inside and may(of(always, at=at), action, grid))


@settings(deadline=None)
@given(
    some,
    st.sampled_from(ACTIONS),
    st.lists(st.tuples(places, hands), max_size=12),
)
def test_many_cases_are_judged_as_each_is(
    held: list[Appointment], action: str, rows: list[tuple[str | None, Hands]]
) -> None:
    mine = of(*held)
    table = pd.DataFrame(
        {
            "grid_id": pd.Series([grid for grid, _ in rows], dtype="string"),
            "person": pd.Series([hand.person for _, hand in rows], dtype="string"),
            "department": pd.Series([hand.department for _, hand in rows], dtype="string"),
            "author": pd.Series([hand.author for _, hand in rows], dtype="string"),
        }
    )
    each = [may(mine, action, grid, hands=hand) for grid, hand in rows]
    assert may_each(mine, action, table).tolist() == each


@settings(deadline=None)
@given(some, places, st.sampled_from(ACTIONS), hands)
def test_a_refusal_names_in_both_languages_who_may(
    held: list[Appointment], grid: str | None, action: str, hand: Hands
) -> None:
    register = Register(held, {"p": "王芳", "q": "李强"}, TREE)
    mine = of(*held)
    refused = why_not(mine, action, grid, register=register, hands=hand)
    assert (refused is None) == may(mine, action, grid, hands=hand)
    if refused is not None:
        assert "{" not in refused.zh + refused.en
        assert CHINESE.search(refused.zh)
        other = of(*held, person="q")
        named = "可以办理的人：" in refused.zh
        theirs = hand.person == "q" or hand.author == "q"
        assert not named or (may(other, action, grid, hands=hand) and "李强" in refused.zh)
        assert named or theirs or not may(other, action, grid, hands=hand)


def test_nothing_works_without_a_role() -> None:
    stranger = of(person="x")
    assert not any(may(stranger, action, grid) for action in ACTIONS for grid in [*PARENTS, None])
    nobody = rights([office("p", "owner")], None, AT, TREE, rules=RULES)
    assert not any(may(nobody, action, None) for action in ACTIONS)
    assert not may(nobody, "photo", "A", hands=Hands())  # nobody is not the person of a case without one
    assert not may_each(nobody, "photo", pd.DataFrame({"grid_id": ["A"], "person": [None]})).any()


def test_only_ones_own_machine_without_accounts_is_open() -> None:
    assert open_to_all(0, own_machine=True)
    assert not open_to_all(1, own_machine=True)
    assert not open_to_all(0, own_machine=False)
    everything = Rights(None, AT, (), TREE, RULES, open_to_all=True)
    assert all(may(everything, action, "A") for action in ACTIONS)
    assert may_each(everything, "move", pd.DataFrame({"grid_id": ["A", None]})).all()
    assert all(may_move(everything, move, None) for move in moves().values())
    assert may_appoint(everything, "owner", None)
    with pytest.raises(KeyError):
        may(everything, "fly", "A")


def test_the_public_form_reports_and_nothing_else() -> None:
    form = public_rights(AT, TREE, RULES)
    assert [action for action in ACTIONS if may(form, action, "A1", hands=Hands(author="public"))] == ["report"]


CASES = [
    (office("p", "grid_officer", "A"), "report", "A1", Hands(), True),
    (office("p", "grid_officer", "A1"), "report", "A", Hands(), False),
    (office("p", "grid_officer", "A1"), "report", "A2", Hands(), False),
    (office("p", "community", "A"), "assign", "A2", Hands(), True),
    (office("p", "community", "A"), "assign", None, Hands(), False),
    (office("p", "community", "A"), "import", "A", Hands(), False),
    (office("p", "community"), "import", "A", Hands(), True),
    (office("p", "viewer"), "see_map", "A", Hands(), True),
    (office("p", "viewer"), "note", "A", Hands(person="p"), False),
    (office("p", "volunteer", "A"), "photo", "A1", Hands(person="p"), True),
    (office("p", "volunteer", "A"), "photo", "A1", Hands(person="q"), False),
    (office("p", "volunteer", "A"), "photo", "B1", Hands(person="p"), False),
    (office("p", "reporter", "A"), "note", "A1", Hands(author="p"), True),
    (office("p", "reporter", "A"), "note", "A1", Hands(author="q"), False),
    (office("p", "reporter", "A"), "see_person_data", "A1", Hands(author="p"), False),
    (office("p", "department", None, department="市政"), "move", "A1", Hands(department="市政"), True),
    (office("p", "department", None, department="市政"), "move", "A1", Hands(department="环卫"), False),
    (office("p", "department", None, department="市政"), "move", "A1", Hands(), False),
    (office("p", "department", None), "move", "A1", Hands(), False),
    (office("p", "department", None, department="市政"), "see_map", "A1", Hands(), True),
    (office("p", "owner"), "appoint", None, Hands(), True),
    (office("p", "owner"), "move", "A", Hands(), False),
    (office("p", "owner"), "see_person_data", "A", Hands(), False),
]


@pytest.mark.parametrize(("held", "action", "grid", "hand", "expected"), CASES)
def test_rights_by_hand(held: Appointment, action: str, grid: str | None, hand: Hands, *, expected: bool) -> None:
    assert may(of(held), action, grid, hands=hand) is expected


def test_a_moment_decides() -> None:
    held = Appointment("p", "community", "A", AT, AT + timedelta(days=1))
    assert not may(of(held, at=AT - timedelta(seconds=1)), "assign", "A")
    assert may(of(held, at=AT), "assign", "A")
    assert not may(of(held, at=AT + timedelta(days=1)), "assign", "A")


def test_each_move_of_cases_and_orders_can_be_made_by_each_role_it_names() -> None:
    for table in (moves(), order_moves()):
        for move in table.values():
            rule = RULES.actions[move.kind]
            assert rule.on == CASE
            assert move.roles <= rule.roles, (move.was, move.becomes)
            for role in move.roles - {ASSIGNEE, AUTHOR}:
                mine = of(office("p", role, "A", department="市政"))
                assert may_move(mine, move, "A1", hands=Hands(department="市政"))
                assert not may_move(mine, move, "B1", hands=Hands(department="市政"))
            viewer = of(office("p", "viewer", None))
            assert not may_move(viewer, move, "A", hands=Hands("p", "市政", None))
            assert ASSIGNEE not in move.roles or may_move(
                of(office("p", "lane_chief", "A")), move, "A1", hands=Hands("p")
            )


def test_the_shipped_rules_hold_together() -> None:
    assert set(ACTION_OF.values()) <= set(ACTIONS)
    for action in RULES.actions.values():
        assert action.on != WORKSPACE or not action.roles & {ASSIGNEE, AUTHOR}
        assert action.on != AREA or not action.roles & {ASSIGNEE, AUTHOR}
        assert action.roles
    assert all(role.appoints <= set(ROLES) for role in RULES.roles.values())
    assert [role.code for role in RULES.roles.values() if "owner" in role.appoints] == ["owner"]
    able = RULES.actions["appoint"].roles
    assert able == {role.code for role in RULES.roles.values() if role.appoints}
    changes = [a for a in ACTIONS if not a.startswith("see_")]
    assert not any("viewer" in RULES.actions[action].roles for action in changes)


def test_nobody_appoints_above_or_outside() -> None:
    community = of(office("p", "community", "A"))
    assert may_appoint(community, "grid_officer", "A1")
    assert not may_appoint(community, "grid_officer", "B1")
    assert not may_appoint(community, "grid_officer", None)
    assert not may_appoint(community, "community", "A")
    assert not may_appoint(of(office("p", "grid_officer", "A")), "viewer", "A")
    owner = of(office("p", "owner"))
    assert all(may_appoint(owner, role, grid) for role in ROLES for grid in ("A", None))
    with pytest.raises(KeyError):
        may_appoint(owner, "king", None)


@settings(deadline=None)
@given(some, st.sampled_from(ROLES), places)
def test_appointing_gives_nobody_more_than_the_one_who_appoints(
    held: list[Appointment], role: str, grid: str | None
) -> None:
    mine = of(*held)
    if may_appoint(mine, role, grid) and not any(a.role == "owner" for a in mine.held):
        given_by = {a.role for a in mine.covering(grid)}
        assert role not in {"owner", "district"}
        assert any(role in RULES.roles[one].appoints for one in given_by)


def test_the_last_owner_stays() -> None:
    first, second = office("p", "owner"), office("q", "owner")
    people = {"p": "王芳", "q": "李强"}
    assert owners([first, second, office("r", "owner", "A")], AT) == ("p", "q")
    refused = why_not_dismiss(of(first), first, register=Register([first], people, TREE))
    assert refused is not None
    assert "至少保留一位所有者" in refused.zh
    assert why_not_dismiss(of(first), first, register=Register([first, second], people, TREE)) is None
    clerk = of(office("c", "community", "A"), person="c")
    told = why_not_appoint(clerk, office("x", "street", "A"), register=Register([first], people, TREE))
    assert told is not None
    assert "王芳" in told.en
    department = why_not_appoint(of(first), office("x", "department"), register=Register([first], people, TREE))
    assert department is not None
    assert "部门" in department.zh


def test_words_of_refusals() -> None:
    boss, over = office("q", "community", "A"), Appointment("p", "community", "A", START, AT)
    names = {"p": "王芳", "q": "李强", "o": "赵敏"}
    register = Register([boss, over, office("o", "owner")], names, TREE)
    mine = rights(register.appointments, "p", AT, TREE, rules=RULES)
    refused = why_not(mine, "call_back", "A1", register=register)
    assert refused is not None
    assert refused.zh == (
        "王芳不能在东一“回访”：需要的身份是支部（片区）或社区或街道。任期已于 2021-06-01 09:00 届满：社区。可以办理的人：李强。"
    )
    assert refused.en == (
        '王芳 may not "call back the resident" in 东一: that takes branch or community or street office. '
        "An appointment as community ended on 2021-06-01 09:00. Who may: 李强."
    )
    vacant = why_not(mine, "call_back", "B1", register=register)
    assert vacant is not None
    assert vacant.zh.endswith("目前没有人可以办理，请赵敏任命。")
    move = moves()["working", "fixed"]
    told = why_not_move(mine, move, "A1", register=register, hands=Hands("q"))
    assert told is not None
    assert "由承办人办理：李强。" in told.zh
    nobody = rights((), None, AT, TREE, rules=RULES)
    unknown = why_not(nobody, "report", "A1", register=register)
    assert unknown is not None
    assert "李强" not in unknown.zh
    assert unknown.zh.startswith("请先登录")


def test_the_next_is_the_nearest_up_the_tree() -> None:
    held = [
        office("street", "street"),
        office("b", "community", "A"),
        office("a", "community", "A"),
        office("old", "grid_officer", "A1", until=AT),
        office("far", "grid_officer", "B1"),
        office("w", "department", None, department="环卫"),
    ]
    register = Register(held, {"a": "王芳", "b": "李强"}, TREE)
    assert responsible(register, "community", "A1", AT, rules=RULES)[:2] == (("a", "b"), "A")
    assert responsible(register, "community", "A1", AT, rules=RULES).words.zh == "东片社区：王芳、李强"
    nobody = responsible(register, "grid_officer", "A1", AT, rules=RULES)
    assert nobody.people == ()
    assert nobody.words.zh == "东一及其上级网格都没有网格员，请先任命"
    assert responsible(register, "community", None, AT, rules=RULES).people == ()
    assert responsible(register, "street", None, AT, rules=RULES)[:2] == (("street",), None)
    assert responsible(register, "department", "A", AT, rules=RULES, department="市政").people == ()
    assert responsible(register, "department", "A", AT, rules=RULES, department="环卫").people == ("w",)


def test_a_faulty_tree_gives_no_rights() -> None:
    ring = Areas({"x": "y", "y": "x", "z": "x", "w": "missing"})
    assert ring.above("x") == ("x",)
    assert ring.above("z") == ("z",)
    assert ring.above("w") == ("w", "missing")
    table = pd.DataFrame({"parent_id": [None, "D"], "name": ["区", "东片"]}, index=["D", "A"])
    assert areas(table).above("A") == ("A", "D")
    assert areas(table).words("A").zh == "东片"
    assert areas(table.drop(columns="name")).words(None).zh == "整个工作区"


def test_an_appointment_is_checked() -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        Appointment("p", "viewer", None, AT, AT - timedelta(days=1))
    with pytest.raises(ValueError, match="local"):
        Appointment("p", "viewer", None, AT.astimezone())


def test_a_million_cases_are_judged_at_once() -> None:
    grids = np.array(["A1", "A2", "B1"], dtype=object)[np.arange(1_000_000) % 3]
    found = may_each(of(office("p", "community", "A")), "assign", pd.DataFrame({"grid_id": grids}))
    assert found.sum() == 666_667


def test_a_workspace_can_take_a_right_away(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "rights.csv").write_text("action,roles\nstrike_off,street\n", "utf-8")
    own = rules(tmp_path)
    strike = moves()["revisit_ok", "struck"]
    for role, expected in (("community", False), ("street", True)):
        held = [office("p", role, "A")]
        assert may_move(rights(held, "p", AT, TREE, rules=RULES), strike, "A1")
        assert may_move(rights(held, "p", AT, TREE, rules=own), strike, "A1") is expected
    refused = why_not_move(
        rights([office("p", "community", "A")], "p", AT, TREE, rules=own),
        strike,
        "A1",
        register=Register([office("q", "street")], {"q": "李强"}, TREE),
    )
    assert refused is not None
    assert refused.zh.endswith("需要的身份是街道。可以办理的人：李强。")
    (tmp_path / "standards" / "rights.csv").write_text("action,roles\nstrike_off,king\n", "utf-8")
    with pytest.raises(DataError, match="king"):
        rules(tmp_path)
