"""The Grids page: every tab, a redrawing previewed, applied and undone."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers import open_workspace
from reports.gridworks import plan as kinds
from reports.gridworks.plan import KINDS
from tests.views.conftest import Visit
from tests.views.test_import_page import press
from tests.views.test_pages import said
from views import grids, grids_preview, grids_redraw, import_history


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("city", ["huolong", "boston", "cambridge"])
def test_page_shows_without_a_fault(visit: Visit, city: str, lang: str) -> None:
    app = visit("grids", ws=city, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [grids.TITLE.in_(lang)]
    assert (grids.SOUND.in_(lang) in said(app)) == (city == "huolong")
    assert (grids.CROSSING.in_(lang) in said(app)) == (city != "huolong")


def choose(app: AppTest, *ids: str) -> AppTest:
    return next(one for one in app.multiselect if str(one.key).startswith("pick grids")).set_value(list(ids)).run()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_merged_applied_and_undone(visit: Visit, folder: Path, lang: str) -> None:
    app = choose(visit("grids", folders=[folder], lang=lang), "W1", "W2")
    app = press(app, grids_redraw.PREVIEW.in_(lang))
    assert not app.exception
    assert grids_preview.KEPT.format(n="7").in_(lang)[:8] in said(app)
    app = press(app, grids_preview.APPLY.in_(lang))
    assert not app.exception
    assert list(open_workspace(folder).grids().index) == ["E1", "E2", "W3"]
    file = open_workspace(folder).folder / "imports" / "0001" / "import.json"
    assert file.is_file()
    undo = next(one for one in app.button if one.label.startswith(import_history.UNDO.in_(lang)[:4]))
    app = undo.click().run()
    app = press(app, import_history.YES.in_(lang))
    assert not app.exception
    assert len(open_workspace(folder).grids()) == 4


def test_what_cannot_be_done_is_said(visit: Visit, folder: Path) -> None:
    app = choose(visit("grids", folders=[folder], lang="en"), "W1")
    app = press(app, grids_redraw.PREVIEW.en)
    assert not app.exception
    assert "at least 2" in said(app)


@pytest.mark.parametrize("kind", [one for one in KINDS if one != kinds.RECODE])
def test_each_way_can_be_asked_for(visit: Visit, folder: Path, kind: str) -> None:
    app = visit("grids", folders=[folder], lang="en")
    app = next(one for one in app.button_group if str(one.key).startswith("grids how")).set_value(kind).run()
    app = choose(app, "W1", "W2")
    app = press(app, grids_redraw.PREVIEW.en)
    assert not app.exception


def test_proposed_codes_go_into_the_plan(visit: Visit, folder: Path) -> None:
    app = press(visit("grids", folders=[folder], lang="en"), grids.PUT.en)
    assert not app.exception
    assert "W-01" in "".join(str(one.value) for one in app.dataframe)
