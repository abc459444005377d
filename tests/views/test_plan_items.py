"""The part of the Plan page with renewal items: shown, accepted, added, and refused without a name."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers import open_workspace
from reports.shelf import FOLDERS
from reports.works import items_of
from tests.reports.works.works_sample import works_community
from tests.views.test_import_page import press
from tests.views.test_pages import said
from views import plan_items, plan_items_add, plan_items_sums


def page() -> None:
    from views import frame, plan_items, state  # noqa: PLC0415 (the page is run from its source)

    state.begin()
    with frame.guarded():
        plan_items.show_items(state.workspace(), state.ranking())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return works_community(tmp_path / "sample")


def shown(folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> AppTest:
    monkeypatch.setenv(FOLDERS, os.fspath(folder))
    app = AppTest.from_function(page, default_timeout=120)
    app.query_params["lang"] = lang
    return app.run()


def typed(app: AppTest, label: str, value: str, *, last: bool = False) -> None:
    boxes = [one for one in app.text_input if one.label == label]
    boxes[-1 if last else 0].set_value(value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_items_are_shown_with_their_sums(folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    app = shown(folder, monkeypatch, lang)
    assert not app.exception
    assert plan_items.ABOUT.in_(lang) in said(app)
    assert {"zh": "项金额未知", "en": "without an amount"}[lang] in said(app)
    assert plan_items_sums.BESIDE.in_(lang) in said(app)
    assert plan_items_sums.NO_HISTORY.in_(lang) in said(app)


def test_what_is_listed_is_accepted_by_somebody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(shown(folder, monkeypatch, "zh"), plan_items.ACCEPT.zh)
    assert "须写明审定人" in said(app)
    typed(app, plan_items.AUTHOR.zh, "王工")
    app = press(app, plan_items.ACCEPT.zh)
    assert not app.exception
    kept = items_of(open_workspace(folder))
    assert set(kept["decision"]) == {"accepted"}
    assert set(kept["decided_by"]) == {"王工"}
    assert "第 1 次变更" in said(app)


def test_nothing_changed_is_nothing_stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(shown(folder, monkeypatch, "en"), plan_items.SAVE.en)
    assert plan_items.NOTHING.en in said(app)
    assert items_of(open_workspace(folder)).empty


def test_an_item_of_ones_own_is_added(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = press(shown(folder, monkeypatch, "en"), plan_items_add.ADD.en)
    assert "needs a name" in said(app)
    typed(app, plan_items_add.NAME.en, "New gate")
    typed(app, plan_items_add.AUTHOR.en, "Wang", last=True)
    app = press(app, plan_items_add.ADD.en)
    assert not app.exception
    kept = items_of(open_workspace(folder))
    assert kept.loc["OWN-0001", ["name", "decided_by", "origin"]].tolist() == ["New gate", "Wang", "person"]
