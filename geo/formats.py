"""What a vector file really is, told by its content: its driver, its tables, and whether it is whole."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import shapely

from geo.errors import DataError, GuatuError, Problem
from geo.findings import inside_fault, looks_like, system_fault
from geo.text import Text

FORMATS = Text("GeoPackage、GeoJSON、Shapefile 或 FlatGeobuf", "GeoPackage, GeoJSON, Shapefile or FlatGeobuf")
_RESAVE = Text("在制图软件中打开，另存为 GeoPackage", "open it in a mapping program and save it as GeoPackage")
STORABLE = Text("文本、数字、时间与几何组成的列", "columns of text, numbers, times or geometry")
SIMPLER = Text("检查磁盘空间，并把该列改为单一类型", "check the free disk space and give each column one type")
_VIEW, _NO_TABLE = (
    Text("视图或虚拟表", "a view or virtual table"),
    Text("登记了但不存在的表", "a table that is listed but not there"),
)
_NO_FILE = Text("没有此文件", "no such file")
SQLITE = b"SQLite format 3\0"
GPKG_IDS = (b"GPKG", b"GP10", b"GP11")  # application id at byte 68; the old two name their version


@contextmanager
def told(path: Path, code: str = "unreadable") -> Iterator[None]:
    """Turn whatever the libraries raise about a file into one ``DataError``."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    from pyogrio import errors  # noqa: PLC0415 (heavy)
    from pyproj.exceptions import ProjError  # noqa: PLC0415 (heavy)

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    # The last two are what pyogrio raises by mistake about files without a head or a coordinate system.
    others = (shapely.errors.ShapelyError, sqlite3.Error, OSError, ValueError, ProjError, IndexError, UnboundLocalError)
    try:
        yield
    except (*kinds, pa.ArrowException, *others) as error:
        if isinstance(error, GuatuError):
            raise
        if isinstance(error, errors.DataLayerError):
            fault = _no_layer(path, code, str(error))
        elif code == "unwritable":
            fault = file_fault(path, code, _unwritten(error), expected=STORABLE, remedy=SIMPLER)
        else:
            fault = file_fault(path, code, inside_fault(path, error))
        raise DataError([fault]) from error


def _no_layer(path: Path, code: str, words: str) -> Problem:
    named = re.search(r"'([^']*)'", words)
    found = Text("图层“{name}”", "layer '{name}'").format(name=named[1] if named else "")
    expected = Text("文件中有的图层", "a layer of the file")
    return file_fault(path, code, found, expected=expected, remedy=Text("核对图层名", "check the name of the layer"))


def _unwritten(error: Exception) -> Text:
    """Say why a file could not be written; what is no fault of the disk is one of the columns."""
    if isinstance(error, OSError) and error.errno:
        return system_fault(error)
    if "full" in str(error) or "No space" in str(error):  # GDAL and SQLite know no numbers of errors
        return Text("磁盘已满", "a full disk")
    return Text("无法存储的列", "a column that cannot be stored")


def file_fault(
    path: Path, code: str, found: Text, *, layer: str | None = None, expected: Text = FORMATS, remedy: Text = _RESAVE
) -> Problem:
    """Describe what is wrong with a file or one of its layers."""
    return Problem(code, "error", path.name, None, layer, found, expected, remedy)


def vector_driver(path: Path) -> str:
    """Say by its content, never by its name, which driver may open a file.

    Returns:
        "GPKG", "GeoJSON", "ESRI Shapefile" or "FlatGeobuf".

    Raises:
        DataError: no file, a shapefile cut short, or content that is none of these.
    """
    with told(path):
        if not path.is_file():
            raise DataError([file_fault(path, "no_file", _NO_FILE, remedy=Text("检查路径", "check the path"))])
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(SQLITE) and head[68:72] in GPKG_IDS:
            return "GPKG"
        if head.startswith(b"fgb\x03fgb"):
            return "FlatGeobuf"
        if head.startswith(b"\0\0\x27\x0a") and path.suffix.lower() == ".shp":
            _check_shapefile(path, head)
            return "ESRI Shapefile"
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if text.startswith(b"{") and b"gdal_streamed_alg" not in head:
            return "GeoJSON"
    raise DataError([file_fault(path, "format", _other_format(head))])


