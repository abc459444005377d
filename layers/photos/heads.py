"""What a file handed in as a photo is, by its content alone: its kind, its size, and whether it is also something else."""

import re
from typing import NamedTuple

from geo.findings import looks_like
from geo.text import Text
from layers.photos.containers import Parts, parts_of
from layers.photos.faults import refused

MOST_BYTES = 40_000_000
MOST_PIXELS = 50_000_000
MOST_EDGE = 30_000
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_APPLE = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MARKUP = re.compile(rb"<(?:script|html|!doctype|\?php|iframe|svg[\s>]|body[\s>])", re.IGNORECASE)
_PROGRAM = re.compile(rb"\s*(?:MZ|\x7fELF|#!|PK\x03\x04|Rar!|7z\xbc\xaf|\x1f\x8b|%PDF-|\{\\rtf)")
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL = 65_557  # bytes of the last part of a zip archive with the longest comment
_PDF, _PDF_WITHIN = b"%PDF-", 1024  # readers take files for PDF whose mark stands so far from the beginning
_PADDING = b"\0\xff\r\n\t "
_MARKUP_WORDS = Text("照片里藏有网页代码", "a web page hidden in a photo")
_PROGRAM_WORDS = Text("照片里藏有其他文件", "another file hidden in a photo")


class Head(NamedTuple):
    """A picture that may be decoded. ``extra``: bytes behind it that are no part of it."""

    kind: str
    parts: Parts
    extra: int


def head_of(data: bytes, file: str) -> Head:
    """Check a photo as far as it can be checked without decoding it.

    Args:
        data: the bytes of the file.
        file: its name, for messages only.

    Raises:
        DataError: one problem: no photo, too large, cut off, damaged, moving, or something else besides.
    """
    if len(data) > MOST_BYTES:
        raise refused(file, "photo_bytes", Text(f"{len(data):,} 字节", f"{len(data):,} bytes"))
    kind = _kind(data, file)
    parts = parts_of(data, kind, file)
    _check_size(parts, file)
    _check_disguise(data, parts, file)
    rest = data[parts.end :]
    return Head(kind, parts, len(rest) if rest.strip(_PADDING) else 0)


def _kind(data: bytes, file: str) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if _WEBP.match(data):
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _APPLE:
        raise refused(file, "photo_heic", Text("HEIC 照片", "a HEIC photo"))
    if data[4:8] == b"ftyp":
        raise refused(file, "photo_kind", Text("视频或 AVIF 文件", "a film or an AVIF picture"))
    if _MARKUP.search(data[:_PDF_WITHIN]):
        raise refused(file, "photo_kind", Text("网页或 SVG 文件", "a web page or an SVG drawing"))
    raise refused(file, "photo_kind", looks_like(data[:4096]))


def _check_size(parts: Parts, file: str) -> None:
    wide, high = parts.width, parts.height
    if not wide or not high:
        raise refused(file, "photo_damaged", Text("没有像素的照片", "a photo without pixels"))
    if wide * high > MOST_PIXELS or max(wide, high) > MOST_EDGE:
        raise refused(file, "photo_pixels", Text(f"{wide:,} × {high:,} 像素", f"{wide:,} × {high:,} pixels"))


def _check_disguise(data: bytes, parts: Parts, file: str) -> None:
    """Refuse what another program would take for a page, a document, an archive or a program.

    Phones write films, depth and marks of their maker behind the picture; those are let through and never decoded.
    """
    rest = data[parts.end :]
    if any(_MARKUP.search(one) for one in (*parts.notes, rest)):
        raise refused(file, "photo_disguised", _MARKUP_WORDS)
    if _PROGRAM.match(rest) or _PDF in data[:_PDF_WITHIN] or _ends_an_archive(data):
        raise refused(file, "photo_disguised", _PROGRAM_WORDS)


def _ends_an_archive(data: bytes) -> bool:
    """Tell whether a file is a zip archive, too: such are read from their end, where the comment's length must fit."""
    tail = data[-_ARCHIVE_TAIL:]
    at = tail.rfind(_ARCHIVE_END)
    while at >= 0:
        if at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            return True
        at = tail.rfind(_ARCHIVE_END, 0, at)
    return False
