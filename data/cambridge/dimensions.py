"""The size of a work of art as clerks write it: ``86”(h) x 166”(w)``, in inches or feet."""

import math
import re

INCH_M = 0.0254
FOOT_M = 0.3048

_NUMBER = r"\d+(?:\.\d+)?(?:/\d+)?"
_MARKS = "\"'”“’‘″′"
_SIDE = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?P<marks>[{_MARKS}]*)\s*(?:\((?P<side>h|w|l|d|dia)\.?\))?", re.IGNORECASE
)
_VAGUE = re.compile(rf"\d[{_MARKS}]?\s*-\s*\d|various", re.IGNORECASE)
_PANELS = re.compile(r"(?:^|[\s,])(?P<letter>[a-z])\)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\band\b|;|(?<=[\w)])\s*,\s")
_OVERALL = re.compile(r"\boverall\b", re.IGNORECASE)
_EACH = re.compile(r"\beach\b", re.IGNORECASE)
_PLAIN_SIDES = 2
_SPAN = re.compile(r"([a-z])-([a-z])$", re.IGNORECASE)
_LETTER = re.compile(r"\d([a-z])$", re.IGNORECASE)


def mural_area_m2(text: str | None, accession: str = "") -> float | None:
    """Read the painted area out of a size.

    Height times width, or the disc where only a diameter is given; depth is left aside. Several
    panels are added up; an overall size wins over the sizes of parts; "each" counts once for every
    letter of the accession number ("84.03a-b" are two). Where panels are lettered and the accession
    number ends in one of the letters, only that panel counts: the others have rows of their own.
    A number without a mark is in inches, as all others of the register are.

    Args:
        text: such as ``92”(h) x 52""(w) and 92”(h) x 51”(w)``.
        accession: number of the work in the register.

    Returns:
        Square metres, None where the text does not say it without doubt.
    """
    if text is None or _VAGUE.search(text):
        return None
    panel = _own_panel(text, accession)
    parts = [part for part in _BETWEEN.split(panel) if part.strip()]
    whole = [part for part in parts if _OVERALL.search(part)]
    areas = [area for area in map(_part_area, whole or parts) if area is not None]
    total = math.fsum(areas)
    if not areas or math.isnan(total):
        return None
    return total if whole or not _EACH.search(panel) else total * _pieces(accession)


def _own_panel(text: str, accession: str) -> str:
    """Cut out the panel that the accession number names, if the panels are lettered."""
    heads = list(_PANELS.finditer(text))
    letter = _LETTER.search(accession)
    ends = [*(head.start() for head in heads), len(text)]
    for head, end in zip(heads, ends[1:], strict=True):
        if letter and head["letter"].lower() == letter[1].lower():
            return text[head.end() : end]
    return text


def _part_area(part: str) -> float | None:
    """Give the area of one panel: None if the words are no panel, NaN if a side cannot be read."""
    sides: dict[str, float] = {}
    plain: list[float] = []
    for found in _SIDE.finditer(_PANELS.sub(" ", part)):
        length = _length_m(found["number"], found["marks"])
        if found["side"] is None:
            plain.append(length)
        else:
            sides.setdefault(found["side"].lower(), length)
    if not sides and len(plain) == _PLAIN_SIDES:
        sides = {"h": plain[0], "w": plain[1]}
    if "h" in sides and ("w" in sides or "l" in sides):
        return sides["h"] * sides.get("w", sides.get("l", math.nan))
    if "dia" in sides and set(sides) <= {"dia", "d"}:
        return math.pi / 4 * sides["dia"] ** 2
    return None


def _length_m(number: str, marks: str) -> float:
    """Give metres: one single mark is feet, double marks or two singles are inches, a mixture is NaN."""
    over, _, under = number.partition("/")
    value = float(over) / float(under or 1)
    feet, inches = sum(marks.count(mark) for mark in "'’‘′"), sum(marks.count(mark) for mark in '"”“″')
    if feet and inches:
        return math.nan
    return value * (FOOT_M if feet == 1 else INCH_M)


def _pieces(accession: str) -> int:
    span = _SPAN.search(accession)
    return ord(span[2].lower()) - ord(span[1].lower()) + 1 if span else 1
