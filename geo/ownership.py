"""Which polygon owns which point, and which coordinates are no places."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.text import Text

BORDER_RULE = Text(
    "网格包含其边界；落在多个网格边界上的点，归编号最小的网格；距网格不超过 0.000001 米的点视为在该网格内",
    "a grid holds its border; a point on the border of several grids belongs to the one with the smallest id; "
    "a point within 0.000001 m of a grid counts as inside it",
)
_CHUNK = 32_768  # points tested at once, so that memory does not grow with one large polygon


class _Sorted(NamedTuple):
    """Points in order of x: where they were, and their coordinates."""

    order: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def locate(x: ArrayLike, y: ArrayLike, polygons: ArrayLike, *, snap_m: float = 1e-6) -> NDArray[np.int32]:
    """Find the owning polygon of each point.

    Among the polygons that hold a point, border included, the first in the given order owns it;
    a point in none goes to the first polygon within ``snap_m``. With polygons sorted by grid id
    this is ``BORDER_RULE``. The result of a point does not depend on the other points.

    Args:
        x: east in metres, shape (n,).
        y: north in metres, shape (n,).
        polygons: m (multi)polygons in the same CRS; null or empty ones own nothing.
        snap_m: how far outside a point may lie, metres.

    Returns:
        Index of the owning polygon, -1 for a point in none or without finite coordinates; shape (n,).

    Raises:
        ValueError: x and y differ in length.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if east.shape != north.shape or east.ndim != 1:
        msg = f"x and y must be flat and of one length, not {east.shape} and {north.shape}"
        raise ValueError(msg)
    areas = np.asarray(polygons, dtype=object).ravel()
    placed = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
    order = placed[np.argsort(east[placed])]
    points = _Sorted(order, east[order], north[order])
    owner = np.full(len(order), -1, dtype=np.int32)
    shapely.prepare(areas)
    _claim(points, areas, owner, 0.0)
    free = np.flatnonzero(owner < 0)
    if snap_m > 0 and len(free):
        near = np.full(len(free), -1, dtype=np.int32)
        _claim(_Sorted(points.order[free], points.x[free], points.y[free]), areas, near, snap_m)
        owner[free] = near
    result = np.full(len(east), -1, dtype=np.int32)
    result[order] = owner
    return result


def _claim(points: _Sorted, areas: NDArray[np.object_], owner: NDArray[np.int32], reach: float) -> None:
    """Give the points that nobody owns yet to the first polygon that holds them or lies within reach."""
    boxes = shapely.bounds(areas) + np.array([-reach, -reach, reach, reach])
    known = np.flatnonzero(boxes[:, 0] <= boxes[:, 2])  # without geometry the bounds are NaN
    first = np.searchsorted(points.x, boxes[:, 0], "left").tolist()
    last = np.searchsorted(points.x, boxes[:, 2], "right").tolist()
    for index in known.tolist():
        for part in _free_in_strip(points.y, owner, (first[index], last[index]), boxes[index, [1, 3]]):
            east, north = points.x[part], points.y[part]
            if reach:
                held = shapely.dwithin(areas[index], shapely.points(east, north), reach)
            else:
                held = shapely.intersects_xy(areas[index], east, north)
            owner[part[held]] = index


def _free_in_strip(
    y: NDArray[np.float64], owner: NDArray[np.int32], strip: tuple[int, int], span: NDArray[np.float64]
) -> Iterator[NDArray[np.int64]]:
    """Give positions of free points of a strip of neighbours in x within a span of y, some thousand at a time."""
    start, stop = strip
    for low in range(start, stop, _CHUNK):
        here = slice(low, min(low + _CHUNK, stop))
        free = ((y[here] >= span[0]) & (y[here] <= span[1]) & (owner[here] < 0)).nonzero()[0]
        if len(free):
            yield free + low


def default_points(x: ArrayLike, y: ArrayLike, *, min_share: float = 0.02, min_rows: int = 50) -> pd.DataFrame:
    """Find coordinates that stand for "somewhere in town" and not for a place.

    Geocoders and clerks put what they cannot place on one point, such as the city hall. Things
    that really happen at one address share coordinates too, but of thousands of rows no single
    address holds two in a hundred, and below fifty rows chance alone can do it; so a coordinate
    is suspect from ``min_share`` of all located rows and ``min_rows`` rows on, both inclusive.

    Args:
        x: east in metres, shape (n,); rows without finite coordinates are left out.
        y: north in metres, shape (n,).
        min_share: least share of the located rows, 0 to 1.
        min_rows: least number of rows.

    Returns:
        Columns x_m, y_m, rows, share; most rows first, then by x and y.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    placed = np.isfinite(east) & np.isfinite(north)
    number = int(np.count_nonzero(placed))
    fewest = max(min_rows, min_share * number)
    # A point that is shared so often shares its x too; sorting one column is quicker than grouping two.
    ordered = np.sort(east[placed])
    span = max(int(np.ceil(fewest)), 1) - 1
    first, last = ordered[: max(len(ordered) - span, 0)], ordered[span:]
    often = np.unique(first[first == last])
    suspect = placed & np.isin(east, often)
    points = pd.DataFrame({"x_m": east[suspect], "y_m": north[suspect]})
    found = points.groupby(["x_m", "y_m"], sort=True).size().rename("rows").reset_index()
    found["share"] = found["rows"] / max(number, 1)
    found = found[found["rows"] >= fewest]
    return found.sort_values(["rows", "x_m", "y_m"], ascending=[False, True, True], ignore_index=True)
