"""People and login without a browser: open until there are accounts, then shut for everybody without a role."""

import re
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers.ledger.crew.accounts import log_in
from layers.ledger.crew.duties import appoint, appointments, dismiss
from layers.ledger.crew.invitations import NewAccount, invite, owner_code, redeem, want_accounts
from layers.ledger.crew.persons import Person, add_person, people, powers_of
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.people.appointments import Appointment
from layers.people.passwords import Cost, checked, hashed
from layers.people.powers import Granted
from tests import samples
from tests.views.conftest import APP, Visit
from tests.views.test_pages import PAGES, said
from views import frame, login, people_forms, persons
from views import people as people_page

EVERY = re.findall(r'\("([\w-]*)", \w+\)', APP.read_text(encoding="utf-8"))
"""Every page of the navigation."""
SECRET, OTHER = "Hongmei-Lu 27 hao", "Lantian-Lu 96 hao"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at a small cost; the true one is tested with the passwords."""
    cheap = Cost(4, 8, 1)
    monkeypatch.setattr("layers.ledger.crew.invitations.hashed", partial(hashed, cost=cheap))
    monkeypatch.setattr("layers.ledger.crew.accounts.checked", partial(checked, cost=cheap))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


@pytest.fixture
def kept(folder: Path) -> Ledger:
    """A ledger with an owner, 王芳."""
    ledger = open_ledger(folder)
    want_accounts(ledger)
    redeem(ledger, owner_code(ledger, persons.now()), NewAccount("wang", SECRET, "王芳"), at=persons.now())
    return ledger


def powers(ledger: Ledger) -> Granted:
    owner = next(one.person_id for one in people(ledger) if one.name == "王芳")
    return powers_of(ledger, owner, persons.now(), samples.grids())


def added(ledger: Ledger, name: str, account: str, *roles: tuple[str, str | None]) -> str:
    """Somebody with an account and roles."""
    mine, at = powers(ledger), persons.now()
    person = add_person(ledger, Person("", name), mine, at=at).person_id
    for role, grid in roles:
        appoint(ledger, Appointment(person, role, grid, at), mine, at=at, command_id=f"{name} {role} {grid}")
    redeem(ledger, invite(ledger, person, mine, at=at), NewAccount(account, OTHER), at=at)
    return person


def typed(app: AppTest, label: str, value: str) -> None:
    next(one for one in app.text_input if one.label == label).set_value(value)


def pressed(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label.replace("\\", "") == label).click().run()


def turned(app: AppTest, what: str) -> AppTest:
    app.session_state[f"{people_forms.WHAT}_sample"] = what  # as the buttons of the browser do
    return app.run()


def came_in(app: AppTest, account: str, password: str) -> AppTest:
    typed(app, login.LOGIN.en, account)
    typed(app, login.PASSWORD.en, password)
    return pressed(app, login.ENTER.en)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", EVERY)
def test_nothing_is_shown_without_a_login(visit: Visit, folder: Path, kept: Ledger, path: str, lang: str) -> None:
    assert kept
    app = visit(path, folders=[folder], lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [login.TITLE.in_(lang)]
    assert not [*app.dataframe, *app.table, *app.metric, *app.main.get("bidi_component"), *app.get("vega_lite_chart")]
    assert not app.get("file_uploader")
    assert {one.label for one in app.text_input} >= {login.LOGIN.in_(lang), login.PASSWORD.in_(lang)}


@pytest.mark.parametrize("path", EVERY)
def test_nothing_is_shown_without_a_role(visit: Visit, folder: Path, kept: Ledger, path: str) -> None:
    added(kept, "李强", "li")
    app = came_in(visit(path, folders=[folder], lang="en"), "li", OTHER)
    assert not app.exception
    assert [one.value for one in app.title] == [login.NOTHING.en]
    assert "王芳" in said(app)
    assert not [*app.dataframe, *app.table, *app.metric, *app.main.get("bidi_component"), *app.get("vega_lite_chart")]


@pytest.mark.parametrize("path", [*PAGES, "people"])
def test_a_viewer_sees_every_page_but_may_import_nothing(visit: Visit, folder: Path, kept: Ledger, path: str) -> None:
    added(kept, "李强", "li", ("viewer", None))
    app = came_in(visit(path, folders=[folder], lang="en"), "li", OTHER)
    assert not app.exception
    titles = {key: page.TITLE.en for key, page in PAGES.items()} | {"people": "People", "import": login.NOTHING.en}
    assert [one.value for one in app.title] == [titles[path]]
    assert people_forms.ADD.en not in {one.label for one in app.expander}


def test_a_wrong_password_is_refused_and_repeated_ones_lock(visit: Visit, folder: Path, kept: Ledger) -> None:
    assert kept
    app = visit("", folders=[folder], lang="en")
    for _ in range(5):
        app = came_in(app, "wang", OTHER)
        assert "password is wrong" in said(app)
    app = came_in(app, "wang", SECRET)
    assert "Too many attempts" in said(app)
    assert [one.value for one in app.title] == [login.TITLE.en]


def test_leaving_shuts_the_door(visit: Visit, folder: Path, kept: Ledger) -> None:
    assert kept
    app = came_in(visit("people", folders=[folder], lang="en"), "wang", SECRET)
    assert [one.value for one in app.title] == ["People"]
    assert people_page.OWNER_HINT.en in said(app)
    app = pressed(app, login.LEAVE.en)
    assert [one.value for one in app.title] == [login.TITLE.en]


def test_who_is_dismissed_meanwhile_is_out_at_the_next_step(visit: Visit, folder: Path, kept: Ledger) -> None:
    person = added(kept, "李强", "li", ("community", None))
    app = came_in(visit("people", folders=[folder], lang="en"), "li", OTHER)
    assert people_forms.ADD.en in {one.label for one in app.expander}
    typed(app, people_forms.NAME.en, "赵六")
    mine = next(one for one in appointments(kept) if one.person_id == person)
    dismiss(kept, mine, powers(kept), at=persons.now(), command_id="out")
    app = pressed(app, people_forms.SAVE.en)
    assert [one.value for one in app.title] == [login.NOTHING.en]
    assert "赵六" not in {one.name for one in people(kept)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_accounts_start_with_the_code_of_the_terminal(
    visit: Visit, folder: Path, capfd: pytest.CaptureFixture[str], lang: str
) -> None:
    app = visit("people", folders=[folder], lang=lang)
    assert not app.exception
    assert people_page.OPEN.in_(lang) in said(app)
    app = pressed(app, people_page.START.in_(lang))
    assert not app.exception
    shown = re.search(r"(\w{4}-){3}\w{4}", capfd.readouterr().out)
    assert shown is not None
    code = shown.group()
    assert code not in said(app)
    for label, value in (
        (login.CODE.in_(lang), code),
        (login.NAME.in_(lang), "王芳"),
        (login.CHOOSE_LOGIN.in_(lang), "wang"),
        (login.CHOOSE_PASSWORD.in_(lang).format(least=10), SECRET),
    ):
        typed(app, label, value)
    app = pressed(app, login.OPEN_UP.in_(lang))
    assert not app.exception
    assert [one.value for one in app.title] == [people_page.TITLE.in_(lang)]
    assert people_page.OPEN.in_(lang) not in said(app)
    assert list(app.dataframe[0].value["name"]) == ["王芳"]
    other = visit("people", folders=[folder], lang=lang)
    assert [one.value for one in other.title] == [login.TITLE.in_(lang)]


def test_people_are_entered_appointed_invited_and_forgotten(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = came_in(visit("people", folders=[folder], lang="en"), "wang", SECRET)
    typed(app, people_forms.NAME.en, "李强 [x](http://evil.example)")
    app = pressed(app, people_forms.SAVE.en)
    assert not app.exception
    person = next(one for one in people(kept) if one.name.startswith("李强"))
    role = next(one for one in app.selectbox if one.label == people_forms.ROLE.en)
    app = role.set_value("branch").run()
    area = next(one for one in app.selectbox if one.label == people_forms.AREA.en)
    app = area.set_value("W").run()
    app = pressed(app, people_forms.APPOINT.en)
    assert not app.exception
    (held,) = [one for one in appointments(kept) if one.person_id == person.person_id]
    assert (held.role, held.grid_id, held.until) == ("branch", "W", None)
    assert "西片" in set(app.dataframe[0].value["area"])
    assert "](http" not in "\n".join(
        str(one.value) for block in (app.markdown, app.caption, app.subheader) for one in block
    )
    app = pressed(turned(app, "account"), people_forms.INVITE.en)
    code = app.code[0].value
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
    assert not app.run().code  # shown once
    assert redeem(kept, code, NewAccount("li", OTHER), at=persons.now()).person_id == person.person_id
    app = turned(app, "duties")
    app = pressed(app, next(one.label.replace("\\", "") for one in app.button if one.label.startswith("End")))
    app = pressed(turned(app, "details"), people_forms.SURE.en.format(name=person.name))
    assert not app.exception
    assert people(kept)[-1] == Person(person.person_id)
    assert log_in(kept, "li", OTHER, at=persons.now(), address=None, hours=1).token is None


def test_no_secret_is_said_on_a_page_or_in_the_terminal(
    visit: Visit, folder: Path, kept: Ledger, capfd: pytest.CaptureFixture[str]
) -> None:
    assert kept
    app = came_in(visit("people", folders=[folder], lang="en"), "wang", SECRET)
    token = app.session_state[f"{persons.TOKEN}_sample"]
    assert token
    out = capfd.readouterr()
    shown = [*app.text_input, *app.button, *app.selectbox, *app.code, *app.expander]
    text = said(app) + out.out + out.err + "".join(map(str, shown))
    assert SECRET not in text
    assert token not in text
    assert token not in str(dict(app.query_params))


def test_far_from_its_computer_a_workspace_without_accounts_is_shut(
    visit: Visit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.persons.own_machine", lambda: False)
    for path in EVERY:
        app = visit(path, folders=[folder], lang="en")
        assert not app.exception
        assert [one.value for one in app.title] == [login.TITLE.en]
        assert persons.FAR.en in said(app)
        assert not [*app.dataframe, *app.table, *app.metric]
    assert not (folder / "ledger.sqlite").exists()
    assert frame.NAME
