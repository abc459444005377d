"""In which encoding a text table is written, found by trial in a fixed order, with the evidence told.

1. A byte order mark decides: UTF-8, UTF-16 of either order.
2. UTF-16 without a mark: zero bytes at one parity only, and what is decoded has line ends or
   separators and at least one ASCII character in fifty (two in five if all bytes are ASCII).
   Not what is valid UTF-8 beyond ASCII.
3. UTF-8 that decodes whole; chance makes no other text valid UTF-8.
4. UTF-8 with damage: at least nine of ten characters beyond ASCII are whole.
5. GB18030 (GBK, GB2312): at least half of the double bytes lie where common Chinese characters and
   signs are, and at most one in fifty is broken.
6. Windows-1252, if all of its bytes exist in it.

Steps 4 to 6 are guesses and are told as such.
"""

import codecs
import re
from typing import NamedTuple

from geo.errors import Problem
from geo.findings import looks_like
from geo.text import Text
from layers.intake.tables.faults import refuse, table_problem

_STEP = 1 << 20
_SAMPLE = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_GB_CHARACTER = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])")
_BEYOND_ASCII, _BROKEN = re.compile("[^\\x00-\\x7f]+"), re.compile("[\udc80-\udcff]+")
_GB_COMMON = re.compile(rb"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]")
_NO_WRITING = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape", "raw-unicode-escape"}
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\x0b\f\r\x1b")
_MOST_CONTROLS = 0.02
_LEAST_ASCII = 0.02  # of UTF-16: separators, digits and line ends alone are more
_LEAST_IN_ASCII = 0.4
_LEAST_WHOLE = 0.9
_LEAST_COMMON = 0.5
_MOST_BROKEN = 0.02


class Encoding(NamedTuple):
    """How a text is written. ``whole``: all of it decodes; ``sure``: nothing was guessed; ``evidence``: why."""

    name: str
    mark: int
    whole: bool
    sure: bool
    evidence: Text


def find_encoding(content: bytes, file: str, *, given: str | None = None) -> Encoding:
    """Find the encoding of a text, or check a given one.

    Raises:
        DataError: no text, or text in none of the encodings; ``given`` is no encoding.
    """
    mark = next(((len(mark), name) for mark, name in _MARKS if content.startswith(mark)), None)
    if given is not None:
        return _given(content, file, given, 0 if mark is None else mark[0])
    if mark is not None:
        return _marked(content, file, *mark)
    valid = _decodes(content, "utf-8")
    found = _utf_16(content, valid=valid) or _utf_8(content, valid=valid)
    if found is not None:
        return found
    if _no_text(content[:_SAMPLE]):
        raise refuse(file, "not_text", looks_like(content[:4096]))
    found = _gb18030(content) or _western(content)
    if found is None:
        raise refuse(file, "encoding_unknown", Text("无法识别的编码", "an encoding that is not recognised"))
    return found


def guess_note(encoding: Encoding, file: str) -> list[Problem]:
    """Tell a guess; nothing where nothing was guessed."""
    if encoding.sure:
        return []
    name = encoding.name.upper()
    found = Text("按 {name} 读取：{why}", "read as {name}: {why}").format(name=name, why=encoding.evidence)
    return [table_problem("encoding_guessed", file, found=found)]


def as_utf8(content: bytes, encoding: Encoding) -> bytes:
    """Give the text in UTF-8 without its mark; bytes that are no character stay as they are."""
    body = memoryview(content)[encoding.mark :]
    if encoding.name == "utf-8":
        return bytes(body) if encoding.mark else content
    decoder = codecs.getincrementaldecoder(encoding.name)("strict" if encoding.whole else "surrogateescape")
    pieces = bytearray()
    for at in range(0, len(body), _STEP):
        text = decoder.decode(body[at : at + _STEP], at + _STEP >= len(body))
        pieces += text.encode("utf-8", "surrogateescape")
    return bytes(pieces)


