"""From the file of a workspace to typed tables, with every fault noted and none fatal by itself."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
import pyproj
import shapely

from geo.crs import require_metric
from geo.errors import CrsError, DataError, Problem
from geo.files import geometries, layer_names, read_layer
from layers.catalog import CATALOG, GRIDS, LayerSpec
from layers.manifest import FILE, Manifest
from layers.problems import problem, problems_of_rows

LAYERS_FILE = "layers.gpkg"
SHAPES = {
    "point": {"Point"},
    "line": {"LineString", "MultiLineString"},
    "area": {"Polygon", "MultiPolygon"},
    "any": {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"},
}


def read_tables(folder: Path, manifest: Manifest) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read all known layers of a folder.

    Returns:
        Tables by layer key, rows with faults left out, and the problems found; a layer that cannot
        be used as a whole has problems and no table. Geometry is in the CRS of the manifest.
    """
    path = folder / LAYERS_FILE
    if not path.is_file():
        return {}, []
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    try:
        names = layer_names(path)
    except DataError as error:
        return {}, list(error.problems)
    for name in names:
        spec = CATALOG.get(name)
        if spec is None:
            problems.append(problem("unknown_layer", f"{LAYERS_FILE}:{name}", found=name))
            continue
        table, faults = _read_table(path, spec, manifest)
        problems += faults
        if table is not None:
            tables[name] = table
    return dict(sorted(tables.items())), problems


def _read_table(path: Path, spec: LayerSpec, manifest: Manifest) -> tuple[pd.DataFrame | None, list[Problem]]:
    place = f"{LAYERS_FILE}:{spec.key}"
    try:
        columns, wkb, crs = read_layer(path, spec.key)
    except DataError as error:
        return None, list(error.problems)
    if spec.id_column not in columns:
        return None, [problem("missing_column", place, column=spec.id_column, found=", ".join(columns.columns))]
    problems, wrong = _time_problems(columns, spec, place)
    columns, wkb = columns[~wrong], wkb[~wrong]
    table: pd.DataFrame = columns
    if spec.shape != "none":
        problems += _crs_problems(crs, manifest, place)
        if problems:
            return None, problems
        table, faults = _with_geometry(columns, wkb, spec, manifest.crs)
        problems += faults
    table, faults = _with_ids(table, spec, place)
    problems += faults
    table, faults = typed(table, spec, place)
    problems += faults
    if spec == GRIDS:  # without one of its grids a workspace would count its things as outside
        problems = [p._replace(severity="error") if p.severity == "row" else p for p in problems]
    # A table with a fault of its own as a whole, such as a lacking column, cannot be checked any further.
    return (None if any(p.severity == "error" for p in problems) else table), problems


