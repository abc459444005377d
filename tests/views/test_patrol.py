"""The officer's round and the resident's form, without a browser."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from layers import ISSUES, open_workspace
from layers.ledger.acting.campaigns import campaigns, progress
from layers.ledger.acting.references import reference_of
from layers.ledger.acting.service_orders import service_orders
from layers.ledger.crew.contacts import contact_of
from layers.ledger.crew.invitations import NewAccount, owner_code, redeem, want_accounts
from layers.ledger.store.history import take_history
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.people.passwords import Cost, hashed
from tests import samples
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import desk, patrol, patrol_orders, patrol_tasks, persons, report_form
from views.geolocation import Fix, read_fix


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.community(tmp_path / "sample")


@pytest.fixture
def kept(folder: Path) -> Ledger:
    ledger, ws = open_ledger(folder), open_workspace(folder)
    take_history(ledger, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES), with_limits=True)
    return ledger


def widget(widgets: Any, name: str) -> Any:
    """Find a widget by a part of its key."""
    return next(one for one in widgets if one.key and name in one.key)


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def placed(app: AppTest, house: str = "b1", way: str = "place way") -> AppTest:
    """Choose a building as the place."""
    widget(app.get("button_group"), way).set_value("house").run()
    found: AppTest = widget(app.selectbox, " house").set_value(house).run()
    return found


def new(ledger: Ledger) -> list[str]:
    """Issues that were reported by the pages."""
    return [str(one) for one in ledger.cases().index if reference_of(str(one)) == one]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("path", "page"), [("patrol", patrol), ("report", report_form)])
def test_without_a_ledger_one_is_offered(visit: Visit, folder: Path, path: str, page: Any, lang: str) -> None:
    app = visit(path, folders=[folder], lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [page.TITLE.in_(lang)]
    assert desk.NONE.in_(lang) in said(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_officer_reports_with_a_type_and_a_place(visit: Visit, folder: Path, kept: Ledger, lang: str) -> None:
    app = visit("patrol", folders=[folder], lang=lang, grid="W1")
    assert not app.exception
    assert button(app, patrol.SEND.in_(lang)).disabled
    widget(app.get("button_group"), "patrol type").set_value("GARBAGE").run()
    app = placed(app)
    assert not app.exception
    send = button(app, patrol.SEND.in_(lang))
    assert not send.disabled
    app = send.click().run()
    (name,) = new(kept)
    assert name in said(app)
    event = kept.events(name)[0]
    assert (event.issue_type, event.grid_id, event.address, event.source) == ("GARBAGE", "W1", "b1", patrol.SOURCE)
    assert event.severity is not None
    assert f"{event.due_at:%Y-%m-%d %H:%M}" in said(app)
    assert button(app, patrol.SEND.in_(lang)).disabled


def test_what_may_be_the_same_is_shown_first(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh")
    for _ in range(2):
        widget(app.get("button_group"), "patrol type").set_value("GARBAGE").run()
        app = placed(app)
        if not new(kept):
            app = button(app, patrol.SEND.zh).click().run()
    (name,) = new(kept)
    assert patrol.SAME.zh in said(app)
    assert widget(app.button, f"same {name}").disabled
    assert patrol.NEEDS_PHOTO.zh in said(app)
    widget(app.get("button_group"), "patrol type").set_value("SEWER_BLOCK").run()
    assert patrol.SAME.zh not in said(app)


def test_an_open_issue_is_begun_noted_and_finished(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh", grid="W1")
    assert "i05" in said(app)
    app = widget(app.button, "task i05").click().run()
    app = widget(app.button, "begin i05").click().run()
    case = kept.case("i05")
    assert (case.state, case.person) == ("working", "owner")
    app = widget(app.button, "task i05").click().run()
    app = widget(app.text_input, "finish i05").set_value("已疏通").run()
    app = widget(app.button, "note i05").click().run()
    assert kept.events("i05")[-1].text == "已疏通"
    app = widget(app.button, "task i05").click().run()
    app = widget(app.text_input, "finish i05").set_value("已更换").run()
    done = widget(app.button, "finish i05")
    assert not done.disabled
    app = done.click().run()
    assert kept.case("i05").state == "fixed"
    assert "i05" not in said(app)


def test_done_waits_for_the_picture_that_the_type_asks_for(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh", grid="W1")
    app = widget(app.button, "task i04").click().run()
    assert widget(app.button, "finish i04").disabled
    assert "整改后照片" in said(app)
    assert kept.case("i04").state == "new"


def test_a_round_counts(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh")
    app = button(app, patrol.START.zh).click().run().run()
    assert "已上报 0 件，办好 0 件" in said(app)
    widget(app.get("button_group"), "patrol type").set_value("GARBAGE").run()
    app = button(placed(app), patrol.SEND.zh).click().run()
    assert "已上报 1 件" in said(app)
    app = button(app, patrol.STOP.zh).click().run().run()
    assert button(app, patrol.START.zh)
    assert len(new(kept)) == 1
    assert patrol_tasks.OPEN.zh in [one.value for one in app.subheader]


def test_an_order_is_asked_for_sent_taken_done_and_reviewed(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh", grid="W1")
    next(one for one in app.text_input if one.label == patrol_orders.ASK.zh).set_value("代买药")
    app = button(app, patrol_orders.ASK_IT.zh).click().run()
    ((name, order),) = service_orders(kept).items()
    assert (order.text, order.grid_id, order.author) == ("代买药", "W1", "owner")
    app = widget(app.button, f"order {name} 1 dispatched").click().run()
    assert service_orders(kept)[name].person == "owner"
    app = widget(app.button, f"order {name} 2 taken").click().run()
    app = widget(app.button, f"order {name} 3 done").click().run()
    assert "还缺：说明" in said(app)
    widget(app.text_input, f"order {name} 3 done").set_value("已送到")
    app = widget(app.button, f"order {name} 3 done").click().run()
    app = widget(app.button, f"order {name} 4 reviewed").click().run()
    assert not app.exception
    found = service_orders(kept)[name]
    assert (found.state, found.satisfaction) == ("reviewed", 5)
    assert patrol_orders.NONE.zh in said(app)


def test_a_campaign_is_begun_and_counts_reports(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("patrol", folders=[folder], lang="zh", grid="W1")
    app = button(app, patrol_orders.NEW.zh).click().run()
    assert patrol_orders.NEEDED.zh in said(app)
    next(one for one in app.text_input if one.label == patrol_orders.NAME.zh).set_value("清理月")
    app = button(app, patrol_orders.NEW.zh).click().run()
    (plan,) = campaigns(kept)
    assert (plan.name, plan.target) == ("清理月", 20)
    widget(app.get("button_group"), "patrol type").set_value("GARBAGE").run()
    widget(app.selectbox, "patrol campaign").set_value("清理月")
    app = button(placed(app), patrol.SEND.zh).click().run()
    assert not app.exception
    assert progress(plan, kept.cases()).reported == 1


def reported(app: AppTest, contact: str = "") -> AppTest:
    """Fill in the form of a resident and send it."""
    widget(app.selectbox, "report type").set_value("LIGHT_OUT").run()
    app = placed(app)
    widget(app.text_input, "report contact").set_value(contact)
    widget(app.text_area, "report words").set_value("*路灯* 不亮 <b>")
    return app.run()


def test_a_resident_reports_and_asks_after_it(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("report", folders=[folder], lang="zh")
    assert not app.exception
    app = reported(app, "李女士 13911112222")
    app = button(app, report_form.SEND.zh).click().run()
    assert not app.exception
    (name,) = new(kept)
    assert name in said(app)
    assert contact_of(kept, name) == "李女士 13911112222"
    assert "13911112222" not in str(kept.log().to_pylist())
    assert kept.events(name)[0].text == "*路灯* 不亮 <b>"
    widget(app.text_input, "report reference").set_value(name.lower().replace("-", " "))
    app = button(app, report_form.LOOK.zh).click().run()
    shown = said(app)
    assert "已收到，等待受理。" in shown
    assert "路灯不亮" in shown
    assert "李女士" not in shown
    assert "owner" not in shown


@pytest.mark.parametrize(("typed", "words"), [("K7Q-M2X-W9H1", report_form.WRONG), ("i01", report_form.WRONG)])
def test_wrong_references_are_told(visit: Visit, folder: Path, kept: Ledger, typed: str, words: Any) -> None:
    assert kept.size()
    app = visit("report", folders=[folder], lang="en")
    widget(app.text_input, "report reference").set_value(typed)
    app = button(app, report_form.LOOK.en).click().run()
    assert words.en in said(app)


def test_a_session_may_report_so_often_and_no_more(visit: Visit, folder: Path, kept: Ledger) -> None:
    app = visit("report", folders=[folder], lang="zh")
    for _ in range(6):
        app = button(reported(app), report_form.SEND.zh).click().run()
    assert len(new(kept)) == 5
    assert "提交次数已到上限" in said(app)


@pytest.mark.parametrize("is_public", [False, True])
def test_with_accounts_the_form_is_open_only_if_the_workspace_says_so(
    visit: Visit, folder: Path, kept: Ledger, *, is_public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ledger.crew.invitations.hashed", partial(hashed, cost=Cost(4, 8, 1)))
    want_accounts(kept)
    redeem(kept, owner_code(kept, persons.now()), NewAccount("wang", "Hongmei-Lu 27 hao", "王芳"), at=persons.now())
    if is_public:
        manifest = folder / "workspace.toml"
        manifest.write_text(
            manifest.read_text(encoding="utf-8") + "\n[identity]\npublic_report = true\n", encoding="utf-8"
        )
    app = visit("report", folders=[folder], lang="zh")
    assert not app.exception
    assert (report_form.INTRO.zh in said(app)) == is_public
    if is_public:
        app = button(reported(app), report_form.SEND.zh).click().run()
        (name,) = new(kept)
        assert kept.events(name)[0].by == "public"
        assert "王芳" not in said(app)
    shut = visit("patrol", folders=[folder], lang="zh")
    assert patrol.NEW.zh not in [one.value for one in shut.subheader]


@pytest.mark.parametrize(
    ("found", "fix"),
    [
        (None, None),
        ("x", None),
        ({"lon": 1, "lat": 2.5, "accuracy": 3}, Fix(1, 2.5, 3)),
        ({"lon": "1", "lat": 2, "accuracy": 3}, Fix(fault="none")),
        ({"lon": True, "lat": 2, "accuracy": 3}, Fix(fault="none")),
        ({}, Fix(fault="none")),
        ({"fault": "refused"}, Fix(fault="refused")),
        ({"fault": "<b>"}, Fix(fault="none")),
    ],
)
def test_what_the_browser_says_of_its_place_is_not_believed(found: object, fix: Fix | None) -> None:
    assert read_fix(found) == fix
