"""The Import page as a new user goes through it, in both languages: every state, and what it does to the workspace."""

from pathlib import Path

import geopandas as gpd
import pytest
from streamlit.testing.v1 import AppTest

from geo.text import Lang
from layers import ISSUES, TOILETS, open_workspace
from layers.intake.history import history
from reports.intake_answers import may_read_otherwise
from reports.intake_table import STATUS_WORDS
from reports.intake_words import REMEDIES, first_step
from tests import intake_files as files
from tests import samples
from tests.layers.intake.test_packed import ledger, packed
from tests.layers.intake.test_unlike import toilets
from tests.samples import CRS, X0, Y0
from tests.views.conftest import Visit
from tests.views.test_pages import said
from views import data_check, frame, import_columns, import_history, import_page, import_said, import_shown

LANGS = [Lang.ZH, Lang.EN]
CONFIRM = {Lang.ZH: "确认：", Lang.EN: "Confirm: "}


def upload(app: AppTest, *handed: tuple[str, bytes]) -> AppTest:
    """Hand files in."""
    return app.file_uploader[0].set_value([(name, content, "") for name, content in handed]).run()


def press(app: AppTest, label: str) -> AppTest:
    """Press the button that begins with some words."""
    return next(one for one in app.button if one.label.replace("\\", "").startswith(label)).click().run()


def choose_layer(app: AppTest, key: str) -> AppTest:
    """Choose the layer that the file goes to."""
    titles = {import_page.LAYER.zh, import_page.LAYER.en}
    return next(one for one in app.selectbox if one.label in titles).set_value(key).run()


def told(app: AppTest) -> str:
    """Give all that tables of problems say."""
    return "".join(str(cell) for one in app.table for cell in one.value.to_numpy().ravel()).replace("\\", "")


def numbers(app: AppTest) -> list[str]:
    return [str(one.value) for one in app.metric]


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_page_says_what_may_be_handed_in_and_that_nothing_was_yet(
    visit: Visit, folder: Path, lang: str
) -> None:
    app = visit("import", folders=[folder], lang=lang)
    assert not app.exception
    assert app.title[0].value == import_page.TITLE.in_(lang)
    text = said(app)
    for words in (import_page.HELP, import_page.SAFE, import_history.NONE):
        assert words.in_(lang) in text
    assert not app.metric
    assert first_step({"grids": ...}) is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["清单.csv", "清单.xlsx"])
def test_a_ledger_is_shown_row_by_row_stored_and_undone(visit: Visit, folder: Path, lang: str, name: str) -> None:
    content = files.csv_file() if name.endswith("csv") else files.xlsx_file()
    before = len(open_workspace(folder)[ISSUES])
    app = upload(visit("import", folders=[folder], lang=lang), (name, content))
    assert not app.exception
    assert numbers(app) == ["8", "6", "2", "6", "0", "0"]
    rows = app.dataframe[0].value
    assert len(rows) == 8
    assert rows["status"].head(2).tolist() == [STATUS_WORDS["rejected"].in_(lang)] * 2
    assert "联系电话" not in rows
    assert "13800001234" not in said(app) + rows.to_string()
    app = press(app, import_page.CONFIRM_N.format(a="6", u="0").in_(lang))
    assert not app.exception
    assert len(open_workspace(folder)[ISSUES]) == before + files.KEPT
    assert name in "".join(str(one.value) for one in app.success).replace("\\", "")
    past = app.dataframe[-1].value
    assert past[["number", "rows_added", "rows_rejected"]].to_numpy().tolist() == [[1, 6, 2]]
    app = press(app, import_history.UNDO.format(n=1, file=name).in_(lang))
    assert len(history(folder)) == 1
    app = press(app, import_history.YES.in_(lang))
    assert not app.exception
    assert len(open_workspace(folder)[ISSUES]) == before
    assert history(folder) == []
    assert import_history.UNDONE.format(n=1, file=name).in_(lang) in said(app)
    assert numbers(app) == ["8", "6", "2", "6", "0", "0"]


def test_asking_to_undo_can_be_taken_back(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file()))
    app = press(app, "Confirm")
    app = press(app, "Undo the last")
    app = press(app, import_history.NO.en)
    assert len(history(folder)) == 1
    assert not [one for one in app.button if one.label == import_history.YES.en]


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_file_again_adds_nothing_and_says_so(visit: Visit, folder: Path, lang: str) -> None:
    app = upload(visit("import", folders=[folder], lang=lang), ("a.csv", files.csv_file()))
    app = press(app, import_page.CONFIRM_N.format(a="6", u="0").in_(lang))
    app = upload(visit("import", folders=[folder], lang=lang), ("b.csv", files.csv_file()))
    assert numbers(app) == ["8", "6", "2", "0", "0", "6"]
    assert next(one for one in app.button if one.label == import_page.CONFIRM.in_(lang)).disabled


def test_the_table_shows_only_what_is_asked_for(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file()))
    pills = next(one for one in app.button_group if one.label == import_shown.FILTER.en)
    app = pills.set_value(["rejected"]).run()
    assert not app.exception
    assert app.dataframe[0].value["row"].tolist() == [4, 7]


