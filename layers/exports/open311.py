"""Issues as service requests of Open311 GeoReport version 2, which other offices' programs read."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from pyproj import CRS

from geo.errors import Problem
from geo.files import whole_file
from geo.text import Text
from layers.catalog import ISSUES
from layers.exports.editions import issue_words, of_layer
from layers.exports.faults import note
from layers.exports.outgoing import GEOMETRY, Exported, Outgoing, in_degrees
from layers.schema import Issues
from layers.workspace import Workspace

DECIMALS = 7
CHINA_ZONE = "+08:00"
"""China keeps one time, whatever the meridian."""
_CHINESE = frozenset({4490, 4610, 4214})
"""CGCS2000, Xian 1980 and Beijing 1954: a workspace in one of them lies in China."""
_FIELDS = {
    "description": Issues.description,
    "agency_responsible": Issues.unit_in_charge,
    "address": Issues.address,
}
"""Keys of the standard that hold what one of our columns holds."""


def write_open311(ws: Workspace, path: Path, *, lang: str, public: bool) -> Exported:
    """Write the issues as a list of service requests.

    The state is where an issue stands as of the workspace's date; ``updated_datetime`` is when it was
    closed, else when it was reported. Times have a zone in China, where there is one; elsewhere none,
    and that is told.

    Raises:
        CrsError: places that cannot be converted to WGS 84.
        DataError: no issues.
    """
    out = of_layer(ws, ISSUES, path.name, public=public)
    table = out.table
    zone = zone_of(ws.manifest.crs)
    known = issue_words(ws)
    spots = _degrees(out, path.name)
    is_open = ws.standing["is_open"].to_numpy() | ~ws.standing["is_known"].to_numpy()
    requests = []
    for row, values in enumerate(table.drop(columns=GEOMETRY, errors="ignore").to_dict("records")):
        said = {str(key): None if pd.isna(value) else value for key, value in values.items()}
        lon, lat = spots[row]
        requests.append(
            _request(said, zone, is_open=bool(is_open[row]), known=known, lang=lang) | {"lat": lat, "long": lon}
        )
    with whole_file(path) as whole:
        whole.write_text(json.dumps(requests, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return Exported((path,), (*out.notes, *_zone_note(path.name, zone)))


def _degrees(out: Outgoing, file: str) -> list[tuple[float | None, float | None]]:
    """Give longitude and latitude of each issue, None where it has no place."""
    if not out.spatial or shapely.is_missing(out.shapes).all():
        return [(None, None)] * len(out.table)
    shapes = in_degrees(out, file).table[GEOMETRY].to_numpy()
    return [(None, None) if one is None else (round(one.x, DECIMALS), round(one.y, DECIMALS)) for one in shapes]


def _request(
    said: dict[str, Any],
    zone: str,
    *,
    is_open: bool,
    known: dict[str, Text],
    lang: str,
) -> dict[str, Any]:
    code, source = said.get(Issues.issue_type), said.get(Issues.source_type)
    reported, closed = said[Issues.reported_at], said.get(Issues.closed_at)
    return {
        "service_request_id": said[ISSUES.id_column],
        "status": "open" if is_open else "closed",
        "service_code": code,
        "service_name": known[code].in_(lang) if code in known else source,
        "requested_datetime": when(reported, zone),
        "updated_datetime": when(reported if is_open else closed, zone),
        "expected_datetime": when(said.get(Issues.due_at), zone),
        **{key: said.get(name) for key, name in _FIELDS.items()},
    }


def when(time: datetime | None, zone: str) -> str | None:
    """Write a local time as the standard wants it, with the zone where it is known."""
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%S") + zone


def zone_of(crs: str) -> str:
    """Give the zone of a workspace's times where its coordinate system shows it."""
    base = CRS.from_user_input(crs).geodetic_crs
    return CHINA_ZONE if base is not None and base.to_epsg() in _CHINESE else ""


def _zone_note(file: str, zone: str) -> tuple[Problem, ...]:
    return () if zone else (note("export_no_zone", file, Text("没有时区的当地时间", "local times without a zone")),)
