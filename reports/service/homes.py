"""Where people live, point by point: buildings with their own numbers, else the numbers of grids spread over them.

Totals of grids are conserved: what a grid states is divided among its points, by floor area where there are
buildings, evenly over a lattice where there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.ownership import locate
from geo.text import Text
from layers import BUILDINGS, Workspace
from layers.schema import Buildings
from layers.standards import policy
from reports.demand import lattice, lived_in
from reports.denominators import HOUSEHOLDS, RESIDENTS, households, residents
from reports.measures import Ground, Measured

Floats = NDArray[np.float64]
LATTICE_M = 100.0
"""Step of the points in grids without buildings on record: wider than that of coverage, for each is a home with a demand."""
_REST = Text(
    "建筑按登记数，没有建筑的网格按网格人数均匀分摊",
    "as registered by building; evenly over the ground in grids without buildings",
)
PEOPLE = ("residents", "households")
_WORDS = {"residents": RESIDENTS, "households": HOUSEHOLDS}
_SPREAD = Text("由网格人数按住宅建筑面积分摊", "spread from the grids over residential floor area")
_EVENLY = Text("由网格人数按面积均匀分摊到点", "spread from the grids evenly over points of the ground")
_BOTH = Text(
    "由网格人数分摊：有建筑的网格按住宅建筑面积，其余按面积均匀分摊",
    "spread from the grids: over residential floor area where buildings are on record, evenly over the ground elsewhere",
)


@dataclass(frozen=True)
class Homes:
    """Points where people live.

    ``x``, ``y`` in metres; ``codes`` the row of the grid of the level that was asked for, -1 for none; ``finest`` that
    of the finest level; ``building`` the row of the buildings table, -1 for a point of the ground. ``people`` holds
    residents and households of each point, NaN where unknown; ``status`` and ``notes`` say how they are known.
    """

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    codes: NDArray[np.int64] = field(repr=False)
    finest: NDArray[np.int64] = field(repr=False)
    building: NDArray[np.int64] = field(repr=False)
    people: Mapping[str, Floats] = field(repr=False)
    status: Mapping[str, str]
    notes: Mapping[str, Text | None]

    def words(self, who: str) -> Text:
        """Name residents or households."""
        return _WORDS[who]

    def missing(self, who: str) -> Text | None:
        """Say what is not known of residents or households."""
        unknown = int(np.isnan(self.people[who]).sum())
        if not unknown:
            return None
        if self.status[who] == "unavailable":
            return Text("网格或建筑的{who}", "{who} of grids or buildings").format(who=_WORDS[who])
        words = Text("{n} 栋建筑的{who}", "{who} of {n} buildings")
        return words.format(n=f"{unknown:,}", who=_WORDS[who])


def homes(ws: Workspace, level: int) -> Homes:
    """Give the points where people live, with the grid of a level.

    Raises:
        DataError: the workspace has no grids, or no such level.
    """
    finest = ws.finest
    ground = Ground(ws, finest, policy(ws.folder), households(ws, finest), residents(ws, finest))
    own = {who: _own(ws, who) for who in PEOPLE}
    counted = any(np.isfinite(values).any() for values in own.values())
    x, y, building, codes, weight = _points(ws, ground, counted=counted)
    people: dict[str, Floats] = {}
    status: dict[str, str] = {}
    notes: dict[str, Text | None] = {}
    for who in PEOPLE:
        measured = getattr(ground, who)
        spread = _spread(measured, codes, weight)
        if np.isfinite(own[who]).any():
            is_building = building >= 0
            people[who] = np.where(is_building, own[who][building], spread)
            status[who] = _status(own[who]) if is_building.all() else "proxy"
            notes[who] = None if is_building.all() else _REST
        else:
            people[who] = spread
            status[who] = "unavailable" if measured.status == "unavailable" else "proxy"
            notes[who] = None if status[who] == "unavailable" else _how(building)
    at_level = codes if level == finest else _at_level(ws, level, building, (x, y))
    return Homes(x, y, at_level, codes, building, people, status, notes)


def _own(ws: Workspace, who: str) -> Floats:
    """Give what buildings say themselves; nothing where there are none."""
    if BUILDINGS not in ws:
        return np.empty(0)
    found: Floats = ws[BUILDINGS][who].to_numpy(dtype=float, na_value=np.nan)
    return found


def _status(values: Floats) -> str:
    return "partial" if np.isnan(values).any() else "ready"


def _how(building: NDArray[np.int64]) -> Text:
    is_building = building >= 0
    return _SPREAD if is_building.all() else _BOTH if is_building.any() else _EVENLY


def _points(
    ws: Workspace, ground: Ground, *, counted: bool
) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64], Floats]:
    """Give points with building row, grid row and weight in their grid: all buildings where they are counted."""
    if BUILDINGS in ws:
        x, y = ws.xy(BUILDINGS)
        codes = ws.codes(BUILDINGS, ground.level)
        weight = _floor_area(ws)
        rows = np.arange(len(x))
        if not counted:
            weight = np.where(_lived_in(lived_in(ws), codes, len(ground.index)), weight, 0.0)
            filled = ground.known(BUILDINGS) & (_sum(codes, weight, len(ground.index)) > 0)
            rows = np.flatnonzero((codes >= 0) & filled[codes] & (weight > 0))
            bare = np.flatnonzero(~filled)
        else:
            empty = np.bincount(codes[codes >= 0], minlength=len(ground.index)) == 0
            bare = np.flatnonzero(empty & _stated(ground))
        parts = [(x[rows], y[rows], rows, codes[rows], weight[rows])]
    else:
        parts, bare = [], np.arange(len(ground.index))
    parts += [_ground_points(ws.grids(ground.level).geometry.iloc[code], int(code)) for code in bare]
    x, y, building, codes, weight = (np.concatenate([part[at] for part in parts]) for at in range(5))
    return x, y, building.astype(np.int64), codes.astype(np.int64), weight


def _stated(ground: Ground) -> NDArray[np.bool_]:
    """Mark the grids in which people are known to live."""
    both = np.stack([getattr(ground, who).by_grid.to_numpy(dtype=float) for who in PEOPLE])
    found: NDArray[np.bool_] = (np.nan_to_num(both) > 0).any(axis=0)
    return found


def _lived_in(lived: NDArray[np.bool_], codes: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Mark homes; in a grid without any, every building."""
    some = np.bincount(codes[lived & (codes >= 0)], minlength=size) > 0
    return lived | ~some[codes]


