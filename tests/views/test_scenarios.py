"""The Scenarios page: both parts in both languages, a draft shown, saved, compared, decided and undone."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from layers import open_workspace
from reports.scenario.applying import at_wkt
from reports.scenario.editor import Draft
from reports.scenario.edits import ADD, Edit
from tests.samples import X0, Y0
from tests.views.conftest import Visit
from tests.views.test_import_page import press
from tests.views.test_pages import said
from views import import_history, scenarios, scenarios_draw, scenarios_kept, scenarios_save, scenarios_shown

DRAFT = Draft("东公厕", (Edit(do=ADD, layer="toilets", wkt=at_wkt(X0 + 105, Y0 + 15), values={"name": "东公厕"}),))


def with_draft(app: AppTest, folder: Path, draft: Draft = DRAFT) -> AppTest:
    app.session_state[f"{scenarios_draw.DRAFT}_{folder.name}"] = draft
    return app.run()


def part(app: AppTest, name: str, value: str) -> AppTest:
    chosen: AppTest = next(one for one in app.button_group if str(one.key).startswith(name)).set_value(value).run()
    return chosen


def field(app: AppTest, key: str) -> Any:
    return next(one for one in app.text_input if str(one.key).startswith(key))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("city", ["huolong", "boston", "cambridge"])
def test_page_shows_without_a_fault(visit: Visit, city: str, lang: str) -> None:
    app = visit("scenarios", ws=city, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [scenarios.TITLE.in_(lang)]
    assert scenarios_draw.EMPTY.in_(lang) in said(app)
    app = part(app, "scenarios part", "kept")
    assert not app.exception


@pytest.mark.parametrize("do", ["add", "move", "remove", "set", "resize"])
def test_each_deed_has_its_form(visit: Visit, folder: Path, do: str) -> None:
    app = part(visit("scenarios", folders=[folder], lang="en"), "scenario do", do)
    assert not app.exception
    app = press(app, "Put it into the scenario")
    assert scenarios_draw.MISSING.en in said(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_drawn_saved_decided_and_undone(visit: Visit, folder: Path, lang: str) -> None:
    app = with_draft(visit("scenarios", folders=[folder], lang=lang), folder)
    assert not app.exception
    assert scenarios_shown.WHAT.in_(lang) in [one.value for one in app.subheader]
    for shown in scenarios_shown.PARTS:
        app = part(app, "scenario shown", shown)
        assert not app.exception, shown
    field(app, "scenario author").set_value("规划科")
    app = press(app, scenarios_save.SAVE.in_(lang))
    assert not app.exception
    assert "plans" in said(app)
    assert (folder / "plans" / "东公厕.toml").is_file()
    app = part(app, "scenarios part", "kept")
    assert not app.exception
    field(app, "scenario decider").set_value("主任")
    app = press(app, scenarios_kept.DECIDE.in_(lang))
    assert not app.exception
    assert list(open_workspace(folder)["toilets"].index) == ["t1", "t2"]
    undo = next(one for one in app.button if one.label.startswith(import_history.UNDO.in_(lang)[:4]))
    app = press(undo.click().run(), import_history.YES.in_(lang))
    assert not app.exception
    assert list(open_workspace(folder)["toilets"].index) == ["t1"]


def test_what_cannot_be_done_is_said(visit: Visit, folder: Path) -> None:
    wrong = Draft("x", (Edit(do="remove", layer="toilets", id="t9"),))
    app = with_draft(visit("scenarios", folders=[folder], lang="en"), folder, wrong)
    assert not app.exception
    assert any("t9" in one.value.to_string() for one in app.table)
