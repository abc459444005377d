"""Who wants service, point by point: the one place that says which buildings are homes and what stands in for them.

Three questions are asked of it. A ranking asks for all of a level in one currency (``demand_of``: households, else
buildings, else points of the ground). The health check asks place by place (``homes_in_buildings``, weighed by households or
residents, else by footprint; ``samples_of_ground`` where no buildings are known, a proxy). Supply asks for people and
divides those of the grids among the points (``reports.service.homes``, on the same lattice).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.areal import points_inside
from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Buildings

LATTICE_M = 50.0
"""Step of the sample points where buildings do not cover all grids: finer than any radius used."""
LIVED_IN = ("residential", "mixed")
"""Uses of buildings in which people live."""
FULL_COVER = 0.95
"""Share of grids with buildings from which on buildings, not area, are the denominator."""


WEIGHTS = {
    "households": Text("户数（按住宅建筑）", "households by residential building"),
    "residents": Text("居民人数（按住宅建筑）", "residents by residential building"),
}
OF_BUILDINGS = {
    "households": Text("各栋户数", "households of the buildings"),
    "residents": Text("各栋居民人数", "residents of the buildings"),
}
FOOTPRINT = Text("住宅建筑基底面积（m²）", "footprint of residential buildings, m²")
COUNT = Text("住宅栋数", "residential buildings")
GROUND = Text("网格面积（m²）", "grid area, m²")
NO_BUILDINGS = Text("建筑图层（或其覆盖范围不足）", "buildings here (no layer, or it does not reach)")


class Demand(NamedTuple):
    """Points that want service.

    Attributes:
        x, y: metres, one inside each building, or sample points of the ground.
        codes: row of the grid, -1 outside.
        weight: what the point stands for: households, residents, buildings, m² of footprint or of ground.
        status: "ready", "partial" (something of the weight is unknown) or "proxy".
        words: name of the weight.
        ids: ids of the buildings, None for sample points.
        missing: what is unknown of the weight.
    """

    x: np.ndarray
    y: np.ndarray
    codes: np.ndarray
    weight: np.ndarray
    status: str
    words: Text
    ids: NDArray[np.object_] | None = None
    missing: Text | None = None

    def of(self, rows: np.ndarray) -> "Demand":
        """Give some of the points."""
        ids = None if self.ids is None else self.ids[rows]
        return self._replace(x=self.x[rows], y=self.y[rows], codes=self.codes[rows], weight=self.weight[rows], ids=ids)


def demand_of(ws: Workspace, level: int) -> Demand:
    """Give the buildings, or points of a lattice where buildings do not stand in nearly all grids."""
    grids = ws.grids(level)
    size = len(grids)
    if BUILDINGS in ws:
        codes = ws.codes(BUILDINGS, level)
        if len(np.unique(codes[codes >= 0])) >= FULL_COVER * size:
            x, y = ws.xy(BUILDINGS)
            homes = ws[BUILDINGS][Buildings.households].to_numpy(dtype=float, na_value=np.nan)
            if not np.isnan(homes).any():
                return Demand(x, y, codes, homes, "ready", Text("户数（按建筑）", "households by building"))
            return Demand(x, y, codes, np.ones(len(x)), "partial", Text("建筑数", "buildings"))
    x, y, codes = lattice(grids.geometry)
    return Demand(x, y, codes, np.ones(len(x)), "proxy", Text("网格面积", "grid area"))


def homes_in_buildings(ws: Workspace, level: int, people: str = "households") -> Demand | None:
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
    unknown, words = int(np.isnan(counts).sum()), WEIGHTS[people]
    if unknown < len(counts):
        missing = Text(f"{unknown:,} 栋住宅的{words.zh}", f"{words.en} of {unknown:,} buildings") if unknown else None
        return Demand(x, y, codes, counts, "partial" if unknown else "ready", words, ids, missing)
    area = shapely.area(table.geometry.to_numpy())
    known = bool((area > 0).any())
    weight, words = (area, FOOTPRINT) if known else (np.ones(len(x)), COUNT)
    return Demand(x, y, codes, weight, "partial", words, ids, OF_BUILDINGS[people])


def samples_of_ground(ws: Workspace, level: int) -> Demand:
    """Give points of a lattice in each grid, each standing for an equal part of the grid's area."""
    shapes = ws.grids(level).geometry.to_numpy()
    x, y, codes = lattice(shapes)
    weight = (shapely.area(shapes) / np.bincount(codes, minlength=len(shapes)))[codes]
    return Demand(x, y, codes, weight, "proxy", GROUND, None, NO_BUILDINGS)


def lattice(
    shapes: Iterable[shapely.Geometry], step_m: float = LATTICE_M
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Give sample points of the ground: x and y in metres and the number of the shape in which each lies."""
    points = [points_inside(shape, step_m) for shape in shapes]
    codes = np.repeat(np.arange(len(points), dtype=np.intp), [len(x) for x, _ in points])
    x, y = (np.concatenate([point[axis] for point in points]) if points else np.zeros(0) for axis in (0, 1))
    return x, y, codes


def lived_in(ws: Workspace) -> NDArray[np.bool_]:
    """Mark the buildings where people live: those whose use says so, and those whose use is not known."""
    use = ws[BUILDINGS][Buildings.use]
    marks: NDArray[np.bool_] = (use.isin(LIVED_IN) | use.isna()).to_numpy(dtype=bool)
    return marks
