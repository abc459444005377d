"""What was found where something else should be, in words for people: values, bytes and faults of files."""

import codecs
import errno
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from geo.text import Text, counted

NOTHING = Text("空值", "nothing")
MOST_NAMES = 12
"""Names that a list shows; the rest is counted."""
LONGEST = 80
"""Characters of a text that are shown; the rest is cut off."""
_EXACT = 1e15  # whole numbers below are written out in full
_MISSING = {"nan", "NaT", "<NA>"}  # how absent numbers, times and cells print
_LARGEST_JSON = 50_000_000  # bytes read again to find the line of a fault
_ARCHIVE = Text("压缩包（.zip、.xlsx、.docx、.kmz）", "a zip archive (.zip, .xlsx, .docx or .kmz)")
_PACKED = Text("压缩文件", "a packed file")
_PICTURE = Text("图片", "a picture")
_RASTER = Text("一幅 TIFF 栅格图像", "a TIFF raster")
_MARKS: tuple[tuple[bytes, Text], ...] = (
    (b"PK\x03\x04", _ARCHIVE),
    (b"PK\x05\x06", _ARCHIVE),
    (b"%PDF", Text("一份 PDF 文档", "a PDF document")),
    (b"\xd0\xcf\x11\xe0", Text("旧版 Excel 或 Word 文件", "an old Excel or Word file")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _RASTER),
    (b"MM\0*", _RASTER),
    (b"II+\0", _RASTER),
    (b"MM\0+", _RASTER),
    (b"\x1f\x8b", _PACKED),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"SQLite format 3\0", Text("一个 SQLite 数据库", "an SQLite database")),
    (b"\0\0\x27\x0a", Text("单独的 Shapefile 部件", "part of a shapefile")),
    (b"fgb\x03fgb", Text("一个 FlatGeobuf 文件", "a FlatGeobuf file")),
)
_OTHER = Text("未知的二进制数据", "binary data of an unknown kind")
_SYSTEM: dict[int, Text] = {
    errno.ENOENT: Text("没有此文件", "no such file"),
    errno.EACCES: Text("没有读写权限", "no permission to read or write it"),
    errno.EPERM: Text("没有读写权限", "no permission to read or write it"),
    errno.EISDIR: Text("是文件夹，不是文件", "a folder, not a file"),
    errno.ENOTDIR: Text("路径中有一段不是文件夹", "a path through something that is no folder"),
    errno.EEXIST: Text("同名文件已存在", "a file of this name that is there already"),
    errno.ENOSPC: Text("磁盘已满", "a full disk"),
    errno.EROFS: Text("只读磁盘", "a disk that cannot be written"),
    errno.ENAMETOOLONG: Text("文件名过长", "a file name that is too long"),
}


def value_found(value: object) -> Text:
    """Say what stands in a cell or under a key.

    A value is the same in both languages: text cut at ``LONGEST`` characters without control characters,
    a whole number without decimals, a time to the second; what cannot be shown is described.
    """
    match value:
        case bytes():
            return looks_like(value)
        case dict():
            return Text("表", "a table")
        case list() | tuple():
            return Text("列表", "a list")
    words = shown(_plain(value))
    return Text.same(words) if words else NOTHING


def _plain(value: object) -> str:
    """Write a value as a person would; nothing for what is missing."""
    if value is None or (not isinstance(value, str) and str(value) in _MISSING):
        return ""
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(" ", "seconds")
        case float():
            words = f"{value:.0f}" if value.is_integer() and abs(value) < _EXACT else f"{value:.15g}"
            return words.replace("inf", "∞")
    return str(value)


def shown(text: str) -> str:
    """Give a text fit to be shown: on one line, without control characters, not too long."""
    plain = "".join(c if c.isprintable() else " " for c in text).strip()
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rstrip()}…"


def names_found(names: Iterable[object]) -> Text:
    """List names as they stand in a file; beyond ``MOST_NAMES`` the rest is counted."""
    every = [shown(str(name)) for name in names]
    some, rest = [name for name in every[:MOST_NAMES] if name], len(every) - MOST_NAMES
    if not some:
        return NOTHING
    more = Text(f"，另有 {rest} 个", f" and {rest} more") if rest > 0 else Text.same("")
    return Text(f"{'、'.join(some)}{more.zh}", f"{', '.join(some)}{more.en}")


def rows_found(number: int) -> Text:
    """Count rows: "17 rows"."""
    return Text(f"{number:,} 行", counted(number, "row", "rows"))


def looks_like(content: bytes) -> Text:
    """Say what the first bytes of a file look like: a known format, a text and how it begins, or neither."""
    if not content:
        return Text("空文件", "an empty file")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Text("用 UTF-16 编码的文本", "text in UTF-16")
    known = next((words for mark, words in _MARKS if content.startswith(mark)), None)
    return known or _text_like(content[:4096]) or _OTHER


def _text_like(head: bytes) -> Text | None:
    text = _decoded(head, "utf-8")
    if text is not None:
        return Text("以“{start}”开头的文本", "text that begins with “{start}”").format(start=shown(text[:24]))
    return None if _decoded(head, "gb18030") is None else Text("用 GBK 编码的文本", "text in GBK")


def is_binary(content: bytes) -> bool:
    """Tell whether bytes are no text in any usual encoding."""
    return looks_like(content) in {_OTHER, *(words for _, words in _MARKS)}


def _decoded(head: bytes, encoding: str) -> str | None:
    """Decode the beginning of a text, which may end within a character; None for what is no such text."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    plain = text.removeprefix("\ufeff")
    return plain if all(c.isprintable() or c in "\t\r\n" for c in plain) else None


def text_fault(content: bytes, error: ValueError) -> Text:
    """Say why bytes could not be read as UTF-8, TOML or JSON: what they look like, or the line of the fault."""
    what = looks_like(content)
    if is_binary(content):
        return Text(f"不是文本：看起来是{what.zh}", f"not text: looks like {what.en}")
    if isinstance(error, UnicodeDecodeError):
        line = content[: error.start].count(b"\n") + 1
        return Text(f"第 {line} 行不是 UTF-8：看起来是{what.zh}", f"line {line} is not UTF-8: looks like {what.en}")
    text = content.decode("utf-8", "replace")
    at = re.search(r"line (\d+),? column (\d+)", str(error))
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    lines = text.split("\n")
    words = value_found(lines[min(line, len(lines)) - 1].strip())
    return Text("第 {line} 行无法读取：{words}", "line {line} cannot be read: {words}").format(line=line, words=words)


def system_fault(error: OSError) -> Text:
    """Say why the system refused to read or write."""
    number = error.errno or 0
    return _SYSTEM.get(number, Text(f"系统错误 {number}", f"system error {number}"))


def inside_fault(path: Path, error: Exception) -> Text:
    """Say what is wrong inside a spatial file that its library cannot read, whose own words are the error's cause."""
    if isinstance(error, OSError) and error.errno:
        return system_fault(error)
    if path.is_file() and path.stat().st_size <= _LARGEST_JSON:
        content = path.read_bytes()
        if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            try:
                json.loads(content)
            except ValueError as fault:
                return text_fault(content, fault)
    return Text("内容不完整或已损坏", "content that is incomplete or damaged")
