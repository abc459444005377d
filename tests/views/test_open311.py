"""Open311 on the port of the pages, asked as other programs ask, and attacked."""

import http.client
import io
import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
import uvicorn
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from PIL import Image
from starlette.applications import Starlette

from geo.conversion import transformer
from layers import ISSUES, Workspace, open_workspace
from layers.intake.spatial.open311 import is_open311, read_open311
from layers.intake.upload.json_text import read_document
from layers.ledger.acting.references import reference_of
from layers.ledger.crew.api_keys import make_key
from layers.ledger.crew.contacts import contact_of
from layers.ledger.store.history import take_history
from layers.ledger.store.ledger import Ledger
from layers.ledger.store.opening import open_ledger
from layers.standards import issue_types
from reports.open311 import xml
from reports.shelf import FOLDERS
from tests import samples
from views import open311
from views.open311 import OPEN311_ROUTES

FORM = "application/x-www-form-urlencoded"
AT = datetime(2024, 6, 1)  # noqa: DTZ001 (naive local time)
V2 = "/open311/sample/v2"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.content)


class Client:
    """Asks a server of this process."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask for a path; names of headers with _ for -."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, body=body, headers={name.replace("_", "-"): one for name, one in headers.items()})
        answer = line.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        line.close()
        return found

    def get(self, path: str, **asked: str) -> Answer:
        """Ask for a document with parameters."""
        return self.ask("GET", f"{path}?{urlencode(asked)}" if asked else path)

    def post(self, fields: Mapping[str, object], path: str = f"{V2}/requests.json", **headers: str) -> Answer:
        """Send a form."""
        return self.ask("POST", path, urlencode(fields).encode(), **{"Content_Type": FORM} | headers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("open311")
    made = samples.community(home / "sample", open311=True)
    shut = samples.community(home / "shut", name="shut")
    for one in (made, shut):
        ws = open_workspace(one)
        take_history(open_ledger(one), ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES))
    return made


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Ledger:
    return open_ledger(folder)


@pytest.fixture(scope="module")
def key(ledger: Ledger) -> str:
    return make_key(ledger, "test", AT)


@pytest.fixture(scope="module")
def ws(folder: Path) -> Workspace:
    return open_workspace(folder)


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    before = os.environ.get(FOLDERS)
    os.environ[FOLDERS] = os.pathsep.join([str(folder), str(folder.parent / "shut")])
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=list(OPEN311_ROUTES)), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Client(port.getsockname()[1])
    server.should_exit = True
    thread.join()
    port.close()
    if before is None:
        del os.environ[FOLDERS]
    else:
        os.environ[FOLDERS] = before


def spot(east: float = 50, north: float = 50) -> dict[str, object]:
    """Give the degrees of a place in the sample."""
    lon, lat = transformer(samples.CRS, "EPSG:4326").transform(samples.X0 + east, samples.Y0 + north)
    return {"lat": lat, "long": lon}


def good(key: str, **more: object) -> dict[str, object]:
    return {"api_key": key, "service_code": "GARBAGE", "description": "垃圾成堆"} | spot() | more


def refused(answer: Answer, code: int) -> str:
    """Give the words of an error document."""
    assert answer.status == code
    (error,) = answer.json()
    assert error["code"] == code
    assert error["description"]
    return str(error["description"])


def test_discovery_and_services(client: Client) -> None:
    found = client.get("/open311/sample/discovery.json").json()
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/sample/v2")
    listed = client.get(f"{V2}/services.json").json()
    assert [one["service_code"] for one in listed] == list(issue_types().index)
    assert {tuple(one) for one in listed} == {
        ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
    }
    english = client.get(f"{V2}/services.json", lang="en").json()
    assert english[0]["service_name"] == issue_types()["en"].iloc[0]
    assert client.get(f"{V2}/services/GARBAGE.json").json() == {"service_code": "GARBAGE", "attributes": []}
    refused(client.get(f"{V2}/services/NOTHING.json"), 404)


def test_what_is_published_is_public_only_and_our_own_reader_reads_it(
    client: Client, ws: Workspace, tmp_path: Path
) -> None:
    answer = client.get(f"{V2}/requests.json", start_date="2024-01-01", end_date="2025-01-01")
    found = answer.json()
    assert {one["service_request_id"] for one in found} == set(ws[ISSUES].index)
    assert "第" not in answer.content.decode()
    assert all(one["description"] is None and one["address"] is None for one in found)
    assert all(one["lat"] == round(one["lat"], 4) for one in found if one["lat"] is not None)
    (tmp_path / "requests.json").write_bytes(answer.content)
    document = read_document(tmp_path / "requests.json", file="requests.json")
    assert is_open311(document)
    read = read_open311(document, file="requests.json")
    assert len(read.cells) == len(found)
    assert read.geometry is not None
    assert sum(one is not None for one in read.geometry) == sum(one["lat"] is not None for one in found)


def test_lists_are_chosen_by_their_parameters(client: Client) -> None:
    year = {"start_date": "2024-01-01", "end_date": "2025-01-01"}
    every = client.get(f"{V2}/requests.json", **year).json()
    shut = client.get(f"{V2}/requests.json", status="closed", **year).json()
    live = client.get(f"{V2}/requests.json", status="open", **year).json()
    assert len(shut) + len(live) == len(every)
    assert {one["status"] for one in shut} == {"closed"}
    some = client.get(f"{V2}/requests.json", service_code="GARBAGE,MANHOLE", **year).json()
    assert {one["service_code"] for one in some} == {"GARBAGE", "MANHOLE"}
    pages = [client.get(f"{V2}/requests.json", page=str(n), page_size="5", **year).json() for n in (1, 2, 3, 4)]
    assert [one for page in pages for one in page] == every
    assert client.get(f"{V2}/requests.json", start_date="2001-01-01").json() == []
    named = client.get(f"{V2}/requests.json", service_request_id="i03,i01").json()
    assert {one["service_request_id"] for one in named} == {"i01", "i03"}
    (one,) = client.get(f"{V2}/requests/i03.json").json()
    assert (one["status"], one["service_code"]) == ("open", "SEWER_BLOCK")
    refused(client.get(f"{V2}/requests/none.json"), 404)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"status": "half"}, 400),
        ({"service_code": "GARBAGE,DROP TABLE"}, 404),
        ({"start_date": "yesterday"}, 400),
        ({"end_date": "9999-99-99T00:00:00Z"}, 400),
        ({"page": "0"}, 400),
        ({"page": "-1"}, 400),
        ({"page": "١"}, 400),
        ({"page_size": "1001"}, 400),
        ({"page_size": "9" * 5000}, 400),
    ],
)
def test_wrong_parameters_are_told(client: Client, asked: dict[str, str], code: int) -> None:
    refused(client.get(f"{V2}/requests.json", **asked), code)


@pytest.mark.parametrize("path", ["/open311/shut", "/open311/none", "/open311/..%2fsample", "/open311/%00"])
def test_a_workspace_that_does_not_publish_is_not_there(client: Client, path: str, key: str) -> None:
    for document in ("discovery.json", "v2/services.json", "v2/requests.json", "v2/requests/i01.json"):
        assert client.get(f"{path}/{document}").status == 404
    assert client.post(good(key), f"{path}/v2/requests.json").status == 404


def test_other_formats_and_ways_are_refused(client: Client) -> None:
    refused(client.get(f"{V2}/services.csv"), 404)
    assert client.ask("DELETE", f"{V2}/requests.json").status == 405
    assert client.ask("POST", f"{V2}/services.json", b"").status == 405


def test_a_report_goes_in_and_comes_out(client: Client, key: str, ledger: Ledger) -> None:
    words = "路边<script>alert(1)</script> & '; DROP TABLE events; --"
    sent = good(key, description=words, first_name="王", phone="13800000000", media_url="http://127.0.0.1/x.jpg")
    answer = client.post(sent)
    assert answer.status == 201
    (made,) = answer.json()
    name = made["service_request_id"]
    assert reference_of(name) == name
    assert "media_url" in made["service_notice"]
    first = ledger.events(name)[0]
    assert (first.text, first.issue_type, first.grid_id, first.source) == (words, "GARBAGE", "W1", "Open311")
    assert contact_of(ledger, name) == "王 13800000000"
    (shown,) = client.get(f"{V2}/requests/{name}.json").json()
    assert (shown["status"], shown["service_code"], shown["description"]) == ("open", "GARBAGE", None)
    assert shown["lat"] == round(float(str(spot()["lat"])), 4)
    body = client.get(f"{V2}/requests/{name}.json").content.decode()
    assert "13800000000" not in body
    assert "王" not in body


def test_a_picture_comes_along_and_a_fake_is_refused(client: Client, key: str, ledger: Ledger) -> None:
    def send(file: bytes) -> Answer:
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in good(key).items()
        ]
        head = b'--x\r\nContent-Disposition: form-data; name="media"; filename="../../a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = b"".join([*parts, head, file, b"\r\n--x--\r\n"])
        return client.ask("POST", f"{V2}/requests.json", body, Content_Type="multipart/form-data; boundary=x")

    made = send(_picture())
    assert made.status == 201
    events = ledger.events(made.json()[0]["service_request_id"])
    assert [one.kind for one in events] == ["create", "photo"]
    before = ledger.size()
    refused(send(b"<svg onload=alert(1)>"), 400)
    assert ledger.size() == before


def _picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_the_same_key_of_idempotency_enters_once(client: Client, key: str, ledger: Ledger) -> None:
    sent = good(key, description="只记一次")
    first = client.post(sent, Idempotency_Key="abc")
    before = ledger.size()
    again = client.post(sent, Idempotency_Key="abc")
    assert (first.status, again.status) == (201, 201)
    assert first.json() == again.json()
    assert ledger.size() == before
    refused(client.post(good(key, description="另一件"), Idempotency_Key="abc"), 409)
    assert ledger.size() == before
    refused(client.post(sent, Idempotency_Key="k" * 201), 400)
    assert client.post(sent).json() != client.post(sent).json()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "x' OR '1'='1"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "NOTHING"}, 404),
        ({"jurisdiction_id": "elsewhere"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": "1e400"}, 400),
        ({"lat": "91"}, 400),
        ({"long": "116,39"}, 400),
        ({"lat": "0", "long": "0"}, 400),
        ({"lat": "39.9", "long": "116.4"}, 400),
        ({"lat": "", "long": "", "address_string": "火星路 1 号"}, 400),
        ({"description": "长" * 2001}, 400),
    ],
)
def test_what_is_wrong_is_refused_and_enters_nothing(
    client: Client, key: str, ledger: Ledger, change: dict[str, object], code: int
) -> None:
    before = ledger.size()
    refused(client.post(good(key) | change), code)
    assert ledger.size() == before


def test_a_place_in_words_is_found_by_the_names_of_the_workspace(client: Client, key: str, ledger: Ledger) -> None:
    sent = {name: one for name, one in good(key).items() if name not in {"lat", "long"}}
    answer = client.post(sent | {"address_string": "南公厕"})
    assert answer.status == 201
    first = ledger.events(answer.json()[0]["service_request_id"])[0]
    assert (first.grid_id, first.address) == ("W1", "南公厕")


def test_bodies_that_are_no_form_or_too_large_are_refused(client: Client, ledger: Ledger, key: str) -> None:
    before, path = ledger.size(), f"{V2}/requests.json"
    refused(client.ask("POST", path, b"{}", Content_Type="application/json"), 400)
    refused(client.ask("POST", path, b"<x/>"), 400)
    refused(client.ask("POST", path, b"--y", Content_Type="multipart/form-data"), 400)
    refused(client.ask("POST", path, b"--y\r\n\xff\xfe", Content_Type="multipart/form-data; boundary=x"), 400)
    refused(client.post(good(key, description="x" * open311.MOST_PLAIN)), 413)
    many = "&".join(f"f{n}=1" for n in range(5000)).encode()
    refused(client.ask("POST", path, many, Content_Type=FORM), 400)
    assert ledger.size() == before


def test_a_body_without_a_length_is_cut_off(client: Client) -> None:
    line = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    parts = (b"a" * 50_000 for _ in range(10))
    line.request("POST", f"{V2}/requests.json", body=parts, headers={"Content-Type": FORM}, encode_chunked=True)
    assert line.getresponse().status == 413
    line.close()


def test_xml_says_the_same_and_is_escaped(client: Client) -> None:
    year = {"start_date": "2024-01-01", "end_date": "2025-01-01"}
    answer = client.get(f"{V2}/requests.xml", **year)
    assert answer.headers["content-type"].startswith("text/xml")
    top = fromstring(answer.content)
    found = client.get(f"{V2}/requests.json", **year).json()
    assert top.tag == "service_requests"
    assert [one.findtext("service_request_id") for one in top.findall("request")] == [
        one["service_request_id"] for one in found
    ]
    assert fromstring(client.get(f"{V2}/services.xml").content).find("service/metadata").text == "false"
    assert fromstring(client.get(f"{V2}/services/GARBAGE.xml").content).findtext("service_code") == "GARBAGE"
    endpoints = fromstring(client.get("/open311/sample/discovery.xml").content).find("endpoints")
    assert endpoints.find("endpoint/formats/format").text == "text/xml"
    error = fromstring(client.get(f"{V2}/requests/{quote('<x>&')}.xml").content)
    assert error.find("error/code").text == "404"
    hostile = fromstring(xml("errors", [{"code": 1, "description": "<a href='x'>&\0\x1b\ud800\uffff]]>"}]))
    assert hostile.findtext("error/description") == "<a href='x'>&]]>"


def test_nothing_is_kept_by_browsers_or_guessed(client: Client) -> None:
    answer = client.get(f"{V2}/services.json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
