"""What a person said of a file: kept for each layer it may go to, each kind of table in it, each row without a place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from geo.errors import DataError, Problem
from layers.catalog import LayerSpec
from layers.intake.look import Look, Part, Wishes
from layers.intake.mapping.map_file import edited
from layers.intake.mapping.proposal import ColumnMap, Settings
from layers.intake.mapping.targets import EXTRA, role_of
from layers.intake.whereabouts import Answers

Form = frozenset[str]
"""The headings of a table; tables that share them share their mapping."""
Spot = tuple[float, float]
"""A place in metres of the workspace."""
RowKey = tuple[str, int]
"""Table and row of the user's file."""
ALONE = frozenset({"column", "place", "case", "text"})
"""Roles that one heading of a table may have."""


@dataclass(frozen=True)
class Said:
    """What a person said of a file for a layer; whatever is not said is found out or asked.

    ``targets`` and ``units`` are kept by the headings of a table, ``points`` are places set by hand;
    ``mend`` agrees to the repair of outlines that cross themselves.
    """

    part: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    settings: Settings = field(default_factory=Settings)
    targets: Mapping[Form, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[Form, Mapping[str, str]] = field(default_factory=dict)
    points: Mapping[RowKey, Spot] = field(default_factory=dict)
    mend: bool = False

    def wishes(self, spec: LayerSpec) -> Wishes:
        """Give it as the intake wants to hear it, but for the mapping, which needs a first look."""
        return Wishes(
            spec, (), self.answers, self.settings, self.part, self.options, mend=self.mend, points=self.points
        )

    def aimed(self, spec: LayerSpec, form: Form, heading: str, target: str) -> "Said":
        """Add which column a heading is; another heading of the table that was given the same one loses it."""
        alone = role_of(target, spec) in ALONE
        before = self.targets.get(form, {})
        others = {name: EXTRA if alone and one == target else one for name, one in before.items()}
        return replace(self, targets={**self.targets, form: {**others, heading: target}})

    def measured(self, form: Form, heading: str, unit: str) -> "Said":
        """Add the unit of bare numbers under a heading."""
        return replace(self, units={**self.units, form: {**self.units.get(form, {}), heading: unit}})

    def placed(self, points: Mapping[RowKey, Spot | None]) -> "Said":
        """Add where rows are; None takes back what was said of a row."""
        whole = {**self.points, **points}
        return replace(self, points={key: spot for key, spot in whole.items() if spot is not None})


class Sheets(NamedTuple):
    """The tables of a file that share their headings, the first of them, and what was said of these headings."""

    form: Form
    names: tuple[str, ...]
    first: Part


def form_of(columns: ColumnMap) -> Form:
    """Give the headings of a table."""
    return frozenset(choice.heading for choice in columns.choices)


def sheets(look: Look) -> tuple[Sheets, ...]:
    """Put the tables together that share their headings, in the order of the file; tables without any are left out."""
    found: dict[Form, list[Part]] = {}
    for part in look.parts:
        if part.columns.choices:
            found.setdefault(form_of(part.columns), []).append(part)
    return tuple(Sheets(form, tuple(one.source.part for one in parts), parts[0]) for form, parts in found.items())


def mapped(look: Look, said: Said) -> tuple[tuple[ColumnMap, ...], tuple[Problem, ...]]:
    """Give the mappings that were changed, one for each set of headings, and what of them cannot be.

    A mapping in which something cannot be stays as it was.
    """
    columns: list[ColumnMap] = []
    refused: list[Problem] = []
    for one in sheets(look):
        targets, units = said.targets.get(one.form, {}), said.units.get(one.form, {})
        if not (targets or units):
            continue
        before = one.first.columns
        try:
            columns.append(
                edited(before, targets, look.wishes.layer, units=units, settings=before.settings, file=look.file)
            )
        except DataError as error:
            refused += error.problems
    return tuple(columns), tuple(refused)
