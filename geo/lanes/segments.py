"""Lines parted where others meet or cross them, what lies in which segment, and how much of a line lies in which area."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.lanes.corridor import covered_length
from geo.lanes.ends import JOIN_M, meetings
from geo.lanes.pieces import pieces_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_BESIDE_M = 1e-6


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


class Laid(NamedTuple):
    """Parts of lines in areas: row of the line, row of the area, shape, and the share of it that the area has.

    ``share`` is 1 inside an area, and on a border 1 by the number of areas that it parts there.
    """

    line: Integers
    area: Integers
    shapes: NDArray[np.object_]
    share: Floats

    @property
    def metres(self) -> Floats:
        """Length of each part that the area has."""
        return np.asarray(shapely.length(self.shapes) * self.share)


def laid_over(lines: ArrayLike, areas: ArrayLike) -> Laid:
    """Lay lines over areas; what runs along a border is shared among the areas on it.

    Args:
        lines: n lines in metres.
        areas: m polygons in the same CRS that do not overlap.

    Returns:
        Parts with a length. Those of a line add up to what of it lies in all areas together.
    """
    shapes, grounds = np.asarray(lines, dtype=object).ravel(), np.asarray(areas, dtype=object).ravel()
    line, area = shapely.STRtree(grounds).query(shapes, predicate="intersects")
    shapely.prepare(grounds)
    cut = ~shapely.contains_properly(grounds[area], shapes[line])
    inside = shapes[line].copy()
    inside[cut] = shapely.intersection(shapes[line[cut]], grounds[area[cut]])
    edge = np.full(len(line), None, dtype=object)
    edge[cut] = shapely.intersection(inside[cut], shapely.boundary(grounds[area[cut]]))
    along = np.flatnonzero(np.nan_to_num(shapely.length(edge)) > 0)
    inside[along] = shapely.difference(inside[along], edge[along])
    border = _bordering(line[along], area[along], edge[along])
    found = Laid(
        np.r_[line, border.line].astype(np.int64),
        np.r_[area, border.area].astype(np.int64),
        np.concatenate([inside, border.shapes]).astype(object),
        np.r_[np.ones(len(line)), border.share],
    )
    kept = shapely.length(found.shapes) > 0
    return Laid(*(one[kept] for one in found))


def _bordering(line: Integers, area: Integers, edge: NDArray[np.object_]) -> Laid:
    """Cut what runs along borders where the areas beside it change, and share each step among them."""
    rows: list[tuple[int, int, shapely.Geometry, float]] = []
    for one in np.unique(line):
        pairs = np.flatnonzero(line == one)
        ends = shapely.boundary(shapely.get_parts(shapely.line_merge(edge[pairs])))
        whole = shapely.union_all([*edge[pairs], *ends])
        steps = shapely.get_parts(shapely.node(whole))
        steps = steps[shapely.length(steps) > 0]
        middle = shapely.line_interpolate_point(steps, 0.5, normalized=True)
        beside = shapely.dwithin(middle[:, None], edge[pairs][None, :], _BESIDE_M)
        shares = 1.0 / np.maximum(beside.sum(axis=1), 1)
        rows += [(int(one), int(area[pairs[at]]), steps[step], shares[step]) for step, at in np.argwhere(beside)]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [row[2] for row in rows]
    first, second = (np.array([row[at] for row in rows], dtype=np.int64) for at in (0, 1))
    return Laid(first, second, shapes, np.array([row[3] for row in rows], dtype=float))


def length_within(lines: ArrayLike, x: ArrayLike, y: ArrayLike, radius_m: float) -> Floats:
    """Measure how much of each line lies within a distance of any of some points; exact, the rim counts.

    On a straight piece the points in reach of a place are an interval, whose ends solve a quadratic equation.

    Args:
        lines: n lines in metres; null and empty ones have no length.
        x: east of the places; those without coordinates reach nothing.
        y: north of the places.
        radius_m: the distance.

    Returns:
        Metres, shape (n,).
    """
    shapes = np.asarray(lines, dtype=object).ravel()
    spots = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    spots = spots[np.isfinite(spots).all(axis=1)]
    pieces = pieces_of(shapes)
    row, spot = shapely.STRtree(shapely.points(spots)).query(pieces.shapes, predicate="dwithin", distance=radius_m)
    away, along = spots[spot] - pieces.start[row], pieces.along[row]
    middle = np.einsum("ij,ij->i", away, along)
    aside = along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]
    half = np.sqrt(np.maximum(radius_m**2 - aside**2, 0.0))
    begin, end = (np.clip(middle + sign * half, 0.0, pieces.length[row]) for sign in (-1.0, 1.0))
    lit = covered_length(row, begin, end, len(pieces.length))
    return np.bincount(pieces.line, weights=lit, minlength=len(shapes))[: len(shapes)].astype(float)


def largest_connected(lines: ArrayLike, *, join_m: float = JOIN_M) -> NDArray[np.bool_]:
    """Mark the lines of the connected part that is longest; lines that cross or come within ``join_m`` are connected.

    Args:
        lines: n lines in metres.
        join_m: farthest between two lines that meet.
    """
    from scipy.sparse import coo_matrix  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)

    shapes = np.asarray(lines, dtype=object).ravel()
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=join_m)
    links = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(shapes), len(shapes)))
    _, part = connected_components(links, directed=False)
    return np.asarray(part == np.bincount(part, weights=shapely.length(shapes)).argmax(), dtype=bool)
