"""The exported map in a real browser: nothing runs that residents wrote, nothing is asked for, all can be reached."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from layers import Workspace
from reports.webmap import write_map
from reports.webmap.payload import payload
from tests.reports import mapped

pytestmark = pytest.mark.slow

PAYLOADS = {
    "img": "<img src=x onerror=window.__xss=1>",
    "script": "<script>window.__xss=2</script>",
    "close script": "</script><script>window.__xss=3</script>",
    "close json": '"}]}</script><script>window.__xss=4</script>',
    "backtick": "`+(window.__xss=5)+`",
    "template literal": "${window.__xss=6}",
    "single quote": "';window.__xss=7;//",
    "double quote": '";window.__xss=8;//',
    "attribute": '" autofocus onfocus="window.__xss=9',
    "svg": "<svg onload=window.__xss=10>",
    "iframe": "<iframe srcdoc='<script>parent.__xss=11</script>'></iframe>",
    "link": "<a href='javascript:window.__xss=12' id=go>go</a>",
    "style": "</style><script>window.__xss=13</script>",
    "title": "</title><script>window.__xss=14</script>",
    "comment": "<!--<script>window.__xss=15</script>-->",
    "entity": "&lt;img src=x onerror=window.__xss=16&gt;",
    "unicode escape": "\\u003cscript\\u003ewindow.__xss=17\\u003c/script\\u003e",
    "line separators": "\u2028window.__xss=18\u2029",
    "details": "<details open ontoggle=window.__xss=19>",
    "math": "<math><mtext><img src=x onerror=window.__xss=20></mtext></math>",
    "meta": "<meta http-equiv=refresh content='0;url=javascript:window.__xss=21'>",
    "jinja": "{{ 6*7 }}",
    "jinja system": "{{ cycler.__init__.__globals__.os.getpid() }}",
    "jinja blocks": "{% raw %}{# gone #}{%",
}
GRIP = """(() => {
  let kept;
  Object.defineProperty(globalThis, "Guatu", { configurable: true, get: () => kept, set(made) {
    kept = made;
    let create;
    Object.defineProperty(made, "createMap", { get: () => { const now = create; return (...a) => (globalThis.__map = now(...a)); }, set: (f) => (create = f) });
  } });
})()"""
OPEN_ALL = """() => {
  const m = globalThis.__map, seen = [];
  const look = () => seen.push(m.root.innerText, m.popup.getElement().innerText);
  for (const level of m.payload.levels) {
    m.set({ level: level.level });
    const grids = m.features(`level-${level.level}`);
    for (let row = 0; row < grids.n; row++) { m.goTo(level.level, grids, row); look(); }
  }
  for (const layer of m.payload.layers) {
    const features = m.features(layer.key);
    for (let row = 0; row < Math.min(features.n, 4); row++) {
      const at = m.place(features.x[features.first(row)], features.y[features.first(row)]);
      const group = { x: features.x[0], y: features.y[0], counts: [1, 0, 0], rows: [row] };
      m.open(layer.key === "issues" ? { key: "issues", row, group } : { key: layer.key, row, features }, at);
      m.hint.textContent = layer.key === "issues" ? m.groupTitle(group) : m.title({ key: layer.key, row, features });
      seen.push(m.hint.textContent);
      look();
    }
  }
  return seen.join("\\n");
}"""


class Visit:
    """An open page with what it asked for and what went wrong."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda r: self.asked.append(r.url))
        page.on("pageerror", lambda e: self.faults.append(str(e)))
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("dialog", lambda d: (self.faults.append(d.message), d.dismiss()))
        page.add_init_script(GRIP)
        page.goto(path.as_uri())
        page.wait_for_function("globalThis.__map && globalThis.__map.painted")

    def map(self, script: str) -> Any:
        """Evaluate an expression in which ``m`` is the map."""
        return self.page.evaluate(f"() => {{ const m = globalThis.__map; return {script}; }}")

    @property
    def outside(self) -> list[str]:
        """Requests that left this computer's own files."""
        return [url for url in self.asked if not url.startswith(("file:", "data:", "blob:"))]


