"""Open311 GeoReport v2 service requests as JSON, and plain lists of objects.

Format: wiki.open311.org/GeoReport_v2, "GET Service Requests". Places are ``lat`` and ``long`` in degrees.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.findings import value_found
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import table_of
from layers.intake.spatial.faults import lost, refuse
from layers.intake.spatial.shaping import shaped
from layers.intake.upload.json_text import Document

_ID = "service_request_id"
_MEMBERS = ("service_requests", "requests")
_PLACES = (("lat", "long"), ("latitude", "longitude"))


def is_open311(document: Document) -> bool:
    """Tell whether a JSON text lists service requests."""
    first = next((item.value for item in document.items or ()), None)
    return isinstance(first, dict) and (_ID in first or "service_code" in first)


def read_open311(document: Document, *, file: str) -> Source:
    """Read service requests; their places as points, their own words as they are.

    Raises:
        DataError: no requests.
    """
    return _read(document, file, "open311")


def read_objects(document: Document, *, file: str) -> Source:
    """Read a plain list of objects as a table without places.

    Raises:
        DataError: no such list.
    """
    return _read(document, file, "json")


def _read(document: Document, file: str, kind: str) -> Source:
    items = document.items or []
    if not any(isinstance(item.value, dict) for item in items):
        raise refuse(file, "json_other", Text("其他内容的 JSON", "JSON of another content"))
    good = [item for item in items if isinstance(item.value, dict)]
    bad = lost(
        [(item.number, value_found(item.value)) for item in items if not isinstance(item.value, dict)], "no_feature"
    )
    records = [item.value for item in good]
    rows = np.array([item.number for item in good], dtype=np.int64)
    facts = {"encoding": document.encoding}
    if kind == "json":
        return Source(file, "", kind, table_of(records, file=file), rows, None, None, bad, (), facts)
    checked = shaped(_points(records), rows, file=file)
    kept = [record for record, keep in zip(records, checked.kept, strict=True) if keep]
    return Source(
        file, "", kind, table_of(kept, file=file), rows[checked.kept], checked.shapes, "EPSG:4326",
        (*bad, *checked.lost), checked.notes, facts,
    )  # fmt: skip


def _points(records: Sequence[Mapping[str, Any]]) -> NDArray[np.object_]:
    shapes = np.full(len(records), None, dtype=object)
    for at, record in enumerate(records):
        y, x = next(((record[a], record[b]) for a, b in _PLACES if a in record and b in record), (None, None))
        place = _number(x), _number(y)
        if None not in place:
            shapes[at] = shapely.Point(place)
    return shapes


def _number(value: object) -> float | None:
    """Read a coordinate; what is none stays in its column for the checks that follow."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
