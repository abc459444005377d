"""The four orders of volunteers: request (点单), dispatch (派单), accept (接单), review (评单).

They run on the machine of the cases with states and moves of their own, ``order_states.csv`` and ``order_moves.csv``.
"""

from pathlib import Path

import pandas as pd

from geo.text import Text
from layers.ledger.acting.states import Move
from layers.people.rules import parts
from layers.standards import standard

FIRST = "requested"
"""The state in which an order begins."""


def order_states(folder: Path | None = None) -> pd.DataFrame:
    """Give the states of an order, indexed by code, with the columns of ``layers.ledger.acting.states.states``."""
    return standard("order_states", folder).set_index("state")


def order_moves(folder: Path | None = None) -> dict[tuple[str, str], Move]:
    """Give the moves of an order that are allowed, by both states."""
    found = (
        Move(
            row["from"],
            row["to"],
            row["kind"],
            parts(row["roles"]),
            parts(row["needs"]),
            "" if pd.isna(row["next_role"]) else row["next_role"],
            Text(row["zh"], row["en"]),
        )
        for row in standard("order_moves", folder).to_dict("records")
    )
    return {(one.was, one.becomes): one for one in found}
