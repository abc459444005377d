"""Words of drawings, which stand beside things and not in them, given to the things that they are about."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import shapely

from layers.intake.spatial.cad_shapes import Thing

_NEAR = 6.0  # heights of a letter within which words belong to a block
_STOREYS = re.compile(r"(\d{1,2})\s*(?:F|层)|[砼混砖钢木石土简](\d{1,2})", re.IGNORECASE)
"""How maps write storeys: 6F, 6层, and 砼6 or 混3, which begin with what the house is built of."""


def add_words(things: Sequence[Thing], words: Sequence[Thing]) -> None:
    """Give each area the words in it, the smallest area first, and each block the words nearest to it."""
    said = [one for one in words if one.shape is not None and one.record.get("text")]
    if not said:
        return
    areas = sorted(
        (one for one in things if one.shape is not None and one.shape.geom_type.endswith("Polygon")),
        key=lambda one: one.shape.area if one.shape is not None else 0.0,
    )
    taken = words_inside(areas, said)
    tree = shapely.STRtree([one.shape for one in said])
    for thing in things:
        if thing.record["entity"] == "INSERT" and thing.shape is not None:
            at = int(tree.nearest(thing.shape))
            if at not in taken and said[at].shape.distance(thing.shape) <= _NEAR * said[at].height:  # type: ignore[union-attr]
                thing.record["text"] = said[at].record["text"]


def words_inside(areas: Sequence[Thing], said: Sequence[Thing]) -> set[int]:
    """Give words to the smallest area around them, the smallest first in ``areas``; say which words found one."""
    taken: set[int] = set()
    if areas:
        tree = shapely.STRtree([one.shape for one in areas])
        inside: dict[int, list[str]] = defaultdict(list)
        for at, word in enumerate(said):
            around = tree.query(word.shape, predicate="within")
            if len(around):
                taken.add(at)
                inside[int(around.min())].append(word.record["text"])
        for number, texts in inside.items():
            areas[number].record.update({"text": " ".join(texts), **_told(texts)})
    return taken


def _told(texts: Sequence[str]) -> dict[str, Any]:
    """Take words about a house apart: how many storeys, if that is said once, and what it is called."""
    marks = [found for text in texts if (found := _STOREYS.fullmatch(text.strip()))]
    names = [text for text in texts if not _STOREYS.fullmatch(text.strip())]
    counts = {int(one[1] or one[2]) for one in marks}
    told: dict[str, Any] = {"name": " ".join(names)} if names else {}
    return told | ({"storeys": counts.pop()} if len(counts) == 1 else {})
