"""Takes the pictures of the how-to pages from the real app and the real exported files.

``python -m docs.pictures`` builds the bundled communities in a temporary folder, serves the app on this
computer and photographs it with Debian's Chromium. Nothing is drawn by hand.
"""

import io
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from cli import main as guatu
from docs.picture_files import doubtful_file, offset_file, spoken_file
from geo.text import Text
from layers import Workspace, open_workspace
from views import hot_spots, import_shown, reporting

FOLDER = Path(__file__).with_name("pictures")
CHROMIUM = "/usr/bin/chromium"
SIZE, TALL, PHONE = (1360, 850), 1100, (412, 1000)
COLOURS = 128
"""Enough for flat maps and text, and half the bytes."""
KMEANS = 3
"""Rounds in which the colours are bettered, else the small yellow lamp turns brown."""
SETTLED_MS = 3_000
"""How long a page without requests is left to finish drawing."""
PAGES = {
    "overview": "/?ws=huolong&lang=zh",
    "map": "/map?ws=boston&lang=en",
    "issues": "/issues?ws=huolong&lang=zh",
    "priorities": "/priorities?ws=huolong&lang=zh",
    "data-check": "/data-check?ws=boston&lang=en",
}
LEDGER = {
    "wall": "/wall?ws=huolong&lang=zh",
    "ledger": "/ledger?ws=huolong&lang=zh",
    "issue": "/issue?ws=huolong&lang=zh&issue=HL-2021-0254",
    "performance": "/performance?ws=huolong&lang=zh",
}
HOT_SPOTS = "/hot-spots?ws=boston&lang=en"
PATROL, KIND = "/patrol?ws=huolong&lang=zh&grid=HL-03-01", "垃圾清理"
SERVE = "import sys; from pathlib import Path; from views.server import serve; serve([Path(one) for one in sys.argv[2:]], port=int(sys.argv[1]), open_browser=False)"


def main() -> int:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as home:
        guatu(["demo", "--no-app", "--dir", home])
        huolong, boston = Path(home) / "huolong", Path(home) / "boston"
        exported, briefing = Path(home) / "map.html", Path(home) / "briefing.html"
        guatu(["map", str(huolong), "--out", str(exported), "--lang", "zh"])
        guatu(["report", str(huolong), "--out", str(briefing), "--lang", "zh"])
        with _served(huolong, boston) as address, _browser() as page:
            for name, path in PAGES.items():
                _shoot(page, f"{address}{path}", name)
            _ledger(page, address)
            _hot_spots(page, address)
            _other_weights(page, f"{address}{PAGES['priorities']}")
            _imports(page, f"{address}/import?ws=huolong&lang=zh", open_workspace(huolong))
            _shoot(page, exported.as_uri(), "exported-map")
            _shoot(page, briefing.as_uri(), "briefing")
    return 0


@contextmanager
def _served(*folders: Path) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port), *map(str, folders)])  # noqa: S603 (our own program)
    try:
        _await(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _await(address: str) -> None:
    for _ in range(60):
        try:
            with urlopen(f"{address}/_stcore/health") as answer:  # noqa: S310 (this computer)
                if answer.status == 200:  # noqa: PLR2004 (HTTP: done)
                    return
        except OSError:
            time.sleep(0.5)
    msg = f"the app does not answer at {address}"
    raise RuntimeError(msg)


@contextmanager
def _browser() -> Iterator[Page]:
    with sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, locale="zh-CN")
        browser.close()


def _shoot(page: Page, address: str, name: str) -> None:
    page.goto(address)
    _keep(page, name)


def _other_weights(page: Page, address: str) -> None:
    """Set the first weight to nothing with the keyboard, as a person would."""
    page.goto(address)
    slider = page.get_by_role("slider").first
    slider.wait_for(timeout=60_000)
    slider.focus()
    page.keyboard.press("Home")
    _keep(page, "other-weights")


def _ledger(page: Page, address: str) -> None:
    """Show the month that the bundled community was simulated for, and the page for the phone."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    for name, path in LEDGER.items():
        _shoot(page, f"{address}{path}", name)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{address}{PATROL}")
    for choice in (reporting.FILE, Text.same(KIND)):  # there is no camera here
        page.get_by_text(choice.zh, exact=True).first.click(timeout=120_000)
        page.wait_for_timeout(SETTLED_MS)
    _keep(page, "patrol")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _hot_spots(page: Page, address: str) -> None:
    """Show litter in Boston part by part, and a community with too few grids."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    _shoot(page, f"{address}/hot-spots?ws=huolong&lang=zh", "hot-spots-few")
    page.goto(f"{address}{HOT_SPOTS}")
    page.get_by_test_id("stMain").get_by_test_id("stSelectbox").first.click(timeout=120_000)
    page.get_by_role("option", name="Garbage and dirty places").click()
    for part in ("rates", "clusters", "density", "months"):
        page.get_by_role("radio", name=hot_spots.PARTS[part].en, exact=True).click()
        page.wait_for_timeout(SETTLED_MS)
        _keep(page, f"hot-spots-{part}")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _imports(page: Page, address: str, ws: Workspace) -> None:
    """Hand files in as a person would, up to the button that stores them."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    _handed(page, address, ("12345热线.csv", doubtful_file(ws)))
    _keep(page, "import-questions")
    _handed(page, address, ("网格员上报.csv", offset_file(ws)))
    _tab(page, import_shown.MAP)
    _keep(page, "import-map")
    _handed(page, address, ("电话记录.csv", spoken_file()))
    _tab(page, import_shown.CONFIRM)
    _keep(page, "import-confirm")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _handed(page: Page, address: str, file: tuple[str, bytes]) -> None:
    page.goto(address)
    page.get_by_test_id("stFileUploaderDropzone").wait_for(timeout=120_000)
    page.wait_for_timeout(SETTLED_MS)
    page.set_input_files('input[type="file"]', {"name": file[0], "mimeType": "text/csv", "buffer": file[1]})
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=120_000)


def _tab(page: Page, title: Text) -> None:
    page.get_by_role("tab", name=title.zh).click()
    page.wait_for_timeout(SETTLED_MS)
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", TALL // 2)
    page.wait_for_timeout(SETTLED_MS)


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle", timeout=120_000)
    running = page.get_by_test_id("stStatusWidget")
    running.wait_for(state="hidden", timeout=120_000)
    page.wait_for_timeout(SETTLED_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FOLDER.mkdir(exist_ok=True)
    few = picture.quantize(COLOURS, kmeans=KMEANS, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
