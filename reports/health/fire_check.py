"""Indicators of fire lanes: what takes the lanes of each place, and how far apart lanes and hydrants lie."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.lanes.gaps import STEP_M, widest_gaps
from geo.lanes.pieces import pieces_of
from geo.lanes.segments import Laid
from geo.ownership import locate
from geo.text import Text
from layers.catalog import BUILDINGS, FACILITIES, ISSUES, PARKING, STREETS
from reports.health.check import METRES, Check
from reports.health.finding import Marks, Outcome, Things, Values, both
from reports.health.fire_lane import Lanes, fire_lanes
from reports.health.kinds import of_kind
from reports.health.roads import course, least_by_place, named, of_known, open_issues, streets_for

LANE_M = Text("消防车道长度（m）", "length of fire lanes, m")
HEIGHT = Text("净高", "clear height")
NO_LANE = Text("这里没有可作消防车道的街巷", "no street here that is a fire lane")
ONLY_WIDTH = Text(
    "按“中线两侧半宽走廊”判净宽；净高未知，不能据此判定达标",
    "clear width by the corridor along the centre line; the height is unknown, so nothing is known to meet",
)


def taken_lanes(check: Check) -> Outcome:
    """Length of fire lanes whose corridor is taken, or that are too narrow themselves, each metre once.

    Fails where something takes a lane or a long dead end has no room to turn; nothing meets, for heights are unknown.
    """
    lacking = check.lacking(STREETS)
    if lacking:
        return check.unavailable(lacking, unit=METRES, denominator=LANE_M)
    lanes = fire_lanes(check)
    laid = course(check, lanes.lines)
    layers = [STREETS] + ([BUILDINGS] if BUILDINGS in check.ws else [])
    known = check.known(*layers)
    below = of_known(check.totals(laid.area, laid.metres), known)
    if not check.totals(laid.area)[-1] > 0:
        return check.unavailable(NO_LANE, unit=METRES, denominator=LANE_M)
    lost = _lost(check, lanes)
    above = of_known(check.totals(lost.area, lost.metres), known)
    spots = lanes.taken[lanes.taken["from_m"] == lanes.taken["to_m"]]
    places = _at(check, spots.geometry.to_numpy())
    ends = lanes.ends[~lanes.ends["turns"] & ~lanes.ends["at_rim"]]
    at_ends = _at(check, ends.geometry.to_numpy())
    fails = (above > 0) | (check.totals(places) > 0) | (check.totals(at_ends) > 0)
    missing = both(_missing(check, lanes), HEIGHT)
    found = Outcome(
        np.where(below > 0, above, np.nan),
        "partial",
        METRES,
        LANE_M,
        Text("被占用或偏窄的长度（m）", "length taken or too narrow, m"),
        above,
        below,
        judged=fails,
        passes=~fails,
        missing=[missing if one > 0 else both(NO_LANE, missing) for one in below],
        note=ONLY_WIDTH,
        failing=_failing(check, lanes, lost, (places, at_ends)),
        beside=_beside(check, lanes, laid, spots=places, ends=at_ends),
        meta=_meta(check),
    )
    return check.where_known(found, *layers, summed=True)


def _meta(check: Check) -> dict[str, object]:
    rules = {key: check.policy[key] for key in ("fire_tolerance_m", "fire_turning_m", "fire_dead_end_from_m")}
    return {"method": "corridor test", "clear_width_m": check.thresholds["R-FIRE"].value, **rules}


def _lost(check: Check, lanes: Lanes) -> Laid:
    """Lay over the grids what of the lanes is taken or too narrow, each metre once."""
    every = pd.concat([lanes.taken, lanes.narrow], ignore_index=True)
    row = pd.Index(lanes.ids).get_indexer(every["street_id"])
    begins, ends, line = _united(row, every["from_m"].to_numpy(dtype=float), every["to_m"].to_numpy(dtype=float))
    laid = course(check, pieces_of(lanes.lines).between(line, begins, ends))
    return laid._replace(line=line[laid.line])


def _united(row: NDArray[np.intp], begin: Values, end: Values) -> tuple[Values, Values, NDArray[np.int64]]:
    """Join stretches of a line that overlap or follow on each other; those without length are left out."""
    order = np.lexsort([begin, row])
    row, begin, end = row[order], begin[order], end[order]
    frame = pd.DataFrame({"row": row, "begin": begin, "end": end})[end > begin]
    reach = frame.groupby("row")["end"].cummax().shift(fill_value=-np.inf).to_numpy()
    new = (frame["row"].diff().fillna(1) != 0).to_numpy() | (frame["begin"].to_numpy() > reach)
    whole = frame.groupby(np.cumsum(new)).agg({"row": "first", "begin": "min", "end": "max"})
    return whole["begin"].to_numpy(), whole["end"].to_numpy(), whole["row"].to_numpy(dtype=np.int64)


def _at(check: Check, points: NDArray[np.object_]) -> NDArray[np.intp]:
    """Row of the grid for each point."""
    grids = check.ws.grids(check.level).geometry.to_numpy()
    return np.asarray(locate(shapely.get_x(points), shapely.get_y(points), grids), dtype=np.intp)


def _missing(check: Check, lanes: Lanes) -> Text | None:
    """Say what is not known of the lanes and of what may stand in them."""
    absent = check.lacking(BUILDINGS, PARKING, ISSUES)
    unknown = int(np.isnan(lanes.width_m).sum())
    widths = Text(f"{unknown:,} 条车道的路面宽度", f"widths of {unknown:,} lanes") if unknown else None
    points = 0
    if PARKING in check.ws:
        points = int((shapely.get_dimensions(check.ws[PARKING].geometry.to_numpy()) == 0).sum())
    shapes = Text(f"{points:,} 处以点登记的停车场轮廓", f"outlines of {points:,} parking places given as points")
    return both(both(absent, widths), shapes if points else None)


def _failing(
    check: Check, lanes: Lanes, lost: Laid, others: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> tuple[Things, ...]:
    """Lanes by place, and the buildings, bays and issues that take them, in the grids in which they lie."""
    spots = lanes.taken[lanes.taken["from_m"] == lanes.taken["to_m"]]["street_id"].to_numpy(dtype=object)
    ends = lanes.ends[~lanes.ends["turns"] & ~lanes.ends["at_rim"]]["street_id"].to_numpy(dtype=object)
    streets = np.concatenate([lanes.ids[lost.line], spots, ends])
    found = [named(STREETS, streets, np.concatenate([lost.area, *others]))]
    for spec in (BUILDINGS, PARKING, ISSUES):
        ids = lanes.taken.loc[lanes.taken["cause"] == spec.key, "thing_id"].unique()
        if len(ids):
            rows = check.ws[spec].index.get_indexer(ids)
            found.append(named(spec, ids, check.codes(spec)[rows]))
    return tuple(found)


def _beside(
    check: Check, lanes: Lanes, laid: Laid, *, spots: NDArray[np.intp], ends: NDArray[np.intp]
) -> dict[str, tuple[Text, Values]]:
    """Further numbers: least width left, length with less than the clear width, spots, dead ends, walls, reports."""
    asked = check.thresholds["R-FIRE"].value
    row = pd.Index(lanes.ids)
    left = lanes.width_m.copy()
    for table in (lanes.taken[lanes.taken["width_m"].notna()], lanes.narrow):
        at = row.get_indexer(table["street_id"])
        np.fmin.at(left, at, table["clear_m"].to_numpy(dtype=float))
    tight = pd.concat([lanes.taken, lanes.narrow], ignore_index=True)
    tight = tight[(tight["clear_m"] < asked) & tight["width_m"].notna()]
    begin, end, line = _united(
        row.get_indexer(tight["street_id"]), tight["from_m"].to_numpy(dtype=float), tight["to_m"].to_numpy(dtype=float)
    )
    short = course(check, pieces_of(lanes.lines).between(line, begin, end))
    near = reported = np.empty(0, dtype=np.intp)
    if lanes.near_walls is not None:
        near = check.codes(BUILDINGS)[check.ws[BUILDINGS].index.get_indexer(lanes.near_walls.index)]
    if ISSUES in check.ws:
        reported = check.codes(ISSUES)[open_issues(check, "R-FIRE.blocked")]
    return {
        "least_clear_m": (Text("最小余宽（m）", "least clear width, m"), least_by_place(check, laid, left)),
        "below_clear_m": (
            Text("余宽不足的长度（路面宽度已知，m）", "length with too little left, of known carriageway, m"),
            check.totals(short.area, short.metres),
        ),
        "spots": (Text("无长度的占用点", "spots taken, without length"), check.totals(spots)),
        "dead_ends": (Text("无回车场地的尽头车道", "dead ends without room to turn"), check.totals(ends)),
        "near_walls": (Text("离车道过近的楼栋", "buildings nearer to a lane than they may be"), check.totals(near)),
        "reported": (
            Text("消防通道或设施的未结反映", "open reports of fire lanes or equipment"),
            check.totals(reported),
        ),
    }


def lane_spacing(check: Check) -> Outcome:
    """Widest ground without a fire lane: the largest circle in mapped ground that no lane crosses; hydrants beside it.

    Only circles that hold a building count, so that a park or a lake is no fault; without buildings there is no verdict.
    """
    unit, denominator = METRES, Text("可作消防车道的街巷", "streets that are fire lanes")
    lacking = check.lacking(STREETS)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=denominator)
    layers = [STREETS] + ([BUILDINGS] if BUILDINGS in check.ws else [])
    known = check.known(*layers)[:-1]
    lines = check.ws[STREETS].geometry.to_numpy()[streets_for(check, "R-FIRE")]
    if not len(lines) or not known.any():
        return check.where_known(check.unavailable(NO_LANE, unit=unit, denominator=denominator), *layers)
    wide = _spacing(check, lines, known)
    hydrants, beside = _hydrants(check)
    missing = both(hydrants, check.lacking(BUILDINGS))
    fails = ~check.thresholds["R-FIREGAP"].holds(wide) & (BUILDINGS in check.ws)
    found = Outcome(
        wide,
        "partial" if missing else "ready",
        unit,
        denominator,
        judged=fails if missing else True,
        passes=~fails,
        missing=missing,
        note=Text(
            "不与任何车道相交、内有楼栋的最大圆的直径，即两侧车道的间距",
            "diameter of the largest circle that holds a building and that no lane crosses",
        ),
        beside=beside,
        meta={"method": "largest empty circle inside the mapped ground", "samples_m": STEP_M},
    )
    return check.where_known(found, *layers, summed=True)


def _spacing(check: Check, lines: NDArray[np.object_], known: Marks) -> Values:
    """Widest gaps by place; beyond the rim of the mapped ground there may be lanes that nobody drew: circles stay inside."""
    grids = check.ws.grids(check.level).geometry.to_numpy()
    rim = shapely.boundary(shapely.union_all(grids[known]))
    houses = check.ws[BUILDINGS].geometry.to_numpy() if BUILDINGS in check.ws else None
    wide = np.full(check.size, np.nan)
    wide[:-1][known] = widest_gaps(np.append(lines, rim), grids[known], holding=houses).width_m
    wide[-1] = np.nanmax(wide[:-1]) if np.isfinite(wide[:-1]).any() else np.nan
    return wide


def _hydrants(check: Check) -> tuple[Text | None, dict[str, tuple[Text, Values]]]:
    """Widest gap between neighbouring hydrants and the share of buildings that one protects."""
    absent = Text("室外消火栓", "outdoor hydrants")
    if FACILITIES not in check.ws:
        return absent, {}
    chosen = of_kind(check.ws, "R-FIREGAP", FACILITIES.key)
    if not chosen.any():
        return absent, {}
    spots = check.ws[FACILITIES].geometry.to_numpy()[chosen]
    codes = check.codes(FACILITIES)[chosen]
    apart = np.full(check.size, np.nan)
    if len(spots) > 1:
        (one, _), distance = shapely.STRtree(spots).query_nearest(
            spots, exclusive=True, return_distance=True, all_matches=False
        )
        inside = codes[one] >= 0
        farthest = np.full(check.size, -np.inf)
        np.maximum.at(farthest, codes[one][inside], distance[inside])
        farthest[-1] = farthest.max()
        apart = np.where(np.isinf(farthest), np.nan, farthest)
    found = {"hydrant_spacing_m": (Text("消火栓最大间距（m）", "widest spacing of hydrants, m"), apart)}
    if BUILDINGS in check.ws:
        tree, reach = shapely.STRtree(spots), check.policy["hydrant_radius_m"]
        houses = check.ws[BUILDINGS].geometry.to_numpy()
        safe = np.unique(tree.query(houses, predicate="dwithin", distance=reach)[0])
        left = np.setdiff1d(np.arange(len(houses)), safe)
        words = Text("消火栓保护半径外的楼栋", "buildings beyond the reach of a hydrant")
        found["unprotected"] = (words, check.totals(check.codes(BUILDINGS)[left]))
    return None, found


COMPUTED = {"R-FIRE": taken_lanes, "R-FIREGAP": lane_spacing}
