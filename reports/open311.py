"""Open311 GeoReport version 2: what a workspace answers to other offices' programs. Only what is public.

Specification: wiki.open311.org/GeoReport_v2. Names are those of the export (``layers.exports.open311``).
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geo.conversion import transformer
from geo.text import Lang, Text
from layers.catalog import ISSUES
from layers.exports.editions import PUBLIC_POINT_DECIMALS
from layers.exports.open311 import when, zone_of
from layers.ledger.acting.rules import SHUT
from layers.manifest import Manifest
from layers.schema import Issues
from layers.standards import issue_types
from reports.public_status import PLAIN, SOON

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MOST_ROWS = 1000
DAYS = 90
"""Without dates the requests of so many days are given, as the specification says."""
OPEN, CLOSED = "open", "closed"
_PAGES = 1_000_000
_FIELDS = {"description": Issues.description, "address": Issues.address, "agency_responsible": Issues.unit_in_charge}
_COLUMNS = {Issues.description: "description", Issues.address: "address", Issues.unit_in_charge: "department"}
"""Where a case keeps what a column of the layer of issues holds."""


class ApiError(Exception):
    """A request that cannot be answered: the number of the answer and why."""

    def __init__(self, code: int, words: Text) -> None:
        super().__init__(str(words))
        self.code, self.words = code, words


class Asked(NamedTuple):
    """Which requests somebody wants; empty choices mean all."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    status: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    page: int
    size: int


class Area(NamedTuple):
    """What answers need of a workspace: its manifest, its folder's words, the time zone, and the language."""

    manifest: Manifest
    types: pd.DataFrame
    lang: str

    @property
    def zone(self) -> str:
        """Offset of the workspace's times, empty where it is not known."""
        return zone_of(self.manifest.crs)


def discovery(area: Area, base: str) -> dict[str, Any]:
    """Say where everything is; ``base`` is the address of the workspace's interface."""
    changed = when(area.manifest.as_of, area.zone)
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}/v2",
        "changeset": changed,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    title = area.manifest.title.text.in_(area.lang)
    key = Text("请向工作区所有者索取 api_key", "ask the owner of the workspace for an api_key")
    return {"changeset": changed, "contact": title, "key_service": key.in_(area.lang), "endpoints": [endpoint]}


def services(area: Area) -> list[dict[str, Any]]:
    """List the types of issues."""
    return [_service(str(code), row, area.lang) for code, row in area.types.iterrows()]


def definition(area: Area, code: str) -> dict[str, Any]:
    """Give what a report of a type asks for beside the usual: nothing.

    Raises:
        ApiError: no such type.
    """
    if code not in area.types.index:
        raise ApiError(404, Text("没有此 service_code", "no such service_code"))
    return {"service_code": code, "attributes": []}


def _service(code: str, row: pd.Series, lang: str) -> dict[str, Any]:
    aliases = "" if pd.isna(row.get("aliases_zh")) else str(row["aliases_zh"]).replace("|", ",")
    return {
        "service_code": code,
        "service_name": str(row[lang]),
        "description": str(row[lang]),
        "metadata": False,
        "type": "realtime",
        "keywords": aliases if lang == Lang.ZH else str(row["zh"]),
        "group": str(row["kind"]),
    }


def asked(values: Mapping[str, str], area: Area) -> Asked:
    """Read the parameters of a list.

    Raises:
        ApiError: a value that is none.
    """
    status = _several(values.get("status"))
    if not set(status) <= {OPEN, CLOSED}:
        raise ApiError(400, Text("status 应为 open 或 closed", "status is open or closed"))
    codes = _several(values.get("service_code"))
    if not set(codes) <= set(area.types.index):
        raise ApiError(404, Text("没有此 service_code", "no such service_code"))
    return Asked(
        _several(values.get("service_request_id")),
        codes,
        status,
        _time("start_date", values.get("start_date"), area.zone),
        _time("end_date", values.get("end_date"), area.zone),
        _whole("page", values.get("page"), 1, _PAGES),
        _whole("page_size", values.get("page_size"), MOST_ROWS, MOST_ROWS),
    )


def requests(cases: pd.DataFrame, wanted: Asked, area: Area, now: datetime) -> list[dict[str, Any]]:
    """Give the requests that are wanted, the latest first.

    Args:
        cases: where issues stand.
        wanted: which.
        area: the workspace.
        now: the present; without dates the ``DAYS`` before it count.
    """
    chosen = chosen_cases(cases, wanted, now)
    start = (wanted.page - 1) * wanted.size
    part = chosen.sort_values(["reported_at"], ascending=False, kind="stable").iloc[start : start + wanted.size]
    return _documents(part, cases, area)


