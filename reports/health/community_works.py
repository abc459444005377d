"""Items 9 to 13 of the complete community: municipal works, by place as the health check has them.

An item is met where all that it asks for is known; what is known to be missing fails; what cannot be known gets no
verdict. A place is failed for lacking a thing only if it has the size of a community, or is the whole.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from geo.lanes.segments import largest_connected
from geo.text import Text
from layers.catalog import FACILITIES, ISSUES, PARKING, STREETS, TOILETS
from layers.schema import Toilets
from reports.health import facilities, parking
from reports.health.check import PERCENT, Check, quotient
from reports.health.community_services import Asked, Item
from reports.health.finding import Outcome, Things, both
from reports.health.fire_lane import fire_lanes
from reports.health.kinds import kind_words, of_kind
from reports.health.roads import open_issues, walkable
from reports.service.services import said_no_entry


def lines_and_pipes(check: Check, asked: Asked) -> Outcome:
    """Open issues of water, drainage, roads, power and gas; without one nothing is known to be complete.

    A place larger than a community always has some: it is told the number and not failed.
    """
    unit, denominator = Text("件", "issues"), Text("未办结的基础类问题", "open issues of basic works")
    lacking = check.lacking(ISSUES)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=denominator)
    systems = {"water": Text("供水", "water"), "drainage": Text("排水", "drainage"), "roads": Text("道路", "roads"),
               "power": Text("供电与通信", "power and telecommunication"), "gas": Text("供气", "gas")}  # fmt: skip
    rows = {key: open_issues(check, f"CC-9.{key}") for key in systems}
    codes = check.codes(ISSUES)
    every = np.unique(np.concatenate(list(rows.values())))
    number = check.totals(codes[every])
    beside = {key: (systems[key], check.totals(codes[rows[key]])) for key in systems}
    ids = check.ws[ISSUES].index.to_numpy(dtype=object)[every]
    found = Outcome(
        number, "partial", unit, denominator, judged=(number > asked.least) & check.community_sized[1], passes=number <= asked.least,
        missing=Text("各类管线与设施的普查", "a survey of pipes and lines"), failing=(Things(ISSUES.key, ids, codes[every]),),
        note=Text("无未结问题不等于设施完好", "no open issue is not to say that all is in order"), beside=beside,
        meta={"method": "open issues of basic works"},
    )  # fmt: skip
    return check.where_known(found, ISSUES)


def parking_and_charging(check: Check, asked: Asked) -> Outcome:
    """New: bays per household and charging. Old: no fire lane taken by bays, and a place to charge e-bikes."""
    bays = parking.bays_per_household(check)
    if check.profile != "CN-new":
        return _shared_parking(check, bays)
    passes = np.nan_to_num(bays.value, nan=-1.0) >= asked.least
    charging = Text("预留充电条件", "bays ready for charging")
    judged = np.asarray(bays.judged) & ~passes
    return replace(bays.saying(missing=charging).but("partial"), judged=judged, passes=passes)


def _shared_parking(check: Check, bays: Outcome) -> Outcome:
    """Parking places that reach into a fire lane, by the corridor test; places without an outline cannot be tested."""
    unit, denominator = (
        Text("处占消防车道", "in a fire lane"),
        Text("有轮廓的露天停车场", "open parking places with an outline"),
    )
    lacking = check.lacking(PARKING, STREETS)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=denominator)
    lanes, codes = fire_lanes(check).taken, check.codes(PARKING)
    ids = lanes.loc[lanes["cause"] == PARKING.key, "thing_id"].unique()
    rows = check.ws[PARKING].index.get_indexer(ids)
    taken = check.totals(codes[rows])
    points = check.totals(codes[shapely.get_dimensions(check.ws[PARKING].geometry.to_numpy()) == 0]) > 0
    charges = np.zeros(check.size, dtype=bool)
    if FACILITIES in check.ws:
        charges = check.totals(check.codes(FACILITIES)[of_kind(check.ws, "K-EB", FACILITIES.key)]) > 0
    charging = Text("电动自行车集中充电处（未登记）", "places to charge e-bikes (none recorded)")
    outlines = Text("部分停车场的轮廓", "outlines of some parking places")
    local = Text("停车位配比按地方规定，此处不判", "bays per household follow local rules and are not judged here")
    beside = {"bays_per_household": (Text("泊位/户", "bays per household"), bays.value)}
    found = Outcome(
        taken, ["ready" if one and not two else "partial" for one, two in zip(charges, points, strict=True)], unit,
        denominator, Text("占消防车道的停车场", "parking places that take a fire lane"),
        judged=(taken > 0) | (charges & ~points), passes=(taken == 0) & charges,
        missing=[both(None if one else charging, outlines if two else None) for one, two in zip(charges, points, strict=True)],
        note=local, failing=(Things(PARKING.key, ids, codes[rows]),), beside=beside, meta={"method": "corridor test of bays"},
    )  # fmt: skip
    return check.where_known(found, STREETS, PARKING)


def walking(check: Check, asked: Asked) -> Outcome:
    """Households within a walk of a bus stop; the connected share of the walkways stands beside."""
    found = facilities.COMPUTED["F-BUS"](check)
    if STREETS not in check.ws:
        return found.saying(missing=check.lacking(STREETS))
    lines = check.ws[STREETS].geometry.to_numpy()[walkable(check, "R-WALK")]
    one = largest_connected(lines, join_m=check.policy["street_join_m"])
    share = 100 * float(shapely.length(lines[one]).sum() / shapely.length(lines).sum()) if len(lines) else np.nan
    words = Text("步行道最大连通部分（%）", "largest connected part of the walkways, %")
    fails = ~np.isnan(found.value) & (found.value < asked.least)
    cycling = Text("慢行系统的断点普查", "a survey of gaps for walking and cycling")
    return replace(
        found.saying(missing=cycling), judged=np.broadcast_to(found.judged, (check.size,)) & fails,
        beside={**found.beside, "connected_percent": (words, check.number(share))},
    )  # fmt: skip


def accessible(check: Check, asked: Asked) -> Outcome:
    """Accessible public toilets of those that say so, a proxy; open requests beside. Entrances are not recorded."""
    denominator = Text("登记了无障碍情况的公厕", "public toilets that say whether they are accessible")
    survey = Text("建筑出入口坡道、电梯的普查", "a survey of ramps and elevators")
    if TOILETS not in check.ws:
        return check.unavailable(both(check.lacking(TOILETS), survey) or survey, unit=PERCENT, denominator=denominator)
    column, codes = check.ws[TOILETS][Toilets.accessible], check.codes(TOILETS)
    told = column.notna().to_numpy(dtype=bool)
    yes = column.fillna(value=False).to_numpy(dtype=bool)
    above, below = check.totals(codes[yes]), check.totals(codes[told])
    asks = (
        check.codes(ISSUES)[open_issues(check, f"CC-{asked.number}")]
        if ISSUES in check.ws
        else np.empty(0, dtype=np.intp)
    )
    return Outcome(
        quotient(above, below, per=100), "proxy", PERCENT, denominator, Text("无障碍公厕", "accessible toilets"), above,
        below, judged=False, missing=survey, note=Text("以公厕无障碍代替", "public toilets stand in"),
        beside={"requests": (Text("未结的适老与无障碍诉求", "open requests"), check.totals(asks))},
        meta={"method": "accessible toilets / toilets that say so"},
    )  # fmt: skip


def sanitation(check: Check, asked: Asked) -> Outcome:
    """Public toilets and collection points; floor areas of toilets are not recorded, so that nothing is known to meet."""
    unit, denominator = Text("座", "toilets"), Text("不适用（公厕座数）", "none: public toilets")
    lacking = check.lacking(TOILETS)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=denominator)
    number = check.totals(check.codes(TOILETS)[~said_no_entry(check.ws[TOILETS])])
    points, recorded = np.full(check.size, np.nan), None
    if FACILITIES in check.ws:
        chosen = of_kind(check.ws, "CC-13", FACILITIES.key)
        points = check.totals(check.codes(FACILITIES)[chosen]) if chosen.any() else points
    if np.isnan(points).all():
        recorded = kind_words(check.ws, "CC-13")
    station = Text("收集站用地", "land of the waste station") if asked.land_m2 > 0 else None
    missing = both(both(Text("公厕建筑面积", "floor areas of toilets"), recorded), station)
    found = Outcome(
        number, "partial", unit, denominator, judged=(number < asked.least) & check.community_sized[0],
        passes=number >= asked.least, missing=missing,
        beside={"collection_points": (Text("生活垃圾收集点", "collection points"), points)},
        meta={"method": "public toilets; collection points beside"},
    )  # fmt: skip
    return check.where_known(found, TOILETS)


ITEMS: Mapping[int, Item] = {
    9: lines_and_pipes,
    10: parking_and_charging,
    11: walking,
    12: accessible,
    13: sanitation,
}
"""Function of each item by its number."""
