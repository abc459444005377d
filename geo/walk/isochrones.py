"""Drawings of how far a walk goes. They are pictures: the number that holds is the length of street reached."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.walk.network import WalkNetwork
from geo.walk.reach import Reach

BESIDE_M = 25.0
"""How wide to both sides of a street the drawing goes, unless told otherwise."""
HOLE_M2 = 5_000.0
"""Courtyards up to this size are filled in the drawing, unless told otherwise."""


def isochrone_lines(network: WalkNetwork, reached: Reach) -> NDArray[np.object_]:
    """Give the stretches of street that are reached, one line a row of ``reached.parts``."""
    edge = reached.parts["edge"].to_numpy()
    begin, stop = reached.parts["from_m"].to_numpy(), reached.parts["to_m"].to_numpy()
    if not len(edge):
        return np.empty(0, dtype=object)
    xy, row = shapely.get_coordinates(network.shapes[edge], return_index=True)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    first = np.concatenate([[True], row[1:] != row[:-1]])
    step[first] = 0.0
    along = np.cumsum(step)
    along -= along[first][row]
    inside = (along > begin[row]) & (along < stop[row])
    ends = shapely.line_interpolate_point(np.tile(network.shapes[edge], 2), np.concatenate([begin, stop]))
    rows = np.concatenate([row[inside], np.tile(np.arange(len(edge)), 2)])
    at = np.concatenate([along[inside], begin, stop])
    places = np.concatenate([xy[inside], shapely.get_coordinates(ends)])
    order = np.lexsort((at, rows))
    lines: NDArray[np.object_] = shapely.linestrings(places[order], indices=rows[order])
    return lines


def isochrone_areas(
    network: WalkNetwork, reached: Reach, *, beside_m: float = BESIDE_M, hole_m2: float = HOLE_M2
) -> NDArray[np.object_]:
    """Draw the area around the streets that are reached from each start, or from all of them together.

    Args:
        network: the streets.
        reached: what ``reach`` gave.
        beside_m: how far the drawing goes beside the streets.
        hole_m2: holes up to this size are filled.

    Returns:
        An area a start, None where nothing is reached.
    """
    start = reached.parts["start"].to_numpy()
    bands = shapely.buffer(isochrone_lines(network, reached), beside_m, quad_segs=4)
    areas = np.full(len(reached.length_m), None, dtype=object)
    order = np.argsort(start, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(start[order])) + 1):
        if len(group):
            areas[max(int(start[group[0]]), 0)] = _filled(shapely.union_all(bands[group]), hole_m2)
    return areas


def _filled(area: shapely.Geometry, hole_m2: float) -> shapely.Geometry:
    """Fill the small holes of an area."""
    parts = shapely.get_parts(area)
    whole = []
    for part in parts:
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > hole_m2]
        whole.append(shapely.Polygon(part.exterior, holes))
    return shapely.union_all(whole)
