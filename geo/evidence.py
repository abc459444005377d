"""How well places fit what is trusted: the boundary, and layers such as buildings, streets or known areas.

Share inside the boundary tells readings apart that differ by more than the boundary's size. Within a
city the offsets of Chinese maps (300-700 m, Baidu 700-1500 m) move few points across the boundary, so
there the test is another: at their true place, points lie on buildings, streets or areas more often than
when all are pushed 100 to 400 m to any side. A wrong reading is no better than such a push, whatever the
layer. A reading that passes is right to some 50 m: a push could come nearer to the truth otherwise. If
pushes of 40 and 60 m are worse too, it is right to some 20 m, which also tells CGCS2000 from Xian 1980 and
Beijing 1954 where those differ by more.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.text import Text

Numbers = NDArray[np.float64]

BUFFER_M = 20.0
"""How far outside the boundary a point still counts as inside."""
REACHES_M = (2.0, 10.0)
"""How near a point must be to a shape to lie on it: exact places, and addresses beside a street."""
PUSHES_M = (40.0, 60.0, 100.0, 150.0, 250.0, 400.0)
"""How far all points are pushed for comparison, to eight sides each."""
SHARP_M, GAIN_M = 100.0, 150.0
"""Pushes below the first only tell whether the place is sharp; from the second on they count for the gain."""
LEAST_GAIN, LEAST_Z = 0.1, 3.0
"""The share on the shapes must exceed that after every far push by so much, and that after every push by so many
standard deviations (of the points that come onto shapes and leave them)."""
FEWEST = 15
"""Distinct places without which nothing is concluded from a layer."""
_SIDES = np.arange(8) * np.pi / 4
_SAMPLE = 600
_SEED = 20_260_101


class Trusted(NamedTuple):
    """A layer whose places are known to be right: its name, its shapes in the workspace CRS."""

    name: Text
    shapes: NDArray[np.object_]


class Peak(NamedTuple):
    """How places lie on a layer: share on it, largest share after a far push, median distance.

    ``z`` and ``sharp_z``: standard deviations by which they beat the pushes from ``SHARP_M`` on and all pushes.
    """

    share: float
    pushed: float
    median_m: float
    reach_m: float
    z: float
    sharp_z: float

    @property
    def stands_out(self) -> bool:
        """Tell whether the places fit the layer as only true places do."""
        return self.share - self.pushed >= LEAST_GAIN and self.z >= LEAST_Z

    @property
    def is_sharp(self) -> bool:
        """Tell whether they fit to some 20 m."""
        return self.stands_out and self.sharp_z >= LEAST_Z


def outline(boundary: Sequence[object] | NDArray[np.object_]) -> shapely.Geometry | None:
    """Join the polygons of the boundary, buffered a little and prepared for quick tests; None without any.

    Args:
        boundary: (multi)polygons in metres; null, empty and broken ones among them.
    """
    shapes = np.asarray(boundary, dtype=object).ravel()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(shapes):
        return None
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    whole = shapely.buffer(shapely.union_all(shapes), BUFFER_M, quad_segs=2)
    shapely.prepare(whole)
    return whole


def share_inside(whole: shapely.Geometry, east: Numbers, north: Numbers) -> float:
    """Give the share of places inside an outline, 0 to 1; those without finite coordinates are outside."""
    return float(np.mean(inside(whole, east, north)))


def inside(whole: shapely.Geometry, east: Numbers, north: Numbers) -> NDArray[np.bool_]:
    """Tell which places lie in an outline."""
    placed = np.isfinite(east) & np.isfinite(north)
    result = np.zeros(len(east), dtype=bool)
    result[placed] = shapely.intersects_xy(whole, east[placed], north[placed])
    return result


def distinct(x: Numbers, y: Numbers, most: int = 2_000) -> NDArray[np.int64]:
    """Choose positions of distinct places, at most so many, always the same ones for the same data."""
    places = np.empty(len(x), dtype=complex)  # one number for both: several times quicker than sorting two
    places.real, places.imag = x, y
    first = np.flatnonzero(~pd.Series(places).duplicated().to_numpy())
    if len(first) <= most:
        return first
    return np.sort(np.random.default_rng(_SEED).choice(first, most, replace=False))


def peak(tree: shapely.STRtree, east: Numbers, north: Numbers) -> Peak | None:
    """Compare places with a layer, as they are and pushed.

    Args:
        tree: of the layer's shapes, metres.
        east: distinct places, metres, shape (n,).
        north: same length.

    Returns:
        The comparison at the reach that tells most; None with fewer than ``FEWEST`` places.
    """
    placed = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
    if len(placed) < FEWEST or not len(tree.geometries):
        return None
    chosen = placed[distinct(east[placed], north[placed], _SAMPLE)]
    x, y = east[chosen], north[chosen]
    _, far = tree.query_nearest(shapely.points(x, y), return_distance=True, all_matches=False)
    here = _distances(tree, x, y)
    pushes = [
        (push, _distances(tree, x + push * np.cos(side), y + push * np.sin(side)))
        for push in PUSHES_M
        for side in _SIDES.tolist()
    ]
    found = [_compared(here, pushes, reach)._replace(median_m=float(np.median(far))) for reach in REACHES_M]
    return max(found, key=lambda one: (one.is_sharp, one.stands_out, one.z))


def _compared(distances: Numbers, pushes: Sequence[tuple[float, Numbers]], reach: float) -> Peak:
    here = distances <= reach
    pushed, far_z, near_z = 0.0, np.inf, np.inf
    for far, distances_there in pushes:
        there = distances_there <= reach
        lost, gained = np.count_nonzero(here & ~there), np.count_nonzero(there & ~here)
        z = float((lost - gained) / max(np.sqrt(lost + gained), 1.0))
        pushed = max(pushed, float(there.mean())) if far >= GAIN_M else pushed
        far_z, near_z = (min(far_z, z), near_z) if far >= SHARP_M else (far_z, min(near_z, z))
    return Peak(float(here.mean()), pushed, np.nan, reach, far_z, min(far_z, near_z))


def _distances(tree: shapely.STRtree, x: Numbers, y: Numbers) -> Numbers:
    """Give the distance of each place to the nearest shape, infinite beyond the largest reach."""
    points = shapely.points(x, y)
    places, shapes = tree.query(points, predicate="dwithin", distance=max(REACHES_M))
    nearest = np.full(len(x), np.inf)
    np.minimum.at(nearest, places, shapely.distance(points[places], tree.geometries[shapes]))
    return nearest


def shift(start: tuple[Numbers, Numbers], end: tuple[Numbers, Numbers]) -> tuple[float, float]:
    """Give the median shift between two readings of the same places.

    Returns:
        Metres, and degrees clockwise from north.
    """
    east, north = (float(np.nanmedian(b - a)) for a, b in zip(start, end, strict=True))
    return float(np.hypot(east, north)), float(np.degrees(np.arctan2(east, north)) % 360)
