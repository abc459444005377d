"""Rows without a place are put on the map by hand in a browser: ticked and accepted, or pointed at."""

from pathlib import Path

import pytest

from layers import ISSUES, open_workspace
from layers.intake.history import history, undo
from tests.browser.test_app import Watched, wait_until
from tests.browser.test_import import hand_in, press
from tests.views.test_import_places import HEADS, NEAR, NOWHERE, book
from views import import_page, import_places, import_shown

pytestmark = pytest.mark.slow
POINTING = """() => [...document.querySelectorAll('div')].some((one) => {
  const map = one.shadowRoot?.querySelector('.guatu-host')?.map;
  return map?.payload.pointing && map.root.clientWidth && map.sheet.view;
})"""


@pytest.fixture
def places(watched: Watched) -> Watched:
    """The page with two rows to place."""
    watched.go("import", lang="en")
    hand_in(watched, ("热线.xlsx", book({"甲": [HEADS, NEAR, NOWHERE]})))
    watched.page.get_by_role("tab", name=import_shown.CONFIRM.en).click()
    watched.ready()
    return watched


def test_ticked_rows_take_their_proposed_places(places: Watched, home: Path) -> None:
    table = places.page.locator('[data-testid="stDataFrame"]').last
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 52})
    places.ready()
    press(places, import_places.ACCEPT.format(n="1").en)
    places.page.get_by_text("1 of them by hand").wait_for()
    places.page.get_by_text("placed by hand.").wait_for()
    press(places, import_page.CONFIRM_N.format(a="2", u="0").en)
    wait_until(lambda: len(history(home)) == 1, 60)
    assert open_workspace(home)[ISSUES].loc["Q1", "place_source"] == "hand"
    undo(home)


def test_a_click_on_the_map_is_a_place(places: Watched, home: Path) -> None:
    places.page.wait_for_function(POINTING)
    host = places.page.locator(".guatu-host").last
    host.scroll_into_view_if_needed()
    host.click(position={"x": 300, "y": 200})
    typed = places.page.get_by_label(import_places.COORDINATES.en)
    wait_until(lambda: typed.input_value().startswith("111."), 30)
    places.page.wait_for_function(POINTING)
    assert places.page.get_by_text("Error").count() == 0
    press(places, import_places.HERE.en)
    places.page.get_by_text("1 of them by hand").wait_for()
    press(places, import_page.CONFIRM_N.format(a="2", u="0").en)
    wait_until(lambda: len(history(home)) == 1, 60)
    stored = open_workspace(home)[ISSUES].loc["Q1"]
    assert stored["place_source"] == "hand"
    assert stored.geometry is not None
    undo(home)
