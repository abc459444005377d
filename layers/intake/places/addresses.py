"""An address text taken apart by a small grammar, and written again from its parts.

A Chinese address goes from the large to the small, and so does the grammar::

    address  = [region] [street [cross | number]] [estate] [building [unit] [floor] [room]] [landmark] [side]
    region   = 永州市 冷水滩区 梅湾街道 活龙社区
    street   = name and 路 街 巷 弄 胡同 大道 ...     cross = 与/和 street [交叉口]
    number   = 12号  12-3号  12号之一  100弄5号  十二号
    building = 3栋 3幢 3座 3号楼 3#楼 三号楼 B栋 3-2-501; two of them: 3栋与4栋之间, 3-5栋
    unit     = 2单元 东单元          floor = 5楼 五层 负一层          room = 501室 501
    landmark = name and 公厕 公园 停车场 广场 学校 ...
    side     = 东侧 旁 对面 附近 门口 楼下 ...

An English one the other way round (``addresses_english``). Each rule is a regular expression whose repeats are
all bounded, tried a bounded number of times on at most ``name_forms.LETTERS`` letters, so no text can be slow.
"""

import re
from collections.abc import Mapping

from layers.intake.places.address_words import COMPASS, GRAMMAR, SIDES, Address
from layers.intake.places.addresses_english import english_parts, english_written
from layers.intake.places.name_forms import HAN, folded, in_digits

__all__ = ["SIDES", "Address", "parts_of", "written"]
SIDE_REACH = 8
"""Letters after a name or a number in which a word such as 东侧 still belongs to it."""
_HAN_LETTER = re.compile(f"[{HAN}]")


def parts_of(text: str) -> Address:
    """Take an address text apart; what is not understood is left out, an empty text gives an empty address."""
    plain = folded(text).strip()
    if _HAN_LETTER.search(plain):
        text = GRAMMAR["gap"].sub("", GRAMMAR["separator"].sub(" ", plain))
        away = GRAMMAR["away"].search(text)
        if not away:
            return _chinese(text)
        found = _chinese(f"{text[: away.start()]} {text[away.end() :]}".strip())
        way = away["way"]
        return found._replace(away_m=away["metres"].lstrip("0"), side=COMPASS[way] if way else found.side)
    return english_parts(plain)


def _chinese(text: str) -> Address:
    grid = GRAMMAR["grid"].search(text)
    if grid:
        text = f"{text[: grid.start()]} {text[grid.end() :]}".strip()
    numbers, head, tail = _anchor(text)
    names = _names(head, beforehand=bool(numbers))
    address = Address(grid=grid[0] if grid else "")._replace(**names)
    if numbers:
        return address._replace(**numbers, **_inside(tail))
    return address._replace(side=_side(tail or _after(head, names)))


def _anchor(text: str) -> tuple[dict[str, str], str, str]:
    """Find the building: its numbers, what stands before it and what after."""
    short = GRAMMAR["short"].search(text)
    if short:
        numbers = {"building": short[1], "unit": short[2], "room": short[3]}
        return numbers, text[: short.start()], text[short.end() :]
    found = GRAMMAR["building"].search(text)
    if not found:
        return {}, text, ""
    also = found[3] or found[2] or ""
    numbers = {"building": _plain(found[1]), "also": _plain(also)}
    return numbers, text[: found.start()], text[found.end() :]


def _plain(number: str) -> str:
    digits = in_digits(number + "号")[:-1]
    return (digits.lstrip("0") or digits).upper()


def _inside(tail: str) -> dict[str, str]:
    """Read unit, floor, room and side off what follows a building."""
    parts = {}
    for key in ("unit", "floor", "room"):
        found = GRAMMAR[key].match(tail)
        if found:
            parts[key] = _level(found[1] or found[2]) if key == "room" else _level(found[1])
            tail = tail[found.end() :]
    landmark = GRAMMAR["landmark"].match(tail[:SIDE_REACH])
    parts["side"] = _side(tail)
    if landmark and not parts["side"]:
        parts["landmark"] = landmark[0].strip()
    return parts


def _level(number: str) -> str:
    below = number.startswith(("负", "地下", "B")) and len(number) > 1
    return f"B{_plain(number.removeprefix('负').removeprefix('地下').removeprefix('B'))}" if below else _plain(number)


def _side(tail: str) -> str:
    found = GRAMMAR["side"].search(tail[:SIDE_REACH])
    return str(found.lastgroup) if found else ""


