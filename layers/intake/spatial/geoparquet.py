"""GeoParquet, as GeoPandas, QGIS and DuckDB write it: read by Arrow, page checksums compared.

Format: geoparquet.org, versions 1.0 and 1.1 (WKB columns and the plain GeoArrow point).
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import Problem
from geo.files import days_apart
from geo.findings import names_found
from geo.formats import told
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import MOST_COLUMNS, column_of, unique_names
from layers.intake.spatial.faults import refuse, vector_problem
from layers.intake.spatial.shaping import from_wkb, has_curves, shaped
from layers.intake.spatial.vectors import renamed

if TYPE_CHECKING:
    import pyarrow as pa

_DEFAULT = "EPSG:4326"  # what the standard says when the member is absent
_MOST_BYTES = 2_000_000_000
_CURVES = Text("曲线图形", "shapes with arcs")


def read_geoparquet(path: Path, *, file: str) -> Source:
    """Read a Parquet file; without the "geo" entry it is a table without shapes.

    Raises:
        DataError: damaged, cut short, too large, or shapes in a form that is not known.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 (heavy)

    with (
        renamed(path, file),
        told(path, "vector_unreadable"),
        pq.ParquetFile(path, page_checksum_verification=True) as source,
    ):
        size = sum(source.metadata.row_group(at).total_byte_size for at in range(source.metadata.num_row_groups))
        if size > _MOST_BYTES or source.metadata.num_columns > MOST_COLUMNS:
            raise refuse(file, "table_too_wide", Text(f"解压后 {size:,} 字节", f"{size:,} bytes unpacked"))
        given = (source.schema_arrow.metadata or {}).get(b"geo")
        table = source.read(use_threads=False)
        table.validate(full=True)
    geo = _geo(given, file)
    name = geo.get("primary_column")
    rows = np.arange(1, table.num_rows + 1)
    if name not in table.column_names:
        return Source(file, "", "geoparquet", _cells(table, {name}), rows)
    column = geo["columns"].get(name, {})
    shapes, broken, closed = _shapes(table.column(name), column.get("encoding", "WKB"), file)
    crs, notes = _crs(column, file)
    others = {one for one, about in geo["columns"].items() if isinstance(about, dict)} - {name}
    if others & set(table.column_names):
        notes.append(vector_problem("left_out_of_archive", file, found=names_found(sorted(others))))
    checked = shaped(shapes, rows, file=file, broken=broken, closed=closed)
    cells = _cells(table, {name, *others, *_boxes(column)})
    return Source(
        file, "", "geoparquet", cells[checked.kept].reset_index(drop=True), rows[checked.kept], checked.shapes, crs,
        checked.lost, (*notes, *checked.notes),
    )  # fmt: skip


def _geo(given: bytes | None, file: str) -> dict[str, Any]:
    if given is None:
        return {}
    found = Text("无法读取的 geo 说明", "a geo entry that cannot be read")
    try:
        geo = json.loads(given)
    except (ValueError, RecursionError) as error:
        raise refuse(file, "vector_unreadable", found) from error
    columns = geo.get("columns") if isinstance(geo, dict) else None
    name = geo.get("primary_column") if isinstance(geo, dict) else None
    if not isinstance(columns, dict) or not isinstance(name, str) or not isinstance(columns.get(name, {}), dict):
        raise refuse(file, "vector_unreadable", found)
    return {"columns": columns, "primary_column": name}


def _boxes(column: dict[str, Any]) -> set[str]:
    """Name the columns that only repeat the extent of each shape."""
    covering = column.get("covering")
    boxes = covering.get("bbox") if isinstance(covering, dict) else None
    ways = boxes.values() if isinstance(boxes, dict) else ()
    return {way[0] for way in ways if isinstance(way, list) and way and isinstance(way[0], str)}


def _shapes(column: "pa.ChunkedArray", encoding: str, file: str) -> tuple[NDArray[np.object_], dict[int, Text], int]:
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    kind = column.type
    if encoding == "WKB" and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        wkb = column.to_numpy().astype(object)
        if has_curves(wkb):
            raise refuse(file, "vector_unreadable", _CURVES)
        return from_wkb(wkb)
    if encoding == "point" and pa.types.is_struct(kind):
        return _points(column), {}, 0
    found = Text("{name} 编码的图形", "shapes encoded as {name}").format(name=str(encoding)[:40])
    raise refuse(file, "vector_unreadable", found)


def _points(column: "pa.ChunkedArray") -> NDArray[np.object_]:
    whole = column.combine_chunks()
    x, y = (whole.field(axis).to_numpy(zero_copy_only=False).astype(float) for axis in ("x", "y"))
    shapes = shapely.points(np.where(np.isnan(x), 0.0, x), np.where(np.isnan(y), 0.0, y))
    missing = whole.is_null().to_numpy(zero_copy_only=False) | np.isnan(x) | np.isnan(y)
    shapes[missing] = None
    return np.asarray(shapes, dtype=object)


def _crs(column: dict[str, Any], file: str) -> tuple[str | None, list[Problem]]:
    """Read the coordinate system; absent means longitude and latitude, null means unknown."""
    if "crs" not in column:
        return _DEFAULT, []
    if column["crs"] is None:
        return None, []
    try:
        crs = CRS.from_json_dict(column["crs"])
    except (CRSError, TypeError, ValueError, KeyError):
        return None, [vector_problem("crs_unknown", file)]
    code = crs.to_authority(min_confidence=100)
    if code == ("OGC", "CRS84"):
        return _DEFAULT, []
    return (":".join(code) if code else crs.to_wkt()), []


def _cells(table: "pa.Table", without: set[Any]) -> pd.DataFrame:
    """Convert the other columns; lists and structures become JSON text."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    columns = []
    names = [name for name in table.column_names if name not in without]
    for name in names:
        column = table.column(name)
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
            kind = column.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_decimal(kind) or pa.types.is_time(kind):
            columns.append(column_of([_plain(one) for one in column.to_pylist()]))
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            columns.append(pd.Series(column.to_pandas(), dtype="str"))
        elif column.null_count and (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
            columns.append(column_of(column.to_pylist()))
        else:
            columns.append(days_apart(column.to_pandas(date_as_object=False), kind))
    cells = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(table.num_rows))
    cells.columns = pd.Index(unique_names(names), dtype="str")
    return cells


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
