"""Public toilets: how many for the land, how far apart, how large, stalls, and what has to keep away from them."""

import numpy as np
import shapely

from geo.areal import covered_area
from geo.coverage import nearest_area_m
from geo.text import Text
from layers.catalog import FACILITIES, HOUSING_ESTATES, TOILETS
from reports.health.check import METRES, PERCENT, Check, quotient
from reports.health.finding import Marks, Outcome, Things, Threshold, Values
from reports.health.kinds import kind_words, of_kind
from reports.service.services import said_no_entry

PER_KM2 = Text("座/km²", "per km²")
HOUSING_LAND = Text("居住小区用地面积（km²）", "land of housing estates, km²")
ALL_LAND = Text("网格面积（km²）", "grid area, km²")
TOILET_COUNT = Text("公厕座数", "public toilets")
EVERY = Threshold(100.0, np.nan, "ge", "%", Text("每座均须达到", "each has to keep it"), "standard")
NONE_HERE = Text("这里没有公厕", "no public toilet here")


def open_toilets(check: Check) -> Marks:
    """Mark the toilets that are not said to be closed to the public."""
    return ~said_no_entry(check.ws[TOILETS])


def density(check: Check) -> Outcome:
    """Toilets per km² of residential land; of all land, as a proxy, where the estates are not drawn.

    A place so small that the standard asks for less than one toilet gets no verdict. More than the upper end is no
    fault.
    """
    lacking = check.lacking(TOILETS)
    if lacking:
        return check.unavailable(lacking, unit=PER_KM2, denominator=HOUSING_LAND)
    count = check.totals(check.codes(TOILETS)[open_toilets(check)])
    estates = check.ws[HOUSING_ESTATES].geometry.to_numpy() if HOUSING_ESTATES in check.ws else None
    if estates is None:
        km2, words, status, missing = check.area_m2 / 1e6, ALL_LAND, "proxy", check.lacking(HOUSING_ESTATES)
    else:
        each = covered_area(estates, check.ws.grids(check.level).geometry.to_numpy()) / 1e6
        km2, words, status, missing = np.append(each, each.sum()), HOUSING_LAND, "ready", None
    limit = check.thresholds["T-D"]
    found = Outcome(
        quotient(count, km2),
        status,
        PER_KM2,
        words,
        TOILET_COUNT,
        count,
        km2,
        judged=limit.value * km2 >= 1,
        passes=limit.instead(comparison="ge").holds(quotient(count, km2)),
        missing=missing,
        note=[_too_small(limit.value * wanted) for wanted in km2],
        meta={"smallest_judged_km2": 1 / limit.value if limit.value > 0 else None},
    )
    return check.where_known(found, TOILETS, per=1)


def _too_small(wanted: float) -> Text | None:
    words = Text(
        f"面积太小，按下限只需 {wanted:.2f} 座，不作判定",
        f"too small for a verdict: the lower end asks for {wanted:.2f} toilets",
    )
    return None if wanted >= 1 else words


def spacing(check: Check) -> Outcome:
    """Mean distance from each toilet to the next one in a straight line: a proxy for the spacing along streets."""
    lacking = check.lacking(TOILETS)
    words = TOILET_COUNT
    if lacking:
        return check.unavailable(lacking, unit=METRES, denominator=words)
    chosen = open_toilets(check)
    x, y = (axis[chosen] for axis in check.ws.xy(TOILETS))
    next_m = _to_the_next(x, y)
    codes, known = check.codes(TOILETS)[chosen], np.isfinite(next_m)
    above = check.totals(codes[known], next_m[known])
    below = check.totals(codes[known])
    missing = Text("街道等级（繁华、一般、老旧居住区）", "the class of each street (busy, ordinary, old housing)")
    found = Outcome(
        quotient(above, below),
        "proxy",
        METRES,
        words,
        Text("到最近另一座公厕的直线距离之和（m）", "straight distances to the next toilet, m"),
        above,
        below,
        judged=False,
        missing=missing,
        note=Text("直线距离的平均值", "mean of straight-line distances"),
    )
    return check.where_known(found, TOILETS, per=1)


