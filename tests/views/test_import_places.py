"""What a person decides on the Import page beside the answers: places of rows, columns of each sheet, files together."""

import io
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from geo.text import Lang
from layers import ISSUES, TOILETS, open_workspace
from layers.intake.history import history
from reports.intake_batch import LIST_TITLES, STANDS
from reports.intake_places import NO_WORDS, TOO_FAR
from reports.webmap.degrees import degrees
from tests import intake_files as files
from tests import samples
from tests.views.conftest import Visit
from tests.views.test_import_page import choose_layer, numbers, press, upload
from tests.views.test_pages import said
from views import data_check, import_columns, import_list, import_page, import_places, import_said

LANGS = [Lang.ZH, Lang.EN]
HEADS = ("编号", "问题描述", "类型", "上报时间", "位置")
NEAR = ("Q1", "井盖破损", "井盖", "2024-05-01", "南公厕对面")
NOWHERE = ("Q2", "路灯不亮", "路灯", "2024-05-02", None)


def book(sheets: dict[str, list[tuple[object, ...]]]) -> bytes:
    """A workbook of some sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def labelled(app: AppTest, kind: str, label: str) -> object:
    """Give the widget of a kind whose label begins with some words."""
    return next(one for one in getattr(app, kind) if one.label.replace("\\", "").startswith(label))


@pytest.mark.parametrize("lang", LANGS)
def test_a_place_is_accepted_counted_taken_back_and_stored(visit: Visit, folder: Path, lang: str) -> None:
    content = book({"甲": [HEADS, NEAR, NOWHERE]})
    app = upload(visit("import", folders=[folder], lang=lang), ("热线.xlsx", content))
    assert not app.exception
    assert import_places.HELP.in_(lang) in said(app)
    table = app.dataframe[-1].value
    assert table["row"].tolist() == [2, 3]
    assert table["address"].tolist() == [NEAR[-1], NO_WORDS.in_(lang)]
    before = import_places.PROPOSED.in_(lang).split("{", maxsplit=1)[0]
    app = press(app, before)
    assert not app.exception
    hand = {"zh": "其中手工定位 1 行", "en": "1 of them by hand"}[lang]
    assert hand in "".join(str(one.proto) for one in app.get("progress")) or hand in str(app.main)
    assert app.dataframe[-1].value["row"].tolist() == [3, 2]
    labelled(app, "selectbox", import_places.ROW.in_(lang)).set_value(("甲", 2)).run()  # type: ignore[attr-defined]
    app = press(app, import_places.BACK.in_(lang))
    assert app.dataframe[-1].value["row"].tolist() == [2, 3]
    app = press(app, before)
    press(app, import_page.CONFIRM_N.format(a="2", u="0").in_(lang))
    stored = open_workspace(folder)[ISSUES]
    assert stored.loc["Q1", "place_source"] == "hand"
    assert stored.loc["Q1"].geometry is not None
    assert stored.loc["Q2"].geometry is None


@pytest.mark.parametrize("lang", LANGS)
def test_a_row_without_any_words_is_placed_by_typed_coordinates(visit: Visit, folder: Path, lang: str) -> None:
    app = upload(visit("import", folders=[folder], lang=lang), ("a.xlsx", book({"甲": [HEADS, NEAR, NOWHERE]})))
    labelled(app, "selectbox", import_places.ROW.in_(lang)).set_value(("甲", 3)).run()  # type: ignore[attr-defined]
    typed = labelled(app, "text_input", import_places.COORDINATES.in_(lang))
    app = typed.set_value("1, 2").run()  # type: ignore[attr-defined]
    assert TOO_FAR.in_(lang)[-4:] in "".join(one.value for one in app.warning)
    x, y = samples.X0 + 40, samples.Y0 + 60
    lon, lat = (float(one[0]) for one in degrees(samples.CRS, *(np.array([one]) for one in (x, y))))
    typed = labelled(app, "text_input", import_places.COORDINATES.in_(lang))
    app = typed.set_value(f"{lon:.7f}，{lat:.7f}").run()  # type: ignore[attr-defined]
    assert not app.warning
    app = press(app, import_places.HERE.in_(lang))
    press(app, import_page.CONFIRM_N.format(a="2", u="0").in_(lang))
    point = open_workspace(folder)[ISSUES].loc["Q2"].geometry
    assert (point.x, point.y) == pytest.approx((x, y), abs=0.05)


@pytest.mark.parametrize("lang", LANGS)
def test_each_sheet_has_columns_of_its_own(visit: Visit, folder: Path, lang: str) -> None:
    other = [("No", "甲列", "乙列"), ("Q2", "路灯不亮", "第三天")]
    app = upload(visit("import", folders=[folder], lang=lang), ("两表.xlsx", book({"甲": [HEADS, NEAR], "乙": other})))
    assert not app.exception
    assert import_columns.SEVERAL.in_(lang) in said(app)
    asked = import_said.WHICH_OF.in_(lang).replace("{names}", "乙").split("{", maxsplit=1)[0]
    app = labelled(app, "selectbox", asked).set_value("乙列").run()  # type: ignore[attr-defined]
    box = labelled(app, "selectbox", import_columns.SHEETS.in_(lang))
    assert list(box.options) == ["甲", "乙"]  # type: ignore[attr-defined]
    assert [one.value for one in app.selectbox if one.label == "位置"] == ["address"]
    app = box.set_value("乙").run()  # type: ignore[attr-defined]
    app = labelled(app, "selectbox", "甲列").set_value("description").run()  # type: ignore[attr-defined]
    app = labelled(app, "selectbox", import_columns.SHEETS.in_(lang)).set_value("甲").run()  # type: ignore[attr-defined]
    app = labelled(app, "selectbox", "位置").set_value("extra").run()  # type: ignore[attr-defined]
    assert not app.exception
    app = labelled(app, "selectbox", import_columns.SHEETS.in_(lang)).set_value("乙").run()  # type: ignore[attr-defined]
    assert [one.value for one in app.selectbox if one.label == "甲列"] == ["description"]
    assert numbers(app)[:3] == ["2", "1", "1"]  # the day of the second sheet is none


@pytest.mark.parametrize("lang", LANGS)
def test_all_files_that_are_ready_are_stored_and_the_others_stay(visit: Visit, folder: Path, lang: str) -> None:
    issues, toilets = (len(open_workspace(folder)[one]) for one in (ISSUES, TOILETS))
    app = upload(
        visit("import", folders=[folder], lang=lang),
        ("清单.csv", files.csv_file()),
        ("图.dwg", files.dwg_file()),
        ("公厕.geojson", files.geojson_file()),
    )
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table) == list(LIST_TITLES)
    assert table["layer"].tolist() == [ISSUES.title.in_(lang), "", TOILETS.title.in_(lang)]
    assert table["rows_read"].fillna(-1).tolist() == [8, -1, 2]
    ready, refused, stored = (STANDS[one].in_(lang) for one in ("ready", "refused", "stored"))
    assert table["stands"].tolist() == [ready, refused, ready]
    app = press(app, {"zh": "全部入库：2 个文件，8 行", "en": "Store all that are ready: 2 files, 8 rows"}[lang])
    assert not app.exception
    assert app.dataframe[0].value["stands"].tolist() == [stored, refused, stored]
    assert [one.record["layer"] for one in history(folder)] == ["toilets", "issues"]
    assert len(open_workspace(folder)[ISSUES]) == issues + files.KEPT
    assert len(open_workspace(folder)[TOILETS]) == toilets + 2
    assert {"zh": "已入库 2 个文件", "en": "Stored 2 files"}[lang] in said(app)
    assert import_page.REFUSED.format(name="图.dwg").in_(lang) in said(app)
    assert import_list.NONE_READY.in_(lang) in said(app)


def test_a_layer_is_proposed_with_its_reason_and_can_be_another(visit: Visit, folder: Path) -> None:
    app = upload(visit("import", folders=[folder], lang="en"), ("公厕.geojson", files.geojson_file()))
    assert "公厕" in next(one.value for one in app.caption if one.value.startswith("Proposed for this file"))
    app = choose_layer(app, "facilities")
    assert not app.exception
    assert "Chosen by you. Proposed was Toilets" in said(app)


def test_the_data_check_leads_to_the_import(visit: Visit, folder: Path) -> None:
    app = visit("data-check", folders=[folder], lang="en")
    assert not app.exception
    assert data_check.IMPORT.en in [one.proto.label for one in app.get("page_link")]
