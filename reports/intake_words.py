"""What an intake says on a page, in plain words: what kind of file it is, how far it got, what still holds it up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from geo.errors import Problem
from geo.text import Text, counted, listed
from layers.catalog import CATALOG, GRIDS
from layers.intake.cells.distinct import cell_text
from layers.intake.look import Look
from layers.intake.source import CellFault, Source
from reports.document import Fact

KINDS: Mapping[str, Text] = {
    "delimited": Text("文本表格（CSV、TSV）", "text table (CSV, TSV)"),
    "xlsx": Text("Excel 或 WPS 工作簿（XLSX）", "Excel or WPS workbook (XLSX)"),
    "xls": Text("旧版 Excel 工作簿（XLS）", "older Excel workbook (XLS)"),
    "ods": Text("ODS 工作簿", "ODS workbook"),
    "gpkg": Text("GeoPackage", "GeoPackage"),
    "shapefile": Text("Shapefile 图层", "shapefile"),
    "filegdb": Text("文件地理数据库（FileGDB）", "file geodatabase (FileGDB)"),
    "flatgeobuf": Text("FlatGeobuf", "FlatGeobuf"),
    "geoparquet": Text("GeoParquet", "GeoParquet"),
    "mapinfo": Text("MapInfo 图层", "MapInfo table"),
    "geojson": Text("GeoJSON", "GeoJSON"),
    "topojson": Text("TopoJSON", "TopoJSON"),
    "open311": Text("Open311 工单（JSON）", "Open311 requests (JSON)"),
    "json": Text("JSON 列表", "JSON list"),
    "kml": Text("KML 或 KMZ", "KML or KMZ"),
    "gpx": Text("GPX 轨迹", "GPX track"),
    "gml": Text("GML", "GML"),
    "dxf": Text("CAD 图（DXF）", "CAD drawing (DXF)"),
    "osm_pbf": Text("OpenStreetMap 数据（PBF）", "OpenStreetMap extract (PBF)"),
    "parcels": Text("勘测定界坐标（TXT）", "land survey corners (TXT)"),
    "photo": Text("照片", "photo"),
    "geotiff": Text("栅格图（GeoTIFF）", "raster (GeoTIFF)"),
}
ENCODINGS: Mapping[str, Text] = {
    "utf-8": Text.same("UTF-8"),
    "utf-8-sig": Text.same("UTF-8"),
    "gb18030": Text("GB18030（GBK）", "GB18030 (GBK)"),
    "cp1252": Text.same("Windows-1252"),
    "utf-16": Text.same("UTF-16"),
    "utf-16-le": Text.same("UTF-16"),
    "utf-16-be": Text.same("UTF-16"),
}
SEPARATORS: Mapping[str, Text] = {
    ",": Text("逗号", "comma"),
    ";": Text("分号", "semicolon"),
    "\t": Text("制表符", "tab"),
    "|": Text("竖线", "vertical bar"),
    " ": Text("空格", "blank"),
    "，": Text("全角逗号", "full-width comma"),
}
_AT_MAPPING = Text("在“列的对应关系”中指定是哪一列", "say under Columns which column it is")
REMEDIES: Mapping[str, Text] = {
    "which_part": Text("在上面选择要导入的一个", "choose above which one to import"),
    "several_layers": Text("在上面选择要导入的一个", "choose above which one to import"),
    "no_mapping": _AT_MAPPING,
    "column_required": _AT_MAPPING,
    "column_conflict": Text(
        "在“列的对应关系”中选定用哪一列；其余保留为附加列",
        "choose under Columns which one it is; the others are kept as extra columns",
    ),
    "column_guessed": Text("在“列的对应关系”中核对", "check it under Columns"),
    "column_doubtful": Text("在“列的对应关系”中核对", "check it under Columns"),
    "needs_answer": Text("在页面上的坐标问题中选择一项", "answer the question about coordinates on the page"),
    "no_place": Text(
        "见“待确认位置”；也可在原表补坐标或地址", "see Places to confirm, or add coordinates or an address"
    ),
    "needs_order": Text("在页面上选择日月的顺序", "choose the order of day and month on the page"),
    "workspace_faulty": Text("先按“数据检查”页改正", "mend what the Data check page lists first"),
    "layers_changed": Text(
        "改动若是有意的，在“数据检查”页确认；若不是，从备份恢复 layers.gpkg",
        "if the change was meant, confirm it on the Data check page; if not, restore layers.gpkg from a backup",
    ),
    "crs_link": Text("在页面的坐标一栏指定坐标系", "name the coordinate system on the page"),
    "crs_unknown": Text("在页面的坐标一栏指定坐标系", "name the coordinate system on the page"),
    "raster_as_layer": Text("栅格不分图层：请单独上传", "a raster goes into no layer: hand it in by itself"),
    "read_together": Text(
        "压缩包中的这几个文件按一份台账读取；不是同一份时，请分开上传",
        "these files of the archive are read as one ledger; if they are not, hand them in one by one",
    ),
    "raster_name": Text("另取名称，如 population", "give another name, such as population"),
    "raster_no_crs": Text("向提供者问清后填入上面的“坐标系”", "ask who made it for its system and write it above"),
    "raster_elsewhere": Text(
        "核对是否选错文件，坐标系是否标错", "check whether it is the right file and its system is labelled rightly"
    ),
    "raster_no_way": Text("请提供者给出 CGCS2000 或 WGS84 的成果", "ask for it in CGCS2000 or WGS 84"),
    "raster_crs_stated": Text("核对位置", "check where it lies"),
    "raster_no_ground": Text("位置未核对；请先收入网格", "its place was not checked; take in the grids first"),
}
"""What to do on the page, where the general words speak of the command line."""
TOLD_ELSEWHERE = frozenset({"place_evidence"})


def for_page(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give problems with remedies for somebody before a page; what the page says at its own place is left out."""
    return tuple(
        one._replace(remedy=REMEDIES.get(one.code, one.remedy)) for one in problems if one.code not in TOLD_ELSEWHERE
    )


