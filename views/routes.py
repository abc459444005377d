"""The app's own addresses: vendored files for everybody, map data of a workspace for who was handed the way.

``st.App(script, routes=ROUTES)`` serves them on the port of the pages. Streamlit finds a module-level
``app = st.App(...)`` in the script of ``streamlit run`` by reading its source, imports it and runs it
with uvicorn; the pages themselves are the same file, run as a script (``__name__ == "__main__"``) for
every session. In a wheel the script lies beside the packages, so ``st.App(SCRIPT, routes=ROUTES).run()``
from the command line does the same (see ``views.server``).

- ``/guatu/web/NAME``: files of ``data/web`` by an explicit list.
- ``/guatu/workspace/TOKEN/NAME``: documents and tiles of one workspace. The token is an HMAC over the
  state of the workspace with a secret of this process; only ``link`` makes one, and only a page of a
  session that may see the workspace calls ``link``. Anything else is answered 403.
"""

import hashlib
import hmac
import json
import secrets
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from layers.workspace import Workspace
from reports.tiles import ensure_tiles
from reports.webmap import documents
from reports.webmap.payload import TILED, Link

ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "leaflet.js": "text/javascript",
        "leaflet.css": "text/css",
        "protomaps-leaflet.js": "text/javascript",
        "guatu-codec.js": "text/javascript",
        "guatu-paint.js": "text/javascript",
        "guatu-panel.js": "text/javascript",
        "guatu-map.js": "text/javascript",
        "guatu-swipe.js": "text/javascript",
        "guatu-map.css": "text/css",
        "NotoSansSC-Regular.woff2": "font/woff2",
        "NotoSansSC-Bold.woff2": "font/woff2",
    }
)
"""Every vendored file that may be asked for, with its type."""

FONTS: tuple[Mapping[str, object], ...] = tuple(
    {"family": "Noto Sans SC", "url": f"/guatu/web/NotoSansSC-{style}.woff2", "weight": weight}
    for style, weight in (("Regular", 400), ("Bold", 700))
)
"""Font faces for the theme of the app."""

KEPT = 32
"""So many states of workspaces are served; the one handed out longest ago goes first."""

_FOREVER = "max-age=31536000, immutable"
_SAFE = MappingProxyType({"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})
_SECRET = secrets.token_bytes(32)
_LOCK = Lock()
"""For the list of what is shown, held for moments; files are made under a lock of their own workspace."""


class Shown(NamedTuple):
    """A workspace that some session may see, in which edition, and the lock of who makes its files."""

    ws: Workspace
    public: bool
    making: Lock


_shown: OrderedDict[str, Shown] = OrderedDict()


def link(ws: Workspace, *, public: bool = False) -> Link:
    """Hand out the way to a workspace's map data; to be called for sessions that may see it.

    The same state of a workspace has the same addresses, so a browser keeps what it has; an edited
    one gets others.
    """
    state = f"{ws.folder}\n{ws.digest}\n{ws.manifest.as_of.isoformat()}\n{public}"
    token = hmac.new(_SECRET, state.encode(), hashlib.sha256).hexdigest()
    with _LOCK:
        before = _shown.get(token)
        _shown[token] = Shown(ws, public, before.making if before else Lock())
        _shown.move_to_end(token)
        ended = [_shown.popitem(last=False) for _ in range(len(_shown) - KEPT)]
    for old, shown in ended:
        with shown.making:
            # What cannot be removed since somebody still reads it goes with the whole store.
            shutil.rmtree(_folder(old), ignore_errors=True)
    return lambda name: f"{_base()}/guatu/workspace/{token}/{name}"


def asset_url(name: str) -> str:
    """Give the address of a vendored file, with a mark that changes with the file."""
    return f"{_base()}/guatu/web/{name}?v={_mark(name)}"


def _base() -> str:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _file(name: str) -> Path:
    return Path(str(resources.files("data") / "web" / name))


@cache
def _mark(name: str) -> str:
    return hashlib.sha256(_file(name).read_bytes()).hexdigest()[:12]


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return PlainTextResponse("not found", status_code=404, headers=_SAFE)
    kept = _FOREVER if request.query_params.get("v") == _mark(name) else "max-age=3600"
    return FileResponse(_file(name), media_type=ASSETS[name], headers={**_SAFE, "Cache-Control": f"public, {kept}"})


def _data(request: Request) -> Response:
    token, name = request.path_params["token"], request.path_params["name"]
    shown = _shown.get(token)
    path = None if shown is None else _made(token, shown, name)
    if path is None:
        return PlainTextResponse("forbidden", status_code=403, headers=_SAFE)
    kind = "application/json" if path.suffix == ".json" else "application/vnd.pmtiles"
    return FileResponse(path, media_type=kind, headers={**_SAFE, "Cache-Control": f"private, {_FOREVER}"})


@cache
def _store() -> tempfile.TemporaryDirectory[str]:
    """Give the folder for documents and tiles; it goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="guatu-map-")


def _folder(token: str) -> Path:
    return Path(_store().name) / token


def _made(token: str, shown: Shown, name: str) -> Path | None:
    """Give the file of a document or of tiles, made when first asked for; None if there is no such thing."""
    stem, _, kind = name.rpartition(".")
    if stem not in documents.names(shown.ws, public=shown.public):
        return None
    with shown.making:
        now = _shown.get(token)
        if now is None or now.making is not shown.making:
            return None  # ended while this request waited
        folder = _folder(token)
        folder.mkdir(exist_ok=True)
        if kind == "json":
            return _written(folder / name, shown, stem)
        if kind == "pmtiles" and stem in TILED:
            return ensure_tiles(shown.ws, folder, [stem], public=shown.public).get(stem)
    return None


def _written(path: Path, shown: Shown, stem: str) -> Path:
    if not path.is_file():
        made = documents.document(shown.ws, stem, public=shown.public)
        path.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


ROUTES: tuple[Route, ...] = tuple(
    Route(f"{base}{path}", endpoint, methods=["GET"])
    for base in ("", "/{base}")
    for path, endpoint in (("/guatu/web/{name}", _asset), ("/guatu/workspace/{token}/{name}", _data))
)
"""For ``st.App(routes=...)``; with one leading part for ``server.baseUrlPath``."""
