"""What an uploaded file is, told by its content before any library opens it, never by its name."""

import codecs
import re
from pathlib import Path

from geo.archive_entries import entry_names, package_of
from geo.errors import DataError, Problem
from geo.findings import looks_like, shown
from geo.formats import GPKG_IDS, SQLITE
from geo.text import Text

HEAD = 1 << 16
FORMATS = Text(
    "CSV、Excel、GeoPackage、GeoJSON、Shapefile（zip）、FileGDB（zip）、KML、GPX、GML、MapInfo、FlatGeobuf、GeoParquet、DXF、OSM PBF、"
    "勘测定界 TXT、Open311、GeoTIFF 或照片",
    "CSV, Excel, GeoPackage, GeoJSON, shapefile (zip), FileGDB (zip), KML, GPX, GML, MapInfo, FlatGeobuf, GeoParquet, DXF, "
    "OSM PBF, survey TXT, Open311, GeoTIFF or a photo",
)
_AS_GEOPACKAGE = Text(
    "在制图软件中打开，另存为 GeoPackage 再导入", "open it in a mapping program, save it as GeoPackage, import that"
)
_AS_CSV = Text("另存为 Excel（.xlsx）或 CSV 再导入", "save it as Excel (.xlsx) or CSV and import that")
_AS_DXF = Text("在 CAD 中“另存为”DXF 再导入", "use Save as DXF in the CAD program and import that")
_UNPACK = Text("先解压，再导入其中的文件，或改为 zip", "unpack it and import what is in it, or pack it as zip")
_NO_DATA = Text("直接导入数据文件", "import the data file itself")
_ALL_PARTS = Text(
    "把同名的 .shp、.shx、.dbf、.prj、.cpg 打包为一个 zip 再导入",
    "pack the .shp, .shx, .dbf, .prj and .cpg of one name as a zip and import that",
)
_PARTS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj"}
_DBF = (b"\x03", b"\x30", b"\x31", b"\x83", b"\x8b", b"\xf5")
_ACCESS = Text("Access 数据库或个人地理数据库（.mdb）", "an Access database or personal geodatabase (.mdb)")
_FROM_ACCESS = Text(
    "在 ArcGIS 中导出为 GeoPackage、文件地理数据库或 Shapefile，在 Access 中导出为 Excel",
    "export it from ArcGIS as GeoPackage, file geodatabase or shapefile, from Access as Excel",
)
_OTHERS: tuple[tuple[bytes, Text, Text], ...] = (
    (b"\0\x01\0\0Standard Jet DB", _ACCESS, _FROM_ACCESS),
    (b"\0\x01\0\0Standard ACE DB", _ACCESS, _FROM_ACCESS),
    (b"%PDF", Text("PDF 文档", "a PDF document"), _AS_CSV),
    (b"Rar!", Text("RAR 压缩包", "a RAR archive"), _UNPACK),
    (b"7z\xbc\xaf", Text("7z 压缩包", "a 7z archive"), _UNPACK),
    (b"\x1f\x8b", Text("gzip 压缩文件", "a gzip file"), _UNPACK),
    (b"BZh", Text("bzip2 压缩文件", "a bzip2 file"), _UNPACK),
    (b"\xfd7zXZ", Text("xz 压缩文件", "an xz file"), _UNPACK),
    (b"GIF8", Text("GIF 图片", "a GIF picture"), Text("另存为 JPEG 或 PNG", "save it as JPEG or PNG")),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PAR1", "geoparquet"),
    (b"AutoCAD Binary DXF", "dxf"),
    (b"II*\0", "geotiff"),
    (b"MM\0*", "geotiff"),
    (b"II+\0", "geotiff"),
    (b"MM\0+", "geotiff"),
    (b"\xff\xd8\xff", "photo"),
    (b"\x89PNG\r\n\x1a\n", "photo"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\0\0\x27\x0a", "shapefile"),
)
_FORMS = (
    ("photo", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("osm_pbf", re.compile(rb"....\x0a\x09OSMHeader", re.DOTALL)),
)
_XML_KINDS = {"kml": "kml", "gpx": "gpx", "featurecollection": "gml", "cityModel": "gml"}
_XML_ORDERS = re.compile(r"ogrvrt|vrtdataset|mrf_meta|gdal_|wfs|wms|wcs|wmts|datasource|csw", re.IGNORECASE)
_ROOT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^>]*)")
_DXF = re.compile(r"\s*(999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n")


def refusal(file: str, code: str, found: Text, remedy: Text, *, expected: Text = FORMATS) -> DataError:
    """Make the refusal of a whole file."""
    return DataError([Problem(code, "error", file, None, None, found, expected, remedy)])