@pytest.mark.parametrize("lang", LANGS)
def test_a_column_that_is_not_known_is_asked_for(visit: Visit, folder: Path, lang: str) -> None:
    headings = ("问题编号", "甲", "问题描述", "问题类别", "联系电话", "经度", "纬度")
    content = files.csv_file(headings).replace(b"2024-05-20 09:00", b"20240520").replace(b"45432", b"no")
    app = upload(visit("import", folders=[folder], lang=lang), ("a.csv", content))
    question = import_said.WHICH.in_(lang).split("{", maxsplit=1)[0]
    found = [one for one in app.selectbox if one.label.startswith(question)]
    if found:  # where the cells speak for the heading, it is proposed instead
        assert next(one for one in app.button if one.label == import_page.CONFIRM.in_(lang)).disabled
        app = found[0].set_value("甲").run()
    assert not app.exception
    assert not [one for one in app.selectbox if one.label.startswith(question)]
    assert numbers(app)[:3] == ["8", "5", "3"]
    box = next(one for one in app.selectbox if one.label == "甲")
    assert box.value == "reported_at"
    app = box.set_value("extra").run()
    assert [one for one in app.selectbox if one.label.startswith(question)]
    text = said(app)
    for words in (import_columns.HEADING, import_columns.TARGET, import_columns.WHY):
        assert words.in_(lang) in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_workspace_without_anything_is_met_with_grids_and_one_question(
    visit: Visit, tmp_path: Path, lang: str
) -> None:
    one = [{"level": 1, "zh": "片区", "en": "block"}]
    bare = samples.community(tmp_path / "bare", dict.fromkeys(samples.tables()), levels=one)
    app = visit("import", folders=[bare], lang=lang)
    assert not app.exception
    advice = first_step({})
    assert advice is not None
    assert advice.in_(lang) in said(app)
    grids = samples.grids().query("level == 1").drop(columns="parent_id").to_crs("EPSG:4326").reset_index()
    app = upload(app, ("网格.geojson", grids.to_json().encode()))
    assert next(one for one in app.selectbox if one.label == import_page.LAYER.in_(lang)).value == "grids"
    assert not app.exception
    assert len(app.radio) == 1
    assert app.radio[0].value is None
    assert next(one for one in app.button if one.label == import_page.CONFIRM.in_(lang)).disabled
    app = app.radio[0].set_value("wgs84").run()
    assert not app.exception
    assert numbers(app) == ["2", "2", "0", "2", "0", "0"]
    app = press(app, import_page.CONFIRM_N.format(a="2", u="0").in_(lang))
    assert not app.exception
    assert list(open_workspace(bare).levels) == [1]
    assert advice.in_(lang) not in said(app)


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_of_an_unknown_kind_gets_the_answer_of_the_reader(visit: Visit, folder: Path, lang: str) -> None:
    app = upload(visit("import", folders=[folder], lang=lang), ("图.dwg", files.dwg_file()))
    assert not app.exception
    assert import_page.REFUSED.format(name="图.dwg").in_(lang) in said(app)
    assert "DXF" in app.table[0].value.to_string()
    assert not app.metric
    assert not may_read_otherwise(())


def test_several_files_are_taken_one_after_the_other(visit: Visit, folder: Path, tmp_path: Path) -> None:
    parts = files.shapefile(tmp_path / "shp")
    app = visit("import", folders=[folder], lang="en")
    app = upload(app, *parts.items(), ("more.geojson", files.geojson_file()))
    assert not app.exception
    box = next(one for one in app.selectbox if one.label == import_page.FILE.en)
    assert list(box.options) == ["公厕.shp", "more.geojson"]
    app = press(app, "Confirm: add 2")
    assert len(open_workspace(folder)[TOILETS]) == 3
    app = press(app, import_page.NEXT.en)
    assert numbers(app)[:4] == ["2", "2", "0", "0"]


def test_a_zip_with_two_shapefiles_is_a_list_of_both(visit: Visit, folder: Path, tmp_path: Path) -> None:
    first, second = files.shapefile(tmp_path / "one"), files.shapefile(tmp_path / "two")
    content = files.zipped(first | {name.replace("公厕", "other"): one for name, one in second.items()})
    app = upload(visit("import", folders=[folder], lang="en"), ("两层.zip", content))
    assert not app.exception
    listed = app.dataframe[0].value
    assert sorted(listed["file"]) == ["两层.zip/other.shp", "两层.zip/公厕.shp"]
    assert listed["rows_read"].tolist() == [2, 2]


def test_a_file_with_two_layers_asks_which_first(visit: Visit, folder: Path, tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=gpd.points_from_xy([X0 + 9, X0 + 60], [Y0 + 9, Y0 + 60]), crs=CRS)  # fmt: skip
    for layer in ("one", "other"):
        points.to_file(tmp_path / "a.gpkg", layer=layer, driver="GPKG")
    app = upload(visit("import", folders=[folder], lang="en"), ("两层.gpkg", (tmp_path / "a.gpkg").read_bytes()))
    app = choose_layer(app, "toilets")
    assert not app.exception
    assert import_page.WHICH_PART.en in said(app)
    assert not app.metric
    box = next(one for one in app.selectbox if one.label == import_said.PART.en)
    app = box.set_value("other").run()
    assert not app.exception
    assert numbers(app)[:2] == ["2", "2"]


