"""What stands on the ground: buildings, services, green, walls, parking, streets, lamps, drains."""

import pandas as pd
from pandera.typing import Index, Series

from geo.text import Text
from layers.schema.column import Table, column, identifier

BUILDING_USE = {
    "residential": Text("住宅", "residential"),
    "mixed": Text("商住混合", "mixed"),
    "commercial": Text("商业", "commercial"),
    "industrial": Text("工业", "industrial"),
    "public": Text("公共", "public"),
    "other": Text("其他", "other"),
}
STRUCTURE = {
    "brick_wood": Text("砖木", "brick and wood"),
    "brick_concrete": Text("砖混", "brick and concrete"),
    "frame": Text("框架", "concrete frame"),
    "other": Text("其他", "other"),
}
HAZARD_GRADE = {grade: Text(f"{grade} 级", f"grade {grade}") for grade in "ABCD"}
OPEN_TO_PUBLIC = Text("是否对外开放", "open to the public")


class Buildings(Table):
    """Building footprints."""

    building_id: Index[str] = identifier("楼栋编号", "building id")
    name: Series[pd.StringDtype] = column("楼栋名称", "building name", popup=True)
    use: Series[pd.StringDtype] = column("用途", "use", codes=BUILDING_USE, popup=True)
    built_year: Series[pd.Int64Dtype] = column("建成年份", "year built", unit="年", ge=1500, le=2100, popup=True)
    storeys: Series[float] = column("层数", "storeys", unit="层", gt=0, le=200, popup=True)
    stair_units: Series[pd.Int64Dtype] = column("单元数", "stair units", unit="单元", ge=1)
    households: Series[pd.Int64Dtype] = column("户数", "households", unit="户", ge=0, popup=True)
    residents: Series[pd.Int64Dtype] = column("居民人数", "residents", unit="人", ge=0)
    elderly_residents: Series[pd.Int64Dtype] = column("老年居民人数", "elderly residents", unit="人", ge=0)
    floor_area_m2: Series[float] = column("建筑面积", "floor area", unit="m²", ge=0, popup=True)
    structure: Series[pd.StringDtype] = column("结构", "structure", codes=STRUCTURE)
    hazard_grade: Series[pd.StringDtype] = column(
        "危险性等级",
        "hazard grade",
        codes=HAZARD_GRADE,
        popup=True,
        about=Text(
            "JGJ 125：A 无危险 … D 整幢危险；空为未鉴定", "JGJ 125: A safe to D dangerous; empty is not surveyed"
        ),
    )
    has_elevator: Series[pd.BooleanDtype] = column("有无电梯", "has an elevator")
    owners_total: Series[pd.Int64Dtype] = column("业主总数", "owners", unit="人", ge=0, sensitivity="internal")
    owners_voted: Series[pd.Int64Dtype] = column(
        "参与表决业主数", "owners who voted", unit="人", ge=0, sensitivity="internal"
    )
    owners_yes: Series[pd.Int64Dtype] = column(
        "同意业主数", "owners in favour", unit="人", ge=0, sensitivity="internal"
    )
    area_total_m2: Series[float] = column(
        "专有部分面积", "exclusive floor area", unit="m²", ge=0, sensitivity="internal"
    )
    area_voted_m2: Series[float] = column(
        "参与表决面积", "floor area that voted", unit="m²", ge=0, sensitivity="internal"
    )
    area_yes_m2: Series[float] = column("同意面积", "floor area in favour", unit="m²", ge=0, sensitivity="internal")
    demolished_at: Series[pd.Timestamp] = column("拆除日期", "demolished", popup=True)


class Toilets(Table):
    """Public toilets."""

    toilet_id: Index[str] = identifier("公厕编号", "toilet id")
    name: Series[pd.StringDtype] = column("公厕名称", "toilet name", popup=True)
    kind: Series[pd.StringDtype] = column("类型", "kind", popup=True)
    action: Series[pd.StringDtype] = column(
        "建设情况",
        "action",
        popup=True,
        codes={"kept": Text("保留", "kept"), "new": Text("新建", "new"), "rebuilt": Text("改建", "rebuilt")},
    )
    stalls_women: Series[pd.Int64Dtype] = column("女厕位", "women's stalls", unit="个", ge=0)
    stalls_men: Series[pd.Int64Dtype] = column("男厕位", "men's stalls", unit="个", ge=0)
    accessible: Series[pd.BooleanDtype] = column("无障碍", "accessible")
    open_to_public: Series[pd.BooleanDtype] = column(*OPEN_TO_PUBLIC)
    hours: Series[pd.StringDtype] = column("开放时间", "hours", popup=True)


