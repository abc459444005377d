"""Residents' issue points and the tables of people, households, money and service records."""

import pandas as pd
from pandera.typing import Index, Series

from geo.text import Text
from layers.schema.column import Table, column, identifier
from layers.schema.places import PROJECT_CLASS, QUALIFIERS

ITEM_ORIGIN = {
    "issue": Text("问题", "issues"),
    "indicator": Text("体检指标", "indicator"),
    "site": Text("地块", "site"),
    "person": Text("人工录入", "a person"),
}
ITEM_DECISION = {
    "proposed": Text("建议", "proposed"),
    "accepted": Text("已采纳", "accepted"),
    "declined": Text("不采纳", "declined"),
}


class Issues(Table):
    """What residents and patrols reported. Whether it is open or late is computed, never stored."""

    issue_id: Index[str] = identifier("问题编号", "issue id")
    issue_type: Series[pd.StringDtype] = column(
        "问题类别", "issue type", popup=True, about=Text("issue_types.csv 的代码", "a code of issue_types.csv")
    )
    source_type: Series[pd.StringDtype] = column("原始类别", "type in the source", popup=True)
    description: Series[pd.StringDtype] = column("问题描述", "description", popup=True, sensitivity="internal")
    address: Series[pd.StringDtype] = column("位置", "address", popup=True, sensitivity="internal")
    reported_at: Series[pd.Timestamp] = column("上报时间", "reported", required=True, popup=True)
    due_at: Series[pd.Timestamp] = column("截止时间", "due", popup=True)
    closed_at: Series[pd.Timestamp] = column("办结时间", "closed", popup=True)
    severity: Series[pd.Int64Dtype] = column(
        "严重程度", "severity", ge=1, le=5, popup=True, about=Text("5 为立即处理", "5 is immediate")
    )
    unit_in_charge: Series[pd.StringDtype] = column("责任单位", "unit in charge", popup=True)
    source: Series[pd.StringDtype] = column("来源", "source", popup=True)


class People(Table):
    """Grid officers, chiefs and volunteers."""

    person_id: Index[str] = identifier("人员编号", "person id")
    name: Series[pd.StringDtype] = column("姓名", "name", sensitivity="secret")
    phone: Series[pd.StringDtype] = column("电话", "phone", sensitivity="secret")


class Duties(Table):
    """Who looks after what; one person may have many grids and one grid many persons."""

    duty_id: Index[str] = identifier("职责编号", "duty id")
    person_id: Series[pd.StringDtype] = column("人员编号", "person id", required=True)
    role: Series[pd.StringDtype] = column(
        "职务",
        "role",
        required=True,
        codes={
            "grid_officer": Text("网格员", "grid officer"),
            "building_chief": Text("楼栋长", "building chief"),
            "lane_chief": Text("街巷长", "lane chief"),
            "volunteer": Text("志愿者", "volunteer"),
        },
    )
    layer: Series[pd.StringDtype] = column("图层", "layer", required=True)
    thing_id: Series[pd.StringDtype] = column("对象编号", "id of the thing", required=True)


class Households(Table):
    """Households by building, for consent and relocation."""

    household_id: Index[str] = identifier("户编号", "household id")
    building_id: Series[pd.StringDtype] = column("楼栋编号", "building id", required=True)
    floor_area_m2: Series[float] = column("建筑面积", "floor area", unit="m²", ge=0)


class BudgetItems(Table):
    """Items of renewal with their cost: proposed, accepted or declined; an unknown amount stays empty."""

    item_id: Index[str] = identifier("费用项编号", "item id")
    name: Series[pd.StringDtype] = column("名称", "name", popup=True)
    project_id: Series[pd.StringDtype] = column("项目编号", "project id")
    renewal_item: Series[pd.StringDtype] = column(
        "改造内容", "renewal item", about=Text("renewal_items.csv 的代码", "a code of renewal_items.csv")
    )
    item_class: Series[pd.StringDtype] = column("改造类别", "renewal class", codes=PROJECT_CLASS)
    quantity: Series[float] = column("数量", "quantity", ge=0)
    unit: Series[pd.StringDtype] = column("单位", "unit")
    cost_yuan: Series[float] = column("金额", "cost", unit="元", ge=0)
    cost_low_yuan: Series[float] = column("金额下限", "least cost", unit="元", ge=0)
    cost_high_yuan: Series[float] = column("金额上限", "most cost", unit="元", ge=0)
    qualifier: Series[pd.StringDtype] = column("精度", "precision", codes=QUALIFIERS)
    place_layer: Series[pd.StringDtype] = column(
        "所在对象图层",
        "layer of the place",
        about=Text("如 streets、buildings、sites", "such as streets, buildings, sites"),
    )
    place_id: Series[pd.StringDtype] = column("所在对象编号", "id of the place")
    grid_code: Series[pd.StringDtype] = column(
        "登记网格", "recorded grid", about=Text("没有所在对象时用", "used where no place is given")
    )
    origin: Series[pd.StringDtype] = column("来源", "origin", codes=ITEM_ORIGIN)
    origin_ids: Series[pd.StringDtype] = column(
        "来源编号",
        "ids of the origin",
        about=Text("问题、指标或地块编号，以 | 分隔", "issues, indicators or sites, parted by |"),
    )
    decision: Series[pd.StringDtype] = column("审定", "decision", codes=ITEM_DECISION)
    must_do: Series[pd.BooleanDtype] = column("必做", "must be done")
    requires: Series[pd.StringDtype] = column(
        "先行项",
        "requires",
        about=Text("须同年或更早完成的费用项，以 | 分隔", "items of the same year or before, parted by |"),
    )
    excludes: Series[pd.StringDtype] = column(
        "互斥项", "excludes", about=Text("不能同时选的费用项，以 | 分隔", "items that shut it out, parted by |")
    )
    decided_by: Series[pd.StringDtype] = column("审定人", "decided by", sensitivity="internal")
    decided_at: Series[pd.Timestamp] = column("审定时间", "decided at")


class ServiceStats(Table):
    """Counted facts of a community that are no map layer, with their precision."""

    stat_id: Index[str] = identifier("统计编号", "statistic id")
    name: Series[pd.StringDtype] = column("指标", "metric", required=True)
    name_en: Series[pd.StringDtype] = column("指标（英文）", "metric (English)")
    value: Series[float] = column("数值", "value")
    unit: Series[pd.StringDtype] = column("单位", "unit")
    qualifier: Series[pd.StringDtype] = column("精度", "precision", codes=QUALIFIERS)
    period: Series[pd.StringDtype] = column("时期", "period")
    source: Series[pd.StringDtype] = column("来源", "source")