def _decodes(content: bytes | memoryview, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for at in range(0, len(content), _STEP):
            decoder.decode(content[at : at + _STEP])
        decoder.decode(b"", True)  # noqa: FBT003 (the name of the argument differs between codecs)
    except UnicodeDecodeError:
        return False
    return True


def text_codec(word: str) -> str | None:
    """Give the codec of a name that stands in a file; None if nobody knows it or it is none of text, as "uu" or "idna"."""
    try:
        name = codecs.lookup(word).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return None if name in _NO_WRITING else name


def _no_text(sample: bytes) -> bool:
    """Tell whether bytes have more control characters than any text."""
    return len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(sample)


def _given(content: bytes, file: str, given: str, mark: int) -> Encoding:
    name = text_codec(given)
    if name is None:
        raise refuse(file, "encoding_unknown", Text.same(given))
    name, said = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(name, name), Text("由用户指定", "as you said")
    mark = mark if name.startswith("utf") else 0
    whole = _decodes(memoryview(content)[mark:], name)
    if not whole and name.startswith("utf-16"):
        raise refuse(file, "encoding_unknown", Text(f"不是 {given}", f"text that is not {given}"))
    return Encoding(name, mark, whole=whole, sure=True, evidence=said)


def _marked(content: bytes, file: str, mark: int, name: str) -> Encoding:
    whole = _decodes(memoryview(content)[mark:], name)
    if not whole and name != "utf-8":
        raise refuse(file, "encoding_unknown", Text("中断的 UTF-16 文本", "UTF-16 text that breaks off"))
    return Encoding(
        name, mark, whole=whole, sure=True, evidence=Text("文件开头有编码标记", "the file begins with a mark")
    )


def _utf_16(content: bytes, *, valid: bool) -> Encoding | None:
    sample = content[: _SAMPLE & ~1]
    zeros = (sample[::2].count(0), sample[1::2].count(0))
    if not any(zeros) or len(content) % 2 or (valid and not content.isascii()):
        return None
    name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = sample.decode(name, "replace")
    plain = sum(c < "\x80" for c in text)
    least = _LEAST_IN_ASCII if valid else _LEAST_ASCII
    if min(zeros) or plain < least * len(text) or not any(c in text for c in "\n\r,;\t|"):
        return None
    why = Text("零字节只出现在奇数或偶数位", "every second byte is zero where the text is plain")
    return Encoding(name, 0, whole=True, sure=True, evidence=why) if _decodes(content, name) else None


def _utf_8(content: bytes, *, valid: bool) -> Encoding | None:
    if valid:
        return Encoding("utf-8", 0, whole=True, sure=True, evidence=Text("全文符合 UTF-8", "all of it is valid UTF-8"))
    for some in (content[:_SAMPLE], content):  # all of it only if it is likely
        text = some.decode("utf-8", "surrogateescape")
        beyond = sum(map(len, _BEYOND_ASCII.findall(text)))
        broken = sum(map(len, _BROKEN.findall(text)))
        if beyond - broken < _LEAST_WHOLE * beyond:
            return None
    why = Text(
        f"除 {broken:,} 个字节外均符合 UTF-8", f"valid UTF-8 but for {broken:,} {'byte' if broken == 1 else 'bytes'}"
    )
    return Encoding("utf-8", 0, whole=False, sure=False, evidence=why)


def _gb18030(content: bytes) -> Encoding | None:
    characters = _GB_CHARACTER.findall(content[:_SAMPLE])
    common = sum(_GB_COMMON.fullmatch(one) is not None for one in characters)
    if not characters or common < _LEAST_COMMON * len(characters):
        return None
    share = Text.same(f"{100 * common / len(characters):.0f}%")
    whole = _decodes(content, "gb18030")
    if not whole:
        text = content.decode("gb18030", "surrogateescape")
        broken = sum(map(len, _BROKEN.findall(text)))
        if broken > _MOST_BROKEN * sum(c > "\x7f" for c in text):
            return None
    why = Text(
        "不是 UTF-8；双字节字符中 {share} 是常用汉字或标点",
        "no UTF-8; {share} of the double bytes are common Chinese characters",
    )
    return Encoding("gb18030", 0, whole=whole, sure=False, evidence=why.format(share=share))


def _western(content: bytes) -> Encoding | None:
    if not _decodes(content, "cp1252"):
        return None
    why = Text("不是 UTF-8，也不像中文编码", "neither UTF-8 nor a Chinese encoding")
    return Encoding("cp1252", 0, whole=True, sure=False, evidence=why)
