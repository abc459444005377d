"""Items 1 to 8 of the complete community: services and shops, by place as the health check has them.

An item is met where all that it asks for is known; what is known to be missing fails; what cannot be known gets no
verdict. A place is failed for lacking a thing only if it has the size of a community, or is the whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.text import Text
from layers.catalog import FACILITIES
from layers.schema import Facilities
from reports.health.check import Check, quotient
from reports.health.finding import Outcome, Values, both
from reports.health.kinds import kind_words, of_kind
from reports.health.parks import SQUARE_METRES

PLACES = Text("处", "places")
RECORDED = Text("登记数量（处）", "recorded")
UNRECORDED = Text(
    "没有登记{what}；是没有还是未登记，无从得知",
    "nothing is recorded as {what}; whether there is none, or it was not recorded, cannot be known",
)


@dataclass(frozen=True)
class Asked:
    """What the table asks in a profile: least number, floor area and land area; NaN where it asks for none.

    A floor area that is only "preferred" is said and not judged.
    """

    number: int
    least: float
    floor_m2: float
    land_m2: float
    floor_rule: str = "required"


Item = Callable[[Check, Asked], Outcome]


def one_facility(check: Check, asked: Asked, *, unknown: Text | None = None) -> Outcome:
    """Largest facility of the kind in each place against the least floor area; ``unknown`` is asked for and not recorded."""
    answer, denominator = f"CC-{asked.number}", Text("不适用（最大一处的建筑面积）", "none: the largest floor area")
    lacking = check.lacking(FACILITIES)
    if lacking:
        return check.unavailable(lacking, unit=SQUARE_METRES, denominator=denominator)
    chosen = of_kind(check.ws, answer, FACILITIES.key)
    if not chosen.any():
        words = UNRECORDED.format(what=kind_words(check.ws, answer))
        return check.unavailable(words, unit=SQUARE_METRES, denominator=denominator)
    floor = check.ws[FACILITIES][Facilities.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
    codes = check.codes(FACILITIES)
    sized, unsized = chosen & ~np.isnan(floor), chosen & np.isnan(floor)
    largest, doubt = largest_by_place(check, codes[sized], floor[sized]), check.totals(codes[unsized]) > 0
    preferred = asked.floor_rule == "preferred"
    counting = chosen if preferred else sized & (floor >= asked.floor_m2)
    doubt &= not preferred
    enough = check.totals(codes[counting]) >= max(asked.least, 1.0)
    note = Text("面积以 {m:g} m² 为宜，不作判定", "{m:g} m² are preferred and not judged").format(m=asked.floor_m2)
    big, small = check.community_sized
    areas = Text("部分设施的建筑面积", "floor areas of some facilities")
    number = check.totals(codes[chosen])
    found = Outcome(
        np.where((largest == 0) & doubt, np.nan, largest),
        ["partial" if one or unknown else "ready" for one in doubt],
        SQUARE_METRES,
        denominator,
        judged=np.where(enough, small & (unknown is None), big & ~doubt),
        passes=enough,
        missing=[both(unknown, areas if one else None) for one in doubt],
        note=note if preferred else None,
        beside={"places": (RECORDED, number)} | _per_100_households(check, codes[sized], floor[sized]),
        meta={"method": "largest recorded floor area"},
    )
    return check.where_known(found, FACILITIES)


def _per_100_households(check: Check, codes: NDArray[np.intp], floor: Values) -> dict[str, tuple[Text, Values]]:
    """Floor area of all of the kind for each 100 households."""
    if check.households.status == "unavailable":
        return {}
    words = Text("每百户建筑面积（m²）", "floor area per 100 households, m²")
    return {"m2_per_100_households": (words, quotient(check.totals(codes, floor), check.households.by_place, per=100))}


def largest_by_place(check: Check, codes: NDArray[np.intp], sizes: Values) -> Values:
    """Give the largest of some sizes at each place, 0 where there is none."""
    most = np.zeros(check.size)
    inside = codes >= 0
    np.maximum.at(most, codes[inside], sizes[inside])
    most[-1] = most.max()
    return most


def kindergarten(check: Check, asked: Asked) -> Outcome:
    """Classes and land are not recorded, so that floor area alone never meets."""
    return one_facility(check, asked, unknown=Text("班数、用地面积", "classes, land"))


def health_station(check: Check, asked: Asked) -> Outcome:
    """None is needed where a health centre lies in the place."""
    found = one_facility(check, asked)
    if FACILITIES not in check.ws:
        return found
    served = check.totals(check.codes(FACILITIES)[of_kind(check.ws, "CC-5.centre", FACILITIES.key)]) > 0
    if not served.any():
        return found
    words = Text("有卫生服务中心，可不设卫生服务站", "a health centre serves: no station is needed")
    value = np.where(served & np.isnan(found.value), 0.0, found.value)
    status = ["ready" if one else state for one, state in zip(served, found.statuses(), strict=True)]
    passes = served | (np.zeros(check.size, dtype=bool) if found.passes is None else found.passes)
    judged = np.where(served, check.community_sized[1], found.judged)
    return replace(
        found, value=value, status=status, passes=passes, judged=judged, note=[words if one else None for one in served]
    )


def supermarket(check: Check, asked: Asked) -> Outcome:
    """A supermarket, in old communities small shops; where no trade is recorded shopfronts are counted as a proxy."""
    found = one_facility(check, asked)
    return found if np.isfinite(found.value).any() else _shopfronts(check, found, asked.floor_m2)


def shops(check: Check, asked: Asked) -> Outcome:
    """Different trades of daily life; shopfronts whose trade is not recorded are a proxy."""
    unit, denominator = Text("种", "trades"), Text("所列业态", "trades of the list")
    lacking = check.lacking(FACILITIES)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=denominator)
    chosen = of_kind(check.ws, "CC-8", FACILITIES.key)
    if not chosen.any():
        words = UNRECORDED.format(what=kind_words(check.ws, "CC-8"))
        return _shopfronts(check, check.unavailable(words, unit=unit, denominator=denominator), 0.0)
    kinds = pd.factorize(check.ws[FACILITIES][Facilities.kind].astype("object"))[0]
    codes = check.codes(FACILITIES)
    pairs = np.unique(np.column_stack([codes, kinds])[chosen & (codes >= 0)], axis=0)
    number = check.totals(pairs[:, 0])
    number[-1] = len(np.unique(pairs[:, 1]))
    passes = number >= asked.least
    return Outcome(
        number, "partial", unit, denominator, judged=passes & check.community_sized[1], passes=passes,
        missing=Text("未登记的业态", "trades that nobody recorded") if not passes.all() else None,
        meta={"method": "different trades recorded"},
    )  # fmt: skip


def _shopfronts(check: Check, none: Outcome, least_m2: float) -> Outcome:
    if FACILITIES not in check.ws:
        return none
    chosen = of_kind(check.ws, "CC-8.any", FACILITIES.key)
    if not chosen.any():
        return none
    floor = check.ws[FACILITIES][Facilities.floor_area_m2].to_numpy(dtype=float, na_value=np.nan)
    chosen = chosen & (np.nan_to_num(floor) >= least_m2)
    words = Text("沿街店铺（业态未知）", "shopfronts of unknown trade")
    count = check.totals(check.codes(FACILITIES)[chosen])
    return Outcome(
        count, "proxy", PLACES, words, judged=False, missing=Text("店铺业态", "trades of the shops"),
        note=Text("以登记的沿街店铺数代替", "the number of recorded shopfronts stands in"), meta={"method": "shopfronts"},
    )  # fmt: skip


ITEMS: Mapping[int, Item] = {
    **dict.fromkeys((1, 3, 4, 7), one_facility),
    2: kindergarten,
    5: health_station,
    6: supermarket,
    8: shops,
}
"""Function of each item by its number."""
