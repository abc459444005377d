"""Synthetic pictures: gradients and shapes by a seed, and files made of them with whatever a phone may add."""

import io
import struct
import zlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

EXIF_PART, GPS_PART = 0x8769, 0x8825


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A synthetic picture: a gradient in a random direction, shapes of random grey, a little noise."""
    rng = np.random.default_rng(seed)
    wide, high = size
    y, x = np.mgrid[0:high, 0:wide]
    angle = rng.uniform(0, 2 * np.pi)
    ramp = 110 + 40 * (np.cos(angle) * (x / wide - 0.5) + np.sin(angle) * (y / high - 0.5))
    ground = ramp + rng.normal(0, 2, (high, wide))
    tint = rng.uniform(0.8, 1.2, 3)
    picture = Image.fromarray(np.clip(ground[..., None] * tint, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = rng.uniform(-0.1, 0.9, 2) * size
        right, bottom = left + rng.uniform(0.1, 0.5) * wide, top + rng.uniform(0.1, 0.5) * high
        shape = draw.rectangle if rng.random() < 0.5 else draw.ellipse
        shape((left, top, right, bottom), fill=tuple(int(c) for c in rng.integers(0, 256, 3)))
    return picture


def jpeg(picture: Image.Image, *, quality: int = 90, **options: Any) -> bytes:
    return _saved(picture, "JPEG", quality=quality, **options)


def png(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "PNG", **options)


def webp(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "WEBP", **options)


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(
    *,
    main: Mapping[int, Any] | None = None,
    part: Mapping[int, Any] | None = None,
    gps: Mapping[int, Any] | None = None,
) -> bytes:
    """Notes of a camera, by tag."""
    made = Image.Exif()
    made.update(main or {})
    if part:
        made.get_ifd(EXIF_PART).update(part)
        made[EXIF_PART] = dict(part)
    if gps:
        made[GPS_PART] = dict(gps)
    return made.tobytes()


def gps_of(lon: float, lat: float) -> dict[int, Any]:
    """Tags of a place; degrees as thirds of rationals."""
    return {1: "N" if lat >= 0 else "S", 2: _parts(abs(lat)), 3: "E" if lon >= 0 else "W", 4: _parts(abs(lon))}


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = float(Fraction((degrees - whole - minutes / 60) * 3600).limit_denominator(10_000))
    return float(whole), float(minutes), seconds


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """Put segments behind the beginning of a JPEG."""
    return data[:2] + b"".join(segments) + data[2:]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_chunks(data: bytes, *chunks: bytes) -> bytes:
    """Put chunks behind the head of a PNG."""
    return data[:33] + b"".join(chunks) + data[33:]
