"""The rules by which an address becomes a place: from the most telling words to the least."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.text import Text
from layers.intake.places.address_case import Candidate, Case
from layers.intake.places.doors import Found, span_of
from layers.intake.places.footprints import middle
from layers.intake.places.name_forms import name_key
from layers.intake.places.name_index import SHORTEST_INSIDE
from layers.intake.places.placing_words import SURE, WHY
from layers.intake.places.thresholds import Thresholds


def candidates(case: Case) -> list[Candidate]:
    """Give the places that a text may mean by the first rule that finds any, best first."""
    for rule in RULES:
        found = list(rule(case))
        if found:
            return found
    return []


def _of_thing(case: Case, at: int, *, level: str = "building", sure: float, why: Text) -> Candidate:
    t = case.known.things[at]
    return Candidate(t.x, t.y, level, t.layer, t.id, t.name, sure, why, case.known.share(at), at)


def house_in_estate(case: Case) -> Iterator[Candidate]:
    """铁路一村3栋: the house of that number in the estate."""
    number = case.address.building
    for scope, sure in case.scopes.items() if number else ():
        for at in case.known.within.get((scope, number), ()):
            why = WHY["house_in_estate"].format(number=number, name=case.known.things[at].name)
            yield _of_thing(case, at, sure=SURE["house_in_estate"] * sure, why=why)


def house_by_name(case: Case) -> Iterator[Candidate]:
    """Museum of Science; 建设路12号: a house that is called so."""
    a = case.address
    said = [a.landmark] if a.landmark else []
    if a.estate and not a.building:
        said.append(a.estate)
    found = case.bearers("building", case.text, *said) if not a.building else {}
    for key, things in found.items():
        outright = key in {name_key(one) for one in (case.text, *said)}
        for at in things if outright or not (a.street or a.number or key.isascii()) else ():
            why = WHY["called"].format(name=case.known.things[at].name)
            yield _of_thing(case, at, sure=SURE["called" if outright else "called_inside"], why=why)


def house_on_street(case: Case) -> Iterator[Candidate]:
    """建设路3栋, 建设路12号院3栋: the house of that number on the street."""
    number, known = case.address.building, case.known
    key, sure = case.street
    if not (number and key) or case.scopes:
        return
    door = f"{key}{case.address.number}号"
    for scope in (door, key) if case.address.number else (key,):
        for at in known.within.get((scope, number), ()):
            why = WHY["house_in_estate"].format(number=number, name=known.things[at].name)
            yield _of_thing(case, at, sure=SURE["house_in_estate"] * sure, why=why)
    line = case.line(key)
    if line is None or case.address.estate:
        return
    for at in known.numbered.get(number, ()):
        if shapely.distance(known.shapes[at], line.shape) <= known.limits.along_m:
            why = WHY["house_on_street"].format(number=number, street=case.address.street or key)
            yield _of_thing(case, at, sure=SURE["house_on_street"] * sure, why=why)


def house_alone(case: Case) -> Iterator[Candidate]:
    """3号楼2单元: the only house of that number, in the hinted grid or at all."""
    a = case.address
    if not a.building or a.estate or a.street or case.scopes:
        return
    here = [at for at in case.known.numbered.get(a.building, ()) if _hinted(case, at)]
    for at in here:
        yield _of_thing(case, at, sure=SURE["house_alone"], why=WHY["house_alone"].format(number=a.building))


def _hinted(case: Case, at: int) -> bool:
    return not case.hint or bool(case.known.in_grids.get(at, frozenset()) & set(case.hint))


def door_in_estate(case: Case) -> Iterator[Candidate]:
    """崂山三村12号: a door of an estate is mostly a house, not always."""
    number = str(span_of(case.address.number)[0])
    if case.address.building or case.address.street or number == "0":
        return
    for scope, sure in case.scopes.items():
        for at in case.known.within.get((scope, number), ()):
            why = WHY["door_in_estate"].format(number=number, name=case.known.things[at].name)
            yield _of_thing(case, at, sure=SURE["door_in_estate"] * sure, why=why)


def street_number(case: Case) -> Iterator[Candidate]:
    """29 Hereford St, 建设路12号: a number that is known, or lies between two that are."""
    span, (key, sure) = span_of(case.address.number), case.street
    if not (span[0] and key):
        return
    for found in case.known.doors.at(key, span, case.town):
        if found.between:
            why = WHY["between"].format(low=found.between[0], high=found.between[1])
            yield _of_door(case, found, SURE["between"] * sure, why)
        else:
            yield _of_door(case, found, _learnt(found) * sure, _from(found))


def _learnt(found: Found) -> float:
    return SURE["known_often"] if found.known > 1 else SURE["known_once"]


def _from(found: Found) -> Text:
    return WHY["named_so" if found.layer != "issues" else "earlier"].format(many=found.known, id=found.id)


def _of_door(case: Case, found: Found, sure: float, why: Text, *, level: str = "street_number") -> Candidate:
    right_m = case.known.limits.right_m
    share = 1.0 if found.apart_m <= right_m else right_m / found.apart_m
    return Candidate(found.x, found.y, level, found.layer, found.id, found.id, sure, why, share)


def crossing(case: Case) -> Iterator[Candidate]:
    """天桥南路与解放巷交叉口: where two streets meet."""
    if not case.address.cross:
        return
    one, other = case.street, case.streets(case.address.cross)
    sure = one[1] * other[1]
    learnt = case.known.doors.crossing(frozenset((one[0], other[0])), case.town)
    for found in learnt:
        yield _of_door(case, found, _learnt(found) * sure, _from(found), level="crossing")
    lines = [case.line(key) for key, _ in (one, other)]
    if learnt or lines[0] is None or lines[1] is None:
        return
    first, second = (case.known.things[line.first] for line in (lines[0], lines[1]))
    why = WHY["crossing"].format(one=first.name, other=second.name)
    for x, y in meetings(lines[0].shape, lines[1].shape, case.known.limits):
        yield Candidate(x, y, "crossing", first.layer, first.id, first.name, SURE["crossing"] * sure, why)


def meetings(one: BaseGeometry, other: BaseGeometry, limits: Thresholds) -> list[tuple[float, float]]:
    """Give the points where two lines meet or come within ``meet_m``, in order; near ones are put together."""
    common = shapely.get_parts(shapely.intersection(one, other))
    points = [middle(part) for part in common if not shapely.is_empty(part)]
    if not points and shapely.distance(one, other) <= limits.meet_m:
        points = [middle(shapely.shortest_line(one, other))]
    heaps: list[list[tuple[float, float]]] = []
    for point in sorted(points):
        near = [heap for heap in heaps if math.dist(heap[0], point) <= 2 * limits.same_m]
        if near:
            near[0].append(point)
        else:
            heaps.append([point])
    return [(float(np.mean([p[0] for p in heap])), float(np.mean([p[1] for p in heap]))) for heap in heaps]


def landmark(case: Case) -> Iterator[Candidate]:
    """市场街公厕, 活龙实践广场: an asset with that name."""
    a = case.address
    said = [case.text, a.landmark, a.street + a.landmark, a.estate + a.landmark, f"{a.number} {a.street}".strip()]
    found = case.bearers("landmark", *said)
    longest = max((len(key) for key in found), default=0)
    outright = {name_key(one) for one in said}
    for key, things in found.items():
        if len(key) < longest or (key.isascii() and key not in outright):
            continue  # in an English text nothing sets a name apart from the words around it
        sure = SURE["called" if key in outright else "called_inside"]
        if len(key) < SHORTEST_INSIDE or (span_of(a.number)[0] and not key[0].isdigit()) or a.cross:
            sure = SURE["called_besides"]
        for at in things:
            why = WHY["called"].format(name=case.known.things[at].name)
            yield _of_thing(case, at, level="landmark", sure=sure, why=why)


def estate(case: Case) -> Iterator[Candidate]:
    """铁路一村: the middle of the estate."""
    unknown = case.address.building
    said, chance = ("no_such_house" if unknown else "estate"), SURE["no_such_house" if unknown else "estate"]
    for scope, sure in case.scopes.items():
        for at in case.of_kind("estate", scope):
            why = WHY[said].format(name=case.known.things[at].name, number=unknown)
            yield _of_thing(case, at, level="estate", sure=sure * chance, why=why)


def street(case: Case) -> Iterator[Candidate]:
    """天桥南路: the middle of the street, inside the hinted grid or the district that is said."""
    key, sure = case.street
    line = case.line(key)
    if line is None:
        return
    first, number = case.known.things[line.first], case.address.number
    why = WHY["no_such_number" if number else "street"].format(street=first.name, number=number)
    yield Candidate(line.x, line.y, "street", first.layer, first.id, first.name, SURE["street"] * sure, why, line.share)


def grid(case: Case) -> Iterator[Candidate]:
    """第3-2小网格, or nothing at all but the column that says the grid."""
    words = [name_key(one) for one in (case.address.grid, case.town) if one]
    named = [at for word in words for at in case.known.grids_by_word.get(word, ())]
    inside = [at for hit in case.hits for at in case.of_kind("grid", hit.key)]
    for at in dict.fromkeys(case.hint or named or inside):
        why = WHY["grid"].format(name=case.known.things[at].name)
        yield _of_thing(case, at, level="grid", sure=SURE["grid"], why=why)


RULES: tuple[Callable[[Case], Iterator[Candidate]], ...] = (
    house_in_estate,
    house_on_street,
    house_alone,
    street_number,
    crossing,
    door_in_estate,
    house_by_name,
    landmark,
    estate,
    street,
    grid,
)
"""In order: the first rule that finds a place decides; what other words say only lowers confidence."""
