"""The register of households as it stood on a day: how far each is, where it lives, and which days contradict."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from layers import BUILDINGS, Workspace
from layers.catalog import HOUSEHOLDS
from layers.schema import Buildings, Households

SIGNED, MOVED, DEMOLISHED, REHOUSED = STAGES = ("signed", "moved", "demolished", "rehoused")
DAYS: Mapping[str, str] = {
    SIGNED: Households.signed_at,
    MOVED: Households.moved_at,
    DEMOLISHED: Households.demolished_at,
    REHOUSED: Households.rehoused_at,
}
ORDER = ((SIGNED, MOVED), (MOVED, DEMOLISHED))
"""What has to come first, and what follows it."""


def has_register(ws: Workspace) -> bool:
    """Tell whether there is a table of households that says when anybody signed or moved."""
    if HOUSEHOLDS not in ws:
        return False
    table: pd.DataFrame = ws.tables[HOUSEHOLDS.key]
    return bool(table[[DAYS[SIGNED], DAYS[MOVED]]].notna().any(axis=None))


def register(ws: Workspace, as_of: datetime) -> pd.DataFrame:
    """Give the households by id as they stood at a moment.

    Columns: ``building_id``, ``building`` (row in the layer, -1 for none), ``zone`` (text, "" where there is none),
    ``blocker``, the days ``signed_at``, ``moved_at``, ``demolished_at`` (its own, else the building's) and
    ``rehoused_at``, and a truth for each of ``STAGES``: that day is known and has come.
    """
    table: pd.DataFrame = pd.DataFrame(ws.tables[HOUSEHOLDS.key])
    row = np.full(len(table), -1)
    own = table[Households.demolished_at]
    if BUILDINGS in ws:
        row = ws[BUILDINGS].index.get_indexer(table[Households.building_id])
        pulled = ws[BUILDINGS][Buildings.demolished_at].to_numpy()
        if len(pulled):
            house = pd.Series(np.where(row >= 0, pulled[row], np.datetime64("NaT")), index=table.index)
            own = own.fillna(house.astype(own.dtype))
    found = pd.DataFrame(
        {
            "building_id": table[Households.building_id],
            "building": row,
            "zone": table[Households.zone].astype("object").fillna("").astype("str"),
            "blocker": table[Households.blocker],
            **{DAYS[one]: table[DAYS[one]] for one in (SIGNED, MOVED, REHOUSED)},
            DAYS[DEMOLISHED]: own,
        }
    )
    return found.assign(**{one: (found[DAYS[one]] <= as_of).fillna(value=False).astype(bool) for one in STAGES})


def known_stages(found: pd.DataFrame) -> tuple[str, ...]:
    """Name the stages of which the register has any day at all; of the others nothing is known, which is not zero."""
    return tuple(one for one in STAGES if found[DAYS[one]].notna().any())


def contradictions(found: pd.DataFrame, stages: tuple[str, ...]) -> dict[str, int]:
    """Count households whose days run backwards: moved before signing, pulled down before moving, or without it."""
    counts = {}
    for first, then in ORDER:
        if first in stages and then in stages:
            early = found[DAYS[then]] < found[DAYS[first]]
            counts[f"{then}_before_{first}"] = int((found[then] & (early | ~found[first])).sum())
    return counts
