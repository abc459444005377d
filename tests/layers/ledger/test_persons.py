"""Persons on a real ledger: rights end at their area and their date, accounts lock, and no secret is kept anywhere."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from geo.errors import TransitionError
from layers.ledger.acting.acts import Act
from layers.ledger.crew.accounts import change_password, log_in, log_out, login_of, person_of
from layers.ledger.crew.duties import appoint, appointments, dismiss
from layers.ledger.crew.invitations import NewAccount, invite, owner_code, redeem, want_accounts, wants_owner
from layers.ledger.crew.persons import (
    Person,
    accounts,
    add_person,
    change_person,
    forget,
    link_person,
    links,
    open_powers,
    people,
    powers_of,
    story,
)
from layers.ledger.log.events import Event
from layers.ledger.store.engine import reading
from layers.ledger.store.files import FILE
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.ledger.store.tables import metadata
from layers.people.appointments import Appointment
from layers.people.outside import PROXY, Link
from layers.people.passwords import Cost, checked, hashed
from layers.people.powers import Granted
from layers.people.rights import may

AT = datetime.fromisoformat("2026-03-02T09:00")
DAY = timedelta(days=1)
GRIDS = pd.DataFrame({"parent_id": [None, "A", None], "name": ["东片", "东一", "西片"]}, index=["A", "A1", "B"])
SECRET, OTHER = "Hongmei-Lu 27 hao", "Lantian-Lu 96 hao"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at a small cost; the true one is tested with the passwords."""
    cheap = Cost(4, 8, 1)
    monkeypatch.setattr("layers.ledger.crew.invitations.hashed", partial(hashed, cost=cheap))
    monkeypatch.setattr("layers.ledger.crew.accounts.hashed", partial(hashed, cost=cheap))
    monkeypatch.setattr("layers.ledger.crew.accounts.checked", partial(checked, cost=cheap))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


@pytest.fixture
def owner(ledger: Ledger) -> str:
    """A ledger whose first owner came in with the code of the terminal."""
    want_accounts(ledger)
    came = redeem(ledger, owner_code(ledger, AT), NewAccount("wang", SECRET, "王芳"), at=AT)
    assert came.person_id is not None
    return came.person_id


def powers(ledger: Ledger, person: str, at: datetime = AT) -> Granted:
    return powers_of(ledger, person, at, GRIDS)


def entered(ledger: Ledger, owner: str, name: str) -> str:
    return add_person(ledger, Person("", name), powers(ledger, owner), at=AT).person_id


def given(ledger: Ledger, by: str, one: Appointment, at: datetime = AT) -> Event:
    return appoint(ledger, one, powers(ledger, by, at), at=at, command_id=f"{one.person_id} {one.role} {one.since}")


def report(name: str, grid: str, at: datetime = AT) -> Act:
    facts = {"issue_type": "GARBAGE", "grid_id": grid}
    return Act(subject=name, kind="create", at=at, command_id=name, text="垃圾", facts=facts)


def test_the_first_owner_comes_in_with_the_code_of_the_terminal(ledger: Ledger) -> None:
    assert accounts(ledger) == 0
    assert not wants_owner(ledger, AT)
    want_accounts(ledger)
    want_accounts(ledger)
    assert wants_owner(ledger, AT)
    code = owner_code(ledger, AT)
    said = NewAccount("Wang", SECRET, "王芳")
    assert redeem(ledger, "K7QM-2XWD-9HTR-PV4C", said, at=AT).person_id is None
    assert redeem(ledger, code, NewAccount("Wang", "short", "王芳"), at=AT).person_id is None
    assert redeem(ledger, code, said._replace(name=" "), at=AT).person_id is None
    assert accounts(ledger) == 0
    came = redeem(ledger, code.lower(), said, at=AT)
    assert came.token is not None
    assert person_of(ledger, came.token, AT) == came.person_id
    assert [(one.role, one.grid_id) for one in appointments(ledger)] == [("owner", None)]
    assert not wants_owner(ledger, AT)
    assert redeem(ledger, code, said, at=AT).person_id is None
    late = owner_code(ledger, AT)  # somebody asks for another although there is an owner
    assert redeem(ledger, late, NewAccount("li", SECRET, "李强"), at=AT).person_id is None