@pytest.fixture
def visit(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    pages = []

    def go(ws: Workspace, *, lang: str = "zh", size: tuple[int, int] = (1280, 800), with_ranking: bool = True) -> Visit:
        path = tmp_path / f"{lang}.html"
        write_map(ws, path, ranking=mapped.ranking(ws, "") if with_ranking else None, lang=lang)
        pages.append(chromium.new_page(viewport={"width": size[0], "height": size[1]}))
        return Visit(pages[-1], path)

    yield go
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return mapped.community(tmp_path_factory.mktemp("mapped"))


@pytest.mark.parametrize("kind", PAYLOADS)
def test_no_text_of_a_resident_runs_anywhere(visit: Callable[..., Visit], tmp_path: Path, kind: str) -> None:
    say = PAYLOADS[kind]
    hostile = mapped.community(tmp_path / "w", say=say)
    seen = visit(hostile)
    text = seen.page.evaluate(OPEN_ALL)
    for lang in ("en", "zh"):
        seen.page.click("[data-key=lang]")
        seen.page.fill("[data-key=search]", say[:40])
        text += seen.page.inner_text(".guatu-panel")
        assert seen.page.get_attribute(".guatu", "lang").startswith(lang)
    seen.page.wait_for_timeout(50)
    assert seen.page.evaluate("window.__xss") is None
    assert seen.faults == []
    assert seen.outside == []
    assert seen.page.locator("img, iframe, svg, math, #go, details").count() == 0
    plain = " ".join(say.split())
    assert text.count(plain) >= 20 or kind == "line separators"
    assert "42" not in text or "6*7" not in say or "{{ 6*7 }}" in text


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", (1440, 900)), ("en", (1440, 900)), ("zh", (400, 800)), ("en", (400, 800))]
)
def test_a_page_works_offline_in_both_languages_and_sizes(
    visit: Callable[..., Visit], ws: Workspace, lang: str, size: tuple[int, int]
) -> None:
    seen = visit(ws, lang=lang, size=size)
    assert seen.outside == []
    assert seen.faults == []
    assert seen.page.title() == {"zh": "测试社区", "en": "Test community"}[lang]
    if size[0] < 700:
        seen.page.click("[data-key=fold]")
    panel = seen.page.inner_text(".guatu-panel")
    assert {"zh": "未办结，已超期", "en": "Open and overdue"}[lang] in panel
    seen.page.click("[data-key=lang]")
    assert {"en": "未办结，已超期", "zh": "Open and overdue"}[lang] in seen.page.inner_text(".guatu-panel")
    wide = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1]


def test_the_legend_counts_what_the_data_hold(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws, lang="en")
    rows = seen.page.locator(".guatu-panel .guatu-row").all_inner_texts()
    shown = {name: count for name, _, count in (row.partition("\n") for row in rows) if count}
    assert shown["Open and overdue"] == str(mapped.STAND_COUNTS["overdue"])
    assert shown["Open, not overdue"] == str(mapped.STAND_COUNTS["open"])
    assert shown["Closed"] == str(mapped.STAND_COUNTS["closed"])
    assert shown["Buildings"] == str(len(ws["buildings"]))
    classes = seen.page.locator(".guatu-classes .guatu-count").all_inner_texts()
    assert sum(int(text.split()[0]) for text in classes) == len(ws.grids(2))


def test_groups_hold_every_issue_at_every_zoom_and_follow_the_filter(
    visit: Callable[..., Visit], ws: Workspace
) -> None:
    seen = visit(ws)
    count = "[...Array(9).keys()].map((z) => m.docs.get('issues').swarm.groups(z + 11).reduce((s, g) => s + g.rows.length, 0))"
    assert set(seen.map(count)) == {40}
    seen.page.click("[data-key=standing-0]")
    assert set(seen.map(count)) == {40 - mapped.STAND_COUNTS["closed"]}
    seen.page.select_option("[data-key=type]", index=1)
    assert set(seen.map(count)) < set(range(12))


def test_search_finds_a_grid_by_name_and_by_id_and_opens_it(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws)
    for text, name in (("小网格5", "小网格5"), ("a0-2", "小网格2")):
        seen.page.fill("[data-key=search]", text)
        seen.page.keyboard.press("Enter")
        assert seen.page.locator(".leaflet-popup h4").last.inner_text() == name
    popup = seen.page.locator(".leaflet-popup").last.inner_text()
    assert "第 3 名，共 7 个" in popup
    assert "302 人" in popup.replace("\u00a0", " ")
    seen.page.fill("[data-key=search]", "没有这个")
    assert "没有符合的网格" in seen.page.inner_text(".guatu-found")


