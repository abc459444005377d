"""Land with a purpose: the pocket park, the square, and the plots of public buildings."""

from typing import NamedTuple

import shapely
from shapely import Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from data.huolong.plan import ORIGIN, WAYS, Plan
from data.huolong.shapes import Pair, of_area

PARK_MU = 10
PARK_M2 = round(PARK_MU * 10_000 / 15, 2)  # 15 mu are a hectare
SQUARE_M2 = 2_800.0
STATION_FLOOR_M2 = 2_600.0
KERB_M = 3.5  # from the edge of a street to a wall
TRACK_M = 12.0  # from the railway's centre to anything that is built


class Plot(NamedTuple):
    """A plot as drawn, and its area where that is published."""

    corners: tuple[Pair, ...]
    area_m2: float | None = None


PLOTS: dict[str, Plot] = {
    "park": Plot(((58, 168), (66, 134), (98, 97), (140, 68), (158, 64), (157, 98), (138, 132), (108, 160)), PARK_M2),
    "square": Plot(((38, 352), (78, 354), (80, 420), (38, 420)), SQUARE_M2),
    "station": Plot(((176, 305), (222, 308), (221, 331), (175, 328)), STATION_FLOOR_M2 / 2),
    "market": Plot(((308, 214), (366, 220), (362, 248), (304, 244))),
    "kindergarten": Plot(((292, 440), (344, 434), (348, 462), (294, 468))),
    "ground": Plot(((444, 140), (468, 142), (466, 158), (442, 156)), 360.0),
}


def draw_land() -> dict[str, Polygon]:
    """Draw the plots by key, each with its published area where there is one."""
    drawn = {key: translate(Polygon(plot.corners), *ORIGIN) for key, plot in PLOTS.items()}
    return {
        key: shape if PLOTS[key].area_m2 is None else of_area(shape, float(PLOTS[key].area_m2 or 0))
        for key, shape in drawn.items()
    }


def street_space(plan: Plan, *, margin: float = 0.0) -> BaseGeometry:
    """Give the ground of all streets, widened by a margin in metres."""
    return shapely.union_all([line.buffer(WAYS[key].width_m / 2 + margin) for key, line in plan.streets.items()])


def building_land(plan: Plan, land: dict[str, Polygon]) -> dict[str, BaseGeometry]:
    """Give the ground of each small grid where houses may stand, by grid id."""
    taken = shapely.union_all(
        [
            street_space(plan, margin=KERB_M),
            plan.lines["railway"].buffer(TRACK_M),
            *(plot.buffer(5.0) for plot in land.values()),
        ]
    )
    return {grid_id: face.buffer(-2.0).difference(taken) for grid_id, face in plan.small.items()}
