"""Guatu needs no network: neither while it works nor in the pages that it writes."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from layers import Workspace

GUARD = """
import socket
import sys

LOOPBACK = {"127.0.0.1", "::1", "localhost", None, ""}
real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo


def host_of(address):
    return address[0] if isinstance(address, tuple) else None  # a path: a socket of this computer


def refuse(what):
    raise AssertionError(f"asks the network for {what!r}")


def connect(self, address):
    return real_connect(self, address) if host_of(address) in LOOPBACK else refuse(address)


def lookup(host, *rest, **options):
    return real_lookup(host, *rest, **options) if host in LOOPBACK else refuse(host)


socket.socket.connect = connect
socket.socket.connect_ex = connect
socket.getaddrinfo = lookup
socket.gethostbyname = lambda host: refuse(host)
"""
WORK = """
from pathlib import Path
from layers import open_workspace
from reports import brief, explain, rank, save, write_map

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
ws = open_workspace(folder)
ranking = rank(ws)
explain(ranking, ranking.grids.index[0])
for lang in ("zh", "en"):
    save(brief(ws, ranking), out / f"briefing-{lang}.html", lang=lang)
    write_map(ws, out / f"map-{lang}.html", ranking=ranking, lang=lang)
print("done")
"""


def guarded(code: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", GUARD + code, *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def test_the_guard_refuses_the_network(tmp_path: Path) -> None:
    for code in (
        'socket.create_connection(("192.0.2.1", 80), timeout=1)',
        'import urllib.request; urllib.request.urlopen("http://example.org/", timeout=1)',
        'socket.socket().connect(("192.0.2.1", 80))',
    ):
        done = guarded(code, cwd=tmp_path)
        assert done.returncode == 1
        assert "asks the network" in done.stderr


@pytest.fixture(scope="module")
def pages(huolong: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that Guatu writes for a browser, written without a network."""
    out = tmp_path_factory.mktemp("pages")
    done = guarded(WORK, huolong.folder, out, cwd=out)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    return out


REQUESTING = {
    "src", "href", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "ping", "manifest",
}  # fmt: skip
OUTSIDE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
STYLE = re.compile(r"(?:url\(\s*|@import\s+)[\"']?\s*((?:https?:)?//[^\"')\s]*)", re.IGNORECASE)
CALL = re.compile(
    r"(?:fetch|import|importScripts|open|Worker|EventSource|WebSocket|sendBeacon)\(\s*[\"'`]\s*((?:https?:|wss?:)?//[^\"'`]*)"
)


class Requests(HTMLParser):
    """Addresses outside the file that a browser would ask for while it shows the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in {"script", "style"} else ""
        for name, value in attrs:
            if name in REQUESTING and tag != "a" and OUTSIDE.match(value or ""):
                self.found.append(f"<{tag} {name}={value}>")
            if name == "style":
                self.found += STYLE.findall(value or "")
            if tag == "meta" and name == "content" and re.search(r"url\s*=\s*\S*//", value or "", re.IGNORECASE):
                self.found.append(f"<meta {value}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self.found += STYLE.findall(data)
        elif self.inside == "script":
            self.found += CALL.findall(data)


def test_the_search_for_requests_finds_them() -> None:
    page = """<link rel="x" href="https://a.org/a.css"><img src='//b.org/b.png'><a href="https://fine.org">x</a>
    <style>@import "http://c.org/c.css"; p { background: url( 'https://d.org/d.png' ) }</style>
    <script>fetch("https://e.org/e"); const ns = "http://www.w3.org/2000/svg";</script>
    <p style="background:url(//f.org/f)">x</p><meta http-equiv="refresh" content="0; url=https://g.org/">"""
    assert [
        re.search(r"\b[a-g]\.org", one).group()[0]
        for one in sorted(Requests(page).found, key=lambda one: re.search(r"\b([a-g])\.org", one).group())
    ] == list("abcdefg")


@pytest.mark.parametrize("name", ["briefing-zh", "briefing-en", "map-zh", "map-en"])
def test_a_page_asks_nobody_for_anything(name: str, pages: Path) -> None:
    page = (pages / f"{name}.html").read_text("utf-8")
    assert len(page) > 5_000
    assert Requests(page).found == []


def test_the_briefing_forbids_requests_by_itself(pages: Path) -> None:
    for lang in ("zh", "en"):
        assert "default-src 'none'" in (pages / f"briefing-{lang}.html").read_text("utf-8")
