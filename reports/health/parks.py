"""Parks: who lives in reach of one, how much green there is for each resident, pocket parks, activity grounds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.areal import shared_areas
from geo.text import Text
from layers.catalog import FACILITIES, HOUSING_ESTATES, PARKS
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Values
from reports.health.kinds import of_kind
from reports.health.reach import not_recorded, straight_within, targets
from reports.health.served import share_served
from reports.service.services import area_m2, said_no_entry

PER_PERSON = Text("m²/人", "m² per person")
SQUARE_METRES = Text("m²", "m²")
HOUSING_LAND = Text("居住小区用地面积（m²）", "land of housing estates, m²")
CIRCLES = (5, 10, 15)
SEGMENTS = 64
"""Segments of a quarter circle: a drawn buffer is at most 0.01 % smaller than the true one."""


class Reaching(NamedTuple):
    """Parks that count for the cover: shapes, how far each reaches (metres), and how many have no known area."""

    shapes: NDArray[np.object_]
    reach_m: Values
    unsized: int


def reaching_parks(check: Check) -> Reaching:
    """Give the parks with the distance that each serves by its size; too small ones and those of unknown size serve none."""
    table, rules = check.ws[PARKS], check.policy
    chosen = of_kind(check.ws, "P-R", PARKS.key) & ~said_no_entry(table)
    area = area_m2(table)
    large = area >= rules["park_large_from_m2"]
    reach = np.where(large, rules["park_radius_large_m"], rules["park_radius_small_m"])
    counts = chosen & (area >= rules["park_min_m2"])
    return Reaching(table.geometry.to_numpy()[counts], reach[counts], int((chosen & np.isnan(area)).sum()))


def cover(check: Check) -> Outcome:
    """Share of residential land within reach of a park: of the estates, else of the footprint of homes, else of all land."""
    lacking = check.lacking(PARKS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=HOUSING_LAND)
    parks = reaching_parks(check)
    words = Text("公园服务半径内的", "within reach of a park")
    meta = {
        key: check.policy[key]
        for key in ("park_min_m2", "park_large_from_m2", "park_radius_small_m", "park_radius_large_m")
    }
    far = check.policy["park_radius_large_m"]
    if HOUSING_ESTATES in check.ws:
        found = check.where_known(_of_estates(check, parks, words, meta), PARKS, reach_m=far, per=100)
    else:
        within = straight_within(parks.shapes, parks.reach_m)
        found = share_served(check, within, numerator=words, layers=(PARKS,), reach_m=far, meta=meta)
    found = replace(found, limit=None).saying(note=Text("直线半径", "straight-line radius"))
    missing = Text(f"{parks.unsized:,} 处公园的面积，未计入", f"areas of {parks.unsized:,} parks, which do not count")
    return found.saying(missing=missing).but("partial") if parks.unsized else found


def _of_estates(check: Check, parks: Reaching, words: Text, meta: dict[str, float]) -> Outcome:
    """Cut the land of the estates with the union of what the parks reach; exact areas."""
    grids = check.ws.grids(check.level).geometry.to_numpy()
    land = shapely.union_all(check.ws[HOUSING_ESTATES].geometry.to_numpy())
    reached = shapely.union_all(shapely.buffer(parks.shapes, parks.reach_m, quad_segs=SEGMENTS))
    pieces = shapely.intersection(grids, land)
    below = shapely.area(pieces)
    above = shapely.area(shapely.intersection(pieces, reached))
    above, below = np.append(above, above.sum()), np.append(below, below.sum())
    nobody = Text("这里没有居住小区用地", "no land of an estate here")
    return Outcome(
        quotient(above, below, per=100),
        "ready",
        PERCENT,
        HOUSING_LAND,
        words,
        above,
        below,
        missing=[None if area > 0 else nobody for area in below],
        failing=_homes_out_of_reach(check, parks),
        meta={**meta, "segments_of_a_quarter_circle": SEGMENTS},
    )


def _homes_out_of_reach(check: Check, parks: Reaching) -> tuple[Things, ...]:
    homes = check.homes()
    if homes is None or homes.ids is None:
        return ()
    left = ~straight_within(parks.shapes, parks.reach_m)(homes).served & (homes.codes >= 0)
    return (Things("buildings", homes.ids[left], homes.codes[left]),)


class Green(NamedTuple):
    """Public green by place: m² of patches that suffice for a circle of each of ``CIRCLES``, and of any size."""

    of_circle: Mapping[int, Values]
    of_any: Values
    points: int


def public_green(check: Check) -> Green:
    """Measure the public green; a park given as a point has no patch."""
    table, rules = check.ws[PARKS], check.policy
    shapes = table.geometry.to_numpy()[of_kind(check.ws, "P-CAP", PARKS.key) & ~said_no_entry(table)]
    drawn = shapely.area(shapes) > 0
    green = shapes[drawn]
    width = 2 * np.array([_inner_radius(shape) for shape in green])
    size = shapely.area(green)
    fits = {
        minutes: (size >= rules[f"green_patch_{minutes}_m2"]) & (width >= rules[f"green_width_{minutes}_m"])
        for minutes in CIRCLES
    }
    each = {minutes: _by_place(check, green[one]) for minutes, one in fits.items()}
    return Green(each, _by_place(check, green), int((~drawn).sum()))


def green_per_person(check: Check) -> Outcome:
    """Public green of the least patch and width by residents; a grid smaller than a circle gets no verdict.

    The patches of the five-minute circle are judged; those of the other two stand beside them.
    """
    lacking, people = check.lacking(PARKS), check.residents
    if lacking or people.status == "unavailable":
        return check.unavailable(lacking or people.missing or people.words, unit=PER_PERSON, denominator=people.words)
    green = public_green(check)
    words = Text("{m} 分钟生活圈口径", "patches of a {m}-minute circle")
    beside = {
        f"circle_{m}_m2_per_person": (words.format(m=m), quotient(green.of_circle[m], people.by_place))
        for m in CIRCLES[1:]
    }
    any_size = Text("不限大小的公园与绿地", "green of any size")
    beside["any_size_m2_per_person"] = (any_size, quotient(green.of_any, people.by_place))
    large, _ = check.community_sized
    small = Text("不足一个五分钟生活圈的人口，不作判定", "fewer residents than a five-minute circle: no verdict")
    found = Outcome(
        quotient(green.of_circle[CIRCLES[0]], people.by_place),
        people.status,
        PER_PERSON,
        people.words,
        Text("公共绿地面积（m²）", "public green, m²"),
        green.of_circle[CIRCLES[0]],
        people.by_place,
        judged=large,
        missing=people.missing,
        note=[None if one else small for one in large],
        beside=beside,
        meta={"width": "diameter of the largest circle inside"},
    ).saying(note=people.note)
    n = green.points
    missing = Text(f"{n:,} 处以点登记的绿地面积与宽度", f"area and width of {n:,} parks given as points")
    return check.where_known(found.saying(missing=missing).but("partial") if n else found, PARKS, per=1)


def _inner_radius(shape: shapely.Geometry) -> float:
    """Radius of the largest circle inside a polygon to a metre, metres; of several polygons the largest of all."""
    parts = shapely.get_parts(shape)
    return max(float(shapely.length(shapely.maximum_inscribed_circle(part, tolerance=1.0))) for part in parts)


def _by_place(check: Check, shapes: NDArray[np.object_]) -> Values:
    """Area of the shapes in each place, m²; overlaps count once."""
    grids = check.ws.grids(check.level).geometry.to_numpy()
    whole = shapely.get_parts(shapely.union_all(shapes))
    _, place, area = shared_areas(whole, grids) if len(whole) else (0, np.zeros(0, dtype=int), np.zeros(0))
    return check.totals(place, area)


def pocket_parks(check: Check) -> Outcome:
    """Number of public parks of the size of pocket parks; judged where parks are recorded as pocket parks."""
    lacking = check.lacking(PARKS)
    unit = Text("处", "parks")
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=Text("不适用", "none: a count"))
    table, codes = check.ws[PARKS], check.codes(PARKS)
    area, is_open = area_m2(table), ~said_no_entry(table)
    sized = check.thresholds["P-PK"].holds(area) & is_open
    named = of_kind(check.ws, "P-PK", PARKS.key) & ~np.isnan(area)
    wrong = named & ~sized
    unknown = int((is_open & np.isnan(area)).sum())
    missing = Text(f"{unknown:,} 处公园的面积", f"areas of {unknown:,} parks")
    found = Outcome(
        check.totals(codes[sized]),
        "partial" if unknown else "ready",
        unit,
        Text("不适用（计数）", "none: a count"),
        judged=check.totals(codes[named]) > 0,
        passes=check.totals(codes[wrong]) == 0,
        missing=missing if unknown else None,
        note=Text("登记为口袋公园的才判定大小", "only parks recorded as pocket parks are judged by their size"),
        failing=_parks(check, wrong),
        beside={
            "area_m2": (Text("合计面积（m²）", "area in all, m²"), check.totals(codes[sized], area[sized])),
            "named": (Text("登记为口袋公园的（处）", "recorded as pocket parks"), check.totals(codes[named])),
        },
    )
    return check.where_known(found, PARKS)


def _parks(check: Check, marks: Marks) -> tuple[Things, ...]:
    codes = check.codes(PARKS)
    rows = marks & (codes >= 0)
    return (Things(PARKS.key, check.ws[PARKS].index.to_numpy(dtype=object)[rows], codes[rows]),)


def activity_ground(check: Check) -> Outcome:
    """Largest activity ground of each place; judged where a place has the size of a community."""
    answer, unit = "P-ACT", SQUARE_METRES
    words = Text("不适用（最大一处的面积）", "none: the largest ground")
    found = targets(check, answer)
    if not found.layers or not found.kept + found.unsized:
        return check.unavailable(not_recorded(check, answer, found), unit=unit, denominator=words)
    largest, unknown = np.full(check.size, -np.inf), np.zeros(check.size)
    for key in (PARKS.key, FACILITIES.key):
        if key in check.ws:
            table = check.ws[key]
            chosen = of_kind(check.ws, answer, key) & ~said_no_entry(table) & (check.codes(key) >= 0)
            area = area_m2(table) if key == PARKS.key else table["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan)
            sized = chosen & ~np.isnan(area)
            np.maximum.at(largest, check.codes(key)[sized], area[sized])
            unknown += check.totals(check.codes(key)[chosen & np.isnan(area)])
    largest[-1] = largest[:-1].max()
    value = np.where(np.isfinite(largest), largest, np.where(unknown > 0, np.nan, 0.0))
    passes = check.thresholds[answer].holds(value)
    large, small = check.community_sized
    sizes = Text("部分场地的面积", "sizes of some grounds")
    outcome = Outcome(
        value,
        ["partial" if n else "ready" for n in unknown],
        unit,
        words,
        judged=np.where(passes, small, large & (unknown == 0)),
        passes=passes,
        missing=[sizes if n else None for n in unknown],
        note=Text(
            "按社区要求；人口规模不符的网格不作判定", "asked of a community; a grid of another size gets no verdict"
        ),
    )
    return check.where_known(outcome, *found.layers)


COMPUTED = {"P-R": cover, "P-CAP": green_per_person, "P-PK": pocket_parks, "P-ACT": activity_ground}
