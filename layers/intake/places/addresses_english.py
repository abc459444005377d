"""The English half of the grammar of addresses.

In short::

    address  = [side] [number] street [side] {, part} [, region]
             | (intersection | corner) [of] street (and | & | at | /) street [, region]
    part     = Bldg 3 | Unit 2 | Apt 5 | Floor 2 | 2nd floor | Room 301 | side
    number   = 12  12A  12-14  12 1/2        (0 stands for no number in some ledgers and is read as none)
    street   = [N | East ...] words (St | Street | Ave ...) [N | East ...]

Parts are set apart by commas, semicolons or two blanks; without them the kind of street ends the street and the
rest is the region. Repeats are bounded as in ``addresses``.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from layers.intake.places.address_words import SIDES, Address
from layers.intake.places.name_forms import POINTS, TYPES

_POINT = "(?:" + "|".join(sorted({*POINTS, *POINTS.values()}, key=len, reverse=True)) + ")"
_MORE_TYPES = {"way", "row", "mall", "path", "trail", "walk", "bridge", "tunnel", "arm", "park", "cswy", "wy"}
_TYPE = "(?:" + "|".join(sorted({*TYPES, *TYPES.values(), *_MORE_TYPES}, key=len, reverse=True)) + ")"
_WORD = r"[\w.'&-]{1,30}"
_STREET = rf"(?:{_POINT}\.?[ ])?(?:{_WORD}[ ]){{1,5}}?{_TYPE}\b\.?(?:[ ]{_TYPE}\b\.?)?(?:[ ](?:{_POINT})\b)?"
_SIDE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{key: rf"{key}(?:ern)? side(?: of)?" for key in POINTS},
        "opposite": "opposite(?: of| from)?|across(?: the street)?(?: from)?",
        "gate": "entrance(?: of| to)?|gate(?: of)?|doorway(?: of)?",
        "below": "downstairs",
        "back": "(?:in the |at the )?rear(?: of)?|behind|back of",
        "front": "(?:in )?front(?: of)?",
        "corner": "(?:at the )?corner",
        "inside": "inside(?: of)?",
        "beside": "next to|beside|adjacent to|alongside",
        "near": "near(?: to)?|close to|by|around|vicinity of",
    }
)
_SIDE = "|".join(f"(?P<{key}>{words})" for key, words in _SIDE_WORDS.items())

GRAMMAR: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "pieces": re.compile(r"[ \t]{2,}|[ \t]?[,;\r\n][ \t]{0,9}"),
        "crossing": re.compile(
            r"(?:(?:at )?(?:the )?(?:intersection|corner|junction|cnr)(?: of)? )(.{1,60}?) ?(?:&|/|@|\band\b|\bat\b) ?(.{1,60})",
            re.IGNORECASE,
        ),
        "joint": re.compile(rf"({_STREET}) ?(?:&|/|@|\band\b|\bat\b) ?({_STREET})", re.IGNORECASE),
        "number": re.compile(
            r"(?:no\.? )?([0-9]{1,6}[A-Za-z]?(?: ?[-/] ?[0-9]{1,6}[A-Za-z]?)?)\b (?=\S)", re.IGNORECASE
        ),
        "street": re.compile(_STREET, re.IGNORECASE),
        "building": re.compile(r"(?:building|bldg|block|house)\.? ?#?([0-9]{1,4}[a-z]?|[a-z])\b", re.IGNORECASE),
        "unit": re.compile(
            r"(?:unit|apt|apartment|suite|ste|stairs?|#)\.? ?#?([0-9]{1,4}[a-z]?|[a-z])\b", re.IGNORECASE
        ),
        "floor": re.compile(
            r"(?:floor|fl|level)\.? ?([0-9]{1,3}|b[0-9])\b|([0-9]{1,3})(?:st|nd|rd|th) (?:floor|fl)\b", re.IGNORECASE
        ),
        "room": re.compile(r"(?:room|rm)\.? ?([0-9]{1,4}[a-z]?)\b", re.IGNORECASE),
        "away": re.compile(
            r"\b(?P<far>[0-9]{1,4}) ?(?P<unit>m|met(?:re|er)s?|ft|feet|y(?:ar)?ds?)\b"
            r"(?: (?:to the )?(?P<way>(?:north|south)-?(?:east|west)|(?i:north|south|east|west))\b(?: (?:of|from))?)?"
        ),
        "before": re.compile(rf"(?:{_SIDE})[ ](?=\S)", re.IGNORECASE),
        "side": re.compile(rf"[ ]?(?:{_SIDE})[ ]?$", re.IGNORECASE),
        "region": re.compile(r"[A-Za-z .'/-]{2,40}(?: [0-9]{5}(?:-[0-9]{4})?)?|[0-9]{5}(?:-[0-9]{4})?", re.IGNORECASE),
    }
)
"""Each rule of the English grammar."""

METRES: Mapping[str, float] = MappingProxyType({"m": 1.0, "f": 0.3048, "y": 0.9144})
"""Metres of a unit of distance by its first letter."""


def english_parts(text: str) -> Address:
    """Take an English address apart; see the module for the grammar."""
    away = GRAMMAR["away"].search(text)
    if not away:
        return _parts(text)
    found = _parts(f"{text[: away.start()]} {text[away.end() :]}")
    way = (away["way"] or "").replace("-", "").lower()
    metres = str(round(int(away["far"]) * METRES[away["unit"][0].lower()]))
    return found._replace(away_m=metres, side=way or found.side)


def _parts(text: str) -> Address:
    pieces = [piece for piece in GRAMMAR["pieces"].split(text.strip(" ,;.")) if piece]
    if not pieces:
        return Address()
    address, rest = _main(pieces[0])
    region = [rest] if rest else []
    for piece in pieces[1:]:
        found = _part(piece)
        if found:
            address = address._replace(**found)
        elif not (address.street or address.landmark):
            address, more = _main(piece)
            region += [more] if more else []
        else:
            region.append(piece)
    return address._replace(region=" ".join(region))


def _main(piece: str) -> tuple[Address, str]:
    """Read the piece that names the place; gives the address and what is left over."""
    crossing = GRAMMAR["crossing"].match(piece)
    if crossing:
        other, rest = _street(crossing[2])
        return Address(street=crossing[1].strip(), cross=other), rest
    found = GRAMMAR["before"].match(piece)
    side = str(found.lastgroup) if found else ""
    piece = piece[found.end() :] if found else piece
    joint = GRAMMAR["joint"].match(piece)
    if joint:
        return Address(street=joint[1].strip(), cross=joint[2].strip(), side=side), piece[joint.end() :].strip()
    return _single(piece, side)


def _single(piece: str, side: str) -> tuple[Address, str]:
    number = GRAMMAR["number"].match(piece)
    street, rest = _street(piece[number.end() :] if number else piece, sure=bool(number))
    tail = GRAMMAR["side"].fullmatch(rest) if rest else None
    if tail:
        side, rest = str(tail.lastgroup), ""
    if not street:
        return _landmark(piece, side)
    inner = _part(rest) if rest else {}
    said = number[1].replace(" ", "").upper() if number else ""
    said = "" if said == "0" else said
    return Address(street=street, number=said, side=side)._replace(**inner), "" if inner else rest


def _landmark(piece: str, side: str) -> tuple[Address, str]:
    found = _part(piece)
    if found:
        return Address(side=side)._replace(**found), ""
    tail = GRAMMAR["side"].search(piece)
    if tail and tail.start():
        return Address(landmark=piece[: tail.start()].strip(), side=str(tail.lastgroup)), ""
    said = piece.strip() if any(letter.isalnum() for letter in piece) else ""
    return Address(landmark=said, side=side), ""


def _street(words: str, *, sure: bool = True) -> tuple[str, str]:
    """Split off the street; without a kind of street all words are its name if it is ``sure`` that there is one."""
    found = GRAMMAR["street"].match(words)
    if found:
        return found[0].strip(), words[found.end() :].strip()
    return (words.strip(), "") if sure else ("", words)


def _part(piece: str) -> dict[str, str]:
    """Read a piece that says where in or at the building."""
    parts: dict[str, str] = {}
    for key in ("building", "unit", "floor", "room"):
        found = GRAMMAR[key].match(piece)
        if found:
            parts[key] = next(group for group in found.groups() if group).upper()
            piece = piece[found.end() :].strip()
    side = GRAMMAR["side"].fullmatch(piece)
    if side:
        parts["side"] = str(side.lastgroup)
    return parts if side or not piece else {}


def english_written(address: Address) -> str:
    """Write an address as ``english_parts`` reads it."""
    a = address
    if a.cross:
        return ", ".join(part for part in (f"Intersection of {a.street} & {a.cross}", a.region) if part)
    place = f"{a.number} {a.street}".strip() if a.street else a.landmark
    named = [("Building", a.building), ("Unit", a.unit), ("Floor", a.floor), ("Room", a.room)]
    inner = [f"{word} {value}" for word, value in named if value]
    side = SIDES[a.side].en if a.side else ""
    away = f"{a.away_m} m" if a.away_m else ""
    return ", ".join(part for part in (place, *inner, side, away, a.region) if part)
