"""What a column of a file can be: a column of the layer, or something that the intake makes columns of."""

from collections.abc import Mapping
from typing import NamedTuple

from geo.text import Text
from layers.catalog import LayerSpec
from layers.schema.column import UNITS


class Target(NamedTuple):
    """Something that a file can tell besides the columns of its layer.

    ``role`` is "place" (serves to find the place), "person" (kept apart), "case" (course of a case; kept as
    extra until a ledger of cases takes it), "photo", "text" (kept as extra under this name) or "none" (left out).
    """

    title: Text
    role: str


EXTRA, LEFT_OUT = "extra", "left_out"
"""Fates of a heading without a column: kept under its own name, or not taken in."""
TARGETS: Mapping[str, Target] = {
    "x": Target(Text("经度或东坐标", "longitude or easting"), "place"),
    "y": Target(Text("纬度或北坐标", "latitude or northing"), "place"),
    "xy": Target(Text("同一列中的坐标", "both coordinates in one column"), "place"),
    "x_other": Target(Text("另一组东坐标", "easting of a second pair"), "text"),
    "y_other": Target(Text("另一组北坐标", "northing of a second pair"), "text"),
    "crs": Target(Text("坐标系说明", "coordinate system as the file says"), "place"),
    "wkt": Target(Text("文字形式的图形", "a shape as text (WKT)"), "place"),
    "address": Target(Text("地址", "address"), "place"),
    "grid": Target(Text("所属网格", "grid"), "place"),
    "grid_parent": Target(Text("上级网格", "parent grid"), "place"),
    "building": Target(Text("楼栋", "building"), "place"),
    "unit": Target(Text("单元", "stair unit"), "place"),
    "room": Target(Text("房号", "flat number"), "person"),
    "estate": Target(Text("小区", "housing estate"), "place"),
    "street": Target(Text("街巷", "street"), "place"),
    "community": Target(Text("社区", "community"), "place"),
    "subdistrict": Target(Text("街道", "subdistrict"), "place"),
    "district": Target(Text("区县", "district"), "place"),
    "postcode": Target(Text("邮政编码", "postcode"), "place"),
    "place_type": Target(Text("地点类型", "kind of place"), "text"),
    "address_type": Target(Text("地址类型", "kind of address"), "text"),
    "address_id": Target(Text("地址编号", "address id"), "text"),
    "reporter": Target(Text("反映人", "reporter"), "person"),
    "phone": Target(Text("电话", "phone"), "person"),
    "email": Target(Text("邮箱", "e-mail"), "person"),
    "id_number": Target(Text("身份证号", "identity number"), "person"),
    "plate": Target(Text("车牌", "number plate"), "person"),
    "account": Target(Text("网络账号", "account"), "person"),
    "handler": Target(Text("责任人", "person responsible"), "person"),
    "grid_officer": Target(Text("网格员", "grid officer"), "person"),
    "status": Target(Text("办理状态", "state"), "case"),
    "progress": Target(Text("进展情况", "progress"), "case"),
    "struck": Target(Text("是否销号", "struck off"), "case"),
    "found_at": Target(Text("发现时间", "found"), "case"),
    "accepted_at": Target(Text("受理时间", "accepted"), "case"),
    "assigned_at": Target(Text("派单时间", "assigned"), "case"),
    "fixed_at": Target(Text("处置完成时间", "fixed"), "case"),
    "struck_at": Target(Text("销号时间", "struck off at"), "case"),
    "updated_at": Target(Text("更新时间", "updated"), "case"),
    "satisfaction": Target(Text("满意度", "satisfaction"), "case"),
    "revisit": Target(Text("回访情况", "call-back"), "case"),
    "on_time": Target(Text("是否按期", "on time"), "case"),
    "measures": Target(Text("整改措施", "measures"), "text"),
    "cost_est": Target(Text("估算费用", "estimated cost"), "text"),
    "consent": Target(Text("改造意愿", "consent"), "text"),
    "title": Target(Text("标题", "title"), "text"),
    "source_reason": Target(Text("问题大类", "wider type in the source"), "text"),
    "source_subject": Target(Text("所属部门分类", "subject in the source"), "text"),
    "source_code": Target(Text("原始类别代码", "code of the type in the source"), "text"),
    "service_notice": Target(Text("服务说明", "service notice"), "text"),
    "unit_leading": Target(Text("牵头单位", "leading unit"), "text"),
    "unit_helping": Target(Text("配合单位", "helping units"), "text"),
    "unit_code": Target(Text("单位代码", "code of the unit"), "text"),
    "queue": Target(Text("办理队列", "queue"), "text"),
    "stalls": Target(Text("厕位总数", "stalls in all"), "text"),
    "photo": Target(Text("照片", "photo"), "photo"),
    "photo_before": Target(Text("整改前照片", "photo before"), "photo"),
    "photo_after": Target(Text("整改后照片", "photo after"), "photo"),
    "note": Target(Text("备注", "note"), "text"),
    "serial": Target(Text("序号", "row number"), "none"),
    "measured": Target(Text("图上面积", "measured area"), "none"),
}
"""By the name that mappings use; a column of the layer of the same name goes before."""
DAY_ENDS = frozenset({"due_at", "closed_at", "ends_at", "fixed_at", "struck_at"})
"""Times that a date without a time of day means by its end: a deadline on the 20th lasts through the 20th."""
_BY_UNIT = {"元": "yuan", "m²": "m2", "m": "m", "mm": "mm", "层": "storeys", "年": "year"}
_TIMES = frozenset({"found_at", "accepted_at", "assigned_at", "fixed_at", "struck_at", "updated_at"})


def title_of(target: str, spec: LayerSpec) -> Text:
    """Give the words for a target, a fate, or a column of the layer."""
    if target == spec.id_column:
        return id_title(spec)
    if target in spec.columns:
        return spec.title_of(target)
    return TARGETS[target].title if target in TARGETS else Text.same(target)


def id_title(spec: LayerSpec) -> Text:
    """Give the title of the id of a layer."""
    title: Text = (spec.schema.to_schema().index.metadata or {})["title"]
    return title


def is_own(target: str, spec: LayerSpec) -> bool:
    """Tell whether a target is a column of the layer (its id is one)."""
    return target == spec.id_column or target in spec.columns


def role_of(target: str, spec: LayerSpec) -> str:
    """Give "column" for a column of the layer, else the role of the target, or the fate itself."""
    if is_own(target, spec):
        return "column"
    return TARGETS[target].role if target in TARGETS else target


def column_kind(target: str, spec: LayerSpec) -> str:
    """Tell how the cells of a target are to be read.

    Returns:
        "date"; "year"; a quantity of ``layers.intake.cells.amounts`` ("yuan", "m2", "m", "mm", "count", "storeys",
        "number"); "flag"; "severity"; "type"; "state"; "code" for a column with codes; "text" for all else.
    """
    named = {"severity": "severity", "issue_type": "type", "status": "state", "struck": "state", "cost_est": "yuan"}
    if target in spec.columns:
        dtype, facts = str(spec.schema.to_schema().columns[target].dtype).lower(), spec.columns[target]
        if facts["codes"] is not None:
            return "code"
        if dtype.startswith("datetime"):
            return "date"
        if dtype.startswith("bool"):
            return "flag"
        if dtype.startswith(("int", "float")) and target not in named:
            unit = next((word for word, text in UNITS.items() if text == facts["unit"]), None)
            return _BY_UNIT.get(unit or "", "count" if dtype.startswith("int") else "number")
    return "date" if target in _TIMES else named.get(target, "text")
