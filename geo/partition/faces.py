"""Faces: the smallest pieces that the borders of polygons and lines through them leave, and how pieces join again.

Borders and lines are noded once, so two pieces that meet share the same vertices to the last bit. Whatever is
put together out of whole faces neither overlaps nor leaves a gap.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Whole = NDArray[np.int64]
OVERSHOOT_M = 0.01
"""How far a lengthened line runs past the border, so that the two cross for certain."""
ON_BORDER_M = 1e-6
"""How far a new vertex may lie from a neighbour's border and still be on it: rounding, no distance on the ground."""


class Faces(NamedTuple):
    """Pieces of the ground, the polygon that each is a part of, and a point inside each."""

    shapes: Shapes
    owner: Whole
    spots: Shapes


class Borders(NamedTuple):
    """Pairs of faces that share a border, ``first`` below ``second``, and how long it is in metres."""

    first: Whole
    second: Whole
    length_m: NDArray[np.float64]


def faces_of(polygons: Shapes, lines: Shapes) -> Faces:
    """Cut polygons along lines.

    Args:
        polygons: n polygons in metres; where two overlap the first owns the ground.
        lines: m lines; what does not part a polygon is passed over.

    Returns:
        The faces in order of owner, then from west to east; ground in no polygon is left out.
    """
    rims = shapely.boundary(polygons)
    noded = shapely.union_all(np.concatenate([rims, np.asarray(lines, dtype=object)]))
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    spots = shapely.point_on_surface(pieces)
    tree = shapely.STRtree(polygons)
    spot, polygon = tree.query(spots, predicate="within")
    owner = np.full(len(pieces), len(polygons), dtype=np.int64)
    np.minimum.at(owner, spot, polygon)
    held = np.flatnonzero(owner < len(polygons))
    x, y = shapely.get_x(spots[held]), shapely.get_y(spots[held])
    held = held[np.lexsort((y, x, owner[held]))]
    return Faces(pieces[held], owner[held], spots[held])


def borders_of(shapes: Shapes) -> Borders:
    """Find which faces share a border; they must share its vertices, as those of ``faces_of`` do."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    start, end = xy[:-1][same], xy[1:][same]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[swap], end[swap] = end[swap], start[swap].copy()
    edges = pd.DataFrame(np.hstack([start, end]), columns=["x0", "y0", "x1", "y1"])
    edges["face"] = of_part[of_ring[ring[:-1][same]]]
    both = edges.merge(edges, on=["x0", "y0", "x1", "y1"])
    both = both[both["face_x"] < both["face_y"]]
    both["length"] = np.hypot(both["x1"] - both["x0"], both["y1"] - both["y0"])
    pairs = both.groupby(["face_x", "face_y"], sort=True)["length"].sum()
    first, second = (pairs.index.get_level_values(at).to_numpy(dtype=np.int64) for at in (0, 1))
    return Borders(first, second, pairs.to_numpy(dtype=float))


def joined(shapes: Shapes, label: Whole) -> Shapes:
    """Put faces of one label together.

    Args:
        shapes: faces that share the vertices of their borders.
        label: 0 to k - 1, each at least once.

    Returns:
        k polygons, in several parts where the faces of a label do not touch along a border.
    """
    found = [shapely.coverage_union_all(shapes[label == one]) for one in range(int(label.max()) + 1)]
    whole = [_alone(one) for one in found]
    return np.array(whole, dtype=object)


def _alone(shape: shapely.Geometry) -> shapely.Geometry:
    """Give the only part of a shape as itself."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def lengthened(lines: Shapes, polygon: shapely.Geometry, reach_m: float) -> Shapes:
    """Give lines with those ends inside a polygon drawn on to its border that lie within reach of it.

    Streets are drawn as centre lines and often end some metres before the border that runs along another
    street. Only the end is drawn on, straight to the nearest point of the border.
    """
    singles = shapely.get_parts(lines)
    singles = singles[shapely.length(singles) > 0]
    rim = shapely.boundary(polygon)
    ends = np.concatenate([shapely.get_point(singles, 0), shapely.get_point(singles, -1)])
    near = shapely.contains(polygon, ends) & shapely.dwithin(ends, rim, reach_m)
    spurs = shapely.shortest_line(ends[near], rim)
    xy = shapely.get_coordinates(spurs).reshape(-1, 2, 2)
    step = xy[:, 1] - xy[:, 0]
    length = np.hypot(step[:, 0], step[:, 1])
    real = length > 0
    xy[real, 1] += step[real] / length[real, None] * OVERSHOOT_M
    return np.concatenate([singles, shapely.linestrings(xy[real])])


