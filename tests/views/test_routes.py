import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from starlette.applications import Starlette

from layers import Workspace
from reports.webmap import documents
from tests.reports import mapped
from views import routes
from views.routes import ASSETS, FONTS, KEPT, ROUTES, asset_url, link


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return mapped.community(tmp_path_factory.mktemp("mapped"))


class Answer(NamedTuple):
    """What came back."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.content)


class Client:
    """Asks a server of this process, with the path exactly as written."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request("GET", path, headers=dict(headers or {}))
        answer = line.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        line.close()
        return found


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=list(ROUTES)), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Client(port.getsockname()[1])
    server.should_exit = True
    thread.join()
    port.close()


@pytest.mark.parametrize("name", ASSETS)
def test_every_listed_file_is_served_with_its_type(client: Client, name: str) -> None:
    answer = client.get(asset_url(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(ASSETS[name])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" not in client.get(f"/guatu/web/{name}").headers["cache-control"]


@pytest.mark.parametrize(
    "name",
    [
        "build.py",
        "__init__.py",
        "THIRD_PARTY.md",
        "..%2f__init__.py",
        "../../app.py",
        "%2e%2e/app.py",
        "leaflet.js%00",
        "",
    ],
)
def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert client.get(f"/guatu/web/{name}").status_code == 404


def test_fonts_of_the_theme_are_served(client: Client) -> None:
    for face in FONTS:
        assert client.get(str(face["url"])).headers["content-type"] == "font/woff2"


def test_documents_are_those_of_the_workspace(client: Client, ws: Workspace) -> None:
    way = link(ws)
    for name in documents.names(ws):
        answer = client.get(way(f"{name}.json"))
        assert answer.json() == json.loads(json.dumps(documents.document(ws, name)))
        assert answer.headers["cache-control"].startswith("private")


def test_without_the_token_nothing_is_handed_out(client: Client, ws: Workspace) -> None:
    token = link(ws)("").split("/")[-2]
    assert len(token) == 64
    for wrong in ("0" * 64, token[:-1], token + "0", token.upper(), ws.name, ws.digest):
        assert client.get(f"/guatu/workspace/{wrong}/issues.json").status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "people.json",
        "issues.csv",
        "issues",
        "workspace.toml",
        "layers.gpkg",
        "..%2flayers.gpkg",
        "issues.pmtiles",
        ".json",
    ],
)
def test_only_what_belongs_to_the_map_is_handed_out(client: Client, ws: Workspace, name: str) -> None:
    assert client.get(link(ws)(name)).status_code in {403, 404}


def test_a_public_way_does_not_lead_to_what_is_internal(client: Client, ws: Workspace) -> None:
    assert link(ws)("") != link(ws, public=True)("")
    assert client.get(link(ws)("drains.json")).status_code == 200
    assert client.get(link(ws, public=True)("drains.json")).status_code == 403
    assert "门口有坑" not in client.get(link(ws, public=True)("issues.json")).content.decode()


def test_tiles_come_in_pieces(client: Client, ws: Workspace) -> None:
    answer = client.get(link(ws)("buildings.pmtiles"), headers={"Range": "bytes=0-6"})
    assert (answer.status_code, answer.content) == (206, b"PMTiles")
    assert client.get(link(ws)("parking.pmtiles")).status_code == 403


def test_addresses_change_with_the_data_and_the_oldest_end(client: Client, ws: Workspace, tmp_path: Path) -> None:
    old = link(ws)("issues.json")
    assert link(ws)("issues.json") == old
    assert link(mapped.community(tmp_path, say="改"))("issues.json") != old
    assert client.get(old).status_code == 200
    folder = routes._folder(old.split("/")[-2])
    assert folder.is_dir()
    for day in range(1, KEPT + 1):
        moved = ws.manifest.model_copy(update={"as_of": mapped.AS_OF.replace(day=1 + day % 28, hour=day % 24)})
        link(Workspace(ws.folder, moved, ws.tables, ws.places, ws.problems, ws.digest))
    assert len(routes._shown) == KEPT
    assert client.get(old).status_code == 403
    assert not folder.exists()
    assert client.get(link(ws)("issues.json")).status_code == 200


def test_a_slow_map_of_one_workspace_keeps_nobody_else_waiting(
    client: Client, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, made, go = mapped.community(tmp_path, say="慢"), documents.document, threading.Event()
    begun = threading.Event()

    def waiting(of: Workspace, name: str, *, public: bool = False) -> dict[str, Any]:
        if of is slow:
            begun.set()
            go.wait(10)
        return made(of, name, public=public)

    monkeypatch.setattr(documents, "document", waiting)
    asking = threading.Thread(target=client.get, args=(link(slow)("issues.json"),))
    asking.start()
    assert begun.wait(10)
    status = client.get(link(ws)("streets.json")).status_code
    still_waiting = asking.is_alive() and not go.is_set()
    go.set()
    asking.join()
    assert status == 200
    assert still_waiting


def test_a_path_before_the_app_is_served_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.routes.st.get_option", lambda _: "/city/")
    assert asset_url("leaflet.js").startswith("/city/guatu/web/leaflet.js")
    assert client.get(asset_url("leaflet.js")).status_code == 200
