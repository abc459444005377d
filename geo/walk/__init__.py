"""On foot, not as the crow flies: the walk network, who reaches what on it, and how far a walk goes.

Points step onto the nearest place of the nearest street that no barrier parts from them; the way to the street
counts. Distances are metres, limits include the rim.
"""

from geo.walk.gates import Gates, gates
from geo.walk.isochrones import isochrone_areas, isochrone_lines
from geo.walk.nearest import Nearest, nearest_between, nearest_on_foot, nearest_to_nodes
from geo.walk.network import WalkNetwork, network_of_edges, walk_network
from geo.walk.pace import metres_of, minutes_of
from geo.walk.pairs import pairs_between, pairs_on_foot
from geo.walk.reach import Reach, reach
from geo.walk.snapping import SNAP_M, Snapped, snapped

__all__ = [
    "SNAP_M",
    "Gates",
    "Nearest",
    "Reach",
    "Snapped",
    "WalkNetwork",
    "gates",
    "isochrone_areas",
    "isochrone_lines",
    "metres_of",
    "minutes_of",
    "nearest_between",
    "nearest_on_foot",
    "nearest_to_nodes",
    "network_of_edges",
    "pairs_between",
    "pairs_on_foot",
    "reach",
    "snapped",
    "walk_network",
]
