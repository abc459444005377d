"""Importing in a real browser, the whole outside world cut off: files of each kind go in, counts change, and undo brings them back."""

from pathlib import Path

import pytest

from layers import ISSUES, TOILETS, open_workspace
from layers.intake.history import history
from tests import intake_files as files
from tests.browser.test_app import READY, Watched, wait_until
from views import import_history, import_page, import_shown

pytestmark = pytest.mark.slow


def hand_in(watched: Watched, *handed: tuple[str, bytes]) -> None:
    """Hand files in and wait until they were looked at."""
    given = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in handed]
    watched.page.set_input_files('input[type="file"]', given)
    watched.page.wait_for_selector('[data-testid="stMetricValue"], [data-testid="stTable"]')
    watched.page.wait_for_selector(READY)


def press(watched: Watched, label: str) -> None:
    """Press a button."""
    watched.page.get_by_role("button", name=label).first.click()


def undo(watched: Watched, home: Path) -> None:
    """Undo the last import, with the second thought that the page asks for."""
    press(watched, import_history.UNDO.en.split("(", maxsplit=1)[0].strip())
    press(watched, import_history.YES.en)
    wait_until(lambda: history(home) == [], 30)
    watched.ready()


@pytest.mark.parametrize(("lang", "name"), [("en", "清单.csv"), ("zh", "清单.xlsx")])
def test_a_ledger_goes_in_with_one_button_and_out_again(watched: Watched, home: Path, lang: str, name: str) -> None:
    before = len(open_workspace(home)[ISSUES])
    watched.go("import", lang=lang)
    hand_in(watched, (name, files.csv_file() if name.endswith("csv") else files.xlsx_file()))
    shown = watched.page.locator('[data-testid="stMetricValue"]').all_inner_texts()
    assert [one.strip() for one in shown] == ["8", "6", "2", "6", "0", "0"]
    with watched.page.expect_download() as loading:
        press(watched, import_shown.GET_REJECTS.in_(lang))
    assert loading.value.suggested_filename == f"清单-rejected{Path(name).suffix}"
    press(watched, import_page.CONFIRM_N.format(a="6", u="0").in_(lang))
    wait_until(lambda: len(history(home)) == 1, 30)
    watched.page.get_by_text(name).last.wait_for()
    assert len(open_workspace(home)[ISSUES]) == before + files.KEPT
    watched.page.get_by_role("link", name=import_page.SEE_MAP.in_(lang)).click()
    watched.ready()
    watched.page.get_by_role("link", name=import_page.TITLE.in_(lang)).click()
    watched.ready()
    press(watched, import_history.UNDO.format(n=1, file=name).in_(lang))
    press(watched, import_history.YES.in_(lang))
    wait_until(lambda: history(home) == [], 30)
    assert len(open_workspace(home)[ISSUES]) == before


@pytest.mark.parametrize("kind", ["geojson", "zip", "parts"])
def test_shapes_go_in_and_out_again(watched: Watched, home: Path, tmp_path: Path, kind: str) -> None:
    parts = files.shapefile(tmp_path / "shp")
    handed = {
        "geojson": [("公厕.geojson", files.geojson_file())],
        "zip": [("公厕.zip", files.zipped(parts))],
        "parts": list(parts.items()),
    }
    watched.go("import", lang="en")
    hand_in(watched, *handed[kind])
    press(watched, import_page.CONFIRM_N.format(a="2", u="0").en)
    wait_until(lambda: len(history(home)) == 1, 30)
    assert list(open_workspace(home)[TOILETS].loc[["n1", "n2"], "name"]) == ["东公厕", "北公厕"]
    undo(watched, home)
    assert list(open_workspace(home)[TOILETS].index) == ["t1"]


def test_the_map_shows_what_an_offset_moved(watched: Watched, home: Path) -> None:
    watched.go("import", lang="en")
    hand_in(watched, ("a.csv", files.csv_file(offset=True)))
    watched.page.get_by_role("tab", name=import_shown.MAP.en).click()
    watched.page.get_by_text("Before the repair").wait_for()
    assert watched.page.get_by_text("To be added").count() > 0
    assert history(home) == []


def test_a_drawing_is_refused_with_what_to_save_instead(watched: Watched, home: Path) -> None:
    watched.go("import", lang="en")
    hand_in(watched, ("plan.dwg", files.dwg_file()))
    assert "DXF" in watched.page.locator('[data-testid="stTable"]').inner_text()
    assert history(home) == []


def test_words_of_the_uploader_are_ours(watched: Watched) -> None:
    watched.go("import", lang="zh")
    box = watched.page.locator('[data-testid="stFileUploaderDropzone"]')
    said = box.locator("button p").evaluate("(one) => getComputedStyle(one, '::after').content")
    assert import_page.PICK.zh in said
