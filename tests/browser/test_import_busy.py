"""While one session looks at a large file and stores it the app answers the others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.intake.history import history
from reports.webmap.degrees import degrees
from tests import samples
from tests.browser.test_app import READY, Watched, answers, wait_until
from views import data_check

pytestmark = pytest.mark.slow
ROWS = 300_000
MOST_S = 5.0
"""One second is what is wanted; a computer that runs other tests beside gets more."""
FEWEST = 5


def large_file() -> bytes:
    """Tickets without end."""
    random = np.random.default_rng(3)
    east, north = (start + random.uniform(5, 195, ROWS) for start in (samples.X0, samples.Y0))
    places = zip(*degrees(samples.CRS, east, north), strict=True)
    lines = [
        f"B-{at},2024-05-{1 + at % 28:02d} 09:00,路面破损,{lon:.7f},{lat:.7f}" for at, (lon, lat) in enumerate(places)
    ]
    return "\n".join(["问题编号,上报时间,问题描述,经度,纬度", *lines, ""]).encode()


def asked_until(other: Any, server: str, done: Callable[[], object]) -> int:
    """Have another session ask for pages in turn until something is done; give how many it got."""
    pages = 0
    while not done():
        for button, title in (("中文", data_check.TITLE.zh), ("English", data_check.TITLE.en)):
            wait_until(lambda: answers(server), MOST_S)
            other.get_by_text(button, exact=True).first.click()
            other.wait_for_function("(title) => document.querySelector('h1')?.innerText === title", arg=title)
            pages += 1
    return pages


def test_others_are_answered_while_a_large_file_is_looked_at_and_stored(
    watched: Watched, chromium: Any, server: str, home: Path
) -> None:
    watched.go("import", lang="en")
    context = chromium.new_context(locale="en-GB")
    other = context.new_page()
    other.goto(f"{server}/data-check?lang=en")
    other.wait_for_selector(READY, timeout=60_000)
    file = {"name": "large.csv", "mimeType": "text/csv", "buffer": large_file()}
    watched.page.set_input_files('input[type="file"]', [file])
    numbers = watched.page.locator('[data-testid="stMetricValue"]')
    assert asked_until(other, server, numbers.count) >= FEWEST
    assert numbers.all_inner_texts()[0].strip() == f"{ROWS:,}"
    assert history(home) == []
    watched.ready()
    watched.page.get_by_role("button", name="Confirm: add").click()
    stored = watched.page.get_by_text("Import 1 done")
    assert asked_until(other, server, stored.count) >= FEWEST
    context.close()
    assert history(home)[0].record["rows_added"] == ROWS