def test_a_click_picks_what_lies_under_it_once(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws)
    seen.page.evaluate("() => { globalThis.__picks = []; __map.callbacks.onPick = (pick) => __picks.push(pick); }")
    seen.map(
        "m.leaflet.setView(m.place(m.features('toilets').x[0], m.features('toilets').y[0]), 19, { animate: false })"
    )
    seen.page.wait_for_timeout(200)
    seen.page.click("[data-key=layer-issues]")
    seen.page.wait_for_timeout(100)
    seen.page.mouse.click(640, 400)
    assert seen.page.evaluate("__picks") == [{"kind": "toilets", "id": "T1"}]
    seen.page.mouse.click(640, 560)
    assert seen.page.evaluate("__picks[1]") == {"kind": "grids", "id": "A1-0"}


def test_an_update_keeps_the_view_and_marks_what_is_selected(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws)
    seen.map("m.leaflet.setView([m.payload.bounds[0][0], m.payload.bounds[0][1]], 17, { animate: false })")
    before = seen.map("[m.leaflet.getCenter().lat, m.leaflet.getZoom()]")
    fresh = payload(ws, lang="en")
    seen.page.evaluate("(fresh) => __map.update(fresh)", fresh)
    assert seen.map("[m.leaflet.getCenter().lat, m.leaflet.getZoom()]") == before
    assert "Open and overdue" in seen.page.inner_text(".guatu-panel")
    seen.page.evaluate("(fresh) => __map.update(fresh)", {**fresh, "selected": {"kind": "grids", "id": "A1-3"}})
    assert seen.map("m.chosen.features.ids.at(m.chosen.row)") == "A1-3"


def test_kind_words_where_there_is_nothing(visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit(mapped.community(tmp_path / "w", without=("issues",)), lang="en", with_ranking=False)
    assert "No issues in this workspace" in seen.page.inner_text(".guatu-panel")
    assert seen.faults == []


def test_everything_can_be_reached_and_is_named_for_the_keyboard(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws, lang="en")
    bare = seen.page.evaluate(
        """() => [...document.querySelectorAll('input,select,button,[tabindex]')].filter((e) =>
             !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label')?.textContent.trim())).map((e) => e.outerHTML)"""
    )
    assert bare == []
    reached = set()
    for _ in range(30):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("document.activeElement.dataset.key ?? document.activeElement.className"))
    assert {"search", "level", "shade", "names", "layer-issues", "standing-2", "type", "lang", "fold"} <= reached


FOCUS = "document.activeElement.dataset.key ?? document.activeElement.className"


def test_a_map_is_walked_with_the_keyboard_alone(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws, lang="en")
    press = seen.page.keyboard.press
    seen.page.evaluate("() => { globalThis.__picks = []; __map.callbacks.onPick = (pick) => __picks.push(pick); }")
    press("Tab")
    assert "guatu-stage" in seen.page.evaluate(FOCUS)
    assert seen.page.locator(".guatu-cross").is_visible()
    west, zoom = seen.map("m.leaflet.getCenter().lng"), seen.map("m.leaflet.getZoom()")
    press("ArrowRight")
    seen.page.wait_for_function("(west) => __map.leaflet.getCenter().lng > west", arg=west)
    press("+")
    seen.page.wait_for_function("(zoom) => __map.leaflet.getZoom() > zoom", arg=zoom)
    while seen.page.evaluate(FOCUS) != "search":
        press("Tab")
    press("ArrowDown")
    listed = seen.page.locator(".guatu-found li").all_inner_texts()
    assert len(listed) == sum(len(ws.grids(level)) for level in ws.levels)
    press("ArrowDown")
    press("ArrowDown")
    press("ArrowUp")
    second = seen.page.evaluate("document.activeElement.firstChild.textContent")
    press("Enter")
    assert seen.page.locator(".leaflet-popup h4").inner_text() == second
    assert seen.page.evaluate("__picks.map((pick) => pick.kind)") == ["grids"]
    assert "guatu-stage" in seen.page.evaluate(FOCUS)
    assert seen.page.locator(".guatu > .guatu-heard").inner_text() == second
    press("Escape")
    assert seen.page.locator(".leaflet-popup").count() == 0 or not seen.map("m.opened")


