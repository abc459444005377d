"""Floating catchments: how much supply each place has when all who reach it share it.

The two steps of Luo and Wang (2003). First each facility divides what it has by the demand that reaches it, weighted
by distance; then each place adds up the shares of the facilities that it reaches, with the same weights. The methods
differ in the weights only: all alike within one radius, steps (Luo and Qi 2009), the Gaussian curve of Dai (2010), or
a power of the distance (Joseph and Bantock 1982). Sum of demand times access is the supply that reaches anyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.supply.reach import SLACK_M, Reach, Within, amounts, within

Floats = NDArray[np.float64]
MOST_BANDS = 100
_BLOCK = 16_384
"""Pairs added up at a time: amounts of so many stay in fast memory, those of all would be new pages in each step."""


class Band(NamedTuple):
    """A step of the enhanced method: the weight of what lies up to ``limit_m`` metres, the limit included."""

    limit_m: float
    weight: float


@dataclass(frozen=True)
class Access:
    """What each place has.

    ``access`` is supply for one unit of demand, shape (places,): 0 where nothing is reached. ``ratio`` is what one unit
    of weighted demand gets at each facility, shape (facilities,), NaN for those left out: ``reaches_nobody`` marks
    those without any demand in reach, ``unknown`` those whose supply is not known. ``meta`` holds method, parameters,
    conventions, and ``mass``: demand times access against the supply that reaches anyone.
    """

    access: Floats = field(repr=False)
    ratio: Floats = field(repr=False)
    reaches_nobody: NDArray[np.bool_] = field(repr=False)
    unknown: NDArray[np.bool_] = field(repr=False)
    meta: Mapping[str, object]


def two_step(pairs: Reach, supply: ArrayLike, demand: ArrayLike, *, radius_m: float) -> Access:
    """Two-step floating catchment: everybody within the radius shares alike (Luo and Wang 2003).

    Args:
        pairs: who reaches what; at least all pairs up to the radius, each once.
        supply: what each facility has, any unit, shape (m,); NaN is unknown and left out.
        demand: who wants it at each place, any unit, shape (n,); NaN is unknown and does not compete.
        radius_m: catchment, metres, included.

    Raises:
        ValueError: an amount is negative, or the radius is not above 0.
    """
    _positive(radius_m=radius_m)
    meta = {"method": "two_step", "radius_m": radius_m}
    near = within(pairs, radius_m)
    return _shared(near, supply, demand, weight=None, meta=meta)


def enhanced(pairs: Reach, supply: ArrayLike, demand: ArrayLike, *, bands: Sequence[Band]) -> Access:
    """Enhanced floating catchment: weights fall in steps (Luo and Qi 2009).

    Args:
        pairs: who reaches what; at least all pairs up to the last band, each once.
        supply: as for ``two_step``.
        demand: as for ``two_step``.
        bands: steps in rising order, limits included. There is no default: the weights decide the result, so they
            are chosen and printed (Luo and Qi: 1, 0.68, 0.22 for a slow fall; 1, 0.42, 0.09 for a quick one).

    Raises:
        ValueError: an amount is negative; no bands, limits that do not rise, weights that are not above 0.
    """
    limits, weights = (np.array([band[at] for band in bands], dtype=float) for at in (0, 1))
    if not len(limits) or (np.diff(limits, prepend=0.0) <= 0).any() or (weights <= 0).any() or len(limits) > MOST_BANDS:
        msg = f"bands need rising limits and weights above 0, at most {MOST_BANDS}"
        raise ValueError(msg)
    near = within(pairs, float(limits[-1]))
    step = np.zeros(len(near.place), dtype=np.uint8)
    for limit in limits[:-1]:
        step += near.distance_m > limit + SLACK_M
    weight = weights.take(step)
    meta = {"method": "enhanced", "bands": tuple((float(b[0]), float(b[1])) for b in bands)}
    return _shared(near, supply, demand, weight=weight, meta=meta)


def gaussian(pairs: Reach, supply: ArrayLike, demand: ArrayLike, *, radius_m: float) -> Access:
    """Gaussian floating catchment: weights fall from 1 to 0 at the radius (Dai 2010).

    The weight is (exp(-d²/2r²) - exp(-1/2)) / (1 - exp(-1/2)).

    Args:
        pairs: who reaches what; at least all pairs up to the radius, each once.
        supply: as for ``two_step``.
        demand: as for ``two_step``.
        radius_m: distance at which the weight is 0, metres.

    Raises:
        ValueError: an amount is negative, or the radius is not above 0.
    """
    _positive(radius_m=radius_m)
    near, end = within(pairs, radius_m), np.exp(-0.5)
    weight = (np.exp(-0.5 * (near.distance_m / radius_m) ** 2) - end) / (1 - end)
    meta = {"method": "gaussian", "radius_m": radius_m, "weight": "(exp(-d^2/2r^2)-exp(-1/2))/(1-exp(-1/2))"}
    return _shared(near, supply, demand, weight=weight, meta=meta)


def gravity(
    pairs: Reach, supply: ArrayLike, demand: ArrayLike, *, radius_m: float, exponent: float, least_m: float
) -> Access:
    """Gravity form of the floating catchment: weights fall with a power of the distance, cut at a radius.

    Args:
        pairs: who reaches what; at least all pairs up to the radius, each once.
        supply: as for ``two_step``.
        demand: as for ``two_step``.
        radius_m: farthest that counts, metres, included.
        exponent: the weight is distance to the power of minus this.
        least_m: nearer than this counts as this, metres: at distance 0 a power would be infinite.

    Raises:
        ValueError: an amount is negative, or a parameter is not above 0.
    """
    _positive(radius_m=radius_m, exponent=exponent, least_m=least_m)
    near = within(pairs, radius_m)
    weight = np.maximum(near.distance_m, least_m) ** -exponent
    meta = {"method": "gravity", "radius_m": radius_m, "exponent": exponent, "least_m": least_m}
    return _shared(near, supply, demand, weight=weight, meta=meta)


def _positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not value > 0:
            msg = f"{name} must be above 0"
            raise ValueError(msg)


def _shared(
    near: Within, supply: ArrayLike, demand: ArrayLike, *, weight: Floats | None, meta: Mapping[str, object]
) -> Access:
    """Take the two steps over sparse pairs with their weights; None for weights that are all 1."""
    have, want = amounts(supply, "supply"), amounts(demand, "demand")
    competing = np.where(np.isnan(want), 0.0, want)
    asked = _gathered(near.facility, len(have), competing, near.place, weight=weight)
    unknown = np.isnan(have)
    shares = (asked > 0) & ~unknown
    ratio = np.full(len(have), np.nan)
    ratio[shares] = have[shares] / asked[shares]
    access = _gathered(near.place, len(want), np.where(shares, ratio, 0.0), near.facility, weight=weight)
    # No dot product: BLAS would wake its threads for it, which costs more than both steps and depends on their number.
    reaching, counted = float(have[shares].sum()), float((competing * access).sum())
    conventions = {
        "distance": "from home to facility, limits included, to 1e-6 m",
        "pairs": len(near.place),
        "unreached": "places that reach nothing have 0",
        "places_unreached": int((access == 0).sum()),
        "demand_unknown": int(np.isnan(want).sum()),
        "facilities_left_out": int((~shares).sum()),
        "supply_left_out": float(np.nansum(have[~shares])),
        "mass": {"demand_times_access": counted, "supply_that_reaches_anyone": reaching},
        "seed": None,
    }
    return Access(access, ratio, ~shares & ~unknown, unknown, {**meta, **conventions})


def _gathered(
    at: NDArray[np.int64], size: int, amounts: Floats, whose: NDArray[np.int64], *, weight: Floats | None
) -> Floats:
    """Add up for each row of ``at`` what the other side of its pairs has, in the order of the pairs."""
    total = np.zeros(size)
    for start in range(0, len(at), _BLOCK):
        part = slice(start, start + _BLOCK)
        each = amounts.take(whose[part])
        np.add.at(total, at[part], each if weight is None else weight[part] * each)
    return total
