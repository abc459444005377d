"""The parts of a JPEG, PNG or WebP file, found without decoding anything.

What is given on to the decoder is built anew from the parts that it needs: no comments, no second
pictures, nothing behind the end. Notes of the camera (EXIF) are handed on apart from the picture.
Layouts: ITU-T T.81 annex B, W3C PNG (third edition) chapter 5, RFC 9649.
"""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from geo.text import Text
from layers.photos.faults import refused

MOST_PARTS = 60_000
MOST_SCANS = 200
"""A progressive JPEG has about ten; each one costs a pass over all pixels."""
_PNG_START = b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff++[^\x00\xd0-\xd7]")
_BEHIND_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE = frozenset({0x01, _END})
_NOTES = frozenset({*range(0xE0, 0xF0), _COMMENT})
_JPEG_NEEDED = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_EXIF = b"Exif\0"
_PNG_HEAD = frozenset({b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"})
_PNG_MOVING = frozenset({b"acTL", b"fcTL", b"fdAT"})
_HEADER, _PIXELS, _LAST = b"IHDR", b"IDAT", b"IEND"
_HEADER_BYTES = 13
_WEBP_NEEDED = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
_MOVING, _WITH_NOTES = 0x02, 0x0C  # bits of VP8X: animation; EXIF and XMP
_CANVAS_BYTES, _FRAME_BYTES = 10, 10
_SIGN_LOSSY, _SIGN_LOSSLESS = b"\x9d\x01\x2a", 0x2F


class Parts(NamedTuple):
    """A picture file taken apart.

    ``clean``: what the decoder gets; ``exif``: notes of the camera; ``notes``: all blocks beside the picture;
    ``end``: where the picture ends in the file.
    """

    width: int
    height: int
    clean: bytes
    exif: bytes
    notes: tuple[bytes, ...]
    end: int


def parts_of(data: bytes, kind: str, file: str) -> Parts:
    """Take a file apart; ``kind`` is "JPEG", "PNG" or "WEBP".

    Raises:
        DataError: it is cut off, damaged, or holds more than one picture.
    """
    return {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[kind](data, file)


class _Segment(NamedTuple):
    marker: int
    start: int
    body: int
    end: int


def _jpeg(data: bytes, file: str) -> Parts:
    kept, notes, sizes, exif, scans = [data[:2]], [], [], b"", 0
    end = len(data)
    for one in _segments(data, file):
        body = data[one.body : one.end]
        scans += one.marker == _SCAN
        if one.marker == _END:
            end = one.end
        elif one.marker in _NOTES:
            notes.append(body)
            exif = exif or (body if one.marker == 0xE1 and body.startswith(_EXIF) else b"")  # noqa: PLR2004 (APP1)
            if not any(one.marker == marker and body.startswith(sign) for marker, sign in _JPEG_NEEDED):
                continue
        elif one.marker in _SIZES:
            sizes.append((int.from_bytes(body[3:5]), int.from_bytes(body[1:3])))
        kept.append(data[one.start : one.end])
    if len(sizes) != 1 or not 1 <= scans <= MOST_SCANS:
        raise _damaged(file)
    return Parts(*sizes[0], b"".join(kept), exif, tuple(notes), end)


def _segments(data: bytes, file: str) -> Iterator[_Segment]:
    """Walk from marker to marker up to the end of the picture; a scan reaches to the marker behind its pixels."""
    at = 2
    for _ in range(MOST_PARTS):
        start = at
        marker, at = _marker(data, at, file)
        if marker in _ALONE:
            yield _Segment(marker, start, at, at)
            if marker == _END:
                return
            continue
        length = int.from_bytes(data[at : at + 2])
        body, at = at + 2, at + length
        if length < 2 or at > len(data):  # noqa: PLR2004 (it counts itself)
            raise _cut(file)
        if marker == _SCAN:
            found = _BEHIND_SCAN.search(data, at)
            if found is None:
                raise _cut(file)
            at = found.start()
        yield _Segment(marker, start, body, at)
    raise _damaged(file)


def _marker(data: bytes, at: int, file: str) -> tuple[int, int]:
    """Read the marker at a place, before which any number of 0xFF may stand; give it and the place behind it."""
    found = _MARKER.match(data, at)
    if found is None and data[at:].strip(b"\xff"):
        raise _damaged(file)
    if found is None:
        raise _cut(file)
    marker = data[found.end() - 1]
    if marker == _START:
        raise _damaged(file)
    return marker, found.end()


def _png(data: bytes, file: str) -> Parts:
    head: list[bytes] = []
    pixels: list[bytes] = []
    notes, exif, end = [], b"", len(data)
    for number, (name, start, stop) in enumerate(_chunks(data, file)):
        if (number == 0) != (name == _HEADER):
            raise _damaged(file)
        whole, body = data[start:stop], data[start + 8 : stop - 4]
        if name in _PNG_MOVING:
            raise _moving(file)
        if name == _PIXELS:
            pixels.append(whole)
        elif name == _HEADER or name in _PNG_HEAD:
            head.append(whole)
        elif name != _LAST:
            notes.append(body)
            exif = exif or (body if name == b"eXIf" else b"")
        end = stop
    size = head[0][8:-4]
    if len(size) != _HEADER_BYTES or not pixels:
        raise _damaged(file)
    last = data[end - 12 : end]
    clean = b"".join([_PNG_START, *head, *pixels, last])
    return Parts(int.from_bytes(size[:4]), int.from_bytes(size[4:8]), clean, exif, tuple(notes), end)


def _chunks(data: bytes, file: str) -> Iterator[tuple[bytes, int, int]]:
    """Walk through the chunks of a PNG with their sums checked, up to the last."""
    at, view = len(_PNG_START), memoryview(data)
    for _ in range(MOST_PARTS):
        name, stop = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if at + 12 > len(data) or stop > len(data):
            raise _cut(file)
        if zlib.crc32(view[at + 4 : stop - 4]) != int.from_bytes(data[stop - 4 : stop]):
            raise _damaged(file)
        yield name, at, stop
        if name == _LAST:
            return
        at = stop
    raise _damaged(file)


def _webp(data: bytes, file: str) -> Parts:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise _cut(file)
    kept: list[bytes] = []
    sizes: list[tuple[int, int]] = []
    notes, exif, frames = [], b"", 0
    for name, body in _blocks(data, end, file):
        if name in {b"ANIM", b"ANMF"} or (name == b"VP8X" and body[:1] and body[0] & _MOVING):
            raise _moving(file)
        frames += name in {b"VP8 ", b"VP8L"}
        if name not in _WEBP_NEEDED:
            notes.append(body)
            exif = exif or (body if name == b"EXIF" else b"")
            continue
        sizes += _webp_size(name, body, file)
        own = bytes([body[0] & ~_WITH_NOTES]) + body[1:] if name == b"VP8X" else body
        kept.append(name + len(own).to_bytes(4, "little") + own + b"\0" * (len(own) % 2))
    if frames != 1 or len(set(sizes)) != 1:
        raise _damaged(file)
    inside = b"WEBP" + b"".join(kept)
    return Parts(*sizes[0], b"RIFF" + len(inside).to_bytes(4, "little") + inside, exif, tuple(notes), end)


def _blocks(data: bytes, end: int, file: str) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(MOST_PARTS):
        if at >= end:
            return
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise _cut(file)
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise _damaged(file)


def _webp_size(name: bytes, body: bytes, file: str) -> list[tuple[int, int]]:
    """Read the size that a block of a WebP states, if it states one."""
    if name in {b"ICCP", b"ALPH"}:
        return []
    if len(body) < (_FRAME_BYTES if name != b"VP8L" else 5):
        raise _cut(file)
    if name == b"VP8X":
        return [(1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))]
    if name == b"VP8 " and body[3:6] == _SIGN_LOSSY:
        wide, high = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return [(wide, high)]
    if name == b"VP8L" and body[0] == _SIGN_LOSSLESS:
        bits = int.from_bytes(body[1:5], "little")
        return [(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))]
    raise _damaged(file)


def _cut(file: str) -> Exception:
    return refused(file, "photo_truncated", Text("文件中途截断", "a file that is cut off"))


def _damaged(file: str) -> Exception:
    return refused(file, "photo_damaged", Text("损坏的照片", "a damaged photo"))


def _moving(file: str) -> Exception:
    return refused(file, "photo_animated", Text("动图", "a moving picture"))