def kind_words(sources: Sequence[Source]) -> Text:
    """Say what a file is: kind, tables, encoding, separator, heading."""
    first = sources[0]
    said = [KINDS.get(first.kind, Text.same(first.kind))]
    if len(sources) > 1:
        names = listed([Text.same(one.part or one.file) for one in sources])
        said.append(Text(f"{len(sources)} 张表：{names.zh}", f"{len(sources)} tables: {names.en}"))
    facts = first.facts
    if facts.get("encoding"):
        name = ENCODINGS.get(facts["encoding"], Text.same(facts["encoding"]))
        said.append(Text("编码 {name}", "encoding {name}").format(name=name))
    if facts.get("separator"):
        named = SEPARATORS.get(facts["separator"], Text.same(facts["separator"]))
        said.append(Text("以{s}分隔", "separated by {s}").format(s=named))
    if facts.get("header_rows", "0") != "0":
        rows = facts["header_rows"]
        several = "-" in rows
        said.append(Text(f"表头在第 {rows} 行", f"heading in {'rows' if several else 'row'} {rows}"))
    return Text("，".join(one.zh for one in said), ", ".join(one.en for one in said))


def parts_of(sources: Sequence[Source]) -> dict[str, Text]:
    """Name the tables to choose from, with how many rows each has."""
    words = Text("{name}（{n} 行）", "{name} ({rows})")
    return {
        one.part: words.format(name=one.part, n=f"{len(one.cells):,}", rows=counted(len(one.cells), "row", "rows"))
        for one in sources
    }


def steps(look: Look) -> tuple[Text, float]:
    """Say how far a file has come, with row counts, and the share of the way for a bar."""
    placed = sum(int((~pd.isna(part.located.shapes)).sum()) for part in look.parts)
    columns = len({target for part in look.parts for target in part.columns.columns.values()})
    said = [Text(f"已读取 {look.rows_read:,} 行", f"{counted(look.rows_read, 'row', 'rows')} read")]
    said.append(Text(f"看懂 {columns} 列", f"{counted(columns, 'column', 'columns')} understood"))
    if look.wishes.layer.shape != "none":
        said.append(Text(f"定位 {placed:,} 行", f"{placed:,} placed"))
    by_hand = sum(int(part.located.by_hand.sum()) for part in look.parts)
    if by_hand:
        said.append(Text(f"其中手工定位 {by_hand:,} 行", f"{by_hand:,} of them by hand"))
    if look.questions:
        many = len(look.questions)
        said.append(Text(f"待回答 {many} 个问题", f"{counted(many, 'question', 'questions')} open"))
        return _arrows(said), 0.5
    said.append(Text(f"通过检查 {look.rows_kept:,} 行", f"{look.rows_kept:,} passed the checks"))
    if blocked(look) is None:
        said.append(Text("等待确认入库", "waiting for your word to store them"))
    else:
        said.append(Text("没有要入库的", "nothing to store"))
    return _arrows(said), 0.8


def _arrows(said: Sequence[Text]) -> Text:
    return Text(" → ".join(one.zh for one in said), " → ".join(one.en for one in said))


