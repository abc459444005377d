"""GeoPackage, FlatGeobuf, file geodatabases, MapInfo, GML and GPX: what GDAL reads, each by its own driver only."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from geo.drivers import leave_only
from geo.errors import DataError, Problem
from geo.files import foreign_layers, layer_names, read_foreign, read_layer, straightened
from geo.findings import names_found, rows_found
from geo.formats import file_fault, gpkg_tables, told
from geo.text import Text
from layers.intake.source import Source
from layers.intake.spatial.columns import unique_names
from layers.intake.spatial.faults import counted_note, refuse, vector_problem
from layers.intake.spatial.shaping import from_wkb, has_curves, shaped
from layers.intake.upload.encoding import find_encoding
from layers.intake.upload.xml_text import check_xml

DRIVERS: Mapping[str, str] = {
    "gpkg": "GPKG",
    "flatgeobuf": "FlatGeobuf",
    "filegdb": "OpenFileGDB",
    "mapinfo": "MapInfo File",
    "gml": "GML",
    "gpx": "GPX",
}
"""The only driver that may open a file of each kind."""
_OPTIONS: Mapping[str, Mapping[str, str]] = {"gml": {"DOWNLOAD_SCHEMA": "NO", "WRITE_GFS": "NO"}}
_NOT_DATA = {"layer_styles", "qgis_projects", "route_points", "track_points"}
_SQLITE_OWN = ("gpkg_", "rtree_", "trigger_insert_feature_count", "trigger_delete_feature_count")
_PARTS = ("-journal", "-wal")


def read_vectors(path: Path, kind: str, *, file: str) -> list[Source]:
    """Read all layers of a file with at least one row.

    Args:
        path: a file, or the folder of a geodatabase, whose content is known to be of the kind.
        kind: a key of ``DRIVERS``.
        file: the name for messages.

    Raises:
        DataError: the file cannot be read, or no layer has rows.
    """
    notes: list[Problem] = []
    if kind in {"gml", "gpx"}:
        check_xml(path, file=file)
    leave_only(DRIVERS[kind])
    with renamed(path, file):
        if kind == "gpkg":
            names, notes = layer_names(path), _triggers(path, file)
        else:
            names = foreign_layers(path, DRIVERS[kind])
        wanted = [name for name in names if name not in _NOT_DATA]
        sources = [_source(path, name, kind, file) for name in wanted]
    kept = [one._replace(notes=(*notes, *one.notes)) for one in sources if len(one.rows) or one.lost]
    if not kept:
        raise refuse(file, "vector_empty", names_found(names))
    return kept if len(kept) > 1 else [kept[0]._replace(part="" if kind in {"flatgeobuf", "gml"} else kept[0].part)]


def recovered(path: Path, *, file: str) -> None:
    """Let SQLite finish or undo what a killed writer left beside a GeoPackage; the folder must be the job's own.

    Raises:
        DataError: the database is damaged.
    """
    if not any(path.with_name(path.name + end).exists() for end in _PARTS):
        return
    with renamed(path, file), told(path, "damaged"), closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA trusted_schema=OFF")
        state = str(store.execute("PRAGMA quick_check(1)").fetchone()[0])
        if state != "ok":
            raise DataError([file_fault(path, "damaged", Text("内部页面损坏", "damaged pages inside"))])
        store.execute("PRAGMA journal_mode=DELETE").fetchone()


def declare_charset(path: Path, *, file: str) -> None:
    """Let a MapInfo table without a charset say the Chinese one if its text is in it; the folder must be the job's own.

    Raises:
        DataError: no text.
    """
    content = path.read_bytes()
    if not content.isascii() and find_encoding(content, file).name == "gb18030":
        path.write_bytes(re.sub(rb'(?i)(charset\s+"?)neutral', rb"\1WindowsSimpChinese", content, count=2))


@contextmanager
def renamed(path: Path, file: str) -> Iterator[None]:
    """Say the user's name of a file in the errors about our copy of it."""
    try:
        yield
    except DataError as error:
        named = [one._replace(file=file) if one.file == path.name else one for one in error.problems]
        raise DataError(named) from error


def _source(path: Path, layer: str, kind: str, file: str) -> Source:
    part = "" if layer == path.stem else layer  # our own name says nothing
    place = f"{file}:{part}" if part else file
    if kind == "gpkg":
        cells, wkb, crs = read_layer(path, layer)
    else:
        cells, wkb, crs = read_foreign(path, layer, DRIVERS[kind], options=_OPTIONS.get(kind, {}))
    curved = has_curves(wkb)
    told_of = _false_times(cells.attrs.get("unreadable", {}), place)
    if curved:
        straight = straightened(path, layer)
        told_of += counted_note("curves_straightened", place, sum(a != b for a, b in zip(wkb, straight, strict=True)))
        wkb = straight
    shapes, broken, closed = from_wkb(wkb)
    rows = np.arange(1, len(cells) + 1)
    told_of += _decode(cells, place)
    if kind == "gpx":  # always has columns for all that a receiver could know
        cells = cells.dropna(axis=1, how="all")
    cells = cells.set_axis(unique_names(map(str, cells.columns)), axis=1)
    cells.attrs = {}
    if all(one is None for one in wkb) and crs is None:  # a table without geometry
        return Source(file, part, kind, cells, rows, None, None, (), tuple(told_of))
    checked = shaped(shapes, rows, file=place, broken=broken, closed=closed)
    return Source(
        file, part, kind, cells[checked.kept].reset_index(drop=True), rows[checked.kept], checked.shapes, crs,
        checked.lost, (*told_of, *checked.notes),
    )  # fmt: skip


def _decode(cells: pd.DataFrame, place: str) -> list[Problem]:
    """Decode columns of text that came byte by character, in the encoding that is found by trial."""
    names = cells.attrs.get("undecoded", ())
    raw = {name: [None if pd.isna(one) else str(one).encode("latin-1") for one in cells[name]] for name in names}
    beyond = b"\n".join(one for texts in raw.values() for one in texts if one is not None)
    if not beyond:
        return []
    encoding = find_encoding(beyond, place).name
    for name, texts in raw.items():
        decoded = [None if one is None else one.decode(encoding, "replace") for one in texts]
        cells[name] = pd.array(decoded, dtype="str")
    found = Text(f"未声明编码，按 {encoding.upper()} 读取", f"no encoding declared, read as {encoding.upper()}")
    return [vector_problem("encoding_found", place, found=found)]


def _false_times(unreadable: Mapping[str, Mapping[int, str]], place: str) -> list[Problem]:
    return [
        vector_problem("false_times", place, found=rows_found(len(texts)), column=name)
        for name, texts in unreadable.items()
    ]


def _triggers(path: Path, file: str) -> list[Problem]:
    """Tell triggers that no standard asks for; reading runs none."""
    gpkg_tables(path)
    with told(path, "damaged"), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as store:
        names = [
            str(name)
            for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        ]
    odd = [name for name in names if not name.startswith(_SQLITE_OWN)]
    return [vector_problem("triggers", file, found=names_found(odd))] if odd else []
