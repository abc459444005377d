"""The walk along the streets for the health check: the one place that asks the network."""

import numpy as np
from numpy.typing import NDArray

from geo.coverage import is_covered
from geo.walk.gates import gates
from geo.walk.nearest import nearest_between
from geo.walk.snapping import snapped
from reports.health.check import Check
from reports.health.homes import Homes
from reports.health.served import Reached, Within


def walked_within(check: Check, shapes: NDArray[np.object_], radius_m: float) -> Within | None:
    """Say which homes have one of the shapes within a walk, None without a network.

    The ways from the door to the street and from the street to the place count; an area is entered where streets
    touch it. A home that no street is near to, or only behind a barrier such as a railway, is not known.
    """
    network = check.network
    if network is None:
        return None
    doors = gates(network, shapes)
    to = snapped(network, doors.x, doors.y)

    def within(homes: Homes) -> Reached:
        places = check.on_streets(homes)
        metres = nearest_between(network, places, to, limit_m=radius_m).distance_m
        return Reached(is_covered(metres, radius_m), places.placed)

    return within
