"""The page of coverage without a browser: every workspace, limit and part shows, and a moved limit changes the figures."""

from itertools import product
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.samples import community
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import coverage

PATH = "coverage"


def chosen(app: AppTest, workspace: str, **choices: object) -> AppTest:
    """Show the page with choices made."""
    for name, value in choices.items():
        app.session_state[f"coverage {name} {workspace}"] = value
    return app.run()


def figures(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.parametrize(("city", "lang"), list(product(("huolong", "boston", "cambridge"), ("zh", "en"))))
def test_page_shows_without_a_fault(visit: Visit, city: str, lang: str) -> None:
    app = visit(PATH, ws=city, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [coverage.TITLE.in_(lang)]
    assert len(figures(app)) == 4
    assert len(app.dataframe) == (2 if city == "huolong" else 3)  # parts of the streets, where there are several


@pytest.mark.parametrize("part", coverage.PARTS)
def test_every_part_shows(visit: Visit, part: str) -> None:
    app = chosen(visit(PATH, ws="huolong", lang="zh"), "huolong", part=part, of="parks", draw=True)
    assert not app.exception
    assert coverage.ISOCHRONE.zh[:6] in said(app)


def test_a_moved_limit_changes_the_figures(visit: Visit) -> None:
    app = visit(PATH, ws="huolong", lang="zh")
    assert figures(app)["步行覆盖"] == "85.2%"
    moved = chosen(app, "huolong", by="metres", metres=500)
    assert figures(moved)["步行覆盖"] == "100.0%"
    slow = chosen(app, "huolong", by="minutes", minutes=5, pace="elderly")
    assert figures(slow)["步行覆盖"] == "61.1%"
    assert not slow.exception


def test_without_streets_only_the_straight_line_is_said(visit: Visit, tmp_path: Path) -> None:
    app = visit(PATH, folders=[community(tmp_path / "sample")], lang="zh")
    assert not app.exception
    assert figures(app)["步行覆盖"] == "—"
    assert figures(app)["步行无法判断"] == "5"


def test_without_anything_to_cover_the_page_says_so(visit: Visit, tmp_path: Path) -> None:
    folder = community(tmp_path / "sample", {"toilets": None, "parks": None})
    app = visit(PATH, folders=[folder], lang="en")
    assert not app.exception
    assert coverage.NONE.en in said(app)