def absorbed(faces: Faces, least_m2: float) -> Whole:
    """Label faces so that those under an area go to the neighbour of the same owner with the longest shared border.

    The smallest goes first. A small face that has no such neighbour stays by itself.

    Returns:
        Label of each face, counted from 0 in the order of the faces.
    """
    borders = borders_of(faces.shapes)
    label = np.arange(len(faces.shapes))
    area = shapely.area(faces.shapes)
    same = faces.owner[borders.first] == faces.owner[borders.second]
    first, second, length = (one[same] for one in borders)
    for face in np.argsort(area, kind="stable"):
        own = label[face]
        if area[label == own].sum() >= least_m2:
            continue
        a, b = label[first], label[second]
        reach = (a == own) != (b == own)
        if reach.any():
            other = np.where(a == own, b, a)[reach]
            total = pd.Series(length[reach]).groupby(other).sum()
            label[label == own] = int(total[total == total.max()].index[0])
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def with_vertices(polygons: Shapes, nodes: Shapes) -> Shapes:
    """Give polygons the points that lie on their borders as vertices, so that a cut that ends there fits exactly."""
    found = polygons.copy()
    spots = np.unique(shapely.get_coordinates(nodes), axis=0)
    if not len(spots):
        return found
    points = shapely.points(spots)
    at, point = shapely.STRtree(points).query(shapely.boundary(polygons), predicate="dwithin", distance=ON_BORDER_M)
    for one in np.unique(at):
        found[one] = _threaded(polygons[one], spots[point[at == one]])
    return found


def _threaded(polygon: shapely.Geometry, spots: NDArray[np.float64]) -> shapely.Geometry:
    parts = [
        shapely.polygons(_ring(part.exterior, spots), holes=[_ring(hole, spots) for hole in part.interiors] or None)
        for part in shapely.get_parts(polygon)
    ]
    return parts[0] if shapely.get_type_id(polygon) == shapely.GeometryType.POLYGON else shapely.multipolygons(parts)


def _ring(ring: shapely.LinearRing, spots: NDArray[np.float64]) -> shapely.LinearRing:
    """Give a ring with the points that lie on its edges, in their order along it."""
    xy = shapely.get_coordinates(ring)
    start, step = xy[:-1], np.diff(xy, axis=0)
    square = np.maximum((step**2).sum(axis=1), np.finfo(float).tiny)
    known = {tuple(one) for one in xy.tolist()}
    new: list[tuple[int, float, tuple[float, float]]] = []
    for spot in spots[[tuple(one) not in known for one in spots.tolist()]]:
        along = np.clip(((spot - start) * step).sum(axis=1) / square, 0.0, 1.0)
        off = np.hypot(*(spot - (start + along[:, None] * step)).T)
        edge = int(off.argmin())
        if off[edge] <= ON_BORDER_M:
            new.append((edge, float(along[edge]), (float(spot[0]), float(spot[1]))))
    new.sort()
    edges = np.array([one[0] + 1 for one in new], dtype=int)
    return shapely.linearrings(np.insert(xy, edges, np.array([one[2] for one in new]).reshape(-1, 2), axis=0))
