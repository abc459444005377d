"""What a panel compares: aspects with each other, then the measures of each aspect.

Eleven measures two by two are 55 questions, and Saaty's table of random indices ends at ten. In two steps they are
18 questions, and each step has a consistency ratio of its own (Saaty 1980, hierarchies).
"""

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from geo.text import Text
from layers.standards import standard
from reports.criteria import MEASURES

ASPECTS = "aspects"
"""Key of the block that compares the aspects themselves."""
BETWEEN = Text("各方面之间", "between the aspects")
OTHER = Text("其他", "other")


class Block(NamedTuple):
    """Things that are compared two by two: aspects, or the measures of one aspect."""

    key: str
    title: Text
    items: tuple[str, ...]
    names: tuple[Text, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of the upper triangle, row by row."""
        return tuple(combinations(self.items, 2))


def blocks(keys: Iterable[str], folder: Path | None = None) -> tuple[Block, ...]:
    """Give what has to be compared to weigh some measures: the aspects first, then each aspect of two or more.

    Args:
        keys: measures, in the order in which they are shown.
        folder: the workspace, whose ``standards/aspects.csv`` may arrange them otherwise.
    """
    members = members_of(keys, folder)
    words = aspect_words(folder)
    found = [Block(ASPECTS, BETWEEN, tuple(members), tuple(words.get(key, OTHER) for key in members))]
    found += [
        Block(key, words.get(key, OTHER), measures, tuple(MEASURES[one].title for one in measures))
        for key, measures in members.items()
    ]
    return tuple(block for block in found if len(block.items) > 1)


def members_of(keys: Iterable[str], folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Give the measures of each aspect, aspects in the order of their first measure."""
    table = standard("aspects", folder)
    aspect = dict(zip(table["measure"], table["aspect"], strict=True))
    found: dict[str, tuple[str, ...]] = {}
    for key in keys:
        name = aspect.get(key, "other")
        found[name] = (*found.get(name, ()), key)
    return found


def aspect_words(folder: Path | None = None) -> dict[str, Text]:
    """Give the words of each aspect."""
    table = standard("aspects", folder).drop_duplicates("aspect")
    return {str(row.aspect): Text(str(row.zh), str(row.en)) for row in table.itertuples()}
