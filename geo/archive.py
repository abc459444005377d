"""Our own unpacker of zip files, which believes nothing that a zip file says about itself.

What comes out is counted while it is inflated, names are only shown, never used, and an archive with
anything odd in it is refused as a whole: there is no honest reason for any of it.
"""

import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from geo.errors import DataError, Problem
from geo.findings import shown
from geo.text import Text

MOST_BYTES = 200_000_000
MOST_ENTRIES = 100
MOST_PARTS = 2_000
"""Entries of a file that is itself a zip, such as a workbook, and of the folders of a geodatabase."""
MOST_RATIO = 100
RATIO_FROM = 10_000_000
"""Unpacked bytes from which the ratio counts: a small file may well be very regular."""
_LONGEST_NAME = 255
_CHUNK = 1 << 16
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX = 3
_LOCAL = struct.Struct("<4s5H3L2H")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_LITTER = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|[^/]*\.lock)$")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_GDB = re.compile(r"(?P<gdb>(?:.*/)?[^/]+\.gdb)/(?P<part>a[0-9a-f]{8}\.[a-z_]{3,16}|gdb|timestamps)", re.IGNORECASE)
_PLAIN = Text(
    "普通 zip 压缩包，解压后不超过 200 MB、100 个文件", "a plain zip of at most 100 files and 200 MB unpacked"
)
_UNPACK = Text("自行解压，直接选择其中的数据文件导入", "unpack it yourself and import the data files in it")
_FEWER = Text(
    "删去空白和重复的行、列、工作表后另存", "remove empty and repeated rows, columns and sheets and save it again"
)
_WHOLE = Text("请对方重新打包并发送", "ask the sender to pack and send it again")


class Member(NamedTuple):
    """A file out of an archive: its name there, for showing; where it lies now, under a name of ours."""

    name: str
    path: Path


class _Entry(NamedTuple):
    name: str
    info: zipfile.ZipInfo


def unpack(path: Path, into: Path, *, file: str) -> list[Member]:
    """Unpack a zip file into a fresh folder.

    Files of one folder and stem, such as the parts of a shapefile, keep a common stem of ours; the
    parts of a file geodatabase keep their names, which mean something and are of one form.

    Args:
        path: the archive.
        into: a folder that does not exist yet.
        file: the name for messages.

    Raises:
        DataError: anything in it is odd or too large; nothing is left behind.
    """
    into.mkdir()
    done: list[Member] = []
    stems: dict[str, str] = {}
    try:
        for entry, chunks in _checked(path, file=file, most=MOST_ENTRIES, nested=False):
            member = Member(entry.name, into / _own_name(entry.name, stems))
            member.path.parent.mkdir(exist_ok=True)
            with member.path.open("xb") as out:
                for chunk in chunks:
                    out.write(chunk)
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
    for entry, chunks in _checked(path, file=file, most=MOST_PARTS, nested=True):
        for _ in chunks:
            pass
        names.append(entry.name)
    return names


def entry_names(path: Path, *, file: str) -> list[str]:
    """List what an archive says it holds, after the checks that need no inflating.

    Raises:
        DataError: no zip, or names that no honest archive has.
    """
    with path.open("rb") as source:
        return [entry.name for entry in _entries(source, file=file, most=MOST_PARTS)]


def _fault(file: str, code: str, found: Text, remedy: Text = _WHOLE) -> DataError:
    return DataError([Problem(code, "error", file, None, None, found, _PLAIN, remedy)])


def _own_name(name: str, stems: dict[str, str]) -> str:
    """Name a file as we like, so that the parts of one thing stay together."""
    gdb = _GDB.fullmatch(name)
    if gdb:
        home = stems.setdefault(gdb["gdb"].casefold(), f"g{len(stems):04}")
        return f"{home}.gdb/{gdb['part'].lower()}"
    given = PurePosixPath(name)
    suffix = given.suffix.lower()
    if not _SUFFIX.fullmatch(suffix):
        return f"{stems.setdefault(name, f'g{len(stems):04}')}.dat"
    return f"{stems.setdefault(str(given.with_suffix('')).casefold(), f'g{len(stems):04}')}{suffix}"


def _checked(path: Path, *, file: str, most: int, nested: bool) -> Iterator[tuple[_Entry, Iterator[bytes]]]:
    """Give the entries in order, each with its content, which must be used up before the next."""
    size = path.stat().st_size
    with path.open("rb") as source:
        entries = _entries(source, file=file, most=most)
        _check_overlap(entries, source, file=file)
        total = _Total(file, size, _FEWER if nested else _UNPACK)
        for entry in entries:
            yield entry, _content(source, entry, total, nested=nested)


