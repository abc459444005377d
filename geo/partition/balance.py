"""Small cells grouped into grids of even load: recursive halving along the main axis, then exchange at the borders.

The problem is NP-hard; what is here is a heuristic and says so. Each group is in one piece. The same cells give
the same groups whatever order they come in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.partition.cutting import labels_in_order
from geo.partition.exchange import Graph, exchanged
from geo.partition.faces import Faces, Shapes, Whole, absorbed, borders_of, faces_of, joined, lengthened
from geo.partition.redraw import PartitionError, Redrawn, as_polygons, composed
from geo.text import Text

TURNS = 6
"""Directions that the halving is tried in; the evenest result counts, of equals the one with the shortest borders."""
TOO_FEW = Text("只有 {n} 个小块，分不成 {k} 个网格", "there are only {n} cells, too few for {k} grids")
NOT_ONE = Text(
    "所选网格不是相连的一片，无法在其中均衡；请选相邻的网格",
    "the chosen grids are not one piece; choose grids that share borders",
)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grouping:
    """Cells grouped: the group of each, 0 to k - 1, and what to say of it."""

    label: Whole
    meta: Mapping[str, object] = field(default_factory=dict)


def balanced(
    weight: ArrayLike, centres: ArrayLike, borders: tuple[ArrayLike, ArrayLike, ArrayLike], k: int
) -> Grouping:
    """Group cells into k connected groups of even weight.

    Args:
        weight: load of each cell, not negative, shape (n,).
        centres: a point of each in metres, shape (n, 2).
        borders: pairs of cells that touch (first, second) and the length of their border, metres.
        k: number of groups, 1 to n.

    Returns:
        Groups and meta: spread (largest over mean) before exchange and after, the bound below which no
        grouping can be (the heaviest cell over the mean), moves, direction.

    Raises:
        PartitionError: fewer cells than groups, or cells that do not hang together.
    """
    load, xy = np.asarray(weight, dtype=float).ravel(), np.asarray(centres, dtype=float).reshape(-1, 2)
    if len(load) < k:
        raise PartitionError(TOO_FEW.format(n=len(load), k=k))
    order = np.lexsort((load, xy[:, 1], xy[:, 0]))
    rank = np.argsort(order)
    first, second, length = (np.asarray(one).ravel() for one in borders)
    graph = Graph.of(len(load), rank[first], rank[second], length.astype(float))
    if not graph.is_one(np.arange(len(load))):
        raise PartitionError(NOT_ONE)
    w, p = load[order], xy[order]
    use = w if w.sum() > 0 else np.ones(len(w))
    tried = [_one(use, p, graph, k, turn=turn) for turn in range(TURNS)]
    best = min(tried, key=lambda one: (round(one.most, 9), round(one.border_m, 3), one.turn))
    mean = use.sum() / k
    meta = {
        "method": "recursive inertial bisection, then border exchange", "is_heuristic": True, "k": k,
        "cells": len(load), "turn": best.turn, "moves": best.moves, "most_over_mean_start": best.start / float(mean),
        "most_over_mean": best.most / float(mean), "bound": max(1.0, float(use.max()) / float(mean)), "border_m": best.border_m,
        "by": "weight" if w.sum() > 0 else "number of cells, since no cell has any weight",
    }  # fmt: skip
    return Grouping(best.label[rank], meta)


@dataclass(frozen=True)
class _Try:
    label: Whole
    start: float
    most: float
    border_m: float
    moves: int
    turn: int


def _one(weight: Floats, xy: Floats, graph: Graph, k: int, *, turn: int) -> _Try:
    label = np.zeros(len(weight), dtype=np.int64)
    _halve(label, np.arange(len(weight)), k, (weight, xy, graph), turn=turn)
    start = float(np.bincount(label, weights=weight, minlength=k).max())
    label, moves = exchanged(label, weight, graph, k)
    most = float(np.bincount(label, weights=weight, minlength=k).max())
    return _Try(label, start, most, graph.cut_m(label), moves, turn)


def _halve(label: Whole, cells: Whole, k: int, ground: tuple[Floats, Floats, Graph], *, turn: int) -> None:
    """Part cells into k groups, in place; the new groups are numbered after those that are there."""
    if k == 1:
        return
    weight, xy, graph = ground
    left_k = k // 2
    order = cells[np.lexsort((cells, _along(xy[cells], weight[cells], turn)))]
    left = _grown(order, weight, graph, left_k=left_k, k=k)
    rest = np.setdiff1d(cells, left)
    left, rest = graph.mended(left, rest, left_k, k - left_k)
    label[rest] = int(label.max()) + 1
    _halve(label, left, left_k, ground, turn=turn)
    _halve(label, rest, k - left_k, ground, turn=turn)


def _along(xy: Floats, weight: Floats, turn: int) -> Floats:
    """Measure along the main axis of the cells, turned by some sixths of a half-circle."""
    mass = weight + weight.mean() + 1e-12  # cells without load lie somewhere too
    off = xy - np.average(xy, axis=0, weights=mass)
    spread = np.atleast_2d((off * mass[:, None]).T @ off)
    axis = np.linalg.eigh(spread)[1][:, -1]
    angle = np.arctan2(axis[1], axis[0]) % np.pi + turn * np.pi / TURNS
    found: Floats = np.round(off @ [np.cos(angle), np.sin(angle)], 6)
    return found


def _grown(order: Whole, weight: Floats, graph: Graph, *, left_k: int, k: int) -> Whole:
    """Take cells in order until they have their share, each touching one that is taken already where there is one."""
    wanted = weight[order].sum() * left_k / k
    place = {int(cell): at for at, cell in enumerate(order)}
    taken, total = [int(order[0])], float(weight[order[0]])
    reach = {c for c in graph.near(taken[0]) if c in place}
    while len(taken) < len(order) - (k - left_k) and (len(taken) < left_k or total < wanted):
        free = reach - set(taken) or set(place) - set(taken)
        nearest = min(free, key=place.__getitem__)
        if len(taken) >= left_k and abs(total + weight[nearest] - wanted) > abs(total - wanted):
            break
        taken.append(nearest)
        total += float(weight[nearest])
        reach |= {c for c in graph.near(nearest) if c in place}
    return np.array(sorted(taken), dtype=np.int64)


def regrouped(
    polygons: ArrayLike,
    chosen: Sequence[int],
    k: int,
    load: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    lines: ArrayLike = (),
    cells_at: ArrayLike | None = None,
    reach_m: float = 0.0,
    least_m2: float = 0.0,
) -> Redrawn:
    """Divide the ground of some polygons anew into k of even load.

    The ground is cut along the lines (streets) into blocks; where ``cells_at`` is given (buildings), blocks are
    cut further, midway between each two of these points, so that no building is parted from itself. The
    borders between the old polygons do not bind.

    Args:
        polygons: n polygons in metres.
        chosen: indexes of those whose ground is divided anew; they must hang together.
        k: how many there are to be.
        load: east, north and weight of things, metres.
        lines: streets.
        cells_at: points, shape (p, 2), each of which gets a cell of its own.
        reach_m: street ends so near the border are drawn on to it.
        least_m2: smaller cells join the neighbour with the longest shared border.

    Raises:
        PartitionError: too few cells, chosen polygons that do not hang together, or a broken outline.
    """
    areas = as_polygons(polygons)
    picked = sorted(set(chosen))
    whole = shapely.union_all(areas[picked])
    if len(shapely.get_parts(whole)) > 1:
        raise PartitionError(NOT_ONE)
    cells = _cells(whole, np.asarray(lines, dtype=object).ravel(), cells_at, reach_m=reach_m, least_m2=least_m2)
    borders = borders_of(cells)
    spots = shapely.get_coordinates(shapely.point_on_surface(cells))
    weight = _weights(cells, load)
    grouping = balanced(weight, spots, borders, k)
    label = labels_in_order(cells, grouping.label)
    before = _weights(areas[picked], load)
    share = float(before.max() / before.mean()) if before.sum() > 0 else float("nan")
    meta = {**grouping.meta, "of": picked, "most_over_mean_before": share, "reach_m": reach_m, "least_m2": least_m2}
    return composed(areas, picked, joined(cells, label), np.full(k, -1), meta=meta)


def _cells(
    whole: shapely.Geometry, lines: Shapes, points: ArrayLike | None, *, reach_m: float, least_m2: float
) -> Shapes:
    near = shapely.intersection(lines, shapely.envelope(shapely.buffer(whole, 1.0 + reach_m)))
    cuts = lengthened(near, whole, reach_m) if len(near) else np.zeros(0, dtype=object)
    ground = np.array([whole], dtype=object)
    if points is not None:
        xy = np.unique(np.asarray(points, dtype=float).reshape(-1, 2), axis=0)
        xy = xy[shapely.intersects_xy(whole, xy[:, 0], xy[:, 1])]
        if len(xy) > 1:
            between = shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=whole, only_edges=True)
            cuts = np.concatenate([cuts, shapely.get_parts(between)])
    faces: Faces = faces_of(ground, cuts)
    return joined(faces.shapes, absorbed(faces, least_m2))


def _weights(cells: Shapes, load: tuple[ArrayLike, ArrayLike, ArrayLike]) -> Floats:
    """Sum the load in each cell; a thing on a border goes to the first cell, once."""
    from geo.ownership import locate  # noqa: PLC0415 (kept beside its only use)

    x, y, weight = (np.asarray(one, dtype=float).ravel() for one in load)
    owner = locate(x, y, cells)
    return np.bincount(owner[owner >= 0], weights=weight[owner >= 0], minlength=len(cells)).astype(float)
