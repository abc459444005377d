"""What can be wrong with spatial files, and how it is said."""

from collections.abc import Iterable, Mapping

from geo.errors import DataError, Problem
from geo.findings import NOTHING, rows_found
from geo.text import Text
from layers.intake.source import LostRow
from layers.problems import Fault, problem

_RESAVE = Text(
    "在制图软件中打开，另存为 GeoPackage 再导入", "open it in a mapping program, save it as GeoPackage, import that"
)
_REDRAW = Text("在制图软件中改正该图形后重新导入", "mend the shape in a mapping program and import again")
_CHOOSE = Text("选择要导入的一个", "choose the one to import")
_LOOK = Text("在预览中核对", "check it in the preview")
FAULTS: dict[str, Fault] = {
    "vector_unreadable": Fault("error", Text("可以读取的空间数据", "spatial data that can be read"), _RESAVE),
    "vector_empty": Fault(
        "error",
        Text("至少一个要素", "at least one feature"),
        Text("核对是否选错了文件", "check that it is the right file"),
    ),
    "json_syntax": Fault(
        "error",
        Text("完整的 JSON 文本", "a whole JSON text"),
        Text("重新导出该文件", "export the file again"),
    ),
    "json_other": Fault("error", Text("GeoJSON、TopoJSON 或 Open311", "GeoJSON, TopoJSON or Open311"), _RESAVE),
    "json_depth": Fault("error", Text("层次正常的 JSON", "JSON that is not nested so deeply"), _RESAVE),
    "xml_depth": Fault("error", Text("层次正常的 XML", "XML that is not nested so deeply"), _RESAVE),
    "xml_syntax": Fault(
        "error",
        Text("完整的 XML 文本", "a whole XML text"),
        Text("重新导出该文件", "export the file again"),
    ),
    "table_too_wide": Fault(
        "error",
        Text("至多 2,000 个字段", "at most 2,000 fields"),
        Text("只导出需要的字段", "export only the fields that are needed"),
    ),
    "several_layers": Fault("warning", Text("一个图层", "one layer"), _CHOOSE),
    "left_out_of_archive": Fault("warning", Text("数据文件", "data files"), Text("无需处理", "nothing to do")),
    "crs_link": Fault(
        "warning",
        Text("写明编号的坐标系", "a coordinate system by its code"),
        Text("不会联网查询；请在导入时指定坐标系", "addresses are never looked up; name the coordinate system"),
    ),
    "crs_unknown": Fault(
        "warning",
        Text("可识别的坐标系", "a coordinate system that is known"),
        Text("在导入时指定坐标系", "name the coordinate system when importing"),
    ),
    "links_dropped": Fault(
        "warning",
        Text("文件自身的数据", "the file's own data"),
        Text(
            "不会联网；如需其中数据，请先下载后导入",
            "links are never followed; download what they point to and import it",
        ),
    ),
    "duplicate_keys": Fault(
        "warning",
        Text("每个字段只出现一次", "each field once"),
        Text("核对这些要素，删去重复的字段", "check these features and delete the repeated fields"),
    ),
    "duplicate_feature_ids": Fault(
        "warning",
        Text("互不相同的要素编号", "feature ids that occur once"),
        Text("核对重复的要素", "check the repeated features"),
    ),
    "flattened": Fault(
        "warning",
        Text("平面图形", "shapes in the plane"),
        Text("已去掉高程；无需处理", "heights were dropped; nothing to do"),
    ),
    "curves_straightened": Fault(
        "warning",
        Text("由直线段组成的图形", "shapes made of straight lines"),
        Text("已用短直线代替曲线；核对", "curves were replaced by short straight lines; check them"),
    ),
    "rings_closed": Fault(
        "warning", Text("闭合的环", "closed rings"), Text("已自动闭合；核对", "they were closed; check them")
    ),
    "empty_shapes": Fault("warning", Text("有图形的要素", "features with a shape"), _LOOK),
    "mixed_types": Fault(
        "warning",
        Text("一种图形", "one type of shape"),
        Text("导入时按目标图层取舍，不符的逐条列出", "those that do not fit the layer are listed when importing"),
    ),
    "encoding_declared_wrong": Fault(
        "warning",
        Text("与内容相符的编码声明（.cpg）", "a declared encoding (.cpg) that fits the content"),
        Text(
            "在预览中核对文字；有乱码时另选编码", "look at the words in the preview; choose another if they are wrong"
        ),
    ),
    "encoding_found": Fault(
        "warning",
        Text("标明编码的 Shapefile（.cpg）", "a shapefile that says its encoding (.cpg)"),
        Text(
            "在预览中核对文字；有乱码时另选编码", "look at the words in the preview; choose another if they are wrong"
        ),
    ),
    "names_cut": Fault(
        "warning",
        Text("完整的字段名", "whole field names"),
        Text("字段名被截断，导入时对应到正确的字段", "the names were cut off; match them when importing"),
    ),
    "values_cut": Fault(
        "warning",
        Text("完整的文字", "whole texts"),
        Text(
            "文字在字符中间被截断，已去掉残缺的末字；核对原件",
            "texts were cut within a character; compare with the original",
        ),
    ),
    "no_time_of_day": Fault(
        "warning",
        Text("带时刻的时间", "times with the time of day"),
        Text(
            "Shapefile 只能保存日期；需要时刻时改用 GeoPackage",
            "shapefiles keep dates only; use GeoPackage if the hour matters",
        ),
    ),
    "missing_part": Fault(
        "error",
        Text("同名的 .shp、.shx、.dbf 三个文件", ".shp, .shx and .dbf of one name"),
        Text("把缺少的文件一起打包为 zip 后导入", "pack the missing file with the others as a zip"),
    ),
    "truncated": Fault(
        "error",
        Text("与文件头相符的长度", "the length that its header states"),
        Text("重新复制该文件，传输时被截断", "copy the file again, it was cut short on its way"),
    ),
    "counts_differ": Fault(
        "error",
        Text("图形与属性的条数相同", "as many rows of attributes as shapes"),
        Text("用原软件重新导出", "export it again from its program"),
    ),
    "triggers": Fault(
        "warning",
        Text("没有触发器的 GeoPackage", "a GeoPackage without triggers"),
        Text("触发器不会执行；无需处理", "they are not run; nothing to do"),
    ),
    "false_times": Fault(
        "warning",
        Text("时间列中的时间", "times in a column of times"),
        Text("这些值按空值读入；在原表中改正", "they were read as empty; correct them in the original"),
    ),
    "drawn_left_out": Fault(
        "warning",
        Text("点、线、面、图块和文字", "points, lines, areas, blocks and words"),
        Text(
            "需要时在 CAD 中分解（EXPLODE）后另存", "explode them in the CAD program and save again if they are needed"
        ),
    ),
    "drawing_recovered": Fault(
        "warning",
        Text("完整的图形文件", "an undamaged drawing"),
        Text(
            "文件已损坏，只读出其中一部分；在 CAD 中用 RECOVER 修复后另存",
            "it is damaged and was read as far as possible; run RECOVER in the CAD program",
        ),
    ),
    "unit_by_size": Fault(
        "warning",
        Text("与图幅相符的单位", "a unit that fits the size of the drawing"),
        Text("核对预览中的比例尺；不对时指定单位", "check the scale in the preview; name the unit if it is wrong"),
    ),
    "unit_unclear": Fault(
        "warning",
        Text("米或毫米", "metres or millimetres"),
        Text("已按米读取；请指定图纸单位", "read as metres; say which unit the drawing has"),
    ),
    "not_finite": Fault("row", Text("地球上的坐标", "coordinates on Earth"), _REDRAW),
    "broken_shape": Fault("row", Text("完整的图形", "a whole shape"), _REDRAW),
    "no_feature": Fault(
        "row",
        Text("GeoJSON 要素（Feature）", "a GeoJSON feature"),
        Text("改正或删除该项", "correct or delete the item"),
    ),
    "conflicting_keys": Fault(
        "row",
        Text("每个字段一个值", "one value for each field"),
        Text("保留正确的一个，删去另一个", "keep the right one and delete the other"),
    ),
}


def vector_problem(
    code: str, file: str, *, found: Text = NOTHING, row: int | None = None, column: str | None = None
) -> Problem:
    """Make a problem of a spatial file; ``file`` may name the layer too."""
    return problem(code, file, row=row, column=column, found=found, faults=FAULTS)


def refuse(file: str, code: str, found: Text = NOTHING) -> DataError:
    """Make the error that refuses a whole file."""
    return DataError([vector_problem(code, file, found=found)])


def counted_note(code: str, file: str, number: int) -> list[Problem]:
    """Tell how many rows something befell; nothing for none."""
    return [vector_problem(code, file, found=rows_found(number))] if number else []


def lost(rows: Iterable[tuple[int, Text]], code: str) -> tuple[LostRow, ...]:
    """List rows that cannot be taken in, with what was found in each."""
    return tuple(LostRow(int(row), code, None, found, FAULTS[code].remedy) for row, found in rows)


def in_order(parts: Mapping[str, Iterable[tuple[int, Text]]]) -> tuple[LostRow, ...]:
    """List lost rows of several kinds in the order of the file."""
    every = [one for code, rows in parts.items() for one in lost(rows, code)]
    return tuple(sorted(every, key=lambda one: one.row))
