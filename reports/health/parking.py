"""Parking: bays for each household, missing bays, ground parking, accessible and charging bays, facilities, e-bikes."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.text import Text
from layers.catalog import HOUSING_ESTATES, PARKING
from layers.schema import HousingEstates, Parking
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Threshold, Values, both
from reports.health.kinds import of_kind

PER_HOUSEHOLD = Text("泊位/户", "bays per household")
BAYS = Text("泊位", "bays")
ALL_BAYS = Text("泊位总数", "bays")
NO_BAYS = Text("这里没有登记泊位", "no bays are recorded here")
DWELLINGS = Text("户数（代替住宅套数）", "households, for dwellings")
WITHOUT_GAPS = 1e-9


class Bays(NamedTuple):
    """Known bays of each parking place (NaN unknown) with the row of its grid, and the places where some are unknown."""

    each: Values
    codes: NDArray[np.intp]
    doubtful: Marks
    missing: Text | None


def bays_of(check: Check) -> Bays:
    """Give the bays."""
    each = check.ws[PARKING][Parking.bays].to_numpy(dtype=float, na_value=np.nan)
    codes, unknown = check.codes(PARKING), np.isnan(each)
    missing = Text(
        f"{unknown.sum():,} 处停车场的泊位数（未计入）", f"bays of {unknown.sum():,} parking places, which do not count"
    )
    return Bays(each, codes, check.totals(codes[unknown]) > 0, missing if unknown.any() else None)


def nearest_estate(check: Check, shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Give the row of the estate that each thing lies in or next to, -1 for none."""
    found = np.full(len(shapes), -1, dtype=np.intp)
    estates = check.ws[HOUSING_ESTATES].geometry.to_numpy()
    if len(estates) and len(shapes):
        (thing, estate), _ = shapely.STRtree(estates).query_nearest(
            shapes, max_distance=check.policy["estate_reach_m"] + 1e-6, return_distance=True, all_matches=False
        )
        found[thing] = estate
    return found


def _lacking_people(check: Check, unit: Text) -> Outcome | None:
    people, lacking = check.households, check.lacking(PARKING)
    if lacking or people.status == "unavailable":
        return check.unavailable(both(lacking, people.missing) or people.words, unit=unit, denominator=people.words)
    return None


def bays_per_household(check: Check) -> Outcome:
    """Bays by households; where bays are unknown a place that would fail gets no verdict, for they might suffice."""
    none = _lacking_people(check, PER_HOUSEHOLD)
    if none is not None:
        return none
    people, bays = check.households, bays_of(check)
    have = check.totals(bays.codes, bays.each)
    value = quotient(have, people.by_place)
    limit = check.thresholds["K-R"]
    found = Outcome(
        value,
        people.status,
        PER_HOUSEHOLD,
        people.words,
        ALL_BAYS,
        have,
        people.by_place,
        judged=~bays.doubtful | limit.holds(value),
        missing=both(people.missing, bays.missing),
        note=people.note,
        failing=_estates_short(check, bays, limit, served=limit.holds(value)),
        meta={"method": "bays / households"},
    )
    return check.where_known(found.but("partial", bays.doubtful) if bays.doubtful.any() else found, PARKING, per=1)


def _estates_short(check: Check, bays: Bays, limit: Threshold, *, served: Marks) -> tuple[Things, ...]:
    """Estates whose own bays (inside or at the edge) fall short, in grids that do too; unknown ones are left out."""
    if HOUSING_ESTATES not in check.ws:
        return ()
    table = check.ws[HOUSING_ESTATES]
    homes = table[HousingEstates.households].to_numpy(dtype=float, na_value=np.nan)
    own = nearest_estate(check, check.ws[PARKING].geometry.to_numpy())
    inside = own >= 0
    have = np.bincount(own[inside], weights=bays.each[inside], minlength=len(table))
    short = ~limit.holds(quotient(have.astype(float), homes)) & ~np.isnan(have) & (homes > 0)
    codes = check.codes(HOUSING_ESTATES)
    short &= (codes >= 0) & ~served[codes]
    return (Things(HOUSING_ESTATES.key, table.index.to_numpy(dtype=object)[short], codes[short]),)


def target_of(check: Check) -> float:
    """Give the target of bays per household of the profile."""
    return check.policy["parking_bays_per_household_new" if check.profile == "CN-new" else "parking_bays_per_household"]


