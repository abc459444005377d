"""A kept photo, and its facts as JSON that proves itself."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.errors import Problem
from geo.text import Text
from layers.photos.faults import FAULTS, photo_problem
from layers.photos.heads import ENDINGS

VERSION = 1
POSITIONS = 8
_SUM = re.compile(r"[0-9a-f]{64}")
_HASH = re.compile(r"[0-9a-f]{16}")
_NUMBERS = {"lon": 180.0, "lat": 90.0, "accuracy_m": 1e5, "direction_deg": 360.0}
_COUNTS = ("width", "height", "size_bytes", "extra_bytes")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in a workspace.

    ``sha256``: of the bytes as they were handed in, its name for ever; ``kind``: "JPEG", "PNG" or "WEBP";
    ``width`` and ``height``: pixels, upright; ``extra_bytes``: behind the picture. Out of the camera's notes, None
    if not said: ``lon``, ``lat`` (degrees, WGS 84), ``accuracy_m``, ``direction_deg`` (clockwise from north),
    ``taken_at`` (naive, by the phone's clock) and ``offset_minutes`` (of that clock from UTC). ``bits``: hashes of
    the picture in its eight positions, upright first, 0 where it shows too little. ``findings``: codes of
    ``layers.photos.faults``. ``drawn``: SHA-256 of "view" and "thumbnail".
    """

    folder: Path
    sha256: str
    kind: str
    size_bytes: int
    extra_bytes: int
    width: int
    height: int
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    direction_deg: float | None
    taken_at: datetime | None
    offset_minutes: int | None
    bits: tuple[int, ...]
    findings: tuple[str, ...]
    drawn: Mapping[str, str]

    @property
    def name(self) -> str:
        """The beginning of the sum, for people."""
        return self.sha256[:12]

    def problems(self) -> tuple[Problem, ...]:
        """Say in words what was found when the photo was read."""
        extra = Text(f"照片之后有 {self.extra_bytes:,} 字节", f"{self.extra_bytes:,} bytes behind the picture")
        found = {"photo_extra": extra, "photo_flat": Text("几乎单色的画面", "a picture of nearly one colour")}
        broken = Text("无法读取的数据", "data that cannot be read")
        return tuple(photo_problem(code, self.name, found=found.get(code, broken)) for code in self.findings)


def is_sum(text: str) -> bool:
    """Tell whether a text is a SHA-256 in lower-case hexadecimal."""
    return _SUM.fullmatch(text) is not None


def facts_json(photo: Photo) -> bytes:
    """Write the facts of a photo with their own sum; the same photo gives the same bytes."""
    facts = {name: getattr(photo, name) for name in Photo.__slots__ if name != "folder"}
    facts["taken_at"] = photo.taken_at and photo.taken_at.isoformat()
    facts["bits"] = [f"{one:016x}" for one in photo.bits]
    facts |= {"findings": list(photo.findings), "drawn": dict(photo.drawn), "version": VERSION}
    return json.dumps({"facts": facts, "sha256": _sum_of(facts)}, indent=1, sort_keys=True).encode() + b"\n"


def from_json(content: bytes, folder: Path, sha256: str) -> Photo | None:
    """Read what ``facts_json`` wrote; None if it was changed, is of another version, or of another photo."""
    try:
        whole = json.loads(content)
        facts = whole["facts"]
        if whole["sha256"] != _sum_of(facts) or facts.pop("version") != VERSION or facts["sha256"] != sha256:
            return None
        return made(folder, facts)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def made(folder: Path, facts: Mapping[str, Any]) -> Photo:
    """Make a photo of facts that came out of the worker or a file, believing nothing.

    Raises:
        ValueError: something has not the shape or the range that it must have.
        KeyError: something is missing.
        TypeError: something is of another type.
    """
    bits, findings, drawn = facts["bits"], facts["findings"], facts["drawn"]
    taken, offset = facts["taken_at"], facts["offset_minutes"]
    sound = (
        is_sum(facts["sha256"])
        and facts["kind"] in ENDINGS
        and all(type(facts[name]) is int and facts[name] >= 0 for name in _COUNTS)
        and all(facts[name] is None or _is_within(facts[name], most) for name, most in _NUMBERS.items())
        and (facts["lon"] is None) == (facts["lat"] is None)
        and (offset is None or type(offset) is int)
        and len(bits) == POSITIONS
        and all(_HASH.fullmatch(one) for one in bits)
        and set(findings) <= set(FAULTS)
        and all(is_sum(one) for one in drawn.values())
    )
    if not sound:
        raise ValueError
    return Photo(
        folder=folder,
        **{name: facts[name] for name in ("sha256", "kind", *_COUNTS, *_NUMBERS)},
        taken_at=None if taken is None else datetime.fromisoformat(taken).replace(tzinfo=None),
        offset_minutes=offset,
        bits=tuple(int(one, 16) for one in bits),
        findings=tuple(findings),
        drawn=dict(drawn),
    )


def _is_within(value: object, most: float) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= most


def _sum_of(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
