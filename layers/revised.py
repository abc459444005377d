"""A workspace as it would be with other layers, in memory: checked, located and measured anew; nothing is stored."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError, Problem
from layers.catalog import CATALOG, GRIDS, LayerSpec
from layers.intake.merging import MEASURED
from layers.places import levels_of, located_specs, places_of
from layers.problems import problem
from layers.reading import typed
from layers.shapes import EMPTY, SHAPES, WANTED, reason_found, shape_found
from layers.standards import policy
from layers.workspace import Workspace, with_measures


def revised(ws: Workspace, tables: Mapping[str, pd.DataFrame], *, mark: str) -> Workspace:
    """Give a workspace with other layers, as if it had been opened with them.

    Only what changed is checked, located and measured anew; with other grids everything is located anew.

    Args:
        ws: the workspace as it is.
        tables: by layer key, every layer that changes, whole, by id.
        mark: what parts this state from others of the same workspace, for its digest.

    Raises:
        DataError: rows that the layers do not allow; lists all of them.
    """
    sound, problems = {}, []
    for key in sorted(tables):
        sound[key], faults = _checked(tables[key], CATALOG[key])
        problems += faults
    if problems:
        raise DataError(problems)
    whole = {**{key: ws.tables[key] for key in ws.tables}, **sound}
    levels, rules = levels_of(whole[GRIDS.key], ws.manifest) if GRIDS.key in whole else (), policy(ws.folder)
    moved = [spec for spec in located_specs(whole) if GRIDS.key in sound or spec.key in sound]
    places = {key: ws.places[key] for key in ws.places}
    places |= {spec.key: places_of(whole[spec.key], spec, levels, rules) for spec in moved}
    again = {spec.key for spec in moved} | set(sound)
    whole |= {key: with_measures(_bare(whole[key]), places.get(key), levels) for key in again}
    digest = hashlib.sha256(f"{ws.digest}\n{mark}".encode()).hexdigest()
    ordered = {key: whole[key] for key in sorted(whole)}
    return replace(ws, tables=MappingProxyType(ordered), places=MappingProxyType(places), digest=digest)


def _bare(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=list(MEASURED), errors="ignore")


def _checked(table: pd.DataFrame, spec: LayerSpec) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a table its declared types, and list the rows that it may not hold."""
    bare = _bare(table).sort_index()
    found, problems = typed(bare, spec, spec.key)
    if spec.shape != "none" and isinstance(bare, gpd.GeoDataFrame):
        problems = [*problems, *_shape_problems(bare, spec)]
    return found, problems


def _shape_problems(table: gpd.GeoDataFrame, spec: LayerSpec) -> list[Problem]:
    """List shapes that are none, of another kind than the layer's, or invalid."""
    shapes = table.geometry.to_numpy()
    kind = shapely.get_type_id(shapes)
    empty = (kind < 0) | shapely.is_empty(shapes)
    wrong = ~empty & ~np.isin(kind, SHAPES[spec.shape])
    invalid = ~empty & ~wrong & ~shapely.is_valid(shapes)
    said = {
        "no_geometry": [(at, EMPTY) for at in np.flatnonzero(empty)],
        "wrong_shape": [(at, shape_found(shapes[at])) for at in np.flatnonzero(wrong)],
        "invalid_geometry": [(at, reason_found(shapely.is_valid_reason(shapes[at]))) for at in np.flatnonzero(invalid)],
    }
    faults = [
        problem(code, spec.key, row=table.index[at], found=words) for code, rows in said.items() for at, words in rows
    ]
    return [one._replace(expected=WANTED[spec.shape]) if one.code == "wrong_shape" else one for one in faults]
