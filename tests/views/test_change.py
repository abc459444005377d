"""The page of change without a browser: every part in both languages, with and without issues, imports and a ledger."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cli import main
from layers import open_workspace
from tests import samples
from tests.ledger_home import begun
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import change, change_layers, frame

PATH = "change"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample community with a ledger, and an import of a building that moved."""
    made = tmp_path / "sample"
    _, ledger = begun(made)
    ledger.engine.dispose()
    table = open_workspace(made)["buildings"].drop(columns=["grid_id", "measured_area_m2"]).loc[["b2"]]
    table.geometry = table.geometry.translate(5, 0)
    table.reset_index().to_file(tmp_path / "b.gpkg", layer="buildings")
    assert main(["add", str(made), "buildings", str(tmp_path / "b.gpkg"), "--json"]) == 0
    return made


def at_part(app: AppTest, part: str) -> AppTest:
    app.session_state["change part sample"] = part
    return app.run()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_shows(visit: Visit, folder: Path, lang: str) -> None:
    app = visit(PATH, folders=[folder], lang=lang)
    for part in change.PARTS:
        app = at_part(app, part)
        assert not app.exception, part
        assert app.title[0].value == change.TITLE.in_(lang)
        assert app.caption, part
    assert len(app.dataframe) >= 3


def test_the_layer_that_was_imported_is_compared_first(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="en"), "layers")
    assert "**1** changed" in said(app)
    app.session_state["change after sample"] = app.session_state["change before sample"]
    app = app.run()
    assert change_layers.SAME.en in said(app)


def test_one_state_only_is_explained(visit: Visit, tmp_path: Path) -> None:
    bare = samples.community(tmp_path / "sample")
    assert "guatu change sample" in said(at_part(visit(PATH, folders=[bare], lang="en"), "layers"))


def test_without_issues_or_grids_it_says_what_to_do(visit: Visit, tmp_path: Path) -> None:
    bare = samples.community(tmp_path / "sample", {"issues": None})
    assert change.NO_ISSUES.zh in said(visit(PATH, folders=[bare], lang="zh"))
    none = samples.community(tmp_path / "none", {"grids": None}, levels=())
    assert frame.NO_GRIDS.zh.split("。")[0] in said(visit(PATH, folders=[none], lang="zh"))


def test_a_group_and_a_step_can_be_chosen(visit: Visit, folder: Path) -> None:
    app = at_part(visit(PATH, folders=[folder], lang="en"), "inflow")
    app.session_state["change inflow by sample"] = "grid"
    app.session_state["change step sample"] = "week"
    assert not app.run().exception
    app = at_part(app, "closing")
    app.session_state["change closing by sample"] = "source"
    assert not app.run().exception
