"""The ground: grids and their parents, the boundary, housing estates, sites and projects."""

import pandas as pd
from pandera.typing import Index, Series

from geo.text import Text
from layers.schema.column import Table, column, identifier

QUALIFIERS = {
    "eq": Text("准确", "exact"),
    "approx": Text("约", "about"),
    "gt": Text("多于", "more than"),
    "lt": Text("少于", "less than"),
}


class Grids(Table):
    """Responsibility grids of every level; a small grid lies in its parent."""

    grid_id: Index[str] = identifier("网格编号", "grid id")
    name: Series[pd.StringDtype] = column("网格名称", "grid name", required=True, popup=True)
    parent_id: Series[pd.StringDtype] = column("上级网格", "parent grid")
    level: Series[pd.Int64Dtype] = column(
        "层级", "level", required=True, ge=1, le=9, about=Text("1 为最大", "1 is the largest")
    )
    kind: Series[pd.StringDtype] = column("类别", "kind", about=Text("如大网格、小网格、片区", "such as ward or tract"))
    households: Series[pd.Int64Dtype] = column("户数", "households", unit="户", ge=0, popup=True)
    residents: Series[pd.Int64Dtype] = column("居民人数", "residents", unit="人", ge=0, popup=True)
    elderly_residents: Series[pd.Int64Dtype] = column(
        "老年居民人数",
        "elderly residents",
        unit="人",
        ge=0,
        popup=True,
        about=Text("年龄界限以数据来源为准", "age limit as the source has it"),
    )
    residents_qualifier: Series[pd.StringDtype] = column("人数精度", "precision of the residents", codes=QUALIFIERS)
    stated_area_m2: Series[float] = column("登记面积", "stated area", unit="m²", gt=0)


class FormerGrids(Table):
    """Grids as they were before a redrawing: the code, the outline, until when, and what took their place."""

    former_id: Index[str] = identifier("原网格记录编号", "id of the record")
    former_code: Series[pd.StringDtype] = column("原网格编号", "former grid id", required=True, popup=True)
    name: Series[pd.StringDtype] = column("原网格名称", "former name", required=True, popup=True)
    parent_id: Series[pd.StringDtype] = column("上级网格", "parent grid")
    level: Series[pd.Int64Dtype] = column("层级", "level", required=True, ge=1, le=9)
    kind: Series[pd.StringDtype] = column("类别", "kind")
    households: Series[pd.Int64Dtype] = column("户数", "households", unit="户", ge=0)
    residents: Series[pd.Int64Dtype] = column("居民人数", "residents", unit="人", ge=0)
    valid_until: Series[pd.Timestamp] = column(
        "停用日期",
        "valid until",
        required=True,
        popup=True,
        about=Text("当天起不再使用", "no longer used from that day on"),
    )
    step: Series[pd.Int64Dtype] = column(
        "重划序次", "redrawing", required=True, ge=1, about=Text("第几次重划", "the how manieth redrawing")
    )
    replaced_by: Series[pd.StringDtype] = column(
        "现由",
        "replaced by",
        popup=True,
        about=Text("接替的网格编号，以 | 分隔", "ids of the grids in its place, parted by |"),
    )


class Boundary(Table):
    """The outline of the whole community or city."""

    boundary_id: Index[str] = identifier("边界编号", "boundary id")
    name: Series[pd.StringDtype] = column("名称", "name", popup=True)


class HousingEstates(Table):
    """Residential estates (小区) as planned or managed together."""

    estate_id: Index[str] = identifier("小区编号", "estate id")
    name: Series[pd.StringDtype] = column("小区名称", "estate name", popup=True)
    built_year: Series[pd.Int64Dtype] = column("建成年份", "year built", unit="年", ge=1800, le=2100, popup=True)
    households: Series[pd.Int64Dtype] = column("户数", "households", unit="户", ge=0, popup=True)
    property_mode: Series[pd.StringDtype] = column(
        "物业管理",
        "property management",
        codes={
            "company": Text("物业公司", "company"),
            "half": Text("半物业", "half-managed"),
            "self": Text("居民自管", "self-managed"),
            "none": Text("无物业", "none"),
        },
    )


PROJECT_CLASS = {
    "basic": Text("基础类", "basic"),
    "improvement": Text("完善类", "improvement"),
    "upgrade": Text("提升类", "upgrade"),
}
PROJECT_STATUS = {
    "idea": Text("设想", "idea"),
    "planned": Text("已列计划", "planned"),
    "working": Text("施工中", "under way"),
    "done": Text("已完成", "done"),
}


class Sites(Table):
    """Idle land, dumps and other places with a use before and a use after."""

    site_id: Index[str] = identifier("地块编号", "site id")
    name: Series[pd.StringDtype] = column("地块名称", "site name", popup=True)
    use_before: Series[pd.StringDtype] = column("原用途", "use before", popup=True)
    use_after: Series[pd.StringDtype] = column("现用途", "use after", popup=True)
    stated_area_m2: Series[float] = column("登记面积", "stated area", unit="m²", gt=0, popup=True)
    status: Series[pd.StringDtype] = column("进度", "status", codes=PROJECT_STATUS, popup=True)


class Projects(Table):
    """Works with a class, a state and a budget."""

    project_id: Index[str] = identifier("项目编号", "project id")
    name: Series[pd.StringDtype] = column("项目名称", "project name", required=True, popup=True)
    project_class: Series[pd.StringDtype] = column("改造类别", "renewal class", codes=PROJECT_CLASS, popup=True)
    status: Series[pd.StringDtype] = column("进度", "status", codes=PROJECT_STATUS, popup=True)
    site_id: Series[pd.StringDtype] = column("地块编号", "site id")
    cost_yuan: Series[float] = column("投资", "cost", unit="元", ge=0)
    starts_at: Series[pd.Timestamp] = column("开工日期", "start")
    ends_at: Series[pd.Timestamp] = column("完工日期", "end")
