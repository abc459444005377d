"""Numbers by which an address is sure enough or near enough: policy, which a workspace may set for itself."""

from pathlib import Path
from typing import NamedTuple

from layers.standards import policy


class Thresholds(NamedTuple):
    """Numbers of ``policy.csv`` about places by address.

    ``sure``: from this confidence a place goes on the map, below it to the list for a person to confirm; measured on a
    year of a real city and on a made-up community, more than 95 in 100 places from 0.8 on lie within ``right_m`` of the
    true one in every band of confidence, just below about 87. ``right_m``: a place is right if the true one is no
    farther away: the same court, the same stretch of street. ``meet_m``: streets whose lines come nearer than this
    meet, since centre lines are often drawn a little short. ``same_m``: candidates nearer to each other are one place.
    ``along_m``: a house farther from a street does not stand on it. ``unit_m``: if counting from the other end would
    move a unit farther, the middle of the building stands. ``grid_margin_m``: the far kerb of the street that bounds a
    grid still lies in it for those who work there. ``town_margin_m``: people name the next district a little beyond its
    border.
    """

    sure: float
    right_m: float
    meet_m: float
    same_m: float
    along_m: float
    unit_m: float
    grid_margin_m: float
    town_margin_m: float


def thresholds(folder: Path | None) -> Thresholds:
    """Read the numbers, a workspace's own over the shipped ones."""
    rules = policy(folder)
    return Thresholds(*(rules[f"place_{name}"] for name in Thresholds._fields))
