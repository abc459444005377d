"""Where the 54 houses stand: slabs along the streets, then rows that face south in the courts."""

from collections import Counter
from typing import NamedTuple

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon, box
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry

from data.huolong.land import KERB_M
from data.huolong.plan import WAYS, Plan
from data.huolong.shapes import beside, heading, rectangle, rounded


class Court(NamedTuple):
    """How the houses of a small grid were built."""

    estate: str
    angle: float  # of the rows, degrees from east
    years: tuple[int, int]
    storeys: tuple[int, int]
    depth_m: float
    unit_m: float  # length of one stair unit
    gap_m: float  # between rows
    fronts: tuple[tuple[str, int], ...] = ()  # streets lined with houses: key, side (1 left, -1 right)
    management: str = "none"


COURTS: dict[str, Court] = {
    "HL-01-01": Court("铁路一村", 3.0, (1975, 1982), (3, 5), 11.0, 13.2, 15.0, (("north", -1),)),
    "HL-01-02": Court("粮食局家属院", 2.0, (1984, 1990), (5, 6), 11.8, 14.0, 17.0, (("main", -1),)),
    "HL-01-03": Court("粮站宿舍", -2.0, (1982, 1988), (4, 6), 11.4, 13.6, 15.0, (("main", -1),)),
    "HL-02-01": Court("建材新村", -4.0, (1988, 1996), (6, 7), 12.2, 14.4, 18.0, (("main", 1),), management="half"),
    "HL-02-02": Court("教师新村", -3.0, (1994, 1999), (6, 7), 12.8, 15.0, 19.0, (("east", -1),), management="company"),
    "HL-02-03": Court("育才小区", 2.0, (1992, 1998), (6, 7), 12.6, 14.8, 18.0, (("east", -1),), management="half"),
    "HL-03-01": Court("铁路二村", 5.0, (1976, 1984), (3, 5), 10.8, 13.0, 15.0),
    "HL-03-02": Court("纺织厂宿舍", 3.0, (1979, 1986), (4, 6), 11.2, 13.4, 15.0, (("main", -1),)),
    "HL-03-03": Court("纺织新村", 1.0, (1985, 1992), (5, 6), 11.8, 14.0, 16.0, (("main", -1),), management="self"),
    "HL-04-01": Court("商业局院", -8.0, (1986, 1993), (6, 6), 12.0, 14.2, 17.0, (("main", 1),), management="self"),
    "HL-04-02": Court("供销社院", 3.0, (1990, 1997), (6, 7), 12.2, 14.4, 18.0),
    "HL-04-03": Court("百货公司宿舍", -2.0, (1987, 1995), (6, 7), 12.2, 14.2, 17.0, (("main", 1),), management="half"),
    "HL-05-01": Court("机务段宿舍", 6.0, (1975, 1981), (2, 5), 10.4, 12.4, 14.0),
    "HL-05-02": Court("建筑公司院", 2.0, (1981, 1988), (5, 6), 11.6, 13.6, 15.0, (("main", -1),)),
    "HL-05-03": Court("铁路俱乐部院", -2.0, (1980, 1987), (4, 6), 11.4, 13.6, 15.0, (("main", -1),)),
    "HL-06-01": Court("文化新村", -3.0, (1995, 2001), (6, 7), 12.8, 15.0, 19.0, (("main", 1),), management="company"),
    "HL-06-02": Court("天桥花园", -1.0, (1998, 2003), (7, 11), 13.4, 15.6, 21.0, (("main", 1),), management="company"),
}
HOUSES = 54  # one chief each
WING_M = 12.0  # how far the wing of an L stands out
MOST_WINGS = 8
GABLE_M = 7.0  # between the ends of neighbouring houses
FEWEST_UNITS, LONGEST_UNITS = 3, 5


class Slab(NamedTuple):
    """A house as it stands: its outline, stair units, direction, and whether it lines a street."""

    grid_id: str
    outline: Polygon
    units: int
    angle: float
    on_street: bool


def place_houses(plan: Plan, lots: dict[str, BaseGeometry], rng: Generator) -> list[Slab]:
    """Place all houses, grid by grid; none touches another, a street or a plot."""
    slabs: list[Slab] = []
    for grid_id, court in COURTS.items():
        free = lots[grid_id]
        here: list[Slab] = []
        for key, side in court.fronts:
            found = _along(free, plan.lines[key], (court, grid_id, side * _setback(key, court)), rng)
            free = free.difference(shapely.union_all([s.outline.buffer(10.0) for s in found]))
            here += found
        here += _rows(free, court, grid_id, rng)
        slabs += here
    return _winged(_thinned(slabs, lots), lots)


