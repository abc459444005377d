"""What a redrawing gives: the new polygons, which of them go on from an old one, and the proof that they still tile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import GuatuError
from geo.partition.faces import Shapes, Whole, with_vertices

EXACT_SHARE = 1e-9
"""Share of an area by which sums of areas may differ: rounding of coordinates, not land."""
TOUCH_M = 0.05
"""Two borders nearer to each other than this are one: drawings of one border differ by that much."""
LEAST_BORDER_M = 1.0
"""Polygons that share less border than this touch in a corner only."""


class PartitionError(GuatuError, ValueError):
    """Grids that cannot be redrawn as asked: they do not touch, a line does not part them, a grid would come apart."""


@dataclass(frozen=True)
class Redrawn:
    """Polygons after a redrawing.

    Attributes:
        polygons: m polygons.
        old: for each the index of the polygon that it goes on from, -1 for a new one.
        meta: method, parameters, conventions, warnings.
    """

    polygons: Shapes
    old: Whole
    meta: Mapping[str, object] = field(default_factory=dict)

    @property
    def new(self) -> Shapes:
        """The polygons that go on from none."""
        return self.polygons[self.old < 0]


def as_polygons(polygons: ArrayLike) -> Shapes:
    """Give polygons as an array.

    Raises:
        PartitionError: one is missing, empty, not areal or broken.
    """
    found = np.asarray(polygons, dtype=object).ravel()
    sound = np.isin(shapely.get_type_id(found), [3, 6]) & ~shapely.is_empty(found) & shapely.is_valid(found)
    if not sound.all():
        from geo.text import Text  # noqa: PLC0415 (words only where something is wrong)

        raise PartitionError(
            Text(
                f"{int((~sound).sum())} 个面缺失或边线有误，请先在“数据检查”中改正",
                f"{int((~sound).sum())} outlines are missing or broken; mend them first, see Data check",
            )
        )
    return found


def composed(
    polygons: Shapes, changed: Sequence[int], shapes: Shapes, old: Whole, *, meta: Mapping[str, object]
) -> Redrawn:
    """Put new shapes in the place of some polygons; the others get the vertices that a cut left on their borders.

    Args:
        polygons: all n polygons.
        changed: indexes of those that are replaced.
        shapes: what takes their place, k polygons.
        old: for each of ``shapes`` the index that it goes on from, -1 for none.
        meta: what to say of the redrawing.

    Raises:
        PartitionError: the ground is not the same as before.
    """
    gone = np.zeros(len(polygons), dtype=bool)
    gone[list(changed)] = True
    before, after = float(shapely.area(polygons[gone]).sum()), float(shapely.area(shapes).sum())
    overlap = before - float(shapely.area(shapely.union_all(polygons[gone])))
    if abs(before - overlap - after) > max(EXACT_SHARE * before, 1e-6):
        from geo.text import Text  # noqa: PLC0415

        raise PartitionError(
            Text(
                f"重划后面积由 {before:,.3f} m² 变为 {after:,.3f} m²，未采用",
                f"the area would change from {before:,.3f} m² to {after:,.3f} m², so nothing was redrawn",
            )
        )
    rest = np.flatnonzero(~gone)
    nodes = shapely.extract_unique_points(shapes)
    kept = with_vertices(polygons[rest], shapely.get_parts(nodes))
    return Redrawn(np.concatenate([kept, shapes]), np.concatenate([rest, old]).astype(np.int64), meta)


def neighbours(
    polygons: ArrayLike, *, touch_m: float = TOUCH_M, least_m: float = LEAST_BORDER_M
) -> tuple[Whole, Whole, NDArray[np.float64]]:
    """Find which polygons lie side by side, also where drawings of their border differ a little.

    Args:
        polygons: n polygons in metres.
        touch_m: how far apart two borders may be and still be one, metres.
        least_m: least length of a shared border, metres; less is a corner.

    Returns:
        Index of the first (the smaller), of the second, and length of the shared border in metres.
    """
    shapes = np.asarray(polygons, dtype=object).ravel()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=touch_m)
    pair = first < second
    first, second = first[pair], second[pair]
    strips = shapely.buffer(shapely.boundary(shapes[second]), touch_m, cap_style="flat", quad_segs=1)
    length = shapely.length(shapely.intersection(shapely.boundary(shapes[first]), strips))
    real = length > least_m
    order = np.lexsort((second[real], first[real]))
    return first[real][order], second[real][order], length[real][order]
