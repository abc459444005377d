"""Who is whose neighbour: the relation itself, from lists, from the k nearest, from a distance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.told import Meta, told
from geo.text import Text

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_DECIMALS = 6  # metres to a millionth: what is exactly at the distance is inside it
SELF_LEFT_OUT = Text("自身不算邻居", "nobody is a neighbour of itself")


@dataclass(frozen=True)
class Neighbours:
    """A relation of n areas or points, all weights 1: row i of ``links`` holds the neighbours of i.

    ``links`` is a sparse matrix of shape (n, n) with an empty diagonal and sorted columns; ``meta`` tells how it
    was made.
    """

    links: Any = field(repr=False)
    meta: Meta = field(repr=False)

    def __len__(self) -> int:
        return int(self.links.shape[0])

    @cached_property
    def degree(self) -> Integers:
        """Number of neighbours of each, shape (n,)."""
        return np.asarray(np.diff(self.links.indptr), dtype=np.int64)

    @property
    def islands(self) -> Integers:
        """Numbers of those without any neighbour."""
        found: Integers = np.flatnonzero(self.degree == 0)
        return found

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """Both ends of each link, in order of the first: two arrays of equal length."""
        first = np.repeat(np.arange(len(self)), self.degree)
        return first, self.links.indices.astype(np.int64)

    def sums(self, values: NDArray[Any]) -> Floats:
        """Add the values of the neighbours of each, shape as ``values`` (n,) or (n, k); 0 without neighbours."""
        return np.asarray(self.links @ values, dtype=np.float64)

    def among(self, rows: NDArray[np.bool_]) -> Self:
        """Give the relation among some of the n, renumbered."""
        return type(self)(self.links[rows][:, rows], self.meta)


def linked(size: int, first: ArrayLike, second: ArrayLike, meta: Meta) -> Neighbours:
    """Make a relation of ``size`` from links; repeated ones count once, links of one with itself are left out."""
    from scipy.sparse import coo_array  # noqa: PLC0415 (heavy)

    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    apart = one != other
    ones = np.ones(int(apart.sum()), dtype=np.float64)
    links = coo_array((ones, (one[apart], other[apart])), shape=(size, size)).tocsr()
    links.sum_duplicates()
    links.data[:] = 1.0
    return Neighbours(links, meta)


def listed(neighbours: Sequence[Sequence[int]]) -> Neighbours:
    """Take a relation as lists: the numbers of the neighbours of each."""
    sizes = [len(one) for one in neighbours]
    first = np.repeat(np.arange(len(neighbours)), sizes)
    second = np.array([other for one in neighbours for other in one], dtype=np.int64)
    meta = told("neighbours_listed", source="as given", conventions=[SELF_LEFT_OUT])
    return linked(len(neighbours), first, second, meta)


def nearest_neighbours(x: ArrayLike, y: ArrayLike, k: int) -> Neighbours:
    """Link each point to its ``k`` nearest others; the relation need not be mutual.

    Args:
        x: east of n points, metres.
        y: north of n points, metres.
        k: how many; at least 1 and less than n.

    Raises:
        ValueError: ``k`` is out of range, or a point has no coordinates.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    points = _points(x, y)
    size = len(points)
    if not 1 <= k < size:
        msg = f"k must lie in 1..{size - 1}"
        raise ValueError(msg)
    # One more is asked for, as the point finds itself; ties are settled by the lower number.
    distance, near = cKDTree(points).query(points, k=min(k + 1, size))
    distance = np.where(near == np.arange(size)[:, None], np.inf, distance.round(_DECIMALS))
    order = np.lexsort([near, distance], axis=1)[:, :k]
    second = np.take_along_axis(near, order, axis=1)
    first = np.repeat(np.arange(size), k)
    meta = told("k_nearest", source="Euclidean distance", conventions=[SELF_LEFT_OUT], k=k)
    return linked(size, first, second.ravel(), meta)


def distance_band(x: ArrayLike, y: ArrayLike, metres: float) -> Neighbours:
    """Link points that are no farther apart than a distance; exactly at it is inside.

    Raises:
        ValueError: the distance is not above zero, or a point has no coordinates.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    points = _points(x, y)
    if not 0 < metres < np.inf:
        msg = "the distance must be above zero"
        raise ValueError(msg)
    pairs = cKDTree(points).query_pairs(metres * (1 + 1e-9) + 10.0**-_DECIMALS, output_type="ndarray")
    apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T).round(_DECIMALS)
    one, other = pairs[apart <= metres].T
    meta = told("distance_band", source="Euclidean distance", conventions=[SELF_LEFT_OUT], metres=metres)
    return linked(len(points), np.concatenate([one, other]), np.concatenate([other, one]), meta)


def _points(x: ArrayLike, y: ArrayLike) -> Floats:
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    if not np.isfinite(points).all():
        msg = "every point needs coordinates"
        raise ValueError(msg)
    return points - (points.min(axis=0) if len(points) else 0.0)
