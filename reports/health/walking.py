"""The walk along the streets for the health check, on the network that coverage is measured on."""

import numpy as np
from numpy.typing import NDArray

from geo.coverage import is_covered
from reports.demand import Demand
from reports.health.check import Check
from reports.health.served import Served, Within
from reports.service.streets import doors_of, nearest_door


def walked_within(check: Check, shapes: NDArray[np.object_], radius_m: float) -> Within | None:
    """Say which homes have one of the shapes within a walk, None without a network.

    The ways from the door to the street and from the street to the place count; an area is entered where streets
    touch it. A home that no street is near to, or only behind a barrier such as a railway, is not known.
    """
    network = check.streets.network
    if network is None:
        return None
    doors = doors_of(network, check.streets, shapes)

    def within(homes: Demand) -> Served:
        places = check.on_streets(homes)
        metres = nearest_door(network, places, doors, limit_m=radius_m).distance_m
        return Served(is_covered(metres, radius_m), places.placed)

    return within
