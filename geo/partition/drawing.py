"""A grid drawn anew: what its outline takes from neighbours it gets, what it gives up goes to them."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from geo.partition.faces import Faces, Shapes, Whole, borders_of, faces_of, joined
from geo.partition.redraw import PartitionError, Redrawn, as_polygons, composed
from geo.text import Text

NO_OUTLINE = Text(
    "画的外框不是一个完整的面；至少三个顶点，边线不能自相交",
    "the outline is no whole area; it takes three corners, and its border may not cross itself",
)
NOTHING_INSIDE = Text("画的外框内没有任何网格的土地", "there is no land of any grid inside the outline")
SWALLOWED = Text(
    "外框吞掉了整个网格（第 {rows} 个）；如要取消这个网格，请改用合并",
    "the outline would swallow whole grids (number {rows}); merge them if they are to go",
)
ALONE = Text(
    "让出的土地不与任何其他网格相邻，会成为无人管的空地；请把它留在外框内",
    "land that would be given up touches no other grid and would be nobody's; keep it inside the outline",
)
PARTED = Text(
    "重划后有网格会断成几块（第 {rows} 个）；请改画外框",
    "grids would fall into several pieces (number {rows}); draw the outline otherwise",
)


def redrawn(
    polygons: ArrayLike, outline: shapely.Geometry, index: int | None, *, snap_m: float = 0.0, sliver_m: float = 0.0
) -> Redrawn:
    """Draw a polygon anew, or a new one where there was none.

    Inside the outline all land becomes the polygon's. What it had outside goes, piece by piece, to the
    neighbour with the longest shared border. Land in no polygon stays so: the outline is kept to the ground
    that is divided already.

    Args:
        polygons: n polygons in metres.
        outline: the new outline.
        index: the polygon that is drawn anew, None for a new one, which is the last of the answer.
        snap_m: corners of the outline so near a border move on to it.
        sliver_m: strips narrower than this (2 area / length of their border) stay with who has them.

    Raises:
        PartitionError: no area, nothing inside, a polygon swallowed or torn apart, or land that nobody would have.
    """
    areas = as_polygons(polygons)
    if shapely.get_type_id(outline) != shapely.GeometryType.POLYGON or not shapely.is_valid(outline):
        raise PartitionError(NO_OUTLINE)
    drawn = shapely.snap(outline, shapely.union_all(shapely.boundary(areas)), snap_m) if snap_m > 0 else outline
    drawn = drawn if shapely.is_valid(drawn) else outline
    touched = np.flatnonzero(shapely.intersects(areas, drawn))
    if index is not None:
        near = shapely.STRtree(areas).query(areas[index], predicate="dwithin", distance=0.001)
        touched = np.union1d(touched, near)
    faces = faces_of(areas[touched], np.array([shapely.boundary(drawn)], dtype=object))
    own = len(touched) if index is None else int(np.flatnonzero(touched == index)[0])
    label = _given_up(faces, _taken(faces, drawn, own, sliver_m), own, new=index is None)
    return _assembled(areas, touched, faces, label, meta={
        "method": "redraw", "of": [] if index is None else [index], "snap_m": snap_m, "sliver_m": sliver_m,
        "is_heuristic": False, "land_given_up": "to the neighbour with the longest shared border",
    })  # fmt: skip


def _taken(faces: Faces, drawn: shapely.Geometry, own: int, sliver_m: float) -> Whole:
    """Label the faces: inside the outline our own, outside as they were, our own outside -1."""
    inside = shapely.within(faces.spots, drawn)
    narrow = 2 * shapely.area(faces.shapes) < sliver_m * shapely.length(faces.shapes)
    inside = np.where(narrow, faces.owner == own, inside)
    if not inside.any():
        raise PartitionError(NOTHING_INSIDE)
    return np.where(inside, own, np.where(faces.owner == own, -1, faces.owner))


def _given_up(faces: Faces, label: Whole, own: int, *, new: bool) -> Whole:
    """Hand the faces of -1 out, those with the longest border to a taker first, until all are taken."""
    borders = borders_of(faces.shapes)
    found = label.copy()
    while not new and (found < 0).any():
        a, b = found[borders.first], found[borders.second]
        one = pd.DataFrame({"face": borders.first, "to": b, "length": borders.length_m})[
            (a < 0) & (b >= 0) & (b != own)
        ]
        two = pd.DataFrame({"face": borders.second, "to": a, "length": borders.length_m})[
            (b < 0) & (a >= 0) & (a != own)
        ]
        offers = pd.concat([one, two]).groupby(["face", "to"], as_index=False)["length"].sum()
        if offers.empty:
            raise PartitionError(ALONE)
        best = offers.sort_values(["length", "face", "to"], ascending=[False, True, True]).iloc[0]
        found[int(best["face"])] = int(best["to"])
    return found


def _assembled(areas: Shapes, touched: Whole, faces: Faces, label: Whole, *, meta: dict[str, object]) -> Redrawn:
    """Put the faces together; only polygons whose faces changed hands count as changed."""
    there = np.unique(label)
    lost = np.setdiff1d(np.arange(len(touched)), there)
    if len(lost):
        raise PartitionError(SWALLOWED.format(rows="、".join(str(touched[one] + 1) for one in lost)))
    moved = np.unique(np.concatenate([faces.owner[label != faces.owner], label[label != faces.owner]]))
    use = np.isin(label, moved)
    groups, dense = np.unique(label[use], return_inverse=True)
    shapes = joined(faces.shapes[use], dense.astype(np.int64)) if len(groups) else areas[:0]
    old = np.array([touched[one] if one < len(touched) else -1 for one in groups], dtype=np.int64)
    before = np.array([shapely.get_num_geometries(areas[one]) if one >= 0 else 1 for one in old], dtype=int)
    torn = shapely.get_num_geometries(shapes) > before
    if torn.any():
        raise PartitionError(PARTED.format(rows="、".join(str(one + 1) if one >= 0 else "+" for one in old[torn])))
    taken = old[old >= 0]
    return composed(areas, taken.tolist(), shapes, old, meta={**meta, "changed": taken.tolist()})
