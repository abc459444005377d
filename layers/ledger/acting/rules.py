"""Rules of the ledger: states, moves, limits, evidence and working time of a workspace, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from geo.text import Text
from layers.ledger.acting.states import Move, moves, states
from layers.ledger.timing.calendar import WorkTime, work_time
from layers.ledger.timing.deadlines import PLAN, Limit
from layers.standards import deadlines, issue_types, policy, standard

REPLY, PROJECT, RESOLVE = "reply", "project", "resolve"
DEFERRED, TO_PROJECT, NEW, ACCEPTED, ASSIGNED, FIXED, REWORK = (
    "deferred",
    "to_project",
    "new",
    "accepted",
    "assigned",
    "fixed",
    "rework",
)
SHUT = frozenset({"closed", "struck", "revisit_ok", "revisit_bad", "rejected"})
"""States in which nobody has to do anything by a deadline."""
STAGES = (REPLY, "make_safe", "stop", "penalty", "demolition", "replace", RESOLVE)
"""Stages that follow each other, in order."""
_INSTEAD = frozenset({"clean", "repair"})
"""Limits of a sub-kind of a type: they stand instead of "resolve" and are no stages of a type that has it."""


class Demand(NamedTuple):
    """What must come with a report that an issue is fixed: pictures of the end, and words."""

    photos: int
    text: bool


@dataclass(frozen=True)
class Rules:
    """The tables that decide what may happen to an issue and by when, see ``rules``."""

    folder: Path | None

    @cached_property
    def work(self) -> WorkTime:
        """Working time."""
        return work_time(self.folder)

    @cached_property
    def moves(self) -> Mapping[tuple[str, str], Move]:
        """Moves by the states before and after."""
        return MappingProxyType(moves(self.folder))

    @cached_property
    def states(self) -> pd.DataFrame:
        """States by code."""
        return states(self.folder)

    @cached_property
    def policy(self) -> Mapping[str, float]:
        """Numbers of policy."""
        return policy(self.folder)

    @cached_property
    def _limits(self) -> Mapping[str, tuple[tuple[str, Limit], ...]]:
        found: dict[str, tuple[tuple[str, Limit], ...]] = {}
        for row in deadlines(self.folder).to_dict("records"):
            amount = 0.0 if row["unit"] == PLAN else float(row["limit"])
            found[row["type"]] = (*found.get(row["type"], ()), (row["stage"], Limit(amount, row["unit"])))
        return {issue_type: _in_order(stages) for issue_type, stages in found.items()}

    @cached_property
    def _severity(self) -> Mapping[str, int]:
        return {str(code): int(value) for code, value in issue_types(self.folder)["severity"].items()}

    @cached_property
    def _demands(self) -> Mapping[str, Demand]:
        table = standard("evidence", self.folder)
        return {row["type"]: Demand(int(row["photos_after"]), bool(row["text"])) for row in table.to_dict("records")}

    def words(self, state: str) -> Text:
        """Give the words of a state."""
        row = self.states.loc[[state]].iloc[0]
        return Text(str(row["zh"]), str(row["en"]))

    def limits(self, issue_type: str, severity: int | None = None) -> tuple[tuple[str, Limit], ...]:
        """Give the stages of a type with their limits; more severe than the type's own makes them shorter.

        Severity never loosens a limit: below the type's own, and where policy has no share for it, it changes nothing.
        """
        usual = self._severity.get(issue_type, 0)
        share = 1.0
        if severity is not None and severity > usual:
            share = min(1.0, self.policy.get(f"limit_share_severity_{severity}", 1.0))
        return tuple((stage, Limit(one.amount * share, one.unit)) for stage, one in self._limits.get(issue_type, ()))

    def demand(self, issue_type: str) -> Demand:
        """Give what a report "fixed" of this type must bring."""
        return self._demands.get(issue_type, Demand(1, text=False))

    def onward(self, state: str) -> Sequence[Move]:
        """Give the moves out of a state, in the order of the table."""
        return [one for (was, _), one in self.moves.items() if was == state]


def _in_order(stages: tuple[tuple[str, Limit], ...]) -> tuple[tuple[str, Limit], ...]:
    """Give the stages that follow each other, in order; those of the workspace's own come before the last repair."""
    has_resolve = any(stage == RESOLVE for stage, _ in stages)
    kept = [one for one in stages if not (has_resolve and one[0] in _INSTEAD)]
    own = STAGES.index("replace") - 0.5
    return tuple(sorted(kept, key=lambda one: STAGES.index(one[0]) if one[0] in STAGES else own))


def rules(folder: Path | None = None) -> Rules:
    """Give the rules of a workspace; None for those that are shipped."""
    return Rules(folder)
