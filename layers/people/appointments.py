"""Appointments: who holds which role for which area and for how long; and who is to act next.

A person may hold many roles and a grid may have many persons. A role holds for a grid and all that lies in it, from
``since`` until before ``until``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from geo.text import Text
from layers.people.areas import NOWHERE, Areas
from layers.people.rules import Rules


@dataclass(frozen=True)
class Appointment:
    """A role of a person: for a grid (None: the whole workspace), for a time (``until`` None: without an end).

    ``department`` names the department of somebody who acts for one.

    Raises:
        ValueError: it would end before it begins, or its times are not local.
    """

    person_id: str
    role: str
    grid_id: str | None
    since: datetime
    until: datetime | None = None
    department: str | None = None

    def __post_init__(self) -> None:
        if self.since.tzinfo is not None or (self.until is not None and self.until.tzinfo is not None):
            msg = "times of an appointment are local, without an offset"
            raise ValueError(msg)
        if self.until is not None and self.until < self.since:
            msg = f"an appointment that ends at {self.until} cannot begin at {self.since}"
            raise ValueError(msg)

    def holds(self, at: datetime) -> bool:
        """Tell whether it is in force at a moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def covers(self, above: Sequence[str]) -> bool:
        """Tell whether its area holds a grid, given that grid and all above it (see ``Areas.above``)."""
        return self.grid_id is None or self.grid_id in above


class Register(NamedTuple):
    """All that is needed to name people: every appointment, the names of persons, and the areas."""

    appointments: Sequence[Appointment]
    names: Mapping[str, str]
    areas: Areas

    def name(self, person_id: str) -> str:
        """Give the name of a person, else the id."""
        return self.names.get(person_id, person_id)


class Responsible(NamedTuple):
    """Who holds a role for a place.

    ``people`` are ids, in order, empty if there is nobody; ``grid_id`` is the grid of their appointment (None: the
    whole workspace, or nobody); ``words`` say it, also that there is nobody.
    """

    people: tuple[str, ...]
    grid_id: str | None
    words: Text


def in_force(appointments: Iterable[Appointment], at: datetime) -> tuple[Appointment, ...]:
    """Give the appointments that hold at a moment, in their order."""
    return tuple(one for one in appointments if one.holds(at))


def nearest(appointments: Iterable[Appointment], above: Sequence[str]) -> list[Appointment]:
    """Give those whose area holds a grid, the smallest area first, then by person and role."""
    rank = {grid_id: at for at, grid_id in enumerate(above)}

    def key(one: Appointment) -> tuple[int, str, str]:
        return (len(above) if one.grid_id is None else rank[one.grid_id], one.person_id, one.role)

    return sorted((one for one in appointments if one.covers(above)), key=key)


def responsible(
    register: Register,
    role: str,
    grid_id: str | None,
    at: datetime,
    *,
    rules: Rules,
    department: str | None = None,
) -> Responsible:
    """Give those who hold a role for a grid at a moment: of the nearest grid up the tree that has anybody.

    Args:
        register: appointments, names and areas.
        role: a code of ``roles.csv``.
        grid_id: the grid; None for a place in no grid, for which only the whole workspace answers.
        at: the moment, naive local time.
        rules: for the words of the role.
        department: only persons of this department.

    Raises:
        KeyError: no such role.
    """
    above = register.areas.above(grid_id)
    wanted = (
        one
        for one in in_force(register.appointments, at)
        if one.role == role and (department is None or one.department == department)
    )
    found = nearest(wanted, above)
    words = rules.roles[role].words
    place = NOWHERE if grid_id is None else register.areas.words(grid_id)
    if not found:
        vacant = Text(
            "{place}及其上级网格都没有{role}，请先任命", "{place} and all above it have no {role}: appoint one first"
        )
        return Responsible((), None, vacant.format(place=place, role=words))
    first = found[0].grid_id
    people = tuple(dict.fromkeys(one.person_id for one in found if one.grid_id == first))
    names = [register.name(one) for one in people]
    said = Text("{area}{role}：", "{role} of {area}: ").format(role=words, area=register.areas.words(first))
    return Responsible(people, first, Text(said.zh + "、".join(names), said.en + ", ".join(names)))
