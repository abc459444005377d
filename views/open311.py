"""The routes of Open311 GeoReport v2, on the port of the pages: ``/open311/WORKSPACE/discovery.json`` and below ``/v2``.

A workspace answers only if its manifest says ``open311 = true``; else there is nothing here.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.errors import DataError, ManifestError
from geo.text import Lang, Text
from layers import Workspace
from layers.ledger.store.files import has_ledger
from layers.ledger.store.ledger import Ledger
from layers.living import living_mark
from layers.manifest import Manifest, read_manifest
from layers.store import stamp
from reports import open311
from reports.open311 import ApiError, Area
from reports.open311_post import MOST_FILES, Sent, entered
from reports.shelf import Volume, shelf
from views import cached
from views.cached import Mark

MOST_BYTES = 20_000_000
"""Bytes of a report with its pictures."""
MOST_PLAIN = 100_000
"""Bytes of a report without."""
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
MOST_FIELDS = 100
NOTHING = Text("没有此资源", "there is nothing here")
NO_FORMAT = Text("格式应为 json 或 xml", "the format is json or xml")
NO_FORM = Text(f"正文应为 {URLENCODED} 或 {MULTIPART}", f"the body is {URLENCODED} or {MULTIPART}")
TOO_LARGE = Text("正文过大", "the body is too large")
BROKEN = Text("正文无法读取", "the body cannot be read")
UNWRITTEN = Text("暂时无法写入，请稍后再试", "it cannot be entered now; try again later")
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
Endpoint = Callable[[Request], Awaitable[Response]]


class Place(NamedTuple):
    """A workspace that answers, and its ledger."""

    volume: Volume
    manifest: Manifest
    ledger: Ledger
    area: Area

    def now(self) -> datetime:
        """The moment that answers tell of: the present; a ledger that rests stays on its last day."""
        latest = self.ledger.latest()
        rests = latest is None or latest <= self.manifest.as_of
        return self.manifest.as_of if rests else present()

    @property
    def mark(self) -> Mark:
        """What parts the workspace from what it was before."""
        folder = self.volume.folder
        return Mark(f"{stamp(folder)}|{living_mark(folder, self.manifest.ledger)}")

    @property
    def workspace(self) -> Workspace:
        """The workspace, opened."""
        return cached.whole(self.volume.folder, self.mark)


def present() -> datetime:
    """Give the present, naive local time to the second."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)


def _place(request: Request) -> Place:
    """Find the workspace that is asked for.

    Raises:
        ApiError: there is none, or it does not publish.
    """
    key = request.path_params["workspace"]
    volume = next((one for one in shelf() if one.key == key), None)
    if volume is None:
        raise ApiError(404, NOTHING)
    try:
        manifest = read_manifest(volume.folder)
    except ManifestError:
        raise ApiError(404, NOTHING) from None
    if not (manifest.open311 and has_ledger(volume.folder, manifest.ledger)):
        raise ApiError(404, NOTHING)
    lang = request.query_params.get("lang")
    area = Area(manifest, open311.types_of(volume.folder), lang if lang in set(Lang) else manifest.language)
    return Place(volume, manifest, cached.ledger_of(volume.folder, manifest.ledger), area)


def _answering(root: str, found: Callable[[Request], Any], status: int = 200) -> Endpoint:
    """Make an endpoint of a function that gives the document; what it refuses becomes the document of an error."""

    async def endpoint(request: Request) -> Response:
        form = request.path_params["form"]
        try:
            _require_format(form)
            document = await found(request) if request.method == "POST" else await run_in_threadpool(found, request)
        except ApiError as error:
            return _written(form, "errors", open311.error_document(error), status=error.code)
        except DataError:
            refusal = ApiError(503, UNWRITTEN)
            return _written(form, "errors", open311.error_document(refusal), status=refusal.code)
        return _written(form, root, document, status=status)

    return endpoint


