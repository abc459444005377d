"""The only opener of vector files, and writers that leave either a whole file or none."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

import geo.drivers as _drivers  # noqa: F401 (GDAL is loaded inside the functions, so after this)
from geo.errors import CrsError, DataError, GuatuError, Problem
from geo.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = Text("GeoPackage、GeoJSON、Shapefile 或 FlatGeobuf", "GeoPackage, GeoJSON, Shapefile or FlatGeobuf")
_RESAVE = Text("在制图软件中打开，另存为 GeoPackage", "open it in a mapping program and save it as GeoPackage")
_STORABLE = Text("文本、数字、时间与几何组成的列", "columns of text, numbers, times or geometry")
_SIMPLER = Text("检查磁盘空间，并把该列改为单一类型", "check the free disk space and give each column one type")
_SQLITE = b"SQLite format 3\0"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")  # application id at byte 68; the old two name their version


@contextmanager
def _told(path: Path, code: str = "unreadable") -> Iterator[None]:
    """Turn whatever the libraries raise about a file into one ``DataError``."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    from pyogrio import errors  # noqa: PLC0415 (heavy)

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    try:
        yield
    except (*kinds, pa.ArrowException, shapely.errors.ShapelyError, sqlite3.Error, OSError, ValueError) as error:
        if isinstance(error, GuatuError):
            raise
        expected, remedy = (_STORABLE, _SIMPLER) if code == "unwritable" else (FORMATS, _RESAVE)
        if isinstance(error, errors.DataLayerError):
            expected = Text("文件中有的图层", "a layer of the file")
            remedy = Text("用 layer_names 查看图层名", "see layer_names for what there is")
        raise DataError(
            [_fault(path, code, " ".join(str(error).split())[:300], expected=expected, remedy=remedy)]
        ) from error


def _fault(
    path: Path, code: str, found: str, *, layer: str | None = None, expected: Text = FORMATS, remedy: Text = _RESAVE
) -> Problem:
    return Problem(code, "error", path.name, None, layer, found, expected, remedy)


def vector_driver(path: Path) -> str:
    """Say by its content, never by its name, which driver may open a file.

    Returns:
        "GPKG", "GeoJSON", "ESRI Shapefile" or "FlatGeobuf".

    Raises:
        DataError: no file, a shapefile cut short, or content that is none of these.
    """
    with _told(path):
        if not path.is_file():
            raise DataError([_fault(path, "no_file", "no such file", remedy=Text("检查路径", "check the path"))])
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(_SQLITE) and head[68:72] in _GPKG_IDS:
            return "GPKG"
        if head.startswith(b"fgb\x03fgb"):
            return "FlatGeobuf"
        if head.startswith(b"\0\0\x27\x0a") and path.suffix.lower() == ".shp":
            _check_shapefile(path, head)
            return "ESRI Shapefile"
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if text.startswith(b"{") and b"gdal_streamed_alg" not in head:
            return "GeoJSON"
    raise DataError([_fault(path, "format", repr(head[:16]))])


def _check_shapefile(path: Path, head: bytes) -> None:
    """Refuse a shapefile without its parts or shorter than its header says: GDAL reads what is left."""
    missing = [end for end in (".shx", ".dbf") if not _beside(path, end)]
    if missing:
        whole = Text("同名的 .shp、.shx、.dbf 三个文件", ".shp, .shx and .dbf of one name")
        ask = Text("向提供者索取缺少的文件", "ask the sender for the missing part")
        raise DataError([_fault(path, "missing_part", f"no {', '.join(missing)}", expected=whole, remedy=ask)])
    stated, actual = 2 * int.from_bytes(head[24:28], "big"), path.stat().st_size
    if actual < stated:
        full = Text(f"{stated} 字节", f"{stated} bytes")
        again = Text("重新复制该文件，传输时被截断", "copy the file again, it was cut short on its way")
        raise DataError([_fault(path, "truncated", f"{actual} bytes", expected=full, remedy=again)])


