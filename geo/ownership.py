"""Which polygon owns which point, and whether the polygons can own points at all."""

from collections import Counter
from collections.abc import Iterator, Sequence
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
    # NaN sorts last and no bound is above it: points that are not finite are never tested.
    order = np.argsort(east, kind="stable")
    points = _Sorted(order, east[order], north[order])
    owner = np.full(len(east), -1, dtype=np.int32)
    shapely.prepare(areas)
    _claim(points, areas, owner, 0.0)
    if snap_m > 0:
        _claim(points, areas, owner, snap_m)
    result = np.empty_like(owner)
    result[order] = owner
    return result


def _claim(points: _Sorted, areas: NDArray[np.object_], owner: NDArray[np.int32], reach: float) -> None:
    """Give the points that nobody owns yet to the first polygon that holds them or lies within reach."""
    for index, box in enumerate(shapely.bounds(areas)):
        for part in _free_in_box(points, owner, box, reach):
            east, north = points.x[part], points.y[part]
            if reach:
                held = shapely.dwithin(areas[index], shapely.points(east, north), reach)
            else:
                held = shapely.intersects_xy(areas[index], east, north)
            owner[part[held]] = index


def _free_in_box(
    points: _Sorted, owner: NDArray[np.int32], box: NDArray[np.float64], reach: float
) -> Iterator[NDArray[np.int64]]:
    """Give positions of free points in a bounding box, some thousand at a time."""
    west, south, east, north = box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
    if not west <= east:  # no geometry: its bounds are NaN
        return
    start, stop = np.searchsorted(points.x, west, "left"), np.searchsorted(points.x, east, "right")
    for low in range(int(start), int(stop), _CHUNK):
        here = slice(low, min(low + _CHUNK, int(stop)))
        y = points.y[here]
        free = np.flatnonzero((y >= south) & (y <= north) & (owner[here] < 0))
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
    points = pd.DataFrame({"x_m": np.asarray(x, dtype=float), "y_m": np.asarray(y, dtype=float)})
    located = points[np.isfinite(points).all(axis=1)]
    fewest = max(min_rows, min_share * len(located))
    # A point that is shared so often shares its x too; sorting one column is quicker than grouping two.
    east, rows = np.unique(located["x_m"], return_counts=True)
    suspect = located[located["x_m"].isin(east[rows >= fewest])]
    found = suspect.groupby(["x_m", "y_m"], sort=True).size().rename("rows").reset_index()
    found["share"] = found["rows"] / max(len(located), 1)
    found = found[found["rows"] >= fewest]
    return found.sort_values(["rows", "x_m", "y_m"], ascending=[False, True, True], ignore_index=True)


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
    pairs["area"] = shapely.area(shapely.intersection(small[child], large[parent]))
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
    if not len(known) or shapely.coverage_is_valid(areas[known], gap_width=gap_width_m):
        return []
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
