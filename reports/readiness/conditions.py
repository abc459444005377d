"""The conditions of a start, grid by grid: what is met, what is not, and what nobody knows.

Readiness is the share of the known conditions that are met. An unknown condition is in neither part, and how many are
known is always shown with it (国办发〔2020〕23号 asks for consent, funds and lasting management before works).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.measure import rate
from geo.pattern.told import Meta, told
from geo.text import Text
from layers import Workspace
from layers.schema import Grids
from layers.standards import policy
from reports.readiness.facts import consent_of, funds_of, management_of, works_of

CONDITIONS: Mapping[str, Text] = {
    "consent": Text("改造意愿", "consent"),
    "funds": Text("资金落实", "funds"),
    "works": Text("无在建冲突", "no works in the way"),
    "managed": Text("长效管理", "lasting management"),
}
RULE = Text(
    "条件成熟度为已知条件中具备的占比；未知的条件不计入分母",
    "readiness is the share of the known conditions that are met; an unknown one is in no part of it",
)
APART = Text("需求与条件分列两轴，互不计分", "need and readiness are two axes; neither counts in the other")


class Condition(NamedTuple):
    """One condition: its title, "ready", "partial" or "unavailable", and what is missing for it."""

    key: str
    title: Text
    status: str
    missing: Text | None


@dataclass(frozen=True)
class Readiness:
    """How ready the grids of one level are.

    ``grids`` is by grid id: ``name``; ``consent_percent`` of the buildings with known votes, ``buildings`` and
    ``buildings_known``; ``funds_percent`` of the known cost, ``cost_yuan``, ``items`` and ``items_unknown`` (without a
    cost); ``works`` under way and ``works_names``; ``managed_percent`` of the households in estates; for each key of
    ``CONDITIONS`` a boolean ``KEY_met`` (null: unknown); ``met``, ``known`` (numbers of conditions) and
    ``readiness_percent`` (NaN where nothing is known).
    """

    level: int
    grids: pd.DataFrame
    conditions: tuple[Condition, ...]
    meta: Meta


def readiness(ws: Workspace, level: int | None = None) -> pd.DataFrame:
    """Give how ready the grids of a level (None: the finest) are, as ``Readiness.grids`` has it.

    Raises:
        DataError: no grids or no such level.
    """
    return ready(ws, level).grids


def ready(ws: Workspace, level: int | None = None) -> Readiness:
    """Look up every condition for the grids of a level.

    Raises:
        DataError: no grids or no such level.
    """
    at = ws.finest if level is None else level
    grids, rules = ws.grids(at), policy(ws.folder)
    consent, funds = consent_of(ws, at), funds_of(ws, at)
    works, managed = works_of(ws, at), management_of(ws, at)
    facts = {"consent": consent, "funds": funds, "works": works, "managed": managed}
    table = pd.concat([one.table for one in facts.values()], axis=1)
    table.insert(0, "name", grids[Grids.name])
    met = pd.DataFrame(
        {
            "consent_met": _at_least(table["consent_percent"], rules["readiness_consent_percent"]),
            "funds_met": _at_least(table["funds_percent"], rules["readiness_funds_percent"]),
            "works_met": table["works"].astype("Float64").eq(0).astype("boolean"),
            "managed_met": _at_least(table["managed_percent"], rules["readiness_managed_percent"]),
        }
    )
    known = met.notna().sum(axis=1)
    number = met.fillna(value=False).astype(int).sum(axis=1)
    share = rate(number.to_numpy(), np.where(known > 0, known, np.nan))
    full = table.join(met).assign(met=number, known=known, readiness_percent=share)
    conditions = tuple(Condition(key, CONDITIONS[key], one.status, one.missing) for key, one in facts.items())
    thresholds = {key: value for key, value in rules.items() if key.startswith("readiness_")}
    meta = told("readiness", source="国办发〔2020〕23号", conventions=[RULE, APART], thresholds=thresholds)
    return Readiness(at, full, conditions, meta)


def _at_least(values: pd.Series, least: float) -> pd.Series:
    """Compare where a value is known; null where it is not."""
    found = (values >= least - 1e-9).astype("boolean")
    return found.mask(values.isna())
