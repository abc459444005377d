"""What stands and lies along the streets and in the yards: street lines, parking, grounds, lamps, drains."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data.huolong.plan import CRS, WAYS, Plan
from data.huolong.shapes import Pair, beside, first_fit, heading, rectangle
from layers.schema import Drains, Lights, Parking, Parks, Streets


class Furnishing(NamedTuple):
    """How a kind of street is equipped."""

    lamp_every_m: float
    lamp: str
    owner: str
    drain_mm: float
    laid: tuple[int, int]


KINDS: dict[str, Furnishing] = {
    "main": Furnishing(26.0, "LED 双臂路灯", "市路灯管理所", 800.0, (2004, 2006)),
    "branch": Furnishing(32.0, "LED 单臂路灯", "市路灯管理所", 500.0, (1992, 1998)),
    "lane": Furnishing(42.0, "庭院灯", "社区", 300.0, (1979, 1990)),
    "path": Furnishing(40.0, "壁灯", "原单位移交", 300.0, (1978, 1988)),
}
OUT_OF_ORDER = {"west": 0.3, "east": 0.08}  # share of lamps
MANHOLE_EVERY_M = 32.0
DRAIN_OFFSET_M = 1.2
BAY_M = (2.5, 5.3)  # across and along
STREET_BAY_M = (2.2, 6.0)
STREET_BAYS = 6  # in one strip
STRIP_EVERY_M = 62.0
PARKED_STREETS = ("main", "north", "east", "upper", "lower", "e_cross")
SQUARE_BAYS = 40
LOT_BAYS = (14, 11, 8)  # tried in this order


def streets_table(plan: Plan) -> gpd.GeoDataFrame:
    """Give the streets and the railway; only the railway may not be walked."""
    keys = list(WAYS)
    return gpd.GeoDataFrame(
        {
            Streets.name: [WAYS[key].name for key in keys],
            Streets.kind: [WAYS[key].kind for key in keys],
            Streets.width_m: [WAYS[key].width_m for key in keys],
            Streets.walkable: [WAYS[key].kind != "railway" for key in keys],
        },
        geometry=[plan.lines[key] for key in keys],
        crs=CRS,
        index=pd.Index([street_id(key) for key in keys], name=Streets.street_id),
    )


def street_id(key: str) -> str:
    """Give the id of a street by its key in ``WAYS``."""
    return f"HL-S{list(WAYS).index(key) + 1:02d}"


def parking_table(
    plan: Plan, yards: dict[str, BaseGeometry], square: Polygon, angles: dict[str, float]
) -> gpd.GeoDataFrame:
    """Give bays on the street, in the yards and on the square; fewer than there are households.

    Args:
        plan: the ground plan.
        yards: free ground of each small grid.
        square: the square that holds some bays.
        angles: direction of the rows of houses in each small grid, degrees.
    """
    rows = [
        _lot("活龙实践广场停车区", "surface", SQUARE_BAYS, _square_lot(square)),
        *(_lot(f"{name}路内泊位", "street", STREET_BAYS, shape) for name, shape in _strips(plan)),
        *(_lot("院内停车场", "surface", bays, shape) for bays, shape in _yard_lots(yards, angles)),
    ]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"HL-P{i:02d}" for i in range(1, len(table) + 1)], name=Parking.parking_id)
    return table


def _lot(name: str, kind: str, bays: int, shape: Polygon) -> dict[str, object]:
    is_large = bays == SQUARE_BAYS
    return {
        Parking.name: name,
        Parking.kind: kind,
        Parking.bays: bays,
        Parking.accessible_bays: 2 if is_large else 0,
        Parking.charging_bays: 6 if is_large else 0,
        Parking.open_to_public: kind == "street" or is_large,
        "geometry": shape,
    }


def _square_lot(square: Polygon) -> Polygon:
    """Two rows of bays with an aisle along the west side of the square."""
    west, south, _, north = square.bounds
    centre = (west + 9.5, (south + north) / 2)
    return rectangle(centre, SQUARE_BAYS / 2 * BAY_M[0], 15.6, 90.0)


def _strips(plan: Plan) -> Iterator[tuple[str, Polygon]]:
    across, along = STREET_BAY_M
    length = STREET_BAYS * along
    for key in PARKED_STREETS:
        line, width = plan.lines[key], WAYS[key].width_m
        crossing = [other.buffer(WAYS[k].width_m / 2 + 4) for k, other in plan.streets.items() if k != key]
        corners = shapely.union_all(crossing)
        sides = (1, -1) if key == "main" else (1,) if key == "upper" else (-1,)
        for side in sides:
            for at in np.arange(length, line.length - length, STRIP_EVERY_M):
                centre = beside(line, float(at), side * (width / 2 + across / 2 - 0.8))
                strip = rectangle((centre.x, centre.y), length, across, heading(line, float(at)))
                if strip.disjoint(corners):
                    yield WAYS[key].name, strip


def _yard_lots(yards: dict[str, BaseGeometry], angles: dict[str, float]) -> Iterator[tuple[int, Polygon]]:
    for grid_id, yard in yards.items():
        free = yard
        for _ in range(3):
            found = _one_lot(free, angles[grid_id])
            if found is None:
                break
            free = free.difference(found[1].buffer(6.0))
            yield found


def _one_lot(free: BaseGeometry, angle: float) -> tuple[int, Polygon] | None:
    for bays in LOT_BAYS:
        lot = first_fit(free, bays * BAY_M[0], BAY_M[1], angle)
        if lot is not None:
            return bays, lot
    return None


GROUND_SIZES: tuple[Pair, ...] = ((20.0, 12.0), (15.0, 11.0), (12.0, 8.0))
GROUNDS = ("HL-01-02", "HL-02-01", "HL-02-02", "HL-03-01", "HL-04-01", "HL-05-03", "HL-06-02")


def parks_table(land: dict[str, Polygon], yards: dict[str, BaseGeometry], angles: dict[str, float]) -> gpd.GeoDataFrame:
    """Give the pocket park, the square and the small grounds in the yards."""
    rows: list[tuple[str, str, Polygon, float | None, int | None]] = [
        ("铁路印象小游园", "口袋公园", land["park"], round(land["park"].area, 2), 2021),
        ("活龙实践广场", "广场", land["square"], round(land["square"].area, 2), 2021),
        ("文化新村活动场地", "活动场地", land["ground"], None, 2012),
    ]
    for i, grid_id in enumerate(GROUNDS):
        fits = (first_fit(yards[grid_id], *size, angles[grid_id], step=3.0) for size in GROUND_SIZES)
        shape = next((fit for fit in fits if fit is not None), None)
        if shape is not None:
            rows.append(
                ("院落活动场地" if i % 2 else "院落健身点", "活动场地" if i % 2 else "健身点", shape, None, 2008 + i)
            )
    table = gpd.GeoDataFrame(
        rows,
        columns=[Parks.name, Parks.kind, "geometry", Parks.stated_area_m2, Parks.last_renovated_year],
        geometry="geometry",
        crs=CRS,
        index=pd.Index([f"HL-G{i:02d}" for i in range(1, len(rows) + 1)], name=Parks.park_id),
    )
    return table.assign(**{Parks.open_to_public: True})


def lights_table(plan: Plan, rng: Generator) -> gpd.GeoDataFrame:
    """Give the lamps, on alternating sides; in the west more of them are out of order."""
    rows = [row for key, line in plan.streets.items() for row in _lamps(key, line, plan, rng)]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"HL-L{i:03d}" for i in range(1, len(table) + 1)], name=Lights.light_id)
    return table


def _lamps(key: str, line: LineString, plan: Plan, rng: Generator) -> Iterator[dict[str, object]]:
    kind = KINDS[WAYS[key].kind]
    others = shapely.union_all([o.buffer(WAYS[k].width_m / 2) for k, o in plan.streets.items() if k != key])
    for i, at in enumerate(np.arange(kind.lamp_every_m / 2, line.length, kind.lamp_every_m)):
        spot = beside(line, float(at), (1 if i % 2 else -1) * (WAYS[key].width_m / 2 + 0.4))
        side = "west" if spot.x < plan.outline.centroid.x - 60 else "east"
        works = bool(rng.random() >= OUT_OF_ORDER[side])
        if plan.outline.contains(spot) and not others.covers(spot):
            yield {Lights.kind: kind.lamp, Lights.owner: kind.owner, Lights.works: works, "geometry": spot}


def drains_table(plan: Plan, rng: Generator) -> gpd.GeoDataFrame:
    """Give manholes along each street but the paths, and the pipes between them."""
    rows: list[dict[str, object]] = []
    for key, line in plan.streets.items():
        way, kind = WAYS[key], KINDS[WAYS[key].kind]
        if way.kind == "path":
            continue
        year = int(rng.integers(kind.laid[0], kind.laid[1] + 1))
        spots = [beside(line, float(at), DRAIN_OFFSET_M) for at in np.arange(6.0, line.length - 4, MANHOLE_EVERY_M)]
        pipes = [LineString([a, b]) for a, b in pairwise(spots)]
        rows += [_drain("manhole", None, year, spot) for spot in spots]
        rows += [_drain("pipe", kind.drain_mm, year, pipe) for pipe in pipes]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"HL-D{i:03d}" for i in range(1, len(table) + 1)], name=Drains.drain_id)
    return table


def _drain(kind: str, diameter: float | None, year: int, shape: Point | LineString) -> dict[str, object]:
    return {Drains.kind: kind, Drains.diameter_mm: diameter, Drains.laid_year: year, "geometry": shape}
