"""Compact committed tables: written once from the published originals, read by every build."""

import json
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

GEOMETRY = "geometry"
_SORTED_KINDS = "iM"  # whole numbers and times: differences pack better than dictionaries


def pack(table: pd.DataFrame, path: Path) -> None:
    """Write a table as zstd Parquet, the same bytes for the same table and pyarrow.

    Geometry becomes little-endian WKB with every coordinate bit kept, invalid rings included;
    the file is GeoParquet 1.0, so other programs open it too. The index is dropped.

    Args:
        table: a DataFrame, or a GeoDataFrame with a CRS.
        path: file to write.
    """
    plain = pd.DataFrame(table).copy()
    metadata: dict[str, str] = {}
    if isinstance(table, gpd.GeoDataFrame):
        plain[GEOMETRY] = shapely.to_wkb(table.geometry.array, byte_order=1)
        metadata = {"geo": _geo_metadata(table.crs)}
    packed = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(metadata)
    deltas = [name for name in plain if plain[name].dtype.kind in _SORTED_KINDS]
    pq.write_table(
        packed,
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=max(len(plain), 1),
        use_dictionary=[name for name in packed.column_names if name not in (*deltas, GEOMETRY)],
        column_encoding=dict.fromkeys(deltas, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def _geo_metadata(crs: pyproj.CRS) -> str:
    column = {"encoding": "WKB", "geometry_types": [], "crs": crs.to_json_dict()}
    return json.dumps({"version": "1.0.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}, sort_keys=True)


def source_table(package: str, name: str) -> pd.DataFrame:
    """Read a compact table of a bundled city.

    Args:
        package: such as "data.boston".
        name: file name without ending, such as "issues".
    """
    with (files(package) / "source" / f"{name}.parquet").open("rb") as file:
        table: pd.DataFrame = pq.read_table(file).to_pandas()
    return table


def source_layer(package: str, name: str) -> gpd.GeoDataFrame:
    """Read a compact layer of a bundled city, in the CRS of its publisher."""
    with (files(package) / "source" / f"{name}.parquet").open("rb") as file:
        packed = pq.read_table(file)
    geo = json.loads(packed.schema.metadata[b"geo"])
    table = packed.to_pandas()
    shapes = shapely.from_wkb(table.pop(GEOMETRY))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=pyproj.CRS.from_json_dict(geo["columns"][GEOMETRY]["crs"]))