class Parks(Table):
    """Parks, squares and activity grounds that anybody may enter unless it says otherwise."""

    park_id: Index[str] = identifier("公园编号", "park id")
    name: Series[pd.StringDtype] = column("公园名称", "park name", popup=True)
    kind: Series[pd.StringDtype] = column("类型", "kind", popup=True)
    open_to_public: Series[pd.BooleanDtype] = column(*OPEN_TO_PUBLIC, popup=True)
    stated_area_m2: Series[float] = column("登记面积", "stated area", unit="m²", gt=0)
    last_renovated_year: Series[pd.Int64Dtype] = column("上次改造年份", "last renovated", unit="年", ge=1500, le=2100)


class Murals(Table):
    """Wall paintings."""

    mural_id: Index[str] = identifier("墙绘编号", "mural id")
    name: Series[pd.StringDtype] = column("墙绘名称", "mural title", popup=True)
    area_m2: Series[float] = column("面积", "area", unit="m²", gt=0, popup=True)
    painted_year: Series[pd.Int64Dtype] = column("绘制年份", "year painted", unit="年", ge=1500, le=2100, popup=True)
    building_id: Series[pd.StringDtype] = column("所在楼栋", "building")
    theme: Series[pd.StringDtype] = column("主题", "theme", popup=True)


class Parking(Table):
    """Parking areas and single bays."""

    parking_id: Index[str] = identifier("停车场编号", "parking id")
    name: Series[pd.StringDtype] = column("停车场名称", "parking name", popup=True)
    kind: Series[pd.StringDtype] = column(
        "类型",
        "kind",
        popup=True,
        codes={
            "surface": Text("地面停车场", "surface lot"),
            "street": Text("路内泊位", "on-street bay"),
            "garage": Text("停车楼", "garage"),
            "underground": Text("地下车库", "underground"),
        },
    )
    bays: Series[pd.Int64Dtype] = column("泊位数", "bays", unit="个", ge=0, popup=True)
    accessible_bays: Series[pd.Int64Dtype] = column("无障碍泊位数", "accessible bays", unit="个", ge=0)
    charging_bays: Series[pd.Int64Dtype] = column("充电泊位数", "charging bays", unit="个", ge=0)
    open_to_public: Series[pd.BooleanDtype] = column(*OPEN_TO_PUBLIC)


class Streets(Table):
    """Street and lane centre lines."""

    street_id: Index[str] = identifier("街巷编号", "street id")
    name: Series[pd.StringDtype] = column("街巷名称", "street name", popup=True)
    kind: Series[pd.StringDtype] = column("类型", "kind")
    width_m: Series[float] = column("宽度", "width", unit="m", gt=0, popup=True)
    walkable: Series[pd.BooleanDtype] = column("可步行", "walkable")
    closed: Series[pd.BooleanDtype] = column(
        "封闭",
        "closed",
        about=Text("封闭期间不能沿街步行，路口可以穿过", "nobody walks along it while it is closed; it can be crossed"),
    )


class Facilities(Table):
    """Service points, culture stations, shops and other facilities."""

    facility_id: Index[str] = identifier("设施编号", "facility id")
    name: Series[pd.StringDtype] = column("设施名称", "facility name", popup=True)
    kind: Series[pd.StringDtype] = column("类型", "kind", popup=True)
    floor_area_m2: Series[float] = column("建筑面积", "floor area", unit="m²", ge=0, popup=True)
    has_pledge: Series[pd.BooleanDtype] = column("门前三包", "three-pledge signed", popup=True)


class Lights(Table):
    """Street lamps."""

    light_id: Index[str] = identifier("路灯编号", "light id")
    kind: Series[pd.StringDtype] = column("灯具类型", "fixture", popup=True)
    owner: Series[pd.StringDtype] = column("权属单位", "owner", popup=True)
    works: Series[pd.BooleanDtype] = column("是否正常", "works", popup=True)


class Drains(Table):
    """Drain lines and manholes."""

    drain_id: Index[str] = identifier("排水设施编号", "drain id")
    kind: Series[pd.StringDtype] = column(
        "类型",
        "kind",
        popup=True,
        sensitivity="internal",
        codes={"pipe": Text("管道", "pipe"), "manhole": Text("检查井", "manhole")},
    )
    diameter_mm: Series[float] = column("管径", "diameter", unit="mm", gt=0, sensitivity="internal")
    laid_year: Series[pd.Int64Dtype] = column(
        "敷设年份", "year laid", unit="年", ge=1800, le=2100, sensitivity="internal"
    )
