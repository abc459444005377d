"""Which heading of a file is which column of a layer: proposed with reasons, asked where unsure, editable."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import pandas as pd

from geo.errors import Problem
from geo.findings import names_found, value_found
from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.cells.amounts import QUANTITIES
from layers.intake.mapping.evidence import Evidence, evidence_of
from layers.intake.mapping.matching import ASKED, EVIDENCE, Match, match, names_of, plain, unit_in
from layers.intake.mapping.settling import Settled, settle
from layers.intake.mapping.targets import EXTRA, LEFT_OUT, column_kind, role_of, title_of
from layers.problems import Fault, problem

FAULTS: dict[str, Fault] = {
    "column_conflict": Fault(
        "warning",
        Text("每个字段只对应一列", "one heading for each column"),
        Text("请选择用哪一列；其余各列作为附加列保留", "choose which one it is; the others are kept as extra columns"),
    ),
    "column_guessed": Fault(
        "warning",
        Text("确定的对应关系", "a heading whose meaning is certain"),
        Text("请确认这一列的含义", "confirm what the column means"),
    ),
    "column_doubtful": Fault(
        "warning",
        Text("能按该字段读取的内容", "cells that can be read as what the column should hold"),
        Text("核对这一列对应的字段是否正确", "check whether the column is mapped to the right one"),
    ),
    "column_required": Fault(
        "warning",
        Text("必填字段有对应的列", "a heading for each required column"),
        Text("请指定哪一列是该字段", "say which heading holds it"),
    ),
}
KEPT = Text("没有对应的字段，作为附加列保留", "no column for it; kept as an extra column")
NOT_TAKEN = {
    "serial": Text("只是行的序号，不作编号", "it only counts rows, it is no id"),
    "measured": Text("由图形量算得出，入库时重新计算", "it follows from the shapes and is measured anew"),
}
"""Why headings of some targets are left out."""


class Choice(NamedTuple):
    """What becomes of one heading.

    ``target`` names a column or a key of ``TARGETS``, or is ``EXTRA`` or ``LEFT_OUT``; ``role`` is "column",
    a role of ``Target``, "extra" or "left_out"; ``confidence`` runs from 0 to 1; ``unit`` is that of bare numbers.
    """

    heading: str
    target: str
    role: str
    confidence: float
    reason: Text
    unit: str = ""


class Settings(NamedTuple):
    """What the cells do not say themselves; None or empty where nobody said it."""

    year: int | None = None
    month: int | None = None
    date_order: str | None = None
    decimal: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class ColumnMap:
    """The mapping of one source: a choice for each heading in the order of the file, and what has to be asked."""

    layer: str
    choices: tuple[Choice, ...]
    questions: tuple[Problem, ...] = ()
    settings: Settings = field(default_factory=Settings)

    @property
    def columns(self) -> dict[str, str]:
        """Column or target by heading, without those kept as extra or left out."""
        return {c.heading: c.target for c in self.choices if c.target not in {EXTRA, LEFT_OUT} and c.role != "none"}

    @property
    def apart(self) -> dict[str, str]:
        """What each heading with personal data holds."""
        return {c.heading: c.target for c in self.choices if c.role == "person"}

    @property
    def extra(self) -> tuple[str, ...]:
        """Headings that are kept under their own names."""
        return tuple(c.heading for c in self.choices if c.target == EXTRA)

    @property
    def fingerprint(self) -> str:
        """The key under which the mapping of this source is remembered."""
        return fingerprint(c.heading for c in self.choices)

    def heading_of(self, target: str) -> str | None:
        """Give the heading that holds a target; None for none."""
        return next((c.heading for c in self.choices if c.target == target), None)

    def unit_of(self, target: str) -> str:
        """Give the unit of bare numbers under the heading of a target; empty unsaid."""
        return next((c.unit for c in self.choices if c.target == target), "")


def fingerprint(headings: Iterable[str]) -> str:
    """Give a key of a set of headings, whatever their order: the same source has the same one."""
    words = json.dumps(sorted({plain(str(heading)) for heading in headings}), ensure_ascii=False)
    return sha256(words.encode()).hexdigest()[:16]


def propose(
    headings: Sequence[str],
    spec: LayerSpec,
    aliases: pd.DataFrame,
    *,
    cells: pd.DataFrame | None = None,
    file: str = "",
) -> ColumnMap:
    """Propose what becomes of each heading.

    Two headings for one column are never chosen between: the surer kind of evidence wins, a heading with
    a second meaning takes that, and where neither helps all of them stay extra and a question is put.

    Args:
        headings: as they stand in the file, unique.
        spec: the layer.
        aliases: ``standard("column_aliases", folder)``.
        cells: the cells under the headings, for evidence from values; None for none.
        file: its name in the questions.
    """
    names = names_of(spec, aliases)
    seen = {} if cells is None else {h: evidence_of(cells[h]) for h in headings if h in cells}
    matches = {heading: _seen_first(match(heading, names), seen.get(heading), spec) for heading in headings}
    settled = settle(matches, spec)
    choices = [_choice(heading, settled, spec) for heading in headings]
    choices = _by_values(choices, seen, spec)
    questions = [*_conflicts(settled.conflicts, spec, file), *_doubts(choices, seen, spec, file)]
    return ColumnMap(spec.key, tuple(choices), tuple(questions + _required(choices, spec, file)))


def _problem(  # noqa: PLR0917 (in the order of the fields of a problem)
    code: str, file: str, column: str | None, found: Text, expected: Text | None = None
) -> Problem:
    made = problem(code, file, column=column, found=found, faults=FAULTS)
    return made if expected is None else made._replace(expected=expected)


def _seen_first(named: Match | None, seen: Evidence | None, spec: LayerSpec) -> Match | None:
    """Let values decide what words leave open: a 位置 whose cells are pairs of numbers holds coordinates."""
    if named is None or seen is None or role_of(named.targets[0], spec) == "person":
        return named
    if "xy" not in named.targets and "address" in named.targets and seen.pairs:
        return named._replace(targets=("xy", *named.targets))
    if "xy" in named.targets and "address" in named.targets:
        first = "xy" if seen.pairs else "address"
        return named._replace(targets=(first, *(t for t in named.targets if t != first)))
    return named


def _choice(heading: str, settled: Settled, spec: LayerSpec) -> Choice:
    one = settled.chosen.get(heading)
    if one is None:
        first = settled.behind.get(heading)
        reason = Text(f"“{first}”更贴近该字段，此列作为附加列保留", f"“{first}” fits the column better; kept as extra")
        return Choice(heading, EXTRA, EXTRA, 1.0, reason if first else KEPT)
    target = one.targets[0]
    role = role_of(target, spec)
    unit = unit_in(heading) if column_kind(target, spec) in QUANTITIES else ""
    return Choice(heading, target, role, one.confidence, NOT_TAKEN.get(target, one.reason), unit)


def _by_values(choices: list[Choice], seen: Mapping[str, Evidence], spec: LayerSpec) -> list[Choice]:
    """Let values speak for headings that say nothing: personal data, coordinates, the one column of dates."""
    taken = {choice.target for choice in choices}
    silent = [c for c in choices if c.target == EXTRA and c.heading in seen]
    found: dict[str, tuple[str, Text]] = {}
    for choice in silent:
        facts = seen[choice.heading]
        if facts.person is not None:
            found[choice.heading] = facts.person, Text("内容是个人信息", "its cells are personal data")
        elif facts.pairs and not taken & {"x", "y", "xy"}:
            found[choice.heading] = "xy", Text("内容是成对的坐标", "its cells are pairs of coordinates")
    dated = [c.heading for c in silent if seen[c.heading].dates and c.heading not in found]
    wanted = [
        c for c in spec.columns if column_kind(c, spec) == "date" and spec.columns[c]["required"] and c not in taken
    ]
    if len(dated) == len(wanted) == 1:
        found[dated[0]] = wanted[0], Text("内容是日期，且只有这一列", "its cells are dates, and no other heading's are")
    return [
        c._replace(
            target=found[c.heading][0],
            role=role_of(found[c.heading][0], spec),
            confidence=EVIDENCE,
            reason=found[c.heading][1],
        )
        if c.heading in found
        else c
        for c in choices
    ]


def _conflicts(conflicts: Mapping[str, list[str]], spec: LayerSpec, file: str) -> list[Problem]:
    return [
        _problem(
            "column_conflict",
            file,
            target,
            names_found(headings),
            Text("{t} 只对应一列", "one heading for {t}").format(t=title_of(target, spec)),
        )
        for target, headings in conflicts.items()
    ]


def _doubts(choices: Iterable[Choice], seen: Mapping[str, Evidence], spec: LayerSpec, file: str) -> list[Problem]:
    """Ask about choices of little evidence, and about columns of dates that hold none."""
    found = []
    for choice in choices:
        if choice.target in {EXTRA, LEFT_OUT} or choice.role == "person":
            continue
        title = title_of(choice.target, spec)
        if choice.confidence < ASKED:
            said = Text(
                f"{choice.heading} → {title.zh}（{choice.reason.zh}）",
                f"{choice.heading} → {title.en} ({choice.reason.en})",
            )
            found.append(_problem("column_guessed", file, choice.heading, said))
        if column_kind(choice.target, spec) == "date" and choice.heading in seen and seen[choice.heading].no_dates:
            found.append(
                _problem("column_doubtful", file, choice.heading, value_found(seen[choice.heading].example), title)
            )
    return found


def _required(choices: Iterable[Choice], spec: LayerSpec, file: str) -> list[Problem]:
    taken = {choice.target for choice in choices}
    missing = [c for c, facts in spec.columns.items() if facts["required"] and c not in taken]
    return [
        _problem("column_required", file, c, Text("没有对应的列", "no heading"), title_of(c, spec)) for c in missing
    ]
