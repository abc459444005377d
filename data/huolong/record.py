"""What was counted and built: sites, the six projects with their priced items, published statistics."""

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from data.huolong.land import PARK_MU, SQUARE_M2, STATION_FLOOR_M2
from data.huolong.plan import CRS, Plan
from layers.schema import BudgetItems, Projects, ServiceStats, Sites

PARK_SITE, SQUARE_SITE = "HL-X1", "HL-X2"


def sites_table(land: dict[str, Polygon]) -> gpd.GeoDataFrame:
    """Give the idle club land and the dump with their uses before and after."""
    rows = [
        (PARK_SITE, "铁路俱乐部闲置地块", "闲置地（原铁路俱乐部）", "口袋公园", land["park"]),
        (SQUARE_SITE, "铁路背街垃圾场", "垃圾场", "实践广场（停车、儿童游乐、健身、文创墙）", land["square"]),
    ]
    table = gpd.GeoDataFrame(
        rows,
        columns=[Sites.site_id, Sites.name, Sites.use_before, Sites.use_after, "geometry"],
        geometry="geometry",
        crs=CRS,
    ).set_index(Sites.site_id)
    return table.assign(**{Sites.stated_area_m2: table.geometry.area.round(2), Sites.status: "done"})


def projects_table(plan: Plan, land: dict[str, Polygon], hall: BaseGeometry) -> gpd.GeoDataFrame:
    """Give the six projects of "one street, one park, one station, one square, one hall, one corridor"."""
    street = substring(plan.lines["main"], 0.05, 0.95, normalized=True)
    corridor = substring(plan.lines["back"], 0.2, 0.6, normalized=True)
    rows = [
        ("HL-J1", "一街：天桥南路文创街", "upgrade", "working", None, "2021-05-10", "2021-11-30", street),
        ("HL-J2", "一园：铁路印象小游园", "improvement", "done", PARK_SITE, "2020-11-02", "2021-06-28", land["park"]),
        ("HL-J3", "一站：活龙文化驿站", "upgrade", "done", None, "2020-10-12", "2021-06-20", land["station"]),
        ("HL-J4", "一场：活龙实践广场", "improvement", "done", SQUARE_SITE, "2020-12-07", "2021-05-31", land["square"]),
        ("HL-J5", "一馆：社区记忆馆", "upgrade", "working", None, "2021-06-15", "2021-10-15", hall),
        ("HL-J6", "一廊：铁路文化长廊", "improvement", "done", None, "2021-01-18", "2021-07-15", corridor),
    ]
    columns = [Projects.project_id, Projects.name, Projects.project_class, Projects.status, Projects.site_id]
    table = gpd.GeoDataFrame(
        rows, columns=[*columns, Projects.starts_at, Projects.ends_at, "geometry"], geometry="geometry", crs=CRS
    ).set_index(Projects.project_id)
    dates = {c: pd.to_datetime(table[c]) for c in (Projects.starts_at, Projects.ends_at)}
    # No costs were published: an unknown amount stays empty.
    return table.assign(**dates, **{Projects.cost_yuan: float("nan")})


ITEMS = (
    ("HL-J1", "照明整治", "improvement", 36.0, "盏", "eq"),
    ("HL-J1", "架空线规整", "basic", 500.0, "m", "approx"),
    ("HL-J2", "绿化", "improvement", 6_666.67, "m²", "eq"),
    ("HL-J2", "公厕新建", "improvement", 1.0, "座", "eq"),
    ("HL-J3", "文化休闲设施", "improvement", STATION_FLOOR_M2, "m²", "eq"),
    ("HL-J4", "停车库（场）", "improvement", 40.0, "个", "eq"),
    ("HL-J4", "体育健身设施", "improvement", 1.0, "处", "eq"),
    ("HL-J4", "公厕新建", "improvement", 1.0, "座", "eq"),
    ("HL-J5", "社区综合服务设施", "upgrade", 180.0, "m²", "eq"),
    ("HL-J6", "墙绘", "improvement", 1_500.0, "m²", "approx"),
    ("HL-J6", "道路", "basic", 800.0, "m", "gt"),
)


def budget_table() -> pd.DataFrame:
    """Give the items of the projects with quantities; the amounts are unknown and stay empty."""
    table = pd.DataFrame(
        ITEMS,
        columns=[
            BudgetItems.project_id,
            BudgetItems.renewal_item,
            BudgetItems.item_class,
            BudgetItems.quantity,
            BudgetItems.unit,
            BudgetItems.qualifier,
        ],
        index=pd.Index([f"HL-Y{i:02d}" for i in range(1, len(ITEMS) + 1)], name=BudgetItems.item_id),
    )
    return table.assign(**{BudgetItems.cost_yuan: float("nan")})


PUBLISHED: tuple[tuple[str, str, float, str, str], ...] = (
    ("大网格", "large grids", 6, "个", "eq"),
    ("小网格", "small grids", 17, "个", "eq"),
    ("近一个月收集问题", "issues collected within a month", 436, "个", "eq"),
    ("新建改建公厕", "toilets built or rebuilt", 3, "座", "eq"),
    ("垃圾场改实践广场面积", "dump turned into a square", SQUARE_M2, "m²", "approx"),
    ("铁路俱乐部闲置地改小游园面积", "idle railway-club land turned into a pocket park", PARK_MU, "亩", "eq"),
    ("文化驿站面积", "culture station", STATION_FLOOR_M2, "m²", "eq"),
    ("铁路沿线背街长度", "back lane along the railway", 800, "m", "gt"),
    ("3D 墙绘", "murals", 38, "幅", "eq"),
    ("墙绘面积", "area of the murals", 1_500, "m²", "approx"),
    ("文创企业和工作室", "creative studios", 16, "家", "eq"),
    ("单间月租金（改造前）", "monthly rent of a room before", 100, "元", "lt"),
    ("单间月租金（改造后）", "monthly rent of a room after", 800, "元", "approx"),
    ("志愿服务队", "volunteer teams", 8, "支", "eq"),
    ("门前三包签约门店", "shopfronts with the three-point pledge", 648, "户", "eq"),
    ("楼栋长", "building chiefs", 54, "名", "eq"),
    ("街巷长", "lane chiefs", 9, "名", "eq"),
    ("美化阳台", "balconies made beautiful", 132, "户", "eq"),
    ("服务项目库", "pools of service projects", 12, "个", "eq"),
    ("服务项目", "service items", 200, "项", "gt"),
)


def stats_table() -> pd.DataFrame:
    """Give the published counts, each with its precision."""
    table = pd.DataFrame(
        PUBLISHED,
        columns=[
            ServiceStats.name,
            ServiceStats.name_en,
            ServiceStats.value,
            ServiceStats.unit,
            ServiceStats.qualifier,
        ],
        index=pd.Index([f"HL-N{i:02d}" for i in range(1, len(PUBLISHED) + 1)], name=ServiceStats.stat_id),
    )
    return table.assign(**{ServiceStats.period: "2021-08", ServiceStats.source: "公开报道（数字一致的合成示例）"})


def boundary_table(plan: Plan) -> gpd.GeoDataFrame:
    """Give the outline of the community: the union of its grids."""
    return gpd.GeoDataFrame(
        {"name": ["活龙社区（合成示例）"]},
        geometry=[shapely.normalize(plan.outline)],
        crs=CRS,
        index=pd.Index(["HL"], name="boundary_id"),
    )
