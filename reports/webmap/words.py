"""What the map itself says, in both languages. The browser has no words of its own."""

from geo.text import Text

INTERFACE: dict[str, Text] = {
    "map": Text("地图", "Map"),
    "other_language": Text("English", "中文"),
    "other_language_title": Text("Switch to English", "切换为中文"),
    "panel": Text("图例与图层", "Legend and layers"),
    "close": Text("关闭", "Close"),
    "search": Text("查找网格（名称或编号）", "Find a grid (name or id)"),
    "search_help": Text("按向下键列出全部网格，回车选中", "Arrow down lists all grids, Enter chooses one"),
    "nothing_found": Text("没有符合的网格", "No grid matches"),
    "found": Text("找到 {n} 个网格", "{n} grids found"),
    "grids": Text("网格", "Grids"),
    "rasters": Text("栅格", "Rasters"),
    "raster": Text("显示", "Shown"),
    "no_raster": Text("不显示", "None"),
    "show_level": Text("网格层级", "Grid level"),
    "shading": Text("着色", "Shading"),
    "no_shading": Text("不着色", "None"),
    "labels": Text("网格名称", "Grid names"),
    "layers": Text("图层", "Layers"),
    "as_of": Text("数据截至 {day}", "Data as of {day}"),
    "missing": Text("资料不足", "Not enough data"),
    "few": Text("户数过少，不参加排名", "Too few households to rank"),
    "grids_one": Text("{n} 个网格", "{n} grid"),
    "grids_many": Text("{n} 个网格", "{n} grids"),
    "all_types": Text("全部类别", "All types"),
    "issue_type": Text("问题类别", "Issue type"),
    "closed": Text("已办结", "Closed"),
    "open": Text("未办结，未超期或无期限", "Open, not overdue"),
    "overdue": Text("未办结，已超期", "Open and overdue"),
    "days_late": Text("超期 {n} 天", "{n} days late"),
    "day_late": Text("超期 1 天", "1 day late"),
    "today_late": Text("超期不足 1 天", "less than a day late"),
    "cluster": Text("此处 {n} 件", "{n} here"),
    "cluster_hint": Text(
        "圆圈内为件数，外环为办理情况；点击放大", "A circle shows how many; its ring their standing; click to zoom in"
    ),
    "previous": Text("上一件", "Previous"),
    "next": Text("下一件", "Next"),
    "of": Text("{i} / {n}", "{i} of {n}"),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "whole": Text("全图", "Whole area"),
    "empty": Text("本工作区没有数据", "None in this workspace"),
    "loading": Text("正在加载……", "Loading…"),
    "failed": Text("数据加载失败，请刷新页面", "The data did not load; reload the page"),
    "id": Text("编号", "Id"),
    "unnamed": Text("（未命名）", "(no name)"),
    "help": Text(
        "拖动或方向键移动，滚轮或 + − 缩放，点击查看详情；用键盘时按回车查看十字处",
        "Drag or use the arrow keys to move, wheel or + − to zoom, click for details; with the keyboard, Enter opens what is at the cross",
    ),
}

GLYPHS: dict[str, Text] = {
    "toilets": Text("厕", "T"),
    "parks": Text("园", "G"),
    "murals": Text("画", "M"),
    "parking": Text("P", "P"),
    "facilities": Text("服", "F"),
    "projects": Text("项", "W"),
    "sites": Text("地", "S"),
    "drains": Text("井", "D"),
    "lights": Text("灯", "L"),
}
"""The sign on the marker of a point layer."""

SCORE = Text("优先得分", "Priority score")
RANK = Text("优先排名", "Priority rank")
RANK_VALUE = Text("第 {rank} 名，共 {of} 个", "{rank} of {of}")
RANK_RANGE = Text("排名区间", "Rank interval")
POINTS = Text("分", "points")
NOT_RANKED = Text("资料不足，未排名", "not enough data to rank")
FEW_PEOPLE = Text("户数过少，未排名", "too few households to rank")

NO_ISSUES = Text("本工作区没有问题点", "No issues in this workspace")
ON_DEFAULT = Text(
    "{n} 件登记在默认点上（无真实位置），未绘制",
    "{n} are recorded on a default point (no real place) and are not drawn",
)
NO_PLACE = Text("{n} 件没有坐标，未绘制", "{n} have no coordinates and are not drawn")
NO_SHAPE = Text("{n} 条没有坐标，未绘制", "{n} have no coordinates and are not drawn")
NOT_YET = Text("{n} 件在截止日期之后上报，未绘制", "{n} were reported after this date and are not drawn")
NO_TEXT = Text(
    "为控制文件大小，未附{columns}；请按编号在工作区中查看",
    "{columns} left out to keep the file small; look them up in the workspace by id",
)
PUBLIC_POINTS = Text("公开版：点位精度约 10 米", "Public edition: places to about 10 metres")
INTERNAL = Text("内部工作用图，不得公开", "Internal working map, not for publication")
SYNTHETIC = Text("演示数据为虚构", "Demonstration data are made up")
