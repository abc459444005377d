"""From metres of a workspace to degrees and back: the only place where a map leaves the metric system."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj

Floats = npt.NDArray[np.float64]

MESH_M = 250.0
"""Distance of the points that are projected where many others are placed between them. Between such
points the degrees bend by some 1e-8: a millimetre, a hundredth of what a map keeps."""
MANY = 10_000
"""From so many points on a mesh pays."""


def degrees(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Convert metres to longitude and latitude in degrees, right to a centimetre.

    CGCS2000 counts as WGS 84, which is right to some decimetres.

    Args:
        crs: of the coordinates, such as "EPSG:4548".
        x: east in metres, shape (n,).
        y: north in metres, shape (n,).

    Raises:
        ProjError: coordinates that have no place on the Earth.
    """
    if len(x) < MANY or not (np.isfinite(x).all() and np.isfinite(y).all()):
        return _projected(crs, x, y)
    (west, columns), (south, rows) = _mesh(x), _mesh(y)
    if columns * rows > len(x) // 4:  # too thinly spread over too much ground
        return _projected(crs, x, y)
    east, north = np.meshgrid(west + MESH_M * np.arange(columns), south + MESH_M * np.arange(rows))
    nodes = _projected(crs, east.ravel(), north.ravel())
    across, up = (x - west) / MESH_M, (y - south) / MESH_M
    column, row = across.astype(np.int64), up.astype(np.int64)
    across -= column
    up -= row
    corner = row * columns + column
    lon, lat = (_between(axis, corner, columns, across=across, up=up) for axis in nodes)
    return lon, lat


def _mesh(axis: Floats) -> tuple[float, int]:
    """First point and number of points of a mesh that has one beyond every coordinate."""
    low = float(np.floor(axis.min() / MESH_M)) * MESH_M
    return low, int((axis.max() - low) // MESH_M) + 2


def _between(node: Floats, corner: npt.NDArray[np.int64], columns: int, *, across: Floats, up: Floats) -> Floats:
    """Place points in their cell of the mesh: bilinear, in differences from the lower left corner."""
    start = node[: -columns - 1]
    right, above = node[1:-columns] - start, node[columns:-1] - start
    twist = node[columns + 1 :] - start - right - above
    found: Floats = start[corner] + across * right[corner] + up * (above[corner] + across * twist[corner])
    return found


def _projected(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    lon, lat = _to_degrees(crs).transform(x, y, errcheck=True)
    return lon, lat


@lru_cache
def _to_degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def metres(crs: str, lon: float, lat: float) -> tuple[float, float]:
    """Convert a place in degrees to metres of a workspace.

    Args:
        crs: of the workspace.
        lon: longitude in degrees.
        lat: latitude in degrees.

    Raises:
        ProjError: the place is outside the world of the projection.
    """
    x, y = _to_degrees(crs).transform(lon, lat, errcheck=True, direction="INVERSE")
    return float(x), float(y)
