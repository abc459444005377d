"""Where at the house that is meant: its unit, its side, between it and its neighbour or its street."""

import math
from typing import NamedTuple

import shapely

from geo.text import Text
from layers.intake.places.address_case import Candidate, Case
from layers.intake.places.addresses import SIDES
from layers.intake.places.footprints import DIRECTIONS, Spot, moved_aside, unit_spot
from layers.intake.places.known_places import Line
from layers.intake.places.placing_words import WHY

OPPOSITE, TWO_HOUSES, OFF_STREET, AWAY, AWAY_SOMEWHERE = 0.75, 0.9, 0.75, 0.75, 0.3
"""What is left of the chance when it is not known which way 对面 is, when a place is between two houses that are
taken from their numbers, when the house does not stand on the street that is said, and when the thing is farther away
than a place may be wrong, with its direction said or not."""


class Moved(NamedTuple):
    """A candidate moved to where the text says: metres, its level, what is left of the chance, and the reasons."""

    x: float
    y: float
    level: str
    factor: float = 1.0
    told: tuple[Text, ...] = ()


def spot_of(case: Case, one: Candidate) -> Moved:
    """Move a candidate to the second house, the street, the unit or the side that is said, and as far as is said."""
    found = _spot(case, one)
    far = int(case.address.away_m or 0)
    if far <= case.known.limits.right_m:
        return found
    side = case.address.side
    if side not in DIRECTIONS:
        words = WHY["away_somewhere"].format(far=str(far))
        return found._replace(factor=found.factor * AWAY_SOMEWHERE, told=(*found.told, words))
    east, north = DIRECTIONS[side]
    words = WHY["away"].format(far=str(far), side=SIDES[side])
    return found._replace(
        x=found.x + east * far, y=found.y + north * far, factor=found.factor * AWAY, told=(*found.told, words)
    )


def _spot(case: Case, one: Candidate) -> Moved:
    if one.level == "building":
        return _between_houses(case, one) or _towards_street(case, one) or _at_house(case, one)
    return _aside(case, one, Spot(one.x, one.y, 0.0), one.level) if one.level == "landmark" else Moved(*one[:3])


def _between_houses(case: Case, one: Candidate) -> Moved | None:
    """3栋与4栋之间: half-way between the two."""
    for scope in case.scopes if case.address.also else ():
        for at in case.known.within.get((scope, case.address.also), ()):
            other = case.known.things[at]
            x, y = (one.x + other.x) / 2, (one.y + other.y) / 2
            return Moved(x, y, one.level, TWO_HOUSES, (WHY["two_houses"],))
    return None


def _towards_street(case: Case, one: Candidate) -> Moved | None:
    """天桥南路 纺织厂宿舍1栋: half-way to the street, since such tickets lie at the house or on the road before it."""
    a, key = case.address, case.street[0]
    line: Line | None = case.line(key) if key else None
    if line is None or a.unit or a.floor or a.room or a.side in DIRECTIONS:
        return None
    at, on_street = shapely.get_coordinates(shapely.shortest_line(shapely.Point(one.x, one.y), line.shape)).tolist()
    if math.dist(at, on_street) > case.known.limits.along_m:
        return Moved(one.x, one.y, one.level, OFF_STREET, (WHY["off_street"],))
    return Moved((one.x + on_street[0]) / 2, (one.y + on_street[1]) / 2, one.level, 1.0, (WHY["towards"],))


def _at_house(case: Case, one: Candidate) -> Moved:
    """3号楼2单元西侧: at the unit and the side."""
    a, whole = case.address, Spot(one.x, one.y, 0.0)
    if not a.unit:
        return _aside(case, one, whole, one.level)
    unit = unit_spot(
        case.known.shapes[one.thing], a.unit, case.known.things[one.thing].units, doubt_m=case.known.limits.unit_m
    )
    why = WHY["unit"].format(unit=a.unit) if unit else WHY["unit_unknown"]
    moved = _aside(case, one, unit or whole, "unit" if unit else one.level)
    return moved._replace(told=(why, *moved.told))


def _aside(case: Case, one: Candidate, spot: Spot, level: str) -> Moved:
    side = case.address.side
    if side == "opposite":
        return Moved(spot.x, spot.y, level, OPPOSITE, (WHY["opposite"],))
    if side not in DIRECTIONS:
        return Moved(spot.x, spot.y, level)
    x, y = moved_aside(case.known.shapes[one.thing], spot, side)
    return Moved(x, y, level, 1.0, (WHY["side"].format(side=SIDES[side]),))
