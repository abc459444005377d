"""What can go wrong when data go out, and what is told about data that a format cannot hold as they are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DataError, Problem
from geo.findings import names_found, rows_found, system_fault
from geo.formats import told
from geo.text import Text
from layers.problems import Fault, problem

FAULTS: dict[str, Fault] = {
    "export_format": Fault(
        "error",
        Text(
            ".gpkg、.geojson、.parquet、.fgb、.shp、.zip、.kml、.csv、.xlsx、.dxf 或 .json（Open311）",
            ".gpkg, .geojson, .parquet, .fgb, .shp, .zip, .kml, .csv, .xlsx, .dxf or .json (Open311)",
        ),
        Text("改用其中一种扩展名", "give the file one of these endings"),
    ),
    "export_encoding": Fault(
        "error",
        Text("UTF-8；Shapefile 也可用 GBK", "UTF-8; a shapefile may also be in GBK"),
        Text("去掉编码选项，或导出为 .shp 或 .zip", "leave the encoding out, or export to .shp or .zip"),
    ),
    "export_no_layer": Fault(
        "error",
        Text("工作区中有的图层", "a layer of the workspace"),
        Text("核对图层名", "check the name of the layer"),
    ),
    "export_empty": Fault(
        "error",
        Text("至少一行数据", "at least one row"),
        Text("先导入数据，或选择另一个图层", "take in data first, or choose another layer"),
    ),
    "export_no_shape": Fault(
        "error",
        Text("有图形的图层", "a layer with shapes"),
        Text("没有图形的表请导出为 .csv 或 .xlsx", "export a table without shapes to .csv or .xlsx"),
    ),
    "export_no_crs": Fault(
        "error",
        Text("带坐标系的图层", "a layer with a coordinate system"),
        Text("先指定坐标系", "state the coordinate system first"),
    ),
    "export_internal": Fault(
        "error",
        Text("可以公开的图层", "a layer that may be public"),
        Text(
            "公开版不含此图层；内部使用时去掉公开选项",
            "leave it out of the public edition, or export it for inside use",
        ),
    ),
    "export_not_issues": Fault(
        "error",
        Text("问题图层（Open311 只用于问题）", "the layer of issues (Open311 is for issues only)"),
        Text("其他图层请用 .geojson", "use .geojson for other layers"),
    ),
    "export_too_large": Fault(
        "error",
        Text("不超过 1,048,575 行、16,384 列", "at most 1,048,575 rows and 16,384 columns"),
        Text("改用 .csv、.gpkg 或 .parquet", "use .csv, .gpkg or .parquet"),
    ),
    "export_mixed": Fault(
        "error",
        Text("每列一种类型的值", "values of one kind in each column"),
        Text("把该列改为单一类型", "give the column one kind of values"),
    ),
    "export_collection": Fault(
        "error",
        Text("点、线或面", "points, lines or areas"),
        Text("把混合图形拆成点、线、面后再导出", "split the mixed shapes into points, lines and areas first"),
    ),
    "export_unwritable": Fault(
        "error",
        Text("可以写入的文件夹", "a folder that can be written to"),
        Text("换一个文件夹，或请管理员开放写权限", "choose another folder, or ask for the right to write there"),
    ),
    "export_left_out": Fault(
        "warning",
        Text("公开版只含可以公开的字段", "a public edition has public columns only"),
        Text("无须处理", "nothing needs to be done"),
    ),
    "export_cut": Fault(
        "warning",
        Text("该格式装得下的文本长度", "text of a length that the format can hold"),
        Text("需要全文时用 .gpkg 或 .csv", "use .gpkg or .csv where the whole text is needed"),
    ),
    "export_characters": Fault(
        "warning",
        Text("该格式能写的字符", "characters that the format can hold"),
        Text("需要原字符时用 .gpkg 或 .geojson", "use .gpkg or .geojson where the very characters are needed"),
    ),
    "export_as_text": Fault(
        "warning",
        Text("该格式能存的数值或时间", "numbers and times that the format can hold"),
        Text("已按文本写出，没有丢失", "written as text, nothing is lost"),
    ),
    "export_not_finite": Fault(
        "warning",
        Text("有限的数值", "finite numbers"),
        Text("已写为空值，请核对计算", "written as empty; check how they were computed"),
    ),
    "export_split": Fault(
        "warning",
        Text("每个文件一种图形", "one kind of shape in a file"),
        Text("点、线、面分别在几个文件中", "points, lines and areas are in files of their own"),
    ),
    "export_no_place": Fault(
        "warning",
        Text("有图形的行", "rows with a shape"),
        Text(
            "该格式只有图形，这些行请另导出为 .csv 或 .xlsx",
            "the format holds shapes only; export these rows to .csv or .xlsx",
        ),
    ),
    "export_no_zone": Fault(
        "warning",
        Text("带时区的时间", "times with a time zone"),
        Text("时间按当地时间写出，请告知接收方时区", "times are local; tell the receiver the time zone"),
    ),
}


def note(code: str, file: str, found: Text, *, column: str | None = None) -> Problem:
    """Describe what a person should know about a file, or why it cannot be written."""
    return problem(code, file, column=column, found=found, faults=FAULTS)


def rows_noted(code: str, file: str, count: int, *, column: str | None = None) -> tuple[Problem, ...]:
    """Tell how many rows are meant, or nothing where there are none."""
    return (note(code, file, rows_found(count), column=column),) if count else ()


def names_noted(code: str, file: str, names: Sequence[object]) -> tuple[Problem, ...]:
    """Tell which names are meant, or nothing where there are none."""
    return (note(code, file, names_found(names)),) if names else ()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn whatever stops a file from being written into one ``DataError`` about its place."""
    try:
        with told(path, "unwritable"):
            yield
    except DataError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno:
            raise DataError([note("export_unwritable", path.name, system_fault(cause))]) from error
        raise
