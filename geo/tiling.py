"""Whether polygons can own points at all: do they tile, nest and form a tree."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

_REPAIRABLE = 5_000  # vertices; repairing larger broken outlines can take minutes


class TilingFault(NamedTuple):
    """Two polygons that overlap or leave a gap; ``second`` is -1 if only one is known."""

    kind: str
    first: int
    second: int
    area_m2: float


class TreeFault(NamedTuple):
    """A fault of the tree of grids; ``detail`` names the other ids or levels concerned."""

    kind: str
    id: str
    detail: str


def nesting(children: ArrayLike, parents: ArrayLike) -> pd.DataFrame:
    """Measure how well each child polygon lies in one parent.

    Args:
        children: n polygons in metres.
        parents: m polygons in the same CRS.

    Returns:
        One row a child: child (index), parent (index of the parent that holds most of it, the
        first of equals, -1 if none), share (0 to 1, of the child's area in that parent; NaN for a
        child without area or with an outline that cannot be repaired).
    """
    small, large = _sound(children), _sound(parents)
    child, parent = shapely.STRtree(large).query(small, predicate="intersects")
    pairs = pd.DataFrame({"child": child, "parent": parent})
    shapely.prepare(large)
    whole = shapely.covers(large[parent], small[child])
    pairs["area"] = shapely.area(small[child])
    # A child within one parent shares no more than slivers with others.
    crossing = ~whole & ~pd.Series(whole).groupby(child).transform("any").to_numpy(dtype=bool)
    pairs.loc[~whole, "area"] = 0.0
    pairs.loc[crossing, "area"] = _shared(small[child[crossing]], large[parent[crossing]])
    pairs = pairs[pairs["area"] > 0].sort_values(["child", "area", "parent"], ascending=[True, False, True])
    best = pairs.drop_duplicates("child").set_index("child").reindex(range(len(small)))
    area = np.nan_to_num(shapely.area(small))
    share = np.divide(best["area"].fillna(0.0), area, out=np.full(len(small), np.nan), where=area > 0)
    return pd.DataFrame(
        {
            "child": np.arange(len(small)),
            "parent": best["parent"].fillna(-1).to_numpy().astype(int),
            "share": np.minimum(share, 1.0),
        }
    )


def _shared(children: NDArray[np.object_], parents: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure what polygons share pair by pair; of a large parent only the part around its child is intersected."""
    boxes = shapely.bounds(children) + np.array([-1.0, -1.0, 1.0, 1.0])
    near = np.array([_clipped(one, box) for one, box in zip(parents, boxes, strict=True)], dtype=object)
    spoilt = ~shapely.is_valid(near)  # clipping is quick and can tie an outline in a knot
    near[spoilt] = parents[spoilt]
    area: NDArray[np.float64] = shapely.area(shapely.intersection(children, near))
    return area


def _clipped(parent: shapely.Geometry, box: NDArray[np.float64]) -> shapely.Geometry:
    """Cut a polygon to a box; the whole where the quick way fails, as at a needle of two corners."""
    try:
        return shapely.clip_by_rect(parent, *box)
    except shapely.errors.GEOSException:
        return parent


def _sound(polygons: ArrayLike) -> NDArray[np.object_]:
    """Give valid twins of polygons for measuring; what is too costly to repair becomes null."""
    areas = np.array(polygons, dtype=object).ravel()
    broken = ~shapely.is_valid(areas) & ~shapely.is_missing(areas)
    small = broken & (shapely.get_num_coordinates(areas) <= _REPAIRABLE)
    areas[small] = shapely.make_valid(areas[small], method="structure", keep_collapsed=False)
    areas[broken & ~small] = None
    return areas


def tiling_faults(polygons: ArrayLike, *, gap_width_m: float = 0.5, overlap_m2: float = 0.01) -> list[TilingFault]:
    """Find where polygons that should tile the ground overlap or leave narrow gaps.

    A hole wider than ``gap_width_m`` is taken as meant (a lake, a barracks) and not reported.
    Broken outlines are repaired for the measurement if that is cheap, else left out; they are
    faults of their own that other checks name.

    Args:
        polygons: n polygons of one level, in metres.
        gap_width_m: widest gap that is a fault, metres.
        overlap_m2: smallest overlap or gap that counts, square metres.

    Returns:
        Overlaps, then gaps, each by the indexes of the two neighbours.
    """
    areas = _sound(polygons)
    known = np.flatnonzero(~(shapely.is_missing(areas) | shapely.is_empty(areas)))
    edges = shapely.coverage_invalid_edges(areas[known], gap_width=gap_width_m)
    bad = ~shapely.is_empty(edges)
    touched, edges = known[bad], edges[bad]
    return [
        fault
        for fault in (*_overlaps(areas, touched), *_gaps(areas, touched, edges, gap_width_m))
        if fault.area_m2 > overlap_m2
    ]


