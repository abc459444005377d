"""How sure each rule of ``placing`` is, and what it says about it."""

from collections.abc import Mapping
from types import MappingProxyType

from geo.text import Text

SURE: Mapping[str, float] = MappingProxyType(
    {
        "house_in_estate": 0.97,
        "house_on_street": 0.8,
        "house_alone": 0.85,
        "door_in_estate": 0.7,
        "called": 0.93,
        "called_inside": 0.88,
        "called_besides": 0.5,
        "known_often": 0.98,
        "known_once": 0.95,
        "between": 0.93,
        "crossing": 0.93,
        "estate": 0.93,
        "no_such_house": 0.5,
        "street": 0.9,
        "grid": 0.9,
        "stem": 0.95,
        "slip": 0.6,
        "part_of_name": 0.7,
        "one_of_names": 0.7,
    }
)
"""Chance, by rule, that the thing that was found is the one that is meant; set from the measured shares."""

MOST: Mapping[str, float] = MappingProxyType({"estate": 0.75, "street": 0.5, "grid": 0.2})
"""Highest confidence of places that are no closer than this: however small the thing, a person looks at it first."""

WHY: Mapping[str, Text] = MappingProxyType(
    {
        "house_in_estate": Text(
            "{name}：小区（街道）与楼号都对得上", "{name}: both the estate or street and the number fit"
        ),
        "house_on_street": Text("{street}沿线的 {number} 号楼", "house {number} along {street}"),
        "house_alone": Text("只写了 {number} 号楼，没有写小区", "only house {number} is said, no estate"),
        "door_in_estate": Text(
            "{name}：门牌 {number} 号按楼号理解", "{name}: door {number} is read as the house number"
        ),
        "called": Text("名称对得上：{name}", "the name fits: {name}"),
        "earlier": Text(
            "与 {many} 件已有坐标的同址工单一致，如 {id}",
            "same address as {many} earlier with coordinates, such as {id}",
        ),
        "named_so": Text("楼栋门牌对得上：{id}", "a building bears this number: {id}"),
        "between": Text("按门牌 {low} 与 {high} 之间推算", "reckoned between numbers {low} and {high}"),
        "crossing": Text("{one}与{other}的交叉口", "where {one} and {other} meet"),
        "estate": Text("只能定到小区：{name}", "no closer than the estate: {name}"),
        "no_such_house": Text(
            "{name}内没有 {number} 号楼，只能定到小区", "{name} has no house {number}; no closer than the estate"
        ),
        "street": Text("只能定到街巷：{street}", "no closer than the street: {street}"),
        "no_such_number": Text(
            "{street}的门牌 {number} 未知，只能定到街巷",
            "number {number} of {street} is not known; no closer than the street",
        ),
        "grid": Text("只能定到网格：{name}", "no closer than the grid: {name}"),
        "stem": Text("“{said}”按简称理解", "“{said}” is read as a short form"),
        "part_of_name": Text("“{said}”只有一部分是已知地名", "only a part of “{said}” is a known name"),
        "slip": Text("“{said}”疑为“{name}”之误", "“{said}” is taken for “{name}”"),
        "unit": Text("单元位置按西（北）起第 {unit} 个推算", "unit {unit} counted from the west or north end"),
        "unit_unknown": Text(
            "单元位置无法确定，取楼栋中心", "where the unit lies is not known; the middle of the building stands"
        ),
        "side": Text("按“{side}”移到墙外", "moved outside the wall for “{side}”"),
        "opposite": Text("“对面”方向不明", "it is not known which way “opposite” is"),
        "away": Text("按“{side}约 {far} 米”移动", "moved about {far} m for “{side}”"),
        "away_somewhere": Text("相距约 {far} 米，方向不明", "some {far} m away, it is not known which way"),
        "towards": Text("取楼栋与所写街巷的中间", "half-way between the house and the street that is said"),
        "off_street": Text("该楼不在所写街巷边", "the house does not stand on the street that is said"),
        "two_houses": Text("取两栋之间", "half-way between the two houses"),
        "several": Text("有 {many} 处都符合", "{many} places fit"),
        "hint_fits": Text("与所填网格一致", "lies in the grid that is given"),
        "hint_differs": Text("不在所填网格内", "lies outside the grid that is given"),
        "town_differs": Text("不在所写的“{town}”内", "lies outside “{town}” that is said"),
        "nothing": Text("文字中没有已知的地名", "no name in the text is known here"),
    }
)
"""Reasons, joined into one sentence for the person who confirms."""
