"""Hot spots without a browser: every part in both languages, few grids, no issues, other choices."""

from pathlib import Path

import pytest

from reports.patterns import words
from tests import samples
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import frame, hot_spot_parts, hot_spots

PATH = "hot-spots"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_shows_in_both_languages(visit: Visit, lang: str) -> None:
    app = visit(PATH, ws="huolong", lang=lang)
    assert app.title[0].value == hot_spots.TITLE.in_(lang)
    for part in hot_spots.PARTS:
        app.button_group(key="pattern part huolong").set_value(part).run()
        assert not app.exception
        text = said(app)
        assert "{" not in text
        assert (words.FEW_GRIDS.format(n=17, least=30).in_(lang) in text) == (part in {"rates", "clusters"})
        assert (hot_spot_parts.NO_CLUSTERS.in_(lang) in text) == (part == "clusters")


def test_real_hot_spots_of_a_type(visit: Visit) -> None:
    app = visit(PATH, ws="boston", lang="en")
    app.selectbox(key="pattern type boston").set_value("GARBAGE").run()
    app.button_group(key="pattern part boston").set_value("clusters").run()
    assert not app.exception
    text = said(app)
    assert "Of 169 grids: hot spots" in text
    assert "467 on a default point" in text
    app.button_group(key="pattern per boston").set_value("none").run()
    assert words.COUNT.en in said(app)


def test_without_issues_or_grids_the_page_says_what_is_missing(visit: Visit, tmp_path: Path) -> None:
    app = visit(PATH, ws="cambridge", lang="en")
    assert not app.exception
    assert any("no issues" in one.value for one in app.info)
    folder = samples.community(tmp_path / "plain", {"grids": None, "buildings": None, "toilets": None, "parks": None})
    assert frame.NO_GRIDS.en in said(visit(PATH, folders=[folder], lang="en"))