def _time_problems(columns: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[list[Problem], np.ndarray]:
    """List the texts that stand in a declared time column and are none, and mark their rows."""
    problems: list[Problem] = []
    wrong = np.zeros(len(columns), dtype=bool)
    for name, texts in columns.attrs.get("unreadable", {}).items():
        if name in spec.columns:
            wrong[list(texts)] = True
            rows = [(columns[spec.id_column].iloc[at], text) for at, text in texts.items()]
            problems += problems_of_rows("bad_value", place, rows, column=name)
    return problems, wrong


def _crs_problems(crs: str | None, manifest: Manifest, place: str) -> list[Problem]:
    known = None if crs is None else pyproj.CRS.from_user_input(crs)
    # GeoPackage has entries that say "none"; GDAL gives them as systems of these names.
    if known is None or known.name.startswith("Undefined"):
        return [problem("no_crs", place, found="no CRS / 无坐标系")]
    if known != pyproj.CRS.from_user_input(manifest.crs):
        return [problem("crs_differs", place, found=f"{crs} ({FILE}: {manifest.crs})")]
    return []


def _with_geometry(
    columns: pd.DataFrame, wkb: np.ndarray, spec: LayerSpec, crs: str
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    place = f"{LAYERS_FILE}:{spec.key}"
    shapes, unreadable = geometries(wkb)
    empty = ~unreadable & (shapely.is_missing(shapes) | shapely.is_empty(shapes))
    whole = ~(unreadable | empty)
    wrong = whole & ~np.isin(shapely.get_type_id(shapes), [_TYPE_IDS[s] for s in SHAPES[spec.shape]])
    invalid = whole & ~wrong & ~shapely.is_valid(shapes)
    ids = columns[spec.id_column].to_numpy(dtype=object)
    problems = problems_of_rows("unreadable_geometry", place, [(i, "?") for i in ids[unreadable]])
    if spec.key == "issues":  # a reported issue without a place is real: kept, counted, not mapped
        bad = unreadable | wrong | invalid
    else:
        bad = unreadable | wrong | invalid | empty
        problems += problems_of_rows("no_geometry", place, [(i, "null") for i in ids[empty]])
    kinds = [(i, g.geom_type) for i, g in zip(ids[wrong], shapes[wrong], strict=True)]
    problems += problems_of_rows("wrong_shape", place, kinds)
    reasons = shapely.is_valid_reason(shapes[invalid])
    problems += problems_of_rows("invalid_geometry", place, list(zip(ids[invalid], reasons, strict=True)))
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, index=columns.index), crs=crs)
    return frame[~bad], problems


_TYPE_IDS = {"Point": 0, "LineString": 1, "Polygon": 3, "MultiLineString": 5, "MultiPolygon": 6}


def _with_ids(table: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    ids = table[spec.id_column].astype("str")
    missing = table[spec.id_column].isna() | (ids == "")
    problems = [
        problem("missing_id", place, row=f"{count:,}", column=spec.id_column, found="null")
        for count in [int(missing.sum())]
        if count
    ]
    repeated = ids.duplicated(keep="first") & ~missing
    rows = list(zip(ids[repeated], ids[repeated], strict=True))
    problems += problems_of_rows("duplicate_id", place, rows, column=spec.id_column)
    kept = table[~(missing | repeated)].assign(**{spec.id_column: ids})
    return kept.set_index(spec.id_column).sort_index(), problems


def typed(table: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a table the declared types; rows with values that are not allowed are left out and listed."""
    schema = spec.schema.to_schema()
    lacking = [n for n, col in spec.columns.items() if col["required"] and n not in table.columns]
    problems = [problem("missing_column", place, column=n, found=", ".join(map(str, table.columns))) for n in lacking]
    schema = schema.remove_columns(lacking)
    while True:  # limits of a column can be tested only without the rows that are not of its type
        try:
            return schema.validate(table, lazy=True), problems
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases
        problems = list(dict.fromkeys([*problems, *_value_problems(cases, place)]))
        bad = table.index.isin(cases["index"].dropna())
        if not bad.any():  # a whole column cannot be read as its type: nothing to set aside row by row
            return table, problems
        table = table[~bad]


def _value_problems(cases: pd.DataFrame, place: str) -> list[Problem]:
    problems: list[Problem] = []
    for column, rows in cases.groupby("column", dropna=False, sort=True):
        placed = rows[rows["index"].notna()].drop_duplicates("index")
        # A cell of the wrong type also fails the checks of the whole column: the cell says it better.
        shown = rows.head(1) if placed.empty else placed
        cells = zip(shown["index"], shown["failure_case"], shown["check"], strict=True)
        found = [(i, f"{value} ({check})") for i, value, check in cells]
        if placed.empty:
            problems.append(problem("bad_value", place, column=str(column), found=found[0][1], severity="error"))
        else:
            problems += problems_of_rows("bad_value", place, found, column=str(column))
    return problems


def require_metric_manifest(manifest: Manifest) -> list[Problem]:
    """List the fault of a manifest whose CRS is not in metres."""
    try:
        require_metric(manifest.crs)
    except CrsError as error:
        return [problem("crs_not_metric", FILE, column="crs", found=f"{manifest.crs} ({error.message.en})")]
    return []
