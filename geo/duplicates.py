"""Reports that may be of one thing: same kind, near in place and in time, with the reasons as numbers.

Only candidates: nothing is joined here. Pairs come from a tree of place and time; groups join pairs by single
linkage, so that a chain can join what is far apart, which is why each group shows its extent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.likeness import pair_likeness

_DECIMALS = 6  # metres and hours to a millionth: what is exactly at the limit is inside it
_SMALLEST = 1e-3  # a limit of 0 still needs a scale for the tree
_MANY = 64  # members from which the largest distance is looked for on the outline only

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reports:
    """What is compared: place in metres, time in hours (of any clock), and the kind, each of shape (n,).

    A report without place, time or kind (NaN, null) takes no part.
    """

    x: Floats
    y: Floats
    hour: Floats
    kind: NDArray[np.object_]

    @classmethod
    def of(cls, x: ArrayLike, y: ArrayLike, hour: ArrayLike, kind: ArrayLike) -> "Reports":
        """Take anything that can be arrays."""
        numbers = [np.asarray(one, dtype=float) for one in (x, y, hour)]
        return cls(numbers[0], numbers[1], numbers[2], np.asarray(kind, dtype=object))

    def __len__(self) -> int:
        return len(self.x)


def duplicate_pairs(reports: Reports, *, max_distance_m: float, max_hours: float) -> pd.DataFrame:
    """Find pairs of one kind within a distance and a time, both inclusive.

    Args:
        reports: place, time and kind.
        max_distance_m: farthest apart, metres.
        max_hours: longest apart, hours.

    Returns:
        Columns ``first`` and ``second`` (numbers of the reports, first < second), ``distance_m``, ``hours``; in order.

    Raises:
        ValueError: a limit below zero or not finite.
    """
    if not (0 <= max_distance_m < np.inf and 0 <= max_hours < np.inf):
        msg = "limits must be zero or more"
        raise ValueError(msg)
    code, names = pd.factorize(reports.kind)
    placed = np.isfinite(reports.x) & np.isfinite(reports.y) & np.isfinite(reports.hour) & (code >= 0)
    scale = max(max_distance_m, _SMALLEST) / max(max_hours, _SMALLEST)
    reach = np.sqrt(2.0) * max(max_distance_m, _SMALLEST) * (1 + 1e-6)
    # Neighbours in a ball of place and scaled time: all that can be within both limits, and some more.
    points = np.column_stack([reports.x, reports.y, reports.hour * scale])
    found = [_within(points, np.flatnonzero(placed & (code == one)), reach) for one in range(len(names))]
    pairs = np.concatenate([np.empty((0, 2), dtype=np.int64), *found])
    first, second = pairs.min(axis=1), pairs.max(axis=1)
    distance = np.hypot(reports.x[first] - reports.x[second], reports.y[first] - reports.y[second]).round(_DECIMALS)
    hours = np.abs(reports.hour[first] - reports.hour[second]).round(_DECIMALS)
    kept = np.flatnonzero((distance <= max_distance_m) & (hours <= max_hours))
    kept = kept[np.lexsort([second[kept], first[kept]])]
    return pd.DataFrame(
        {"first": first[kept], "second": second[kept], "distance_m": distance[kept], "hours": hours[kept]}
    )


def _within(points: Floats, rows: Integers, reach: float) -> Integers:
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    if len(rows) < 2:  # noqa: PLR2004 (a pair)
        return np.empty((0, 2), dtype=np.int64)
    # Coordinates are large and the differences small: count from a corner.
    near = points[rows] - points[rows].min(axis=0)
    return np.asarray(rows[cKDTree(near).query_pairs(reach, output_type="ndarray")], dtype=np.int64).reshape(-1, 2)


def earlier_alike(reports: Reports, *, max_distance_m: float, max_hours: float) -> NDArray[np.bool_]:
    """Say which reports have an earlier one of their kind within a distance and a time, both inclusive.

    Of reports at the same moment the first in order is the earlier one. Reports on one spot are looked up by time and
    not compared in pairs: thousands of them cost no more than as many elsewhere.

    Returns:
        Shape (n,); a report without place, time or kind has none.
    """
    code = pd.factorize(reports.kind)[0]
    rows = np.flatnonzero(np.isfinite(reports.x) & np.isfinite(reports.y) & np.isfinite(reports.hour) & (code >= 0))
    rows = rows[np.argsort(reports.hour[rows], kind="stable")]
    found = np.zeros(len(reports), dtype=bool)
    if not len(rows):
        return found
    spots, spot = np.unique(np.column_stack([reports.x, reports.y, code])[rows], axis=0, return_inverse=True)
    one, other = _near_spots(spots, max_distance_m)
    size, rank, hour = len(rows), np.arange(len(rows)), reports.hour[rows]
    keys = np.sort(spot.ravel() * size + rank)  # the reports of each spot in order of time
    order = np.argsort(one, kind="stable")
    first = np.searchsorted(one[order], spot.ravel())
    many = np.searchsorted(one[order], spot.ravel(), side="right") - first
    asked = np.repeat(rank, many)
    near = other[order][np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)]
    before = keys[np.searchsorted(keys, near * size + asked) - 1]
    there = (before // size == near) & (before < near * size + asked)
    late = np.round(hour[asked] - hour[before % size], _DECIMALS) <= max_hours
    found[rows[asked[there & late]]] = True
    return found


def _near_spots(spots: Floats, max_distance_m: float) -> tuple[Integers, Integers]:
    """Give pairs of spots of one kind within a distance, both ways and each with itself."""
    own = np.arange(len(spots))
    pairs = [
        _within(spots[:, :2], np.flatnonzero(spots[:, 2] == one), max_distance_m + _SMALLEST)
        for one in np.unique(spots[:, 2])
    ]
    first, second = np.concatenate([np.empty((0, 2), dtype=np.int64), *pairs]).T
    apart = np.hypot(*(spots[first, :2] - spots[second, :2]).T).round(_DECIMALS)
    first, second = first[apart <= max_distance_m], second[apart <= max_distance_m]
    return np.concatenate([own, first, second]), np.concatenate([own, second, first])


def group_numbers(size: int, first: ArrayLike, second: ArrayLike) -> Integers:
    """Give each of ``size`` reports the number of its group by single linkage, in the order of their first members."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (heavy)

    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    links = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    return np.asarray(pd.factorize(label)[0], dtype=np.int64)


