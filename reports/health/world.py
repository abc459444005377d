"""Green, open space and transport in reach: the profile for places outside China."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from geo.areal import covered_area
from geo.text import Text
from layers.catalog import PARKS
from reports.demand import GROUND
from reports.health.check import PERCENT, Check, quotient
from reports.health.facilities import share_in_reach
from reports.health.finding import Outcome
from reports.health.kinds import of_kind
from reports.service.services import said_no_entry


def open_space(check: Check) -> Outcome:
    """Area of parks and open grounds by area of the grid: a proxy, for neither built-up area nor street surfaces are known."""
    lacking = check.lacking(PARKS)
    if lacking:
        return check.unavailable(lacking, unit=PERCENT, denominator=GROUND)
    parks = check.ws[PARKS]
    chosen = of_kind(check.ws, "W-SPACE", PARKS.key) & ~said_no_entry(parks)
    shapes = parks.geometry.to_numpy()[chosen]
    drawn = shapes[[shape is not None and shape.area > 0 for shape in shapes]]
    each = covered_area(drawn, check.ws.grids(check.level).geometry.to_numpy())
    area = np.append(each, each.sum())
    points = len(shapes) - len(drawn)
    missing = Text("建成区范围和街道面积", "the built-up area and the surface of streets")
    more = Text(f"{points:,} 处以点登记的公园面积未计入", f"the area of {points:,} parks given as points")
    found = Outcome(
        quotient(area, check.area_m2, per=100),
        "proxy",
        PERCENT,
        GROUND,
        Text("公园与活动场地面积（m²）", "area of parks and grounds, m²"),
        area,
        check.area_m2,
        judged=False,
        missing=missing,
        meta={"overlaps": "counted once"},
    )
    return check.where_known(found.saying(missing=more if points else None), PARKS, per=100)


COMPUTED: Mapping[str, Callable[[Check], Outcome]] = {
    **{answer: partial(share_in_reach, answer=answer) for answer in ("W-GREEN", "W-OPEN", "W-300PARK", "W-ANGST")},
    "W-TRANSIT": partial(share_in_reach, answer="W-TRANSIT", people="residents"),
    "W-SPACE": open_space,
}
