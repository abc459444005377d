"""What a person may do at a moment: roles in force, limited to their areas and all that lies in them.

Pure functions of appointments, areas, rules and the clock. They are asked where something is done, not where a
button is drawn. Nothing is allowed without a role, but for one case: a workspace on one's own machine in which
nobody has an account yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.ledger.acting.states import Move
from layers.people.appointments import Appointment, in_force
from layers.people.areas import Areas
from layers.people.rules import Rules
from layers.people.tables import ASSIGNEE, AUTHOR, CASE, TAKE, WORKSPACE

DEPARTMENT = "department"

PUBLIC = "public"
"""Stands for whoever reports at a form that is open to the public."""


class Hands(NamedTuple):
    """In whose hands a case is: the person and the department that it lies with, and who reported or asked for it."""

    person: str | None = None
    department: str | None = None
    author: str | None = None


NOBODY = Hands()


@dataclass(frozen=True)
class Rights:
    """The roles of a person that are in force at a moment; ``person_id`` None is somebody who is not known.

    ``open_to_all`` stands for a workspace on one's own machine without any account.
    """

    person_id: str | None
    at: datetime
    held: tuple[Appointment, ...]
    areas: Areas
    rules: Rules
    open_to_all: bool = False

    def covering(self, grid_id: str | None) -> list[Appointment]:
        """Give the appointments whose area holds a grid; None, a place in no grid, needs the whole workspace."""
        above = self.areas.above(grid_id)
        return [one for one in self.held if one.covers(above)]

    def roles(self, grid_id: str | None) -> frozenset[str]:
        """Give the roles that are held for a grid."""
        return frozenset(one.role for one in self.covering(grid_id))


class _Grounds(NamedTuple):
    """Why somebody may act in a grid: by a role, for departments, or as one who works or lives there."""

    role: bool
    departments: frozenset[str]
    takes: bool
    belongs: bool


def open_to_all(accounts: int, *, own_machine: bool) -> bool:
    """Tell whether everything is open: nobody has an account yet, and only this machine can reach the workspace."""
    return accounts == 0 and own_machine


def rights(
    appointments: Iterable[Appointment], person_id: str | None, at: datetime, areas: Areas, *, rules: Rules
) -> Rights:
    """Give the rights of a person at a moment.

    Args:
        appointments: of all persons or of this one.
        person_id: the person; None for somebody who is not known, who has no rights.
        at: the moment, naive local time.
        areas: the tree of grids.
        rules: roles and actions.
    """
    held = () if person_id is None else in_force((one for one in appointments if one.person_id == person_id), at)
    return Rights(person_id, at, held, areas, rules)


def public_rights(at: datetime, areas: Areas, rules: Rules) -> Rights:
    """Give the rights of somebody unknown at a form that is open to the public: to report an issue, nothing else."""
    narrow = {code: one if code == "report" else one._replace(roles=frozenset()) for code, one in rules.actions.items()}
    held = (Appointment(PUBLIC, "reporter", None, at),)
    return Rights(PUBLIC, at, held, areas, Rules(rules.roles, MappingProxyType(narrow)))


def may(rights: Rights, action: str, grid_id: str | None, *, hands: Hands = NOBODY) -> bool:
    """Tell whether a person may do something.

    Args:
        rights: of the person.
        action: a code of ``rights.csv``.
        grid_id: where; None for a place in no grid or for the workspace as a whole.
        hands: in whose hands the case is, for an action on a case.

    Raises:
        KeyError: no such action.
    """
    rule = rights.rules.actions[action]
    return rights.open_to_all or _allowed(rights, rule.roles, rule.on, (grid_id, hands))


def may_move(rights: Rights, move: Move, grid_id: str | None, *, hands: Hands = NOBODY) -> bool:
    """Tell whether a person may make a move: the action of its kind is theirs, and the move names a role of theirs.

    Raises:
        KeyError: the kind of the move is no action of ``rights.csv``.
    """
    if not may(rights, move.kind, grid_id, hands=hands):
        return False
    return rights.open_to_all or _allowed(rights, move.roles, CASE, (grid_id, hands))


def may_each(rights: Rights, action: str, cases: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell for each of many cases whether a person may do something; equal to ``may`` row by row.

    Args:
        rights: of the person.
        action: a code of ``rights.csv``.
        cases: ``grid_id`` and, where there, ``person``, ``department`` and ``author``; null where there is none.

    Returns:
        Shape (n,), in the order of the rows.

    Raises:
        KeyError: no such action.
    """
    rule = rights.rules.actions[action]
    if rights.open_to_all:
        return np.ones(len(cases), dtype=bool)
    code, ids = pd.factorize(cases["grid_id"])
    each = [_grounds(rights, rule.roles, rule.on, one) for one in [*map(str, ids), None]]  # -1, no grid, is the last
    allowed = np.array([one.role for one in each])[code]
    for column, word, known in (("person", ASSIGNEE, "takes"), ("author", AUTHOR, "belongs")):
        if word in rule.roles and column in cases and rights.person_id is not None:
            there = np.array([getattr(one, known) for one in each])[code]
            allowed |= there & _equal(cases[column], rights.person_id)
    for name in sorted(frozenset().union(*(one.departments for one in each))):
        if "department" in cases:
            allowed |= np.array([name in one.departments for one in each])[code] & _equal(cases["department"], name)
    return allowed


def may_appoint(rights: Rights, role: str, grid_id: str | None) -> bool:
    """Tell whether a person may appoint or dismiss somebody: a role of theirs for that area names that role.

    ``grid_id`` None asks for the whole workspace, which only those can give who hold it themselves.

    Raises:
        KeyError: no such role.
    """
    if role not in rights.rules.roles:
        raise KeyError(role)
    if rights.open_to_all:
        return True
    able = rights.rules.actions["appoint"].roles
    known = rights.rules.roles
    return any(r in able and r in known and role in known[r].appoints for r in rights.roles(grid_id))


def owners(appointments: Iterable[Appointment], at: datetime) -> tuple[str, ...]:
    """Give the persons who own the workspace at a moment; the last one must not be dismissed."""
    found = (one for one in in_force(appointments, at) if one.role == "owner" and one.grid_id is None)
    return tuple(sorted({one.person_id for one in found}))


def _allowed(rights: Rights, roles: frozenset[str], on: str, where: tuple[str | None, Hands]) -> bool:
    grid_id, hands = where
    found = _grounds(rights, roles, on, grid_id)
    if found.role or hands.department in found.departments:
        return True
    me = rights.person_id
    is_theirs = ASSIGNEE in roles and found.takes and hands.person == me
    return me is not None and (is_theirs or (AUTHOR in roles and found.belongs and hands.author == me))


def _grounds(rights: Rights, roles: frozenset[str], on: str, grid_id: str | None) -> _Grounds:
    held = rights.covering(None if on == WORKSPACE else grid_id)
    named = [one for one in held if one.role in roles]
    limited = [one for one in named if on == CASE and one.role == DEPARTMENT]
    # who may not take cases gets no rights from one that lies with them
    takers = rights.rules.actions[TAKE].roles
    return _Grounds(
        role=len(named) > len(limited),
        departments=frozenset(one.department for one in limited if one.department is not None),
        takes=any(one.role in takers for one in held),
        belongs=bool(held),
    )


def _equal(column: pd.Series, value: str) -> npt.NDArray[np.bool_]:
    return (column == value).fillna(value=False).to_numpy(dtype=bool)