def blocked(look: Look) -> Text | None:
    """Say why a file cannot be taken in yet, None if it can."""
    if look.questions:
        return Text("请先回答上面的问题。", "Answer the questions above first.")
    if not look.rows_read:
        return Text(
            "文件里只有表头，没有数据行。请核对是否选错了文件或工作表。",
            "The file has headings but no rows of data. Check that it is the right file, or the right sheet.",
        )
    if look.merge is None:
        return Text(
            "没有一行可以入库。在下面下载退回的行，按写明的原因改正，再交来改好的文件。",
            "No row can be taken in. Download the rejected rows below, correct them as told there, and hand that file in.",
        )
    if not look.is_new:
        return Text(
            "这些行都已在图层里，内容相同，无需再入库。",
            "All these rows are in the layer already with the same content; there is nothing to take in.",
        )
    return None


def stored_words(record: Mapping[str, Any], number: int) -> Text:
    """Say what an intake did."""
    if "raster" in record:
        words = Text("第 {n} 次入库完成：{file} → 栅格 {name}。", "Import {n} done: {file} → raster {name}.")
        return words.format(n=number, file=record["file"], name=record["raster"])
    layer = CATALOG[record["layer"]].title
    words = Text(
        "第 {n} 次入库完成：{file} → {layer}。新增 {a}，更新 {u}，不变 {s}，退回 {r}。",
        "Import {n} done: {file} → {layer}. {a} added, {u} updated, {s} unchanged, {r} rejected.",
    )
    numbers = {"a": "rows_added", "u": "rows_updated", "s": "rows_unchanged", "r": "rows_rejected"}
    return words.format(
        n=number, file=record["file"], layer=layer, **{sign: f"{record[name]:,}" for sign, name in numbers.items()}
    )


def first_step(layers: Mapping[str, object]) -> Text | None:
    """Say what to import first into a workspace that has no grids yet, None if it has."""
    if GRIDS.key in layers:
        return None
    return Text(
        "这个工作区还没有网格。请先导入网格（社区、片区或责任区的边界面）：有了它，后面的文件才能判断位置对不对、按网格统计。",
        "This workspace has no grids yet. Import them first (the areas of the community, its blocks or beats): with them, "
        "the places in later files can be checked and things counted by grid.",
    )


def read_as(cell: object, value: object) -> Text:
    """Say how a cell was read that is not simply what is written."""
    now = (
        value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00") if isinstance(value, pd.Timestamp) else cell_text(value)
    )
    was = cell_text(cell).strip()
    return Text(f"“{was}”读作 {now}", f"“{was}” read as {now}")


def blank_cell(fault: CellFault) -> Text:
    """Say that a cell was left empty since it cannot be read."""
    return Text("“{found}”看不懂，留空", "“{found}” cannot be read, left empty").format(found=fault.found)


BY_HAND = Text("手工定位", "placed by hand")


def by_address(confidence: float) -> Text:
    """Say that a row was placed by its address, and how surely."""
    return Text(f"按地址定位（把握 {confidence:.0%}）", f"placed by its address ({confidence:.0%} sure)")


def moved_words(metres: float | None) -> Text:
    """Say how far a shape moves; None where it had no place before."""
    if metres is None:
        return Text("有了位置", "has a place now")
    if metres < 1:
        return Text("形状有变", "another shape")
    return Text(f"移动 {metres:,.0f} 米", f"moves {metres:,.0f} m")


def numbers_of(look: Look) -> tuple[Fact, ...]:
    """Give the counts of an intake as headline numbers: rows read = kept + rejected, then what they do to the layer."""
    merge = look.merge
    done = (None,) * 3 if merge is None else (len(merge.added), len(merge.updated), len(merge.unchanged))
    facts = [
        Fact(Text("读取（行）", "Rows read"), f"{look.rows_read:,}"),
        Fact(Text("保留", "Kept"), f"{look.rows_kept:,}", _repeats(look)),
        Fact(Text("退回", "Rejected"), f"{look.rows_rejected:,}"),
    ]
    titles = (Text("将新增", "To add"), Text("将更新", "To update"), Text("不变", "Unchanged"))
    return (*facts, *(Fact(title, "–" if n is None else f"{n:,}") for title, n in zip(titles, done, strict=True)))


def _repeats(look: Look) -> Text | None:
    """Say how many of the kept rows repeat another one and count once."""
    many = 0 if look.merge is None else look.rows_kept - len(look.table)
    if not many:
        return None
    return Text(f"含重复 {many:,} 行", f"{counted(many, 'repeat', 'repeats')}")


def confirm_counts(look: Look) -> dict[str, str] | None:
    """Give what a confirmation would do, None while it cannot be given."""
    if blocked(look) is not None or look.merge is None:
        return None
    return {"a": f"{len(look.merge.added):,}", "u": f"{len(look.merge.updated):,}"}