def _to_the_next(x: Values, y: Values) -> Values:
    """Distance from each point to the nearest other one, infinite for a single point."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (heavy)

    placed = np.isfinite(x) & np.isfinite(y)
    found = np.full(len(x), np.inf)
    points = np.column_stack([x[placed], y[placed]])
    if len(points) > 1:
        found[placed] = cKDTree(points).query(points, k=2)[0][:, 1]
    return found


def sizes(check: Check) -> Outcome:
    """Share of detached toilets whose floor area lies in the range."""
    unit, words = PERCENT, kind_words(check.ws, "T-A")
    lacking = check.lacking(TOILETS)
    if lacking:
        return check.unavailable(lacking, unit=unit, denominator=words)
    table = check.ws[TOILETS]
    drawn = shapely.area(table.geometry.to_numpy())
    area = np.where(drawn > 0, drawn, np.nan)
    if "floor_area_m2" in table:
        stated = table["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan)
        area = np.where(np.isnan(stated), area, stated)
    chosen = of_kind(check.ws, "T-A", TOILETS.key)
    if not chosen.any():
        return check.unavailable(
            Text("公厕类型（独立式、附属式）", "the kind of toilet (detached or attached)"),
            unit=unit,
            denominator=words,
        )
    return _each(
        check, chosen, area, check.thresholds["T-A"].holds(area), field=Text("公厕建筑面积", "floor areas of toilets")
    )


def stalls(check: Check) -> Outcome:
    """Share of toilets with enough women's stalls for each of the men's."""
    lacking = check.lacking(TOILETS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=TOILET_COUNT)
    women, men = (check.ws[TOILETS][f"stalls_{who}"].to_numpy(dtype=float, na_value=np.nan) for who in ("women", "men"))
    ratio = np.divide(women, men, out=np.where(women > 0, np.inf, np.nan), where=men != 0)
    keeps = check.thresholds["T-RATIO"].holds(ratio)
    return _each(check, open_toilets(check), ratio, keeps, field=Text("男女厕位数", "stalls of toilets"))


def _each(check: Check, chosen: Marks, known_by: Values, keeps: Marks, *, field: Text) -> Outcome:
    """Give the share of the chosen toilets that keep a rule, of those of which it is known."""
    codes, known = check.codes(TOILETS), ~np.isnan(known_by)
    if not (chosen & known).any():
        return check.unavailable(field, unit=PERCENT, denominator=TOILET_COUNT)
    above, below = check.totals(codes[chosen & known & keeps]), check.totals(codes[chosen & known])
    unknown = check.totals(codes[chosen & ~known])
    failing = chosen & known & ~keeps & (codes >= 0)
    missing = [
        Text(f"{n:,.0f} 座公厕的{field.zh}", f"{field.en} ({n:,.0f})") if n else None if some else NONE_HERE
        for n, some in zip(unknown, below, strict=True)
    ]
    found = Outcome(
        quotient(above, below, per=100),
        ["partial" if n else "ready" for n in unknown],
        PERCENT,
        TOILET_COUNT,
        Text("符合要求的公厕", "toilets that keep the rule"),
        above,
        below,
        limit=EVERY,
        missing=missing,
        failing=(Things(TOILETS.key, check.ws[TOILETS].index.to_numpy(dtype=object)[failing], codes[failing]),),
    )
    return check.where_known(found, TOILETS, per=100)


def sanitary_distance(check: Check) -> Outcome:
    """Shortest distance from a toilet to food trade, a nursery or a water point; it can fail, but not meet.

    Septic tanks, drinking sources and buried tanks are not known, so two of three rules are not tested.
    """
    lacking = check.lacking(TOILETS, FACILITIES)
    if lacking:
        return check.unavailable(lacking, unit=METRES, denominator=TOILET_COUNT)
    kinds = of_kind(check.ws, "T-BUF", FACILITIES.key)
    if not kinds.any():
        none = Text("没有登记{what}", "nothing is recorded as {what}").format(what=kind_words(check.ws, "T-BUF"))
        return check.unavailable(none, unit=METRES, denominator=TOILET_COUNT)
    x, y = check.ws.xy(TOILETS)
    metres = nearest_area_m(x, y, check.ws[FACILITIES].geometry.to_numpy()[kinds])
    codes, limit = check.codes(TOILETS), check.thresholds["T-BUF"]
    inside = (codes >= 0) & np.isfinite(metres)
    least = np.full(check.size, np.inf)
    np.minimum.at(least, codes[inside], metres[inside])
    least[-1] = least[:-1].min()
    value = np.where(np.isfinite(least), least, np.nan)
    near = inside & ~limit.holds(metres)
    passes = limit.holds(value)
    found = Outcome(
        value,
        "partial",
        METRES,
        TOILET_COUNT,
        judged=~passes,
        passes=passes,
        missing=Text("化粪池、饮用水源、埋地水池的位置", "septic tanks, drinking sources and buried tanks"),
        note=Text(
            "到最近餐饮、托幼、取水点的直线距离", "straight line to the nearest food trade, nursery or water point"
        ),
        failing=(Things(TOILETS.key, check.ws[TOILETS].index.to_numpy(dtype=object)[near], codes[near]),),
    )
    return check.where_known(found, TOILETS, FACILITIES, reach_m=limit.value)


COMPUTED = {"T-D": density, "T-SP": spacing, "T-A": sizes, "T-RATIO": stalls, "T-BUF": sanitary_distance}
