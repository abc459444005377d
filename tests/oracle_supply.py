"""Adapters of the known answers about supply and demand: ``METHODS`` by the name of the method."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.supply.balance import balance
from geo.supply.catchment import Access, Band, enhanced, gaussian, gravity, two_step
from geo.supply.equity import gini, theil
from geo.supply.reach import pairs_of_matrix
from reports.service.parking import bays_wanted

Answer = dict[str, Any]
BELOW_61 = 60
"""Costs of the gravity examples are whole minutes, and they count below 61."""


def two_step_fca(given: Answer, _folder: Path) -> Answer:
    pairs, supply, demand = _given(given)
    steps = [Band(one["max_cost"], one["weight"]) for one in given["weight_steps"]]
    found = enhanced(pairs, supply, demand, bands=steps)
    if len(steps) == 1:
        plain = two_step(pairs, supply, demand, radius_m=steps[0].limit_m)
        np.testing.assert_allclose(plain.access, found.access)
    mass = found.meta["mass"]
    assert isinstance(mass, dict)
    check = {
        "sum_demand_times_access": mass["demand_times_access"],
        "sum_supply_with_demand": mass["supply_that_reaches_anyone"],
    }
    return {**_both(found), "total_check": check}


def two_step_fca_gaussian(given: Answer, _folder: Path) -> Answer:
    return _both(gaussian(*_given(given), radius_m=given["d0"]))


def two_step_fca_gravity(given: Answer, _folder: Path) -> Answer:
    return _both(gravity(*_given(given), radius_m=BELOW_61, exponent=1, least_m=1))


def _given(given: Answer) -> Any:
    return pairs_of_matrix(given["cost"]), given["supply"], given["demand"]


def _both(found: Access) -> Answer:
    return {"supply_ratio": found.ratio.tolist(), "accessibility": found.access.tolist()}


def parking_balance(given: Answer, _folder: Path) -> Answer:
    rows = pd.DataFrame(given["rows"])
    demand = bays_wanted(
        rows["households"], bays_per_household=rows["spaces_per_household"], visitor_share=rows["visitor_share"]
    )
    found = balance(demand, rows["offstreet"] + rows["marked_street"])
    figures = zip(rows["grid"], found.demand, found.supply, found.gap, strict=True)
    return {
        "rows": [{"grid": a, "demand": b, "supply": c, "gap": d} for a, b, c, d in figures],
        "total_gap_positive": found.total_missing,
        "ratio": [None if np.isnan(one) else float(one) for one in found.ratio],
    }


def gini_theil(given: Answer, _folder: Path) -> Answer:
    have = given["x"]
    one = gini(have)
    return {"gini": one, "gini_unbiased": one * len(have) / (len(have) - 1), "theil_T": theil(have)}


METHODS: dict[str, Callable[[Answer, Path], Answer]] = {
    "two_step_fca": two_step_fca,
    "two_step_fca_gaussian": two_step_fca_gaussian,
    "two_step_fca_gravity": two_step_fca_gravity,
    "parking_balance": parking_balance,
    "gini_theil": gini_theil,
}
