"""Who wants service: households in their buildings, else buildings, else sample points of the ground."""

from typing import NamedTuple

import numpy as np
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


class Demand(NamedTuple):
    """Points that want service, how good they are as such, and what they are called."""

    x: np.ndarray
    y: np.ndarray
    codes: np.ndarray
    weight: np.ndarray
    status: str
    words: Text

    def of(self, rows: np.ndarray) -> "Demand":
        """Give some of the points."""
        return self._replace(x=self.x[rows], y=self.y[rows], codes=self.codes[rows], weight=self.weight[rows])


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
    points = [points_inside(shape, LATTICE_M) for shape in grids.geometry]
    codes = np.repeat(np.arange(size), [len(px) for px, _ in points])
    x, y = (np.concatenate([p[axis] for p in points]) for axis in (0, 1))
    return Demand(x, y, codes, np.ones(len(x)), "proxy", Text("网格面积", "grid area"))


def lived_in(ws: Workspace) -> NDArray[np.bool_]:
    """Mark the buildings where people live: those whose use says so, and those whose use is not known."""
    use = ws[BUILDINGS][Buildings.use]
    marks: NDArray[np.bool_] = (use.isin(LIVED_IN) | use.isna()).to_numpy(dtype=bool)
    return marks