def test_rights_never_exceed_their_area(ledger: Ledger, owner: str) -> None:
    branch = entered(ledger, owner, "李强")
    given(ledger, owner, Appointment(branch, "branch", "A", AT))
    mine = powers(ledger, branch)
    here, below, beside, nowhere = ledger.do(
        [report("i1", "A"), report("i2", "A1"), report("i3", "B"), report("i4", "C")], mine
    )
    assert here.event is not None
    assert below.event is not None
    assert beside.refusal is not None
    assert nowhere.refusal is not None
    with pytest.raises(TransitionError, match="李强"):
        given(ledger, branch, Appointment(branch, "volunteer", "B", AT))
    with pytest.raises(TransitionError):
        given(ledger, branch, Appointment(branch, "volunteer", None, AT))
    with pytest.raises(TransitionError):
        given(ledger, branch, Appointment(branch, "community", "A", AT))
    given(ledger, branch, Appointment(branch, "volunteer", "A1", AT))
    assert {(one.role, one.grid_id) for one in appointments(ledger)} == {
        ("owner", None),
        ("branch", "A"),
        ("volunteer", "A1"),
    }


def test_who_was_appointed_until_yesterday_is_refused_at_the_write(ledger: Ledger, owner: str) -> None:
    person = entered(ledger, owner, "李强")
    given(ledger, owner, Appointment(person, "branch", "A", AT, AT + DAY))
    assert ledger.do([report("i1", "A")], powers(ledger, person))[0].event is not None
    later = AT + DAY
    refused = ledger.do([report("i2", "A", later)], powers(ledger, person, later))[0].refusal
    assert refused is not None
    assert ledger.case("i2").state is None
    held = powers(ledger, person)  # asked for while it held, used after it ended
    with pytest.raises(TransitionError, match="2026-03-03"):
        appoint(ledger, Appointment(person, "volunteer", "A", later), held, at=later, command_id="late")
    assert len(appointments(ledger)) == 2


def test_the_log_knows_who_was_in_charge_on_any_day(ledger: Ledger, owner: str) -> None:
    person = entered(ledger, owner, "李强")
    one = Appointment(person, "branch", "A", AT)
    given(ledger, owner, one)
    dismiss(ledger, one, powers(ledger, owner, AT + DAY), at=AT + DAY, command_id="end")
    now = [held for held in appointments(ledger) if held.person_id == person]
    assert [held.until for held in now] == [AT + DAY]
    before = [held for held in appointments(ledger, AT) if held.person_id == person]
    assert before == [one]
    with pytest.raises(TransitionError):
        dismiss(ledger, one, powers(ledger, owner, AT + DAY), at=AT + DAY, command_id="again")
    with pytest.raises(TransitionError):
        dismiss(ledger, now[0], powers(ledger, owner, AT + DAY), at=AT + DAY, command_id="over")
    ahead = Appointment(person, "street", None, AT + 9 * DAY)
    given(ledger, owner, ahead)
    dismiss(ledger, ahead, powers(ledger, owner, AT + DAY), at=AT + DAY, command_id="never")
    assert ahead.role not in {held.role for held in appointments(ledger)}


def test_the_same_command_twice_is_one_event(ledger: Ledger, owner: str) -> None:
    person = entered(ledger, owner, "李强")
    one = Appointment(person, "branch", "A", AT)
    assert given(ledger, owner, one).event_id == given(ledger, owner, one).event_id
    with pytest.raises(TransitionError):
        appoint(ledger, one, powers(ledger, owner), at=AT, command_id="another")
    assert len(ledger.events(f"person:{person}")) == 1


