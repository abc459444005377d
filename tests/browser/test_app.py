"""The app in a real browser, served as `guatu app` serves it, with the whole outside world cut off."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from layers import open_workspace
from reports import rank, read_criteria
from reports.ranking_table import percents
from tests.conftest import CITIES, LOOPBACK, ROOT
from views import data_check, issues, map_page, overview, priorities, weights

pytestmark = pytest.mark.slow

PAGES = {"": overview, "map": map_page, "issues": issues, "priorities": priorities, "data-check": data_check}
READY = '[data-testid="stApp"][data-test-script-state="notRunning"] h1'
MAP = """() => {
  for (const one of document.querySelectorAll('[data-testid="stBidiComponentIsolated"], [data-testid*="BidiComponent"] *, div')) {
    const host = one.shadowRoot?.querySelector('.guatu-host');
    if (host?.map) return host.map;
  }
  return null;
}"""
DRAWN = f"""() => {{
  const map = ({MAP})();
  if (!map?.sheet.view || ![...map.docs.values()].every((d) => d.features)) return false;
  const canvas = map.sheet.base, pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let colours = new Set();
  for (let i = 0; i < pixels.length; i += 400) colours.add(`${{pixels[i]}},${{pixels[i + 1]}},${{pixels[i + 2]}},${{pixels[i + 3]}}`);
  return colours.size > 5;
}}"""
SPOT = f"""() => {{
  const map = ({MAP})(), grids = map.grids(), box = map.stage.getBoundingClientRect();
  for (let row = 0; row < grids.n; row++) {{
    const p = map.leaflet.latLngToContainerPoint(map.place(grids.labels.x[row], grids.labels.y[row]));
    if (p.x < 60 || p.y < 20 || p.x > box.width - 20 || p.y > box.height - 90) continue;
    if (map.under(p)?.key === 'grids') return {{ x: box.x + p.x, y: box.y + p.y, id: grids.ids.at(map.under(p).row) }};
  }}
  return null;
}}"""
VIEW = f"() => {{ const m = ({MAP})().leaflet, c = m.getCenter(); return [m.getZoom(), c.lat.toFixed(6), c.lng.toFixed(6)]; }}"
ONLY = f"() => ({MAP})().payload.layers.find((one) => one.key === 'issues').only"


@dataclass
class Watched:
    """A page and what it asked for."""

    page: Any
    base: str
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    def go(self, path: str, **address: str) -> None:
        """Go to a page and wait until it is there."""
        query = "&".join(f"{name}={value}" for name, value in address.items())
        self.page.goto(f"{self.base}/{path}?{query}")
        self.ready()

    def ready(self) -> None:
        """Wait until the page has run."""
        self.page.wait_for_timeout(250)
        self.page.wait_for_selector(READY, timeout=60_000)

    def title(self) -> str:
        """Read the title."""
        return str(self.page.locator("h1").first.inner_text())

    def address(self) -> dict[str, str]:
        """Read the parameters of the address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}


@pytest.fixture(scope="module")
def server(workspaces: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server, started from a folder that has nothing to do with the checkout."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = [str(folder) for folder in workspaces.values()]
    start = f"from pathlib import Path\nfrom views.server import serve\nserve([Path(f) for f in {folders!r}], port={port}, open_browser=False)"
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    log = (elsewhere / "server.log").open("wb")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-c", start], cwd=elsewhere, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(base), 60)
        yield base
    finally:
        running.terminate()
        running.wait(timeout=20)
        log.close()


def answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/_stcore/health", timeout=1) as answer:  # noqa: S310 (this computer)
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.2)


