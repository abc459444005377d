"""Sliders of the weights: what the last one says, and the file that ranks the same again."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from layers import open_workspace
from reports import rank, read_criteria
from reports.criteria_file import criteria_toml
from tests import samples
from tests.views.conftest import Visit, ranks
from views import weights

TWO = "[criteria.elderly_share_pct]\nweight = {a}\n[criteria.open_issues_per_ha]\nweight = {b}\n"


def with_two(folder: Path, a: float, b: float) -> Path:
    (folder / "standards").mkdir()
    (folder / "standards" / "criteria.toml").write_text(TWO.format(a=a, b=b), encoding="utf-8")
    return folder


def warned(app: AppTest) -> list[str]:
    return [str(one.value).replace("\\", "") for one in app.warning]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_last_slider_stays_above_zero_and_says_why(visit: Visit, workspaces: Mapping[str, Path], lang: str) -> None:
    app = visit("priorities", ws="cambridge", lang=lang)
    before = len(app.warning)
    labels = [slider.label for slider in app.slider]
    for label in labels:
        assert len(app.warning) == before
        next(one for one in app.slider if one.label == label).set_value(0).run()
        assert not app.exception
    assert [one.value for one in app.slider] == [0] * (len(labels) - 1) + [6]
    used = rank(open_workspace(workspaces["cambridge"]), draws=10).used
    assert weights.LAST_ONE.format(what=used[-1].title, n=6).in_(lang) in warned(app)
    next(one for one in app.slider if one.label == labels[0]).set_value(30).run()
    assert len(app.warning) == before
    next(one for one in app.slider if one.label == labels[-1]).set_value(0).run()
    assert [app.slider[0].value, app.slider[-1].value] == [30, 0]


def test_reset_takes_the_warning_back(visit: Visit, tmp_path: Path) -> None:
    app = visit("priorities", folders=[with_two(samples.community(tmp_path / "s"), 0.5, 0.5)], lang="en")
    for place in (0, 1):
        app.slider[place].set_value(0).run()
    assert any("Raise another one first" in one for one in warned(app))
    next(one for one in app.button if one.label == weights.RESET.en).click().run()
    assert [one.value for one in app.slider] == [50, 50]
    assert not warned(app)


def test_a_light_criterion_keeps_its_weight_when_another_slider_moves(visit: Visit, tmp_path: Path) -> None:
    folder = with_two(samples.community(tmp_path / "l"), 0.004, 0.996)
    app = visit("priorities", folders=[folder], lang="en")
    assert [one.value for one in app.slider] == [1, 100]
    app.slider[1].set_value(60).run()
    assert app.session_state["weights_sample"] == pytest.approx({"elderly_share_pct": 0.4, "open_issues_per_ha": 60})
    assert [one.value for one in app.slider] == [1, 60]


def test_the_weights_of_the_session_rank_the_same_from_a_file(visit: Visit, tmp_path: Path) -> None:
    folder = with_two(samples.community(tmp_path / "f"), 0.3, 0.7)
    app = visit("priorities", folders=[folder], lang="en")
    app.slider[0].set_value(91).run()
    assert weights.SAVE.en in [one.label for one in app.get("download_button")]
    ws = open_workspace(folder)
    shown = rank(ws, draws=50).reweighed(app.session_state["weights_sample"])
    assert list(ranks(app).index) == list(shown.ordered().index)
    file = tmp_path / "criteria.toml"
    file.write_text(criteria_toml(shown.criteria), encoding="utf-8")
    again = rank(ws, criteria=read_criteria(file), draws=50)
    assert again.criteria == shown.criteria
    assert again.total.to_dict() == shown.total.to_dict()