def missing_bays(check: Check) -> Outcome:
    """Bays that are missing in each grid to the target, whole bays; the whole adds them up, a surplus elsewhere is no help."""
    none = _lacking_people(check, BAYS)
    if none is not None:
        return none
    people, bays, target = check.households, bays_of(check), target_of(check)
    have = check.totals(bays.codes, bays.each)
    short = np.ceil(np.maximum(0.0, target * people.by_place - have) - WITHOUT_GAPS) + 0.0  # no -0
    short[-1] = np.nansum(short[:-1]) if np.isfinite(short[:-1]).any() else np.nan
    doubtful = bays.doubtful & (short > 0)
    words = Text("目标 {n:g} 泊位/户", "target {n:g} bays per household").format(n=target)
    at_most = Text("；有泊位数未知，缺口至多为此数", "; some bays are unknown: at most so many are missing")
    more = Text(words.zh + at_most.zh, words.en + at_most.en)
    surplus = have - target * people.by_place
    found = Outcome(
        short,
        people.status,
        BAYS,
        people.words,
        judged=~doubtful,
        missing=both(people.missing, bays.missing),
        note=[both(more if one else words, people.note) for one in doubtful],
        beside={"net_bays": (Text("泊位减目标（可为负）", "bays less target, may be negative"), surplus)},
        meta={"method": "max(0, target x households - bays)", "target_bays_per_household": target},
    )
    return check.where_known(found.but("partial", bays.doubtful) if bays.doubtful.any() else found, PARKING)


def ground_parking(check: Check) -> Outcome:
    """Ground bays in percent of dwellings, for which households stand."""
    none = _lacking_people(check, PERCENT)
    if none is not None:
        return none
    people, bays = check.households, bays_of(check)
    ground = of_kind(check.ws, "K-GRD", PARKING.key)
    have = check.totals(bays.codes[ground], bays.each[ground])
    value = quotient(have, people.by_place, per=100)
    untold = int(check.ws[PARKING][Parking.kind].isna().sum())
    kinds = Text(f"{untold:,} 处停车场的类型", f"kinds of {untold:,} parking places") if untold else None
    fails = ~check.thresholds["K-GRD"].holds(value)
    found = Outcome(
        value,
        people.status,
        PERCENT,
        DWELLINGS,
        Text("地面泊位", "ground bays"),
        have,
        people.by_place,
        judged=fails | ~bays.doubtful,  # more bays can only add to the share
        missing=both(both(people.missing, bays.missing), kinds),
        note=people.note,
        meta={"method": "ground bays / households"},
    )
    partial = bays.doubtful if not untold else np.ones(check.size, dtype=bool)
    return check.where_known(found.but("partial", partial) if partial.any() else found, PARKING, per=100)


def _share_of_bays(check: Check, column: str, numerator: Text, indicator: str) -> Outcome:
    """Bays of a kind in percent of all known bays; where a parking place does not record the kind, at least so many."""
    lacking = check.lacking(PARKING)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=ALL_BAYS)
    bays = bays_of(check)
    own = check.ws[PARKING][column].to_numpy(dtype=float, na_value=np.nan)
    untold = np.isnan(own)
    gaps = Text("{n:,} 处停车场的{what}", "{what} of {n:,} parking places").format(n=int(untold.sum()), what=numerator)
    if untold.all():
        return check.unavailable(gaps, unit=PERCENT, denominator=ALL_BAYS)
    above, below = check.totals(bays.codes, own), check.totals(bays.codes, bays.each)
    unknown = check.totals(bays.codes[untold]) > 0
    value = quotient(above, below, per=100)
    least = check.policy["accessible_bays_min"] if indicator == "K-ACC" else 0.0
    passes = check.thresholds[indicator].holds(value) & (above >= least)
    some = both(gaps if untold.any() else None, bays.missing)
    at_least = Text("未登记的按 0 计，实际至少为此数", "what is not recorded counts as 0: at least so many")
    found = Outcome(
        value,
        "ready",
        PERCENT,
        ALL_BAYS,
        numerator,
        above,
        below,
        judged=(passes | ~unknown) & ~bays.doubtful,
        passes=passes,
        missing=[some if have > 0 else both(some, NO_BAYS) for have in below],
        note=[at_least if one else None for one in unknown],
        meta={"method": f"{column} / bays"},
    )
    partial = unknown | bays.doubtful
    return check.where_known(found.but("partial", partial) if partial.any() else found, PARKING, per=100)


def accessible_bays(check: Check) -> Outcome:
    """Accessible bays in percent of bays, and at least one."""
    return _share_of_bays(check, Parking.accessible_bays, Text("无障碍泊位", "accessible bays"), "K-ACC")


def charging_bays(check: Check) -> Outcome:
    """Bays with charging in percent of bays; whether others are ready for it is not recorded."""
    found = _share_of_bays(check, Parking.charging_bays, Text("充电泊位", "charging bays"), "K-EV")
    if np.isnan(found.value).all():
        return found
    reserved = Text("预留充电条件的泊位数", "bays that are ready for charging")
    meets = found.passes if found.passes is not None else np.zeros(check.size, dtype=bool)
    return replace(found.saying(missing=reserved), judged=np.asarray(found.judged) & meets).but("partial")


COMPUTED = {
    "K-R": bays_per_household,
    "K-GAP": missing_bays,
    "K-GRD": ground_parking,
    "K-ACC": accessible_bays,
    "K-EV": charging_bays,
}
