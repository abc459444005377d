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
from reports.service.kinds import KINDS
from views import (
    change,
    coverage,
    coverage_supply,
    grids,
    grids_preview,
    grids_redraw,
    health_parts,
    hot_spots,
    import_shown,
    plan_parts,
    priorities_rivals,
    reporting,
    scenarios_save,
    scenarios_shown,
)

FOLDER = Path(__file__).with_name("pictures")
CHROMIUM = "/usr/bin/chromium"
SIZE, TALL, LONG, PHONE = (1360, 850), 1100, 1750, (412, 1000)
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
    "ahp": "/ahp?ws=huolong&lang=zh",
    "data-check": "/data-check?ws=boston&lang=en",
}
LEDGER = {
    "wall": "/wall?ws=huolong&lang=zh",
    "ledger": "/ledger?ws=huolong&lang=zh",
    "issue": "/issue?ws=huolong&lang=zh&issue=HL-2021-0254",
    "performance": "/performance?ws=huolong&lang=zh",
}
CHANGE = {
    "change": ("huolong", "zh", "change"),
    "change-closing": ("boston", "en", "closing"),
    "change-forecast": ("boston", "en", "inflow"),
    "change-need": ("huolong", "zh", "need"),
}
"""Pictures of the page of change: workspace, language and part."""
RIVALS = {
    "rank-methods": ("boston", "en", "methods"),
    "rank-certificate": ("huolong", "zh", "certificate"),
    "rank-stability": ("boston", "en", "stability"),
}
"""Pictures of the lower half of the page of priorities: workspace, language and view."""
ABOVE = 110
"""Pixels of the page that stay above the choice of a view."""
HEALTH, INDICATOR = "/health?ws=huolong&lang=zh&grid=HL-03-01", "F-KG"
RASTERS = {"rasters": "/rasters?ws=huolong&lang=zh", "rasters-population": "/rasters?ws=boston&lang=en&level=1"}
DECIDE = {"consent": "/consent?ws=huolong&lang=zh", "relocation": "/relocation?ws=wanxiu&lang=zh"}
HOT_SPOTS = "/hot-spots?ws=boston&lang=en"
PLAN = Path(__file__).parents[1] / "data" / "huolong" / "plans" / "toilet-north.toml"
PATROL, KIND = "/patrol?ws=huolong&lang=zh&grid=HL-03-01", "垃圾清理"
SERVE = "import sys; from pathlib import Path; from views.server import serve; serve([Path(one) for one in sys.argv[2:]], port=int(sys.argv[1]), open_browser=False)"


def main() -> int:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as home:
        guatu(["demo", "--no-app", "--dir", home])
        huolong, boston, wanxiu = (Path(home) / name for name in ("huolong", "boston", "wanxiu"))
        exported, briefing = Path(home) / "map.html", Path(home) / "briefing.html"
        guatu(["map", str(huolong), "--out", str(exported), "--lang", "zh"])
        guatu(["report", str(huolong), "--out", str(briefing), "--lang", "zh"])
        with _served(huolong, boston, wanxiu) as address, _browser() as page:
            for name, path in PAGES.items():
                _shoot(page, f"{address}{path}", name)
            _rasters(page, address)
            _ledger(page, address)
            _coverage(page, f"{address}/coverage?ws=huolong&lang=zh")
            _supply(page, f"{address}/coverage?ws=huolong&lang=zh")
            _sites(page, f"{address}/sites?ws=huolong&lang=zh")
            _change(page, address)
            _plan(page, f"{address}/plan?ws=huolong&lang=zh")
            _health(page, f"{address}{HEALTH}")
            _hot_spots(page, address)
            _decide(page, address)
            _other_weights(page, f"{address}{PAGES['priorities']}")
            _rivals(page, address)
            _grids(page, address)
            _scenarios(page, address)
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


