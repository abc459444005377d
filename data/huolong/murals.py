"""The 38 murals, 1,500 m2 together, each on a wall of a house."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator
from shapely import LineString

from data.huolong.plan import CRS, Plan
from data.huolong.shapes import sides
from data.huolong.words import THEMES
from layers.schema import Murals

MURALS = 38
MURALS_HALF_M2 = 3_000  # 1,500 m2 in half square metres, so that the sum is exact
PAINTABLE_M = 8.0  # length of the shortest wall


class Wall(NamedTuple):
    """A wall of a house: how far the streets of the murals are, whose it is, its number, its line."""

    reach: float
    building_id: str
    number: int
    line: LineString


def murals_table(plan: Plan, buildings: gpd.GeoDataFrame, rng: Generator) -> gpd.GeoDataFrame:
    """Give 38 murals of exactly 1,500 m2, in the middle of the walls nearest the lane and the main road."""
    nearest = sorted(_walls(plan, buildings), key=lambda wall: (round(wall.reach, 2), *wall[1:3]))[:MURALS]
    chosen = sorted(nearest, key=lambda wall: wall[1:3])
    weights = rng.uniform(0.6, 1.5, MURALS)
    halves = np.floor(weights / weights.sum() * MURALS_HALF_M2).astype(int)
    halves[: MURALS_HALF_M2 - halves.sum()] += 1
    titles = [(title, theme) for theme, names in THEMES.items() for title in names]
    return gpd.GeoDataFrame(
        {
            Murals.name: [title for title, _ in titles],
            Murals.area_m2: halves / 2,
            Murals.painted_year: 2021,
            Murals.building_id: [wall.building_id for wall in chosen],
            Murals.theme: [theme for _, theme in titles],
        },
        geometry=[wall.line.interpolate(0.5, normalized=True) for wall in chosen],
        crs=CRS,
        index=pd.Index([f"HL-M{i:02d}" for i in range(1, MURALS + 1)], name=Murals.mural_id),
    )


def _walls(plan: Plan, buildings: gpd.GeoDataFrame) -> list[Wall]:
    streets = plan.lines["back"].union(plan.lines["main"])
    return [
        Wall(wall.distance(streets), str(building_id), number, wall)
        for building_id, shape in buildings.geometry.items()
        for number, wall in enumerate(sides(shape))
        if wall.length > PAINTABLE_M
    ]
