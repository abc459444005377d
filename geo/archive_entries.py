"""What a zip file says it holds, and whether an honest one would say so; nothing is inflated here."""

import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

from geo.errors import DataError, Problem
from geo.findings import shown
from geo.text import Text

MOST_PARTS = 2_000
"""Entries of a file that is itself a zip, such as a workbook, and of the folders of a geodatabase."""
STORED, DEFLATED = 0, 8
GDB = re.compile(r"(?P<gdb>(?:.*/)?[^/]+\.gdb)/(?P<part>a[0-9a-f]{8}\.[a-z_]{3,16}|gdb|timestamps)", re.IGNORECASE)
UNPACK = Text("自行解压，直接选择其中的数据文件导入", "unpack it yourself and import the data files in it")
_LONGEST_NAME = 255
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX = 3
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LITTER = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|[^/]*\.lock)$")
_PLAIN = Text(
    "普通 zip 压缩包，解压后不超过 200 MB、100 个文件", "a plain zip of at most 100 files and 200 MB unpacked"
)
_WHOLE = Text("请对方重新打包并发送", "ask the sender to pack and send it again")
_OFFICE, _OPEN_DOCUMENT, _KMZ = "[content_types].xml", {"mimetype", "content.xml"}, "doc.kml"


class Entry(NamedTuple):
    """A file in an archive: its name as it was meant, and what the directory says of it."""

    name: str
    info: zipfile.ZipInfo


def package_of(names: Iterable[str]) -> str | None:
    """Say which kind of one document a zip with these names is: "office", "opendocument" or "kmz".

    Workbooks, text documents and maps with pictures are zips by their make, yet one file to their users. None is
    for a plain archive of files.
    """
    held = {name.casefold() for name in names}
    if _OFFICE in held:
        return "office"
    if held >= _OPEN_DOCUMENT:
        return "opendocument"
    return "kmz" if _KMZ in held else None


def entry_names(path: Path, *, file: str) -> list[str]:
    """List what an archive says it holds, after the checks that need no inflating.

    Raises:
        DataError: no zip, or names that no honest archive has.
    """
    with path.open("rb") as source:
        return [entry.name for entry in entries_of(source, file=file, most=MOST_PARTS)]


def archive_fault(file: str, code: str, found: Text, remedy: Text = _WHOLE) -> DataError:
    """Make the refusal of an archive."""
    return DataError([Problem(code, "error", file, None, None, found, _PLAIN, remedy)])


def entries_of(source: IO[bytes], *, file: str, most: int) -> list[Entry]:
    """List the entries of an archive, litter of systems left out.

    Raises:
        DataError: no zip, too many, or names, links, passwords and methods that no honest archive has.
    """
    try:
        infos = zipfile.ZipFile(source).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, OSError) as error:
        broken = Text("目录损坏的压缩包", "an archive whose directory is damaged")
        raise archive_fault(file, "archive_damaged", broken) from error
    infos = [one for one in infos if not one.filename.endswith("/") or one.file_size]
    entries = [Entry(_name(one), one) for one in infos]
    for entry in entries:
        _check_entry(entry, file=file)
    folded = [unicodedata.normalize("NFC", entry.name).casefold() for entry in entries]
    if len(set(folded)) != len(folded):
        twice = Text("同名的多个文件", "several files of one name")
        raise archive_fault(file, "archive_duplicates", twice)
    entries = [entry for entry in entries if not _LITTER.search(entry.name)]
    loose = sum(1 for entry in entries if not GDB.fullmatch(entry.name))
    if loose > most or len(entries) > MOST_PARTS:
        raise archive_fault(
            file, "archive_entries", Text(f"{len(entries):,} 个文件", f"{len(entries):,} files"), UNPACK
        )
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


def _check_entry(entry: Entry, *, file: str) -> None:
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
        raise archive_fault(file, "archive_name", found)
    mode = info.external_attr >> 16
    if info.create_system == _UNIX and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise archive_fault(file, "archive_link", Text("链接：{name}", "a link: {name}").format(name=shown(name)))
    if info.flag_bits & _ENCRYPTED:
        remedy = Text("去掉密码后重新打包", "pack it again without a password")
        raise archive_fault(file, "archive_encrypted", Text("加密的压缩包", "an archive with a password"), remedy)
    if info.compress_type not in {STORED, DEFLATED}:
        method = Text(f"第 {info.compress_type} 种压缩方法", f"compression method {info.compress_type}")
        remedy = Text("用系统自带的“压缩为 zip”重新打包", "pack it again with the zip function of the system")
        raise archive_fault(file, "archive_method", method, remedy)
