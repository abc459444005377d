"""Our own unpacker of zip files, which believes nothing that a zip file says about itself.

What comes out is counted while it is inflated, names are only shown, never used, and an archive with
anything odd in it is refused as a whole: there is no honest reason for any of it.
"""

import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from geo.archive_entries import (
    GDB,
    MOST_PARTS,
    STORED,
    UNPACK,
    Entry,
    archive_fault,
    entries_of,
    entry_names,
    package_of,
)
from geo.errors import DataError
from geo.findings import shown
from geo.text import Text

MOST_BYTES = 200_000_000
MOST_ENTRIES = 100
MOST_RATIO = 100
RATIO_FROM = 10_000_000
"""Unpacked bytes from which the ratio counts: a small file may well be very regular."""
_CHUNK = 1 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVES = (*_ZIPS, b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_FEWER = Text(
    "删去空白和重复的行、列、工作表后另存", "remove empty and repeated rows, columns and sheets and save it again"
)


class Member(NamedTuple):
    """A file out of an archive: its name there, for showing; where it lies now, under a name of ours."""

    name: str
    path: Path


class _Rule(NamedTuple):
    """What may be in an archive: how many files, beginnings of packed ones, bytes that count already, what to do else."""

    most: int
    packed: tuple[bytes, ...] = ()
    before: int = 0
    remedy: Text = UNPACK


def unpack(path: Path, into: Path, *, file: str, documents: bool = False, before: int = 0) -> list[Member]:
    """Unpack a zip file into a fresh folder.

    Files of one folder and stem, such as the parts of a shapefile, keep a common stem of ours; the
    parts of a file geodatabase keep their names, which mean something and are of one form.

    Args:
        path: the archive.
        into: a folder that does not exist yet.
        file: the name for messages.
        documents: let files in that are zips by their make (workbooks, KMZ), as they are; an archive in it never.
        before: bytes that were unpacked of the same upload already, which count as well.

    Raises:
        DataError: anything in it is odd or too large; nothing is left behind.
    """
    into.mkdir()
    done: list[Member] = []
    stems: dict[str, str] = {}
    try:
        for entry, chunks in _checked(path, file=file, rule=_Rule(MOST_ENTRIES, _ZIPS if documents else (), before)):
            member = Member(entry.name, into / _own_name(entry.name, stems))
            member.path.parent.mkdir(exist_ok=True)
            with member.path.open("xb") as out:
                for chunk in chunks:
                    out.write(chunk)
            if documents and _is_zip(member.path) and package_of(entry_names(member.path, file=file)) is None:
                raise _nested(file, entry.name)
            done.append(member)
    except DataError:
        shutil.rmtree(into)
        raise
    return done


def survey(path: Path, *, file: str) -> list[str]:
    """Check a file that is itself a zip, such as a workbook, by inflating all of it to nowhere; list its parts.

    Raises:
        DataError: anything in it is odd or too large.
    """
    names = []
    for entry, chunks in _checked(path, file=file, rule=_Rule(MOST_PARTS, _ARCHIVES, remedy=_FEWER)):
        for _ in chunks:
            pass
        names.append(entry.name)
    return names


def _own_name(name: str, stems: dict[str, str]) -> str:
    """Name a file as we like, so that the parts of one thing stay together."""
    gdb = GDB.fullmatch(name)
    if gdb:
        home = stems.setdefault(gdb["gdb"].casefold(), f"g{len(stems):04}")
        return f"{home}.gdb/{gdb['part'].lower()}"
    given = PurePosixPath(name)
    suffix = given.suffix.lower()
    if not _SUFFIX.fullmatch(suffix):
        return f"{stems.setdefault(name, f'g{len(stems):04}')}.dat"
    return f"{stems.setdefault(str(given.with_suffix('')).casefold(), f'g{len(stems):04}')}{suffix}"


def _is_zip(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(4).startswith(_ZIPS)


def _nested(file: str, name: str) -> DataError:
    found = Text("压缩包中的压缩文件：{name}", "a packed file in the archive: {name}")
    return archive_fault(file, "archive_nested", found.format(name=shown(name)), UNPACK)


def _checked(path: Path, *, file: str, rule: _Rule) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Give the entries in order, each with its content, which must be used up before the next."""
    size = path.stat().st_size
    with path.open("rb") as source:
        entries = entries_of(source, file=file, most=rule.most)
        _check_overlap(entries, source, file=file)
        total = _Total(file, size, rule)
        for entry in entries:
            yield entry, _content(source, entry, total)


def _check_overlap(entries: list[Entry], source: IO[bytes], *, file: str) -> None:
    """Refuse entries that share bytes: a small file could unpack to anything."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.info.header_offset):
        if entry.info.header_offset < end:
            raise archive_fault(file, "archive_overlap", Text("互相重叠的文件", "files that lie upon each other"))
        end = _data_at(source, entry, file=file) + entry.info.compress_size


def _data_at(source: IO[bytes], entry: Entry, *, file: str) -> int:
    """Find where the content of an entry begins; its own header must name it as the directory does."""
    source.seek(entry.info.header_offset)
    head = source.read(_LOCAL.size)
    if len(head) == _LOCAL.size:
        mark, *_, name_size, extra_size = _LOCAL.unpack(head)
        given = entry.info.orig_filename
        names = {given.encode("utf-8", "replace"), given.encode("cp437", "replace")}
        if mark == b"PK\x03\x04" and source.read(name_size) in names:
            return int(entry.info.header_offset + _LOCAL.size + name_size + extra_size)
    broken = Text("与目录不符的文件：{name}", "a file that is not what the directory says: {name}")
    raise archive_fault(file, "archive_damaged", broken.format(name=shown(entry.name)))


class _Total:
    """Counts what comes out of an archive, and stops it in time."""

    def __init__(self, file: str, packed: int, rule: _Rule) -> None:
        self.file, self.packed, self.rule, self.unpacked = file, packed, rule, 0

    def add(self, size: int) -> None:
        """Count some more bytes."""
        self.unpacked += size
        if self.rule.before + self.unpacked > MOST_BYTES or (
            self.unpacked > RATIO_FROM and self.unpacked > MOST_RATIO * max(self.packed, 1)
        ):
            found = Text(
                f"{self.packed:,} 字节解压后超过 {self.unpacked:,} 字节",
                f"{self.packed:,} bytes that unpack to more than {self.unpacked:,}",
            )
            raise archive_fault(self.file, "archive_size", found, self.rule.remedy)


def _content(source: IO[bytes], entry: Entry, total: _Total) -> Iterator[bytes]:
    """Inflate one entry piece by piece; in the end size and checksum must be as stated."""
    info, size, checksum = entry.info, 0, 0
    for chunk in _inflated(source, _data_at(source, entry, file=total.file), info, total.file):
        if not chunk:
            continue
        if not size and chunk.startswith(_ARCHIVES) and not chunk.startswith(total.rule.packed):
            raise _nested(total.file, entry.name)
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        total.add(len(chunk))
        if size > info.file_size:
            break
        yield chunk
    if size != info.file_size or checksum != info.CRC:
        lie = Text("{name} 的大小或校验和与所述不符", "{name}, whose size or checksum is not as stated")
        raise archive_fault(total.file, "archive_damaged", lie.format(name=shown(entry.name)))


def _inflated(source: IO[bytes], at: int, info: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _pieces(source, at, info.compress_size):
            if info.compress_type == STORED:
                yield packed
                continue
            rest = packed
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise archive_fault(file, "archive_damaged", Text("损坏的压缩数据", "damaged packed data")) from error


def _pieces(source: IO[bytes], at: int, size: int) -> Iterator[bytes]:
    """Read a stretch of a file; less if the file ends before."""
    source.seek(at)
    while size:
        piece = source.read(min(size, _CHUNK))
        if not piece:
            return
        size -= len(piece)
        yield piece
