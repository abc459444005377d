"""Service points, studios and toilets."""

import geopandas as gpd
import pandas as pd
from numpy.random import Generator
from shapely import Point, Polygon

from data.huolong.land import STATION_FLOOR_M2
from data.huolong.plan import CRS, ORIGIN, Plan
from data.huolong.shapes import Pair, rounded, sides
from data.huolong.shops import facility, shopfronts
from layers.schema import Facilities, Toilets

STUDIOS = 16

POINTS: tuple[tuple[str, str, Pair | str, float], ...] = (
    # name, kind, where (metres from the plan's origin, or a building), floor area
    ("活龙社区综合服务站", "community_service", "HL-B31", 620.0),
    ("社区卫生服务站", "health_station", "HL-B33", 160.0),
    ("老年人日间照料中心", "day_care", "HL-B12", 210.0),
    ("长者食堂", "canteen", "HL-B44", 120.0),
    ("社区记忆馆", "exhibition_hall", "HL-B48", 180.0),
    ("邮政快递服务站", "parcel_station", "HL-B10", 40.0),
    ("快递驿站（天桥花园）", "parcel_station", "HL-B52", 35.0),
    ("托育点", "nursery", "HL-B49", 200.0),
    ("公交站（天桥南路北）", "bus_stop", (262, 400), 0.0),
    ("公交站（天桥南路南）", "bus_stop", (330, 92), 0.0),
    ("垃圾收集点（铁路一村）", "waste_point", (40, 446), 12.0),
    ("垃圾收集点（铁路二村）", "waste_point", (40, 278), 12.0),
    ("垃圾收集点（机务巷）", "waste_point", (206, 144), 12.0),
    ("垃圾收集点（粮站巷）", "waste_point", (146, 403), 12.0),
    ("垃圾收集点（育才二巷）", "waste_point", (384, 326), 12.0),
    ("垃圾收集点（市场街）", "waste_point", (374, 246), 20.0),
    ("垃圾收集点（文化巷）", "waste_point", (386, 124), 12.0),
    ("垃圾收集点（天桥花园）", "waste_point", (404, 60), 12.0),
    ("电动自行车充电点（育才小区）", "ebike_charging", (362, 350), 30.0),
    ("电动自行车充电点（文化新村）", "ebike_charging", (382, 160), 30.0),
    ("儿童游乐区", "play_area", (66, 408), 0.0),
    ("健身区", "fitness", (66, 388), 0.0),
    ("文创墙", "art_wall", (74, 372), 0.0),
)


def facilities_table(
    plan: Plan, land: dict[str, Polygon], buildings: gpd.GeoDataFrame, rng: Generator
) -> gpd.GeoDataFrame:
    """Give all service points, studios and shopfronts."""
    rows = [
        facility("活龙文化驿站", "culture_station", land["station"], STATION_FLOOR_M2),
        facility("活龙市场", "market", land["market"], 1_500.0),
        facility("活龙幼儿园", "kindergarten", land["kindergarten"], 2_260.0),
        *(facility(name, kind, _spot(where, buildings), area) for name, kind, where, area in POINTS),
        *(
            facility(f"文创工作室 {i:02d}", "studio", spot, 45.0)
            for i, spot in enumerate(_studios(plan, buildings), start=1)
        ),
    ]
    rows += shopfronts(plan, land["market"], buildings, rng)
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    table.index = pd.Index([f"HL-F{i:03d}" for i in range(1, len(table) + 1)], name=Facilities.facility_id)
    return table


def _spot(where: Pair | str, buildings: gpd.GeoDataFrame) -> Point:
    if isinstance(where, str):
        return rounded(buildings.geometry[where].representative_point())
    return Point(ORIGIN[0] + where[0], ORIGIN[1] + where[1])


def _studios(plan: Plan, buildings: gpd.GeoDataFrame) -> list[Point]:
    """Put the studios on the ground floors of the houses nearest the lane along the railway."""
    lane = plan.lines["back"]
    near = buildings.geometry.distance(lane).sort_values(kind="stable").index[: STUDIOS // 2]
    shapes = [buildings.geometry[i] for i in near]
    spots = []
    for shape in shapes:
        wall = max(sides(shape), key=lambda side: side.length)
        middle = shape.centroid
        for share in (0.3, 0.7):
            at = wall.interpolate(share, normalized=True)
            spots.append(rounded(Point((at.x * 3 + middle.x) / 4, (at.y * 3 + middle.y) / 4)))
    return spots


def toilets_table() -> gpd.GeoDataFrame:
    """Give the three toilets, two new and one rebuilt."""
    rows = [
        ("小游园公厕", "独立式", "new", 6, 4, True, (136, 120)),
        ("实践广场公厕", "独立式", "new", 5, 3, True, (74, 344)),
        ("市场街公厕", "附属式", "rebuilt", 6, 4, False, (371, 226)),
    ]
    table = gpd.GeoDataFrame(
        [row[:-1] for row in rows],
        columns=[
            Toilets.name,
            Toilets.kind,
            Toilets.action,
            Toilets.stalls_women,
            Toilets.stalls_men,
            Toilets.accessible,
        ],
        geometry=[_spot(row[-1], gpd.GeoDataFrame()) for row in rows],
        crs=CRS,
        index=pd.Index([f"HL-T{i}" for i in range(1, len(rows) + 1)], name=Toilets.toilet_id),
    )
    return table.assign(**{Toilets.open_to_public: True, Toilets.hours: "06:00-22:00"})
