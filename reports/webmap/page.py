"""A map as a folium map and as one page of HTML that needs nothing from outside."""

import base64
import hashlib
from importlib import resources
from typing import Any

import folium
from branca.element import Element, Figure

from reports.webmap.assets import SCRIPTS, STYLES, asset
from reports.webmap.guard import esc, json_block, keep_text_literal

FRAME = "html,body{margin:0;height:100%}.guatu-page{height:100vh}"
NO_SCRIPT = "此地图需要浏览器允许脚本。 / This map needs a browser that may run scripts."
OWN_PARTS = frozenset({"meta_http"})

keep_text_literal()


class Page(Figure):
    """A whole page: styles, data and scripts inlined, and a policy that lets nothing else run.

    The policy is left out when something foreign was added to the map, since that may need links.
    """

    def __init__(self, title: str, lang: str, *, height: str, font: bool) -> None:
        super().__init__(title=title, height=height)
        self.lang = lang
        self.font = font

    def render(self, **kwargs: object) -> str:
        """Give the page; the same map gives the same bytes."""
        for child in self._children.values():
            child.render(**kwargs)
        foreign = {name: part for name, part in self.header._children.items() if name not in OWN_PARTS}  # noqa: SLF001 (branca has no other way)
        scripts = [asset(name) for name in SCRIPTS] + [self.script.render(**kwargs)]
        return "\n".join(
            [
                "<!DOCTYPE html>",
                f'<html lang="{esc(self.lang)}">',
                '<head><meta charset="utf-8">',
                "" if foreign else f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
                '<meta name="viewport" content="width=device-width,initial-scale=1">',
                f"<title>{esc(self.title or '')}</title>",
                *(f"<style>{asset(name)}</style>" for name in STYLES),
                f"<style>{FRAME}{_font() if self.font else ''}</style>",
                *(part.render(**kwargs) for part in foreign.values()),
                f"</head><body><noscript>{NO_SCRIPT}</noscript>",
                self.html.render(**kwargs),
                *(f"<script>{text}</script>" for text in scripts),
                "</body></html>\n",
            ]
        )


def _font() -> str:
    """Give the typeface in the page itself, for computers without Chinese letters."""
    data = (resources.files("data") / "web" / "NotoSansSC-Regular.woff2").read_bytes()
    source = f"url(data:font/woff2;base64,{base64.b64encode(data).decode()})"
    return f'@font-face{{font-family:"Noto Sans SC";src:local("Noto Sans SC"),{source} format("woff2")}}'


def _policy(scripts: list[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"


class GuatuMap(folium.Map):
    """A folium map that Guatu's own engine draws; folium layers may be added to it."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (the form that folium reads)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, payload: dict[str, Any], *, height: str = "640px", font: bool = False) -> None:
        super().__init__(tiles=None, location=[0, 0])
        self.data = json_block(payload)
        self._id = hashlib.sha256(self.data.encode()).hexdigest()[:32]
        title, lang = payload["title"], payload["lang"]
        words = title if isinstance(title, str) else title[lang != "zh"]
        self.add_to(Page(words, "zh-CN" if lang == "zh" else "en", height=height, font=font))

    def render(self, **kwargs: object) -> str:
        """Put the map's parts into its page; by itself it has no text."""
        page, name = self.get_root(), self.get_name()
        if not isinstance(page, Figure):
            msg = "a map is rendered in its page"
            raise TypeError(msg)
        block = f'<script type="application/json" id="{name}-data">{self.data}</script>'
        page.html.add_child(Element(f'<div class="guatu-page" id="{name}"></div>{block}'), name=name)
        make = f'Guatu.createMap(document.getElementById("{name}"),JSON.parse(document.getElementById("{name}-data").textContent))'
        page.script.add_child(Element(f"var {name}={make}.leaflet;" if self._children else f"{make};"), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""
