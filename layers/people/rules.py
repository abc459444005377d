"""Roles and what each may do, read from ``roles.csv`` and ``rights.csv``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from geo.text import Text, listed
from layers.people.tables import ASSIGNEE, AUTHOR
from layers.standards import standard

PERSONS: Mapping[str, Text] = MappingProxyType(
    {ASSIGNEE: Text("承办人", "the person that it lies with"), AUTHOR: Text("提出人", "the person who asked for it")}
)
"""Words for those whom a list of roles names by what they have to do with a case."""
ACTION_OF: Mapping[str, str] = MappingProxyType(
    {"create": "report", "unfuse": "fuse", "dismiss": "appoint"}
    | {
        kind: kind
        for kind in (
            "reach",
            "move",
            "assign",
            "classify",
            "pause",
            "resume",
            "extend",
            "escalate",
            "photo",
            "fuse",
            "note",
            "settle",
            "appoint",
        )
    }
)
"""The action of ``rights.csv`` that each kind of event needs; a move needs that of its own kind besides."""


class Role(NamedTuple):
    """A role: its words, what it is for, and which roles it may appoint."""

    code: str
    words: Text
    meaning: Text
    appoints: frozenset[str]


class Action(NamedTuple):
    """Something that a person does: ``on`` a case, an area or the workspace, and the roles that may."""

    code: str
    on: str
    roles: frozenset[str]
    words: Text


@dataclass(frozen=True)
class Rules:
    """All roles and all actions by their codes, in the order of the tables."""

    roles: Mapping[str, Role]
    actions: Mapping[str, Action]

    def words(self, codes: Iterable[str]) -> Text:
        """List roles in words, in the order of the table; those without a role of their own come first."""
        wanted = frozenset(codes)
        named = [PERSONS[one] for one in PERSONS if one in wanted]
        return listed(named + [one.words for code, one in self.roles.items() if code in wanted])


def rules(folder: Path | None = None) -> Rules:
    """Read the rules of a workspace, its own tables laid over the shipped ones; None for those alone.

    Raises:
        DataError: a table has faults.
    """
    roles = (
        Role(r["role"], Text(r["zh"], r["en"]), Text(r["meaning_zh"], r["meaning_en"]), parts(r["appoints"]))
        for r in standard("roles", folder).to_dict("records")
    )
    actions = (
        Action(r["action"], r["on"], parts(r["roles"]), Text(r["zh"], r["en"]))
        for r in standard("rights", folder).to_dict("records")
    )
    return Rules(
        MappingProxyType({one.code: one for one in roles}), MappingProxyType({one.code: one for one in actions})
    )


def parts(cell: object) -> frozenset[str]:
    """Part a cell of several words; an empty cell has none."""
    return frozenset(cell.split("|")) if isinstance(cell, str) else frozenset()
