"""Every page on every bundled workspace in both languages, and what happens when data are wrong."""

import shutil
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import GuatuError
from geo.text import Text
from layers import ISSUES, open_workspace, save_workspace
from reports.overview import unplaced_note
from reports.priority import caution, rank
from tests import samples
from tests.views.conftest import Visit, ranks
from views import data_check, frame, import_page, issues, map_page, overview, priorities, weights

PAGES = {
    "": overview,
    "map": map_page,
    "issues": issues,
    "priorities": priorities,
    "data-check": data_check,
    "import": import_page,
}
CITIES = ("huolong", "boston", "cambridge")


def said(app: AppTest) -> str:
    """All running text of a page."""
    blocks = [app.title, app.subheader, app.markdown, app.caption, app.warning, app.info, app.error, app.success]
    return "\n".join(str(one.value) for block in blocks for one in block).replace("\\", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("city", "path"), list(product(CITIES, PAGES)))
def test_page_shows_without_a_fault(
    visit: Visit, workspaces: Mapping[str, Path], city: str, path: str, lang: str
) -> None:
    app = visit(path, ws=city, lang=lang)
    assert not app.exception
    assert [one.value for one in app.title] == [PAGES[path].TITLE.in_(lang)]
    ws = open_workspace(workspaces[city])
    text = said(app)
    assert ws.manifest.as_of.strftime("%Y-%m-%d") in text
    synthetic = frame.SYNTHETIC.in_(lang).split("{title}", maxsplit=1)[0]
    assert (synthetic in text) == (city == "huolong")
    note = unplaced_note(ws)
    assert note is None or note.in_(lang) in text
    assert not any("\u4e00" <= sign <= "\u9fff" for one in app.title for sign in one.value) or lang == "zh"


