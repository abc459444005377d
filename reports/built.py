"""Measures of the ground itself: buildings, service in straight line, green, parking, lamps, elderly."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.areal import covered_area
from geo.coverage import is_covered, nearest_m, within_m
from geo.measure import rate, totals
from geo.text import Text
from layers import BUILDINGS, LIGHTS, PARKING, PARKS, STREETS, TOILETS
from layers.schema import Buildings, Grids, Lights, Parking, Parks, Streets, Toilets
from reports.demand import Demand
from reports.measures import Ground, Measure, Measured

PERCENT = Text("%", "%")
STRAIGHT = Text("直线半径", "straight-line radius")
HOUSEHOLDS = Text("户数", "households")
RESIDENTS = Text("居民人数", "residents")
AREA = Text("网格面积", "grid area")
SURVEYED = Text("已鉴定的建筑", "surveyed buildings")
DATED = Text("建成年份已知的建筑", "buildings with a known year")
STREET_LENGTH = Text("街巷长度", "street length")


def said_no(column: pd.Series) -> np.ndarray:
    """Mark the rows that say no; an empty cell does not."""
    return (~column.fillna(value=True)).to_numpy(dtype=bool)


def _building_share(ground: Ground, chosen: np.ndarray, known: np.ndarray, words: Text) -> Measured:
    codes = ground.ws.codes(BUILDINGS, ground.level)
    if not (known & (codes >= 0)).any():
        return ground.unavailable(words, words)
    size = len(ground.index)
    share = rate(totals(codes, size, known & chosen).per_group, totals(codes, size, known).per_group)
    unknown = int((~known).sum())
    missing = Text(f"{unknown:,} 栋未知", f"{unknown:,} buildings unknown") if unknown else None
    return Measured(ground.series(share), "partial" if unknown else "ready", words, missing)


def old_buildings(ground: Ground) -> Measured:
    """Buildings built by the cut-off year in percent of buildings with a known year."""
    year = ground.ws[BUILDINGS][Buildings.built_year].to_numpy(dtype=float, na_value=np.nan)
    return _building_share(ground, year <= ground.policy["old_building_built_by"], ~np.isnan(year), DATED)


def hazardous_buildings(ground: Ground) -> Measured:
    """Buildings of grade C or D in percent of surveyed buildings (JGJ 125)."""
    grade = ground.ws[BUILDINGS][Buildings.hazard_grade]
    return _building_share(ground, grade.isin(["C", "D"]).to_numpy(), grade.notna().to_numpy(), SURVEYED)


def _unserved(ground: Ground, served: np.ndarray, demand: Demand) -> Measured:
    size = len(ground.index)
    unserved = totals(demand.codes, size, np.where(served, 0.0, demand.weight)).per_group
    share = rate(unserved, totals(demand.codes, size, demand.weight).per_group)
    return Measured(ground.series(share), demand.status, demand.words, note=STRAIGHT)


def toilets_unserved(ground: Ground) -> Measured:
    """Share of households (or buildings, or area) farther from a public toilet than the radius."""
    radius = ground.policy["toilet_radius_m"]
    demand = ground.demand_where_known(TOILETS, radius)
    shut = said_no(ground.ws[TOILETS][Toilets.open_to_public])
    to_x, to_y = ground.ws.xy(TOILETS)
    distance = nearest_m(demand.x, demand.y, to_x[~shut], to_y[~shut])
    return _unserved(ground, is_covered(distance, radius), demand)


class OpenParks(NamedTuple):
    """Parks that anybody may enter: shapes, drawn area (0 for a point), and the area that counts (NaN: unknown)."""

    shapes: np.ndarray
    drawn_m2: np.ndarray
    area_m2: np.ndarray

    @property
    def missing(self) -> Text | None:
        """What is not known of parks that are given as points."""
        unknown = int(np.isnan(self.area_m2).sum())
        return Text(f"{unknown:,} 处公园面积未知", f"areas of {unknown:,} parks") if unknown else None


def _open_parks(ground: Ground) -> OpenParks:
    parks = ground.ws[PARKS]
    parks = parks[~said_no(parks[Parks.open_to_public])]
    drawn = shapely.area(parks.geometry.to_numpy())
    stated = parks[Parks.stated_area_m2].to_numpy(dtype=float, na_value=np.nan)
    return OpenParks(parks.geometry.to_numpy(), drawn, np.where(drawn > 0, drawn, stated))


def parks_unserved(ground: Ground) -> Measured:
    """Share without a park in reach: 500 m of parks from 5,000 m², 300 m of smaller ones."""
    parks, rules = _open_parks(ground), ground.policy
    demand = ground.demand_where_known(PARKS, rules["park_radius_large_m"])
    is_large = parks.area_m2 >= rules["park_large_from_m2"]
    reach = np.where(is_large, rules["park_radius_large_m"], rules["park_radius_small_m"])
    reach = np.where(parks.area_m2 >= rules["park_min_m2"], reach, np.nan)
    found = _unserved(ground, within_m(demand.x, demand.y, parks.shapes, reach), demand)
    if parks.missing:
        return replace(found, status="partial" if found.status == "ready" else found.status, missing=parks.missing)
    return found


def open_space(ground: Ground) -> Measured:
    """Area of parks and grounds in percent of the grid; a park given as a point adds its stated area."""
    parks = _open_parks(ground)
    grids = ground.ws.grids(ground.level).geometry.to_numpy()
    is_point = parks.drawn_m2 == 0
    codes = ground.ws.codes(PARKS, ground.level)[~said_no(ground.ws[PARKS][Parks.open_to_public])]
    stated = totals(codes[is_point], len(grids), parks.area_m2[is_point]).per_group
    share = rate(covered_area(parks.shapes[~is_point], grids) + stated, shapely.area(grids))
    return Measured(ground.series(share), "partial" if is_point.any() else "ready", AREA, parks.missing)


def parking_gap(ground: Ground) -> Measured:
    """Missing bays per 100 households: target per household less the bays in the grid."""
    people = ground.households
    if people.status == "unavailable":
        return ground.unavailable(people.denominator, people.missing or people.denominator)
    bays = ground.ws[PARKING][Parking.bays].to_numpy(dtype=float, na_value=np.nan)
    codes, size = ground.ws.codes(PARKING, ground.level), len(ground.index)
    have = totals(codes, size, bays).per_group
    homes = ground.enough_households()
    target = (
        "parking_bays_per_household_new" if ground.ws.manifest.profile == "CN-new" else "parking_bays_per_household"
    )
    gap = np.maximum(0.0, ground.policy[target] * homes - have)
    # Unknown bays could close a gap of unknown size; where there is none anyway they do not matter.
    doubtful = totals(codes, size, np.isnan(bays)).per_group > 0
    gap = np.where(doubtful & (gap > 0), np.nan, gap)
    unknown = int(np.isnan(bays).sum())
    missing = Text(f"{unknown:,} 处停车场泊位数未知", f"bays of {unknown:,} parking places") if unknown else None
    status = "partial" if unknown else people.status
    return Measured(ground.series(rate(gap, homes)), status, people.denominator, missing)


def unlit_streets(ground: Ground) -> Measured:
    """Street length in percent that is farther than 35 m from a working lamp; a stand-in for lux."""
    x, y, metres, codes = _street_points(ground)
    broken = said_no(ground.ws[LIGHTS][Lights.works])
    to_x, to_y = ground.ws.xy(LIGHTS)
    distance = nearest_m(x, y, to_x[~broken], to_y[~broken])
    dark = np.where(is_covered(distance, ground.policy["light_radius_m"]), 0.0, metres)
    size = len(ground.index)
    length = totals(codes, size, metres).per_group
    enough = np.where(length >= ground.policy["rate_min_street_m"], length, np.nan)
    share = rate(totals(codes, size, dark).per_group, enough)
    note = Text("照度未测，以路灯间距代替", "spacing of lamps stands in for measured light")
    unknown = int(ground.ws[LIGHTS][Lights.works].isna().sum())
    missing = Text(
        f"{unknown:,} 盏路灯是否正常未知，按正常计", f"whether {unknown:,} lamps work; they count as working"
    )
    return Measured(ground.series(share), "proxy", STREET_LENGTH, missing if unknown else None, note)


def _street_points(ground: Ground) -> tuple[np.ndarray, ...]:
    """Points in the middle of walkable street pieces of at most 20 m: x, y, length of the piece, grid code."""
    streets = ground.ws[STREETS]
    pieces = shapely.segmentize(streets.geometry.to_numpy()[~said_no(streets[Streets.walkable])], 20.0)
    xy, line = shapely.get_coordinates(shapely.get_parts(pieces), return_index=True)
    same = line[1:] == line[:-1]
    middle = ((xy[1:] + xy[:-1]) / 2)[same]
    metres = np.hypot(*(xy[1:] - xy[:-1]).T)[same]
    codes = ground.located(middle[:, 0], middle[:, 1])
    return middle[:, 0], middle[:, 1], metres, codes


def elderly_share(ground: Ground) -> Measured:
    """Elderly residents in percent of residents."""
    grids = ground.ws.grids(ground.level)
    elderly = grids[Grids.elderly_residents].to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(elderly).all() or ground.residents.status == "unavailable":
        return ground.unavailable(RESIDENTS, Text("网格的老年居民人数", "elderly residents of grids"))
    people = ground.residents.by_grid.to_numpy()
    share = rate(elderly, np.where(people >= ground.policy["rate_min_residents"], people, np.nan))
    status = "partial" if np.isnan(elderly).any() else ground.residents.status
    return Measured(ground.series(share), status, RESIDENTS)


BUILT = (
    Measure(
        "hazardous_building_share_pct",
        Text("C、D 级危房占比", "buildings of hazard grade C or D"),
        PERCENT,
        "high",
        0,
        30,
        "B-HAZ",
        hazardous_buildings,
        SURVEYED,
        (BUILDINGS,),
    ),
    Measure(
        "old_building_share_pct",
        Text("老旧建筑占比", "old buildings"),
        PERCENT,
        "high",
        0,
        100,
        "B-AGE",
        old_buildings,
        DATED,
        (BUILDINGS,),
    ),
    Measure(
        "toilet_unserved_share_pct",
        Text("公厕服务盲区", "beyond reach of a toilet"),
        PERCENT,
        "high",
        0,
        100,
        "T-R",
        toilets_unserved,
        HOUSEHOLDS,
        (TOILETS,),
        "toilet_radius_m",
    ),
    Measure(
        "park_unserved_share_pct",
        Text("公园服务盲区", "beyond reach of a park"),
        PERCENT,
        "high",
        0,
        100,
        "P-R",
        parks_unserved,
        HOUSEHOLDS,
        (PARKS,),
        "park_radius_large_m",
    ),
    Measure(
        "open_space_share_pct",
        Text("公共绿地与场地占比", "open space"),
        PERCENT,
        "low",
        15,
        0,
        "P-CAP",
        open_space,
        AREA,
        (PARKS,),
    ),
    Measure(
        "parking_gap_per_100_households",
        Text("停车泊位缺口", "missing parking bays"),
        Text("个/百户", "bays per 100 households"),
        "high",
        0,
        50,
        "K-GAP",
        parking_gap,
        HOUSEHOLDS,
        (PARKING,),
    ),
    Measure(
        "unlit_street_share_pct",
        Text("照明不足街巷占比", "streets without a lamp near"),
        PERCENT,
        "high",
        0,
        60,
        "L-SP",
        unlit_streets,
        STREET_LENGTH,
        (STREETS, LIGHTS),
    ),
    Measure(
        "elderly_share_pct",
        Text("老年人口占比", "elderly residents"),
        PERCENT,
        "high",
        5,
        30,
        "B-ELD",
        elderly_share,
        RESIDENTS,
    ),
)
