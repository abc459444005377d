"""The page of budget plans on the bundled communities."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.views.conftest import Visit
from views import plan, plan_parts


def chosen(app: AppTest) -> Any:
    """The choice of parts."""
    return next(one for one in app.button_group if one.key and one.key.startswith("plan part"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_plans_and_its_parts_open(visit: Visit, lang: str) -> None:
    app = visit("plan", ws="huolong", lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [plan.TITLE.in_(lang)]
    assert len(app.metric) == 5
    for part in ("years", "grids", "classes", "apart", "save", "other"):
        chosen(app).set_value(part).run()
        assert not app.exception, part


def test_dials_move_the_plan(visit: Visit) -> None:
    app = visit("plan", ws="huolong", lang="en")
    before = app.metric[1].value
    app.number_input[0].set_value(500_000).run()
    assert not app.exception
    assert app.slider[0].value == 500_000
    assert app.metric[1].value != before
    app.slider[1].set_value(1).run()
    assert app.metric[3].value == "Best"
    app.slider[0].set_value(0).run()
    assert not app.exception
    assert app.metric[0].value == "0"


def test_a_plan_can_be_kept(visit: Visit, workspaces: Mapping[str, Path], tmp_path: Path) -> None:
    own = Path(shutil.copytree(workspaces["huolong"], tmp_path / "huolong"))
    app = visit("plan", folders=[own], lang="en")
    chosen(app).set_value("save").run()
    name, author, _ = app.text_input
    name.set_value("first")
    author.set_value("Wang")
    next(one for one in app.button if one.label == plan_parts.SAVE.en).click().run()
    assert not app.exception
    assert [one.value for one in app.success] == ["Saved as plans/first\\.toml"]
    assert (own / "plans" / "first.toml").is_file()


def test_a_community_without_items_says_so(visit: Visit) -> None:
    app = visit("plan", ws="cambridge", lang="zh")
    assert not app.exception
