"""Who wants service, place by place: homes in their buildings, and sample points of the ground where none are known.

The same order of denominators holds for every indicator: households (or residents) of the buildings; else the
footprint of residential buildings; else the area of the grid, which is a proxy. Each is named in the finding.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.areal import points_inside
from geo.text import Text
from layers import BUILDINGS, Workspace
from reports.demand import LATTICE_M, lived_in
from reports.health.finding import Values

WORDS = {
    "households": Text("户数（按住宅建筑）", "households by residential building"),
    "residents": Text("居民人数（按住宅建筑）", "residents by residential building"),
}
FOOTPRINT = Text("住宅建筑基底面积（m²）", "footprint of residential buildings, m²")
GROUND = Text("网格面积（m²）", "grid area, m²")


class Homes(NamedTuple):
    """Points that want service.

    Attributes:
        x, y: metres, one inside each building, or sample points.
        codes: row of the grid, -1 outside.
        weight: households, residents, m² of footprint, or m² of ground for which the point stands.
        ids: ids of the buildings, None for sample points.
        words: name of the weight.
        status: "ready", "partial" (something of the weight is unknown) or "proxy".
        missing: what is unknown of the weight.
    """

    x: Values
    y: Values
    codes: NDArray[np.intp]
    weight: Values
    ids: NDArray[np.object_] | None
    words: Text
    status: str
    missing: Text | None = None


def homes_in_buildings(ws: Workspace, level: int, people: str = "households") -> Homes | None:
    """Give the residential buildings, weighed by ``people`` ("households" or "residents") or by footprint.

    Returns:
        None if the workspace has no buildings.
    """
    if BUILDINGS not in ws:
        return None
    rows = np.flatnonzero(lived_in(ws))
    table = ws[BUILDINGS].iloc[rows]
    x, y = (axis[rows] for axis in ws.xy(BUILDINGS))
    codes = np.asarray(ws.codes(BUILDINGS, level), dtype=np.intp)[rows]
    ids = table.index.to_numpy(dtype=object)
    counts = table[people].to_numpy(dtype=float, na_value=np.nan)
    unknown = int(np.isnan(counts).sum())
    if unknown < len(counts):
        missing = Text(f"{unknown:,} 栋住宅的{WORDS[people].zh}", f"{WORDS[people].en} of {unknown:,} buildings")
        status = "partial" if unknown else "ready"
        return Homes(x, y, codes, counts, ids, WORDS[people], status, missing if unknown else None)
    area = shapely.area(table.geometry.to_numpy())
    missing = {"households": Text("各栋户数", "households of the buildings")}.get(
        people, Text("各栋居民人数", "residents of the buildings")
    )
    if not (area > 0).any():
        return Homes(x, y, codes, np.ones(len(x)), ids, Text("住宅栋数", "residential buildings"), "partial", missing)
    return Homes(x, y, codes, area, ids, FOOTPRINT, "partial", missing)


def samples_of_ground(ws: Workspace, level: int) -> Homes:
    """Give points of a lattice in each grid, each standing for an equal part of the grid's area."""
    shapes = ws.grids(level).geometry.to_numpy()
    points = [points_inside(shape, LATTICE_M) for shape in shapes]
    each = np.array([len(x) for x, _ in points])
    codes = np.repeat(np.arange(len(shapes), dtype=np.intp), each)
    x, y = (np.concatenate([point[axis] for point in points]) for axis in (0, 1))
    weight = (shapely.area(shapes) / each)[codes]
    missing = Text("建筑图层（或其覆盖范围不足）", "buildings here (no layer, or it does not reach)")
    return Homes(x, y, codes, weight, None, GROUND, "proxy", missing)
