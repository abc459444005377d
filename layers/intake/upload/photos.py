"""Photos: checked by their head before a pixel is unpacked, and written anew without what a phone adds to them."""

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError
from geo.text import Text
from layers.intake.source import Source
from layers.intake.upload.kinds import refusal

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
_GPS = 0x8825
_SOUTH_WEST = {"S", "W"}
_EXPECTED = Text("JPEG、PNG 或 WebP 照片，至多 5000 万像素", "a JPEG, PNG or WebP photo of at most 50 million pixels")
_SMALLER = Text("缩小后另存为 JPEG", "make it smaller and save it as JPEG")


def read_photo(path: Path, *, file: str) -> Source:
    """Read a photo: one row with the picture, written anew without its EXIF, its size, and its place if it says one.

    The place is for finding the grid; no output may show it.

    Raises:
        DataError: no photo, too large, or damaged.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 (heavy)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as photo:
                _check_size(photo, file)
                place = _place(photo)
                upright = ImageOps.exif_transpose(photo)
                picture = _written(upright, str(photo.format))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # by its head, before any pixel
        found = Text(f"超过 {MOST_PIXELS:,} 像素", f"more than {MOST_PIXELS:,} pixels")
        raise refusal(file, "photo", found, _SMALLER, expected=_EXPECTED) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        if isinstance(error, DataError):
            raise
        raise refusal(file, "photo", Text("损坏的照片", "a damaged photo"), _SMALLER, expected=_EXPECTED) from error
    cells = pd.DataFrame(
        {"picture": pd.Series([picture], dtype=object), "width": [upright.width], "height": [upright.height]}
    )
    shapes = np.array([place, None], dtype=object)[:1]
    return Source(file, "", "photo", cells, np.array([1]), shapes, "EPSG:4326")


def _check_size(photo: "Image.Image", file: str) -> None:
    if photo.width * photo.height > MOST_PIXELS:
        found = Text(f"{photo.width:,} × {photo.height:,} 像素", f"{photo.width:,} × {photo.height:,} pixels")
        raise refusal(file, "photo", found, _SMALLER, expected=_EXPECTED)


def _written(photo: "Image.Image", kind: str) -> bytes:
    """Write the pixels alone; nothing that came with them goes along."""
    plain = photo.copy()
    plain.info = {}
    if kind == "JPEG" and plain.mode not in {"L", "RGB"}:
        plain = plain.convert("RGB")
    out = io.BytesIO()
    plain.save(out, kind, **({"quality": 90} if kind != "PNG" else {}))
    return out.getvalue()


def _place(photo: "Image.Image") -> shapely.Point | None:
    """Read where the photo was taken, in degrees."""
    gps = photo.getexif().get_ifd(_GPS)
    try:
        y, x = (_degrees(gps[at], str(gps.get(at - 1, ""))) for at in (2, 4))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return shapely.Point(x, y) if np.isfinite([x, y]).all() and abs(x) <= 180 and abs(y) <= 90 else None  # noqa: PLR2004


def _degrees(parts: tuple[float, float, float], side: str) -> float:
    degrees, minutes, seconds = map(float, parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip().upper() in _SOUTH_WEST else value
