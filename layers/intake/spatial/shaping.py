"""Shapes as any format gives them, made fit to be taken in: what is mended is told, what cannot be is lost by row."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import Problem
from geo.text import Text
from layers.intake.source import LostRow
from layers.intake.spatial.faults import counted_note, in_order, vector_problem
from layers.shapes import UNREADABLE, shape_found

LARGEST = 1e9
"""Coordinates beyond are on no map: in metres the Earth is 4e7 around, with a zone before it 4e7 wide."""
_FAMILY = np.array([0, 1, 1, 2, 0, 1, 2, 3])  # points, lines, areas, mixtures by type of geometry
_CURVES = frozenset(range(8, 15))


class Shapes(NamedTuple):
    """Shapes in the plane, None where there is none; positions to leave out, with why; what was mended."""

    shapes: NDArray[np.object_]
    lost: tuple[LostRow, ...]
    notes: tuple[Problem, ...]
    kept: NDArray[np.bool_]


def shaped(
    shapes: NDArray[np.object_], rows: NDArray[np.int64], *, file: str, broken: Mapping[int, Text] = {}, closed: int = 0
) -> Shapes:
    """Check decoded shapes.

    Args:
        shapes: geometries or None.
        rows: their rows in the file.
        file: the name for messages.
        broken: positions of shapes that could not be decoded, with why.
        closed: how many rings were closed while decoding.
    """
    high = shapely.has_z(shapes) | shapely.has_m(shapes)
    if high.any():
        shapes = shapely.force_2d(shapes)
    empty = shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    wild = _wild(shapes)
    shapes = shapes.copy()
    shapes[empty] = None
    kept = ~wild
    kept[list(broken)] = False
    lost = in_order(
        {
            "not_finite": [(rows[at], _first_wild(shapes[at])) for at in np.flatnonzero(wild)],
            "broken_shape": [(rows[at], words) for at, words in broken.items()],
        }
    )
    notes = [
        *counted_note("flattened", file, int(high.sum())),
        *counted_note("rings_closed", file, closed),
        *counted_note("empty_shapes", file, int((shapely.is_missing(shapes) & kept).sum())),
        *_mixed(shapes[kept], file),
    ]
    return Shapes(shapes[kept], lost, tuple(notes), kept)


def from_wkb(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], dict[int, Text], int]:
    """Decode WKB without curves; rings left open are closed.

    Returns:
        Shapes; positions that cannot be decoded, with why; how many rows had rings that were closed.
    """
    given = np.array([one is not None for one in wkb], dtype=bool)
    shapes = _decoded(wkb)
    bad = np.flatnonzero(given & shapely.is_missing(shapes))
    if len(bad):
        shapes[bad] = _decoded(wkb[bad], on_invalid="fix")
    missing = np.flatnonzero(given & shapely.is_missing(shapes))
    return shapes, dict.fromkeys(missing.tolist(), UNREADABLE), len(bad) - len(missing)


def _decoded(wkb: NDArray[np.object_], *, on_invalid: Literal["ignore", "fix"] = "ignore") -> NDArray[np.object_]:
    """Decode WKB; null for what cannot be, also for curves within collections, which stop the whole array."""
    try:
        return np.asarray(shapely.from_wkb(wkb, on_invalid=on_invalid), dtype=object)
    except NotImplementedError:
        if len(wkb) == 1:
            return np.array([None], dtype=object)
        half = len(wkb) // 2
        return np.concatenate([_decoded(part, on_invalid=on_invalid) for part in (wkb[:half], wkb[half:])])


def has_curves(wkb: NDArray[np.object_]) -> bool:
    """Tell whether any shape has arcs, which GEOS does not know."""
    return any(_type_code(head) in _CURVES for head in {one[:5] for one in wkb if one is not None})


def _type_code(wkb: bytes) -> int:
    if len(wkb) < 5:  # noqa: PLR2004 (byte order and type)
        return -1
    return int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") % 0x10000000 % 1000


def _wild(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Find shapes with coordinates that are no numbers or on no map."""
    found = np.zeros(len(shapes), dtype=bool)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    with np.errstate(invalid="ignore"):
        found[owner[~(np.abs(xy) <= LARGEST).all(axis=1)]] = True
    return found


def _first_wild(shape: shapely.Geometry) -> Text:
    xy = shapely.get_coordinates(shape)
    x, y = xy[~(np.abs(xy) <= LARGEST).all(axis=1)][0]
    return Text(f"坐标 ({x:.6g}, {y:.6g})", f"the coordinates ({x:.6g}, {y:.6g})")


def _mixed(shapes: NDArray[np.object_], file: str) -> list[Problem]:
    kinds = shapely.get_type_id(shapes)
    families, first = np.unique(_FAMILY[kinds[kinds >= 0]], return_index=True)
    if len(families) <= 1 and not (families == 3).any():  # noqa: PLR2004 (a mixture within one)
        return []
    some = shapes[kinds >= 0]
    words = [shape_found(some[at]) for at in first]
    found = Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))
    return [vector_problem("mixed_types", file, found=found)]
