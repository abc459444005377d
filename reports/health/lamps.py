"""Light on streets: what only a meter knows, and the reach of working lamps as a proxy for it."""

import numpy as np

from geo.lanes.segments import length_within
from geo.text import Text
from layers.catalog import LIGHTS, STREETS
from layers.schema import Lights
from reports.built import said_no
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Outcome, both
from reports.health.roads import ONE_KM, WALK_KM, course, walkable

LUX = Text("lx", "lx")


def illuminance(check: Check) -> Outcome:
    """Light on the ground, which only a meter can tell."""
    missing = Text("照度计实测的平均与最小水平照度", "average and least illuminance, measured with a meter")
    none = check.unavailable(missing, unit=LUX, denominator=Text("测点", "measured points"))
    return none.saying(note=Text("可参看路灯间距（替代指标）", "the spacing of lamps (L-SP) is the proxy"))


def dark_streets(check: Check) -> Outcome:
    """Walkway length farther from a working lamp than the radius, exact along the lines; a proxy for light."""
    lacking = check.lacking(STREETS, LIGHTS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=WALK_KM)
    lamps, radius = check.ws[LIGHTS], check.policy["light_radius_m"]
    works = ~said_no(lamps[Lights.works])
    x, y = check.ws.xy(LIGHTS)
    lines = check.ws[STREETS].geometry.to_numpy()[walkable(check, "L-SP")]
    laid = course(check, lines)
    lit = laid.share * length_within(laid.shapes, x[works], y[works], radius)
    above = check.totals(laid.area, np.maximum(laid.metres - lit, 0.0)) / ONE_KM
    below = check.totals(laid.area, laid.metres) / ONE_KM
    unknown, out = int(lamps[Lights.works].isna().sum()), int((~works).sum())
    told = Text(f"{unknown:,} 盏路灯是否正常（按正常计）", f"whether {unknown:,} lamps work; they count as working")
    poles = Text("照度、灯杆高度", "illuminance, height of poles")
    found = Outcome(
        quotient(above, below, per=100),
        "proxy",
        PERCENT,
        WALK_KM,
        Text("离可用路灯 {m:g} m 以外的长度（km）", "length beyond {m:g} m of a working lamp, km").format(m=radius),
        above,
        below,
        judged=False,
        missing=both(poles, told if unknown else None),
        note=Text(
            "以路灯间距代替照度，{n} 盏不亮的不计", "spacing of lamps stands in for light; {n} broken ones do not count"
        ).format(n=out),
        meta={"method": "length within reach of a lamp, exact", "light_radius_m": radius, "lamps": int(works.sum())},
    )
    return check.where_known(found, STREETS, LIGHTS, reach_m=radius, per=100)


COMPUTED = {"L-LX": illuminance, "L-SP": dark_streets}