def _require_format(form: str) -> None:
    if form not in TYPES:
        raise ApiError(404, NO_FORMAT)


def _written(form: str, root: str, document: Any, *, status: int) -> Response:  # noqa: ANN401 (a JSON value)
    kind = form if form in TYPES else "json"
    body = open311.xml(root, document) if kind == "xml" else json.dumps(document, ensure_ascii=False).encode()
    return Response(body, status_code=status, media_type=TYPES[kind], headers=_SAFE)


def _discovery(request: Request) -> dict[str, Any]:
    address = str(request.url.replace(query="", fragment=""))
    return open311.discovery(_place(request).area, address.rsplit("/", 1)[0])


def _services(request: Request) -> list[dict[str, Any]]:
    return open311.services(_place(request).area)


def _definition(request: Request) -> dict[str, Any]:
    return open311.definition(_place(request).area, request.path_params["code"])


def _requests(request: Request) -> list[dict[str, Any]]:
    at = _place(request)
    wanted = open311.asked(request.query_params, at.area)
    return open311.requests(_cases(at), wanted, at.area, at.now())


def _request(request: Request) -> list[dict[str, Any]]:
    at, name = _place(request), request.path_params["name"]
    wanted = open311.asked({"service_request_id": name}, at.area)
    found = open311.requests(_cases(at), wanted, at.area, at.now())
    if not found:
        raise ApiError(404, Text("没有此 service_request_id", "no such service_request_id"))
    return found


def _cases(at: Place) -> Any:  # noqa: ANN401 (a table)
    return cached.standing(at.volume.folder, at.mark, None, at.now().replace(second=59))


async def _post(request: Request) -> list[dict[str, Any]]:
    at = await run_in_threadpool(_place, request)
    sent = await _sent(request)
    return [await run_in_threadpool(_entered, at, sent)]


def _entered(at: Place, sent: Sent) -> dict[str, Any]:
    return entered(at.workspace, at.ledger, sent, at.area, now=present())


async def _sent(request: Request) -> Sent:
    """Read the form of a report, no more of it than is allowed."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in {URLENCODED, MULTIPART}:
        raise ApiError(400, NO_FORM)
    body = await _body(request, MOST_BYTES if kind == MULTIPART else MOST_PLAIN)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
            fields = {name: one for name, one in form.multi_items() if isinstance(one, str)}
            given = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
            files = [(one.filename or "", await one.read()) for one in given]
    except (MultiPartException, HTTPException, UnicodeError, ValueError):
        raise ApiError(400, BROKEN) from None
    fields.setdefault("api_key", request.query_params.get("api_key", ""))
    return Sent(fields, [one for one in files if one[1]], request.headers.get("idempotency-key"))


async def _body(request: Request, most: int) -> bytes:
    """Read the body, and stop where it is too large, whatever its head says."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > most:
        raise ApiError(413, TOO_LARGE)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ApiError(413, TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


async def _listed_or_entered(request: Request) -> Response:
    listed, taken = _answering("service_requests", _requests), _answering("service_requests", _post, 201)
    return await (taken if request.method == "POST" else listed)(request)


_HEAD = "/open311/{workspace}"
OPEN311_ROUTES: tuple[Route, ...] = tuple(
    Route(f"{base}{_HEAD}{path}", endpoint, methods=methods)
    for base in ("", "/{base}")
    for path, endpoint, methods in (
        ("/discovery.{form}", _answering("discovery", _discovery), ["GET"]),
        ("/v2/services.{form}", _answering("services", _services), ["GET"]),
        ("/v2/services/{code}.{form}", _answering("service_definition", _definition), ["GET"]),
        ("/v2/requests.{form}", _listed_or_entered, ["GET", "POST"]),
        ("/v2/requests/{name}.{form}", _answering("service_requests", _request), ["GET"]),
    )
)
"""Beside ``views.routes.ROUTES``; with one leading part for ``server.baseUrlPath``."""