def _thinned(slabs: list[Slab], lots: dict[str, BaseGeometry]) -> list[Slab]:
    """Leave out the smallest house of the densest grid until 54 are left; the ground becomes a yard."""
    kept = list(slabs)
    while len(kept) > HOUSES:
        many = Counter(s.grid_id for s in kept)
        densest = min(many, key=lambda grid_id: (lots[grid_id].area / max(0, many[grid_id] - 1.5), grid_id))
        kept.remove(min((s for s in kept if s.grid_id == densest), key=lambda s: (s.on_street, s.outline.area)))
    return kept


def _winged(slabs: list[Slab], lots: dict[str, BaseGeometry]) -> list[Slab]:
    """Turn some long slabs into an L where there is room for a wing of one stair unit."""
    whole = list(slabs)
    for i, slab in enumerate(slabs):
        others = shapely.union_all([s.outline for k, s in enumerate(whole) if k != i]).buffer(11.0)
        wing = _wing(slab, lots[slab.grid_id].difference(others))
        if wing is not None and sum(len(s.outline.exterior.coords) > 5 for s in whole) < MOST_WINGS:  # noqa: PLR2004 (a closed ring of four corners)
            whole[i] = slab._replace(outline=rounded(slab.outline.union(wing)), units=slab.units + 1)
    return whole


def _wing(slab: Slab, free: BaseGeometry) -> Polygon | None:
    if slab.on_street or slab.units < FEWEST_UNITS + 1:
        return None
    x, y = slab.outline.centroid.coords[0]
    west, south, east, north = rotate(slab.outline, -slab.angle, origin=(x, y)).bounds
    depth = north - south
    for end in (box(west, south - WING_M, west + depth, south + 1), box(east - depth, north - 1, east, north + WING_M)):
        wing = rotate(end, slab.angle, origin=(x, y))
        if free.covers(wing):
            return wing
    return None


def _setback(key: str, court: Court) -> float:
    return WAYS[key].width_m / 2 + KERB_M + 0.6 + court.depth_m / 2


def _along(free: BaseGeometry, street: LineString, how: tuple[Court, str, float], rng: Generator) -> list[Slab]:
    """Line a street with slabs that follow its bends."""
    court, grid_id, offset = how
    found: list[Slab] = []
    at = 0.0
    shapely.prepare(free)
    while at < street.length:
        for units in (5, 4, 3):
            length = units * court.unit_m
            middle, angle = at + length / 2, heading(street, at + length / 2)
            centre = beside(street, middle, offset * 1.02)
            tried = rectangle((centre.x, centre.y), length, court.depth_m, angle)
            if free.covers(tried):
                found.append(Slab(grid_id, tried, units, angle, on_street=True))
                at += length + GABLE_M + float(rng.uniform(0, 3))
                break
        else:
            at += 2.0
    return found


def _rows(free: BaseGeometry, court: Court, grid_id: str, rng: Generator) -> list[Slab]:
    """Fill free ground with rows of slabs, from the south."""
    pivot = free.centroid
    level = rotate(free, -court.angle, origin=pivot)
    west, south, east, north = level.bounds
    found: list[Slab] = []
    y = south + float(rng.uniform(0, 1.5))
    while y + court.depth_m < north:
        runs = _runs(level, (west, east), (y, y + court.depth_m), court.unit_m)
        for start, length in runs:
            found += _row((start, length), y, (court, grid_id), rng)
        y += court.depth_m + court.gap_m + float(rng.uniform(0, 2)) if runs else 1.0
    return [s._replace(outline=rounded(rotate(s.outline, court.angle, origin=pivot))) for s in found]


def _runs(
    level: BaseGeometry, x_range: tuple[float, float], y_range: tuple[float, float], unit: float
) -> list[tuple[float, float]]:
    """Find where a strip is free over its whole depth: start and length of each run of three units and more."""
    starts = np.arange(x_range[0], x_range[1])
    free = shapely.covers(level, shapely.box(starts, y_range[0], starts + 1.0, y_range[1]))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(int), [0]])))
    runs = [(float(starts[a]), float(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [(start, length) for start, length in runs if length >= FEWEST_UNITS * unit]


def _row(run: tuple[float, float], y: float, how: tuple[Court, str], rng: Generator) -> list[Slab]:
    """Break one run into slabs of at most five stair units, with gaps at the gables."""
    (start, length), (court, grid_id) = run, how
    units = int(length // court.unit_m)
    many = -(-units // LONGEST_UNITS)
    units = int((length - (many - 1) * GABLE_M) // court.unit_m)
    slack = length - units * court.unit_m - (many - 1) * GABLE_M
    x = start + slack * float(rng.uniform(0.2, 0.8))
    found = []
    for part in (units // many + (i < units % many) for i in range(many)):
        outline = translate(box(0, 0, part * court.unit_m, court.depth_m), x, y)
        found.append(Slab(grid_id, outline, part, court.angle, on_street=False))
        x += part * court.unit_m + GABLE_M
    return found