def _rivals(page: Page, address: str) -> None:
    """Show the methods side by side, the certificate, and the weights that change the first."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    for name, (city, lang, view) in RIVALS.items():
        page.goto(f"{address}/priorities?ws={city}&lang={lang}&level={1 if city == 'boston' else 2}")
        choice = page.get_by_role("radio", name=priorities_rivals.VIEWS[view].in_(lang))
        choice.click(timeout=120_000)
        page.wait_for_timeout(SETTLED_MS)
        choice.evaluate("(one) => one.scrollIntoView({block: 'start'})")
        page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", -ABOVE)
        page.mouse.move(0, 0)
        page.wait_for_timeout(SETTLED_MS)
        _keep(page, name)
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _grids(page: Page, address: str) -> None:
    """Show the workshop of grids: an audit, the workload, and a merge that is looked at before it is applied."""
    _shoot(page, f"{address}/grids?ws=boston&lang=en", "grids-audit")
    page.goto(f"{address}/grids?ws=huolong&lang=zh")
    page.get_by_role("tab", name=grids.TABS[2].zh).click(timeout=120_000)
    _keep(page, "grids-workload")
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    page.get_by_role("tab", name=grids.TABS[3].zh).click()
    for name in ("HL-01-01", "HL-01-02"):
        page.get_by_label(grids_redraw.CHOOSE.zh).click()
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=grids_redraw.PREVIEW.zh).click()
    page.get_by_text(grids_preview.TOTALS.zh).wait_for(timeout=120_000)
    _keep(page, "grids-redraw")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _scenarios(page: Page, address: str) -> None:
    """Show a bundled scenario: its differences, who gains and who loses, and the map to swipe."""
    page.set_viewport_size({"width": SIZE[0], "height": 2450})
    page.goto(f"{address}/scenarios?ws=huolong&lang=zh")
    page.get_by_text(scenarios_save.MORE.zh, exact=True).click(timeout=120_000)
    page.locator("input[type=file]").set_input_files(PLAN)
    page.get_by_role("button", name=scenarios_save.TAKE.zh).click(timeout=120_000)
    page.get_by_text(scenarios_shown.WHAT.zh, exact=True).wait_for(timeout=120_000)
    _keep(page, "scenarios")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


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


def _coverage(page: Page, address: str) -> None:
    """Show who is within reach of a toilet on foot, and how far the walk goes."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    page.goto(address)
    page.get_by_text(coverage.DRAW.zh, exact=True).first.click(timeout=120_000)
    page.wait_for_timeout(SETTLED_MS)
    _keep(page, "coverage")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _supply(page: Page, address: str) -> None:
    """Show who goes short of toilets, then parking by day and night."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    page.goto(address)
    page.get_by_text(coverage_supply.TITLE.zh, exact=True).first.click(timeout=120_000)
    page.wait_for_timeout(SETTLED_MS)
    _keep(page, "supply")
    page.get_by_text(KINDS["parking"].title.zh, exact=True).first.click(timeout=120_000)
    page.get_by_text(coverage_supply.PARKING.zh, exact=True).first.scroll_into_view_if_needed(timeout=120_000)
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", TALL)
    page.mouse.move(0, 0)  # else a chart shows its tools
    page.wait_for_timeout(SETTLED_MS)
    _keep(page, "supply-parking")


def _sites(page: Page, address: str) -> None:
    """Show where one more toilet serves most."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    _shoot(page, address, "sites")


def _change(page: Page, address: str) -> None:
    """Show the parts of the page of change, chosen as a person would."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    for name, (city, lang, part) in CHANGE.items():
        page.goto(f"{address}/change?ws={city}&lang={lang}&level=1")
        page.get_by_text(change.PARTS[part].in_(lang), exact=True).first.click(timeout=120_000)
        page.wait_for_timeout(SETTLED_MS)
        _keep(page, name)


def _plan(page: Page, address: str) -> None:
    """Show a plan, then what more or less money would bring."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    _shoot(page, address, "plan")
    page.get_by_text(plan_parts.PARTS["other"].zh, exact=True).first.click(timeout=120_000)
    page.get_by_text(plan_parts.SEQUENCE.zh, exact=True).first.wait_for(timeout=120_000)
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", TALL)
    _keep(page, "plan-frontier")
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _decide(page: Page, address: str) -> None:
    """Show consent by building, and the relocation of a district with its curve."""
    for name, path in DECIDE.items():
        page.set_viewport_size({"width": SIZE[0], "height": TALL if name == "consent" else LONG})
        page.goto(f"{address}{path}")
        page.wait_for_timeout(SETTLED_MS)
        _keep(page, name)
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})


def _health(page: Page, address: str) -> None:
    """Show the matrix, then one indicator with its reasons and what fails."""
    page.set_viewport_size({"width": SIZE[0], "height": TALL})
    _shoot(page, address, "health")
    page.get_by_role("combobox", name=health_parts.INDICATOR.zh).last.click()
    page.keyboard.type(INDICATOR)
    page.keyboard.press("Enter")
    page.wait_for_timeout(SETTLED_MS)
    page.get_by_test_id("stHeading").last.scroll_into_view_if_needed()
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", TALL // 2)
    _keep(page, "health-finding")


def _rasters(page: Page, address: str) -> None:
    page.set_viewport_size({"width": SIZE[0], "height": 2 * SIZE[1]})
    for name, path in RASTERS.items():
        _shoot(page, f"{address}{path}", name)


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
