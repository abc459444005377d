"""Who is at the other end: this computer, a trusted proxy's header, or an identity provider's claims."""

import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy, StreamlitHeaders

from layers.ledger.crew.duties import appointments
from layers.ledger.crew.invitations import NewAccount, owner_code, redeem, want_accounts
from layers.ledger.crew.persons import keep_link, links
from layers.ledger.store.engine import writing
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.people.outside import PROXY, Link
from tests import samples
from tests.views.conftest import Visit
from tests.views.test_pages import said
from tests.views.test_people import pressed, typed
from views import login, overview, persons
from views.terminal import tell_owner_codes

ISSUER, PASS = "https://id.example.org", "only the proxy sends this"
PROXIED = f"""
[identity]
password = false

[identity.proxy]
header = "X-Remote-User"
secret_header = "X-Guatu-Proxy"
secret_sha256 = "{sha256(PASS.encode()).hexdigest()}"
"""
OPENID = f'\n[identity.openid]\nissuer = "{ISSUER}"\n'


def home(tmp_path: Path, settings: str) -> Path:
    folder = samples.community(tmp_path / "sample")
    with (folder / "workspace.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return folder


def owned(folder: Path, link: Link) -> Ledger:
    ledger = open_ledger(folder)
    want_accounts(ledger)
    redeem(ledger, owner_code(ledger, persons.now()), NewAccount(name="王芳", link=link), at=persons.now())
    return ledger


def sends(monkeypatch: pytest.MonkeyPatch, **headers: str) -> None:
    sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
    monkeypatch.setattr(ContextProxy, "headers", property(lambda _: StreamlitHeaders(sent)))


@pytest.mark.parametrize(
    ("headers", "is_open"),
    [
        ({"Host": "127.0.0.1:8501"}, True),
        ({"Host": "localhost:8501"}, True),
        ({"Host": "[::1]:8501"}, True),
        ({"Host": "guatu.example.org"}, False),
        ({"Host": "localhost.example.org"}, False),
        ({"Host": "127.0.0.1:8501", "X_Forwarded_For": "10.0.0.7"}, False),
    ],
)
def test_without_accounts_only_this_computer_may_come_in(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, headers: Mapping[str, str], *, is_open: bool
) -> None:
    sends(monkeypatch, **headers)
    app = visit("", folders=[home(tmp_path, "")], lang="en")
    assert not app.exception
    assert [one.value for one in app.title] == [overview.TITLE.en if is_open else login.TITLE.en]


def test_a_header_counts_only_from_the_proxy(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home(tmp_path, PROXIED)
    owned(folder, Link("", PROXY, "wangfang"))
    for sent, title in (
        ({"X_Remote_User": "wangfang", "X_Guatu_Proxy": PASS}, overview.TITLE.en),
        ({"X_Remote_User": "wangfang"}, login.TITLE.en),
        ({"X_Remote_User": "wangfang", "X_Guatu_Proxy": "guessed"}, login.TITLE.en),
        ({"X_Remote_User": "liqiang", "X_Guatu_Proxy": PASS}, login.TITLE.en),
        ({}, login.TITLE.en),
    ):
        sends(monkeypatch, **sent)
        app = visit("", folders=[folder], lang="en")
        assert not app.exception
        assert [one.value for one in app.title] == [title]
        assert login.PASSWORD.en not in {one.label for one in app.text_input}


def test_the_first_owner_behind_a_proxy_needs_no_password(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home(tmp_path, PROXIED)
    ledger = open_ledger(folder)
    want_accounts(ledger)
    sends(monkeypatch, X_Remote_User="wangfang", X_Guatu_Proxy=PASS, X_Forwarded_For="10.0.0.7")
    app = visit("people", folders=[folder], lang="en")
    assert persons.FAR.en in said(app)
    typed(app, login.CODE.en, owner_code(ledger, persons.now()))
    typed(app, login.NAME.en, "王芳")
    app = pressed(app, login.OPEN_UP.en)
    assert [one.value for one in app.title] == ["People"]
    assert [(one.issuer, one.subject) for one in links(ledger)] == [(PROXY, "wangfang")]
    assert [one.role for one in appointments(ledger)] == ["owner"]


def test_claims_of_the_provider_name_a_person(visit: Visit, tmp_path: Path) -> None:
    folder = home(tmp_path, OPENID)
    ledger = owned(folder, Link("", ISSUER, "s-1"))
    claims = {"is_logged_in": True, "iss": ISSUER, "sub": "s-1", "iat": time.time()}
    for more, title in (
        ({}, overview.TITLE.en),
        ({"sub": "s-2"}, login.TITLE.en),
        ({"iss": "https://other.example.org"}, login.TITLE.en),
        ({"iat": time.time() - 86_400}, login.TITLE.en),
    ):
        app = visit("", folders=[folder], lang="en")
        assert [one.value for one in app.title] == [login.TITLE.en]
        assert login.NOT_SET_UP.en in said(app)
        app.user.update({**claims, **more})
        app = app.run()
        assert not app.exception
        assert [one.value for one in app.title] == [title]
    with writing(ledger.engine, ledger.queue) as connection:
        keep_link(connection, Link(appointments(ledger)[0].person_id, ISSUER, ""))
    assert links(ledger) == ()


def test_a_code_is_shown_at_the_start_only_where_an_owner_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home(tmp_path, "")
    (tmp_path / "broken").mkdir()
    folders = [folder, tmp_path / "broken"]
    tell_owner_codes(folders, persons.now())
    ledger = open_ledger(folder)
    tell_owner_codes(folders, persons.now())
    assert capsys.readouterr().out == ""
    want_accounts(ledger)
    tell_owner_codes(folders, persons.now())
    code = capsys.readouterr().out.split("code for the first owner ")[1][:19]
    assert redeem(ledger, code, NewAccount(name="王芳", link=Link("", PROXY, "w")), at=persons.now()).person_id
    tell_owner_codes(folders, persons.now())
    assert capsys.readouterr().out == ""
