"""Who reaches what, and how far: the pairs that all methods of supply work on."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

SLACK_M = 5e-7
"""Distances are taken to a millionth of a metre: what is exactly at a limit counts."""


class Reach(Protocol):
    """Pairs of a place and a facility, each at most once, with the distance from the place to the facility.

    ``place`` and ``facility`` are row numbers, shape (k,); ``distance_m`` is in metres, shape (k,). Where the ways
    there and back differ, the way from home to the facility counts.
    """

    @property
    def place(self) -> NDArray[np.int64]:
        """Row number of the place of each pair."""

    @property
    def facility(self) -> NDArray[np.int64]:
        """Row number of the facility of each pair."""

    @property
    def distance_m(self) -> NDArray[np.float64]:
        """Metres from the place to the facility."""


class Within(NamedTuple):
    """Pairs within a limit, as plain arrays."""

    place: NDArray[np.int64]
    facility: NDArray[np.int64]
    distance_m: NDArray[np.float64]


def within(pairs: Reach, limit_m: float) -> Within:
    """Keep the pairs up to a distance, the limit included; a distance that is not finite reaches nothing."""
    metres = np.asarray(pairs.distance_m, dtype=float)
    near = metres <= limit_m + SLACK_M
    if near.all():
        return Within(np.asarray(pairs.place), np.asarray(pairs.facility), metres)
    return Within(np.asarray(pairs.place)[near], np.asarray(pairs.facility)[near], metres[near])


def pairs_of_matrix(cost: ArrayLike) -> Within:
    """Give the pairs of a full table of costs, rows places and columns facilities; NaN and infinity are no pair."""
    table = np.asarray(cost, dtype=float)
    place, facility = np.nonzero(np.isfinite(table))
    return Within(place, facility, table[place, facility])


def amounts(values: ArrayLike, what: str) -> NDArray[np.float64]:
    """Read amounts of demand or supply, NaN where unknown.

    Raises:
        ValueError: one is negative or infinite.
    """
    found = np.asarray(values, dtype=float)
    if (found < 0).any() or np.isinf(found).any():
        msg = f"{what} must be finite and not negative"
        raise ValueError(msg)
    return found
