"""Parking of facilities, and places to charge e-bikes in estates."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.text import Text
from layers.catalog import FACILITIES, HOUSING_ESTATES, PARKING
from layers.schema import Facilities
from layers.standards import standard
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Outcome, Things, Values, both
from reports.health.kinds import kind_words, of_kind
from reports.health.parking import WITHOUT_GAPS, bays_of, nearest_estate

PER_100_M2 = Text("泊位/100 m²", "bays per 100 m²")
ESTATES = Text("居住小区", "housing estates")
FLOOR = Text("配套设施建筑面积（100 m²）", "floor area of facilities, 100 m²")
NEAR = Text("按设施外 {m} m 内的泊位计，可能与他人共用", "bays within {m} m, which others may use too")
TOO_FEW = Text("附近泊位不足的设施", "facilities with too few near by")
AS_RECORDED = Text("以设施图层的登记为准", "as far as the layer of facilities records them")
NO_ESTATE = Text("这里没有居住小区", "no estate here")
NONE_RECORDED = Text(
    "设施图层未登记{what}，不等于没有", "{what}: none is recorded, which is not to say that there is none"
)


def facility_parking(check: Check) -> Outcome:
    """Bays near shops, markets and centres for each 100 m² of floor; whose bays they are is not recorded: a proxy."""
    lacking = check.lacking(PARKING, FACILITIES)
    if lacking:
        return check.unavailable(lacking, unit=PER_100_M2, denominator=FLOOR)
    table, needed = check.ws[FACILITIES], _ratios(check)
    floor = table[Facilities.floor_area_m2].to_numpy(dtype=float, na_value=np.nan) / 100
    known = ~np.isnan(needed * floor) & (floor > 0)
    if not known.any():
        missing = Text("有建筑面积的商场、菜市场、服务中心或卫生中心", "shops, markets or centres with a floor area")
        return check.unavailable(missing, unit=PER_100_M2, denominator=FLOOR)
    near = _bays_near(check, np.flatnonzero(known))
    codes, need = check.codes(FACILITIES)[known], np.ceil(needed[known] * floor[known] - WITHOUT_GAPS)
    above, below = check.totals(codes, near), check.totals(codes, floor[known])
    short = near < need
    metres, untold = check.policy["facility_parking_m"], int((~np.isnan(needed) & ~known).sum())
    areas = Text(f"{untold:,} 处设施的建筑面积", f"floor areas of {untold:,} facilities") if untold else None
    return Outcome(
        quotient(above, below),
        "proxy",
        PER_100_M2,
        FLOOR,
        Text("附近泊位", "bays near by"),
        above,
        below,
        judged=False,
        missing=both(Text("泊位的归属", "whose bays they are"), areas),
        note=NEAR.format(m=f"{metres:g}"),
        failing=(Things(FACILITIES.key, table.index.to_numpy(dtype=object)[known][short], codes[short]),),
        beside={
            "needed_bays": (Text("按配比应有泊位", "bays asked for"), check.totals(codes, need)),
            "short_facilities": (TOO_FEW, check.totals(codes[short])),
        },
        meta={"method": "bays within a distance / floor area", "facility_parking_m": metres},
    )


def _ratios(check: Check) -> Values:
    """Bays per 100 m² that each facility needs, NaN where the table asks for none."""
    ratios = standard("parking_ratios", check.ws.folder)
    needed = np.full(len(check.ws[FACILITIES]), np.nan)
    for answer, ratio in zip(ratios["answer"], ratios["bays_per_100_m2"], strict=True):
        needed[of_kind(check.ws, str(answer), FACILITIES.key)] = ratio
    return needed


def _bays_near(check: Check, rows: NDArray[np.intp]) -> Values:
    """Bays of parking places within the distance of each facility; unknown ones add nothing."""
    bays = np.nan_to_num(bays_of(check).each)
    shapes = check.ws[FACILITIES].geometry.to_numpy()[rows]
    tree = shapely.STRtree(check.ws[PARKING].geometry.to_numpy())
    facility, place = tree.query(shapes, predicate="dwithin", distance=check.policy["facility_parking_m"])
    return np.bincount(facility, weights=bays[place], minlength=len(rows)).astype(float)


def shared_charging(check: Check) -> Outcome:
    """Estates with at least one place of shared e-bike charging, in percent of all estates."""
    lacking = check.lacking(FACILITIES, HOUSING_ESTATES)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=ESTATES)
    chosen = of_kind(check.ws, "K-EB", FACILITIES.key)
    words = kind_words(check.ws, "K-EB")
    if not chosen.any():
        return check.unavailable(NONE_RECORDED.format(what=words), unit=PERCENT, denominator=ESTATES)
    table = check.ws[HOUSING_ESTATES]
    own = nearest_estate(check, check.ws[FACILITIES].geometry.to_numpy()[chosen])
    places = np.bincount(own[own >= 0], minlength=len(table))
    asked = check.thresholds["K-EB"]
    has, codes = asked.holds(places.astype(float)), check.codes(HOUSING_ESTATES)
    above, below = check.totals(codes[has]), check.totals(codes)
    outside = int((own < 0).sum())
    public = Text(f"另有 {outside:,} 处在小区之外", f"{outside:,} more lie outside estates") if outside else None
    found = Outcome(
        quotient(above, below, per=100),
        "ready",
        PERCENT,
        ESTATES,
        Text("有集中充电处的小区", "estates with shared charging"),
        above,
        below,
        limit=asked.instead(value=100.0, comparison="ge", unit="%"),
        missing=[None if one > 0 else NO_ESTATE for one in below],
        note=both(AS_RECORDED, public),
        failing=(Things(HOUSING_ESTATES.key, table.index.to_numpy(dtype=object)[~has], codes[~has]),),
        beside={
            "places": (Text("集中充电处", "places of shared charging"), check.totals(check.codes(FACILITIES)[chosen]))
        },
        meta={
            "method": "estates with at least the asked number of places",
            "estate_reach_m": check.policy["estate_reach_m"],
        },
    )
    return check.where_known(found, FACILITIES, per=100)


COMPUTED = {"K-FAC": facility_parking, "K-EB": shared_charging}
