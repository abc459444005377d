"""A report that another program sends by Open311: read without believing anything, and entered once."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from geo.errors import DataError, GuatuError, TransitionError
from geo.text import Text
from layers.intake.places.gazetteer import gazetteer
from layers.ledger.acting.reporting import LONGEST, Report, Reported, report
from layers.ledger.crew.api_keys import ApiKey, Program, key_of
from layers.ledger.crew.contacts import keep_contact
from layers.ledger.store.ledger import Ledger
from layers.photos.keeping import keep
from layers.workspace import Workspace
from reports.open311 import ApiError, Area
from reports.patrol import picture_of
from reports.spots import Spot, spot_at, worded_spot

SOURCE = "Open311"
LONGEST_KEY = 200
"""Characters of an Idempotency-Key."""
MOST_FILES = 3
FIELDS = ("service_code", "lat", "long", "address_string", "address_id", "description", "email", "first_name",
          "last_name", "phone", "device_id", "account_id", "media_url", "jurisdiction_id", "api_key")  # fmt: skip
"""Fields of the standard; others are left aside."""
CONTACT = ("first_name", "last_name", "phone", "email")
IGNORED = Text("media_url 未被读取，请随报附上照片。", "media_url was not fetched; send pictures with the report.")
NO_KEY = Text("缺少有效的 api_key", "a valid api_key is missing")
NO_CODE = Text("没有此 service_code", "no such service_code")
NEED_CODE = Text("缺少 service_code", "service_code is missing")
NEED_PLACE = Text(
    "缺少位置：lat 与 long，或可识别的 address_string",
    "a place is missing: lat and long, or an address_string that is known here",
)
BAD_PLACE = Text("lat 或 long 不是有效的度数", "lat or long is no number of degrees")
OUTSIDE = Text("位置不在本工作区的任何网格内", "the place lies in no grid of this workspace")
TOO_LONG = Text("{name} 超过 {most} 个字符", "{name} has more than {most} characters")
OTHER_JURISDICTION = Text("没有此 jurisdiction_id", "no such jurisdiction_id")
CONFLICT = Text("同一 Idempotency-Key 已用于另一内容的上报", "this Idempotency-Key was used for another report")
KEY_LONG = Text("Idempotency-Key 为空或超过 200 个字符", "Idempotency-Key is empty or has more than 200 characters")
_DIGEST = "open311"


class Sent(NamedTuple):
    """What a program sent: fields, names and contents of files, and its Idempotency-Key, None without one."""

    fields: Mapping[str, str]
    files: Sequence[tuple[str, bytes]]
    idempotency: str | None


def entered(ws: Workspace, ledger: Ledger, sent: Sent, area: Area, *, now: datetime) -> dict[str, Any]:
    """Enter a report, and give what the standard answers.

    Raises:
        ApiError: 400, 403, 404 or 409, and why.
        DataError: the store could not be written.
    """
    fields = {name: sent.fields[name].strip() for name in FIELDS if name in sent.fields}
    key = key_of(ledger, fields.get("api_key", ""))
    if key is None:
        raise ApiError(403, NO_KEY)
    _require_fields(fields, area)
    digest = _digest(fields, sent.files)
    command = _command(key, sent.idempotency)
    wanted = _report(ws, fields, sent.files, digest)
    try:
        done = report(ledger, wanted, Program(key), at=now, command_id=command)
    except TransitionError as error:
        raise ApiError(400, error.message) from error
    if not done.is_new and done.event.facts.get(_DIGEST) != digest:
        raise ApiError(409, CONFLICT)
    return _answer(ledger, done, fields)


def _answer(ledger: Ledger, done: Reported, fields: Mapping[str, str]) -> dict[str, Any]:
    contact = " ".join(one for name in CONTACT if (one := fields.get(name)))
    if contact and done.is_new:
        keep_contact(ledger, done.reference, contact)
    notice = str(IGNORED) if fields.get("media_url") else None
    return {"service_request_id": done.reference, "service_notice": notice, "account_id": None}


def _require_fields(fields: Mapping[str, str], area: Area) -> None:
    if fields.get("jurisdiction_id") not in {None, "", area.manifest.name}:
        raise ApiError(404, OTHER_JURISDICTION)
    code = fields.get("service_code")
    if not code:
        raise ApiError(400, NEED_CODE)
    if code not in area.types.index:
        raise ApiError(404, NO_CODE)
    for name, value in fields.items():
        if len(value) > LONGEST:
            raise ApiError(400, TOO_LONG.format(name=name, most=LONGEST))


def _command(key: ApiKey, said: str | None) -> str:
    """Name the command: the same key of the same program is the same command."""
    if said is None:
        return f"open311:{key.mark}:{uuid4().hex}"
    if not said.strip() or len(said) > LONGEST_KEY:
        raise ApiError(400, KEY_LONG)
    return f"open311:{key.mark}:{hashlib.sha256(said.strip().encode('utf-8', 'replace')).hexdigest()}"


def _digest(fields: Mapping[str, str], files: Sequence[tuple[str, bytes]]) -> str:
    said = {name: one for name, one in fields.items() if name != "api_key" and name not in CONTACT}
    sums = [hashlib.sha256(content).hexdigest() for _, content in files]
    return hashlib.sha256(json.dumps([said, sums], sort_keys=True).encode()).hexdigest()


def _report(ws: Workspace, fields: Mapping[str, str], files: Sequence[tuple[str, bytes]], digest: str) -> Report:
    spot = _spot(ws, fields)
    photos = []
    for name, content in files[:MOST_FILES]:
        try:
            photos.append(keep(ws.folder, content, name=name))
        except DataError as error:
            first = error.problems[0]
            raise ApiError(400, first.found) from error
    named = spot.address and spot.address.in_(ws.manifest.language)
    return Report(
        issue_type=fields["service_code"],
        source=SOURCE,
        text=fields.get("description"),
        address=fields.get("address_string") or named,
        x_m=spot.x_m,
        y_m=spot.y_m,
        grid_id=spot.grid_id,
        pictures=tuple(map(picture_of, photos)),
        more={_DIGEST: digest},
    )


def _spot(ws: Workspace, fields: Mapping[str, str]) -> Spot:
    """Find the place; it must lie in a grid."""
    spot = None
    if fields.get("lat") or fields.get("long"):
        lat, lon = _degrees(fields.get("lat", ""), 90), _degrees(fields.get("long", ""), 180)
        try:
            spot = spot_at(ws, lon, lat)
        except GuatuError as error:
            raise ApiError(400, BAD_PLACE) from error
    elif fields.get("address_string"):
        spot = worded_spot(ws, gazetteer(ws.tables, folder=ws.folder), fields["address_string"])
        spot = None if spot is None or spot.vague else spot
    if spot is None:
        raise ApiError(400, NEED_PLACE)
    if spot.grid_id is None:
        raise ApiError(400, OUTSIDE)
    return spot


def _degrees(text: str, most: float) -> float:
    try:
        found = float(text)
    except ValueError:
        raise ApiError(400, BAD_PLACE) from None
    if not math.isfinite(found) or abs(found) > most:
        raise ApiError(400, BAD_PLACE)
    return found
