"""The doors: any layer or table to a file, the kind of file told by its ending."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from geo.errors import DataError
from geo.text import Text
from layers.catalog import ISSUES, LayerSpec
from layers.exports.csv_table import write_csv
from layers.exports.dxf import write_dxf
from layers.exports.editions import PUBLIC_DECIMALS, of_layer, of_table, rounded
from layers.exports.faults import note, writing
from layers.exports.kml import write_kml
from layers.exports.open311 import write_open311
from layers.exports.outgoing import Exported, Outgoing, Told
from layers.exports.shapefile import write_shapefile
from layers.exports.vectors import write_flatgeobuf, write_geojson, write_geopackage, write_parquet
from layers.exports.workbook import write_workbook
from layers.workspace import Workspace

_PLAIN: Mapping[str, Callable[[Outgoing, Path], Exported]] = {
    ".gpkg": write_geopackage,
    ".geojson": write_geojson,
    ".parquet": write_parquet,
    ".fgb": write_flatgeobuf,
}
_WORDED: Mapping[str, Callable[[Outgoing, Path, str], Exported]] = {
    ".kml": write_kml,
    ".csv": write_csv,
    ".xlsx": write_workbook,
    ".dxf": write_dxf,
}
SHAPEFILES = (".shp", ".zip")
OPEN311 = ".json"
SUFFIXES = (*_PLAIN, *SHAPEFILES, *_WORDED, OPEN311)
"""Endings of files that can be written."""
_ENCODINGS = {None: None, "utf-8": "utf-8", "utf8": "utf-8", "gbk": "gbk", "cp936": "gbk", "gb2312": "gbk"}


def export_layer(
    ws: Workspace,
    layer: LayerSpec | str,
    path: Path,
    *,
    lang: str = "zh",
    encoding: str | None = None,
    public: bool = False,
) -> Exported:
    """Write a layer of a workspace to a file; an old file stays until the new one is whole.

    ``.gpkg .geojson .parquet .fgb .shp .zip`` (a shapefile) are for programs: our names and codes.
    ``.csv .xlsx .kml .dxf`` are for people: titles and words. ``.json`` is Open311 GeoReport v2, for
    issues. The same workspace gives the same bytes.

    Args:
        ws: the workspace.
        layer: a layer of it.
        path: where to; its ending says what kind of file.
        lang: "zh" or "en", of titles and words.
        encoding: of a shapefile: None or "utf-8" for ASCII names, "gbk" for Chinese ones.
        public: a public edition: no internal or secret columns, no others than the declared ones,
            positions of issues rounded to 1e-4 degrees and all others to 1e-5.

    Returns:
        The files, the main one first, and notes on what the format could not hold as it is.

    Raises:
        CrsError: positions that cannot be converted to what the format needs.
        DataError: an unknown ending, nothing to write, a layer that may not be public, or a place
            that cannot be written to.
    """
    known = _checked(path, encoding)
    if path.suffix.lower() == OPEN311:
        key = layer.key if isinstance(layer, LayerSpec) else layer
        if key != ISSUES.key:
            raise DataError([note("export_not_issues", path.name, Text.same(key))])
        with writing(path):
            return write_open311(ws, path, lang=lang, public=public)
    out = of_layer(ws, layer, path.name, public=public)
    with writing(path):
        return _written(out, path, lang, known)


def export_table(
    table: pd.DataFrame,
    path: Path,
    *,
    title: Text | None = None,
    told: Mapping[str, Told] | None = None,
    lang: str = "zh",
    encoding: str | None = None,
    public: bool = False,
) -> Exported:
    """Write any table, with or without shapes, such as the grids of a ranking.

    Args:
        table: columns of text, numbers, times, yes and no; a named index comes first.
        path: where to; its ending says what kind of file (Open311 is for layers only).
        title: of the table, else the name of the file.
        told: titles and units of columns by name.
        lang: "zh" or "en".
        encoding: as in ``export_layer``.
        public: round positions to 1e-5 degrees; which columns may be public only the caller knows.

    Returns:
        As ``export_layer``.

    Raises:
        CrsError: positions that cannot be converted to what the format needs.
        DataError: an unknown ending, nothing to write, values that are no values, or a place that
            cannot be written to.
    """
    known = _checked(path, encoding)
    if path.suffix.lower() == OPEN311:
        raise DataError([note("export_not_issues", path.name, title or Text.same(path.stem))])
    out = of_table(table, path.stem, path.name, title=title, told=told)
    with writing(path):
        return _written(rounded(out, PUBLIC_DECIMALS) if public else out, path, lang, known)


def _checked(path: Path, encoding: str | None) -> str | None:
    """Refuse an unknown ending or an encoding that the format does not have; give the encoding's own name."""
    ending = path.suffix.lower()
    if ending not in SUFFIXES:
        raise DataError(
            [note("export_format", path.name, Text.same(ending) if ending else Text("没有扩展名", "no ending"))]
        )
    asked = encoding.lower() if encoding else None
    if asked not in _ENCODINGS or (asked is not None and ending not in SHAPEFILES):
        raise DataError([note("export_encoding", path.name, Text.same(encoding))])
    return _ENCODINGS[asked]


def _written(out: Outgoing, path: Path, lang: str, encoding: str | None) -> Exported:
    ending = path.suffix.lower()
    if ending in SHAPEFILES:
        return write_shapefile(out, path, encoding)
    return _PLAIN[ending](out, path) if ending in _PLAIN else _WORDED[ending](out, path, lang)
