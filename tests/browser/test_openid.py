"""Logging in at an identity provider with a browser: who is known there must be a person here, and out means out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.ledger.crew.invitations import NewAccount, owner_code, redeem, want_accounts
from layers.ledger.crew.persons import bind
from layers.ledger.store.opening import open_ledger
from layers.people.outside import Link
from tests.browser.conftest import free_port, served
from tests.browser.provider import CLIENT, CLIENT_SECRET, Provider, provider
from tests.browser.test_app import Watched
from views import login, people, persons

pytestmark = pytest.mark.slow
AUTH = """[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "of the test, and long enough for a key"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def vouching() -> Iterator[Provider]:
    """A provider that says who somebody is."""
    with provider(free_port()) as found:
        yield found


@pytest.fixture(scope="module")
def server(home: Path, vouching: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose workspace trusts the provider, with an owner who is known there."""
    manifest = home / "workspace.toml"
    manifest.write_text(f'{manifest.read_text("utf-8")}\n[identity.openid]\nissuer = "{vouching.issuer}"\n', "utf-8")
    ledger = open_ledger(home)
    want_accounts(ledger)
    came = redeem(
        ledger, owner_code(ledger, persons.now()), NewAccount("wang", "Hongmei-Lu 27 hao", "王芳"), at=persons.now()
    )
    bind(ledger, Link(str(came.person_id), vouching.issuer, "subject-of-wang"))
    elsewhere, port = tmp_path_factory.mktemp("elsewhere"), free_port()
    (elsewhere / ".streamlit").mkdir()
    said = AUTH.format(port=port, client=CLIENT, secret=CLIENT_SECRET, issuer=vouching.issuer)
    (elsewhere / ".streamlit" / "secrets.toml").write_text(said, "utf-8")
    with served(home, elsewhere, port) as address:
        yield address


def test_who_is_known_there_and_here_comes_in_and_leaves(watched: Watched, vouching: Provider) -> None:
    vouching.person = {"sub": "subject-of-wang", "email": "wang@example.org", "email_verified": True}
    watched.go("people", lang="en")
    assert watched.title() == login.TITLE.en
    page = watched.page
    page.get_by_role("button", name=login.PROVIDER.en).click()
    page.get_by_role("button", name=login.LEAVE.en).wait_for()
    assert vouching.asked["client_id"] == CLIENT
    watched.go("people", lang="en")
    page.get_by_role("heading", name=people.TITLE.en, exact=True).wait_for()
    page.get_by_role("button", name=login.LEAVE.en).click()
    page.get_by_role("button", name=login.PROVIDER.en).wait_for()
    watched.go("people", lang="en")
    assert watched.title() == login.TITLE.en


def test_a_stranger_whom_the_provider_knows_sees_nothing(watched: Watched, vouching: Provider) -> None:
    vouching.person = {"sub": "somebody", "email": "li@example.org", "email_verified": True}
    watched.go("people", lang="en")
    page = watched.page
    page.get_by_role("button", name=login.PROVIDER.en).click()
    page.get_by_text("no person of this workspace yet").first.wait_for()
    watched.go("people", lang="en")
    assert watched.title() != people.TITLE.en
