"""Shapes of drawn things: closed outlines and hatches as areas, arcs as short straight lines, outlines inside blocks."""

from typing import Any, NamedTuple

import numpy as np
import shapely

_SAGITTA = 0.001  # of the drawing's span: how far a straight piece may lie from its arc, at most
_RING = 4  # points of the smallest ring
_MOST_RINGS = 200
_MOST_PIECES = 200_000
_OUTLINES = {"LWPOLYLINE", "POLYLINE", "HATCH", "SOLID", "TRACE"}


class Thing(NamedTuple):
    """Something that is drawn: its number, drawing layer, what is known of it, shape, height of its letters."""

    row: int
    layer: str
    record: dict[str, Any]
    shape: shapely.Geometry | None
    height: float = 0.0
    curved: bool = False


class BlockOutlines:
    """Gives the outlines that stand in blocks, as they are inserted; of huge drawings no more after some pieces."""

    def __init__(self) -> None:
        self.pieces = 0

    def of(self, entity: Any) -> shapely.Geometry | None:  # noqa: ANN401 (an insert of ezdxf)
        """Give the area of an inserted block (a house, a parking bay), None if no closed outline stands in it.

        Circles and other curves are what symbols of lamps and trees are made of, so they are no outlines; blocks in
        blocks are not opened.
        """
        block = entity.block()
        self.pieces += len(block) if block is not None else 0
        if block is None or self.pieces > _MOST_PIECES or entity.mcount > 1:
            return None
        areas = [area for piece in entity.virtual_entities() if (area := _area(piece)) is not None]
        whole = [one for at, one in enumerate(areas) if not any(_holds(other, one) for other in _others(areas, at))]
        if not whole or len(areas) > _MOST_RINGS:
            return None
        return whole[0] if len(whole) == 1 else shapely.union_all(whole)


def _area(piece: Any) -> shapely.Geometry | None:  # noqa: ANN401 (one of many classes of ezdxf)
    if piece.dxftype() not in _OUTLINES:
        return None
    shape, curved = (hatched(piece), False) if piece.dxftype() == "HATCH" else outlined(piece)
    fits = shape is not None and not curved and shape.geom_type.endswith("Polygon") and shape.is_valid and shape.area
    return shape if fits else None


def _others(areas: list[shapely.Geometry], at: int) -> list[shapely.Geometry]:
    """Give the areas that may hold one: those that differ from it, and of equal ones those before."""
    return [one for n, one in enumerate(areas) if n != at and (n < at or not one.equals(areas[at]))]


def _holds(other: shapely.Geometry, one: shapely.Geometry) -> bool:
    return bool(other.covers(one))


def outlined(entity: Any) -> tuple[shapely.Geometry | None, bool]:  # noqa: ANN401
    """Make an area of a closed outline, a line of an open one; arcs become short straight lines."""
    from ezdxf import path as paths  # noqa: PLC0415 (heavy)

    path = paths.make_path(entity)
    points = _flat(path)
    closed = path.is_closed or bool(getattr(entity, "is_closed", False))
    if len(points) <= 1:
        return None, False
    if closed and len(points) >= _RING - 1 and entity.dxftype() != "LINE":
        return shapely.Polygon(points), path.has_curves
    return shapely.LineString(points), path.has_curves


def _flat(path: Any) -> np.ndarray:  # noqa: ANN401 (a path of ezdxf)
    box = np.array([(point.x, point.y) for point in path.control_vertices()], dtype=float)
    span = float(np.ptp(box, axis=0).max()) if len(box) else 0.0
    if not path.has_curves or not np.isfinite(span) or span == 0:
        return box
    return np.array([(point.x, point.y) for point in path.flattening(span * _SAGITTA, segments=8)], dtype=float)


def hatched(entity: Any) -> shapely.Geometry | None:  # noqa: ANN401 (a hatch of ezdxf)
    """Make the area that a hatch fills; where its outlines lie in each other it is empty, filled, empty in turn."""
    from ezdxf import path as paths  # noqa: PLC0415 (heavy)

    rings = [points for path in paths.from_hatch(entity) if len(points := _flat(path)) >= _RING - 1]
    area: shapely.Geometry | None = None
    for ring in rings[:_MOST_RINGS]:
        one = (
            shapely.make_valid(shapely.Polygon(ring), method="structure")
            if len(ring) <= _MOST_RINGS
            else shapely.Polygon(ring)
        )
        area = one if area is None or not (area.is_valid and one.is_valid) else shapely.symmetric_difference(area, one)
    return area
