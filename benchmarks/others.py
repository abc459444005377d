"""How long others wait for a page while one session looks at a large file and stores it.

python -m benchmarks.others [ROWS] [huolong|boston]

The app is served as ``guatu app`` serves it, with a copy of Boston and with Huolong. A browser hands a ledger in on
the Import page of Boston and confirms it. Meanwhile another session, in Huolong if not said otherwise, asks for page
after page over the protocol of the browser, without drawing them; each page is timed from the question to its end.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import connect

from benchmarks.intake import write_csv
from data.boston.build import build as build_boston
from data.huolong.build import build as build_huolong
from layers import open_workspace

CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parents[1]
PAGES = ("data-check", "", "issues", "priorities")
PAUSE_S = 0.2
"""Seconds that somebody looks at a page before asking for the next."""
BEFORE_S, AFTER_S = 15.0, 6.0
"""Seconds in which pages are asked for before the file is handed in, and after its rows are stored."""
LONGEST_MS = 90_000


class Answered(NamedTuple):
    """A page that was asked for: by whom, in which phase, which one, and how long it took."""

    session: str
    phase: str
    page: str
    seconds: float


class Phase:
    """What the importing session is doing."""

    name = "before"


def ask(port: int, workspace: str, phase: Phase, found: list[Answered]) -> None:
    """Ask for one page after the other until the phase is "end"."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as line:  # type: ignore[list-item]
        turn = 0
        while phase.name != "end":
            page, lang = PAGES[turn % len(PAGES)], ("zh", "en")[turn // len(PAGES) % 2]
            order = BackMsg()
            order.rerun_script.query_string = f"ws={workspace}&lang={lang}"
            order.rerun_script.page_script_hash = calc_hash(page)
            began, start = phase.name, time.perf_counter()
            line.send(order.SerializeToString())
            while ForwardMsg.FromString(line.recv()).WhichOneof("type") != "script_finished":  # type: ignore[arg-type]
                pass
            seconds = time.perf_counter() - start
            found.append(
                Answered(workspace, began if began == phase.name else f"{began} to {phase.name}", page, seconds)
            )
            turn += 1
            time.sleep(PAUSE_S)


@contextmanager
def served(folders: list[Path], home: Path) -> Iterator[int]:
    """Serve workspaces and give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    start = (
        "from pathlib import Path\nfrom views.server import serve\n"
        f"serve([Path(f) for f in {[str(one) for one in folders]!r}], port={port}, open_browser=False)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen([sys.executable, "-c", start], cwd=home, env=env)
    try:
        while not _answers(port):
            time.sleep(0.2)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=20)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def handed_in(page: Page, port: int, path: Path, phase: Phase) -> tuple[float, float]:
    """Hand a file in, confirm it, and give the seconds until it was looked at and until it was stored."""
    page.set_default_timeout(LONGEST_MS)
    page.goto(f"http://127.0.0.1:{port}/import?ws=boston&lang=en")
    page.wait_for_selector('input[type="file"]', state="attached")
    phase.name, start = "looking", time.perf_counter()
    page.set_input_files('input[type="file"]', [str(path)])
    button = page.get_by_role("button", name="Confirm: add")
    button.wait_for()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    looked = time.perf_counter() - start
    phase.name = "between"
    time.sleep(2.0)
    phase.name, start = "storing", time.perf_counter()
    button.click()
    page.get_by_text("Import 1 done").wait_for()
    stored = time.perf_counter() - start
    phase.name = "after"
    time.sleep(AFTER_S)
    return looked, stored


def measured(home: Path, rows: int, asking: str) -> tuple[list[Answered], tuple[float, float]]:
    """Serve, hand in, ask meanwhile."""
    boston, huolong = home / "boston", home / "huolong"
    build_boston(boston)
    build_huolong(huolong)
    ws = open_workspace(boston)
    grids = ws.grids()
    middle = grids.distance(grids.union_all().centroid).argsort()[:1]  # a box around all would lie in the sea
    write_csv(home / "issues.csv", grids.iloc[middle], rows)
    open_workspace(huolong)
    found: list[Answered] = []
    phase = Phase()
    with served([boston, huolong], home) as port, sync_playwright() as driver:
        browser: Any = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        other = threading.Thread(target=ask, args=(port, asking, phase, found))
        other.start()
        time.sleep(BEFORE_S)
        try:
            took = handed_in(browser.new_page(), port, home / "issues.csv", phase)
        finally:
            phase.name = "end"
            other.join()
            browser.close()
    return found, took


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    asking = sys.argv[2] if len(sys.argv) > 2 else "huolong"
    home = Path(tempfile.mkdtemp(prefix="others-"))
    try:
        found, (looked, stored) = measured(home, rows, asking)
    finally:
        shutil.rmtree(home)
    print(f"{rows:,} rows, {os.cpu_count()} processors: looked at in {looked:.1f} s, stored in {stored:.1f} s")
    for session, phase in dict.fromkeys((one.session, one.phase) for one in found):
        mine = sorted(
            (one for one in found if (one.session, one.phase) == (session, phase)), key=lambda one: one.seconds
        )
        slowest = ", ".join(f"{one.page or 'overview'} {one.seconds:.2f} s" for one in mine[-3:][::-1])
        print(
            f"{session:8} {phase:20} {len(mine):4} pages, median {mine[len(mine) // 2].seconds:.2f} s, slowest {slowest}"
        )


if __name__ == "__main__":
    main()