def test_of_two_owners_who_dismiss_each_other_one_stays(ledger: Ledger, owner: str) -> None:
    other = entered(ledger, owner, "李强")
    given(ledger, owner, Appointment(other, "owner", None, AT))
    first, second = powers(ledger, owner), powers(ledger, other)  # both looked while both were owners
    mine, theirs = sorted(appointments(ledger), key=lambda one: one.person_id != owner)
    dismiss(ledger, theirs, first, at=AT + DAY, command_id="a")
    with pytest.raises(TransitionError):
        dismiss(ledger, mine, second, at=AT + DAY, command_id="b")
    with pytest.raises(TransitionError, match="owner has to stay"):
        dismiss(ledger, mine, powers(ledger, owner), at=AT + DAY, command_id="c")


def test_wrong_passwords_lock_and_right_ones_begin_a_session(ledger: Ledger, owner: str) -> None:
    def tried(password: str, at: datetime, login: str = "WANG ") -> object:
        return log_in(ledger, login, password, at=at, address="10.0.0.7", hours=1).person_id

    second = timedelta(seconds=1)
    assert tried(SECRET, AT) == owner
    assert [tried(OTHER, AT + second * n) for n in range(1, 6)] == [None] * 5
    assert tried(SECRET, AT + second * 6) is None  # locked although it is right
    assert tried(SECRET, AT + second * 60) == owner
    assert [tried("x", AT + second * n, "nobody") for n in range(61, 66)] == [None] * 5
    unknown = log_in(ledger, "nobody", "x", at=AT + second * 66, address="10.0.0.7", hours=1).words
    assert unknown is not None
    assert "29 seconds" in unknown.en


def test_a_session_ends_by_time_by_leaving_and_by_a_new_password(ledger: Ledger, owner: str) -> None:
    def came(password: str = SECRET) -> str:
        return str(log_in(ledger, "wang", password, at=AT, address=None, hours=2).token)

    first, second = came(), came()
    assert person_of(ledger, first, AT + timedelta(hours=1)) == owner
    assert person_of(ledger, first, AT + timedelta(hours=2)) is None
    assert person_of(ledger, "made up", AT) is None
    log_out(ledger, first)
    assert person_of(ledger, first, AT) is None
    third, later = came(), AT + timedelta(minutes=1)
    assert change_password(ledger, third, ("wrong one here", OTHER), at=later, address=None) is not None
    assert change_password(ledger, third, (SECRET, "wang12345678"), at=later, address=None) is not None
    assert change_password(ledger, third, (SECRET, OTHER), at=later, address=None) is None
    assert person_of(ledger, third, later) == owner
    assert person_of(ledger, second, later) is None
    assert log_in(ledger, "wang", SECRET, at=later, address=None, hours=1).token is None
    assert log_in(ledger, "wang", OTHER, at=later, address=None, hours=1).token is not None


def test_an_invitation_opens_once_and_a_reset_shuts_out_at_once(ledger: Ledger, owner: str) -> None:
    person = entered(ledger, owner, "李强")
    code = invite(ledger, person, powers(ledger, owner), at=AT)
    newer = invite(ledger, person, powers(ledger, owner), at=AT)
    assert redeem(ledger, code, NewAccount("li", SECRET), at=AT).token is None
    assert redeem(ledger, newer, NewAccount("wang", SECRET), at=AT).token is None  # the owner's login
    assert redeem(ledger, newer, NewAccount("a b", SECRET), at=AT).token is None
    came = redeem(ledger, newer, NewAccount("Li", SECRET), at=AT)
    assert came.person_id == person
    assert login_of(ledger, person) == "li"
    again = invite(ledger, person, powers(ledger, owner), at=AT + DAY)
    assert person_of(ledger, str(came.token), AT + timedelta(hours=1)) is None
    assert log_in(ledger, "li", SECRET, at=AT + DAY, address=None, hours=1).token is None
    assert redeem(ledger, again, NewAccount("li", OTHER), at=AT + 2 * DAY).token is None  # over
    last = invite(ledger, person, powers(ledger, owner), at=AT + 2 * DAY)
    assert redeem(ledger, last, NewAccount("li", OTHER), at=AT + 2 * DAY).person_id == person


