"""What somebody should know of a table that was looked at, beside the rows that were lost."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import Problem
from geo.text import Text, counted
from layers.catalog import ISSUES, LayerSpec
from layers.grid_checks import grid_problems
from layers.intake.faults import fault
from layers.intake.look import Part
from layers.intake.meaning import Meant, empty_cells, notes_of
from layers.intake.quality import column_notes
from layers.intake.source import Source
from layers.intake.tables.faults import where
from layers.manifest import Manifest
from layers.problems import MOST_ROWS
from layers.schema import Grids

MANY_CORNERS = 500
LEAST_COMPACT = 1e-3
"""An area with so many corners and a smaller Polsby-Popper compactness (1 for a circle) is a comb; of 23,000 real parks,
buildings and grids the least compact one of as many corners has 0.0075."""


def told(part: Part, spec: LayerSpec) -> Iterator[Problem]:
    """Tell everything that somebody should know of a table."""
    place = where(part.source.file, part.source.part)
    yield from part.source.notes
    yield from part.columns.questions
    yield from notes_of(part.meant, place)
    yield from column_notes(part.source, part.columns, spec, place)
    yield from empty_cells(part.meant, part.source, place, lost={one.row for one in part.lost})
    if part.located.verdict is not None:
        for words in part.located.verdict.evidence:
            yield fault("place_evidence", place, found=words)
    if spec.shape != "point":
        yield from _jagged(part, place)
    if spec == ISSUES:
        yield from _without_place(part, place)


def _jagged(part: Part, place: str) -> Iterator[Problem]:
    """Tell of areas whose outline is a comb: two of them can make more parts than a computer can hold."""
    shapes = part.located.shapes
    many = np.flatnonzero(shapely.get_num_coordinates(shapes) >= MANY_CORNERS)
    length, area = shapely.length(shapes[many]), shapely.area(shapes[many])
    combs = many[(area > 0) & (4 * np.pi * area < LEAST_COMPACT * length**2)]
    if len(combs):
        rows = ", ".join(map(str, part.source.rows[combs[:MOST_ROWS]].tolist())) + (
            "…" if len(combs) > MOST_ROWS else ""
        )
        yield fault(
            "jagged_shape", place, found=Text(f"第 {rows} 行", f"row {rows}" if len(combs) == 1 else f"rows {rows}")
        )


def _without_place(part: Part, place: str) -> Iterator[Problem]:
    """Tell of issues without a place, and of those that were placed by their address."""
    nowhere, by_address = int(shapely.is_missing(part.located.shapes).sum()), int(part.located.by_address.sum())
    for code, number in (("no_place", nowhere), ("placed_by_address", by_address)):
        if number:
            yield fault(code, place, found=Text(f"{number:,} 行", counted(number, "row", "rows")))


def order_asked(said: Meant, source: Source) -> Iterator[Problem]:
    """Ask once for each heading in which order day and month stand, where its cells do not tell."""
    headings: dict[str, int] = {}
    for _, heading, _, one in said.faults:
        if one.code == "date_order_unknown":
            headings[heading] = headings.get(heading, 0) + 1
    for heading, count in headings.items():
        words = Text("{n} 个日期可能日在前也可能月在前", "{n} that may have the day or the month first")
        found = words.format(n=Text(f"{count:,}", counted(count, "date", "dates")))
        yield fault("needs_order", where(source.file, source.part), column=heading, found=found)


def tiling_problems(grids: gpd.GeoDataFrame, manifest: Manifest) -> list[Problem]:
    """List the gaps and overlaps of grids as they would be stored, with what else is wrong with their tree."""
    whole = grids.reindex(columns=[*grids.columns, *({Grids.parent_id} - set(grids.columns))])
    whole = gpd.GeoDataFrame(whole, geometry="geometry", crs=grids.crs)
    return [one for one in grid_problems(whole, manifest) if one.code not in {"no_level", "no_grids"}]
