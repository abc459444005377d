"""Logging in with a browser: the tab stays logged in over a reload, and out means out."""

from pathlib import Path

import pytest

from layers.ledger.crew.invitations import NewAccount, owner_code, redeem, want_accounts
from layers.ledger.store.opening import open_ledger
from tests.browser.test_app import Watched
from views import login, people, persons

pytestmark = pytest.mark.slow
SECRET = "Hongmei-Lu 27 hao"  # noqa: S105 (of a test)


def test_a_tab_stays_logged_in_over_a_reload_until_it_leaves(home: Path, watched: Watched) -> None:
    ledger = open_ledger(home)
    want_accounts(ledger)
    redeem(ledger, owner_code(ledger, persons.now()), NewAccount("wang", SECRET, "王芳"), at=persons.now())
    watched.go("people", lang="en")
    assert watched.title() == login.TITLE.en
    page = watched.page
    page.get_by_label(login.LOGIN.en, exact=True).fill("wang")
    page.get_by_label(login.PASSWORD.en, exact=True).fill(SECRET)
    page.get_by_role("button", name=login.ENTER.en).click()
    heading = page.get_by_role("heading", name=people.TITLE.en, exact=True)
    heading.wait_for()
    page.reload()
    heading.wait_for()
    assert SECRET not in page.content()
    assert not page.context.cookies() or all("guatu" not in one["name"] for one in page.context.cookies())
    page.get_by_role("button", name=login.LEAVE.en).click()
    out = page.get_by_role("heading", name=login.TITLE.en, exact=True)
    out.wait_for()
    page.wait_for_function("() => Object.keys(sessionStorage).every((one) => !one.startsWith('guatu token'))")
    page.reload()
    out.wait_for()
    page.wait_for_timeout(3000)
    assert watched.title() == login.TITLE.en
