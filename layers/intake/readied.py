"""A source made ready to be understood: what no layer can hold is taken out and told, before anything is placed."""

from typing import NamedTuple

import numpy as np

from geo.findings import names_found
from geo.text import Text
from layers.intake.courtyards import Courtyards, without_strange_rings
from layers.intake.faults import fault
from layers.intake.shapes_mended import around_the_earth
from layers.intake.source import LostRow, Source
from layers.intake.tables.faults import where

AROUND = (
    Text("跨越 180° 经线，宽过半个地球", "a shape across the line of 180°, wider than half the Earth"),
    Text("不在项目范围内：核对经度后再入库", "it is outside the project: check the longitudes"),
)


class Ready(NamedTuple):
    """A source, and the rings that were taken out of its shapes."""

    source: Source
    rings: Courtyards


def readied(source: Source, crs: str) -> Ready:
    """Take out pictures, shapes around the Earth and rings in other units.

    Args:
        source: the table of a file.
        crs: the workspace CRS.
    """
    rings = without_strange_rings(_on_one_side(_without_pictures(source)), crs)
    return Ready(rings.source, rings)


def _without_pictures(source: Source) -> Source:
    """Leave out columns of bytes, which no layer holds."""
    names = [
        name
        for name, column in source.cells.items()
        if column.dtype == object and column.map(lambda one: isinstance(one, bytes)).any()
    ]
    if not names:
        return source
    note = fault("picture_apart", where(source.file, source.part), found=names_found(map(str, names)))
    return source._replace(cells=source.cells.drop(columns=names), notes=(*source.notes, note))


def _on_one_side(source: Source) -> Source:
    """Lose shapes that lie across the line of 180 degrees: read as numbers, they go around the whole Earth."""
    around = around_the_earth(source)
    if source.geometry is None or not around.any():
        return source
    found, remedy = AROUND
    lost = [LostRow(int(source.rows[at]), "around_earth", None, found, remedy) for at in np.flatnonzero(around)]
    return source._replace(
        cells=source.cells[~around].reset_index(drop=True),
        rows=source.rows[~around],
        geometry=source.geometry[~around],
        lost=(*source.lost, *lost),
    )
