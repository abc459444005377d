"""Addresses that ask for what is not there: said, with what there is, and nothing chosen in silence."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from layers import ISSUES, open_workspace
from tests import samples
from tests.conftest import CITIES
from tests.views.conftest import Visit
from tests.views.test_pages import PAGES, said
from views import astray, frame, issues, priorities

STRANGE = ["nowhere", "<script>", "../../etc", "![x](http://example.org/x.png)"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_workspace_is_named_and_the_others_offered(visit: Visit, path: str, lang: str) -> None:
    app = visit(path, ws="nowhere", level="1", grid="x", lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [astray.NO_WORKSPACE.in_(lang)]
    assert astray.ASKED_WORKSPACE.format(asked="nowhere").in_(lang) in said(app)
    assert len(app.button) == len(CITIES)
    assert not app.dataframe  # no workspace was guessed
    assert app.sidebar.selectbox[0].value is None
    next(one for one in app.button if "cambridge" in one.label).click().run()
    assert app.title[0].value == PAGES[path].TITLE.in_(lang)
    assert (app.query_params["ws"], "level" in app.query_params) == ("cambridge", False)
    assert not [one for one in app.warning if "nowhere" in one.value]


def test_the_chooser_leads_out_of_an_unknown_workspace_too(visit: Visit) -> None:
    app = visit("issues", ws="nowhere", lang="en")
    app.sidebar.selectbox[0].set_value("huolong").run()
    assert app.title[0].value == issues.TITLE.en


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_words_are_repeated_as_text_only(visit: Visit, strange: str) -> None:
    app = visit("issues", ws=strange, lang="en")
    assert strange in said(app)
    app = visit("issues", ws="huolong", level=strange, grid=strange, issue=strange, lang=strange)
    assert not app.exception
    assert said(app).count(strange) == 3
    assert app.title[0].value == issues.TITLE.zh
    assert not [one for one in app.warning if "](http" in one.value]


def test_long_words_of_an_address_are_cut(visit: Visit) -> None:
    text = said(visit("", ws="x" * 5000, lang="en"))
    assert "x" * astray.MOST_SIGNS in text
    assert "x" * (astray.MOST_SIGNS + 1) not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_level_is_named_with_those_there_are(
    visit: Visit, workspaces: Mapping[str, Path], lang: str
) -> None:
    app = visit("priorities", ws="huolong", level="9", lang=lang)
    words = [open_workspace(workspaces["huolong"]).manifest.level_words(n).in_(lang) for n in (1, 2)]
    (warning,) = [one.value for one in app.warning if "9" in one.value]
    assert all(word in warning for word in words)
    assert app.title[0].value == priorities.TITLE.in_(lang)
    next(one for one in app.button if words[0] in one.label).click().run()
    assert app.query_params["level"] == "1"
    assert not [one for one in app.warning if "9" in one.value]


def test_a_grid_of_another_level_is_one_step_away(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    grid_id = str(open_workspace(workspaces["huolong"]).grids(2).index[4])
    name = open_workspace(workspaces["huolong"]).grids(2).loc[grid_id, "name"]
    app = visit("map", ws="huolong", level="1", grid=grid_id, lang="en")
    assert any(name in one.value.replace("\\", "") for one in app.warning)
    next(one for one in app.button if one.label.startswith("Go to")).click().run()
    assert (app.query_params["level"], app.query_params["grid"]) == ("2", grid_id)
    assert name in [one.value.replace("\\", "") for one in app.subheader]


@pytest.mark.parametrize("name", ["grid", "issue"])
@pytest.mark.parametrize("path", PAGES)
def test_an_unknown_grid_or_issue_is_said_and_can_be_dismissed(visit: Visit, path: str, name: str) -> None:
    app = visit(path, ws="huolong", lang="en", **{name: "gone-7"})
    assert not app.exception
    assert "gone-7" in said(app)
    next(one for one in app.button if one.label == astray.DISMISS.en).click().run()
    assert name not in app.query_params
    assert "gone-7" not in said(app)


def test_a_right_address_needs_no_notice(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    ws = open_workspace(workspaces["boston"])
    right = {"level": "2", "grid": str(ws.grids().index[3]), "issue": str(ws[ISSUES].index[9])}
    assert not visit("issues", ws="boston", lang="en", **right).warning


def test_levels_of_a_workspace_without_grids(visit: Visit, tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "loose", {"grids": None})
    app = visit("issues", folders=[folder], lang="en", level="2")
    assert astray.ASKED_LEVEL_OF_NONE.format(asked="2").en in said(app)
    assert frame.NO_GRIDS.en not in said(app)