def test_enter_opens_what_lies_at_the_cross(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws)
    seen.page.evaluate("() => { globalThis.__picks = []; __map.callbacks.onPick = (pick) => __picks.push(pick); }")
    seen.map("m.leaflet.setView(m.place(m.features('toilets').x[0], m.features('toilets').y[0]), 19, {animate: false})")
    seen.page.wait_for_timeout(200)
    seen.page.click("[data-key=layer-issues]")
    seen.page.wait_for_timeout(100)
    seen.map("m.stage.focus()")
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("__picks") == [{"kind": "toilets", "id": "T1"}]
    seen.page.mouse.click(640, 560)
    assert not seen.page.locator(".guatu-cross").is_visible()


def test_hatching_parts_too_few_people_from_missing_data(chromium: Any, ws: Workspace, tmp_path: Path) -> None:
    ranking = mapped.ranking(ws, "")
    few = ranking.grids.index[:2]
    ranking.grids.loc[few, ["score", "peopled", "enough_data"]] = [None, False, False]
    write_map(ws, tmp_path / "m.html", ranking=ranking, lang="en")
    seen = Visit(chromium.new_page(viewport={"width": 1280, "height": 800}), tmp_path / "m.html")
    rows = [text.split("\n") for text in seen.page.locator(".guatu-classes li").all_inner_texts()]
    assert [row for row in rows if row[0] in {"Too few households to rank", "Not enough data"}] == [
        ["Too few households to rank", "2 grids"],
        ["Not enough data", "1 grid"],
    ]
    keys = "(name) => getComputedStyle(document.querySelector(`.guatu-${name}`)).backgroundImage"
    assert seen.page.evaluate(keys, "few") != seen.page.evaluate(keys, "missing")
    seen.map("m.state.hidden = new Set(m.payload.layers.map((one) => one.key)), m.state.names = false, m.paint()")
    ink = """(rows) => rows.map((row) => {
      const m = __map, grids = m.grids(), { view } = m.sheet, ctx = m.sheet.base.getContext("2d");
      const x = grids.labels.x[row] * view.scale - view.ox, y = grids.labels.y[row] * view.scale - view.oy;
      const data = ctx.getImageData(Math.round(x) - 16, Math.round(y) - 16, 32, 32).data;
      const lines = new Array(32).fill(0);
      for (let i = 3; i < data.length; i += 4) if (data[i] > 40) lines[i >> 7]++;
      return lines;
    })"""
    dots, lines = seen.page.evaluate(ink, [0, len(ranking.grids) - 1])
    assert len(set(lines)) == 1  # slanting lines ink every line of pixels alike
    assert lines[0] > 0
    assert 0 in dots
    assert any(dots)
    seen.page.close()


def test_another_selection_closes_the_popup_of_the_one_before(visit: Callable[..., Visit], ws: Workspace) -> None:
    seen = visit(ws)
    plain = payload(ws, lang="zh")
    seen.map("m.goTo(2, m.features('level-2'), 0)")
    first = seen.map("m.features('level-2').ids.at(0)")
    update = "(fresh) => { __map.update(fresh); return Boolean(__map.opened); }"
    assert seen.page.evaluate(update, {**plain, "selected": {"kind": "grids", "id": first}})
    assert not seen.page.evaluate(update, {**plain, "selected": {"kind": "grids", "id": "A1-3"}})
    assert seen.map("m.chosen.features.ids.at(m.chosen.row)") == "A1-3"


def test_a_hundred_thousand_issues_paint_within_a_frame_budget(visit: Callable[..., Visit], tmp_path: Path) -> None:
    small = mapped.community(tmp_path / "small")
    mapped.save_workspace(tmp_path / "w", small.manifest, {"grids": mapped.grids(), "issues": mapped.issues(121_145)})
    seen = visit(mapped.open_workspace(tmp_path / "w", set_aside=True), with_ranking=False)
    for zoom in (15, 17, 19):
        seen.map(f"m.leaflet.setZoom({zoom}, {{ animate: false }})")
        seen.page.wait_for_timeout(150)
        times = seen.map("[...Array(7)].map(() => { m.paint(); return m.painted; }).sort((a, b) => a - b)")
        assert times[0] < 50
