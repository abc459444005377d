"""The table of the 54 houses, the housing estates, and the sums that grids take from them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from data.huolong.houses import COURTS, Court, Slab
from data.huolong.plan import CRS, Plan
from data.huolong.shapes import reading_order
from layers.schema import Buildings, Grids, HousingEstates

ELEVATOR_FROM = 9  # storeys
SURVEYED = {"D": 1, "C": 4, "B": 6, "A": 4}  # oldest first; the other houses were not surveyed
BRICK_AND_WOOD = 2  # the oldest houses
OLD_FLATS_UNTIL = 1982  # three small flats on a landing until then, two later
PEOPLE_PER_HOUSEHOLD = (2.45, 2.85)
COUNTED = (Grids.households, Grids.residents, Grids.elderly_residents)


def buildings_table(slabs: list[Slab], rng: Generator) -> gpd.GeoDataFrame:
    """Give the houses in reading order of the grids, with grid_id and court as working columns."""
    rows = [_house(slab, number, rng) for slab, number in _in_order(slabs)]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"HL-B{i:02d}" for i in range(1, len(table) + 1)], name=Buildings.building_id)
    return _surveyed(table)


def _in_order(slabs: list[Slab]) -> list[tuple[Slab, int]]:
    ordered = []
    for grid_id in COURTS:
        here = [s for s in slabs if s.grid_id == grid_id]
        order = reading_order([s.outline.centroid for s in here], band=9.0)
        ordered += [(here[k], number) for number, k in enumerate(order, start=1)]
    return ordered


def _house(slab: Slab, number: int, rng: Generator) -> dict[str, object]:
    court = COURTS[slab.grid_id]
    year = int(rng.integers(court.years[0], court.years[1] + 1))
    storeys = _storeys(court, year)
    flats = 3 if year <= OLD_FLATS_UNTIL else 2
    households = slab.units * flats * (storeys - slab.on_street)  # shops take the ground floor
    residents = round(households * float(rng.uniform(*PEOPLE_PER_HOUSEHOLD)))
    age = (2005 - year) / 30  # old houses have old residents
    return {
        Buildings.name: f"{court.estate}{number}栋",
        Buildings.use: "mixed" if slab.on_street else "residential",
        Buildings.built_year: year,
        Buildings.storeys: float(storeys),
        Buildings.stair_units: slab.units,
        Buildings.households: households,
        Buildings.residents: residents,
        Buildings.elderly_residents: round(residents * (0.12 + 0.16 * age + float(rng.uniform(-0.02, 0.03)))),
        Buildings.floor_area_m2: round(slab.outline.area * storeys * float(rng.uniform(0.985, 1.015)), 1),
        Buildings.structure: "brick_concrete" if storeys < ELEVATOR_FROM else "frame",
        Buildings.hazard_grade: None,
        Buildings.has_elevator: storeys >= ELEVATOR_FROM,
        "grid_id": slab.grid_id,
        "angle": slab.angle,
        "geometry": slab.outline,
    }


def _storeys(court: Court, year: int) -> int:
    """The later in a court's years, the higher."""
    (first, last), (low, high) = court.years, court.storeys
    return low + round((high - low) * (year - first) / max(1, last - first))


def _surveyed(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Grade the oldest houses; the two oldest are of brick and wood."""
    oldest = table.sort_values([Buildings.built_year, Buildings.storeys], kind="stable").index
    grades = [grade for grade, many in SURVEYED.items() for _ in range(many)]
    graded = pd.Series(grades, index=oldest[: len(grades)]).reindex(table.index)
    wooden = table.index.isin(oldest[:BRICK_AND_WOOD])
    return table.assign(
        hazard_grade=graded.astype("str"), structure=table[Buildings.structure].mask(wooden, "brick_wood")
    )


def estates_table(buildings: gpd.GeoDataFrame, lots: dict[str, BaseGeometry]) -> gpd.GeoDataFrame:
    """Give one housing estate a court: the yard round its houses, without streets and plots."""
    rows: list[dict[str, object]] = []
    for grid_id, houses in buildings.groupby("grid_id", sort=True):
        yard = shapely.union_all(houses.geometry.to_numpy()).convex_hull.buffer(4.0).intersection(lots[str(grid_id)])
        rows.append(
            {
                HousingEstates.estate_id: f"HL-E{len(rows) + 1:02d}",
                HousingEstates.name: COURTS[str(grid_id)].estate,
                HousingEstates.built_year: int(houses[Buildings.built_year].min()),
                HousingEstates.households: int(houses[Buildings.households].sum()),
                HousingEstates.property_mode: COURTS[str(grid_id)].management,
                "geometry": yard,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).set_index(HousingEstates.estate_id)


def grids_table(plan: Plan, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the 6 large and 17 small grids with households and residents summed from the houses."""
    small = buildings.groupby("grid_id")[list(COUNTED)].sum().reindex(list(plan.small), fill_value=0)
    large = small.groupby(plan.parent).sum()
    counts = pd.concat([large, small])
    faces = {**plan.large, **plan.small}
    rows = [_grid(grid_id, plan, faces[grid_id]) for grid_id in counts.index]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS, index=pd.Index(counts.index, name=Grids.grid_id))
    return table.join(counts).sort_index()


def _grid(grid_id: str, plan: Plan, face: BaseGeometry) -> dict[str, object]:
    is_large = grid_id in plan.large
    large, _, small = grid_id.removeprefix("HL-").partition("-")
    name = f"第{int(large)}大网格" if is_large else f"第{int(large)}-{int(small)}小网格（{COURTS[grid_id].estate}）"
    return {
        Grids.name: name,
        Grids.parent_id: None if is_large else plan.parent(grid_id),
        Grids.level: 1 if is_large else 2,
        Grids.kind: "大网格" if is_large else "小网格",
        Grids.residents_qualifier: "eq",
        Grids.stated_area_m2: float(np.round(face.area, 0)),
        "geometry": face,
    }