@pytest.fixture
def watched(server: str, chromium: Any) -> Iterator[Watched]:
    """A page of a Chinese browser that may ask this computer only."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    seen = Watched(page, server)

    def check(route: Any) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            seen.outside.append(route.request.url)
            route.abort()

    def note(answer: Any) -> None:
        # Streamlit's own script finds the root of a deep address by asking at each part of it.
        if answer.status >= 400 and "/_stcore/" not in answer.url:
            seen.failed.append(f"{answer.status} {answer.url}")

    def lost(request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # leaving a page ends what it still asks for
            seen.failed.append(f"{request.failure} {request.url}")

    context.route(re.compile("^https?:"), check)
    page.on("response", note)
    page.on("requestfailed", lost)
    page.on("pageerror", lambda error: seen.failed.append(str(error)))
    page.on("websocket", lambda line: line.on("framesent", lambda _: seen.sent.append(1)))
    yield seen
    context.close()
    assert seen.outside == []
    assert seen.failed == []


@pytest.mark.parametrize("city", CITIES)
def test_all_pages_in_both_languages_ask_nothing_from_outside(watched: Watched, city: str) -> None:
    for lang in ("zh", "en"):
        for path, page in PAGES.items():
            watched.go(path, ws=city, lang=lang)
            assert watched.title() == page.TITLE.in_(lang)
            assert watched.page.locator('[data-testid="stException"]').count() == 0
    loaded = "() => [...document.fonts].some((f) => f.status === 'loaded' && f.family.includes('Noto Sans SC'))"
    watched.page.wait_for_function(loaded)  # the page may be drawn a moment before its font is there


WITH_MAP = [
    (city, path)
    for city in CITIES
    for path in ("", "map", "issues")
    if path != "issues" or city not in {"cambridge", "wanxiu"}
]
"""Cambridge and Wanxiu have no issues and therefore no map of them."""


@pytest.mark.parametrize(("city", "path"), WITH_MAP)
def test_map_is_drawn(watched: Watched, city: str, path: str) -> None:
    watched.go(path, ws=city, lang="zh")
    watched.page.wait_for_function(DRAWN, timeout=30_000)


def test_click_on_the_map_selects_a_grid_and_leaves_the_view(watched: Watched, workspaces: Mapping[str, Path]) -> None:
    watched.go("map", ws="cambridge", lang="en")
    watched.page.wait_for_function(DRAWN, timeout=30_000)
    before, spot = watched.page.evaluate(VIEW), watched.page.evaluate(SPOT)
    assert spot is not None
    watched.page.mouse.click(spot["x"], spot["y"])
    watched.page.wait_for_url(re.compile(f"grid={spot['id']}"), timeout=10_000)
    watched.ready()
    name = open_workspace(workspaces["cambridge"]).grids().loc[spot["id"], "name"]
    assert name in watched.page.locator("h3").all_inner_texts()
    after = watched.page.evaluate(VIEW)
    assert after[0] == before[0]


def test_panning_and_zooming_cost_no_run(watched: Watched) -> None:
    watched.go("map", ws="huolong", lang="zh")
    watched.page.wait_for_function(DRAWN, timeout=30_000)
    box = watched.page.locator(".guatu-stage").first.bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 2
    before, view = len(watched.sent), watched.page.evaluate(VIEW)
    watched.page.mouse.move(x, y)
    watched.page.mouse.wheel(0, -400)
    watched.page.wait_for_timeout(800)
    watched.page.mouse.down()
    watched.page.mouse.move(x + 120, y + 60, steps=6)
    watched.page.mouse.up()
    watched.page.wait_for_timeout(1200)
    assert watched.page.evaluate(VIEW) != view
    assert len(watched.sent) == before


def test_filter_changes_table_and_map_together_and_keeps_the_view(
    watched: Watched, workspaces: Mapping[str, Path]
) -> None:
    overdue = int(open_workspace(workspaces["huolong"]).standing["is_overdue"].sum())
    watched.go("issues", ws="huolong", lang="en")
    watched.page.wait_for_function(DRAWN, timeout=30_000)
    watched.page.evaluate(f"() => ({MAP})().leaflet.setZoom(({MAP})().leaflet.getZoom() + 1, {{ animate: false }})")
    all_bits, view = watched.page.evaluate(ONLY), watched.page.evaluate(VIEW)
    watched.page.get_by_role("button", name="overdue", exact=True).click()
    watched.page.wait_for_function(f"(old) => ({ONLY})() !== old", arg=all_bits, timeout=10_000)
    watched.ready()
    assert f"{overdue} found" in watched.page.locator('[data-testid="stMain"]').inner_text()
    assert watched.page.evaluate(VIEW) == view


def test_language_comes_from_the_browser_and_can_be_switched(watched: Watched) -> None:
    watched.go("priorities", ws="huolong")
    assert watched.title() == priorities.TITLE.zh
    watched.page.get_by_role("radio", name="English").click()
    watched.page.wait_for_function(f"() => document.querySelector('h1')?.innerText === {priorities.TITLE.en!r}")
    assert watched.address()["lang"] == "en"
    watched.page.get_by_role("link", name=overview.TITLE.en).click()
    watched.page.wait_for_function(f"() => document.querySelector('h1')?.innerText === {overview.TITLE.en!r}")
    watched.ready()
    assert watched.address() == {"lang": "en", "ws": "huolong"}


def test_deep_link_opens_workspace_level_grid_and_language(watched: Watched, workspaces: Mapping[str, Path]) -> None:
    large = open_workspace(workspaces["boston"]).grids(1)
    watched.go("priorities", ws="boston", level="1", grid=str(large.index[4]), lang="en")
    assert watched.title() == priorities.TITLE.en
    assert str(large["name"].iloc[4]) in watched.page.locator("h3").all_inner_texts()


def test_slider_ranks_again_without_running_the_whole_page(watched: Watched) -> None:
    watched.go("priorities", ws="boston", lang="en")
    slider = watched.page.get_by_role("slider", name="Elderly residents")
    start, before = slider.input_value(), len(watched.sent)
    slider.press("ArrowRight")
    reset = watched.page.get_by_role("button", name=weights.RESET.en)
    wait_until(reset.is_enabled, 10)
    assert int(slider.input_value()) == int(start) + 1
    assert len(watched.sent) == before + 1


SINGLE = f"""() => {{
  const map = ({MAP})(), box = map.sheet.base.getBoundingClientRect();
  const one = map.bubbles.find((b) => b.group.rows.length === 1 && b.x > 60 && b.y > 60 && b.y < 480);
  return {{ x: box.x + one.x, y: box.y + one.y, id: map.features('issues').ids.at(one.group.rows[0]) }};
}}"""
MARKED = f"() => {{ const m = ({MAP})(); return m.chosen ? m.chosen.features.ids.at(m.chosen.row) : null; }}"
ROW, HEAD = 33, 35
"""Heights of a table's rows and of its head, pixels."""


