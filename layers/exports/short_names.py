"""Names of columns for shapefiles, whose tables hold ten bytes of a name.

ASCII rule: what is no letter or digit becomes "_"; the longest word between the "_" loses its last letter,
again and again, until all fit in ten characters (``elderly_residents`` is ``elder_resi``), units at the
end staying whole (``stated_area_m2`` is ``sta_are_m2``); a name without any ASCII letter is "f" and its
place (``f07``). GBK rule: the first five Chinese characters of the title. Names that turn out alike end in
a number.
"""

import re
from collections.abc import Sequence

from geo.text import Lang
from layers.exports.outgoing import Column

LONGEST = 10
"""Bytes of a name in a dBase table."""
UNITS = frozenset({"m", "mm", "m2", "pct"})


def ascii_names(columns: Sequence[Column]) -> list[str]:
    """Give the columns ASCII names of at most ten characters, no two alike."""
    return _unlike([_short(one.name, place) for place, one in enumerate(columns, 1)], "ascii")


def gbk_names(columns: Sequence[Column]) -> list[str]:
    """Give the columns the first five characters of their Chinese titles, no two alike."""
    wanted = []
    for place, one in enumerate(columns, 1):
        title = re.sub(r"[^\w]", "", one.title.in_(Lang.ZH)).encode("gbk", "ignore").decode("gbk")
        wanted.append(_first(title, LONGEST, "gbk") or _short(one.name, place))
    return _unlike(wanted, "gbk")


def _short(name: str, place: int) -> str:
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    if not re.search("[a-z]", "".join(words)):
        return f"f{place:02d}"
    while len("_".join(words)) > LONGEST:
        loose = [n for n, word in enumerate(words) if not (n == len(words) - 1 and word in UNITS)]
        longest = max(loose, key=lambda n: (len(words[n]), n))
        if len(words[longest]) == 1:
            words = ["".join(words)[:LONGEST]]
            break
        words[longest] = words[longest][:-1]
    joined = "_".join(words)
    return joined if joined[0].isalpha() else f"f{joined}"[:LONGEST]


def _first(text: str, most: int, encoding: str) -> str:
    return text.encode(encoding)[:most].decode(encoding, "ignore")


def _unlike(names: Sequence[str], encoding: str) -> list[str]:
    """Number names that are alike, in their order; a name that is whole keeps its letters."""
    used: set[str] = set()
    found = []
    for name in names:
        number, new = 1, name
        while new.casefold() in used:
            tail = f"_{number}"
            new, number = _first(name, LONGEST - len(tail), encoding) + tail, number + 1
        used.add(new.casefold())
        found.append(new)
    return found