def _beside(path: Path, suffix: str) -> bool:
    return any(path.with_suffix(end).is_file() for end in (suffix, suffix.upper()))


def _source(path: Path) -> str:
    """Name a checked file to GDAL so that only its own driver can open it."""
    driver = vector_driver(path)
    if driver == "GPKG":
        _gpkg_tables(path)
    prefix = f"{driver}:" if driver in {"GPKG", "GeoJSON"} else ""
    return f"{prefix}{path.resolve()}"


def _gpkg_tables(path: Path) -> tuple[str, ...]:
    """List the registered tables of a GeoPackage after a check of its pages; views are refused."""
    state = path.stat()
    return _checked_gpkg(path.resolve(), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _checked_gpkg(path: Path, _size: int, _changed_ns: int) -> tuple[str, ...]:
    """Check a GeoPackage once for all its layers; another size or time of change is another file."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with _told(path, "damaged"), closing(sqlite3.connect(uri, uri=True)) as store:
        state = str(store.execute("PRAGMA quick_check(1)").fetchone()[0])
        if state != "ok":
            again = Text("用备份或重新导出的文件代替", "use a backup or export the file again")
            sound = Text("完整的 GeoPackage", "an undamaged GeoPackage")
            raise DataError([_fault(path, "damaged", state, expected=sound, remedy=again)])
        rows = store.execute(
            "SELECT c.table_name, m.type FROM gpkg_contents c "
            "LEFT JOIN sqlite_master m ON lower(m.name) = lower(c.table_name) AND m.type IN ('table', 'view') "
            "WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid"
        ).fetchall()
    table = Text("实际的数据表；视图会执行其中的语句", "a real table; a view runs what is written in it")
    sly = [(name, str(kind or "no table")) for name, kind in rows if kind != "table"]
    if sly:
        raise DataError(_fault(path, "view", kind, layer=name, expected=table) for name, kind in sly)
    return tuple(str(name) for name, _ in rows)


def layer_names(path: Path) -> list[str]:
    """List the layers of a vector file, tables without geometry too, in the file's order.

    Raises:
        DataError: the file cannot be read; it names the file, the reason and the next step.
    """
    import pyogrio  # noqa: PLC0415 (heavy)

    if vector_driver(path) == "GPKG":
        return list(_gpkg_tables(path))
    with _told(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reading the layer brings the same warnings, and they are kept there
        return [str(name) for name, _ in pyogrio.list_layers(_source(path))]


def read_layer(
    path: Path, layer: str, *, encoding: str | None = None
) -> tuple[pd.DataFrame, NDArray[np.object_], str | None]:
    """Read one layer without interpreting its geometries.

    Args:
        path: a file of one of ``FORMATS``.
        layer: a name of ``layer_names``.
        encoding: of text in a shapefile, if its .cpg is missing or lies.

    Returns:
        The attributes (text as pandas ``str``, times as datetime64, booleans as ``bool`` or, with
        gaps, ``boolean``, integers with gaps as ``Int64``; GeoPackage calls every time UTC, local
        ones too, so its times come without a zone, as they were written); the geometries as WKB bytes, None
        where a row or the whole layer has none; the CRS as "AUTHORITY:code" or WKT, None if unsaid.
        What GDAL warned of is in ``attrs["notes"]`` of the attributes, each message once.

    Raises:
        DataError: the file or the layer cannot be read.
    """
    import pyogrio  # noqa: PLC0415 (heavy)

    source = _source(path)
    with _told(path), warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        meta, table = pyogrio.read_arrow(source, layer=layer, encoding=encoding)
        name = meta["geometry_name"] or "wkb_geometry"
        if name in table.column_names:
            wkb = table.column(name).to_numpy().astype(object)
            table = table.drop_columns([name])
        else:
            wkb = np.full(table.num_rows, None, dtype=object)
        columns = {
            one: _series(table.column(one), utc_is_local=source.startswith("GPKG:")) for one in table.column_names
        }
    attributes = pd.DataFrame(columns, index=pd.RangeIndex(len(wkb)))
    attributes.attrs["notes"] = tuple(dict.fromkeys(str(one.message) for one in heard))
    return attributes, wkb, meta["crs"]


def _series(column: "pa.ChunkedArray", *, utc_is_local: bool) -> Any:  # noqa: ANN401 (a series of any type)
    """Convert an Arrow column without turning whole numbers with gaps into fractions."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pd.Series(column.to_pandas(), dtype="str")
    if column.null_count and pa.types.is_boolean(kind):
        return pd.Series(column.to_pandas(), dtype="boolean")
    if column.null_count and pa.types.is_integer(kind):
        return column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get)
    series = column.to_pandas(date_as_object=False)
    return series.dt.tz_localize(None) if utc_is_local and pa.types.is_timestamp(kind) else series


