"""The pages of consent and relocation without a browser, in both languages, with and without data."""

from itertools import product
from pathlib import Path

import pytest

from tests import samples
from tests.reports.consent import test_standing as votes
from tests.reports.relocation import test_relocation as moves
from tests.views.conftest import Visit
from views import consent, relocation


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_consent_of_the_bundled_community(visit: Visit, lang: str) -> None:
    app = visit("consent", ws="huolong", lang=lang)
    assert not app.exception
    assert app.title[0].value == consent.TITLE.in_(lang)
    rows = app.dataframe[0].value
    assert len(rows) == 54
    assert rows["owners_needed"].iloc[0] >= 0
    app.session_state["consent part huolong"] = "estates"
    assert len(app.run().dataframe[0].value) == 17
    app.session_state["consent rule huolong"] = "cn_other"
    assert not app.run().exception


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_relocation_of_the_bundled_district(visit: Visit, lang: str) -> None:
    app = visit("relocation", ws="wanxiu", lang=lang)
    assert not app.exception
    said = " ".join(one.value for one in app.caption).replace("\\", "")
    assert "90.69%" in said
    assert "952" in said
    zones = app.dataframe[0].value
    assert (len(zones), zones["signed"].sum(), zones["moved"].sum()) == (5, 10_221, 9_269)
    app.session_state["relocation zone wanxiu"] = "WX-Z5"
    app.session_state["relocation stage wanxiu"] = "signed"
    app.session_state["relocation part wanxiu"] = "buildings"
    assert not app.run().exception


@pytest.mark.parametrize(("city", "path"), list(product(("boston", "cambridge"), ("consent", "relocation"))))
def test_cities_without_votes_or_register_say_so_kindly(visit: Visit, city: str, path: str) -> None:
    app = visit(path, ws=city, lang="zh")
    assert not app.exception
    words = consent.NO_VOTES if path == "consent" else relocation.NO_REGISTER
    assert words.zh in [one.value for one in app.info]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_small_ones(visit: Visit, tmp_path: Path, lang: str) -> None:
    folder = votes.opened(tmp_path / "a").folder
    assert len(visit("consent", folders=[folder], lang=lang).dataframe[0].value) == 6
    rows = [*moves.ROWS, ("b3", "Z2", "2024-05-10", "2024-05-01", None, None)]
    shown = visit("relocation", folders=[moves.opened(tmp_path / "b", rows).folder], lang=lang)
    assert not shown.exception
    assert any("1" in one.value for one in shown.warning)
    bare = samples.community(tmp_path / "c", {"buildings": None, "grids": None})
    for path in ("consent", "relocation"):
        assert not visit(path, folders=[bare], lang=lang).exception
