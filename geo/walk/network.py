"""The walk network: streets as nodes and edges, what cannot be crossed, and the parts that do not connect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.walk.graph import Graph, graph_of, parts_of
from geo.walk.noding import Noded, noded
from geo.walk.rows import Rows, rows_of

TOLERANCE_M = 0.5
"""How near the end of a line must come to another line to be joined to it, unless told otherwise."""
_ROUND = 1e-6


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Streets that can be walked, as nodes and edges; frozen, so it may be shared. See ``walk_network``.

    Attributes:
        nodes: x and y of each node in metres, shape (k, 2).
        edges: a row an edge: ``u`` and ``v`` (nodes), ``length_m``, ``line`` (row of the given line) and ``part``.
        shapes: the edges as lines from ``u`` to ``v``.
        barriers: lines that neither edges nor ways from a house to its street may cross.
        parts: a row a connected part, the longest first: ``nodes``, ``edges``, ``length_m``, ``x_m`` and ``y_m`` of
            its first node.
        node_part: part of each node.
        meta: method, parameters, conventions, counts and warnings.
    """

    nodes: NDArray[np.float64] = field(repr=False)
    edges: pd.DataFrame = field(repr=False)
    shapes: NDArray[np.object_] = field(repr=False)
    barriers: NDArray[np.object_] = field(repr=False)
    parts: pd.DataFrame = field(repr=False)
    node_part: NDArray[np.int64] = field(repr=False)
    meta: Mapping[str, object]

    @cached_property
    def graph(self) -> Graph:
        """The network as a graph, both ways."""
        return graph_of(self.u, self.v, self.length_m, len(self.nodes))

    @cached_property
    def rows(self) -> Rows:
        """The nodes in order of place, for ways within a limit; the network must have one."""
        return rows_of(self.nodes, self.graph)

    @cached_property
    def u(self) -> NDArray[np.int64]:
        """Node at the beginning of each edge."""
        return self.edges["u"].to_numpy()

    @cached_property
    def v(self) -> NDArray[np.int64]:
        """Node at the end of each edge."""
        return self.edges["v"].to_numpy()

    @cached_property
    def length_m(self) -> NDArray[np.float64]:
        """Metres of each edge."""
        return self.edges["length_m"].to_numpy()

    @cached_property
    def ends_at_node(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ends of edges at each node in compressed rows: twice the edge, and one more for its end ``v``."""
        node = np.column_stack([self.u, self.v]).ravel()
        begin = np.concatenate([[0], np.cumsum(np.bincount(node, minlength=len(self.nodes)))])
        return begin, np.argsort(node, kind="stable")

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The edges by place."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def barrier_tree(self) -> shapely.STRtree:
        """The barriers by place."""
        return shapely.STRtree(self.barriers)


def walk_network(
    lines: ArrayLike,
    *,
    walkable: ArrayLike | None = None,
    barriers: ArrayLike | None = None,
    bridges: ArrayLike | None = None,
    level: ArrayLike | None = None,
    crossings: bool = True,
    tolerance_m: float = TOLERANCE_M,
) -> WalkNetwork:
    """Make the network of the lines that can be walked.

    A line that is not walkable is a barrier unless ``barriers`` says otherwise. Drawing a walkable line over a
    barrier without a gap declares a bridge, an underpass or a crossing on the level, for mapped streets end where a
    railway cuts them; where that cannot be trusted, ``bridges`` lists the places that may be crossed, and
    walkable lines are cut at all others.

    Args:
        lines: n centre lines in metres, in parts or not; missing and empty ones are left out.
        walkable: which lines can be walked, shape (n,); None for all.
        barriers: which lines cannot be crossed, shape (n,); None for those that cannot be walked.
        bridges: x and y of the declared crossings of barriers, shape (k, 2); None: every walkable line drawn over
            a barrier crosses it.
        level: storey of each line, shape (n,) (0 the ground); lines of different storeys are joined only at ends.
        crossings: join lines that cross without a common end; a drawing that ends all lines at junctions can do
            without.
        tolerance_m: an end this near to another line is joined to it.

    Returns:
        Nodes sorted by x and y, so that the order of the lines does not matter.

    Raises:
        ValueError: arrays that do not fit together, or a tolerance that is not positive.
    """
    shapes, row = shapely.get_parts(np.asarray(lines, dtype=object).ravel(), return_index=True)
    count = len(np.asarray(lines, dtype=object).ravel())
    can_walk = _flags(walkable, count, default=np.ones(count, dtype=bool))
    blocks = _flags(barriers, count, default=~can_walk)
    if tolerance_m <= 0:
        msg = "the tolerance must be more than 0 metres"
        raise ValueError(msg)
    usable = (shapely.get_type_id(shapes) == 1) & (shapely.length(shapes) > 0)  # lines only; rings of outlines are not
    shapes, row = shapely.force_2d(shapes[usable]), row[usable]
    walls, streets, of_row = shapes[blocks[row]], shapes[can_walk[row]], row[can_walk[row]]
    cut = 0
    if bridges is not None and len(walls):
        streets, of_row, cut = _severed(streets, of_row, walls, np.asarray(bridges, dtype=float).reshape(-1, 2))
    storey = None if level is None else np.asarray(level, dtype=np.int64)[of_row]
    pieces = noded(streets, tolerance_m=tolerance_m, crossings=crossings, level=storey) if len(streets) else _nothing()
    meta = {
        "method": "walk network of centre lines",
        "tolerance_m": tolerance_m,
        "joined_where_lines_cross": crossings,
        "crossings_of_barriers": "as drawn" if bridges is None else "declared places only",
        "cut_at_barriers": cut,
        "lines": count,
        "lines_walked": int(can_walk.sum()),
        "lines_as_barriers": int(blocks.sum()),
        "lines_without_shape": count - len(np.unique(row)),
    }
    return _network(pieces._replace(line=of_row[pieces.line]), walls, meta)


def network_of_edges(nodes: ArrayLike, u: ArrayLike, v: ArrayLike, *, shapes: ArrayLike | None = None) -> WalkNetwork:
    """Make a network of nodes and edges that are known already.

    Args:
        nodes: x and y in metres, shape (k, 2).
        u: node at the beginning of each edge.
        v: node at its end.
        shapes: the edges as lines from ``u`` to ``v``; None for straight ones.
    """
    xy = np.asarray(nodes, dtype=float).reshape(-1, 2)
    begin, end = np.asarray(u, dtype=np.int64), np.asarray(v, dtype=np.int64)
    drawn = shapely.linestrings(np.stack([xy[begin], xy[end]], axis=1)) if shapes is None else shapes
    lines = np.asarray(drawn, dtype=object).ravel()
    meta = {"method": "walk network of given edges", "lines": len(lines)}
    return _network(Noded(xy, begin, end, lines, np.arange(len(lines))), np.empty(0, dtype=object), meta)


def _flags(given: ArrayLike | None, count: int, *, default: NDArray[np.bool_]) -> NDArray[np.bool_]:
    flags = default if given is None else np.asarray(given, dtype=bool)
    if flags.shape != (count,):
        msg = f"one mark a line is needed: {count} lines, {flags.shape} marks"
        raise ValueError(msg)
    return flags


_GAP_M = 2.0
"""Half the gap that is cut into a street where a barrier crosses it; far wider than any tolerance in use."""
_BRIDGE_M = 15.0
"""How near a declared bridge must be to the place where street and barrier cross."""


def _severed(
    streets: NDArray[np.object_], row: NDArray[np.int64], walls: NDArray[np.object_], bridges: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.int64], int]:
    """Cut the streets open where a barrier crosses them and no bridge is declared."""
    street, wall = shapely.STRtree(walls).query(streets, predicate="crosses")
    places = shapely.intersection(streets[street], walls[wall])
    at, hit = shapely.get_parts(places, return_index=True)
    if len(bridges) and len(at):
        near, _ = shapely.STRtree(shapely.points(bridges)).query(at, predicate="dwithin", distance=_BRIDGE_M)
        at, hit = np.delete(at, np.unique(near)), np.delete(hit, np.unique(near))
    streets = streets.copy()
    for number in np.unique(street[hit]):
        gaps = shapely.buffer(shapely.union_all(at[street[hit] == number]), _GAP_M)
        streets[number] = shapely.difference(streets[number], gaps)
    parts, of_street = shapely.get_parts(streets, return_index=True)
    left = shapely.length(parts) > 0
    return parts[left], row[of_street[left]], len(at)


def _nothing() -> Noded:
    none, no_line = np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    return Noded(np.empty((0, 2)), none, none, no_line, none)


def _network(pieces: Noded, walls: NDArray[np.object_], meta: Mapping[str, object]) -> WalkNetwork:
    length = shapely.length(pieces.shapes)
    straight = np.hypot(*(pieces.nodes[pieces.v] - pieces.nodes[pieces.u]).T) if len(length) else length
    if (length < straight - _ROUND).any():
        msg = "an edge is shorter than the straight line between its nodes"
        raise ValueError(msg)
    graph = graph_of(pieces.u, pieces.v, length, len(pieces.nodes))
    count, part = parts_of(graph) if graph.size else (0, np.empty(0, dtype=np.int64))
    edge_part = part[pieces.u]
    total = np.bincount(edge_part, weights=length, minlength=count)
    first = np.unique(part, return_index=True)[1]
    order = np.lexsort((first, -np.round(total, 6)))  # the longest first; alike ones by their first node
    new = np.empty(count, dtype=np.int64)
    new[order] = np.arange(count)
    parts = pd.DataFrame(
        {
            "nodes": np.bincount(part, minlength=count)[order],
            "edges": np.bincount(edge_part, minlength=count)[order],
            "length_m": total[order],
            "x_m": pieces.nodes[first[order], 0],
            "y_m": pieces.nodes[first[order], 1],
        }
    )
    edges = pd.DataFrame(
        {"u": pieces.u, "v": pieces.v, "length_m": length, "line": pieces.line, "part": new[edge_part]}
    )
    told = {**meta, "nodes": len(pieces.nodes), "edges": len(edges), "parts": count, "length_m": float(length.sum())}
    return WalkNetwork(pieces.nodes, edges, pieces.shapes, walls, parts, new[part], MappingProxyType(told))
