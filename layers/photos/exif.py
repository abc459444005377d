"""What a camera notes with a photo: how it was held, where, when and in which direction.

The notes of strangers are often broken, which never costs the photo: each fault becomes a finding.
The make, the owner and all the rest are not even read. Tags: Exif 2.32 (CIPA DC-008).
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

_Value = TypeVar("_Value")
_ORIENTATION, _EXIF_PART, _GPS_PART = 0x0112, 0x8769, 0x8825
_TAKEN, _OFFSET, _OFFSET_TAKEN = 0x9003, 0x9010, 0x9011
_LAT_SIDE, _LAT, _LON_SIDE, _LON, _DIRECTION, _ERROR = 1, 2, 3, 4, 17, 31
_TIME = re.compile(r"(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?")
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_MOST_OFFSET = 14 * 60
_TURNS = range(1, 9)
_MOST_ERROR_M = 100_000.0
_SIDES = {"N": 1, "S": -1, "E": 1, "W": -1}
BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, Warning,
    struct.error,
)  # fmt: skip
"""What reading broken notes can raise: Pillow trusts them."""


def read_exif(block: bytes) -> tuple[dict[str, Any], list[str]]:
    """Read the notes of a camera.

    Args:
        block: the EXIF block of the file; empty if there is none.

    Returns:
        ``orientation`` (1 to 8), ``lon`` and ``lat`` (degrees, WGS 84), ``accuracy_m``, ``direction_deg`` (of the
        view, clockwise from north, as the phone's compass said), ``taken_at`` (ISO, by the phone's clock),
        ``offset_minutes`` (of that clock from UTC), each None if not said; and the codes of findings.
    """
    findings: list[str] = []

    def attempt(code: str, read: Callable[[], _Value], otherwise: _Value) -> _Value:
        try:
            return read()
        except BROKEN:
            findings.append(code)
            return otherwise

    exif = attempt("photo_exif_broken", lambda: _loaded(block), None) if block else None
    main: Mapping[int, Any] = exif if exif is not None else {}
    taken = attempt("photo_exif_broken", lambda: _part(exif, _EXIF_PART), _part(None, 0))
    gps = attempt("photo_exif_broken", lambda: _part(exif, _GPS_PART), _part(None, 0))
    lon, lat = attempt("photo_place_broken", lambda: _place(gps), None) or (None, None)
    facts = {
        "orientation": attempt("photo_exif_broken", lambda: _orientation(main), 1),
        "lon": lon,
        "lat": lat,
        "accuracy_m": attempt("photo_place_broken", lambda: _within(gps.get(_ERROR), 0.0, _MOST_ERROR_M), None),
        "direction_deg": attempt("photo_place_broken", lambda: _within(gps.get(_DIRECTION), 0.0, 360.0), None),
        "taken_at": attempt("photo_time_broken", lambda: _time(taken.get(_TAKEN)), None),
        "offset_minutes": attempt("photo_time_broken", lambda: _offset(_first(taken, _OFFSET_TAKEN, _OFFSET)), None),
    }
    return facts, list(dict.fromkeys(findings))


def _loaded(block: bytes) -> Any:  # noqa: ANN401 (Pillow's own class)
    from PIL import Image  # noqa: PLC0415 (heavy)

    exif = Image.Exif()
    exif.load(block)
    return exif


def _part(exif: Any, tag: int) -> Mapping[int, Any]:  # noqa: ANN401 (Pillow's own class)
    """Read a part of the notes; a pointer to nowhere gives an empty one."""
    part: Mapping[int, Any] = {} if exif is None else exif.get_ifd(tag)
    return part


def _orientation(main: Mapping[int, Any]) -> int:
    value = int(main.get(_ORIENTATION) or 1)
    return value if value in _TURNS else 1


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Read longitude and latitude; a zero of both is what phones write that know no place."""
    if _LAT not in gps and _LON not in gps:
        return None
    lat, lon = _degrees(gps[_LAT], gps[_LAT_SIDE], 90.0), _degrees(gps[_LON], gps[_LON_SIDE], 180.0)
    if lat == lon == 0:
        raise ValueError
    return lon, lat


def _degrees(parts: tuple[float, float, float], side: object, most: float) -> float:
    degrees, minutes, seconds = map(float, parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not (min(degrees, minutes, seconds) >= 0 and minutes < 60.0001 and seconds < 60.0001 and value <= most):  # noqa: PLR2004 (rounded up by some)
        raise ValueError
    return round(_SIDES[_text(side).upper()[:1]] * value, 7)


def _within(value: Any, low: float, high: float) -> float | None:  # noqa: ANN401 (of a stranger's file)
    """Read a number; None where there is none or the phone says that it does not know (0/0)."""
    number = math.nan if value is None else float(value)
    return round(number, 2) if low <= number <= high else None


def _first(notes: Mapping[int, Any], *tags: int) -> object:
    return next((notes[tag] for tag in tags if notes.get(tag)), None)


def _time(value: object) -> str | None:
    text = _text(value)
    if not re.search(r"[1-9]", text):  # blanks and zeros: not known
        return None
    found = _TIME.match(text)
    if found is None:
        raise ValueError
    time = datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 (of the phone)
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise ValueError
    return time.isoformat()


def _offset(value: object) -> int | None:
    text = _text(value)
    if not text.strip(" :+-"):
        return None
    if text in {"Z", "UTC"}:
        return 0
    found = _ZONE.fullmatch(text)
    minutes = 60 * int(found[2]) + int(found[3]) if found else _MOST_OFFSET + 1
    if found is None or minutes > _MOST_OFFSET:
        raise ValueError
    return -minutes if found[1] == "-" else minutes


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return "" if value is None else str(value).strip("\0 \t\r\n")
