"""Cells become typed columns of a layer; a cell that cannot be read costs its value, and the row only where it must."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

import pandas as pd

from geo.errors import Problem
from geo.text import Text, counted
from layers.catalog import LayerSpec
from layers.intake.cells.amounts import Quantity, read_amounts
from layers.intake.cells.dates import read_dates
from layers.intake.cells.distinct import cell_text
from layers.intake.cells.midnights import Midnights, midnights
from layers.intake.cells.words import coded, read_flags, read_severity, read_states, read_types, read_words
from layers.intake.cells.years import read_years
from layers.intake.faults import fault
from layers.intake.mapping.proposal import Choice, ColumnMap, Settings
from layers.intake.mapping.targets import DAY_ENDS, EXTRA, column_kind
from layers.intake.source import CellFault, Readings, Source
from layers.intake.tables.faults import cells_counted
from layers.problems import MOST_ROWS

WRITTEN = "_as_written"
"""Ends the name of the column that keeps the words of cells whose value is another or unknown."""
KEEP_WORDS = frozenset({"date", "yuan", "type"})
"""Kinds of columns whose words are kept where they say more than the value."""
UNKNOWN = {
    "masked": Text("已脱敏", "masked"),
    "no_date": Text("没有具体日期", "name no day"),
    "unknown": Text("写明未知", "say that it is unknown"),
}
COORDINATES = frozenset({"x", "y", "xy", "wkt", "crs"})
"""Targets whose cells become the shape of a row, or say how, and no column."""
READ = frozenset({"column", "case", "text"})
"""Roles of the headings whose cells become columns here; places and persons go elsewhere."""


class Repair(NamedTuple):
    """Cells of a heading whose value is not simply what is written, with one of them."""

    heading: str
    cells: int
    example: Text


@dataclass
class Meant:
    """The typed columns of a source, by position.

    ``faults`` are (position, heading, target, fault); ``unknown`` counts cells by heading and reason; ``readings``
    are those of the headings with repairs; ``ends`` says of the headings of deadlines how many are at midnight.
    """

    table: pd.DataFrame
    faults: list[tuple[int, str, str, CellFault]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    unknown: dict[tuple[str, str], int] = field(default_factory=dict)
    readings: dict[str, Readings] = field(default_factory=dict)
    ends: dict[str, Midnights] = field(default_factory=dict)


def meant(source: Source, columns: ColumnMap, spec: LayerSpec, folder: Path | None) -> Meant:
    """Read the chosen columns of a table as what the layer declares; the others are kept under their names.

    A deadline written as a day lasts to the end of that day. Where the words of a cell say more than its
    value (长期坚持, 约3.5万元, a type of the source) they are kept in a column beside it.

    Args:
        source: the table of a file.
        columns: what becomes of each heading.
        spec: the layer.
        folder: the workspace, for its own tables of words.
    """
    found = Meant(pd.DataFrame(index=source.cells.index))
    for choice in columns.choices:
        cells = source.cells[choice.heading]
        if choice.role in READ:
            _put(found, cells, choice, spec, columns.settings, folder)
        elif (choice.target == EXTRA or choice.role == "place") and choice.target not in COORDINATES:
            found.table[choice.heading if choice.heading not in spec.columns else f"{choice.heading}{WRITTEN}"] = (
                _of_one_kind(cells)
            )
    return found


def _put(  # noqa: PLR0917 (one call)
    found: Meant, cells: pd.Series, choice: Choice, spec: LayerSpec, settings: Settings, folder: Path | None
) -> None:
    kind = column_kind(choice.target, spec)
    readings = read(cells, choice, spec, settings=settings, folder=folder)
    found.faults += [(at, choice.heading, choice.target, one) for at, one in readings.faults.items()]
    _note(found, cells, choice.heading, readings)
    if kind == "date" and choice.target in DAY_ENDS:
        found.ends[choice.heading] = midnights(cells, readings[0])
    values, qualifier, *_ = readings
    found.table[choice.target] = values
    if kind in KEEP_WORDS:
        said_more = cells.notna() & ((values.isna() | (qualifier != "eq")).to_numpy(dtype=bool) | (kind == "type"))
        told = texts_of(cells).where(said_more) if said_more.any() else None
        if told is not None and told.notna().any():
            found.table["source_type" if kind == "type" else choice.target + WRITTEN] = told


def read(
    cells: pd.Series, choice: Choice, spec: LayerSpec, *, settings: Settings, folder: Path | None = None
) -> Readings:
    """Read one column as what its target holds."""
    kind = column_kind(choice.target, spec)
    if kind == "date":
        return read_dates(
            cells,
            year=settings.year,
            month=settings.month,
            order=cast("Any", settings.date_order),
            zone=settings.zone,
            end_of_day=choice.target in DAY_ENDS,
        )
    if kind == "code":
        known = coded(spec.key, choice.target, folder)
        return _texts(cells) if known is None else read_words(cells, known)
    if kind == "state":
        return read_states(cells, heading=choice.heading, folder=folder)
    plain = {"year": read_years, "text": _texts}
    if kind in plain:
        return plain[kind](cells)
    listed = {"flag": read_flags, "severity": read_severity, "type": read_types}
    if kind in listed:
        return listed[kind](cells, folder)
    to = cast("Quantity", "count" if kind == "storeys" else kind)
    return read_amounts(cells, to=to, unit=choice.unit, decimal=cast("Any", settings.decimal))


def texts_of(cells: pd.Series) -> pd.Series:
    """Give cells as text without blanks around it, null where nothing is left."""
    texts = cells if isinstance(cells.dtype, pd.StringDtype) else cells.map(cell_text, na_action="ignore")
    bare = texts.astype("str").str.strip()
    nothing = bare == ""
    return bare.where(~nothing) if nothing.any() else bare


def _of_one_kind(cells: pd.Series) -> pd.Series:
    """Give cells that can be stored as one column: several kinds in one become text as it is shown."""
    if cells.dtype != object or pd.api.types.infer_dtype(cells, skipna=True) not in {"mixed", "mixed-integer"}:
        return cells
    return texts_of(cells)


def _texts(cells: pd.Series) -> Readings:
    """Read text as it is, without blanks around it."""
    values = texts_of(cells)
    nothing = pd.Series(None, index=cells.index, dtype="str")
    sure = pd.Series("eq", index=cells.index, dtype="str").where(values.notna())
    return Readings(values, sure, nothing, pd.Series(data=False, index=cells.index), {})


def _note(found: Meant, cells: pd.Series, heading: str, readings: Readings) -> None:
    repaired = readings.repaired.to_numpy(dtype=bool)
    if repaired.any():
        at = int(repaired.argmax())
        example = Text("“{was}”读作 {now}", "“{was}” read as {now}")
        said = example.format(was=cell_text(cells.iloc[at]).strip(), now=_shown(readings[0].iloc[at]))
        found.repairs.append(Repair(heading, int(repaired.sum()), said))
        found.readings[heading] = readings
    for reason, count in readings.reason.dropna().value_counts().items():
        found.unknown[heading, str(reason)] = int(count)


def _shown(value: Any) -> str:  # noqa: ANN401 (any cell)
    if not isinstance(value, pd.Timestamp):
        return cell_text(value)
    return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")


def notes_of(found: Meant, place: str) -> Iterator[Problem]:
    """Tell once for each heading what was read otherwise than it is written, and what is unknown."""
    for one in found.repairs:
        words = Text("{n} 个单元格，如{example}", "{cells}, such as {example}")
        said = words.format(n=f"{one.cells:,}", cells=counted(one.cells, "cell", "cells"), example=one.example)
        yield fault("read_as", place, column=one.heading, found=said)
    for (heading, reason), count in found.unknown.items():
        words = Text(f"{count:,} 个单元格{{why}}", f"{counted(count, 'cell', 'cells')}: {{why}}")
        said = words.format(why=UNKNOWN.get(reason, Text.same(reason)))
        yield fault("stated_unknown", place, column=heading, found=said)
    for heading, ends in found.ends.items():
        for code, count in (("midnight_kept", ends.kept), ("midnight_untold", ends.days)):
            if count:
                yield fault(code, place, column=heading, found=cells_counted(count))


def empty_cells(found: Meant, source: Source, place: str, *, lost: Collection[int]) -> Iterator[Problem]:
    """List the cells that could not be read in rows that are kept without the value, equal ones of a heading together.

    Args:
        found: the columns as they were read.
        source: the table.
        place: its name in the problems.
        lost: rows of the file that are not kept.
    """
    alike: dict[tuple[str, CellFault], list[int]] = {}
    for at, heading, _, one in found.faults:
        row = int(source.rows[at])
        if row not in lost:
            alike.setdefault((heading, one), []).append(row)
    for (heading, one), rows in alike.items():
        if len(rows) == 1:
            problem = fault("cell_left_empty", place, row=rows[0], column=heading, found=one.found)
        else:
            more = "…" if len(rows) > MOST_ROWS else ""
            some = ", ".join(map(str, rows[:MOST_ROWS])) + more
            words = Text("{n} 个单元格：{found}（第 {rows} 行）", "{n} cells: {found} (rows {rows})")
            said = words.format(n=f"{len(rows):,}", found=one.found, rows=some)
            problem = fault("cell_left_empty", place, column=heading, found=said)
        yield problem._replace(expected=one.expected)
