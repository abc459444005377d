"""The walk network of a workspace: which lines can be walked, which cannot be crossed, and where streets are known.

Whatever is measured on foot, for coverage, supply or the health check, is measured on this one network, with the same
caps and the same gates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.walk import WalkNetwork, walk_network
from geo.walk.gates import Gates, gates
from geo.walk.nearest import Nearest, nearest_between
from geo.walk.snapping import Snapped, snapped
from layers import STREETS, Workspace
from layers.schema import Streets as StreetColumns
from layers.standards import policy, standard


@dataclass(frozen=True)
class Streets:
    """Streets to walk on.

    ``network`` is None where the workspace has no streets that can be walked; ``snap_m`` and ``gate_m`` are the caps of
    the policy table; ``meta`` tells which lines were taken and how.
    """

    network: WalkNetwork | None = field(repr=False)
    snap_m: float
    gate_m: float
    meta: Mapping[str, object]


class Doors(NamedTuple):
    """Where things are entered: their gates (``gates.owner`` is the number of the thing), placed on the network."""

    gates: Gates
    placed: Snapped


def streets_of(ws: Workspace) -> Streets:
    """Make the walk network of a workspace.

    What a line says of itself comes first; a line that does not say is walkable and no barrier unless the table of
    street kinds says otherwise of its kind. A line that cannot be walked is a barrier. A street that is closed for a
    time is not walked along and no barrier: other streets still cross it.
    """
    rules = policy(ws.folder)
    snap_m, gate_m = rules["walk_snap_m"], rules["walk_gate_m"]
    if STREETS not in ws:
        return Streets(None, snap_m, gate_m, MappingProxyType({"streets": 0}))
    walkable, barrier = _marks(ws)
    network = walk_network(
        ws[STREETS].geometry.to_numpy(), walkable=walkable, barriers=barrier, tolerance_m=rules["walk_join_m"]
    )
    told = {**network.meta, "snap_m": snap_m, "gate_m": gate_m}
    return Streets(network if len(network.edges) else None, snap_m, gate_m, MappingProxyType(told))


def placed(network: WalkNetwork, streets: Streets, x: ArrayLike, y: ArrayLike) -> Snapped:
    """Place points on the network, no farther from a street than the cap."""
    return snapped(network, x, y, snap_m=streets.snap_m)


def doors_of(network: WalkNetwork, streets: Streets, shapes: NDArray[np.object_]) -> Doors:
    """Give where things are entered from the streets: points at themselves, areas where streets touch them."""
    found = gates(network, shapes, touch_m=streets.gate_m)
    return Doors(found, placed(network, streets, found.x, found.y))


def nearest_door(network: WalkNetwork, points: Snapped, doors: Doors, *, limit_m: float = np.inf) -> Nearest:
    """Give the nearest gate on foot for each point; its ``facility`` is a row of the gates."""
    return nearest_between(network, points, doors.placed, limit_m=limit_m)


def _marks(ws: Workspace) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which lines can be walked, and which cannot be crossed."""
    table = ws[STREETS]
    kinds = standard("street_kinds", ws.folder).set_index("kind")
    kind = table[StreetColumns.kind].str.casefold()
    of_kind = {name: kind.map(kinds[name].astype("object").to_dict()) for name in ("walkable", "barrier")}
    said = table[StreetColumns.walkable]
    walkable = said.astype("object").where(said.notna(), of_kind["walkable"])
    can = _flag(walkable, otherwise=True)
    blocks = _flag(of_kind["barrier"], otherwise=False)
    barrier = (~can | blocks) & ~(said.fillna(value=False).to_numpy(dtype=bool))
    return can & ~_flag(table[StreetColumns.closed], otherwise=False), barrier


def _flag(cells: pd.Series, *, otherwise: bool) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = cells.where(cells.notna(), otherwise).to_numpy(dtype=bool)
    return found


def margin_m(ws: Workspace, layer: str, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Give how far inside the complete part of a layer points lie, metres; negative outside, infinite without limits."""
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    for box in ws.manifest.extents:
        if box.layer == layer:
            sides = (east - box.west, box.east - east, north - box.south, box.north - north)
            found: NDArray[np.float64] = np.minimum.reduce(sides)
            return found
    return np.full(len(east), np.inf)
