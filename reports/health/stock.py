"""Buildings and residents: age, hazard, elevators, density, the share of the elderly."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.areal import covered_area, shared_areas
from geo.text import Text
from layers.catalog import BUILDINGS
from layers.schema import Buildings, Grids
from reports.demand import lived_in
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Values, both

NUMBER = Text("栋", "buildings")
RATIO = Text("比值", "ratio")
GROUND = Text("网格面积（m²）", "grid area, m²")
DATED = Text("建成年份已知的住宅楼栋", "residential buildings of known year")
SURVEYED = Text("已鉴定的楼栋", "surveyed buildings")
STOREYED = Text("层数与电梯情况已知的住宅楼栋", "residential buildings of known storeys and elevator")
NO_BUILDING = Text("这里没有楼栋", "no building here")
DANGEROUS = ("C", "D")
"""Grades of JGJ 125 that ask for measures: parts in danger, the whole in danger."""


def _column(check: Check, name: str) -> Values:
    return np.asarray(check.ws[BUILDINGS][name].to_numpy(dtype=float, na_value=np.nan))


def _gaps(unknown: Marks, words: Text) -> Text | None:
    many = int(unknown.sum())
    return Text("{n:,} 栋的{what}", "{what} of {n:,} buildings").format(n=many, what=words) if many else None


def _things(check: Check, rows: Marks) -> tuple[Things, ...]:
    ids = check.ws[BUILDINGS].index.to_numpy(dtype=object)
    return (Things(BUILDINGS.key, ids[rows], check.codes(BUILDINGS)[rows]),)


def age(check: Check) -> Outcome:
    """Residential buildings built by the cut-off year in percent of those of known year: what is old, not what fails."""
    lacking = check.lacking(BUILDINGS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=DATED)
    year, homes, codes = _column(check, Buildings.built_year), lived_in(check.ws), check.codes(BUILDINGS)
    known = homes & ~np.isnan(year)
    gaps = _gaps(homes & np.isnan(year), Text("建成年份", "year"))
    if not known.any():
        return check.unavailable(gaps or NO_BUILDING, unit=PERCENT, denominator=DATED)
    old = known & check.thresholds["B-AGE"].holds(year)
    above, below = check.totals(codes[old]), check.totals(codes[known])
    unknown = check.totals(codes[homes & np.isnan(year)]) > 0
    cut = Text("{n:g} 年及以前建成的", "built in {n:g} or before").format(n=check.thresholds["B-AGE"].value)
    found = Outcome(
        quotient(above, below, per=100),
        "ready",
        PERCENT,
        DATED,
        cut,
        above,
        below,
        judged=False,
        missing=gaps,
        note=Text("用于识别老旧小区，不作达标判定", "tells what counts as old, not what fails"),
        failing=_things(check, old),
        meta={"method": "built by the cut-off year / of known year", "cut_off": check.thresholds["B-AGE"].value},
    )
    return check.where_known(found.but("partial", unknown) if unknown.any() else found, BUILDINGS, per=100)


def hazard(check: Check) -> Outcome:
    """Buildings of grade C or D; a place without any meets only if all of its buildings were surveyed."""
    lacking = check.lacking(BUILDINGS)
    if lacking:
        return check.unavailable(lacking, unit=NUMBER, denominator=SURVEYED)
    grade, codes = check.ws[BUILDINGS][Buildings.hazard_grade], check.codes(BUILDINGS)
    surveyed = grade.notna().to_numpy(dtype=bool)
    gaps = _gaps(~surveyed, Text("危险性等级（未鉴定）", "hazard grade (not surveyed)"))
    if not surveyed.any():
        return check.unavailable(gaps or NO_BUILDING, unit=NUMBER, denominator=SURVEYED)
    bad = grade.isin(DANGEROUS).to_numpy(dtype=bool)
    number, below, all_of_them = (check.totals(codes[rows]) for rows in (bad, surveyed, codes >= -1))
    whole = below == all_of_them
    found = Outcome(
        np.where(below > 0, number, np.nan),
        "ready",
        NUMBER,
        SURVEYED,
        Text("C、D 级楼栋", "buildings of grade C or D"),
        number,
        below,
        judged=whole | (number > 0),
        missing=[
            both(gaps, None if one > 0 else Text("这里没有已鉴定的楼栋", "no surveyed building here")) for one in below
        ],
        failing=_things(check, bad),
        beside={
            "share_percent": (Text("占已鉴定楼栋（%）", "of surveyed buildings, %"), quotient(number, below, per=100))
        },
        meta={"method": "distinct buildings graded C or D", "rate": "of surveyed buildings only"},
    )
    return check.where_known(found.but("partial", ~whole) if not whole.all() else found, BUILDINGS)


def without_elevator(check: Check) -> Outcome:
    """Residential buildings of four storeys or more that have no elevator; a count, without a rule."""
    lacking = check.lacking(BUILDINGS)
    if lacking:
        return check.unavailable(lacking, unit=NUMBER, denominator=STOREYED)
    storeys, homes, codes = _column(check, Buildings.storeys), lived_in(check.ws), check.codes(BUILDINGS)
    elevator = check.ws[BUILDINGS][Buildings.has_elevator]
    tall = homes & (storeys >= check.policy["elevator_from_storeys"])
    known = homes & ~np.isnan(storeys) & (elevator.notna().to_numpy(dtype=bool) | ~tall)
    gaps = _gaps(homes & ~known, Text("层数或电梯情况", "storeys or elevator"))
    told = tall & elevator.notna().to_numpy(dtype=bool)
    if not told.any():
        return check.unavailable(gaps or NO_BUILDING, unit=NUMBER, denominator=STOREYED)
    without = told & ~elevator.fillna(value=True).to_numpy(dtype=bool)
    number, below = check.totals(codes[without]), check.totals(codes[known])
    unknown = check.totals(codes[homes & ~known]) > 0
    found = Outcome(
        np.where(below > 0, number, np.nan),
        "ready",
        NUMBER,
        STOREYED,
        Text("{n:g} 层及以上无电梯", "{n:g} storeys or more without an elevator").format(
            n=check.policy["elevator_from_storeys"]
        ),
        number,
        below,
        judged=False,
        missing=[both(gaps, None if one > 0 else NO_BUILDING) for one in below],
        failing=_things(check, without),
        beside={
            "share_percent": (
                Text("占 {n:g} 层及以上住宅（%）", "of such buildings, %").format(
                    n=check.policy["elevator_from_storeys"]
                ),
                quotient(number, check.totals(codes[told]), per=100),
            )
        },
        meta={"method": "storeys at least the limit and no elevator"},
    )
    return check.where_known(found.but("partial", unknown) if unknown.any() else found, BUILDINGS)


def density(check: Check) -> Outcome:
    """Footprint by land, overlapping outlines once; the floor area ratio beside it where floor areas are known."""
    lacking = check.lacking(BUILDINGS)
    if lacking:
        return check.unavailable(lacking, unit=RATIO, denominator=GROUND)
    grids = check.ws.grids(check.level).geometry.to_numpy()
    shapes = check.ws[BUILDINGS].geometry.to_numpy()
    covered = covered_area(shapes, grids)
    above = np.append(covered, covered.sum())
    floor = _column(check, Buildings.floor_area_m2)
    ratio, gaps = _floor_ratio(check, shapes, grids, floor)
    found = Outcome(
        quotient(above, check.area_m2),
        "partial" if gaps else "ready",
        RATIO,
        GROUND,
        Text("建筑基底面积（m²）", "footprint, m²"),
        above,
        check.area_m2,
        judged=False,
        missing=gaps,
        note=Text("以网格面积为用地面积，含道路与绿地", "by the area of the grid, roads and green included"),
        beside={"floor_area_ratio": (Text("容积率", "floor area ratio"), ratio)},
        meta={"method": "footprint cut with the grid / grid area; floor area by share of footprint"},
    )
    return check.where_known(found, BUILDINGS, per=1)


def _floor_ratio(
    check: Check, shapes: NDArray[np.object_], grids: NDArray[np.object_], floor: Values
) -> tuple[Values, Text | None]:
    """Give floor area by land, buildings on a border parted by footprint; NaN where a floor area is unknown."""
    house, grid, area = shared_areas(shapes, grids)
    part = floor[house] * area / shapely.area(shapes)[house]
    each = np.bincount(grid, weights=np.nan_to_num(part), minlength=len(grids))
    unknown = np.bincount(grid, weights=np.isnan(part), minlength=len(grids)) > 0
    known = np.append(np.where(unknown, np.nan, each), np.nan if unknown.any() else each.sum())
    return quotient(known, check.area_m2), _gaps(np.isnan(floor), Text("建筑面积", "floor area"))


def elderly(check: Check) -> Outcome:
    """Elderly residents in percent of residents; few residents are hidden, and so is what would give them away."""
    people = check.residents
    old, known_from = _elderly(check)
    if people.status in {"unavailable", "proxy"} or old is None:
        missing = both(people.missing, Text("网格或建筑的老年居民人数", "elderly residents of grids or buildings"))
        return check.unavailable(missing or people.words, unit=PERCENT, denominator=people.words)
    hidden = _hidden(people.by_place, check.policy["elderly_residents_min"])
    value = np.where(hidden, np.nan, quotient(old, people.by_place, per=100))
    deep = check.thresholds["B-ELD"]
    few = Text(
        "居民不足 {n:g} 人（或可由此推算），不显示", "fewer than {n:g} residents, or tells of such: hidden"
    ).format(n=check.policy["elderly_residents_min"])
    words = [
        Text("达到“深度老龄化”口径", "deep ageing") if one else Text("未达“深度老龄化”口径", "below deep ageing")
        for one in deep.holds(value)
    ]
    return Outcome(
        value,
        people.status,
        PERCENT,
        people.words,
        Text("老年居民", "elderly residents"),
        np.where(hidden, np.nan, old),
        np.where(hidden, np.nan, people.by_place),
        judged=False,
        missing=[few if one else people.missing for one in hidden],
        note=[None if np.isnan(one) else both(word, known_from) for one, word in zip(value, words, strict=True)],
        meta={"method": "elderly residents / residents", "hidden_below": check.policy["elderly_residents_min"]},
    )


def _hidden(people: Values, least: float) -> Marks:
    """Mark places with few residents; if it is one grid alone, the smallest other too, for the whole would tell it."""
    hidden = people < least
    grids = np.flatnonzero(people[:-1] >= least)
    if hidden[:-1].sum() == 1 and len(grids):
        hidden[grids[np.argmin(people[:-1][grids])]] = True
    return hidden


def _elderly(check: Check) -> tuple[Values | None, Text]:
    """Give elderly residents by place out of the grids, else summed from buildings, and what their age is."""
    stated = check.ws.grids(check.level)[Grids.elderly_residents].to_numpy(dtype=float, na_value=np.nan)
    limit = Text("年龄界限以数据来源为准（通行口径 65 岁）", "age limit as the source has it; usually 65")
    if np.isfinite(stated).any():
        return np.append(stated, stated.sum()), limit
    if BUILDINGS in check.ws:
        each = _column(check, Buildings.elderly_residents)
        if np.isfinite(each).any():
            return check.totals(check.codes(BUILDINGS), each), limit
    return None, limit


COMPUTED = {
    "B-AGE": age,
    "B-HAZ": hazard,
    "B-ELE": without_elevator,
    "B-DEN": density,
    "B-ELD": elderly,
}
