"""Made-up votes on renewal: what each house of the synthetic community said, some houses not yet asked."""

import geopandas as gpd
import pandas as pd
from numpy.random import Generator

from layers.schema import Buildings

EXCLUSIVE = (0.80, 0.88)
"""Exclusive part of the floor area of a house."""
SEVERAL_FLATS = 0.04
"""Share of the flats whose owner has another one in the house."""
NOT_ASKED = 6
"""Houses without a vote on record, drawn by lot."""
MOODS = ((0.90, 0.92), (0.80, 0.84), (0.72, 0.76), (0.55, 0.70), (0.98, 0.50))
"""Share that votes and share of those in favour: from keen to reluctant, at last divided."""
ODDS = (0.40, 0.28, 0.17, 0.10, 0.05)
SPREAD = 0.03


def with_votes(buildings: gpd.GeoDataFrame, rng: Generator) -> gpd.GeoDataFrame:
    """Give the houses with their votes; numbers of owners are whole, areas have two decimals."""
    rows = [
        _vote(int(house[Buildings.households]), float(house[Buildings.floor_area_m2]), rng)
        for _, house in buildings.iterrows()
    ]
    votes = pd.DataFrame(rows, index=buildings.index)
    silent = rng.choice(votes.index, NOT_ASKED, replace=False)
    votes.loc[
        silent, [Buildings.owners_voted, Buildings.owners_yes, Buildings.area_voted_m2, Buildings.area_yes_m2]
    ] = None
    return buildings.assign(**{str(name): votes[name] for name in votes})


def _vote(flats: int, floor_m2: float, rng: Generator) -> dict[str, float]:
    owners = flats - round(flats * SEVERAL_FLATS)
    area = round(floor_m2 * float(rng.uniform(*EXCLUSIVE)), 2)
    turnout, favour = MOODS[int(rng.choice(len(MOODS), p=ODDS))]
    voted = round(owners * min(1.0, turnout + float(rng.normal(0, SPREAD))))
    yes = round(voted * min(1.0, favour + float(rng.normal(0, SPREAD))))
    per_owner = area / owners
    voted_m2 = round(min(area, voted * per_owner * (1 + float(rng.normal(0, SPREAD / 2)))), 2)
    yes_m2 = round(min(voted_m2, yes * voted_m2 / max(voted, 1) * (1 + float(rng.normal(0, SPREAD / 2)))), 2)
    return {
        Buildings.owners_total: owners,
        Buildings.owners_voted: voted,
        Buildings.owners_yes: yes,
        Buildings.area_total_m2: area,
        Buildings.area_voted_m2: voted_m2,
        Buildings.area_yes_m2: yes_m2,
    }
