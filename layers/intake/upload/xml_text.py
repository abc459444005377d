"""XML of strangers, looked through once before any library sees it: no document type, no endless nesting, UTF-8."""

import codecs
import io
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat  # only with handlers that refuse what is dangerous

from geo.errors import DataError
from geo.findings import shown
from geo.text import Text
from layers.intake.spatial.faults import refuse
from layers.intake.upload.encoding import find_encoding, text_codec
from layers.intake.upload.kinds import doctype

DEEPEST = 100
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PLAIN = {"utf-8", "ascii"}


def check_xml(path: Path, *, file: str) -> Mapping[str, int]:
    """Look an XML file through.

    Returns:
        How often each element occurs, by its name without prefix.

    Raises:
        DataError: a document type, nesting beyond ``DEEPEST``, or no XML; it names the line.
    """
    return _elements(path.read_bytes(), file)


def rewrite_in_utf8(path: Path, *, file: str) -> None:
    """Rewrite an XML file of another encoding in UTF-8, in its place: no library knows GBK.

    Raises:
        DataError: text in no usual encoding.
    """
    content = path.read_bytes()
    plain = _utf8(content, file)
    if plain is not content:
        path.write_bytes(plain)


def _utf8(content: bytes, file: str) -> bytes:
    declared = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8).lstrip())
    name = text_codec(declared[1].decode()) if declared else None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (declared and name not in _PLAIN):
        found = find_encoding(content, file, given=None if name is None or name.startswith("utf") else name)
        text = content[found.mark :].decode(found.name, "replace")
        return _DECLARATION.sub("", text).encode()
    return content


def _elements(content: bytes, file: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    depth = 0
    parser = expat.ParserCreate(namespace_separator=None)

    def start(name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        counts[name.rpartition(":")[2]] += 1
        if depth > DEEPEST:
            raise refuse(file, "xml_depth", Text(f"超过 {DEEPEST} 层的嵌套", f"more than {DEEPEST} levels of nesting"))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refused(*_: object) -> None:
        raise doctype(file)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    try:
        parser.ParseFile(io.BytesIO(content))
    except LookupError as error:  # an encoding that nobody knows
        raise _syntax(content, 1, file) from error
    except expat.ExpatError as error:
        raise _syntax(content, error.lineno, file) from error
    return counts


def _syntax(content: bytes, line: int, file: str) -> DataError:
    lines = content.splitlines()
    words = shown(lines[min(line, len(lines)) - 1][:200].decode("utf-8", "replace")) if lines else "…"
    found = Text("第 {line} 行无法读取：{words}", "line {line} cannot be read: {words}")
    return refuse(file, "xml_syntax", found.format(line=line, words=words))