def kind_of(path: Path, *, file: str) -> str:
    """Say what a file is.

    Returns:
        "gpkg", "shapefile", "flatgeobuf", "geoparquet", "dxf", "osm_pbf", "geotiff", "photo", "xls", "xlsx",
        "ods", "kmz", "archive", "json", "kml", "gpx", "gml", "mapinfo", "parcels" or "delimited".

    Raises:
        DataError: none of these; it says what the file seems to be and what to save instead.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head.strip():
        raise refusal(file, "format", Text("空文件", "an empty file"), _NO_DATA)
    if path.suffix.lower() in _PARTS and (head[:1] in _DBF or path.suffix.lower() != ".dbf"):
        part = Text("单独的 Shapefile 部件（{end}）", "one part of a shapefile ({end})").format(end=path.suffix.lower())
        raise refusal(file, "missing_part", part, _ALL_PARTS)
    known = next((kind for mark, kind in _MARKS if head.startswith(mark)), None)
    if known:
        return known
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path, file)
    return _binary(head, file) or _text(head, file, path.suffix.lower())


def _zipped(path: Path, file: str) -> str:
    names = {name.casefold() for name in entry_names(path, file=file)}
    package = package_of(names)
    if package == "office" and not names & {"xl/workbook.xml", "xl/workbook.bin"}:
        raise refusal(file, "format", Text("Word 或 PowerPoint 文档", "a Word or PowerPoint document"), _AS_CSV)
    return {"office": "xlsx", "opendocument": "ods", "kmz": "kmz", None: "archive"}[package]


def _binary(head: bytes, file: str) -> str | None:
    if head.startswith(SQLITE):
        if head[68:72] in GPKG_IDS:
            return "gpkg"
        raise refusal(
            file,
            "format",
            Text("不是 GeoPackage 的 SQLite 数据库", "an SQLite database that is no GeoPackage"),
            _AS_GEOPACKAGE,
        )
    for kind, form in _FORMS:
        if form.match(head):
            return kind
    if re.match(rb"AC1\d\d\d", head):
        raise refusal(
            file, "format_dwg", Text("DWG 图形（AutoCAD 的内部格式）", "a DWG drawing (AutoCAD's own format)"), _AS_DXF
        )
    for mark, words, remedy in _OTHERS:
        if head.startswith(mark):
            raise refusal(file, "format", words, remedy)
    return None


def _text(head: bytes, file: str, suffix: str) -> str:
    text = decoded_start(head)
    if text is None:
        raise refusal(file, "format", looks_like(head), _AS_GEOPACKAGE)
    start = text.lstrip("\ufeff\x1e \t\r\n")
    if start.startswith("<"):
        return _markup(start, file)
    if suffix in {".geojson", ".json", ".topojson"} and not start.startswith(("{", "[")):
        words = Text("以“{start}”开头的文本", "text that begins with “{start}”").format(start=shown(start[:24]))
        raise refusal(file, "format", words, _AS_GEOPACKAGE)
    if start.startswith(("{", "[{", "[ {", "[\n", "[\r", "[]", "[ \n")):
        return "json"
    if "[地块坐标]" in text or "[属性描述]" in text:
        return "parcels"
    if _DXF.match(text):
        return "dxf"
    if re.match(r"!table|version\s+\d+\s*\n\s*(charset|delimiter|unique|index|coordsys|columns)", start, re.IGNORECASE):
        return "mapinfo"
    return "delimited"


def _markup(start: str, file: str) -> str:
    """Tell markup apart by its first element; lists of orders to other programs are named as such."""
    bare = re.sub(r"<\?.*?\?>|<!--.*?-->", "", start, flags=re.DOTALL)
    if re.search(r"<!DOCTYPE\s+html|<html", bare, re.IGNORECASE):
        raise refusal(file, "format", Text("网页（HTML）", "a web page (HTML)"), _AS_CSV)
    if re.search(r"<!(DOCTYPE|ENTITY)", bare, re.IGNORECASE):
        raise doctype(file)
    root = _ROOT.match(bare.lstrip())
    name = root[1] if root else ""
    kind = _XML_KINDS.get(name.lower())
    if kind == "gml" and not re.search("opengis|gml", start):
        kind = None
    if kind:
        return kind
    if _XML_ORDERS.search(name):
        raise orders(file, name)
    if name.lower() == "svg":
        raise refusal(
            file, "format", Text("SVG 图片", "an SVG picture"), Text("另存为 JPEG 或 PNG", "save it as JPEG or PNG")
        )
    words = Text("XML 文档（{name}）", "an XML document ({name})").format(name=shown(name) or "?")
    raise refusal(file, "format", words, _AS_GEOPACKAGE)


def orders(file: str, name: str) -> DataError:
    """Refuse a file that holds no data but tells a program what to read."""
    found = Text("要求读取其他文件或网址的指令（{name}）", "orders to read other files or addresses ({name})")
    return refusal(file, "format_orders", found.format(name=shown(name)), _NO_DATA)


def doctype(file: str) -> DataError:
    """Refuse XML with a document type: it could name other files or unfold without end."""
    found = Text(
        "XML 文档类型声明（DOCTYPE），可引用其他文件或无限展开",
        "an XML document type (DOCTYPE), which can name files or unfold endlessly",
    )
    remedy = Text("删去 DOCTYPE 声明，或重新导出", "remove the DOCTYPE or export the file again")
    return refusal(file, "xml_doctype", found, remedy)


def decoded_start(head: bytes) -> str | None:
    """Decode the beginning of a text in any usual encoding; None for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head.rstrip(b"\0") and len(head.replace(b"\0", b"")) < len(head) * 0.9:
        return None
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if _is_plain(text):
            return text
    return None


def _is_plain(text: str) -> bool:
    """Tell text from bytes: at most a few control characters, as in damaged tables."""
    odd = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n\f\x1e")  # noqa: PLR2004 (control characters)
    return odd <= len(text) // 50 + 2
