"""A redrawing as a plan: which grids are joined, cut, drawn anew, balanced or given other codes, in which order."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from geo.partition import PartitionError
from geo.text import Text

MERGE, SPLIT, HALVE, DRAW, BALANCE, RECODE, SNAP = "merge", "split", "halve", "draw", "balance", "recode", "snap"
KINDS: Mapping[str, Text] = {
    MERGE: Text("合并", "merge"),
    SPLIT: Text("切分", "split"),
    HALVE: Text("对半切分", "halve"),
    DRAW: Text("重画", "draw"),
    BALANCE: Text("均衡", "balance"),
    RECODE: Text("改编号", "new codes"),
    SNAP: Text("边界对齐", "snap borders"),
}
LOADS: Mapping[str, Text] = {
    "issues": Text("问题件数（全部）", "issues, all"),
    "open_issues": Text("未办结问题", "open issues"),
    "buildings": Text("建筑", "buildings"),
    "households": Text("户数（按建筑）", "households by building"),
    "area": Text("面积", "area"),
}
"""Loads by which a cut or a balance can be even."""
ALL = "*"
"""In the place of ids of streets: all of them."""
UNREADABLE = Text("方案无法读取：{why}", "the plan cannot be read: {why}")
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One step of a plan.

    Attributes:
        kind: one of ``KINDS``.
        grids: ids of the grids concerned; of "draw" the one drawn anew, none for a new grid.
        streets: ids of the streets to cut along, or ``ALL``.
        lines: drawn lines in metres; of "draw" the one outline, its corners in order.
        into: how many grids a "balance" makes.
        by: load that is made even, one of ``LOADS``.
        cells: of "balance": "blocks" between streets, or "buildings" with the ground around each.
        ids: codes of the new grids in reading order; of "recode" those in the place of ``grids``. Proposed where none are given.
        names: of the new grids, in reading order.
        tolerance_m: of "snap".
    """

    kind: str
    grids: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    into: int = 2
    by: str = "issues"
    cells: str = "blocks"
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tolerance_m: float = 0.5

    @property
    def words(self) -> Text:
        """The step in a few words."""
        what = "＋".join(self.grids) if self.kind == MERGE else "、".join(self.grids)
        more = Text("", "")
        if self.kind == BALANCE:
            more = Text(f" → {self.into} 个", f" → {self.into}")
        return Text(f"{KINDS[self.kind].zh} {what}{more.zh}", f"{KINDS[self.kind].en} {', '.join(self.grids)}{more.en}")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Steps at one level of grids, in force from a day on."""

    level: int
    valid_from: date
    steps: tuple[Operation, ...]

    @property
    def words(self) -> Text:
        """The plan in a few words."""
        said = [one.words for one in self.steps]
        return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))

    def as_json(self) -> dict[str, Any]:
        """Give the plan ready for JSON."""
        steps = [
            {key: value for key, value in asdict(one).items() if value != _DEFAULTS.get(key)} for one in self.steps
        ]
        return {"level": self.level, "valid_from": self.valid_from.isoformat(), "steps": steps}

    @classmethod
    def of_json(cls, said: str | Mapping[str, Any]) -> Self:
        """Read a plan.

        Raises:
            PartitionError: it is none; why.
        """
        try:
            held = json.loads(said) if isinstance(said, str) else said
            steps = tuple(_operation(one) for one in held["steps"])
            return cls(level=int(held["level"]), valid_from=date.fromisoformat(held["valid_from"]), steps=steps)
        except (ValueError, KeyError, TypeError) as error:
            raise PartitionError(UNREADABLE.format(why=Text.same(str(error)))) from error


_DEFAULTS = {one.name: one.default for one in fields(Operation)}


def _operation(said: Mapping[str, Any]) -> Operation:
    """Read a step; lists become tuples."""
    unknown = set(said) - set(_DEFAULTS)
    if unknown or said.get("kind") not in KINDS or said.get("by", "issues") not in LOADS:
        raise ValueError(", ".join(sorted(map(str, unknown))) or str(said.get("kind")))
    held: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
    if "lines" in held:
        held["lines"] = tuple(tuple((float(x), float(y)) for x, y in line) for line in held["lines"])
    return Operation(**held)
