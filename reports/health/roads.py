"""Roads: density, widths inside estates, walkways with open issues, footways."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.lanes.segments import Laid, laid_over, nearest_segment, segments_between_meetings
from geo.text import Text
from layers import LayerSpec
from layers.catalog import ISSUES, STREETS
from layers.schema import Issues, Streets
from layers.standards import standard
from reports.built import said_no
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Values, both
from reports.health.kinds import of_kind

KM = Text("km", "km")
METRES = Text("m", "m")
KM_PER_KM2 = Text("km/km²", "km per km²")
AREA = Text("网格面积（km²）", "grid area, km²")
STREET_KM = Text("道路长度（km）", "length of streets, km")
WALK_KM = Text("主要步行道长度（km）", "length of main walkways, km")
NO_STREETS = Text("这里没有这类道路", "no such street here")
ESTATE_ROADS = Text("宽度已知的小区附属道路长度（m）", "length of estate roads of known width, m")
SOME_WIDTHS = Text("部分道路的宽度", "widths of some roads")
ENTRANCES = Text("车行出入口数", "vehicle entrances")
WALK_WIDTH = Text("步行道净宽（问题 18.2）", "clear width of walkways (problem 18.2)")
FAR = Text("{n} 件问题 {m:g} m 内没有步行道，未计入", "{n} issues have no walkway within {m:g} m")
REPORTED = Text("仅据未结反映归段，未作实地踏勘", "by open reports alone, without a survey on the ground")
ONE_KM = 1000.0
ALL_OF_IT = 100.0
_ROUNDING = 1e-9


def course(check: Check, lines: NDArray[np.object_]) -> Laid:
    """Lay lines over the grids of the check; a line along the border of two grids counts half in each."""
    return laid_over(lines, check.ws.grids(check.level).geometry.to_numpy())


def named(layer: LayerSpec, ids: NDArray[np.object_], codes: NDArray[np.int64]) -> Things:
    """Give things that fail, each once at a place."""
    pairs = pd.DataFrame({"code": codes, "id": ids}).drop_duplicates().sort_values(["code", "id"])
    return Things(layer.key, pairs["id"].to_numpy(dtype=object), pairs["code"].to_numpy(dtype=np.intp))


def streets_for(check: Check, answer: str) -> Marks:
    """Mark the streets that count for an indicator by kind."""
    return of_kind(check.ws, answer, STREETS.key)


def walkable(check: Check, answer: str) -> Marks:
    """Mark the streets that count and that may be walked as far as known."""
    found: Marks = streets_for(check, answer) & ~said_no(check.ws[STREETS][Streets.walkable])
    return found


def _kinds_missing(check: Check, chosen: Marks) -> Text | None:
    untold = int((chosen & check.ws[STREETS][Streets.kind].isna().to_numpy()).sum())
    return Text(f"{untold:,} 条街巷的类型（已计入）", f"kinds of {untold:,} streets, which count") if untold else None


def density(check: Check) -> Outcome:
    """Length of streets by area; a street along the border of two grids counts half in each."""
    lacking = check.lacking(STREETS)
    if lacking:
        return check.unavailable(lacking, unit=KM_PER_KM2, denominator=AREA)
    chosen = streets_for(check, "R-D")
    laid = course(check, check.ws[STREETS].geometry.to_numpy()[chosen])
    above, below = check.totals(laid.area, laid.metres) / ONE_KM, check.area_m2 / ONE_KM**2
    found = Outcome(
        quotient(above, below),
        "ready",
        KM_PER_KM2,
        AREA,
        STREET_KM,
        above,
        below,
        missing=_kinds_missing(check, chosen),
        meta={"method": "length of streets / area", "border": "shared among the grids on both sides"},
    )
    return check.where_known(found, STREETS, per=1)


def estate_roads(check: Check) -> Outcome:
    """Length of estate roads of known width that keep the width of their class; entrances stand beside."""
    lacking = check.lacking(STREETS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=ESTATE_ROADS)
    table = check.ws[STREETS]
    main, other = (streets_for(check, answer) for answer in ("R-W1.main", "R-W1.other"))
    width = table[Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
    asked = np.where(main, check.thresholds["R-W1"].value, np.where(other, check.policy["estate_road_other_m"], np.nan))
    inside = main | other
    if not (inside & ~np.isnan(width)).any():
        missing = Text("小区附属道路的类型与宽度", "kind and width of the roads of estates")
        return check.unavailable(missing, unit=PERCENT, denominator=ESTATE_ROADS)
    laid = course(check, table.geometry.to_numpy())
    enough = width[laid.line] >= asked[laid.line] - _ROUNDING
    known = inside[laid.line] & ~np.isnan(width[laid.line])
    above, below = (check.totals(laid.area[rows], laid.metres[rows]) for rows in (known & enough, known))
    unknown = check.totals(laid.area[inside[laid.line] & ~known], laid.metres[inside[laid.line] & ~known])
    value = quotient(above, below, per=100)
    limit = check.thresholds["R-W1"].instead(value=ALL_OF_IT, comparison="ge", unit="%")
    narrow = known & ~enough
    found = Outcome(
        value,
        "partial",
        PERCENT,
        ESTATE_ROADS,
        Text("宽度达标的长度（m）", "length that keeps the width, m"),
        above,
        below,
        limit=limit,
        judged=~limit.holds(value),  # without the entrances nothing is known to meet
        missing=[
            both(both(None if one == 0 else SOME_WIDTHS, ENTRANCES), None if have > 0 else NO_STREETS)
            for one, have in zip(unknown, below, strict=True)
        ],
        note=Text("只判宽度", "widths alone are judged"),
        failing=(named(STREETS, table.index.to_numpy(dtype=object)[laid.line[narrow]], laid.area[narrow]),),
        beside=_beside_width(check, laid, width, kinds=(main, other)),
        meta={"method": "length of known width that keeps it", "main_m": check.thresholds["R-W1"].value},
    )
    return check.where_known(found, STREETS, per=100)


def _beside_width(
    check: Check, laid: Laid, width: Values, *, kinds: tuple[Marks, Marks]
) -> dict[str, tuple[Text, Values]]:
    words = {
        "least_main_m": (Text("主要附属道路最小宽度（m）", "least width of main roads, m"), kinds[0]),
        "least_other_m": (Text("其他附属道路最小宽度（m）", "least width of other roads, m"), kinds[1]),
    }
    return {
        key: (text, least_by_place(check, laid, np.where(kind, width, np.nan))) for key, (text, kind) in words.items()
    }


def least_by_place(check: Check, laid: Laid, values: Values) -> Values:
    """Smallest of a value of lines at each place, NaN where none is known."""
    known = ~np.isnan(values[laid.line])
    least = np.full(check.size, np.inf)
    np.minimum.at(least, laid.area[known], values[laid.line[known]])
    least[-1] = least.min()
    return np.where(np.isinf(least), np.nan, least)


def of_known(values: Values, known: Marks) -> Values:
    """Give amounts by place of which the whole adds up those of the known places only."""
    return np.append(values[:-1], values[:-1][known[:-1]].sum())


def walkways(check: Check) -> Outcome:
    """Length of walkway segments with open issues of surface, ponding or light, each segment once.

    Without an issue a segment is not known to be in order, for nobody surveyed it: such a place gets no verdict.
    """
    lacking = check.lacking(STREETS, ISSUES)
    if lacking:
        return check.unavailable(lacking, unit=KM, denominator=WALK_KM)
    chosen, snap_m = np.flatnonzero(walkable(check, "R-WALK")), check.policy["walkway_issue_m"]
    ids = check.ws[STREETS].index.to_numpy(dtype=object)[chosen]
    lines = check.ws[STREETS].geometry.to_numpy()[chosen]
    parts = segments_between_meetings(lines, join_m=check.policy["street_join_m"])
    rows = open_issues(check, "R-WALK")
    x, y = check.ws.xy(ISSUES)
    segment = nearest_segment(x[rows], y[rows], parts.shapes, farthest_m=snap_m)
    laid = course(check, parts.shapes)
    bad = np.isin(laid.line, segment[segment >= 0])
    known = check.known(STREETS, ISSUES)
    above = of_known(check.totals(laid.area[bad], laid.metres[bad]) / ONE_KM, known)
    below = of_known(check.totals(laid.area, laid.metres) / ONE_KM, known)
    where = check.codes(ISSUES)[rows]
    far = int(((segment < 0) & (where >= 0) & known[where]).sum())
    issues = check.ws[ISSUES].index.to_numpy(dtype=object)[rows][segment >= 0]
    found = Outcome(
        np.where(below > 0, above, np.nan),
        "partial",
        KM,
        WALK_KM,
        Text("有未结问题的路段长度（km）", "length of segments with open issues, km"),
        above,
        below,
        judged=above > 0,
        missing=both(WALK_WIDTH, FAR.format(n=f"{far:,}", m=snap_m) if far else None),
        note=REPORTED,
        failing=(
            named(STREETS, ids[parts.line[laid.line[bad]]], laid.area[bad]),
            Things(ISSUES.key, issues, where[segment >= 0]),
        ),
        beside={"share_percent": (Text("占步行道长度（%）", "of the walkways, %"), quotient(above, below, per=100))},
        meta={"method": "issues to the nearest segment", "walkway_issue_m": snap_m},
    )
    return check.where_known(found, STREETS, ISSUES, summed=True)


def open_issues(check: Check, answer: str) -> NDArray[np.intp]:
    """Rows of the open issues whose types answer an indicator (table indicator_issues)."""
    rows = standard("indicator_issues", check.ws.folder)
    types = set(rows.loc[rows["answer"] == answer, "issue_type"])
    is_open = check.ws.standing["is_open"].to_numpy(dtype=bool)
    return np.flatnonzero(is_open & check.ws[ISSUES][Issues.issue_type].isin(types).to_numpy(dtype=bool))


def footways(check: Check) -> Outcome:
    """Length of footways of known width that are wide enough; slopes of ramps are not recorded anywhere."""
    denominator = Text("宽度已知的人行道长度（m）", "length of footways of known width, m")
    ramps = Text("坡道坡度", "slopes of ramps")
    missing = both(check.lacking(STREETS), ramps)
    if STREETS in check.ws:
        missing = both(Text("人行道及其净宽", "footways and their clear width"), ramps)
        width = check.ws[STREETS][Streets.width_m].to_numpy(dtype=float, na_value=np.nan)
        known = streets_for(check, "R-SW") & ~np.isnan(width)
        if known.any():
            return _footways(check, width, known, words=(denominator, ramps))
    return check.unavailable(missing or ramps, unit=PERCENT, denominator=denominator)


def _footways(check: Check, width: Values, known: Marks, *, words: tuple[Text, Text]) -> Outcome:
    denominator, ramps = words
    limit = check.thresholds["R-SW"]
    laid = course(check, check.ws[STREETS].geometry.to_numpy())
    wide = known[laid.line] & limit.holds(width[laid.line])
    above, below = (check.totals(laid.area[rows], laid.metres[rows]) for rows in (wide, known[laid.line]))
    value = quotient(above, below, per=100)
    whole = limit.instead(value=ALL_OF_IT, comparison="ge", unit="%")
    narrow = known[laid.line] & ~wide
    found = Outcome(
        value,
        "partial",
        PERCENT,
        denominator,
        Text("净宽达标的长度（m）", "length that is wide enough, m"),
        above,
        below,
        limit=whole,
        judged=~whole.holds(value),  # without slopes nothing is known to meet
        missing=ramps,
        failing=(named(STREETS, check.ws[STREETS].index.to_numpy(dtype=object)[laid.line[narrow]], laid.area[narrow]),),
        beside={
            "least_m": (
                Text("最小净宽（m）", "least width, m"),
                least_by_place(check, laid, np.where(known, width, np.nan)),
            )
        },
        meta={"method": "length of known width that keeps it"},
    )
    return check.where_known(found, STREETS, per=100)


COMPUTED = {
    "R-D": density,
    "R-W1": estate_roads,
    "R-WALK": walkways,
    "R-SW": footways,
}
