"""Row by row: kept, repaired or lost, with the reason and the next step."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coordinate_faults import ROW_FAULTS
from geo.errors import Problem
from geo.findings import NOTHING
from geo.text import Text
from layers.catalog import LayerSpec
from layers.intake.courtyards import OUTLINE, Courtyards, put_back
from layers.intake.faults import FAULTS, fault
from layers.intake.meaning import Meant
from layers.intake.merging import PLACE_CONFIDENCE, PLACE_SOURCE, content_ids, repeats
from layers.intake.shapes_mended import MOST_SHAPES, REDRAW, consent, mended
from layers.intake.source import LostRow, Source
from layers.intake.tables.faults import where
from layers.intake.whereabouts import Located
from layers.reading import typed
from layers.shapes import SHAPES, reason_found, shape_found

CORRECT = Text("改正后重新入库", "correct it and take the file in again")
AS_EXPECTED = Text("应为{w}；改正后重新入库", "expected {w}; correct it and take the file in again")
NO_PLACE = {
    "coordinate_half": Text("只有一个坐标", "only one of the two coordinates"),
    "coordinate_infinite": Text("坐标不是大小合理的数", "coordinates of no possible size"),
    "coordinate_zero": Text("坐标是 0,0", "the coordinates 0,0"),
    "coordinate_swapped": Text(
        "两个坐标的顺序与其他行相反", "the coordinates in the other order than in the other rows"
    ),
    "coordinate_far": Text("位置远在边界之外", "a place far outside the boundary"),
}
"""What is found in a row without a place, by the codes of ``ROW_FAULTS``."""
MOST_DIFFERENT = 4
"""Columns in which two rows of one id differ that are shown side by side."""
LONGEST_CELL = 40
"""Characters of a cell that are shown."""


class Sorted:
    """The rows of a source on their way in: a table of what is kept so far, by position, and the lost ones."""

    def __init__(self, source: Source, spec: LayerSpec) -> None:
        self.source, self.spec = source, spec
        self.keep = np.ones(len(source.cells), dtype=bool)
        self.lost: dict[int, LostRow] = {}

    def of(self, table: Any) -> Any:  # noqa: ANN401 (a table or column by position)
        """Give the rows that are kept so far; where all are, nothing is copied."""
        return table if self.keep.all() else table[self.keep]

    def tell(self, *problems: Problem) -> None:
        """Add to what somebody should know of the source."""
        self.source = self.source._replace(notes=(*self.source.notes, *problems))

    def lose(self, at: int, code: str, found: Text, *, column: str | None = None, remedy: Text = CORRECT) -> None:
        """Take a row out; the first reason counts."""
        if self.keep[at]:
            self.keep[at] = False
            self.lost[at] = LostRow(int(self.source.rows[at]), code, column, found, remedy)


def required_cells(rows: Sorted, meant: Meant, headings: dict[str, str]) -> None:
    """Lose the rows in which a required column has no value, with the fault of its cell if there is one."""
    required = [name for name, meta in rows.spec.columns.items() if meta["required"] and name in meant.table]
    faults = {(at, target): one for at, _, target, one in meant.faults}
    for name in required:
        for at in np.flatnonzero(meant.table[name].isna().to_numpy()).tolist():
            one, heading = faults.get((at, name)), headings.get(name)
            if one is not None:
                rows.lose(at, one.code, one.found, column=heading, remedy=AS_EXPECTED.format(w=one.expected))
            else:
                empty = Text("空", "empty")
                rows.lose(at, "missing_required", empty, column=heading, remedy=FAULTS["missing_required"].remedy)


def shapes_fit(rows: Sorted, located: Located, rings: Courtyards | None = None, *, mend: bool = False) -> None:
    """Lose the rows whose shape is not of the layer's kind, is invalid, or is missing where one is needed.

    Args:
        rows: the rows so far.
        located: their shapes in the workspace CRS; repaired ones take the place of the others.
        rings: rings in other units that were taken out, put back where their place is sure.
        mend: the user agreed to have broken outlines repaired.
    """
    shapes, spec = located.shapes, rows.spec
    if rings is not None and rings.faults:
        done = put_back(rings, shapes, where(rows.source.file, rows.source.part))
        rows.tell(*done.notes)
        for at in done.lost:
            rows.lose(at, "part_in_other_units", OUTLINE[0], remedy=OUTLINE[1])
    drawn = ~shapely.is_missing(shapes)
    wrong = drawn & ~np.isin(shapely.get_type_id(shapes), SHAPES[spec.shape])
    for at in np.flatnonzero(wrong).tolist():
        rows.lose(at, "wrong_shape", shape_found(shapes[at]))
    outlined = np.flatnonzero(drawn & ~wrong & (shapely.get_dimensions(shapes) > 0))
    _valid(rows, shapes, outlined[~shapely.is_valid(shapes[outlined])], mend=mend)
    if spec.key != "issues":
        for at in np.flatnonzero(~drawn).tolist():
            found, remedy = no_place(located, at)
            rows.lose(at, "no_shape", found, remedy=remedy)


def _valid(rows: Sorted, shapes: np.ndarray, broken: np.ndarray, *, mend: bool) -> None:
    """Repair broken shapes if the user agreed and they are within the limits, and tell it; lose the others."""
    place = where(rows.source.file, rows.source.part)
    for count, (at, words) in enumerate(zip(broken.tolist(), shapely.is_valid_reason(shapes[broken]), strict=True)):
        reason = reason_found(words)
        repair = mended(shapes[at]) if count < MOST_SHAPES and rows.keep[at] else None
        if repair is None:
            rows.lose(at, "invalid_geometry", reason, remedy=REDRAW)
        elif not mend:
            rows.lose(at, "invalid_geometry", reason, remedy=consent(repair))
        else:
            shapes[at] = repair.shape
            said = Text("{reason}；{change}", "{reason}; {change}").format(reason=reason, change=repair.change)
            rows.tell(fault("shape_mended", place, row=int(rows.source.rows[at]), found=said))


def no_place(located: Located, at: int) -> tuple[Text, Text]:
    """Say why a row has no place, and what to do."""
    if at in located.cell_faults:
        _, one = located.cell_faults[at]
        return one.found, Text("应为{w}", "expected {w}").format(w=one.expected)
    if located.verdict is not None:
        for code, positions in located.verdict.faults.items():
            if at in positions:
                return NO_PLACE[code], ROW_FAULTS[code][1]
    return Text("没有坐标", "no coordinates"), FAULTS["no_shape"].remedy


def identified(rows: Sorted, table: pd.DataFrame, ids: pd.Series | None, shapes: np.ndarray) -> pd.DataFrame:
    """Give the kept rows by id; rows without one are named after their content, repeats and contradictions leave."""
    spec = rows.spec
    kept = rows.of(table).copy(deep=False)
    named = pd.Series(None, index=kept.index, dtype="str") if ids is None else rows.of(ids)
    if named.isna().any():
        named = named.fillna(content_ids([*_said(kept), *_drawn(shapes[rows.keep], kept.index)], f"{spec.key}-"))
    kept[spec.id_column] = named.astype("str")
    if spec.shape != "none":
        kept = gpd.GeoDataFrame(kept, geometry=shapes[rows.keep])
    kept = kept.set_index(spec.id_column)
    same, other = repeats(kept)
    positions = np.flatnonzero(rows.keep)
    for at, name, beside in zip(positions[other].tolist(), kept.index[other], _beside(rows, kept, other), strict=True):
        rows.keep[at] = False
        rows.lost[at] = contradiction(int(rows.source.rows[at]), name, beside=beside)
    kept = kept.assign(_position=positions)
    once: pd.DataFrame = kept[~(same | other)] if (same | other).any() else kept
    return once


def contradiction(row: int, name: str, *, beside: Text = NOTHING) -> LostRow:
    """Lose a row whose id an earlier row has, which says something else; ``beside`` shows the two side by side."""
    found = Text(f"编号 {name} 已用于内容不同的行", f"id {name}, used before for other content")
    if beside != NOTHING:
        found = Text("{found}：{beside}", "{found}: {beside}").format(found=found, beside=beside)
    return LostRow(row, "contradicts", None, found, FAULTS["contradicts"].remedy)


def _beside(rows: Sorted, kept: pd.DataFrame, other: np.ndarray) -> Iterator[Text]:
    """Show each row that contradicts the first one of its id beside it, column by column."""
    if not other.any():
        return
    positions = np.flatnonzero(rows.keep)
    named = kept.index.isin(kept.index[other])
    first = {kept.index[at]: at for at in np.flatnonzero(named)[::-1].tolist()}
    plain = pd.DataFrame(kept.drop(columns="geometry", errors="ignore"))
    for at in np.flatnonzero(other).tolist():
        before = first[kept.index[at]]
        pairs = {str(name): (cells.iloc[before], cells.iloc[at]) for name, cells in plain.items()}
        differ = {name: pair for name, pair in pairs.items() if not _alike(*pair)}
        told = [f"{name} {_cell(one)} / {_cell(two)}" for name, (one, two) in list(differ.items())[:MOST_DIFFERENT]]
        some = "; ".join(told) + ("…" if len(differ) > MOST_DIFFERENT else "")
        row = int(rows.source.rows[positions[before]])
        more = (
            Text("（{some}）", " ({some})").format(some=some) if some else Text("（位置不同）", " (at another place)")
        )
        yield Text("第 {row} 行与本行{more}", "row {row} and this one{more}").format(row=str(row), more=more)


def _alike(one: Any, other: Any) -> bool:  # noqa: ANN401 (any cells)
    return bool(pd.isna(one) and pd.isna(other)) or bool(not pd.isna(one) and not pd.isna(other) and one == other)


def _cell(value: Any) -> str:  # noqa: ANN401 (any cell)
    return "—" if pd.isna(value) else str(value)[:LONGEST_CELL]


def _said(kept: pd.DataFrame) -> list[pd.Series]:
    """Give the cells of each row, without how it was placed, which may be found out better another time."""
    return [kept[name] for name in kept if name not in {PLACE_SOURCE, PLACE_CONFIDENCE}]


def _drawn(shapes: np.ndarray, index: pd.Index) -> list[pd.Series]:
    """Give the place and size of each shape to the centimetre."""
    box = np.round(np.column_stack([shapely.bounds(shapes), shapely.length(shapes), shapely.area(shapes)]), 2)
    return [pd.Series(column, index=index) for column in box.T]


def declared_rows(rows: Sorted, table: pd.DataFrame, place: str) -> pd.DataFrame:
    """Give the rows the declared types; those with values that are not allowed are lost with the reason."""
    position = table["_position"]
    good, problems = typed(table.drop(columns="_position"), rows.spec, place)
    reasons = {one.row: one for one in problems if one.row is not None}
    for name in table.index.difference(good.index):
        one = reasons.get(str(name))
        found = one.found if one else Text("不允许的取值", "a value that is not allowed")
        remedy = CORRECT if one is None else Text("应为{w}", "expected {w}").format(w=one.expected)
        rows.lose(int(position[name]), "bad_cell", found, column=one.column if one else None, remedy=remedy)
    return good


def ordered(rows: Sorted) -> Iterator[LostRow]:
    """Give the lost rows of a source in the order of the file, those that the reader lost too."""
    yield from sorted([*rows.source.lost, *rows.lost.values()], key=lambda one: one.row)


def private_path(home: Path, layer: str) -> Path:
    """Where the personal columns of an intake lie: apart from the map, in the folder of the intake."""
    return home / f"private_{layer}.csv"