def _overlaps(areas: NDArray[np.object_], touched: NDArray[np.int64]) -> list[TilingFault]:
    first, second = shapely.STRtree(areas[touched]).query(areas[touched], predicate="intersects")
    pairs = sorted((int(touched[a]), int(touched[b])) for a, b in zip(first, second, strict=True) if a < b)
    if not pairs:
        return []
    left, right = np.array(pairs).T
    shared = shapely.area(shapely.intersection(areas[left], areas[right]))
    return [TilingFault("overlap", a, b, float(area)) for (a, b), area in zip(pairs, shared, strict=True)]


def _gaps(
    areas: NDArray[np.object_], touched: NDArray[np.int64], edges: NDArray[np.object_], width: float
) -> list[TilingFault]:
    """Measure what lies within reach of faulty edges of two polygons and in no polygon."""
    first, second = shapely.STRtree(edges).query(edges, predicate="dwithin", distance=width)
    keep = first < second
    first, second = first[keep], second[keep]
    strips = shapely.buffer(edges, width, cap_style="flat", join_style="mitre")
    between = shapely.intersection(strips[first], strips[second])
    tree = shapely.STRtree(areas)
    faults = []
    for a, b, strip in zip(first, second, between, strict=True):
        near = shapely.box(*shapely.bounds(shapely.buffer(strip, width)))
        around = np.sort(tree.query(strip, predicate="intersects"))
        ground = shapely.union_all(shapely.intersection(areas[around], near))
        free = shapely.get_parts(shapely.difference(strip, ground))
        size = sum(shapely.area(piece) for piece in free if _walled(piece, ground))
        faults.append(TilingFault("gap", int(touched[a]), int(touched[b]), float(size)))
    return sorted(faults)


def _walled(piece: shapely.Polygon, ground: shapely.Geometry) -> bool:
    """Say whether polygons run along most of a piece, as in a gap and not in an outer corner."""
    rim = shapely.boundary(piece)
    beside = shapely.intersection(rim, shapely.buffer(ground, 1e-4))
    return bool(shapely.length(beside) >= 0.75 * shapely.length(rim))


def tree_faults(ids: Sequence[str], parents: Sequence[str | None], levels: Sequence[int]) -> list[TreeFault]:
    """Find what keeps grids from being a tree.

    Args:
        ids: grid ids, n.
        parents: id of each parent, null for none.
        levels: level of each grid, 1 the largest.

    Returns:
        In order of id: "duplicate" (id used n times), "orphan" (named parent does not exist),
        "wrong_level" (parent's level is not smaller), "cycle" (a grid above itself, told once by
        its smallest id).
    """
    number = Counter(ids)
    level_of = dict(zip(ids, levels, strict=True))
    parent_of = {one: p for one, p in zip(ids, parents, strict=True) if not pd.isna(p)}
    faults = [TreeFault("duplicate", one, str(n)) for one, n in number.items() if n > 1]
    for one, parent in parent_of.items():
        if parent not in level_of:
            faults.append(TreeFault("orphan", one, str(parent)))
        elif level_of[parent] >= level_of[one]:
            faults.append(TreeFault("wrong_level", one, f"{level_of[one]} < {parent}: {level_of[parent]}"))
    faults += [TreeFault("cycle", ring[0], " < ".join([*ring, ring[0]])) for ring in _rings(parent_of)]
    return sorted(faults, key=lambda fault: (fault.id, fault.kind))


def _rings(parent_of: dict[str, str]) -> list[list[str]]:
    """Give each cycle once, starting at its smallest id."""
    done: set[str] = set()
    rings = []
    for start in sorted(parent_of):
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = parent_of.get(here)
        if here is not None and here in path:
            ring = list(path)[list(path).index(here) :]
            turn = ring.index(min(ring))
            rings.append(ring[turn:] + ring[:turn])
        done.update(path)
    return rings
