"""The ladder of escalation: which cases rise to the next level, when, and who answers there.

小事不出院落，大事不出支部，难事不出社区，重大事件不出街道: each level has a limit of its own (``escalation.csv``), and a case
that is not solved by then rises. Only cases whose clock runs rise: not deferred ones, projects, or what is fixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import DataError, Problem
from geo.text import Text
from layers.ledger.acting.states import states
from layers.ledger.timing.calendar import Times, WorkTime
from layers.ledger.timing.deadlines import Limit, due
from layers.people.tables import LEVELS
from layers.standards import standard

RUNS = "runs"


class Step(NamedTuple):
    """A level: the next one and the limit after which a case rises to it (both None at the top), and who answers."""

    level: str
    next_level: str | None
    limit: Limit | None
    role: str
    words: Text
    rule: Text


@dataclass(frozen=True)
class Ladder:
    """All levels by code, the lowest first, and the states in which the clock runs."""

    steps: Mapping[str, Step]
    running: frozenset[str]


def ladder(folder: Path | None = None) -> Ladder:
    """Read the ladder of a workspace.

    Raises:
        DataError: a table has faults, or a level does not rise to a higher one.
    """
    found: dict[str, Step] = {}
    for row in standard("escalation", folder).to_dict("records"):
        above = None if pd.isna(row["next_level"]) else str(row["next_level"])
        limit = None if pd.isna(row["limit"]) else Limit(float(row["limit"]), row["unit"])
        if (above is None) != (limit is None) or (above is not None and not _is_above(above, row["level"])):
            raise DataError([_fault(row["level"], above)])
        words, rule = Text(row["zh"], row["en"]), Text(row["rule_zh"], row["rule_en"])
        found[row["level"]] = Step(row["level"], above, limit, row["role"], words, rule)
    table = states(folder)
    ordered = {level: found[level] for level in LEVELS}
    return Ladder(MappingProxyType(ordered), frozenset(table.index[table["clock"] == RUNS]))


def level_due(cases: pd.DataFrame, steps: Ladder, work: WorkTime) -> pd.Series:
    """Give the moment by which each case must be solved to stay at its level.

    Args:
        cases: ``state``, ``level``, ``level_since`` and, if there, ``runs_since``: when the clock last began to run
            again, for a case that was put off or fixed in between; the level's time begins anew then.
        steps: the ladder.
        work: the working time.

    Returns:
        datetime64[us] with the index of the cases; NaT at the top, for an unknown level, or while the clock stands.
    """
    ends = _ends(_since(cases), cases["level"].to_numpy(dtype=object), steps, work)
    ends[~cases["state"].isin(steps.running).to_numpy(dtype=bool)] = np.datetime64("NaT")
    return pd.Series(ends.astype("datetime64[us]"), index=cases.index, name="level_due")


def rises(cases: pd.DataFrame, steps: Ladder, as_of: datetime, work: WorkTime) -> pd.DataFrame:
    """Find which cases rise, to which levels and at which moments; one that waited long rises several steps.

    A case rises once the limit of its level is over, at that moment; a case solved at the moment itself stays. The
    time of the next level begins when it has risen there.

    Args:
        cases: see ``level_due``; the index is the id of the case.
        steps: the ladder.
        as_of: the moment, naive local time.
        work: the working time.

    Returns:
        ``issue_id``, ``was`` and ``level`` (codes), ``at`` (datetime64[us]), ``role`` (who answers there), ordered by
        time, then case, then level.
    """
    running = cases["state"].isin(steps.running).to_numpy(dtype=bool)
    at, level = _since(cases)[running], cases["level"].to_numpy(dtype=object)[running]
    ids = np.asarray(cases.index, dtype=object)[running]
    clock = np.datetime64(as_of, "s")
    found = [_risen([], [], [], steps)]
    while len(ids):
        ends = _ends(at, level, steps, work)
        late = ends < clock  # NaT is not
        ids, at, level = ids[late], ends[late], level[late]
        step = _risen(ids, level, at, steps)
        level = step["level"].to_numpy(dtype=object)
        found.append(step)
    every = pd.concat([one for one in found if len(one)] or found[:1])
    order = every["level"].map({code: number for number, code in enumerate(LEVELS)})
    return every.assign(order=order).sort_values(["at", "issue_id", "order"], ignore_index=True).drop(columns="order")


def _since(cases: pd.DataFrame) -> Times:
    since = cases["level_since"].to_numpy().astype("datetime64[s]")
    if "runs_since" not in cases:
        return since
    later: Times = np.fmax(since, cases["runs_since"].to_numpy().astype("datetime64[s]"))
    return later


def _ends(since: Times, level: np.ndarray, steps: Ladder, work: WorkTime) -> Times:
    number, codes = pd.factorize(level)
    limits = [steps.steps[one].limit if one in steps.steps else None for one in codes]
    amounts = np.array([np.nan if one is None else one.amount for one in limits] + [np.nan])
    units = np.array([RUNS if one is None else one.unit for one in limits] + [RUNS], dtype=object)
    return due(since, amounts[number], units[number], work)


def _risen(ids: object, was: object, at: object, steps: Ladder) -> pd.DataFrame:
    before = pd.Series(np.asarray(was, dtype=object), dtype="str")
    above = before.map({code: one.next_level for code, one in steps.steps.items()}).astype("str")
    return pd.DataFrame(
        {
            "issue_id": pd.Series(np.asarray(ids, dtype=object), dtype="str"),
            "was": before,
            "level": above,
            "at": pd.Series(np.asarray(at, dtype="datetime64[s]").astype("datetime64[us]")),
            "role": above.map({code: one.role for code, one in steps.steps.items()}).astype("str"),
        }
    )


def _is_above(level: str, other: str) -> bool:
    return LEVELS.index(level) > LEVELS.index(other)


def _fault(level: str, above: str | None) -> Problem:
    found = Text("{level} → {above}", "{level} → {above}").format(
        level=level, above=Text("无", "nothing") if above is None else above
    )
    return Problem(
        "ladder",
        "error",
        "escalation.csv",
        level,
        "next_level",
        found,
        Text("更高的层级；仅最高层级（unit 为 top）没有", "a higher level; none only at the top, whose unit is top"),
        Text("改正 standards/escalation.csv", "correct standards/escalation.csv"),
    )
