"""Places that are known by street number or as a crossing: from names of houses and from earlier tickets."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np

from layers.intake.places.addresses import Address
from layers.intake.places.name_forms import name_key

SPREAD_M = 50.0
"""Places of one address that lie farther apart than this contradict each other."""
FARTHEST_M = 300.0
"""Between two known numbers farther apart than this nothing is reckoned."""
MOST_NUMBERS = 60
"""Nor between numbers that differ by more."""
_DIGITS = re.compile("[0-9]+")
_NOT_TOWN = re.compile(r"\b(?:[A-Z]{2}|[0-9]{5}(?:-[0-9]{4})?)\b")


class Door(NamedTuple):
    """A known place on a street: number (0 at a crossing), the other street there, town, metres, layer and id."""

    number: int
    last: int
    cross: str
    town: str
    x: float
    y: float
    layer: str
    id: str


class Found(NamedTuple):
    """Where a street number or a crossing is.

    ``chance``: that it is right; ``apart_m``: how far it may be off; ``between``: the two known numbers it was
    reckoned from, () where it is known itself; ``known``: places it rests on.
    """

    x: float
    y: float
    apart_m: float
    between: tuple[int, ...]
    known: int
    layer: str
    id: str


def town_of(address: Address) -> str:
    """Give the key of the town or district in an address, without state and postcode; "" if none is said."""
    return name_key(_NOT_TOWN.sub(" ", address.region))


def span_of(number: str) -> tuple[int, int]:
    """Give the first and the last number of a door: (17, 19) for 17-19, (12, 12) for 12-3 and 12A."""
    found = [int(n) for n in _DIGITS.findall(number)] or [0]
    return found[0], found[-1] if found[0] < found[-1] <= found[0] + MOST_NUMBERS else found[0]


def door_of(address: Address, xy: tuple[float, float], whose: tuple[str, str]) -> Door | None:
    """Make a door of an address with a place, None if it has neither number nor crossing."""
    (first, last), cross = span_of(address.number), name_key(address.cross)
    if not address.street or not (first or cross):
        return None
    return Door(first, last, cross, town_of(address), *xy, *whose)


class Doors:
    """Known doors by street."""

    def __init__(self, doors: Iterable[tuple[str, Door]]) -> None:
        self._numbers: dict[tuple[str, int], list[Door]] = defaultdict(list)
        self._streets: dict[str, list[Door]] = defaultdict(list)
        self._crossings: dict[frozenset[str], list[Door]] = defaultdict(list)
        for street, door in doors:
            if door.cross:
                self._crossings[frozenset((street, door.cross))].append(door)
                continue
            self._streets[street].append(door)
            for number in {door.number, door.last}:
                self._numbers[street, number].append(door)
        self._ordered: dict[tuple[str, str, int], tuple[np.ndarray, list[Found]]] = {}

    def __contains__(self, street: object) -> bool:
        return street in self._streets

    def at(self, street: str, span: tuple[int, int], town: str) -> list[Found]:
        """Give the places of a street number (first and last): known ones, else one reckoned between its neighbours."""
        number = span[0]
        doors = _in_town(self._numbers.get((street, number), ()), town)
        known = _places([door for door in doors if (door.number, door.last) == span] or doors)
        if known or street not in self._streets:
            return known
        return self._between(street, number, town)

    def crossing(self, streets: frozenset[str], town: str) -> list[Found]:
        """Give the known places where two streets meet."""
        return _places(_in_town(self._crossings.get(streets, ()), town))

    def _between(self, street: str, number: int, town: str) -> list[Found]:
        numbers, places = self._on_side(street, town, number % 2)
        at = int(np.searchsorted(numbers, number))
        if at in {0, len(numbers)}:
            return []
        low, high = int(numbers[at - 1]), int(numbers[at])
        one, other = places[at - 1], places[at]
        apart = math.hypot(one.x - other.x, one.y - other.y)
        if apart > FARTHEST_M or high - low > MOST_NUMBERS:
            return []
        share = (number - low) / (high - low)
        nearer = one if share <= 0.5 else other  # noqa: PLR2004 (half-way)
        x, y = one.x + share * (other.x - one.x), one.y + share * (other.y - one.y)
        return [Found(x, y, apart * min(share, 1 - share), (low, high), 2, nearer.layer, nearer.id)]

    def _on_side(self, street: str, town: str, odd: int) -> tuple[np.ndarray, list[Found]]:
        """Give the known numbers of one side of a street in order, with their places."""
        key = (street, town, odd)
        if key not in self._ordered:
            by_number: dict[int, list[Door]] = defaultdict(list)
            for door in _in_town(self._streets[street], town):
                if door.number % 2 == odd:
                    by_number[door.number].append(door)
            sure = {n: found[0] for n, doors in by_number.items() if len(found := _places(doors)) == 1}
            order = sorted(sure)
            self._ordered[key] = (np.array(order, dtype=int), [sure[n] for n in order])
        return self._ordered[key]


def _in_town(doors: Sequence[Door], town: str) -> list[Door]:
    """Keep the doors in the town that is said; one without a town may be anywhere."""
    return [door for door in doors if not town or not door.town or door.town == town]


def _places(doors: Sequence[Door]) -> list[Found]:
    """Put doors of one address together that lie together; most doors first."""
    heaps: list[list[Door]] = []
    for door in sorted(doors, key=lambda one: (one.layer, one.id)):
        for heap in heaps:
            if math.hypot(door.x - heap[0].x, door.y - heap[0].y) <= SPREAD_M:
                heap.append(door)
                break
        else:
            heaps.append([door])
    heaps.sort(key=lambda heap: -len(heap))
    return [_middle(heap) for heap in heaps]


def _middle(heap: list[Door]) -> Found:
    x, y = median(d.x for d in heap), median(d.y for d in heap)
    apart = max(math.hypot(d.x - x, d.y - y) for d in heap)
    return Found(x, y, apart, (), len(heap), heap[0].layer, heap[0].id)
