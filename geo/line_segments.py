"""Lines parted where others meet or cross them, what lies in which segment, and how much of a line lies in which area."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.corridor_pieces import pieces_of
from geo.lane_ends import JOIN_M, meetings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Segments(NamedTuple):
    """Segments of lines: row number of the line, from where to where along it in metres, and their course."""

    line: Integers
    from_m: Floats
    to_m: Floats
    shapes: NDArray[np.object_]


def segments_between_meetings(lines: ArrayLike, *, join_m: float = JOIN_M) -> Segments:
    """Part lines wherever another line meets or crosses them.

    Args:
        lines: n line strings in metres; a multi-line is parted between its parts too.
        join_m: farthest between the end of a line and another line that it meets; no segment is shorter than this,
            but a line that is.
    """
    shapes = np.asarray(lines, dtype=object).ravel()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    length = shapely.length(parts)
    met, where = meetings(parts, len(parts), join_m)
    use = (where > join_m) & (where < length[met] - join_m)
    line = np.r_[np.arange(len(parts)), met[use]]
    begin = np.r_[np.zeros(len(parts)), where[use]]
    order = np.lexsort([begin, line])
    line, begin = line[order], begin[order]
    apart = np.r_[True, (line[1:] != line[:-1]) | (begin[1:] - begin[:-1] > join_m)] if len(line) else line > 0
    line, begin = line[apart], begin[apart]
    last = np.r_[line[1:] != line[:-1], True] if len(line) else line > 0
    end = np.where(last, length[line], np.r_[begin[1:], 0.0] if len(line) else begin)
    pieces = pieces_of(parts)
    passed = (np.cumsum(length) - length)[line] - _first_of(owner, length)[owner[line]]
    long = end > begin
    course = pieces.between(line[long], begin[long], end[long])
    return Segments(owner[line][long].astype(np.int64), (passed + begin)[long], (passed + end)[long], course)


def _first_of(owner: Integers, length: Floats) -> Floats:
    """Metres of all parts before the first part of each line."""
    before = np.cumsum(length) - length
    first = np.full(int(owner.max(initial=-1)) + 1, np.inf)
    np.minimum.at(first, owner, before)
    return first


def nearest_segment(x: ArrayLike, y: ArrayLike, segments: ArrayLike, *, farthest_m: float) -> Integers:
    """Give the segment nearest to each point, -1 where none lies within ``farthest_m`` (which counts).

    Of segments equally near the first is taken; a point without coordinates has none.
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    found = np.full(len(east), -1, dtype=np.int64)
    placed = np.flatnonzero(np.isfinite(east) & np.isfinite(north))
    shapes = np.asarray(segments, dtype=object)
    if not len(placed) or not len(shapes):
        return found
    points = shapely.points(east[placed], north[placed])
    (at, row), apart = shapely.STRtree(shapes).query_nearest(points, return_distance=True, all_matches=True)
    near = np.round(apart, 6) <= farthest_m
    at, row = at[near][::-1], row[near][::-1]
    order = np.lexsort([-row, at])
    found[placed[at[order]]] = row[order]
    return found


def length_in_areas(lines: ArrayLike, areas: ArrayLike) -> tuple[Integers, Integers, Floats]:
    """Measure how much of each line lies in each area; what runs along a border is shared among its areas.

    Args:
        lines: n lines in metres.
        areas: m polygons in the same CRS that do not overlap.

    Returns:
        Row of the line, row of the area, metres; only pairs with a length. The lengths of a line add up to what of
        it lies in all areas together.
    """
    shapes, grounds = np.asarray(lines, dtype=object).ravel(), np.asarray(areas, dtype=object).ravel()
    line, area = shapely.STRtree(grounds).query(shapes, predicate="intersects")
    shapely.prepare(grounds)
    whole = shapely.contains_properly(grounds[area], shapes[line])
    metres = np.where(whole, shapely.length(shapes[line]), 0.0)
    cut = np.flatnonzero(~whole)
    inside = shapely.intersection(shapes[line[cut]], grounds[area[cut]])
    along = shapely.length(shapely.intersection(inside, shapely.boundary(grounds[area[cut]])))
    # What runs along a border lies in the areas on both sides of it; on the outer border it lies in one.
    metres[cut] = shapely.length(inside) - along + _shares(shapes, line[cut], inside, along, grounds[area[cut]])
    kept = metres > 0
    return line[kept].astype(np.int64), area[kept].astype(np.int64), metres[kept]


def _shares(
    shapes: NDArray[np.object_],
    line: Integers,
    inside: NDArray[np.object_],
    along: Floats,
    grounds: NDArray[np.object_],
) -> Floats:
    """Share what runs along borders among the areas that it borders."""
    found = np.zeros(len(line))
    for row in np.unique(line[along > 0]):
        pairs = np.flatnonzero((line == row) & (along > 0))
        edges = [shapely.intersection(inside[pair], shapely.boundary(grounds[pair])) for pair in pairs]
        steps = shapely.get_parts(shapely.node(shapely.union_all([*edges, shapes[row]])))
        middle = shapely.line_interpolate_point(steps, 0.5, normalized=True)
        on = shapely.dwithin(middle[:, None], np.array(edges, dtype=object)[None, :], 1e-6)
        sharing = np.maximum(on.sum(axis=1), 1)
        found[pairs] = (shapely.length(steps)[:, None] * on / sharing[:, None]).sum(axis=0)
    return found