def geometries(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Decode WKB in the plane; a broken row costs only itself.

    Returns:
        The geometries, None where there is none or it cannot be decoded; and which rows had
        bytes that cannot be decoded (an unclosed ring, a line of one point, a curve).
    """
    try:
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:  # one curved geometry stops the decoding of all
        shapes = np.array([_straight(one) for one in wkb], dtype=object)
    lost = shapely.is_missing(shapes) & np.array([one is not None for one in wkb], dtype=bool)
    return (shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes), lost


def _straight(wkb: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None


def write_layers(path: Path, layers: Mapping[str, pd.DataFrame]) -> None:
    """Write tables, with or without geometry, as one GeoPackage; the same tables give the same bytes.

    A named index becomes the first column; the order of tables and rows is kept.

    Raises:
        CrsError: a table with geometry has no CRS.
        DataError: a table cannot be stored.
    """
    import geopandas as gpd  # noqa: PLC0415 (heavy)
    import pyogrio  # noqa: PLC0415 (heavy)

    with whole_file(path) as whole, _told(path, "unwritable"):
        for name, table in layers.items():
            flat = table.reset_index() if table.index.name is not None else table
            spatial = isinstance(flat, gpd.GeoDataFrame)
            if spatial and flat.crs is None:
                raise CrsError(Text(f"图层 {name} 没有坐标系，先指定", f"layer {name} has no CRS, set one first"))
            _refuse_mixed(path, name, flat)
            pyogrio.write_dataframe(
                flat, whole, layer=name, driver="GPKG", append=False, use_arrow=True,
                geometry_type="Unknown" if spatial else None,
            )  # fmt: skip


def _refuse_mixed(path: Path, layer: str, table: pd.DataFrame) -> None:
    """Refuse columns of mixed or unknown objects, which would be stored as whatever they print."""
    loose = [name for name, kind in table.dtypes.items() if pd.api.types.is_object_dtype(kind)]
    kinds = {f"{layer}.{name}": pd.api.types.infer_dtype(table[name], skipna=True) for name in loose}
    mixed = {name: kind for name, kind in kinds.items() if kind.startswith(("mixed", "unknown", "complex"))}
    if mixed:
        raise DataError(
            _fault(path, "mixed_column", mixed[c], layer=c, expected=_STORABLE, remedy=_SIMPLER) for c in mixed
        )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, the file there replaces ``path`` at once.

    A reader sees the old file or the new one, never half; if the block fails the old one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        part = folder / path.name
        yield part
        _settle(part)
        part.replace(path)
        if os.name == "posix":  # elsewhere folders cannot be opened
            _settle(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(path: Path) -> None:
    """Have the disk hold what was written."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(paths: Iterable[Path]) -> str:
    """Give the SHA-256, in hexadecimal, of files by name and content; their order does not matter."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda one: (one.name, str(one))):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{content}  {path.name}\n".encode())
    return total.hexdigest()
