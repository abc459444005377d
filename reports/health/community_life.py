"""Items 14 to 20 of the complete community: public space, management and culture, by place.

An item is met where all that it asks for is known; what is known to be missing fails; what cannot be known gets no
verdict. A place is failed for lacking a thing only if it has the size of a community, or is the whole.
"""

from collections.abc import Mapping

import numpy as np

from geo.text import Text
from layers.catalog import FACILITIES, HOUSING_ESTATES, MURALS, PARKS
from layers.schema import HousingEstates
from reports.health.check import PERCENT, Check, quotient
from reports.health.community_services import PLACES, RECORDED, Asked, Item, largest_by_place
from reports.health.finding import Marks, Outcome, Things, both
from reports.health.kinds import of_kind
from reports.health.parks import SQUARE_METRES
from reports.health.works import statistic
from reports.service.services import area_m2, said_no_entry

YES_NO = Text("有无", "yes or no")


def largest_ground(check: Check, asked: Asked) -> Outcome:
    """Largest ground or green against the least area; new communities ask for sports too, which no field tells."""
    denominator = Text("不适用（最大一处的面积）", "none: the largest one")
    lacking = check.lacking(PARKS)
    if lacking:
        return check.unavailable(lacking, unit=SQUARE_METRES, denominator=denominator)
    table, codes = check.ws[PARKS], check.codes(PARKS)
    chosen = of_kind(check.ws, f"CC-{asked.number}", PARKS.key) & ~said_no_entry(table)
    area = area_m2(table)
    sized, unsized = chosen & ~np.isnan(area), check.totals(codes[chosen & np.isnan(area)]) > 0
    largest = largest_by_place(check, codes[sized], area[sized])
    least = asked.land_m2 if asked.land_m2 > 0 else 1e-9
    passes, (big, small) = largest >= least, check.community_sized
    sports = Text("运动场地面积或比例", "sports ground, its area or share") if check.profile == "CN-new" else None
    sizes = Text("部分场地的面积", "sizes of some grounds")
    found = Outcome(
        np.where((largest == 0) & unsized, np.nan, largest), ["partial" if one or sports else "ready" for one in unsized],
        SQUARE_METRES, denominator, judged=np.where(passes, small & (sports is None), big & ~unsized), passes=passes,
        missing=[both(sports, sizes if one else None) for one in unsized],
        beside={"places": (RECORDED, check.totals(codes[chosen]))}, meta={"method": "largest recorded area"},
    )  # fmt: skip
    return check.where_known(found, PARKS)


def managed(check: Check, asked: Asked) -> Outcome:
    """Households in estates with property management of any kind, of those in estates that say so."""
    denominator = Text("登记了物业情况的小区户数", "households of estates that say how they are managed")
    lacking = check.lacking(HOUSING_ESTATES)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=denominator)
    table, codes = check.ws[HOUSING_ESTATES], check.codes(HOUSING_ESTATES)
    homes = table[HousingEstates.households].to_numpy(dtype=float, na_value=np.nan)
    mode = table[HousingEstates.property_mode]
    told: Marks = mode.notna().to_numpy(dtype=bool) & ~np.isnan(homes)
    none = told & (mode == "none").to_numpy(dtype=bool, na_value=False)
    below = check.totals(codes[told], homes[told])
    above = below - check.totals(codes[none], homes[none])
    unknown = check.totals(codes[~told]) > 0
    value = quotient(above, below, per=100)
    passes = value >= asked.least
    ids = table.index.to_numpy(dtype=object)[none]
    return Outcome(
        value, ["partial" if one else "ready" for one in unknown], PERCENT, denominator,
        Text("有物业管理（含半物业、自管）的户数", "households with management, half- and self-managed included"), above, below,
        judged=~passes | ~unknown, passes=passes,
        missing=[Text("部分小区的物业情况或户数", "management or households of some estates") if one else None for one in unknown],
        failing=(Things(HOUSING_ESTATES.key, ids, codes[none]),), meta={"method": "households of managed estates"},
    )  # fmt: skip


def told_by_statistics(check: Check, asked: Asked) -> Outcome:
    """Whether the statistics of the community tell of it; they know no grid, so that the whole alone has a value."""
    found = statistic(check.ws, f"CC-{asked.number}")
    if found is None:
        missing = Text("社区统计表中关于这一项的记录", "a record of it in the table of statistics")
        return check.unavailable(missing, unit=YES_NO, denominator=Text("不适用", "none"))
    value = np.full(check.size, np.nan)
    value[-1] = found[0]
    passes = value >= asked.least
    return Outcome(
        value,
        "ready",
        YES_NO,
        Text("不适用", "none"),
        judged=True,
        passes=passes,
        note=found[1],
        meta={"method": "as stated"},
    )


def culture(check: Check, asked: Asked) -> Outcome:
    """Places of culture and murals, a count that stands in for community life and is never a finding."""
    answer = f"CC-{asked.number}"
    number, lacking = np.zeros(check.size), check.lacking(MURALS, FACILITIES)
    if MURALS not in check.ws and FACILITIES not in check.ws:
        return check.unavailable(lacking or PLACES, unit=PLACES, denominator=Text("不适用（计数）", "none: a count"))
    if FACILITIES in check.ws:
        number = check.totals(check.codes(FACILITIES)[of_kind(check.ws, answer, FACILITIES.key)])
    painted = check.totals(check.codes(MURALS)) if MURALS in check.ws else np.full(check.size, np.nan)
    return Outcome(
        number + np.nan_to_num(painted), "proxy", PLACES, Text("不适用（计数）", "none: a count"), judged=False,
        missing=both(lacking, Text("文化活动与社区公约", "events and the community's covenant")),
        beside={"facilities": (Text("文化设施", "places of culture"), number), "murals": (Text("墙绘", "murals"), painted)},
        meta={"method": "places of culture and murals"},
    )  # fmt: skip


ITEMS: Mapping[int, Item] = {
    **dict.fromkeys((14, 15), largest_ground),
    16: managed,
    **dict.fromkeys((17, 18, 19), told_by_statistics),
    20: culture,
}
"""Function of each item by its number."""
