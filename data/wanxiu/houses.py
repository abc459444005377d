"""The five zones that are cleared and the old houses in them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely import Polygon, box
from shapely.affinity import rotate, translate

from data.wanxiu.ground import CRS, Cell, Ground
from layers.schema import Buildings, Projects

CLEAR_DAYS = 100
"""A zone is to be bare ground within so many days."""


class Zone(NamedTuple):
    """A zone round a crossing: its name, first day, and the direction of its rows in degrees."""

    name: str
    node: Cell
    starts: date
    angle: float


ZONES = {
    "WX-Z1": Zone("沿江片区", (1, 1), date(2021, 5, 24), 4.0),
    "WX-Z2": Zone("老码头片区", (4, 1), date(2021, 5, 31), -6.0),
    "WX-Z3": Zone("骑楼片区", (2, 3), date(2021, 6, 7), 2.0),
    "WX-Z4": Zone("机械厂片区", (5, 3), date(2021, 6, 14), -3.0),
    "WX-Z5": Zone("北山片区", (3, 4), date(2021, 6, 21), 7.0),
}
ZONE_M = (385.0, 305.0)
HOUSE_M, ROW_M, GAP_M, KERB_M = (34.0, 11.0), 27.0, 8.0, 9.0
HOUSEHOLDS = 10_436
"""Households on the register; the published report does not say how many there are."""
STOREYS, UNITS, FLAT_M2 = (3, 7), (1, 4), (46.0, 78.0)
YEARS = (1958, 1994)
OLD_UNTIL = 1970


def deadline(zone: Zone) -> date:
    """Give the last day of a zone, the first one counted."""
    return zone.starts + timedelta(days=CLEAR_DAYS - 1)


def zones_table(ground: Ground) -> gpd.GeoDataFrame:
    """Give the zones as projects with their first and last day."""
    rows = [
        {
            Projects.name: f"{zone.name}（合成）",
            Projects.status: "working",
            Projects.starts_at: pd.Timestamp(zone.starts),
            Projects.ends_at: pd.Timestamp(deadline(zone)),
            Projects.cost_yuan: float("nan"),
            "geometry": _zone_shape(zone, ground),
        }
        for zone in ZONES.values()
    ]
    index = pd.Index(list(ZONES), name=Projects.project_id)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS, index=index)


def _zone_shape(zone: Zone, ground: Ground) -> Polygon:
    x, y = ground.nodes[zone.node]
    wide, high = ZONE_M
    shape = rotate(box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), zone.angle, origin=(x, y))
    return shapely.set_precision(shape, 0.1)


def houses_table(ground: Ground, rng: Generator) -> gpd.GeoDataFrame:
    """Give the houses with their zone as a working column; their flats add up to the households of the register."""
    roads = shapely.union_all(list(ground.edges.values())).buffer(KERB_M)
    rows = [
        _house(shape, key, rng)
        for key, zone in ZONES.items()
        for shape in _slabs(zone, _zone_shape(zone, ground), roads, ground)
    ]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"WX-B{at:03d}" for at in range(1, len(table) + 1)], name=Buildings.building_id)
    flats = _adjusted(table[Buildings.households].to_numpy(dtype=int))
    number = table.groupby("zone").cumcount() + 1
    names = [f"{ZONES[zone].name}{at}栋" for zone, at in zip(table["zone"], number, strict=True)]
    floor = np.round(flats * rng.uniform(*FLAT_M2, len(table)), 1)
    return table.assign(**{Buildings.households: flats, Buildings.name: names, Buildings.floor_area_m2: floor})


def _slabs(zone: Zone, shape: Polygon, roads: shapely.Geometry, ground: Ground) -> Iterator[Polygon]:
    """Lay rows of slabs in a zone, clear of its streets."""
    x, y = ground.nodes[zone.node]
    (long, deep), (wide, high) = HOUSE_M, ZONE_M
    for row in range(int(high // ROW_M)):
        for column in range(int(wide // (long + GAP_M))):
            plain = translate(
                box(0, 0, long, deep), x - wide / 2 + 6 + column * (long + GAP_M), y - high / 2 + 8 + row * ROW_M
            )
            slab = shapely.set_precision(rotate(plain, zone.angle, origin=(x, y)), 0.1)
            if shape.covers(slab) and not roads.intersects(slab):
                yield slab


def _house(shape: Polygon, zone: str, rng: Generator) -> dict[str, object]:
    storeys, units = int(rng.integers(*STOREYS)), int(rng.integers(*UNITS)) + 1
    year = int(rng.integers(*YEARS))
    return {
        "zone": zone,
        Buildings.use: "residential",
        Buildings.built_year: year,
        Buildings.storeys: float(storeys),
        Buildings.stair_units: units,
        Buildings.households: 2 * storeys * units,
        Buildings.structure: "brick_wood" if year <= OLD_UNTIL and storeys <= STOREYS[0] else "brick_concrete",
        Buildings.has_elevator: False,
        "geometry": shape,
    }


def _adjusted(flats: np.ndarray) -> np.ndarray:
    """Spread what is missing to the register evenly over the houses, one flat at a time."""
    share: np.ndarray = np.floor(flats * HOUSEHOLDS / flats.sum()).astype(int)
    rest = HOUSEHOLDS - int(share.sum())
    share[np.linspace(0, len(share) - 1, rest).astype(int)] += 1
    if share.sum() != HOUSEHOLDS:
        share[-1] += HOUSEHOLDS - int(share.sum())
    return share
