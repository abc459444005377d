"""What was counted and built in the synthetic district: sites with their uses, figures before and after."""

import geopandas as gpd
import pandas as pd
import shapely
from shapely import box
from shapely.affinity import rotate

from data.wanxiu.ground import CRS, Cell, Ground
from layers.schema import Boundary, Parks, ServiceStats, Sites

MU_M2 = 10_000 / 15
# id, name, use before, use after, area in m², state, community, direction
SITES: tuple[tuple[str, str, str, str, float, str, Cell, float], ...] = (
    ("WX-X1", "河堤垃圾堆场", "垃圾堆场", "市民广场", 3_200.0, "done", (0, 0), 6.0),
    ("WX-X2", "旧货场闲置地", "闲置地", "口袋公园", 6 * MU_M2, "done", (3, 0), -4.0),
    ("WX-X3", "汽修厂堆场", "废弃堆场", "公共停车场", 2_100.0, "done", (0, 4), 3.0),
    ("WX-X4", "沿江边角地", "闲置地", "健身园地", 1_450.0, "done", (5, 0), 9.0),
    ("WX-X5", "老码头净地", "征迁净地", "社区小学", 18 * MU_M2, "working", (4, 2), -6.0),
)
SYNTHETIC, REPORTED = "合成", "公开报道（数字一致的合成示例）"
# name, English, value, unit, precision, source
COUNTED: tuple[tuple[str, str, float, str, str, str], ...] = (
    ("街道", "streets offices", 5, "个", "eq", REPORTED),
    ("社区", "communities", 30, "个", "eq", REPORTED),
    ("征迁片区", "zones to be cleared", 5, "个", "eq", REPORTED),
    ("签约户数", "households signed", 10_221, "户", "eq", REPORTED),
    ("搬迁户数", "households moved", 9_269, "户", "eq", REPORTED),
    ("涉及居民", "residents concerned", 50_000, "人", "gt", REPORTED),
    ("净地期限", "days to bare ground", 100, "天", "eq", REPORTED),
    ("处置占道、乱停等问题", "street nuisances dealt with", 1_860, "件", "gt", REPORTED),
    ("排查隐患", "hazards found", 530, "件", "gt", REPORTED),
    ("志愿服务项目", "volunteer projects", 3_235, "个", "eq", REPORTED),
    ("单间月租金（改造前）", "monthly rent of a room before", 350, "元", "lt", SYNTHETIC),
    ("单间月租金（改造后）", "monthly rent of a room after", 900, "元", "approx", SYNTHETIC),
    ("沿街商铺空置（改造前）", "empty shops before", 120, "间", "approx", SYNTHETIC),
    ("沿街商铺空置（改造后）", "empty shops after", 30, "间", "lt", SYNTHETIC),
    ("占道摊点（整治前）", "stalls in the way before", 400, "处", "gt", SYNTHETIC),
    ("占道摊点（整治后）", "stalls in the way after", 60, "处", "lt", SYNTHETIC),
    ("居民满意率（改造前）", "residents content before", 71.5, "%", "eq", SYNTHETIC),
    ("居民满意率（改造后）", "residents content after", 93.0, "%", "eq", SYNTHETIC),
    ("就近上学儿童（改造前）", "children with a school nearby before", 260, "人", "approx", SYNTHETIC),
)


def sites_table(ground: Ground) -> gpd.GeoDataFrame:
    """Give the sites, a rectangle each in the middle of a community."""
    rows = [
        {
            Sites.name: name,
            Sites.use_before: before,
            Sites.use_after: after,
            Sites.stated_area_m2: round(area, 2),
            Sites.status: status,
            "geometry": _plot(ground, cell, area, angle),
        }
        for _, name, before, after, area, status, cell, angle in SITES
    ]
    index = pd.Index([one[0] for one in SITES], name=Sites.site_id)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS, index=index)


def _plot(ground: Ground, cell: Cell, area: float, angle: float) -> shapely.Polygon:
    middle = ground.cells[cell].centroid
    deep = (area / 1.6) ** 0.5
    wide = area / deep
    return rotate(box(middle.x - wide / 2, middle.y - deep / 2, middle.x + wide / 2, middle.y + deep / 2), angle)


def parks_table(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the finished grounds that anybody may enter."""
    kinds = {"市民广场": "square", "口袋公园": "pocket_park", "健身园地": "fitness_ground"}
    open_ground = sites[sites[Sites.use_after].isin(list(kinds)) & (sites[Sites.status] == "done")]
    table = gpd.GeoDataFrame(
        {
            Parks.name: open_ground[Sites.name].str.cat(open_ground[Sites.use_after], sep="—"),
            Parks.kind: open_ground[Sites.use_after].map(kinds),
            Parks.open_to_public: True,
            Parks.stated_area_m2: open_ground[Sites.stated_area_m2],
            Parks.last_renovated_year: 2021,
        },
        geometry=open_ground.geometry.to_numpy(),
        crs=CRS,
    )
    table.index = pd.Index([f"WX-P{at}" for at in range(1, len(table) + 1)], name=Parks.park_id)
    return table


def stats_table() -> pd.DataFrame:
    """Give the counted figures, each with its precision and whether it was published or made up."""
    columns = [ServiceStats.name, ServiceStats.name_en, ServiceStats.value, ServiceStats.unit, ServiceStats.qualifier]
    table = pd.DataFrame(
        COUNTED,
        columns=[*columns, ServiceStats.source],
        index=pd.Index([f"WX-N{at:02d}" for at in range(1, len(COUNTED) + 1)], name=ServiceStats.stat_id),
    )
    return table.assign(**{ServiceStats.period: "2021-08"})


def boundary_table(ground: Ground) -> gpd.GeoDataFrame:
    """Give the outline of the district."""
    outline = shapely.normalize(shapely.union_all(list(ground.cells.values())))
    return gpd.GeoDataFrame(
        {Boundary.name: ["万秀区（合成示例）"]},
        geometry=[outline],
        crs=CRS,
        index=pd.Index(["WX"], name=Boundary.boundary_id),
    )
