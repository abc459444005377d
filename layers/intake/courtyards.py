"""Courtyards whose corners are in other units than their outline: found before anything is moved, put back where sure.

Programs that convert outlines and forget the courtyards leave them in metres inside degrees, or the other way
round. Repairing such a polygon by its crossing lines turns it into nonsense; here the ring is read in each system
that its numbers allow, and counts if it lies inside its outline in exactly one. Otherwise it is left out, and told.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.candidates import Hypothesis, by_size
from geo.conversion import converted, degrees_box
from geo.errors import CrsError, Problem
from geo.rings import RingFault, ring_faults
from geo.text import Text, counted
from layers.intake.faults import fault
from layers.intake.source import Source

MOST_TOLD = 20
"""Rows that a problem names one by one."""
SAME_M = 5.0
"""Readings of a courtyard that lie closer together than this are one."""
OUTLINE = (
    Text("图形的一部分坐标单位与其余不同", "a part of the shape is in other units than the rest"),
    Text("从原始数据重新导出该图形后再入库", "export the shape again from the original data"),
)


class Courtyards(NamedTuple):
    """A source without rings in other units, the faults of its shapes, and these shapes as they were, by position.

    ``crs`` is that of the workspace.
    """

    source: Source
    faults: tuple[RingFault, ...]
    before: Mapping[int, object]
    crs: str


class Outcome(NamedTuple):
    """What became of the courtyards: rows that are lost, by position, and what to tell."""

    lost: tuple[int, ...]
    notes: tuple[Problem, ...]


def without_strange_rings(source: Source, crs: str) -> Courtyards:
    """Take the rings in other units out of the shapes of a source."""
    if source.geometry is None:
        return Courtyards(source, (), {}, crs)
    found = ring_faults(source.geometry)
    if not found.faults:
        return Courtyards(source, (), {}, crs)
    shapes = source.geometry.copy()
    before = {at: shapes[at] for at in found.repaired}
    for at, shape in found.repaired.items():
        shapes[at] = shape
    return Courtyards(source._replace(geometry=shapes), found.faults, before, crs)


def put_back(found: Courtyards, shapes: NDArray[np.object_], place: str) -> Outcome:
    """Put courtyards back into shapes where their place is sure; ``shapes`` is changed.

    Args:
        found: see ``without_strange_rings``.
        shapes: the shapes of the source in the workspace CRS, None where there is none.
        place: name of the table in the problems.
    """
    torn = {one.row for one in found.faults if one.ring == 0}
    whole = [one for one in found.faults if one.row not in torn and shapes[one.row] is not None]
    restored: dict[int, float] = {}
    left_out: dict[int, float] = {}
    for one in whole:
        ring = _ring(found.before[one.row], one)
        area = _restored(shapes, one, ring, found.crs)
        kind = left_out if area is None else restored
        kind[one.row] = kind.get(one.row, 0.0) + (area or 0.0)
    notes = [
        _told("courtyard_read", restored, found.source, place),
        _told("courtyard_left_out", left_out, found.source, place),
    ]
    return Outcome(tuple(sorted(torn)), tuple(note for note in notes if note is not None))


def _ring(shape: object, one: RingFault) -> NDArray[np.float64]:
    part = shapely.get_parts(shape)[one.part]
    return np.asarray(shapely.get_coordinates(shapely.get_interior_ring(part, one.ring - 1)), dtype=float)


def _restored(shapes: NDArray[np.object_], one: RingFault, ring: NDArray[np.float64], crs: str) -> float | None:
    """Cut a courtyard out of its outline again if one reading puts it inside; give its area, square metres."""
    parts = shapely.get_parts(shapes[one.row])
    outline = shapely.polygons(shapely.get_exterior_ring(parts[one.part]))
    inside: list[shapely.Polygon] = []
    for yard in _readings(ring, outline, crs):
        new = not any(shapely.hausdorff_distance(yard, other) < SAME_M for other in inside)
        if new and shapely.is_valid(yard) and outline.contains(yard):
            inside.append(yard)
    if len(inside) != 1:
        return None
    holes = [*shapely.get_rings(parts[one.part])[1:], shapely.get_exterior_ring(inside[0])]
    cut = shapely.polygons(shapely.get_exterior_ring(parts[one.part]), holes)
    if not shapely.is_valid(cut):
        return None
    parts[one.part] = cut
    shapes[one.row] = cut if len(parts) == 1 else shapely.multipolygons(parts)
    return float(shapely.area(inside[0]))


def _readings(ring: NDArray[np.float64], outline: shapely.Polygon, crs: str) -> list[shapely.Polygon]:
    """Give the courtyard as each system that its numbers allow would place it."""
    if not np.isfinite(ring).all() or len(ring) < _LEAST_CORNERS:
        return []
    near = degrees_box(outline.bounds, crs)
    return [yard for one in by_size(ring[:, 0], ring[:, 1], place=near, crs=crs) if (yard := _read(ring, one, crs))]


_LEAST_CORNERS = 4


def _read(ring: NDArray[np.float64], reading: Hypothesis, crs: str) -> shapely.Polygon | None:
    try:
        east, north = converted(reading, ring[:, 0], ring[:, 1], crs)
    except CrsError:  # a system without known parameters places nothing
        return None
    if not (np.isfinite(east).all() and np.isfinite(north).all()):
        return None
    yard: shapely.Polygon = shapely.polygons(np.column_stack([east, north]))
    return yard


def _told(code: str, areas: Mapping[int, float], source: Source, place: str) -> Problem | None:
    if not areas:
        return None
    rows = {int(source.rows[at]): area for at, area in sorted(areas.items())}
    sized = [f"{row} ({area:,.1f} m²)" if area else str(row) for row, area in list(rows.items())[:MOST_TOLD]]
    some = ", ".join(sized) + ("…" if len(rows) > MOST_TOLD else "")
    words = Text(
        f"{len(rows):,} 个图形的天井坐标单位不同，第 {some} 行",
        f"{counted(len(rows), 'shape has', 'shapes have')} courtyards in other units, rows {some}",
    )
    return fault(code, place, found=words)