def _entries(source: IO[bytes], *, file: str, most: int) -> list[_Entry]:
    try:
        infos = zipfile.ZipFile(source).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, OSError) as error:
        broken = Text("目录损坏的压缩包", "an archive whose directory is damaged")
        raise _fault(file, "archive_damaged", broken) from error
    infos = [one for one in infos if not one.filename.endswith("/") or one.file_size]
    entries = [_Entry(_name(one), one) for one in infos]
    for entry in entries:
        _check_entry(entry, file=file)
    folded = [unicodedata.normalize("NFC", entry.name).casefold() for entry in entries]
    if len(set(folded)) != len(folded):
        twice = Text("同名的多个文件", "several files of one name")
        raise _fault(file, "archive_duplicates", twice)
    entries = [entry for entry in entries if not _LITTER.search(entry.name)]
    loose = sum(1 for entry in entries if not _GDB.fullmatch(entry.name))
    if loose > most or len(entries) > MOST_PARTS:
        raise _fault(file, "archive_entries", Text(f"{len(entries):,} 个文件", f"{len(entries):,} files"), _UNPACK)
    return entries


def _name(info: zipfile.ZipInfo) -> str:
    """Give the name as it was meant: archives made by Chinese Windows write GBK and do not say so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _check_entry(entry: _Entry, *, file: str) -> None:
    info, name = entry.info, entry.name
    parts = name.removesuffix("/").split("/")
    sly = (
        any(part in {"", ".", ".."} or _RESERVED.fullmatch(part) for part in parts)
        or "\\" in name
        or re.match(r"[A-Za-z]:", name)
        or any(unicodedata.category(c) == "Cc" for c in name)
        or len(name.encode()) > 4 * _LONGEST_NAME
        or max(map(len, parts)) > _LONGEST_NAME
    )
    if sly:
        found = Text("文件名“{name}”", "a file called “{name}”").format(name=shown(name))
        raise _fault(file, "archive_name", found)
    mode = info.external_attr >> 16
    if info.create_system == _UNIX and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _fault(file, "archive_link", Text("链接：{name}", "a link: {name}").format(name=shown(name)))
    if info.flag_bits & _ENCRYPTED:
        remedy = Text("去掉密码后重新打包", "pack it again without a password")
        raise _fault(file, "archive_encrypted", Text("加密的压缩包", "an archive with a password"), remedy)
    if info.compress_type not in {_STORED, _DEFLATED}:
        method = Text(f"第 {info.compress_type} 种压缩方法", f"compression method {info.compress_type}")
        remedy = Text("用系统自带的“压缩为 zip”重新打包", "pack it again with the zip function of the system")
        raise _fault(file, "archive_method", method, remedy)


def _check_overlap(entries: list[_Entry], source: IO[bytes], *, file: str) -> None:
    """Refuse entries that share bytes: a small file could unpack to anything."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.info.header_offset):
        if entry.info.header_offset < end:
            raise _fault(file, "archive_overlap", Text("互相重叠的文件", "files that lie upon each other"))
        end = _data_at(source, entry, file=file) + entry.info.compress_size


def _data_at(source: IO[bytes], entry: _Entry, *, file: str) -> int:
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
    raise _fault(file, "archive_damaged", broken.format(name=shown(entry.name)))


class _Total:
    """Counts what comes out of an archive, and stops it in time."""

    def __init__(self, file: str, packed: int, remedy: Text) -> None:
        self.file, self.packed, self.remedy, self.unpacked = file, packed, remedy, 0

    def add(self, size: int) -> None:
        """Count some more bytes."""
        self.unpacked += size
        if self.unpacked > MOST_BYTES or (
            self.unpacked > RATIO_FROM and self.unpacked > MOST_RATIO * max(self.packed, 1)
        ):
            found = Text(
                f"{self.packed:,} 字节解压后超过 {self.unpacked:,} 字节",
                f"{self.packed:,} bytes that unpack to more than {self.unpacked:,}",
            )
            raise _fault(self.file, "archive_size", found, self.remedy)


def _content(source: IO[bytes], entry: _Entry, total: _Total, *, nested: bool) -> Iterator[bytes]:
    """Inflate one entry piece by piece; in the end size and checksum must be as stated."""
    info, size, checksum = entry.info, 0, 0
    for chunk in _inflated(source, _data_at(source, entry, file=total.file), info, total.file):
        if not chunk:
            continue
        if not size and not nested and chunk.startswith(_ARCHIVES):
            found = Text("压缩包中的压缩文件：{name}", "a packed file in the archive: {name}")
            raise _fault(total.file, "archive_nested", found.format(name=shown(entry.name)), _UNPACK)
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        total.add(len(chunk))
        if size > info.file_size:
            break
        yield chunk
    if size != info.file_size or checksum != info.CRC:
        lie = Text("{name} 的大小或校验和与所述不符", "{name}, whose size or checksum is not as stated")
        raise _fault(total.file, "archive_damaged", lie.format(name=shown(entry.name)))


def _inflated(source: IO[bytes], at: int, info: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _pieces(source, at, info.compress_size):
            if info.compress_type == _STORED:
                yield packed
                continue
            rest = packed
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise _fault(file, "archive_damaged", Text("损坏的压缩数据", "damaged packed data")) from error


def _pieces(source: IO[bytes], at: int, size: int) -> Iterator[bytes]:
    """Read a stretch of a file; less if the file ends before."""
    source.seek(at)
    while size:
        piece = source.read(min(size, _CHUNK))
        if not piece:
            return
        size -= len(piece)
        yield piece
