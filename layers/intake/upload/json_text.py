"""JSON texts read item by item, so that a large file needs little memory and a broken item is found by its place.

Python's own parser reads each item; it refuses what is nested too deeply. Repeated keys, of which every
parser silently keeps one, are noted.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import DataError
from geo.findings import shown
from geo.text import Text
from layers.intake.spatial.faults import refuse
from layers.intake.upload.encoding import find_encoding

_SPACE = re.compile(r"[ \t\r\n\x1e]*")
_LISTS = ("features", "service_requests", "requests", "")
"""Members of the outermost object, or the outermost list itself, that are read item by item."""


class Repeated(NamedTuple):
    """A key that occurs more than once in one object; whether its values differ."""

    name: str
    differs: bool


class Item(NamedTuple):
    """One element of the list of a JSON text: its number from 1, what it is, its text, keys repeated in it.

    Of the geometry of a feature the value holds the type only; the rest is in the text.
    """

    number: int
    value: Any
    text: str
    repeated: tuple[Repeated, ...]


class Document(NamedTuple):
    """A JSON text: its outermost members, the list among them, and the keys that were repeated outside of it."""

    members: dict[str, Any]
    items: list[Item] | None
    repeated: tuple[Repeated, ...]
    encoding: str


def text_of(path: Path, *, file: str) -> tuple[str, str]:
    """Read a text in any usual encoding; the text and the name of its encoding.

    Raises:
        DataError: no text.
    """
    content = path.read_bytes()
    encoding = find_encoding(content, file)
    return content[encoding.mark :].decode(encoding.name, "replace"), encoding.name


def read_document(path: Path, *, file: str) -> Document:
    """Read a JSON text: an object, a list of objects, or objects one after the other.

    Raises:
        DataError: no JSON; it names the line.
    """
    text, encoding = text_of(path, file=file)
    reader = _Reader(text, file)
    reader.skip()
    if reader.at_sign("["):
        return Document({}, list(reader.items()), (), encoding)
    members, items, repeated = reader.object()
    reader.skip()
    if reader.at < len(text):  # one object after the other, a line each
        reader.at = 0
        return Document({"type": "FeatureCollection"}, list(reader.sequence()), (), encoding)
    return Document(members, items, repeated, encoding)


class _Reader:
    """A place in a JSON text."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file, self.at = text, file, 0
        self.repeated: list[Repeated] = []
        self.decoder = json.JSONDecoder(object_pairs_hook=self._pairs)

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            first: dict[str, Any] = {}
            for name, value in pairs:
                if name in first:
                    self.repeated.append(Repeated(name, repr(first[name]) != repr(value)))
                first.setdefault(name, value)
            return first
        return made

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()

    def at_sign(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def fail(self, at: int) -> DataError:
        line = self.text.count("\n", 0, at) + 1
        start = self.text.rfind("\n", 0, at) + 1
        words = shown(self.text[max(start, at - 30) : at + 30])
        found = Text("第 {line} 行无法读取：{words}", "line {line} cannot be read: {words}")
        return refuse(self.file, "json_syntax", found.format(line=line, words=words or "…"))

    def value(self) -> Any:  # noqa: ANN401 (any JSON)
        """Read one value and stand behind it."""
        self.skip()
        try:
            made, self.at = self.decoder.raw_decode(self.text, self.at)
        except RecursionError as error:
            deep = Text("层层嵌套的括号", "brackets within brackets without end")
            raise refuse(self.file, "json_depth", deep) from error
        except json.JSONDecodeError as error:
            raise self.fail(error.pos) from error
        except ValueError as error:  # a number with more digits than Python takes
            raise self.fail(self.at) from error
        return made

    def sign(self, *signs: str) -> str:
        """Read one of these signs."""
        self.skip()
        found = next((one for one in signs if self.at_sign(one)), None)
        if found is None:
            raise self.fail(self.at)
        self.at += 1
        return found

    def object(self) -> tuple[dict[str, Any], list[Item] | None, tuple[Repeated, ...]]:
        """Read the outermost object; of its list the items."""
        members: dict[str, Any] = {}
        items: list[Item] | None = None
        repeated: list[Repeated] = []
        self.sign("{")
        self.skip()
        end = self.at_sign("}")
        while not end:
            name = self.value()
            if not isinstance(name, str):
                raise self.fail(self.at)
            self.sign(":")
            self.skip()
            if name in _LISTS and self.at_sign("["):
                if items is not None:
                    repeated.append(Repeated(name, differs=True))
                items = [*(items or []), *self.items(len(items or []))]
            else:
                value = self.value()
                if name in members:
                    repeated.append(Repeated(name, repr(members[name]) != repr(value)))
                members.setdefault(name, value)
            end = self.sign(",", "}") == "}"
        self.at += self.at_sign("}")
        repeated += self.repeated
        self.repeated = []
        return members, items, tuple(repeated)

    def items(self, before: int = 0) -> Iterator[Item]:
        """Read a list item by item."""
        self.sign("[")
        self.skip()
        if self.at_sign("]"):
            self.at += 1
            return
        number, more = before, True
        while more:
            number += 1
            yield self.item(number)
            more = self.sign(",", "]") == ","

    def item(self, number: int) -> Item:
        """Read one item."""
        outside, self.repeated = self.repeated, []
        self.skip()
        start = self.at
        value = self.value()
        if isinstance(value, dict) and isinstance(value.get("geometry"), dict):
            value["geometry"] = {"type": value["geometry"].get("type")}  # coordinates take ten times their text
        item = Item(number, value, self.text[start : self.at], tuple(self.repeated))
        self.repeated = outside
        return item

    def sequence(self) -> Iterator[Item]:
        """Read items that follow each other without a list."""
        number = 0
        self.skip()
        while self.at < len(self.text):
            number += 1
            yield self.item(number)
            self.skip()