def _other_format(head: bytes) -> Text:
    if head.startswith(SQLITE):
        return Text("不是 GeoPackage 的 SQLite 数据库", "an SQLite database that is no GeoPackage")
    return looks_like(head)


def _check_shapefile(path: Path, head: bytes) -> None:
    """Refuse a shapefile without its parts or shorter than its header says: GDAL reads what is left."""
    missing = [end for end in (".shx", ".dbf") if not _beside(path, end)]
    if missing:
        whole = Text("同名的 .shp、.shx、.dbf 三个文件", ".shp, .shx and .dbf of one name")
        ask = Text("向提供者索取缺少的文件", "ask the sender for the missing part")
        found = Text(f"缺少 {'、'.join(missing)}", f"no {', '.join(missing)}")
        raise DataError([file_fault(path, "missing_part", found, expected=whole, remedy=ask)])
    stated, actual = 2 * int.from_bytes(head[24:28], "big"), path.stat().st_size
    if actual < stated:
        full = Text(f"{stated} 字节", f"{stated} bytes")
        again = Text("重新复制该文件，传输时被截断", "copy the file again, it was cut short on its way")
        raise DataError(
            [file_fault(path, "truncated", Text(f"{actual} 字节", f"{actual} bytes"), expected=full, remedy=again)]
        )


def _beside(path: Path, suffix: str) -> bool:
    return any(path.with_suffix(end).is_file() for end in (suffix, suffix.upper()))


def source_name(path: Path) -> str:
    """Name a checked file to GDAL so that only its own driver can open it."""
    driver = vector_driver(path)
    if driver == "GPKG":
        gpkg_tables(path)
    prefix = f"{driver}:" if driver in {"GPKG", "GeoJSON"} else ""
    return f"{prefix}{path.resolve()}"


def gpkg_tables(path: Path) -> tuple[str, ...]:
    """List the registered tables of a GeoPackage after a check of its pages; views are refused."""
    state = path.stat()
    return _checked_gpkg(path.resolve(), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _checked_gpkg(path: Path, _size: int, _changed_ns: int) -> tuple[str, ...]:
    """Check a GeoPackage once for all its layers; another size or time of change is another file."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with told(path, "damaged"), closing(sqlite3.connect(uri, uri=True)) as store:
        state = str(store.execute("PRAGMA quick_check(1)").fetchone()[0])
        if state != "ok":
            again = Text("用备份或重新导出的文件代替", "use a backup or export the file again")
            sound = Text("完整的 GeoPackage", "an undamaged GeoPackage")
            broken = Text("内部页面损坏", "damaged pages inside")
            raise DataError([file_fault(path, "damaged", broken, expected=sound, remedy=again)])
        computed = store.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('view', 'table') AND coalesce(rootpage, 0) = 0 "
            "AND lower(name) IN ('gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys', 'gpkg_extensions')"
        ).fetchall()
        rows = [(name, "view") for (name,) in computed] or store.execute(
            "SELECT c.table_name, CASE WHEN m.rootpage > 0 THEN m.type ELSE m.type || ' of its own making' END "
            "FROM gpkg_contents c "
            "LEFT JOIN sqlite_master m ON lower(m.name) = lower(c.table_name) AND m.type IN ('table', 'view') "
            "WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid"
        ).fetchall()
    table = Text("实际的数据表；视图会执行其中的语句", "a real table; a view runs what is written in it")
    sly = [(name, _VIEW if kind else _NO_TABLE) for name, kind in rows if kind != "table"]
    if sly:
        raise DataError(file_fault(path, "view", found, layer=name, expected=table) for name, found in sly)
    return tuple(str(name) for name, _ in rows)


def unreadable_times(path: Path, layer: str, column: str) -> dict[int, str]:
    """Find texts of a GeoPackage's time column that are no times: GDAL reads them as 1970 without a word.

    Returns:
        What stands there, by position of the row in the file.
    """
    table, field = (name.replace('"', '""') for name in (layer, column))
    query = (
        f'SELECT position, "{field}" FROM (SELECT row_number() OVER (ORDER BY rowid) - 1 AS position, "{field}" '  # noqa: S608 (names are quoted)
        f'FROM "{table}") WHERE "{field}" IS NOT NULL AND datetime("{field}") IS NULL'
    )
    with told(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as store:
        return {int(position): str(text) for position, text in store.execute(query)}
