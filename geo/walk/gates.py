"""Where areas such as parks are entered from the streets around them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.walk.network import WalkNetwork

TOUCH_M = 25.0
"""How near a street must pass to an area to let people in, unless told otherwise: half a wide street and its pavement."""
STEP_M = 20.0
"""Distance of the places on an outline that are tried."""


class Gates(NamedTuple):
    """Places where areas are entered.

    Attributes:
        x: east of k places in metres.
        y: north of k places in metres.
        owner: number of the area of each place; places of an area follow each other.
        meta: method, parameters and counts: how many areas touch streets and how many only lie near some.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    owner: NDArray[np.int64]
    meta: Mapping[str, object]


def gates(network: WalkNetwork, shapes: ArrayLike, *, touch_m: float = TOUCH_M, step_m: float = STEP_M) -> Gates:
    """Give the places where streets lead into areas, for areas whose entrances nobody recorded.

    A point is its own gate. An area or line is entered where streets cross its outline, and along its outline wherever
    a street passes within ``touch_m``; if none does, at the place of its outline nearest to a street. Fences are not
    known, so the walk to an area may be longer than what follows from its gates, never shorter for want of gates.

    Args:
        network: the streets.
        shapes: m points, lines or areas in metres; missing and empty ones have no gates.
        touch_m: how near a street must pass.
        step_m: step along the outline.
    """
    given = np.asarray(shapes, dtype=object).ravel()
    drawn = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
    kind = shapely.get_dimensions(given)
    points = drawn[kind[drawn] == 0]
    wide = drawn[kind[drawn] > 0]
    edges = np.where(kind[wide] == 2, shapely.boundary(given[wide]), given[wide])  # noqa: PLR2004 (areas)
    along, along_of = _along(network, edges, touch_m, step_m)
    entered = np.unique(along_of)
    left = np.setdiff1d(np.arange(len(wide)), entered)
    nearest, nearest_of = _nearest(network, edges, left)
    own, own_of = shapely.get_coordinates(given[points], return_index=True)
    xy = np.concatenate([own, along, nearest])
    owner = np.concatenate([points[own_of], wide[along_of], wide[nearest_of]])
    order = np.lexsort((xy[:, 1], xy[:, 0], owner))
    meta = {
        "method": "gates of areas",
        "touch_m": touch_m,
        "step_m": step_m,
        "points": len(points),
        "areas_on_streets": len(entered),
        "areas_off_streets": len(left),
    }
    return Gates(xy[order, 0], xy[order, 1], owner[order], MappingProxyType(meta))


def _along(
    network: WalkNetwork, outlines: NDArray[np.object_], touch_m: float, step_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Places on the outlines near streets: every step of them, and where streets cross them."""
    if not len(network.shapes) or not len(outlines):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    tried, of = shapely.get_coordinates(shapely.segmentize(outlines, step_m), return_index=True)
    spots = shapely.points(tried)
    near = np.unique(network.tree.query(spots, predicate="dwithin", distance=touch_m)[0])
    outline, street = network.tree.query(outlines, predicate="intersects")
    common = shapely.intersection(outlines[outline], network.shapes[street])
    crossed, pair = shapely.get_coordinates(common, return_index=True)
    return np.concatenate([tried[near], crossed]), np.concatenate([of[near], outline[pair]])


def _nearest(
    network: WalkNetwork, outlines: NDArray[np.object_], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The place of an outline nearest to a street."""
    if not len(network.shapes) or not len(rows):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    which, street = network.tree.query_nearest(outlines[rows], all_matches=False)
    lines = shapely.shortest_line(outlines[rows[which]], network.shapes[street])
    return shapely.get_coordinates(lines)[::2], rows[which]
