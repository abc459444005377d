"""The page of the health check on the bundled communities."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from layers import open_workspace
from reports.health.examination import health_check
from reports.health.finding import VERDICTS
from tests.views.conftest import Visit
from views import health

CITIES = ("huolong", "boston", "cambridge")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("city", CITIES)
def test_page_shows_every_indicator(visit: Visit, workspaces: Mapping[str, Path], city: str, lang: str) -> None:
    app = visit("health", ws=city, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [health.TITLE.in_(lang)]
    found = health_check(open_workspace(workspaces[city]))
    table = app.dataframe[0].value
    assert list(table.index) == list(found.findings)
    assert len(table.columns) == 3 + len(found.places)


def test_choices_lead_to_the_finding(visit: Visit) -> None:
    app = visit("health", ws="huolong", lang="en", grid="HL-03-01")
    which = next(one for one in app.selectbox if one.label == "Indicator")
    which.set_value("F-KG").run()
    assert not app.exception
    assert any(one.value.startswith("F\\-KG kindergarten") for one in app.subheader)
    assert any(VERDICTS["fails"].en in one.value for one in app.markdown)


def test_groups_and_verdicts_narrow_the_matrix(visit: Visit) -> None:
    app = visit("health", ws="huolong", lang="en")
    app.pills[0].set_value("T").run()
    assert set(app.dataframe[0].value.index) == {"T-R", "T-D", "T-D2", "T-SP", "T-A", "T-RATIO", "T-BUF"}
    app.pills[1].set_value("fails").run()
    assert not app.exception