def test_issues_on_the_map_and_in_the_table_stay_in_step_with_the_record_in_sight(watched: Watched) -> None:
    page = watched.page
    watched.go("issues", ws="huolong", lang="en")
    page.wait_for_function(DRAWN, timeout=30_000)
    page.evaluate(f"() => {{ ({MAP})().mine = true; }}")
    record = page.locator('[data-testid="stMain"] p', has_text=issues.CHOSEN.en)
    spot = page.evaluate(SINGLE)
    page.mouse.click(spot["x"], spot["y"])
    page.wait_for_url(re.compile(f"issue={spot['id']}"), timeout=10_000)
    watched.ready()
    assert record.inner_text() == f"{issues.CHOSEN.en} {spot['id']}"
    table = page.locator('[data-testid="stDataFrame"]').first.bounding_box()
    assert record.bounding_box()["y"] < table["y"] < 900 - 5 * ROW
    page.wait_for_timeout(500)
    page.mouse.click(table["x"] + 18, table["y"] + HEAD + 3 * ROW + ROW / 2)
    page.wait_for_function("(old) => !location.search.includes(`issue=${old}`)", arg=spot["id"], timeout=10_000)
    watched.ready()
    other = watched.address()["issue"]
    page.wait_for_function(f"(wanted) => ({MARKED})() === wanted", arg=other)
    assert record.inner_text() == f"{issues.CHOSEN.en} {other}"
    assert not page.evaluate(f"() => Boolean(({MAP})().opened)")
    page.mouse.click(table["x"] + 18, table["y"] + HEAD + 3 * ROW + ROW / 2)  # the same row again: no longer chosen
    page.wait_for_function("() => !location.search.includes('issue=')", timeout=10_000)
    page.wait_for_function(f"() => ({MARKED})() === null")
    assert page.evaluate(f"() => ({MAP})().mine")  # one map all the way, with its view


def test_the_map_of_the_app_is_walked_with_the_keyboard(watched: Watched) -> None:
    page = watched.page
    watched.go("map", ws="huolong", lang="en")
    page.wait_for_function(DRAWN, timeout=30_000)
    focus = f"() => {{ const e = ({MAP})().root.getRootNode().activeElement; return e?.dataset.key ?? e?.className ?? null; }}"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(focus):
            break
    assert "guatu-stage" in page.evaluate(focus)
    before = page.evaluate(VIEW)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"(old) => ({VIEW})()[2] !== old", arg=before[2])
    while page.evaluate(focus) != "search":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("grid="), timeout=10_000)
    watched.ready()


def test_weights_are_downloaded_as_criteria_that_can_be_read(
    watched: Watched, workspaces: Mapping[str, Path], tmp_path: Path
) -> None:
    watched.go("priorities", ws="huolong", lang="zh")
    slider = watched.page.get_by_role("slider").first
    slider.press("ArrowRight")
    wait_until(watched.page.get_by_role("button", name=weights.RESET.zh).is_enabled, 30)
    watched.ready()
    with watched.page.expect_download() as found:
        watched.page.get_by_role("button", name=weights.SAVE.zh).click()
    file = tmp_path / found.value.suggested_filename
    found.value.save_as(file)
    assert file.name == "huolong-criteria.toml"
    base = rank(open_workspace(workspaces["huolong"]), draws=10)
    read = {one.key: one.weight for one in read_criteria(file).items}
    given = percents(base.criteria)
    moved = [key for key, weight in read.items() if abs(weight - given[key]) > 0.5]
    assert len(moved) == 1
    assert round(read[moved[0]]) == round(given[moved[0]]) + 1
