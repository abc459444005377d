"""The page of sites without a browser: every workspace, model and part shows, and a choice changes the figures."""

import pytest

from reports.siting import MODELS
from tests.views.conftest import Visit
from tests.views.test_coverage import figures
from tests.views.test_pages import said
from views import sites, sites_parking

PATH = "sites"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_shows_without_a_fault(visit: Visit, lang: str) -> None:
    app = visit(PATH, ws="huolong", lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [sites.TITLE.in_(lang)]
    assert list(figures(app).values()) == ["0", "1,990", "2,208", "218"]


def test_boston_says_who_is_out_of_reach_first(visit: Visit) -> None:
    app = visit(PATH, ws="boston", lang="en")
    assert not app.exception
    assert "Out of reach of every candidate" in said(app)
    assert next(iter(figures(app))) == "Out of reach of all candidates"


@pytest.mark.parametrize("part", sites.PARTS)
def test_every_part_shows(visit: Visit, part: str) -> None:
    app = visit(PATH, ws="huolong", lang="zh")
    app.session_state["sites part huolong"] = part
    assert not app.run().exception


@pytest.mark.parametrize("model", MODELS)
def test_every_model_shows(visit: Visit, model: str) -> None:
    app = visit(PATH, ws="huolong", lang="en")
    app.session_state["sites model huolong"] = model
    app.session_state["sites count huolong"] = 2
    assert not app.run().exception
    assert figures(app)["Served now"] == "1,990"


def test_parking_around_and_along(visit: Visit) -> None:
    app = visit(PATH, ws="huolong", lang="en")
    app.session_state["sites side huolong"] = "parking"
    assert not app.run().exception
    assert figures(app)["Missing"] == "258"
    app.session_state["parking by huolong"] = "route"
    assert not app.run().exception
    assert figures(app)["Missing"] != "258"
    none = visit(PATH, ws="boston", lang="en")
    none.session_state["sites side boston"] = "parking"
    assert not none.run().exception
    assert sites_parking.NOTHING.en in said(none)
