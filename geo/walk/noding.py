"""Centre lines to nodes and edges: where lines meet or cross they are split, ends that nearly meet are joined."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

_SAME_M = 1e-6  # places on a line nearer to each other than this are one


class Noded(NamedTuple):
    """Edges between nodes.

    Attributes:
        nodes: x and y of each node, shape (k, 2), sorted by x, then y.
        u: node at the beginning of each edge.
        v: node at its end.
        shapes: the edges as lines from ``u`` to ``v``.
        line: which of the given lines an edge is a piece of.
    """

    nodes: Floats
    u: Ints
    v: Ints
    shapes: Shapes
    line: Ints


class Breaks(NamedTuple):
    """Places where lines are to be split: number of the line and metres along it."""

    line: Ints
    at_m: Floats


def noded(lines: Shapes, *, tolerance_m: float, crossings: bool = True, level: Ints | None = None) -> Noded:
    """Split lines where they meet and join their ends.

    Args:
        lines: n simple or self-crossing lines, none of them empty.
        tolerance_m: an end that is this near to another end or line, the rim included, is joined to it; its piece is
            drawn out to the node, so that no length is lost.
        crossings: join lines that cross in the open too; without it only at ends.
        level: storey of each line, shape (n,); lines of different storeys are not joined where they cross.

    Returns:
        Pieces of all lines; those that shrink to nothing within the tolerance are left out.
    """
    found = [_ends_on_lines(lines, tolerance_m)]
    if crossings:
        found += [_crossings(lines, level), _own_crossings(lines)]
    breaks = Breaks(np.concatenate([b.line for b in found]), np.concatenate([b.at_m for b in found]))
    line, xy, is_break = _vertices(lines, breaks)
    return _pieces(line, xy, is_break, tolerance_m)


def _ends_on_lines(lines: Shapes, tolerance_m: float) -> Breaks:
    """Where the end of a line lies on, or nearly on, another one (or another place of its own)."""
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    point, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=tolerance_m)
    return Breaks(line, shapely.line_locate_point(lines[line], ends[point]))


def _crossings(lines: Shapes, level: Ints | None) -> Breaks:
    """Where two lines have points in common."""
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    use = one < other if level is None else (one < other) & (level[one] == level[other])
    one, other = one[use], other[use]
    common, pair = shapely.get_coordinates(shapely.intersection(lines[one], lines[other]), return_index=True)
    points = shapely.points(common)
    both = np.concatenate([one[pair], other[pair]])
    return Breaks(both, shapely.line_locate_point(lines[both], np.concatenate([points, points])))


def _own_crossings(lines: Shapes) -> Breaks:
    """Where a line crosses itself: both places along it."""
    own = np.flatnonzero(~shapely.is_simple(lines))
    at: list[tuple[int, float]] = []
    for row in own:
        xy = shapely.get_coordinates(lines[row])
        segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        start = np.concatenate([[0.0], np.cumsum(shapely.length(segments))])
        one, other = shapely.STRtree(segments).query(segments, predicate="intersects")
        apart = other - one > 1
        one, other = one[apart], other[apart]
        common, pair = shapely.get_coordinates(shapely.intersection(segments[one], segments[other]), return_index=True)
        points = shapely.points(common)
        for segment in (one[pair], other[pair]):
            places = start[segment] + shapely.line_locate_point(segments[segment], points)
            at += [(int(row), float(place)) for place in places]
    return Breaks(np.array([row for row, _ in at], dtype=np.int64), np.array([place for _, place in at]))


def _vertices(lines: Shapes, breaks: Breaks) -> tuple[Ints, Floats, NDArray[np.bool_]]:
    """Give the vertices of all lines with the breaks put in between: line, place and whether it is a break."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    first = np.concatenate([[True], line[1:] != line[:-1]])
    step[first] = 0.0
    along = np.cumsum(step)
    along -= along[first][np.cumsum(first) - 1]
    last = np.concatenate([first[1:], [True]])
    points = shapely.get_coordinates(shapely.line_interpolate_point(lines[breaks.line], breaks.at_m))
    all_line = np.concatenate([line, breaks.line])
    all_at = np.concatenate([along, breaks.at_m])
    is_break = np.concatenate([first | last, np.ones(len(breaks.line), dtype=bool)])
    rank = np.concatenate([np.zeros(len(line), dtype=np.int8), np.ones(len(breaks.line), dtype=np.int8)])
    order = np.lexsort((rank, all_at, all_line))
    all_line, all_at, is_break = all_line[order], all_at[order], is_break[order]
    all_xy = np.concatenate([xy, points])[order]
    new = np.concatenate([[True], (all_line[1:] != all_line[:-1]) | (np.diff(all_at) > _SAME_M)])
    group = np.cumsum(new) - 1
    broken = np.zeros(group[-1] + 1, dtype=bool)
    np.logical_or.at(broken, group, is_break)
    return all_line[new], all_xy[new], broken


def _pieces(line: Ints, xy: Floats, is_break: NDArray[np.bool_], tolerance_m: float) -> Noded:
    """Cut the chains of vertices at the breaks, after moving each break to its node."""
    node, nodes = joined(xy[is_break], tolerance_m)
    xy = xy.copy()
    xy[is_break] = nodes[node]
    at = np.flatnonzero(is_break)
    begins, stops = at[:-1], at[1:]
    same = line[begins] == line[stops]
    begins, stops, u, v = begins[same], stops[same], node[:-1][same], node[1:][same]
    size = stops - begins + 1
    piece = np.repeat(np.arange(len(size)), size)
    within = np.arange(len(piece)) - np.repeat(np.cumsum(size) - size, size)
    shapes = np.asarray(shapely.linestrings(xy[begins[piece] + within], indices=piece), dtype=object)
    keep = ~((u == v) & (shapely.length(shapes) <= 2 * tolerance_m))
    used, number = np.unique(np.concatenate([u[keep], v[keep]]), return_inverse=True)
    half = int(keep.sum())
    return Noded(nodes[used], number[:half], number[half:], shapes[keep], line[begins][keep])


def joined(xy: Floats, tolerance_m: float) -> tuple[Ints, Floats]:
    """Join places that are near each other: node of each place, and the nodes sorted by x, then y.

    Places joined through others between them are one node; it stands at the one with the least x, then y.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    if not len(xy):
        return np.empty(0, dtype=np.int64), xy
    pairs = cKDTree(xy).query_pairs(tolerance_m + _SAME_M, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    group = connected_components(links, directed=False)[1]
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    _, head = np.unique(group[order], return_index=True)
    heads = order[head]
    by_place = np.lexsort((xy[heads, 1], xy[heads, 0]))
    number = np.empty(len(heads), dtype=np.int64)
    number[by_place] = np.arange(len(heads))
    return number[group], xy[heads[by_place]]