def group_extents(reports: Reports, group: ArrayLike) -> pd.DataFrame:
    """Give size, largest distance in metres and span in hours of each group of two or more.

    Args:
        reports: the reports.
        group: number of the group of each, as ``group_numbers`` gives them.

    Returns:
        Indexed by the number of the group: ``size``, ``extent_m``, ``span_hours``.
    """
    number = np.asarray(group, dtype=np.int64)
    size = np.bincount(number)
    order = np.argsort(number, kind="stable")
    members = np.split(order, np.cumsum(size)[:-1])
    kept = [one for one in range(len(size)) if size[one] > 1]
    rows = {
        one: (int(size[one]), _width(reports.x[members[one]], reports.y[members[one]]), _span(reports, members[one]))
        for one in kept
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["size", "extent_m", "span_hours"])
    return table.astype({"size": "int64", "extent_m": "float64", "span_hours": "float64"}).rename_axis("group")


def _span(reports: Reports, rows: Integers) -> float:
    return float(np.round(np.ptp(reports.hour[rows]), _DECIMALS))


def _width(x: Floats, y: Floats) -> float:
    """The largest distance; it is taken between corners of the outline."""
    if len(x) > _MANY:
        x, y = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(np.column_stack([x, y])))).T
    far = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return float(np.round(far.max(), _DECIMALS))


def with_likeness(pairs: pd.DataFrame, texts: Sequence[str]) -> pd.DataFrame:
    """Add ``text`` to pairs: how alike their words are, 0 to 1, NaN where one of the two says nothing."""
    return pairs.assign(text=pair_likeness(texts, pairs["first"], pairs["second"]))


def with_photo_bits(pairs: pd.DataFrame, hashes: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Add ``photo_bits`` to pairs: bits in which the hashes of their most alike photos differ, null without photos.

    Args:
        pairs: as ``duplicate_pairs`` gives them.
        hashes: for each report the perceptual hashes of its photos, 64 bits each.
    """
    bits = [_fewest_bits(hashes[a], hashes[b]) for a, b in zip(pairs["first"], pairs["second"], strict=True)]
    return pairs.assign(photo_bits=pd.array(bits, dtype="Int64"))


def _fewest_bits(one: Sequence[int], other: Sequence[int]) -> int | None:
    return min(((a ^ b).bit_count() for a in one for b in other), default=None)
