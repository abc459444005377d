"""Supply and shortfall without a browser: every kind, part and workspace shows without a fault, the unknown is said."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.service.kinds import KINDS
from reports.service.supply import METHODS
from tests.samples import community
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import coverage_supply
from views.coverage_supply import PARTS

PATH = "coverage"


def at(app: AppTest, workspace: str, **choices: str) -> AppTest:
    """Show the part about supply with choices made."""
    app.session_state[f"coverage side {workspace}"] = "supply"
    for name, value in choices.items():
        app.session_state[f"supply {name} {workspace}"] = value
    return app.run()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("of", KINDS)
def test_every_part_shows_without_a_fault(visit: Visit, of: str, part: str, lang: str) -> None:
    app = at(visit(PATH, ws="huolong", lang=lang), "huolong", of=of, part=part)
    assert not app.exception
    assert coverage_supply.TITLE.in_(lang) in said(app)
    shown = [one.value for one in app.dataframe]
    assert shown
    assert all(len(one) for one in shown)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_shows(visit: Visit, method: str) -> None:
    app = at(visit(PATH, ws="huolong", lang="zh"), "huolong", method=method, way="straight")
    assert not app.exception
    assert METHODS[method].zh in said(app)


def test_parking_shows_day_and_night(visit: Visit) -> None:
    app = at(visit(PATH, ws="huolong", lang="zh"), "huolong", of="parking")
    values = {one.label: one.value for one in app.metric}
    assert values["夜间缺（泊位）"] == "462"
    assert values["白天缺（泊位）"] == "135"


def test_what_cannot_be_known_is_said(visit: Visit, tmp_path: Path) -> None:
    folder = community(tmp_path / "sample")
    app = at(visit(PATH, folders=[folder], lang="zh"), "sample", of="parking")
    assert not app.exception
    assert sum("状态：不可用" in one.value for one in app.info) == 2
