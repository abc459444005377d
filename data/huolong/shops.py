"""The 648 shopfronts: stalls of the market and ground floors towards the streets."""

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.random import Generator
from shapely import LineString, Point, Polygon

from data.huolong.plan import WAYS, Plan
from data.huolong.shapes import rounded, sides
from data.huolong.words import SIGNS, STALLS, TRADES
from layers.schema import Facilities

SHOPFRONTS = 648  # all signed the three-point pledge
SHOP_M = 3.1  # width of one front
SHOP_INSIDE_M = 2.0  # from the wall to the shop's point
SHOP_REACH_M = 11.0  # from the edge of a street to a wall with shops
STALL_M = 3.2
SHOPPING = tuple(key for key, way in WAYS.items() if way.kind in ("main", "branch", "lane"))


def facility(
    name: str, kind: str, shape: Point | Polygon, area: float, *, pledge: bool | None = None
) -> dict[str, object]:
    """Give one row of the facilities; a floor area of 0 is unknown."""
    return {
        Facilities.name: name,
        Facilities.kind: kind,
        Facilities.floor_area_m2: area or None,
        Facilities.has_pledge: pledge,
        "geometry": shape,
    }


class Front(NamedTuple):
    """A place for a shop: how far its street is, and where it lies."""

    reach: float
    spot: Point


def shopfronts(plan: Plan, market: Polygon, buildings: gpd.GeoDataFrame, rng: Generator) -> list[dict[str, object]]:
    """Fill the market's stalls, then the walls nearest the streets, until there are 648 shops."""
    stalls = _stalls(market)
    fronts = [front for shape in buildings.geometry for front in _fronts(shape, plan)]
    nearest = sorted(range(len(fronts)), key=lambda k: (round(fronts[k].reach, 2), k))[: SHOPFRONTS - len(stalls)]
    spots = [*stalls, *(fronts[k].spot for k in sorted(nearest))]
    areas = np.round(rng.gamma(4.0, 7.0, len(spots)) + 8, 0)
    names = [_name(k, STALLS if k < len(stalls) else TRADES, rng) for k in range(len(spots))]
    return [
        facility(name, "shopfront", spot, float(area), pledge=True)
        for name, spot, area in zip(names, spots, areas, strict=True)
    ]


def _name(number: int, trades: tuple[str, ...], rng: Generator) -> str:
    return SIGNS[number % len(SIGNS)] + trades[int(rng.integers(0, len(trades)))]


def _stalls(market: Polygon) -> list[Point]:
    west, south, east, north = market.bounds
    inside = market.buffer(-2.0)
    grid = [
        Point(round(float(x), 2), round(float(y), 2))
        for y in np.arange(south, north, 2 * STALL_M)
        for x in np.arange(west, east, STALL_M)
    ]
    return [spot for spot in grid if inside.covers(spot)]


def _fronts(shape: Polygon, plan: Plan) -> Iterator[Front]:
    """Divide the walls of a house that look on a street into shopfronts."""
    for wall in sides(shape):
        for at in np.arange(SHOP_M / 2, wall.length - SHOP_M / 2 + 0.01, SHOP_M):
            spot = _inside(wall, float(at))
            door = wall.interpolate(float(at))
            reach = min(plan.lines[key].distance(door) - WAYS[key].width_m / 2 for key in SHOPPING)
            if reach <= SHOP_REACH_M and _looks_out(wall, plan):
                yield Front(reach, spot)


def _inside(wall: LineString, at: float) -> Point:
    """Give a point inside a house, left of a wall that runs counter-clockwise."""
    (x0, y0), (x1, y1) = wall.coords
    foot = wall.interpolate(at)
    return rounded(
        Point(foot.x - (y1 - y0) / wall.length * SHOP_INSIDE_M, foot.y + (x1 - x0) / wall.length * SHOP_INSIDE_M)
    )


def _looks_out(wall: LineString, plan: Plan) -> bool:
    """Tell whether a wall faces its nearest street rather than a yard."""
    middle, inner = wall.interpolate(0.5, normalized=True), _inside(wall, wall.length / 2)
    near = min(plan.streets.values(), key=lambda line: line.distance(middle))
    return bool(near.distance(inner) > near.distance(middle) + SHOP_INSIDE_M / 2)
