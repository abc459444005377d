"""The parts of an XLSX or ODS file: unpacked with their bytes counted, and packed again by ourselves.

Whatever a zip file can lie about (sizes, names said twice, overlapping entries, several directories) ends
here: the archive that a library gets to see is written by us, of packed bytes that were unpacked once.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from geo.findings import system_fault
from geo.text import Text
from layers.intake.tables.faults import over_limit, refuse
from layers.intake.tables.limits import MOST_BOOK_BYTES, MOST_ENTRIES, MOST_SMALL_PART, MOST_UNPACKED

_LOCAL_MARK, _LISTED_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL = struct.Struct("<4s22xHH")
_ENTRY = struct.Struct("<5H3L2H")
"""Version, flags, method, time, date, checksum, packed size, size, length of the name and of more."""
_STORED, _DEFLATED, _ENCRYPTED = 0, 8, 1
_UNREAD = (
    "xl/media/", "xl/drawings/", "xl/theme/", "xl/charts/", "xl/externallinks/", "xl/pivotcache/", "xl/pivottables/",
    "xl/printersettings/", "xl/embeddings/", "xl/ctrlprops/", "xl/activex/", "xl/calcchain", "xl/comments",
    "xl/threadedcomments/", "xl/persons/", "xl/querytables/", "xl/customproperty", "xl/worksheets/_rels/",
    "xl/tables/", "xl/richdata/", "xl/slicers/", "xl/slicercaches/", "xl/cellimages",
)  # fmt: skip
_ODS_PARTS = frozenset({"mimetype", "content.xml", "meta-inf/manifest.xml"})
_LARGE = ("xl/worksheets/", "xl/sharedstrings.xml", "content.xml")
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)")
_ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"ascii"})
_BROKEN = (zlib.error, struct.error, zipfile.BadZipFile, NotImplementedError, OverflowError, ValueError)


class Part(NamedTuple):
    """A part of a workbook: its content, and how it is packed (0 stored, 8 deflated)."""

    content: bytes
    method: int
    packed: bytes


class Packed(NamedTuple):
    """A packed part whose content is no longer needed."""

    method: int
    packed: bytes
    size: int
    checksum: int


def parts_of(path: Path, file: str) -> dict[str, Part]:
    """Unpack the parts of a workbook that are read; pictures and the like stay where they are.

    Returns:
        Parts by name.

    Raises:
        DataError: no sound archive, encrypted, beyond the limits, or a part that declares a document type.
    """
    parts: dict[str, Part] = {}
    left = MOST_UNPACKED
    try:
        if path.stat().st_size > MOST_BOOK_BYTES:
            raise over_limit(file, MOST_BOOK_BYTES // 2**20, "MB", "MB")
        with path.open("rb") as source:
            for entry in _entries(source, file):
                part = _unpacked(source, entry, left, file)
                _check_xml(entry.filename, part.content, file)
                parts[entry.filename] = part
                left -= len(part.content)
    except OSError as error:
        raise refuse(file, "table_unreadable", system_fault(error)) from error
    return parts


def _entries(source: IO[bytes], file: str) -> list[zipfile.ZipInfo]:
    """List the entries that are read; each name may stand there once."""
    try:
        with zipfile.ZipFile(source) as archive:
            every = archive.infolist()
    except _BROKEN as error:
        raise _damaged(file) from error
    if len(every) > MOST_ENTRIES:
        raise over_limit(file, MOST_ENTRIES, "个部件", "parts")
    wanted = [one for one in every if _is_read(one.filename.lower())]
    if any(one.flag_bits & _ENCRYPTED for one in wanted):
        raise refuse(file, "book_password", Text("加密的部件", "encrypted parts"))
    if len({one.filename.lower() for one in wanted}) < len(wanted):
        raise refuse(file, "book_damaged", Text("同名的部件", "parts of the same name"))
    return wanted


def _is_read(name: str) -> bool:
    if name in _ODS_PARTS or name in {"[content_types].xml", "_rels/.rels"}:
        return True
    return name.startswith("xl/") and name.endswith((".xml", ".rels")) and not name.startswith(_UNREAD)


def _unpacked(source: IO[bytes], entry: zipfile.ZipInfo, left: int, file: str) -> Part:
    """Unpack one entry by its own bytes, whatever sizes are stated."""
    most = left if entry.filename.lower().startswith(_LARGE) else min(left, MOST_SMALL_PART)
    try:
        source.seek(entry.header_offset)
        mark, name, extra = _LOCAL.unpack(source.read(_LOCAL.size))
        source.seek(name + extra, io.SEEK_CUR)
        packed_bytes = source.read(entry.compress_size)
        content = _inflated(packed_bytes, entry.compress_type, most)
    except _BROKEN as error:
        raise _damaged(file) from error
    if content is not None and len(content) > most:
        raise over_limit(file, most // 2**20, "MB（解压后）", "MB unpacked")
    if content is None or mark != _LOCAL_MARK or zlib.crc32(content) != entry.CRC:
        raise _damaged(file)
    return Part(content, entry.compress_type, packed_bytes)


def _inflated(packed_bytes: bytes, method: int, most: int) -> bytes | None:
    """Inflate up to one byte more than allowed; None for a stream that breaks off or an unknown method."""
    if method == _STORED:
        return packed_bytes
    if method != _DEFLATED:
        return None
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = stream.decompress(packed_bytes, most + 1)
    return content if len(content) > most or (stream.eof and not stream.unused_data) else None


def _damaged(file: str) -> Exception:
    return refuse(file, "book_damaged", Text("不完整的压缩结构", "an archive that is incomplete or damaged"))


def _check_xml(name: str, content: bytes, file: str) -> None:
    """Refuse a part that declares entities or is not written in UTF-8."""
    if b"<!DOCTYPE" in content:
        found = Text(f"部件 {name} 含文档类型声明", f"a document type in the part {name}")
        raise refuse(file, "book_declares", found)
    declared = _DECLARED_ENCODING.match(content.removeprefix(b"\xef\xbb\xbf")[:200])
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0")) or (
        declared and declared[1].lower() not in _ENCODINGS
    ):
        found = Text(f"部件 {name} 不是 UTF-8", f"the part {name}, which is not UTF-8")
        raise refuse(file, "book_damaged", found)


def packed(part: Part) -> Packed:
    """Let go of the content of a part."""
    return Packed(part.method, part.packed, len(part.content), zlib.crc32(part.content))


def stored(content: bytes) -> Packed:
    """Make a part of our own."""
    return packed(Part(content, _STORED, content))


def packed_again(parts: Mapping[str, Packed]) -> io.BytesIO:
    """Write an archive of parts as they are packed."""
    stream, listed = io.BytesIO(), b""
    for name, one in parts.items():
        words = name.encode()
        entry = _ENTRY.pack(20, 0x800, one.method, 0, 0x21, one.checksum, len(one.packed), one.size, len(words), 0)
        listed += _LISTED_MARK + struct.pack("<H", 20) + entry + struct.pack("<3H2L", 0, 0, 0, 0, stream.tell()) + words
        stream.write(_LOCAL_MARK + entry + words)
        stream.write(one.packed)
    start, count = stream.tell(), len(parts)
    stream.write(listed + _END_MARK + struct.pack("<4H2LH", 0, 0, count, count, len(listed), start, 0))
    stream.seek(0)
    return stream
