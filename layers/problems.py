"""Every fault that a workspace can have: what should be there and what to do about it.

The list is the source of the documentation page and of the texts on screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.errors import Problem
from geo.findings import NOTHING, value_found
from geo.text import Text, counted

MOST_ROWS = 20
"""Rows listed one by one for the same fault in the same column; the rest is counted."""


@dataclass(frozen=True)
class Fault:
    """A kind of problem. ``severity``: see ``geo.errors.Problem``."""

    severity: str
    expected: Text
    remedy: Text


QGIS = Text("在 QGIS 中打开 layers.gpkg 改正", "mend it in QGIS in layers.gpkg")
FAULTS: dict[str, Fault] = {
    "unknown_layer": Fault(
        "warning",
        Text("已知的图层名", "a known layer key"),
        Text("改为目录中的图层名，否则不会使用", "rename it to a layer of the catalogue; it is not used otherwise"),
    ),
    "no_crs": Fault(
        "error",
        Text("带坐标系的图层", "a layer with a coordinate system"),
        Text("在 QGIS 中为图层指定坐标系后重新保存", "assign the coordinate system in QGIS and save again"),
    ),
    "crs_differs": Fault(
        "error",
        Text("与 workspace.toml 相同的坐标系", "the coordinate system of workspace.toml"),
        Text("将图层转换到工作区坐标系后保存", "convert the layer to the workspace's coordinate system and save"),
    ),
    "crs_not_metric": Fault(
        "error",
        Text("以米为单位的投影坐标系", "a projected coordinate system in metres"),
        Text(
            "在 workspace.toml 中改用 CGCS2000 三度带或当地 UTM", "use the local UTM or CGCS2000 zone in workspace.toml"
        ),
    ),
    "missing_column": Fault(
        "error",
        Text("该图层的必填字段", "a required column of the layer"),
        Text("补充该字段", "add the column"),
    ),
    "missing_id": Fault(
        "error",
        Text("每行一个编号", "an id in every row"),
        Text("补充编号", "fill in the id"),
    ),
    "duplicate_id": Fault(
        "row",
        Text("互不相同的编号", "ids that occur once"),
        Text("改正重复的编号或删除重复行", "correct the repeated id or delete the repeated row"),
    ),
    "bad_value": Fault(
        "row",
        Text("符合数据字典的取值", "a value that the data dictionary allows"),
        Text("改正该值，或留空表示未知", "correct the value, or leave it empty for unknown"),
    ),
    "no_geometry": Fault(
        "row",
        Text("有图形的要素", "a feature with a geometry"),
        Text("补画图形或删除该行", "draw the geometry or delete the row"),
    ),
    "unreadable_geometry": Fault(
        "row",
        Text("可读取的图形（环须闭合）", "a geometry that can be read (rings closed)"),
        QGIS,
    ),
    "invalid_geometry": Fault(
        "row",
        Text("不自相交的图形", "a geometry that does not cross itself"),
        Text("用 QGIS 的“修正几何图形”工具处理", "run Fix geometries in QGIS"),
    ),
    "wrong_shape": Fault(
        "row",
        Text("该图层应有的图形类型", "the shape of this layer"),
        QGIS,
    ),
    "grid_cycle": Fault(
        "error",
        Text("无循环的网格树", "a grid tree without a cycle"),
        Text("改正上级网格编号", "correct parent_id"),
    ),
    "grid_orphan": Fault(
        "error",
        Text("上级网格存在", "a parent grid that exists"),
        Text("补充上级网格或改正 parent_id", "add the parent grid or correct parent_id"),
    ),
    "grid_level": Fault(
        "error",
        Text("层级比上级大 1，最大一级为 1", "a level one below its parent's; the top level is 1"),
        Text("改正 level 或 parent_id", "correct level or parent_id"),
    ),
    "grid_overlap": Fault(
        "error",
        Text("同级网格互不重叠", "grids of one level that do not overlap"),
        QGIS,
    ),
    "grid_sliver": Fault(
        "warning",
        Text("同级网格共边，无细缝或细小重叠", "grids that share their borders without slivers"),
        Text(
            "可用 QGIS 拓扑检查修正；归属规则不受影响",
            "may be mended with QGIS's topology checker; ownership stays unique",
        ),
    ),
    "grid_not_nested": Fault(
        "error",
        Text("小网格完全位于上级网格内", "small grids inside their parent"),
        Text(
            "改正边界，或在 workspace.toml 中写 nests = false",
            "correct the border, or write nests = false in workspace.toml",
        ),
    ),
    "levels_do_not_nest": Fault(
        "warning",
        Text("小网格完全位于上级网格内", "small grids inside their parent"),
        Text(
            "每级分别定位；汇总到上级的数字以上级定位为准",
            "each level is located by itself; totals of a level are its own",
        ),
    ),
    "no_level": Fault(
        "error",
        Text("workspace.toml 中每级至少一个网格", "at least one grid of each level in workspace.toml"),
        Text("补充该级网格，或改正 levels", "add grids of that level, or correct levels"),
    ),
    "outside": Fault(
        "warning",
        Text("位于某个网格内", "a place inside a grid"),
        Text(
            "核对坐标或网格边界；计入合计，不计入任何网格",
            "check the coordinates or the border; counted in totals, in no grid",
        ),
    ),
    "default_point": Fault(
        "warning",
        Text("各自的位置", "places of their own"),
        Text(
            "这些记录没有真实位置：计入合计，不进入按位置的指标和地图",
            "these rows have no real place: kept in totals, left out of map-based measures",
        ),
    ),
    "closed_before_reported": Fault(
        "warning",
        Text("办结时间不早于上报时间", "closed no earlier than reported"),
        Text("核对两个时间", "check both dates"),
    ),
    "reported_in_future": Fault(
        "warning",
        Text("上报时间不晚于数据截止时间", "reported no later than the as-of date"),
        Text("核对上报时间或 as_of", "check the date or as_of"),
    ),
    "unknown_type": Fault(
        "row",
        Text("issue_types.csv 中的代码", "a code of issue_types.csv"),
        Text(
            "改正代码，或在 standards/issue_types.csv 中增加", "correct the code or add it to standards/issue_types.csv"
        ),
    ),
    "unmapped_type": Fault(
        "warning",
        Text("能对应到问题类别的原始类别", "a source type that maps to an issue type"),
        Text(
            "在类别对照表中补充；在此之前没有严重程度，不参加按类别的统计",
            "add it to the mapping table; until then it has no severity and no type statistics",
        ),
    ),
    "unknown_standard": Fault(
        "warning",
        Text(
            "内置标准表的文件名、criteria.toml，或以 _types.csv 结尾的对照表",
            "the name of a shipped table, criteria.toml, or a mapping whose name ends with _types.csv",
        ),
        Text("改正文件名，否则不会使用", "correct the name of the file; it is not used otherwise"),
    ),
    "copy_gone": Fault(
        "error",
        Text("打开工作区时存下的副本", "the copy that was stored when the workspace was opened"),
        Text("副本已被删除，请重新打开工作区", "the copy was removed; open the workspace again"),
    ),
    "unknown_reference": Fault(
        "warning",
        Text("存在的对象编号", "the id of an existing thing"),
        Text("改正编号", "correct the id"),
    ),
}


def problem(
    code: str,
    file: str,
    *,
    row: object = None,
    column: str | None = None,
    found: Text = NOTHING,
    severity: str = "",
    faults: Mapping[str, Fault] = FAULTS,
) -> Problem:
    """Make a problem of a kind that ``faults`` lists: those of a workspace, or of one way in or out."""
    fault = faults[code]
    where = None if value_found(row) == NOTHING else str(row)
    return Problem(code, severity or fault.severity, file, where, column, found, fault.expected, fault.remedy)


def problems_of_rows(
    code: str, file: str, rows: Sequence[tuple[object, Text]], *, column: str | None = None
) -> list[Problem]:
    """Make one problem per (row, found); beyond ``MOST_ROWS`` the rest is one problem without a row, with a count."""
    listed = [problem(code, file, row=row, column=column, found=found) for row, found in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        rest = len(rows) - MOST_ROWS
        found = Text(f"另有 {rest:,} 行", f"{counted(rest, 'more row', 'more rows')}")
        listed.append(problem(code, file, column=column, found=found))
    return listed
