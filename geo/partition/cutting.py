"""Joining grids and cutting one: along streets, along a drawn line, or straight into two of equal load."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.partition.faces import Shapes, Whole, absorbed, faces_of, joined, lengthened
from geo.partition.order import reading_order
from geo.partition.redraw import PartitionError, Redrawn, as_polygons, composed
from geo.text import Text

NOT_TOUCHING = Text(
    "所选网格不相邻，合并后会分成 {n} 块；请只选有公共边的网格",
    "the chosen grids do not touch and would make {n} pieces; choose grids that share borders",
)
NOT_CUT = Text(
    "所给的线没有把网格切开；线的两端都要到达或越过网格边界",
    "the line does not part the grid; both its ends must reach the border or run past it",
)
CANNOT_HALVE = Text(
    "没有一条直线能把这个网格切成两块相连的部分，请改用沿街或画线切分",
    "no straight line parts this grid into two whole pieces; cut it along a street or a drawn line",
)
ANGLES = 12
"""Directions that a straight cut is tried in, evenly from 0 to 180 degrees, beside that across the long side."""


def merged(polygons: ArrayLike, chosen: Sequence[int]) -> Redrawn:
    """Join polygons into one; they must touch along borders.

    Args:
        polygons: n polygons in metres.
        chosen: indexes of at least two.

    Raises:
        PartitionError: they would not be one piece, or an outline is broken.
    """
    areas = as_polygons(polygons)
    picked = sorted(set(chosen))
    whole = shapely.union_all(areas[picked])
    pieces = len(shapely.get_parts(whole))
    if pieces > max(len(shapely.get_parts(one)) for one in areas[picked]):
        raise PartitionError(NOT_TOUCHING.format(n=pieces))
    meta = {"method": "merge", "of": picked, "is_heuristic": False, "pieces": pieces}
    return composed(areas, picked, np.array([whole], dtype=object), np.array([-1]), meta=meta)


def split(polygons: ArrayLike, index: int, lines: ArrayLike, *, reach_m: float = 0.0, least_m2: float = 0.0) -> Redrawn:
    """Cut a polygon along lines.

    Args:
        polygons: n polygons in metres.
        index: the one to cut.
        lines: streets or drawn lines; what lies elsewhere is passed over.
        reach_m: ends inside the polygon that lie so near its border are drawn on to it.
        least_m2: pieces under this area join the neighbour with the longest shared border.

    Returns:
        The pieces are the last polygons, in reading order.

    Raises:
        PartitionError: the lines do not part it, or an outline is broken.
    """
    areas = as_polygons(polygons)
    drawn = np.asarray(lines, dtype=object).ravel()
    drawn = shapely.intersection(drawn, shapely.envelope(shapely.buffer(areas[index], 1.0 + reach_m)))
    faces = faces_of(areas[[index]], lengthened(drawn, areas[index], reach_m))
    pieces = joined(faces.shapes, absorbed(faces, least_m2))
    if len(pieces) <= len(shapely.get_parts(areas[index])):
        raise PartitionError(NOT_CUT)
    meta = {"method": "split", "of": [index], "reach_m": reach_m, "least_m2": least_m2, "is_heuristic": False}
    return composed(areas, [index], pieces[reading_order(pieces)], np.full(len(pieces), -1), meta=meta)


def cut_in_two(polygons: ArrayLike, index: int, load: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None) -> Redrawn:
    """Cut a polygon straight into two parts of equal load, or of equal area without one.

    The cut goes across the long side if that leaves two whole pieces; of the other directions the one with
    the evenest parts is taken, of these the shortest cut. Among points on a line the cut lies midway between
    the two that it parts, so the halves differ by at most one point's load.

    Args:
        polygons: n polygons in metres.
        index: the one to cut.
        load: east, north and weight of things, metres; those outside the polygon are passed over.

    Raises:
        PartitionError: no straight line makes two whole pieces.
    """
    areas = as_polygons(polygons)
    whole = areas[index]
    points = _inside(whole, load)
    tried = [_cut(whole, angle, points) for angle in _angles(whole)]
    sound = [one for one in tried if one is not None]
    if not sound:
        raise PartitionError(CANNOT_HALVE)
    off, length, line, pieces = min(sound, key=lambda one: (round(one[0], 9), round(one[1], 6)))
    if tried[0] is not None and tried[0][0] <= off:
        off, length, line, pieces = tried[0]
    meta = {
        "method": "cut_in_two", "of": [index], "by": "area" if points is None else "load", "is_heuristic": True,
        "imbalance_share": off, "cut_m": length, "line": shapely.get_coordinates(line).tolist(),
    }  # fmt: skip
    return composed(areas, [index], pieces[reading_order(pieces)], np.full(2, -1), meta=meta)


Points = tuple[NDArray[np.float64], NDArray[np.float64]]


def _inside(whole: shapely.Geometry, load: tuple[ArrayLike, ArrayLike, ArrayLike] | None) -> Points | None:
    """Give coordinates and weights of the things inside, None where there is no load to halve."""
    if load is None:
        return None
    x, y, weight = (np.asarray(one, dtype=float).ravel() for one in load)
    use = shapely.intersects_xy(whole, x, y) & (weight > 0)
    xy = np.column_stack([x[use], y[use]])
    return (xy, weight[use]) if len(np.unique(xy, axis=0)) > 1 else None


def _angles(whole: shapely.Geometry) -> NDArray[np.float64]:
    """Give directions to measure along: first the long side of the tightest frame."""
    frame = shapely.get_coordinates(shapely.minimum_rotated_rectangle(whole))
    sides = np.diff(frame[:3], axis=0)
    longest = sides[np.hypot(*sides.T).argmax()]
    turned = np.arctan2(longest[1], longest[0]) % np.pi
    return np.concatenate([[turned], np.arange(ANGLES) * np.pi / ANGLES])


def _cut(
    whole: shapely.Geometry, angle: float, points: Points | None
) -> tuple[float, float, shapely.LineString, Shapes] | None:
    """Cut across a direction; give imbalance, length of the cut, the line and two pieces, None if they are more."""
    along = np.array([np.cos(angle), np.sin(angle)])
    middle = shapely.get_coordinates(shapely.centroid(whole))[0]
    at, off = _middle(whole, along, middle, points)
    across, size = np.array([-along[1], along[0]]), shapely.length(shapely.boundary(whole))
    foot = middle + at * along
    line = shapely.linestrings([foot - across * size, foot + across * size])
    faces = faces_of(np.array([whole], dtype=object), np.array([line], dtype=object))
    beyond = (shapely.get_coordinates(faces.spots) - foot) @ along > 0
    if not beyond.any() or beyond.all():
        return None
    pieces = joined(faces.shapes, beyond.astype(np.int64))
    if (shapely.get_num_geometries(pieces) > 1).any():
        return None
    return off, float(shapely.length(shapely.intersection(line, whole))), line, pieces


def _middle(
    whole: shapely.Geometry, along: NDArray[np.float64], origin: NDArray[np.float64], points: Points | None
) -> tuple[float, float]:
    """Give how far along a direction half of the load lies, from an origin, and the share by which the halves differ."""
    if points is None:
        return _middle_of_area(whole, along, origin), 0.0
    place, weight = (points[0] - origin) @ along, points[1]
    spots, where = np.unique(np.round(place, 9), return_inverse=True)
    below = np.cumsum(np.bincount(where, weights=weight))
    if len(spots) == 1:
        return float(spots[0]), 1.0
    off = np.abs(2 * below[:-1] - below[-1]) / below[-1]
    best = int(off.argmin())
    return float(spots[best] + spots[best + 1]) / 2, float(off[best])


def _middle_of_area(whole: shapely.Geometry, along: NDArray[np.float64], origin: NDArray[np.float64]) -> float:
    """Find by halving how far along a direction half of an area lies."""
    turned = shapely.transform(
        whole, lambda xy: np.column_stack([(xy - origin) @ along, (xy - origin) @ [-along[1], along[0]]])
    )
    west, south, east, north = shapely.bounds(turned)
    half, low, high = shapely.area(turned) / 2, west, east
    for _ in range(60):
        at = (low + high) / 2
        if shapely.area(shapely.intersection(turned, shapely.box(west - 1, south - 1, at, north + 1))) < half:
            low = at
        else:
            high = at
    return float(low + high) / 2


def labels_in_order(shapes: Shapes, label: Whole) -> Whole:
    """Number the groups of faces anew in reading order."""
    groups = joined(shapes, label)
    rank = np.empty(len(groups), dtype=np.int64)
    rank[reading_order(groups)] = np.arange(len(groups))
    found: Whole = rank[label]
    return found
