"""The Rasters page: figures by grid, hollows against issues, what to do without rasters."""

from pathlib import Path

import pytest

from geo.text import Lang
from tests.reports.rasters.conftest import hollow_ground, put
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import rasters


@pytest.mark.parametrize("lang", [Lang.ZH, Lang.EN])
def test_heights_are_shown_by_grid_with_the_finding(visit: Visit, folder: Path, lang: str) -> None:
    put(folder, "elevation", hollow_ground())
    app = visit("rasters", folders=[folder], lang=lang)
    assert not app.exception
    words = said(app)
    assert rasters.PONDING.in_(lang) in words
    assert ("仅供提示" if lang == Lang.ZH else "Indication only") in words
    assert set(app.dataframe[0].value.index) == {"W1", "W2", "E1", "E2"}
    assert app.dataframe[-1].value["issue_id"].tolist() == ["i03"]


def test_another_figure_sorts_the_table(visit: Visit, folder: Path) -> None:
    put(folder, "elevation", hollow_ground())
    app = visit("rasters", folders=[folder], lang="en")
    figure = next(one for one in app.selectbox if one.label == rasters.FIGURE.en)
    app = figure.set_value("deepest_m").run()
    assert not app.exception
    assert app.dataframe[0].value.index[0] == "W1"


@pytest.mark.parametrize("lang", [Lang.ZH, Lang.EN])
def test_without_rasters_it_says_what_to_do(visit: Visit, folder: Path, lang: str) -> None:
    app = visit("rasters", folders=[folder], lang=lang)
    assert not app.exception
    assert "guatu add" in said(app)
    assert rasters.NONE.in_(lang) in "".join(str(one.value) for one in app.info)
