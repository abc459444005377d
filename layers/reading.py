"""From the file of a workspace to typed tables, with every fault noted and none fatal by itself."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
import pyproj
import shapely

from geo.errors import DataError, Problem
from geo.files import geometries, layer_names, read_layer
from geo.findings import names_found, value_found
from geo.text import Text, counted
from layers.catalog import CATALOG, GRIDS, ISSUES, LayerSpec
from layers.conformity import as_declared, rising
from layers.limits import fraction_problems, refused, value_problems
from layers.manifest import FILE, Manifest, metric_problems
from layers.problems import problem, problems_of_rows
from layers.shapes import EMPTY, SHAPES, UNREADABLE, WANTED, reason_found, shape_found

LAYERS_FILE = "layers.gpkg"


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
            problems.append(problem("unknown_layer", f"{LAYERS_FILE}:{name}", found=value_found(name)))
            continue
        table, faults = _read_table(path, spec, manifest)
        problems += faults
        if table is not None:
            tables[name] = table
    return dict(sorted(tables.items())), problems


def read_state(path: Path, spec: LayerSpec, manifest: Manifest) -> pd.DataFrame | None:
    """Read one layer of a file of a workspace's own, such as the layers kept from before an intake.

    Args:
        path: a GeoPackage that Guatu wrote.
        spec: the layer.
        manifest: of the workspace.

    Returns:
        The layer, rows with faults left out; None where the file has no such layer.

    Raises:
        DataError: the file or the layer as a whole cannot be used; lists why.
    """
    if spec.key not in layer_names(path):
        return None
    table, problems = _read_table(path, spec, manifest)
    if table is None:
        raise DataError(problems)
    return table


def _read_table(path: Path, spec: LayerSpec, manifest: Manifest) -> tuple[pd.DataFrame | None, list[Problem]]:
    place = f"{LAYERS_FILE}:{spec.key}"
    try:
        columns, wkb, crs = read_layer(path, spec.key)
    except DataError as error:
        return None, list(error.problems)
    if spec.id_column not in columns:
        return None, [problem("missing_column", place, column=spec.id_column, found=names_found(columns.columns))]
    problems, wrong = _time_problems(columns, spec, place)
    if wrong.any():
        columns, wkb = columns[~wrong], wkb[~wrong]
    table: pd.DataFrame = columns
    if spec.shape != "none":
        faults = _crs_problems(crs, manifest, place)
        if faults:
            return None, [*problems, *faults]
        table, faults = _with_geometry(columns, wkb, spec, manifest.crs)
        problems += faults
    table, faults = _with_ids(table, spec, place)
    problems += faults
    table, faults = typed(table, spec, place)
    problems += faults
    whole = any(p.severity == "error" for p in problems)
    if spec == GRIDS:  # without one of its grids a workspace would count its things as outside
        problems = [p._replace(severity="error") if p.severity == "row" else p for p in problems]
    # A table with a fault of its own as a whole, such as a lacking column, cannot be checked any further.
    return (None if whole else table), problems


def _time_problems(columns: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[list[Problem], np.ndarray]:
    """List the texts that stand in a declared time column and are none, and mark their rows."""
    problems: list[Problem] = []
    wrong = np.zeros(len(columns), dtype=bool)
    for name, texts in columns.attrs.get("unreadable", {}).items():
        if name in spec.columns:
            wrong[list(texts)] = True
            rows = [(columns[spec.id_column].iloc[at], value_found(text)) for at, text in texts.items()]
            problems += refused(rows, spec.schema.to_schema().columns[name], place)
    return problems, wrong


def _crs_problems(crs: str | None, manifest: Manifest, place: str) -> list[Problem]:
    known = None if crs is None else pyproj.CRS.from_user_input(crs)
    # GeoPackage has entries that say "none"; GDAL gives them as systems of these names.
    if known is None or known.name.startswith("Undefined"):
        return [problem("no_crs", place, found=Text("没有坐标系", "no coordinate system"))]
    if known != pyproj.CRS.from_user_input(manifest.crs):
        found = Text("{ours}，而 {file} 为 {theirs}", "{ours}, while {file} says {theirs}")
        ours = known.name if known.to_authority() is None else crs
        return [problem("crs_differs", place, found=found.format(ours=ours, file=FILE, theirs=manifest.crs))]
    return []


def _with_geometry(
    columns: pd.DataFrame, wkb: np.ndarray, spec: LayerSpec, crs: str
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    place = f"{LAYERS_FILE}:{spec.key}"
    shapes, unreadable = geometries(wkb)
    kind = shapely.get_type_id(shapes)
    empty = ~unreadable & ((kind < 0) | shapely.is_empty(shapes))
    shapes[empty] = None  # an outline or point without coordinates is no place, and cannot be asked for one
    whole = ~(unreadable | empty)
    wrong = whole & ~np.isin(kind, SHAPES[spec.shape])
    outlined = whole & ~wrong & (kind != shapely.GeometryType.POINT)
    invalid = np.zeros(len(shapes), dtype=bool)
    invalid[outlined] = ~shapely.is_valid(shapes[outlined])  # a point cannot be invalid
    frame = gpd.GeoDataFrame(columns, geometry=gpd.array.from_shapely(shapes, crs=crs))
    placeless = (
        np.zeros(len(shapes), dtype=bool) if spec == ISSUES else empty
    )  # a reported issue without a place is real
    bad = unreadable | wrong | invalid | placeless
    if not bad.any():
        return frame, []
    ids = columns[spec.id_column].to_numpy(dtype=object)
    problems = problems_of_rows("unreadable_geometry", place, [(i, UNREADABLE) for i in ids[unreadable]])
    problems += problems_of_rows("no_geometry", place, [(i, EMPTY) for i in ids[placeless]])
    kinds = [(i, shape_found(g)) for i, g in zip(ids[wrong], shapes[wrong], strict=True)]
    told = problems_of_rows("wrong_shape", place, kinds)
    problems += [p._replace(expected=WANTED[spec.shape]) for p in told]
    reasons = [reason_found(words) for words in shapely.is_valid_reason(shapes[invalid])]
    problems += problems_of_rows("invalid_geometry", place, list(zip(ids[invalid], reasons, strict=True)))
    return _without(frame, bad), problems


def _with_ids(table: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    ids = table[spec.id_column].astype("str")
    if rising(ids) and not (ids[:1] == "").any():
        return table.assign(**{spec.id_column: ids}).set_index(spec.id_column), []
    missing = table[spec.id_column].isna() | (ids == "")
    without = int(missing.sum())
    nameless = Text(f"{without:,} 行没有编号", f"{counted(without, 'row', 'rows')} without an id")
    problems = [problem("missing_id", place, column=spec.id_column, found=nameless)] if without else []
    repeated = ids.duplicated(keep="first") & ~missing
    times = ids[ids.isin(ids[repeated])].value_counts(sort=False)
    alike = [(i, Text(f"{n:,} 行同为此编号", f"{n:,} rows with this id")) for i, n in times.items()]
    problems += problems_of_rows("duplicate_id", place, alike, column=spec.id_column)
    kept = _without(table.assign(**{spec.id_column: ids}), (missing | repeated).to_numpy()).set_index(spec.id_column)
    return kept if kept.index.is_monotonic_increasing else kept.sort_index(), problems


def _without(table: Any, bad: np.ndarray) -> Any:  # noqa: ANN401 (a table with or without geometry)
    """Leave rows out; where there are none the table is not copied."""
    return table[~bad] if bad.any() else table


def typed(table: pd.DataFrame, spec: LayerSpec, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a table the declared types; rows with values that are not allowed are left out and listed."""
    schema = spec.schema.to_schema()
    sound = as_declared(table, schema)
    if sound is not None:
        return sound, []
    lacking = [n for n, col in spec.columns.items() if col["required"] and n not in table.columns]
    problems = [problem("missing_column", place, column=n, found=names_found(table.columns)) for n in lacking]
    if lacking:
        schema = schema.remove_columns(lacking)
    broken, faults = fraction_problems(table, schema, place)
    problems += faults
    whole = table = table[~broken] if broken.any() else table
    while True:  # limits of a column can be tested only without the rows that are not of its type
        try:
            return schema.validate(table, lazy=True), problems
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases
        problems = list(dict.fromkeys([*problems, *value_problems(cases, whole, schema, place)]))
        bad = table.index.isin(cases["index"].dropna())
        if not bad.any():  # a whole column cannot be read as its type: nothing to set aside row by row
            return table, problems
        table = table[~bad]


def require_metric_manifest(manifest: Manifest) -> list[Problem]:
    """List the fault of a manifest whose CRS is not in metres."""
    return metric_problems(manifest.crs)
