"""One address text beside what is known: which names, estates, streets and grids it may mean."""

import re
from functools import cached_property
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from geo.text import Text
from layers.intake.places.addresses import Address, parts_of
from layers.intake.places.doors import town_of
from layers.intake.places.known_places import Known, Line
from layers.intake.places.name_forms import folded, joined_words, name_key
from layers.intake.places.name_index import Hit
from layers.intake.places.placing_words import SURE, WHY

FEWEST_WORDS = 2
"""Words that an English name must have to be found inside a longer text."""
TRAILING = re.compile("^(?:的|小区|社区|大院|院|院内|内|里|家属区|宿舍区|生活区|住宅区)+$")
"""What people add to the name of an estate without meaning another one."""


class Candidate(NamedTuple):
    """One place that an address may mean.

    ``sure`` is the chance that this thing is meant at all, ``share`` the chance that a place on it is right to
    ``right_m`` of the point, ``thing`` its number in what is known, -1 for a crossing, a door or a street.
    """

    x: float
    y: float
    level: str
    layer: str
    id: str
    name: str
    sure: float
    why: Text
    share: float = 1.0
    thing: int = -1


class Case:
    """One text with what can be read off it, each thing once and only when a rule asks."""

    def __init__(self, known: Known, text: str, hint: tuple[int, ...]) -> None:
        self.known = known
        self.address: Address = parts_of(text)
        self.hint = hint or known.grids_by_word.get(name_key(self.address.grid), ())
        self.text = folded(text)
        self.told: list[Text] = []

    @cached_property
    def hits(self) -> list[Hit]:
        """Names that stand in the text."""
        key = name_key(self.text)
        found = self.known.names.inside(key)
        return [hit for hit in found if not hit.key.isascii() or len(joined_words(hit.key)) >= FEWEST_WORDS]

    def bearers(self, kind: str, *said: str) -> dict[str, list[int]]:
        """Give things of a kind by key: those that are said outright, else those whose names stand in the text."""
        exact = {key: self.of_kind(kind, key) for key in map(name_key, said) if key}
        exact = {key: things for key, things in exact.items() if things}
        return exact or {hit.key: things for hit in self.hits if (things := self.of_kind(kind, hit.key))}

    def of_kind(self, kind: str, key: str) -> list[int]:
        """Give the things of a kind that bear a name."""
        return [at for at in self.known.names.bearers(key) if self.known.things[at].kind == kind]

    @cached_property
    def scopes(self) -> dict[str, float]:
        """Keys of the estates that the text means, each with the chance that its name was read right."""
        said = name_key(self.address.estate)
        names = self.known.names
        if said and self._is_estate(said):
            return {said: 1.0}
        inside = list(dict.fromkeys(hit.key for hit in self.hits if self._is_estate(hit.key)))
        if inside:
            last = [key for key in inside if said.endswith(key)] or inside
            sure = 1.0 if len(inside) == 1 else SURE["one_of_names"]
            return {key: min(sure, self._part(said, key)) for key in last}
        if said in self.known.stems:
            self.told.append(WHY["stem"].format(said=self.address.estate))
            return dict.fromkeys(self.known.stems[said], SURE["stem"])
        slips = [key for key in names.slips(said) if self._is_estate(key)]
        if slips:
            self.told.append(WHY["slip"].format(said=self.address.estate, name=slips[0]))
        return dict.fromkeys(slips, SURE["slip"])

    def _part(self, said: str, key: str) -> float:
        """Give the chance that an estate is meant of whose name more is said than is known: 益乐新村南区, 滨江人才公寓."""
        before, found, after = said.partition(key)
        rest = [before, TRAILING.sub("", after)] if found else [said]
        unknown = [word for word in rest if word and not self._is_around(word)]
        if unknown:
            self.told.append(WHY["part_of_name"].format(said=self.address.estate))
        return SURE["part_of_name"] if unknown else 1.0

    def _is_around(self, word: str) -> bool:
        return word in self.known.region_words or word in self.known.grids_by_word or bool(self.of_kind("street", word))

    def _is_estate(self, key: str) -> bool:
        return key in self.known.scopes_of_houses or bool(self.of_kind("estate", key))

    def streets(self, said: str) -> tuple[str, float]:
        """Give the key of a street that is said and the chance that it was read right; "" if none is known."""
        key = name_key(said)
        if not key:
            return "", 0.0
        if self.of_kind("street", key) or key in self.known.doors:
            return key, 1.0
        slips = [one for one in self.known.names.slips(key) if self.of_kind("street", one)]
        if len(slips) == 1:
            self.told.append(
                WHY["slip"].format(said=said, name=self.known.things[self.of_kind("street", slips[0])[0]].name)
            )
            return slips[0], SURE["slip"]
        return key, 1.0

    @cached_property
    def street(self) -> tuple[str, float]:
        """The street of the address, or one whose name stands in the text."""
        if self.address.street:
            key, sure = self.streets(self.address.street)
            if self.of_kind("street", key) or key in self.known.doors or self.address.cross:
                return key, sure
        inside = [hit.key for hit in self.hits if self.of_kind("street", hit.key)]
        return (inside[0], 1.0) if inside else (name_key(self.address.street), 1.0)

    @cached_property
    def town(self) -> str:
        """Key of the town or district that is said."""
        return town_of(self.address)

    @cached_property
    def area(self) -> BaseGeometry | None:
        """Where the place must be: the hinted grid, or the grid that the text names; None if it may be anywhere."""
        near = self.known.limits
        grids, margin = (self.hint, near.grid_margin_m) if self.hint else (self._town_grids, near.town_margin_m)
        return self.known.area(grids, margin) if grids else None

    @cached_property
    def _town_grids(self) -> tuple[int, ...]:
        return self.known.grids_by_word.get(self.town, ()) if self.town else ()

    def line(self, street: str) -> Line | None:
        """Give a street, or that part of it that lies in the area if any does."""
        return self.known.line(street, self.hint or self._town_grids)