def _names(head: str, *, beforehand: bool) -> dict[str, str]:
    """Read region, streets, number, estate and landmark off what stands before a building, or off the whole."""
    head = GRAMMAR["lead"].sub("", head, count=1) if GRAMMAR["lead"].match(head) else head
    region = GRAMMAR["region"].match(head)
    parts = {"region": region[0] if region else ""}
    rest = head[len(parts["region"]) :]
    rest = _streets(rest, parts)
    if parts.get("street") and not parts.get("cross") and GRAMMAR["ending"].match(rest):
        rest = parts.pop("street") + rest  # 大学路新村 is an estate, named after its street
    number = GRAMMAR["number"].match(rest) or (None if parts.get("street") else GRAMMAR["number"].search(rest))
    if number:
        parts["number"] = _door(number)
        rest = f"{rest[: number.start()]} {rest[number.end() :]}"
    rest = _stripped(rest)
    if beforehand:
        pieces = [piece for one in GRAMMAR["piece"].split(rest) if (piece := _stripped(one))]
        parts["estate"] = pieces[-1] if pieces else ""
        if not pieces and not parts.get("street") and region and region["community"]:
            # 葵巷社区1幢: the community itself is what the house is numbered in.
            parts |= {"estate": region["community"], "region": region[0].removesuffix(region["community"])}
    else:
        parts |= _named(rest)
    return parts


def _streets(rest: str, parts: dict[str, str]) -> str:
    """Take the streets off the front: two that meet, or the smallest of several in a row."""
    found = GRAMMAR["street"].match(rest) or _later_street(rest)
    while found:
        parts["street"] = _stripped(found[0])
        rest = rest[found.end() :]
        joint = GRAMMAR["and"].match(rest)
        other = GRAMMAR["street"].match(rest, joint.end() if joint else 0)
        meet = GRAMMAR["meet"].match(rest, other.end()) if other else None
        if other and (joint or meet):
            parts["cross"] = other[0].strip()
            return rest[(meet or other).end() :]
        found = other
        if found:
            parts["region"] += parts["street"]
    return rest


def _later_street(rest: str) -> re.Match[str] | None:
    """Find a street behind a blank: 活龙社区 天桥南路."""
    blank = rest.find(" ")
    return GRAMMAR["street"].match(rest, blank + 1) if blank >= 0 else None


def _door(found: re.Match[str]) -> str:
    if found[3]:
        return found[3]
    number = found[1].replace("附", "-")
    return f"{_plain(number)}-{in_digits(found[2])}" if found[2] else _plain(number)


def _named(rest: str) -> dict[str, str]:
    landmark = GRAMMAR["landmark"].match(rest)
    if landmark:
        return {"landmark": landmark[0].strip("() ")}
    estate = GRAMMAR["estate"].match(rest)
    return {"estate": estate[0]} if estate else {}


def _after(head: str, names: Mapping[str, str]) -> str:
    """Give what follows the last name that was found."""
    ends = [head.rfind(name) + len(name) for name in names.values() if name and name in head]
    return head[max(ends, default=0) :]


def _stripped(name: str) -> str:
    """Take signs and words such as 位于 off the front, signs off the end; closed brackets stay."""
    name = name.strip(" ·的")
    led = GRAMMAR["lead"].match(name)
    name = (name[led.end() :] if led else name).lstrip("(")
    return name if "(" in name else name.rstrip(")")


def written(address: Address) -> str:
    """Write an address as ``parts_of`` reads it; Chinese unless it has Latin letters only."""
    names = address.region + address.street + address.cross + address.estate + address.landmark
    if names and not _HAN_LETTER.search(names):
        return english_written(address)
    a = address
    cross = f"与{a.cross}交叉口" if a.cross else ""
    number = "" if not a.number else a.number if a.number.endswith("弄") else f"{a.number}号"
    also = f"与{a.also}栋" if a.also else ""
    building = f"{a.building}栋{also}" if a.building else ""
    unit, room = f"{a.unit}单元" if a.unit else "", f"{a.room}室" if a.room else ""
    floor = f"{'负' if a.floor.startswith('B') else ''}{a.floor.removeprefix('B')}层" if a.floor else ""
    side = SIDES[a.side].zh if a.side else ""
    grid = f" {a.grid}" if a.grid else ""
    side += f"约{a.away_m}米" if a.away_m else ""
    return f"{a.region}{a.street}{cross}{number}{a.estate}{building}{unit}{floor}{room}{a.landmark}{side}{grid}"
