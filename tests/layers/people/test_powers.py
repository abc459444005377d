"""Rights asked for as the ledger does: the same answers about a case, and every act has its right."""

from datetime import datetime

import pytest

from layers.ledger.acting.acts import Powers
from layers.ledger.acting.states import moves
from layers.ledger.log.case import Case
from layers.ledger.log.events import CREATE, FUSE, KINDS, UNFUSE
from layers.people.appointments import Appointment, Register
from layers.people.areas import Areas
from layers.people.powers import Granted
from layers.people.rights import Rights, rights
from layers.people.rules import ACTION_OF, rules

RULES, TREE = rules(), Areas({"A": None, "A1": "A", "B": None})
AT = datetime.fromisoformat("2021-06-01T09:00")


def granted(*held: Appointment, **rest: dict[str, str]) -> Granted:
    register = Register(held, {"p": "王芳", "q": "李强"}, TREE)
    return Granted(rights(held, "p", AT, TREE, rules=RULES), register, **rest)


def test_the_ledger_gets_the_same_answers() -> None:
    held = Appointment("p", "lane_chief", "A", AT), Appointment("q", "community", "A", AT)
    mine: Powers = granted(*held)
    case = Case("i1", grid_id="A1", state="working", person="p")
    fixing = moves()["working", "fixed"]
    assert mine.person_id == "p"
    assert mine.may_move(fixing, case)
    assert not mine.may_move(fixing, Case("i1", grid_id="A1", person="q"))
    assert not mine.may_move(fixing, Case("i1", grid_id="B", person="p"))
    assert mine.may("report", "A1", Case("new"))
    assert not mine.may("report", "B", Case("new"))
    told = granted(*held).why_not_move(moves()["new", "accepted"], case)
    assert told is not None
    assert "李强" in told.zh
    assert granted(*held).why_not("photo", "A1", case) is None


def test_who_reported_may_add_to_it() -> None:
    mine = granted(Appointment("p", "reporter", "A", AT), authors={"i1": "p"})
    assert mine.may("note", "A1", Case("i1", grid_id="A1"))
    assert not mine.may("note", "A1", Case("i2", grid_id="A1"))


def test_who_is_named_needs_the_right_where_the_issue_lies() -> None:
    mine = granted(Appointment("p", "street", None, AT), Appointment("q", "lane_chief", "A", AT))
    assert mine.allows("q", "take", "A1")
    assert not mine.allows("q", "take", "B")
    assert not mine.allows("q", "approve", "A1")
    assert mine.allows("p", "approve", "B")
    assert not mine.allows("a stranger", "take", "A1")


def test_every_kind_of_act_has_a_right() -> None:
    assert set(KINDS) <= set(ACTION_OF)
    for kind in KINDS:
        assert ACTION_OF[kind] in RULES.actions
        assert ACTION_OF[kind] == {CREATE: "report", UNFUSE: FUSE}.get(kind, kind)


def test_nobody_has_no_powers() -> None:
    with pytest.raises(ValueError, match="unknown"):
        Granted(Rights(None, AT, (), TREE, RULES), Register((), {}, TREE))
