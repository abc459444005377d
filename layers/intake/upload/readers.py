"""Which function reads which kind of file; each is loaded when the first such file comes."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from geo import archive
from geo.drivers import leave_only
from geo.findings import shown, value_found
from geo.text import Text
from layers.intake.rasters.faults import fault
from layers.intake.source import Source
from layers.intake.spatial.faults import refuse
from layers.intake.upload.kinds import orders

Reader = Callable[[Path, Mapping[str, str], str], list[Source]]
_ESRI = Text("ESRI JSON", "ESRI JSON")


def _vectors(kind: str) -> Reader:
    def read(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
        from layers.intake.spatial.vectors import read_vectors  # noqa: PLC0415 (heavy)

        return read_vectors(path, kind, file=file)

    return read


def _shapefile(path: Path, options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.shapefile import read_shapefile  # noqa: PLC0415 (heavy)

    return [read_shapefile(path, file=file, encoding=options.get("encoding"))]


def _geoparquet(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.geoparquet import read_geoparquet  # noqa: PLC0415 (heavy)

    return [read_geoparquet(path, file=file)]


def _kml(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.kml import read_kml  # noqa: PLC0415 (heavy)

    return read_kml(path, file=file)


def _dxf(path: Path, options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.cad import read_dxf  # noqa: PLC0415 (heavy)

    return read_dxf(path, file=file, unit=options.get("unit"))


def _osm(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.osm import read_osm  # noqa: PLC0415 (heavy)

    return read_osm(path, file=file)


def _parcels(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.spatial.parcels import read_parcels  # noqa: PLC0415 (heavy)

    return [read_parcels(path, file=file)]


def _photo(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.upload.photos import read_photo  # noqa: PLC0415 (heavy)

    return [read_photo(path, file=file)]


def _delimited(path: Path, options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.tables.delimited import read_delimited  # noqa: PLC0415 (heavy)

    encoding, separator = options.get("encoding"), options.get("separator")
    return [read_delimited(path, file=file, encoding=encoding, separator=separator, header=_number(options, "header"))]


def _sheets(path: Path, options: Mapping[str, str], file: str) -> list[Source]:
    from layers.intake.tables.sheets import read_sheets  # noqa: PLC0415 (heavy)

    return list(read_sheets(path, file=file, sheet=options.get("sheet"), header=_number(options, "header")))


def _number(options: Mapping[str, str], name: str) -> int | None:
    return int(options[name]) if options.get(name, "").isdigit() else None


def _zipped_sheets(path: Path, options: Mapping[str, str], file: str) -> list[Source]:
    archive.survey(path, file=file)
    return _sheets(path, options, file)


def _geotiff(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    from geo.raster import read_raster_head  # noqa: PLC0415 (heavy)

    leave_only("GTiff")
    head = read_raster_head(path)
    facts = {name: str(getattr(head, name)) for name in ("width", "height", "bands", "dtype", "crs")}
    facts["bounds"] = " ".join(map(repr, head.bounds))
    return [
        Source(
            file,
            "",
            "geotiff",
            pd.DataFrame(index=pd.RangeIndex(0)),
            np.array([], dtype=int),
            None,
            head.crs,
            notes=(fault("raster_as_layer", file),),
            facts=facts,
        )
    ]


def _json(path: Path, _options: Mapping[str, str], file: str) -> list[Source]:
    """Tell the kinds of JSON apart by their members."""
    from layers.intake.spatial import geojson, open311, topojson  # noqa: PLC0415 (heavy)
    from layers.intake.upload.json_text import read_document  # noqa: PLC0415 (heavy)

    document = read_document(path, file=file)
    kind = document.members.get("type")
    if kind == "gdal_streamed_alg":  # GDAL would run the steps written in it
        raise orders(file, "GDALG")
    if kind == "Topology":
        return topojson.read_topojson(document, file=file)
    if "geometryType" in document.members or "spatialReference" in document.members:
        raise refuse(file, "json_other", _ESRI)
    if kind in {*geojson.TYPES, "Feature", "FeatureCollection"}:
        return [geojson.read_geojson(document, file=file)]
    if open311.is_open311(document):
        return [open311.read_open311(document, file=file)]
    if document.items:
        return [open311.read_objects(document, file=file)]
    words = value_found(kind) if kind else Text.same(shown(", ".join(map(str, document.members))) or "[]")
    raise refuse(file, "json_other", words)


READERS: Mapping[str, Reader] = {
    **{kind: _vectors(kind) for kind in ("gpkg", "flatgeobuf", "filegdb", "mapinfo", "gml", "gpx")},
    "shapefile": _shapefile,
    "geoparquet": _geoparquet,
    "kml": _kml,
    "dxf": _dxf,
    "osm_pbf": _osm,
    "parcels": _parcels,
    "photo": _photo,
    "delimited": _delimited,
    "xlsx": _zipped_sheets,
    "ods": _zipped_sheets,
    "xls": _sheets,
    "geotiff": _geotiff,
    "json": _json,
}
"""By kind of ``layers.intake.upload.kinds``: the function that takes the file, the user's answers, and its name."""
