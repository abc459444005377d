"""The page of pairwise weights: what it shows in each city and language, what a sheet becomes, and where weights go."""

from pathlib import Path

import pytest

from layers import open_workspace
from reports import rank
from reports.panel import presets, save_sheet, stored_sheets
from reports.panel.aspects import blocks
from reports.panel.desk import cells, edited, slider_percents, whole_values
from reports.panel.sheets import Sheet
from tests import samples
from tests.reports.panel.test_panel import KEYS, NOON, sheet
from tests.views.conftest import Visit
from views import ahp, ahp_group, ahp_matrix, ahp_sets, priorities_readiness, priorities_units


def said(app: object) -> str:
    parts = [
        one.value
        for kind in ("markdown", "caption", "info", "warning", "error", "success")
        for one in getattr(app, kind)
    ]
    return " ".join(str(one) for one in parts).replace("\\", "")


def values(folder: Path, author: str, role: str, ratio: float = 2.0) -> Sheet:
    keys = [one.key for one in rank(open_workspace(folder), draws=1).criteria.items]
    pairs = [pair for block in blocks(keys) for pair in block.pairs]
    return Sheet(author, role, NOON, {pair: ratio if n == 0 else 1.0 for n, pair in enumerate(pairs)})


@pytest.mark.parametrize(("city", "lang"), [("huolong", "zh"), ("boston", "en"), ("cambridge", "zh")])
def test_the_page_shows_every_part(visit: Visit, city: str, lang: str) -> None:
    app = visit("ahp", ws=city, lang=lang)
    assert not app.exception
    assert app.title[0].value == ahp.TITLE.in_(lang)
    assert [one.label for one in app.tabs][:4] == [one.in_(lang) for one in ahp.TABS]
    assert app.metric[0].value == "0.000"
    assert ahp_group.NONE.in_(lang) in said(app)
    assert presets()["guatu_model"].source in said(app)


def test_weights_go_to_the_sliders(visit: Visit, tmp_path: Path) -> None:
    app = visit("ahp", folders=[samples.community(tmp_path / "s")], lang="en")
    button = next(one for one in app.button if one.label == ahp_matrix.USE.en)
    button.click().run()
    assert not app.exception
    assert sum(app.session_state["weights_sample"].values()) == pytest.approx(100)


def test_a_sheet_is_kept_with_its_author_and_found_again(visit: Visit, tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "s")
    app = visit("ahp", folders=[folder], lang="zh")
    app.text_input[0].input("王工")
    app.text_input[1].input("专家")
    next(one for one in app.button if one.label == ahp_matrix.KEEP.zh).click().run()
    assert not app.exception
    ((_, kept),) = stored_sheets(folder).items()
    assert (kept.author, kept.role) == ("王工", "专家")
    assert set(kept.values.values()) == {1.0}
    again = visit("ahp", folders=[folder], lang="zh")
    assert ahp_group.NONE.zh not in said(again)


def test_a_nameless_sheet_is_not_kept(visit: Visit, tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "s")
    app = visit("ahp", folders=[folder], lang="en")
    next(one for one in app.button if one.label == ahp_matrix.KEEP.en).click().run()
    assert ahp_matrix.NAME_FIRST.en in said(app)
    assert stored_sheets(folder) == {}


def test_experts_and_residents_are_compared_at_once(visit: Visit, tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "s")
    save_sheet(folder, values(folder, "王", "专家", 5.0))
    save_sheet(folder, values(folder, "李", "居民", 0.2))
    app = visit("ahp", folders=[folder], lang="zh")
    assert not app.exception
    chosen = next(one for one in app.multiselect if one.label == ahp_sets.SETS.zh)
    assert chosen.value == ["role:专家", "role:居民"]
    assert "专家与居民：名次相关" in said(app)


def test_a_broken_sheet_is_told_and_stops_nothing_else(visit: Visit, tmp_path: Path) -> None:
    folder = samples.community(tmp_path / "s")
    (folder / "plans").mkdir()
    (folder / "plans" / "ahp-x.toml").write_text("author = 3", encoding="utf-8")
    app = visit("ahp", folders=[folder], lang="en")
    assert not app.exception
    assert app.metric[0].value == "0.000"


def test_an_edit_of_either_triangle_sets_both() -> None:
    block = blocks(KEYS)[0]
    after = edited({}, block, {0: {"voiced": "3"}, 2: {"safety": 0.33}, 3: {"public_space": "5"}, 4: {"safety": "12"}})
    assert after.values == {("safety", "voiced"): 3.0, ("safety", "infrastructure"): pytest.approx(3)}
    assert after.refused is not None
    assert "12" in after.refused.en
    table = cells(Sheet("", "", NOON, after.values), block, "zh")
    assert table.iloc[1, 0] == "1/3"
    assert table.iloc[2, 0] == "1/3"
    assert list(table.index)[:2] == ["安全", "居民诉求"]
    assert edited(after.values, block, {1: {"safety": "1/5"}}).values["safety", "voiced"] == pytest.approx(5)
    assert set(whole_values({}, KEYS).values()) == {1.0}
    assert set(whole_values({}, KEYS)) == set(sheet().values)


def test_weights_on_nothing_that_is_measured_are_not_offered(tmp_path: Path) -> None:
    used = rank(open_workspace(samples.community(tmp_path / "s")), draws=1).used
    assert slider_percents(used, {"nothing": 1.0}) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_priorities_have_readiness_and_other_units(visit: Visit, lang: str) -> None:
    app = visit("priorities", ws="huolong", lang=lang)
    assert not app.exception
    heads = [one.value for one in app.subheader]
    assert {priorities_readiness.TITLE.in_(lang), priorities_units.TITLE.in_(lang)} <= set(heads)
    assert heads[0] in ("立即处理清单", "Immediate list")  # before any score
    box = next(one for one in app.selectbox if one.label == priorities_units.WHAT.in_(lang))
    box.set_value("buildings").run()
    assert not app.exception
    assert ("个建筑中排第 1" if lang == "zh" else "(building)") in said(app)
    box = next(one for one in app.selectbox if one.label == priorities_units.WHAT.in_(lang))
    box.set_value("streets").run()
    assert not app.exception


def test_without_conditions_it_says_what_is_missing(visit: Visit, tmp_path: Path) -> None:
    app = visit("priorities", folders=[samples.community(tmp_path / "s")], lang="en")
    assert not app.exception
    assert "Nothing is known of any condition" in said(app)
    assert "votes of buildings" in said(app)