def _sum(codes: NDArray[np.int64], weight: Floats, size: int) -> Floats:
    inside = codes >= 0
    return np.bincount(codes[inside], weights=weight[inside], minlength=size).astype(float)


def _floor_area(ws: Workspace) -> Floats:
    """Floor area of buildings as far as known, else footprint by storeys; a number of storeys that is not known is the median."""
    table = ws[BUILDINGS]
    stated: Floats = table[Buildings.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
    storeys = table[Buildings.storeys].to_numpy(dtype=float, na_value=np.nan)
    usual = float(np.nanmedian(storeys)) if np.isfinite(storeys).any() else 1.0
    drawn = shapely.area(table.geometry.to_numpy()) * np.where(np.isnan(storeys), usual, storeys)
    if not (drawn > 0).any():
        drawn = np.ones(len(table))
    return np.nan_to_num(np.where(np.isnan(stated), drawn, stated))


def _ground_points(
    shape: shapely.Geometry, code: int
) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64], Floats]:
    x, y, _ = lattice([shape], LATTICE_M)
    return x, y, np.full(len(x), -1), np.full(len(x), code), np.ones(len(x))


def _spread(measured: Measured, codes: NDArray[np.int64], weight: Floats) -> Floats:
    """Divide what is known of grids among their points by weight."""
    value = measured.by_grid.to_numpy(dtype=float)
    whole = _sum(codes, weight, len(value))
    part = np.where(codes >= 0, weight, np.nan) / np.where(whole > 0, whole, np.nan)[codes]
    return np.where(codes >= 0, value[codes] * part, np.nan)


def _at_level(ws: Workspace, level: int, building: NDArray[np.int64], xy: tuple[Floats, Floats]) -> NDArray[np.int64]:
    codes = locate(*xy, ws.grids(level).geometry.to_numpy()).astype(np.int64)
    if BUILDINGS in ws:
        is_building = building >= 0
        codes[is_building] = ws.codes(BUILDINGS, level)[building[is_building]]
    return codes