def test_an_encoding_can_be_said(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file(encoding="utf-8")))
    box = next(one for one in app.selectbox if one.label.startswith("Encoding"))
    app = box.set_value("cp1252").run()
    assert not app.exception
    assert import_page.REFUSED.format(name="a.csv").en in said(app)
    box = next(one for one in app.selectbox if one.label.startswith("Encoding"))
    app = box.set_value("").run()
    assert "UTF-8" in said(app)


def test_an_offset_is_said_in_metres_and_can_be_overruled(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file(offset=True)))
    assert not app.exception
    shift = import_shown.SHIFTED.en.split("{", maxsplit=1)[0]
    assert [one for one in app.warning if shift in one.value]
    assert "GCJ-02" in "".join(one.label for one in app.expander).replace("\\", "")
    app = next(one for one in app.selectbox if one.label == import_said.OTHER.en).set_value("wgs84").run()
    assert not app.exception
    assert not [one for one in app.warning if shift in one.value]


def test_control_points_are_checked_line_by_line(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file()))
    app = app.text_area[0].set_value("1,2=3,4\nnonsense").run()
    assert not app.exception
    assert "nonsense" in "".join(one.value for one in app.warning)


def test_a_workspace_that_an_import_broke_can_be_brought_back(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file()))
    app = press(app, "Confirm")
    assert not app.exception
    (folder / "workspace.toml").write_text(
        (folder / "workspace.toml").read_text(encoding="utf-8").replace('crs = "EPSG:4546"', 'crs = "EPSG:3857"'),
        encoding="utf-8",
    )
    app = visit("import", folders=[folder], lang="en")
    assert not app.exception
    assert app.title[0].value == frame.CANNOT_OPEN.en
    assert [one for one in app.button if one.label.startswith("Undo the last")]


def test_faults_in_the_workspace_are_told_before_anything_is_read(visit: Visit, folder: Path) -> None:
    samples.patched(folder, ("UPDATE issues SET reported_at = NULL WHERE issue_id = ?", ("i01",)))
    app = upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file()))
    assert not app.exception
    assert import_page.FAULTY.en in said(app)
    assert not app.metric


@pytest.mark.parametrize("lang", LANGS)
def test_a_change_of_the_layers_elsewhere_is_told_and_confirmed_on_the_data_check_page(
    visit: Visit, folder: Path, lang: str
) -> None:
    app = press(upload(visit("import", folders=[folder], lang=lang), ("a.csv", files.csv_file())), CONFIRM[lang])
    assert not app.exception
    samples.patched(folder, ("UPDATE issues SET description = 'seen again' WHERE issue_id = ?", ("T-1",)))
    app = visit("data-check", folders=[folder], lang=lang)
    assert not app.exception
    words = REMEDIES["layers_changed"].in_(lang)
    assert words in told(app)
    app = press(app, data_check.MEANT.in_(lang))
    assert not app.exception
    assert words not in told(app)
    assert not [one for one in app.button if one.label == data_check.MEANT.in_(lang)]


def test_damaged_layers_are_told_and_undone_on_the_import_page(visit: Visit, folder: Path) -> None:
    app = press(upload(visit("import", folders=[folder], lang="en"), ("a.csv", files.csv_file())), "Confirm")
    path = folder / "layers.gpkg"
    content = bytearray(path.read_bytes())
    content[content.find("第 1 件".encode())] ^= 1
    path.write_bytes(content)
    app = visit("import", folders=[folder], lang="en")
    assert app.title[0].value == frame.CANNOT_OPEN.en
    assert "undo the last intake" in told(app)
    app = press(press(app, "Undo the last"), import_history.YES.en)
    assert not app.exception
    assert history(folder) == []
    assert app.title[0].value == import_page.TITLE.en


def test_a_zip_of_unlike_workbooks_is_a_list_of_files(visit: Visit, folder: Path, tmp_path: Path) -> None:
    content = packed(tmp_path / "a.zip", 公厕_xlsx=toilets(), 台账_xlsx=ledger("A")).read_bytes()
    app = upload(visit("import", folders=[folder], lang="zh"), ("资料.zip", content))
    assert not app.exception
    listed = app.dataframe[0].value
    assert listed["file"].tolist() == ["资料.zip/公厕.xlsx", "资料.zip/台账.xlsx"]
    assert listed["layer"].tolist() == [TOILETS.title.zh, ISSUES.title.zh]
    assert listed["rows_read"].tolist() == [1, 2]
    alike = packed(tmp_path / "b.zip", 甲_xlsx=ledger("A"), 乙_xlsx=ledger("B")).read_bytes()
    app = upload(visit("import", folders=[folder], lang="zh"), ("台账.zip", alike))
    assert not app.exception
    assert numbers(app)[0] == "4"