def test_nobody_becomes_somebody_above_them(ledger: Ledger, owner: str) -> None:
    head = entered(ledger, owner, "李强")
    given(ledger, owner, Appointment(head, "community", "A", AT))
    mine = powers(ledger, head)
    for attempt in (
        lambda: invite(ledger, owner, mine, at=AT),
        lambda: forget(ledger, owner, mine, at=AT),
        lambda: change_person(ledger, Person(owner, "x", email="x@example.org"), mine, at=AT),
        lambda: link_person(ledger, Link(owner, PROXY, "li"), mine, at=AT),
    ):
        with pytest.raises(TransitionError, match="王芳"):
            attempt()
    stranger = entered(ledger, owner, "路人")
    with pytest.raises(TransitionError):
        add_person(ledger, Person("", "x"), powers(ledger, stranger), at=AT)
    assert add_person(ledger, Person("", "志愿者"), mine, at=AT).person_id


def test_who_is_forgotten_leaves_an_id_only(ledger: Ledger, owner: str) -> None:
    person = add_person(
        ledger, Person("", "欧阳思远", phone="13912345678", email="oysy@example.org"), powers(ledger, owner), at=AT
    ).person_id
    one = Appointment(person, "branch", "A", AT)
    given(ledger, owner, one)
    with pytest.raises(TransitionError, match="欧阳思远"):
        forget(ledger, person, powers(ledger, owner), at=AT)
    dismiss(ledger, one, powers(ledger, owner, AT + DAY), at=AT + DAY, command_id="end")
    forget(ledger, person, powers(ledger, owner, AT + DAY), at=AT + DAY)
    assert Person(person) in people(ledger)
    assert [event.kind for event in story(ledger, person)] == ["dismiss", "appoint"]
    assert not leaked(ledger, "欧阳思远", "13912345678", "oysy@example.org")


def leaked(ledger: Ledger, *words: str) -> list[str]:
    """Words that stand in any cell of any table."""
    with reading(ledger.engine) as connection:
        cells = [
            str(cell)
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for cell in row
        ]
    return [word for word in words if any(word in cell for cell in cells)]


def test_no_password_token_or_code_is_kept_anywhere(ledger: Ledger, owner: str, tmp_path: Path) -> None:
    person = entered(ledger, owner, "李强")
    code = invite(ledger, person, powers(ledger, owner), at=AT)
    first = owner_code(ledger, AT)
    came = redeem(ledger, code, NewAccount("li", OTHER), at=AT)
    held = log_in(ledger, "wang", SECRET, at=AT, address=None, hours=1).token
    log_in(ledger, SECRET, "typed into the wrong field", at=AT, address=None, hours=1)
    secrets = [SECRET, OTHER, code, first, str(came.token), str(held), SECRET.casefold()]
    secrets += [one.replace("-", "") for one in (code, first)]
    assert not leaked(ledger, *secrets)
    bytes_ = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE}*"))
    assert bytes_
    assert not [one for one in secrets if one.encode() in bytes_]


def test_links_name_persons_and_count_as_a_way_in(ledger: Ledger) -> None:
    want_accounts(ledger)
    came = redeem(ledger, owner_code(ledger, AT), NewAccount(name="王芳", link=Link("", PROXY, "wangfang")), at=AT)
    assert came.token is None
    assert accounts(ledger) == 1
    assert [(one.issuer, one.subject, one.person_id) for one in links(ledger)] == [(PROXY, "wangfang", came.person_id)]
    assert not wants_owner(ledger, AT)


def test_a_workspace_without_accounts_is_open_until_there_are_some(ledger: Ledger, tmp_path: Path) -> None:
    free = open_powers(ledger, AT, GRIDS, tmp_path)
    assert may(free.rights, "import", None)
    person = add_person(ledger, Person("", "李强"), free, at=AT).person_id
    appoint(ledger, Appointment(person, "branch", "A", AT), free, at=AT, command_id="1")
    redeem(ledger, owner_code(ledger, AT), NewAccount("wang", SECRET, "王芳"), at=AT)
    with pytest.raises(TransitionError):  # what was opened before is shut now
        appoint(ledger, Appointment(person, "street", None, AT), free, at=AT, command_id="2")
    assert open_powers(None, AT, None, tmp_path).person_id == "owner"
