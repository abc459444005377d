"""One table into a GeoPackage: as Arrow, points as plain numbers, the index of many shapes at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError, DataError
from geo.formats import SIMPLER, STORABLE, file_fault
from geo.spatial_index import MANY, add_index, can_index
from geo.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa

_POINT = np.dtype([("little", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""A point as WKB."""


def write_layer(path: Path, layer: str, table: pd.DataFrame, *, file: Path, again: bool = False) -> bool:
    """Write a table into a GeoPackage, in the place of one of that name.

    Args:
        path: the GeoPackage, there or not.
        layer: name of the table.
        table: with or without geometry; a named index becomes the first column.
        file: what the GeoPackage is called in messages.
        again: read the table again.

    Returns:
        Whether it was read again and is there to the last cell.

    Raises:
        CrsError: geometry without a CRS.
        DataError: a column cannot be stored.
    """
    import geopandas as gpd  # noqa: PLC0415 (heavy)
    import pyogrio  # noqa: PLC0415 (heavy)

    flat = table.reset_index() if table.index.name is not None else table
    spatial = isinstance(flat, gpd.GeoDataFrame)
    if spatial and flat.crs is None:
        raise CrsError(Text(f"图层 {layer} 没有坐标系，先指定", f"layer {layer} has no CRS, set one first"))
    _refuse_mixed(file, layer, flat)
    plain = all(map(_is_plain, flat.dtypes.drop(flat.geometry.name if spatial else [])))
    many = spatial and plain and len(flat) >= MANY and can_index()
    columns = _arrow(flat) if plain and (many or again) else None
    if many:
        _write_many(path, layer, flat, columns)
    else:
        pyogrio.write_dataframe(
            flat, path, layer=layer, driver="GPKG", append=False, use_arrow=True,
            geometry_type="Unknown" if spatial else None,
        )  # fmt: skip
    return again and columns is not None and _holds(path, layer, columns, _code(flat) if spatial else None)


def _is_plain(kind: Any) -> bool:  # noqa: ANN401 (a type of pandas)
    """Tell whether Arrow's type of a column is the one to store."""
    return isinstance(kind, pd.StringDtype) or (kind.kind in "biufM" and not isinstance(kind, pd.DatetimeTZDtype))


def _arrow(table: pd.DataFrame) -> "pa.Table":
    """Give plain columns as Arrow has them, the shapes last."""
    import geopandas as gpd  # noqa: PLC0415 (heavy)
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    if not isinstance(table, gpd.GeoDataFrame):
        return pa.Table.from_pandas(table, preserve_index=False)
    name = str(table.geometry.name)
    columns = pa.Table.from_pandas(pd.DataFrame(table.drop(columns=name)), preserve_index=False)
    return columns.append_column(name, wkb_of(table.geometry.to_numpy()))


def _code(table: "gpd.GeoDataFrame") -> str:
    code = table.crs.to_epsg()
    return f"EPSG:{code}" if code else str(table.crs.to_wkt("WKT1_GDAL"))


def _write_many(path: Path, layer: str, table: "gpd.GeoDataFrame", columns: "pa.Table") -> None:
    """Write many shapes: GDAL the rows, and the index is made at once."""
    import pyogrio  # noqa: PLC0415 (heavy)

    with _counted_alone(path, layer):
        pyogrio.write_arrow(
            columns, path, layer=layer, driver="GPKG", append=False, geometry_name=str(table.geometry.name),
            geometry_type="Unknown", crs=_code(table), SPATIAL_INDEX="NO",
        )  # fmt: skip
    boxes = shapely.bounds(table.geometry.to_numpy())
    if np.isfinite(boxes).all(axis=1).any():
        add_index(path, layer, boxes)


@contextmanager
def _counted_alone(path: Path, layer: str) -> Iterator[None]:
    """Set the row counters of other tables aside while rows are added to one, and put them back before its own.

    SQLite looks for the counter of a table among those of all tables, one by one, for each row that is added: with
    eighteen other layers that takes a third as long as the writing itself.
    """
    others: list[tuple[int, str, int]] = []
    if path.is_file():
        with closing(sqlite3.connect(path)) as store, store:
            if store.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
                others = store.execute(
                    "SELECT rowid, name, seq FROM sqlite_sequence WHERE name <> ?", (layer,)
                ).fetchall()
                store.execute("DELETE FROM sqlite_sequence")
    yield
    with closing(sqlite3.connect(path)) as store, store:
        own = store.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        store.execute("DELETE FROM sqlite_sequence")
        store.executemany("INSERT INTO sqlite_sequence (rowid, name, seq) VALUES (?, ?, ?)", others)
        store.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", own)


def _holds(path: Path, layer: str, columns: "pa.Table", crs: str | None) -> bool:
    """Tell whether a table of a GeoPackage is what was to be written, cell by cell; part by part, as it is read."""
    import pyogrio  # noqa: PLC0415 (heavy)

    with pyogrio.open_arrow(f"GPKG:{path.resolve()}", layer=layer, use_pyarrow=True) as (meta, parts):
        if crs is not None:
            columns = columns.rename_columns([*columns.column_names[:-1], meta["geometry_name"] or "wkb_geometry"])
        if meta["crs"] != crs or sorted(parts.schema.names) != sorted(columns.column_names):
            return False
        start = 0
        for part in parts:
            wanted = columns.slice(start, part.num_rows)
            if not all(_alike(part.column(name), wanted.column(name)) for name in wanted.column_names):
                return False
            start += part.num_rows
    return bool(start == columns.num_rows)


def _alike(found: "pa.Array", wanted: "pa.ChunkedArray") -> bool:
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    try:
        same: bool = pa.chunked_array([found.cast(wanted.type)]).equals(wanted)
    except pa.ArrowInvalid:  # what is there cannot be what was written
        return False
    return same


def wkb_of(shapes: NDArray[np.object_]) -> "pa.Array":
    """Give shapes as Arrow's binary WKB; of points in the plane no object is made."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    missing = shapely.is_missing(shapes)
    drawn = shapes[~missing] if missing.any() else shapes
    flat = not (shapely.has_z(drawn) | shapely.is_empty(drawn)).any()
    if not flat or (shapely.get_type_id(drawn) != shapely.GeometryType.POINT).any():
        return pa.array(shapely.to_wkb(shapes), pa.binary())
    points = np.empty(len(drawn), dtype=_POINT)
    points["little"], points["kind"] = 1, 1
    points["x"], points["y"] = shapely.get_coordinates(drawn).T
    ends = np.concatenate([[0], np.cumsum(~missing) * _POINT.itemsize]).astype(np.int32)
    there = pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(pa.binary(), len(shapes), [there, pa.py_buffer(ends), pa.py_buffer(points)])


def _refuse_mixed(file: Path, layer: str, table: pd.DataFrame) -> None:
    """Refuse columns of mixed or unknown objects, which would be stored as whatever they print."""
    loose = [name for name, kind in table.dtypes.items() if pd.api.types.is_object_dtype(kind)]
    kinds = {f"{layer}.{name}": pd.api.types.infer_dtype(table[name], skipna=True) for name in loose}
    mixed = [name for name, kind in kinds.items() if kind.startswith(("mixed", "unknown", "complex"))]
    found = Text("多种类型的值混在一列", "values of several kinds in one column")
    if mixed:
        raise DataError(
            file_fault(file, "mixed_column", found, layer=name, expected=STORABLE, remedy=SIMPLER) for name in mixed
        )
