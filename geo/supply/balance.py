"""Demand beside supply of the same area: gap, share that is met, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.supply.reach import amounts


@dataclass(frozen=True)
class Balance:
    """Demand and supply of areas.

    ``gap`` is demand less supply (negative: to spare); ``ratio`` supply by demand, NaN (undefined, not infinite) where
    nobody wants anything; ``missing`` the gap where it is above 0. NaN wherever demand or supply is unknown, except
    that nothing is missing where there is no demand.
    """

    demand: NDArray[np.float64] = field(repr=False)
    supply: NDArray[np.float64] = field(repr=False)
    gap: NDArray[np.float64] = field(repr=False)
    ratio: NDArray[np.float64] = field(repr=False)
    missing: NDArray[np.float64] = field(repr=False)
    meta: Mapping[str, object]

    @property
    def total_missing(self) -> float:
        """Sum of what is missing; what one area has to spare does not make up for another."""
        return float(np.nansum(self.missing))


def balance(demand: ArrayLike, supply: ArrayLike) -> Balance:
    """Hold supply against demand, area by area.

    Args:
        demand: what is wanted in each area, any unit, shape (n,); NaN is unknown.
        supply: what there is, in the same unit, shape (n,); NaN is unknown.

    Raises:
        ValueError: an amount is negative or infinite, or the shapes differ.
    """
    want, have = amounts(demand, "demand"), amounts(supply, "supply")
    if want.shape != have.shape:
        msg = "demand and supply need one row an area"
        raise ValueError(msg)
    gap = want - have
    ratio = np.full(want.shape, np.nan)
    np.divide(have, want, out=ratio, where=want > 0)
    missing = np.where(want == 0, 0.0, np.maximum(gap, 0.0))
    meta = {
        "method": "balance",
        "gap": "demand less supply",
        "no_demand": "the share that is met is undefined, nothing is missing",
        "unknown": int(np.isnan(gap).sum()),
        "seed": None,
    }
    return Balance(want, have, gap, ratio, missing, meta)