def test_worst_grid_is_named_with_its_reasons_on_the_first_page(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    app = visit("", ws="boston", lang="en")
    worst = rank(open_workspace(workspaces["boston"]), draws=50).ordered().iloc[0]["name"]
    text = said(app)
    assert worst in text
    assert "Main reasons" in text


def test_address_chooses_workspace_level_grid_and_language(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    ws = open_workspace(workspaces["boston"])
    grid_id = str(ws.grids(1).index[3])
    app = visit("priorities", ws="boston", level="1", grid=grid_id, lang="en")
    assert not app.exception
    assert ws.grids(1).loc[grid_id, "name"] in said(app)
    assert app.query_params["grid"] == grid_id
    app.sidebar.segmented_control[0].set_value("zh").run()
    assert app.query_params["lang"] == "zh"
    assert app.title[0].value == priorities.TITLE.zh
    assert ws.grids(1).loc[grid_id, "name"] in said(app)


def test_language_follows_the_browser_until_it_is_chosen(visit: Visit) -> None:
    app = visit("", ws="huolong")
    assert app.title[0].value == overview.TITLE.zh
    app.context["locale"] = "en-GB"
    assert app.run().title[0].value == overview.TITLE.en


def test_another_workspace_forgets_the_grid_of_the_one_before(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    grid_id = str(open_workspace(workspaces["huolong"]).grids().index[0])
    app = visit("", ws="huolong", grid=grid_id, lang="en")
    app.sidebar.selectbox[0].set_value("boston").run()
    assert not app.exception
    assert "grid" not in app.query_params
    assert app.query_params["ws"] == "boston"


def test_filters_narrow_the_table_and_an_empty_result_is_said(visit: Visit) -> None:
    app = visit("issues", ws="huolong", lang="en")
    whole = len(app.dataframe[0].value)
    app.text_input[0].set_value("zzz-not-there").run()
    assert not app.exception
    assert issues.NOTHING.en in said(app)
    app.text_input[0].set_value("").run()
    assert len(app.dataframe[0].value) == whole


def test_long_tables_are_cut_and_say_so(visit: Visit) -> None:
    app = visit("issues", ws="boston", lang="en")
    assert len(app.dataframe[0].value) == frame.MOST_ROWS
    assert issues.SHORT.en.format(most="2,000", n="121,145") in said(app)


def test_an_issue_has_an_address_of_its_own(visit: Visit, workspaces: Mapping[str, Path]) -> None:
    issue_id = str(open_workspace(workspaces["huolong"])[ISSUES].index[5])
    app = visit("issues", ws="huolong", lang="en", issue=issue_id)
    assert f"{issues.CHOSEN.en} {issue_id}" in said(app)


def test_slider_ranks_again_and_reset_goes_back(visit: Visit) -> None:
    app = visit("priorities", ws="boston", lang="en")
    before = list(ranks(app)["name"])
    slider = next(one for one in app.slider if "Elderly" in one.label)
    slider.set_value(100).run()
    assert not app.exception
    after = list(ranks(app)["name"])
    assert before != after
    assert sorted(before) == sorted(after)
    app.run()
    assert frame.REWEIGHED.en in said(app)
    next(one for one in app.button if one.label == weights.RESET.en).click().run()
    assert list(ranks(app)["name"]) == before


def test_no_workspace_at_all_is_met_with_the_next_step(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_HOME", str(tmp_path))
    app = visit("", folders=[], lang="en")
    assert not app.exception
    assert "guatu demo" in said(app)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_broken_workspace_shows_its_problems_and_another_can_be_chosen(
    visit: Visit, workspaces: Mapping[str, Path], tmp_path: Path, path: str, lang: str
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "workspace.toml").write_text('name = "broken"\n', encoding="utf-8")
    app = visit(path, folders=[broken, workspaces["huolong"]], lang=lang)
    assert not app.exception
    assert app.title[0].value == frame.CANNOT_OPEN.in_(lang)
    table = app.table[0].value
    assert len(table) >= 3
    assert table.iloc[:, -1].str.contains("guatu new").all()
    app.sidebar.selectbox[0].set_value("huolong").run()
    assert not app.exception
    assert app.title[0].value == PAGES[path].TITLE.in_(lang)


def test_rows_with_faults_are_set_aside_with_a_banner(
    visit: Visit, workspaces: Mapping[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "faulty"
    shutil.copytree(workspaces["huolong"], folder, ignore=shutil.ignore_patterns(".cache"))
    table = pyogrio.read_dataframe(folder / "layers.gpkg", layer="issues")
    twice = pd.concat([table, table.head(1)], ignore_index=True)
    pyogrio.write_dataframe(twice, folder / "layers.gpkg", layer="issues")
    app = visit("data-check", folders=[folder], lang="en")
    assert not app.exception
    assert frame.SET_ASIDE.en.split("{n}")[1] in said(app)
    assert app.table[0].value.astype("str").apply(lambda row: row.str.contains("duplicate|once").any(), axis=1).any()
    assert not visit("", folders=[folder], lang="en").exception


def test_text_of_people_is_never_read_as_markdown(visit: Visit, workspaces: Mapping[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    shutil.copytree(workspaces["huolong"], folder, ignore=shutil.ignore_patterns(".cache"))
    grids = pyogrio.read_dataframe(folder / "layers.gpkg", layer="grids")
    grids["name"] = "[x](http://evil.example) ![y](http://evil.example/i.png) $z$ :red[w]"
    pyogrio.write_dataframe(grids, folder / "layers.gpkg", layer="grids")
    for path in PAGES:
        app = visit(path, folders=[folder], lang="en", grid=str(grids["grid_id"].iloc[-1]))
        assert not app.exception
        for block in (app.markdown, app.subheader, app.caption, app.warning, app.info, app.error):
            for one in block:
                assert "](http" not in str(one.value)
                assert ":red[" not in str(one.value)


def test_grids_alone_are_enough_for_every_page(visit: Visit, workspaces: Mapping[str, Path], tmp_path: Path) -> None:
    ws = open_workspace(workspaces["huolong"])
    folder = tmp_path / "bare"
    table = pyogrio.read_dataframe(ws.folder / "layers.gpkg", layer="grids").set_index("grid_id")
    save_workspace(folder, ws.manifest, {"grids": table})
    for path, page in PAGES.items():
        app = visit(path, folders=[folder], lang="en")
        assert not app.exception
        assert app.title[0].value == page.TITLE.en


def with_criteria(folder: Path, text: str) -> Path:
    (folder / "standards").mkdir()
    (folder / "standards" / "criteria.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_issues_without_grids_are_shown_all_the_same(visit: Visit, tmp_path: Path, path: str, lang: str) -> None:
    folder = samples.community(tmp_path / "loose", {"grids": None})
    app = visit(path, folders=[folder], lang=lang, level="2", grid="E1")
    assert not app.exception
    assert [one.value for one in app.title] == [PAGES[path].TITLE.in_(lang)]
    assert not app.error
    assert (frame.NO_GRIDS.in_(lang) in said(app)) == (path in {"", "map", "priorities"})
    if path == "issues":
        assert len(app.dataframe[0].value) == len(samples.ISSUES) - 1  # one is reported later


@pytest.mark.parametrize("path", [path for path in PAGES if path != "import"])  # which ranks nothing
def test_criteria_that_cannot_be_used_are_listed_with_their_remedy(visit: Visit, tmp_path: Path, path: str) -> None:
    folder = with_criteria(samples.community(tmp_path / "c"), "[criteria.no_such_measure]\nweight = 1.0\n")
    app = visit(path, folders=[folder], lang="en")
    assert not app.exception
    assert [one.value for one in app.title] == [PAGES[path].TITLE.en]
    assert frame.CANNOT_RANK.en in said(app)
    assert "no_such_measure" in app.table[-1].value.to_string().replace("\\", "")
    if path == "":
        assert overview.TYPES.en in said(app)


def test_criteria_that_break_while_a_slider_moves_are_shown_too(visit: Visit, tmp_path: Path) -> None:
    folder = with_criteria(samples.community(tmp_path / "c"), "[criteria.elderly_share_pct]\nweight = 1.0\n")
    app = visit("priorities", folders=[folder], lang="en")
    assert not app.table
    (folder / "standards" / "criteria.toml").write_text("[criteria.gone]\nweight = 1.0\n", encoding="utf-8")
    app.run()
    assert not app.exception
    assert frame.CANNOT_RANK.en in said(app)


@pytest.mark.parametrize("path", PAGES)
def test_a_measure_that_is_the_same_everywhere_is_named(visit: Visit, tmp_path: Path, path: str) -> None:
    grids = samples.grids().assign(elderly_residents=[80, 80, 40, 40, 40, 40])
    folder = with_criteria(
        samples.community(tmp_path / "same", {"grids": grids}),
        'normalisation = "minmax"\n[criteria.elderly_share_pct]\nweight = 1.0\n',
    )
    app = visit(path, folders=[folder], lang="en")
    assert not app.exception
    assert app.title[0].value == PAGES[path].TITLE.en
    if path in {"", "priorities"}:
        assert frame.NONE_RANKED.en in said(app)
    if path == "priorities":
        (notice,) = rank(open_workspace(folder), draws=10).notices
        assert notice.en in said(app)


@pytest.mark.parametrize("path", ["", "priorities"])
def test_a_ranking_on_little_of_the_weight_carries_a_warning(
    visit: Visit, workspaces: Mapping[str, Path], path: str
) -> None:
    warned = caution(rank(open_workspace(workspaces["cambridge"]), draws=10))
    assert warned is not None
    warnings = [one.value.replace("\\", "") for one in visit(path, ws="cambridge", lang="en").warning]
    assert warned.en in warnings
    assert not visit(path, ws="boston", lang="en").warning


HOSTILE = "![pic](http://example.org/x.png)"


def test_words_of_the_manifest_are_never_read_as_markdown(visit: Visit, tmp_path: Path) -> None:
    levels = [{"level": n, "zh": HOSTILE, "en": HOSTILE} for n in (1, 2)]
    folder = samples.community(tmp_path / "h", title={"zh": HOSTILE, "en": HOSTILE}, levels=levels)
    for path in PAGES:
        app = visit(path, folders=[folder], lang="en", grid="E1")
        assert not app.exception
        shown = [app.markdown, app.subheader, app.caption, app.warning, app.info, app.error, app.title]
        texts = [str(one.value) for block in shown for one in block] + [str(one.delta) for one in app.metric]
        assert not [text for text in texts if "](http" in text]


def test_what_an_error_quotes_is_never_read_as_markdown(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise GuatuError(Text(HOSTILE, HOSTILE))

    monkeypatch.setattr("views.state.shelf", wrong)
    app = visit("", lang="en")
    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.info] == [HOSTILE]
    assert "](http" not in app.info[0].value
