"""Where things pile up: kernel density in things per square kilometre, its bandwidth in metres said.

An intensity, not a probability: over the plane it adds up to the number of things (or their weight). At the edge of
what was recorded it is too low, for what lies beyond is missing. Gaussian: the bandwidth is its standard
deviation. Quartic, 3/(pi h²)(1 - d²/h²)²: the bandwidth is the radius beyond which a thing does not count
(Silverman 1986; CrimeStat, QGIS).
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.pattern.told import Meta, told
from geo.text import Text

Floats = NDArray[np.float64]
Kernel = Literal["gaussian", "quartic"]

M2_PER_KM2 = 1e6
FINE = 1 / 3
"""Cells wider than this share of the bandwidth blur what they are to show."""
_REACH = {"gaussian": 8.5, "quartic": 1.0}  # bandwidths beyond which a kernel is nothing in double precision
_FILTER_REACH = 4.0  # standard deviations at which the filter of a grid ends: 3e-4 of the peak is lost
_BLOCK = 4_000_000  # pairs held at a time
INTENSITY = Text("结果为每平方千米件数，不是概率", "things per km², not a probability")
EDGE = Text("资料边缘的密度偏低", "too low at the edge of what was recorded")
COARSE = Text(
    "格网边长大于带宽的三分之一，细部失真", "cells are wider than a third of the bandwidth: details are blurred"
)


class DensityGrid(NamedTuple):
    """Density on square cells: ``per_km2`` of shape (rows, columns), rows from south to north.

    ``x`` and ``y`` are the middles of columns and rows, ``outside`` how many things lay beyond the frame and do not
    count.
    """

    per_km2: Floats
    x: Floats
    y: Floats
    cell_m: float
    outside: int
    meta: Meta


def density_at(
    place: tuple[ArrayLike, ArrayLike], at: tuple[ArrayLike, ArrayLike], *, bandwidth_m: float,
    kernel: Kernel = "gaussian", weights: ArrayLike | None = None,
) -> Floats:  # fmt: skip
    """Give the density at points, summed thing by thing.

    Args:
        place: east and north of n things, metres.
        at: east and north of m points.
        bandwidth_m: metres.
        kernel: see above.
        weights: of each thing, None for 1.

    Returns:
        Things (or weight) per km², shape (m,).
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    points, spots = _columns(place), _columns(at)
    amount = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=float)
    _require(bandwidth_m)
    found = np.zeros(len(spots))
    if not len(points) or not len(spots):
        return found
    tree, reach = cKDTree(points), _REACH[kernel] * bandwidth_m
    near = tree.query_ball_point(spots, reach, return_length=True)
    for rows in _blocks(np.asarray(near)):
        lists = tree.query_ball_point(spots[rows], reach, return_sorted=True)
        owner = np.repeat(rows, near[rows])
        other = np.concatenate([np.asarray(one, dtype=np.int64) for one in lists])
        ratio = ((spots[owner] - points[other]) ** 2).sum(axis=1) / bandwidth_m**2
        found += np.bincount(owner, weights=amount[other] * _height(ratio, kernel), minlength=len(spots))
    return found * M2_PER_KM2 / bandwidth_m**2


def _height(ratio: Floats, kernel: Kernel) -> Floats:
    """Height of a kernel of bandwidth 1 by the squared distance in bandwidths."""
    if kernel == "gaussian":
        return np.asarray(np.exp(-ratio / 2) / (2 * np.pi))
    return np.asarray(3 / np.pi * np.maximum(1 - ratio, 0.0) ** 2)


def _blocks(near: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split points so that the pairs of each part fit into the memory."""
    part = (np.cumsum(near) - near) // _BLOCK
    ends = np.flatnonzero(np.diff(part)) + 1
    return [rows for rows in np.split(np.arange(len(near)), ends) if near[rows].any()]


def density_grid(
    place: tuple[ArrayLike, ArrayLike], frame: tuple[float, float, float, float], *, cell_m: float,
    bandwidth_m: float, kernel: Kernel = "gaussian", weights: ArrayLike | None = None,
) -> DensityGrid:  # fmt: skip
    """Give the density on cells: things are binned, then spread by a filter; as quick for a million as for one.

    Args:
        place: east and north of n things, metres.
        frame: west, south, east, north of what is wanted; it is widened to whole cells.
        cell_m: side of a cell.
        bandwidth_m: metres; cells wider than a third of it are warned of.
        kernel: see above; the gaussian filter ends at 4 standard deviations.
        weights: of each thing, None for 1.
    """
    _require(bandwidth_m)
    _require(cell_m)
    west, south, east, north = frame
    shape = (max(1, int(np.ceil((north - south) / cell_m))), max(1, int(np.ceil((east - west) / cell_m))))
    x, y = (np.asarray(one, dtype=float) for one in place)
    binned, outside = _binned(x, y, (west, south, cell_m), shape=shape, weights=weights)
    spread = _gaussian(binned, bandwidth_m / cell_m) if kernel == "gaussian" else _quartic(binned, bandwidth_m / cell_m)
    meta = told(
        "kernel_density", source="Silverman 1986", conventions=[INTENSITY, EDGE],
        warnings=[COARSE if cell_m > bandwidth_m * FINE * (1 + 1e-9) else None],
        kernel=kernel, bandwidth_m=bandwidth_m, cell_m=cell_m, n=len(x),
    )  # fmt: skip
    x, y = (
        low + cell_m * np.arange(0.5, many, dtype=np.float64) for low, many in ((west, shape[1]), (south, shape[0]))
    )
    return DensityGrid(spread * (M2_PER_KM2 / cell_m**2), x, y, cell_m, outside, meta)


def _binned(
    x: Floats, y: Floats, corner: tuple[float, float, float], *, shape: tuple[int, int], weights: ArrayLike | None
) -> tuple[Floats, int]:
    west, south, cell = corner
    column = np.floor((x - west) * (1 / cell))
    row = np.floor((y - south) * (1 / cell))
    inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    amount = None if weights is None else np.asarray(weights, dtype=float)
    if not inside.all():
        column, row = column[inside], row[inside]
        amount = None if amount is None else amount[inside]
    row *= shape[1]
    row += column
    sums = np.bincount(row.astype(np.int64), weights=amount, minlength=shape[0] * shape[1])
    return sums.reshape(shape).astype(np.float64, copy=False), int(len(x) - np.count_nonzero(inside))


def _gaussian(binned: Floats, sigma: float) -> Floats:
    from scipy.ndimage import gaussian_filter1d  # noqa: PLC0415 (heavy)

    spread = binned.astype(np.float32)
    for axis in (0, 1):
        spread = gaussian_filter1d(spread, sigma, axis=axis, mode="constant", truncate=_FILTER_REACH)
    return spread.astype(np.float64)


def _quartic(binned: Floats, radius: float) -> Floats:
    from scipy.signal import oaconvolve  # noqa: PLC0415 (heavy)

    steps = np.arange(-int(np.ceil(radius)), int(np.ceil(radius)) + 1)
    kernel = _height((steps[:, None] ** 2 + steps[None, :] ** 2) / radius**2, "quartic")
    spread = oaconvolve(binned.astype(np.float64), kernel / kernel.sum(), mode="same")
    return np.asarray(np.maximum(spread[: binned.shape[0], : binned.shape[1]], 0.0))


def _columns(place: tuple[ArrayLike, ArrayLike]) -> Floats:
    return np.column_stack([np.asarray(one, dtype=float) for one in place])


def _require(metres: float) -> None:
    if not 0 < metres < np.inf:
        msg = "bandwidth and cell must be above zero metres"
        raise ValueError(msg)
