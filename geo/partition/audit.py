"""What is wrong or doubtful in a partition: gaps, holes, overlaps, slivers, several parts, broken outlines."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from geo.partition.faces import Shapes
from geo.tiling import TilingFault, tiling_faults

THIN = 0.015
"""Compactness of a strip some sixty times as long as it is wide."""
FAULTS = ["kind", "first", "second", "area_m2", "width_m", "share"]


class Audit(NamedTuple):
    """What an audit found.

    Attributes:
        shapes: one row a polygon: area_m2, perimeter_m, compactness (4 pi area / perimeter², 1 for a circle),
            width_m (of the largest circle inside), parts, holes, corners, is_sliver.
        faults: one row a fault: kind ("overlap", "gap", "hole", "sliver", "parts", "broken"), first and second
            (indexes, -1 for none), area_m2, width_m, share (of the smaller polygon).
        meta: thresholds, and totals: area_m2 of the polygons, ground_m2 of their union, overlap_m2, hole_m2.
    """

    shapes: pd.DataFrame
    faults: pd.DataFrame
    meta: Mapping[str, object]


def audited(
    polygons: ArrayLike,
    *,
    gap_width_m: float = 0.5,
    overlap_m2: float = 0.01,
    sliver_width_m: float = 5.0,
    sliver_compactness: float = 0.05,
) -> Audit:
    """Look over polygons of one level.

    A gap is ground between polygons that is narrower than ``gap_width_m`` or enclosed; an enclosed piece that is
    wider is a "hole", which may be meant (a lake, a barracks). A sliver is a polygon that is narrower than
    ``sliver_width_m`` everywhere or less compact than ``sliver_compactness``. A broken or missing outline is told and
    left out of the rest.

    Args:
        polygons: n polygons in metres.
        gap_width_m: widest open gap that is a fault, metres.
        overlap_m2: smallest overlap or gap that counts, square metres.
        sliver_width_m: least width of a polygon, metres.
        sliver_compactness: least compactness of a polygon.
    """
    given = np.asarray(polygons, dtype=object).ravel()
    sound = np.isin(shapely.get_type_id(given), [3, 6]) & shapely.is_valid(given) & ~shapely.is_empty(given)
    areas = given.copy()
    areas[~sound] = None
    shapes = _shapes(areas, sliver_width_m, sliver_compactness)
    ground = shapely.union_all(areas)
    holes = _holes(areas, ground, gap_width_m, overlap_m2)
    found = [
        *_tiling(areas, gap_width_m, overlap_m2, holes=holes),
        *holes,
        *[_of_shape("sliver", shapes, at) for at in np.flatnonzero(shapes["is_sliver"]).tolist()],
        *[_of_shape("parts", shapes, at) for at in np.flatnonzero(shapes["parts"] > 1).tolist()],
        *[_of_shape("broken", shapes, at) for at in np.flatnonzero(~sound).tolist()],
    ]
    faults = pd.DataFrame(found, columns=FAULTS).astype({"first": int, "second": int})
    total, whole = float(shapes["area_m2"].sum()), float(shapely.area(ground))
    meta = {
        "method": "audit of a partition", "gap_width_m": gap_width_m, "overlap_m2": overlap_m2,
        "sliver_width_m": sliver_width_m, "sliver_compactness": sliver_compactness, "polygons": len(areas),
        "area_m2": total, "ground_m2": whole, "doubled_m2": max(total - whole, 0.0),
        "hole_m2": float(sum(one[3] for one in holes)),
    }  # fmt: skip
    return Audit(shapes, faults.sort_values(["kind", "first", "second"], ignore_index=True), meta)


def _shapes(areas: Shapes, width_m: float, compactness: float) -> pd.DataFrame:
    area, around = shapely.area(areas), shapely.length(areas)
    with np.errstate(invalid="ignore", divide="ignore"):
        compact = np.where(around > 0, 4 * np.pi * area / around**2, np.nan)
    width = np.array([_width(one) for one in areas])
    parts = np.nan_to_num(shapely.get_num_geometries(areas)).astype(int)
    pieces, of = shapely.get_parts(areas, return_index=True)
    holes = np.bincount(of, weights=shapely.get_num_interior_rings(pieces), minlength=len(areas)).astype(int)
    return pd.DataFrame(
        {
            "area_m2": area,
            "perimeter_m": around,
            "compactness": compact,
            "width_m": width,
            "parts": parts,
            "holes": holes,
            "corners": np.maximum(shapely.get_num_coordinates(areas) - parts - holes, 0),
            "is_sliver": (width < width_m) | (compact < compactness),
        }
    )


def _width(shape: shapely.Geometry | None) -> float:
    """Diameter of the largest circle inside, to a hundredth of the root of the area; of a thin strip 2 area / perimeter.

    NaN without an area.
    """
    if shape is None or shapely.area(shape) <= 0:
        return float("nan")
    around = shapely.length(shape)
    if 4 * np.pi * shapely.area(shape) < THIN * around**2:  # a circle in it would take long to find and tell no more
        return 2 * float(shapely.area(shape)) / float(around)
    fine = max(np.sqrt(shapely.area(shape)) / 100, 1e-6)
    parts = shapely.get_parts(shape)  # what two polygons share may hold lines and points too
    circles = shapely.maximum_inscribed_circle(parts[shapely.area(parts) > 0], tolerance=fine)
    return 2 * float(shapely.length(circles).max())


Row = tuple[str, int, int, float, float, float]


def _of_shape(kind: str, shapes: pd.DataFrame, at: int) -> Row:
    one = shapes.iloc[at]
    return (kind, int(at), -1, float(one["area_m2"]), float(one["width_m"]), float("nan"))


def _tiling(areas: Shapes, gap: float, least: float, *, holes: list[Row]) -> list[Row]:
    """Give overlaps and open gaps; a gap that is enclosed is told among the holes."""
    size = shapely.area(areas)
    enclosed = {(one[1], one[2]) for one in holes if one[0] == "gap"}
    rows: list[Row] = []
    told = tiling_faults(areas, gap_width_m=gap, overlap_m2=least)
    gaps = [one for one in told if one.kind == "gap"]
    for one in told:
        if one.kind == "gap" and ((one.first, one.second) in enclosed or _is_end(one, gaps, gap)):
            continue
        smaller = min(size[k] for k in (one.first, one.second) if k >= 0)
        width = _width(shapely.intersection(areas[one.first], areas[one.second])) if one.kind == "overlap" else gap
        rows.append((one.kind, one.first, one.second, one.area_m2, width, one.area_m2 / smaller))
    return rows


def _is_end(one: TilingFault, gaps: list[TilingFault], width: float) -> bool:
    """Tell whether a gap is only the end of a longer one, where a third polygon meets it."""
    pair = {one.first, one.second}
    longer = any(pair & {other.first, other.second} for other in gaps if other.area_m2 > one.area_m2)
    return one.area_m2 < 2 * width**2 and longer


def _enclosed(parts: Shapes) -> Shapes:
    """Give the ground inside the inner rings of some parts that none of them has: a part may lie in another's hole."""
    rings, of_part = shapely.get_rings(parts, return_index=True)
    first = np.unique(of_part, return_index=True)[1]
    inner = shapely.polygons(np.delete(rings, first))
    hole, part = shapely.STRtree(parts).query(inner, predicate="intersects")
    islands = shapely.covers(inner[hole], parts[part])
    found = inner.copy()
    for one in np.unique(hole[islands]):
        found[one] = shapely.difference(inner[one], shapely.union_all(parts[part[islands & (hole == one)]]))
    return np.asarray(shapely.get_parts(found), dtype=object)


def _holes(areas: Shapes, ground: shapely.Geometry, gap: float, least: float) -> list[Row]:
    """Give enclosed ground that no polygon has, with two of the polygons around it."""
    free = _enclosed(shapely.get_parts(ground))
    tree, rows = shapely.STRtree(areas), []
    for one in free:
        if shapely.area(one) <= least:
            continue
        near = np.sort(tree.query(one, predicate="dwithin", distance=1e-6))
        first, second = (int(near[k]) if len(near) > k else -1 for k in (0, 1))
        width = _width(one)
        kind = "gap" if width < gap else "hole"
        smaller = min((float(shapely.area(areas[k])) for k in near), default=float("nan"))
        rows.append((kind, first, second, float(shapely.area(one)), width, float(shapely.area(one)) / smaller))
    return rows
