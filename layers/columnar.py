"""One table as one Arrow file and back, the same to the last type; points as two numbers, other shapes as WKB."""

import json
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.memory import collection_put_off

SPATIAL = b"guatu"
"""Key of the file's metadata under which the name and the CRS of the geometry stand."""
_BLOCK = 1 << 18  # bytes summed at once: as many as stay in the cache of a processor


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table, with or without geometry.

    Raises:
        OSError: the file cannot be written.
    """
    arrow = _arrow(table)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, arrow.schema) as file:
        file.write_table(arrow)


def read_table(path: Path) -> pd.DataFrame:
    """Read what ``write_table`` wrote: a GeoDataFrame where the table had geometry.

    Raises:
        OSError: the file cannot be read.
    """
    with pa.OSFile(str(path), "rb") as source:
        arrow = pa.ipc.open_file(source).read_all()
    said = (arrow.schema.metadata or {}).get(SPATIAL)
    if said is None:
        table: pd.DataFrame = arrow.to_pandas()
        return table
    spatial = json.loads(said)
    name = spatial["geometry"]
    place = arrow.schema.get_field_index(name)
    plain = arrow.drop_columns([name]).to_pandas()
    with collection_put_off():
        shapes = _shapes(arrow.column(place).combine_chunks())
    plain.insert(place, name, gpd.GeoSeries(shapes, index=plain.index, crs=spatial["crs"]))
    frame: pd.DataFrame = gpd.GeoDataFrame(plain, geometry=name)
    return frame


def checksum(path: Path) -> str:
    """Give a checksum by which a half-written or damaged file is found out; no proof against intent.

    Every block is summed as whole numbers of 64 bits, which is as quick as reading it; the sums, in
    their order, are hashed.

    Raises:
        OSError: the file cannot be read.
    """
    block = np.zeros(_BLOCK // 8, dtype=np.uint64)
    room = block.data.cast("B")
    total = sha256()
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(room):
            room[count:] = bytes(_BLOCK - count)
            total.update(f"{count} {int(block.sum())}\n".encode())
    return total.hexdigest()


def _arrow(table: pd.DataFrame) -> pa.Table:
    if not isinstance(table, gpd.GeoDataFrame):
        return pa.Table.from_pandas(table)
    name = str(table.geometry.name)
    place = table.columns.get_loc(name)
    plain = pa.Table.from_pandas(pd.DataFrame(table.drop(columns=name)))
    spatial = {"geometry": name, "crs": None if table.crs is None else table.crs.to_string()}
    arrow = plain.add_column(place, name, _array(table.geometry.to_numpy()))
    return arrow.replace_schema_metadata({**plain.schema.metadata, SPATIAL: json.dumps(spatial).encode()})


def _array(shapes: np.ndarray) -> pa.Array:
    kind = shapely.get_type_id(shapes)
    missing = kind < 0
    plain = (missing | (kind == shapely.GeometryType.POINT)).all()
    if plain and not shapely.is_empty(shapes).any() and not shapely.has_z(shapes).any():
        axes = [pa.array(axis) for axis in (shapely.get_x(shapes), shapely.get_y(shapes))]
        return pa.StructArray.from_arrays(axes, ["x", "y"], mask=pa.array(missing))
    return pa.array(shapely.to_wkb(shapes), type=pa.large_binary())


def _shapes(array: pa.Array) -> np.ndarray:
    if not pa.types.is_struct(array.type):
        found: np.ndarray = shapely.from_wkb(array.to_numpy(zero_copy_only=False))
        return found
    shapes = np.full(len(array), None, dtype=object)
    here = array.is_valid().to_numpy(zero_copy_only=False)
    x, y = (array.field(axis).to_numpy() for axis in ("x", "y"))
    shapes[here] = shapely.points(x[here], y[here])
    return shapes
