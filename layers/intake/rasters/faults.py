"""Every fault of a raster that comes in or lies in a workspace: what should be there and what to do about it."""

from collections.abc import Mapping

from geo.errors import Problem
from geo.findings import NOTHING
from geo.text import Text
from layers.problems import Fault, problem

_WARP = Text(
    "在 GIS 中把它转换到已知的坐标系，导出为正北朝上的 GeoTIFF",
    "convert it to a known coordinate system in a GIS and export it as a north-up GeoTIFF",
)
FAULTS: Mapping[str, Fault] = {
    "no_raster": Fault(
        "error",
        Text("GeoTIFF 栅格，或只含一个的 zip", "a GeoTIFF raster, or a zip with one"),
        Text(
            "表格和图形收入图层：把 rasters 换成图层名", "tables and shapes go into a layer: name it instead of rasters"
        ),
    ),
    "several_rasters": Fault(
        "error", Text("一次一个栅格", "one raster at a time"), Text("解压后逐个收入", "unpack them and take in each")
    ),
    "raster_alone": Fault(
        "warning",
        Text("自带位置、坐标系和无数据值的 GeoTIFF", "a GeoTIFF that holds its place, system and no-data value itself"),
        Text(
            "这些文件没有读取；若位置、坐标系、无数据值或掩膜写在其中，在 GIS 中重新导出为 GeoTIFF",
            "these files were not read; if place, system, no-data value or mask stand in them, export the GeoTIFF anew in a "
            "GIS",
        ),
    ),
    "raster_as_layer": Fault(
        "error",
        Text("表格或图形", "a table or shapes"),
        Text(
            "栅格不是图层：用 guatu add 工作区 rasters 文件", "a raster is no layer: guatu add WORKSPACE rasters FILE"
        ),
    ),
    "raster_name": Fault(
        "error",
        Text(
            "字母、数字、汉字、下划线组成的名称，至多 40 个字",
            "a name of letters, digits, Chinese characters and underscores, at most 40",
        ),
        Text("用 --name 另取名称，如 population", "give another name with --name, such as population"),
    ),
    "raster_numbers": Fault(
        "error",
        Text("实数像元", "cells that hold plain numbers"),
        Text("导出所需的分量（如幅值）后再收入", "export the part that is needed, such as the magnitude"),
    ),
    "raster_unplaced": Fault("error", Text("写明位置的 GeoTIFF", "a GeoTIFF that says where it lies"), _WARP),
    "raster_turned": Fault("error", Text("正北朝上的栅格", "a raster with north up"), _WARP),
    "raster_no_crs": Fault(
        "error",
        Text("已知的坐标系", "a known coordinate system"),
        Text(
            "向提供者问清坐标系，用 --crs EPSG:n 指定", "ask who made it for its system and state it with --crs EPSG:n"
        ),
    ),
    "raster_elsewhere": Fault(
        "error",
        Text("与工作区范围重叠的栅格", "a raster that overlaps the area of the workspace"),
        Text(
            "核对是否选错文件；坐标系标错时用 --crs EPSG:n 指定",
            "check whether it is the right file; state --crs EPSG:n if its system is labelled wrongly",
        ),
    ),
    "raster_no_way": Fault(
        "error",
        Text(
            "适用于当地、能准确换算到工作区的坐标系",
            "a coordinate system that is meant for this place and has a conversion of known accuracy",
        ),
        Text(
            "请提供者给出 CGCS2000 或 WGS84 的成果；坐标系标错时用 --crs EPSG:n 指定",
            "ask for it in CGCS2000 or WGS 84; state --crs EPSG:n if its system is labelled wrongly",
        ),
    ),
    "raster_empty": Fault(
        "error",
        Text("至少一个有值的像元", "at least one cell with a value"),
        Text("核对文件和其中声明的无数据值", "check the file, and the value that it declares as no data"),
    ),
    "raster_altered": Fault(
        "error",
        Text("查看之后未变的文件", "the file as it was when it was looked at"),
        Text("重新查看后再收入", "look at it again and then take it in"),
    ),
    "raster_crs_differs": Fault(
        "warning",
        Text("与工作区相同的坐标系", "the coordinate system of the workspace"),
        Text(
            "像元原样保存，不重采样；按网格统计时把网格换算过去，无需处理",
            "cells are kept as they are; statistics by grid convert the grids to it, nothing to do",
        ),
    ),
    "raster_crs_stated": Fault(
        "warning",
        Text("与文件标注一致的坐标系", "the coordinate system that the file itself names"),
        Text("已按 --crs 指定的读取；核对位置", "read as stated with --crs; check where it lies"),
    ),
    "raster_offset": Fault(
        "warning",
        Text("未加偏移的坐标（WGS84、CGCS2000）", "coordinates without an offset (WGS 84, CGCS2000)"),
        Text(
            "栅格不判断是否为 GCJ-02、BD-09；来自互联网地图的，先转换再收入",
            "whether a raster is in GCJ-02 or BD-09 is not judged; convert what comes from a web map first",
        ),
    ),
    "raster_no_ground": Fault(
        "warning",
        Text("有网格的工作区", "a workspace with grids"),
        Text(
            "位置未核对；收入网格后运行 guatu check", "its place was not checked; run guatu check once there are grids"
        ),
    ),
    "raster_part": Fault(
        "warning",
        Text("覆盖整个工作区的栅格", "a raster that covers the whole workspace"),
        Text("未覆盖的网格没有值，不计为 0", "grids that it does not cover have no value, which is not 0"),
    ),
    "raster_gaps": Fault(
        "warning",
        Text("工作区范围内都有值", "a value in every cell over the workspace"),
        Text("无值的像元不计入统计，不计为 0", "cells without one are left out of statistics and are not 0"),
    ),
    "raster_suspects": Fault(
        "warning",
        Text("声明了无数据值的栅格", "a raster that declares which value means no data"),
        Text(
            "这些值可能表示无数据或超出类型上限，现按数值计入；不对时在 GIS 中设好无数据值再收入",
            "these values may mean no data or more than the type can hold; they count as numbers: set the value for no "
            "data in a GIS and take it in again if that is wrong",
        ),
    ),
    "raster_bands": Fault(
        "warning",
        Text("单波段栅格", "a raster of one band"),
        Text("各波段都保存，统计只用第一个", "all bands are kept, statistics use the first"),
    ),
    "raster_stray": Fault(
        "warning",
        Text("以 .tif 结尾、名称规范的文件", "a file whose name is a proper one that ends with .tif"),
        Text("改名或移走，否则不会使用", "rename it or move it away; it is not used otherwise"),
    ),
}
"""By code, like ``layers.problems.FAULTS``."""


def fault(code: str, file: str, *, found: Text = NOTHING, severity: str = "") -> Problem:
    """Make a problem of a kind that a raster can have."""
    return problem(code, file, found=found, severity=severity, faults=FAULTS)
