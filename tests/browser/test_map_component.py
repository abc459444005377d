"""The map in a page of the app, in a real browser: moving it costs nothing, a click counts once, new data keep the view."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reports import mapped

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
import streamlit as st
from layers import open_workspace
from reports.webmap.payload import payload
from views.map_component import map_view
from views.routes import ROUTES, link
import reports.webmap.payload as made

made.TILES_FROM = 2
app = st.App(__file__, routes=ROUTES)

@st.cache_resource
def opened():
    return open_workspace({folder!r})

def main():
    st.set_page_config(layout="wide")
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    lang = st.radio("lang", ["zh", "en"])
    ws = opened()
    first, second = st.tabs(["first", "second"])
    drawn = payload(ws, lang=lang, link=link(ws))
    with first:
        picked = map_view(drawn, key="one", height=420)
    with second:
        map_view(drawn, key="two", height=300)
    st.text(f"runs={{runs}} picked={{picked}}")

if __name__ == "__main__":
    main()
"""
FIND = """() => {
  const hosts = [];
  const walk = (node) => { for (const e of node.querySelectorAll("*")) { if (e.map?.leaflet) hosts.push(e); if (e.shadowRoot) walk(e.shadowRoot); } };
  walk(document);
  return hosts.map((h) => ({ zoom: h.map.leaflet.getZoom(), lat: h.map.leaflet.getCenter().lat, ready: !!h.map.grids() && !!h.map.docs.get("issues")?.swarm, wide: h.clientWidth }));
}"""


AT_BUILDING = """([lat, lng]) => {
  const walk = (node) => { for (const e of node.querySelectorAll("*")) { if (e.map?.leaflet) return e.map; const inner = e.shadowRoot && walk(e.shadowRoot); if (inner) return inner; } };
  const map = globalThis.__map = walk(document);
  for (const key of ["issues", "toilets", "drains"]) map.state.hidden.add(key);
  map.leaflet.closePopup();
  map.leaflet.setView([lat, lng], 17, { animate: false });
}"""


def building() -> list[float]:
    """Where the third building of the community is: latitude, longitude."""
    spot = mapped.things()["buildings"].to_crs("EPSG:4326").geometry.loc["B2"].representative_point()
    return [spot.y, spot.x]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    ws = mapped.community(tmp_path / "ws")
    script = tmp_path / "door.py"
    script.write_text(SCRIPT.format(folder=str(ws.folder)), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}"]
    root = Path(__file__).parents[2]
    settings = ["--server.address=127.0.0.1", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *settings],
            cwd=root,
            stdout=log,
            stderr=log,
            env={"PYTHONPATH": str(root), "HOME": str(tmp_path)},
        )
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


def shown(page: Any) -> tuple[int, str]:
    found = re.search(r"runs=(\d+) picked=(.*)", page.inner_text("body"))
    assert found is not None
    return int(found[1]), found[2]


def a_tile_says_what_stands_there(page: Any) -> None:
    page.evaluate(AT_BUILDING, building())
    page.wait_for_timeout(1500)
    page.evaluate("() => globalThis.__map.enter()")
    page.wait_for_function("() => /runs=4/.test(document.body.innerText)")
    assert re.findall(r"'([^']*)'", shown(page)[1])[1::2] == ["buildings", "B2"]
    card = page.locator(".leaflet-popup").first.inner_text().replace("\u00a0", " ")
    assert [line for line in ("楼2", "Buildings", "mixed", "2.5 storeys", "1992") if line not in card] == []


def test_the_map_in_the_app(address: str, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 1300, "height": 1000})
    faults: list[str] = []
    answers: dict[str, int] = {}
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on(
        "request", lambda r: faults.append(r.url) if not r.url.startswith((address, "data:", "blob:", "ws:")) else None
    )
    page.on("response", lambda r: answers.update({r.url.rsplit("/", 1)[-1].split("?")[0]: r.status}))
    page.goto(address)
    page.wait_for_selector(".guatu-panel", timeout=30_000)
    page.wait_for_function(f"() => ({FIND})().some((m) => m.ready)")
    page.wait_for_timeout(600)

    assert shown(page) == (1, "None")
    box = page.locator(".guatu-stage").first.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 190, steps=4)
    page.mouse.up()
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(800)
    zoom = page.evaluate(FIND)[0]["zoom"]
    assert shown(page) == (1, "None")

    page.mouse.click(box["x"] + box["width"] / 2 - 80, box["y"] + 210)
    page.wait_for_function("() => /runs=2/.test(document.body.innerText)")
    kind, thing = re.findall(r"'([^']*)'", shown(page)[1])[1::2]
    assert kind in {"grids", "issues", "buildings", "toilets", "streets"}
    assert thing
    page.wait_for_timeout(600)  # a tall pop-up moves the map until it is in sight
    before = page.evaluate(FIND)[0]
    assert before["zoom"] == zoom

    page.get_by_text("en", exact=True).click()
    page.wait_for_function("() => /runs=3/.test(document.body.innerText)")
    page.wait_for_timeout(400)
    after = page.evaluate(FIND)[0]
    assert shown(page) == (3, "None")
    assert (after["zoom"], round(after["lat"], 5)) == (before["zoom"], round(before["lat"], 5))
    assert "Open and overdue" in page.locator(".guatu-panel").first.inner_text()

    a_tile_says_what_stands_there(page)

    page.get_by_role("tab", name="second").click()
    page.wait_for_timeout(800)
    second = page.evaluate(FIND)[1]
    assert second["wide"] > 500
    assert 13 < second["zoom"] < 19
    assert faults == []
    assert answers["issues.json"] == 200
    assert answers["buildings.pmtiles"] == 206
    page.close()
