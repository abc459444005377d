"""What is asked of the issues: which ones, over which denominator, on which level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.errors import DataError, Problem
from geo.text import Text
from layers import ISSUES, Workspace
from layers.schema import Issues
from layers.standards import issue_types, type_words
from reports.denominators import households, residents

State = Literal["reported", "open", "overdue"]
Per = Literal["households", "residents", "area", "none"]

STATES: Mapping[str, Text] = {
    "reported": Text("全部上报", "all reported"),
    "open": Text("未办结", "open"),
    "overdue": Text("已超期", "overdue"),
}
PERS: Mapping[str, Text] = {
    "households": Text("每百户", "per 100 households"),
    "residents": Text("每千居民", "per 1,000 residents"),
    "area": Text("每平方千米", "per km²"),
    "none": Text("件数（不作比率）", "count, no rate"),
}
"""Denominators, the better one first."""
ALL_TYPES = Text("全部类别", "all types")
NO_ISSUES = Text(
    "本工作区没有问题图层，无从分析热点", "this workspace has no issues, so there are no hot spots to look for"
)


@dataclass(frozen=True)
class Asked:
    """Which issues and how they are counted.

    Attributes:
        kind: code of an issue type; None for all.
        state: all that were reported by the date of the workspace, those open on it, or those overdue on it.
        per: denominator of the rates.
        level: of the grids; None for the finest.
        seed: of every permutation.
        bandwidth_m: of the density; None as in the policy table.
        reach_m: of groups of points; None as in the policy table.
        least_points: that make a group; None as in the policy table.
    """

    kind: str | None = None
    state: State = "reported"
    per: Per = "households"
    level: int | None = None
    seed: int = 20_150_601
    bandwidth_m: float | None = None
    reach_m: float | None = None
    least_points: int | None = None


def usual(ws: Workspace, level: int | None = None) -> Per:
    """Give the best denominator that a workspace has: households, else residents, else area."""
    wanted = ws.finest if level is None else level
    for name, people in (("households", households), ("residents", residents)):
        if people(ws, wanted).status != "unavailable":
            return "households" if name == "households" else "residents"
    return "area"


def chosen(ws: Workspace, asked: Asked) -> np.ndarray:
    """Mark the issues that are asked for, wherever they lie.

    Raises:
        DataError: the workspace has no issues, or the type is none of the catalogue.
    """
    if ISSUES not in ws:
        nothing, wanted = Text("没有问题图层", "no layer issues"), Text("问题图层", "the layer issues")
        remedy = Text("用 guatu add 收入问题台账", "take the ledger in with guatu add")
        raise DataError([Problem("no_layer", "error", ISSUES.key, None, None, nothing, wanted, remedy)])
    column = {"reported": "is_known", "open": "is_open", "overdue": "is_overdue"}[asked.state]
    found: np.ndarray = ws.standing[column].to_numpy(dtype=bool)
    if asked.kind is None:
        return found
    type_words(asked.kind, folder=ws.folder)
    of_kind = (ws[ISSUES][Issues.issue_type] == asked.kind).fillna(value=False)
    typed: np.ndarray = found & of_kind.to_numpy(dtype=bool)
    return typed


def types_there(ws: Workspace) -> dict[str, Text]:
    """Give the types that the issues of a workspace have, most frequent first."""
    counts = ws[ISSUES][Issues.issue_type].value_counts()
    words = issue_types(ws.folder)
    return {
        str(code): Text(str(words.at[code, "zh"]), str(words.at[code, "en"]))
        for code in counts.index
        if code in words.index
    }


def asked_words(ws: Workspace, asked: Asked) -> Text:
    """Say in a few words what is counted: "Litter, open, per 100 households"."""
    kind = ALL_TYPES if asked.kind is None else type_words(asked.kind, folder=ws.folder)
    words = Text("{kind}，{state}，{per}", "{kind}, {state}, {per}")
    return words.format(kind=kind, state=STATES[asked.state], per=PERS[asked.per])
