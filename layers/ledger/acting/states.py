"""States of a case and the moves between them, as tables: who may, what it takes, and who is next."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from layers.standards import standard


class Move(NamedTuple):
    """A move from one state to another.

    ``kind``: "move", "verify", "call_back", "strike_off" or "reopen"; ``roles`` may do it ("assignee" is the person
    that the case lies with); ``needs`` is what must come with it: "text", "person", "project", "until", "approver",
    "evidence" (what the type demands), "satisfaction"; ``next_role`` acts then.
    """

    was: str
    becomes: str
    kind: str
    roles: frozenset[str]
    needs: frozenset[str]
    next_role: str
    words: Text


def states(folder: Path | None = None) -> pd.DataFrame:
    """Give the states, indexed by code: words, whether a case in them is open, can be overdue, and what the clock does."""
    return standard("states", folder).set_index("state")


def moves(folder: Path | None = None) -> dict[tuple[str, str], Move]:
    """Give the moves that are allowed, by both states."""
    table = standard("state_moves", folder)
    found = (
        Move(
            row["from"],
            row["to"],
            row["kind"],
            _parts(row["roles"]),
            _parts(row["needs"]),
            "" if pd.isna(row["next_role"]) else row["next_role"],
            Text(row["zh"], row["en"]),
        )
        for row in table.to_dict("records")
    )
    return {(one.was, one.becomes): one for one in found}


def _parts(cell: object) -> frozenset[str]:
    return frozenset(str(cell).split("|")) if isinstance(cell, str) else frozenset()
