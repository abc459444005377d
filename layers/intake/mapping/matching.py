"""Which column a heading names: by the table of aliases, by the names and titles of the layer, by what it contains.

The kinds of evidence, the surest first: the heading is an alias or a name letter by letter; the same without
regard to case, width, blanks, punctuation, brackets and units; the last part of a heading of two rows; a name
that a shapefile cut at ten characters; an alias at the end of a longer heading, where Chinese and English say what a thing is (责任单位联系电话
is a phone); of several the longest.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from layers.catalog import LayerSpec
from layers.cited import LOCAL
from layers.intake.cells.amounts import quantity_of
from layers.intake.mapping.targets import TARGETS, id_title, is_own

EXACT, NORMALISED, PART, CUT, CONTAINED, EVIDENCE = 1.0, 0.95, 0.9, 0.8, 0.6, 0.5
"""Confidence of each kind of evidence."""
ASKED = 0.7
"""Below, a choice is a proposal that a person should look at."""
_BRACKETS = re.compile(r"[(（\[【<《][^()（）\[\]【】<>《》]*[)）\]】>》]?")
_SILENT = re.compile(r"[\s_\-./:：,，、;；*＊'\"“”·#()（）\[\]【】?？]+")
_UNIT_BEHIND = re.compile(
    r"(?:[(\[【]\s*(?:单位\s*[:/]?\s*)?|[/:,_]\s*(?:单位\s*[:/]?\s*)?|\s+)([^()\[\]【】/:,_\s\d]+\d?)\s*[)\]】]?$"
)
_SHORTEST = {True: 2, False: 4}
_CUT_AT = 10


class Match(NamedTuple):
    """What a heading may be: targets in the order of preference, how sure, and why."""

    targets: tuple[str, ...]
    confidence: float
    reason: Text


class Names(NamedTuple):
    """The names of a layer's targets: as written, and in plain form; each with targets in order of preference."""

    exact: Mapping[str, tuple[str, ...]]
    plain: Mapping[str, tuple[str, ...]]


def plain(heading: str) -> str:
    """Give the form in which headings are compared: without case, width, brackets, blanks and punctuation."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return _SILENT.sub("", _BRACKETS.sub("", folded)) or _SILENT.sub("", folded)


def unit_in(heading: str) -> str:
    """Find the unit that a heading names, such as 万元 in 投资（万元）; empty for none."""
    found = _UNIT_BEHIND.search(" ".join(unicodedata.normalize("NFKC", heading).split()))
    return found[1] if found and quantity_of(found[1]) else ""


def without_unit(heading: str) -> str:
    """Give a heading without the unit behind it: 面积/亩 is 面积."""
    if not unit_in(heading):
        return heading
    return _UNIT_BEHIND.sub("", unicodedata.normalize("NFKC", heading).strip())


def names_of(spec: LayerSpec, aliases: pd.DataFrame) -> Names:
    """Collect the names of a layer: a workspace's aliases, the layer's, its names and titles, those of every layer."""
    wide, own = (_pairs(aliases, layer, spec) for layer in ("*", spec.key))
    titles = {spec.id_column: id_title(spec), **{name: spec.title_of(name) for name in spec.columns}}
    said = [(word, name, False) for name, title in titles.items() for word in (name, title.zh, title.en)]
    said += [(name, name, False) for name in TARGETS if name not in titles]
    itself = [(name, name, False) for name in titles]
    pairs = sorted([*itself, *own, *said, *wide], key=lambda pair: not pair[2])  # stable: a workspace's own first
    exact: dict[str, list[str]] = {}
    folded: dict[str, list[str]] = {}
    for alias, column, _ in pairs:
        for names, key in ((exact, alias), (folded, plain(alias))):
            if key and column not in names.setdefault(key, []):
                names[key].append(column)
    return Names(*({key: tuple(each) for key, each in names.items()} for names in (exact, folded)))


def _pairs(aliases: pd.DataFrame, layer: str, spec: LayerSpec) -> list[tuple[str, str, bool]]:
    """Give alias, target and whether a workspace set it, of the aliases of one layer that the spec can have."""
    table = aliases[aliases["layer"] == layer]
    rows = zip(table["alias"].astype(str), table["column"].astype(str), table["confidence"] == LOCAL, strict=True)
    return [(alias, column, bool(own)) for alias, column, own in rows if is_own(column, spec) or column in TARGETS]


def match(heading: str, names: Names) -> Match | None:
    """Find what a heading names; None for a heading that nothing is known of."""
    if heading.strip() in names.exact:
        return Match(names.exact[heading.strip()], EXACT, Text("与别名表一致", "in the table of aliases"))
    for words in (heading, without_unit(heading)):
        if plain(words) in names.plain:
            return Match(
                names.plain[plain(words)],
                NORMALISED,
                Text("与别名表一致（忽略标点和单位）", "an alias, but for punctuation and unit"),
            )
    last = plain(re.split(r"[/\n>]", without_unit(heading).rstrip("/"))[-1])
    if last in names.plain:
        return Match(names.plain[last], PART, Text(f"表头末级为“{last}”", f"the last part of the heading is “{last}”"))
    return _cut(heading, names) or _contained(heading, names)


def _cut(heading: str, names: Names) -> Match | None:
    """Find the one name that was cut at ten characters."""
    if len(heading) != _CUT_AT or not heading.isascii():
        return None
    longer = {each for name, each in names.exact.items() if name.casefold().startswith(heading.casefold())}
    reason = Text("字段名被截为 10 个字符", "a name cut at 10 characters")
    return Match(longer.pop(), CUT, reason) if len(longer) == 1 else None


def _contained(heading: str, names: Names) -> Match | None:
    """Find the longest alias that a longer heading ends with; a number behind it counts columns (照片2)."""
    words = plain(without_unit(heading)).rstrip("0123456789")
    ends = [name for name in names.plain if len(name) >= _SHORTEST[not name.isascii()] and words.endswith(name)]
    if not ends:
        return None
    best = max(ends, key=len)
    return Match(names.plain[best], CONTAINED, Text(f"表头以“{best}”结尾", f"the heading ends with “{best}”"))
