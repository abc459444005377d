"""A file of every kind handed in by a browser: it is recognised, counted, shown, stored and undone."""

import os
from pathlib import Path
from typing import Any

import pytest

from layers import open_workspace
from layers.catalog import CATALOG
from layers.intake.history import history, undo
from reports.intake_words import KINDS as WORDS
from tests.browser.test_app import Watched, wait_until
from tests.browser.test_import import hand_in, press
from tests.intake_kinds import KINDS, Kind
from views import import_page, import_shown

pytestmark = pytest.mark.slow
RADIO = '[data-testid="stMain"] [data-testid="stRadio"] [role="radiogroup"] label'


def shown(watched: Watched) -> list[str]:
    """Read the headline numbers."""
    return [one.strip() for one in watched.page.locator('[data-testid="stMetricValue"]').all_inner_texts()]


TRIED = KINDS if os.environ.get("GUATU_EXAMPLES") == "new" else KINDS[::4]
"""All are tried below the page in any case, see tests/layers/intake; in a browser each takes a quarter of a minute."""


@pytest.mark.parametrize("kind", TRIED, ids=lambda kind: kind.key)
def test_a_file_of_each_kind_is_recognised_counted_stored_and_undone(
    watched: Watched, home: Path, tmp_path: Path, kind: Kind
) -> None:
    before = len(open_workspace(home)[CATALOG[kind.layer]]) if kind.layer in open_workspace(home).tables else 0
    watched.go("import", lang="en")
    hand_in(watched, *kind.make(tmp_path).items())
    page: Any = watched.page
    said = page.locator('[data-testid="stMain"]').inner_text()
    assert WORDS[kind.words].en in said
    layer = page.get_by_role("combobox", name=import_page.LAYER.en, exact=False).first
    assert layer.input_value() == CATALOG[kind.layer].title.en or CATALOG[kind.layer].title.en in said
    if kind.asks:
        page.locator(RADIO).first.click()
        watched.ready()
    wait_until(lambda: shown(watched)[3:4] == [str(kind.kept)], 30)
    assert shown(watched)[:3] == [str(kind.read), str(kind.kept), str(kind.read - kind.kept)]
    page.get_by_role("tab", name=import_shown.MAP.en).click()
    page.get_by_text("To be added").first.wait_for()
    press(watched, import_page.CONFIRM_N.format(a=str(kind.kept), u="0").en)
    wait_until(lambda: len(history(home)) == 1, 60)
    page.get_by_role("link", name=import_page.SEE_CHECK.en).wait_for()
    assert len(open_workspace(home)[CATALOG[kind.layer]]) == before + kind.kept
    undo(home)
