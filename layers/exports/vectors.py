"""GeoPackage, GeoJSON, GeoParquet and FlatGeobuf: names, codes and types as Guatu has them."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import geo.drivers as _drivers  # noqa: F401 (GDAL is loaded inside the functions, so after this)
from geo.files import whole_file
from layers.exports.outgoing import GEOMETRY, Exported, Outgoing, coarse, in_degrees, require_shapes

GEOJSON_DECIMALS = 7
"""Decimals of degrees, about a centimetre, as RFC 7946 advises not to pretend to more."""
_KINDS: Mapping[frozenset[int], str] = {
    frozenset({0}): "Point",
    frozenset({1}): "LineString",
    frozenset({1, 5}): "MultiLineString",
    frozenset({3}): "Polygon",
    frozenset({3, 6}): "MultiPolygon",
    frozenset({4}): "MultiPoint",
    frozenset({0, 4}): "MultiPoint",
    frozenset({5}): "MultiLineString",
    frozenset({6}): "MultiPolygon",
}
_TAKEN = frozenset({"fid", "geom"})
"""Names that a GeoPackage keeps for itself."""


def geometry_kind(shapes: np.ndarray) -> str:
    """Name the one type that holds all of these shapes, "Unknown" where there is none."""
    return _KINDS.get(
        frozenset(map(int, np.unique(shapely.get_type_id(shapes[~shapely.is_missing(shapes)])))), "Unknown"
    )


def write_tables(path: Path, layers: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as one GeoPackage, each with the narrowest type of geometry that holds it: others insist on one."""
    with whole_file(path) as whole:
        for name, table in layers.items():
            spare = {c: f"{c}_" for c in table.columns if str(c).lower() in _TAKEN}
            _write(table.rename(columns=spare), whole, layer=name, driver="GPKG", append=False)


def _write(table: pd.DataFrame, path: Path, **options: Any) -> None:  # noqa: ANN401 (options of the driver)
    import pyogrio  # noqa: PLC0415 (heavy)

    kind = geometry_kind(table[GEOMETRY].to_numpy()) if isinstance(table, gpd.GeoDataFrame) else None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # a rejected row may have none
        pyogrio.write_dataframe(
            table, path, use_arrow=True, geometry_type=kind,
            promote_to_multi=bool(kind and kind.startswith("Multi")), **options,
        )  # fmt: skip


def write_geopackage(out: Outgoing, path: Path) -> Exported:
    """Write one layer as a GeoPackage in its own coordinate system."""
    write_tables(path, {out.key: out.table})
    return Exported((path,), out.notes)


def write_geojson(out: Outgoing, path: Path) -> Exported:
    """Write RFC 7946: WGS 84, seven decimals, outer rings anticlockwise.

    Raises:
        CrsError: shapes that cannot be converted to WGS 84.
    """
    table = in_degrees(out, path.name).shaped
    table = table.set_geometry(coarse(table.geometry, GEOJSON_DECIMALS))
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": str(GEOJSON_DECIMALS)}
    with whole_file(path) as whole:
        _write(table, whole, layer=out.key, driver="GeoJSON", layer_options=options)
    return Exported((path,), out.notes)


def write_parquet(out: Outgoing, path: Path) -> Exported:
    """Write GeoParquet in the layer's own coordinate system; a table without shapes as plain Parquet."""
    with whole_file(path) as whole:
        if out.spatial:
            out.table.to_parquet(whole, index=False, compression="zstd", schema_version="1.1.0")
        else:
            out.table.to_parquet(whole, index=False, compression="zstd")
    return Exported((path,), out.notes)


def write_flatgeobuf(out: Outgoing, path: Path) -> Exported:
    """Write FlatGeobuf in the layer's own coordinate system, with its index where every row has a shape."""
    require_shapes(out, path.name)
    whole_rows = not shapely.is_missing(out.shapes).any()
    with whole_file(path) as whole:
        options = {"SPATIAL_INDEX": "YES" if whole_rows else "NO"}
        _write(out.table, whole, layer=out.key, driver="FlatGeobuf", layer_options=options)
    return Exported((path,), out.notes)