def chosen_cases(cases: pd.DataFrame, wanted: Asked, now: datetime) -> pd.DataFrame:
    """Give the rows that are wanted; with ids all other choices but the status are left out, as the standard says."""
    keep = np.ones(len(cases), dtype=bool)
    if wanted.status:
        keep &= np.isin(np.where(_is_closed(cases, cases), CLOSED, OPEN), wanted.status)
    if wanted.ids:
        return cases[keep & cases.index.isin(wanted.ids)]
    if wanted.codes:
        keep &= cases["issue_type"].isin(wanted.codes).to_numpy()
    end = wanted.end or (wanted.start + timedelta(days=DAYS) if wanted.start else now)
    start = wanted.start or end - timedelta(days=DAYS)
    reported = cases["reported_at"]
    return cases[keep & (reported >= start).to_numpy() & (reported <= end).to_numpy()]


def _is_closed(part: pd.DataFrame, cases: pd.DataFrame) -> np.ndarray:
    """Tell which are closed; who was fused with another is so when that one is."""
    return _shown_state(part, cases).isin(SHUT).to_numpy()


def _shown_state(part: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    own = part["state"]
    return own.where(part["head"].isna(), part["head"].map(cases["state"]).fillna(own))


def _documents(part: pd.DataFrame, cases: pd.DataFrame, area: Area) -> list[dict[str, Any]]:
    lon, lat = transformer(area.manifest.crs, "EPSG:4326").transform(
        part["x_m"].to_numpy(float), part["y_m"].to_numpy(float)
    )
    states, closed = _shown_state(part, cases), _is_closed(part, cases)
    return [
        _document(str(issue), row, area, place=(float(lon[at]), float(lat[at])), state=(str(states.iloc[at]), bool(closed[at])))
        for at, (issue, row) in enumerate(part.iterrows())
    ]  # fmt: skip


def _document(
    issue: str, row: pd.Series, area: Area, *, place: tuple[float, float], state: tuple[str, bool]
) -> dict[str, Any]:
    code, (name, is_closed) = str(row["issue_type"]), state
    public = {key for key, column in _FIELDS.items() if ISSUES.columns[column]["sensitivity"] == "public"}
    said = {key: row[_COLUMNS[column]] for key, column in _FIELDS.items()}
    lon, lat = (round(one, PUBLIC_POINT_DECIMALS) if math.isfinite(one) else None for one in place)
    return {
        "service_request_id": issue,
        "status": CLOSED if is_closed else OPEN,
        "status_notes": PLAIN.get(name, SOON).in_(area.lang),
        "service_name": str(area.types[area.lang].get(code, code)),
        "service_code": code,
        "requested_datetime": _moment(row["reported_at"], area.zone),
        "updated_datetime": _moment(row["state_since"], area.zone),
        "expected_datetime": _moment(row["final_due_at"], area.zone),
        **{key: str(one) if key in public and not pd.isna(one) else None for key, one in said.items()},
        "lat": lat,
        "long": lon,
    }


def _moment(time: pd.Timestamp, zone: str) -> str | None:
    return None if pd.isna(time) else when(time, zone)


def _several(value: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (value or "").split(",") if one.strip())


def _whole(name: str, value: str | None, usual: int, most: int) -> int:
    if value is None or not value.strip():
        return usual
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 1 <= int(value) <= most):
        raise ApiError(
            400,
            Text("{name} 应为 1 至 {most} 的整数", "{name} is a whole number from 1 to {most}").format(
                name=name, most=most
            ),
        )
    return int(value)


def _time(name: str, value: str | None, zone: str) -> datetime | None:
    """Read a time as the standard writes it, "2024-06-01T00:00:00Z"; it becomes local where the zone is known."""
    if value is None or not value.strip():
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(" ", "+"))
        if found.tzinfo is not None and zone:
            found = found.astimezone(datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").tzinfo)
        return found.replace(tzinfo=None)
    except (ValueError, OverflowError):
        words = Text("{name} 应如 2024-06-01T00:00:00+08:00", "{name} is like 2024-06-01T00:00:00+08:00")
        raise ApiError(400, words.format(name=name)) from None


def error_document(error: ApiError) -> list[dict[str, Any]]:
    """Give an error as the specification wants it, in both languages."""
    return [{"code": error.code, "description": str(error.words)}]


def types_of(folder: Any) -> pd.DataFrame:  # noqa: ANN401 (a path or None)
    """Give the types of issues of a workspace, by code."""
    return issue_types(folder)


LISTS: Mapping[str, str] = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What the members of a list are called in XML."""


def xml(root: str, value: object) -> bytes:
    """Write an answer as XML; everything in it is escaped, and signs that XML cannot hold are left out."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 (only here; it writes and reads nothing)

    top = ET.Element(root)
    _fill(ET, top, root, value)
    body: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return body


def _fill(tree: Any, node: Any, name: str, value: object) -> None:  # noqa: ANN401 (of xml.etree)
    if isinstance(value, Mapping):
        for key, one in value.items():
            _fill(tree, tree.SubElement(node, key), key, one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            _fill(tree, tree.SubElement(node, LISTS[name]), LISTS[name], one)
    elif value is not None:
        node.text = _clean(str(value).lower() if isinstance(value, bool) else str(value))


def _clean(text: str) -> str:
    return "".join(
        one
        for one in text
        if one in "\t\n\r" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff"
    )
